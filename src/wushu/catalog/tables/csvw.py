"""CSV on the Web (W3C Recommendation, 2015): the metadata document of a dataset's CSV file.

It stands at the file's address with ``-metadata.json`` behind it, where processors look for it (Model for
Tabular Data and Metadata, 5.3), and the file's ``Link`` header names it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from wushu.catalog.tables.described import Described
from wushu.catalog.types import FieldSpec

MEDIA_TYPE = "application/csvm+json"


def csvw(of: Described) -> dict[str, Any]:
    """The document. Its ``url`` is relative: a copy of both files beside each other works too."""
    m = of.metadata
    document: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "@id": f"{of.identifier}#csv",
        "url": f"{of.entry.slug}.csv",
        "dc:title": _texts(m.title_zh, m.title_en),
        "dc:description": _texts(m.description_zh, m.description_en),
        "dc:publisher": {"@id": f"{of.base_url}/bodies/{of.entry.body_code}"},
        "dc:license": {"@id": m.licence} if m.licence else None,
        "dc:modified": {
            "@value": of.version.created_at.date().isoformat(), "@type": "xsd:date",
        },
        "dcat:keyword": list(m.keywords),
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "doubleQuote": True},
        "tableSchema": _schema(of.revision.fields),
    }  # fmt: skip
    return {name: value for name, value in document.items() if value not in (None, [])}


def column_name(name: str) -> str:
    """The column as a variable of URI templates, which CSVW demands (RFC 6570, 2.3)."""
    quoted = quote(name, safe="").replace("-", "%2D").replace("~", "%7E")
    return f"%5F{quoted[1:]}" if quoted.startswith("_") else quoted


def _schema(fields: tuple[FieldSpec, ...]) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(one) for one in fields]}
    if keys := [column_name(one.name) for one in fields if one.key]:
        schema["primaryKey"] = keys
    return schema


def _column(field: FieldSpec) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": column_name(field.name),
        "titles": field.name,
        "datatype": field.type.xsd,
        "null": "",
        "required": field.required or None,
        "dc:title": _texts(field.title_zh, field.title_en),
        "dc:description": field.description or None,
        "schema:unitText": field.unit or None,
    }
    return {name: value for name, value in column.items() if value is not None}


def _texts(zh: str, en: str) -> Any:
    """A text in the languages there are."""
    said = [{"@value": text, "@language": tag} for text, tag in ((zh, "zh"), (en, "en")) if text]
    return said or None
