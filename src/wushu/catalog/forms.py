"""The forms in which a version's data are delivered, and which of them its columns and length allow.

One list for everything that names them: pages, DCAT, CKAN, OAI-PMH, the API's links and the data plane
itself, so that none is named that does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from wushu.catalog import vocabulary
from wushu.catalog.rules.places import coordinates, geometry
from wushu.catalog.types import Attribute, FieldSpec, Form, RevisionView

SHEET_ROWS = 1_048_576
"""Rows of a sheet of an XLSX file, its head included (ECMA-376 leaves it to Excel, which says so)."""
SHEET_COLUMNS = 16_384

_UNLISTED = (
    Form("NDJSON", "NDJSON", "ndjson", "application/x-ndjson", listed=False),
    Form("ARROW", "Arrow", "arrow", "application/vnd.apache.arrow.stream", listed=False),
)
"""Forms the file types of the EU have no code for."""


def every_form() -> tuple[Form, ...]:
    """All there are, in an order that stays: the places of CKAN's resources follow from it."""
    listed = [
        Form(one.code, one.en, one.more["suffix"], one.more["media_type"], listed=True)
        for one in vocabulary.file_types()
    ]
    return (*listed, *_UNLISTED)


def forms_of(revision: RevisionView) -> tuple[Form, ...]:
    """Those in which the data a revision names can be had; none where it names or opens none."""
    version = revision.version
    if version is None or revision.metadata.attribute is Attribute.NONE:
        return ()
    return forms(revision.fields, version.rows_loaded)


def forms(fields: Sequence[FieldSpec], rows: int | None) -> tuple[Form, ...]:
    """Those in which a table can be had. ``rows``: how many it has; None where that is not known."""
    return tuple(one for one in every_form() if _fits(one, fields, rows))


def depends_on_table(code: str) -> bool:
    """Whether a table's columns and rows decide if it can be had in this form; the others always are."""
    return code in ("XLSX", "GEOJSON")


def _fits(form: Form, fields: Sequence[FieldSpec], rows: int | None) -> bool:
    match form.code:
        case "XLSX":
            return (rows is None or rows < SHEET_ROWS) and len(fields) <= SHEET_COLUMNS
        case "GEOJSON":
            return coordinates(fields) is not None or bool(geometry(fields))
        case _:
            return True
