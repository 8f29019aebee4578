"""The ledger as officials take it away: whole, in their language, and harmless in a spreadsheet."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re
from collections.abc import Iterator
from contextlib import aclosing
from itertools import count
from urllib.parse import quote

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode
from wushu.portal.views import ledger

SIGNS = ("=", "+", "-", "@", "\t", "\r")


def test_the_whole_ledger_is_a_csv_without_formulas(known: dict[str, Visitor], node: LiveNode):
    answer = known["reviewer"].get("/en/ledger.csv?state=listed")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    heading, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert heading[:2] == ["Opening body", "Unified social credit code"]
    assert {len(row) for row in rows} == {len(heading)}
    slugs = {row[heading.index("Name in the address")] for row in rows}
    assert node.scenes.datasets["stops"] in slugs
    assert node.scenes.datasets["draft"] not in slugs
    assert not [cell for row in rows for cell in row if cell.startswith(SIGNS)]


def test_the_public_is_sent_to_sign_in_and_a_citizen_is_refused(
    visitor: Visitor, known: dict[str, Visitor]
):
    away = visitor.get("/ledger")
    assert away.status_code == 302
    assert quote("/ledger", safe="") in away.headers["location"]
    assert known["citizen"].get("/ledger.csv").status_code == 403


def test_the_csv_is_made_while_it_is_sent(monkeypatch):
    """A plain iterator the server would read to its end first: this one has none."""
    monkeypatch.setattr(ledger, "_cells", lambda one: [one])
    lines: Iterator[int] = count()

    async def begin() -> list[str]:
        async with aclosing(ledger._csv(lines)) as pieces:
            return [await anext(pieces) for _ in range(3)]

    heading, first, second = asyncio.run(begin())
    assert heading.startswith("\ufeff")
    assert first.startswith("0\r\n1\r\n")
    assert (first + second).split() == [str(n) for n in range(2 * ledger._AT_ONCE)]
    assert next(lines) == 2 * ledger._AT_ONCE


def test_what_several_bodies_collect_is_shown_with_whose_it_is_and_decided_by_the_authority(
    known: dict[str, Visitor], node: LiveNode
):
    page = known["reviewer"].get("/ledger/sources").text
    assert 'class="frame office"' in page, "the ways of the desk stand here too"
    assert "示例市园林局" in page
    assert f'href="/datasets/{node.scenes.datasets["shared"]}"' in page
    decided = next(row for row in page.split("<tr>") if row.startswith('<th scope="row">站名'))
    assert "<strong>示例市交通运输局</strong>" in decided
    assert "公交站点由其管理 &lt;script&gt;" in decided
    open_ = next(row for row in page.split("<tr>") if row.startswith('<th scope="row">线路数'))
    assert "未确定" in open_
    choice = re.search(r'<option value="([^"]+)">线路数 ← 示例市园林局', page)
    assert choice is not None
    sent = {"choice": html.unescape(choice[1]), "reason": "候车亭由其管理"}
    assert known["reviewer"].send_form("/ledger/sources", sent).status_code == 302
    decided = known["clerk"].get("/ledger/sources").text
    assert "候车亭由其管理" in decided
    assert 'name="choice"' not in decided, "a clerk reads it and decides nothing"
    assert known["citizen"].get("/ledger/sources").status_code == 403


def test_who_submits_and_who_reviews_are_told_what_is_collected_elsewhere(
    known: dict[str, Visitor], node: LiveNode
):
    clerk, told = known["clerk"], "其他单位已经采集"
    body = clerk.get("/desk/new").text.split('name="body" value="')[1].split('"')[0]
    clerk.send_form("/desk/new", {"title_zh": "站点等级", "slug": "grades", "body": body})
    columns = {f"c{place}-type": "text" for place in range(5)} | {
        "c0-name": "等级",
        "c1-name": "站名",
    }
    assert clerk.send_form("/desk/datasets/grades/columns", columns).status_code == 302
    draft = clerk.get("/desk/datasets/grades").text
    review = known["reviewer"].get(f"/desk/review/{node.scenes.revisions['waiting']}").text
    for page in (draft, review):
        notice = page.split(told)[1].split("</div>")[0]
        assert "<li>等级：示例市园林局</li>" in notice
        assert "站名" not in notice, "the body itself is its source"
