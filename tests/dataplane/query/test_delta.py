"""What changed between two versions, row by row, on a running node."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dataplane.query import support
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import delta, streaming
from wushu.dataplane.query.types import Condition, Op

KEYED = (FieldSpec("code", key=True), FieldSpec("name"), FieldSpec("n", FieldType.INTEGER))
PLAIN = (FieldSpec("code"), FieldSpec("name"), FieldSpec("n", FieldType.INTEGER))


def publish(fields, old, new, *, later=None, conditions: str = "") -> support.Dataset:
    """A dataset of two versions, both once listed."""
    dataset = support.publish(fields=fields, rows=old, conditions=conditions)
    revision = dataset.entry.listed_revision
    past = support.Revision.objects.get(pk=revision.pk)
    past.pk, past.number, past.state = support.uuid4(), 0, "superseded"
    past.save(force_insert=True)
    revision.version = support.add_version(dataset.entry, 2, later or fields, new)
    revision.save()
    return dataset


def asked(client, query: str = "from=1&to=2", **headers: str) -> tuple[Any, list[Any], Any]:
    """The head, the differences and the end."""
    answer = client.get(f"/api/v1/datasets/streets/delta?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    head, *lines, end = [json.loads(line) for line in answer.text.splitlines()]
    return head, lines, end


def row(code: str, name: str | None, n: int | None) -> dict[str, Any]:
    return {"code": code, "name": name, "n": n}


def test_rows_are_the_same_by_their_key(client, node):
    old = [("a", "甲", 1), ("b", "乙", 2), ("c", None, 3)]
    new = [("c", "丙", 3), ("a", "甲", 1), ("d", '含"引号"', None)]
    support.grant(publish(KEYED, old, new))
    head, lines, end = asked(client)
    assert head == {
        "from": 1, "to": 2, "key": ["code"], "columns": ["code", "name", "n"],
        "columns_added": [], "columns_removed": [],
    }  # fmt: skip
    assert sorted(lines, key=str) == sorted(
        [
            {"op": "changed", "before": row("c", None, 3), "after": row("c", "丙", 3)},
            {"op": "removed", "row": row("b", "乙", 2)},
            {"op": "added", "row": row("d", '含"引号"', None)},
        ],
        key=str,
    )
    assert end == {"end": True, "added": 1, "removed": 1, "changed": 1}


def test_without_a_key_a_row_is_known_by_all_it_holds_and_how_often(client, node):
    old = [("a", "甲", 1)] * 3 + [("b", None, 2)]
    new = [("a", "甲", 1), ("b", None, 2), ("b", None, 2), ("a", "乙", 1)]
    support.grant(publish(PLAIN, old, new))
    _, lines, end = asked(client)
    found = Counter((one["op"], tuple(one["row"].values())) for one in lines)
    assert found == {
        ("removed", ("a", "甲", 1)): 2,
        ("added", ("b", None, 2)): 1,
        ("added", ("a", "乙", 1)): 1,
    }
    assert end == {"end": True, "added": 2, "removed": 2, "changed": 0}


def test_from_nothing_everything_was_added_and_between_equals_nothing(client, node):
    new = [("a", "甲", 1), ("b", "乙", 2)]
    support.grant(publish(KEYED, [("a", "甲", 1)], new))
    head, lines, _ = asked(client, "from=0")
    assert (head["from"], head["to"]) == (0, 2)
    assert [tuple(one["row"].values()) for one in lines] == new
    assert asked(client, "from=2&to=2")[1] == []


def test_columns_that_only_one_version_has_are_named_and_not_compared(client, node):
    later = (FieldSpec("code", key=True), FieldSpec("name"), FieldSpec("more"))
    support.grant(publish(KEYED, [("a", "甲", 1)], [("a", "甲", "x")], later=later))
    head, lines, _ = asked(client)
    assert (head["columns_added"], head["columns_removed"]) == (["more"], ["n"])
    assert lines == []


tables = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from(["甲", "", None]), st.integers(0, 2)),
    max_size=12,
)


@pytest.mark.parametrize("fields", [KEYED, PLAIN], ids=["keyed", "whole"])
def test_the_differences_make_the_new_table_out_of_the_old(node_home, db, fields):
    """Whatever the tables, keys that occur twice among them."""
    made = publish(fields, [("a", "甲", 1)], [("a", "甲", 1)])

    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(tables, tables)
    def check(old, new):
        sides = [side(made, fields, number, rows) for number, rows in ((1, old), (2, new))]
        written = b"".join(delta.lines(delta.compare(*sides))).splitlines()
        table = Counter(old)
        for line in map(json.loads, written[1:-1]):
            if line["op"] != "added":
                table[tuple(line.get("row", line.get("before")).values())] -= 1
            if line["op"] != "removed":
                table[tuple(line.get("row", line.get("after")).values())] += 1
        assert +table == Counter(new)
        assert min(table.values(), default=0) >= 0

    check()


def side(made: support.Dataset, fields, number: int, rows) -> delta.Side:
    """A version of these rows, past the selector: rules are tested above and below."""
    path = made.folder.parent / f"tried-{number}" / "data.parquet"
    support.write_parquet(path, fields, rows)
    from types import SimpleNamespace

    from pyarrow import parquet

    from wushu.dataplane.query import engine
    from wushu.dataplane.query.versions import _columns

    columns = _columns(fields, parquet.ParquetFile(path).schema_arrow)
    version = SimpleNamespace(
        fields=fields, columns=columns, names=tuple(columns), source=engine.table(path, fields),
        types={name: one.type for name, one in columns.items()},
    )  # fmt: skip
    access = SimpleNamespace(columns=None, row_filter=(), number=number, slug="streets")
    return delta.Side(access, version)  # type: ignore[arg-type]


# Who may


def test_both_versions_must_be_readable(client, node):
    dataset = publish(KEYED, [("a", "甲", 1)], [("a", "乙", 1)])
    support.grant(dataset)
    support.Revision.objects.filter(number=0).update(attribute="conditional")
    answer = client.get("/api/v1/datasets/streets/delta?from=1&to=2")
    assert answer.json()["name"] == "version-not-public"
    assert "甲" not in answer.text
    assert asked(client, "from=0&to=2")[1][0]["row"]["name"] == "乙"


def test_a_grants_columns_and_rows_hold_on_both_sides_and_each_version_leaves_a_receipt(
    client, node
):
    old = [("a", "甲", 1), ("b", "乙", 2)]
    dataset = publish(KEYED, old, [("a", "改", 1), ("b", "改", 3)], conditions="研究")
    someone = support.reader()
    where = (Condition("code", Op.EQ, ("b",)),)
    support.grant(dataset, someone.actor.person, columns=["code", "n"], row_filter=where)
    _, lines, _ = asked(client, authorization=f"Bearer {someone.key}")
    assert lines == [
        {"op": "changed", "before": {"code": "b", "n": 2}, "after": {"code": "b", "n": 3}}
    ]
    receipts = Receipt.objects.all()
    assert {(one.surface, tuple(one.columns)) for one in receipts} == {("delta", ("code", "n"))}
    assert len({one.version for one in receipts}) == 2


def test_who_may_not_read_the_key_gets_whole_rows(client, node):
    dataset = publish(KEYED, [("a", "甲", 1)], [("a", "乙", 1)], conditions="研究")
    someone = support.reader()
    support.grant(dataset, someone.actor.person, columns=["name"])
    head, lines, _ = asked(client, authorization=f"Bearer {someone.key}")
    assert head["key"] == []
    assert {one["op"] for one in lines} == {"added", "removed"}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "parameter-not-understood"),
        ("from=x", "parameter-not-understood"),
        ("from=1&limit=3", "parameter-not-understood"),
        ("from=7", "version-not-found"),
        ("from=1&to=9", "version-not-found"),
    ],
)
def test_each_wrong_question_has_its_named_refusal(client, node, query, name):
    support.grant(publish(KEYED, [("a", "甲", 1)], []))
    assert client.get(f"/api/v1/datasets/streets/delta?{query}").json()["name"] == name


def test_revoking_ends_a_comparison_whose_lines_are_on_their_way(client, node, monkeypatch):
    monkeypatch.setattr(streaming, "ASK_AGAIN_SECONDS", 0.0)
    dataset = publish(PLAIN, [], [(f"{n}", "名" * 50, n) for n in range(60_000)])
    given = support.grant(dataset)
    with client.stream("GET", "/api/v1/datasets/streets/delta?from=1") as answer:
        pieces = answer.iter_bytes()
        next(pieces)
        support.Grant.objects.filter(pk=given.pk).update(revoked_at=support.timezone.now())
        with pytest.raises(Exception, match=r"incomplete|peer closed"):
            list(pieces)


def test_what_takes_too_long_is_refused(client, node, monkeypatch):
    monkeypatch.setattr(delta, "SECONDS", 0.0)
    support.grant(publish(PLAIN, support_rows(0), support_rows(50_000)))
    answer = client.get("/api/v1/datasets/streets/delta?from=1&to=2")
    assert answer.json()["name"] == "query-too-slow"


def support_rows(count: int) -> list[tuple[str, str, int]]:
    return [(f"{n}", f"名称 {n}", n) for n in range(count)]
