"""Frictionless Data Package: one document that programs of both its editions read.

Data Package 2.0 (https://datapackage.org) says what it is by ``$schema``, edition 1 by ``profile``; both are
given. The one resource is the CSV file without the formula guard, whose texts are exact, in the version that
is described: its hash stays true when the next version is listed. What neither edition has a word for
(unit, code list, meaning of an empty value, titles in English) stands beside, as both allow.

An empty cell is no value and ``""`` an empty text, which no Table Schema can tell apart: both are missing.

Of a table that is not everybody's a reader gets the columns that were granted. Its fields are those that a
reader may get, none is required and there is no key: what is read is valid by the description, whoever reads.
The order of its rows says nothing (``rowOrder``): a grant may ask for one of the reader's own.
"""

from __future__ import annotations

from typing import Any

from wushu.catalog import vocabulary
from wushu.catalog.tables.described import Described
from wushu.catalog.types import Attribute, FieldSpec, FieldType, FileFacts

MEDIA_TYPE = "application/vnd.datapackage+json"
"""Registered by edition 1."""

_PROFILES = "https://datapackage.org/profiles/2.0"
_TYPES = {
    FieldType.TEXT: "string",
    FieldType.INTEGER: "integer",
    FieldType.DECIMAL: "number",
    FieldType.NUMBER: "number",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.BOOLEAN: "boolean",
}
_EXACT = "guard=off"


def datapackage(of: Described) -> dict[str, Any]:
    """The package; what is not known is left out."""
    m = of.metadata
    return _said(
        {
            "$schema": f"{_PROFILES}/datapackage.json",
            "profile": "tabular-data-package",
            "name": of.entry.slug,
            "id": of.identifier,
            "title": m.title_zh,
            "titleEn": m.title_en,
            "description": m.description_zh,
            "descriptionEn": m.description_en,
            "homepage": f"{of.base_url}/datasets/{of.entry.slug}",
            "version": str(of.version.number),
            "created": of.version.created_at.isoformat(timespec="seconds"),
            "keywords": list(m.keywords),
            "licenses": _licences(m.licence, m.licence_note),
            "sources": _sources(of),
            "contributors": [_publisher(of)],
            "synthetic": m.synthetic,
            "resources": [_resource(of)],
        }
    )


def _resource(of: Described) -> dict[str, Any]:
    address = f"{of.base_url}/data/{of.entry.slug}.csv?version={of.version.number}&{_EXACT}"
    return _said(
        {
            "$schema": f"{_PROFILES}/dataresource.json",
            "profile": "tabular-data-resource",
            "type": "table",
            "name": of.entry.slug,
            "title": of.metadata.title_zh,
            "path": address,
            "scheme": address.partition(":")[0],
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            **_facts(of.facts("csv", _EXACT)),
            "rows": of.version.rows_loaded,
            **({} if _is_everybodys(of) else {"rowOrder": "no information"}),
            "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
            "schema": _schema(of),
        }
    )


def _facts(known: FileFacts | None) -> dict[str, Any]:
    return {} if known is None else {"bytes": known.size, "hash": f"sha256:{known.sha256}"}


def _is_everybodys(of: Described) -> bool:
    return of.metadata.attribute is Attribute.UNCONDITIONAL


def _schema(of: Described) -> dict[str, Any]:
    is_whole = _is_everybodys(of)
    keys = [one.name for one in of.revision.fields if one.key and is_whole]
    return {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fieldsMatch": "exact" if is_whole else "superset",
        "missingValues": [""],
        "fields": [_field(one, is_whole) for one in of.revision.fields],
        **({"primaryKey": keys} if keys else {}),
    }


def _field(field: FieldSpec, is_there: bool) -> dict[str, Any]:
    return _said(
        {
            "name": field.name,
            "type": _TYPES[field.type],
            "title": field.title_zh,
            "titleEn": field.title_en,
            "description": field.description,
            "unit": field.unit,
            "emptyMeans": field.null_meaning,
            "codeList": [{"value": code, "label": label} for code, label in field.code_list],
            "constraints": {"required": True} if field.required and is_there else {},
        }
    )


def _licences(uri: str, note: str) -> list[dict[str, str]]:
    if not uri:
        return []
    found = vocabulary.licence_of(uri)
    if found is None:
        return [_said({"path": uri, "title": note})]
    return [
        _said(
            {
                "name": found.more["spdx"] or found.code,
                "path": found.more["document"] or uri,
                "title": found.en,
            }
        )
    ]


def _sources(of: Described) -> list[dict[str, str]]:
    """Where the data come from, and the file that the body handed in."""
    m = of.metadata
    handed_in = {"title": of.version.source_name, "hash": f"sha256:{of.version.source_sha256}"}
    if not (m.source_url or m.source_note):
        return [handed_in]
    return [_said({"title": m.source_note or m.source_url, "path": m.source_url}), handed_in]


def _publisher(of: Described) -> dict[str, Any]:
    return _said(
        {
            "title": of.entry.body_name_zh,
            "titleEn": of.entry.body_name_en,
            "path": f"{of.base_url}/bodies/{of.entry.body_code}",
            "email": of.metadata.contact_email,
            "role": "publisher",
            "roles": ["publisher"],
        }
    )


def _said(document: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in document.items() if value not in ("", [], {}, None)}
