"""Bad input: a clear refusal by name, and nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dataplane.ingest.conftest import Desk
from wushu.catalog.types import FieldSpec
from wushu.dataplane import services
from wushu.dataplane.ingest import store
from wushu.dataplane.types import UploadState
from wushu.kernel.errors import Refusal

pytestmark = (
    pytest.mark.once
)  # files and streams: the grants behind them are asked on both databases


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"a,b,c\n", "no-data-rows"),
        (b"a,b,c", "no-data-rows"),
        (b"\n\n\n", "no-data-rows"),
        (b"\xef\xbb\xbf", "no-data-rows"),
        (b"PK\x03\x04\x14\x00\x06\x00", "not-a-table"),
        (b"%PDF-1.4 ...", "not-a-table"),
        (b"a,b\n1,\x00\n", "not-a-table"),
        (b"a,b\n1,2\n3,\"4\n", "quote-not-closed"),
        (b"a,\xe5\x90\x8d\n" * 50 + b"\xe5,1\n", "undecodable"),
        ((",".join(f"c{n}" for n in range(10_000)) + "\n" + "1," * 9_999 + "1\n").encode(),
         "too-many-columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_table_is_refused_and_the_original_is_kept(desk: Desk, content, name):
    looked = desk.look(content)
    assert looked.state is UploadState.FAILED
    assert looked.refusal["name"] == name
    for language in ("zh", "en"):
        assert len(looked.refusal[language]) > 8
        assert "{" not in looked.refusal[f"way_out_{language}"]
    assert looked.refusal["way_out_en"].isascii(), "each language's own way out"
    assert store.original_path(looked.upload.sha256).read_bytes() == content
    assert not list(store.incoming().iterdir())


def test_ten_thousand_columns_load_when_the_operator_allows_them(desk: Desk, settings):
    settings.MAX_COLUMNS = 10_000
    content = (",".join(f"c{n}" for n in range(2500)) + "\n" + ",".join("x" * 2500) + "\n").encode()
    found = desk.found(content)
    assert len(found.columns) == 2500


def test_ragged_rows_are_rejected_with_reasons_and_the_rest_is_loaded(desk: Desk):
    loaded = desk.load(b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert loaded.manifest["rows"] == {"declared": 4, "loaded": 2, "rejected": 2}
    assert [(r["row"], r["line"], r["reason"], r["text"]) for r in loaded.rejects()] == [
        (2, 3, "too-few-cells", "3"),
        (3, 4, "too-many-cells", "4,5,6"),
    ]
    assert [row[0] for row in loaded.data()] == [1, 4], "rows keep their declared numbers"


def test_a_duplicate_header_is_refused_until_the_columns_have_names(desk: Desk):
    looked = desk.look("名称,数量,名称\n甲,1,乙\n".encode())
    assert "duplicate-header" in looked.found.warnings
    entry = desk.entry([FieldSpec("名称")]).id
    with pytest.raises(Refusal) as caught:
        desk.confirm(looked, entry=entry)
    assert caught.value.name == "duplicate-header"
    fields = [FieldSpec("名称"), FieldSpec("数量"), FieldSpec("别名")]
    services.load_run(desk.confirm(looked, fields, entry).id)
    assert desk.view(looked.id).state is UploadState.LOADED


def test_an_empty_header_is_refused_until_named_or_left_out(desk: Desk):
    looked = desk.look(b"a,,c\n1,2,3\n")
    assert "empty-header" in looked.found.warnings
    entry = desk.entry([FieldSpec("a")]).id
    with pytest.raises(Refusal) as caught:
        desk.confirm(looked, entry=entry)
    assert caught.value.name == "empty-header"
    assert "2" in caught.value.sentence("en")
    kept = [looked.found.columns[0].proposal, looked.found.columns[2].proposal]
    services.load_run(desk.confirm(looked, kept, entry, positions=[0, 2]).id)
    assert desk.view(looked.id).state is UploadState.LOADED


def test_names_that_differ_only_in_case_are_duplicates(desk: Desk):
    looked = desk.look(b"Code,code\n1,2\n")
    with pytest.raises(Refusal, match="duplicate-header"):
        desk.confirm(looked, entry=desk.entry([FieldSpec("x")]).id)


@pytest.mark.parametrize(
    "name", ['a"b', "a'b", "a;DROP TABLE stage", "a.b", "SELECT", "数 量", "a\\b"]
)
def test_column_names_are_names_and_never_statements(desk: Desk, name):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([[name, "b"], ["1", "2"]])
    loaded = desk.load(out.getvalue().encode())
    assert list(loaded.types()) == ["_row", name, "b"]


@pytest.mark.parametrize("text", ["'); DROP TABLE stage; --", "'' OR 1=1", "\\'", "${x}", "{0}"])
def test_null_values_are_texts_and_never_statements(desk: Desk, text):
    fields = [FieldSpec("a", null_values=("", text)), FieldSpec("b")]
    loaded = desk.load(b"a,b\nx,1\ny,2\n", fields)
    assert loaded.data('"a"') == [("x",), ("y",)]


def test_a_damaged_original_is_not_loaded(desk: Desk):
    looked = desk.look(b"a,b\n1,2\n")
    confirmed = desk.confirm(looked)
    path = store.original_path(looked.upload.sha256)
    path.chmod(0o644)
    path.write_bytes(b"a,b\n1,3\n")
    services.load_run(confirmed.id)
    failed = desk.view(confirmed.id)
    assert failed.refusal["name"] == "original-damaged"
    assert not (store.versions() / str(confirmed.entry)).exists()


def test_an_unforeseen_fault_is_told_and_leaves_nothing_half_made(desk: Desk, monkeypatch, caplog):
    from wushu.dataplane.ingest import load

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    confirmed = desk.confirm(desk.look(b"a,b\n1,2\n"))
    monkeypatch.setattr(load, "profile", broken)
    services.load_run(confirmed.id)
    failed = desk.view(confirmed.id)
    assert (failed.state, failed.refusal["name"]) == (UploadState.FAILED, "ingest-failed")
    assert "a bug" in caplog.text
    assert not (store.versions() / str(confirmed.entry)).exists()
    assert not list(store.incoming().iterdir())
    monkeypatch.undo()
    services.load_run(desk.confirm(failed, entry=confirmed.entry).id)
    assert desk.view(confirmed.id).state is UploadState.LOADED


def test_columns_that_do_not_add_up_fail_the_load(desk: Desk, monkeypatch):
    """The counts come from different places: if they differ, nothing is published."""
    from wushu.dataplane.models import Load

    looked = desk.look(b"a,b\n1,2\n3,4\n")
    row = Load.objects.get(pk=looked.id)
    row.found["rows"] = 3
    row.save()
    confirmed = desk.confirm(looked)
    services.load_run(confirmed.id)
    assert desk.view(confirmed.id).refusal["name"] == "rows-not-accounted"


FULL_DISK = """
import resource, sys, pathlib
import django
django.setup()
from django.conf import settings
from wushu.dataplane.ingest import engine, load, source, store, table
from wushu.dataplane.ingest.inspect import inspect
from wushu.dataplane.types import Confirmed
from wushu.kernel.errors import Refusal

path, stage, limit = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
work = pathlib.Path(settings.OBJECTS_DIR) / "incoming" / "load-x"
def full():
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    if stage == "receive":
        full()
        store.keep(path.open("rb"), "a.csv", 1 << 40)
    work.mkdir(parents=True)
    (work / "out").mkdir()
    found = inspect(path, "a.csv", work, max_columns=2000) if stage == "load" else None
    full()
    if stage == "inspect":
        inspect(path, "a.csv", work, max_columns=2000)
    fields = tuple(column.proposal for column in found.columns)
    confirmed = Confirmed(found.encoding, found.dialect, fields, tuple(range(len(fields))))
    load.build(path, found, confirmed, work, work / "out", lambda share: None)
    print("loaded")
except Refusal as refusal:
    print(refusal.name)
"""


@pytest.mark.parametrize(
    ("stage", "limit"), [("receive", 50_000), ("inspect", 50_000), ("load", 20_000)]
)
def test_a_full_disk_is_a_refusal_at_every_stage(tmp_path: Path, stage, limit):
    """The kernel refuses to write more (EFBIG instead of ENOSPC, the same path in the program)."""
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},{n * 7919 % 1000003}\r" for n in range(20_000))
    path.write_text(
        "编号,企业名称\r" + rows, encoding="gb18030", newline=""
    )  # must be written again as UTF-8
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), stage, str(limit)],
        env={
            **os.environ, "WUSHU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
            "PYTHONDONTWRITEBYTECODE": "1",  # half of a compiled module would stay for later processes
        },
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout.split() == ["disk-full"], done.stderr[-2000:]
    if stage == "receive":
        assert not [
            p for p in (home / "objects").rglob("*") if p.is_file() and p.parent.name != "locks"
        ]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_really_full_file_system_is_a_refusal_too(desk: Desk, settings, tmp_path: Path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("this machine does not let tests mount a file system")
    try:
        settings.OBJECTS_DIR = small / "objects"
        with pytest.raises(Refusal) as caught:
            desk.receive(os.urandom(1_000_000), "a.csv")
        assert caught.value.name == "disk-full"
        content = "".join(f"{n},{n * 7919 % 1000003}\n" for n in range(20_000)).encode()
        looked = desk.look(b"a,b\n" + content)
        confirmed = desk.confirm(looked)
        services.load_run(confirmed.id)
        failed = desk.view(confirmed.id)
        assert failed.refusal["name"] == "disk-full", failed
        assert store.original_path(looked.upload.sha256).is_file()
        settings.OBJECTS_DIR = small / "objects"
        assert not store.versions().exists() or not any(store.versions().iterdir())
    finally:
        subprocess.run(["umount", str(small)], check=True)
