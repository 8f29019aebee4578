"""Chinese unless English is asked for first, asked the same way everywhere."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import SOURCE
from wushu.kernel.languages import language_of


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "zh"), ("", "zh"), ("zh-CN", "zh"), ("zh-CN,en;q=0.9", "zh"), ("fr,en", "zh"),
        ("en", "en"), ("EN-gb", "en"), (" en-US,en;q=0.9", "en"), ("en_US.UTF-8", "en"),
    ],
)  # fmt: skip
def test_english_is_spoken_to_who_asks_for_it_first(asked, language):
    assert language_of(asked) == language


def test_nothing_else_decides_the_language_by_itself():
    others = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if path.name != "languages.py"
        and re.search(r"""startswith\(["']en["']\)""", path.read_text(encoding="utf-8"))
    ]
    assert others == []
