"""Whoever does whatever in whatever order: nothing is listed by one person alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.catalog.conftest import FIELDS, METADATA, make_city
from wushu.catalog import rules, selectors, services
from wushu.catalog.models import Entry, Review, Revision
from wushu.catalog.rules import gate
from wushu.catalog.types import Attribute, EntryState, ReviewDecision, RevisionState
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, Actor, Role, Scope

# Everybody tries everything, those oftener who may get somewhere. See ``Gate.people``.
WRITERS = st.sampled_from([0, 0, 1, 4, 4, 2, 3, 7])
REVIEWERS = st.sampled_from([3, 4, 5, 5, 6, 0, 7])
TEXTS = st.sampled_from(["", "理由", "细则第十二条"])


class Gate(RuleBasedStateMachine):
    """Random people, some with two roles or two accounts, do random things to two entries."""

    def __init__(self) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self.entries: list[UUID] = []
        self.wrote: dict[UUID, set[UUID | None]] = {}
        """Per revision, who put content into it or submitted it: the test's own memory."""

    @initialize()
    def people(self) -> None:
        city = make_city()
        clerk, reviewer = city.clerk, city.reviewer
        both = replace(
            reviewer, urn=f"urn:uuid:{uuid4()}", person=uuid4(), roles=clerk.roles + reviewer.roles
        )
        self.city = city
        self.actors: list[Actor] = [
            clerk,
            city.colleague,
            city.stranger,
            reviewer,
            both,  # clerk of the body and reviewer of the authority at once
            replace(both, urn=f"urn:uuid:{uuid4()}", roles=reviewer.roles),  # their second account
            replace(reviewer, scopes=frozenset({Scope.CATALOG_WRITE})),
            NODE,
        ]
        entry = city.draft()
        city.load(entry)
        self.entries = [entry.id]
        self.wrote = {city.newest(entry): {clerk.person}}

    def attempt(self, act: Any, **given: Any) -> Any:
        with suppress(Refusal), transaction.atomic():
            return act(**given)
        return None

    @rule(who=WRITERS, slug=st.sampled_from([None, "second"]))
    def create(self, who: int, slug: str | None) -> None:
        actor = self.actors[who]
        if len(self.entries) > 1:
            return
        made = self.attempt(
            services.entry_create, actor=actor, body=self.city.transport.id, slug=slug,
            metadata=METADATA, fields=FIELDS,
        )  # fmt: skip
        if made is not None and made.revision is not None:
            self.entries.append(made.id)
            self.wrote[made.revision.id] = {actor.person}

    @rule(who=WRITERS, which=st.integers(0, 3), change=st.booleans())
    def draft(self, who: int, which: int, change: bool) -> None:
        actor, entry = self.actors[who], self.entries[which % len(self.entries)]
        before = Revision.objects.filter(entry=entry).order_by("-number")[0]
        metadata = replace(
            METADATA, attribute=Attribute.CONDITIONAL, conditions="研究机构",
            attribute_reason=f"第 {before.number} 稿", attribute_basis=f"备案 {before.number}",
        )  # fmt: skip
        made = self.attempt(
            services.revision_draft, actor=actor, entry=entry, metadata=metadata if change else None
        )
        if made is not None:
            inherited = (
                self.wrote[before.pk]
                if before.state in (RevisionState.DRAFT.value, RevisionState.RETURNED.value)
                else set()
            )
            self.wrote.setdefault(made.id, set())
            self.wrote[made.id] |= {actor.person} | inherited

    @rule(who=WRITERS, which=st.integers(0, 3))
    def load(self, who: int, which: int) -> None:
        actor, entry = self.actors[who], self.entries[which % len(self.entries)]
        number = uuid4().int % 10**6
        added = self.attempt(
            services.version_add, actor=actor, entry=entry, number=number,
            manifest_sha256="f" * 64, source_name="x.csv", source_sha256="0" * 64, source_bytes=1,
            rows_declared=1, rows_loaded=1, rows_rejected=0, parquet_bytes=1,
        )  # fmt: skip
        if added is not None:
            newest = Revision.objects.filter(entry=entry).order_by("-number")[0]
            if newest.state == RevisionState.DRAFT.value and self.attempt(
                services.revision_draft, actor=actor, entry=entry, version=added.id
            ):
                self.wrote[newest.pk].add(actor.person)

    @rule(who=WRITERS, which=st.integers(0, 5))
    def submit(self, who: int, which: int) -> None:
        actor, revision = self.actors[who], self.some_revision(which, RevisionState.DRAFT)
        if self.attempt(services.revision_submit, actor=actor, revision=revision):
            self.wrote[revision].add(actor.person)

    @rule(who=REVIEWERS, which=st.integers(0, 5))
    def list_(self, who: int, which: int) -> None:
        revision = self.some_revision(which, RevisionState.IN_REVIEW)
        self.attempt(services.revision_pass_gate, actor=self.actors[who], revision=revision)

    @rule(who=REVIEWERS, which=st.integers(0, 5), reasons=TEXTS)
    def return_(self, who: int, which: int, reasons: str) -> None:
        self.attempt(
            services.revision_return, actor=self.actors[who],
            revision=self.some_revision(which, RevisionState.IN_REVIEW), reasons=reasons,
        )  # fmt: skip

    @rule(
        who=REVIEWERS,
        which=st.integers(0, 3),
        act=st.sampled_from(["entry_seal", "entry_restore", "entry_withdraw"]),
        reason=TEXTS,
        basis=TEXTS,
    )
    def close(self, who: int, which: int, act: str, reason: str, basis: str) -> None:
        self.attempt(
            getattr(services, act), actor=self.actors[who],
            entry=self.entries[which % len(self.entries)], reason=reason, basis=basis,
        )  # fmt: skip

    def some_revision(self, which: int, likely: RevisionState) -> UUID:
        """Mostly one for which the act makes sense, sometimes any other."""
        fitting = list(Revision.objects.filter(state=likely.value).values_list("pk", flat=True))
        any_ = list(Revision.objects.order_by("-created_at").values_list("pk", flat=True)[:6])
        chosen = fitting if fitting and which else any_
        return chosen[which % len(chosen)]

    @invariant()
    def whatever_is_or_was_public_was_listed_by_a_second_person_of_the_authority(self) -> None:
        people = {actor.urn: actor for actor in self.actors}
        public = Revision.objects.filter(
            state__in=[RevisionState.LISTED.value, RevisionState.SUPERSEDED.value]
        )
        for revision in public.select_related("entry"):
            decided = Review.objects.get(
                revision=revision, decision=ReviewDecision.LIST.value
            ).reviewer
            reviewer = people[decided]
            assert decided == revision.listed_by
            assert reviewer.holds(Role.DATA_AUTHORITY)
            assert reviewer.person not in self.wrote[revision.pk]
            assert not reviewer.holds(Role.OPENING_BODY, revision.entry.body_id)

    @invariant()
    def a_listed_entry_shows_its_reviewed_revision_and_no_other(self) -> None:
        for entry in Entry.objects.filter(state=EntryState.LISTED.value):
            shown = selectors.entry_by_slug(entry.slug).revision
            assert shown is not None
            assert shown.state is RevisionState.LISTED
            assert shown.id == entry.listed_revision_id

    @invariant()
    def no_entry_has_two_revisions_under_way(self) -> None:
        for entry in self.entries:
            under_way = Revision.objects.filter(
                entry=entry, state__in=[RevisionState.DRAFT.value, RevisionState.IN_REVIEW.value]
            )
            assert under_way.count() <= 1

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)


def run(examples: int, *phases: Phase) -> None:
    run_state_machine_as_test(
        Gate,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=phases or tuple(Phase),
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_acts_lists_a_dataset_by_one_person_alone(node: Any) -> None:
    run(40)


@pytest.mark.rota(4)
@pytest.mark.slow
@pytest.mark.once  # of the test above, not of the database
@pytest.mark.parametrize("missing", ["person", "role", "body"])
def test_a_gate_with_a_hole_is_found_out(
    node: Any, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The test above proves something: without one of the gate's questions it fails."""
    whole = gate.gate_obstacle
    names = {
        "person": {"reviewer-is-author"},
        "role": {"reviewer-lacks-role"},
        "body": {"reviewer-of-own-body", "reviewer-is-author"},
    }[missing]

    def with_a_hole(*args: Any, **given: Any) -> Refusal | None:
        found = whole(*args, **given)
        return None if found is not None and found.name in names else found

    monkeypatch.setattr(rules, "gate_obstacle", with_a_hole)
    # The database's own constraint may be the one that notices.
    with pytest.raises((AssertionError, IntegrityError)):
        run(400, Phase.generate)
