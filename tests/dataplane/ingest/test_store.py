"""Files of versions: each fault named, orphans swept, locks that a dead process does not hold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import timezone

from tests.dataplane.ingest.conftest import Desk, Loaded
from wushu.dataplane.ingest import store
from wushu.dataplane.ingest.sweeping import sweep_objects
from wushu.dataplane.selectors import file_faults

TABLE = "编号,数量\n001,1\n002,2\n003,x\n".encode() + b"".join(
    b"%03d,1\n" % n for n in range(4, 200)
)


@pytest.fixture
def loaded(desk: Desk) -> Loaded:
    return desk.load(TABLE)


def named() -> set[tuple[str, str]]:
    return {(fault.kind, fault.where) for fault in file_faults()}


def every_file(loaded: Loaded) -> list[Path]:
    """All that a version consists of, found on disk, not from a list."""
    roots = (loaded.folder, store.originals(), store.serving_path(loaded.entry, 1).parent)
    return sorted(path for root in roots for path in root.rglob("*") if path.is_file())


def test_a_sound_version_has_no_faults(loaded: Loaded):
    assert named() == set()
    assert [path.name for path in every_file(loaded)][:5] == [
        loaded.manifest["source"]["sha256"], "data.parquet", "manifest.json", "profile.json",
        "rejects.parquet",
    ]  # fmt: skip


def test_any_changed_byte_of_any_file_is_named(loaded: Loaded):
    for path in every_file(loaded):
        before = path.read_bytes()
        path.chmod(0o644)
        for place in (0, len(before) // 2, len(before) - 1):
            path.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :])
            assert any(path.name in where for _, where in named()), (path.name, place)
        path.write_bytes(before[:-1])
        assert any(path.name in where for _, where in named()), (path.name, "cut")
        path.write_bytes(before)
        assert named() == set()


def test_any_missing_file_is_named(loaded: Loaded):
    for path in every_file(loaded):
        before = path.read_bytes()
        path.chmod(0o644)
        path.unlink()
        assert {kind for kind, where in named() if path.name in where} == {"missing"}, path.name
        path.write_bytes(before)
    assert named() == set()


def test_files_that_nobody_listed_are_named(loaded: Loaded):
    strangers = [
        loaded.folder / "extra.parquet",
        loaded.folder.parent / "stray",
        store.versions() / "stray",
        store.serving_path(loaded.entry, 1).parent / "old.tar",
        store.originals() / "ab" / ("ab" * 32),
        store.originals() / "loose",
    ]
    for path in strangers:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        assert any(path.name in where for _, where in named()), path
        path.unlink()
    shutil.rmtree(store.originals() / "ab")
    assert named() == set()


def test_a_whole_version_that_the_catalogue_does_not_name_is_an_orphan(loaded: Loaded):
    shutil.copytree(loaded.folder, loaded.folder.parent / "7")
    assert ("orphan", f"objects/versions/{loaded.entry}/7") in named()


def test_a_rebuilt_serving_file_of_the_same_content_is_no_fault(loaded: Loaded):
    from wushu.catalog.types import FieldSpec
    from wushu.dataplane import serving

    place = store.serving_path(loaded.entry, 1)
    place.unlink()
    fields = [FieldSpec.from_json(field) for field in loaded.manifest["fields"]]
    serving.build(loaded.folder / "data.parquet", fields, place)
    assert named() == set()


def test_the_manifest_says_what_the_files_are(loaded: Loaded):
    manifest = loaded.manifest
    assert [file["role"] for file in manifest["files"]] == ["data", "rejects", "profile"]
    for file in manifest["files"]:
        path = loaded.folder / file["path"]
        assert (file["sha256"], file["bytes"]) == (store.hash_of(path), path.stat().st_size)
    (derived,) = manifest["derived"]
    assert derived["path"] == f"{loaded.entry}/1/serving.tar"
    assert (loaded.folder / "manifest.json").read_bytes() == json.dumps(
        manifest, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def age(folder: Path) -> None:
    old = time.time() - 7200
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (old, old))


def test_old_orphans_are_swept_and_nothing_else(loaded: Loaded):
    orphan = store.originals() / "cd" / ("cd" * 32)
    orphan.parent.mkdir()
    orphan.write_bytes(b"x")
    shutil.copytree(loaded.folder, loaded.folder.parent / "2")
    shutil.copytree(loaded.folder, loaded.folder.parent / "3")
    age(orphan)
    age(loaded.folder.parent / "2")
    age(loaded.folder)
    hour_ago = timezone.now() - timezone.timedelta(hours=1)
    assert sweep_objects(hour_ago) == [orphan.name, f"{loaded.entry}/2"]
    assert sorted(path.name for path in loaded.folder.parent.iterdir()) == ["1", "3"]
    assert store.original_path(loaded.manifest["source"]["sha256"]).is_file()


def test_work_of_a_living_process_is_left_alone(node_home: Path):
    with store.working("load-alive") as folder:
        (folder / "half").write_bytes(b"x")
        (store.incoming() / "load-dead").mkdir()
        assert store.sweep() == ["load-dead"]
        assert (folder / "half").is_file()
    assert list(store.incoming().iterdir()) == []


HOLDER = """
import sys, django
django.setup()
from wushu.dataplane.ingest import store
with store.locked("x"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_is_free_when_its_holder_is_killed(node_home: Path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env={**os.environ, "WUSHU_HOME": str(node_home), "DJANGO_SETTINGS_MODULE": "wushu.config.settings"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    with store.locked("x", wait=False) as free:
        assert not free
    holder.kill()
    holder.communicate()
    with store.locked("x", wait=False) as free:
        assert free


def test_the_same_bytes_stored_again_heal_a_damaged_original(desk: Desk):
    upload = desk.receive(TABLE)
    path = store.original_path(upload.sha256)
    path.chmod(0o644)
    path.write_bytes(b"rot")
    desk.receive(TABLE)
    assert path.read_bytes() == TABLE
