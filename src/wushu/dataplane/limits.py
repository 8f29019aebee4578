"""How often one reader may ask: a token bucket per good API key or address, in bounded memory.

Each serving process counts for itself, so that a node with N processes allows up to N times the rate.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from wushu.dataplane.query.types import TOO_MANY_REQUESTS
from wushu.kernel.errors import Refusal

KEPT = 10_000
"""Readers remembered; the one not seen longest is forgotten, with a full bucket when it returns."""


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

    def _tokens(self, reader: str) -> float:
        now = self._clock()
        tokens, since = self._buckets.get(reader, (self._size, now))
        return min(self._size, tokens + (now - since) * self._rate)

    def _refusal(self, tokens: float) -> Refusal | None:
        if tokens >= 1:
            return None
        wait = math.ceil((1 - tokens) / self._rate)
        return TOO_MANY_REQUESTS(limit=self.per_minute, seconds=wait)
