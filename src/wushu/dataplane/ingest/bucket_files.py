"""What a bucket holds against what the database names: faults, orphans, the way into a backup and back.

A backup has the layout of a folder (``store``) wherever the node keeps its files, so that it can be
restored to either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from wushu.catalog import selectors as catalog
from wushu.catalog.types import VersionView
from wushu.dataplane.ingest import store
from wushu.dataplane.ingest.naming import Ask, hashes_named
from wushu.dataplane.models import Upload
from wushu.dataplane.storage import Bucket
from wushu.dataplane.types import FileFault
from wushu.kernel.errors import Said

SPARED = timedelta(hours=24)
"""Another host may have been putting a large version for this long."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object that the database names."""

    key: str
    sha256: str
    size: int | None
    """None where only its hash is known."""
    path: str
    """Where it lies in a folder of the same content, below OBJECTS_DIR."""


def wanted_of_version(kept: Bucket, version: store.Named) -> Iterator[Wanted]:
    """The manifest, then the files it lists; the latter only when the manifest is the recorded one."""
    folder = PurePosixPath("versions", str(version.entry), str(version.number))
    key = f"{version.key}/{store.MANIFEST}"
    yield Wanted(key, version.manifest_sha256, None, str(folder / store.MANIFEST))
    try:
        document = kept.local(key, version.manifest_sha256).read_bytes()
    except (FileNotFoundError, ValueError):
        return  # whoever looks at the manifest itself says so
    for one in json.loads(document)["files"]:
        path = str(folder / one["path"])
        yield Wanted(f"{version.key}/{one['path']}", one["sha256"], one["bytes"], path)


def wanted_originals(hashes: Iterable[str]) -> Iterator[Wanted]:
    """The originals of these hashes."""
    for sha in sorted(hashes):
        key = store.original_key(sha)
        yield Wanted(key, sha, None, key)


def bucket_faults(
    kept: Bucket, versions: Iterable[VersionView], originals: Iterable[str]
) -> Iterator[FileFault]:
    """Every object that is missing, changed or not named; reads every byte of the bucket.

    Local copies are looked at too: one that was changed is removed, so that it is fetched again.
    """
    there = {one.name: one for place in ("originals", "versions") for one in kept.names(place)}
    hashes = set(originals)
    wanted: list[Wanted] = []
    for version in versions:
        hashes.add(version.source_sha256)
        named = store.Named(version.entry, version.number, version.manifest_sha256)
        wanted += wanted_of_version(kept, named)
    wanted += wanted_originals(hashes)
    for one in wanted:
        found = there.pop(one.key, None)
        if found is None:
            yield _fault(
                "missing", one.key, "对象存储中没有这个对象", "the object storage lacks it"
            )
        elif one.size not in (None, found.size) or kept.digest(one.key) != one.sha256:
            yield _fault("changed", one.key, "与所记录的不符", "it is not what was recorded")
        yield from _copy_faults(kept.cache / one.key, one)
    for name in sorted(there):
        yield _fault("orphan", name, "数据库没有指向它", "the database does not name it")


def _copy_faults(path: Path, wanted: Wanted) -> Iterator[FileFault]:
    if path.is_file() and store.hash_of(path) != wanted.sha256:
        path.unlink(missing_ok=True)
        yield _fault(
            "changed",
            f"cache/{wanted.key}",
            "本地副本已变，现已删除，下次读取时重新下载",
            "the local copy was changed; it is removed and will be fetched again",
        )


def _fault(kind: str, where: str, zh: str, en: str) -> FileFault:
    return FileFault(kind, where, Said(zh, en))


def sweep_bucket(kept: Bucket, now: datetime) -> Iterator[str]:
    """Remove objects of more than a day that the database does not name; trim the local copies."""
    before = now - SPARED
    # Listed before the database is asked: an object that comes later is not looked at.
    old = [one.name for one in kept.names("originals") if one.modified < before]
    old += [one.name for one in kept.names("versions") if one.modified < before]
    hashes = set(Upload.objects.values_list("sha256", flat=True))
    named = set()
    for version in catalog.all_versions():
        hashes.add(version.source_sha256)
        named.add(store.Named(version.entry, version.number, version.manifest_sha256).key)
    for name in old:
        place, _, last = name.rpartition("/")
        if place not in named and last not in hashes:
            kept.delete(name)
            yield name
    kept.trim()


def bucket_objects(kept: Bucket, ask: Ask) -> Iterator[Wanted]:
    """Every object that a snapshot of the database names, in the order of the paths' parts."""
    yield from wanted_originals(hashes_named(ask))
    rows: list[tuple[Any, ...]] = list(
        ask("SELECT entry_id, number, manifest_sha256 FROM catalog_version")
    )
    for entry, number, sha in sorted(rows, key=lambda row: (str(UUID(str(row[0]))), str(row[1]))):
        named = store.Named(UUID(str(entry)), number, sha)
        yield from sorted(wanted_of_version(kept, named), key=lambda one: one.path)


def objects_import(kept: Bucket, folder: Path) -> Iterator[str]:
    """Put the originals and versions of a folder into the bucket, each manifest last; their names.

    What is there already stays, so that a bucket that outlived its node needs no copying.
    """
    for path in sorted((folder / "originals").glob("??/*")):
        kept.put(store.original_key(path.name), path)
        yield f"originals/{path.parent.name}/{path.name}"
    for place in sorted((folder / "versions").glob("*/*")):
        manifest = place / store.MANIFEST
        named = store.Named(
            UUID(place.parent.name), int(place.name), store.hash_of_bytes(manifest.read_bytes())
        )
        for path in sorted(place.iterdir(), key=lambda one: one.name == store.MANIFEST):
            kept.put(f"{named.key}/{path.name}", path)
            yield f"versions/{place.parent.name}/{place.name}/{path.name}"
