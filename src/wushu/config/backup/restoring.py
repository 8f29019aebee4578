"""A backup becomes a node again, in an empty place."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import connection

from wushu.config.backup import files
from wushu.config.backup.checking import backup_faults, facts_of
from wushu.config.backup.database import client_program, run_client
from wushu.config.backup.refusals import (
    BACKUP_FAULTY,
    HOME_NOT_EMPTY,
    RESTORE_CHECKPOINT,
    RESTORE_ENGINE,
)
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a node in a home lie, by the settings' own rule."""

    home: Path
    database: Path | None
    """SQLite's file; None on PostgreSQL."""
    objects: Path
    evidence: Path
    checkpoint: Path
    secrets: Path

    @classmethod
    def of(cls, home: Path) -> Places:
        """The home's folders, unless an environment variable names another place."""

        def place(variable: str, name: str) -> Path:
            return Path(os.environ.get(variable, home / name)).resolve()

        url = os.environ.get("WUSHU_DATABASE_URL", f"sqlite:///{home}/wushu.db")
        is_file = urlsplit(url).scheme == "sqlite"
        return cls(
            home,
            Path(unquote(urlsplit(url).path[1:])) if is_file else None,
            place("WUSHU_OBJECTS_DIR", "objects"),
            place("WUSHU_EVIDENCE_DIR", "evidence"),
            place("WUSHU_CHECKPOINT_DIR", "checkpoint"),
            place("WUSHU_SECRETS_DIR", "secrets"),
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    home: Path
    engine: str
    files: int
    checkpoint: str
    """``kept`` (it was there), ``given`` or ``backup``."""
    secrets: int


def restore(
    folder: Path,
    *,
    home: Path,
    secrets: Path | None = None,
    checkpoint: Path | None = None,
    checkpoint_of_backup: bool = False,
    progress: Progress = lambda part, done: None,
) -> Restored:
    """Put a backup into an empty home and an empty database.

    The backup is checked whole before anything is written. A checkpoint that lies in
    WUSHU_CHECKPOINT_DIR is left alone: it may be newer. Refusals: ``backup-faulty``,
    ``restore-home-not-empty``, ``restore-engine``, ``restore-checkpoint``, those of client programs.
    """
    facts = facts_of(folder)
    places = Places.of(home.resolve())
    _require_engine(facts["engine"], places)
    _require_empty(places)
    decided = _checkpoint(folder, places, checkpoint, checkpoint_of_backup)
    for fault in backup_faults(folder, progress=progress):
        if fault.kind != "missing-at-source":
            raise BACKUP_FAULTY(folder=folder, fault=f"{fault.kind}: {fault.where}")
    home.mkdir(parents=True, exist_ok=True)
    count = _files(folder, places, progress)
    _database(folder, places)
    found = _secrets(secrets, places) if secrets else 0
    if decided[1] is not None:
        files.write(places.checkpoint / "checkpoint", decided[1])
    return Restored(home, facts["engine"], count, decided[0], found)


def _require_engine(found: str, places: Places) -> None:
    wanted = "postgresql" if places.database is None else "sqlite"
    if found != wanted:
        raise RESTORE_ENGINE(found=found, wanted=wanted)


def _require_empty(places: Places) -> None:
    """Nothing is overwritten; a checkpoint and secrets may wait there already."""
    for place in (places.home, places.objects, places.evidence):
        # Folders of their own that lie in the home are looked at one by one.
        inside = [places.checkpoint, places.secrets]
        if place.exists() and any(
            one.resolve() not in inside and (one.is_file() or any(one.iterdir()))
            for one in place.iterdir()
        ):
            raise HOME_NOT_EMPTY(place=place)
    if places.database is not None:
        if places.database.exists():
            raise HOME_NOT_EMPTY(place=places.database)
    elif connection.introspection.table_names():
        raise HOME_NOT_EMPTY(place=f"{connection.settings_dict['NAME']} (PostgreSQL)")


def _checkpoint(
    folder: Path, places: Places, given: Path | None, of_backup: bool
) -> tuple[str, bytes | None]:
    """Which checkpoint holds, and its bytes where it has to be written."""
    if given is not None:
        return "given", given.read_bytes()
    if (places.checkpoint / "checkpoint").is_file():
        return "kept", None
    kept = folder / "checkpoint" / "checkpoint"
    if not kept.is_file():
        return "backup", None
    if not of_backup:
        raise RESTORE_CHECKPOINT()
    return "backup", kept.read_bytes()


def _files(folder: Path, places: Places, progress: Progress) -> int:
    """Objects and tiles; how many."""
    count = 0
    parts = [("objects", places.objects), ("evidence", places.evidence)]
    if (kept := dataplane.bucket()) is not None:
        parts = parts[1:]
        for _ in dataplane_services.objects_import(kept, folder / "objects"):
            count += 1
            progress("objects", count)
    for part, place in parts:
        if not (folder / part).is_dir():
            continue
        for name in files.walk(folder / part):
            files.copy(folder / part / name, place / name)
            count += 1
            progress(part, count)
        for inner, _, _ in os.walk(place):
            files.sync(Path(inner))
    return count


def _database(folder: Path, places: Places) -> None:
    if places.database is not None:
        places.database.parent.mkdir(parents=True, exist_ok=True)
        files.copy(folder / "database" / "wushu.db", places.database)
        files.sync(places.database.parent)
        return
    run_client(
        client_program("pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        str(folder / "database" / "wushu.dump"),
    )


def _secrets(archive: Path, places: Places) -> int:
    """The secrets of ``secrets_save``, each readable by its owner alone; one that is there stays."""
    count = 0
    with tarfile.open(archive, "r:") as packed:
        for member in packed.getmembers():
            name = Path(member.name).name
            read = packed.extractfile(member) if member.isfile() else None
            if read is None or (places.secrets / name).exists():
                continue
            with files.write_secretly(places.secrets / name) as out:
                shutil.copyfileobj(read, out)
            count += 1
    if places.secrets.is_dir():
        places.secrets.chmod(0o700)
    return count
