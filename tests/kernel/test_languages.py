"""Chinese unless English is asked for first, asked the same way everywhere."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import SOURCE
from wushu.kernel.languages import in_language, language_of


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


@pytest.mark.parametrize(
    ("language", "zh", "en", "read"),
    [
        ("zh", "街道", "Streets", "街道"),
        ("en", "街道", "Streets", "Streets"),
        ("en", "街道", "", "街道"),
    ],
)
def test_a_text_without_english_is_read_in_chinese(
    language: str, zh: str, en: str, read: str
) -> None:
    assert in_language(language, zh, en) == read
