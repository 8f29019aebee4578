"""Serving files made again from the Parquet files: after a restore, or where one is damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wushu.catalog import selectors as catalog
from wushu.catalog.types import FieldSpec, VersionView
from wushu.dataplane import serving
from wushu.dataplane.ingest import engine, store
from wushu.dataplane.ingest.load import DATA

Progress = Callable[[int, int], None]
"""Told how many versions of how many are done."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild of serving files did."""

    built: int
    kept: int
    """Were whole."""
    unbuildable: tuple[str, ...]
    """``entry/number`` of versions whose Parquet file or manifest is missing or was changed."""


def serving_rebuild(progress: Progress = lambda done, total: None) -> Rebuilt:
    """Make each serving file that is missing, or is not what the manifest lists.

    For who holds the machine, beside a working node: a file appears whole or not at all. Refusal:
    ``disk-full``, ``storage-unavailable``.
    """
    versions = list(catalog.all_versions())
    built = kept = 0
    unbuildable: list[str] = []
    for done, version in enumerate(versions):
        progress(done, len(versions))
        outcome = _rebuild(version)
        if outcome is None:
            unbuildable.append(f"{version.entry}/{version.number}")
        elif outcome:
            built += 1
        else:
            kept += 1
    progress(len(versions), len(versions))
    return Rebuilt(built, kept, tuple(unbuildable))


def _rebuild(version: VersionView) -> bool | None:
    """True: made; False: it was whole; None: it cannot be made."""
    named = store.Named(version.entry, version.number, version.manifest_sha256)
    try:
        manifest = store.manifest_of(named)
    except (FileNotFoundError, ValueError):
        return None
    listed = {one["role"]: one for one in [*manifest["files"], *manifest["derived"]]}
    place = store.serving_path(version.entry, version.number)
    wanted = listed.get("serving")
    if wanted is None or (place.is_file() and store.hash_of(place) == wanted["sha256"]):
        return False
    try:
        data = store.version_file(named, DATA, listed["data"]["sha256"])
    except (FileNotFoundError, ValueError):
        return None
    if not data.is_file() or store.hash_of(data) != listed["data"]["sha256"]:
        return None
    fields = [FieldSpec.from_json(field) for field in manifest["fields"]]
    if place.is_file() and not serving.faults(place, data, fields):
        return False  # of another release, with the same content
    name = f"rebuild-{version.entry}-{version.number}"
    with (
        store.locked(f"work-{name}"),
        store.serving_work(name) as work,
        engine.disk_full_refused(),
        store.locked(f"entry-{version.entry}"),
    ):
        serving.build(data, fields, work / place.name)
        store.make_folder(place.parent)
        (work / place.name).replace(place)
        store.sync_folder(place.parent)
    return True
