"""Suspending, restoring, taking down, granting and revoking, through the pages alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

LATER = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
WHY = {"reason": "有人主张侵权，正在核实", "basis": "细则第十二条"}
PLACES = ("/opening", "/opening/seal", "/opening/withdraw", "/grants/new")


def at(node: LiveNode, scene: str, rest: str = "/opening") -> str:
    return f"/desk/datasets/{node.scenes.datasets[scene]}{rest}"


def rows_status(visitor: Visitor, node: LiveNode) -> int:
    return visitor.get(f"/data/{node.scenes.datasets['passes']}.csv").status_code


def test_a_dataset_is_granted_revoked_sealed_restored_and_withdrawn(
    known: dict[str, Visitor], node: LiveNode
):
    clerk, reviewer, citizen = known["clerk"], known["reviewer"], known["citizen"]
    assert rows_status(citizen, node) == 403

    asked = {
        "kind": "person", "grantee": "citizen", "columns": "线路", "purpose": "研究客流",
        "until": LATER, "basis": _basis(clerk, node),
    }  # fmt: skip
    assert clerk.send_form(at(node, "passes", "/grants/new"), asked).status_code == 302
    assert rows_status(citizen, node) == 200
    assert "卡号" not in citizen.get(f"/data/{node.scenes.datasets['passes']}.csv").text
    page = clerk.get(at(node, "passes")).text
    for word in ("citizen", "研究客流", "有效", "撤销"):
        assert word in page

    revoke = page.split("/grants/")[1].split('"')[0]
    revoke = at(node, "passes", f"/grants/{revoke}")
    assert reviewer.send_form(revoke, {"reason": "用途不符"}).status_code == 302
    assert rows_status(citizen, node) == 403
    assert "用途不符" in reviewer.get(at(node, "passes")).text
    assert clerk.get(revoke).status_code == 404, "a grant ends once"

    seal = at(node, "passes", "/opening/seal")
    assert clerk.send_form(seal, {"reason": "核实", "basis": ""}).status_code == 422
    assert clerk.send_form(seal, WHY).status_code == 302
    assert rows_status(citizen, node) == 451
    public = f"/datasets/{node.scenes.datasets['passes']}"
    closed = citizen.get(public)
    assert (closed.status_code, WHY["reason"] in closed.text) == (451, True)
    assert "/opening" not in closed.text
    assert "/opening" in reviewer.get(public).text

    restore = at(node, "passes", "/opening/restore")
    assert clerk.get(restore).status_code == 403
    assert "不能由同一人恢复" not in reviewer.get(restore).text
    found = {"reason": "查无侵权", "basis": "核实结论"}
    assert reviewer.send_form(restore, found).status_code == 302
    assert citizen.get(public).status_code == 200

    assert clerk.send_form(at(node, "passes", "/opening/withdraw"), WHY).status_code == 302
    stone = citizen.get(public)
    assert (stone.status_code, WHY["basis"] in stone.text) == (410, True)
    assert rows_status(citizen, node) == 410
    assert clerk.get(seal).status_code == 404


def _basis(clerk: Visitor, node: LiveNode) -> str:
    """What the page fills in: the listing's identifier."""
    page = clerk.get(at(node, "passes", "/grants/new")).text
    return "urn:uuid:" + page.split('value="urn:uuid:')[1].split('"')[0]


@pytest.mark.parametrize("user", ["analyst", "citizen"])
@pytest.mark.parametrize("place", PLACES)
def test_who_answers_for_nothing_finds_no_such_page(
    known: dict[str, Visitor], node: LiveNode, user: str, place: str
):
    for scene in ("taps", "draft"):
        assert known[user].get(at(node, scene, place)).status_code == 404


def test_the_public_is_asked_to_sign_in(visitor: Visitor, node: LiveNode):
    assert visitor.get(at(node, "taps")).status_code == 302


def test_the_authority_sees_grants_and_writes_none(known: dict[str, Visitor], node: LiveNode):
    page = known["reviewer"].get(at(node, "taps")).text
    assert "示例出行公司" in page
    assert "/grants/new" not in page
    assert known["reviewer"].get(at(node, "taps", "/grants/new")).status_code == 404


def test_the_authority_knows_nothing_of_a_draft(known: dict[str, Visitor], node: LiveNode):
    assert known["reviewer"].get(at(node, "draft")).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grantee": "clerk"}, "不能把数据授权给自己"),
        ({"grantee": "nobody-here"}, "nobody-here"),
        ({"basis": ""}, "决定的标识"),
        ({"basis": "经张三同意"}, "不能是文字"),
        ({"until": "2020-01-01"}, "授权的结束时间"),
        ({"kind": "organisation", "grantee": "11329900DEM000057K"}, "不能把数据授权给自己"),
    ],
)
def test_what_is_wrong_with_a_grant_is_said_at_its_field(
    known: dict[str, Visitor], node: LiveNode, change: dict[str, str], words: str
):
    asked = {
        "kind": "person", "grantee": "citizen", "columns": "时间", "purpose": "研究",
        "basis": "urn:uuid:00000000-0000-4000-8000-000000000000", "until": LATER,
    }  # fmt: skip
    answer = known["clerk"].send_form(at(node, "taps", "/grants/new"), {**asked, **change})
    assert answer.status_code in (403, 404, 422)
    assert words in answer.text.split('id="faults"')[1]


def test_an_act_the_state_does_not_know_has_no_page(known: dict[str, Visitor], node: LiveNode):
    for act in ("restore", "list", "erase"):
        assert known["clerk"].get(at(node, "taps", f"/opening/{act}")).status_code == 404


def test_a_draft_is_given_up_without_a_trace(known: dict[str, Visitor]):
    clerk = known["clerk"]
    body = clerk.get("/desk/new").text.split('name="body" value="')[1].split('"')[0]
    clerk.send_form("/desk/new", {"title_zh": "误建", "slug": "by-mistake", "body": body})
    give_up = "/desk/datasets/by-mistake/opening/withdraw"
    sent = clerk.send_form(give_up, {"reason": "重复登记", "basis": ""})
    assert sent.status_code == 302
    assert known[""].get("/datasets/by-mistake").status_code == 404
