"""How often one reader may ask: a token bucket per API key or address, in bounded memory.

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
    """``per_minute`` requests on average, a quarter of that at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._rate = per_minute / 60
        self._size = max(1.0, per_minute / 4)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, reader: str) -> Refusal | None:
        """Take one token; the refusal ``too-many-requests`` (not raised) when there is none."""
        now = self._clock()
        tokens, since = self._buckets.pop(reader, (self._size, now))
        tokens = min(self._size, tokens + (now - since) * self._rate)
        allowed = tokens >= 1
        self._buckets[reader] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        if allowed:
            return None
        wait = math.ceil((1 - tokens) / self._rate) if self._rate else 60
        return TOO_MANY_REQUESTS(limit=self.per_minute, seconds=wait)
