"""Where uploads and versions lie on disk, and how they get there without ever being half there.

With a bucket (``wushu.dataplane.storage``) the first and the third of these are kept there, and what is
named here are paths of local copies:

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
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid4

from django.conf import settings

from wushu.dataplane.ingest.engine import disk_full_refused
from wushu.dataplane.ingest.refusals import EMPTY_FILE, FILE_TOO_LARGE, ORIGINAL_DAMAGED
from wushu.dataplane.storage import bucket
from wushu.kernel import scanning
from wushu.kernel.failpoints import failpoint

CHUNK = 4 * 1024 * 1024
SERVING_WORK = ".work-"
"""Prefix of folders below SERVING_DIR in which serving files are built."""
MANIFEST = "manifest.json"


class Readable(Protocol):
    """What upload_receive takes bytes from: an open file, an uploaded file."""

    def read(self, size: int = ..., /) -> bytes:
        """At most ``size`` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An original on disk."""

    sha256: str
    size: int


class Named(NamedTuple):
    """A version as the database names it."""

    entry: UUID
    number: int
    manifest_sha256: str

    @property
    def key(self) -> str:
        """Prefix of its objects in a bucket."""
        return f"versions/{self.entry}/{self.number}/{self.manifest_sha256}"


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
    """Where an original lies; its local copy where a bucket keeps it."""
    kept = bucket()
    return kept.cache / original_key(sha256) if kept else originals() / sha256[:2] / sha256


def original_key(sha256: str) -> str:
    """Name of an original in a bucket."""
    return f"originals/{sha256[:2]}/{sha256}"


def original(sha256: str) -> Path:
    """An original to be opened; refusals ``original-damaged``, ``storage-unavailable``."""
    kept = bucket()
    if kept is None:
        return original_path(sha256)
    try:
        return kept.local(original_key(sha256), sha256)
    except (FileNotFoundError, ValueError) as error:
        raise ORIGINAL_DAMAGED(sha256=sha256) from error


def version_path(entry: UUID, number: int) -> Path:
    """Folder of a version, where a folder keeps them."""
    return versions() / str(entry) / str(number)


def version_file(version: Named, name: str, sha256: str) -> Path:
    """A file of a version to be opened; ``sha256`` is what the manifest says of it.

    A folder's file is given as it is. ``FileNotFoundError`` or ``ValueError`` where a bucket has none,
    or another's content; refusal ``storage-unavailable``.
    """
    kept = bucket()
    if kept is None:
        return version_path(version.entry, version.number) / name
    return kept.local(f"{version.key}/{name}", sha256)


def opens_at_once() -> bool:
    """Whether files are opened without asking another host for them."""
    return bucket() is None


def in_use(path: Path) -> bool:
    """Keep the local copy of a file that is open from being removed; False when it was."""
    kept = bucket()
    return kept is None or kept.touch(path)


def manifest_of(version: Named) -> dict[str, Any]:
    """The manifest the database names; ``OSError`` or ``ValueError`` where it is not there or another."""
    document = version_file(version, MANIFEST, version.manifest_sha256).read_bytes()
    if hash_of_bytes(document) != version.manifest_sha256:
        raise ValueError("the manifest is not the recorded one")
    manifest: dict[str, Any] = json.loads(document)
    return manifest


def listed_file(version: Named, role: str) -> Path:
    """A file of a version by its role in the manifest; errors as ``manifest_of``, ``version_file``."""
    listed = {one["role"]: one for one in manifest_of(version)["files"]}
    return version_file(version, listed[role]["path"], listed[role]["sha256"])


def serving_path(entry: UUID, number: int) -> Path:
    """Serving file of a version; the folder has no other file."""
    return Path(settings.SERVING_DIR) / str(entry) / str(number) / "serving.tar"


def keep(stream: Readable, name: str, limit: int) -> Stored:
    """Store bytes under their hash, on disk before this returns.

    Nothing is stored before the node's scanner has looked at all of it. Refusals: ``empty-file``,
    ``file-too-large``, ``disk-full``, ``storage-unavailable``, those of ``kernel.scanning``; nothing is
    left behind then.
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
        with half_made.open("rb") as written:
            scanning.require_clean(written, name)
        failpoint("ingest.original.written")
        target = original_path(digest.hexdigest())
        if (kept := bucket()) is not None:
            kept.put(original_key(digest.hexdigest()), half_made)
        make_folder(target.parent)
        half_made.chmod(0o400)
        half_made.replace(target)
        sync_folder(target.parent)
        failpoint("ingest.original.stored")
    return Stored(digest.hexdigest(), size)


def require_original(sha256: str) -> Path:
    """The original, hashed again; refusals ``original-damaged``, ``storage-unavailable``."""
    path = original(sha256)
    if not path.is_file() or hash_of(path) != sha256:
        raise ORIGINAL_DAMAGED(sha256=sha256)
    return path


def publish_version(half_made: Path, version: Named) -> None:
    """Put a finished folder in its place, durably, the manifest last.

    The caller holds the lock of the entry, and has discarded what an aborted try left there. In a
    bucket that is not needed: another try has another manifest, and so other names.
    """
    kept = bucket()
    if kept is None:
        publish(half_made, version_path(version.entry, version.number))
        return
    for path in sorted(half_made.iterdir(), key=lambda one: one.name == MANIFEST):
        kept.put(f"{version.key}/{path.name}", path)
        failpoint("storage.file.put")
    local = kept.cache / version.key
    shutil.rmtree(local, ignore_errors=True)
    local.parent.mkdir(parents=True, exist_ok=True)
    half_made.rename(local)


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
    """Remove the files of a version that the database does not name.

    In a bucket they are left to the sweep: another host may be putting them.
    """
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
