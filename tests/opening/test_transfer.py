"""Somebody leaves: roles end, a colleague takes over, past acts keep who did them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.catalog.conftest import FIELDS, METADATA, node
from tests.parties.conftest import World, _cheap_hashing
from tests.parties.refused import refused
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import EntryView
from wushu.evidence import selectors as evidence
from wushu.evidence.models import Entry
from wushu.evidence.services import sequence
from wushu.opening import selectors, services
from wushu.opening.types import Channel, Target, TargetKind
from wushu.parties import selectors as parties
from wushu.parties import services as parties_services
from wushu.parties.models import Succession
from wushu.parties.types import NODE, Actor, OrganisationKind, Role

__all__ = ["_cheap_hashing", "node"]


@dataclass
class Office:
    world: World
    authority: Actor
    body: object

    def clerk(self, name: str, *roles: Role) -> Actor:
        account = self.world.account(name)
        person = parties.actor_for_account(account).person
        for role in roles or (Role.OPENING_BODY,):
            parties_services.membership_grant(
                actor=NODE, person=person, organisation=self.body.id, role=role
            )
        return parties.actor_for_account(account)

    def draft(self, by: Actor, slug: str) -> EntryView:
        return catalog_services.entry_create(
            actor=by, body=self.body.id, slug=slug, metadata=METADATA, fields=FIELDS
        )

    def submit(self, by: Actor, slug: str) -> EntryView:
        draft = self.draft(by, slug)
        version = catalog_services.version_add(
            actor=by, entry=draft.id, number=1, manifest_sha256="0" * 64, source_name="a.csv",
            source_sha256="ab" * 32, source_bytes=1, rows_declared=1, rows_loaded=1,
            rows_rejected=0, parquet_bytes=1, parquet_sha256="cd" * 32,
        )  # fmt: skip
        revision = catalog_services.revision_draft(actor=by, entry=draft.id, version=version.id)
        catalog_services.revision_submit(actor=by, revision=revision.id)
        return catalog.entry_by_id(draft.id, actor=by)

    def transfer(self, leaver: Actor, successor: Actor, by: Actor | None = None, **more):
        return services.staff_transfer(
            actor=by or self.authority, person=leaver.person, organisation=self.body.id,
            successor=successor.person, **more,
        )  # fmt: skip


@pytest.fixture
def office(node, db) -> Office:
    world = World()
    authority = world.actor("authority", Role.DATA_AUTHORITY)
    body = world.organisation(OrganisationKind.DEPARTMENT, "320500")
    return Office(world, authority, body)


def test_roles_end_and_the_open_work_becomes_the_colleagues(office):
    leaver, colleague = office.clerk("li"), office.clerk("wang")
    draft = office.draft(leaver, "parks")
    office.draft(colleague, "own")
    done = office.transfer(leaver, colleague, reason="调离")
    assert [one.slug for one in done.entries] == ["parks"]
    assert parties.actor_for_account(leaver.account).roles == ()
    now = timezone.now()
    assert parties.successor_of(leaver.person, office.body.id, now) == colleague.person
    acts = [note.act for note in evidence.entries_about(draft.urn)]
    assert acts == ["catalog.entry.created", "opening.work.handed-over"]
    assert evidence.entries_about(draft.urn)[0].actor == leaver.urn


def test_the_work_of_somebody_whose_account_was_closed_first_is_handed_over_too(office):
    leaver, colleague = office.clerk("li"), office.clerk("wang")
    office.draft(leaver, "parks")
    parties_services.account_deactivate(actor=NODE, account=leaver.account)
    assert [one.slug for one in office.transfer(leaver, colleague).entries] == ["parks"]


def test_the_body_keeps_what_is_its_own(office):
    leaver, colleague = office.clerk("li"), office.clerk("wang")
    draft = office.draft(leaver, "parks")
    office.transfer(leaver, colleague)
    assert catalog.entry_by_id(draft.id, actor=colleague).body == office.body.id
    catalog_services.revision_draft(actor=colleague, entry=draft.id, metadata=METADATA)
    with refused("not-of-body"):
        catalog_services.revision_draft(
            actor=parties.actor_for_account(leaver.account), entry=draft.id, metadata=METADATA
        )


def test_at_a_later_time_the_roles_last_until_then(office):
    leaver, colleague = office.clerk("li"), office.clerk("wang")
    at = timezone.now() + timedelta(days=3)
    office.transfer(leaver, colleague, at=at)
    held = parties.roles_of_person(leaver.person, timezone.now())
    assert [one.role for one in held] == [Role.OPENING_BODY]
    assert parties.roles_of_person(leaver.person, at) == ()
    assert parties.successor_of(leaver.person, office.body.id, timezone.now()) == leaver.person


def test_who_took_over_may_be_followed_by_another_and_come_back(office):
    first, second, third = (office.clerk(name) for name in ("li", "wang", "zhao"))
    office.transfer(first, second)
    office.transfer(second, third)
    now = timezone.now()
    assert parties.successor_of(first.person, office.body.id, now) == third.person
    parties_services.membership_grant(
        actor=NODE, person=first.person, organisation=office.body.id, role=Role.OPENING_BODY
    )
    now = timezone.now()
    assert parties.successor_of(first.person, office.body.id, now) == first.person


def test_a_successor_without_the_role_is_refused_and_nothing_changes(office):
    leaver = office.clerk("li", Role.OPENING_BODY, Role.CHIEF_DATA_OFFICER)
    colleague = office.clerk("wang")
    before = Entry.objects.count()
    with refused("successor-lacks-role"):
        office.transfer(leaver, colleague)
    with refused("successor-wrong"):
        office.transfer(leaver, leaver)
    with refused("nothing-to-transfer"):
        office.transfer(office.authority, colleague)
    assert Entry.objects.count() == before
    assert parties.actor_for_account(leaver.account).roles == leaver.roles


def test_a_dry_run_changes_nothing(office):
    leaver, colleague = office.clerk("li"), office.clerk("wang")
    office.draft(leaver, "parks")
    before = Entry.objects.count()
    assert [one.slug for one in office.transfer(leaver, colleague, dry_run=True).entries] == [
        "parks"
    ]
    assert (Entry.objects.count(), Succession.objects.count()) == (before, 0)
    assert parties.actor_for_account(leaver.account).roles == leaver.roles


def test_colleagues_and_strangers_transfer_nobody(office):
    leaver, colleague = office.clerk("li"), office.clerk("wang")
    for by in (
        colleague,
        leaver,
        office.world.actor("far", Role.DATA_AUTHORITY, division="320600"),
    ):
        with refused("not-governing"):
            office.transfer(leaver, colleague, by=by)


def test_nobody_becomes_the_reviewer_of_what_they_submitted(office):
    """The successor of a reviewer once wrote for the body what now waits."""
    reviewer = office.world.actor("reviewer", Role.DATA_AUTHORITY)
    author = office.clerk("wang")
    office.submit(author, "parks")
    bureau = office.authority.roles[0].organisation
    parties_services.membership_end(
        actor=NODE, membership=parties.memberships_of_person(author.person, actor=NODE)[0].id
    )
    parties_services.membership_grant(
        actor=NODE, person=author.person, organisation=bureau, role=Role.DATA_AUTHORITY
    )
    with refused("successor-cannot-review"):
        services.staff_transfer(
            actor=NODE, person=reviewer.person, organisation=bureau, successor=author.person
        )
    done = services.staff_transfer(
        actor=NODE, person=reviewer.person, organisation=bureau,
        successor=office.authority.person,
    )  # fmt: skip
    assert [one.slug for one in done.reviews] == ["parks"]


def test_what_somebody_reviews_for_another_body_is_not_handed_over_with_this_one(office):
    """They leave one of two bodies, whose colleague reviews nothing and needs not to."""
    reviewer = office.world.actor("reviewer", Role.DATA_AUTHORITY)
    office.submit(office.clerk("wang"), "parks")
    elsewhere = office.world.organisation(OrganisationKind.DEPARTMENT, "320500")
    colleague = parties.actor_for_account(office.world.account("zhao"))
    for person in (reviewer.person, colleague.person):
        parties_services.membership_grant(
            actor=NODE, person=person, organisation=elsewhere.id, role=Role.CHIEF_DATA_OFFICER
        )
    done = services.staff_transfer(
        actor=NODE, person=reviewer.person, organisation=elsewhere.id, successor=colleague.person
    )
    assert done.reviews == ()


def test_a_correction_to_confirm_goes_to_who_did_not_propose_it(office):
    reviewer, other = (
        office.world.actor(name, Role.DATA_AUTHORITY) for name in ("reviewer", "other")
    )
    submitted = office.submit(office.clerk("wang"), "parks")
    catalog_services.revision_pass_gate(actor=reviewer, revision=submitted.revision.id)
    sequence()
    listed = evidence.entry_of_act(submitted.urn, "catalog.revision.listed")
    catalog_services.act_correct(
        actor=other, entry=submitted.id, index=listed.index, reason="名称写错了", right="停车场"
    )
    bureau = reviewer.roles[0].organisation
    with refused("successor-cannot-review"):
        services.staff_transfer(
            actor=NODE, person=reviewer.person, organisation=bureau, successor=other.person
        )
    done = services.staff_transfer(
        actor=NODE, person=reviewer.person, organisation=bureau,
        successor=office.authority.person,
    )  # fmt: skip
    assert [one.slug for one in done.corrections] == ["parks"]
    assert done.reviews == ()
    assert evidence.entries_about(submitted.urn)[-1].act == "opening.work.handed-over"


def test_what_somebody_follows_and_marked_stays_their_own(office):
    leaver, colleague = office.clerk("li"), office.clerk("wang")
    submitted = office.submit(colleague, "parks")
    reviewer = office.world.actor("reviewer", Role.DATA_AUTHORITY)
    catalog_services.revision_pass_gate(actor=reviewer, revision=submitted.revision.id)
    services.favourite_add(actor=leaver, dataset=submitted.id)
    services.subscription_open(
        actor=leaver, channel=Channel.WEBHOOK, target=Target(TargetKind.DATASET, submitted.id),
        address="https://hooks.city.example/li",
    )  # fmt: skip
    office.transfer(leaver, colleague)
    now = parties.actor_for_account(leaver.account)
    for mine, theirs in (
        (selectors.favourites(actor=now), selectors.favourites(actor=colleague)),
        (selectors.subscriptions(actor=now), selectors.subscriptions(actor=colleague)),
    ):
        assert (len(mine), theirs) == (1, [])
