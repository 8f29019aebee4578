"""An official leaves or moves: roles end, and a named colleague takes over what is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wushu.casework import selectors as casework
from wushu.casework import services as casework_services
from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import LoadView
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening.refusals import SUCCESSOR_CANNOT_REVIEW
from wushu.opening.types import Transfer
from wushu.parties import selectors as parties
from wushu.parties import services as parties_services
from wushu.parties.types import Actor, SuccessionView


def staff_transfer(
    *,
    actor: Actor,
    person: UUID,
    organisation: UUID,
    successor: UUID,
    at: datetime | None = None,
    reason: str = "",
    dry_run: bool = False,
) -> Transfer:
    """End somebody's roles in an organisation (now, or ``at`` a later time) and hand over their work.

    Drafts, submitted revisions, files not yet loaded, open reviews, corrections to confirm and open
    cases become the successor's; every dataset and case handed over says so in its history, and past
    acts keep who did them. Cases go over at once, also where the roles end later. What belongs to the body stays with the body, and what the leaver follows or marked stays
    theirs. ``dry_run``: everything is checked and nothing changes. Refusals: those of
    ``parties.staff_succeed``, and ``successor-cannot-review`` where the successor wrote, submitted or
    proposed what the leaver was to decide on.
    """
    with transaction.atomic():
        leaver, follower = parties.who_worked(person), _acting(successor)
        entries: list[EntryView] = []
        loads: list[LoadView] = []
        waiting = _Waiting()
        cases: dict[UUID, str] = {}
        if leaver is not None:
            entries = catalog.work_of(leaver, organisation)
            loads = dataplane.loads_of(leaver, organisation)
            waiting = _waiting(_only_in(leaver, organisation))
            cases = casework.cases_in_charge(leaver, organisation)
        done = parties_services.staff_succeed(
            actor=actor, person=person, organisation=organisation, successor=successor,
            at=at, reason=reason,
        )  # fmt: skip
        _require_reviewer(follower, waiting)
        reviews, corrections = waiting.reviews, list(waiting.corrections.values())
        _record(actor, done, (*entries, *reviews, *corrections))
        casework_services.cases_hand_over(
            actor=actor, cases=list(cases), organisation=organisation, leaver=person,
            successor=successor,
        )  # fmt: skip
        if dry_run:
            transaction.set_rollback(True)
    numbers = tuple(sorted(cases.values()))
    return Transfer(done, tuple(entries), tuple(loads), tuple(reviews), tuple(corrections), numbers)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What somebody could decide on as the second person."""

    reviews: list[EntryView] = field(default_factory=list)
    corrections: dict[UUID, EntryView] = field(default_factory=dict)
    """By correction its dataset."""


def _acting(person: UUID) -> Actor | None:
    """A person as they can act; None for who has no open account."""
    try:
        return parties.actor_of_person(person)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return None


def _only_in(leaver: Actor, organisation: UUID) -> Actor:
    """The leaver with the roles that end; what they do for others is not handed over."""
    ending = tuple(one for one in leaver.roles if one.organisation == organisation)
    return replace(leaver, roles=ending)


def _waiting(leaver: Actor) -> _Waiting:
    proposed = catalog.corrections_waiting(actor=leaver)
    datasets = catalog.entries_known([one.entry for one in proposed], actor=leaver)
    return _Waiting(catalog.reviews_of(leaver), {one.id: datasets[one.entry] for one in proposed})


def _require_reviewer(follower: Actor | None, waiting: _Waiting) -> None:
    """Refuse a successor whom the two-person gate keeps from what waits."""
    for entry in waiting.reviews:
        assert entry.revision is not None
        revision = entry.revision.id
        if follower is None or catalog.review_obstacle(revision, actor=follower) is not None:
            raise _cannot(follower, entry)
    for correction, entry in waiting.corrections.items():
        if follower is None or catalog.confirming_obstacle(correction, actor=follower) is not None:
            raise _cannot(follower, entry)


def _cannot(follower: Actor | None, entry: EntryView) -> Refusal:
    who = "" if follower is None else follower.name
    return SUCCESSOR_CANNOT_REVIEW(who=who, dataset=entry.title_zh)


def _record(actor: Actor, done: SuccessionView, entries: Iterable[EntryView]) -> None:
    """An act about every dataset, so that its history says who took over."""
    for entry in {one.id: one for one in entries}.values():
        record(
            "opening.work.handed-over",
            actor=actor,
            subject=entry.urn,
            data={
                "succession": done.urn,
                "from": f"urn:uuid:{done.person}",
                "to": f"urn:uuid:{done.successor}",
                "since": done.since.isoformat(),
            },
            rows=(),
        )
