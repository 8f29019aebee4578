"""``/api/v1/plans``: programs read plans in force; drafting and deciding take a key's scopes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.casework.conftest import Bureau, bureau, node
from tests.opening.test_cases_api import ask, key
from wushu.parties.types import Scope

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db
ITEM = {"title": "公共停车场分布", "attribute": "unconditional", "quarter": 4}


def address(bureau: Bureau, rest: str = "") -> str:
    return f"/api/v1/plans/{timezone.localdate().year}/{bureau.transport.code}{rest}"


def test_a_program_drafts_and_submits_and_another_accepts(bureau: Bureau, client: Client):
    clerk = key(bureau.clerk, Scope.CATALOG_WRITE)
    authority = key(bureau.examiner, Scope.CATALOG_REVIEW)
    sent = {"items": [ITEM], "scenarios": "停车诱导", "known": 0}
    made = ask(client, "put", address(bureau, "/draft"), clerk, sent).json()
    assert (made["working"]["state"], made["in_force"]) == ("draft", None)
    assert ask(client, "put", address(bureau, "/draft"), clerk, sent).json()["name"] == "stale"
    assert client.get(address(bureau)).status_code == 404
    assert ask(client, "post", address(bureau, "/steps/submit"), clerk, {}).status_code == 200
    refused = ask(client, "post", address(bureau, "/steps/accept"), clerk, {})
    assert (refused.status_code, refused.json()["name"]) == (403, "not-permitted")
    done = ask(client, "post", address(bureau, "/steps/accept"), authority, {}).json()
    assert done["progress"] == {"planned": 1, "done": 0, "late": 0}
    public = client.get(address(bureau)).json()
    assert [one["standing"] for one in public["in_force"]["items"]] == ["coming"]
    (line,) = client.get("/api/v1/plans").json()["items"]
    assert (line["body"]["code"], line["self"]) == (bureau.transport.code, public["self"])


def test_a_plan_is_returned_with_reasons(bureau: Bureau, client: Client):
    clerk = key(bureau.clerk, Scope.CATALOG_WRITE)
    authority = key(bureau.examiner, Scope.CATALOG_REVIEW)
    ask(client, "put", address(bureau, "/draft"), clerk, {"items": [ITEM]})
    ask(client, "post", address(bureau, "/steps/submit"), clerk, {})
    path = address(bureau, "/steps/return")
    assert ask(client, "post", path, authority, {}).json()["field"] == "reasons"
    back = ask(client, "post", path, authority, {"reasons": "请补充"}).json()
    assert (back["working"]["state"], back["working"]["reasons"]) == ("returned", "请补充")


@pytest.mark.parametrize(
    "sent",
    [
        {"items": "none"},
        {"items": [{**ITEM, "quarter": "4"}]},
        {"items": [{**ITEM, "quarter": 5}]},
        {"items": [{**ITEM, "attribute": "open"}]},
        {"items": [{**ITEM, "key": "none"}]},
        {"items": [{**ITEM, "more": 1}]},
        {"known": "0"},
        {"more": 1},
        {"scenarios": 1},
    ],
)
def test_what_is_no_plan_is_refused(bureau: Bureau, client: Client, sent: Any):
    clerk = key(bureau.clerk, Scope.CATALOG_WRITE)
    refused = ask(client, "put", address(bureau, "/draft"), clerk, sent)
    assert (refused.status_code, refused.json()["name"]) == (422, "invalid-value")


def test_a_key_for_rows_drafts_nothing_and_nobody_gets_in_without_one(
    bureau: Bureau, client: Client
):
    rows = key(bureau.clerk, Scope.ROWS_READ)
    refused = ask(client, "put", address(bureau, "/draft"), rows, {"items": [ITEM]})
    assert refused.json()["name"] == "key-lacks-scope"
    assert client.get(address(bureau, "/draft")).status_code == 401
    assert client.get("/api/v1/plans?year=soon").status_code == 422
    year = timezone.localdate().year
    assert client.get(f"/api/v1/plans/{year}/none").status_code == 404
