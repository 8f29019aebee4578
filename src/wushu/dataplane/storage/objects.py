"""An S3-compatible bucket: objects put once, listed, hashed, and read through local copies.

An object that was acknowledged is durable by the store's own promise; the local copies are not synced
to disk, since they can be fetched again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from wushu.dataplane.storage.refusals import STORAGE_CONFLICT, STORAGE_UNAVAILABLE

PART = 16 * 1024 * 1024
"""Bytes of one part of a large object; objects up to this size are put in one request."""
_PARTS_AT_ONCE = 3
IN_USE = timedelta(hours=1)
"""Local copies used this recently are kept, whatever the cache's limit."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """An object in the bucket."""

    name: str
    size: int
    modified: datetime


class Bucket:
    """The objects below one prefix of one bucket.

    Names are relative to it. Every method may refuse with ``storage-unavailable``.
    """

    def __init__(self, store: S3Store, cache: Path, cache_bytes: int) -> None:
        self._store = store
        self.cache = cache
        self._cache_bytes = cache_bytes

    def put(self, name: str, path: Path) -> None:
        """Put a file under a name that its content determines; what is there already stays.

        Small objects are put on the condition that there is none. Parts cannot be: two hosts that
        put a large object at once both write the same bytes. Refusal: ``storage-conflict`` where
        something of another size has the name.
        """
        size = path.stat().st_size
        with _unavailable_refused():
            if size > PART:
                if self._size(name) is None:
                    obstore.put(
                        self._store, name, path, chunk_size=PART, max_concurrency=_PARTS_AT_ONCE
                    )
            else:
                # Whoever put it before had the same content: the size is compared below.
                with suppress(AlreadyExistsError):
                    obstore.put(self._store, name, path.read_bytes(), mode="create")
            if self._size(name) != size:
                raise STORAGE_CONFLICT(name=name)

    def create(self, name: str, content: bytes) -> bool:
        """Put bytes where there is nothing; False when there is."""
        with _unavailable_refused():
            try:
                obstore.put(self._store, name, content, mode="create")
            except AlreadyExistsError:
                return False
            return True

    def keeps_the_first(self) -> bool:
        """Whether the store refuses to put an object over another, as manifests need it."""
        name = f"probe/{uuid4()}"
        try:
            return self.create(name, b"1") and not self.create(name, b"2")
        finally:
            self.delete(name)

    def size(self, name: str) -> int | None:
        """Bytes of an object; None where there is none."""
        with _unavailable_refused():
            return self._size(name)

    def names(self, prefix: str) -> Iterator[Kept]:
        """Every object below a prefix, in the store's order, in pages."""
        with _unavailable_refused():
            for page in obstore.list(self._store, prefix):
                for one in page:
                    yield Kept(one["path"], one["size"], one["last_modified"])

    def delete(self, name: str) -> None:
        """Remove an object, and its local copy."""
        with _unavailable_refused():
            obstore.delete(self._store, name)
        (self.cache / name).unlink(missing_ok=True)

    def fetch(self, name: str, out: BinaryIO) -> str:
        """Write an object to a file; its SHA-256. ``FileNotFoundError`` where there is none."""
        digest = hashlib.sha256()
        with _unavailable_refused():
            for chunk in obstore.get(self._store, name).stream(min_chunk_size=1024 * 1024):
                digest.update(chunk)
                out.write(chunk)
        return digest.hexdigest()

    def digest(self, name: str) -> str:
        """SHA-256 of an object as the bucket gives it; ``FileNotFoundError`` where there is none."""
        with Path(os.devnull).open("wb") as nowhere:
            return self.fetch(name, nowhere)

    def local(self, name: str, sha256: str) -> Path:
        """A local copy of an object, fetched and checked when there is none yet.

        ``FileNotFoundError`` where the bucket has none, ``ValueError`` where it is another's content.
        """
        path = self.cache / name
        if self.touch(path):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        half_made = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with half_made.open("wb") as out:
                found = self.fetch(name, out)
            if found != sha256:
                raise ValueError(f"{name} in the object storage has the SHA-256 {found}")
            half_made.chmod(0o400)
            half_made.replace(path)
        finally:
            half_made.unlink(missing_ok=True)
        self.trim()
        return path

    def trim(self) -> int:
        """Remove the local copies not used for longest until the rest fits; bytes removed."""
        kept = []
        for path in self.cache.rglob("*") if self.cache.is_dir() else ():
            try:
                found = path.stat()
            except FileNotFoundError:
                continue  # another process trims too
            if path.is_file():
                kept.append((found.st_mtime, found.st_size, path))
        total, removed = sum(size for _, size, _ in kept), 0
        newest = time.time() - IN_USE.total_seconds()
        for used, size, path in sorted(kept):
            if total - removed <= self._cache_bytes or used >= newest:
                break
            path.unlink(missing_ok=True)
            removed += size
        return removed

    def _size(self, name: str) -> int | None:
        try:
            return obstore.head(self._store, name)["size"]
        except FileNotFoundError:
            return None

    @staticmethod
    def touch(path: Path) -> bool:
        """Note that a local copy is in use; False when there is none."""
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return True


@contextmanager
def _unavailable_refused() -> Iterator[None]:
    """Name the store's failures; what they say in detail is the operator's, in the log."""
    try:
        yield
    except FileNotFoundError as error:
        if "NoSuchBucket" not in str(error):
            raise
        _log.exception("the bucket is not there")
        raise STORAGE_UNAVAILABLE() from error
    except BaseError as error:
        _log.exception("the object storage failed")
        raise STORAGE_UNAVAILABLE() from error
