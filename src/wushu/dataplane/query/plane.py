"""What all surfaces share: who asks, what they may read, and the threads that work for them."""

from __future__ import annotations

import asyncio
import os
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie
from django.utils import timezone

from wushu.dataplane import access as selector
from wushu.dataplane.limits import KEPT, Allowance, RateLimit
from wushu.dataplane.query import database, receipts
from wushu.dataplane.query.http import Header, Request
from wushu.dataplane.query.scans import Scans
from wushu.dataplane.query.types import (
    GRANT_EXPIRED,
    GRANT_REVOKED,
    NO_GRANT,
    VERSION_NOT_PUBLIC,
    Access,
    Surface,
)
from wushu.kernel import cursors
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_actor, note_key
from wushu.parties.selectors import actor_for_account, address_block
from wushu.parties.types import Actor

Params = ParamSpec("Params")
Result = TypeVar("Result")

SCANS = max(2, (os.cpu_count() or 2) // 2)
"""Scans that run at once in one process."""
SCANS_WAITING = 32
"""Scans that may wait for their turn."""
BAD_KEYS_PER_MINUTE = 60
"""Unknown, expired or revoked keys that one address may send."""


_UNGRANTED = (NO_GRANT, GRANT_EXPIRED, GRANT_REVOKED, VERSION_NOT_PUBLIC)


class Plane:
    """The data plane of one process. Keeps nothing of grants between two requests."""

    def __init__(self) -> None:
        self.streams: Counter[str] = Counter()
        self._limit: RateLimit | None
        self._bad_keys: RateLimit
        self._good_keys: OrderedDict[str, None]
        self.forget()

    @property
    def open_streams(self) -> int:
        """Downloads that run."""
        return self.streams.total()

    @cached_property
    def scans(self) -> Scans:
        """Threads that scan tables."""
        return Scans(threads=SCANS, waiting=SCANS_WAITING)

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        """Threads that wait for the database and for files."""
        return ThreadPoolExecutor(
            max(8, settings.DOWNLOADS_MAX + 4), thread_name_prefix="data-plane"
        )

    def close(self) -> None:
        """End the threads and close their connections."""
        if "scans" in self.__dict__:
            self.scans.close()
        if "threads" in self.__dict__:
            self.threads.shutdown(cancel_futures=True)
        database.close_all()

    async def require_within_rate(self, request: Request) -> None:
        """Refuse who asked too often (``too-many-requests``).

        A good key counts for itself, wherever it is used; everything else for the address it comes
        from. That a key is good is found out before anything else is done for the request. Refusals
        of a bad key: ``api-key-unknown``, ``api-key-revoked``, ``api-key-expired``.
        """
        limit = self._rate()
        if limit is None:
            return
        if request.key_digest and request.key_digest not in self._good_keys:
            asked = database.raw()
            await self._ask(asked, lambda: self._actor(asked, request, timezone.now()))
        refusal = limit.take(self.reader(request))
        if refusal is not None:
            raise refusal

    def over_the_rate(self, address: str) -> Refusal | None:
        """Count a request that another part of the node answers; ``too-many-requests``."""
        limit = self._rate()
        return None if limit is None else limit.take(address_block(address))

    def allowance(self, reader: str) -> Allowance | None:
        """What is left of the rate to a reader in this process; None where there is no limit."""
        limit = self._rate()
        return None if limit is None else limit.allowance(reader)

    def reader(self, request: Request) -> str:
        """Whom limits count: a key that has been good, else the block of its address."""
        if request.key_digest in self._good_keys:
            return request.key_digest
        return request.address_block

    def _rate(self) -> RateLimit | None:
        allowed = settings.RATE_LIMIT_PER_MINUTE
        if not allowed:
            return None
        if self._limit is None or self._limit.per_minute != allowed:
            self._limit = RateLimit(allowed)
        return self._limit

    def _actor(self, asked: database.Database, request: Request, now: datetime) -> Actor:
        """Who the key acts for; it is a good one from now on. Refusals as ``actor_of_key``."""
        actor = selector.actor_of_key(asked, request.key, now)
        self._good_keys[request.key_digest] = None
        if len(self._good_keys) > KEPT:
            self._good_keys.popitem(last=False)
        return actor

    def forget(self) -> None:
        """Begin to count requests anew."""
        self._limit, self._bad_keys = None, RateLimit(BAD_KEYS_PER_MINUTE)
        self._good_keys = OrderedDict()

    def key_refused(self, request: Request) -> Refusal | None:
        """Count a bad key against the address it came from; ``too-many-requests`` for the next.

        Good keys from the same address, of others behind the same gateway, are not touched by it.
        """
        self._good_keys.pop(request.key_digest, None)
        return self._bad_keys.take(address_block(request.address)) if self._rate() else None

    async def in_thread(
        self, work: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Do blocking work, Django's database included, off the event loop."""

        def do() -> Result:
            close_old_connections()
            try:
                return work(*args, **kwargs)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self.threads, do)

    async def admit(
        self,
        request: Request,
        dataset: str | UUID,
        *,
        version: int | None = None,
        grant: UUID | None = None,
    ) -> Access:
        """What the request may read, asked anew each time.

        The key decides where one is sent; else everybody's grant, and only where that does not give
        the whole table the person signed in. Refusals: those of ``access.decide`` and of API keys.
        """
        asked = database.raw()

        def by_key_or_public() -> Access:
            now = timezone.now()
            actor = self._actor(asked, request, now) if request.key else None
            return selector.decide(asked, dataset, actor, now, version=version, grant=grant)

        session = "" if request.key else session_key(request)
        try:
            found = await self._ask(asked, by_key_or_public)
            note_key(request.key_digest)
            if found.whole or not session:
                note_actor(found.actor)
                return found
        except Refusal as refusal:
            if refusal.kind not in _UNGRANTED or not session:
                raise

        def by_session() -> Access:
            return selector.decide(
                asked,
                dataset,
                actor_of_session(session),
                timezone.now(),
                version=version,
                grant=grant,
            )

        found = await self.in_thread(by_session)
        note_actor(found.actor)
        return found

    async def receipt(
        self, access: Access, *, surface: Surface, columns: tuple[str, ...], query: str, rows: int
    ) -> list[Header]:
        """Note the read durably, unless the data are everybody's; headers that say what is left.

        Refusals: ``query-too-long``, ``quota-used-up``.
        """
        if access.public:
            return []
        left = await self.in_thread(
            receipts.receipt_write, access, surface=surface, columns=columns, query=query, rows=rows
        )
        return left.headers() if left is not None else []

    async def _ask(self, asked: database.Database, question: Callable[[], Result]) -> Result:
        return await self.in_thread(question) if asked.blocks else question()


def session_key(request: Request) -> str:
    """The session cookie's value; empty when there is none."""
    cookies = request.headers.get(b"cookie")
    if not cookies:
        return ""
    return str(parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, ""))


def actor_of_session(key: str) -> Actor | None:
    """Who is signed in, through Django's own check of the session; None for nobody."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return actor_for_account(user.pk) if user.is_authenticated else None


def cursor_key() -> bytes:
    """The node's secret that seals cursors."""
    return cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)
