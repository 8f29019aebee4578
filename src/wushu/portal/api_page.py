"""The page of the API: the OpenAPI description made readable, without a script.

The description is made where all apps are known; ``bind`` hands its maker over when the program starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.dataplane import selectors as dataplane
from wushu.portal.api_examples import examples

Document = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
_SHOWN = "streets"
"""In the examples where nothing is listed yet."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    kind: str
    required: bool
    said: str
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    said: str
    keyed: bool
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]
    """Status and what it means."""


@dataclass(frozen=True, slots=True)
class Group:
    """Operations of one tag."""

    name: str
    said: str
    operations: tuple[Operation, ...]


class _Bound:
    make: Callable[[str], Document] | None = None


def bind(make: Callable[[str], Document]) -> None:
    """From now on the description is made by ``make(base_url)``."""
    _Bound.make = make


def content() -> dict[str, Any]:
    """Context of ``/api``."""
    if _Bound.make is None:
        raise RuntimeError("nobody has bound the maker of the API's description")
    document = _Bound.make(settings.BASE_URL)
    return {
        "version": document["info"]["version"],
        "groups": groups(document),
        "examples": examples(settings.BASE_URL, _slug()),
        "allowed": dataplane.allowance_of(""),
        "page_max": settings.ROWS_PAGE_MAX,
        "base_url": settings.BASE_URL,
    }


def groups(document: Document) -> tuple[Group, ...]:
    """The operations of an OpenAPI document by their first tag, in the order of the tags."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                found[methods[method]["tags"][0]].append(_operation(path, method, methods[method]))
    return tuple(
        Group(tag["name"], tag.get("description", ""), tuple(found[tag["name"]]))
        for tag in document["tags"]
    )


def _operation(path: str, method: str, stored: Document) -> Operation:
    return Operation(
        id=stored["operationId"],
        method=method.upper(),
        path=path,
        said=stored["summary"],
        keyed="security" in stored,
        parameters=tuple(_parameters(stored.get("parameters", ()))),
        answers=tuple(
            (status, answer.get("description", ""))
            for status, answer in sorted(stored["responses"].items())
        ),
    )


def _parameters(stored: Sequence[Document]) -> Iterator[Parameter]:
    for one in stored:
        example = one.get("example", "")
        yield Parameter(
            name=one["name"],
            place=one["in"],
            kind=_kind(one["schema"]),
            required=one.get("required", False),
            said=one.get("description", ""),
            example=", ".join(map(str, example)) if isinstance(example, list) else str(example),
        )


def _kind(schema: Document) -> str:
    """A schema in one line: its values, or its type."""
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = schema.get("type", "")
    if kind == "array":
        return f"{_kind(schema.get('items', {}))} …"
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _slug() -> str:
    """A dataset everybody may read, for the examples: the newest one with data."""
    page = catalog.entries(attribute=Attribute.UNCONDITIONAL, limit=20)
    for entry in page.items:
        if entry.revision is not None and entry.revision.version is not None:
            return entry.slug
    return _SHOWN
