"""The index's fields, and an entry as one document of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Any
from uuid import UUID

import tantivy
from django.utils import timezone

from wushu.catalog import rules, vocabulary
from wushu.catalog.forms import forms
from wushu.catalog.models import Entry, Revision
from wushu.catalog.presenting import fields_of
from wushu.catalog.rules import freshness
from wushu.catalog.search import terms
from wushu.catalog.search.terms import Placed
from wushu.catalog.types import Attribute

KIND, MARKER, STATE = "kind", "marker", "state"
ENTRY = "entry"
PROMISED = "promised"
"""As ``cycle``: a day was promised, which stands in ``due``. Else a value of ``Freshness``."""
FILTERS = (
    "body", "theme", "attribute", "format", "keyword", "frequency", "region", "grouping",
)  # fmt: skip
_RAW = ("kind", "id", "title_whole", "column", "cycle", *FILTERS)
_PLACED = (
    "title", "title_one", "keywords", "keywords_one", "text", "theme_words", "pinyin", "initials",
)  # fmt: skip


@lru_cache(maxsize=1)
def schema() -> Any:
    """Fields of the index. A change here makes a new folder, which is built anew."""
    builder = tantivy.SchemaBuilder()
    for name in _RAW:
        builder.add_text_field(
            name, stored=name == "id", fast=True, tokenizer_name="raw", index_option="basic"
        )
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _PLACED:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_integer_field("changed", fast=True)
    builder.add_integer_field("due", fast=True)
    return builder.build()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Names the folder of an index with these fields and these terms."""
    parts = [*_RAW, *_PLACED, "5", version("tantivy")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def entry_document(entry: Entry, revision: Revision, groupings: Sequence[str] = ()) -> Any:
    """A listed entry. ``entry`` and the listed ``revision`` with its version are loaded.

    ``groupings``: the slugs of those it is in.
    """
    specs = fields_of(revision)
    titles = [revision.title_zh, revision.title_en]
    keywords = list(revision.keywords)
    columns = [text for spec in specs for text in (spec.name, spec.title_zh)]
    document = tantivy.Document()
    document.add_text(KIND, ENTRY)
    document.add_text("id", str(entry.pk))
    for title in titles:
        if title:
            document.add_text("title_whole", terms.whole(title))
    document.add_text("body", str(entry.body_id))
    document.add_text("theme", revision.theme)
    document.add_text("attribute", revision.attribute)
    for code in formats_of(revision):
        document.add_text("format", code)
    for keyword in revision.keywords:
        document.add_text("keyword", terms.whole(keyword))
    document.add_text("frequency", revision.update_cycle)
    for code in rules.regions_of(revision.spatial):
        document.add_text("region", code)
    for slug in groupings:
        document.add_text("grouping", slug)
    for item in rules.items_of(specs):
        document.add_text("column", item)
    document.add_integer("changed", microseconds(entry.changed_at))
    _add_due(document, revision)
    _add(document, "title", terms.placed_bigrams(titles))
    _add(document, "title_one", terms.placed_characters(titles))
    _add(document, "keywords", terms.placed_bigrams(keywords))
    _add(document, "keywords_one", terms.placed_characters(keywords))
    text = [revision.description_zh, revision.description_en, revision.source_note, *columns]
    _add(document, "text", terms.placed_bigrams(text))
    _add(document, "theme_words", terms.placed_bigrams(_theme_words(revision.theme)))
    _add(document, "pinyin", terms.placed_syllables([revision.title_zh, *keywords]))
    _add(document, "initials", terms.placed_initials([revision.title_zh, *keywords]))
    return document


def _add_due(document: Any, revision: Revision) -> None:
    """The day the next version is due, else why none was promised: neither changes by itself."""
    newest = None if revision.version is None else timezone.localdate(revision.version.created_at)
    due = freshness.due(revision.update_cycle, newest, date.min)
    document.add_text("cycle", PROMISED if due.on is not None else due.freshness.value)
    if due.on is not None:
        document.add_integer("due", due.on.toordinal())


def state_document(seen: datetime, entry: UUID) -> Any:
    """How far the index has read: the last change and the entry it was of."""
    document = tantivy.Document()
    document.add_text(KIND, MARKER)
    document.add_text(STATE, json.dumps([seen.isoformat(), str(entry)]))
    return document


def read_state(text: str) -> tuple[datetime, UUID]:
    """What ``state_document`` wrote."""
    seen, entry = json.loads(text)
    return datetime.fromisoformat(seen), UUID(entry)


def formats_of(revision: Revision) -> list[str]:
    """Codes of the file types in which the entry's data are delivered; none without data to be had."""
    if revision.version is None or revision.attribute == Attribute.NONE.value:
        return []
    found = forms(fields_of(revision), revision.version.rows_loaded)
    return [one.code for one in found if one.listed]


def _theme_words(code: str) -> list[str]:
    theme = vocabulary.themes().get(code)
    return [] if theme is None else [theme.zh, theme.en, *theme.more["domains"]]


def _add(document: Any, field: str, placed: Sequence[Placed]) -> None:
    if not placed:
        return
    tokens = [tantivy.Token(term, position, 0, 1) for term, position in placed]
    text = " ".join(term for term, _ in placed)
    document.add_pre_tokenized_text(field, tantivy.PreTokenizedString(text, tokens))


def microseconds(moment: datetime) -> int:
    """A moment as the index orders changes: since 1970."""
    return int(moment.timestamp() * 1_000_000)
