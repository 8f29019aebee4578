"""A file against every delivery of a version that was ordered for its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from wushu.dataplane.query.ordering import BLOCK_ROWS, weights
from wushu.dataplane.query.versions import Version
from wushu.dataplane.watermarks import judging, reading
from wushu.dataplane.watermarks.types import Pairing, Reading, Traced

_BLOCKS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Part:
    """The pairs of some blocks, as places among the numbers that are drawn for these blocks."""

    blocks: tuple[int, ...]
    pairs: Mapping[Pairing, tuple[Any, Any]]


def trace(
    file: Path,
    name: str,
    work: Path,
    version: Version,
    keys: Mapping[UUID, bytes],
    *,
    encoding: str = "",
) -> Traced:
    """What the file says of the deliveries whose ``keys`` are given, by grant.

    ``file`` is in the folder ``work``, which is used for more. Refusals as of ``reading.opened``.
    """
    with reading.opened(file, name, work, version, encoding) as leak:
        met = reading.meet(leak, version)
        parts = cut({pairing: reading.pairs(leak, met, pairing) for pairing in Pairing})
        in_table_order = reading.share_in_table_order(leak)
    found = {grant: agreements(key, parts) for grant, key in keys.items()}
    return Traced(leak.rows, met.rows, met.columns, in_table_order, judging.judged(found))


def cut(pairs: Mapping[Pairing, Any]) -> tuple[Part, ...]:
    """The pairs (``reading.pairs``) in parts of so many blocks that their numbers take little memory."""
    of_blocks = {pairing: pc.divide(found["one"], BLOCK_ROWS) for pairing, found in pairs.items()}
    blocks = sorted({block for found in of_blocks.values() for block in found.unique().to_pylist()})
    parts = []
    for start in range(0, len(blocks), _BLOCKS_AT_ONCE):
        chosen = tuple(blocks[start : start + _BLOCKS_AT_ONCE])
        known = pa.array(chosen, pa.int64())
        inside = {
            pairing: pairs[pairing].filter(pc.is_in(of_block, known))
            for pairing, of_block in of_blocks.items()
        }
        parts.append(
            Part(
                chosen,
                {
                    pairing: (_drawn_at(found["one"], known), _drawn_at(found["other"], known))
                    for pairing, found in inside.items()
                },
            )
        )
    return tuple(parts)


def _drawn_at(places: Any, blocks: Any) -> Any:
    """Where the numbers of these places stand when those of the blocks stand one after the other."""
    block = pc.divide(places, BLOCK_ROWS)
    within = pc.subtract(places, pc.multiply(block, BLOCK_ROWS))
    first = pc.multiply(pc.index_in(block, blocks).cast(pa.int64()), BLOCK_ROWS)
    return pc.add(first, within).combine_chunks()


def agreements(key: bytes, parts: Sequence[Part]) -> list[Reading]:
    """How many pairs stand as the key has them, by kind of pair."""
    agreeing = dict.fromkeys(Pairing, 0)
    every = dict.fromkeys(Pairing, 0)
    for part in parts:
        drawn = pa.concat_arrays([weights(key, block) for block in part.blocks])
        for pairing, (one, other) in part.pairs.items():
            stands = pc.less(drawn.take(one), drawn.take(other))
            agreeing[pairing] += pc.sum(stands).as_py() or 0
            every[pairing] += len(one)
    return [
        Reading(one, backwards=False, agreeing=agreeing[one], pairs=every[one]) for one in Pairing
    ]
