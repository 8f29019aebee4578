"""What the loaded rows look like, column by column, and which columns could be a key.

Read from the load's staging table with columns ``v0``, ``v1`` … and ``_fault``, which is NULL in the
rows that were loaded. One pass for the plain figures of many columns, then small queries for bins and
top values.
"""
# ruff: noqa: S608  (queries are put together from places and quoted literals, see quoting)

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import duckdb

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest import engine
from wushu.dataplane.types import (
    ColumnProfile,
    HistogramBin,
    Profile,
    SemanticType,
    ValueCount,
)

COLUMNS_PER_PASS = 50
EXACT_ROWS = 100_000
"""Tables up to this size have their distinct values counted exactly."""
BINS = 20
TOP = 10
EXAMPLES = 5
_EXAMPLE_ROWS = 200
WIDTH = 200
"""Characters of a shown value."""
KEY_SHARE = 0.85
"""Estimated distinct share from which a column is checked for being a key; estimates err by 7 %."""
REPEATING_SHARE = 0.5
"""Columns with more distinct values than this share of the rows have no top values."""

_GOOD = "stage WHERE _fault IS NULL"  # the view would be planned anew for every small query
_NUMERIC = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.NUMBER)
_BINNED = (*_NUMERIC, FieldType.DATE, FieldType.DATETIME)


@dataclass(frozen=True, slots=True)
class _Figures:
    """The plain figures of one column."""

    filled: int
    distinct: int
    minimum: Any
    maximum: Any
    mean: float | None


def profile(
    connection: duckdb.DuckDBPyConnection,
    fields: Sequence[FieldSpec],
    semantics: Mapping[str, SemanticType],
) -> Profile:
    """The profile of the loaded rows of the table ``stage``."""
    rows = int(_query(connection, f"SELECT count(*) FROM {_GOOD}")[0][0])
    exact = rows <= EXACT_ROWS
    figures = _figures(connection, fields, exact=exact)
    keys = [
        place
        for place, figure in enumerate(figures)
        if figure.filled == rows and rows and _is_unique(connection, place, figure, rows, exact)
    ]
    examples = _examples(connection, fields)
    columns = tuple(
        _column(connection, place, field, figures[place], rows, exact, semantics, examples[place])
        for place, field in enumerate(fields)
    )
    return Profile(
        rows=rows,
        duplicate_rows=0 if keys else _duplicates(connection, len(fields), rows),
        key_candidates=tuple(fields[place].name for place in keys),
        columns=tuple(
            replace(column, distinct=rows, distinct_approximate=False) if place in keys else column
            for place, column in enumerate(columns)
        ),
    )


def _figures(
    connection: duckdb.DuckDBPyConnection, fields: Sequence[FieldSpec], *, exact: bool
) -> list[_Figures]:
    found = []
    for start in range(0, len(fields), COLUMNS_PER_PASS):
        places = range(start, min(start + COLUMNS_PER_PASS, len(fields)))
        asked = []
        for place in places:
            value = f"v{place}"
            distinct = f"count(DISTINCT {value})" if exact else f"approx_count_distinct({value})"
            mean = f"avg({value})::DOUBLE" if fields[place].type in _NUMERIC else "NULL"
            asked += [f"count({value})", distinct, f"min({value})", f"max({value})", mean]
        row = iter(_query(connection, f"SELECT {', '.join(asked)} FROM {_GOOD}")[0])
        found += [_Figures(*(next(row) for _ in range(5))) for _ in places]
    return found


def _is_unique(
    connection: duckdb.DuckDBPyConnection, place: int, figure: _Figures, rows: int, exact: bool
) -> bool:
    if exact:
        return figure.distinct == rows
    if figure.distinct < KEY_SHARE * rows:
        return False
    return bool(_query(connection, f"SELECT count(DISTINCT v{place}) FROM {_GOOD}")[0][0] == rows)


def _duplicates(connection: duckdb.DuckDBPyConnection, columns: int, rows: int) -> int:
    """Rows equal to an earlier one, by a 64-bit hash of all columns."""
    values = ", ".join(f"v{place}" for place in range(columns))
    different = _query(connection, f"SELECT count(DISTINCT hash({values})) FROM {_GOOD}")[0][0]
    return rows - int(different)


def _column(
    connection: duckdb.DuckDBPyConnection,
    place: int,
    field: FieldSpec,
    figure: _Figures,
    rows: int,
    exact: bool,
    semantics: Mapping[str, SemanticType],
    examples: tuple[str, ...],
) -> ColumnProfile:
    repeats = figure.distinct <= max(REPEATING_SHARE * rows, BINS)
    return ColumnProfile(
        name=field.name,
        type=field.type.value,
        semantic=semantics.get(field.name, SemanticType.NONE),
        filled=figure.filled,
        empty=rows - figure.filled,
        distinct=min(figure.distinct, figure.filled),
        distinct_approximate=not exact,
        minimum=_shown(figure.minimum),
        maximum=_shown(figure.maximum),
        mean=figure.mean,
        histogram=tuple(_histogram(connection, place, field, figure)),
        top=tuple(_top(connection, place)) if repeats and field.type not in _BINNED else (),
        examples=examples,
    )


def _histogram(
    connection: duckdb.DuckDBPyConnection, place: int, field: FieldSpec, figure: _Figures
) -> Iterator[HistogramBin]:
    """Equal widths between minimum and maximum; one bin when all values are equal."""
    if field.type not in _BINNED or not figure.filled:
        return
    value, low, high = _scaled(field, f"v{place}"), *(_number(v) for v in _ends(figure))
    if high <= low:
        yield HistogramBin(
            _shown(figure.minimum) or "", _shown(figure.maximum) or "", figure.filled
        )
        return
    width = (high - low) / BINS
    place_of = f"least(floor(({value} - {low!r}) / {width!r}), {BINS - 1})::INTEGER"
    counts = dict(
        _query(
            connection,
            f"SELECT {place_of}, count(*) FROM {_GOOD} AND v{place} IS NOT NULL GROUP BY 1",
        )
    )
    edges = [_edge(field, low + width * step) for step in range(BINS)] + [
        _shown(figure.maximum) or ""
    ]
    for step in range(BINS):
        yield HistogramBin(edges[step], edges[step + 1], int(counts.get(step, 0)))


def _ends(figure: _Figures) -> tuple[Any, Any]:
    return figure.minimum, figure.maximum


def _scaled(field: FieldSpec, value: str) -> str:
    """SQL: the value on a straight line; seconds of times, days of dates."""
    if field.type is FieldType.DATE:
        return f"({value} - DATE '1970-01-01')::DOUBLE"
    if field.type is FieldType.DATETIME:
        return f"epoch({value})"
    return f"{value}::DOUBLE"


def _number(value: Any) -> float:
    if isinstance(value, datetime):
        return (value - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001  (naive, as stored)
    if isinstance(value, date):
        return float((value - date(1970, 1, 1)).days)
    return float(value)


def _edge(field: FieldSpec, value: float) -> str:
    if field.type is FieldType.DATE:
        return date.fromordinal(date(1970, 1, 1).toordinal() + round(value)).isoformat()
    if field.type is FieldType.DATETIME:
        return datetime.fromordinal(719163 + int(value // 86400)).isoformat()[:10]
    return f"{value:.6g}"


def _top(connection: duckdb.DuckDBPyConnection, place: int) -> Iterator[ValueCount]:
    found = _query(
        connection,
        f"SELECT v{place}, count(*) FROM {_GOOD} AND v{place} IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {TOP}",
    )
    for value, count in found:
        yield ValueCount(_shown(value) or "", int(count))


def _examples(
    connection: duckdb.DuckDBPyConnection, fields: Sequence[FieldSpec]
) -> list[tuple[str, ...]]:
    """A few different values of each column, from the first rows."""
    values = ", ".join(
        f"left(v{place}, {WIDTH + 1})" if field.type is FieldType.TEXT else f"v{place}"
        for place, field in enumerate(fields)
    )
    rows = _query(connection, f"SELECT {values} FROM {_GOOD} LIMIT {_EXAMPLE_ROWS}")
    columns = zip(*rows, strict=True)
    shown = (dict.fromkeys(_shown(v) for v in column if v is not None) for column in columns)
    found = [tuple(text for text in texts if text)[:EXAMPLES] for texts in shown]
    return found or [()] * len(fields)


def _shown(value: Any) -> str | None:
    """The value's JSON text form, long texts cut."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = format(value, "f") if type(value).__name__ == "Decimal" else str(value)
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _query(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return engine.run(connection, sql)
