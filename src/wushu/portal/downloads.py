"""The files of a dataset's page."""

from __future__ import annotations

from dataclasses import dataclass

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


def downloads(slug: str, version: VersionView, *, newest: bool) -> tuple[Download, ...]:
    """CSV first; the stored Parquet file with its size and digest."""
    query = "" if newest else f"?version={version.number}"

    def address(suffix: str) -> str:
        return f"/data/{slug}.{suffix}{query}"

    return (
        Download("CSV", _("spreadsheets, any program"), address("csv")),
        Download("JSON", _("web programs"), address("json")),
        Download("NDJSON", _("programs that read line by line"), address("ndjson")),
        Download(
            "Parquet",
            _("analysis; types kept, smallest"),
            address("parquet"),
            version.parquet_bytes,
            version.parquet_sha256,
        ),
    )
