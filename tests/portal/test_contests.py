"""Contests through the pages alone: announced, entered, left, won."""

from __future__ import annotations

from django.utils import timezone

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode


def test_a_contest_is_announced_and_entered_by_page(known: dict[str, Visitor], node: LiveNode):
    reviewer, analyst, public = known["reviewer"], known["analyst"], known[""]
    today = timezone.localdate().isoformat()
    asked = {
        "title_zh": "地图大赛", "title_en": "", "text_zh": "画一张地图。", "text_en": "", "begins": today,
        "ends": today, "datasets": f"{node.url}/datasets/{node.scenes.datasets['stops']}",
        "body": _organiser(reviewer),
    }  # fmt: skip
    wrong = reviewer.send_form("/desk/contests", {**asked, "ends": "2020-01-01"})
    assert wrong.status_code == 422
    made = reviewer.send_form("/desk/contests", asked)
    assert made.status_code == 302, made.text
    page = made.headers["location"]
    assert "地图大赛" in public.get("/contests").text
    assert "公交助手" not in public.get(page).text
    result = {"result": node.scenes.results["shown"]}
    assert analyst.send_form(page, result, to=f"{page}/enter").headers["location"] == page
    shown = public.get(page).text
    assert "公交助手" in shown
    assert "冯远" not in shown
    assert "<td>成果参赛</td>" not in shown, "who entered what is told by nobody but its maker"
    assert analyst.send_form(page, result, to=f"{page}/leave").status_code == 302
    assert "公交助手" not in public.get(page).text
    nothing = {"result": "made-up"}
    assert analyst.send_form(page, nothing, to=f"{page}/enter").status_code == 404


def _organiser(reviewer: Visitor) -> str:
    page = reviewer.get("/desk/contests").text
    return page.partition('name="body" value="')[2].partition('"')[0]


def test_winners_are_named_once_with_a_reason(known: dict[str, Visitor], node: LiveNode):
    reviewer, public = known["reviewer"], known[""]
    desk = f"/desk/contests/{node.scenes.contests['over']}"
    assert reviewer.send_form(desk, {"award0": "一等奖", "reason0": ""}).status_code == 422
    named = reviewer.send_form(desk, {"award0": "一等奖", "reason0": "最方便乘客。"})
    assert named.headers["location"] == f"/contests/{node.scenes.contests['over']}"
    shown = public.get(named.headers["location"]).text
    assert "一等奖" in shown
    assert "最方便乘客。" in shown
    assert "一等奖" in public.get(f"/results/{node.scenes.results['shown']}").text
    assert "<textarea" not in reviewer.get(desk).text
