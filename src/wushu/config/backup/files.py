"""Files of a backup: copied, hashed, listed as ``sha256sum`` lists them, found in the last one."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

SUMS = "SHA256SUMS"
FACTS = "backup.json"
OBJECTS = "objects"
_CHUNK = 4 * 1024 * 1024


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in constant memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Make a file's bytes or a folder's names durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes) -> None:
    """Write a new file, durably."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        _finish(file, content)


def write_secretly(path: Path) -> BinaryIO:
    """Open a new file that only its owner reads; ``FileExistsError`` when it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _finish(file: BinaryIO, content: bytes = b"") -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def copy(source: Path, target: Path) -> str:
    """Copy a file durably; returns the SHA-256 of what was copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as out:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        _finish(out)
    target.chmod(stat.S_IMODE(source.stat().st_mode))
    return digest.hexdigest()


def walk(folder: Path) -> Iterator[str]:
    """Every file below a folder, by its path, in the order of the paths' parts."""
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir(follow_symlinks=False):
            yield from (f"{entry.name}/{name}" for name in walk(Path(entry.path)))
        else:
            yield entry.name


def sums(folder: Path) -> Iterator[tuple[str, str]]:
    """``(path, SHA-256)`` of the list of a backup; ``ValueError`` for a line that is none."""
    with (folder / SUMS).open(encoding="utf-8") as lines:
        for line in lines:
            digest, gap, name = line.rstrip("\n").partition("  ")
            if not gap or len(digest) != 64 or name.startswith("/") or ".." in name.split("/"):
                raise ValueError(f"{SUMS}: {line[:80]!r}")
            yield name, digest


class Base:
    """The objects of an earlier backup, looked up in path order without holding the list.

    Objects never change once they have their name, so one that is there is linked, not copied again.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._rest = self._objects(folder) if folder else iter(())
        self._next = next(self._rest, None)

    def link(self, name: str, size: int, target: Path) -> str | None:
        """Give the earlier copy of that size a second name; its SHA-256, or None when there is none to link."""
        key = name.split("/")
        while self._next is not None and self._next[0] < key:
            self._next = next(self._rest, None)
        if self.folder is None or self._next is None or self._next[0] != key:
            return None
        kept = self.folder / name
        try:
            if kept.stat().st_size != size:
                return None
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(kept)
        except OSError:
            return None  # gone, or on another file system: it is copied
        return self._next[1]

    @staticmethod
    def _objects(folder: Path) -> Iterator[tuple[list[str], str]]:
        for name, digest in sums(folder):
            if name.startswith(f"{OBJECTS}/"):
                yield name.split("/"), digest
