"""Grants with masks, on a running node: what is shown, and that no question tells more."""

from __future__ import annotations

import json
from uuid import uuid4

import httpx
import pytest

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.catalog.types import FieldType
from wushu.dataplane.query import masking, versions
from wushu.dataplane.query.types import Condition, Op
from wushu.privacy.types import Mask, MaskMethod

ROWS = "/api/v1/datasets/streets/rows"
CODE = Mask("code", MaskMethod.KEEP, ("4", "2"))
LEVEL = Mask("level", MaskMethod.STEP, ("5",))
OPENED = Mask("opened", MaskMethod.MONTH)


@pytest.fixture
def read(client, node):
    """Ask as a reader whose grant masks three columns."""
    initialise()
    dataset = support.publish(conditions="研究")
    reader = support.reader()
    support.grant(dataset, reader.actor.person, masks=(CODE, LEVEL, OPENED))

    def ask(**asked: object) -> httpx.Response:
        headers = {"authorization": f"Bearer {reader.key}"}
        return client.get(ROWS, params=asked, headers=headers)

    return ask


def test_rows_show_what_the_masks_leave_and_say_so(read) -> None:
    answer = read(limit=1000)
    assert answer.status_code == 200, answer.text
    told = {one["name"]: one for one in answer.json()["columns"]}
    assert told["code"] == {"name": "code", "type": "text", "masked": "keep:4:2"}
    assert told["level"] == {"name": "level", "type": "integer", "masked": "step:5"}
    assert "masked" not in told["note"]
    assert "code=keep:4:2" in answer.headers["wushu-masked"]
    rows = answer.json()["rows"]
    assert {row["code"][:7] for row in rows} == {"3205***"}
    assert {row["level"] for row in rows} == {None, 0, 5}
    assert rows[0]["opened"] == "2020-01"
    assert rows[1]["note"] == "备注 1"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"filter": "code:eq:3205000001"}, 0),
        ({"filter": "code:prefix:320500"}, 0),
        ({"filter": "code:contains:0000"}, 0),
        ({"filter": "level:eq:6"}, 0),
        ({"filter": "opened:eq:2020-01-02"}, 0),
        ({"filter": "code:eq:3205***01"}, 10),
    ],
)
def test_a_filter_meets_only_what_is_shown(read, asked, expected) -> None:
    assert len(read(limit=1000, **asked).json()["rows"]) == expected


def test_an_order_is_that_of_what_is_shown(read) -> None:
    rows = read(limit=1000, sort="level,-code").json()["rows"]
    assert rows == sorted(
        sorted(rows, key=lambda row: row["code"], reverse=True),
        key=lambda row: (row["level"] is None, row["level"]),
    )


def test_pages_follow_each_other_without_a_serving_file(read) -> None:
    first = read(limit=600, sort="level").json()
    assert "version=1" in first["next"]
    cursor = first["next"].partition("cursor=")[2]
    second = read(limit=600, sort="level", cursor=cursor, version=1).json()
    assert len(first["rows"]) + len(second["rows"]) == 1000
    assert second["next"] is None


def test_the_stored_file_of_a_masked_version_cannot_be_had(node) -> None:
    initialise()
    dataset = support.publish(conditions="研究")
    made = versions.version_by_manifest(
        dataset.id, 1, dataset.version.pk, dataset.version.manifest_sha256, "streets"
    )
    masked = versions.replace(made, masks=(CODE,))
    with pytest.raises(RuntimeError):
        _ = masked.parquet
    assert masked.reader is None


def test_a_version_whose_column_has_another_type_is_refused_not_shown(client, node) -> None:
    initialise()
    dataset = support.publish(conditions="研究")
    reader = support.reader()
    support.grant(dataset, reader.actor.person, masks=(Mask("note", MaskMethod.MONTH),))
    answer = client.get(ROWS, headers={"authorization": f"Bearer {reader.key}"})
    assert answer.json()["name"] == "grant-does-not-fit"


def test_a_key_that_is_masked_is_none_unless_by_pseudonyms() -> None:
    cut = masking.fields(support.FIELDS, (CODE,))
    assert not any(one.key for one in cut)
    named = masking.fields(support.FIELDS, (Mask("code", MaskMethod.PSEUDONYM),))
    assert [one.name for one in named if one.key] == ["code"]
    assert masking.fields(support.FIELDS, (OPENED,))[5].type is FieldType.TEXT


def test_pseudonyms_are_of_one_reader_purpose_dataset_and_column(node_home) -> None:
    dataset = uuid4()
    key = masking.pseudonym_key(dataset, "a\n研究", "code")
    assert key == masking.pseudonym_key(dataset, "a\n研究", "code")
    others = [
        masking.pseudonym_key(dataset, "b\n研究", "code"),
        masking.pseudonym_key(dataset, "a\n教学", "code"),
        masking.pseudonym_key(dataset, "a\n研究", "name"),
        masking.pseudonym_key(uuid4(), "a\n研究", "code"),
    ]
    assert len({key, *others}) == 5


def test_the_difference_of_two_versions_tells_only_what_is_shown(client, node) -> None:
    """A value that changes within its mask has not changed for this reader."""
    initialise()
    dataset = support.publish(conditions="研究")
    reader = support.reader()
    rows = support.table(1000)
    rows[7] = (*rows[7][:2], 4, *rows[7][3:])  # level 0 became 4: both are shown as 0
    rows[8] = (*rows[8][:8], "另一条备注")
    newer = support.add_version(dataset.entry, 2, support.FIELDS, rows)
    support.list_newer(dataset, newer)
    support.grant(dataset, reader.actor.person, masks=(LEVEL,))
    answer = client.get(
        "/api/v1/datasets/streets/delta?from=1", headers={"authorization": f"Bearer {reader.key}"}
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["after"]["note"] for one in lines if one.get("op") == "changed"] == ["另一条备注"]


def test_rows_are_chosen_before_they_are_masked(client, node) -> None:
    """A row filter on a column beside the masked one."""
    initialise()
    dataset = support.publish(conditions="研究")
    reader = support.reader()
    support.grant(
        dataset, reader.actor.person, masks=(CODE,),
        row_filter=(Condition("区 名", Op.EQ, ("姑苏区",)),),
    )  # fmt: skip
    answer = client.get(f"{ROWS}?limit=1000", headers={"authorization": f"Bearer {reader.key}"})
    assert {row["区 名"] for row in answer.json()["rows"]} == {"姑苏区"}
    assert len(answer.json()["rows"]) == 200
