"""``/api/v1/needs``: programs ask, support and decide with a key's scopes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.casework.conftest import Bureau, bureau, node
from tests.opening.test_cases_api import ask, key
from wushu.parties.types import Scope

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db


def opened(bureau: Bureau, client: Client, headers: dict[str, str]) -> Any:
    today = timezone.localdate()
    sent = {
        "division": "320500", "title": "需求征集", "text": "请说明", "begins": today.isoformat(),
        "ends": (today + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    return ask(client, "post", "/api/v1/need-calls", headers, sent)


def test_a_need_goes_from_a_program_to_its_answer(bureau: Bureau, client: Client):
    authority = key(bureau.examiner, Scope.CASES_HANDLE)
    user, other = key(bureau.user, Scope.CASES_FILE), key(bureau.other_user, Scope.CASES_FILE)
    call = opened(bureau, client, authority).json()
    assert client.get("/api/v1/need-calls").json()["items"] == [call]
    sent = {"call": call["id"], "title": "泊位", "data": "空余泊位", "purpose": "停车诱导"}
    made = ask(client, "post", "/api/v1/needs", user, sent)
    assert made.status_code == 201
    place = made.json()["self"]
    assert client.get(place).status_code == 404
    assert ask(client, "get", place, user).json()["is_own"]
    waiting = ask(client, "get", "/api/v1/needs/waiting", authority).json()["items"]
    assert [one["self"] for one in waiting] == [place]
    assert ask(client, "post", f"{place}/steps/publish", user, {}).json()["name"] == "not-permitted"
    assert ask(client, "post", f"{place}/steps/publish", authority, {}).status_code == 200
    assert ask(client, "post", f"{place}/steps/support", other, {}).json()["supports"] == 1
    to = {"body": bureau.transport.code}
    handed = ask(client, "post", f"{place}/steps/hand-over", authority, to).json()
    assert (handed["state"], handed["body"]) == ("handed-over", bureau.transport.code)
    case = ask(client, "post", f"{place}/steps/case", user, {}).json()["case"]
    assert ask(client, "get", f"/api/v1/cases/{case}", user).status_code == 200
    clerk = key(bureau.clerk, Scope.CASES_HANDLE)
    done = ask(client, "post", f"{place}/steps/answer", clerk, {"text": "年内开放"}).json()
    assert done["answer"] == "年内开放"
    (public,) = client.get("/api/v1/needs").json()["items"]
    assert (public["state"], public["supports"], public["is_own"]) == ("answered", 1, False)
    assert [
        one["self"] for one in ask(client, "get", "/api/v1/needs/mine", user).json()["items"]
    ] == [place]


def test_a_key_without_the_scope_and_a_visitor_ask_for_nothing(bureau: Bureau, client: Client):
    rows = key(bureau.examiner, Scope.ROWS_READ)
    assert opened(bureau, client, rows).json()["name"] == "key-lacks-scope"
    sent = {"call": "none", "title": "泊位", "data": "空余泊位", "purpose": "停车诱导"}
    assert ask(client, "post", "/api/v1/needs", {}, sent).status_code == 401
    user = key(bureau.user, Scope.CASES_FILE)
    assert ask(client, "post", "/api/v1/needs", user, sent).json()["name"] == "invalid-value"
    assert client.get("/api/v1/needs?call=none").status_code == 422
    assert client.get("/api/v1/needs?limit=0").status_code == 422
