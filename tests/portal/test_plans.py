"""Yearly plans through the pages alone: drafted, submitted, decided, amended; nobody else's."""

from __future__ import annotations

import re

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

_KNOWN = re.compile(r'name="known" value="(\d+)"')
ITEM = {
    "title": "共享单车停放点", "attribute": "unconditional", "quarter": "3", "theme": "TRAN",
    "update_cycle": "", "dataset": "",
}  # fmt: skip


def at(node: LiveNode, rest: str = "") -> str:
    return f"/desk/plans/{node.scenes.plans['next']}/{node.scenes.code}{rest}"


def send(visitor: Visitor, path: str, **fields: str) -> int:
    known = _KNOWN.search(visitor.get(path).text)
    asked = {**fields, "known": known[1]} if known else fields
    return visitor.send_form(path, asked).status_code


def test_a_returned_plan_is_mended_submitted_accepted_and_amended(
    known: dict[str, Visitor], node: LiveNode
):
    clerk, reviewer, public = known["clerk"], known["reviewer"], known[""]
    page = f"/plans/{node.scenes.plans['next']}/{node.scenes.code}"
    assert "请补充航运数据" in clerk.get(at(node)).text
    assert send(clerk, at(node, "/items/new"), **{**ITEM, "title": ""}) == 422
    assert send(clerk, at(node, "/items/new"), **ITEM) == 302
    assert send(clerk, at(node), act="texts", scenarios="骑行研究", measures="") == 302
    assert clerk.get(at(node)).text.count("共享单车停放点") == 1
    assert public.get(page).status_code == 404
    assert send(clerk, at(node), act="submit") == 302
    assert clerk.get(at(node, "/items/new")).status_code == 404, "what waits is not changed"
    assert send(reviewer, at(node), act="decide", accepted="no", reasons="") == 422
    assert send(reviewer, at(node), act="decide", accepted="yes", reasons="") == 302
    shown = public.get(page).text
    assert "共享单车停放点" in shown
    assert "骑行研究" in shown
    item = re.search(r"/items/([0-9a-f-]{36})\">共享单车停放点", clerk.get(at(node)).text)
    assert item is not None
    place = at(node, f"/items/{item[1]}")
    assert send(clerk, place, **{**ITEM, "act": "drop"}) == 302
    assert "共享单车停放点" in public.get(page).text, "in force until the amendment is accepted"
    assert send(clerk, at(node), act="submit") == 422, "an amendment says why"
    assert (
        send(clerk, at(node), act="texts", scenarios="", measures="", reason="并入另一数据") == 302
    )
    assert send(clerk, at(node), act="submit") == 302
    assert send(reviewer, at(node), act="decide", accepted="yes", reasons="") == 302
    amended = public.get(page).text
    assert "<del>共享单车停放点</del>" in amended
    assert "并入另一数据" in amended


def test_a_list_is_taken_from_a_spreadsheet(known: dict[str, Visitor], node: LiveNode):
    keeper = Visitor(node)
    keeper.sign_in("keeper")
    place = f"/desk/plans/{node.scenes.plans['next']}/{node.scenes.plans['waits']}"
    known_now = _KNOWN.search(keeper.get(place).text)
    assert known_now is not None
    fields = {"act": "sheet", "known": known_now[1]}
    wrong = ("plan.csv", b"title,attribute,quarter\nx,open,1\n")
    assert keeper.send_form(place, fields, files={"file": wrong}).status_code == 422
    sheet = ("plan.csv", "title,attribute,quarter\n行道树,unconditional,2\n".encode())
    assert keeper.send_form(place, fields, files={"file": sheet}).status_code == 302
    assert "行道树" in keeper.get(place).text
    keeper.close()


def test_who_neither_writes_nor_decides_does_not_see_the_desk_of_a_plan(
    known: dict[str, Visitor], node: LiveNode
):
    waits = f"/desk/plans/{node.scenes.plans['year']}/{node.scenes.plans['waits']}"
    for user in ("clerk", "analyst", "citizen"):
        assert known[user].get(waits).status_code == 404
    assert known[""].get(waits).status_code == 302
    assert "公园绿地" in known["reviewer"].get(waits).text


def test_an_item_says_how_it_stands_by_the_catalogue(known: dict[str, Visitor], node: LiveNode):
    shown = known[""].get(f"/plans/{node.scenes.plans['year']}/{node.scenes.code}").text
    assert "计划 2 项，已开放 1 项" in shown
    assert "停车场由城管部门开放" in shown, "why it was amended stands beside the former state"
    body = known[""].get(f"/bodies/{node.scenes.code}").text
    assert f"/plans/{node.scenes.plans['year']}/{node.scenes.code}" in body


def test_what_waits_is_in_the_inbox(known: dict[str, Visitor], node: LiveNode):
    assert "待审定的计划" in known["reviewer"].get("/desk/inbox").text
