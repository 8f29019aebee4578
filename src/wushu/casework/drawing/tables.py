"""What a drawing shows, as tables: every limit and every step of a procedure, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wushu.casework.drawing import facts
from wushu.casework.rules.cases import ground_words
from wushu.casework.types import (
    ClockMove,
    ClockRule,
    ClockState,
    EventKind,
    Ground,
    Procedure,
    Regulation,
    State,
    Step,
    Supplement,
)
from wushu.kernel.errors import Language, Said

_MOVES = {
    EventKind.STARTED: Said("开始计时", "starts"),
    EventKind.RETURNED: Said("停止计时", "stops"),
    EventKind.PAUSED: Said("暂停计时", "pauses"),
    EventKind.RESUMED: Said("恢复计时", "goes on"),
    EventKind.EXTENDED: Said("延长", "is extended"),
    EventKind.FINISHED: Said("计时结束", "ends"),
}
_SUPPLEMENTS = {
    Supplement.RESTART: Said("重新计时", "starts anew"),
    Supplement.RESUME: Said("接续计时", "goes on"),
}
_DASH = Said("—", "–")


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One time limit."""

    label: str
    working_days: int
    extended: str
    """Working days in all that it may be extended to, and by which article."""
    supplement: str
    """What a resubmission does to it, and by which article; a dash where nothing is returned."""
    turn: str
    """Whose time it is."""
    states: str
    """Where a case stands while it runs."""
    ground: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step."""

    id: str
    label: str
    who: str
    origins: tuple[str, ...]
    """Where a case stands before."""
    to: str
    asked: tuple[str, ...]
    """Fields and papers, each with whether it may be left out."""
    limits: tuple[str, ...]
    """What it does to limits."""
    conditions: tuple[str, ...]
    """Once in a case; by somebody else than did another step."""
    ground: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """One state."""

    id: str
    label: str
    turn: str
    """Whose turn it is; else that it is nobody's, or that the case has ended."""
    limits: str
    """What runs there."""
    steps: tuple[str, ...]
    """What can be done there."""
    ground: str


def limit_rows(
    regulation: Regulation, procedure: Procedure, language: Language
) -> tuple[LimitRow, ...]:
    """The time limits, in the procedure's order."""
    return tuple(_limit(regulation, procedure, one, language) for one in procedure.clocks)


def step_rows(
    regulation: Regulation, procedure: Procedure, language: Language
) -> tuple[StepRow, ...]:
    """The steps, in the procedure's order."""
    return tuple(_step(regulation, procedure, one, language) for one in procedure.steps)


def state_rows(
    regulation: Regulation, procedure: Procedure, language: Language
) -> tuple[StateRow, ...]:
    """The states, in the procedure's order."""
    return tuple(_state(regulation, procedure, one, language) for one in procedure.states)


def _state(
    regulation: Regulation, procedure: Procedure, state: State, language: Language
) -> StateRow:
    turn = facts.seat_label(regulation, state.turn) if state.turn else _nobody(end=state.end)
    limits = [
        Said(f"{clock.label.zh}：{days.zh}", f"{clock.label.en}: {days.en}")
        for clock in facts.clocks_running(procedure, state.id)
        for days in (facts.working_days(clock),)
    ]
    steps = [step.label(language) for step in procedure.steps if state.id in step.at]
    return StateRow(
        id=state.id,
        label=state.label(language),
        turn=turn(language),
        limits=_all(limits, language),
        steps=tuple(steps),
        ground=ground_words(state.ground)(language),
    )


def _nobody(*, end: bool) -> Said:
    return Said("办结", "the case ends") if end else Said("无人须办理", "nobody has to act")


def _limit(
    regulation: Regulation, procedure: Procedure, clock: ClockRule, language: Language
) -> LimitRow:
    where = [one for one in procedure.states if clock in facts.clocks_running(procedure, one.id)]
    turns = dict.fromkeys(one.turn for one in where if one.turn)
    extended = "" if clock.extension_in_all is None else str(clock.extension_in_all)
    if clock.extension_ground is not None:
        extended = _with_ground(extended, clock.extension_ground, language)
    return LimitRow(
        label=clock.label(language),
        working_days=clock.working_days,
        extended=extended or _DASH(language),
        supplement=_supplement(procedure, clock, language),
        turn=_all([facts.seat_label(regulation, one) for one in turns], language),
        states=_all([one.label for one in where], language),
        ground=_reasoned(clock.ground)(language),
    )


def _supplement(procedure: Procedure, clock: ClockRule, language: Language) -> str:
    stops = any(
        ClockState.RETURNED in how.get(clock.id, frozenset())
        for how in facts.clocks_at(procedure).values()
    )
    if not stops:
        return _DASH(language)
    said = _SUPPLEMENTS[clock.supplement](language)
    if clock.supplement_ground is None:
        return said
    return _with_ground(said, clock.supplement_ground, language)


def _with_ground(text: str, ground: Ground, language: Language) -> str:
    said = _reasoned(ground)(language)
    return Said(f"{text}（{said}）", f"{text} ({said})")(language)


def _reasoned(ground: Ground) -> Said:
    """The article; of a rule of the platform its reason too."""
    words = ground_words(ground)
    if ground.platform_rule is None:
        return words
    reason = ground.platform_rule
    return Said(f"{words.zh}：{reason.zh}", f"{words.en}: {reason.en}")


def _step(regulation: Regulation, procedure: Procedure, step: Step, language: Language) -> StepRow:
    origins = [procedure.state(one).label(language) for one in step.at]
    begin = Said("（开始）", "(begin)")
    stays = Said("（不变）", "(stays)")
    to = stays if step.to is None else procedure.state(step.to).label
    return StepRow(
        id=step.id,
        label=step.label(language),
        who=facts.joined(facts.any_of(regulation, step.seats))(language),
        origins=(begin(language),) if step.starts else tuple(origins),
        to=to(language),
        asked=tuple(_asked(step, language)),
        limits=tuple(_move(procedure, one)(language) for one in step.clocks),
        conditions=tuple(_conditions(procedure, step, language)),
        ground=_reasoned(step.ground)(language),
    )


def _asked(step: Step, language: Language) -> Iterable[str]:
    free = Said("（选填）", " (optional)")(language)
    paper = Said("材料：", "paper: ")(language)
    for field in step.fields:
        yield field.label(language) + ("" if field.required else free)
    for one in step.papers:
        yield paper + one.label(language) + ("" if one.required else free)


def _move(procedure: Procedure, move: ClockMove) -> Said:
    clock = procedure.clock(move.clock)
    if move.event is EventKind.RESUBMITTED:
        what = _SUPPLEMENTS[clock.supplement]
    else:
        what = _MOVES[move.event]
    return Said(f"{clock.label.zh}{what.zh}", f"{clock.label.en} {what.en}")


def _conditions(procedure: Procedure, step: Step, language: Language) -> Iterable[str]:
    if step.once:
        yield Said("一个事项只有一次", "once in a case")(language)
    for name in step.unlike:
        before = procedure.step(name).label
        said = Said(f"须由“{before.zh}”以外的人员办理", f"by somebody who did not “{before.en}”")
        yield said(language)
    if step.publishes:
        yield Said("公开的内容在平台公示", "what is public of it is published")(language)
    if step.takes_down:
        yield Said("公示的内容撤下", "what was published is taken down")(language)


def _all(several: Sequence[Said], language: Language) -> str:
    return facts.listed(several)(language) or _DASH(language)


# As text

_LIMITS = (
    Said("期限", "limit"),
    Said("工作日", "working days"),
    Said("可延至合计", "extended to, in all"),
    Said("补正后", "after a supplement"),
    Said("轮到", "whose turn"),
    Said("依据", "ground"),
)
_STEPS = (
    Said("步骤", "step"),
    Said("由谁办理", "by whom"),
    Said("从", "from"),
    Said("到", "to"),
    Said("要求", "what is asked"),
    Said("期限", "limits"),
    Said("依据", "ground"),
)


def tables_as_text(regulation: Regulation, procedure: Procedure, language: Language) -> str:
    """The limits and steps of a procedure in Markdown."""
    limits = [_limit_cells(one) for one in limit_rows(regulation, procedure, language)]
    steps = [_step_cells(one) for one in step_rows(regulation, procedure, language)]
    none = Said("本程序没有规定期限。", "This procedure has no time limits.")
    parts = (
        f"# {procedure.title(language)}",
        regulation.title(language),
        procedure.summary(language),
        Said("## 期限", "## Time limits")(language),
        _table(_LIMITS, limits, language) if limits else none(language),
        Said("## 步骤", "## Steps")(language),
        _table(_STEPS, steps, language),
    )
    return "\n\n".join(parts) + "\n"


def _limit_cells(one: LimitRow) -> tuple[str, ...]:
    days = str(one.working_days)
    return one.label, days, one.extended, one.supplement, one.turn, one.ground


def _step_cells(one: StepRow) -> tuple[str, ...]:
    asked = "<br>".join((*one.asked, *one.conditions)) or "–"
    limits = "<br>".join(one.limits) or "–"
    return one.label, one.who, "<br>".join(one.origins), one.to, asked, limits, one.ground


def _table(head: Sequence[Said], rows: Iterable[Sequence[str]], language: Language) -> str:
    lines = [[one(language) for one in head], ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, one)) + " |" for one in lines)


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
