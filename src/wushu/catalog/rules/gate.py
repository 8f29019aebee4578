"""The two-person gate: nothing is listed by one person alone (opening rules art. 16, 34)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wushu.catalog.refusals import (
    REVIEWER_IS_AUTHOR,
    REVIEWER_LACKS_ROLE,
    REVIEWER_OF_OWN_BODY,
    REVIEWER_OUT_OF_DIVISION,
    REVISION_IN_A_CASE,
    REVISION_NOT_OF_THE_CASE,
)
from wushu.catalog.types import Attribute, FieldSpec, Metadata
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor, Role, Scope


def gate_obstacle(
    reviewer: Actor,
    *,
    author_urns: Collection[str],
    author_persons: Collection[UUID],
    body: UUID,
    body_division: str,
) -> Refusal | None:
    """Why this actor may not decide on a revision of the body, or None.

    ``author_urns`` and ``author_persons`` are the accounts and the people who wrote or submitted
    it: a second account of the same person does not make a second person.
    """
    wrote = reviewer.urn in author_urns or reviewer.person in author_persons
    if wrote and _holds_role(reviewer):
        return REVIEWER_IS_AUTHOR(who=reviewer.name)
    return authority_obstacle(reviewer, body=body, body_division=body_division)


def case_obstacle(submitted_in: UUID | None, case: UUID | None, number: int) -> Refusal | None:
    """Why a revision is not decided here: a case's own are decided by its steps, and no others."""
    if submitted_in == case:
        return None
    if submitted_in is not None:
        return REVISION_IN_A_CASE(number=number)
    return REVISION_NOT_OF_THE_CASE(number=number)


def opens_more(
    metadata: Metadata,
    fields: Collection[FieldSpec],
    listed: tuple[Metadata, Collection[FieldSpec]] | None,
) -> bool:
    """Whether a revision opens what was not reviewed for opening, or opens it otherwise (art. 16).

    New rows under the attribute, conditions and data items that are listed do not, nor do better
    words about them: the second person looks at those.
    """
    if listed is None:
        return True
    before, known = listed
    if _opened(metadata) != _opened(before):
        return True
    return not {one.name for one in fields} <= {one.name for one in known}


def _opened(metadata: Metadata) -> tuple[Attribute, str, str]:
    return metadata.attribute, metadata.conditions, metadata.attribute_basis


def authority_obstacle(actor: Actor, *, body: UUID, body_division: str) -> Refusal | None:
    """Why this actor is not the authority over the body, or None."""
    if not _holds_role(actor):
        return REVIEWER_LACKS_ROLE(who=actor.name)
    if body in actor.organisations:
        return REVIEWER_OF_OWN_BODY(who=actor.name)
    if not actor.holds_over(Role.DATA_AUTHORITY, body_division):
        divisions = ", ".join(actor.divisions(Role.DATA_AUTHORITY)) or "—"
        return REVIEWER_OUT_OF_DIVISION(
            who=actor.name, division=divisions, body_division=body_division
        )
    return None


def _holds_role(actor: Actor) -> bool:
    """A person with the authority's role; the node is nobody."""
    is_person = actor.person is not None
    return is_person and actor.holds(Role.DATA_AUTHORITY) and actor.allows(Scope.CATALOG_REVIEW)
