"""A dataset's history: acts in plain words, and corrections both ways."""

from __future__ import annotations

import re

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode


def test_the_public_reads_what_was_wrong_beside_what_stays(visitor: Visitor, node: LiveNode):
    page = visitor.get(f"/datasets/{node.scenes.datasets['sealed']}/history").text
    assert "已封存" in page or "封存" in page
    assert "名称写错了" in page
    assert f"/evidence/entries/{node.scenes.keys['act-sealed']}" in page
    assert "更正此前的行为" in page


def test_the_log_points_both_ways(visitor: Visitor, node: LiveNode):
    old = node.scenes.keys["act-sealed"]
    page = visitor.get(f"/evidence/entries/{old}").text
    found = re.search(r"被更正于</dt><dd><a href=\"/evidence/entries/(\d+)\"", page)
    assert found is not None
    new = visitor.get(f"/evidence/entries/{found[1]}").text
    assert f'<dt>更正</dt><dd><a href="/evidence/entries/{old}"' in new


def test_the_public_sees_no_correction_that_waits(known: dict[str, Visitor], node: LiveNode):
    path = f"/datasets/{node.scenes.datasets['stops']}/history"
    assert "名称写错了" not in known[""].get(path).text
    address = f"/desk/corrections/{node.scenes.keys['correction-stops']}"
    assert address in known["reviewer"].get(path).text
    assert known["citizen"].get(address).status_code == 404


def test_a_drafts_history_is_its_bodys_alone(known: dict[str, Visitor], node: LiveNode):
    path = f"/datasets/{node.scenes.datasets['draft']}/history"
    assert known[""].get(path).status_code == 404
    assert known["clerk"].get(path).status_code == 200


def test_a_clerk_does_not_confirm_the_own_proposal_and_a_reviewer_does(
    known: dict[str, Visitor], node: LiveNode
):
    clerk, slug = known["clerk"], node.scenes.datasets["taps"]
    page = clerk.get(f"/datasets/{slug}/history").text
    listed = next(row for row in page.split("<tr>") if "审核通过" in row and "/correct" in row)
    way = re.search(rf"/desk/datasets/{slug}/acts/\d+/correct", listed)
    assert way is not None
    reason = "上架的名称不对"
    assert clerk.send_form(way[0], {"reason": reason}).status_code == 302
    page = clerk.get(f"/datasets/{slug}/history").text
    address = re.search(r"/desk/corrections/[0-9a-f-]+", page)
    assert address is not None
    assert reason not in known[""].get(f"/datasets/{slug}/history").text
    token = clerk.get("/account/password").text.split('csrfmiddlewaretoken" value="')[1]
    fields = {"csrfmiddlewaretoken": token.split('"')[0]}
    assert clerk.post(address[0], data=fields).status_code == 403
    assert known["reviewer"].send_form(address[0], {}).status_code == 302
    assert reason in known[""].get(f"/datasets/{slug}/history").text
