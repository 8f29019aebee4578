"""What an answer that has ended adds to the counts, and the steady work on them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from wushu.catalog import services as catalog
from wushu.dataplane.usage import reading
from wushu.dataplane.usage.clients import client_of
from wushu.dataplane.usage.counting import COUNTS, forget_keys
from wushu.kernel.noting import Noted

_ANSWERED = (200, 206)
_RANKED = 1000


def use_count(
    noted: Noted, method: str, headers: Iterable[tuple[bytes, bytes]], status: int, size: int
) -> None:
    """Count one answer that has ended: in memory only, and nothing of who asked.

    Only whole or partial contents count (200, 206), no HEAD. The rest of a resumed download adds
    its bytes, not a second request.
    """
    if noted.key:
        COUNTS.key(noted.key, size)
    if noted.dataset is None or status not in _ANSWERED or method == "HEAD":
        return
    agent = language = span = b""
    for name, value in headers:
        if name == b"user-agent":
            agent = value
        elif name == b"accept-language":
            language = value
        elif name == b"range":
            span = value
    client = client_of(agent, language, with_key=bool(noted.key))
    resumed = status == 206 and not span.strip().startswith(b"bytes=0-")
    COUNTS.use(noted.dataset, noted.use, client, 0 if resumed else 1, noted.rows, size)


def usage_begin() -> None:
    """Begin to write the counts of this serving process."""
    COUNTS.begin()


def usage_end() -> None:
    """Write the last counts: the process ends."""
    COUNTS.end()


def popularity_refresh() -> None:
    """Tell the catalogue which datasets were used most lately, and forget old use of keys."""
    first, last = reading.recent()
    catalog.popularity_replace(
        one.dataset for one in reading.most_used(first, last, _RANKED) if one.by_browsers
    )
    forget_keys(timezone.localdate())
