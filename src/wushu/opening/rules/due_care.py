"""The record of due care: for whom it is, and what of a case belongs in it."""

from __future__ import annotations

from uuid import UUID

from wushu.casework.types import NODE_SEAT, Happened, HappenedKind, Regulation
from wushu.opening.due_care_refusals import DUE_CARE_FOR_OFFICIALS
from wushu.parties.types import PERSONAL_ROLES, Actor, Role, Scope

_OF_BODY = (Role.OPENING_BODY, Role.CHIEF_DATA_OFFICER)
_BELONGS = frozenset(
    {
        HappenedKind.STEP, HappenedKind.REFERRED, HappenedKind.OPINION, HappenedKind.MERGED,
        HappenedKind.TAKEN_IN, HappenedKind.OVERDUE, HappenedKind.ESCALATED,
    }
)  # fmt: skip
"""Also what speaks against the body: a record that leaves out delays is none. Letters and notes stay in
their case."""


def may_read(actor: Actor | None, body: UUID, division: str) -> bool:
    """Who works for the dataset's body, and the data authority over it."""
    if actor is None:
        return False
    inside = any(actor.holds(role, body) for role in _OF_BODY)
    if inside and actor.allows(Scope.CATALOG_WRITE):
        return True
    return actor.holds_over(Role.DATA_AUTHORITY, division) and actor.allows(Scope.CATALOG_REVIEW)


def require_reader(actor: Actor, body: UUID, division: str) -> None:
    """Refusal ``due-care-for-officials``."""
    if not may_read(actor, body, division):
        raise DUE_CARE_FOR_OFFICIALS(who=actor.name)


def belongs(one: Happened) -> bool:
    """Whether a line of a case is part of the record."""
    return one.kind in _BELONGS


def from_outside(one: Happened, regulation: Regulation) -> bool:
    """Whether somebody from outside did it: that they did is told, what they wrote is theirs."""
    if not one.seat or one.seat == NODE_SEAT:
        return False
    return regulation.seat(one.seat).role in PERSONAL_ROLES
