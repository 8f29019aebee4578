"""What a clerk of the opening body drafts and submits, and that what was submitted is fixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.catalog.conftest import FIELDS, METADATA, City
from tests.parties.refused import refused
from wushu.catalog import selectors, services
from wushu.catalog.models import Entry
from wushu.catalog.services import drafting
from wushu.catalog.types import (
    Attribute,
    EntryState,
    FieldSpec,
    Metadata,
    RevisionState,
)
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, Actor, HeldRole, Role, Scope


def acts(entry: Any) -> list[str]:
    """What the log says about an entry."""
    return [note.act for note in evidence.entries_about(entry.urn)]


# The clerk


def test_a_clerk_drafts_loads_and_submits_and_a_second_person_lists(city: City) -> None:
    entry = city.draft()
    assert (entry.state, entry.slug) == (EntryState.DRAFT, "gong-gong-ting-che-chang-fen-bu")
    city.load(entry)
    submitted = services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    assert submitted.state is RevisionState.IN_REVIEW
    listed = services.revision_pass_gate(actor=city.reviewer, revision=submitted.id)
    assert listed.state is EntryState.LISTED
    assert listed.revision is not None
    assert listed.revision.metadata == replace(METADATA, spatial="320500")
    assert listed.revision.fields == FIELDS
    assert listed.revision.version is not None
    assert listed.listed_at == listed.changed_at
    assert acts(entry) == [
        "catalog.entry.created",
        "catalog.version.added",
        "catalog.revision.drafted",
        "catalog.revision.submitted",
        "catalog.revision.listed",
    ]


def test_what_the_clerk_leaves_empty_is_filled_from_the_body(city: City) -> None:
    entry = city.draft(replace(METADATA, contact_name="", contact_email=""))
    assert entry.revision is not None
    assert entry.revision.metadata.spatial == "320500"
    assert entry.revision.metadata.contact_name == "交通运输局"
    assert entry.revision.metadata.contact_email == "office@city.example"


def test_two_titles_that_read_the_same_get_two_slugs(city: City) -> None:
    slugs = [
        city.draft(replace(METADATA, title_zh=title)).slug for title in ("市场", "室场", "试场")
    ]
    assert slugs == ["shi-chang", "shi-chang-2", "shi-chang-3"]


def test_a_slug_that_is_taken_is_refused_not_altered(city: City) -> None:
    city.draft(slug="parking")
    with refused("slug-taken"):
        city.draft(slug="parking")


def test_nobody_learns_whose_draft_holds_a_name(city: City) -> None:
    """A name of our own choice passes over another body's draft; a typed one is just taken."""
    title = replace(METADATA, title_zh="市场")
    assert city.draft(title).slug == "shi-chang"
    assert city.draft(title, by=city.stranger).slug == "shi-chang-2"
    with pytest.raises(Refusal, match="slug-taken") as caught:
        city.draft(by=city.stranger, slug="shi-chang")
    assert set(caught.value.facts) == {"slug"}


def test_a_slug_taken_between_the_look_and_the_write_is_passed_over(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.draft(slug="shi-chang")
    # Nothing is seen by the look; only the database's own constraint tells.
    monkeypatch.setattr(drafting.Entry.objects, "filter", lambda **_: Entry.objects.none())
    assert city.draft(replace(METADATA, title_zh="市场")).slug == "shi-chang-2"


@pytest.mark.parametrize(
    "who",
    [
        lambda city: city.stranger,
        lambda city: city.reviewer,
        lambda city: NODE,
        lambda city: replace(city.clerk, scopes=frozenset({Scope.ROWS_READ})),
        lambda city: replace(
            city.clerk, roles=(HeldRole(city.transport.id, Role.CHIEF_DATA_OFFICER),)
        ),
    ],
)
def test_only_a_clerk_of_the_body_writes_its_catalogue(
    city: City, who: Callable[[City], Actor]
) -> None:
    entry = city.draft()
    revision = city.newest(entry)
    with refused("not-of-body"):
        services.entry_create(actor=who(city), body=city.transport.id, metadata=METADATA)
    with refused("not-of-body"):
        services.revision_draft(actor=who(city), entry=entry.id, metadata=METADATA)
    with refused("not-of-body"):
        services.revision_submit(actor=who(city), revision=revision)


def test_a_key_with_the_scope_writes(city: City) -> None:
    key = replace(city.clerk, scopes=frozenset({Scope.CATALOG_WRITE}))
    assert city.draft(by=key).state is EntryState.DRAFT


def test_an_incomplete_draft_is_kept_but_not_submitted(city: City) -> None:
    unfinished = Metadata(
        title_zh="半成品", attribute=Attribute.CONDITIONAL, attribute_reason="待定"
    )
    entry = city.draft(unfinished)
    problems = selectors.submission_problems(city.newest(entry), actor=city.clerk)
    assert "conditions-missing" in {one.name for one in problems}
    with refused("description-missing"):
        services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    assert selectors.entry_by_id(entry.id, actor=city.clerk).state is EntryState.DRAFT


def test_nothing_of_a_refused_act_remains(city: City) -> None:
    entry = city.draft()
    before = acts(entry)
    with refused("text-too-long"):
        services.revision_draft(
            actor=city.clerk, entry=entry.id, metadata=replace(METADATA, title_zh="长" * 201)
        )
    assert acts(entry) == before
    shown = selectors.entry_by_id(entry.id, actor=city.clerk).revision
    assert shown is not None
    assert shown.metadata.title_zh == METADATA.title_zh


# What was submitted is fixed


def test_a_submitted_revision_cannot_be_changed(city: City) -> None:
    entry = city.submitted()
    with refused("revision-frozen"):
        services.revision_draft(actor=city.clerk, entry=entry.id, metadata=METADATA)
    with refused("revision-frozen"):
        services.revision_draft(actor=city.clerk, entry=entry.id, fields=[FieldSpec("别的")])
    with refused("nothing-to-submit"):
        services.revision_submit(actor=city.clerk, revision=city.newest(entry))


def test_a_listed_dataset_stays_as_listed_while_a_new_revision_is_prepared(city: City) -> None:
    entry = city.listed()
    draft = services.revision_draft(
        actor=city.clerk, entry=entry.id, metadata=replace(METADATA, title_zh="新名称")
    )
    assert draft.number == 2
    public = selectors.entry_by_slug(entry.slug)
    assert (public.state, public.title_zh) == (EntryState.LISTED, "公共停车场分布")
    assert public.changed_at == entry.changed_at
    services.revision_submit(actor=city.clerk, revision=draft.id)
    assert selectors.entry_by_slug(entry.slug).title_zh == "公共停车场分布"
    services.revision_pass_gate(actor=city.reviewer, revision=draft.id)
    public = selectors.entry_by_slug(entry.slug)
    assert public.title_zh == "新名称"
    assert public.listed_at == entry.listed_at
    assert public.changed_at > entry.changed_at
    states = [one.state for one in selectors.revisions(entry.id, actor=city.clerk)]
    assert states == [RevisionState.LISTED, RevisionState.SUPERSEDED]


def test_a_new_draft_starts_from_what_is_listed_without_its_note(city: City) -> None:
    entry = city.listed(replace(METADATA, change_note="首次开放"))
    draft = services.revision_draft(actor=city.colleague, entry=entry.id)
    assert draft.metadata == replace(METADATA, spatial="320500")
    assert draft.fields == FIELDS
    assert draft.version == entry.revision.version  # type: ignore[union-attr]


def test_stricter_opening_needs_its_filing_at_the_service_too(city: City) -> None:
    entry = city.listed()
    stricter = replace(
        METADATA, attribute=Attribute.CONDITIONAL, conditions="研究机构", attribute_reason="安全"
    )
    services.revision_draft(actor=city.clerk, entry=entry.id, metadata=stricter)
    with refused("attribute-tightened"):
        services.revision_submit(actor=city.clerk, revision=city.newest(entry))
