"""Rows counted and summed by the values of one column or two: what a chart and a pivot table show."""
# ruff: noqa: S608  (put together from places and clauses; values are parameters)

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import duckdb

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.query import engine, sql
from wushu.dataplane.query.types import Condition
from wushu.dataplane.query.versions import Version
from wushu.dataplane.quoting import literal
from wushu.dataplane.types import Profile
from wushu.kernel.errors import kind

GROUPS_MOST = 50
"""Values of the first column that are shown; how many there are is said."""
ACROSS_MOST = 12
"""The same of the second."""

NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.NUMBER})
DATES = frozenset({FieldType.DATE, FieldType.DATETIME})

Figure = int | float | Decimal


class Measure(StrEnum):
    """What is computed of the rows of a group."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    LEAST = "least"
    MOST = "most"


class Step(StrEnum):
    """How far apart groups of dates are."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


MEASURE_NEEDS_NUMBERS = kind(
    "measure-needs-numbers",
    400,
    zh="求和、平均、最小和最大要有一个数值列；“{column}”不是。",
    en="Sum, mean, smallest and largest need a column of numbers; “{column}” is none.",
    way_out_zh="请选择数值列，或改为计数。",
    way_out_en="Choose a column of numbers, or count the rows.",
)

_AGGREGATES = {Measure.SUM: "sum", Measure.MEAN: "avg", Measure.LEAST: "min", Measure.MOST: "max"}
_STEPS = {Step.DAY: "%Y-%m-%d", Step.MONTH: "%Y-%m", Step.YEAR: "%Y"}


@dataclass(frozen=True, slots=True)
class Grouping:
    """What is asked."""

    by: str
    across: str = ""
    """Second column; empty: none."""
    measure: Measure = Measure.COUNT
    of: str = ""
    """Column that is summed; empty where rows are counted."""
    step: Step = Step.DAY
    conditions: tuple[Condition, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column whose values show in the answer."""
        return tuple(name for name in (self.by, self.across, self.of) if name)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with one value; ``key`` None: those without a value."""

    key: str | None
    value: Figure | None
    rows: int
    across: tuple[Figure | None, ...] = ()
    """In the order of ``Groups.across``; None: no such row, or no number in them."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups, the largest or (of dates) the latest ones where there are too many."""

    groups: tuple[Group, ...]
    all_groups: int
    """How many there are, shown or not."""
    rows: int
    """Rows in all of them."""
    across: tuple[str | None, ...] = ()
    all_across: int = 0


def require(wanted: Grouping, version: Version) -> None:
    """Refuse a measure of what is no number: ``measure-needs-numbers``."""
    if wanted.measure is Measure.COUNT:
        return
    type_ = version.types.get(wanted.of)
    if type_ not in NUMBERS:
        raise MEASURE_NEEDS_NUMBERS(column=wanted.of)


def grouped(db: duckdb.DuckDBPyConnection, version: Version, wanted: Grouping) -> Groups:
    """The groups of the rows that fulfil the conditions."""
    try:
        return _grouped(db, version, wanted, exact=True)
    except duckdb.OutOfRangeException:  # a sum of decimals beyond 38 digits
        return _grouped(db, version, wanted, exact=False)


def usual(fields: Sequence[FieldSpec], profile: Profile | None) -> Grouping | None:
    """What is worth seeing first: the first column with a few values; None where there is none."""
    if profile is None:
        return None
    distinct = {one.name: one.distinct for one in profile.columns}
    for field in fields:
        if 2 <= distinct.get(field.name, 0) <= GROUPS_MOST and not field.key:
            return Grouping(by=field.name)
    dates = [field.name for field in fields if field.type in DATES]
    return Grouping(by=dates[0], step=Step.YEAR) if dates else None


def _grouped(
    db: duckdb.DuckDBPyConnection, version: Version, wanted: Grouping, *, exact: bool
) -> Groups:
    by = version.columns[wanted.by]
    base, params = _base(version, wanted)
    measure = _measure(wanted, exact=exact)
    latest = by.type in DATES
    order = "g DESC" if latest else "m DESC NULLS LAST, n DESC, g"
    chosen = (
        f"SELECT g, {measure} AS m, count(*) AS n, count(*) OVER () AS groups, "
        f"sum(count(*)) OVER () AS rows FROM base GROUP BY g "
        f"ORDER BY {order} NULLS LAST LIMIT {GROUPS_MOST}"
    )
    found = db.execute(f"WITH base AS ({base}) {chosen}", params).fetchall()
    groups = [Group(key, _figure(value), rows) for key, value, rows, _, _ in found]
    all_groups, rows = (int(found[0][3]), int(found[0][4])) if found else (0, 0)
    if latest:
        groups.reverse()
    elif by.type in NUMBERS and len(groups) == all_groups:
        groups.sort(key=lambda one: (one.key is None, float(one.key or 0)))
    if not wanted.across:
        return Groups(tuple(groups), all_groups, rows)
    across, all_across = _across(db, base, params)
    cells = _cells(db, base, params, measure, chosen)
    return Groups(
        tuple(
            Group(g.key, g.value, g.rows, tuple(cells.get((g.key, a)) for a in across))
            for g in groups
        ),
        all_groups, rows, across, all_across,
    )  # fmt: skip


def _base(version: Version, wanted: Grouping) -> tuple[str, list[object]]:
    """The rows as columns ``g``, ``a`` and ``v``."""
    matching = sql.where(wanted.conditions, version.columns)
    across = _key(version.columns[wanted.across], wanted.step) if wanted.across else "NULL"
    of = f"c{version.columns[wanted.of].place}" if wanted.of else "NULL"
    return (
        f"SELECT {_key(version.columns[wanted.by], wanted.step)} AS g, {across} AS a, {of} AS v "
        f"FROM {version.source} WHERE {matching.sql}",
        list(matching.params),
    )


def _across(
    db: duckdb.DuckDBPyConnection, base: str, params: list[object]
) -> tuple[tuple[str | None, ...], int]:
    """The second column's values with most rows, in their own order."""
    found = db.execute(
        f"WITH base AS ({base}) SELECT a, count(*) OVER () FROM base GROUP BY a "
        f"ORDER BY count(*) DESC, a LIMIT {ACROSS_MOST}",
        params,
    ).fetchall()
    values = sorted((row[0] for row in found), key=lambda one: (one is None, one))
    return tuple(values), int(found[0][1]) if found else 0


def _cells(
    db: duckdb.DuckDBPyConnection, base: str, params: list[object], measure: str, chosen: str
) -> dict[tuple[str | None, str | None], Figure | None]:
    found = db.execute(
        f"WITH base AS ({base}), gs AS ({chosen}), "
        f"axs AS (SELECT a FROM base GROUP BY a ORDER BY count(*) DESC, a LIMIT {ACROSS_MOST}) "
        f"SELECT base.g, base.a, {measure} FROM base "
        "JOIN gs ON base.g IS NOT DISTINCT FROM gs.g "
        "JOIN axs ON base.a IS NOT DISTINCT FROM axs.a GROUP BY base.g, base.a",
        params,
    ).fetchall()
    return {(g, a): _figure(value) for g, a, value in found}


def _measure(wanted: Grouping, *, exact: bool) -> str:
    if wanted.measure is Measure.COUNT:
        return "count(*)"
    return f"{_AGGREGATES[wanted.measure]}(v{'' if exact else '::DOUBLE'})"


def _key(column: sql.Column, step: Step) -> str:
    """A group's key as text."""
    if column.type in DATES:
        return f"strftime(c{column.place}, {literal(_STEPS[step])})"
    return engine.text_cell(column.place, column.type)


def _figure(value: Figure | None) -> Figure | None:
    """The number, where it is one."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
