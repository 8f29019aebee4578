"""Every licence of the vocabulary says in plain words what one may, must and may not do."""

from __future__ import annotations

import pytest
from django.utils import translation

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.portal.licences import conditions, licence

CODES = sorted(catalog.licences().codes)


@pytest.mark.parametrize("code", CODES)
def test_every_licence_of_the_vocabulary_has_its_words(code: str):
    with translation.override("en"):
        found = licence(catalog.licences()[code].uri)
    assert found is not None
    assert found.may
    assert found.must


@pytest.mark.parametrize("code", CODES)
def test_words_agree_with_what_the_vocabulary_says_of_the_licence(code: str):
    concept = catalog.licences()[code]
    with translation.override("en"):
        found = licence(concept.uri)
    assert found is not None
    restricted = any("profit" in one or "changed version" in one for one in found.may_not)
    assert restricted is not concept.more["open"]
    alike = any("same licence" in one for one in found.must)
    assert alike is ("SA" in code or code == "ODC_BL")
    if concept.more["type"] == "PublicDomain":
        assert found.must[0].startswith("Nothing is asked")


def test_conditions_go_before_the_licence_for_conditional_data_alone():
    assert conditions(Attribute.UNCONDITIONAL) is None
    told = conditions(Attribute.CONDITIONAL)
    assert told is not None
    with translation.override("en"):
        assert "article 21" in conditions(Attribute.CONDITIONAL).may_not[0]  # type: ignore[union-attr]


def test_a_licence_outside_the_vocabulary_is_not_explained():
    assert licence("https://licence.example/own") is None
    assert licence("") is None
