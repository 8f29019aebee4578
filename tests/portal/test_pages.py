"""What every page keeps to, whoever reads it: standing, escaping, headers, languages."""

from __future__ import annotations

import html
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.portal.conftest import Visitor
from tests.portal.live import ROOT, LiveNode
from tests.portal.pages import PAGES, Page, unlisted

OPENED = [page for page in PAGES if page.send is None and page.user != "careful"]
TEMPLATES = ROOT / "src" / "wushu" / "portal" / "templates"


class Reader(HTMLParser):
    """What a browser would make of the page: elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_every_route_has_its_page():
    assert unlisted() == set()


@pytest.mark.rota(4)
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", OPENED, ids=lambda page: page.name)
def test_a_page_keeps_to_what_all_pages_promise(
    page: Page, prefix: str, known: dict[str, Visitor], node: LiveNode
):
    answer = known[page.user].get(prefix + page.address(node.scenes))
    assert answer.status_code == page.status
    read = Reader(answer.text)
    holds_no_foreign_markup(read)
    asks_for_nothing_from_elsewhere(read)
    speaks_the_language(read, prefix)
    csp = answer.headers["content-security-policy"]
    assert "script-src 'self'" in csp
    assert "style-src 'self'" in csp
    assert "unsafe" not in csp
    assert answer.headers["x-frame-options"] == "DENY"
    if page.user:
        assert answer.headers["cache-control"] == "no-store, private"


def holds_no_foreign_markup(read: Reader) -> None:
    """Text of people is text: no element, no attribute and no template of theirs comes to life."""
    for tag, attributes in read.elements:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert "style" not in attributes
        assert not attributes.get("href", "").lower().startswith(("javascript:", "data:"))
    for attributes in read.named("script"):  # what runs comes from a file
        assert attributes.get("src") or attributes.get("type") == "application/ld+json"
    assert read.named("style") == []
    assert [one for one in read.named("img") if "qr" not in one.get("class", "")] == []


def asks_for_nothing_from_elsewhere(read: Reader) -> None:
    for tag, attributes in read.elements:
        if tag in ("script", "img", "iframe", "source") or (
            tag == "link" and attributes.get("rel") in ("stylesheet", "icon")
        ):
            address = attributes.get("src") or attributes.get("href") or ""
            assert urlsplit(address).netloc == "", (tag, address)


def speaks_the_language(read: Reader, prefix: str) -> None:
    (html,) = read.named("html")
    assert html["lang"] == ("en" if prefix else "zh-Hans")
    assert read.text.count("\ufffd") == 0


def test_hostile_texts_are_shown_as_they_were_written(known: dict[str, Visitor], node: LiveNode):
    answer = known[""].get(f"/datasets/{node.scenes.datasets['hostile']}")
    assert "<script>window.taken" not in answer.text
    assert "{{ 7|add:7 }}" in Reader(answer.text).text


FORMED = ("sign-in", "subscription-", "account-begin", "outside-")
"""Routes open to all that have a form to send: signing in, and what a link in a message opens."""


def test_a_public_page_leaves_no_cookie(visitor: Visitor, node: LiveNode):
    for page in OPENED:
        if not page.user and not page.route.startswith(FORMED) and "provider" not in page.route:
            answer = visitor.get(page.address(node.scenes))
            assert "set-cookie" not in answer.headers, page.name


def test_no_cache_keeps_a_page_that_somebody_signed_in_was_shown(
    known: dict[str, Visitor], node: LiveNode
):
    """The public's pages too: they name who is signed in, and show rows that a grant opens."""
    for page in OPENED:
        answer = known["clerk"].get(page.address(node.scenes))
        assert answer.headers.get("cache-control") == "no-store, private", page.name


def test_no_template_turns_escaping_off():
    """``|safe`` and ``autoescape off`` let text of people become markup."""
    wrong = re.compile(
        r"\|\s*safe(seq)?\b|autoescape\s+off|\|\s*escapejs|<script(?! src)|style=|<style|\son[a-z]+=[\"']"
    )
    faults = [
        f"{path.name}: {found[0]}"
        for path in TEMPLATES.rglob("*.html")
        for found in wrong.finditer(path.read_text("utf-8"))
    ]
    assert faults == []


def test_a_dataset_page_names_its_descriptions_for_machines(known: dict[str, Visitor]):
    link = known[""].get("/datasets/stops").headers["link"]
    assert 'datasets/stops.ttl>; rel="describedby"; type="text/turtle"' in link
    assert 'datasets/stops.jsonld>; rel="describedby"; type="application/ld+json"' in link


@pytest.mark.parametrize(
    ("accept", "suffix"), [("text/turtle", "ttl"), ("application/ld+json", "jsonld")]
)
def test_who_prefers_rdf_is_sent_to_it(visitor: Visitor, accept: str, suffix: str):
    answer = visitor.get("/datasets/stops", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/datasets/stops.{suffix}"
    assert "Accept" in answer.headers["vary"]
    described = visitor.get(answer.headers["location"])
    assert described.headers["content-type"].startswith(accept)


def test_htmx_asks_for_the_results_alone(visitor: Visitor):
    whole = visitor.get("/datasets?q=gongjiao")
    part = visitor.get("/datasets?q=gongjiao", headers={"HX-Request": "true"})
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert 'id="results"' in part.text
    assert "HX-Request" in part.headers["vary"]


def test_search_finds_by_pinyin_and_narrows_by_facets(visitor: Visitor):
    found = Reader(visitor.get("/datasets?q=gongjiaozhandian").text).text
    assert "公交站点" in found
    assert "停车记录" not in found
    narrowed = visitor.get("/datasets?attribute=conditional").text
    assert 'href="/datasets/taps"' in narrowed
    assert 'href="/datasets/stops"' not in narrowed
    # Other tests open and close conditional ones; one alone is not opened.
    closed = Reader(visitor.get("/datasets?attribute=none").text).text
    assert re.search(r"(?<!\d)1 个数据集", closed)


def test_a_choice_that_cannot_be_read_counts_as_none(visitor: Visitor):
    assert visitor.get("/datasets?body=x&attribute=y&theme=ZZZZ").status_code == 200


def test_the_preview_shows_what_the_grant_names_and_says_what_it_hides(
    known: dict[str, Visitor], node: LiveNode
):
    path = f"/datasets/{node.scenes.datasets['taps']}"
    granted = known["analyst"].get(path).text
    assert "2026-03-02 06:00" in granted
    assert "c0ffee" not in granted
    assert "您的授权不含其中 1 列" in granted
    assert "您下载的文件按专属于您的行序排列" in granted
    public = known[""].get(path).text
    assert "2026-03-02 06:00" not in public
    assert "所以这里没有预览" in public


def test_an_older_version_says_so_and_shows_its_own_rows(known: dict[str, Visitor]):
    older = known[""].get("/datasets/stops?version=1").text
    assert "您正在看第 1 版，最新的是第 2 版" in older
    assert "会展中心" not in older
    assert "会展中心" in known[""].get("/datasets/stops").text
    assert known[""].get("/datasets/stops?version=9").status_code == 404


def test_the_listing_entry_of_a_dataset_leads_to_its_proof(visitor: Visitor):
    page = visitor.get("/datasets/stops").text
    entry = re.search(r'href="(/evidence/entries/\d+)"', page)
    assert entry is not None
    shown = Reader(visitor.get(entry[1]).text)
    assert "已在签名的日志中" in shown.text
    file = next(one["href"] for one in shown.named("a") if one["href"].endswith(".tlog-proof"))
    assert visitor.get(file).status_code == 200


def test_every_act_of_the_log_is_said_in_words(visitor: Visitor):
    from wushu.portal.acts import WORDS

    size = int(visitor.get("/evidence/checkpoint").text.split("\n")[1])
    acts = set()
    for index in range(size):
        entry = visitor.get(f"/api/v1/evidence/entries/{index}").json()
        acts.add(entry["entry"]["act"])
    assert len(acts) > 10
    assert acts - set(WORDS) == set()


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.status == 422], ids=lambda page: page.name
)
def test_the_summary_of_errors_leads_to_the_fields(
    page: Page, known: dict[str, Visitor], node: LiveNode
):
    """Each link of the summary goes to an element that is there and can take the focus."""
    shown = known[page.user].get(page.address(node.scenes)).text
    acts = re.findall(r'<input type="hidden" name="act" value="(\w+)">', shown)
    sent = {"act": acts[0], **dict(page.send or ())} if acts else dict(page.send or ())
    answer = known[page.user].send_form(page.address(node.scenes), sent, to=action_of(page, node))
    assert answer.status_code == 422
    read = Reader(answer.text)
    fields = {
        attributes.get("id")
        for tag, attributes in read.elements
        if tag in ("input", "select", "textarea")
    }
    targets = {
        one["href"].removeprefix("#")
        for one in read.named("a")
        if one["href"].startswith("#")
        and one["href"] not in ("#main", "#get")
        and not one["href"].startswith("#indicator-")  # the rows of a table, not fields
    }
    assert targets
    assert targets <= fields


def action_of(page: Page, node: LiveNode) -> str:
    """Where the page's form goes, where that is another address."""
    address = page.address(node.scenes)
    return f"{address}/encoding" if "desk-load-encoding" in page.more else address


def test_an_older_version_s_page_proves_and_fetches_that_version(visitor: Visitor):
    listings = [
        proof_of(visitor.get(f"/datasets/stops{query}").text) for query in ("?version=1", "")
    ]
    said = [visitor.get(f"/api/v1{path}").json()["entry"] for path in listings]
    assert [one["act"] for one in said] == ["catalog.revision.listed"] * 2
    assert said[0]["data"]["revision"] != said[1]["data"]["revision"]
    older = visitor.get("/datasets/stops?version=1").text
    for code in re.findall(r"<code>(.*?)</code>", older, re.DOTALL):
        if "/data/stops.csv" in code:
            assert "/data/stops.csv?version=1" in code


def proof_of(page: str) -> str:
    """Address of the entry that the head of a dataset's page shows."""
    entry = re.search(r'href="(/evidence/entries/\d+)"', page)
    assert entry is not None
    return entry[1]


def test_a_version_that_is_not_there_is_named_with_its_dataset(visitor: Visitor):
    for asked in ("99", "0", "x", "1.0"):
        answer = visitor.get("/datasets/stops", params={"version": asked})
        assert answer.status_code == 404
        assert "version-not-found" in answer.text


def test_who_reads_a_part_is_not_shown_the_hash_of_the_whole(
    known: dict[str, Visitor], node: LiveNode
):
    granted = known["analyst"].get(f"/datasets/{node.scenes.datasets['taps']}").text
    digest = re.findall(r'<span class="digest">([0-9a-f]{64})</span>', granted)
    assert digest == []
    assert 'href="/data/taps.parquet"' in granted
    whole = known[""].get("/datasets/stops").text
    assert re.findall(r'<span class="digest">([0-9a-f]{64})</span>', whole) != []


def test_the_csv_for_spreadsheets_begins_with_a_byte_order_mark(visitor: Visitor):
    page = Reader(visitor.get("/datasets/stops?version=1").text)
    (address,) = [
        one["href"] for one in page.named("a")
        if "download" in one and ".csv" in one["href"]
    ]  # fmt: skip
    assert visitor.get(address).content.startswith(b"\xef\xbb\xbf")


def test_english_pages_say_why_and_who_in_english(known: dict[str, Visitor], node: LiveNode):
    failed = known["clerk"].get(f"/en/desk/loads/{node.scenes.loads['failed']}").text
    notice = failed.split('class="notice refused"')[1].split("</div>")[0]
    assert "Save it as CSV in the program it comes from" in notice
    assert "请" not in notice
    timeline = visitor_text(known[""], "/en/datasets/stops")
    assert "Transport Bureau" in timeline.split("Proof")[-1]
    entry = proof_of(known[""].get("/datasets/stops").text)
    assert "Data Bureau" in visitor_text(known[""], f"/en{entry}")


def visitor_text(visitor: Visitor, path: str) -> str:
    return Reader(visitor.get(path).text).text


def test_the_command_to_check_the_log_works_as_it_is_printed(
    visitor: Visitor, node: LiveNode, tmp_path: Path
):
    """Somewhere else, where nothing is known of the node; the second time from what was kept."""
    page = visitor.get("/how-to-check").text
    (command,) = (
        html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", page, re.DOTALL)
        if "evidence verify" in code
    )  # fmt: skip
    words = shlex.split(command.replace("\\\n", ""))
    assert words[0] == "wushu"
    elsewhere = {**node.environment, "WUSHU_HOME": str(tmp_path / "home")}
    for _time in range(2):
        subprocess.run(
            [sys.executable, "-m", "wushu.config", *words[1:]],
            env=elsewhere,
            cwd=tmp_path,
            check=True,
        )
    assert (tmp_path / words[-1]).is_file()


def test_a_period_without_an_end_says_so(visitor: Visitor):
    assert "自 2026年1月1日 起" in Reader(visitor.get("/datasets/stops").text).text
    assert "from 1 January 2026" in Reader(visitor.get("/en/datasets/stops").text).text


def test_how_to_check_a_download_is_said_where_there_is_a_figure_to_compare(
    known: dict[str, Visitor], node: LiveNode
):
    assert "核验下载的文件" in known[""].get("/datasets/stops").text
    assert "核验下载的文件" not in known["analyst"].get("/datasets/taps").text
