"""``GET /api/v1/datasets/<slug>/delta``: what changed from one version to another, row by row.

NDJSON: a line that says what is compared, one line for each row that was added, removed or changed, in the
order of the newer version, and a last line with their numbers: without it the answer was broken off.

Rows are the same by their key columns, where both versions have them and the reader may read them; rows
that share a key, and rows of a table without one, are told apart by how often they occurred before. Version 0
is the table before its first row, so that ``from=0`` gives everything.
"""
# ruff: noqa: S608  (put together from places and clauses; values are parameters)

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

import duckdb
import orjson

from wushu.dataplane.query import engine, http, rows, sql
from wushu.dataplane.query.http import Header, Receive, Request, Send
from wushu.dataplane.query.pieces import gathered
from wushu.dataplane.query.plane import Plane
from wushu.dataplane.query.reader import Texts
from wushu.dataplane.query.streaming import Stream
from wushu.dataplane.query.types import (
    QUERY_TOO_LARGE,
    QUERY_TOO_SLOW,
    Access,
    Surface,
)
from wushu.dataplane.query.versions import Version, readable_names, version_for
from wushu.dataplane.quoting import literal
from wushu.dataplane.usage import types as usage
from wushu.kernel.noting import note_use

PARAMETERS = ("from", "to", "grant")
SECONDS = 120.0
"""How long two versions may be compared before the first line."""

_BATCH_ROWS = 2_048
_OPS = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions as the reader may read it."""

    access: Access
    version: Version

    @property
    def names(self) -> tuple[str, ...]:
        """Columns the reader may read, in the order of the table."""
        return readable_names(self.access, self.version)


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared, and by what rows are the same."""

    old: Side | None
    """None: nothing was there before."""
    new: Side
    names: tuple[str, ...]
    """Columns both have, in the order of the newer."""
    keys: tuple[str, ...]
    """Empty: whole rows."""

    def head(self) -> dict[str, Any]:
        """The first line."""
        before = self.old.names if self.old is not None else self.names
        return {
            "from": self.old.access.number if self.old is not None else 0,
            "to": self.new.access.number,
            "key": list(self.keys),
            "columns": list(self.names),
            "columns_added": [one for one in self.new.names if one not in before],
            "columns_removed": [one for one in before if one not in self.new.names],
        }


async def respond(plane: Plane, request: Request, receive: Receive, send: Send, slug: str) -> None:
    """Answer one request; refusals before the first line are raised."""
    first, last, grant = _asked(request)
    new = await _side(plane, request, slug, last, grant)
    old = None if first == 0 else await _side(plane, request, slug, first, grant)
    compared = compare(old, new)
    headers = _headers(compared)
    if new.access.public:
        note_use(new.access.dataset, usage.ROWS)
    stream = Stream(
        plane, request, receive, send, new.access, compared.names, partial(count, compared),
        Surface.DELTA,
        () if old is None or old.access.number == new.access.number else (old.access,),
    )  # fmt: skip
    await stream.send_all(200, headers, lambda: gathered(lines(compared)))


async def _side(
    plane: Plane, request: Request, slug: str, number: int | None, grant: UUID | None
) -> Side:
    access = await plane.admit(request, slug, version=number, grant=grant)
    return Side(access, await version_for(access))


def _asked(request: Request) -> tuple[int, int | None, UUID | None]:
    http.require_known(request.parameters, PARAMETERS)
    given = http.once(request.parameters)
    return (
        rows.whole_number("from", given.get("from", ""), least=0, most=rows.VERSIONS_MOST),
        rows.version_number("to", given.get("to")),
        rows.identifier("grant", given.get("grant")),
    )


def _headers(compared: Compared) -> list[Header]:
    """Of the newer version; the tag changes with either."""
    new, old = compared.new.access, compared.old.access if compared.old is not None else None
    headers = [(b"content-type", b"application/x-ndjson"), *rows.standing_headers(new)]
    if new.public:
        parts = [new.manifest_sha256, old.manifest_sha256 if old is not None else "", new.columns]
        headers.append((b"etag", http.weak_etag(parts)))
    return headers


def compare(old: Side | None, new: Side) -> Compared:
    """Which columns of two versions are compared, and by which of them rows are the same."""
    names = tuple(one for one in new.names if old is None or one in old.names)
    keys = tuple(one.name for one in new.version.fields if one.key)
    same = all(
        one in names and (old is None or old.version.types[one] is new.version.types[one])
        for one in keys
    )
    return Compared(old, new, names, keys if same else ())


def lines(compared: Compared) -> Iterator[bytes]:
    """The answer's lines, some at a time. Refusals: ``query-too-slow``, ``query-too-large``."""
    counts: Counter[str] = Counter(dict.fromkeys(_OPS, 0))
    with engine.connect() as db, _differences(db, compared) as batches:
        yield orjson.dumps(compared.head()) + b"\n"
        for batch in batches:
            counts.update(_OPS[op] for op in batch.column(1).to_pylist())
            yield Texts(batch.column(0)).together
    yield orjson.dumps({"end": True, **counts}) + b"\n"


def count(compared: Compared) -> int:
    """How many lines tell of rows. Refusals as ``lines``."""
    with engine.connect() as db, _differences(db, compared) as batches:
        return sum(batch.num_rows for batch in batches)


@contextmanager
def _differences(db: duckdb.DuckDBPyConnection, compared: Compared) -> Iterator[Iterator[Any]]:
    """Batches of lines with the places of their kinds in ``_OPS``; the work is done when this begins."""
    statement, params = _statement(compared)
    over = threading.Event()

    def stop() -> None:
        over.set()
        db.interrupt()

    alarm = threading.Timer(SECONDS, stop)
    alarm.start()
    try:
        with db.sql(statement, params=params).to_arrow_reader(_BATCH_ROWS) as reader:
            first = next(iter(reader), None)
            alarm.cancel()
            if over.is_set():  # before it had begun, perhaps
                raise duckdb.InterruptException("its time was over")
            yield (one for one in chain([first] if first else [], reader) if one.num_rows)
    except duckdb.InterruptException:
        slug = compared.new.access.slug
        raise QUERY_TOO_SLOW(seconds=f"{SECONDS:g}", dataset=slug) from None
    except duckdb.OutOfMemoryException:
        raise QUERY_TOO_LARGE(dataset=compared.new.access.slug) from None
    finally:
        alarm.cancel()


def _statement(compared: Compared) -> tuple[str, list[Any]]:
    """Rows that only one side has, and those whose text differs, in the order of the newer.

    Rows are compared by digests of their texts, which are small; texts are made again for those that
    differ. The digests are salted, so that nobody can prepare rows that seem the same.
    """
    salt = secrets.token_hex(32)
    old, nothing = compared.old or compared.new, compared.old is None
    before, params = _digests(old, compared, salt, nothing=nothing)
    after, more = _digests(compared.new, compared, salt, nothing=False)
    return (
        f"WITH a AS ({before}), b AS ({after}), d AS MATERIALIZED ("
        "SELECT a.pos AS old, b.pos AS new FROM a FULL JOIN b ON a.same = b.same AND a.nth = b.nth "
        "WHERE a.pos IS NULL OR b.pos IS NULL OR a.digest <> b.digest) "
        "SELECT CASE WHEN d.old IS NULL "
        """THEN '{"op":"added","row":' || y.line WHEN d.new IS NULL """
        """THEN '{"op":"removed","row":' || x.line """
        """ELSE '{"op":"changed","before":' || x.line || ',"after":' || y.line END """
        "|| '}' || chr(10) AS text, "
        "CASE WHEN d.old IS NULL THEN 0 WHEN d.new IS NULL THEN 1 ELSE 2 END AS op "
        f"FROM d LEFT JOIN ({_texts(old, compared)}) AS x ON x.pos = d.old "
        f"LEFT JOIN ({_texts(compared.new, compared)}) AS y ON y.pos = d.new "
        "ORDER BY coalesce(d.new, d.old), op"
    ), [*params, *more]


def _digests(side: Side, compared: Compared, salt: str, *, nothing: bool) -> tuple[str, list[Any]]:
    """Of the rows the reader may read: what makes them the same, which of those each is, and all of it."""
    matching = sql.where(side.access.row_filter, side.version.columns)

    def digest(names: tuple[str, ...]) -> str:
        return f"md5_number({literal(salt)} || {_text(side, names)})"

    return (
        "SELECT same, digest, pos, row_number() OVER (PARTITION BY same ORDER BY pos) AS nth FROM ("
        f"SELECT {digest(compared.keys or compared.names)} AS same, "
        f"{digest(compared.names)} AS digest, {engine.POSITION} AS pos FROM {_table(side)} "
        f"WHERE {matching.sql}{' AND false' if nothing else ''})"
    ), list(matching.params)


def _texts(side: Side, compared: Compared) -> str:
    return f"SELECT {engine.POSITION} AS pos, {_text(side, compared.names)} AS line FROM {_table(side)}"


def _text(side: Side, names: tuple[str, ...]) -> str:
    columns = [side.version.columns[name] for name in names]
    return engine.json_row((one.name, one.place, one.type) for one in columns)


def _table(side: Side) -> str:
    return side.version.source
