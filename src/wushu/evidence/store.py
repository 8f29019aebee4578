"""The published log as files: tiles, bundles and details in one folder, the checkpoint in another.

Every file appears whole or not at all: written under a temporary name in the same folder, synced,
renamed, and the folder synced. A file's content depends on the entries alone, so that writing it
again after a crash changes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from wushu.evidence.rules import merkle, tiles
from wushu.evidence.rules.tiles import Tile
from wushu.kernel.failpoints import failpoint

_DETAIL_NAME = re.compile(r"[0-9a-f]{64}\Z")


class FileMissing(LookupError):
    """A tile, bundle or detail is not on disk."""


@dataclass(frozen=True, slots=True)
class Store:
    """Files of one log."""

    folder: Path
    checkpoint_path: Path

    @classmethod
    def of_node(cls) -> Store:
        """The store that the settings name."""
        return cls(Path(settings.EVIDENCE_DIR), Path(settings.CHECKPOINT_DIR) / "checkpoint")

    def path(self, tile: Tile) -> Path:
        """Where a tile of exactly this width lies."""
        return self.folder / tile.path

    def read(self, tile: Tile) -> bytes:
        """The bytes of a tile or bundle, cut from a wider one where that is what is left.

        Raises `FileMissing`, or ``TileError`` when the file is no tile.
        """
        try:
            return self.path(tile).read_bytes()
        except OSError:
            for wider in self.variants(tile.level, tile.number):
                if wider.width > tile.width:
                    return _cut(self.path(wider).read_bytes(), tile)
        raise FileMissing(tile.path)

    def entries(self, number: int, width: int) -> list[bytes]:
        """The entries of a bundle; raises as `read` does."""
        found = tiles.split_entries(self.read(Tile(tiles.ENTRIES, number, width)))
        if len(found) != width:
            raise tiles.TileError(f"bundle {number} holds {len(found)} entries, not {width}")
        return found

    def variants(self, level: int, number: int) -> list[Tile]:
        """The widths in which a tile is on disk, widest first."""
        full = Tile(level, number)
        path = self.path(full)
        found = [full] if path.is_file() else []
        partial = path.with_name(path.name + ".p")
        widths = {int(p.name) for p in _listed(partial) if p.name.isdigit()}
        return found + [Tile(level, number, w) for w in sorted(widths, reverse=True)]

    def write(self, tile: Tile, data: bytes) -> None:
        """Put a tile or bundle in its place."""
        write_file(self.path(tile), data)

    def prune(self, tile: Tile) -> None:
        """Remove the partial widths of a tile that is full now (tlog-tiles allows it)."""
        path = self.path(tile)
        shutil.rmtree(path.with_name(path.name + ".p"), ignore_errors=True)

    def detail_path(self, sha256: str) -> Path:
        """Where a detail lies; ``ValueError`` when the name is no SHA-256."""
        if not _DETAIL_NAME.match(sha256):
            raise ValueError(f"{sha256!r} is not a SHA-256 in lower-case hexadecimal")
        return self.folder / "detail" / sha256[:2] / sha256

    def detail(self, sha256: str) -> bytes:
        """The bytes of a detail; raises `FileMissing`."""
        try:
            return self.detail_path(sha256).read_bytes()
        except OSError as error:
            raise FileMissing(sha256) from error

    def checkpoint(self) -> bytes | None:
        """The published checkpoint, or None when there is no file."""
        try:
            return self.checkpoint_path.read_bytes()
        except FileNotFoundError:
            return None

    def publish(self, note: str) -> None:
        """Replace the published checkpoint."""
        write_file(self.checkpoint_path, note.encode())

    def files(self) -> Iterator[Path]:
        """Every file below the folder, except the lock and unfinished temporary files."""
        for folder, folders, names in os.walk(self.folder):
            folders.sort()
            for path in (Path(folder) / name for name in sorted(names)):
                if not is_temporary(path) and path != self.lock_path:
                    yield path

    @property
    def lock_path(self) -> Path:
        """File whose lock the one sequencer holds."""
        return self.folder / "sequencer.lock"

    def subtrees(self, size: int) -> merkle.Subtree:
        """Complete subtrees of the tree of ``size``, from its tiles."""
        return tiles.subtrees(size, self.read)

    def root(self, size: int) -> bytes:
        """Root of the tree of ``size`` by its tiles; raises as `read` does."""
        return merkle.root(size, self.subtrees(size))


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, whole and on disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    failpoint("evidence.file-written")
    temporary.replace(path)
    sync_folder(path.parent)
    failpoint("evidence.file-in-place")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_temporary(path: Path) -> bool:
    """Whether a file is what an interrupted `write_file` left behind."""
    return path.name.startswith(".") and path.name.endswith(".tmp")


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _cut(data: bytes, tile: Tile) -> bytes:
    if tile.level != tiles.ENTRIES:
        return data[: tile.width * merkle.HASH_BYTES]
    return tiles.join_entries(tiles.split_entries(data)[: tile.width])
