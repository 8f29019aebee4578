"""What stands on a dataset's history, and on the pages that correct an act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wushu.catalog import selectors as catalog
from wushu.catalog.types import CorrectionView, EntryView
from wushu.evidence import selectors as evidence
from wushu.evidence.types import EntryView as LogEntry
from wushu.opening import selectors as opening
from wushu.parties.types import Actor, Role
from wushu.portal import acts

CORRECTED = "catalog.act.corrected"


@dataclass(frozen=True, slots=True)
class Event:
    """One act, with what was said of it later."""

    act: acts.Act
    corrects: CorrectionView | None = None
    """What this act corrected."""
    corrected_by: tuple[Pointer, ...] = field(default=())
    """Later acts that correct this one."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A correction and where its act stands in the log (None: not placed yet)."""

    correction: CorrectionView
    index: int | None


def content(entry: EntryView, actor: Actor | None) -> dict[str, Any]:
    """Context of the history: acts in order, corrections both ways."""
    shown = catalog.corrections(entry.id, actor=actor)
    places = _places(entry.urn)
    by_act: dict[int, list[Pointer]] = defaultdict(list)
    by_place: dict[int, CorrectionView] = {}
    for one in shown:
        place = places.get(f"urn:uuid:{one.id}")
        if one.in_force:
            by_act[one.index].append(Pointer(one, place))
            if place is not None:
                by_place[place] = one
    timeline = acts.timeline(evidence.entries_about(entry.urn), actor)
    events = [
        Event(
            act,
            None if act.note.index is None else by_place.get(act.note.index),
            () if act.note.index is None else tuple(by_act.get(act.note.index, ())),
        )
        for act in timeline
    ]
    return {
        "entry": entry,
        "events": events,
        "waiting": [one for one in shown if not one.in_force],
        "may_correct": works_on(entry, actor),
        "due_care": opening.may_read_due_care(entry, actor),
    }


def works_on(entry: EntryView, actor: Actor | None) -> bool:
    """Whether the reader is offered to correct acts; the page of each says whether they may."""
    if actor is None:
        return False
    return actor.holds(Role.OPENING_BODY, entry.body) or actor.holds(Role.DATA_AUTHORITY)


def pointers(found: LogEntry) -> dict[str, Any]:
    """Context of an entry of the log: what it corrects, and what corrects it."""
    corrects = None
    if found.act == CORRECTED:
        said = found.document.get("data", {}).get("corrects", {})
        corrects = said.get("index")
    corrected_by = [
        one.index
        for one in evidence.acts_said(found.subject, CORRECTED)
        if one.index is not None and one.data.get("corrects", {}).get("index") == found.index
    ]
    return {"corrects": corrects, "corrected_by": sorted(corrected_by)}


def act_in_words(correction: CorrectionView, actor: Actor) -> dict[str, Any]:
    """What a proposed correction is about, for who confirms it."""
    found = evidence.entry(correction.index)
    names = acts.names([found.actor, correction.proposed_by], actor)
    return {
        "words": acts.words(found.act),
        "at": found.at,
        "who": acts.who(found.actor, names),
        "proposer": acts.who(correction.proposed_by, names),
    }


def _places(urn: str) -> dict[str, int | None]:
    """Where the act of each correction stands in the log."""
    said: Sequence[Any] = list(evidence.acts_said(urn, CORRECTED))
    return {str(one.data.get("correction")): one.index for one in said}
