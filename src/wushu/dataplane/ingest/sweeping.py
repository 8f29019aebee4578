"""Removes files that no row names: what a kill between a rename and its transaction leaves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from wushu.catalog import selectors as catalog
from wushu.dataplane.ingest import store
from wushu.dataplane.models import Upload


def sweep_objects(before: datetime) -> list[str]:
    """Remove originals and versions older than ``before`` that the database does not name."""
    return [*_sweep_originals(before), *_sweep_versions(before)]


def _sweep_originals(before: datetime) -> Iterator[str]:
    known = set(Upload.objects.values_list("sha256", flat=True))
    for path in sorted(store.originals().glob("??/*")):
        if path.name not in known and _is_older(path, before):
            path.unlink()
            yield path.name


def _sweep_versions(before: datetime) -> Iterator[str]:
    folders = sorted(store.versions().glob("*/*"))
    # Listed before the database is asked: a folder that comes later is not looked at.
    known = {(version.entry, version.number) for version in catalog.all_versions()}
    for folder in folders:
        try:
            entry, number = UUID(folder.parent.name), int(folder.name)
        except ValueError:
            continue  # not ours; doctor names it
        if (entry, number) in known or not _is_older(folder, before):
            continue
        # A load that is just entering its version holds the lock.
        with store.locked(f"entry-{entry}", wait=False) as free:
            if free:
                store.discard(entry, number)
                yield f"{entry}/{number}"
    _remove_empty(store.versions())


def _remove_empty(place: Path) -> None:
    for folder in place.glob("*") if place.is_dir() else ():
        if folder.is_dir() and not any(folder.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)


def _is_older(path: Path, before: datetime) -> bool:
    return path.stat().st_mtime < before.timestamp()
