"""The files of a dataset's page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from wushu.catalog.types import VersionView


@dataclass(frozen=True, slots=True)
class Download:
    """One form in which the whole table can be had."""

    name: str
    use: str
    address: str
    size: int | None = None
    """Bytes; None: made when asked."""
    sha256: str = ""


def downloads(
    slug: str, version: VersionView, *, newest: bool, whole: bool
) -> tuple[Download, ...]:
    """CSV first; the stored Parquet file with its size and digest.

    ``whole``: the reader gets all rows and columns. Who gets a part gets another file, made when
    asked, to which neither figure belongs.
    """
    numbered = {} if newest else {"version": str(version.number)}

    def address(suffix: str, **more: str) -> str:
        query = urlencode({**numbered, **more})
        return f"/data/{slug}.{suffix}{'?' if query else ''}{query}"

    return (
        # Without a byte order mark spreadsheets take UTF-8 for the system's own encoding.
        Download("CSV", _("spreadsheets, any program"), address("csv", bom="on")),
        Download("JSON", _("web programs"), address("json")),
        Download("NDJSON", _("programs that read line by line"), address("ndjson")),
        Download(
            "Parquet",
            _("analysis; types kept, smallest"),
            address("parquet"),
            version.parquet_bytes if whole else None,
            version.parquet_sha256 if whole else "",
        ),
    )
