"""XML 1.0: one ``row`` element for each row, one element for each value, in UTF-8.

Element names are the columns' names, written as ISO/IEC 9075-14 (SQL/XML), 9.1 maps identifiers: what
may not stand in a name of XML becomes ``_xHHHH_``, so that every name can be had back. No value, no
element; an empty text is an empty element. A text with characters that XML does not know at all (most
control characters) is given in base64 and says so, since every other way would alter it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from wushu.catalog.types import FieldType
from wushu.dataplane.query import engine
from wushu.dataplane.query.formats.table import Run, Table
from wushu.dataplane.query.sql import Column
from wushu.dataplane.quoting import literal

NAMESPACE = "urn:wushu:table:1"
ROOT, ROW = "table", "row"

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""XML 1.0 (fifth edition), 2.3, NameStartChar without the colon, which belongs to namespaces."""
_FIRST = re.compile(f"[{_START}]")
_LATER = re.compile(f"[{_START}.0-9\u00b7\u0300-\u036f\u203f-\u2040-]")
_UNKNOWN = "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{FFFE}\\x{FFFF}]"
"""Characters no XML document may contain (2.2), for the engine's regular expressions."""


def runs(table: Table, first: int = 0) -> Iterator[Run]:
    """The document; from a later row on without what stands before the rows."""
    if not first:
        yield Run(0, _head(table))
    cells = " || ".join(_cell(column) for column in table.columns)
    yield from table.lines(f"'<{ROW}>' || {cells} || '</{ROW}>' || chr(10)", first)
    yield Run(0, f"</{ROOT}>\n".encode())


def _head(table: Table) -> bytes:
    facts = {
        "xmlns": NAMESPACE,
        "dataset": table.name.slug,
        "version": str(table.name.number),
        "manifest-sha256": table.name.manifest_sha256,
    }
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in facts.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT}{attributes}>\n'.encode()


def element_name(column: str) -> str:
    """The column's name as an XML name; different columns have different ones."""
    made = []
    for place, character in enumerate(column):
        reserved = place == 0 and column[:3].lower() == "xml"
        escape = character == "_" and column[place + 1 : place + 2] == "x"
        allowed = (_FIRST if place == 0 else _LATER).match(character)
        if not allowed or reserved or escape:
            made.append(f"_x{ord(character):04X}_")
        else:
            made.append(character)
    return "".join(made) or "_x0000_"


def column_name(element: str) -> str:
    """The column an element's name stands for."""
    if element == "_x0000_":
        return ""
    return re.sub("_x([0-9A-F]{4,6})_", lambda found: chr(int(found[1], 16)), element)


def _cell(column: Column) -> str:
    """The element of a value as an expression of the engine; empty where there is none."""
    name = element_name(column.name)
    cell = engine.text_cell(column.place, column.type)
    if column.type is not FieldType.TEXT:
        return f"coalesce({_element(name, cell)}, '')"
    raw = f"c{column.place}"
    encoded = _element(f'{name} encoding="base64"', f"to_base64(encode({raw}))", closing=name)
    plain = _element(name, _escaped(raw))
    unknown = f"regexp_matches({raw}, {literal(_UNKNOWN)})"
    return f"coalesce(CASE WHEN {unknown} THEN {encoded} ELSE {plain} END, '')"


def _element(tag: str, content: str, *, closing: str = "") -> str:
    ends = literal(f"</{closing or tag}>")
    return f"({literal(f'<{tag}>')} || {content} || {ends})"


def _escaped(cell: str) -> str:
    """Text of an element. A carriage return would be read as a line feed (2.11)."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        cell = f"replace({cell}, '{character}', '{entity}')"
    return f"replace({cell}, chr(13), '&#13;')"
