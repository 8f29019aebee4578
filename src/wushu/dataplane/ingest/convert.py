"""From a source text to a typed value, exactly or not at all, as expressions of the engine.

The engine's own casts are lenient (``1.5`` becomes the integer 2, ``1_000`` a thousand, a date may
carry blanks), so each type first states which texts it takes:

* integer: sign and digits; ``,`` as format allows commas between groups of three
* decimal: the same with up to *scale* fraction digits, ``.5`` too; format ``2`` or ``2,``
* number: decimal or exponent notation, finite
* date, datetime: the value written in the format is the text again (``strftime(strptime(t)) = t``)
* boolean: one of two texts, format ``true|false``

Blanks around a typed value are no part of it; text is kept as it is, blanks and all. Texts that mean
"no value" are compared without blanks in typed columns, as they are in text columns.
"""

# ruff: noqa: S608  (queries are put together from places and quoted literals, see quoting)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest.engine import is_one_of
from wushu.dataplane.ingest.formats import DEFAULT_BOOLEAN, MAX_DIGITS, scale
from wushu.dataplane.quoting import literal
from wushu.dataplane.types import RejectReason

BLANKS = " \t\u00a0\u3000"

_SQL_TYPES = {
    FieldType.TEXT: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.NUMBER: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMP",
    FieldType.BOOLEAN: "BOOLEAN",
}
REASONS = {
    FieldType.INTEGER: RejectReason.NOT_AN_INTEGER,
    FieldType.DECIMAL: RejectReason.NOT_A_DECIMAL,
    FieldType.NUMBER: RejectReason.NOT_A_NUMBER,
    FieldType.DATE: RejectReason.NOT_THE_DATE_FORMAT,
    FieldType.DATETIME: RejectReason.NOT_THE_DATETIME_FORMAT,
    FieldType.BOOLEAN: RejectReason.NOT_A_BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """One column of a relation to be read as a field; names the columns that ``converted`` adds."""

    place: int
    field: FieldSpec
    cell: str
    """Column of the relation: text, never NULL."""

    @property
    def value(self) -> str:
        """Column of the typed value; NULL for "no value" and for what does not fit."""
        return f"v{self.place}"

    @property
    def rest(self) -> str:
        """Column of the text without blanks where it is no value as it stands; else NULL.

        Only of typed fields.
        """
        return f"y{self.place}"

    @property
    def is_typed(self) -> bool:
        """Whether a text may fail to fit."""
        return self.field.type is not FieldType.TEXT

    @property
    def is_fault(self) -> str:
        """SQL: whether the cell holds something that is not of the type."""
        if not self.is_typed:
            return "false"
        is_null = is_one_of(self.rest, self.field.null_values)
        return f"({self.rest} IS NOT NULL AND {self.value} IS NULL AND NOT {is_null})"


def converted(relation: str, conversions: Sequence[Conversion], keep: Sequence[str]) -> str:
    """A relation of the columns ``keep``, ``value`` of every conversion and ``rest`` of typed ones.

    Three levels, so that blanks are taken off, which is dear, only where the text does not fit as it
    stands: within one level the engine would compute the common part for every row.
    """
    typed = [one for one in conversions if one.is_typed]
    carried = list(dict.fromkeys([*keep, *(one.cell for one in conversions)]))
    first = [*carried, *(f"{_first(one)} AS x{one.place}" for one in typed)]
    second = [
        *carried,
        *(f"x{one.place}" for one in typed),
        *(
            f"CASE WHEN x{one.place} IS NULL THEN trim({one.cell}, {literal(BLANKS)}) END "
            f"AS {one.rest}"
            for one in typed
        ),
    ]
    third = [
        *keep,
        *(one.rest for one in typed),
        *(f"{_third(one)} AS {one.value}" for one in conversions),
    ]
    inner = relation
    for level in (first, second, third) if typed else (third,):
        inner = f"(SELECT {', '.join(level)} FROM {inner})"
    return inner


def sql_type(field: FieldSpec) -> str:
    """The engine's type of the column."""
    if field.type is FieldType.DECIMAL:
        return f"DECIMAL({MAX_DIGITS}, {scale(field)})"
    return _SQL_TYPES[field.type]


def _first(one: Conversion) -> str:
    """The value of the text as it stands."""
    exact = _exact(one.field, one.cell)
    nulls = [text for text in one.field.null_values if text]  # "" is of no type anyway
    return f"CASE WHEN NOT {is_one_of(one.cell, nulls)} THEN {exact} END" if nulls else exact


def _third(one: Conversion) -> str:
    """The value of the text, or of the text without blanks."""
    if one.is_typed:
        nulls = is_one_of(one.rest, one.field.null_values)
        again = f"CASE WHEN NOT {nulls} THEN {_exact(one.field, one.rest)} END"
        return f"coalesce(x{one.place}, {again})"
    if one.field.null_values == ("",):
        return f"nullif({one.cell}, '')"
    return f"CASE WHEN NOT {is_one_of(one.cell, one.field.null_values)} THEN {one.cell} END"


def _exact(field: FieldSpec, text: str) -> str:
    match field.type:
        case FieldType.INTEGER:
            return _number(field, text, 0)
        case FieldType.DECIMAL:
            return _number(field, text, scale(field))
        case FieldType.NUMBER:
            pattern = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
            cast = f"TRY_CAST({text} AS DOUBLE)"
            return (
                f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) AND isfinite({cast}) "
                f"THEN {cast} END"
            )
        case FieldType.DATE | FieldType.DATETIME:
            pattern = literal(field.format)
            moment = f"try_strptime({text}, {pattern})"
            return (
                f"CASE WHEN strftime({moment}, {pattern}) = {text} "
                f"THEN {moment}::{sql_type(field)} END"
            )
        case FieldType.BOOLEAN:
            true, false = (field.format or DEFAULT_BOOLEAN).split("|")
            return (
                f"CASE {text} WHEN {literal(true)} THEN true WHEN {literal(false)} THEN false END"
            )
        case _:
            return text


def _number(field: FieldSpec, text: str, places: int) -> str:
    grouped = field.format.endswith(",")
    digits = "([0-9]+|[0-9]{1,3}(,[0-9]{3})+)" if grouped else "[0-9]+"
    fraction = f"\\.[0-9]{{1,{places}}}"
    pattern = f"[+-]?({digits}({fraction})?|{fraction})" if places else f"[+-]?{digits}"
    bare = f"replace({text}, ',', '')" if grouped else text
    return (
        f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) "
        f"THEN TRY_CAST({bare} AS {sql_type(field)}) END"
    )
