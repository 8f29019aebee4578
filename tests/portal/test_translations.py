"""Every text of every app is there in Chinese, with the same placeholders."""

from __future__ import annotations

import re
import string
from collections import defaultdict
from functools import cache
from pathlib import Path

import polib
import pytest

from tests.portal.messages import ROOT, Message, apps, catalogue_of, messages

_PERCENT = re.compile(r"%\((\w+)\)[sd]")
_TAG = re.compile(r"<[^>]+>")
APPS = {app.name: app for app in apps()}


@cache
def used(name: str) -> list[Message]:
    return list(messages(APPS[name]))


def entries(app: Path) -> dict[tuple[str, str], polib.POEntry]:
    path = catalogue_of(app)
    found = polib.pofile(str(path)) if path.is_file() else []
    return {(one.msgctxt or "", one.msgid): one for one in found if not one.obsolete}


def translated(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    named = set(_PERCENT.findall(text))
    try:
        braces = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        braces = set()  # a lone brace is text
    return named | braces


@pytest.mark.parametrize("name", APPS)
def test_every_text_has_a_chinese_one(name: str):
    there = entries(APPS[name])
    lacking = [
        f"{message.where}: {message.text}"
        for message in used(name)
        if message.key not in there or not all(translated(there[message.key]))
    ]
    assert lacking == []


@pytest.mark.parametrize("name", APPS)
def test_nothing_is_translated_that_no_page_says(name: str):
    said = {message.key for message in used(name)}
    assert [key for key in entries(APPS[name]) if key not in said] == []


@pytest.mark.parametrize("name", APPS)
def test_placeholders_and_markup_agree(name: str):
    for key, entry in entries(APPS[name]).items():
        for text in translated(entry):
            wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
            assert placeholders(text) <= wanted, key
            assert placeholders(entry.msgid_plural or entry.msgid) <= placeholders(text) | (
                {"count"} if entry.msgid_plural else set()
            ), key
            assert sorted(_TAG.findall(text)) == sorted(_TAG.findall(entry.msgid)), key


def test_one_text_has_one_translation_in_all_apps():
    """gettext merges the catalogues of all apps: two translations of one text would race."""
    found: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for app in APPS.values():
        for key, entry in entries(app).items():
            found[key].add(tuple(translated(entry)))
    assert {key: texts for key, texts in found.items() if len(texts) > 1} == {}


def test_no_translation_says_only_that_something_failed():
    for app in APPS.values():
        for entry in entries(app).values():
            assert "操作失败" not in "".join(translated(entry))


def test_placeholders_in_texts_are_named():
    """``%s`` cannot change its place in another language."""
    unnamed = re.compile(r"(?<!%)%[sd]|\{\}")
    faults = [
        f"{message.where}: {message.text}"
        for found in map(used, APPS)
        for message in found
        if unnamed.search(message.text)
    ]
    assert faults == []


def test_no_f_string_is_handed_to_gettext():
    call = re.compile(r"\b(?:_|n?p?gettext(?:_lazy)?)\(\s*f[\"']")
    faults = [path for path in ROOT.rglob("*.py") if call.search(path.read_text("utf-8"))]
    assert faults == []


def test_the_reader_of_messages_finds_what_templates_and_code_say():
    found = {message.text: message for message in used("portal")}
    assert found["%(total)s dataset"].plural == "%(total)s datasets"
    assert found["Skip to the text"].where.startswith("portal/templates/")
    assert isinstance(found["Present password"], Message)
