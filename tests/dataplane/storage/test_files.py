"""A node's originals and versions in a bucket: each fault named, none served, orphans swept."""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from django.utils import timezone

from tests.dataplane.ingest.conftest import Desk, Loaded
from tests.support.bucket import free_port
from wushu.catalog import selectors as catalog
from wushu.dataplane import selectors, services
from wushu.dataplane.ingest import store
from wushu.dataplane.ingest.bucket_files import sweep_bucket
from wushu.dataplane.models import Upload
from wushu.dataplane.query import versions
from wushu.dataplane.storage import Bucket
from wushu.kernel.errors import Refusal

TABLE = "编号,数量\n001,1\n002,2\n003,x\n".encode() + b"".join(
    b"%03d,1\n" % n for n in range(4, 200)
)


class Held:
    """A version in the bucket."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        (self.view,) = catalog.all_versions()
        self.key = store.Named(self.view.entry, self.view.number, self.view.manifest_sha256).key

    def preview(self) -> int:
        """How many rows the desk sees."""
        versions._kept.clear()  # as in another process
        shown = selectors.preview(self.view.id, actor=self.desk.clerk, limit=500, at_work=True)
        return len(shown.rows)


@pytest.fixture
def held(kept: Bucket, desk: Desk) -> Held:
    looked = desk.look(TABLE)
    assert looked.found is not None, looked.refusal
    confirmed = desk.confirm(looked)
    services.load_run(confirmed.id)
    assert desk.view(confirmed.id).version is not None, desk.view(confirmed.id).refusal
    return Held(desk)


def names(kept: Bucket) -> list[str]:
    return sorted(one.name for one in kept.names(""))


def named() -> set[tuple[str, str]]:
    return {(fault.kind, fault.where) for fault in selectors.file_faults()}


def write(kept: Bucket, name: str, content: bytes) -> None:
    """What somebody with the bucket's keys may do, and the node never does."""
    obstore.put(kept._store, name, content)


def read(kept: Bucket, name: str) -> bytes:
    out = io.BytesIO()
    kept.fetch(name, out)
    return out.getvalue()


def forget_copies(kept: Bucket) -> None:
    for path in [path for path in kept.cache.rglob("*") if path.is_file()]:
        path.unlink()


def test_the_bucket_has_the_original_and_the_version_by_its_manifest(
    kept: Bucket, held: Held, settings
):
    sha = held.view.source_sha256
    assert names(kept) == [
        f"originals/{sha[:2]}/{sha}",
        *(f"{held.key}/{name}" for name in (
            "data.parquet", "manifest.json", "profile.json", "rejects.parquet",
        )),
    ]  # fmt: skip
    assert read(kept, f"originals/{sha[:2]}/{sha}") == TABLE
    listed = json.loads(read(kept, f"{held.key}/manifest.json"))["files"]
    assert {one["path"]: one["sha256"] for one in listed} == {
        one["path"]: kept.digest(f"{held.key}/{one['path']}") for one in listed
    }
    objects = Path(settings.OBJECTS_DIR)
    assert not (objects / "originals").exists()
    assert not (objects / "versions").exists()
    assert named() == set()


def test_a_host_without_copies_reads_everything_from_the_bucket(kept: Bucket, held: Held):
    forget_copies(kept)
    assert held.preview() == 198
    assert len(selectors.rejects(held.view.id, actor=held.desk.clerk, limit=10)) == 1
    store.serving_path(held.view.entry, 1).unlink()
    forget_copies(kept)
    assert held.preview() == 198, "from Parquet"
    assert services.serving_rebuild().built == 1
    assert named() == set()


def test_a_copy_that_made_room_comes_back(kept: Bucket, held: Held):
    held.preview()
    forget_copies(kept)
    shown = selectors.preview(held.view.id, actor=held.desk.clerk, limit=1, at_work=True)
    assert len(shown.rows) == 1
    assert (kept.cache / held.key / "data.parquet").is_file()


def test_any_changed_object_is_named_and_never_served(kept: Bucket, held: Held):
    for name in names(kept):
        before = read(kept, name)
        for changed in (before[:-1] + bytes([before[-1] ^ 1]), before[:-1], b""):
            write(kept, name, changed)
            assert ("changed", name) in named()
            forget_copies(kept)
            if name.endswith(("manifest.json", "data.parquet")):
                with pytest.raises(Refusal) as refused:
                    held.preview()
                assert refused.value.name == "version-damaged"
            if name.startswith("originals"):
                with pytest.raises(Refusal) as refused:
                    store.require_original(held.view.source_sha256)
                assert refused.value.name == "original-damaged"
        write(kept, name, before)
        assert named() == set()


def test_any_missing_object_is_named(kept: Bucket, held: Held):
    for name in names(kept):
        before = read(kept, name)
        kept.delete(name)
        assert ("missing", name) in named()
        write(kept, name, before)
    assert named() == set()


def test_a_changed_copy_is_named_removed_and_fetched_again(kept: Bucket, held: Held):
    copy = kept.cache / held.key / "data.parquet"
    copy.chmod(0o600)
    copy.write_bytes(b"rot")
    assert ("changed", f"cache/{held.key}/data.parquet") in named()
    assert named() == set()
    assert held.preview() == 198


def test_objects_that_nobody_named_are_orphans_and_swept_after_a_day(kept: Bucket, held: Held):
    before = names(kept)
    strangers = [
        f"originals/ab/{'ab' * 32}",
        f"{held.key.rpartition('/')[0]}/{'0' * 64}/data.parquet",
        f"{held.key.rpartition('/')[0].rpartition('/')[0]}/7/{'0' * 64}/manifest.json",
    ]
    for name in strangers:
        write(kept, name, b"x")
    assert named() == {("orphan", name) for name in strangers}
    assert list(sweep_bucket(kept, timezone.now() + timedelta(hours=23))) == []
    services.loads_resume(now=timezone.now() + timedelta(hours=25))
    assert names(kept) == before
    assert named() == set()


def test_other_work_goes_on_while_the_store_is_away(kept: Bucket, desk: Desk, settings, caplog):
    """The worker asks for what waits before it does anything: signing the log, say."""
    desk.receive(TABLE)
    settings.STORAGE_URL = f"s3://x/y?endpoint=http://127.0.0.1:{free_port()}&region=z"
    assert services.loads_resume() == 1
    assert "the bucket is not swept" in caplog.text


def test_the_same_bytes_handed_in_again_are_one_original(kept: Bucket, desk: Desk):
    desk.receive(TABLE)
    desk.receive(TABLE)
    assert len(names(kept)) == 1
    assert Upload.objects.count() == 2


def test_an_upload_while_the_store_is_away_leaves_nothing(kept: Bucket, desk: Desk, settings):
    settings.STORAGE_URL = f"s3://x/y?endpoint=http://127.0.0.1:{free_port()}&region=z"
    with pytest.raises(Refusal) as refused:
        desk.receive(TABLE)
    assert refused.value.name == "storage-unavailable"
    assert not Upload.objects.exists()
    assert [p for p in Path(settings.OBJECTS_DIR).rglob("*") if p.is_file()] == []


def test_a_load_while_the_store_is_away_fails_by_name(kept: Bucket, desk: Desk, settings):
    looked = desk.look(TABLE)
    confirmed = desk.confirm(looked)
    settings.STORAGE_URL = f"s3://x/y?endpoint=http://127.0.0.1:{free_port()}&region=z"
    services.load_run(confirmed.id)
    refusal = desk.view(confirmed.id).refusal
    assert refusal is not None
    assert refusal["name"] == "storage-unavailable"
    assert list(catalog.all_versions()) == []


def test_copies_are_read_while_the_store_is_away(kept: Bucket, held: Held, settings):
    held.preview()
    settings.STORAGE_URL = f"s3://x/y?endpoint=http://127.0.0.1:{free_port()}&region=z"
    assert held.preview() == 198
    forget_copies(kept)
    with pytest.raises(Refusal) as refused:
        held.preview()
    assert refused.value.name == "storage-unavailable"


def test_a_try_that_another_host_won_does_not_touch_the_winners_files(
    kept: Bucket, desk: Desk, held: Held, tmp_path: Path
):
    """Both made number 1 of the same dataset; the database named one of them."""
    lost = tmp_path / "lost"
    lost.mkdir()
    (lost / "data.parquet").write_bytes(os.urandom(100))
    (lost / "manifest.json").write_bytes(b"{}")
    before = {name: read(kept, name) for name in names(kept)}
    theirs = store.Named(held.view.entry, 1, store.hash_of_bytes(b"{}"))
    store.publish_version(lost, theirs)
    assert {name: read(kept, name) for name in before} == before
    assert held.preview() == 198


def test_loaded_is_what_it_is_in_a_folder(kept: Bucket, held: Held, desk: Desk, settings):
    settings.STORAGE_URL = ""
    in_folder: Loaded = desk.load(TABLE)
    manifest = json.loads(read(kept, f"{held.key}/manifest.json"))
    assert manifest["rows"] == in_folder.manifest["rows"]
    assert {f["role"]: f["sha256"] for f in manifest["files"]} == {
        f["role"]: f["sha256"] for f in in_folder.manifest["files"]
    }
