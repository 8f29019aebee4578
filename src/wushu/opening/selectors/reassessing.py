"""When each dataset that is not opened is due to be re-assessed, by the rules where its body is (art. 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import Reassesses
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.kernel import cursors
from wushu.opening.rules.reassessing import due_day
from wushu.opening.types import ReassessmentDue, ReassessmentPage
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, Role

SOON_DAYS = 30
"""So many days before, it stands on the body's desk."""
DESK_MOST = 100


@dataclass(frozen=True, slots=True)
class _Due:
    on: date
    dataset: UUID
    procedure: str
    assessed: date | None
    under_way: bool


def reassessments_page(
    *, body: UUID | None = None, cursor: str | None = None, limit: int = 50
) -> ReassessmentPage:
    """All that is listed as not opened, for everybody, what is due soonest first.

    Where no rules of a place speak of it, nothing is due. Refusals: ``cursor-invalid``,
    ``cursor-of-another-query``.
    """
    found = sorted(
        _due(None if body is None else {body}), key=lambda one: (one.on, str(one.dataset))
    )
    key = cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)
    context = ["reassessments", str(body)]
    if cursor:
        day, last = cursors.decode(cursor, context, key=key)
        found = [one for one in found if (one.on, str(one.dataset)) > (day, last)]
    following = None
    if len(found) > limit:
        end = found[limit - 1]
        following = cursors.encode([end.on, str(end.dataset)], context, key=key)
    return ReassessmentPage(_shown(found[:limit]), following)


def reassessment_of(dataset: UUID, *, body: UUID) -> ReassessmentDue | None:
    """When one dataset of a body is due; None: it is open, or no rules there speak of it."""
    found = _shown([one for one in _due({body}) if one.dataset == dataset])
    return found[0] if found else None


def reassessments_due(*, actor: Actor) -> tuple[ReassessmentDue, ...]:
    """Those of the bodies the actor works for that are due soon and not begun, the soonest first."""
    bodies = actor.organisations_as(Role.OPENING_BODY)
    near = casework.local_day(timezone.now()) + timedelta(days=SOON_DAYS)
    found = [one for one in _due(bodies) if one.on <= near and not one.under_way] if bodies else []
    return _shown(sorted(found, key=lambda one: (one.on, str(one.dataset)))[:DESK_MOST])


def _due(bodies: Collection[UUID] | None) -> Iterator[_Due]:
    """What is not opened, of some bodies or of all: a query for each kind of thing, none for each dataset."""
    closed = catalog.listed_as(Attribute.NONE, bodies=bodies)
    by_body = _rules_of({one.body for one in closed})
    last = {
        (procedure, rule.field): casework.last_answers(procedure, rule.field, bodies=bodies)
        for procedure, rule in set(by_body.values())
    }
    begun = {
        procedure: casework.under_way(procedure, bodies=bodies)
        for procedure, _rule in set(by_body.values())
    }
    for one in closed:
        if one.body in by_body:
            procedure, rule = by_body[one.body]
            known = last[procedure, rule.field].get(one.entry)
            listed = casework.local_day(one.listed_at)
            yield _Due(
                on=due_day(listed, rule.days, known), dataset=one.entry, procedure=procedure,
                assessed=None if known is None else known.on,
                under_way=one.entry in begun[procedure],
            )  # fmt: skip


def _rules_of(bodies: Collection[UUID]) -> dict[UUID, tuple[str, Reassesses]]:
    """By body, the procedure that re-assesses where it is, and how often."""
    today = casework.local_day(timezone.now())
    places = {key: one.division for key, one in parties.organisations_by_id(bodies).items()}
    by_place = {place: _rule_of(place, today) for place in set(places.values()) if place}
    found = {body: by_place.get(place) for body, place in places.items()}
    return {body: rule for body, rule in found.items() if rule is not None}


def _rule_of(division: str, today: date) -> tuple[str, Reassesses] | None:
    for name, adopted in casework.all_applying(division, today).items():
        rule = casework.regulation(adopted.version.id).procedure(name).reassesses
        if rule is not None:
            return name, rule
    return None


def _shown(found: Collection[_Due]) -> tuple[ReassessmentDue, ...]:
    entries = {one.id: one for one in catalog.entries_by_id([one.dataset for one in found])}
    today = casework.local_day(timezone.now())
    return tuple(
        ReassessmentDue(
            entry=entries[one.dataset], procedure=one.procedure, due=one.on,
            is_late=one.on < today, assessed=one.assessed, under_way=one.under_way,
        )
        for one in found
        if one.dataset in entries
    )  # fmt: skip
