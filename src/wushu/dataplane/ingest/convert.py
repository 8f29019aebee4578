"""From a source text to a typed value, exactly or not at all, as expressions of the engine.

The engine's own casts are lenient (``1.5`` becomes the integer 2, ``1_000`` a thousand, a date may
carry blanks), so each type first states which texts it takes:

* integer: sign and digits; ``,`` as format allows commas between groups of three
* decimal: the same with up to *scale* fraction digits, ``.5`` too; format ``2`` or ``2,``
* number: decimal or exponent notation, finite
* date, datetime: the value written in the format is the text again (``strftime(strptime(t)) = t``)
* boolean: one of two texts, format ``true|false``

Blanks around a typed value are no part of it; text is kept as it is, blanks and all.
"""

from __future__ import annotations

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest.engine import is_one_of, literal
from wushu.dataplane.ingest.formats import DEFAULT_BOOLEAN, MAX_DIGITS, scale
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


def sql_type(field: FieldSpec) -> str:
    """The engine's type of the column."""
    if field.type is FieldType.DECIMAL:
        return f"DECIMAL({MAX_DIGITS}, {scale(field)})"
    return _SQL_TYPES[field.type]


def is_null(field: FieldSpec, cell: str) -> str:
    """SQL: whether the cell means "no value"."""
    if field.type is FieldType.TEXT or not field.null_values:
        return is_one_of(cell, field.null_values)
    return (
        f"({is_one_of(cell, field.null_values)} OR {is_one_of(stripped(cell), field.null_values)})"
    )


def value(field: FieldSpec, cell: str) -> str:
    """SQL: the typed value, NULL for "no value" and for what is not of the type."""
    if field.type is FieldType.TEXT:
        if field.null_values == ("",):
            return f"nullif({cell}, '')"
        return f"CASE WHEN {is_one_of(cell, field.null_values)} THEN NULL ELSE {cell} END"
    exact = typed(field, cell)
    if not field.null_values:
        return exact
    return f"CASE WHEN {is_one_of(cell, field.null_values)} THEN NULL ELSE {exact} END"


def typed(field: FieldSpec, cell: str) -> str:
    """SQL: the value of a typed field, whatever its null literals; NULL for what is none."""
    # Blanks are rare and taking them off is dear: only cells that fail are tried again without.
    return f"coalesce({_exact(field, cell)}, {_exact(field, stripped(cell))})"


def is_fault(field: FieldSpec, cell: str, its_value: str) -> str:
    """SQL: whether the cell holds something that is not of the type; ``its_value`` is its value."""
    if field.type is FieldType.TEXT:
        return "false"
    return f"CASE WHEN {its_value} IS NULL THEN NOT {is_null(field, cell)} ELSE false END"


def stripped(cell: str) -> str:
    """SQL: the cell without blanks around it."""
    return f"trim({cell}, {literal(BLANKS)})"


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
