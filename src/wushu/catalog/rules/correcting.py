"""Who corrects an earlier act: somebody who could have done it, with a second person where it took two."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wushu.catalog.refusals import CORRECTION_NEEDS_ANOTHER, NOT_FOR_CORRECTING
from wushu.catalog.rules.gate import authority_obstacle
from wushu.catalog.rules.visibility import may_edit
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor

BY_BODY = frozenset(
    {
        "catalog.entry.created",
        "catalog.revision.drafted",
        "catalog.revision.submitted",
        "catalog.version.added",
    }
)
"""Acts of the opening body's clerks."""
BY_AUTHORITY = frozenset({"catalog.revision.returned"})
BY_EITHER = frozenset({"catalog.entry.sealed", "catalog.entry.withdrawn"})
BY_TWO = frozenset({"catalog.revision.listed", "catalog.entry.restored"})
"""Acts behind the two-person gate: body or authority propose, a second person of the authority confirms."""
CORRECTABLE = BY_BODY | BY_AUTHORITY | BY_EITHER | BY_TWO


def correcting_obstacle(actor: Actor, act: str, *, body: UUID, division: str) -> Refusal | None:
    """Why the actor may not say that this act was wrong, or None."""
    clerk = may_edit(actor, body)
    authority = authority_obstacle(actor, body=body, body_division=division) is None
    allowed = (clerk and act not in BY_AUTHORITY) or (authority and act not in BY_BODY)
    return None if allowed else NOT_FOR_CORRECTING(who=actor.name)


def confirming_obstacle(
    actor: Actor, *, proposers: Collection[UUID | None], body: UUID, division: str
) -> Refusal | None:
    """Why the actor may not confirm a correction that needs a second person, or None."""
    obstacle = authority_obstacle(actor, body=body, body_division=division)
    if obstacle is not None:
        return obstacle
    return CORRECTION_NEEDS_ANOTHER() if actor.person in proposers else None
