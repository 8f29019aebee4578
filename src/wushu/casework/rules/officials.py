"""Who may do what beside a case's steps: write, note, assign, ask experts, merge."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wushu.casework import refusals as no
from wushu.casework.rules.cases import is_expert, is_filer, is_filing_office, seats_of
from wushu.casework.types import NODE_SEAT, Happened, HappenedKind, Regulation, SeatOf, Sides
from wushu.kernel.errors import Refusal, Said
from wushu.parties.types import Actor

WRITTEN_MOST = 5_000
"""Characters of a message, a note, a question or an opinion."""
_OF_OFFICIALS = frozenset({HappenedKind.NOTE, HappenedKind.ASSIGNED})
_NOT_FOR_FILERS = _OF_OFFICIALS | {HappenedKind.REFERRED, HappenedKind.OPINION}


def officials(regulation: Regulation, seats: Iterable[str]) -> tuple[str, ...]:
    """Of some seats those of officials: who filed and who advises are none."""
    named = {one.id: one for one in regulation.seats}
    return tuple(
        one
        for one in seats
        if one in named and named[one].of is not SeatOf.FILER and not is_expert(named[one])
    )


def offices(regulation: Regulation, seats: Iterable[str]) -> tuple[str, ...]:
    """Of some seats those where people work for an office: officials', and an office's that filed.

    They take each other's place: it waits for all of them, one of them is in charge, it is handed over.
    """
    held = tuple(seats)
    filing = {one.id for one in regulation.seats if is_filing_office(one)}
    decide = officials(regulation, held)
    return tuple(one for one in held if one in decide or one in filing)


def experts(regulation: Regulation, seats: Iterable[str]) -> tuple[str, ...]:
    """Of some seats those of the expert panel."""
    named = {one.id for one in regulation.seats if is_expert(one)}
    return tuple(one for one in seats if one in named)


def may_read(one: Happened, actor: Actor, regulation: Regulation, seats: Iterable[str]) -> bool:
    """Whether a line of the timeline is for who has these seats.

    What officials write among themselves is theirs. An office that filed reads whom it put in charge.
    Experts read what they were asked, and of opinions their own.
    """
    held = tuple(seats)
    if NODE_SEAT in held or officials(regulation, held):
        return True
    if not experts(regulation, held):
        theirs = one.kind is HappenedKind.ASSIGNED and one.seat in held
        return theirs or one.kind not in _NOT_FOR_FILERS
    if one.kind is HappenedKind.OPINION:
        return one.person is not None and one.person == actor.person
    return one.kind not in _OF_OFFICIALS


def official_obstacle(
    actor: Actor, what: Said, *, regulation: Regulation, sides: Sides
) -> Refusal | None:
    """Why the actor cannot do what the case's officials do, or None.

    Refusals: ``not-found``, ``own-case``, ``not-in-seat``.
    """
    return _obstacle(actor, what, officials, regulation=regulation, sides=sides)


def office_obstacle(
    actor: Actor, what: Said, *, regulation: Regulation, sides: Sides
) -> Refusal | None:
    """Why the actor cannot arrange who of their office works on the case, or None.

    Refusals: ``not-found``, ``own-case`` (who filed for themselves), ``not-in-seat``.
    """
    return _obstacle(actor, what, offices, regulation=regulation, sides=sides)


def advising_obstacle(actor: Actor, *, regulation: Regulation, sides: Sides) -> Refusal | None:
    """Why the actor cannot give an opinion, or None: experts who were asked can.

    Refusals: ``not-found``, ``own-case``, ``not-in-seat``.
    """
    what = Said("提出专家意见", "give an expert's opinion")
    return _obstacle(actor, what, experts, regulation=regulation, sides=sides)


def writing_obstacle(
    actor: Actor, *, among_officials: bool, regulation: Regulation, sides: Sides
) -> Refusal | None:
    """Why the actor cannot write in the case, or None: who filed and officials can, a note officials alone.

    Refusals: ``not-found``, ``own-case`` (a note), ``not-in-seat``.
    """
    if among_officials:
        what = Said("写内部备注", "write notes")
        return official_obstacle(actor, what, regulation=regulation, sides=sides)
    held = seats_of(actor, regulation, sides)
    if (held and is_filer(actor, sides)) or officials(regulation, held):
        return None
    everybody = [one.id for one in regulation.seats if not is_expert(one)]
    what = Said("写消息", "write")
    return _not_seated(actor, what, held, everybody, regulation=regulation, sides=sides)


def _obstacle(
    actor: Actor,
    what: Said,
    among: Callable[[Regulation, Iterable[str]], tuple[str, ...]],
    *,
    regulation: Regulation,
    sides: Sides,
) -> Refusal | None:
    held = seats_of(actor, regulation, sides)
    if among(regulation, held):
        return None
    wanted = among(regulation, (one.id for one in regulation.seats))
    return _not_seated(actor, what, held, wanted, regulation=regulation, sides=sides)


def _not_seated(
    actor: Actor,
    what: Said,
    held: Iterable[str],
    wanted: Iterable[str],
    *,
    regulation: Regulation,
    sides: Sides,
) -> Refusal:
    """Who has no part in the case is told the same as if it were not there."""
    if not tuple(held):
        return no.no_case()
    if is_filer(actor, sides):
        return no.OWN_CASE(who=actor.name, step=what)
    labels = [regulation.seat(one).label for one in wanted]
    several = Said("、".join(one.zh for one in labels), " or ".join(one.en for one in labels))
    return no.NOT_IN_SEAT(who=actor.name, step=what, seats=several)


def written(text: str) -> str:
    """What somebody wrote, as it is kept; refuses ``answer-wrong``."""
    found = text.strip().replace("\r\n", "\n")
    if not 1 <= len(found) <= WRITTEN_MOST:
        raise no.ANSWER_WRONG(
            field=Said("内容", "text", "text"),
            reason=Said(f"须有 1 到 {WRITTEN_MOST} 字", f"it has 1 to {WRITTEN_MOST} characters"),
        )
    return found
