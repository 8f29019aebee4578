"""How often one reader may ask: a token bucket per good API key or address, in bounded memory.

Each serving process counts for itself, so that a node with N processes allows up to N times the rate.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from wushu.dataplane.query.types import TOO_MANY_REQUESTS
from wushu.kernel.errors import Refusal

KEPT = 10_000
"""Readers remembered; the one not seen longest is forgotten, with a full bucket when it returns."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one reader may still ask of this process."""

    per_minute: int
    """On average."""
    at_once: int
    window: int
    """Seconds in which an empty bucket fills."""
    left: int
    """Requests that may come now."""
    full_in: int
    """Seconds until ``at_once`` may come again."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """As ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers-10).

        The policy says what the bucket does: ``q`` requests at once, which come again within ``w``
        seconds.
        """
        return [
            (b"ratelimit-policy", b'"requests";q=%d;w=%d' % (self.at_once, self.window)),
            (b"ratelimit", b'"requests";r=%d;t=%d' % (self.left, self.full_in)),
        ]


class RateLimit:
    """``per_minute`` (at least 1) requests on average, a quarter of that at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._rate = per_minute / 60
        self._size = max(1.0, per_minute / 4)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, reader: str) -> Refusal | None:
        """Take one token; the refusal ``too-many-requests`` (not raised) when there is none."""
        tokens = self._tokens(reader)
        self._buckets.pop(reader, None)
        self._buckets[reader] = (tokens - 1 if tokens >= 1 else tokens, self._clock())
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return self._refusal(tokens)

    def allowance(self, reader: str) -> Allowance:
        """What is left to a reader; takes nothing."""
        tokens = self._tokens(reader)
        return Allowance(
            per_minute=self.per_minute,
            at_once=int(self._size),
            window=math.ceil(self._size / self._rate),
            left=int(tokens),
            full_in=math.ceil((self._size - tokens) / self._rate),
        )

    def _tokens(self, reader: str) -> float:
        now = self._clock()
        tokens, since = self._buckets.get(reader, (self._size, now))
        return min(self._size, tokens + (now - since) * self._rate)

    def _refusal(self, tokens: float) -> Refusal | None:
        if tokens >= 1:
            return None
        wait = math.ceil((1 - tokens) / self._rate)
        return TOO_MANY_REQUESTS(limit=self.per_minute, seconds=wait)
