"""Formats of whole tables and pages, by name: one writer each, all with the same face.

A writer is pure: the same ``Table`` always gives the same bytes, whatever the hour and the host, so
that sizes and digests can be told before anybody asks. ``runs(table, first)`` gives the pieces from row
``first`` on. Parquet, which goes out as the stored file, is not among ``WRITERS``. Names, media types and
EU codes of all stand in ``catalog.every_form``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from wushu.dataplane.query.formats import arrow, csv, geojson, json, turtle, xlsx, xml
from wushu.dataplane.query.formats.table import Run, Table, of_version
from wushu.dataplane.query.types import Format

__all__ = ["WRITERS", "Run", "Table", "Writer", "of_version"]


class Runs(Protocol):
    """The pieces of an export, from row ``first`` on."""

    def __call__(self, table: Table, first: int = 0) -> Iterator[Run]: ...


class Require(Protocol):
    """Refuses what the format cannot hold."""

    def __call__(self, table: Table) -> None: ...


@dataclass(frozen=True, slots=True)
class Writer:
    """One format."""

    content_type: bytes
    runs: Runs
    require: Require | None = None
    """Looks at every row before the first byte goes out; slow."""


WRITERS = {
    Format.CSV: Writer(b"text/csv; charset=utf-8; header=present", csv.runs),
    Format.JSON: Writer(b"application/json", json.runs),
    Format.NDJSON: Writer(b"application/x-ndjson", json.lines),
    Format.XML: Writer(b"application/xml", xml.runs),
    Format.XLSX: Writer(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx.runs,
        require=xlsx.require,
    ),
    Format.ARROW: Writer(b"application/vnd.apache.arrow.stream", arrow.runs),
    Format.TURTLE: Writer(b"text/turtle; charset=utf-8", turtle.runs),
    Format.GEOJSON: Writer(b"application/geo+json", geojson.runs),
}
