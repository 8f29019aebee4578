"""Every code that a page may show has a name in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import polib
import pytest
from django.utils import translation

from tests.architecture.source import SOURCE
from wushu.catalog import labels
from wushu.catalog.rules import words
from wushu.catalog.types import (
    Attribute,
    EntryAct,
    EntryState,
    FieldSpec,
    FieldType,
    Metadata,
    ReviewDecision,
    RevisionState,
    SeriesState,
)

CHINESE = {
    one.msgid: one.msgstr
    for one in polib.pofile(str(SOURCE / "catalog/locale/zh_Hans/LC_MESSAGES/django.po"))
}


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (labels.ATTRIBUTES, list(Attribute)),
        (labels.ATTRIBUTE_MEANINGS, list(Attribute)),
        (labels.ENTRY_STATES, list(EntryState)),
        (labels.ENTRY_ACTS, list(EntryAct)),
        (labels.REVISION_STATES, list(RevisionState)),
        (labels.SERIES_STATES, list(SeriesState)),
        (labels.REVIEW_DECISIONS, list(ReviewDecision)),
        (labels.FIELD_TYPES, list(FieldType)),
        (labels.METADATA, [one.name for one in fields(Metadata)]),
        (labels.FIELD_PROPERTIES, [one.name for one in fields(FieldSpec)]),
        (
            labels.FACETS,
            ["theme", "body", "attribute", "format", "frequency", "region", "grouping"],
        ),
    ],
)
def test_every_code_has_a_name_in_both_languages(
    names: Mapping[Any, Any], codes: list[Any]
) -> None:
    assert set(names) == set(codes)
    with translation.override("en"):
        assert all(CHINESE[str(name)] for name in names.values())


def test_nothing_is_translated_that_is_not_used() -> None:
    tables = [vars(labels)[name] for name in vars(labels) if name.isupper()]
    with translation.override("en"):
        used = {str(name) for table in tables for name in table.values()}
    assert set(CHINESE) == used


@pytest.mark.parametrize(("language", "setting"), [("zh", "zh-hans"), ("en", "en")])
def test_refusals_have_the_words_of_the_pages(language, setting):
    with translation.override(setting):
        for name, said in words.METADATA.items():
            assert (said(language), said.key) == (str(labels.METADATA[name]), name)
        for name in ("name", "format", "title_zh", "description", "unit", "null_meaning"):
            assert str(labels.FIELD_PROPERTIES[name]) in words.item(3, name)(language)
