"""What stands on a case's page: its clocks day by day, its timeline, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushu.casework import selectors as casework
from wushu.casework.types import (
    CaseClock,
    CaseLine,
    CaseView,
    ClockState,
    Happened,
    HappenedKind,
    PaperView,
    SeatOf,
    Step,
    SubjectKind,
)
from wushu.catalog import selectors as catalog
from wushu.catalog.types import RevisionState
from wushu.evidence import selectors as evidence
from wushu.evidence.types import EntryNote
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties
from wushu.parties.types import Actor
from wushu.portal.forms.cases import WriteForm
from wushu.portal.requests import language


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said in a field."""

    label: str
    text: str
    ground: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    happened: Happened
    words: str
    who: str
    ground: str
    answers: tuple[Answer, ...]
    text: str
    """What somebody wrote, where it is no step."""
    papers: tuple[PaperView, ...]
    note: EntryNote | None


def content(case: CaseView, actor: Actor) -> dict[str, Any]:
    """Context of a case's page."""
    words = language()
    return {
        "case": case,
        "procedure": case.procedure.title(words),
        "state": case.state.label(words),
        "turn": "" if case.merged_into else _seat(case, case.state.turn),
        "is_my_turn": not case.merged_into and case.state.turn in case.seats,
        "is_filer": _is_filer(case),
        "is_of_office": is_of_office(case),
        "clocks": [_clock(case, one) for one in case.clocks],
        "lines": _lines(case),
        "steps": [(one, one.label(words)) for one in case.steps],
        "about": about(case.subject, case.procedure.subject, actor),
        "proposed": _proposed(case, actor),
        "body": parties.organisation(case.sides.body),
        "agreements": (agreements := opening.agreements(case.id, actor=actor)),
        "agreement": agreements[0] if agreements else None,
        "is_signing": any(
            "sign" in one.effect for one in case.procedure.steps if case.state.id in one.at
        ),
        "regulation": case.regulation.title(words),
        "ledger_address": f"{settings.BASE_URL}{reverse('portal:cases')}?number={case.number}",
    }


def _proposed(case: CaseView, actor: Actor) -> str:
    """Where an official of the case looks at what is to be listed; empty where nothing is, or is not theirs."""
    if case.procedure.subject is not SubjectKind.DATASET or case.closed_at is not None:
        return ""
    entry = about(case.subject, case.procedure.subject, actor)
    newest = entry and catalog.entry_by_id(entry.id, actor=actor).revision
    if newest is None or newest.state is RevisionState.LISTED:
        return ""
    if entry.body in actor.organisations:
        return reverse("portal:desk-dataset", args=[entry.slug])
    return reverse("portal:review", args=[newest.id]) if newest.case == case.id else ""


def forms(case: CaseView, actor: Actor) -> dict[str, Any]:
    """What can be written on the page beside the steps, each as an empty form."""
    if case.merged_into:
        return {}
    official = is_official(case)
    return {
        "writing": WriteForm(official=official) if official or _is_filer(case) else None,
        "can_arrange": is_of_office(case) and case.closed_at is None,
        "can_refer": official and case.closed_at is None and _has_experts(case),
        "can_merge": bool(casework.cases_like(case, actor=actor)),
        "can_advise": is_expert(case) and case.closed_at is None,
    }


def is_official(case: CaseView) -> bool:
    """Whether who asks sits in the case as an official."""
    return bool(casework.official_seats(case.regulation, case.seats))


def is_of_office(case: CaseView) -> bool:
    """Whether who asks sits in the case for an office: officials, and an office's people that filed."""
    return bool(casework.office_seats(case.regulation, case.seats))


def is_expert(case: CaseView) -> bool:
    """Whether who asks is an expert whose advice was asked for."""
    return bool(casework.expert_seats(case.regulation, case.seats))


def _has_experts(case: CaseView) -> bool:
    return bool(casework.expert_seats(case.regulation, (one.id for one in case.regulation.seats)))


def about(subject: UUID, kind: SubjectKind, actor: Actor | None) -> Any:
    """The dataset that it is about, as who asks may know it; None for other subjects.

    Experts sit in cases about drafts that are not theirs to see.
    """
    if kind is not SubjectKind.DATASET:
        return None
    for reader in (None, actor):
        try:
            return catalog.entry_by_id(subject, actor=reader)
        except Refusal:
            continue
    return None


def _is_filer(case: CaseView) -> bool:
    return any(case.regulation.seat(one).of is SeatOf.FILER for one in case.seats if one != "node")


def _seat(case: CaseView, seat: str) -> str:
    return case.regulation.seat(seat).label(language()) if seat else ""


def _clock(case: CaseView, one: CaseClock) -> dict[str, Any]:
    """A limit as the page shows it; the explanation day by day is one click below."""
    turn = case.state.turn if one.clock.state is ClockState.RUNNING else ""
    return {
        "label": one.rule.label(language()),
        "ground": one.rule.ground.words(language()),
        "clock": one.clock,
        "is_running": one.clock.state is ClockState.RUNNING,
        "turn": _seat(case, turn),
        "kept": one.clock.rounds[-1].kept,
    }


def _lines(case: CaseView) -> list[Line]:
    """The timeline; each act of the log about a case is one line of it, in the same order."""
    notes = evidence.entries_about(case.urn)
    papers: dict[int, list[PaperView]] = {}
    for one in case.papers:
        papers.setdefault(one.happened, []).append(one)
    return [
        Line(
            happened=one,
            words=_words(case, one),
            who=_who(case, one),
            ground=case.procedure.step(one.step).ground.words(language()) if one.step else "",
            answers=_answers(case, one),
            text=_text(one),
            papers=tuple(papers.get(one.number, ())),
            note=notes[one.number - 1] if one.number <= len(notes) else None,
        )
        for one in case.history
    ]


def _text(one: Happened) -> str:
    """What somebody wrote; of a step what was shown at the counter; nothing of the node's own lines."""
    if one.person is None or not one.text:
        return ""
    if one.kind is HappenedKind.STEP:
        return _("At the counter; shown: %(document)s") % {"document": one.text}
    return one.text


def _words(case: CaseView, one: Happened) -> str:
    if one.kind is HappenedKind.STEP:
        return case.procedure.step(one.step).done(language())
    return casework.HAPPENED_WORDS[one.kind](language())


def _who(case: CaseView, one: Happened) -> str:
    """Officials by their seat, and to each other by name too; who filed by name to all who see it."""
    seat = _seat(case, one.seat) if one.seat and one.seat != "node" else ""
    own = (
        bool(one.seat and one.seat != "node") and case.regulation.seat(one.seat).of is SeatOf.FILER
    )
    if one.person is None or (_is_filer(case) and not own):
        return seat
    return f"{one.actor_name}（{seat}）" if language() == "zh" else f"{one.actor_name} ({seat})"


def _answers(case: CaseView, one: Happened) -> tuple[Answer, ...]:
    if one.kind is not HappenedKind.STEP:
        return ()
    step = case.procedure.step(one.step)
    values = one.values or {}
    return tuple(
        Answer(
            field.label(language()),
            casework.answer_words(field, values[field.id])(language()),
            field.ground.words(language()),
        )
        for field in step.fields
        if field.id in values
    )


def step_of(case: CaseView, key: str) -> Step | None:
    """A step that who asks can do now."""
    return next((one for one in case.steps if one.id == key), None)


def named(lines: Sequence[CaseLine]) -> list[dict[str, Any]]:
    """Lines of a list with the names of their bodies and datasets."""
    bodies = parties.organisations_by_id({one.body for one in lines})
    today = casework.local_day(timezone.now())
    about = [one.subject for one in lines]
    entries = {one.id: one for one in catalog.entries_by_id(about, with_fields=False)}
    return [
        {
            "line": one,
            "body": bodies.get(one.body),
            "entry": entries.get(one.subject),
            "late": one.due is not None and one.due < today,
        }
        for one in lines
    ]
