"""On a case's page: both sides write, and who filed sees nothing that officials keep to themselves."""

from __future__ import annotations

import re

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode


def test_a_message_is_on_both_sides_pages_and_a_note_on_one(
    known: dict[str, Visitor], node: LiveNode
):
    case = f"/cases/{node.scenes.cases['review']}"
    sides = known["reviewer"], known["analyst"]
    for to, text in (("other", "请说明<b>用途</b>"), ("officials", "与去年相同")):
        sent = sides[0].send_form(case, {"message": text, "to": to}, to=f"{case}/write")
        assert (sent.status_code, sent.headers["location"]) == (302, case)
    official, filer = (one.get(case).text for one in sides)
    for page in (official, filer):
        assert "请说明&lt;b&gt;用途&lt;/b&gt;" in page
    assert "与去年相同" in official
    assert "与去年相同" not in filer
    assert "内部备注" not in filer


def test_an_official_says_each_time_for_whom_it_is(known: dict[str, Visitor], node: LiveNode):
    path = f"/cases/{node.scenes.cases['review']}/write"
    assert known["reviewer"].send_form(path, {"message": "给谁？"}).status_code == 422
    assert "给谁？" not in known["analyst"].get(path.removesuffix("/write")).text
    assert known["citizen"].get(path).status_code == 404


def test_an_official_takes_a_case_and_finds_it_among_their_own(
    known: dict[str, Visitor], node: LiveNode
):
    number = node.scenes.cases["review"]
    form = known["reviewer"].get(f"/cases/{number}/assign").text
    chosen = re.search(r'name="person" value="([^"]+)"', form)
    assert chosen is not None
    known["reviewer"].send_form(f"/cases/{number}/assign", {"person": chosen[1]})
    assert number in known["reviewer"].get("/desk/cases?mine=1").text
    assert "承办人" in known["reviewer"].get(f"/cases/{number}").text
    assert "承办人" not in known["analyst"].get(f"/cases/{number}").text


def test_an_office_finds_all_its_cases_and_narrows_them(known: dict[str, Visitor], node: LiveNode):
    number, path = node.scenes.cases["review"], "/desk/cases/all"
    reviewer = known["reviewer"]
    assert f"/cases/{number}" in reviewer.get(path).text
    assert f"/cases/{number}" in reviewer.get(path, params={"number": number, "state": "open"}).text
    for asked in ({"state": "closed"}, {"procedure": "staff-filing"}, {"overdue": "on"}):
        assert f"/cases/{number}" not in reviewer.get(path, params=asked).text
    for page in (path, "/desk/cases"):  # procedures of which the public hears nothing can be chosen
        assert 'value="staff-filing"' in reviewer.get(page).text
    assert 'value="staff-filing"' not in known[""].get("/cases").text
    assert f"/cases/{number}" not in known["analyst"].get(path).text, "theirs: in their account"
    assert f"/cases/{number}" in known["analyst"].get("/account/cases").text


def test_an_official_asks_the_panel_and_who_filed_does_not_see_it(
    known: dict[str, Visitor], node: LiveNode
):
    case = f"/cases/{node.scenes.cases['review']}"
    sent = known["reviewer"].send_form(f"{case}/refer", {"question": "能否识别个人？"})
    assert sent.status_code == 302
    assert "能否识别个人？" in known["reviewer"].get(case).text
    assert "能否识别个人？" not in known["analyst"].get(case).text
    assert known["analyst"].get(f"{case}/refer").status_code == 404


def test_who_filed_a_duplicate_reads_where_it_goes_on(known: dict[str, Visitor], node: LiveNode):
    again, review = (node.scenes.cases[name] for name in ("again", "review"))
    path = f"/cases/{again}/merge"
    chosen = re.search(
        rf'value="([^"]+)"[^>]*>(?:<label[^>]*>)?{review}', known["reviewer"].get(path).text
    )
    assert chosen is not None
    assert known["reviewer"].send_form(path, {"into": chosen[1]}).status_code == 302
    page = known["analyst"].get(f"/cases/{again}").text
    assert f"并入 {review} 办理" in page
    assert "已并案" in page
    assert again in known["analyst"].get(f"/cases/{review}").text
    assert known["reviewer"].get(path).status_code == 404
