"""Every code that a page may show has words."""

from __future__ import annotations

from enum import Enum

import pytest
from django.utils import translation

from wushu.catalog.types import Attribute, EntryState, FieldType, RevisionState
from wushu.dataplane.ingest.words import REJECT_REASONS
from wushu.dataplane.types import Evidence, Newline, RejectReason, SemanticType, UploadState
from wushu.parties.types import Role, Scope
from wushu.portal import labels
from wushu.portal.text import is_chinese

SHOWN = (
    Attribute, EntryState, RevisionState, FieldType, UploadState, Evidence, Newline, RejectReason,
    SemanticType, Role, Scope,
)  # fmt: skip


@pytest.mark.parametrize("member", [one for kind in SHOWN for one in kind], ids=repr)
def test_every_member_has_words(member: Enum):
    if member is SemanticType.NONE:
        return
    with translation.override("zh-hans"):
        words = labels.label(member)
    assert is_chinese(words) or isinstance(member, Newline)


def test_two_members_with_one_value_keep_their_own_words():
    """``draft`` is a state of an entry and of a revision; ``email`` a kind and a field."""
    with translation.override("en"):
        assert labels.label(RevisionState.SUPERSEDED) == "Superseded"
        assert labels.label(UploadState.LOADED) == "loaded"


def test_what_has_no_words_is_shown_as_it_is():
    assert labels.label("XYZ") == "XYZ"
    assert labels.theme("XYZ") == "XYZ"
    assert labels.delimiter("~") == "~"


def test_warnings_that_a_finding_shows_itself_are_not_said_twice():
    assert labels.warnings(["personal-information", "ragged-rows", "preamble"]) == []
    assert len(labels.warnings(["headers-invented", "duplicate-header"])) == 2


@pytest.mark.parametrize("reason", RejectReason)
def test_a_refused_load_says_the_reason_as_the_pages_do(reason: RejectReason):
    with translation.override("zh-hans"):
        assert REJECT_REASONS[reason].zh == labels.label(reason)
    with translation.override("en"):
        assert REJECT_REASONS[reason].en == labels.label(reason)
