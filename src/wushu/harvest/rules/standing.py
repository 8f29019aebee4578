"""Who proposes, activates, stops and runs."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from wushu.harvest.refusals import (
    ACTIVATOR_IS_PROPOSER,
    ACTIVATOR_LACKS_ROLE,
    HARVESTER_LACKS_ROLE,
    SOURCE_STATE_WRONG,
)
from wushu.harvest.types import SourceState
from wushu.kernel.errors import Refusal, Said
from wushu.parties.types import Actor, Role, Scope

STATE_WORDS: Mapping[SourceState, Said] = {
    SourceState.PROPOSED: Said("待启用", "proposed"),
    SourceState.ACTIVE: Said("已启用", "active"),
    SourceState.STOPPED: Said("已停用", "stopped"),
}
HARVEST, ACTIVATE, STOP = Said("采集", "harvest"), Said("启用", "activate"), Said("停用", "stop")
"""What can be done with a source."""


def management_obstacle(actor: Actor, place: str) -> Refusal | None:
    """Why the actor may not propose, stop or run a source, or see those not active; or None.

    For people of the data authority and of the platform's operator over the node's ``place``: what is
    harvested stands beside the catalogue of all who are on the node.
    """
    holds = _holds_over(actor, Role.DATA_AUTHORITY, place) or _holds_over(
        actor, Role.PLATFORM_OPERATOR, place
    )
    if actor.person is not None and holds and actor.allows(Scope.CATALOG_WRITE):
        return None
    return HARVESTER_LACKS_ROLE(who=actor.name)


def _holds_over(actor: Actor, role: Role, place: str) -> bool:
    return bool(place) and actor.holds_over(role, place)


def require_manager(actor: Actor, place: str) -> None:
    """Refuse who may not manage harvests: ``harvester-lacks-role``."""
    obstacle = management_obstacle(actor, place)
    if obstacle is not None:
        raise obstacle


def activation_obstacle(
    actor: Actor, place: str, *, proposed_by: str, proposed_person: UUID | None
) -> Refusal | None:
    """Why the actor may not activate a source, or None: a second person, of the authority over the place.

    People are compared and not accounts: a second account of one person is no second person.
    """
    holds = actor.person is not None and _holds_over(actor, Role.DATA_AUTHORITY, place)
    if not holds or not actor.allows(Scope.CATALOG_REVIEW):
        return ACTIVATOR_LACKS_ROLE(who=actor.name)
    if actor.urn == proposed_by or actor.person == proposed_person:
        return ACTIVATOR_IS_PROPOSER(who=actor.name)
    return None


def require_activator(
    actor: Actor, place: str, *, proposed_by: str, proposed_person: UUID | None
) -> None:
    """Refuse with the obstacle: ``activator-lacks-role``, ``activator-is-proposer``."""
    obstacle = activation_obstacle(
        actor, place, proposed_by=proposed_by, proposed_person=proposed_person
    )
    if obstacle is not None:
        raise obstacle


def require_state(name: str, state: str, act: Said, *allowed: SourceState) -> None:
    """Refuse an act on a source that is in another state: ``source-state-wrong``."""
    now = SourceState(state)
    if now not in allowed:
        raise SOURCE_STATE_WRONG(name=name, state=STATE_WORDS[now], act=act)
