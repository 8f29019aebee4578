from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.utils import translation

import wushu.parties
from wushu.parties import selectors, words
from wushu.parties.types import AdministrativeLevel, OrganisationKind, Role, Scope

CATALOGUE = Path(wushu.parties.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"
LABELS = [
    (selectors.ROLES, Role),
    (selectors.KINDS, OrganisationKind),
    (selectors.LEVELS, AdministrativeLevel),
    (selectors.SCOPES, Scope),
]


@pytest.mark.parametrize(("labels", "values"), LABELS)
def test_every_value_has_a_label_with_a_chinese_translation(labels, values):
    chinese = {e.msgid: e.msgstr for e in polib.pofile(str(CATALOGUE)) if not e.obsolete}
    assert set(labels) == set(values)
    with translation.override("en"):
        english = [str(label) for label in labels.values()]
    assert len(set(english)) == len(english)
    for text in english:
        assert not chinese[text].isascii(), text


def test_refusals_have_the_words_of_the_pages():
    for mine, shown in ((words.ROLES, selectors.ROLES), (words.LEVELS, selectors.LEVELS)):
        for value, label in shown.items():
            for language, setting in (("zh", "zh-hans"), ("en", "en")):
                with translation.override(setting):
                    assert mine[value](language) == str(label)


def test_the_catalogue_translates_nothing_that_nobody_says():
    with translation.override("en"):
        said = {str(label) for labels, _ in LABELS for label in labels.values()}
    assert {e.msgid for e in polib.pofile(str(CATALOGUE))} == said
