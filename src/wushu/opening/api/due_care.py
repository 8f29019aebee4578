"""``/api/v1/datasets/<slug>/due-care``: who reviewed what of a dataset and when, for its officials."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import Said
from wushu.opening import selectors
from wushu.opening.api.answering import answering, response_of
from wushu.parties.types import Actor

_WHAT = Said("查看履职记录", "read the record of due care")


@answering("GET", "HEAD", what=_WHAT)
def due_care(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """The record with the proof of each act; by API key or session."""
    entry = catalog.entry_by_slug(slug, actor=actor)
    return response_of(selectors.due_care_document(selectors.due_care(entry.id, actor=actor)))
