"""An act and its entry are one: same transaction, digests of what is stored, nothing personal."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import uuid
from decimal import Decimal
from enum import StrEnum

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.conftest import organisation, register
from wushu.evidence import selectors, services
from wushu.evidence.models import Detail, Entry, RowSalt
from wushu.evidence.rules import leaves
from wushu.evidence.rules.leaves import RowDigest
from wushu.evidence.types import NodeView
from wushu.kernel.canonical import canonical_json
from wushu.parties.models import Organisation, SignIn
from wushu.parties.types import Actor, Channel

FACTS = {"actor": "urn:uuid:a", "subject": "urn:uuid:b"}


@pytest.mark.django_db
def test_an_entry_carries_the_salted_digest_of_the_stored_row(node: NodeView) -> None:
    row = register()[0]
    entry = Entry.objects.get(subject=f"urn:uuid:{row.pk}")
    salt = bytes(RowSalt.objects.get(entry=entry).salt or b"")
    table, key, digest, check = json.loads(bytes(entry.leaf))["rows"][0]
    stored = {f.column: f.value_from_object(Organisation.objects.get()) for f in row._meta.fields}
    mac = hmac.new(salt, canonical_json(leaves.plain(stored)), hashlib.sha256).digest()
    assert (table, key) == ("parties_organisation", str(row.pk))
    assert base64.b64decode(digest) == mac
    assert base64.b64decode(check) == hashlib.sha256(salt).digest()[:16]
    assert len(salt) == 32


@pytest.mark.django_db
def test_equal_rows_have_different_digests(node: NodeView) -> None:
    """Who knows the row but not the salt cannot recognise it."""
    row = register()[0]
    with transaction.atomic():
        services.record("test.row.seen", **FACTS, data={}, rows=[row])
    written = Entry.objects.exclude(act="evidence.node.initialised")
    digests = {json.loads(bytes(entry.leaf))["rows"][0][2] for entry in written}
    assert len(digests) == 2


@pytest.mark.django_db
def test_an_act_costs_three_queries(node: NodeView) -> None:
    row = organisation()
    row.save()
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        services.record("test.row.written", **FACTS, data={}, rows=[row])
    assert [q["sql"].split()[0] for q in queries.captured_queries] == [
        "SELECT",
        "INSERT",
        "INSERT",
    ]


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        services.record("test.row.written", **FACTS, data={}, rows=[])


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["", "written", "Test.row.written", "a.b.c.d", "a.b." + "c" * 62])
def test_an_act_has_a_name_of_three_words(act: str) -> None:
    with pytest.raises(ValueError, match="not an act name"), transaction.atomic():
        services.record(act, **FACTS, data={}, rows=[])


@pytest.mark.django_db
def test_a_row_that_is_not_stored_or_not_recorded_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not stored"), transaction.atomic():
        services.record("test.row.written", **FACTS, data={}, rows=[organisation()])
    with pytest.raises(ValueError, match="not a recorded table"), transaction.atomic():
        services.record("test.row.written", **FACTS, data={}, rows=[SignIn(id=1)])
    gone = register()[0]
    gone.delete()
    with pytest.raises(ValueError, match="before deleting"), transaction.atomic():
        services.record("test.row.written", **FACTS, data={}, rows=[], deleted=[gone])


@pytest.mark.django_db
def test_what_is_too_large_for_an_entry_becomes_a_detail(node: NodeView) -> None:
    with transaction.atomic():
        rows = [organisation() for _ in range(600)]
        Organisation.objects.bulk_create(rows)
        services.record("test.rows.written", **FACTS, data={"note": "大" * 30_000}, rows=rows)
    assert services.sequence().size == 2
    leaf = json.loads(selectors.entry(1).leaf)
    assert len(selectors.entry(1).leaf) <= 65_535
    assert "rows" not in leaf
    body = bytes(Detail.objects.get(sha256=leaf["data_sha256"]).body)
    assert json.loads(body) == {"note": "大" * 30_000}
    rows_body = bytes(Detail.objects.get(sha256=leaf["rows_sha256"]).body)
    assert len(json.loads(rows_body)) == 600
    assert list(selectors.audit()) == []


@pytest.mark.django_db
def test_notes_about_a_subject_say_whether_a_proof_can_be_had(node: NodeView) -> None:
    row = register()[0]
    (note,) = selectors.entries_about(f"urn:uuid:{row.pk}")
    assert (note.index, note.published) == (None, False)
    services.sequence()
    (note,) = selectors.entries_about(f"urn:uuid:{row.pk}")
    assert (note.index, note.published) == (1, True)


class Colour(StrEnum):
    RED = "red"


def test_values_are_written_the_same_whatever_the_database() -> None:
    east = dt.timezone(dt.timedelta(hours=8))
    values = {
        "enum": Colour.RED, "uuid": uuid.UUID(int=1), "decimal": Decimal("1.50"), "large": 2**60,
        "at": dt.datetime(2026, 1, 1, 8, tzinfo=east), "day": dt.date(2026, 1, 1), "none": None,
        "bytes": memoryview(b"\0"), "nested": {"a": (1, [True])},
    }  # fmt: skip
    assert leaves.plain(values) == {
        "enum": "red", "uuid": "00000000-0000-0000-0000-000000000001", "decimal": "1.50",
        "large": {"$integer": str(2**60)}, "at": "2026-01-01T00:00:00.000000Z",
        "day": "2026-01-01", "none": None, "bytes": "AA==", "nested": {"a": [1, [True]]},
    }  # fmt: skip
    with pytest.raises(TypeError):
        leaves.plain(object())


@pytest.mark.django_db
def test_an_act_is_found_by_its_name_however_many_came_after_it(node: NodeView) -> None:
    (row,) = register()
    subject = f"urn:uuid:{row.pk}"
    with transaction.atomic():
        for number in range(201):
            services.record(
                "test.thing.seen", actor="urn:a", subject=subject, data={"n": number}, rows=[]
            )
    act = "parties.organisation.registered"
    assert act not in {note.act for note in selectors.entries_about(subject)}
    note = selectors.entry_of_act(subject, act)
    assert note is not None
    assert (note.act, note.index, note.published) == (act, None, False)
    services.sequence()
    note = selectors.entry_of_act(subject, act)
    assert note is not None
    assert (note.index, note.published) == (1, True)
    assert selectors.entry_of_act(subject, "test.thing.missed") is None
    said = [act.data["n"] for act in selectors.acts_said(subject, "test.thing.seen")]
    assert said == list(reversed(range(201)))


@pytest.mark.django_db
def test_what_an_act_said_is_taken_from_its_leaf_alone(node: NodeView) -> None:
    with transaction.atomic():
        for facts in ({"n": 1}, {"n": "x" * 70_000}):
            services.record("a.b.c", actor="urn:a", subject="urn:b", data=facts, rows=[])
        services.record("a.b.d", actor="urn:a", subject="urn:b", data={"n": 3}, rows=[])
    Entry.objects.filter(act="a.b.d").update(act="a.b.c", actor="urn:z")
    said = [act.data["n"] for act in selectors.acts_said("urn:b", "a.b.c")]
    assert said == ["x" * 70_000, 1]
    Entry.objects.filter(act="a.b.c").update(leaf=b"{}")
    assert list(selectors.acts_said("urn:b", "a.b.c")) == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=3
        )
    ),
    max_leaves=8,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)


@settings(deadline=None, max_examples=50)
@given(
    data=st.dictionaries(st.text("abc", max_size=3), JSON, max_size=4),
    rows=st.lists(
        st.builds(RowDigest, TEXT, TEXT, st.just("A" * 43 + "="), st.just("B" * 22 + "==")),
        max_size=4,
    ),
    at=st.datetimes(timezones=st.just(dt.UTC)),
)
def test_every_leaf_is_read_back(data: dict, rows: list[RowDigest], at: dt.datetime) -> None:
    leaf, details = leaves.build(act="test.row.written", **FACTS, at=at, data=data, rows=rows)
    read = leaves.parse(leaf)
    assert (read.act, read.actor, read.subject, read.at) == (
        "test.row.written",
        *FACTS.values(),
        at,
    )
    assert (read.data, read.rows, details) == (data, tuple(rows), {})


WRITTEN = {
    "v": 1, "act": "test.row.written", "actor": "urn:a", "subject": "urn:b",
    "at": "2026-01-01T00:00:00.000000Z", "data": {"n": 1},
    "rows": [["t", "k", "A" * 43 + "=", "B" * 22 + "=="], ["t", "l", None, None]],
}  # fmt: skip


def changed(**fields: object) -> bytes:
    """A leaf in canonical form with other values; ``...`` takes a field away."""
    document = {**WRITTEN, **fields}
    return canonical_json({name: value for name, value in document.items() if value is not ...})


def test_a_leaf_with_its_parts_elsewhere_is_read() -> None:
    assert leaves.parse(changed()).rows is not None
    read = leaves.parse(changed(data=..., data_sha256="0" * 64))
    assert (read.data, read.details) == (None, ("0" * 64,))


@pytest.mark.parametrize(
    "leaf",
    [
        b"", b"\xff", b"[]", b"{}", b'{"v":2}', b"1", b"[" * 60_000, b"9" * 5000,
        changed().replace(b'","v"', b'", "v"'), changed() + b"\n",
        *(changed(**{name: ...}) for name in WRITTEN), changed(more=1),
        *(changed(**{name: value}) for name in WRITTEN for value in (None, [[]], True, 7, "")),
        changed(data=[]), changed(data=..., data_sha256="0" * 63), changed(data_sha256="0" * 64),
        changed(act="a.b"), changed(act="a.b." + "c" * 61), changed(actor="u" * 201),
        changed(at="2026-01-01T00:00:00Z"), changed(at="2026-01-01T08:00:00.000000+08:00"),
        changed(rows=[["t", "k"]]), changed(rows=[["t", 1, None, None]]),
        changed(rows=[["t", "k", None, "B" * 22 + "=="]]), changed(rows=[["t", "k", [], []]]),
        changed(rows=[["t", "k", "A" * 42 + "=", "B" * 22 + "=="]]),
    ],
)  # fmt: skip
def test_bytes_that_are_no_entry_are_refused_with_a_reason_in_two_languages(leaf: bytes) -> None:
    with pytest.raises(leaves.LeafError) as caught:
        leaves.parse(leaf)
    assert re.search("[\u4e00-\u9fff]", caught.value.zh)
    assert not re.search("[\u4e00-\u9fff]", str(caught.value))


@given(field=st.sampled_from(sorted(WRITTEN)), value=JSON)
def test_a_field_of_another_kind_is_refused_or_is_as_one_writes_it(
    field: str, value: object
) -> None:
    try:
        read = leaves.parse(changed(**{field: value}))
    except leaves.LeafError:
        return
    assert isinstance(read.data, dict)
    assert isinstance(read.rows, tuple)


@pytest.mark.parametrize("channel", [*Channel, None])
def test_every_act_says_by_which_way_its_actor_came(node, channel):
    actor = Actor(urn="urn:uuid:a", name="a", channel=channel)
    with transaction.atomic():
        services.record("a.b.c", actor=actor, subject="urn:b", data={"n": 1}, rows=[])
    said = leaves.parse(bytes(Entry.objects.get(act="a.b.c").leaf))
    told = {} if channel is None else {"channel": channel.value}
    assert (said.actor, said.data) == ("urn:uuid:a", {"n": 1, **told})
