"""Who searches in other words than the title's finds it, and the node may add words of its own."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.conftest import METADATA, City
from wushu.catalog import selectors
from wushu.catalog.search.synonyms import Synonyms, Unit, read_groups
from wushu.kernel.text import runs

OWN = Synonyms([("公交", "公共汽车"), ("线路", "路线"), ("新冠", "covid-19"), ("公交站", "车站")])


def listed(city: City, *titles: str) -> None:
    for title in titles:
        city.listed(replace(METADATA, title_zh=title, title_en="", keywords=(),
                            description_zh="说明", description_en=""))  # fmt: skip


def found(query: str) -> list[str]:
    return [one.title_zh for one in selectors.entries(query=query).items]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("公交", "公共汽车运营线路"),
        ("公共汽车", "城区公交首末班时间"),
        ("公交线路", "公共汽车运营线路"),  # a word within what was written together
        ("bus", "公共汽车运营线路"),
        ("新冠", "新型冠状病毒疫苗接种点"),
        ("COVID-19", "新型冠状病毒疫苗接种点"),
        ("covid 疫苗", "新型冠状病毒疫苗接种点"),
        ("二手房成交", "存量房成交套数"),
        ("住房 成交", "房屋成交套数"),
        ("房屋", "住房保障对象"),
        ("ＧＤＰ", "地区生产总值"),
        ("药房名单", "零售药店名单"),
        ("24节气", "二十四节气日期"),
    ],
)
def test_another_word_for_the_same_thing_finds_it(city: City, query: str, title: str) -> None:
    listed(city, title, "公共图书馆")
    assert found(query) == [title]


def test_the_word_itself_comes_before_its_synonyms(city: City) -> None:
    listed(city, "公共汽车运营线路", "公交站点", "公共交通客运量")
    assert found("公交")[0] == "公交站点"
    assert sorted(found("公交")) == ["公交站点", "公共交通客运量", "公共汽车运营线路"]


def test_a_synonym_in_latin_letters_begins_no_other_word(city: City) -> None:
    listed(city, "公共汽车运营线路", "Business hours 营业时间")
    assert found("公交") == ["公共汽车运营线路"]


def test_what_a_synonym_finds_is_no_near_spelling(city: City) -> None:
    listed(city, "公共汽车运营线路")
    assert not selectors.entries(query="公交").approximate


def test_all_words_are_still_needed(city: City) -> None:
    listed(city, "公共汽车运营线路", "公共汽车票价")
    assert found("公交 票价") == ["公共汽车票价"]


def test_facets_count_what_synonyms_find(city: City) -> None:
    listed(city, "公共汽车运营线路", "公共图书馆")
    assert [one.count for one in selectors.facets(query="公交").themes] == [1]


def test_a_body_is_found_by_a_synonym_in_its_name(city: City) -> None:
    body = city.body("公共汽车公司")
    city.listed(replace(METADATA, title_zh="首末班时间", keywords=()), by=city.clerk_of(body))
    selectors.index_refresh(everything=True)
    assert "首末班时间" in found("公交")


@pytest.mark.parametrize(
    ("query", "written", "pieces"),
    [
        ("公交", ("公交",), [[("公交",), ("公共汽车",)]]),
        ("公交线路", ("公交线路",),
         [[("公交",), ("公共汽车",)], [("线路",), ("路线",)]]),
        ("公交站", ("公交站",), [[("公交站",), ("车站",)]]),  # the longest word there is
        ("市公交", ("市公交",), [[("市",)], [("公交",), ("公共汽车",)]]),
        ("COVID-19", ("covid", "19"), [[("covid", "19"), ("新冠",)]]),
        ("学校", ("学校",), []),
    ],
)  # fmt: skip
def test_a_question_is_cut_at_its_known_words(query: str, written: Any, pieces: Any) -> None:
    wanted = Unit(written, tuple(tuple(piece) for piece in pieces))
    assert OWN.units(runs(query)) == [wanted]


def test_a_latin_word_is_a_whole_word() -> None:
    words = Synonyms([("bus", "公交")])
    assert words.units(["business"]) == [Unit(("business",))]


def test_lines_that_are_no_group_are_named_and_left_out() -> None:
    text = "\ufeff# words\n公交，公共汽车 , 公交\n\n公交\n市, 城市\n" + ",".join(
        f"词语{n}" for n in range(13)
    )
    groups, faults = read_groups(text)
    assert groups == [("公交", "公共汽车")]
    assert [fault.line for fault in faults] == [4, 5, 6]


def test_the_projects_own_list_has_no_fault_and_no_word_twice() -> None:
    text = resources.files("wushu.catalog.search").joinpath("synonyms.txt").read_text("utf-8")
    groups, faults = read_groups(text)
    words = [tuple(runs(word)) for group in groups for word in group]
    assert faults == []
    assert len(groups) > 80
    assert sorted(word for word in set(words) if words.count(word) > 1) == []


def test_a_node_adds_words_and_a_changed_file_counts_at_once(
    city: City, tmp_path: Path, settings: Any
) -> None:
    listed(city, "驿站分布")
    assert found("歇脚点") == []
    file = tmp_path / "words.txt"
    settings.SYNONYMS_FILE = str(file)
    file.write_text("驿站, 歇脚点\n", "utf-8")
    assert found("歇脚点") == ["驿站分布"]
    file.write_text("# 撤掉了这一组，只留下这句说明\n", "utf-8")
    assert found("歇脚点") == []


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_keeps_nobody_from_searching(
    city: City, tmp_path: Path, settings: Any, content: bytes | None
) -> None:
    listed(city, "公共汽车运营线路")
    settings.SYNONYMS_FILE = str(tmp_path / "words.txt")
    if content is not None:
        Path(settings.SYNONYMS_FILE).write_bytes(content)
    assert found("公交") == ["公共汽车运营线路"]
    faults = [one for one in selectors.index_faults() if one.kind == "synonyms-wrong"]
    assert [one.where for one in faults] == [settings.SYNONYMS_FILE]


def test_a_wrong_line_is_named_by_its_number(city: City, tmp_path: Path, settings: Any) -> None:
    file = tmp_path / "words.txt"
    file.write_text("驿站, 歇脚点\n驿站\n", "utf-8")
    settings.SYNONYMS_FILE = str(file)
    (fault,) = [one for one in selectors.index_faults() if one.kind == "synonyms-wrong"]
    assert "line 2" in fault.message.en
