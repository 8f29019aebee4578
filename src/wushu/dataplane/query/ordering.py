"""Rows in an order of their reader's own: a mark that alters no value.

Every 2,048 rows of a version are a block. Blocks keep their places; the rows within one stand in the order
of numbers drawn with a key of the grant and the version. The same grant and version always give the same
order, other grants give orders that have nothing to do with it. What is done with it:
``wushu.dataplane.watermarks``; why rows and what it survives: ``docs/reference/watermarks.md``.

Changing anything here makes what was delivered before untraceable: it would be another ``Watermark``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

BLOCK_ROWS = 2_048
"""Rows whose order among each other carries the mark."""
_WEIGHT_BYTES = 8


def order_key(secret: bytes, grant: UUID, version: UUID) -> bytes:
    """The key of the order in which a grant's reader gets a version (HMAC-SHA256, RFC 2104)."""
    return hmac.digest(secret, f"wushu row order 1 {grant} {version}".encode(), "sha256")


def weights(key: bytes, block: int) -> Any:
    """A number for each place of a block; rows stand by them, ascending (SHAKE256, FIPS 202)."""
    drawn = hashlib.shake_256(key + block.to_bytes(8, "big")).digest(BLOCK_ROWS * _WEIGHT_BYTES)
    return pa.Array.from_buffers(pa.uint64(), BLOCK_ROWS, [None, pa.py_buffer(drawn)])


def block_start(place: int) -> int:
    """The first place of the block that holds this one."""
    return place - place % BLOCK_ROWS


def arranged(batches: Iterable[Any], key: bytes, skip: int = 0) -> Iterator[Any]:
    """First columns of batches whose second is the rows' ascending place, in the key's order.

    ``skip``: rows of the first block to leave out, of those that would come first. One block at a time is
    held.
    """
    for rows in _blocks(batches):
        places = rows.column(1)
        first = block_start(places[0].as_py())
        drawn = weights(key, first // BLOCK_ROWS).take(pc.subtract(places, first))
        yield rows.column(0).take(pc.sort_indices(drawn)[skip:])
        skip = 0


def _blocks(batches: Iterable[Any]) -> Iterator[Any]:
    """The same rows, those of one block in each batch."""
    waiting: list[Any] = []
    past = 0
    for batch in batches:
        rest = batch
        while rest.num_rows:
            places = rest.column(1)
            if waiting and places[0].as_py() >= past:
                yield pa.concat_batches(waiting)
                waiting = []
            if not waiting:
                past = block_start(places[0].as_py()) + BLOCK_ROWS
            inside = pc.sum(pc.less(places, past)).as_py()
            waiting.append(rest.slice(0, inside))
            rest = rest.slice(inside)
    if waiting:
        yield pa.concat_batches(waiting)
