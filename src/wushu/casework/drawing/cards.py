"""The boxes of a drawing with the words in them, before anybody knows where they stand.

A state is a box; each step that can be done there is a line of it, and the arrow leaves from that line.
So no label stands loose between the boxes, and whose act it is stands beside its article.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby

from wushu.casework.drawing import facts, measure
from wushu.casework.types import Procedure, Regulation, State, Step
from wushu.kernel.errors import Language, Said

PAD = 10.0
"""Between a box's edge and its words."""
TITLE, TEXT, SMALL = 15.0, 13.5, 12.0
"""Sizes of type."""
_LEADING, _BASE = 1.36, 1.04
"""From line to line, and from a line's upper edge to its base, in sizes of type."""
_APART = 8.0
"""Least room between words and what stands right of them."""
_WIDTHS = {1: 300.0, 2: 280.0, 3: 250.0, 4: 206.0}
_LEAST_WIDTH = 190.0
NOBODY = ""
"""The lane of states in which nobody has a turn, ends among them."""
BEGIN = "begin:"
"""Before the name of the seat that begins a case: the box where it does."""


class Kind(Enum):
    """How a box is drawn."""

    BEGIN = "begin"
    STATE = "state"
    END = "end"


@dataclass(frozen=True, slots=True)
class Words:
    """One line of type; ``x`` and ``y`` (of its base) from the upper left corner of its box."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    right: bool = False
    """It ends at ``x``."""


@dataclass(frozen=True, slots=True)
class Exit:
    """A step that leaves: where its arrow begins, and the state it leads to."""

    y: float
    target: str
    step: str


@dataclass(slots=True)
class Card:
    """A box."""

    key: str
    lane: int
    kind: Kind
    width: float
    entry: float = 0.0
    """Where arrows come in."""
    height: float = PAD
    words: list[Words] = field(default_factory=list)
    dials: list[tuple[float, float]] = field(default_factory=list)
    """Centres of the clocks' faces."""
    rules: list[float] = field(default_factory=list)
    """Lines across."""
    exits: list[Exit] = field(default_factory=list)

    @property
    def _room(self) -> float:
        return self.width - 2 * PAD

    def write(self, text: str, size: float, *, bold: bool = False, indent: float = 0.0) -> float:
        """Add lines of type below what is there; the middle of the first."""
        first = self.height + size * _LEADING / 2
        for line in measure.balanced(text, self._room - indent, size, bold=bold):
            base = self.height + size * _BASE
            self.words.append(Words(line, PAD + indent, base, size, bold))
            self.height += size * _LEADING
        return first

    def end_with(self, text: str) -> None:
        """Add small words at the right: on the last line where they fit, else on one of their own."""
        last = self.words[-1]
        taken = last.x - PAD + measure.width(last.text, last.size, bold=last.bold)
        if taken + measure.width(text, SMALL) + _APART <= self._room:
            base = last.y
        else:
            base = self.height + SMALL * _BASE
            self.height += SMALL * _LEADING
        self.words.append(Words(text, self.width - PAD, base, SMALL, right=True))

    def divide(self) -> None:
        """A line across the box."""
        self.height += 5.0
        self.rules.append(self.height)
        self.height += 5.0

    def close(self) -> None:
        """The lower edge."""
        self.height += PAD - 2.0


@dataclass(frozen=True, slots=True)
class Deck:
    """All boxes of a procedure, and the lanes they stand in."""

    lanes: tuple[str, ...]
    """Seats, and ``NOBODY`` last."""
    width: float
    """Of a box."""
    cards: tuple[Card, ...]


def deck(regulation: Regulation, procedure: Procedure, language: Language) -> Deck:
    """The boxes of a procedure in a language."""
    lanes = _lanes(procedure)
    width = _WIDTHS.get(len(lanes), _LEAST_WIDTH)
    dealer = _Dealer(regulation, procedure, language, lanes, width)
    beginning = {step.seats[0]: None for step in procedure.steps if step.starts}
    cards = [dealer.begin(seat) for seat in beginning]
    cards += [dealer.state(state) for state in procedure.states]
    return Deck(lanes, width, tuple(cards))


def _lanes(procedure: Procedure) -> tuple[str, ...]:
    """Seats with a beginning or a turn, in the order in which a case comes to them."""
    starting = [one for one in procedure.steps if one.starts]
    lanes = dict.fromkeys(one.seats[0] for one in starting)
    reached = list(dict.fromkeys(one.to for one in starting if one.to))
    for key in reached:
        state = procedure.state(key)
        if state.turn:
            lanes[state.turn] = None
        following = dict.fromkeys(one.to for one in procedure.steps if key in one.at and one.to)
        reached += [one for one in following if one not in reached]
    lanes |= dict.fromkeys(one.turn for one in procedure.states if one.turn)
    return (*lanes, NOBODY)


@dataclass(frozen=True, slots=True)
class _Dealer:
    regulation: Regulation
    procedure: Procedure
    language: Language
    lanes: Sequence[str]
    width: float

    def begin(self, seat: str) -> Card:
        """The box in which a case begins."""
        card = Card(BEGIN + seat, self.lanes.index(seat), Kind.BEGIN, self.width)
        card.entry = card.write(self._said("开始", "Begin"), TITLE, bold=True)
        card.divide()
        steps = [s for s in self.procedure.steps if s.starts and s.seats[0] == seat]
        self._steps(card, steps, seat)
        card.close()
        return card

    def state(self, state: State) -> Card:
        """The box of a state."""
        kind = Kind.END if state.end else Kind.STATE
        lane = self.lanes.index(state.turn)
        card = Card(state.id, lane, kind, self.width)
        card.entry = card.write(state.label(self.language), TITLE, bold=True)
        self._standing(card, state)
        here = [one for one in self.procedure.steps if state.id in one.at]
        leaving = [one for one in here if facts.leaves(one, state)]
        if leaving:
            card.divide()
            self._steps(card, leaving, state.turn)
        staying = [one for one in here if not facts.leaves(one, state)]
        if staying:
            card.divide()
            self._staying(card, staying)
        card.close()
        return card

    def _standing(self, card: Card, state: State) -> None:
        """Under a state's name: whose turn it is, by which article, and the limits that run."""
        who = (
            facts.seat_label(self.regulation, state.turn)
            if state.turn
            else Said("办结", "end")
            if state.end
            else Said("无人须办理", "nobody has to act")
        )
        card.write(who(self.language), SMALL)
        card.end_with(facts.short_ground(state.ground)(self.language))
        for clock in facts.clocks_running(self.procedure, state.id):
            card.height += 2.0
            said = facts.working_days(clock)(self.language)
            name = clock.label(self.language)
            middle = card.write(
                self._said(f"{name}：{said}", f"{name}: {said}"), SMALL, bold=True, indent=17.0
            )
            card.dials.append((PAD + 6.0, middle))
        for clock in facts.clocks_stopped(self.procedure, state.id):
            name = clock.label(self.language)
            card.write(self._said(f"{name}停止计时", f"{name}: clock stopped"), SMALL)

    def _steps(self, card: Card, steps: Iterable[Step], turn: str) -> None:
        for place, step in enumerate(steps):
            if place:
                card.height += 6.0
            y = card.write(step.label(self.language), TEXT)
            assert step.to is not None  # it leaves
            card.exits.append(Exit(y, step.to, step.id))
            self._attribute(card, step, turn)

    def _staying(self, card: Card, steps: Iterable[Step]) -> None:
        """Steps that change no state: listed, not drawn; who does several is said once."""
        card.write(self._said("不改变状态：", "Without leaving it:"), SMALL)
        for seats, several in groupby(steps, lambda one: one.seats):
            self._by(card, seats)
            for step in several:
                card.write(f"– {step.label(self.language)}", SMALL, indent=9.0)
                card.end_with(facts.short_ground(step.ground)(self.language))

    def _attribute(self, card: Card, step: Step, turn: str) -> None:
        """Who does it, where it is not they alone whose turn it is; and the article."""
        if step.seats != (turn,):
            self._by(card, step.seats)
        card.end_with(facts.short_ground(step.ground)(self.language))

    def _by(self, card: Card, seats: Sequence[str]) -> None:
        parts = [one(self.language) for one in facts.any_of(self.regulation, seats)]
        parts[0] = self._said(f"由{parts[0]}", f"by {parts[0]}")
        for line in measure.filled(parts, self.width - 2 * PAD, SMALL):
            card.write(line, SMALL)

    def _said(self, zh: str, en: str) -> str:
        return Said(zh, en)(self.language)
