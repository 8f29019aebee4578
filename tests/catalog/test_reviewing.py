"""The second person, and the last line that the database holds by itself."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.catalog.conftest import METADATA, City
from tests.parties.refused import refused
from wushu.catalog import selectors, services
from wushu.catalog.models import Entry, Revision
from wushu.catalog.types import (
    Attribute,
    EntryState,
    ReviewDecision,
    RevisionState,
)
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, HeldRole, Role

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


def test_what_is_not_opened_is_listed_without_rows(city: City) -> None:
    listed = city.listed(
        replace(METADATA, attribute=Attribute.NONE, attribute_basis="《数据安全法》第二十一条")
    )
    assert listed.state is EntryState.LISTED
    assert listed.revision is not None
    assert listed.revision.version is None


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
