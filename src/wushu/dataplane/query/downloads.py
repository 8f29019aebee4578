"""``GET /data/<slug>.<format>``: a whole table, in constant memory, from the first byte on.

Decides and joins: ``formats`` writes, ``exports`` and ``known`` tell what is known of the bytes,
``ranges`` and ``streaming`` send them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote
from uuid import UUID

from wushu.catalog.selectors import forms
from wushu.dataplane.query import exports, http, marked, pieces, rows
from wushu.dataplane.query import known as known_facts
from wushu.dataplane.query.exports import ExportDiffers, Facts, Run
from wushu.dataplane.query.formats import WRITERS, Table, csv, of_version, parquet
from wushu.dataplane.query.http import Header, Receive, Request, Send
from wushu.dataplane.query.pieces import Chunks, gathered
from wushu.dataplane.query.plane import Plane
from wushu.dataplane.query.ranges import Known, send_known
from wushu.dataplane.query.streaming import Stream
from wushu.dataplane.query.types import (
    FORMAT_NOT_OFFERED,
    PARAMETER_NOT_UNDERSTOOD,
    Access,
    Format,
)
from wushu.dataplane.query.versions import Version, readable_names, version_for
from wushu.dataplane.types import Watermark
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_use

PARAMETERS = ("version", "grant", "guard", "bom")

_TYPES = {
    Format.PARQUET: parquet.CONTENT_TYPE,
    **{one: writer.content_type for one, writer in WRITERS.items()},
}
_MADE_AS_A_WHOLE = (Format.PARQUET, Format.XLSX)
_CSVW = "application/csvm+json"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')


@dataclass(frozen=True, slots=True)
class Asked:
    """The request's parameters."""

    format: Format
    version: int | None
    grant: UUID | None
    guard: bool
    bom: bool

    @property
    def variant(self) -> str:
        """The parameters that change the bytes of the whole table, where they are not the usual."""
        if self.format is not Format.CSV:
            return ""
        return "&".join(["guard=off"] * (not self.guard) + ["bom=on"] * self.bom)


async def respond(
    plane: Plane, request: Request, receive: Receive, send: Send, slug: str, suffix: str
) -> None:
    """Answer one download; refusals before the first byte are raised."""
    asked = _asked(request, suffix)
    access = await plane.admit(request, slug, version=asked.version, grant=asked.grant)
    if access.public:
        note_use(access.dataset, asked.format.value)
    version = await version_for(access)
    names = readable_names(access, version)
    table = of_version(access.slug, version, names, access.row_filter, marked.order_of(access))
    require = await _require_offered(plane, table, asked.format)
    headers = _headers(access, asked)
    # Before what may take long: the grant is asked for again when that has passed.
    stream = Stream(plane, request, receive, send, access, names, count=table.count)
    known = await _known(plane, request, access, version, table, asked)
    if access.public:
        etag = known.etag if known is not None else _weak_etag(access, asked)
        headers.append((b"etag", etag))
        if http.matches(request, etag):
            await http.answer(send, request, 304, headers)
            return
    if known is not None:
        await send_known(stream, known, headers)
        return
    if _resumes(access, asked):
        headers.append((b"accept-ranges", b"bytes"))
    else:
        # RFC 9110, 14.3; why, beside it: a client that resumes must begin anew.
        headers += [
            (b"accept-ranges", b"none"),
            (b"wushu-no-ranges", _why_no_ranges(access)),
        ]
    await stream.send_all(200, headers, lambda: chunks(table, asked), require)


async def _require_offered(plane: Plane, table: Table, asked: Format) -> Callable[[], None] | None:
    """Refuse a format the columns or the number of rows do not allow; what else must be looked at.

    Refusals: ``format-not-offered`` and those of the format itself.
    """
    writer = WRITERS.get(asked)
    if writer is None:
        return None
    offered = [one.suffix for one in forms(table.fields, table.rows)]
    require = None if writer.require is None else partial(writer.require, table)
    if asked.value in offered:
        return require
    if require is not None:
        await plane.in_thread(require)
    raise FORMAT_NOT_OFFERED(format=asked.value, offered=", ".join(f".{one}" for one in offered))


def _why_no_ranges(access: Access) -> bytes:
    """Why it has no ranges: its rows are counted, it is a part, it leaves receipts, or its time will come."""
    if access.quota.rows is not None:
        return b"rows-counted"
    if not access.whole:
        return b"granted-part"
    return b"not-measured-yet" if access.public else b"conditional"


async def _known(
    plane: Plane, request: Request, access: Access, version: Version, table: Table, asked: Asked
) -> Known | None:
    """The stored file, or an export that was measured; None for what is made for this reader."""
    if table.order is not None:
        return await _known_marked(plane, request, access, table, asked)
    if not access.whole or access.quota.rows is not None:  # all rows are counted, a part or not
        return None
    if asked.format is Format.PARQUET:
        return Known(
            version.parquet.stat().st_size,
            version.parquet_sha256,
            partial(pieces.of_file, version.parquet),
        )
    if not access.public:
        return None
    facts = await plane.in_thread(
        known_facts.facts_of, access.version, asked.format.value, asked.variant
    )
    if facts is None:
        return None
    forget = partial(known_facts.forget, access.version, asked.format.value, asked.variant)
    return Known(
        facts.size, facts.sha256, partial(_part, facts, partial(runs, table, asked), forget)
    )


def _resumes(access: Access, asked: Asked) -> bool:
    """Whether a download in its reader's own order can go on where it ended."""
    is_marked = access.watermark is Watermark.ORDER and asked.format not in _MADE_AS_A_WHOLE
    return is_marked and access.quota.rows is None


async def _known_marked(
    plane: Plane, request: Request, access: Access, table: Table, asked: Asked
) -> Known | None:
    """A download in its reader's own order of which a part is asked for; None for all of it."""
    if b"range" not in request.headers or request.head or not _resumes(access, asked):
        return None
    etag = marked.tag(access, asked.format.value, asked.variant)
    make = partial(runs, table, asked)
    facts = await marked.counted(plane, plane.reader(request), access, etag, make)
    if facts is None:
        return None
    return Known(
        facts.size, facts.sha256, partial(_part, facts, make, partial(marked.forget, etag)), etag
    )


def _part(
    facts: Facts,
    make: Callable[[int], Iterator[Run]],
    forget: Callable[[], None],
    first: int,
    past: int,
) -> Chunks:
    """Bytes of an export that was measured; what does not fit the measure is not sent to its end."""
    try:
        yield from gathered(exports.part(facts, first, past, make))
    except ExportDiffers:
        forget()
        raise


def _asked(request: Request, suffix: str) -> Asked:
    offered = [one.value for one in Format]
    if suffix not in offered:
        raise FORMAT_NOT_OFFERED(format=suffix, offered=", ".join(f".{one}" for one in offered))
    http.require_known(request.parameters, PARAMETERS)
    given = http.once(request.parameters)
    bom = given.get("bom", "off")
    if bom not in ("on", "off"):
        raise PARAMETER_NOT_UNDERSTOOD(parameter="bom", value=bom, allowed="on, off")
    return Asked(
        format=Format(suffix),
        version=rows.version_number("version", given.get("version")),
        grant=rows.identifier("grant", given.get("grant")),
        guard=rows.guard_wanted(given.get("guard")),
        bom=bom == "on",
    )


def _headers(access: Access, asked: Asked) -> list[Header]:
    plain = f"{access.slug}-v{access.number}.{asked.format.value}"
    full = f"{_safe(access.title)}-v{access.number}.{asked.format.value}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    headers = [
        (b"content-type", _TYPES[asked.format]),
        (b"content-disposition", disposition.encode()),
        *rows.standing_headers(access),
    ]
    if access.watermark is Watermark.ORDER:
        headers.append((b"wushu-row-order", b"recipient"))
    if _resumes(access, asked):
        headers.append((b"etag", marked.tag(access, asked.format.value, asked.variant)))
    if asked.format is Format.CSV:
        headers.append((b"wushu-formula-guard", b"on" if asked.guard else b"off"))
        # W3C, Model for Tabular Data, 5.2: relative to the file. It speaks of the newest, and of all columns.
        if access.whole and asked.version is None:
            link = f'<{access.slug}.csv-metadata.json>; rel="describedby"; type="{_CSVW}"'
            headers.append((b"link", link.encode()))
    return headers


def _safe(title: str) -> str:
    """The title as part of a file name on any system."""
    return _UNSAFE.sub(" ", title).strip(" .")[:100] or "data"


def _weak_etag(access: Access, asked: Asked) -> bytes:
    """Of what is made on the way."""
    return http.weak_etag([access.content_json, asked.format.value, asked.guard, asked.bom])


def chunks(table: Table, asked: Asked) -> Chunks:
    """The table in pieces of about a quarter of a megabyte."""
    if asked.format is Format.PARQUET:
        return parquet.chunks(table)
    return gathered(run.data for run in runs(table, asked))


def runs(table: Table, asked: Asked, first: int = 0) -> Iterator[Run]:
    """What an export is made of, from its row ``first`` on (from 0; then without what stands before).

    The same arguments always give the same bytes: their digest is told before they are made.
    """
    if asked.format is Format.CSV:
        return csv.runs(table, first, guard=asked.guard, bom=asked.bom)
    return WRITERS[asked.format].runs(table, first)


def passes() -> Iterator[Asked]:
    """Every export that is made in a pass of its own to be measured."""
    for one in WRITERS:
        yield Asked(one, None, None, guard=True, bom=False)
        if one is Format.CSV:
            yield Asked(one, None, None, guard=False, bom=False)


def holds(asked: Format, version: Version) -> bool:
    """Whether the format can hold the whole version; may look at every row."""
    writer = WRITERS[asked]
    table = of_version("", version, version.names)
    if asked.value not in [one.suffix for one in forms(table.fields, table.rows)]:
        return False
    try:
        if writer.require is not None:
            writer.require(table)
    except Refusal:
        return False
    return True


def beginnings(asked: Asked) -> list[tuple[Asked, bytes]]:
    """Exports that differ only in what stands before: they are measured in one pass."""
    same = [(asked, b"")]
    if asked.format is Format.CSV:
        same.append((replace(asked, bom=True), csv.BOM))
    return same
