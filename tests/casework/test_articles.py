"""Each article of the shipped regulations: what it says stands in the files, and no change goes unseen.

What the articles say is written in ``tests/casework/articles`` from their text.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.casework.articles import guards, items, missing
from tests.casework.parameters import changes, said
from wushu.casework.files import read_folder, regulation_folders
from wushu.casework.rules.regulations import regulation_of
from wushu.casework.types import Regulation

FILES = {
    folder.name: regulation_of(read_folder(folder), folder.name) for folder in regulation_folders()
}
ITEMS = {key: items(key) for key in FILES}
each_regulation = pytest.mark.parametrize("key", FILES)


def number(item: str) -> int:
    """``21(2)`` is of article 21."""
    return int(item.partition("(")[0])


each_article = pytest.mark.parametrize(
    ("key", "article"),
    [
        pytest.param(key, article, id=f"{key}-{article}")
        for key, found in ITEMS.items()
        for article in dict.fromkeys(number(one) for one, item in found.items() if item.says)
    ],
)


@each_article
def test_the_files_say_what_the_article_says(key: str, article: int):
    stands = said(FILES[key])
    for one, item in ITEMS[key].items():
        if number(one) == article:
            assert sorted(stands.get(one, [])) == sorted(item.says), one


@each_regulation
def test_a_parameter_that_is_changed_breaks_what_its_article_says(key: str):
    seen: Counter[str] = Counter()
    for change in changes(FILES[key]):
        stands = said(change.regulation).get(change.article, [])
        assert sorted(stands) != sorted(ITEMS[key][change.article].says), change.where
        seen[change.article] += 1
    assert set(seen) == {one for one, item in ITEMS[key].items() if item.says}


@each_regulation
def test_nothing_in_a_file_stands_on_an_article_that_is_not_written_down(key: str):
    assert set(said(FILES[key])) - set(ITEMS[key]) == set()


@each_regulation
def test_an_article_that_lives_in_the_program_is_held_by_a_test(key: str):
    regulation: Regulation = FILES[key]
    for one in regulation.articles:
        held = guards(key, one.number, ITEMS[key])
        assert bool(one.lives) is bool(held), one.number
    known = {one.number for one in regulation.articles}
    assert {number(one) for one in ITEMS[key]} - known == set()


def test_each_article_of_suzhou_that_lives_in_the_program_is_shown_at_work():
    shown = {
        number(one)
        for one, item in ITEMS["suzhou-public-data-opening-2023"].items()
        if item.shown_by
    }
    lives = {one.number for one in FILES["suzhou-public-data-opening-2023"].articles if one.lives}
    assert lives - shown == set()


@each_regulation
def test_every_test_that_is_named_is_there(key: str):
    named = [test for one in FILES[key].articles for test in guards(key, one.number, ITEMS[key])]
    assert missing(named) == []


def test_a_test_that_is_not_there_is_missed():
    here = "tests/casework/test_articles.py"
    assert missing([f"{here}::gone", "tests/gone.py::gone"]) == [
        f"{here}::gone",
        "tests/gone.py::gone",
    ]


def test_the_rules_of_suzhou_are_in_force_for_three_years():
    rules = FILES["suzhou-public-data-opening-2023"]
    assert (rules.valid_from, rules.valid_until) == (date(2023, 7, 1), date(2026, 6, 30))
