"""What each article of the shipped regulations says, in its own words and as sentences a test holds.

One file for each regulation, beside the tests and not in the regulation: what has been published must
not change because a test got another name. ``docs/_generate.py`` makes the reference of it.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
GUARD = "tests/casework/test_articles.py::test_the_files_say_what_the_article_says"


@dataclass(frozen=True, slots=True)
class Item:
    """An article, or an item of one."""

    text: str = ""
    """In the regulation's words; …… where something was left out."""
    says: tuple[str, ...] = ()
    """What its text comes to in the files, as ``tests.casework.parameters.said`` says it."""
    shown_by: tuple[str, ...] = ()
    """Tests that show it at work: ``tests/….py::name``."""


def items(regulation: str) -> Mapping[str, Item]:
    """By ``21`` or ``21(2)``, in the order of the articles."""
    with (HERE / f"{regulation}.toml").open("rb") as file:
        return {
            key: Item(**{name: value if name == "text" else tuple(value) for name, value in one.items()})
            for key, one in tomllib.load(file).items()
        }  # fmt: skip


def guards(regulation: str, article: int, of: Mapping[str, Item]) -> list[str]:
    """The tests that hold an article."""
    mine = [one for key, one in of.items() if int(key.partition("(")[0]) == article]
    named = [f"{GUARD}[{regulation}-{article}]"] if any(one.says for one in mine) else []
    return list(dict.fromkeys([*named, *(test for one in mine for test in one.shown_by)]))


def missing(tests: Collection[str]) -> list[str]:
    """Those that are not there, read from the files and not run."""
    return [one for one in tests if one.partition("[")[0].partition("::")[2] not in _in_file(one)]


def _in_file(test: str) -> frozenset[str]:
    return _names(ROOT / test.partition("::")[0])


@cache
def _names(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef))
