"""Pages of other catalogues: apart from ours, labelled, harmless; agreed on by two people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

RAW = ("<script>window.taken", "<img src=x", "javascript:")
FIELDS = {
    "title_zh": "第三市目录", "kind": "dcat", "url": "https://third.example/catalog.ttl",
    "name": "third", "every_hours": "24", "reason": "三市共用。",
}  # fmt: skip


@pytest.fixture
def steward(node: LiveNode) -> Iterator[Visitor]:
    with Visitor(node) as made:
        made.sign_in("steward")
        yield made


def test_a_search_shows_what_other_catalogues_have_beneath_ours_and_says_so(
    visitor: Visitor,
) -> None:
    page = visitor.get("/datasets?q=路网").text
    assert "0 个数据集" in page
    assert page.index('id="elsewhere"') > page.index('role="status"')
    assert "来自其他目录：邻市公共数据目录" in page
    assert "未经本平台审核" in page
    english = visitor.get("/en/datasets?q=luwang").text
    assert "from another catalogue: The neighbour&#x27;s open data" in english


def test_a_choice_that_only_our_datasets_know_shows_ours_alone(visitor: Visitor) -> None:
    assert 'id="elsewhere"' not in visitor.get("/datasets?theme=TRAN").text


def test_what_was_harvested_is_in_none_of_our_own_catalogues(visitor: Visitor) -> None:
    for path in (
        "/catalog.ttl", "/sitemap.xml", "/api/3/action/package_search?q=路网&rows=100",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/datasets.atom", "/api/v1/datasets?q=路网",
    ):  # fmt: skip
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert "两市路网" not in answer.text, path
        assert "/harvested/" not in answer.text, path


def test_the_list_is_narrowed_by_words_pinyin_and_catalogue(visitor: Visitor) -> None:
    assert "两市路网" in visitor.get("/harvested?q=liangshiluwang").text
    assert "两市路网" in visitor.get("/harvested?source=neighbour").text
    assert "两市路网" not in visitor.get("/harvested?source=asked").text
    assert visitor.get("/harvested?cursor=nonsense").status_code == 400


def test_a_record_says_where_it_comes_from_and_leads_there(visitor: Visitor) -> None:
    page = visitor.get(f"/harvested/{visitor.node.scenes.records['roads']}").text
    for text in (
        "邻市公共数据目录", "邻市交通局", 'href="https://neighbour.example/1.csv"',
        'href="https://creativecommons.org/licenses/by/4.0/"', "没有给出网址",
        'href="https://neighbour.example/dataset/roads"', "未经本平台审核",
    ):  # fmt: skip
        assert text in page
    assert "noindex" in page


def test_what_is_gone_at_the_source_keeps_a_page_without_its_links(visitor: Visitor) -> None:
    answer = visitor.get(f"/harvested/{visitor.node.scenes.records['gone']}")
    assert answer.status_code == 410
    assert "两市渡口" in answer.text
    assert "neighbour.example/1.csv" not in answer.text
    assert "渡口的位置" not in answer.text


@pytest.mark.parametrize("path", ["/harvested/{}", "/harvested?q={}", "/datasets?q={}"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_markup_in_every_field_of_a_record_stays_text(
    visitor: Visitor, path: str, language: str
) -> None:
    what = visitor.node.scenes.records["hostile"] if "q=" not in path else "script"
    page = visitor.get(language + path.format(what)).text
    assert "&lt;script&gt;window.taken" in page
    for raw in RAW:
        assert raw not in page.replace("&lt;", "").replace("license_url", ""), raw


def test_two_people_agree_on_a_catalogue_at_the_desk(
    steward: Visitor, known: dict[str, Visitor]
) -> None:
    made = steward.send_form("/desk/harvest/new", FIELDS, follow_redirects=True)
    assert made.url.path == "/desk/harvest/sources/third"
    assert "没有本平台所在地数据主管部门的角色" in made.text
    alone = steward.send_form(
        "/desk/harvest/sources/third", {}, to="/desk/harvest/sources/third/activate"
    )
    assert alone.status_code == 403
    reviewer = known["reviewer"]
    page = reviewer.get("/desk/harvest/sources/third").text
    assert "孙理提出了这个目录" in page
    done = reviewer.send_form(
        "/desk/harvest/sources/third", {}, to="/desk/harvest/sources/third/activate",
        follow_redirects=True,
    )  # fmt: skip
    assert "已启用" in done.text
    asked = reviewer.send_form(
        "/desk/harvest/sources/third", {}, to="/desk/harvest/sources/third/run", follow_redirects=True
    )  # fmt: skip
    assert "等待采集" in asked.text
    stopped = reviewer.send_form(
        "/desk/harvest/sources/third/stop", {"reason": "对方没有回复。"}, follow_redirects=True
    )  # fmt: skip
    assert "对方没有回复。" in stopped.text


def test_a_catalogue_that_lost_half_asks_for_a_second_look(known: dict[str, Visitor]) -> None:
    page = known["reviewer"].get("/desk/harvest/sources/neighbour").text
    assert "harvest-shrunk" not in page  # in words, not by name
    assert "一半以上的数据集不见了" in page
    assert re.search(r'name="accept" value="1"', page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "http://10.0.0.1/"}, "内部网络"),
        ({"url": "http://169.254.169.254/latest"}, "链路本地地址"),
        ({"url": "ftp://x.example"}, "不是 http 或 https"),
        ({"name": "neighbour"}, "已被另一个采集来源使用"),
        ({"name": "A B"}, "小写字母"),
        ({"reason": ""}, "有误"),
    ],
    ids=range(6),
)
def test_a_wrong_proposal_is_said_at_its_field(
    steward: Visitor, changes: dict[str, str], said: str
) -> None:
    answer = steward.send_form("/desk/harvest/new", FIELDS | {"name": "fourth"} | changes)
    assert answer.status_code in (409, 422)
    assert said in answer.text


@pytest.mark.parametrize("act", ["activate", "run", "stop"])
def test_who_manages_no_harvests_changes_none(known: dict[str, Visitor], act: str) -> None:
    clerk = known["clerk"]
    answer = clerk.send_form(
        "/account", {"reason": "x"}, to=f"/desk/harvest/sources/neighbour/{act}"
    )
    assert answer.status_code == 403
    assert "不能管理采集" in answer.text or "不能启用采集来源" in answer.text
    assert "两市路网" in known[""].get("/harvested").text
