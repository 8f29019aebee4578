"""Results and ratings through the pages alone: filed, decided on, shown; rated, changed, taken back."""

from __future__ import annotations

import re

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

SCORES = {"complete": "1", "accurate": "2", "timely": "3", "usable": "4"}


def words(title: str, dataset: str) -> dict[str, str]:
    return {
        "kind": "report", "title_zh": title, "summary_zh": "一年的打卡量。", "makers": "交通研究小组",
        "datasets": dataset, "title_en": "", "summary_en": "", "address": "",
    }  # fmt: skip


def test_a_result_is_filed_sent_back_mended_published_and_withdrawn(
    known: dict[str, Visitor], node: LiveNode
):
    analyst, reviewer, public = known["analyst"], known["reviewer"], known[""]
    dataset = f"/datasets/{node.scenes.datasets['taps']}"
    asked = words("打卡年报", f"{node.url}/en{dataset}?version=1")
    made = analyst.send_form(f"/account/results/new?dataset={node.scenes.datasets['taps']}", asked)
    assert made.status_code == 302
    page = made.headers["location"]
    key = page.rpartition("/")[2]
    assert public.get(page).status_code == 404
    assert "打卡年报" not in public.get(dataset).text
    assert "打卡年报" in reviewer.get("/desk/inbox").text
    desk = f"/desk/results/{key}"
    back = reviewer.send_form(desk, {"decision": "return", "reason": "请写明统计口径。"})
    assert back.headers["location"] == "/desk/results"
    assert "请写明统计口径。" in analyst.get("/account/results").text
    mended = analyst.send_form(f"/account/results/{key}", words("打卡年报二版", asked["datasets"]))
    assert mended.status_code == 302
    assert reviewer.send_form(desk, {"decision": "publish", "reason": ""}).status_code == 302
    for shown in (page, dataset, "/results?kind=report"):
        assert "打卡年报二版" in public.get(shown).text, shown
    read = public.get(page).text
    assert f'href="{dataset}"' in read
    for hidden in ("冯远", "示例出行公司"):
        assert hidden not in read, "who filed it, and for whom they work, is nobody's business"
    assert "result shown to everybody" in public.get(f"/en{page}").text
    assert analyst.get(f"/account/results/{key}").headers["location"] == page
    assert analyst.send_form(f"/account/results/{key}/withdraw", {}).status_code == 302
    assert public.get(page).status_code == 404
    assert "打卡年报二版" not in public.get(dataset).text


def test_nobody_decides_on_their_own_result_by_page(known: dict[str, Visitor], node: LiveNode):
    own = f"/desk/results/{node.scenes.results['own']}"
    shown = known["reviewer"].get(own).text
    assert "不能审核自己提交的内容" in shown
    assert 'name="decision"' not in shown
    assert 'name="decision"' in known["steward"].get(own).text
    assert known["clerk"].get(own).status_code == 404


def test_what_strangers_wrote_is_shown_as_text(known: dict[str, Visitor], node: LiveNode):
    for page in (f"/results/{node.scenes.results['shown']}", "/results"):
        assert "<script>window" not in known[""].get(page).text
    read = known[""].get(f"/results/{node.scenes.results['shown']}").text
    link = re.search(r'<a href="https://bus\.scenes\.example/app" rel="([^"]+)"', read)
    assert link is not None
    assert {"nofollow", "ugc", "noopener"} <= set(link[1].split())


def test_a_dataset_is_rated_changed_and_the_rating_taken_back(
    known: dict[str, Visitor], node: LiveNode
):
    analyst, public = known["analyst"], known[""]
    page = f"/datasets/{node.scenes.datasets['taps']}/ratings"
    assert public.get(f"{page}/mine").status_code == 302
    rated = analyst.send_form(f"{page}/mine", {**SCORES, "comment": "时间精确到分。"})
    assert rated.headers["location"] == page
    shown = public.get(page).text
    assert "评价不足 5 人" in shown
    assert "时间精确到分。" not in shown, "a comment is looked at first"
    mine = analyst.get(f"{page}/mine").text
    assert '<option value="4" selected>' in mine
    assert "时间精确到分。" in analyst.get("/account/results").text
    assert "时间精确到分。" in known["reviewer"].get("/desk/results").text
    gone = analyst.send_form("/account/results", {}, to=f"{page}/withdraw")
    assert gone.headers["location"] == "/account/results"
    assert "时间精确到分。" not in analyst.get("/account/results").text


def test_figures_and_comments_stand_without_names(known: dict[str, Visitor], node: LiveNode):
    page = f"/datasets/{node.scenes.datasets['stops']}/ratings"
    shown = known[""].get(page).text
    assert "按最早评价的 5 人计算" in shown, "the sixth waits for four more"
    assert "更新及时。" in shown
    for hidden in ("站名很准。", "坐标应注明坐标系。", "白雪", "冯远"):
        assert hidden not in shown, hidden


def test_a_comment_is_decided_on_by_page(known: dict[str, Visitor], node: LiveNode):
    steward, key = known["steward"], node.scenes.results["comment-shown"]
    page = f"/datasets/{node.scenes.datasets['stops']}/ratings"
    down = steward.send_form(f"/desk/comments/{key}", {"reason": "与数据无关。"})
    assert down.headers["location"] == "/desk/results"
    assert "更新及时。" not in known[""].get(page).text
    told = known["citizen"].get(f"{page}/mine").text
    assert "与数据无关。" in told
