"""What can happen in a case, and what its clocks follow from. The regulation says it all; this only asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from wushu.casework import refusals as no
from wushu.casework.rules.clock import local_day
from wushu.casework.types import (
    NODE_SEAT,
    PER_ITEM,
    ClockRule,
    Event,
    EventKind,
    FieldKind,
    FormField,
    Ground,
    Happened,
    HappenedKind,
    Limit,
    Paper,
    Procedure,
    Regulation,
    Seat,
    SeatOf,
    Sides,
    Step,
    Values,
    WalkIn,
)
from wushu.kernel.errors import Refusal, Said
from wushu.parties.types import (
    KEY_LACKS_SCOPE,
    NODE,
    PERSONAL_ROLES,
    Actor,
    HeldRole,
    Role,
    Scope,
    covers,
)

LINE_MOST = 200
TEXT_MOST = 20_000
"""Characters of an answer."""
DIGITS_MOST = 12
LINES_MOST = 20
"""Conditions, or masks, of one answer."""
COUNTER_ROLES = (Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR)
WALK_IN_MOST = 100
_NAME = Said("姓名", "name", "walk-in-name")
_IDENTITY = Said("出示的证件", "document shown", "walk-in-identity")
_DIGITS = re.compile(r"[0-9]{5,}")
"""More of a document's number than its last four characters."""
_NUMBER = re.compile(r"[0-9]{1,4}")


def seats_of(actor: Actor, regulation: Regulation, sides: Sides) -> tuple[str, ...]:
    """The seats that an actor has in a case.

    Who filed has no other seat in it: nobody decides on what they asked for, whatever else they are.
    """
    if actor.urn == NODE.urn:
        return (NODE_SEAT,)
    own = is_filer(actor, sides)
    if actor.person is None or not actor.allows(scope_of(own=own)):
        return ()
    return tuple(
        one.id
        for one in regulation.seats
        if (one.of is SeatOf.FILER) is own and _sits(actor, one, sides)
    )


def scope_of(*, own: bool) -> Scope:
    """What a key needs: for what its holder filed, or for what others filed."""
    return Scope.CASES_FILE if own else Scope.CASES_HANDLE


def is_filer(actor: Actor, sides: Sides) -> bool:
    """Whether the actor filed the case, at the counter too, or acts for the organisation that did."""
    if actor.person is not None and actor.person in {sides.filer_person, sides.counter}:
        return True
    return sides.filer_organisation is not None and sides.filer_organisation in actor.organisations


def _sits(actor: Actor, seat: Seat, sides: Sides) -> bool:
    if seat.of is SeatOf.FILER:
        if sides.counter is not None and actor.person == sides.counter:
            return seat.role in PERSONAL_ROLES and serves_counter(actor, sides.division)
        if sides.filer_organisation is None:
            own = actor.person == sides.filer_person and actor.holds(seat.role)
            return own and not is_filing_office(seat)
        return actor.holds(seat.role, sides.filer_organisation)
    if seat.of is SeatOf.BODY:
        return actor.holds(seat.role, sides.body)
    if is_expert(seat) and not sides.experts_asked:
        return False
    return sides.body not in actor.organisations and actor.holds_over(seat.role, sides.division)


def is_expert(seat: Seat) -> bool:
    """Whether who sits there gives advice, and only where it was asked for."""
    return seat.of is not SeatOf.FILER and seat.role is Role.EXPERT


def is_filing_office(seat: Seat) -> bool:
    """Whether an organisation files from there by its office, so that its people act for one another."""
    return seat.of is SeatOf.FILER and seat.role not in PERSONAL_ROLES


def asks_experts(regulation: Regulation, procedure: Procedure) -> tuple[str, ...]:
    """The states in which it is the expert panel's turn."""
    seats = {one.id for one in regulation.seats if is_expert(one)}
    return tuple(one.id for one in procedure.states if one.turn in seats)


def possible(procedure: Procedure, state: str, history: Sequence[Happened]) -> tuple[Step, ...]:
    """The steps that can be done now, by whoever sits there."""
    done = {one.step for one in history}
    return tuple(
        one
        for one in procedure.steps
        if state in one.at
        and not (one.once and one.id in done)
        and (not one.takes_down or one.takes_down in done)
    )


def obstacle(
    actor: Actor,
    step: Step,
    *,
    regulation: Regulation,
    procedure: Procedure,
    state: str,
    sides: Sides,
    history: Sequence[Happened],
) -> Refusal | None:
    """Why this actor cannot do this step now, or None.

    Refusals: ``own-case``, ``not-in-seat``, ``step-not-now``, ``step-once``,
    ``step-another-person``, ``nothing-published``.
    """
    asking = _Asking(actor, step, regulation, procedure, state, sides, history)
    found = (guard(asking) for guard in GUARDS)
    return next((one for one in found if one is not None), None)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Somebody wants to take a step of a case."""

    actor: Actor
    step: Step
    regulation: Regulation
    procedure: Procedure
    state: str
    sides: Sides
    history: Sequence[Happened]


def _guard_seat(asking: _Asking) -> Refusal | None:
    seats = seats_of(asking.actor, asking.regulation, asking.sides)
    if set(seats) & set(asking.step.seats):
        return None
    return _not_seated(asking.actor, asking.step, asking.regulation, asking.sides)


def _guard_state(asking: _Asking) -> Refusal | None:
    if asking.state in asking.step.at:
        return None
    state = asking.procedure.state(asking.state)
    return no.STEP_NOT_NOW(state=state.label, step=asking.step.label)


def _guard_once(asking: _Asking) -> Refusal | None:
    step = asking.step
    before = next((one for one in asking.history if step.once and one.step == step.id), None)
    if before is None:
        return None
    return no.STEP_ONCE(step=step.label, day=local_day(before.at).isoformat())


def _guard_another_person(asking: _Asking) -> Refusal | None:
    for name in asking.step.unlike:
        if any(one.step == name and _same(asking.actor, one) for one in asking.history):
            return no.STEP_ANOTHER_PERSON(
                who=asking.actor.name,
                before=asking.procedure.step(name).label,
                step=asking.step.label,
            )
    return None


def _guard_published(asking: _Asking) -> Refusal | None:
    wanted = asking.step.takes_down
    if not wanted or any(one.step == wanted for one in asking.history):
        return None
    return no.NOTHING_PUBLISHED(step=asking.step.label, before=asking.procedure.step(wanted).label)


GUARDS = (_guard_seat, _guard_state, _guard_once, _guard_another_person, _guard_published)
"""Everything that stands between somebody and a step; a test takes out each in turn."""


def _not_seated(actor: Actor, step: Step, regulation: Regulation, sides: Sides) -> Refusal:
    wanted = [one for one in regulation.seats if one.id in step.seats]
    scope = scope_of(own=is_filer(actor, sides))
    if not actor.allows(scope):
        return KEY_LACKS_SCOPE(what=Said("办理事项", "act in cases"), scope=scope)
    if any(one.of is not SeatOf.FILER for one in wanted) and is_filer(actor, sides):
        return no.OWN_CASE(who=actor.name, step=step.label)
    return no.NOT_IN_SEAT(
        who=actor.name, step=step.label, seats=_listed([one.label for one in wanted])
    )


def _listed(several: Sequence[Said]) -> Said:
    return Said(
        "、".join(one.zh for one in several) or "系统",
        " or ".join(one.en for one in several) or "the node itself",
    )


def _same(actor: Actor, happened: Happened) -> bool:
    """People are compared, not accounts: a second account is not a second person."""
    return actor.urn == happened.actor or (
        actor.person is not None and actor.person == happened.person
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is checked against."""

    step: Step
    procedure: Procedure
    regulation: Regulation
    columns: frozenset[str] = frozenset()
    """Data items of the case's dataset."""
    done: frozenset[str] = frozenset()
    """Steps that were done in the case."""


_SAME_WORDS = frozenset({FieldKind.LINE, FieldKind.TEXT, FieldKind.CHOICE, FieldKind.DATE})


def values_of(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept: asked for, of their kind, none missing.

    Refusals: ``answer-missing``, ``answer-wrong``, ``answer-not-yet``, ``answer-unasked``.
    """
    step = asked.step
    unasked = sorted(set(given) - {one.id for one in step.fields})
    if unasked:
        raise no.ANSWER_UNASKED(step=step.label, names=", ".join(unasked))
    found = {}
    for field in step.fields:
        answer = given.get(field.id)
        value = None if _is_empty(answer) else _READ[field.kind](field, answer, asked)
        if value is None and field.required:
            raise no.ANSWER_MISSING(field=_named(field), ground=ground_words(field.ground))
        if value is not None:
            found[field.id] = value
    return found


def _is_empty(answer: Any) -> bool:
    """Whether nothing was answered; 0 is an answer, and the field says whether it is a right one."""
    number = isinstance(answer, int | float) and not isinstance(answer, bool)
    return not (number or answer) or (isinstance(answer, str) and not answer.strip())


def _line(field: FormField, answer: Any, asked: Asked) -> str:
    del asked
    text = str(answer).strip()
    if "\n" in text or len(text) > LINE_MOST:
        raise _wrong(
            field, f"须为一行，至多 {LINE_MOST} 字", f"one line of at most {LINE_MOST} characters"
        )
    return text


def _text(field: FormField, answer: Any, asked: Asked) -> str:
    del asked
    text = str(answer).strip().replace("\r\n", "\n")
    if len(text) > TEXT_MOST:
        raise _wrong(field, f"超过 {TEXT_MOST} 字", f"it has more than {TEXT_MOST} characters")
    return text


def _choice(field: FormField, answer: Any, asked: Asked) -> str:
    chosen = next((one for one in field.choices if one.id == answer), None)
    if chosen is None:
        several = ", ".join(one.id for one in field.choices)
        raise _wrong(field, f"须为 {several} 之一", f"it must be one of {several}")
    if chosen.after and not asked.done & set(chosen.after):
        steps = [one.label for one in asked.procedure.steps if one.id in chosen.after]
        raise no.ANSWER_NOT_YET(field=_named(field), choice=chosen.label, steps=_listed(steps))
    return chosen.id


def _pledge(field: FormField, answer: Any, asked: Asked) -> bool:
    del asked
    if answer not in (True, "on", "yes", "true"):
        raise _wrong(field, "须同意", "it must be agreed to")
    return True


def _columns(field: FormField, answer: Any, asked: Asked) -> list[str]:
    named = [answer] if isinstance(answer, str) else [str(one) for one in answer]
    unknown = sorted(set(named) - asked.columns)
    if unknown:
        several = ", ".join(unknown)
        raise _wrong(field, f"该数据没有数据项 {several}", f"the dataset has no {several}")
    return list(dict.fromkeys(named))


def _working_days(field: FormField, answer: Any, asked: Asked) -> int:
    extended = next(one.clock for one in asked.step.clocks if one.event is EventKind.EXTENDED)
    rule = asked.procedure.clock(extended)
    most, ground = rule.extension_in_all or 0, ground_words(rule.extension_ground)
    text = str(answer).strip()
    if not _NUMBER.fullmatch(text) or not rule.working_days < int(text) <= most:
        raise _wrong(
            field,
            f"须多于 {rule.working_days}、至多 {most} 个工作日（{ground.zh}）",
            f"more than {rule.working_days} and at most {most} working days ({ground.en})",
        )
    return int(text)


def _date(field: FormField, answer: Any, asked: Asked) -> str:
    del asked
    try:
        return date.fromisoformat(str(answer).strip()).isoformat()
    except ValueError:
        raise _wrong(field, f"“{answer}”不是日期", f"“{answer}” is no day") from None


def _provision(field: FormField, answer: Any, asked: Asked) -> dict[str, str]:
    """``level``, ``title``, ``article``; the regulation says of which levels."""
    given = answer if isinstance(answer, Mapping) else {}
    parts = {name: str(given.get(name, "")).strip() for name in ("level", "title", "article")}
    if not all(parts.values()) or any(len(one) > LINE_MOST for one in parts.values()):
        raise _wrong(field, "须写明层级、名称和条款", "give its level, its title and the article")
    levels = {one.id: one.label for one in field.choices}
    if parts["level"] not in levels:
        known = _listed(list(levels.values()))
        raise _wrong(field, f"依据须为{known.zh}", f"it must be one of {known.en}")
    own = _bare(asked.regulation.title.zh)
    if own and own in _bare(parts["title"]):
        raise _wrong(
            field,
            f"“{asked.regulation.title.zh}”本身不足以作为依据",
            f"“{asked.regulation.title.en}” alone does not suffice",
        )
    return parts


def _number(field: FormField, answer: Any, asked: Asked) -> int:
    del asked
    text = str(answer).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST and int(text)):
        raise _wrong(field, "须为正整数", "a whole number above 0")
    return int(text)


def _per_item(field: FormField, answer: Any, asked: Asked) -> list[dict[str, Any]]:
    """``column``, ``op`` or ``method``, ``values``; or the same as one text each, between colons."""
    given = answer if isinstance(answer, list) else [answer]
    if len(given) > LINES_MOST:
        raise _wrong(field, f"至多 {LINES_MOST} 条", f"at most {LINES_MOST} of them")
    key = PER_ITEM[field.kind]
    known = [one.id for one in field.choices]
    found = []
    for one in given:
        told = _told(one, asked.columns, key) if isinstance(one, str) else one
        column = str(told.get("column", "")) if isinstance(told, Mapping) else str(one)
        if not isinstance(told, Mapping) or column not in asked.columns:
            raise _wrong(field, f"该数据没有数据项 {column}", f"the dataset has no {column}")
        if told.get(key) not in known:
            several = ", ".join(known)
            raise _wrong(field, f"{column}：须为 {several} 之一", f"{column}: one of {several}")
        values = told.get("values", [])
        if not isinstance(values, list) or any(len(str(v)) > LINE_MOST for v in values):
            raise _wrong(field, f"{column}：值须为列表", f"{column}: the values are a list")
        if field.kind is FieldKind.ROWS and not values:
            raise _wrong(field, f"{column}：没有写值", f"{column}: it has no value")
        found.append({"column": column, key: str(told[key]), "values": [str(v) for v in values]})
    return found


def _told(text: str, columns: Iterable[str], key: str) -> dict[str, Any]:
    """``column:op:value``, of ``in`` with commas between the values; ``column:method:3:4``."""
    name = max((one for one in columns if text.startswith(f"{one}:")), key=len, default="")
    column = name or text.partition(":")[0]
    chosen, colon, rest = text[len(column) + 1 :].partition(":")
    mark = "," if chosen == "in" else ":" if key == PER_ITEM[FieldKind.MASKS] else None
    values = (rest.split(mark) if mark else [rest]) if colon else []
    return {"column": column, key: chosen, "values": values}


def _bare(title: str) -> str:
    """A title without its marks and what stands in brackets behind it."""
    return re.sub(r"[（(].*?[）)]|[《》\s]", "", title)


_READ: Mapping[FieldKind, Callable[[FormField, Any, Asked], Any]] = {
    FieldKind.LINE: _line,
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.PLEDGE: _pledge,
    FieldKind.COLUMNS: _columns,
    FieldKind.WORKING_DAYS: _working_days,
    FieldKind.DATE: _date,
    FieldKind.PROVISION: _provision,
    FieldKind.NUMBER: _number,
    FieldKind.ROWS: _per_item,
    FieldKind.MASKS: _per_item,
}


def _named(field: FormField) -> Said:
    return Said(field.label.zh, field.label.en, field.id)


def _wrong(field: FormField, zh: str, en: str) -> Refusal:
    return no.ANSWER_WRONG(field=_named(field), reason=Said(zh, en))


def require_papers(step: Step, papers: Iterable[Paper]) -> None:
    """Refuse a paper that is not asked for, or a missing one (``paper-unasked``, ``paper-missing``)."""
    given = {one.kind for one in papers}
    for kind in sorted(given - {one.id for one in step.papers}):
        raise no.PAPER_UNASKED(step=step.label, kind=kind)
    for rule in step.papers:
        if rule.required and rule.id not in given:
            raise no.PAPER_MISSING(paper=rule.label, ground=ground_words(rule.ground))


def acts(effect: str) -> bool:
    """Whether an effect does something; one that is named ``require-…`` only looks."""
    return bool(effect) and not effect.startswith("require-")


def is_for_several(step: Step) -> bool:
    """Whether a step can be taken in several cases at once: with the same few words, or none.

    Not where it does something outside the case, hands in papers, or asks what differs from case to
    case: a pledge, a provision of law, data items, an extension.
    """
    asked = {one.kind for one in step.fields if one.required}
    return not (step.starts or acts(step.effect) or any(one.required for one in step.papers)) and (
        asked <= _SAME_WORDS
    )


def ground_words(ground: Ground | None) -> Said:
    """The ground in words."""
    return (ground or Ground()).words


def limit_of(rule: ClockRule) -> Limit:
    """The limit that a clock counts by."""
    return Limit(rule.working_days, rule.supplement)


def clock_runs(procedure: Procedure, history: Sequence[Happened]) -> dict[str, list[list[Event]]]:
    """The events of each clock, as runs: a clock that has ended may start anew.

    A case that ends, or goes on in another, ends what still runs. Clocks that have not started are not there.
    """
    runs: dict[str, list[list[Event]]] = {}
    for one in history:
        if one.kind is HappenedKind.MERGED:
            _finish(runs, one)
        if one.kind is not HappenedKind.STEP:
            continue
        step = procedure.step(one.step)
        for move in step.clocks:
            if move.event is EventKind.STARTED:
                runs.setdefault(move.clock, []).append([])
            days = _extension(step, one.values) if move.event is EventKind.EXTENDED else None
            runs[move.clock][-1].append(Event(move.event, one.at, days))
        if procedure.state(one.state).end:
            _finish(runs, one)
    return runs


def _finish(runs: Mapping[str, list[list[Event]]], ended: Happened) -> None:
    for run in (several[-1] for several in runs.values()):
        if run[-1].kind is not EventKind.FINISHED:
            run.append(Event(EventKind.FINISHED, ended.at))


def _extension(step: Step, values: Values | None) -> int:
    name = next(one.id for one in step.fields if one.kind is FieldKind.WORKING_DAYS)
    return int((values or {})[name])


def serves_counter(actor: Actor, division: str) -> bool:
    """Whether the actor is of those who run the place's counters; who has left is not."""
    return any(actor.holds_over(one, division) for one in COUNTER_ROLES)


def runs_counter(actor: Actor, division: str) -> bool:
    """Whether the actor can file for people who come in person; at a page or on the host, not by key."""
    return serves_counter(actor, division) and actor.scopes is None and actor.person is not None


def counter_obstacle(
    actor: Actor, step: Step, walk_in: WalkIn, *, regulation: Regulation, procedure: Procedure,
    division: str,
) -> Refusal | None:  # fmt: skip
    """Why the actor cannot file for somebody who came in person, or None.

    The authority and the platform's operator of the place run counters, at a page or at the host: their
    staff alone see who stands before them. Refusals: ``counter-not-here``, ``file-for-whom``,
    ``answer-wrong``.
    """
    seats = [regulation.seat(one) for one in step.seats if one != NODE_SEAT]
    if not any(one.role in PERSONAL_ROLES for one in seats):
        role = _listed([one.label for one in seats])
        return no.FILE_FOR_WHOM(who=actor.name, procedure=procedure.title, role=role)
    if not runs_counter(actor, division):
        return no.COUNTER_NOT_HERE(who=actor.name)
    for field, text in ((_NAME, walk_in.name), (_IDENTITY, walk_in.identity)):
        if not 1 <= len(text.strip()) <= WALK_IN_MOST:
            reason = Said(f"须有 1 到 {WALK_IN_MOST} 字", f"it has 1 to {WALK_IN_MOST} characters")
            return no.ANSWER_WRONG(field=field, reason=reason)
    if _DIGITS.search(walk_in.identity):
        reason = Said(
            "只记证件种类和号码后四位", "the kind of document and the last four characters alone"
        )
        return no.ANSWER_WRONG(field=_IDENTITY, reason=reason)
    return None


def _within(seat: Seat, held: HeldRole, body: UUID, division: str) -> bool:
    if seat.within is SeatOf.BODY:
        return held.organisation == body
    return seat.within is not SeatOf.DIVISION or covers(held.division, division)


def filing_obstacle(
    actor: Actor,
    organisation: UUID | None,
    step: Step,
    *,
    regulation: Regulation,
    procedure: Procedure,
    body: UUID,
    division: str,
) -> Refusal | None:
    """Why the actor cannot file for that organisation (None: for themselves), or None.

    ``body`` and its ``division``: what officials file lies within their own duty.
    """
    if not actor.allows(Scope.CASES_FILE):
        return KEY_LACKS_SCOPE(what=Said("提出申请", "file applications"), scope=Scope.CASES_FILE)
    for seat in (one for one in regulation.seats if one.id in step.seats):
        for_whom = any(
            held.role is seat.role
            and held.organisation == organisation
            and _within(seat, held, body, division)
            for held in actor.roles
        )
        if actor.person is not None and for_whom:
            return None
    role = _listed([one.label for one in regulation.seats if one.id in step.seats])
    return no.FILE_FOR_WHOM(who=actor.name, procedure=procedure.title, role=role)
