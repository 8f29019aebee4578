"""A whole catalogue, read to its end before anything of it is believed.

What was read lies in a file of its own; memory holds each identifier with its digest and place.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import IO

from django.conf import settings

from wushu import __version__
from wushu.harvest.models import Source
from wushu.harvest.reading import READERS, Address, Deleted, Fetch, Found, Unread, day_of
from wushu.harvest.refusals import HARVEST_TOO_MUCH
from wushu.harvest.types import Description, Skipped, SourceKind
from wushu.kernel.canonical import canonical_json
from wushu.kernel.errors import Refusal, Said
from wushu.kernel.outgoing.client import Answer, Client, Limits

PAGE_LIMITS = Limits(body_bytes=16 * 1024**2, seconds=60.0)
"""Of one answer."""
PAGES_MAX = 5_000
BYTES_MAX = 2 * 1024**3
RECORDS_MAX = 200_000
SECONDS_MAX = 3_600.0
"""Of one run."""
TRIES = 4
"""How often one address is asked that answers "later"."""
WAIT_MAX = 60
"""Seconds that a source may ask to wait; for one that asks for more the run ends."""
SKIPPED_SHOWN = 50

Alive = Callable[[], None]
"""Called between two answers; refuses when the run is to end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a description lies in the file, and what it is worth comparing."""

    digest: str
    offset: int


@dataclass
class Collected:
    """What a source gave."""

    spool: IO[bytes]
    since: str = ""
    """Only what changed since this day is here; empty: everything."""
    until: str = ""
    """The source's day, if it can be asked for changes the next time."""
    places: dict[str, Place] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0

    def description(self, identifier: str) -> Description:
        """What was read of one."""
        self.spool.seek(self.places[identifier].offset)
        return Description.from_json(json.loads(self.spool.readline()))


def collect(source: Source, client: Client | None, alive: Alive, *, since: str = "") -> Collected:
    """Read the source to its end; refusals of the reader, the client and ``harvest-too-much``.

    ``since``: ask only for what changed since this day, if the source forgets no deletion. The caller
    closes the file.
    """
    kind = SourceKind(source.kind)
    address = Address(source.url, source.prefix, source.set)
    asking = client or Client(settings.OUTGOING, PAGE_LIMITS)
    # Closed by whoever collects, on every way out of it.
    found = Collected(tempfile.TemporaryFile())  # noqa: SIM115
    try:
        fetch = _bounded(asking, address.host, alive)
        # What leaves a set is no deletion, and need not be told.
        if kind is SourceKind.OAI_PMH and not address.set:
            found.until = day_of(address, fetch)
            found.since = since if found.until else ""
        for one in READERS[kind](replace(address, since=found.since), fetch):
            _keep(found, one)
            if len(found.places) + len(found.deleted) + len(found.unread) > RECORDS_MAX:
                raise _too_much(address.host, f"{RECORDS_MAX} 条", f"{RECORDS_MAX} records")
    except BaseException:
        found.spool.close()
        raise
    return found


def _keep(found: Collected, one: Found) -> None:
    match one:
        case Deleted():
            found.deleted.add(one.identifier)
        case Unread():
            found.unread.add(one.identifier)
            _skip(found, one.identifier, one.reason)
        case Description() if one.identifier in found.places:
            _skip(found, one.identifier, Said("同一标识出现两次，用了前一条",
                                              "its identifier came twice; the first was taken"))  # fmt: skip
        case Description():
            offset = found.spool.seek(0, 2)
            body = canonical_json(one.as_json())
            found.spool.write(body + b"\n")
            found.places[one.identifier] = Place(hashlib.sha256(body).hexdigest(), offset)


def _skip(found: Collected, identifier: str, reason: Said) -> None:
    found.skipped_count += 1
    if len(found.skipped) < SKIPPED_SHOWN:
        found.skipped.append(Skipped(identifier[:200], reason("zh"), reason("en")))


def _bounded(client: Client, host: str, alive: Alive) -> Fetch:
    pages = received = 0
    until = time.monotonic() + SECONDS_MAX
    # Who is read may want to ask who reads.
    name = f"wushu/{__version__} (+{settings.BASE_URL})"

    def fetch(url: str, accept: str) -> Answer:
        nonlocal pages, received
        alive()
        pages += 1
        if pages > PAGES_MAX:
            raise _too_much(host, f"{PAGES_MAX} 页", f"{PAGES_MAX} pages")
        if time.monotonic() > until:
            raise _too_much(host, f"{SECONDS_MAX:g} 秒", f"{SECONDS_MAX:g} seconds")
        answer = _patiently(client, url, {"Accept": accept, "User-Agent": name}, alive)
        received += len(answer.body)
        if received > BYTES_MAX:
            raise _too_much(host, f"{BYTES_MAX} 字节", f"{BYTES_MAX} bytes")
        return answer

    return fetch


def _patiently(client: Client, url: str, headers: dict[str, str], alive: Alive) -> Answer:
    """Ask again where the source says how soon it wants to be asked (RFC 9110, 10.2.3; OAI-PMH 3.1)."""
    for _ in range(TRIES):
        answer = client.get(url, headers=headers)
        after = answer.headers.get("retry-after", "")
        asks_to_wait = answer.status in (429, 503) and after.isascii() and after.isdigit()
        if not asks_to_wait or int(after[:9]) > WAIT_MAX:
            break
        _wait(float(after), alive)
    return answer


def _wait(seconds: float, alive: Alive) -> None:
    """Let time pass, looking each second whether the node is to stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        threading.Event().wait(min(left, 1.0))
        alive()


def _too_much(host: str, zh: str, en: str) -> Refusal:
    return HARVEST_TOO_MUCH(host=host, what=Said(zh, en))
