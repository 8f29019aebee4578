"""A regulation out of its files, and all that can be wrong with one before a case runs on it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from wushu.casework.refusals import REGULATION_FAULTY
from wushu.casework.rules.articles import article_number
from wushu.casework.rules.clock import clock_state_after
from wushu.casework.types import (
    CHOOSING,
    NODE_SEAT,
    OFFERED,
    PER_ITEM,
    PUBLIC_LISTS,
    ClockState,
    EventKind,
    FieldKind,
    FormField,
    Ground,
    Procedure,
    Regulation,
    SeatOf,
    State,
    Step,
    SubjectKind,
)
from wushu.kernel.canonical import canonical_json
from wushu.kernel.errors import Refusal, Said
from wushu.kernel.lazily import lazily

if TYPE_CHECKING:
    import pydantic
else:
    pydantic = lazily("pydantic")

_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")
_CODE = re.compile(r"[A-Z]{2,3}")
_KINDS = {
    "missing": Said("没有写", "it is not said"),
    "dataclass_type": Said("须用中文和英文各写一遍", "it must be said in Chinese and in English"),
    "unexpected_keyword_argument": Said("不认识这一项", "nobody reads this"),
    "enum": Said("不是可用的值", "it is none of the values"),
    "bool_type": Said("不是 true 或 false", "it is neither true nor false"),
    "int_type": Said("不是整数", "it is no whole number"),
    "string_type": Said("不是文字", "it is no text"),
    "date_from_datetime_parsing": Said("不是日期", "it is no date"),
    "date_parsing": Said("不是日期", "it is no date"),
}


def document_of(
    regulation: Mapping[str, Any], procedures: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """The files' content in the one form that is frozen: words in two languages, grounds, ISO dates."""
    merged = {**regulation, "procedures": [dict(one) for one in procedures]}
    return {key: _normal(value) for key, value in _worded(merged).items()}


def _normal(given: Any) -> Any:
    """``label`` with ``label_en`` becomes one, ``article`` or ``platform_rule`` a ground."""
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, list):
        return [_normal(one) for one in given]
    if not isinstance(given, Mapping):
        return given
    found = _worded({key: _normal(value) for key, value in given.items()})
    ground = {key: found.pop(key) for key in ("article", "platform_rule") if _is_ground(found, key)}
    if ground:
        found["ground"] = ground
    for name in [key for key in found if key.endswith("_ground")]:
        found[name] = found[name].get("ground", found[name])
    for part in ("fields", "papers"):  # what says no ground stands on its step's
        found |= {part: [_grounded(one, found) for one in found[part]]} if part in found else {}
    return found


def _grounded(part: Any, step: Mapping[str, Any]) -> Any:
    if isinstance(part, Mapping) and "ground" not in part and "ground" in step:
        return {**part, "ground": step["ground"]}
    return part


def _worded(given: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(given)
    for english in [key for key in found if key.endswith("_en")]:
        name = english.removesuffix("_en")
        found[name] = {"zh": found.get(name), "en": found.pop(english)}
    return found


def _is_ground(found: Mapping[str, Any], key: str) -> bool:
    return key in found and not isinstance(found[key], list)


def frozen(document: Mapping[str, Any]) -> bytes:
    """The bytes that are published: canonical JSON (RFC 8785)."""
    return canonical_json(document)


def regulation_of(document: Mapping[str, Any], file: str) -> Regulation:
    """A regulation as it stands in its document; refuses ``regulation-faulty``, naming the place."""
    adapter = _adapter()
    try:
        found = adapter.validate_json(json.dumps(document), strict=True)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = _place(first["loc"], document)
        reason = _KINDS.get(first["type"], Said(str(first["msg"]), str(first["msg"])))
        raise REGULATION_FAULTY(file=file, where=where, reason=reason) from error
    unread = next(_unread(document, adapter.dump_python(found, mode="json")), None)
    if unread is not None:
        reason = _KINDS["unexpected_keyword_argument"]
        raise REGULATION_FAULTY(file=file, where=_place(unread, document), reason=reason)
    return found


@cache
def _adapter() -> pydantic.TypeAdapter[Regulation]:
    return pydantic.TypeAdapter(Regulation)


def _unread(given: Any, read: Any) -> Iterator[tuple[str | int, ...]]:
    """What stands in a document and was not read, by its place."""
    if isinstance(given, Mapping) and isinstance(read, Mapping):
        yield from ((key,) for key in given if key not in read)
        below: list[tuple[str | int, Any]] = [(key, given[key]) for key in given if key in read]
        for key, value in below:
            yield from ((key, *place) for place in _unread(value, read[key]))
    elif isinstance(given, list) and isinstance(read, list):
        for number, (one, other) in enumerate(zip(given, read, strict=True)):
            yield from ((number, *place) for place in _unread(one, other))


def _place(location: Iterable[str | int], document: Any) -> str:
    """``procedures[conditional-access].steps[submit].label``: by names where there are some."""
    text = ""
    for part in location:
        if isinstance(part, int):
            document = document[part] if isinstance(document, list) else None
            name = (
                document.get("id", document.get("number")) if isinstance(document, dict) else None
            )
            text += f"[{part + 1 if name is None else name}]"
        else:
            document = document.get(part) if isinstance(document, dict) else None
            text += f".{part}" if text else part
    return text or "—"


def faults(
    regulation: Regulation, file: str, effects: Mapping[str, Collection[str]] | None = None
) -> list[Refusal]:
    """All that is wrong with a regulation that can be read, one refusal each.

    ``effects``: what the capability apps offer, by kind of subject; None: not looked at.
    """
    found = [*_regulation_faults(regulation)]
    for procedure in regulation.procedures:
        found += [
            (f"{procedure.id}.{where}", reason)
            for where, reason in _procedure_faults(regulation, procedure, effects)
        ]
    return [REGULATION_FAULTY(file=file, where=where, reason=reason) for where, reason in found]


_Fault = tuple[str, Said]


def _regulation_faults(regulation: Regulation) -> Iterator[_Fault]:
    numbers = [article.number for article in regulation.articles]
    if regulation.partly_read and numbers != sorted(set(numbers)):
        yield "articles", Said("没有按条号排列", "they do not stand in their order")
    elif not regulation.partly_read and numbers != list(range(1, len(numbers) + 1)):
        yield "articles", Said("没有从 1 起逐条写全", "they are not all there, counted from 1")
    yield from _word_faults(regulation, "")
    for name, several in (
        ("seats", [one.id for one in regulation.seats]),
        ("procedures", [one.id for one in regulation.procedures]),
        ("priorities", [one.id for one in regulation.priorities]),
    ):
        yield from _ids(name, several)
    yield from _twice("procedures.code", [one.code for one in regulation.procedures])
    if regulation.valid_until is not None and regulation.valid_until < regulation.valid_from:
        yield "valid_until", Said("早于施行日期", "it ends before it begins")
    for one in regulation.seats:
        if one.within is SeatOf.FILER or (one.within and one.of is not SeatOf.FILER):
            reason = Said(
                "只有提出一方的席位可写 body 或 division", "body or division, of a filer's seat"
            )
            yield f"seats[{one.id}].within", reason
    for domain in regulation.priorities:
        if not domain.themes:
            yield f"priorities[{domain.id}].themes", Said("没有写主题", "no theme is named")
    if regulation.reminder.before < 0:
        yield "reminder.before", Said("不能为负", "it is at least 0")
    yield from _escalation_faults(regulation)
    yield from _home_faults(regulation)
    grounds = [(f"seats[{one.id}]", one.ground) for one in regulation.seats]
    grounds += [("reminder", regulation.reminder.ground)]
    grounds += [(f"escalation[{one.seat}]", one.ground) for one in regulation.escalation]
    grounds += [(f"priorities[{one.id}]", one.ground) for one in regulation.priorities]
    grounds += [found for one in regulation.procedures for found in _grounds(one, one.id)]
    for where, ground in grounds:
        yield from _ground_faults(where, ground, frozenset(numbers))


def _escalation_faults(regulation: Regulation) -> Iterator[_Fault]:
    sitting = {one.id for one in regulation.seats if one.of is not SeatOf.FILER}
    yield from _twice("escalation", [one.seat for one in regulation.escalation])
    before = 0
    for one in regulation.escalation:
        where = f"escalation[{one.seat}]"
        if one.seat not in sitting:
            yield (
                where,
                Said(f"没有办理一方的席位“{one.seat}”", f"no seat of officials is “{one.seat}”"),
            )
        if one.after < before:
            yield where, Said("须按先后排列，且不为负", "they stand in their order, from 0 days")
        before = one.after


def _home_faults(regulation: Regulation) -> Iterator[_Fault]:
    """Where an article is said to live: a procedure or step that is there, a page, or a command."""
    there = {f"procedure:{one.id}" for one in regulation.procedures}
    there |= {
        f"procedure:{one.id}.{step.id}" for one in regulation.procedures for step in one.steps
    }
    for article in regulation.articles:
        where = f"articles[{article.number}]"
        if article.lives and article.not_software is not None:
            yield (
                where,
                Said("落实之处和不落实的理由只写其一", "say where it lives or why it does not"),
            )
        for home in article.lives:
            if home not in there and not home.startswith(("page:/", "command:wushu ")):
                yield where, Said(f"没有“{home}”", f"there is no “{home}”")


def _word_faults(given: Any, where: str) -> Iterator[_Fault]:
    """Words that one of the languages leaves out, below a place."""
    for one in fields(given):
        value = getattr(given, one.name)
        place = f"{where}.{one.name}".lstrip(".")
        if isinstance(value, Said):
            if not (value.zh.strip() and value.en.strip()):
                yield place, _KINDS["dataclass_type"]
        elif isinstance(value, tuple):
            for part in value:
                if is_dataclass(part):
                    name = getattr(part, "id", getattr(part, "number", ""))
                    yield from _word_faults(part, f"{place}[{name}]")
        elif is_dataclass(value):
            yield from _word_faults(value, place)


def _grounds(given: Any, where: str) -> Iterator[tuple[str, Ground]]:
    """Every ground below a place."""
    for one in fields(given):
        value = getattr(given, one.name)
        if isinstance(value, Ground):
            yield f"{where}.{one.name}", value
        elif is_dataclass(value):
            yield from _grounds(value, f"{where}.{one.name}")
        elif isinstance(value, tuple):
            for part in value:
                if is_dataclass(part):
                    yield from _grounds(part, f"{where}.{one.name}[{getattr(part, 'id', '')}]")


def _ground_faults(where: str, ground: Ground, articles: Collection[int]) -> Iterator[_Fault]:
    if bool(ground.article) == (ground.platform_rule is not None):
        yield (
            where,
            Said("须写一条依据，或写明平台规则", "name an article, or a rule of the platform"),
        )
    elif ground.article and article_number(ground.article) not in articles:
        yield (
            where,
            Said(f"没有“{ground.article}”这一条", f"there is no article {ground.article}"),
        )


def _ids(where: str, several: list[str]) -> Iterator[_Fault]:
    for one in several:
        if not _ID.fullmatch(one):
            yield (
                where,
                Said(
                    f"“{one}”须为小写字母、数字和连字符",
                    f"“{one}”: small letters, digits and hyphens",
                ),
            )
    yield from _twice(where, several)


def _twice(where: str, several: list[str]) -> Iterator[_Fault]:
    for one, count in Counter(several).items():
        if count > 1:
            yield where, Said(f"“{one}”写了 {count} 次", f"“{one}” stands {count} times")


def _procedure_faults(
    regulation: Regulation,
    procedure: Procedure,
    effects: Mapping[str, Collection[str]] | None,
) -> Iterator[_Fault]:
    if not _CODE.fullmatch(procedure.code):
        yield "code", Said("须为两到三个大写字母", "two or three capital letters")
    yield from _ids("states", [one.id for one in procedure.states])
    yield from _ids("steps", [one.id for one in procedure.steps])
    yield from _ids("clocks", [one.id for one in procedure.clocks])
    known = {
        "seat": {one.id for one in regulation.seats} | {NODE_SEAT},
        "state": {one.id for one in procedure.states},
        "step": {one.id for one in procedure.steps},
        "clock": {one.id for one in procedure.clocks},
    }
    strangers = list(_strangers(procedure, known))
    yield from strangers
    yield from _reassessing_faults(procedure)
    filing = {one.id for one in regulation.seats if one.of is SeatOf.FILER} | {NODE_SEAT}
    for step in procedure.steps:
        yield from _step_faults(step, procedure, effects)
        if step.starts and not set(step.seats) <= filing:
            yield (
                f"steps[{step.id}].seats",
                Said(
                    "起始步骤由提出的一方或者平台来做",
                    "who begins a case has filed it: a seat of the filer, or the node for them",
                ),
            )
    moves = {(move.clock, move.event) for step in procedure.steps for move in step.clocks}
    for clock in procedure.clocks:
        if (clock.id, EventKind.STARTED) not in moves:
            yield f"clocks[{clock.id}]", Said("没有步骤开始计时", "no step starts it")
        if (clock.id, EventKind.RETURNED) in moves and clock.supplement_ground is None:
            yield (
                f"clocks[{clock.id}]",
                Said(
                    "补正后如何计时须有依据", "how it goes on after a supplement needs its ground"
                ),
            )
        if clock.working_days < 1:
            yield f"clocks[{clock.id}]", Said("须至少 1 个工作日", "at least 1 working day")
        if clock.extension_in_all is not None and clock.extension_in_all <= clock.working_days:
            yield (
                f"clocks[{clock.id}]",
                Said("延期后合计须更长", "extended it must be longer in all"),
            )
        if (clock.extension_in_all is None) != (clock.extension_ground is None):
            yield f"clocks[{clock.id}]", Said("延期须有依据", "an extension needs its ground")
    if not strangers:  # the walks below trust the names
        yield from _graph_faults(procedure)
        yield from _clock_faults(procedure)


def _reassessing_faults(procedure: Procedure) -> Iterator[_Fault]:
    rule = procedure.reassesses
    if rule is None:
        return
    if procedure.subject is not SubjectKind.DATASET:
        yield "reassesses", Said("只能针对数据集", "it is about a dataset")
    days = [
        one
        for step in procedure.steps
        for one in step.fields
        if (one.id, one.kind, one.public) == (rule.field, FieldKind.DATE, True)
    ]
    if not days:
        reason = Said(
            f"没有步骤公开填写日期“{rule.field}”", f"no step asks for a public date “{rule.field}”"
        )
        yield "reassesses.field", reason
    if rule.days < 0:
        yield "reassesses.days", Said("不能为负", "it is at least 0")


def _strangers(procedure: Procedure, known: Mapping[str, set[str]]) -> Iterator[_Fault]:
    """Names that nothing stands for."""
    named: list[tuple[str, str, str]] = [
        (f"states[{one.id}].turn", "seat", one.turn) for one in procedure.states if one.turn
    ]
    for step in procedure.steps:
        where = f"steps[{step.id}]"
        named += [(f"{where}.seats", "seat", one) for one in step.seats]
        named += [(f"{where}.at", "state", one) for one in step.at]
        named += [(f"{where}.to", "state", step.to)] if step.to is not None else []
        named += [(f"{where}.unlike", "step", one) for one in step.unlike]
        named += [(f"{where}.clocks", "clock", one.clock) for one in step.clocks]
    for where, kind, name in named:
        if name not in known[kind]:
            yield where, Said(f"没有“{name}”", f"there is no {kind} “{name}”")


def _field_faults(where: str, field: FormField, procedure: Procedure) -> Iterator[_Fault]:
    if bool(field.choices) != (field.kind in CHOOSING):
        yield (
            where,
            Said(
                "choice、provision、rows 和 masks 须有选项，其他没有",
                "choices, provisions, rows and masks have choices, nothing else has",
            ),
        )
    steps = {one.id for one in procedure.steps}
    for choice in field.choices:
        if field.kind in PER_ITEM and choice.id not in OFFERED[field.kind]:
            yield f"{where}.choices", Said(f"没有“{choice.id}”", f"there is no “{choice.id}”")
        if choice.after and field.kind is not FieldKind.CHOICE:
            reason = Said("只有 choice 的选项可以写 after", "only values of a choice have after")
            yield f"{where}.choices", reason
        for name in choice.after:
            if name not in steps:
                yield f"{where}.choices", Said(f"没有步骤“{name}”", f"there is no step “{name}”")


def _step_faults(
    step: Step, procedure: Procedure, effects: Mapping[str, Collection[str]] | None
) -> Iterator[_Fault]:
    where = f"steps[{step.id}]"
    if not step.seats:
        yield f"{where}.seats", Said("没有写谁来做", "nobody does it")
    if step.starts == bool(step.at) or (step.starts and step.to is None):
        yield (
            where,
            Said(
                "须写在哪些状态可做；起始步骤只写到哪个状态",
                "name the states it is done at; a first step only where it leads",
            ),
        )
    yield from _ids(f"{where}.fields", [one.id for one in step.fields])
    yield from _ids(f"{where}.papers", [one.id for one in step.papers])
    for one in step.fields:
        yield from _field_faults(f"{where}.fields[{one.id}]", one, procedure)
    yield from _publishing_faults(f"{where}.publishes", step, procedure)
    yield from _taking_down_faults(f"{where}.takes_down", step, procedure)
    days = [one for one in step.fields if one.kind is FieldKind.WORKING_DAYS]
    extended = [one.clock for one in step.clocks if one.event is EventKind.EXTENDED]
    for name in extended:
        clock = next((one for one in procedure.clocks if one.id == name), None)
        if clock is not None and clock.extension_in_all is None:
            yield f"{where}.clocks", Said(f"“{name}”不能延期", f"“{name}” cannot be extended")
    if extended and not step.once:
        yield where, Said("延期只能一次", "an extension is given once")
    if len(days) != len(extended) or len(extended) > 1:
        yield (
            where,
            Said("延期须恰有一个工作日数", "an extension asks for one number of working days"),
        )
    if (
        effects is not None
        and step.effect
        and step.effect not in effects.get(procedure.subject, ())
    ):
        yield (
            f"{where}.effect",
            Said(f"没有“{step.effect}”这个效果", f"nothing offers the effect “{step.effect}”"),
        )


def _publishing_faults(where: str, step: Step, procedure: Procedure) -> Iterator[_Fault]:
    if step.publishes and step.publishes not in PUBLIC_LISTS:
        yield where, Said(f"没有“{step.publishes}”这个公示栏", f"no list is “{step.publishes}”")
    if step.publishes and procedure.public:
        yield where, Said("办件本来就公开", "its cases stand in the public ledger already")
    if step.publishes and not any(one.public for one in step.fields):
        yield where, Said("没有公开的字段", "none of its fields is public")


def _taking_down_faults(where: str, step: Step, procedure: Procedure) -> Iterator[_Fault]:
    """It takes down what one step published, at most once: there is never a doubt what stands."""
    if not step.takes_down:
        return
    published = next((one for one in procedure.steps if one.id == step.takes_down), None)
    if published is None or not published.publishes:
        yield (
            where,
            Said(
                f"“{step.takes_down}”不是公示的步骤",
                f"“{step.takes_down}” is no step that publishes",
            ),
        )
    elif not (published.once and step.once):
        yield where, Said("公示和撤下都须是一次性的", "both are done once in a case")


def _graph_faults(procedure: Procedure) -> Iterator[_Fault]:
    """Every state can be reached, every state can end, and somebody can do something in each."""
    leads: dict[str, set[str]] = {one.id: set() for one in procedure.states}
    for step in procedure.steps:
        for here in step.at:
            leads[here].add(here if step.to is None else step.to)
    reached = _closure({one.to for one in procedure.steps if one.starts and one.to}, leads)
    back: dict[str, set[str]] = {one: set() for one in leads}
    for begin, following in leads.items():
        for one in following:
            back[one].add(begin)
    ending = _closure({one.id for one in procedure.states if one.end}, back)
    if not any(one.starts for one in procedure.steps):
        yield "steps", Said("没有起始步骤", "none begins a case")
    for place in procedure.states:
        yield from _state_faults(place, procedure, reached, ending)


def _state_faults(
    state: State, procedure: Procedure, reached: set[str], ending: set[str]
) -> Iterator[_Fault]:
    where = f"states[{state.id}]"
    here = [one for one in procedure.steps if state.id in one.at]
    if state.id not in reached:
        yield where, Said("到不了", "no case comes there")
    if state.id not in ending:
        yield where, Said("到此就办不完了", "no case that is there can end")
    if state.end and (state.turn or any(one.to not in (None, state.id) for one in here)):
        yield where, Said("终结状态之后不能再走", "nothing follows an end")
    if state.turn and not any(state.turn in one.seats for one in here):
        yield where, Said("轮到的一方无事可做", "whose turn it is has nothing to do")


def _closure(begin: set[str], leads: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(begin), list(begin)
    while waiting:
        for following in leads.get(waiting.pop(), set()) - found:
            found.add(following)
            waiting.append(following)
    return found


@dataclass(frozen=True, slots=True)
class _Standing:
    """A state with how its clocks stand, for the walk over all of them."""

    state: str
    clocks: frozenset[tuple[str, ClockState]]


def _clock_faults(procedure: Procedure) -> Iterator[_Fault]:
    """In whatever order the steps are taken, the clocks can follow."""
    ends = {one.id for one in procedure.states if one.end}
    seen: set[_Standing] = set()
    told: set[tuple[str, str]] = set()
    waiting: list[tuple[Step, _Standing | None]] = [
        (step, None) for step in procedure.steps if step.starts
    ]
    while waiting:
        step, before = waiting.pop()
        clocks = dict(before.clocks) if before else {}
        for move in step.clocks:
            after = clock_state_after(clocks.get(move.clock), move.event)
            if after is None and (step.id, move.clock) not in told:
                told.add((step.id, move.clock))
                yield (
                    f"steps[{step.id}].clocks",
                    Said(
                        f"“{move.clock}”此时不能 {move.event.value}",
                        f"“{move.clock}” cannot be {move.event.value} then",
                    ),
                )
            if after is not None:
                clocks[move.clock] = after
        state = step.to or (before.state if before else "")
        here = _Standing(state, frozenset(clocks.items()))
        if here not in seen and state not in ends:  # an end ends what still runs
            seen.add(here)
            waiting += [(one, here) for one in procedure.steps if state in one.at]
