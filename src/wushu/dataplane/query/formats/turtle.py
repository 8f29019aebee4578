"""RDF 1.1 Turtle, made as CSV on the Web makes RDF of a table in its minimal mode.

(W3C, "Generating RDF from Tabular Data on the Web", 4.2.) A row is a resource, a cell that has a value
is one triple, its predicate the column, its object a literal of the column's type. Rows and columns
have permanent addresses: ``…/id/<version>#row=N``, N being the row of the CSV file, whose first is its
head (RFC 7111), and ``…/id/<dataset>#<name>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from wushu.catalog.types import FieldType
from wushu.dataplane.query import engine
from wushu.dataplane.query.formats.table import Run, Table
from wushu.dataplane.query.sql import Column
from wushu.dataplane.quoting import literal
from wushu.evidence import selectors as evidence

_XSD = "http://www.w3.org/2001/XMLSchema#"
_CONTROLS = [chr(n) for n in range(32)]


def runs(table: Table, first: int = 0) -> Iterator[Run]:
    """The document; from a later row on without what stands before the rows."""
    if not first:
        yield Run(0, _head(table))
    values = " || ".join(_triple(column) for column in table.columns)
    # A row without any value is no subject of a triple
    row = f"nullif({values}, '')"
    head = f"'<#row=' || ({engine.POSITION} + 2) || '>'"
    yield from table.lines(f"coalesce({head} || {row} || ' .' || chr(10), '')", first)


def _head(table: Table) -> bytes:
    base = f"{evidence.node().identifier_base.rstrip('/')}/id"
    name = table.name
    return (
        f"# {name.slug}, version {name.number}, manifest {name.manifest_sha256}\n"
        f"@base <{base}/{name.version}> .\n"
        f"@prefix c: <{base}/{name.dataset}#> .\n"
        f"@prefix xsd: <{_XSD}> .\n\n"
    ).encode()


def predicate(column: str) -> str:
    """The column's property, as a prefixed name: percent-encoded, as CSVW has it."""
    return "c:" + re.sub(r"[-.~]", r"\\\g<0>", quote(column, safe=""))


def _triple(column: Column) -> str:
    """Predicate and object as an expression of the engine; empty where there is no value."""
    before = literal(f" {predicate(column.name)} ")
    return f"coalesce({before} || {_object(column)} || ' ;', '')"


def _object(column: Column) -> str:
    cell = engine.text_cell(column.place, column.type)
    match column.type:
        case FieldType.TEXT:
            return f"'\"' || {_escaped(cell)} || '\"'"
        case FieldType.NUMBER:
            cell = (
                f"CASE {cell} WHEN 'inf' THEN 'INF' WHEN '-inf' THEN '-INF' "
                f"WHEN 'nan' THEN 'NaN' ELSE {cell} END"
            )
        case _:
            pass
    return f"'\"' || {cell} || '\"^^xsd:{column.type.xsd}'"


def _escaped(cell: str) -> str:
    """Text between double quotes (RDF 1.1 Turtle, 6.4)."""
    plain = f"replace(replace({cell}, '\\', '\\\\'), '\"', '\\\"')"
    escaped = plain
    for character in _CONTROLS:
        escaped = f"replace({escaped}, chr({ord(character)}), '\\u{ord(character):04X}')"
    return f"CASE WHEN regexp_matches({cell}, '[\\x00-\\x1F]') THEN {escaped} ELSE {plain} END"
