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
        "until": LATER, "basis": _basis(clerk, node), "row_order": "on", "delivery": "rows",
    }  # fmt: skip
    assert clerk.send_form(at(node, "passes", "/grants/new"), asked).status_code == 302
    assert rows_status(citizen, node) == 200
    assert "卡号" not in citizen.get(f"/data/{node.scenes.datasets['passes']}.csv").text
    page = clerk.get(at(node, "passes")).text
    for word in ("citizen", "研究客流", "有效", "撤销", "下载按读取人排列行序"):
        assert word in page
    told = citizen.get(f"/datasets/{node.scenes.datasets['passes']}").text
    assert "您下载的文件按专属于您的行序排列" in told
    assert "专属于您的行序" not in clerk.get(f"/datasets/{node.scenes.datasets['taps']}").text

    revoke = page.split("/grants/")[1].split('"')[0]
    revoke = at(node, "passes", f"/grants/{revoke}")
    assert reviewer.send_form(revoke, {"reason": "用途不符"}).status_code == 302
    assert rows_status(citizen, node) == 403
    assert "用途不符" in reviewer.get(at(node, "passes")).text
    assert clerk.get(revoke).status_code == 404, "a grant ends once"

    results = {**asked, "grantee": "analyst", "delivery": "computed"}
    assert clerk.send_form(at(node, "passes", "/grants/new"), results).status_code == 302
    assert rows_status(known["analyst"], node) == 403
    assert "只交付计算结果" in clerk.get(at(node, "passes")).text

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
        "delivery": "rows",
    }  # fmt: skip
    answer = known["clerk"].send_form(at(node, "taps", "/grants/new"), {**asked, **change})
    assert answer.status_code in (403, 404, 422)
    assert words in answer.text.split('id="faults"')[1]


def test_a_grant_limits_rows_masks_columns_and_says_what_is_left(
    known: dict[str, Visitor], node: LiveNode
):
    clerk, citizen = known["clerk"], known["citizen"]
    asked = {
        "kind": "person", "grantee": "citizen", "columns": ["时间", "线路"], "purpose": "研究限额",
        "basis": "urn:uuid:00000000-0000-4000-8000-000000000000", "until": LATER,
        "row_filter-0-column": "线路", "row_filter-0-op": "in", "row_filter-0-values": "1\n2",
        "masks-0-column": "时间", "masks-0-method": "month", "masks-0-values": "",
        "rows_a_day": "900", "requests_a_day": "50", "delivery": "rows",
    }  # fmt: skip
    wrong = clerk.send_form(at(node, "taps", "/grants/new"), {**asked, "masks-0-method": "keep"})
    assert wrong.status_code == 422
    assert "须写 2 个数" in wrong.text.split('id="faults"')[1]
    assert '<option value="in" selected>' in wrong.text, "what was filled in stays"
    sent = clerk.send_form(at(node, "taps", "/grants/new"), asked)
    assert sent.status_code == 302, sent.text
    listed = clerk.get(at(node, "taps")).text
    own = citizen.get("/account").text
    for page in (listed, own):
        for words in ("线路为其中之一：1、2", "只到月", "每天最多 900 行", "每天最多读取 50 次"):
            assert words in page, words
    assert "研究限额" in own


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
