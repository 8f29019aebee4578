"""The way in as the desk sees it: who may, what is recorded, what a refusal leaves behind."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from tests.dataplane.ingest.conftest import Desk, desk, metadata
from wushu.catalog import selectors as catalog_selectors
from wushu.catalog import services as catalog
from wushu.catalog.types import EntryState, FieldSpec, FieldType
from wushu.dataplane import services
from wushu.dataplane.ingest import store
from wushu.dataplane.models import Grant, Load, Upload
from wushu.dataplane.types import Dialect, Newline, UploadState
from wushu.evidence.selectors import entries_about
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, Scope

__all__ = ["desk"]

TABLE = "编号,名称,面积,日期\n001,甲,1.50,2024-01-02\n002,乙,2.25,2024-01-03\n003,丙,x,2024-01-04\n".encode()


def files_below(folder: Path) -> list[str]:
    return sorted(
        str(p.relative_to(folder))
        for p in folder.rglob("*")
        if p.is_file() and "locks" not in p.parts
    )


def test_an_upload_is_stored_by_its_hash_before_anything_is_said_of_it(desk: Desk):
    upload = desk.receive(TABLE, "许可.csv")
    path = store.original_path(upload.sha256)
    assert path.read_bytes() == TABLE
    assert (path.stat().st_mode & 0o222) == 0, "nobody may write to an original"
    assert (upload.name, upload.size, upload.state) == (
        "许可.csv",
        len(TABLE),
        UploadState.RECEIVED,
    )
    assert [e.act for e in entries_about(f"urn:uuid:{upload.id}")] == ["dataplane.upload.received"]


def test_the_same_bytes_twice_are_two_uploads_of_one_original(desk: Desk):
    first, second = desk.receive(TABLE), desk.receive(TABLE)
    assert first.id != second.id
    assert len(files_below(store.originals())) == 1


def test_only_a_clerk_of_the_body_may_upload(desk: Desk):
    scoped = replace(desk.clerk, scopes=frozenset({Scope.ROWS_READ}))
    for actor in (desk.stranger, desk.reviewer, NODE, scoped):
        with pytest.raises(Refusal, match="not-permitted"):
            services.upload_receive(
                actor=actor, body=desk.body, name="a.csv", stream=io.BytesIO(TABLE), enqueue=False
            )
    assert not Upload.objects.exists()
    assert not store.originals().exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "/etc/passwd", "..", ".", "", "   ", "a\0b.csv", "a/b.csv",
        "C:\\temp\\a.csv", "C:a.csv", "a\nb.csv", "a\x1b[2J.csv", "x" * 256 + ".csv",
        "名" * 100 + ".csv", "con.csv", "NUL", "lpt1.txt", "a\u202egnp.csv", "a\ud800.csv", "a?.csv",
    ],
)  # fmt: skip
def test_tricks_with_names_are_refused_by_name(desk: Desk, name: str):
    with pytest.raises(Refusal) as caught:
        desk.receive(TABLE, name)
    assert caught.value.name == "unsafe-file-name"
    assert not Upload.objects.exists()
    assert not store.originals().exists()


@pytest.mark.parametrize(
    "name", ["许可信息 2024（终版）.csv", "a.b.c.csv", "no extension", "emoji 📊.tsv"]
)
def test_honest_names_are_kept_as_they_are(desk: Desk, name: str):
    assert desk.receive(TABLE, name).name == name


def test_an_empty_file_is_refused_and_nothing_is_left(desk: Desk):
    with pytest.raises(Refusal) as caught:
        desk.receive(b"", "空.csv")
    assert caught.value.name == "empty-file"
    assert not Upload.objects.exists()
    assert not store.originals().exists(), "an original that no upload names is a fault to doctor"


def test_a_file_over_the_limit_is_refused_while_it_comes_in(desk: Desk, settings):
    settings.UPLOAD_MAX_BYTES = 1000

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            Endless.given += 400
            return b"x" * 400

    with pytest.raises(Refusal) as caught:
        services.upload_receive(
            actor=desk.clerk, body=desk.body, name="a.csv", stream=Endless(), enqueue=False
        )
    assert caught.value.name == "file-too-large"
    assert Endless.given <= 1600, "the rest of the file is not read"
    assert files_below(Path(settings.OBJECTS_DIR)) == []


def test_a_file_of_exactly_the_limit_is_taken(desk: Desk, settings):
    settings.UPLOAD_MAX_BYTES = len(TABLE)
    assert desk.receive(TABLE).size == len(TABLE)


def test_the_whole_way_in_makes_a_version_that_the_draft_names(desk: Desk):
    loaded = desk.load(TABLE)
    entry = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    version = entry.revision.version
    assert version is not None
    assert (version.rows_declared, version.rows_loaded, version.rows_rejected) == (3, 3, 0)
    assert version.id == loaded.load.version
    assert loaded.manifest["source"]["sha256"] == version.source_sha256
    assert files_below(store.incoming()) == []
    assert loaded.load.state is UploadState.LOADED
    assert loaded.load.progress.share == 1.0


def test_a_confirmed_type_is_loaded_and_what_does_not_fit_is_rejected_with_its_line(desk: Desk):
    fields = [
        FieldSpec("编号"),
        FieldSpec("名称"),
        FieldSpec("面积", FieldType.DECIMAL, "2"),
        FieldSpec("日期", FieldType.DATE, "%Y-%m-%d"),
    ]
    loaded = desk.load(TABLE, fields)
    assert [row[0] for row in loaded.data()] == [1, 2]
    (reject,) = loaded.rejects()
    assert (reject["row"], reject["line"], reject["column"]) == (3, 4, "面积")
    assert (reject["reason"], reject["text"]) == ("not-a-decimal", "x")
    assert reject["cells"] == ["003", "丙", "x", "2024-01-04"]


def test_columns_may_be_left_out(desk: Desk):
    found = desk.found(TABLE)
    fields = [found.columns[3].proposal, found.columns[0].proposal]
    loaded = desk.load(TABLE, fields, positions=[3, 0])
    assert list(loaded.types()) == ["_row", "日期", "编号"]


def test_a_second_load_makes_the_next_version_and_leaves_the_first_alone(desk: Desk):
    first = desk.load(TABLE)
    before = (first.folder / "manifest.json").read_bytes()
    second = desk.load(TABLE + "004,丁,9,2024-01-05\n".encode(), entry=first.entry)
    assert (first.number, second.number) == (1, 2)
    assert len(second.data()) == 4
    assert (first.folder / "manifest.json").read_bytes() == before
    assert len(first.data()) == 3


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ([FieldSpec("a")], "wrong-columns"),
        ([FieldSpec("a"), FieldSpec("b"), FieldSpec("c"), FieldSpec("A")], "duplicate-header"),
        ([FieldSpec("a"), FieldSpec(" "), FieldSpec("c"), FieldSpec("d")], "empty-header"),
        ([FieldSpec("a"), FieldSpec("_row"), FieldSpec("c"), FieldSpec("d")], "bad-column-name"),
        ([FieldSpec("a"), FieldSpec("b\x07"), FieldSpec("c"), FieldSpec("d")], "bad-column-name"),
        (
            [FieldSpec("a", FieldType.DATE, "%m"), FieldSpec("b"), FieldSpec("c"), FieldSpec("d")],
            "bad-format",
        ),
    ],
)
def test_a_schema_that_cannot_be_is_refused_and_the_load_waits_on(desk: Desk, fields, refusal):
    looked = desk.look(TABLE)
    entry = desk.entry([FieldSpec("编号")]).id
    with pytest.raises(Refusal) as caught:
        desk.confirm(looked, fields, entry)
    assert caught.value.name == refusal
    assert desk.view(looked.id).state is UploadState.FOUND


def test_only_the_body_of_the_dataset_may_load_into_it(desk: Desk):
    foreign = catalog.entry_create(
        actor=desk.stranger, body=next(iter(desk.stranger.organisations)), slug=None,
        metadata=metadata(), fields=[FieldSpec("编号")],
    )  # fmt: skip
    looked = desk.look(TABLE)
    with pytest.raises(Refusal, match="not-found"):
        desk.confirm(looked, entry=foreign.id)
    with pytest.raises(Refusal, match="not-permitted"):
        services.load_confirm(
            actor=desk.stranger, load=looked.id, entry=foreign.id, enqueue=False,
            fields=[column.proposal for column in looked.found.columns],
        )  # fmt: skip


def test_a_load_is_confirmed_once(desk: Desk):
    loaded = desk.load(TABLE)
    with pytest.raises(Refusal, match="wrong-load-state"):
        desk.confirm(loaded.load, entry=loaded.entry)


def test_running_a_finished_load_again_changes_nothing(desk: Desk):
    loaded = desk.load(TABLE)
    services.load_run(loaded.load.id)
    services.load_inspect(loaded.load.id)
    assert [p.name for p in (store.versions() / str(loaded.entry)).iterdir()] == ["1"]


def test_a_failed_load_can_be_confirmed_again_with_other_types(desk: Desk):
    looked = desk.look(TABLE)
    wrong = [replace(c.proposal, type=FieldType.INTEGER, format="") for c in looked.found.columns]
    confirmed = desk.confirm(looked, wrong)
    services.load_run(confirmed.id)
    failed = desk.view(confirmed.id)
    assert (failed.state, failed.refusal["name"]) == (UploadState.FAILED, "all-rows-rejected")
    assert not (store.versions() / str(confirmed.entry)).exists()
    again = desk.confirm(failed, entry=confirmed.entry)
    services.load_run(again.id)
    assert desk.view(again.id).state is UploadState.LOADED


def test_who_lost_the_role_before_the_load_ran_has_nothing_loaded(desk: Desk):
    from wushu.parties import services as parties
    from wushu.parties.selectors import memberships_of

    looked = desk.look(TABLE)
    confirmed = desk.confirm(looked)
    (membership,) = memberships_of(desk.clerk)
    parties.membership_end(actor=NODE, membership=membership.id)
    services.load_run(confirmed.id)
    failed = desk.view(confirmed.id)
    assert failed.state is UploadState.FAILED
    assert not (store.versions() / str(confirmed.entry)).exists()


def test_a_load_without_its_clerk_leaves_the_files_of_every_version_alone(desk: Desk):
    """Who lost the role sees no version in review: its number must not be taken for a free one."""
    from wushu.parties import services as parties
    from wushu.parties.selectors import memberships_of

    first = desk.load(TABLE)
    confirmed = desk.confirm(desk.look(TABLE + b"9,9,9,2024-01-05\n"), entry=first.entry)
    draft = catalog_selectors.entry_by_id(first.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=draft.revision.id)
    before = files_below(store.versions()), (first.folder / "manifest.json").read_bytes()
    (membership,) = memberships_of(desk.clerk)
    parties.membership_end(actor=NODE, membership=membership.id)
    services.load_run(confirmed.id)
    assert desk.view(confirmed.id).state is UploadState.FAILED
    assert before == (files_below(store.versions()), (first.folder / "manifest.json").read_bytes())
    assert store.serving_path(first.entry, 1).is_file()


def test_a_refused_load_keeps_the_files_of_a_number_another_host_has_entered(
    desk: Desk, monkeypatch
):
    from wushu.dataplane.ingest.running import _Run

    first = desk.load(TABLE)
    before = (first.folder / "manifest.json").read_bytes()
    confirmed = desk.confirm(desk.look(TABLE + b"9,9,9,2024-01-05\n"), entry=first.entry)
    monkeypatch.setattr(_Run, "_next_number", lambda self: 1)
    services.load_run(confirmed.id)
    assert desk.view(confirmed.id).state is UploadState.FAILED
    assert (first.folder / "manifest.json").read_bytes() == before


def test_the_role_is_asked_for_before_anything_is_built(desk: Desk, monkeypatch):
    from wushu.dataplane.ingest import load
    from wushu.parties import services as parties
    from wushu.parties.selectors import memberships_of

    confirmed = desk.confirm(desk.look(TABLE))
    (membership,) = memberships_of(desk.clerk)
    parties.membership_end(actor=NODE, membership=membership.id)
    monkeypatch.setattr(load, "build", lambda *args: pytest.fail("the files were built"))
    services.load_run(confirmed.id)
    assert desk.view(confirmed.id).refusal["name"] in ("not-of-body", "not-found")


def test_a_load_for_a_dataset_in_review_is_refused_at_once(desk: Desk):
    loaded = desk.load(TABLE)
    draft = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=draft.revision.id)
    looked = desk.look(TABLE)
    with pytest.raises(Refusal, match="revision-frozen"):
        desk.confirm(looked, entry=loaded.entry)
    assert desk.view(looked.id).state is UploadState.FOUND


def test_a_load_for_a_withdrawn_dataset_is_refused_at_once(desk: Desk):
    loaded = desk.load(TABLE)
    draft = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=draft.revision.id)
    services.revision_list(actor=desk.reviewer, revision=draft.revision.id)
    catalog.entry_withdraw(actor=desk.reviewer, entry=loaded.entry, reason="重复", basis="第十二条")
    looked = desk.look(TABLE)
    with pytest.raises(Refusal, match="act-not-possible"):
        desk.confirm(looked, entry=loaded.entry)


def test_the_person_may_say_how_cells_stand(desk: Desk):
    content = b"a~b\n1~2\n3~4\n"
    looked = desk.look(content)
    told = Dialect("~", '"', Newline.LF, 0, header=True)
    services.load_redescribe(actor=desk.clerk, load=looked.id, dialect=told, enqueue=False)
    services.load_inspect(looked.id)
    found = desk.view(looked.id).found
    assert [c.proposal.name for c in found.columns] == ["a", "b"]


def test_an_undecided_encoding_is_asked_and_the_answer_is_recorded(desk: Desk):
    content = "name\n栲栳鎮\n".encode("big5")
    looked = desk.look(content)
    assert looked.state is UploadState.UNDECIDED
    assert {c.encoding for c in looked.candidates} == {"big5", "gb18030"}
    services.load_redescribe(actor=desk.clerk, load=looked.id, encoding="big5", enqueue=False)
    services.load_inspect(looked.id)
    found = desk.view(looked.id).found
    assert found.sample == (("栲栳鎮",),)
    acts = [e.act for e in entries_about(f"urn:uuid:{looked.upload.id}")]
    assert "dataplane.upload.encoding-told" in acts


@pytest.mark.django_db(transaction=True)
def test_by_default_a_worker_is_handed_the_work(desk: Desk):
    from django_tasks_db.models import DBTaskResult

    upload = services.upload_receive(
        actor=desk.clerk, body=desk.body, name="a.csv", stream=io.BytesIO(TABLE)
    )
    (task,) = DBTaskResult.objects.all()
    assert task.args_kwargs["args"] == [str(upload.load)]
    assert task.task_path == "wushu.dataplane.tasks.load_found"


def test_unfinished_loads_are_taken_up_again(desk: Desk):
    from django_tasks_db.models import DBTaskResult

    looked = desk.look(TABLE)
    confirmed = desk.confirm(looked)
    Load.objects.filter(pk=confirmed.id).update(state=UploadState.LOADING.value)
    waiting = desk.receive(TABLE)
    assert services.loads_resume() == 2
    queued = {
        (t.task_path.rpartition(".")[2], t.args_kwargs["args"][0])
        for t in DBTaskResult.objects.all()
    }
    assert queued == {("load_run", str(confirmed.id)), ("load_found", str(waiting.load))}


def test_progress_is_told_and_noted_on_the_load(desk: Desk, monkeypatch):
    from wushu.dataplane.ingest import engine

    monkeypatch.setattr(engine, "throttled", lambda action, seconds=1.0: action)
    confirmed = desk.confirm(desk.look(TABLE))
    told, noted = [], []

    def progress(bytes_done: int, rows_done: int) -> None:
        told.append((bytes_done, rows_done))
        noted.append(Load.objects.get(pk=confirmed.id).bytes_done)

    services.load_run(confirmed.id, progress)
    assert told == sorted(told)
    assert told[-1] == (len(TABLE), 3)
    assert noted == [done for done, _ in told]


def test_progress_is_noted_at_most_once_a_second():
    from wushu.dataplane.ingest.engine import throttled

    calls: list[int] = []
    note = throttled(calls.append, seconds=3600)
    for n in range(100):
        note(n)
    assert calls == []
    note = throttled(calls.append, seconds=0)
    note(1)
    note(2)
    assert calls == [1, 2]


def test_listing_an_unconditional_dataset_grants_it_to_the_public(desk: Desk):
    loaded = desk.load(TABLE)
    entry = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=entry.revision.id)
    listed = services.revision_list(actor=desk.reviewer, revision=entry.revision.id)
    assert listed.state is EntryState.LISTED
    (grant,) = Grant.objects.filter(dataset=loaded.entry)
    assert (grant.grantee_kind, grant.columns, grant.revoked_at) == ("public", None, None)
    acts = [e.act for e in entries_about(f"urn:uuid:{loaded.entry}")]
    assert "dataplane.grant.written" in acts


def test_nobody_lists_their_own_work_and_then_no_grant_is_written(desk: Desk):
    loaded = desk.load(TABLE)
    entry = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=entry.revision.id)
    with pytest.raises(Refusal):
        services.revision_list(actor=desk.clerk, revision=entry.revision.id)
    assert not Grant.objects.exists()
