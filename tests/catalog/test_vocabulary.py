"""Codes, their addresses, their names in two languages, and where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from wushu.catalog import rules, vocabulary
from wushu.catalog.types import Attribute

NAMES = sorted(
    one.stem for one in (Path(vocabulary.__file__).parent / "vocabularies").glob("*.json")
)


@pytest.mark.parametrize("name", NAMES)
def test_every_vocabulary_names_its_origin_and_both_languages(name: str) -> None:
    codes = vocabulary.vocabulary(name)
    assert codes.origin
    assert codes.title_zh
    assert codes.title_en
    for concept in codes:
        assert concept.uri.startswith("http")
        assert concept.label("zh")
        assert concept.label("en")
    assert len({one.uri for one in codes}) == len(codes.codes)


def test_an_unknown_code_is_its_own_name() -> None:
    assert vocabulary.themes().label("XXXX", "zh") == "XXXX"
    assert vocabulary.themes().get("XXXX") is None
    assert "XXXX" not in vocabulary.themes()


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("http://publications.europa.eu/resource/authority/licence/CC0", "CC0"),
        ("https://creativecommons.org/licenses/by/4.0/", "CC_BY_4_0"),
        ("http://creativecommons.org/licenses/by/4.0", "CC_BY_4_0"),
        ("https://spdx.org/licenses/MIT", "MIT"),
        ("https://opendatacommons.org/licenses/odbl/1.0/", "ODC_BL"),
        ("https://creativecommons.org/licenses/by/4.0/deed.zh", None),
        ("https://creativecommons.org/licenses/by-nc/3.0/", None),
        ("https://spdx.org/licenses/", None),
        ("https://spdx.org/licenses/Unicode-3.0", None),
        ("", None),
    ],
)
def test_a_licence_is_recognised_by_its_addresses_and_nothing_is_equated_that_differs(
    uri: str, code: str | None
) -> None:
    found = vocabulary.licence_of(uri)
    assert (None if found is None else found.code) == code


def test_a_licence_that_forbids_commerce_or_changes_is_not_open() -> None:
    closed = {one.code for one in vocabulary.licences() if not one.more["open"]}
    assert closed == {
        one.code for one in vocabulary.licences() if "NC" in one.code or "ND" in one.code
    }


def test_every_opening_attribute_has_words() -> None:
    assert set(rules.ATTRIBUTE_WORDS) == set(Attribute)
