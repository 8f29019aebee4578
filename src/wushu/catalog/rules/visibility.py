"""Who sees what: nobody reads another body's drafts."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from wushu.catalog.refusals import IMPORT_NOT_FOR_BODY, NOT_OF_BODY, REVIEWER_LACKS_ROLE
from wushu.catalog.types import RevisionState
from wushu.kernel.identifiers import parse_division
from wushu.parties.types import NODE, Actor, Role, Scope

_PUBLIC_STATES = frozenset({RevisionState.LISTED, RevisionState.SUPERSEDED})


class Standing(StrEnum):
    """How an actor stands to an entry."""

    PUBLIC = "public"
    AUTHORITY = "authority"
    BODY = "body"


def standing(actor: Actor | None, body: UUID, division: str) -> Standing:
    """The strongest standing an actor has to the entries of a body of this division."""
    if actor is None:
        return Standing.PUBLIC
    if actor == NODE or body in bodies_read(actor):
        return Standing.BODY
    return Standing.AUTHORITY if may_examine(actor, division) else Standing.PUBLIC


def bodies_read(actor: Actor | None) -> frozenset[UUID]:
    """Bodies whose drafts the actor reads: those it works for as clerk or chief data officer."""
    if actor is None or not actor.allows(Scope.CATALOG_WRITE):
        return frozenset()
    inside = (Role.OPENING_BODY, Role.CHIEF_DATA_OFFICER)
    return frozenset(
        held.organisation
        for held in actor.roles
        if held.role in inside and held.organisation is not None
    )


def may_edit(actor: Actor, body: UUID) -> bool:
    """A clerk of the body writes its catalogue."""
    return actor.holds(Role.OPENING_BODY, body) and actor.allows(Scope.CATALOG_WRITE)


def require_editor(actor: Actor, body: UUID) -> None:
    """Refuse who is no clerk of the body (``not-of-body``)."""
    if not may_edit(actor, body):
        raise NOT_OF_BODY(who=actor.name)


def may_import(actor: Actor, body: UUID, division: str) -> bool:
    """Drafts for a body are imported by its clerks, by who governs its division, and by the node."""
    governing = (Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR)
    return (
        actor == NODE
        or may_edit(actor, body)
        or (
            actor.allows(Scope.CATALOG_WRITE)
            and any(actor.holds_over(role, division) for role in governing)
        )
    )


def require_importer(actor: Actor) -> None:
    """Refuse who imports for no body at all (``import-not-for-body``)."""
    importing = (Role.OPENING_BODY, Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR)
    if actor != NODE and not any(actor.holds(role) for role in importing):
        raise IMPORT_NOT_FOR_BODY(who=actor.name)


def require_examiner(actor: Actor) -> None:
    """Refuse who does not hold the authority's role (``reviewer-lacks-role``)."""
    if not (actor.holds(Role.DATA_AUTHORITY) and actor.allows(Scope.CATALOG_REVIEW)):
        raise REVIEWER_LACKS_ROLE(who=actor.name)


def may_examine(actor: Actor | None, division: str) -> bool:
    """The authority that covers a body's division sees what the body ever submitted."""
    return (
        actor is not None
        and actor.holds_over(Role.DATA_AUTHORITY, division)
        and actor.allows(Scope.CATALOG_REVIEW)
    )


def divisions_examined(actor: Actor | None) -> tuple[str, ...]:
    """How the codes of the divisions begin for which ``may_examine`` holds, for a query.

    A division's short code begins the codes of all divisions in it and of no other.
    """
    if actor is None or not actor.allows(Scope.CATALOG_REVIEW):
        return ()
    return tuple(parse_division(one).short for one in actor.divisions(Role.DATA_AUTHORITY))


def visible_states(of: Standing) -> frozenset[RevisionState]:
    """States of the revisions one may read."""
    if of is Standing.BODY:
        return frozenset(RevisionState)
    if of is Standing.AUTHORITY:
        return frozenset(RevisionState) - {RevisionState.DRAFT}
    return _PUBLIC_STATES
