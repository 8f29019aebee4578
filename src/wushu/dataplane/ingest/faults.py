"""Files of versions that are not what the manifest or the catalogue says, each named.

Checked for every version: the manifest against the catalogue's hash, each file against the manifest,
no file beside them; the serving file against the manifest's hash, or else, since it may have been
rebuilt by another release, against the Parquet file by content; each original against its name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from wushu.catalog.types import FieldSpec, VersionView
from wushu.dataplane import serving
from wushu.dataplane.ingest import store
from wushu.dataplane.ingest.load import DATA, MANIFEST
from wushu.dataplane.types import FileFault
from wushu.kernel.errors import Said


def file_faults(
    versions: Iterable[VersionView], originals: Iterable[str] = ()
) -> Iterator[FileFault]:
    """Every fault of the versions' files and of the originals, which are named by their hashes.

    ``versions`` and ``originals`` are all that the database names: what lies beside them is an
    orphan. Reads every byte.
    """
    known: set[tuple[str, str]] = set()
    hashes = set(originals)
    for version in versions:
        known.add((str(version.entry), str(version.number)))
        hashes.add(version.source_sha256)
        yield from _version_faults(version)
    yield from _original_faults(hashes)
    yield from _orphans(known, store.versions(), Path(settings.SERVING_DIR))


def _version_faults(version: VersionView) -> Iterator[FileFault]:
    folder = store.version_path(version.entry, version.number)
    manifest_path = folder / MANIFEST
    if not manifest_path.is_file():
        yield _fault("missing", manifest_path, Said("缺少清单", "the manifest is missing"))
        return
    document = manifest_path.read_bytes()
    if hashlib.sha256(document).hexdigest() != version.manifest_sha256:
        yield _fault(
            "changed",
            manifest_path,
            Said(
                "清单不是目录所记录的那一份", "the manifest is not the one the catalogue recorded"
            ),
        )
        return
    manifest = json.loads(document)
    listed = {MANIFEST}
    for file in manifest["files"]:
        listed.add(file["path"])
        yield from _file_faults(folder / file["path"], file)
    yield from _unlisted(folder, listed)
    if manifest["source"]["sha256"] != version.source_sha256:
        yield _fault(
            "changed",
            manifest_path,
            Said("清单写的来源与目录不同", "it names another source than the catalogue"),
        )
    yield from _serving_faults(version, manifest)


def _file_faults(path: Path, file: dict[str, Any]) -> Iterator[FileFault]:
    if not path.is_file():
        yield _fault(
            "missing",
            path,
            Said("清单列出的文件不见了", "the manifest lists it, but it is missing"),
        )
    elif path.stat().st_size != file["bytes"] or store.hash_of(path) != file["sha256"]:
        yield _fault("changed", path, Said("与清单所列不符", "it is not what the manifest lists"))


def _serving_faults(version: VersionView, manifest: dict[str, Any]) -> Iterator[FileFault]:
    place = store.serving_path(version.entry, version.number)
    derived = next((one for one in manifest["derived"] if one["role"] == "serving"), None)
    if derived is None:
        return
    if not place.is_file():
        yield _fault(
            "missing",
            place,
            Said(
                "缺少服务文件，分页读取会变慢", "the serving file is missing; pages are read slowly"
            ),
        )
        return
    yield from _unlisted(place.parent, {place.name})
    if store.hash_of(place) == derived["sha256"]:
        return
    parquet = _data_file(version, manifest)
    if parquet is None:
        yield _fault("changed", place, Said("与清单所列不符", "it is not what the manifest lists"))
        return
    fields = [FieldSpec.from_json(field) for field in manifest["fields"]]
    for sentence in serving.faults(place, parquet, fields):
        yield _fault("changed", place, Said("服务文件的内容与数据文件不一致", sentence))


def _data_file(version: VersionView, manifest: dict[str, Any]) -> Path | None:
    """The Parquet file as it can be opened; None where it cannot be."""
    listed = {one["path"]: one["sha256"] for one in manifest["files"]}
    named = store.Named(version.entry, version.number, version.manifest_sha256)
    try:
        path = store.version_file(named, DATA, listed[DATA])
    except (FileNotFoundError, ValueError):
        return None
    return path if path.is_file() else None


def serving_faults(versions: Iterable[VersionView]) -> Iterator[FileFault]:
    """Faults of the serving files alone, where a bucket keeps the rest (``bucket_files``)."""
    known: set[tuple[str, str]] = set()
    for version in versions:
        known.add((str(version.entry), str(version.number)))
        try:
            manifest = store.manifest_of(
                store.Named(version.entry, version.number, version.manifest_sha256)
            )
        except (FileNotFoundError, ValueError):
            continue  # the bucket's own faults name it
        yield from _serving_faults(version, manifest)
    yield from _orphans(known, Path(settings.SERVING_DIR))


def _unlisted(folder: Path, listed: set[str]) -> Iterator[FileFault]:
    for path in sorted(folder.iterdir()):
        if path.name not in listed:
            yield _fault("unlisted", path, Said("清单没有列出它", "the manifest does not list it"))


def _original_faults(hashes: set[str]) -> Iterator[FileFault]:
    for sha256 in sorted(hashes):
        path = store.original_path(sha256)
        if not path.is_file():
            yield _fault("missing", path, Said("缺少原始文件", "the original is missing"))
    for path in sorted(store.originals().rglob("*")):
        if path.is_dir():
            continue
        if path.name not in hashes or path.parent.name != path.name[:2]:
            yield _fault(
                "orphan",
                path,
                Said("没有任何上传记录指向这个原始文件", "no upload names this original"),
            )
        elif store.hash_of(path) != path.name:
            yield _fault(
                "changed",
                path,
                Said(
                    "原始文件的哈希与其文件名不再一致",
                    "the original no longer has the hash it is named by",
                ),
            )


def _orphans(known: set[tuple[str, str]], *places: Path) -> Iterator[FileFault]:
    for place in places:
        for entry in sorted(place.glob("*")):
            if entry.name.startswith(store.SERVING_WORK):
                continue
            if not entry.is_dir() or not _is_uuid(entry.name):
                yield _fault(
                    "unlisted", entry, Said("不是数据集的文件夹", "it is no folder of a dataset")
                )
                continue
            for folder in sorted(entry.iterdir()):
                if (entry.name, folder.name) not in known:
                    yield _fault(
                        "orphan",
                        folder,
                        Said("目录中没有这个版本", "the catalogue names no such version"),
                    )


def _is_uuid(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True


def _fault(kind: str, path: Path, message: Said) -> FileFault:
    for root in (Path(settings.OBJECTS_DIR), Path(settings.SERVING_DIR)):
        if path.is_relative_to(root):
            return FileFault(kind, f"{root.name}/{path.relative_to(root)}", message)
    return FileFault(kind, str(path), message)
