"""The files of a dataset's page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import FieldSpec, FileFacts, VersionView

_FIRST = ("CSV", "XLSX", "JSON", "NDJSON", "XML", "PARQUET", "ARROW", "RDF_TURTLE", "GEOJSON")
"""What most people want comes first."""


@dataclass(frozen=True, slots=True)
class Download:
    """One form in which the whole table can be had."""

    name: str
    use: str
    address: str
    size: int | None = None
    """Bytes; None: not known before it is made."""
    sha256: str = ""


def downloads(
    slug: str, version: VersionView, fields: Sequence[FieldSpec], *, newest: bool, whole: bool
) -> tuple[Download, ...]:
    """CSV first; each with size and digest as far as they are known.

    ``whole``: the reader gets all rows and columns. Who gets a part gets another file, made when
    asked, to which neither figure belongs.
    """
    files = catalog.files_of([version])[version.id] if whole else ()
    uses = _uses()
    forms = sorted(catalog.forms(fields, version.rows_loaded), key=lambda one: _place(one.code))
    found = []
    for form in forms:
        # Without a byte order mark spreadsheets take UTF-8 for the system's own encoding.
        variant = "bom=on" if form.code == "CSV" else ""
        parts = [urlencode({"version": version.number})] * (not newest) + [variant] * bool(variant)
        facts = _facts(files, form.suffix, variant)
        found.append(
            Download(
                form.label,
                uses.get(form.code, ""),
                f"/data/{slug}.{form.suffix}{'?' * bool(parts)}{'&'.join(parts)}",
                facts.size if facts is not None else None,
                facts.sha256 if facts is not None else "",
            )
        )
    return tuple(found)


def _place(code: str) -> int:
    return _FIRST.index(code) if code in _FIRST else len(_FIRST)


def _facts(files: Collection[FileFacts], suffix: str, variant: str) -> FileFacts | None:
    return next((one for one in files if (one.suffix, one.variant) == (suffix, variant)), None)


def _uses() -> dict[str, str]:
    """What each form is good for."""
    return {
        "CSV": _("spreadsheets, any program"),
        "XLSX": _("Excel and WPS, codes kept as text"),
        "JSON": _("web programs"),
        "NDJSON": _("programs that read line by line"),
        "XML": _("exchange between systems"),
        "PARQUET": _("analysis; types kept, smallest"),
        "ARROW": _("analysis in memory, read without parsing"),
        "RDF_TURTLE": _("linked data"),
        "GEOJSON": _("maps"),
    }
