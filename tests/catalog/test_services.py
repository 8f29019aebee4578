"""From a draft to a tombstone, through the real services, with the evidence each act leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.catalog.conftest import FIELDS, METADATA, OTHER_CITY, City
from wushu.catalog import selectors, services
from wushu.catalog.models import Entry, Revision
from wushu.catalog.services import common
from wushu.catalog.types import (
    Attribute,
    EntryState,
    FieldSpec,
    Metadata,
    ReviewDecision,
    RevisionState,
)
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, Actor, HeldRole, Role, Scope


def refused(name: str) -> Any:
    """The act is refused under this name."""
    return pytest.raises(Refusal, match=rf"\[{name}\]")


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
    from wushu.catalog.services import drafting

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


def test_the_log_names_the_content_that_was_submitted_and_listed(city: City) -> None:
    entry = city.listed()
    assert entry.revision is not None
    rows = evidence.entries_about(entry.urn)
    assert len(rows) == 5
    from wushu.catalog import rules
    from wushu.catalog.models import Revision
    from wushu.evidence.models import Entry as Act

    version = entry.revision.version
    assert version is not None
    salt = Revision.objects.get(pk=entry.revision.id).content_salt
    digest = rules.content_digest(
        entry.revision.metadata, entry.revision.fields, version.id, salt=salt
    )
    for act in ("catalog.revision.submitted", "catalog.revision.listed"):
        leaf = bytes(Act.objects.get(act=act, subject=entry.urn).leaf).decode()
        assert digest in leaf
        assert METADATA.contact_email not in leaf


def test_the_log_does_not_tell_what_a_draft_is_about(city: City) -> None:
    from wushu.evidence.models import Entry as Act

    entry = city.submitted()
    services.revision_return(actor=city.reviewer, revision=city.newest(entry), reasons="缺说明")
    again = services.revision_draft(actor=city.clerk, entry=entry.id, metadata=METADATA)
    told = [bytes(act.leaf).decode() for act in Act.objects.filter(subject=entry.urn)]
    assert len(told) >= 6
    assert not [leaf for leaf in told if entry.slug in leaf]
    services.revision_submit(actor=city.clerk, revision=again.id)
    services.revision_pass_gate(actor=city.reviewer, revision=again.id)
    listed = Act.objects.get(act="catalog.revision.listed", subject=entry.urn)
    assert entry.slug in bytes(listed.leaf).decode()


def test_a_withdrawn_draft_leaves_no_title_in_the_log(city: City) -> None:
    from wushu.evidence.models import Entry as Act

    entry = city.draft()
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="重复", basis="")
    told = [bytes(act.leaf).decode() for act in Act.objects.filter(subject=entry.urn)]
    assert not [leaf for leaf in told if entry.slug in leaf]


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


# The second person


def test_a_returned_revision_is_answered_with_a_new_one(city: City) -> None:
    entry = city.submitted()
    review = services.revision_return(
        actor=city.reviewer, revision=city.newest(entry), reasons="缺少坐标系说明"
    )
    assert review.decision is ReviewDecision.RETURN
    shown = selectors.entry_by_id(entry.id, actor=city.clerk)
    assert shown.state is EntryState.DRAFT
    assert shown.revision is not None
    assert shown.revision.state is RevisionState.RETURNED
    assert shown.revision.reviews[0].reasons == "缺少坐标系说明"
    again = services.revision_draft(
        actor=city.clerk, entry=entry.id, metadata=replace(METADATA, change_note="补充坐标系")
    )
    services.revision_submit(actor=city.clerk, revision=again.id)
    assert (
        services.revision_pass_gate(actor=city.reviewer, revision=again.id).state
        is EntryState.LISTED
    )


def test_a_return_gives_its_reasons(city: City) -> None:
    entry = city.submitted()
    with refused("reasons-missing"):
        services.revision_return(actor=city.reviewer, revision=city.newest(entry), reasons=" \n")


def test_whoever_edited_a_returned_revision_does_not_review_the_next(city: City) -> None:
    both = replace(
        city.reviewer,
        roles=(*city.reviewer.roles, HeldRole(city.transport.id, Role.OPENING_BODY)),
    )
    entry = city.submitted(by=replace(both, roles=both.roles[::-1]))
    services.revision_return(actor=city.reviewer_of(city.authority), revision=city.newest(entry, both), reasons="改")  # fmt: skip
    services.revision_draft(actor=city.clerk, entry=entry.id, metadata=METADATA)
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    left_the_body = replace(both, roles=city.reviewer.roles)
    with refused("reviewer-is-author"):
        services.revision_pass_gate(actor=left_the_body, revision=city.newest(entry))


def test_the_gate_holds_for_listing_and_for_returning(city: City) -> None:
    entry = city.submitted()
    revision = city.newest(entry)
    elsewhere = city.body("外市数据局", "320600")
    for who, name in [
        (city.clerk, "reviewer-lacks-role"),
        (city.stranger, "reviewer-lacks-role"),
        (NODE, "reviewer-lacks-role"),
        (city.reviewer_of(city.transport), "reviewer-of-own-body"),
        (city.reviewer_of(elsewhere), "reviewer-out-of-division"),
    ]:
        with refused(name):
            services.revision_pass_gate(actor=who, revision=revision)
        with refused(name):
            services.revision_return(actor=who, revision=revision, reasons="改")
    with pytest.raises(Refusal, match="not-found"):
        selectors.entry_by_slug(entry.slug)


def test_a_revision_is_decided_once(city: City) -> None:
    entry = city.submitted()
    revision = city.newest(entry)
    services.revision_pass_gate(actor=city.reviewer, revision=revision)
    second = city.reviewer_of(city.authority, "另一审核人")
    with refused("not-in-review"):
        services.revision_return(actor=second, revision=revision, reasons="改")
    with refused("not-in-review"):
        services.revision_pass_gate(actor=second, revision=revision)


# The database's own last line


def test_the_database_refuses_a_revision_listed_by_its_submitter(city: City) -> None:
    entry = city.submitted()
    row = Revision.objects.get(pk=city.newest(entry))
    for reviewer in ("", row.submitted_by):
        row.state, row.listed_by = RevisionState.LISTED.value, reviewer
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_database_refuses_a_listed_entry_without_a_listed_revision(city: City) -> None:
    entry = city.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.id).update(state=EntryState.LISTED.value)


def test_the_database_refuses_a_second_open_revision(city: City) -> None:
    entry = city.draft()
    row = Revision.objects.get(entry=entry.id)
    row.pk, row.number = uuid4(), 2
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# Sealing, restoring, withdrawing


def test_a_sealed_dataset_shows_its_notice_and_no_content(city: City) -> None:
    entry = city.listed()
    services.entry_seal(
        actor=city.clerk, entry=entry.id, reason="有人主张侵犯隐私", basis="细则第十二条"
    )
    notice = selectors.entry_by_slug(entry.slug)
    assert (notice.state, notice.revision) == (EntryState.SEALED, None)
    assert (notice.closed_reason, notice.closed_basis) == ("有人主张侵犯隐私", "细则第十二条")
    assert notice.title_zh == "公共停车场分布"
    assert selectors.versions(entry.id) == []
    assert selectors.revisions(entry.id) == []
    with refused("not-found"):
        selectors.revision(entry.revision.id)  # type: ignore[union-attr]
    assert selectors.entries().items == ()
    assert selectors.entries(query="停车").items == ()


def test_restoring_is_the_authoritys_and_brings_the_listed_content_back(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    with refused("reviewer-lacks-role"):
        services.entry_restore(actor=city.clerk, entry=entry.id, reason="无误", basis="核实结论")
    with refused("reviewer-of-own-body"):
        services.entry_restore(
            actor=city.reviewer_of(city.transport), entry=entry.id, reason="无误", basis="结论"
        )
    services.entry_restore(actor=city.reviewer, entry=entry.id, reason="无误", basis="核实结论")
    public = selectors.entry_by_slug(entry.slug)
    assert public.state is EntryState.LISTED
    assert public.revision is not None
    assert public.closed_reason == ""
    assert [one.slug for one in selectors.entries(query="停车").items] == [entry.slug]


def test_a_sealed_dataset_is_reopened_with_a_reviewed_new_revision(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.reviewer, entry=entry.id, reason="核实", basis="第十二条")
    draft = services.revision_draft(
        actor=city.clerk, entry=entry.id, metadata=replace(METADATA, description_zh="已脱敏。")
    )
    services.revision_submit(actor=city.clerk, revision=draft.id)
    assert selectors.entry_by_slug(entry.slug).revision is None
    services.revision_pass_gate(actor=city.reviewer, revision=draft.id)
    public = selectors.entry_by_slug(entry.slug)
    assert public.revision is not None
    assert public.revision.metadata.description_zh == "已脱敏。"


def test_withdrawing_leaves_a_tombstone_for_ever(city: City) -> None:
    entry = city.listed()
    services.entry_withdraw(
        actor=city.reviewer, entry=entry.id, reason="机构撤销", basis="市政府决定〔2026〕5 号"
    )
    stone = selectors.entry_by_slug(entry.slug)
    assert (stone.state, stone.revision) == (EntryState.WITHDRAWN, None)
    assert stone.closed_basis == "市政府决定〔2026〕5 号"
    for act in (services.entry_seal, services.entry_restore, services.entry_withdraw):
        with refused("act-not-possible"):
            act(actor=city.reviewer, entry=entry.id, reason="再", basis="再")
    with refused("act-not-possible"):
        services.revision_draft(actor=city.clerk, entry=entry.id)
    with refused("act-not-possible"):
        city.load(entry, 2)


def test_a_withdrawn_draft_was_never_there_for_the_public(city: City) -> None:
    entry = city.draft()
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="重复登记", basis="")
    with refused("not-found"):
        selectors.entry_by_slug(entry.slug)
    assert selectors.entry_by_slug(entry.slug, actor=city.clerk).state is EntryState.WITHDRAWN
    assert selectors.drafts(actor=city.clerk) == []


@pytest.mark.parametrize(("reason", "basis"), [("", "第十二条"), ("核实", " ")])
def test_closing_needs_a_reason_and_a_basis(city: City, reason: str, basis: str) -> None:
    entry = city.listed()
    for act in (services.entry_seal, services.entry_withdraw):
        with refused("closing-reason-missing"):
            act(actor=city.clerk, entry=entry.id, reason=reason, basis=basis)


def test_who_sealed_it_does_not_open_it_again(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.reviewer, entry=entry.id, reason="核实", basis="第十二条")
    second_account = replace(city.reviewer, urn="urn:uuid:other")
    for who in (city.reviewer, second_account):
        with refused("restorer-sealed-it"):
            services.entry_restore(actor=who, entry=entry.id, reason="无误", basis="结论")
    other = city.reviewer_of(city.authority, "另一审核人")
    restored = services.entry_restore(actor=other, entry=entry.id, reason="无误", basis="结论")
    assert restored.state is EntryState.LISTED


def test_who_wrote_what_is_listed_does_not_open_it_again(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    moved = replace(city.reviewer_of(city.authority), person=city.clerk.person)
    with refused("reviewer-is-author"):
        services.entry_restore(actor=moved, entry=entry.id, reason="无误", basis="结论")


def test_an_authority_elsewhere_closes_nothing(city: City) -> None:
    entry = city.listed()
    elsewhere = city.reviewer_of(city.body("外地数据局", OTHER_CITY))
    for act in (services.entry_seal, services.entry_withdraw):
        with refused("not-for-closing"):
            act(actor=elsewhere, entry=entry.id, reason="核实", basis="第十二条")


def test_a_draft_is_withdrawn_by_its_body_alone(city: City) -> None:
    entry = city.draft()
    with refused("not-for-closing"):
        services.entry_withdraw(actor=city.reviewer, entry=entry.id, reason="重复", basis="")


def test_a_page_can_say_what_may_be_closed_and_by_whom(city: City) -> None:
    entry = city.listed()

    def said(who: Any) -> dict[str, str]:
        found = selectors.closing_acts(entry.id, actor=who)
        return {act.value: "" if no is None else no.name for act, no in found.items()}

    assert said(city.clerk) == said(city.reviewer) == {"seal": "", "withdraw": ""}
    assert said(city.stranger) == {"seal": "not-for-closing", "withdraw": "not-for-closing"}
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    assert said(city.clerk) == {"restore": "reviewer-lacks-role", "withdraw": ""}
    assert said(city.reviewer) == {"restore": "", "withdraw": ""}
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="属实", basis="结论")
    assert said(city.reviewer) == {}


def test_strangers_close_nothing(city: City) -> None:
    entry = city.listed()
    for act in (services.entry_seal, services.entry_withdraw):
        with refused("not-for-closing"):
            act(actor=city.stranger, entry=entry.id, reason="核实", basis="第十二条")


# Versions


def test_a_version_is_public_only_under_a_listed_revision(city: City) -> None:
    entry = city.listed()
    second = city.load(entry, 2)
    assert [one.number for one in selectors.versions(entry.id)] == [1]
    assert [one.number for one in selectors.versions(entry.id, actor=city.clerk)] == [2, 1]
    with refused("not-found"):
        selectors.version(second.id)
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    assert [one.number for one in selectors.versions(entry.id, actor=city.reviewer)] == [2, 1]
    services.revision_pass_gate(actor=city.reviewer, revision=city.newest(entry))
    assert [one.number for one in selectors.versions(entry.id)] == [2, 1]
    assert selectors.version(second.id).number == 2


def test_the_same_version_again_is_the_same_row(city: City) -> None:
    entry = city.draft()
    assert city.load(entry).id == city.load(entry).id
    assert acts(entry).count("catalog.version.added") == 1


def test_a_version_number_is_not_used_for_other_content(city: City) -> None:
    entry = city.draft()
    city.load(entry)
    with refused("version-number-taken"):
        services.version_add(
            actor=city.clerk, entry=entry.id, number=1, manifest_sha256="f" * 64,
            source_name="x.csv", source_sha256="0" * 64, source_bytes=1, rows_declared=1,
            rows_loaded=1, rows_rejected=0, parquet_bytes=1,
        )  # fmt: skip


def test_the_node_may_load_in_the_background(city: City) -> None:
    entry = city.draft()
    added = services.version_add(
        actor=NODE, entry=entry.id, number=1, manifest_sha256="f" * 64, source_name="x.csv",
        source_sha256="0" * 64, source_bytes=1, rows_declared=1, rows_loaded=1, rows_rejected=0,
        parquet_bytes=1,
    )  # fmt: skip
    assert services.revision_draft(actor=city.clerk, entry=entry.id, version=added.id).version


def test_a_revision_names_only_versions_of_its_own_entry(city: City) -> None:
    other = city.load(city.draft())
    with refused("version-of-another"):
        services.revision_draft(actor=city.clerk, entry=city.draft().id, version=other.id)


# Order of public changes


def test_public_changes_are_strictly_ordered_even_when_the_clock_is_not(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.listed()
    earlier = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(common.timezone, "now", lambda: earlier)
    second = city.listed(replace(METADATA, title_zh="第二个"))
    assert second.changed_at > first.changed_at


def test_every_row_the_catalogue_writes_is_in_the_log(city: City) -> None:
    entry = city.listed()
    services.revision_draft(actor=city.clerk, entry=entry.id)
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    services.revision_return(actor=city.reviewer, revision=city.newest(entry), reasons="改")
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    services.entry_restore(actor=city.reviewer, entry=entry.id, reason="无误", basis="结论")
    from wushu.evidence import services as log

    log.sequence()
    faults = [str(fault) for fault in evidence.audit() if "catalog_" in str(fault)]
    assert faults == []
    Revision.objects.filter(entry=entry.id).update(title_zh="改过")
    assert any("catalog_revision" in str(fault) for fault in evidence.audit())


def test_hashes_of_a_file_enter_the_log_with_its_listing_and_not_before(city: City) -> None:
    """Of a small file that is never opened they could be guessed from."""
    entry = city.submitted()
    said = "ab" * 32  # of the source, as ``City.load`` has it
    assert not [one for one in leaves() if said in one]
    assert entry.revision is not None
    services.revision_pass_gate(actor=city.reviewer, revision=entry.revision.id)
    assert said in leaves()[-1]


def leaves() -> list[str]:
    """What the log holds, in order."""
    from wushu.evidence.models import Entry as Act

    rows = Act.objects.order_by("pk").values_list("leaf", flat=True)
    return [bytes(one).decode() for one in rows]
