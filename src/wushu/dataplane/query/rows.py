"""``GET /api/v1/datasets/<slug>/rows``: a page of rows, filtered, sorted, by keyset cursor."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ParamSpec
from urllib.parse import quote, urlencode
from uuid import UUID

import orjson
from django.conf import settings

from wushu.dataplane.query import conditions, http, pages
from wushu.dataplane.query.formats import WRITERS, csv, paging
from wushu.dataplane.query.http import Header, Request, Send
from wushu.dataplane.query.plane import Plane, cursor_key
from wushu.dataplane.query.types import (
    FORMAT_NOT_OFFERED,
    PARAMETER_NOT_UNDERSTOOD,
    Access,
    Format,
    RowsPage,
    RowsQuery,
    Surface,
)
from wushu.dataplane.query.versions import Version, readable_names, version_for
from wushu.dataplane.usage import types as usage
from wushu.kernel import cursors
from wushu.kernel.noting import note_rows, note_use

Params = ParamSpec("Params")

DEFAULT_LIMIT = 100
PARAMETERS = ("select", "filter", "sort", "limit", "cursor", "version", "grant", "format", "guard")
_REPEATABLE = ("select", "filter", "sort")
PAGE_CUT = "rows-page-max"
"""Ceiling named in an answer whose ``limit`` was cut to ``ROWS_PAGE_MAX``."""
BYTES_CUT = "rows-page-bytes"
"""Ceiling named in an answer that ends before its ``limit`` because of ``PAGE_BYTES``."""
PAGE_BYTES = 4 * 1024 * 1024
"""Most bytes of rows on one page, of which one row may be more."""
VERSIONS_MOST = 2**31 - 1
_KEPT_LENGTH = 512
"""Longer questions are read anew each time: what is kept of questions must not fill the memory."""

VARY = (b"vary", b"accept, accept-encoding, authorization, x-ckan-api-key, cookie")
_TYPES = {
    **{one: WRITERS[one].content_type for one in (Format.JSON, Format.NDJSON, Format.CSV)},
    **paging.PAGED,
}
_PLAIN = re.compile(rb"[A-Za-z0-9%&=:+,._~-]*")
_ACCEPTED = {
    "application/json": Format.JSON,
    "application/x-ndjson": Format.NDJSON,
    "application/ndjson": Format.NDJSON,
    "text/csv": Format.CSV,
    **{content_type.decode(): one for one, content_type in paging.PAGED.items()},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The request's parameters, before the dataset's columns are known."""

    format: Format
    version: int | None
    grant: UUID | None
    limit: int
    ceilings: tuple[str, ...]
    cursor: str
    guard: bool
    given: tuple[tuple[str, str], ...]
    reusable: bool
    """The query string can stand in the next page's address as it is."""

    def all(self, name: str) -> list[str]:
        """Every value given for a parameter."""
        return [value for key, value in self.given if key == name]


async def respond(plane: Plane, request: Request, send: Send, slug: str) -> None:
    """Answer one request for rows; refusals are raised."""
    short = len(request.query_string) <= _KEPT_LENGTH
    asked = (_asked if short else _read)(
        request.query_string, _accepted(request.text(b"accept")), settings.ROWS_PAGE_MAX
    )
    access = await plane.admit(request, slug, version=asked.version, grant=asked.grant)
    if access.public:
        note_use(access.dataset, usage.ROWS)
    version = await version_for(access)
    etag = _etag(request, asked, access)
    if access.public and http.matches(request, etag):
        await http.answer(send, request, 304, _headers(access, asked, etag, asked.ceilings))
        return
    query, context, after = _query(asked, version, access)
    names = delivered(query, access, version)
    paging.require_paged(asked.format, version, names)
    page = await fetch(plane, request, access, version, query, after)
    content = await _written(plane, asked.format, access, version, page, names)
    # HEAD too: the length of an answer, and whether another follows, tell of the rows
    quota = await plane.receipt(
        access, surface=Surface.ROWS, columns=names, rows=len(page.rows),
        query=request.query_string.decode("latin-1"),
    )  # fmt: skip
    ceilings = (*asked.ceilings, BYTES_CUT) if page.cut else asked.ceilings
    headers = [*_headers(access, asked, etag, ceilings), *quota]
    following = _next(request, asked, version, context, page) if page.more else None
    if following:
        headers.append((b"link", f'<{following}>; rel="next"'.encode()))
    if content is None:
        content = await made(
            page, _content, asked, access, version, page, names, ceilings, following
        )
    await http.answer(send, request, 200, headers, content)


async def _written(
    plane: Plane,
    asked: Format,
    access: Access,
    version: Version,
    page: RowsPage,
    names: tuple[str, ...],
) -> bytes | None:
    """The page as one of ``paging.PAGED``, which may refuse it; None for the plain forms."""
    if asked not in paging.PAGED:
        return None
    return await plane.in_thread(paging.written, asked, access.slug, version, page.rows, names)


async def made(
    page: RowsPage,
    make: Callable[Params, bytes],
    *args: Params.args,
    **kwargs: Params.kwargs,
) -> bytes:
    """The answer's text, made in a thread where the page is large."""
    if page.size > http.APART_FROM:
        return await asyncio.to_thread(make, *args, **kwargs)
    return make(*args, **kwargs)


async def fetch(
    plane: Plane,
    request: Request,
    access: Access,
    version: Version,
    query: RowsQuery,
    after: int | None,
    *,
    count: bool = False,
) -> RowsPage:
    """The page, from indexes on this thread where they can tell, else by a scan.

    It ends early where its rows are more than ``PAGE_BYTES``. Refusals: ``query-too-slow``,
    ``readers-waiting``, ``too-many-scans``, ``query-too-large``.
    """
    found = pages.point(version, query, after)
    if found is None:
        found = await plane.scans.run(
            lambda db: pages.scan(db, version, query, after, count=count),
            reader=plane.reader(request),
            seconds=settings.QUERY_SECONDS,
            dataset=access.slug,
        )
    page = found.within(PAGE_BYTES)
    note_rows(len(page.rows))
    return page


def delivered(query: RowsQuery, access: Access, version: Version) -> tuple[str, ...]:
    """Names of the columns that go out, in their order."""
    return query.columns or readable_names(access, version)


def standing_headers(access: Access) -> list[Header]:
    """Which version this is, and who may keep the answer."""
    headers = [
        (b"wushu-version", str(access.number).encode()),
        (b"wushu-manifest-sha256", access.manifest_sha256.encode()),
        VARY,
    ]
    if access.public:
        headers += [(b"cache-control", b"public, no-cache"), (b"access-control-allow-origin", b"*")]
    else:
        headers.append((b"cache-control", b"private, no-store"))
    if access.masks:
        headers.append((b"wushu-masked", masked(access)))
    return headers


def masked(access: Access) -> bytes:
    """Which columns are shown masked, and how: names percent-encoded, ``%E7%94%B5=keep:3:4``."""
    return ", ".join(
        f"{quote(one.column, safe='')}={one.notation}" for one in access.masks
    ).encode()


def whole_number(parameter: str, text: str, *, least: int, most: int) -> int:
    """A parameter that is a number; refusal ``parameter-not-understood``."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and least <= int(text) <= most):
        raise PARAMETER_NOT_UNDERSTOOD(parameter=parameter, value=text, allowed=f"{least}-{most}")
    return int(text)


def version_number(parameter: str, text: str | None) -> int | None:
    """A parameter that is the number of a version, if it is given; refusal as ``whole_number``."""
    return None if text is None else whole_number(parameter, text, least=1, most=VERSIONS_MOST)


def identifier(parameter: str, text: str | None) -> UUID | None:
    """A parameter that is a UUID, if it is given; refusal ``parameter-not-understood``."""
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise PARAMETER_NOT_UNDERSTOOD(parameter=parameter, value=text, allowed="UUID") from None


def _read(query_string: bytes, accepted: Format, page_max: int) -> Asked:
    """Read the parameters."""
    given = tuple(http.pairs(query_string))
    http.require_known(given, PARAMETERS)
    single = http.once(given, _REPEATABLE)
    limit = whole_number("limit", single.get("limit", str(DEFAULT_LIMIT)), least=1, most=10**12)
    return Asked(
        format=_format(single.get("format"), accepted),
        version=version_number("version", single.get("version")),
        grant=identifier("grant", single.get("grant")),
        limit=min(limit, page_max),
        ceilings=(PAGE_CUT,) if limit > page_max else (),
        cursor=single.get("cursor", ""),
        guard=guard_wanted(single.get("guard")),
        given=given,
        reusable=not {"cursor", "version"} & single.keys()
        and _PLAIN.fullmatch(query_string) is not None,
    )


_asked = lru_cache(maxsize=1024)(_read)


def guard_wanted(text: str | None) -> bool:
    """Whether CSV cells are guarded; refusal ``parameter-not-understood``."""
    if text not in (None, "on", "off"):
        raise PARAMETER_NOT_UNDERSTOOD(parameter="guard", value=text, allowed="on, off")
    return text != "off"


def _format(name: str | None, accepted: Format) -> Format:
    if name is None:
        return accepted
    offered = [one.value for one in _TYPES]
    if name not in offered:
        raise FORMAT_NOT_OFFERED(format=name, offered=", ".join(offered))
    return Format(name)


def _accepted(accept: str) -> Format:
    """The first form offered here that the client names; JSON when it names none.

    Browsers name XML after HTML, meaning pages: that is no wish for it.
    """
    named = [part.partition(";")[0].strip() for part in accept.lower().split(",")]
    for one in named:
        found = _ACCEPTED.get(one)
        if found is not None and not (found is Format.XML and "text/html" in named):
            return found
    return Format.JSON


def _query(asked: Asked, version: Version, access: Access) -> tuple[RowsQuery, str, int | None]:
    """The query within the grant, its cursors' context, the position after which the page begins."""
    if len(filters := asked.all("filter")) > conditions.MAX_CONDITIONS:
        raise PARAMETER_NOT_UNDERSTOOD(
            parameter="filter", value=f"× {len(filters)}", allowed=f"0-{conditions.MAX_CONDITIONS}"
        )
    query = RowsQuery(
        columns=conditions.selection(",".join(asked.all("select")), version.types),
        conditions=tuple(conditions.condition(text, version.types) for text in filters),
        order=conditions.order(",".join(asked.all("sort")), version.types),
        limit=asked.limit,
    )
    conditions.require_granted(query, access)
    context = _context(version, query)
    query = pages.with_filter(query, access.row_filter)
    if not asked.cursor:
        return query, context, None
    (position,) = cursors.decode(asked.cursor, context, key=cursor_key())
    if not isinstance(position, int) or not 0 <= position < version.rows:
        raise cursors.CURSOR_INVALID()
    return query, context, position


def _context(version: Version, query: RowsQuery) -> str:
    """What a cursor belongs to: version, filters and order, not the page's length or columns."""
    parts: list[Any] = [
        version.id.hex,
        [one.as_json() for one in query.conditions],
        [(key.column, key.descending) for key in query.order],
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def _next(request: Request, asked: Asked, version: Version, context: str, page: RowsPage) -> str:
    """Address of the following page, of the same version even when a newer one is listed."""
    cursor = cursors.encode([page.positions[-1]], context, key=cursor_key())
    if asked.reusable:
        kept = request.query_string.decode("ascii") + "&" * bool(asked.given)
    else:
        rest = [(name, value) for name, value in asked.given if name not in ("cursor", "version")]
        kept = urlencode(rest) + "&" * bool(rest)
    return f"{request.path}?{kept}version={version.number}&cursor={cursor}"


def _etag(request: Request, asked: Asked, access: Access) -> bytes:
    parts: list[Any] = [
        access.content_json,
        request.query_string.decode("latin-1"),
        asked.format.value,
        asked.limit,
    ]
    return http.weak_etag(parts)


def _headers(access: Access, asked: Asked, etag: bytes, ceilings: tuple[str, ...]) -> list[Header]:
    headers = [(b"content-type", _TYPES[asked.format]), *standing_headers(access)]
    if access.public:
        headers.append((b"etag", etag))
    if ceilings:
        headers.append((b"wushu-ceilings", ", ".join(ceilings).encode()))
    return headers


def _content(
    asked: Asked,
    access: Access,
    version: Version,
    page: RowsPage,
    names: tuple[str, ...],
    ceilings: tuple[str, ...],
    following: str | None,
) -> bytes:
    if asked.format is Format.CSV:
        return csv.page(page.rows, names, guard=asked.guard)
    rows: Sequence[bytes | memoryview] = page.rows
    if names != version.names:
        rows = pages.project(rows, names)
    if asked.format is Format.NDJSON:
        return b"".join(part for row in rows for part in (row, b"\n"))
    facts = {"total": page.total, "ceilings": ceilings, "next": following}
    return b"".join(
        (
            _opening(access.slug, version, names)
            if not version.masks
            else _opened(access.slug, version, names),
            orjson.dumps(facts)[1:-1],
            b',"rows":[',
            b",".join(rows),
            b"]}",
        )
    )


def _opened(slug: str, version: Version, names: tuple[str, ...]) -> bytes:
    """The part of an answer that is the same for every page of a version."""
    masks = {one.column: {"masked": one.notation} for one in version.masks}
    document = {
        "dataset": slug,
        "id": f"urn:uuid:{version.dataset}",
        "version": version.number,
        "manifest_sha256": version.manifest_sha256,
        "columns": [
            {"name": name, "type": version.types[name].value, **masks.get(name, {})}
            for name in names
        ],
    }
    return orjson.dumps(document)[:-1] + b","


_opening = lru_cache(maxsize=256)(_opened)
