"""A procedure's picture shows all of it, and nothing lies on top of anything else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from wushu.casework import selectors
from wushu.casework.drawing import (
    flow_chart,
    limit_rows,
    measure,
    state_rows,
    step_rows,
    tables_as_text,
)
from wushu.casework.drawing.cards import BEGIN, Kind, deck
from wushu.casework.drawing.layout import Layout, Placed, laid_out
from wushu.casework.types import (
    ClockMove,
    ClockRule,
    EventKind,
    Ground,
    Procedure,
    Regulation,
    RegulationStatus,
    Reminder,
    Seat,
    SeatOf,
    State,
    Step,
    SubjectKind,
)
from wushu.kernel.errors import Language, Said
from wushu.parties.types import Role

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
REGULATIONS = [
    selectors.regulation_of(selectors.read_folder(folder), folder.name)
    for folder in selectors.regulation_folders()
]
PER_STATE = 160.0
"""Pixels of height that one state may take, with its card, its steps and the way to the next."""
OURS = [(regulation, one) for regulation in REGULATIONS for one in regulation.procedures]
GROUND = Ground(article="1")


def named(one: tuple[Regulation, Procedure]) -> str:
    return f"{one[0].id}-{one[1].id}"


def said(text: str) -> Said:
    return Said(text, text)


def made_up(seed: int) -> tuple[Regulation, Procedure]:
    """A procedure that nobody wrote: states in any lane, steps from anywhere to anywhere."""
    dice = random.Random(seed)
    seats = tuple(
        Seat(f"seat-{n}", said(f"第{n}方办理单位"), Role.EXPERT, SeatOf.BODY, GROUND)
        for n in range(dice.randint(1, 5))
    )
    keys = [f"s{n}" for n in range(dice.randint(2, 18))]
    ends = set(keys[-dice.randint(1, max(1, len(keys) // 3)) :])
    states = tuple(
        State(
            key, said("状态" * dice.randint(1, 9) + key), GROUND,
            turn="" if key in ends or dice.random() < 0.2 else dice.choice(seats).id,
            end=key in ends,
        )
        for key in keys
    )  # fmt: skip
    open_ones = [key for key in keys if key not in ends] or keys[:1]
    steps = [_step("begin", dice.choice(seats).id, starts=True, to=keys[0])]
    for place, key in enumerate(keys[1:], start=1):  # each is led to from one before it
        source = dice.choice([one for one in keys[:place] if one in open_ones] or keys[:1])
        steps.append(_step(f"to-{key}", dice.choice(seats).id, at=(source,), to=key))
    for number in range(dice.randint(0, 12)):
        at = tuple(dice.sample(open_ones, dice.randint(1, min(3, len(open_ones)))))
        target = dice.choice([*keys, None])
        steps.append(_step(f"more-{number}", dice.choice(seats).id, at=at, to=target))
    procedure = Procedure(
        id="made-up", code="MU", title=said("程序"), summary=said("说明。"), ground=GROUND,
        subject=SubjectKind.BODY, states=states, steps=tuple(steps),
    )  # fmt: skip
    regulation = Regulation(
        id="made-up", title=said("规则"), issuer=said("机关"), number="",
        status=RegulationStatus.DRAFT, division="320500", valid_from=date(2026, 1, 1), source="",
        seats=seats, articles=(), procedures=(procedure,), reminder=Reminder(2, GROUND),
    )  # fmt: skip
    return regulation, procedure


def _step(
    key: str, seat: str, *, starts: bool = False, at: tuple[str, ...] = (), to: str | None = None
) -> Step:
    label = said(f"步骤{key}" * 2)
    return Step(key, label, label, (seat,), GROUND, starts=starts, at=at, to=to)


MADE_UP = [made_up(seed) for seed in range(60)]


def layout_of(regulation: Regulation, procedure: Procedure, language: Language) -> Layout:
    return laid_out(deck(regulation, procedure, language), head=50.0)


def drawn(regulation: Regulation, procedure: Procedure, language: Language) -> ElementTree.Element:
    return ElementTree.fromstring(flow_chart(regulation, procedure, language))


def words_of(picture: ElementTree.Element) -> str:
    """All words of a picture, without the blanks at which lines were broken."""
    return "".join("".join(one.itertext()) for one in picture.iter(f"{SVG}text")).replace(" ", "")


def overlaps(one: Placed, other: Placed) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


def sections(layout: Layout) -> Iterator[tuple[str, tuple[float, float], tuple[float, float]]]:
    """The straight parts of all arrows, each with where its arrow leads."""
    for arrow in layout.arrows:
        for begin, end in zip(arrow.points, arrow.points[1:], strict=False):
            if begin != end:
                yield arrow.target, begin, end


def lies_in(card: Placed, begin: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether a straight part runs through the inside of a box; on its edge it may end."""
    (x1, x2), (y1, y2) = sorted((begin[0], end[0])), sorted((begin[1], end[1]))
    return x1 < card.right - 1 and x2 > card.x + 1 and y1 < card.bottom and y2 > card.y


def lie_together(
    one: tuple[str, tuple[float, float], tuple[float, float]],
    other: tuple[str, tuple[float, float], tuple[float, float]],
) -> bool:
    """Whether two parts run on one line over more than a point."""
    for axis in (0, 1):
        across = 1 - axis
        same = one[1][across] == one[2][across] == other[1][across] == other[2][across]
        (a, b), (c, d) = (sorted((part[1][axis], part[2][axis])) for part in (one, other))
        if same and min(b, d) - max(a, c) > 0.5:
            return True
    return False


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", OURS, ids=named)
def test_every_state_and_step_is_in_the_picture_with_who_does_it_and_why(
    one: tuple[Regulation, Procedure], language: Language
) -> None:
    regulation, procedure = one
    picture = drawn(regulation, procedure, language)
    words = words_of(picture)
    for part in (*procedure.states, *procedure.steps, procedure, regulation):
        text = getattr(part, "label", None) or part.title
        assert text(language).replace(" ", "") in words, part.id
    for state in procedure.states:
        if state.turn:
            assert regulation.seat(state.turn).label(language).replace(" ", "") in words
    for clock in procedure.clocks:
        days = {"zh": f"{clock.working_days}个工作日", "en": f"{clock.working_days}workingday"}
        assert clock.label(language).replace(" ", "") in words
        assert days[language] in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", OURS, ids=named)
def test_the_picture_says_what_it_is_to_those_who_do_not_see_it(
    one: tuple[Regulation, Procedure], language: Language
) -> None:
    regulation, procedure = one
    picture = drawn(regulation, procedure, language)
    assert picture.get("role") == "img"
    labelled = (picture.get("aria-labelledby") or "").split()
    heard = {part.get("id"): part.text or "" for part in picture if part.get("id")}
    assert [heard[name] for name in labelled] == list(heard.values())
    assert procedure.title(language) in heard[labelled[0]]
    for state in procedure.states:
        assert not state.end or state.label(language) in heard[labelled[1]]
    assert picture.get("lang") == {"zh": "zh-Hans", "en": "en"}[language]


def test_conditional_access_is_no_wider_than_a_page() -> None:
    regulation = next(one for one in REGULATIONS if one.id.startswith("suzhou"))
    for language in LANGUAGES:
        layout = layout_of(regulation, regulation.procedure("conditional-access"), language)
        assert layout.width <= 1040


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", OURS, ids=named)
def test_a_picture_grows_with_its_states_and_no_faster(
    one: tuple[Regulation, Procedure], language: Language
) -> None:
    regulation, procedure = one
    height = layout_of(regulation, procedure, language).height
    assert height <= PER_STATE * len(procedure.states)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_box_overlaps_and_no_arrow_runs_through_one(language: Language) -> None:
    for regulation, procedure in (*OURS, *MADE_UP):
        layout = layout_of(regulation, procedure, language)
        where = named((regulation, procedure))
        for place, card in enumerate(layout.cards):
            assert not [one for one in layout.cards[:place] if overlaps(one, card)], where
            through = [part for part in sections(layout) if lies_in(card, part[1], part[2])]
            assert not through, (where, card.card.key)
            assert card.x > 0
            assert card.right < layout.width
            assert card.bottom < layout.height


def test_only_arrows_to_one_state_run_together() -> None:
    for regulation, procedure in (*OURS, *MADE_UP):
        parts = list(sections(layout_of(regulation, procedure, "zh")))
        for place, one in enumerate(parts):
            for other in parts[:place]:
                if one[0] != other[0]:
                    assert not lie_together(one, other), (procedure.id, one, other)


def test_each_step_that_leaves_has_its_arrow_from_its_box_to_where_it_leads() -> None:
    for regulation, procedure in (*OURS, *MADE_UP):
        layout = layout_of(regulation, procedure, "zh")
        cards = {one.card.key: one for one in layout.cards}
        wanted = {
            (source, step.to, step.id)
            for step in procedure.steps
            for source in ((f"{BEGIN}{step.seats[0]}",) if step.starts else step.at)
            if step.to not in (None, source)
        }
        assert {(one.source, one.target, one.step) for one in layout.arrows} == wanted
        for arrow in layout.arrows:
            source, target = cards[arrow.source], cards[arrow.target]
            (x1, y1), *_, (x2, y2) = arrow.points
            assert x1 in (source.x, source.right)
            assert source.y < y1 < source.bottom
            assert x2 in (target.x, target.right)
            assert y2 == target.y + target.card.entry
        ends = {one.card.key for one in layout.cards if one.card.kind is Kind.END}
        assert ends == {one.id for one in procedure.states if one.end}


def test_where_two_arrows_cross_one_is_broken() -> None:
    regulation, procedure = OURS[0]
    picture = flow_chart(regulation, procedure, "zh")
    layout = layout_of(regulation, procedure, "zh")
    assert layout.bridges
    assert picture.count('class="paper-line"') == len(layout.bridges)


def test_words_stay_inside_their_boxes() -> None:
    for regulation, procedure in (*OURS, *MADE_UP):
        for language in LANGUAGES:
            for card in deck(regulation, procedure, language).cards:
                for words in card.words:
                    long = measure.width(words.text, words.size, bold=words.bold)
                    begin = words.x - long if words.right else words.x
                    assert begin >= 0, (procedure.id, words)
                    assert begin + long <= card.width, (procedure.id, words)
                    assert 0 < words.y < card.height


def test_words_that_look_like_markup_stay_words() -> None:
    regulation, procedure = made_up(1)
    bad = said("</svg><script>alert(1)</script>&\"'")
    state = replace(procedure.states[0], label=bad)
    hostile = replace(procedure, title=bad, states=(state, *procedure.states[1:]))
    picture = drawn(regulation, hostile, "zh")
    assert not list(picture.iter(f"{SVG}script"))
    assert "<script>alert(1)</script>" in words_of(picture)


def test_nothing_but_black_white_and_one_shade_is_in_it() -> None:
    regulation, procedure = OURS[0]
    picture = flow_chart(regulation, procedure, "zh")
    assert len(set(re.findall(r"#[0-9a-f]{6}", picture))) == 3
    assert "style" not in picture, "a page's content security policy would not let it in"


def test_steps_that_change_nothing_are_listed_and_not_drawn() -> None:
    regulation = next(one for one in REGULATIONS if one.id.startswith("suzhou"))
    procedure = regulation.procedure("conditional-access")
    assert "不改变状态：" in words_of(drawn(regulation, procedure, "zh"))
    drawn_steps = {one.step for one in layout_of(regulation, procedure, "zh").arrows}
    assert "report-use" not in drawn_steps


def with_clocks() -> tuple[Regulation, Procedure]:
    regulation, _ = made_up(1)
    seat = regulation.seats[0].id
    limit = ClockRule(
        "limit", said("答复"), 5, GROUND, supplement_ground=Ground(platform_rule=said("比照")),
        extension_in_all=30, extension_ground=Ground(article="11"),
    )  # fmt: skip
    states = (
        State("open", said("办理中"), GROUND, turn=seat),
        State("back", said("已退回"), GROUND, turn=seat),
        State("done", said("已办结"), GROUND, end=True),
    )

    def move(event: EventKind) -> tuple[ClockMove, ...]:
        return (ClockMove("limit", event),)

    steps = (
        replace(_step("file", seat, starts=True, to="open"), clocks=move(EventKind.STARTED)),
        replace(_step("return", seat, at=("open",), to="back"), clocks=move(EventKind.RETURNED)),
        replace(_step("again", seat, at=("back",), to="open"), clocks=move(EventKind.RESUBMITTED)),
        replace(_step("answer", seat, at=("open",), to="done"), once=True, unlike=("file",)),
    )
    procedure = Procedure(
        id="clocked", code="CK", title=said("程序"), summary=said("说明。"), ground=GROUND,
        subject=SubjectKind.BODY, states=states, steps=steps, clocks=(limit,),
    )  # fmt: skip
    return replace(regulation, procedures=(procedure,)), procedure


def test_a_limit_stands_where_it_runs_and_says_where_it_stands_still() -> None:
    regulation, procedure = with_clocks()
    cards = {one.key: one for one in deck(regulation, procedure, "zh").cards}
    texts = {key: "".join(one.text for one in card.words) for key, card in cards.items()}
    assert "答复：5个工作日，可延至合计30个" in texts["open"].replace(" ", "")
    assert len(cards["open"].dials) == 1
    assert "答复停止计时" in texts["back"]
    assert not cards["back"].dials
    assert not cards["done"].dials
    assert "答复" not in texts["done"]


def test_the_tables_say_every_limit_and_step() -> None:
    regulation, procedure = with_clocks()
    (limit,) = limit_rows(regulation, procedure, "zh")
    assert (limit.working_days, limit.extended) == (5, "30（第十一条）")
    assert limit.supplement == "重新计时（平台规则：比照）"
    assert limit.states == "办理中"
    steps = {one.id: one for one in step_rows(regulation, procedure, "zh")}
    assert [one.limits for one in steps.values()] == [
        ("答复开始计时",), ("答复停止计时",), ("答复重新计时",), (),
    ]  # fmt: skip
    assert steps["file"].origins == ("（开始）",)
    assert len(steps["answer"].conditions) == 2
    open_, back, done = state_rows(regulation, procedure, "zh")
    assert (open_.limits, back.limits, done.turn) == (
        "答复：5 个工作日，可延至合计 30 个",
        "—",
        "办结",
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", OURS, ids=named)
def test_the_tables_as_text_have_a_line_for_each(
    one: tuple[Regulation, Procedure], language: Language
) -> None:
    regulation, procedure = one
    lines = tables_as_text(regulation, procedure, language).splitlines()
    for part in (*procedure.clocks, *procedure.steps):
        assert [line for line in lines if line.startswith(f"| {part.label(language)} |")], part.id
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("|")}
    assert widths <= {7, 8}


def test_chinese_breaks_anywhere_but_before_a_closing_mark() -> None:
    assert measure.wrapped("一二三四五，六七", 50.0, 10.0) == ("一二三四", "五，六七")
    assert measure.wrapped("（一）二三四", 30.0, 10.0) == ("（一）", "二三四")
    assert measure.wrapped("two words here", 60.0, 10.0) == ("two words", "here")
    assert measure.balanced("一二三四五六七", 60.0, 10.0) == ("一二三四", "五六七")
    assert measure.wrapped("two words", 50.0, 10.0) == ("two words",)
    assert measure.wrapped("two words", 50.0, 10.0, bold=True) == ("two", "words")
    assert measure.filled(["由甲、", "乙", "或丙"], 45.0, 10.0) == ["由甲、乙", "或丙"]
