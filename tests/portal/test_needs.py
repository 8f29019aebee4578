"""The call for needs through the pages alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

NEED = {"title": "共享单车轨迹", "data": "每次骑行的起终点", "purpose": "研究短途出行", "body": ""}


def test_a_need_is_asked_looked_at_supported_handed_over_and_answered(
    known: dict[str, Visitor], node: LiveNode
):
    citizen, analyst, reviewer, clerk = (
        known[one] for one in ("citizen", "analyst", "reviewer", "clerk")
    )
    new = f"/needs/calls/{node.scenes.needs['call']}/new"
    sent = citizen.send_form(new, NEED)
    assert sent.status_code == 302
    place = sent.headers["location"]
    assert analyst.get(place).status_code == 404
    desk = place.replace("/needs", "/desk/needs")
    assert "共享单车轨迹" in reviewer.get("/desk/inbox").text
    assert reviewer.send_form(desk, {"act": "look", "published": "no"}).status_code == 422
    assert reviewer.send_form(desk, {"act": "look", "published": "yes"}).status_code == 302
    assert analyst.send_form(place, {"act": "support"}).status_code == 302
    assert "1 人支持" in known[""].get(place).text
    assert analyst.send_form(place, {"act": "leave"}).status_code == 302
    assert "0 人支持" in known[""].get(place).text
    assert clerk.get(desk).status_code == 404, "handed to nobody yet"
    body = re.search(r'value="([0-9a-f-]{36})"[^>]*>示例市交通运输局', reviewer.get(desk).text)
    assert body is not None
    assert reviewer.send_form(desk, {"act": "hand", "body": body[1]}).status_code == 302
    answer = {"act": "answer", "text": "列入明年计划", "dataset": "no-such", "planned": ""}
    assert clerk.send_form(desk, answer).status_code == 404, "there is no such dataset"
    assert clerk.send_form(desk, {**answer, "dataset": ""}).status_code == 302
    shown = known[""].get(place).text
    assert "列入明年计划" in shown
    assert "已答复" in shown
    for name in ("citizen", "林知"):
        assert name not in shown


def test_a_call_is_opened_by_the_authority_alone(known: dict[str, Visitor]):
    today = datetime.now(UTC).date()
    asked = {
        "division": "329900", "title": "文旅数据需求征集", "text": "请说明需要的数据",
        "begins": today.isoformat(), "ends": (today + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert 'name="begins"' not in known["clerk"].get("/desk/needs").text
    wrong = {**asked, "ends": "2020-01-01"}
    assert known["reviewer"].send_form("/desk/needs", wrong).status_code == 422
    assert known["reviewer"].send_form("/desk/needs", asked).status_code == 302
    assert "文旅数据需求征集" in known[""].get("/needs").text


def test_who_is_not_signed_in_is_asked_to_before_they_ask_for_data(
    known: dict[str, Visitor], node: LiveNode
):
    answer = known[""].get(f"/needs/calls/{node.scenes.needs['call']}/new")
    assert (answer.status_code, "/sign-in" in answer.headers["location"]) == (302, True)
