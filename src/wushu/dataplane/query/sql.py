"""A query as SQL of the batch engine. Pure: places instead of names, parameters instead of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal

from wushu.catalog.types import FieldType
from wushu.dataplane.query import conditions
from wushu.dataplane.query.conditions import Value
from wushu.dataplane.query.engine import POSITION
from wushu.dataplane.query.types import Condition, Op, SortKey

_COMPARISON = {Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">=", Op.EQ: "=", Op.NE: "<>"}
_WIDE = Context(prec=80)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a version's file."""

    place: int
    name: str
    type: FieldType
    scale: int = 0
    """Digits after the point of a DECIMAL(38, scale)."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of SQL with its parameters."""

    sql: str
    params: tuple[Value, ...] = ()

    @classmethod
    def all_of(cls, clauses: Sequence[Clause]) -> Clause:
        """Every one holds."""
        return cls._joined(clauses, " AND ", "true")

    @classmethod
    def any_of(cls, clauses: Sequence[Clause]) -> Clause:
        """At least one holds."""
        return cls._joined(clauses, " OR ", "false")

    @classmethod
    def _joined(cls, clauses: Sequence[Clause], word: str, empty: str) -> Clause:
        if not clauses:
            return cls(empty)
        params = tuple(param for clause in clauses for param in clause.params)
        return cls(word.join(f"({clause.sql})" for clause in clauses), params)


def condition(asked: Condition, column: Column) -> Clause:
    """The comparison; NULL fulfils only ``null:true``. Refusal ``filter-not-understood``."""
    cell = f"c{column.place}"
    values = conditions.typed_values(asked, column.type)
    match asked.op:
        case Op.NULL:
            return Clause(f"{cell} IS NULL" if values[0] else f"{cell} IS NOT NULL")
        case Op.PREFIX:
            return Clause(f"starts_with({cell}, ?)", values)
        case Op.CONTAINS:
            return Clause(f"contains({cell}, ?)", values)
        case Op.IN:
            return Clause.any_of([_compared(cell, Op.EQ, value, column) for value in values])
        case _:
            return _compared(cell, asked.op, values[0], column)


def where(asked: Sequence[Condition], columns: dict[str, Column]) -> Clause:
    """All conditions hold."""
    return Clause.all_of([condition(one, columns[one.column]) for one in asked])


def text_search(text: str, columns: Sequence[Column]) -> Clause:
    """Some text column contains the text, whatever the case of Latin letters."""
    return Clause.any_of(
        [
            Clause(f"contains(lower(c{column.place}), lower(?))", (text,))
            for column in columns
            if column.type is FieldType.TEXT
        ]
    )


def order_by(order: Sequence[SortKey], columns: dict[str, Column]) -> str:
    """Empty values last; rows that are equal keep the direction of the last column."""
    parts = [f"c{columns[key.column].place} {_direction(key)} NULLS LAST" for key in order]
    last = _direction(order[-1]) if order else "ASC"
    return ", ".join([*parts, f"{POSITION} {last}"])


def after(
    position: int,
    values: Sequence[Value | None],
    order: Sequence[SortKey],
    columns: dict[str, Column],
) -> Clause:
    """Rows that come after the row at ``position``, whose sort columns hold ``values``."""
    descending = bool(order) and order[-1].descending
    alternatives: list[Clause] = []
    equal: list[Clause] = []
    for key, value in zip(order, values, strict=True):
        column = columns[key.column]
        cell = f"c{column.place}"
        if value is None:
            equal.append(Clause(f"{cell} IS NULL"))
            continue
        beyond = _compared(cell, Op.LT if key.descending else Op.GT, value, column)
        later = Clause.any_of([beyond, Clause(f"{cell} IS NULL")])
        alternatives.append(Clause.all_of([*equal, later]))
        equal.append(_compared(cell, Op.EQ, value, column))
    tie = Clause(f"{POSITION} {'<' if descending else '>'} ?", (position,))
    return Clause.any_of([*alternatives, Clause.all_of([*equal, tie])])


def _direction(key: SortKey) -> str:
    return "DESC" if key.descending else "ASC"


def _compared(cell: str, op: Op, value: Value, column: Column) -> Clause:
    if isinstance(value, Decimal):
        return _compared_decimal(cell, op, value, column.scale)
    return Clause(f"{cell} {_COMPARISON[op]} ?", (value,))


def _compared_decimal(cell: str, op: Op, value: Decimal, scale: int) -> Clause:
    """Compare at the column's own scale: a wider common type would overflow 38 digits."""
    if abs(value) >= Decimal(10) ** (38 - scale):
        always = op is Op.NE or ((op in (Op.LT, Op.LE)) == (value > 0) and op is not Op.EQ)
        return Clause(f"{cell} IS NOT NULL" if always else "false")
    floor = value.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_FLOOR, context=_WIDE)
    if floor != value:  # no value of the column lies between floor and value
        if op in (Op.EQ, Op.NE):
            return Clause("false" if op is Op.EQ else f"{cell} IS NOT NULL")
        op = {Op.LT: Op.LE, Op.GE: Op.GT}.get(op, op)
    return Clause(f"{cell} {_COMPARISON[op]} ?::DECIMAL(38, {scale})", (str(floor),))
