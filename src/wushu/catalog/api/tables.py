"""``/datasets/<slug>/datapackage.json`` and ``/data/<slug>.csv-metadata.json``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from wushu.catalog import selectors
from wushu.catalog.api.responses import answering, json_response, require_known
from wushu.catalog.tables import csvw as csvw_document
from wushu.catalog.tables import datapackage as datapackage_document
from wushu.catalog.tables.csvw import MEDIA_TYPE as CSVW
from wushu.catalog.tables.datapackage import MEDIA_TYPE as DATAPACKAGE


@answering
def datapackage(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest version of a dataset as a Frictionless Data Package."""
    require_known(request, ())
    described = selectors.described_table(slug)
    return json_response(datapackage_document(described), content_type=DATAPACKAGE)


@answering
def csvw(request: HttpRequest, slug: str) -> HttpResponse:
    """What the CSV file of a dataset holds, as CSV on the Web."""
    require_known(request, ())
    return json_response(csvw_document(selectors.described_table(slug)), content_type=CSVW)
