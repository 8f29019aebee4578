"""Which stored files a database names: what a backup of it must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from wushu.dataplane.ingest import store

Ask = Callable[[str], Iterable[tuple[Any, ...]]]
"""Answers plain SQL from one snapshot of a node's database."""

WORK_IN_PROGRESS = ("incoming", "locks", "cache")
"""Folders below OBJECTS_DIR that are worth nothing to anybody else."""


def objects_named(ask: Ask) -> Iterator[PurePosixPath]:
    """Originals and version folders that the snapshot names, below OBJECTS_DIR, in path order."""
    originals, versions = store.originals().name, store.versions().name
    hashes = hashes_named(ask)
    numbers = set()
    for entry, number in ask("SELECT entry_id, number FROM catalog_version"):
        numbers.add((str(entry if isinstance(entry, UUID) else UUID(entry)), str(number)))
    for sha in sorted(hashes):
        yield PurePosixPath(originals, sha[:2], sha)
    for name, number in sorted(numbers):
        yield PurePosixPath(versions, name, number)


def hashes_named(ask: Ask) -> set[str]:
    """SHA-256 of every original that the snapshot names."""
    hashes = {sha for (sha,) in ask("SELECT sha256 FROM dataplane_upload")}
    return hashes | {sha for (sha,) in ask("SELECT source_sha256 FROM catalog_version")}
