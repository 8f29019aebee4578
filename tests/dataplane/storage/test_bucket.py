"""Objects are put once and whole, read through checked copies, and said to be away when they are."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.bucket import free_port
from wushu.config.commands import doctor
from wushu.dataplane.storage import Bucket, bucket
from wushu.dataplane.storage.objects import PART
from wushu.kernel.errors import Refusal


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / digest(content)
    path.write_bytes(content)
    return path


def fetched(kept: Bucket, name: str) -> bytes:
    out = io.BytesIO()
    kept.fetch(name, out)
    return out.getvalue()


@pytest.mark.parametrize("size", [1, PART, PART + 1, 3 * PART + 5])
def test_what_is_put_comes_back_whole(kept: Bucket, tmp_path: Path, size: int):
    content = os.urandom(size)
    kept.put("originals/x", file_of(tmp_path, content))
    assert fetched(kept, "originals/x") == content
    assert kept.digest("originals/x") == digest(content)
    assert kept.size("originals/x") == size


def test_an_object_that_is_there_stays(kept: Bucket, tmp_path: Path):
    path = file_of(tmp_path, b"content")
    kept.put("x", path)
    (first,) = kept.names("")
    kept.put("x", path)
    assert list(kept.names("")) == [first]
    assert not kept.create("x", b"another")
    assert fetched(kept, "x") == b"content"


@pytest.mark.parametrize("size", [7, PART + 1])
def test_other_content_under_a_name_is_refused_and_not_overwritten(
    kept: Bucket, tmp_path: Path, size: int
):
    kept.create("x", b"first")
    with pytest.raises(Refusal) as refused:
        kept.put("x", file_of(tmp_path, os.urandom(size)))
    assert (refused.value.name, refused.value.facts) == ("storage-conflict", {"name": "x"})
    assert fetched(kept, "x") == b"first"


def test_of_those_who_create_one_object_at_once_one_does(kept: Bucket):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: kept.create("manifest", b"%d" % n), range(24)))
    assert made.count(True) == 1
    assert fetched(kept, "manifest") == b"%d" % made.index(True)


def test_a_copy_is_checked_while_it_comes(kept: Bucket):
    kept.create("x", b"tampered")
    with pytest.raises(ValueError, match="SHA-256"):
        kept.local("x", digest(b"original"))
    assert [p for p in kept.cache.rglob("*") if p.is_file()] == []
    with pytest.raises(FileNotFoundError):
        kept.local("y", digest(b""))


def test_a_copy_is_fetched_once(kept: Bucket):
    kept.create("a/x", b"content")
    first = kept.local("a/x", digest(b"content"))
    kept._store = None  # type: ignore[assignment]  # whoever asks the store now fails
    assert kept.local("a/x", digest(b"content")) == first
    assert first.read_bytes() == b"content"
    assert first.stat().st_mode & 0o777 == 0o400


def test_copies_not_used_for_longest_make_room_but_none_in_use(kept: Bucket):
    kept._cache_bytes = 250
    for name in "abcd":
        kept.create(name, name.encode() * 100)
        kept.local(name, digest(name.encode() * 100))
    assert len(list(kept.cache.iterdir())) == 4  # all used a moment ago
    for age, name in enumerate("bacd"):
        old = time.time() - 7200 + age
        os.utime(kept.cache / name, (old, old))
    assert kept.touch(kept.cache / "b")
    assert kept.trim() == 200
    assert {path.name for path in kept.cache.iterdir()} == {"b", "d"}
    assert not kept.touch(kept.cache / "a")
    assert kept.local("a", digest(b"a" * 100)).read_bytes() == b"a" * 100


def test_a_store_that_is_away_is_said_to_be(kept: Bucket, settings, tmp_path: Path):
    settings.STORAGE_URL = f"s3://x/y?endpoint=http://127.0.0.1:{free_port()}&region=z"
    away = bucket()
    assert away is not None
    for ask in (
        lambda: away.create("x", b""),
        lambda: away.put("x", file_of(tmp_path, b"")),
        lambda: list(away.names("")),
        lambda: away.local("x", digest(b"")),
        lambda: away.delete("x"),
    ):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.name == "storage-unavailable"


def test_a_bucket_that_is_not_there_is_said_to_be(kept: Bucket, settings):
    settings.STORAGE_URL = settings.STORAGE_URL.replace("s3://test-", "s3://none-")
    missing = bucket()
    assert missing is not None
    with pytest.raises(Refusal) as refused:
        missing.create("x", b"")
    assert refused.value.name == "storage-unavailable"


def test_the_store_is_asked_whether_it_keeps_what_was_first(kept: Bucket):
    assert kept.keeps_the_first()
    assert list(kept.names("")) == []


def test_doctor_names_what_is_wrong_with_the_storage(kept: Bucket, settings, monkeypatch):
    def kinds() -> list[str]:
        return [found.kind for found in doctor.examine("storage")]

    assert kinds() == []
    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "keeps_the_first", lambda self: False)
        assert kinds() == ["storage-overwrites"]
    settings.STORAGE_URL = f"s3://x/y?endpoint=http://127.0.0.1:{free_port()}&region=z"
    assert kinds() == ["storage-unavailable"]
    settings.STORAGE_URL = "gopher://x"
    assert kinds() == ["storage-setting"]


def test_nodes_with_prefixes_of_their_own_share_a_bucket(kept: Bucket, settings):
    kept.create("x", b"1")
    settings.STORAGE_URL = settings.STORAGE_URL.replace("/node?", "/other?")
    other = bucket()
    assert other is not None
    assert list(other.names("")) == []
    assert other.create("x", b"2")
    assert fetched(kept, "x") == b"1"


@pytest.mark.parametrize(
    "url",
    ["ftp://x/y", "s3:///y", "s3://x/y?endpiont=http://z", "http://x/y", "s3://x?addressing=odd"],
)
def test_an_address_that_is_not_understood_is_an_error(settings, url: str):
    settings.STORAGE_URL = url
    with pytest.raises(ValueError, match="WUSHU_STORAGE_URL"):
        bucket()


@pytest.mark.parametrize("url", ["", "file:///srv/wushu/objects"])
def test_a_folder_needs_no_bucket(settings, url: str):
    settings.STORAGE_URL = url
    assert bucket() is None


def test_a_bucket_named_by_its_host_is_asked_there(node_home, settings):
    settings.STORAGE_URL = (
        "s3://tables?endpoint=https://oss.example.cn&region=cn&addressing=virtual"
    )
    found = bucket()
    assert found is not None
    assert found._store.config["endpoint"] == "https://tables.oss.example.cn"
    assert found._store.client_options is not None
    assert found._store.client_options["allow_http"] == "false"


PUT = """
import sys, resource, pathlib, django
django.setup()
from wushu.config.commands import doctor
from wushu.dataplane.storage import bucket
kept = bucket()
kept.create("warm", b"")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
kept.put("large", pathlib.Path(sys.argv[1]))
with open("/dev/null", "wb") as out:
    kept.fetch("large", out)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_object(kept: Bucket, node_home: Path, settings):
    large = node_home / "large"
    with large.open("wb") as out:
        for _ in range(24):
            out.write(os.urandom(PART))
    done = subprocess.run(
        [sys.executable, "-c", PUT, str(large)],
        env={
            **os.environ, "WUSHU_HOME": str(node_home), "WUSHU_STORAGE_URL": settings.STORAGE_URL,
            "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
        },
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) < 150 * 1024, "KiB more than before, for an object of 384 MiB"
