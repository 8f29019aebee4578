"""Whatever is changed behind the log's back is named: every table, every column, every file.

The targets are not written down here: they come from the schema and from the files on disk, so that
a table or a kind of file that nobody thought of fails the test.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from tests.dataplane.ingest.conftest import Desk, desk
from tests.evidence.conftest import initialise, register
from wushu.casework.models import CasePaper, PaperContent
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.config.commands import doctor
from wushu.config.commands.doctor import Finding
from wushu.dataplane import services as dataplane_services
from wushu.dataplane.models import Receipt
from wushu.evidence import services
from wushu.evidence.models import Checkpoint, Entry, RowSalt
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.tables import TableKind

__all__ = ["desk"]
pytestmark = pytest.mark.django_db

FRAMEWORK = {
    "django_content_type": "Django's list of models",
    "django_migrations": "which migrations have run",
    "django_session": "sessions, worth nothing tomorrow",
    "auth_group": "Django's groups, unused",
    "auth_group_permissions": "Django's groups, unused",
    "auth_permission": "Django's permissions, unused",
    "django_tasks_database_dbtaskresult": "the queue of background work",
    "sqlite_sequence": "SQLite's counters",
}
"""Tables of others, and why an auditor need not look at them."""

MEANINGLESS = {
    ("evidence_rowsalt", "id"): "a counter that nothing refers to",
}
"""Columns whose change changes nothing."""


def models_of(kind: TableKind) -> list[type[models.Model]]:
    return [m for m in apps.get_models() if getattr(m, "evidence", None) is kind]


RECORDED = models_of(TableKind.RECORDED)
LOG = models_of(TableKind.LOG)


def test_every_table_of_the_database_is_known_to_this_test() -> None:
    named = {m._meta.db_table for kind in TableKind for m in models_of(kind)}
    assert set(connection.introspection.table_names()) == named | (
        set(FRAMEWORK) & set(connection.introspection.table_names())
    )


# --- a history that touches every table -----------------------------------------------------------


def sample(field: models.Field[Any, Any], made: dict[str, models.Model]) -> Any:
    """A valid value for a column of a new row."""
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        return None if field.null else made[target._meta.db_table]
    if field.choices:
        return next(iter(field.choices))[0]
    if field.has_default():
        return field.get_default()
    kind = field.get_internal_type()
    values: dict[str, Callable[[], Any]] = {
        "UUIDField": uuid.uuid4,
        "DateTimeField": timezone.now,
        "DateField": lambda: dt.date(2026, 1, 1),
        "BooleanField": lambda: False,
        "JSONField": lambda: {"a": [1, "二", None]},
        "BinaryField": lambda: b"bytes",
        "FloatField": lambda: 1.5,
    }
    if kind in values:
        return values[kind]()
    if "Integer" in kind:
        return 0
    return uuid.uuid4().hex[: field.max_length or 32]


def written_rows() -> dict[str, models.Model]:
    """One row of every recorded table, parents first, all in one act."""
    made: dict[str, models.Model] = {}
    waiting = list(RECORDED)
    while waiting:
        for model in waiting:
            needs = {
                f.related_model._meta.db_table
                for f in model._meta.concrete_fields
                if isinstance(f, models.ForeignKey) and not f.null
            }
            if needs <= made.keys():
                break
        else:
            pytest.fail(f"tables that need one another: {waiting}")
        row = model(**{f.name: sample(f, made) for f in model._meta.concrete_fields})
        row.save(force_insert=True)
        made[model._meta.db_table] = row
        waiting.remove(model)
    return made


@pytest.fixture
def rows(db: None, node_home: Path) -> Iterator[dict[str, models.Model]]:
    """A log over rows of every table: changed rows, a deleted one, a detail, some checkpoints."""
    with unconstrained():
        yield history(long=False)


@pytest.fixture
def long_log(db: None, node_home: Path) -> Iterator[dict[str, models.Model]]:
    """The same with enough acts for a full tile and a second level."""
    with unconstrained():
        yield history(long=True)


def history(*, long: bool) -> dict[str, models.Model]:
    initialise()
    facts = {"actor": "urn:uuid:a", "subject": "urn:uuid:b"}
    with transaction.atomic():
        made = written_rows()
        hand_in(made["casework_casepaper"])
        services.record("test.row.written", **facts, data={}, rows=made.values())
        services.record("test.row.confirmed", **facts, data={"n": "x" * 70_000}, rows=made.values())
        gone = register()[0]
        services.record("test.row.removed", **facts, data={}, rows=[], deleted=[gone])
        gone.delete()
        for _ in range(2):
            receipt = {f.name: sample(f, made) for f in Receipt._meta.concrete_fields}
            Receipt.objects.create(**{**receipt, "batch": None})
        dataplane_services.receipts_seal()
    services.sequence()
    if long:
        register(260)
        services.sequence()
    register(3)
    services.sequence()
    assert faults() == []
    return made


def hand_in(paper: models.Model) -> None:
    """Give a paper its bytes, which its row names."""
    assert isinstance(paper, CasePaper)
    paper.sha256 = sha256_hex(b"paper")
    paper.save(update_fields=["sha256"])
    PaperContent.objects.create(paper=paper, content=b"paper")


def faults() -> list[Finding]:
    """What `wushu doctor` says of evidence and receipts."""
    return [*said_by("evidence"), *said_by("receipts")]


def file_faults() -> list[Finding]:
    """What it says of originals and of the files of versions."""
    return said_by("files")


def search_faults() -> list[Finding]:
    """What it says of the search index."""
    return said_by("search")


def all_faults() -> list[Finding]:
    """All of it."""
    return [*faults(), *file_faults(), *search_faults()]


def said_by(check: str) -> list[Finding]:
    """All that a check of the doctor finds; one that breaks off has found nothing."""
    found = doctor.examine(check)
    assert "check-failed" not in {finding.kind for finding in found}, found
    return found


@contextmanager
def unconstrained() -> Iterator[None]:
    """What somebody with the database's password can do: no constraint stands in the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            try:
                yield
            finally:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
            return
        cursor.execute(
            "SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = current_schema::regnamespace"
        )
        for table, name in cursor.fetchall():  # taken back with the test's transaction
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield


@contextmanager
def undone() -> Iterator[None]:
    """Changes of the database that are taken back afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- rows -----------------------------------------------------------------------------------------


def changed_values(field: models.Field[Any, Any], value: Any) -> list[Any]:
    """Other values for a column, as somebody might write them."""
    place = (field.model._meta.db_table, field.column)
    others = [*_other_values(field, value), *MISLEADING.get(place, lambda value: [])(value)]
    return [other for other in others if other != value]


def leaves_of_other_kinds(leaf: bytes) -> list[bytes]:
    """A leaf in canonical form whose fields are not of their kind, or that claims another act."""
    document = json.loads(leaf)
    wrong: list[tuple[str, Any]] = [
        ("data", []), ("data", None), ("rows", [[1]]), ("rows", {}), ("act", []), ("at", 0),
        ("v", True), ("subject", {}), ("act", "evidence.log.recovered"),
        ("act", "evidence.salts.destroyed"),
    ]  # fmt: skip
    return [canonical_json({**document, field: value}) for field, value in wrong]


MISLEADING: dict[tuple[str, str], Callable[[Any], list[Any]]] = {
    ("evidence_entry", "act"): lambda act: [
        "evidence.log.recovered", "evidence.salts.destroyed", "evidence.node.initialised",
    ],
    ("evidence_entry", "leaf"): leaves_of_other_kinds,
}  # fmt: skip
"""Values that make the audit itself believe something else, or stumble."""


def _other_values(field: models.Field[Any, Any], value: Any) -> Iterator[Any]:
    if field.null and value is not None:
        yield None
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    kind = field.get_internal_type()
    if kind == "UUIDField":
        yield uuid.uuid4()
    elif kind == "DateTimeField":
        yield (value or timezone.now()) + dt.timedelta(microseconds=1)
    elif kind == "DateField":
        yield (value or dt.date(2026, 1, 1)) + dt.timedelta(days=1)
    elif kind == "BooleanField":
        yield not value
    elif kind == "JSONField":
        yield {"a": [1, "三", None]}
        yield []
    elif kind == "BinaryField":
        yield bytes(value or b"") + b"x"
        yield b"\0" * 32
    elif "Integer" in kind or "AutoField" in kind or kind == "FloatField":
        yield (value or 0) + 1000
    else:
        yield ("x" + (value or ""))[: field.max_length]
        if value:
            yield value[:-1] + ("甲" if value[-1] != "甲" else "乙")
            yield ""


def update(row: models.Model, field: models.Field[Any, Any], value: Any) -> None:
    """Change one column with plain SQL."""
    name = connection.ops.quote_name
    pk = row._meta.pk
    assert pk is not None
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name(row._meta.db_table)} SET {name(field.column)} = %s"
            f" WHERE {name(pk.column)} = %s",
            [field.get_db_prep_save(value, connection), pk.get_db_prep_save(row.pk, connection)],
        )
        assert cursor.rowcount == 1


def delete(row: models.Model) -> None:
    """Remove a row with plain SQL."""
    row._meta.model._base_manager.filter(pk=row.pk)._raw_delete(using="default")


def refusing_no_change(table: str) -> None:
    """Who can change a row of these tables in the database can take its trigger away first."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_never_changed{on}")


def changes(row: models.Model) -> Iterator[tuple[models.Field[Any, Any], Any]]:
    """Every column of a row, with every value that is not its own."""
    for field in row._meta.concrete_fields:
        for value in changed_values(field, field.value_from_object(row)):
            yield field, value


def named(row: models.Model, field: models.Field[Any, Any], value: Any) -> set[tuple[str, str]]:
    """What must be said of a changed column."""
    table = row._meta.db_table
    if field.primary_key:
        return {("row-missing", f"{table} {row.pk}"), ("row-unrecorded", f"{table} {value}")}
    return {("row-changed", f"{table} {row.pk}")}


def test_a_change_of_any_column_of_any_recorded_row_is_named(
    rows: dict[str, models.Model],
) -> None:
    """One column of every table at a time: each is named, and nothing else."""
    kept = [model._base_manager.get(pk=rows[model._meta.db_table].pk) for model in RECORDED]
    for row in kept:
        refusing_no_change(row._meta.db_table)
    for at_once in zip_longest(*([(row, *one) for one in changes(row)] for row in kept)):
        with undone():
            expected: set[tuple[str, str]] = set()
            for row, field, value in filter(None, at_once):
                update(row, field, value)
                expected |= named(row, field, value)
            found = {(f.kind, f.where) for f in faults()}
            assert found == expected, (found ^ expected, at_once)


def test_a_removed_row_is_named(rows: dict[str, models.Model]) -> None:
    for model in RECORDED:
        row = rows[model._meta.db_table]
        with undone():
            refusing_no_change(model._meta.db_table)
            delete(row)
            assert [(f.kind, f.where) for f in faults()] == [
                ("row-missing", f"{model._meta.db_table} {row.pk}")
            ]


def test_rows_that_no_act_wrote_are_named(rows: dict[str, models.Model]) -> None:
    added = written_rows()
    assert {(f.kind, f.where) for f in faults()} == {
        ("row-unrecorded", f"{table} {row.pk}") for table, row in added.items()
    }


@pytest.mark.once  # only SQLite keeps them
def test_a_value_that_its_column_cannot_hold_is_named(rows: dict[str, models.Model]) -> None:
    changes = {
        "created_at = 'soon'": "row-changed", "scopes = '{'": "row-changed",
        "account_id = 'nobody'": "row-unreadable", "id = 'nobody'": "row-missing",
    }  # fmt: skip
    key = rows["parties_apikey"]
    for change, kind in changes.items():
        with undone(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE parties_apikey SET {change}")
            assert (kind, f"parties_apikey {key.pk}") in {(f.kind, f.where) for f in faults()}


def test_a_deleted_row_that_comes_back_is_named(rows: dict[str, models.Model]) -> None:
    removed = Entry.objects.get(act="test.row.removed")
    key = RowSalt.objects.get(entry=removed).row
    with undone():
        back = register()[0]
        RowSalt.objects.filter(row=str(back.pk)).delete()
        Entry.objects.filter(index=None).delete()
        update(back, back._meta.pk, uuid.UUID(key))
        assert [(f.kind, f.where) for f in faults()] == [
            ("row-reappeared", f"parties_organisation {key}")
        ]


# --- the log's own tables -------------------------------------------------------------------------

PLACES: dict[str, Callable[[Any], list[str]]] = {
    "evidence_node": lambda row: ["evidence_node"],
    "evidence_entry": lambda row: [f"entry {row.index}", *salts_of(row)],
    "evidence_detail": lambda row: [f"evidence_detail {row.sha256}"],
    "evidence_rowsalt": lambda row: [f"{row.table} {row.row}"],
    # A missing checkpoint is told by the one that came after it.
    "evidence_checkpoint": lambda row: ["checkpoint"],
    "dataplane_receipt": lambda row: ["dataplane_receipt"],
    "casework_papercontent": lambda row: [f"casework_papercontent {row.pk}"],
}
"""Where the audit may point when a row of these tables was changed."""


def salts_of(entry: Entry) -> list[str]:
    return [f"{s.table} {s.row}" for s in entry.row_salts.all()]


@pytest.mark.rota(4)
@pytest.mark.parametrize("model", LOG, ids=lambda m: m._meta.db_table)
def test_a_change_of_any_column_of_the_log_is_named(
    rows: dict[str, models.Model], model: type[models.Model]
) -> None:
    table = model._meta.db_table
    targets = list(model._base_manager.order_by("pk"))
    if table in ("evidence_entry", "evidence_rowsalt"):  # the written, the confirmed, a late one
        targets = [t for t in targets if str(getattr(t, "act", t)) != "evidence.node.initialised"]
        targets = [targets[0], targets[1], targets[-1]]
    for row in targets:
        places = PLACES[table](row)
        for field in model._meta.concrete_fields:
            if (table, field.column) in MEANINGLESS:
                continue
            for value in changed_values(field, field.value_from_object(row)):
                with undone():
                    update(row, field, value)
                    found = [*faults(), *said_by("papers")]
                    assert any(place in f.where for f in found for place in places), (
                        f"{row} {field.column} = {value!r}: {found}"
                    )
        with undone():
            delete(row)
            found = [*faults(), *said_by("papers")]
            assert any(place in f.where for f in found for place in places), (row, found)


@pytest.mark.parametrize("data", [[], None, "text", {"verifier_key": []}, {"verifier_key": "x"}])
def test_a_first_entry_of_another_kind_is_named(
    rows: dict[str, models.Model], data: object
) -> None:
    first = Entry.objects.get(index=0)
    leaf = canonical_json({**json.loads(bytes(first.leaf)), "data": data})
    update(first, Entry._meta.get_field("leaf"), leaf)
    assert any(f.where == "entry 0" for f in faults())


def test_an_entry_that_is_made_to_excuse_lost_salts_excuses_none(
    rows: dict[str, models.Model],
) -> None:
    """The column finds the acts that excuse; what counts is what their leaves say."""
    entry = Entry.objects.filter(act="test.row.written").get()
    salt = entry.row_salts.first()
    late = Entry.objects.order_by("-index").first()
    assert salt is not None
    assert late is not None
    update(salt, RowSalt._meta.get_field("salt"), None)
    update(late, Entry._meta.get_field("act"), "evidence.log.recovered")
    spans = {"entries": [[0, 1000]]}
    for data in (spans, {}, {"entries": 1}, {"entries": [[1]]}, {"entries": ["ab"]}):
        with undone():
            document = {**json.loads(bytes(late.leaf)), "data": data}
            update(late, Entry._meta.get_field("leaf"), canonical_json(document))
            found = {(f.kind, f.where) for f in faults()}
            assert ("entry-changed", f"entry {late.index}") in found
            assert ("salt-missing", f"{salt.table} {salt.row}") in found


# --- files ----------------------------------------------------------------------------------------

TABLE = (
    "编号,名称,面积\n"
    + "".join(f"{n:04d},企业{n},{n}.50\n" for n in range(300))
    + "0300,多,一,列\n"
)


@pytest.fixture
def full_home(
    long_log: dict[str, models.Model],
    node_home: Path,
    settings: Any,
    request: pytest.FixtureRequest,
) -> Path:
    """A home with every kind of file: a long log, and a version that a clerk loaded."""
    desk: Desk = request.getfixturevalue("desk")
    entry = desk.load(TABLE.encode()).entry
    listed(desk, entry)
    settings.STATIC_ROOT = node_home / "static"
    call_command("collectstatic", interactive=False, verbosity=0)
    for name, value in (
        ("django.key", "x" * 50), ("cursor.key", "0" * 64), ("marks.key", "0" * 64),
    ):  # fmt: skip
        (node_home / "secrets" / name).write_text(value)
    services.sequence()
    return node_home


def listed(desk: Desk, entry: uuid.UUID) -> None:
    """Open the entry to the public, so that the search index has something to hold."""
    draft = catalog.entry_by_id(entry, actor=desk.clerk).revision
    assert draft is not None
    catalog_services.revision_submit(actor=desk.clerk, revision=draft.id)
    dataplane_services.revision_list(actor=desk.reviewer, revision=draft.id)
    catalog.index_refresh(everything=True)


@dataclass(frozen=True)
class FileKind:
    """Files of a home that match a pattern, and who notices a change."""

    pattern: str
    noticed_by: Callable[[], list[Finding]] | None
    because: str = ""
    armoured: bool = False
    """Text around the content is ignored by whoever reads it."""


UUID = r"[0-9a-f-]{36}"
FILE_KINDS = [
    FileKind(r"evidence/tile/\d+/.+", faults),
    FileKind(r"evidence/tile/entries/.+", faults),
    FileKind(r"evidence/detail/.+", faults),
    FileKind(r"checkpoint/checkpoint", faults),
    FileKind(r"secrets/log\.key", faults, armoured=True),
    FileKind(rf"objects/versions/{UUID}/\d+/manifest\.json", file_faults),
    FileKind(rf"objects/versions/{UUID}/\d+/data\.parquet", file_faults),
    FileKind(rf"objects/versions/{UUID}/\d+/rejects\.parquet", file_faults),
    FileKind(rf"objects/versions/{UUID}/\d+/profile\.json", file_faults),
    FileKind(r"objects/originals/.+", file_faults),
    FileKind(rf"serving/{UUID}/\d+/.+", file_faults),
    FileKind(r"search/catalogue-[0-9a-f]{12}/meta\.json", search_faults, armoured=True),
    FileKind(
        r"search/catalogue-[0-9a-f]{12}/\.managed\.json",
        None,
        "tantivy's own list of files to clear away",
    ),
    FileKind(r"search/catalogue-[0-9a-f]{12}/[0-9a-f]{32}\.[a-z]+", search_faults),
    FileKind(r"search/.+\.lock", None, "an empty file that is only locked"),
    FileKind(r"static/.+", None, "style and scripts, collected anew at each start"),
    FileKind(r"evidence/sequencer\.lock", None, "an empty file that is only locked"),
    FileKind(r"secrets/django\.key", None, "signs cookies: changed, everybody signs in again"),
    FileKind(r"secrets/cursor\.key", None, "seals cursors: changed, a page is asked for anew"),
    FileKind(
        r"secrets/marks\.key", None, "orders marked downloads: changed, none is traced any more"
    ),
]


def kind_of(path: str) -> FileKind:
    found = [kind for kind in FILE_KINDS if re.fullmatch(kind.pattern, path)]
    assert len(found) == 1, f"{path} is a file that nobody watches"
    return found[0]


def files_of(home: Path) -> dict[str, Path]:
    return {p.relative_to(home).as_posix(): p for p in sorted(home.rglob("*")) if p.is_file()}


def damaged(data: bytes, kind: FileKind) -> Iterator[bytes]:
    """The bytes of a file, changed in several ways."""
    if kind.armoured:
        yield data[: len(data) // 2] + data[len(data) // 2 :].swapcase()
        yield b""
        return
    for place in {0, len(data) // 2, len(data) - 1}:
        yield data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    yield data[:-1]
    yield data + b"\0"
    yield b""


@contextmanager
def replaced(path: Path, data: bytes | None) -> Iterator[None]:
    """The file with other bytes, or (None) away; put back afterwards."""
    original, mode = path.read_bytes(), path.stat().st_mode
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(original)
        path.chmod(mode)


def names(found: list[Finding], path: str) -> bool:
    """Whether a fault points at the file."""
    return any(f.where in path or path in f.where for f in found)


@pytest.mark.once  # files are the same beside either database
def test_a_change_of_any_file_is_named(full_home: Path) -> None:
    files = files_of(full_home)
    assert {kind_of(name).pattern for name in files} == {kind.pattern for kind in FILE_KINDS}
    usual = set(all_faults())  # rows that were invented for the history have no files
    for name, path in files.items():
        kind = kind_of(name)
        if kind.noticed_by is None:
            continue
        for change in damaged(path.read_bytes(), kind):
            with replaced(path, change):
                assert names(new_faults(kind, usual), name), (name, len(change))
        moved = path.with_name("999")
        path.rename(moved)
        found = new_faults(kind, usual)
        moved.rename(path)
        assert found, f"{name} was renamed"
    assert set(all_faults()) == usual


def new_faults(kind: FileKind, usual: set[Finding]) -> list[Finding]:
    assert kind.noticed_by is not None
    return [fault for fault in kind.noticed_by() if fault not in usual]


@pytest.mark.once
def test_a_missing_file_is_named(full_home: Path) -> None:
    usual = set(all_faults())
    for name, path in files_of(full_home).items():
        kind = kind_of(name)
        # A wider tile holds all that a narrower one does; a log may drop the narrower.
        beside = path.parent.iterdir() if path.parent.suffix == ".p" else ()
        superfluous = any(p.name.isdigit() and int(p.name) > int(path.name) for p in beside)
        if kind.noticed_by is None or superfluous:
            continue
        with replaced(path, None):
            assert names(new_faults(kind, usual), name), name


@pytest.mark.once
def test_a_file_that_does_not_belong_is_named(full_home: Path) -> None:
    usual = set(all_faults())
    version = next((full_home / "objects/versions").glob("*/*"))
    strays = [
        "evidence/tile/0/x001/000", "evidence/note.txt", version / "extra.parquet",
        "objects/originals/ab/cd", f"serving/{uuid.uuid4()}/1/rows.db",
    ]  # fmt: skip
    for stray in strays:
        path = full_home / stray
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0" * 8192)
        assert [f for f in all_faults() if f not in usual], stray
        path.unlink()
        with suppress(OSError):
            path.parent.rmdir()


def test_an_older_checkpoint_put_in_place_of_the_newest_is_named(
    long_log: dict[str, models.Model], node_home: Path
) -> None:
    older = Checkpoint.objects.order_by("size").first()
    assert older is not None
    (node_home / "checkpoint/checkpoint").write_text(older.note)
    assert "checkpoint-wrong" in {f.kind for f in faults()}
