"""Where uploads and versions lie on disk, and how they get there without ever being half there.

``originals/<aa>/<sha256>``      bytes as handed in, named by their hash, never changed
``incoming/<id>/``               work in progress; worth nothing once its lock is free
``versions/<entry>/<number>/``   manifest.json, data.parquet, rejects.parquet, profile.json
``locks/``                       advisory locks, released by the system when a process dies

All of these below OBJECTS_DIR; serving files below SERVING_DIR/<entry>/<number>/. A file or folder is
written under another name, fsynced and renamed; the database transaction that names it comes last, so
a kill leaves the old state or the new one, and perhaps an orphan that the next start removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from django.conf import settings

from wushu.dataplane.ingest.engine import disk_full_refused
from wushu.dataplane.ingest.refusals import EMPTY_FILE, FILE_TOO_LARGE, ORIGINAL_DAMAGED
from wushu.kernel.failpoints import failpoint

CHUNK = 4 * 1024 * 1024
SERVING_WORK = ".work-"
"""Prefix of folders below SERVING_DIR in which serving files are built."""


class Readable(Protocol):
    """What upload_receive takes bytes from: an open file, an uploaded file."""

    def read(self, size: int = ..., /) -> bytes:
        """At most ``size`` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An original on disk."""

    sha256: str
    size: int


def originals() -> Path:
    """Folder of the originals."""
    return Path(settings.OBJECTS_DIR) / "originals"


def versions() -> Path:
    """Folder of the versions."""
    return Path(settings.OBJECTS_DIR) / "versions"


def incoming() -> Path:
    """Folder of work in progress."""
    return Path(settings.OBJECTS_DIR) / "incoming"


def original_path(sha256: str) -> Path:
    """Where an original lies."""
    return originals() / sha256[:2] / sha256


def version_path(entry: UUID, number: int) -> Path:
    """Folder of a version."""
    return versions() / str(entry) / str(number)


def serving_path(entry: UUID, number: int) -> Path:
    """Serving file of a version; the folder has no other file."""
    return Path(settings.SERVING_DIR) / str(entry) / str(number) / "serving.tar"


def keep(stream: Readable, name: str, limit: int) -> Stored:
    """Store bytes under their hash, on disk before this returns.

    Refusals: ``empty-file``, ``file-too-large``, ``disk-full``; nothing is left behind then.
    """
    digest, size = hashlib.sha256(), 0
    with disk_full_refused(), working(f"upload-{uuid4()}") as folder:
        half_made = folder / "original"
        with half_made.open("wb") as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise FILE_TOO_LARGE(name=name, limit=limit)
                digest.update(chunk)
                out.write(chunk)
            if not size:
                raise EMPTY_FILE(name=name)
            out.flush()
            os.fsync(out.fileno())
        failpoint("ingest.original.written")
        target = original_path(digest.hexdigest())
        make_folder(target.parent)
        half_made.chmod(0o400)
        half_made.replace(target)
        sync_folder(target.parent)
        failpoint("ingest.original.stored")
    return Stored(digest.hexdigest(), size)


def require_original(sha256: str) -> Path:
    """The original, hashed again; refusal ``original-damaged``."""
    path = original_path(sha256)
    if not path.is_file() or hash_of(path) != sha256:
        raise ORIGINAL_DAMAGED(sha256=sha256)
    return path


def publish(half_made: Path, target: Path) -> None:
    """Rename a finished folder to its place, durably; it replaces nothing (``OSError``).

    The caller holds the lock of the entry, and has discarded what an aborted try left there.
    """
    make_folder(target.parent)
    half_made.rename(target)
    sync_folder(target.parent)


@contextmanager
def working(name: str) -> Iterator[Path]:
    """A folder for work in progress, locked while it is used and removed afterwards.

    A killed process leaves the folder, whose lock is then free (``sweep``).
    """
    folder = incoming() / name
    with locked(f"work-{name}"):
        shutil.rmtree(folder, ignore_errors=True)
        make_folder(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold an advisory lock of this host; yields False at once if ``wait`` is off and it is taken."""
    path = Path(settings.OBJECTS_DIR) / "locks" / name
    make_folder(path.parent)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            yield False
            return
        if _is_same(descriptor, path):
            break
        os.close(descriptor)  # the holder before us removed it: lock the new one
    try:
        yield True
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def serving_work(name: str) -> Iterator[Path]:
    """A folder below SERVING_DIR (a file system of its own, perhaps) for a serving file in the making."""
    folder = Path(settings.SERVING_DIR) / (SERVING_WORK + name)
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> list[str]:
    """Remove work in progress that no living process works on; returns the names."""
    gone = []
    serving = Path(settings.SERVING_DIR)
    for place, prefix in ((incoming(), ""), (serving, SERVING_WORK)):
        for folder in sorted(place.glob(prefix + "*")):
            name = folder.name.removeprefix(prefix)
            with locked(f"work-{name}", wait=False) as free:
                if free:
                    shutil.rmtree(folder, ignore_errors=True)
                    gone.append(folder.name)
    return gone


def discard(entry: UUID, number: int) -> None:
    """Remove the files of a version that the database does not name."""
    for folder in (version_path(entry, number), serving_path(entry, number).parent):
        shutil.rmtree(folder, ignore_errors=True)


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in constant memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_of_bytes(content: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    sync_file(path)


def make_folder(path: Path) -> None:
    """Make a folder and its parents, durably."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file and fsync it (inside a folder that will be renamed as a whole)."""
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
