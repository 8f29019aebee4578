"""An official leaves or moves: roles end, and a named colleague takes over what is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.dataplane import selectors as dataplane
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

    Drafts, submitted revisions, files not yet loaded and open reviews become the successor's; every
    dataset handed over says so in its history, and past acts keep who did them. What belongs to the
    body stays with the body. ``dry_run``: everything is checked and nothing changes. Refusals: those
    of ``parties.staff_succeed``, and ``successor-cannot-review`` where the successor wrote or
    submitted what the leaver was to review.
    """
    with transaction.atomic():
        leaver, follower = _acting(person), _acting(successor)
        entries = [] if leaver is None else catalog.work_of(leaver, organisation)
        loads = [] if leaver is None else dataplane.loads_of(leaver, organisation)
        reviews = [] if leaver is None else _reviews(leaver, organisation)
        done = parties_services.staff_succeed(
            actor=actor, person=person, organisation=organisation, successor=successor,
            at=at, reason=reason,
        )  # fmt: skip
        _require_reviewer(follower, reviews)
        _record(actor, done, (*entries, *reviews))
        if dry_run:
            transaction.set_rollback(True)
    return Transfer(done, tuple(entries), tuple(loads), tuple(reviews))


def _acting(person: UUID) -> Actor | None:
    """A person as they can act; None for who has no open account and so works on nothing."""
    try:
        return parties.actor_of_person(person)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return None


def _reviews(leaver: Actor, organisation: UUID) -> list[EntryView]:
    """What the leaver could decide on as one of this organisation."""
    if organisation not in leaver.organisations:
        return []
    return catalog.reviews_of(leaver)


def _require_reviewer(follower: Actor | None, reviews: Iterable[EntryView]) -> None:
    """Refuse a successor whom the two-person gate keeps from a review that waits."""
    for entry in reviews:
        assert entry.revision is not None
        obstacle = (
            None if follower is None
            else catalog.review_obstacle(entry.revision.id, actor=follower)
        )  # fmt: skip
        if follower is None or obstacle is not None:
            who = "" if follower is None else follower.name
            raise SUCCESSOR_CANNOT_REVIEW(who=who, dataset=entry.title_zh)


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
