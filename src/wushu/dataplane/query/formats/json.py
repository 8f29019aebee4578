"""JSON: one list of objects; and NDJSON: one object a line. Which version it is of stands in the headers."""

from __future__ import annotations

from collections.abc import Iterator

from wushu.dataplane.query.formats.table import RUN_ROWS, Run, Table
from wushu.dataplane.quoting import literal


def runs(table: Table, first: int = 0) -> Iterator[Run]:
    """The list; from a later row on without what stands before the rows."""
    begun = first > 0
    for run in _rows(table, before=",\n", after="", first=first):
        yield run if begun else Run(run.rows, b"[" + run.data[1:])
        begun = True
    yield Run(0, b"\n]\n" if begun else b"[]\n")


def lines(table: Table, first: int = 0) -> Iterator[Run]:
    """NDJSON."""
    return _rows(table, before="", after="\n", first=first)


def _rows(table: Table, *, before: str, after: str, first: int) -> Iterator[Run]:
    """Rows as JSON texts: from the serving file where it holds just these, else by a scan."""
    reader = table.reader()
    if reader is None:
        yield from table.lines(f"{literal(before)} || {table.json_row} || {literal(after)}", first)
        return
    head, between, last = before.encode(), (after + before).encode(), after.encode()
    for texts in reader.runs(RUN_ROWS, first):
        yield Run(len(texts), head + between.join(texts) + last)
