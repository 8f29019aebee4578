"""Downloads in an order of their reader's own (``query.ordering``): which are, their tag and their parts.

The same grant and version always give the same bytes, so that an interrupted download goes on where it
ended. Nothing of it is measured beforehand: the first request for a part counts the bytes once.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.conf import settings

from wushu.dataplane.query import exports, http
from wushu.dataplane.query.exports import Facts, Run, Stopped
from wushu.dataplane.query.ordering import order_key
from wushu.dataplane.query.plane import Plane
from wushu.dataplane.query.types import Access
from wushu.dataplane.types import Watermark
from wushu.kernel import cursors

MARKS_KEYS = ("marks.key", "cursor.key")
"""File among the secrets by which the orders are made: what was delivered is traced by it for years.

Where an earlier release did without, the second: the upgrade makes the first out of it.
"""
SECONDS = 60.0
"""How long counting may take; a table that takes longer goes out whole, which HTTP allows (RFC 9110, 14.2)."""
_KEPT = 64

_counted: OrderedDict[bytes, Facts] = OrderedDict()
_lock = threading.Lock()


def order_of(access: Access) -> bytes | None:
    """The key of the order a download goes out in; None: that of the table."""
    return key_for(access.grant, access.version) if access.watermark is Watermark.ORDER else None


def key_for(grant: UUID, version: UUID) -> bytes:
    """The key of the order in which a grant's reader gets a version."""
    secret = cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY, *MARKS_KEYS)
    return order_key(secret, grant, version)


def tag(access: Access, suffix: str, variant: str) -> bytes:
    """Strong (RFC 9110, 8.8.3): everything the bytes depend on."""
    return http.weak_etag(
        [exports.RECIPE, access.content_json, str(access.grant), suffix, variant]
    ).removeprefix(b"W/")


async def counted(
    plane: Plane, reader: str, access: Access, etag: bytes, runs: Callable[[], Iterable[Run]]
) -> Facts | None:
    """Size, digest and marks of a download, counted once; None where that takes too long.

    Refusals: ``too-many-scans``, ``readers-waiting``.
    """
    with _lock:
        if etag in _counted:
            _counted.move_to_end(etag)
            return _counted[etag]
    over = time.monotonic() + SECONDS
    try:
        facts: Sequence[Facts] = await plane.scans.run(
            lambda _: exports.measure(runs(), stopped=lambda: time.monotonic() > over),
            reader=reader, seconds=SECONDS + settings.QUERY_SECONDS, dataset=access.slug,
        )  # fmt: skip
    except Stopped:
        return None
    # Rows that a filter leaves out are not counted by places: such a part is made from the beginning.
    found = facts[0] if not access.row_filter else replace(facts[0], marks=())
    with _lock:
        _counted[etag] = found
        while len(_counted) > _KEPT:
            _counted.popitem(last=False)
    return found


def forget(etag: bytes) -> None:
    """What was counted is not so."""
    with _lock:
        _counted.pop(etag, None)
