"""What schemas are made of (JSON Schema 2020-12, as OpenAPI 3.1 has it)."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}

COUNT: Schema = {"type": "integer", "minimum": 0}

SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

BASE64: Schema = {"type": "string", "contentEncoding": "base64"}

URI: Schema = {"type": "string", "format": "uri"}

UUID: Schema = {"type": "string", "format": "uuid"}

MOMENT: Schema = {"type": "string", "format": "date-time"}

CELL: Schema = {
    "type": ["string", "integer", "number", "boolean", "null"],
    "description": "Decimals, integers beyond 2^53, dates (ISO 8601) and times are texts: exact in "
    "every client. null: no value.",
}


def reference(name: str) -> Schema:
    """A schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def listed(items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items}


def record(**properties: Schema) -> Schema:
    """An object that has exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def open_record(**properties: Schema) -> Schema:
    """An object that has at least these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


WORDS: Schema = record(zh=TEXT, en=TEXT)

DAY: Schema = {"type": "string", "format": "date"}
