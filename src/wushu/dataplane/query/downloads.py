"""``GET /data/<slug>.<format>``: a whole table, in constant memory, from the first byte on.

While it streams, the whole question "may this request read this?" is asked again every second; the
connection is broken off when the answer has changed. Who takes nothing, or too little for too long, is
let go: there are only so many places.
"""
# ruff: noqa: S608  (put together from places and clauses; values are parameters)

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import re
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import orjson
from django.conf import settings

from wushu.catalog.selectors import forms
from wushu.catalog.types import FieldType
from wushu.dataplane.ingest.store import working
from wushu.dataplane.query import engine, exports, http, rows, sql
from wushu.dataplane.query import known as known_facts
from wushu.dataplane.query.exports import ExportDiffers, Run
from wushu.dataplane.query.formats import WRITERS, Table, of_version
from wushu.dataplane.query.guard import guarded_sql
from wushu.dataplane.query.http import Header, Receive, Request, Send
from wushu.dataplane.query.plane import Plane
from wushu.dataplane.query.reader import Texts
from wushu.dataplane.query.types import (
    DOWNLOADS_WAITING,
    FORMAT_NOT_OFFERED,
    GRANT_CHANGED,
    PARAMETER_NOT_UNDERSTOOD,
    RANGE_NOT_THERE,
    TOO_MANY_DOWNLOADS,
    Access,
    Format,
    Surface,
)
from wushu.dataplane.query.versions import Version, version_for
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_use

PREFIX = "/data/"
PARAMETERS = ("version", "grant", "guard", "bom")
ASK_AGAIN_SECONDS = 1.0
IDLE_SECONDS = 60.0
"""A client that does not take one piece within this time is let go."""
SLOWEST = 16 * 1024
"""Bytes a second that a client takes on average, the first ``IDLE_SECONDS`` not counted."""

_CHUNK = 256 * 1024
_RUN_ROWS = 2_048
_TYPES = {
    Format.CSV: b"text/csv; charset=utf-8; header=present",
    Format.JSON: b"application/json",
    Format.NDJSON: b"application/x-ndjson",
    Format.PARQUET: b"application/vnd.apache.parquet",
    **{one: writer.content_type for one, writer in WRITERS.items()},
}
_CSVW = "application/csvm+json"
_BOM = "\ufeff".encode()
_RANGE = re.compile(rb"bytes=(\d{0,19})-(\d{0,19})")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')

_log = logging.getLogger(__name__)

Chunks = Generator[bytes, None, None]


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
    names = tuple(n for n in version.names if access.columns is None or n in access.columns)
    require = await _require_offered(plane, access, version, names, asked.format)
    headers = _headers(access, asked)
    known = await _known(plane, access, version, asked)
    etag = _etag(access, asked, known)
    if access.public:
        headers.append((b"etag", etag))
        if http.matches(request, etag):
            await http.answer(send, request, 304, headers)
            return
    stream = Stream(plane, request, receive, send, access, names)
    if known is not None:
        await _send_known(stream, known, headers, etag)
        return
    # RFC 9110, 14.3; why, beside it: a client that resumes must begin anew.
    headers += [
        (b"accept-ranges", b"none"),
        (b"wushu-no-ranges", _why_no_ranges(access)),
    ]
    await stream.send_all(200, headers, lambda: _chunks(access, version, names, asked), require)


async def _require_offered(
    plane: Plane, access: Access, version: Version, names: tuple[str, ...], asked: Format
) -> Callable[[], None] | None:
    """Refuse a format the columns or the number of rows do not allow; what else must be looked at.

    Refusals: ``format-not-offered`` and those of the format itself.
    """
    writer = WRITERS.get(asked)
    if writer is None:
        return None
    table = _table(access, version, names)
    offered = [one.suffix for one in forms(table.fields, table.rows)]
    require = None if writer.require is None else partial(writer.require, table)
    if asked.value in offered:
        return require
    if require is not None:
        await plane.in_thread(require)
    raise FORMAT_NOT_OFFERED(format=asked.value, offered=", ".join(f".{one}" for one in offered))


def _table(access: Access, version: Version, names: tuple[str, ...]) -> Table:
    return of_version(access.slug, version, names, access.row_filter)


def _why_no_ranges(access: Access) -> bytes:
    """Why the download has no ranges: it is a part, it leaves receipts, or its time will come."""
    if not access.whole:
        return b"granted-part"
    return b"not-measured-yet" if access.public else b"conditional"


@dataclass(frozen=True, slots=True)
class _Known:
    """A download whose size and digest are known before it is sent."""

    size: int
    sha256: str
    part: Callable[[int, int], Chunks]
    """The bytes from the first up to one past the last."""


async def _known(plane: Plane, access: Access, version: Version, asked: Asked) -> _Known | None:
    """The stored file, or an export that was measured; None for what is made for this reader."""
    if not access.whole:
        return None
    if asked.format is Format.PARQUET:
        return _Known(
            version.parquet.stat().st_size,
            version.parquet_sha256,
            lambda first, past: _file_chunks(version.parquet, first, past),
        )
    if not access.public:
        return None
    facts = await plane.in_thread(
        known_facts.facts_of, access.version, asked.format.value, asked.variant
    )
    if facts is None:
        return None

    def part(first: int, past: int) -> Chunks:
        def make(row: int) -> Iterator[Run]:
            return runs(access, version, version.names, asked, row)

        try:
            yield from gathered(exports.part(facts, first, past, make))
        except ExportDiffers:
            known_facts.forget(access.version, asked.format.value, asked.variant)
            raise

    return _Known(facts.size, facts.sha256, part)


def _asked(request: Request, suffix: str) -> Asked:
    offered = [one.value for one in Format]
    if suffix not in offered:
        raise FORMAT_NOT_OFFERED(format=suffix, offered=", ".join(f".{one}" for one in offered))
    for name, value in request.parameters:
        if name not in PARAMETERS:
            raise PARAMETER_NOT_UNDERSTOOD(
                parameter=name, value=value, allowed=", ".join(PARAMETERS)
            )
    given = http.once(request.parameters)
    version, grant, bom = given.get("version"), given.get("grant"), given.get("bom", "off")
    if bom not in ("on", "off"):
        raise PARAMETER_NOT_UNDERSTOOD(parameter="bom", value=bom, allowed="on, off")
    return Asked(
        format=Format(suffix),
        version=None
        if version is None
        else rows.whole_number("version", version, least=1, most=2**31 - 1),
        grant=None if grant is None else rows.identifier("grant", grant),
        guard=rows.guard_wanted(given.get("guard")),
        bom=bom == "on",
    )


def _question(request: Request) -> str:
    return f"?{request.query_string.decode('latin-1')}" if request.query_string else ""


def _headers(access: Access, asked: Asked) -> list[Header]:
    plain = f"{access.slug}-v{access.number}.{asked.format.value}"
    full = f"{_safe(access.title)}-v{access.number}.{asked.format.value}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    headers = [
        (b"content-type", _TYPES[asked.format]),
        (b"content-disposition", disposition.encode()),
        *rows.standing_headers(access),
    ]
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


def _etag(access: Access, asked: Asked, known: _Known | None) -> bytes:
    """Strong where every byte is known, which has ranges; weak for what is made on the way."""
    if known is not None:
        return f'"{known.sha256}"'.encode()
    parts = [
        access.manifest_sha256,
        asked.format.value,
        asked.guard,
        asked.bom,
        access.columns,
        [one.as_json() for one in access.row_filter],
    ]
    return b'W/"' + hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32].encode() + b'"'


@dataclass(slots=True)
class _Pace:
    """How fast the client takes what is sent: only the time it is waited for counts."""

    sent: int = 0
    waited: float = 0.0

    async def wait_for(self, sending: Awaitable[None], size: int) -> None:
        """Send so many bytes; ``TimeoutError`` when the client is too slow."""
        allowed = IDLE_SECONDS + self.sent / SLOWEST - self.waited
        begun = time.monotonic()
        async with asyncio.timeout(min(IDLE_SECONDS, allowed)):
            await sending
        self.waited += time.monotonic() - begun
        self.sent += size


@dataclass(slots=True)
class Stream:
    """One answer in pieces, watched over while it goes out."""

    plane: Plane
    request: Request
    receive: Receive
    send: Send
    access: Access
    columns: tuple[str, ...]
    surface: Surface = Surface.DOWNLOAD
    beside: tuple[Access, ...] = ()
    """Other versions whose rows are in the answer; they are asked for and noted like the first."""
    _pace: _Pace = field(default_factory=_Pace, init=False)
    _asked_at: float = field(default_factory=time.monotonic, init=False)
    """When the grant was last asked for."""

    async def send_all(
        self,
        status: int,
        headers: list[Header],
        chunks: Callable[[], Chunks],
        require: Callable[[], None] | None = None,
    ) -> None:
        """Send the pieces; returns early, with the answer incomplete, when reading ends.

        An incomplete answer makes the server close the connection, which tells the client that the
        table is not whole.
        """
        if self.request.head:
            await http.start(self.send, status, headers)
            await self.send({"type": "http.response.body", "body": b""})
            return
        with self._place():
            if require is not None:
                await self.plane.in_thread(require)
            # Not before there is a place: a receipt says that somebody read.
            for access in (self.access, *self.beside):
                await self.plane.receipt(
                    access, surface=self.surface, columns=self.columns,
                    query=self.request.path + _question(self.request),
                )  # fmt: skip
            source = chunks()
            left = asyncio.ensure_future(self._left())
            try:
                piece = await self.plane.in_thread(next, source, b"")
                await self._require_granted()  # the first piece may have taken long to make
                await self._pace.wait_for(http.start(self.send, status, headers), 0)
                await self._send_pieces(source, piece, left)
            except TimeoutError:
                _log.warning("%s: a client took so little that it was let go", self.request.path)
            finally:
                left.cancel()
                await self.plane.in_thread(source.close)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places for downloads; ``too-many-downloads``, ``downloads-waiting``."""
        streams, reader = self.plane.streams, self.plane.reader(self.request)
        if streams[reader] >= settings.DOWNLOADS_PER_READER:
            raise TOO_MANY_DOWNLOADS(limit=settings.DOWNLOADS_PER_READER)
        if streams.total() >= settings.DOWNLOADS_MAX:
            raise DOWNLOADS_WAITING()
        streams[reader] += 1
        try:
            yield
        finally:
            streams[reader] -= 1
            if not streams[reader]:
                del streams[reader]

    async def _left(self) -> None:
        """Ends when the client has closed the connection."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def _send_pieces(self, source: Chunks, piece: bytes, left: asyncio.Future[None]) -> None:
        while piece:
            if left.done():
                return
            try:
                await self._require_granted()
            except Refusal as refusal:
                _log.warning("%s: broken off, %s", self.request.path, refusal.name)
                return
            message = {"type": "http.response.body", "body": piece, "more_body": True}
            await self._pace.wait_for(self.send(message), len(piece))
            piece = await self.plane.in_thread(next, source, b"")
        await self._pace.wait_for(self.send({"type": "http.response.body", "body": b""}), 0)

    async def _require_granted(self) -> None:
        """Ask again once ``ASK_AGAIN_SECONDS`` have passed: ``grant-changed`` and those of ``decide``."""
        if time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS:
            return
        for held in (self.access, *self.beside):
            now = await self.plane.admit(
                self.request, held.dataset, version=held.number, grant=held.grant
            )
            if (now.version, now.columns, now.row_filter) != (
                held.version,
                held.columns,
                held.row_filter,
            ):
                raise GRANT_CHANGED(dataset=held.slug)
        self._asked_at = time.monotonic()


async def _send_known(stream: Stream, known: _Known, headers: list[Header], etag: bytes) -> None:
    """The whole, or the part of it that is asked for (RFC 9110, 14), with its digest (RFC 9530)."""
    digest = b"sha-256=:" + base64.b64encode(bytes.fromhex(known.sha256)) + b":"
    headers += [(b"accept-ranges", b"bytes"), (b"repr-digest", digest)]
    span = _span(stream.request, known.size, etag)
    if span is None:
        raise RANGE_NOT_THERE(size=known.size)
    first, past = span
    status = 200 if (first, past) == (0, known.size) else 206
    if status == 206:
        headers.append((b"content-range", f"bytes {first}-{past - 1}/{known.size}".encode()))
    else:
        headers.append((b"content-digest", digest))
    headers.append((b"content-length", str(past - first).encode()))
    await stream.send_all(status, headers, lambda: known.part(first, past))


def _span(request: Request, size: int, etag: bytes) -> tuple[int, int] | None:
    """First byte and one past the last; None for a range that cannot be met."""
    asked = None if request.head else request.headers.get(b"range")  # RFC 9110, 14.2: of GET only
    if asked is None or request.headers.get(b"if-range", etag) != etag:
        return 0, size
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == (b"", b""):
        return 0, size  # several ranges, or another unit: the whole file is an allowed answer
    first, last = found.groups()
    if not first:
        begin, past = max(0, size - int(last)), size
    else:
        begin, past = int(first), min(size, int(last) + 1 if last else size)
    return (begin, past) if begin < past else None


def _file_chunks(path: Path, first: int, past: int) -> Chunks:
    with path.open("rb") as file:
        file.seek(first)
        while first < past and (piece := file.read(min(_CHUNK, past - first))):
            first += len(piece)
            yield piece


def _chunks(access: Access, version: Version, names: tuple[str, ...], asked: Asked) -> Chunks:
    """The table in pieces of about a quarter of a megabyte."""
    if asked.format is Format.PARQUET:
        return _parquet(access, version, names)
    return gathered(run.data for run in runs(access, version, names, asked))


def runs(
    access: Access, version: Version, names: tuple[str, ...], asked: Asked, first: int = 0
) -> Iterator[Run]:
    """What an export is made of, from its row ``first`` on (from 0; then without what stands before).

    The same arguments always give the same bytes: their digest is told before they are made.
    """
    match asked.format:
        case Format.CSV:
            return _csv(access, version, names, asked, first)
        case Format.NDJSON:
            return _json_rows(access, version, names, before="", after="\n", first=first)
        case Format.JSON:
            return _json(access, version, names, first)
        case Format.PARQUET:
            raise ValueError("a Parquet file is made as a whole")
        case other:
            return WRITERS[other].runs(_table(access, version, names), first)


def measured(version: Version) -> Iterator[Asked]:
    """Every export of a version that is made in a pass of its own to be measured."""
    for one in Format:
        if one is Format.CSV:
            yield Asked(one, None, None, guard=True, bom=False)
            yield Asked(one, None, None, guard=False, bom=False)
        elif one is not Format.PARQUET and _holds(one, version):
            yield Asked(one, None, None, guard=True, bom=False)


def _holds(asked: Format, version: Version) -> bool:
    """Whether the format can hold the whole version."""
    writer = WRITERS.get(asked)
    if writer is None:
        return True
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
        same.append((replace(asked, bom=True), _BOM))
    return same


def gathered(pieces: Iterator[bytes]) -> Chunks:
    """The first piece at once, the others in larger ones, none larger than ``_CHUNK``."""
    waiting: list[bytes] = []
    size = 0
    first = True
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _CHUNK or first:
            yield from _cut(b"".join(waiting))
            waiting, size, first = [], 0, False
    if waiting:
        yield from _cut(b"".join(waiting))


def _cut(piece: bytes) -> Iterator[bytes]:
    """Rows may be long: no piece is larger than a client must take in ``IDLE_SECONDS``."""
    for first in range(0, len(piece), _CHUNK):
        yield piece[first : first + _CHUNK]


def _json(access: Access, version: Version, names: tuple[str, ...], first: int) -> Iterator[Run]:
    """One JSON list; which version it is of stands in the headers."""
    begun = first > 0
    for run in _json_rows(access, version, names, before=",\n", after="", first=first):
        yield run if begun else Run(run.rows, b"[" + run.data[1:])
        begun = True
    yield Run(0, b"\n]\n" if begun else b"[]\n")


def _json_rows(
    access: Access, version: Version, names: tuple[str, ...], *, before: str, after: str, first: int
) -> Iterator[Run]:
    """Rows as JSON texts: from the serving file where the whole table goes out, else by a scan."""
    if access.whole and version.reader is not None:
        head, between, last = before.encode(), (after + before).encode(), after.encode()
        for texts in version.reader.runs(_RUN_ROWS, first):
            yield Run(len(texts), head + between.join(texts) + last)
        return
    row = engine.json_row(version.fields, [version.columns[name].place for name in names])
    line = f"{engine.literal(before)} || {row} || {engine.literal(after)}"
    with _lines(access, version, line, first) as pieces:
        yield from pieces


def _csv(
    access: Access, version: Version, names: tuple[str, ...], asked: Asked, first: int
) -> Iterator[Run]:
    """RFC 4180. An empty cell is no value, ``""`` an empty text."""
    if not first:
        head = rows.csv_line(names, guard=asked.guard)
        yield Run(0, (_BOM if asked.bom else b"") + head.encode())
    cells = " || ',' || ".join(_csv_cell(version.columns[name], asked.guard) for name in names)
    with _lines(access, version, f"{cells} || chr(13) || chr(10)", first) as pieces:
        yield from pieces


def _csv_cell(column: sql.Column, guard: bool) -> str:
    cell = engine.text_cell(column.place, column.type)
    if column.type is not FieldType.TEXT:
        return f"coalesce({cell}, '')"
    text = guarded_sql(cell) if guard else cell
    marks = " OR ".join(
        f"contains({cell}, {mark})" for mark in ("','", "'\"'", "chr(10)", "chr(13)")
    )
    return (
        f"coalesce(CASE WHEN {cell} = '' OR {marks} "
        f"THEN '\"' || replace({text}, '\"', '\"\"') || '\"' ELSE {text} END, '')"
    )


@contextmanager
def _lines(
    access: Access, version: Version, expression: str, first: int
) -> Iterator[Iterator[Run]]:
    """The expression's text of each row the grant allows, one after the other, some at a time.

    ``first``: the place in the version to begin at. Row groups before it are not read.
    """
    matching = sql.where(access.row_filter, version.columns)
    filtered = bool(access.row_filter)
    with engine.connect(memory="256MB") as db:
        relation = db.sql(
            f"SELECT {expression} AS line, {engine.POSITION} "
            f"FROM {engine.table(version.parquet, version.fields)} "
            f"WHERE {engine.POSITION} >= {first} AND {matching.sql}",
            params=list(matching.params),
        )
        with relation.to_arrow_reader(_RUN_ROWS) as batches:
            ordered = engine.in_order(batches, gaps=filtered, first=first)
            yield (Run(len(lines), Texts(lines).together) for lines in ordered)


def _parquet(access: Access, version: Version, names: tuple[str, ...]) -> Chunks:
    """A Parquet file with the granted columns and rows, made first, then sent."""
    matching = sql.where(access.row_filter, version.columns)
    cells = ", ".join(
        f'c{version.columns[name].place} AS "{name.replace(chr(34), chr(34) * 2)}"'
        for name in names
    )
    # Where a killed process's files are swept away: these may hold rows that are not public.
    with working(f"download-{uuid4().hex}") as folder:
        path = folder / "data.parquet"
        with engine.connect(temporary=folder / "spill") as db:
            db.execute(
                f"COPY (SELECT {cells} FROM {engine.table(version.parquet, version.fields)} "
                f"WHERE {matching.sql} ORDER BY {engine.POSITION}) TO {engine.literal(str(path))} "
                "(FORMAT parquet, COMPRESSION zstd)",
                list(matching.params),
            )
        with closing(_file_chunks(path, 0, path.stat().st_size)) as chunks:
            yield from chunks
