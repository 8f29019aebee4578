"""``/api/3/action/datastore_search``: the CKAN Action API's way to rows.

``resource_id`` is a dataset's slug or id. Answers and errors have CKAN's envelope, so that ckanapi and
other existing clients work; refusals keep their name in ``error.name``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.conf import settings

from wushu.catalog.types import FieldType
from wushu.dataplane.query import conditions, http, pages, rows
from wushu.dataplane.query.http import Header, Receive, Request, Send
from wushu.dataplane.query.plane import Plane
from wushu.dataplane.query.types import (
    METHOD_NOT_ALLOWED,
    PARAMETER_NOT_UNDERSTOOD,
    Access,
    Condition,
    Op,
    RowsPage,
    RowsQuery,
    SortKey,
    Surface,
)
from wushu.dataplane.query.versions import Version, version_for
from wushu.dataplane.usage import types as usage
from wushu.kernel.errors import Refusal, Said
from wushu.kernel.noting import note_use

PATH = "/api/3/action/datastore_search"
DEFAULT_LIMIT = 100
OFFSET_MAX = 100_000
"""Rows that ``offset`` may skip; beyond it the rows API pages by cursor."""
PARAMETERS = (
    "resource_id",
    "id",
    "filters",
    "q",
    "fields",
    "sort",
    "limit",
    "offset",
    "include_total",
    "total_estimation_threshold",
    "records_format",
    "plain",
    "distinct",
    "language",
    "full_text",
)

_TYPES = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "int",
    FieldType.DECIMAL: "numeric",
    FieldType.NUMBER: "float8",
    FieldType.DATE: "date",
    FieldType.DATETIME: "timestamp",
    FieldType.BOOLEAN: "bool",
}
_ERRORS = {403: "Authorization Error", 401: "Authorization Error", 404: "Not Found Error"}

Given = Mapping[str, Any]


async def respond(plane: Plane, request: Request, receive: Receive, send: Send) -> None:
    """Answer one call; refusals are raised."""
    given = await _given(request, receive)
    content, access, quota = await _search(plane, request, given)
    headers = [(b"content-type", b"application/json"), *rows.standing_headers(access), *quota]
    await http.answer(send, request, 200, headers, content)


async def _given(request: Request, receive: Receive) -> Given:
    """Arguments of a GET's query string, or of a POST's JSON or form."""
    if request.method in ("GET", "HEAD"):
        given: Given = http.once(request.parameters)
    elif request.method == "POST":
        given = _posted(request, await http.body(receive))
    else:
        raise METHOD_NOT_ALLOWED(method=request.method, allowed="GET, HEAD, POST")
    for name, value in given.items():
        if name not in PARAMETERS:
            raise PARAMETER_NOT_UNDERSTOOD(
                parameter=name, value=str(value)[:80], allowed=", ".join(PARAMETERS)
            )
    return given


def _posted(request: Request, content: bytes) -> Given:
    if request.text(b"content-type").startswith("application/x-www-form-urlencoded"):
        return http.once(http.pairs(content))
    try:
        # Stricter than the standard library: no half surrogate pairs, no depth without end.
        given = orjson.loads(content or b"{}")
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise PARAMETER_NOT_UNDERSTOOD(
            parameter="?", value="", allowed=Said("JSON 对象", "a JSON object")
        )
    return given


async def _search(
    plane: Plane, request: Request, given: Given
) -> tuple[bytes, Access, list[Header]]:
    resource = _text(given, "resource_id") or _text(given, "id")
    if not resource:
        raise PARAMETER_NOT_UNDERSTOOD(parameter="resource_id", value="", allowed="id, slug")
    access = await plane.admit(request, _dataset(resource))
    if access.public:
        note_use(access.dataset, usage.ROWS)
    version = await version_for(access)
    query = _query(given, version)
    conditions.require_granted(query, access)
    names = rows.delivered(query, access, version)
    # `q` looks only into the columns that go out: it would tell the values of others
    asked = pages.with_filter(replace(query, columns=names), access.row_filter)
    count = _flag(given, "include_total", default=True)
    page = await rows.fetch(plane, request, access, version, asked, None, count=count)
    shown = orjson.dumps(given, default=str).decode()
    quota = await plane.receipt(
        access, surface=Surface.CKAN, columns=names, query=shown, rows=len(page.rows)
    )
    content = await rows.made(
        page, _content, given, version, query, page, names, resource, count=count
    )
    return content, access, quota


def _dataset(resource: str) -> str | UUID:
    try:
        return UUID(resource)
    except ValueError:
        return resource


def _query(given: Given, version: Version) -> RowsQuery:
    refused = [
        name
        for name in ("distinct", "full_text")
        if given.get(name) not in (None, "", False, "false")
    ]
    if refused or given.get("records_format") not in (None, "", "objects"):
        name = refused[0] if refused else "records_format"
        raise PARAMETER_NOT_UNDERSTOOD(
            parameter=name, value=str(given[name])[:80], allowed="records_format=objects"
        )
    limit = _number(given, "limit", DEFAULT_LIMIT, most=10**12)
    columns = tuple(name for name in _names(given, "fields") if name != "_id")
    for name in columns:
        conditions.check(Condition(name, Op.NULL, ("true",)), version.types)
    return RowsQuery(
        columns=tuple(dict.fromkeys(columns)),
        conditions=_filters(given, version),
        order=_sort(given, version),
        limit=min(limit, settings.ROWS_PAGE_MAX),
        offset=_number(given, "offset", 0, most=OFFSET_MAX),
        text=_text(given, "q"),
    )


def _filters(given: Given, version: Version) -> tuple[Condition, ...]:
    """``{"column": value}`` or ``{"column": [values]}``: equal to the value, or to one of them."""
    value = given.get("filters") or {}
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            value = None
    if not isinstance(value, dict) or len(value) > conditions.MAX_CONDITIONS:
        raise PARAMETER_NOT_UNDERSTOOD(
            parameter="filters",
            value=str(given.get("filters"))[:80],
            allowed=Said('{"列名": 值, …}', '{"column": value, …}'),
        )
    made = []
    for name, wanted in value.items():
        several = wanted if isinstance(wanted, list) else [wanted]
        if not several or len(several) > conditions.MAX_VALUES:
            raise PARAMETER_NOT_UNDERSTOOD(
                parameter="filters", value=name[:80], allowed=f"1-{conditions.MAX_VALUES} values"
            )
        if several == [None]:
            condition = Condition(name, Op.NULL, ("true",))
        else:
            condition = Condition(name, Op.IN, tuple(_plain(one) for one in several))
        conditions.check(condition, version.types)
        made.append(condition)
    return tuple(made)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _sort(given: Given, version: Version) -> tuple[SortKey, ...]:
    """``a, b desc`` in CKAN's notation."""
    keys = []
    for part in _names(given, "sort"):
        name, direction = part, ""
        if part not in version.types:
            name, _, direction = part.rpartition(" ")
            name = name.strip().strip('"')
        if direction.lower() not in ("", "asc", "desc") or (direction and not name):
            raise PARAMETER_NOT_UNDERSTOOD(
                parameter="sort",
                value=part,
                allowed=Said("列名 [asc|desc], …", "column [asc|desc], …"),
            )
        conditions.check(Condition(name or part, Op.NULL, ("true",)), version.types)
        keys.append(SortKey(name or part, descending=direction.lower() == "desc"))
    if len(keys) > conditions.MAX_SORT_KEYS or len({key.column for key in keys}) < len(keys):
        most = conditions.MAX_SORT_KEYS
        each_once = Said(f"最多 {most} 列，每列一次", f"at most {most} columns, each once")
        raise PARAMETER_NOT_UNDERSTOOD(parameter="sort", value="", allowed=each_once)
    return tuple(keys)


def _content(
    given: Given,
    version: Version,
    query: RowsQuery,
    page: RowsPage,
    names: tuple[str, ...],
    resource: str,
    *,
    count: bool,
) -> bytes:
    texts = page.rows if names == version.names else pages.project(page.rows, names)
    with_id = not query.columns or "_id" in _names(given, "fields")
    if with_id:
        texts = [
            b'{"_id":%d%s%s' % (position + 1, b"," if names else b"", bytes(text)[1:])
            for position, text in zip(page.positions, texts, strict=True)
        ]
    masks = {one.column: {"info": {"masked": one.notation}} for one in version.masks}
    fields = [
        {"id": name, "type": _TYPES[version.types[name]], **masks.get(name, {})} for name in names
    ]
    result: dict[str, Any] = {
        "include_total": count,
        "limit": query.limit,
        "offset": query.offset,
        "records_format": "objects",
        "resource_id": resource,
        "total_estimation_threshold": settings.COUNT_MAX,
        "fields": [{"id": "_id", "type": "int"}, *fields] if with_id else fields,
        "records_truncated": page.cut,
        "_links": _links(given, query, page),
        "version": version.number,
        "manifest_sha256": version.manifest_sha256,
    }
    if count and page.total is not None:
        result["total"] = page.total
        result["total_was_estimated"] = not page.exact
    envelope = {"help": _help(), "success": True}
    return b"".join(
        (
            orjson.dumps(envelope)[:-1],
            b',"result":',
            orjson.dumps(result)[:-1],
            b',"records":[',
            b",".join(texts),
            b"]}}",
        )
    )


def _help() -> str:
    """Where CKAN's clients look up what an action does; the catalogue answers there."""
    return f"{settings.BASE_URL}/api/3/action/help_show?name=datastore_search"


def _links(given: Given, query: RowsQuery, page: RowsPage) -> dict[str, str]:
    plain = {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
    start = {**plain, "limit": str(query.limit)}
    start.pop("offset", None)
    given_out = len(page.rows) if page.cut else query.limit
    following = {**start, "offset": str(query.offset + given_out)}
    return {"start": f"{PATH}?{urlencode(start)}", "next": f"{PATH}?{urlencode(following)}"}


async def problem(send: Send, request: Request, refusal: Refusal) -> None:
    """A refusal in CKAN's envelope.

    CKAN answers wrong arguments with 409, and knows no sealed or withdrawn datasets.
    """
    status = {400: 409, 422: 409, 410: 404, 451: 404}.get(refusal.status, refusal.status)
    sentence = f"{refusal.sentence(request.language)}{refusal.way_out(request.language)}"
    error = {
        "__type": _ERRORS.get(status, "Search Error" if status >= 429 else "Validation Error"),
        "message": sentence,
        "name": refusal.name,
    }
    content = orjson.dumps({"help": _help(), "success": False, "error": error})
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        *http.refusal_headers(refusal),
    ]
    await http.answer(send, request, status, headers, content)


def _text(given: Given, name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PARAMETER_NOT_UNDERSTOOD(
            parameter=name, value=str(value)[:80], allowed=Said("文本", "text")
        )
    return value


def _number(given: Given, name: str, default: int, *, most: int) -> int:
    value = given.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, bool):
        value = str(value)
    return rows.whole_number(name, str(value), least=0, most=most)


def _flag(given: Given, name: str, *, default: bool) -> bool:
    value = given.get(name)
    if value is None or value == "":
        return default
    return value is True or str(value).lower() in ("true", "1", "yes")


def _names(given: Given, name: str) -> list[str]:
    """A list, or a text with commas."""
    value = given.get(name) or []
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise PARAMETER_NOT_UNDERSTOOD(parameter=name, value=str(value)[:80], allowed="a, b")
    return value
