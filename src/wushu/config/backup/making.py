"""Taking a backup: the database's snapshot, then the files it names, then the list, then the facts."""

from __future__ import annotations

import errno
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings

from wushu.config.backup import files
from wushu.config.backup.database import Ask, snapshot
from wushu.config.backup.refusals import BACKUP_DISK_FULL, BACKUP_FOLDER_NOT_EMPTY
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.selectors import Bucket, Wanted
from wushu.evidence import selectors as evidence
from wushu.kernel.failpoints import failpoint

FORMAT = 1
Progress = Callable[[str, int], None]
"""Told the part that is being copied and how many of its files are done."""


@dataclass(slots=True)
class Made:
    """A backup as it was taken."""

    folder: Path
    engine: str = ""
    files: int = 0
    bytes: int = 0
    linked: int = 0
    size: int = 0
    """Entries under the checkpoint of the snapshot."""
    missing: list[str] = field(default_factory=list)
    """Files that the database names and that are not there, or not as they are named."""
    sha256: str = ""
    """Of the facts, and so of everything: whoever keeps it elsewhere can tell that nothing changed."""


def backup_make(
    folder: Path, *, base: Path | None = None, progress: Progress = lambda part, done: None
) -> Made:
    """Back a working node up into a new folder; see the package's text.

    ``base``: an earlier backup on the same file system, whose objects are linked instead of copied.
    Refusals: ``backup-folder-not-empty``, ``backup-disk-full``, ``storage-unavailable``, those of
    ``database.snapshot``.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BACKUP_FOLDER_NOT_EMPTY(folder=folder)
    with _disk_full_refused(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _Making(folder, base, progress).run()


@contextmanager
def _disk_full_refused(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise BACKUP_DISK_FULL(folder=folder) from error
        raise


class _Making:
    """One backup on its way."""

    def __init__(self, folder: Path, base: Path | None, progress: Progress) -> None:
        self._folder = folder
        self._base = files.Base(base)
        self._progress = progress
        self._made = Made(folder)
        self._sums: TextIO

    def run(self) -> Made:
        """The whole of it; what tells a whole backup from a broken-off one is written last."""
        began = datetime.now(UTC)
        with (self._folder / files.SUMS).open("w", encoding="utf-8") as self._sums:
            (self._folder / "database").mkdir()
            with snapshot(self._folder / "database") as taken:
                failpoint("backup.database-copied")
                self._made.engine = taken.engine
                self._list(f"database/{taken.name}")
                log = evidence.log_snapshot(taken.ask)
                self._evidence(taken.ask, log)
                failpoint("backup.evidence-copied")
                self._objects(taken.ask)
            failpoint("backup.objects-copied")
            self._sums.flush()
            os.fsync(self._sums.fileno())
        facts = {
            "format": FORMAT,
            "wushu": version("wushu"),
            "began_at": began.isoformat(timespec="seconds"),
            "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "engine": self._made.engine,
            "origin": log.origin if log else "",
            "verifier_key": log.verifier_key if log else "",
            "checkpoint_size": self._made.size,
            "files": self._made.files,
            "bytes": self._made.bytes,
            "sums_sha256": files.hash_of(self._folder / files.SUMS),
            "missing": self._made.missing,
        }
        self._finish(facts)
        return self._made

    def _finish(self, facts: dict[str, Any]) -> None:
        for place, _, _ in os.walk(self._folder):
            files.sync(Path(place))
        half_made = self._folder / f".{files.FACTS}.tmp"
        files.write(half_made, json.dumps(facts, ensure_ascii=False, indent=1).encode() + b"\n")
        failpoint("backup.facts-written")
        self._made.sha256 = files.hash_of(half_made)
        half_made.replace(self._folder / files.FACTS)
        files.sync(self._folder)

    def _evidence(self, ask: Ask, log: Any) -> None:
        """The tree of the snapshot's newest checkpoint, and that checkpoint."""
        if log is None or not log.size:
            return
        self._made.size = log.size
        for done, file in enumerate(evidence.log_files(ask, log.size)):
            name = f"evidence/{file.name}"
            if file.content is None:
                self._made.missing.append(name)
            elif isinstance(file.content, Path):
                self._list(name, files.copy(file.content, self._folder / name))
            else:
                files.write(self._folder / name, file.content)
                self._list(name)
            self._progress("evidence", done + 1)
        files.write(self._folder / "checkpoint" / "checkpoint", log.note.encode())
        self._list("checkpoint/checkpoint")

    def _objects(self, ask: Ask) -> None:
        kept = dataplane.bucket()
        if kept is not None:
            for done, one in enumerate(dataplane.bucket_objects(kept, ask)):
                self._object_of_bucket(kept, one)
                self._progress("objects", done + 1)
            return
        root = Path(settings.OBJECTS_DIR)
        for done, name in enumerate(self._object_names(ask, root)):
            self._object(root / name, f"{files.OBJECTS}/{name}")
            self._progress("objects", done + 1)

    def _object_names(self, ask: Ask, root: Path) -> Iterator[str]:
        """What the snapshot names, and whatever else lies there but work in progress."""
        named = [str(one) for one in dataplane.objects_named(ask)]
        tops = {one.split("/")[0] for one in named}
        others = {one.name for one in root.iterdir()} if root.is_dir() else set()
        for top in sorted((tops | others) - set(dataplane.WORK_IN_PROGRESS)):
            if top in ("originals", "versions"):
                for one in named:
                    if one.startswith(f"{top}/"):
                        yield from self._files_of(root, one)
            elif (root / top).is_dir():
                yield from (f"{top}/{name}" for name in files.walk(root / top))
            else:
                yield top

    def _files_of(self, root: Path, name: str) -> Iterator[str]:
        if (root / name).is_dir():
            yield from (f"{name}/{inner}" for inner in files.walk(root / name))
        else:
            yield name

    def _object(self, source: Path, name: str) -> None:
        target = self._folder / name
        if not source.is_file():
            self._made.missing.append(name)
            return
        digest = self._base.link(name, source.stat().st_size, target)
        if digest is not None:
            self._made.linked += 1
        else:
            digest = files.copy(source, target)
        if name.startswith(f"{files.OBJECTS}/originals/") and digest != source.name:
            self._made.missing.append(name)
        self._list(name, digest)

    def _object_of_bucket(self, kept: Bucket, wanted: Wanted) -> None:
        """A copy of an object, or another name for the one in the backup before."""
        name = f"{files.OBJECTS}/{wanted.path}"
        target = self._folder / name
        size = kept.size(wanted.key)
        if size is None:
            self._made.missing.append(name)
            return
        digest = self._base.link(name, size, target)
        if digest is not None:
            self._made.linked += 1
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                digest = kept.fetch(wanted.key, out)
                out.flush()
                os.fsync(out.fileno())
            target.chmod(0o400)
        if digest != wanted.sha256:
            self._made.missing.append(name)
        self._list(name, digest)

    def _list(self, name: str, digest: str = "") -> None:
        path = self._folder / name
        self._sums.write(f"{digest or files.hash_of(path)}  {name}\n")
        self._made.files += 1
        self._made.bytes += path.stat().st_size


def secrets_save(target: Path) -> int:
    """Put the node's secrets into a tar file of their own, readable by its owner alone; how many.

    ``FileExistsError`` when the file is there.
    """
    folder = Path(settings.SECRETS_DIR)
    names = sorted(one.name for one in folder.iterdir() if one.is_file())
    with (
        files.write_secretly(target) as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in names:
            archive.add(folder / name, f"secrets/{name}")
    files.sync(target)
    return len(names)
