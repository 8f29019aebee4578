"""Finds the rows of a file in a version of a table, in the file's order, and pairs them.

The file may have lost columns and rows, been decoded and written anew, sorted, or joined with others. Values
are compared by what they are in the table's types, so that ``1.0`` is 1; rows that look the same in the
columns that are left, and rows that are in the file twice, say nothing of an order and are left out.

Nothing here depends on anybody's key: what is chosen here cannot make a wrong accusation likelier.
"""
# ruff: noqa: S608  (put together from places and quoted literals)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from wushu.catalog.types import FieldType
from wushu.dataplane.ingest import decode, dialect, source, table
from wushu.dataplane.ingest import engine as ingest_engine
from wushu.dataplane.query import engine
from wushu.dataplane.query.ordering import BLOCK_ROWS
from wushu.dataplane.query.sql import Column
from wushu.dataplane.query.versions import Version
from wushu.dataplane.types import Newline
from wushu.dataplane.watermarks.refusals import WATERMARK_COLUMNS_UNKNOWN
from wushu.dataplane.watermarks.types import Pairing
from wushu.kernel.formulas import STARTS

MOST_ROWS = 200_000
"""Rows whose order is looked at; of a larger file some blocks are, chosen by their number. Far more than a
name needs, few enough to try a thousand recipients in a minute or two."""
ENOUGH = 0.5
"""Share of the file's rows that must be found by all columns before fewer are tried."""
_SEPARATOR = "chr(31)"


@dataclass(frozen=True, slots=True)
class Leak:
    """A file's rows as a table ``leak`` of the engine, with the version's columns that it has."""

    db: duckdb.DuckDBPyConnection
    rows: int
    places: tuple[tuple[int, Column], ...]
    """Place in the file and column of the version."""


@dataclass(frozen=True, slots=True)
class Met:
    """Rows of the version that were found, as a table ``met`` of the engine."""

    rows: int
    columns: tuple[str, ...]


@contextmanager
def opened(file: Path, name: str, work: Path, version: Version, encoding: str) -> Iterator[Leak]:
    """The file, which is in ``work``. Refusals: ``watermark-columns-unknown``, those of ``decode.detect``."""
    text = source.text_of(file, decode.detect(file, name, encoding), work, name)
    sniffed = dialect.sniff(text.beginning(), source.newline(text))
    if not sniffed.dialect.header:  # a head of known names is one, whatever it looks like
        told = replace(sniffed.dialect, header=True)
        sniffed = dialect.sniff(text.beginning(), sniffed.dialect.newline, told)
    places = _places(sniffed.header, version)
    if not places:
        raise WATERMARK_COLUMNS_UNKNOWN(name=name, columns=", ".join(version.names))
    with ingest_engine.connect(work / "spill", columns=sniffed.columns) as db:
        rows = _read(db, text, sniffed, work)
        yield Leak(db, rows, places)


def _places(header: Sequence[str], version: Version) -> tuple[tuple[int, Column], ...]:
    named = {name.strip().casefold(): column for name, column in version.columns.items()}
    found = [(place, named.get(cell.strip().casefold())) for place, cell in enumerate(header)]
    return tuple((place, column) for place, column in found if column is not None)


def _read(
    db: duckdb.DuckDBPyConnection, text: source.TextFile, sniffed: dialect.Sniffed, work: Path
) -> int:
    """Make the table ``leak`` with ``n``, the row's place in the file; its number of rows."""
    how = sniffed.dialect
    offset = source.offset_of_line(text, sniffed.data_line)
    simple = how.newline in (Newline.LF, Newline.CRLF)
    if simple and not source.scan(text, offset, how.newline, how.quote).breaks_in_quotes:
        read = table.in_place(text, how, sniffed.columns, sniffed.data_line)
    else:
        read = table.rewritten(text, how, sniffed.columns, work)
    db.execute(f"CREATE TABLE raw AS SELECT * FROM {read.relation}")
    db.execute(f"CREATE VIEW leak AS SELECT *, {read.row_sql} AS n FROM raw")
    return int(db.execute("SELECT count(*) FROM raw").fetchall()[0][0])


def meet(leak: Leak, version: Version) -> Met:
    """Find the version's rows: by all columns, else by those that find most."""
    best = _met(leak, version, leak.places)
    if best.rows >= ENOUGH * leak.rows or len(leak.places) == 1:
        return best
    keys = {one.name for one in version.fields if one.key}
    fewer = [tuple(one for one in leak.places if one[1].name in keys)]
    fewer += [(one,) for one in leak.places]
    tried = [(_met(leak, version, places).rows, places) for places in fewer if places]
    rows, places = max(tried, key=lambda one: one[0])
    return _met(leak, version, places if rows > best.rows else leak.places)


def _met(leak: Leak, version: Version, places: Sequence[tuple[int, Column]]) -> Met:
    original = ", ".join(_value(f"c{column.place}", column) for _, column in places)
    copied = ", ".join(_value(f"c{place}", column) for place, column in places)
    leak.db.execute(
        "CREATE OR REPLACE TABLE met AS SELECT once.pos AS pos, min(copied.n) AS n FROM ("
        f"SELECT same, min({engine.POSITION}) AS pos FROM ("
        f"SELECT hash(concat_ws({_SEPARATOR}, {original})) AS same, {engine.POSITION} "
        f"FROM {version.source}) GROUP BY same HAVING count(*) = 1"
        f") AS once JOIN (SELECT hash(concat_ws({_SEPARATOR}, {copied})) AS same, n FROM leak) "
        "AS copied ON once.same = copied.same GROUP BY once.pos"
    )
    rows = int(leak.db.execute("SELECT count(*) FROM met").fetchall()[0][0])
    return Met(rows, tuple(column.name for _, column in places))


def _value(cell: str, column: Column) -> str:
    """A cell's text, the same for the same value however it was written."""
    if column.type is FieldType.TEXT:
        guards = "".join(f"\\x{{{ord(one):X}}}" for one in STARTS)
        plain = f"regexp_replace(trim({cell}), '^''([{guards}])', '\\1')"
        return f"coalesce(ltrim({plain}, '0'), '')"  # spreadsheets drop the zeros before a code
    return f"coalesce(try_cast(trim({cell}::VARCHAR) AS {_sql_type(column)})::VARCHAR, '')"


def _sql_type(column: Column) -> str:
    return {
        FieldType.INTEGER: "BIGINT",
        FieldType.DECIMAL: f"DECIMAL(38, {column.scale})",
        FieldType.NUMBER: "DOUBLE",
        FieldType.DATE: "DATE",
        FieldType.DATETIME: "TIMESTAMP",
        FieldType.BOOLEAN: "BOOLEAN",
    }[column.type]


def pairs(leak: Leak, met: Met, pairing: Pairing) -> Any:
    """Places of two rows each in the version, the one that is first in the file first; by block.

    An Arrow table of ``one`` and ``other``. Within a block the rows stand in the file's order, so that
    it does not matter how blocks were moved.
    """
    every = -(-met.rows // MOST_ROWS) or 1
    placed = (
        f"SELECT pos, pos // {BLOCK_ROWS} AS block, "
        "row_number() OVER (PARTITION BY block ORDER BY n) - 1 AS place, "
        "count(*) OVER (PARTITION BY block) AS rows "
        f"FROM met WHERE hash(pos // {BLOCK_ROWS}) % {every} = 0"
    )
    first, step = {
        Pairing.NEAR: ("a.place % 2 = 0", "1"),
        Pairing.FAR: ("a.place < a.rows // 2", "a.rows // 2"),
    }[pairing]
    return leak.db.sql(
        f"WITH placed AS MATERIALIZED ({placed}) SELECT a.pos AS one, b.pos AS other FROM placed AS a "
        f"JOIN placed AS b ON b.block = a.block AND b.place = a.place + {step} "
        f"WHERE {first} ORDER BY a.block, a.place"
    ).to_arrow_table()


def share_in_table_order(leak: Leak) -> float:
    """Share of neighbours in the file that stand as in the table; 0 where there are none."""
    found = leak.db.execute(
        "SELECT avg((pos > before)::INTEGER) FROM (SELECT pos, lag(pos) OVER (ORDER BY n) AS before "
        "FROM met) WHERE before IS NOT NULL"
    ).fetchall()
    return round(found[0][0] or 0.0, 4)
