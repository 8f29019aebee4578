"""The published log as a snapshot of the database knows it, for a backup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wushu.evidence.rules import tiles
from wushu.evidence.rules.tiles import Tile
from wushu.evidence.store import FileMissing, Store

Ask = Callable[[str], Iterable[tuple[Any, ...]]]
"""Answers plain SQL from one snapshot of a node's database."""

_TRIES = 5


@dataclass(frozen=True, slots=True)
class LogSnapshot:
    """The newest checkpoint that a database holds."""

    origin: str
    verifier_key: str
    size: int
    note: str
    """The signed note; empty when nothing was published yet."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file of the published log: where it lies, or its bytes where it is still growing."""

    name: str
    """Below EVIDENCE_DIR."""
    content: Path | bytes | None
    """None: it is missing, or no tile."""


def log_snapshot(ask: Ask) -> LogSnapshot | None:
    """What a snapshot holds of the log; None when the node is not initialised in it."""
    for origin, key in ask("SELECT origin, verifier_key FROM evidence_node"):
        newest = ask("SELECT size, note FROM evidence_checkpoint ORDER BY size DESC LIMIT 1")
        for size, note in newest:
            return LogSnapshot(origin, key, size, note)
        return LogSnapshot(origin, key, 0, "")
    return None


def log_files(ask: Ask, size: int) -> Iterator[LogFile]:
    """Exactly the tiles and bundles of the tree of ``size``, and the details of the snapshot.

    A sequencer may be at work: tiles that are full never change, and those at the right edge are
    cut to the width they had in this tree. What the log grew to meanwhile is left out, since a
    restored node may continue otherwise and must not find leaves there that it never signed.
    """
    store = Store.of_node()
    for tile in tiles.tiles_between(0, size):
        yield LogFile(tile.path, _content(store, tile))
    for (sha256,) in ask("SELECT sha256 FROM evidence_detail ORDER BY sha256"):
        path = store.detail_path(sha256)
        if path.is_file():  # of an act that is not in the tree yet there is only the row
            yield LogFile(path.relative_to(store.folder).as_posix(), path)


def _content(store: Store, tile: Tile) -> Path | bytes | None:
    path = store.path(tile)
    if tile.full:
        return path if path.is_file() else None
    for _ in range(_TRIES):
        try:
            return store.read(tile)
        except FileMissing:
            return None
        except tiles.TileError:
            return None
        except OSError:
            continue  # removed between listing and reading, since a wider one has taken its place
    return None
