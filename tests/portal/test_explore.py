"""Charts and pivot tables of a dataset."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode
from wushu.portal import explore_page

STOPS = "/datasets/stops/explore"


def table(page: str) -> list[list[str]]:
    """The chart's table, head first, without the column of bars (the third)."""
    rows = BeautifulSoup(page, "html.parser").select("table.chart tr")
    return [
        [
            " ".join(cell.get_text(" ").split())
            for cell in row.select("th, td:not(.bars)")
            if "bars" not in cell.get("class", [])
        ]
        for row in rows
    ]


def ask(visitor: Visitor, **asked: str) -> list[list[str]]:
    answer = visitor.get(STOPS, params=asked)
    assert answer.status_code == 200
    return table(answer.text)


def test_the_page_shows_something_unasked_and_says_what(visitor: Visitor):
    page = visitor.get(STOPS).text
    head, *rows = table(page)
    assert head[1] == "行数"
    assert sum(int(row[1]) for row in rows) == 5
    chosen = BeautifulSoup(page, "html.parser").select_one("select[name=by] option[selected]")
    assert chosen is not None
    assert chosen.get_text() == head[0]


def test_rows_are_counted_and_summed(visitor: Visitor):
    counted = ask(visitor, by="等级")
    assert counted[0] == ["等级", "行数"]
    assert sorted(map(tuple, counted[1:])) == [
        ("a 枢纽站", "2"), ("b 干线站", "2"), ("c 支线站", "1"),
    ]  # fmt: skip
    summed = ask(visitor, by="等级", measure="sum", of="线路数")
    assert summed[0] == ["等级", "线路数（合计）"]
    assert [row[1] for row in summed[1:]] == ["16", "16", "3"]


def test_a_second_column_makes_a_pivot_table(visitor: Visitor):
    found = ask(visitor, by="等级", across="票价")
    assert found[0] == ["等级", "合计", "2.00", "3.50"]
    assert ["c 支线站", "1", "0", "1"] in found
    assert ["a 枢纽站", "2", "2", "0"] in found


def test_dates_are_grouped_by_year_and_no_value_is_said(visitor: Visitor):
    found = ask(visitor, by="启用日期", step="year")
    assert found[1:] == [["无值", "1"], ["2019", "1"], ["2020", "1"], ["2021", "1"], ["2026", "1"]]


def test_a_condition_narrows_the_rows(visitor: Visitor):
    assert ask(visitor, by="等级", where="线路数", op="ge", value="7")[1:] == [
        ["b 干线站", "2"],
        ["a 枢纽站", "1"],
    ]
    nothing = visitor.get(STOPS, params={"by": "等级", "where": "站名", "op": "eq", "value": "无"})
    assert "没有符合条件的行" in nothing.text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"by": "none"}, "by"),
        ({"by": "等级", "across": "none"}, "across"),
        ({"by": "等级", "measure": "sum"}, "of"),
        ({"by": "等级", "measure": "sum", "of": "站名"}, "of"),
        ({"by": "等级", "where": "线路数", "op": "eq", "value": "many"}, "value"),
        ({"by": "等级", "where": "线路数", "op": "contains", "value": "1"}, "value"),
    ],
)
def test_what_is_not_understood_is_said_at_its_field(visitor: Visitor, asked, field):
    answer = visitor.get(STOPS, params=asked)
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one(f"#id_{field}_error") is not None
    assert page.select_one("table.chart") is None


def test_an_older_version_stays_with_itself(visitor: Visitor):
    page = visitor.get(STOPS, params={"by": "等级", "version": "1"}).text
    assert sum(int(row[1]) for row in table(page)[1:]) == 4
    hidden = BeautifulSoup(page, "html.parser").select_one("input[name=version]")
    assert hidden is not None
    assert hidden["value"] == "1"


def test_who_holds_no_grant_is_told_so_and_sees_no_choice(
    known: dict[str, Visitor], node: LiveNode
):
    path = f"/datasets/{node.scenes.datasets['taps']}/explore"
    page = known[""].get(f"{path}?by=线路").text
    assert "<table" not in page
    assert "/sign-in?next=" in page
    granted = known["analyst"].get(f"{path}?by=线路").text
    assert table(granted)[1:] in ([["1", "1"], ["K2", "1"]], [["K2", "1"], ["1", "1"]])
    assert "卡号" not in granted
    refused = known["analyst"].get(f"{path}?by=卡号")
    assert refused.status_code == 400
    assert "c0ffee" not in refused.text


def test_every_bar_stands_beside_its_figure_and_is_hidden_from_readers_of_the_page(
    visitor: Visitor,
):
    page = BeautifulSoup(visitor.get(STOPS, params={"by": "等级"}).text, "html.parser")
    lengths = {}
    for row in page.select("table.chart tbody tr"):
        drawing = row.select_one("svg")
        assert drawing is not None
        assert drawing["aria-hidden"] == "true"
        rect = ElementTree.fromstring(str(drawing)).find("rect")
        assert rect is not None
        lengths[row.select_one("td.number").get_text()] = float(rect.get("width", ""))
    assert lengths == {"2": 100.0, "1": 50.0}


def test_no_search_engine_walks_through_the_charts(visitor: Visitor):
    assert '<meta name="robots" content="noindex, nofollow">' in visitor.get(STOPS).text


def test_bars_begin_at_zero_to_either_side():
    made = explore_page.bars([3, -1, None, 0])
    assert [one and (one.x, one.width) for one in made] == [
        ("25.00", "75.00"), ("0.00", "25.00"), None, None,
    ]  # fmt: skip
    assert explore_page.bars([0, None]) == [None, None]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1\u202f234\u202f567"),
        (Decimal("12345.50"), "12\u202f345.50"),
        (Decimal("1234.50"), "1234.50"),
        (12345.678, "12\u202f345.68"),
        (0.12345, "0.123"),
        (1e-9, "1.000e-09"),
        (-2.5, "-2.50"),
    ],
)
def test_figures_are_written_for_people(value, text):
    assert explore_page.figure(value) == text
