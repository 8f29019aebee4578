"""Which rows make a page: by the indexes of the serving file, or by a scan of the Parquet file.

Both give the same rows in the same order; an index answers in microseconds. A page ends at a *position*
(the row's place in its immutable version), which is all a cursor has to carry.
"""
# ruff: noqa: S608  (put together from places and clauses; values are parameters)

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import duckdb
import orjson
from django.conf import settings

from wushu.dataplane.query import conditions, engine, sql
from wushu.dataplane.query.reader import Index, Reader
from wushu.dataplane.query.types import Condition, Op, RowsPage, RowsQuery, SortKey
from wushu.dataplane.query.versions import Version

FEW = 20_000
"""Index entries that are looked at one by one; where there are more, a scan is asked."""

_SPAN_OPS = (Op.EQ, Op.IN, Op.LT, Op.LE, Op.GT, Op.GE, Op.PREFIX)
Span = tuple[int, int]
"""Entries of an index: first, one past the last."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Spans of one index that fulfil all conditions on its column."""

    index: Index
    place: int
    spans: tuple[Span, ...]
    row_order: bool
    """Within each span the entries follow the order of the rows: all have one key."""

    @property
    def size(self) -> int:
        return sum(past - first for first, past in self.spans)


def point(version: Version, query: RowsQuery, after: int | None) -> RowsPage | None:
    """The page by indexes, or None where only a scan can tell. Never waits for a disk scan."""
    reader = version.reader
    if reader is None or query.text or len(query.order) > 1:
        return None
    found = _by_index(reader, version, query.conditions)
    if found is None:
        return None
    if query.order:
        return _in_index_order(reader, version, query, found, after)
    return _in_row_order(reader, query, found, after)


def scan(
    db: duckdb.DuckDBPyConnection,
    version: Version,
    query: RowsQuery,
    after: int | None,
    *,
    count: bool,
) -> RowsPage:
    """The page by a scan. ``duckdb.InterruptException`` when stopped from outside.

    ``count`` asks for the total, up to ``settings.COUNT_MAX``.
    """
    source = version.source
    matching = _matching(version, query)
    clauses = [matching]
    if after is not None:
        clauses.append(_after(db, version, query.order, source, after))
    page = sql.Clause.all_of(clauses)
    rows = db.execute(
        f"SELECT {engine.POSITION} FROM {source} WHERE {page.sql} "
        f"ORDER BY {sql.order_by(query.order, version.columns)} "
        f"LIMIT {query.limit + 1} OFFSET {query.offset}",
        list(page.params),
    ).fetchall()
    positions = [row[0] for row in rows]
    cut = positions[: query.limit]
    texts = texts_at(db, version, cut)
    more = len(positions) > query.limit
    if not count:
        return RowsPage(texts, cut, more, total=None)
    counted = _count(db, source, matching)
    most = settings.COUNT_MAX
    return RowsPage(texts, cut, more, min(counted, most), exact=counted <= most)


def texts_at(
    db: duckdb.DuckDBPyConnection, version: Version, positions: Sequence[int]
) -> list[bytes | memoryview]:
    """The rows' JSON texts; from the Parquet file while there is no serving file."""
    reader = version.reader
    if reader is not None:
        return list(reader.texts(positions))
    if not positions:
        return []
    wanted = ", ".join(str(position) for position in positions)
    rows = db.execute(
        f"SELECT {engine.POSITION}, {engine.json_row_of(version.fields)} "
        f"FROM {version.source} "
        f"WHERE {engine.POSITION} IN ({wanted})"
    ).fetchall()
    by_position = {position: text.encode() for position, text in rows}
    return [by_position[position] for position in positions]


def with_filter(query: RowsQuery, row_filter: tuple[Condition, ...]) -> RowsQuery:
    """The query within the rows a grant allows."""
    return replace(query, conditions=row_filter + query.conditions) if row_filter else query


def project(rows: Iterable[bytes | memoryview], names: Sequence[str]) -> list[bytes]:
    """The rows with the given columns only, in that order."""
    projected = []
    for row in rows:
        values = orjson.loads(row)
        projected.append(orjson.dumps({name: values[name] for name in names}))
    return projected


def _by_index(reader: Reader, version: Version, asked: Sequence[Condition]) -> list[_Found] | None:
    """One entry per column asked about, or None when some condition has no index."""
    by_column: dict[str, list[Condition]] = {}
    for one in asked:
        by_column.setdefault(one.column, []).append(one)
    found = []
    for name, of_column in by_column.items():
        index = reader.indexes.get(version.columns[name].place)
        if index is None or any(one.op not in _SPAN_OPS for one in of_column):
            return None
        found.append(_spans(index, version, name, of_column))
    return found


def _spans(index: Index, version: Version, name: str, asked: Sequence[Condition]) -> _Found:
    column = version.columns[name]
    each = [_spans_of(index, one, conditions.typed_values(one, column.type)) for one in asked]
    spans = reduce(_intersect, each)
    row_order = any(one.op in (Op.EQ, Op.IN) for one in asked)
    return _Found(index, column.place, spans, row_order)


def _spans_of(
    index: Index, asked: Condition, values: Sequence[conditions.Value]
) -> tuple[Span, ...]:
    if asked.op is Op.PREFIX:
        return (index.prefix(asked.values[0]),)
    keys = [index.key(value) for value in values]
    match asked.op:
        case Op.LT:
            return ((0, index.left(keys[0])),)
        case Op.LE:
            return ((0, index.right(keys[0])),)
        case Op.GT:
            return ((index.right(keys[0]), index.size),)
        case Op.GE:
            return ((index.left(keys[0]), index.size),)
        case _:
            return tuple((index.left(key), index.right(key)) for key in sorted(set(keys)))


def _intersect(left: tuple[Span, ...], right: tuple[Span, ...]) -> tuple[Span, ...]:
    pairs = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return tuple((first, past) for first, past in pairs if first < past)


def _in_row_order(
    reader: Reader, query: RowsQuery, found: list[_Found], after: int | None
) -> RowsPage | None:
    if not found:
        first = (0 if after is None else after + 1) + query.offset
        return _page(
            reader, range(first, min(first + query.limit + 1, reader.rows)), query, reader.rows
        )
    if len(found) == 1 and len(found[0].spans) == 1 and found[0].row_order:
        return _one_key(reader, query, found[0], after)
    driver = min(found, key=lambda one: one.size)
    if driver.size > FEW:
        return None
    positions = _ordered_positions(driver)
    others = [_membership(one) for one in found if one is not driver]
    if None in others:
        return None
    matching = [p for p in positions if all(holds(p) for holds in others if holds)]
    rest = matching if after is None else [p for p in matching if p > after]
    return _page(reader, rest[query.offset : query.offset + query.limit + 1], query, len(matching))


def _one_key(reader: Reader, query: RowsQuery, found: _Found, after: int | None) -> RowsPage:
    """All rows with one value: the usual page by a code."""
    first, past = found.spans[0]
    begin = first if after is None else found.index.first_after(first, past, after)
    begin = min(begin + query.offset, past)
    positions = found.index.positions(begin, min(begin + query.limit + 1, past))
    return _page(reader, positions, query, past - first)


def _in_index_order(
    reader: Reader, version: Version, query: RowsQuery, found: list[_Found], after: int | None
) -> RowsPage | None:
    """Rows in the order of one indexed column, which alone is asked about."""
    key = query.order[0]
    place = version.columns[key.column].place
    index = reader.indexes.get(place)
    if index is None or len(found) > 1:
        return None
    if found:
        if found[0].place != place or len(found[0].spans) > 1:
            return None
        first, past = found[0].spans[0] if found[0].spans else (0, 0)
    elif index.size == reader.rows:  # an index leaves out empty values, the order must not
        first, past = 0, index.size
    else:
        return None
    total = past - first
    if after is not None:
        entry = _entry_of(reader, index, key, after)
        first, past = (first, entry) if key.descending else (entry + 1, past)
    if key.descending:
        past = max(first, past - query.offset)
        positions = index.positions(max(first, past - query.limit - 1), past)[::-1]
    else:
        first = min(first + query.offset, past)
        positions = index.positions(first, min(first + query.limit + 1, past))
    return _page(reader, positions, query, total)


def _entry_of(reader: Reader, index: Index, key: SortKey, position: int) -> int:
    """The index entry of the row at the position."""
    stored = json.loads(bytes(reader.texts([position])[0]))[key.column]
    return index.entry(index.key(conditions.value(str(stored), index.type)), position)


def _ordered_positions(found: _Found) -> list[int]:
    runs = [found.index.positions(first, past) for first, past in found.spans]
    return list(heapq.merge(*runs)) if found.row_order else sorted(p for run in runs for p in run)


def _membership(found: _Found) -> Callable[[int], bool] | None:
    """Whether a row is among the spans; None where that would take too many looks."""
    if not found.row_order:
        return set(_ordered_positions(found)).__contains__ if found.size <= FEW else None

    def holds(position: int) -> bool:
        for first, past in found.spans:
            entry = found.index.first_after(first, past, position - 1)
            if entry < past and found.index.position(entry) == position:
                return True
        return False

    return holds


def _page(reader: Reader, positions: Sequence[int], query: RowsQuery, total: int) -> RowsPage:
    """``positions`` holds one more than the page where there are more."""
    cut = list(positions[: query.limit])
    return RowsPage(list(reader.texts(cut)), cut, more=len(positions) > query.limit, total=total)


def _matching(version: Version, query: RowsQuery) -> sql.Clause:
    clauses = [sql.where(query.conditions, version.columns)]
    if query.text:
        chosen = [version.columns[name] for name in query.columns or version.names]
        clauses.append(sql.text_search(query.text, chosen))
    return sql.Clause.all_of(clauses)


def _after(
    db: duckdb.DuckDBPyConnection,
    version: Version,
    order: tuple[SortKey, ...],
    source: str,
    position: int,
) -> sql.Clause:
    """Rows beyond the one at the position, whose values are read again from the version."""
    values: Sequence[conditions.Value | None] = ()
    if order:
        cells = ", ".join(f"c{version.columns[key.column].place}" for key in order)
        values = db.execute(
            f"SELECT {cells} FROM {source} WHERE {engine.POSITION} = ?", [position]
        ).fetchall()[0]
    return sql.after(position, values, order, version.columns)


def _count(db: duckdb.DuckDBPyConnection, source: str, matching: sql.Clause) -> int:
    counted = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {matching.sql} LIMIT {settings.COUNT_MAX + 1})",
        list(matching.params),
    ).fetchall()
    return int(counted[0][0])
