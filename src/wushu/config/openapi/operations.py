"""What descriptions of addresses are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wushu.config.openapi.shapes import TEXT, Schema, maybe, reference

Part = dict[str, Any]

_PROBLEMS = {
    400: "A parameter was not understood; `name` says which refusal it is.",
    401: "The API key is unknown, expired or revoked.",
    403: "No grant, or not for this column; or the key has not the scope.",
    404: "Nothing of this name is listed.",
    405: "Only the methods named in Allow are accepted.",
    406: "The format is not offered.",
    409: "It is so already, or there is no room; `name` says which.",
    410: "The dataset was withdrawn; the notice says why.",
    413: "A paper is too large.",
    415: "A paper is of a kind that is not taken.",
    416: "The range lies beyond the end of the file.",
    422: "A value is wrong.",
    429: "Too many requests; see Retry-After.",
    451: "The dataset is sealed; the notice says why.",
    503: "Too slow, too busy, or damaged; see Retry-After.",
}
CONTRIBUTING = (400, 401, 403, 404, 405, 409, 422, 429)
"""Problems of a write."""


def operation_of(
    operation: str,
    tag: str,
    summary: str,
    parameters: list[Part],
    content: Part,
    problems: tuple[int, ...],
    *,
    keyed: bool = False,
) -> Part:
    """A read: its answer, and the problems it may be refused with."""
    responses: Part = {"200": {"description": "Found.", "content": content}}
    if keyed:
        responses["200"]["headers"] = {
            "Wushu-Version": {
                "description": "Number of the version.",
                "schema": {"type": "integer"},
            },
            "Wushu-Manifest-SHA256": {"description": "Hash of its manifest.", "schema": TEXT},
        }
        responses["206"] = {"description": "The part of the file that was asked for."}
        responses["304"] = {"description": "Unchanged since the ETag of If-None-Match."}
    for status in problems:
        responses[str(status)] = {"description": _PROBLEMS[status], "content": _problem(status)}
    made: Part = {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
    }
    if keyed:
        made["security"] = [{}, {"key": []}]
    return {"get": made}


def _problem(status: int) -> Part:
    content: Part = {"application/problem+json": {"schema": reference("Problem")}}
    if status in (400, 404, 405, 416):
        # an address that no route knows is answered as a page; a wrong method and range bodiless
        content["text/html"] = {"schema": maybe(TEXT)}
    return content


def json_of(name: str) -> Part:
    """An answer of the schema so named."""
    return content_of("application/json", reference(name))


def content_of(media_type: str, schema: Schema) -> Part:
    """An answer of this media type."""
    return {media_type: {"schema": schema}}


def path_parameter(name: str, example: Any) -> Part:
    """A part of an address."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": TEXT,
        "example": example,
    }


def query_parameter(name: str, schema: Schema, description: str, example: Any = None) -> Part:
    """A parameter of the query."""
    made: Part = {"name": name, "in": "query", "schema": schema, "description": description}
    if example is not None:
        made["example"] = example
    return made


def one_of_steps(names: Sequence[str]) -> Part:
    """The step of an address that takes one of these."""
    return {**path_parameter("name", names[0]), "schema": {"enum": list(names)}}
