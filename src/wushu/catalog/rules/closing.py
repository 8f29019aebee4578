"""Who suspends opening, opens again and takes down (opening rules art. 12).

Closing is easy: one person of the body or of its authority does it at once. Opening again is as hard
as opening: it passes the gate, and never by who closed it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from wushu.catalog.refusals import NOT_FOR_CLOSING, RESTORER_SEALED_IT, SEALED_IN_A_CASE
from wushu.catalog.rules.gate import authority_obstacle, gate_obstacle
from wushu.catalog.rules.states import ACT_WORDS
from wushu.catalog.rules.visibility import may_edit
from wushu.catalog.types import EntryAct, SealingCase
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor

CLOSING_ACTS = (EntryAct.SEAL, EntryAct.RESTORE, EntryAct.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Closing:
    """What decides who may close an entry and open it again."""

    body: UUID
    division: str
    """Of the body."""
    known: bool
    """Whether the public ever saw it."""
    author_urns: Collection[str]
    """Accounts that wrote or submitted what is listed."""
    author_persons: Collection[UUID]
    closed_by: UUID | None
    """Person who last sealed it."""
    sealing: SealingCase | None = None
    """The open case that sealed it."""


def closing_obstacle(
    actor: Actor, act: EntryAct, of: Closing, case: UUID | None = None
) -> Refusal | None:
    """Why the actor may not seal, restore or withdraw the entry, or None.

    A draft that nobody outside has seen is its body's alone; what a case sealed is opened again or
    withdrawn by a step of that case (``case``). Refusals: ``not-for-closing``, ``restorer-sealed-it``,
    ``sealed-in-a-case`` and those of ``gate_obstacle``.
    """
    if act is EntryAct.RESTORE:
        obstacle = _restoring_obstacle(actor, of)
    else:
        obstacle = _closing_obstacle(actor, act, of)
    return obstacle or sealing_obstacle(act, of.sealing, case)


def sealing_obstacle(
    act: EntryAct, sealing: SealingCase | None, case: UUID | None
) -> Refusal | None:
    """Why what an open case sealed is not opened again or taken down beside it: ``sealed-in-a-case``.

    Where that case waits for a new revision, the gate lists one.
    """
    if sealing is None or sealing.id == case or act is EntryAct.SEAL:
        return None
    if act is EntryAct.LIST and sealing.awaits_listing:
        return None
    return SEALED_IN_A_CASE(number=sealing.number, title=sealing.title)


def _closing_obstacle(actor: Actor, act: EntryAct, of: Closing) -> Refusal | None:
    authority = authority_obstacle(actor, body=of.body, body_division=of.division)
    if may_edit(actor, of.body) or (of.known and authority is None):
        return None
    act_zh, act_en = ACT_WORDS[act]
    return NOT_FOR_CLOSING(who=actor.name, act_zh=act_zh, act_en=act_en)


def _restoring_obstacle(actor: Actor, of: Closing) -> Refusal | None:
    obstacle = gate_obstacle(
        actor,
        author_urns=of.author_urns,
        author_persons=of.author_persons,
        body=of.body,
        body_division=of.division,
    )
    if obstacle is None and actor.person == of.closed_by:
        return RESTORER_SEALED_IT(who=actor.name)
    return obstacle
