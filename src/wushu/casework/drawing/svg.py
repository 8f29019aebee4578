"""A procedure as a drawing: scalable, without colour, with words for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from wushu.casework.drawing import facts, measure
from wushu.casework.drawing.cards import SMALL, TITLE, Card, Kind, Words, deck
from wushu.casework.drawing.layout import MARGIN, Arrow, Bridge, Lane, Layout, Placed, laid_out
from wushu.casework.types import Procedure, Regulation
from wushu.kernel.errors import Language, Said

_FONTS = (
    "'Source Han Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', system-ui,"
    " sans-serif"
)
_INK, _PAPER, _SHADE = "#17212b", "#ffffff", "#f3f1ec"
_ROUND = 6.0
_LANE_HEAD, _LANE_LINE = 24.0, 18.0
_LINE = 17.0
"""Of the heading's and the legend's small type."""
_EM = 16.0
_LEGEND = (
    Said(
        "一框为事项所处的一个状态，列于轮到办理的一方之下；横线下每行为一个步骤，箭头由该行引向下一状态。",
        "A box is where a case stands, under whose turn it is; below its line stand the steps, each with"
        " an arrow to where it leads.",
    ),
    Said(
        "双线框：办结。圆角框：开始。钟面：在此计时的期限。步骤右侧为依据；由他方办理的，另注办理人。",
        "Double frame: the case ends. Round frame: it begins. Dial: a limit that runs. Right of a step: its"
        " article; below it who does it, where that is somebody else.",
    ),
    Said(
        "弯入同一条线的箭头通向同一状态；线断开处为上下穿过，互不相连。",
        "Arrows that bend into one line lead to one state; where a line is broken, two only cross.",
    ),
)


def flow_chart(
    regulation: Regulation, procedure: Procedure, language: Language, *, headed: bool = True
) -> str:
    """The flow chart of a procedure as an SVG element, a document of its own or part of a page.

    ``headed``: its titles stand above it. Sizes are in em: it grows with the type around it. Colours
    are attributes, so that a page's style can change them: the root's ``color``, and the classes
    ``paper`` and ``shade``.
    """
    boxes = deck(regulation, procedure, language)
    heads = tuple(_lane_head(regulation, one, boxes.width, language) for one in boxes.lanes)
    top = MARGIN + (52.0 if headed else 0.0)
    layout = laid_out(boxes, head=top + _LANE_HEAD + max(map(len, heads)) * _LANE_LINE)
    return "".join(_Pen(regulation, procedure, language, layout, heads, top, headed).element())


def _lane_head(
    regulation: Regulation, seat: str, room: float, language: Language
) -> tuple[str, ...]:
    nobody = Said("无人须办理、办结", "Nobody has to act, or ended")
    words = (facts.seat_label(regulation, seat) if seat else nobody)(language)
    return measure.balanced(words[:1].upper() + words[1:], room, TITLE, bold=True)


@dataclass(frozen=True, slots=True)
class _Pen:
    regulation: Regulation
    procedure: Procedure
    language: Language
    layout: Layout
    heads: tuple[tuple[str, ...], ...]
    top: float
    headed: bool

    def element(self) -> Iterator[str]:
        """The whole picture, from what lies below to what lies above."""
        legend = self._legend()
        bottom = self.layout.height + MARGIN
        width, height = self.layout.width, bottom + len(legend) * _LINE + MARGIN
        name = f"chart-{self.procedure.id}"
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img"'
            f' lang="{"zh-Hans" if self.language == "zh" else "en"}"'
            f' aria-labelledby="{name} {name}-said" viewBox="0 0 {_n(width)} {_n(height)}"'
            f' width="{_n(width / _EM)}em" height="{_n(height / _EM)}em" color="{_INK}"'
            f' fill="none" stroke-linejoin="round" font-family={quoteattr(_FONTS)}>'
        )
        yield f'<title id="{name}">{escape(self._title())}</title>'
        yield f'<desc id="{name}-said">{escape(self._said())}</desc>'
        yield f'<rect class="paper" width="{_n(width)}" height="{_n(height)}" fill="{_PAPER}"/>'
        yield from self._lanes()
        yield '<g stroke="currentColor" stroke-width="1.25">'
        trunks: dict[tuple[tuple[float, float], ...], list[Arrow]] = {}
        for one in self.layout.arrows:
            trunks.setdefault(one.points[2:], []).append(one)
            if one.points[0][1] != one.points[3][1]:
                yield _branch(one)
        for several in trunks.values():
            yield from _trunk(several)
        yield "</g>"
        yield from map(_bridge, self.layout.bridges)
        yield '<g fill="currentColor">'
        yield from map(_head, trunks)
        yield "</g>"
        for placed in self.layout.cards:
            yield from _card(placed)
        if self.headed:
            yield _text(MARGIN, 32.0, self.procedure.title(self.language), 20.0, bold=True)
            yield _text(MARGIN, 52.0, self._of(), SMALL)
        for place, line in enumerate(legend):
            yield _text(MARGIN, bottom + place * _LINE + 8.0, line, SMALL)
        yield "</svg>"

    def _title(self) -> str:
        title = self.procedure.title(self.language)
        return Said(f"{title}流程图", f"Flow chart: {title}")(self.language)

    def _of(self) -> str:
        ground = facts.short_ground(self.procedure.ground)(self.language)
        return f"{self.regulation.title(self.language)} · {ground}"

    def _said(self) -> str:
        """What the picture shows, in a few sentences; all of it stands in the tables beside it."""
        states, steps = len(self.procedure.states), len(self.procedure.steps)
        ends = facts.listed([one.label for one in self.procedure.states if one.end])
        limits = facts.listed(
            [
                Said(f"{c.label.zh}{days.zh}", f"{c.label.en} {days.en}")
                for c in self.procedure.clocks
                for days in (facts.working_days(c),)
            ]
        )
        zh = f"{self.procedure.summary.zh}共 {states} 个状态、{steps} 个步骤。办结：{ends.zh}。"
        en = f"{self.procedure.summary.en} {states} states, {steps} steps. It ends in: {ends.en}."
        if self.procedure.clocks:
            zh, en = f"{zh}期限：{limits.zh}。", f"{en} Limits: {limits.en}."
        return Said(zh, en)(self.language)

    def _legend(self) -> list[str]:
        room = self.layout.width - 2 * MARGIN
        return [
            line for one in _LEGEND for line in measure.balanced(one(self.language), room, SMALL)
        ]

    def _lanes(self) -> Iterator[str]:
        """The lanes' bands, every second one shaded, and their heads."""
        edges = _edges(self.layout.lanes, self.layout.width)
        for place, (lane, (left, right)) in enumerate(zip(self.layout.lanes, edges, strict=True)):
            if place % 2 == 0:
                height = self.layout.height - self.top
                yield (
                    f'<rect class="shade" x="{_n(left)}" y="{_n(self.top)}" width="{_n(right - left)}"'
                    f' height="{_n(height)}" fill="{_SHADE}"/>'
                )
            for line, words in enumerate(self.heads[place]):
                y = self.top + 22.0 + line * _LANE_LINE
                yield _text(lane.x, y, words, TITLE, bold=True)


def _edges(lanes: tuple[Lane, ...], width: float) -> Iterator[tuple[float, float]]:
    """From where to where the lanes' bands go: channels are halved."""
    middles = [(one.x + one.width + following.x) / 2 for one, following in pairwise(lanes)]
    yield from zip([0.0, *middles], [*middles, width], strict=True)


def _card(placed: Placed) -> Iterator[str]:
    card, x, y = placed.card, placed.x, placed.y
    yield f'<g transform="translate({_n(x)} {_n(y)})">'
    round_by = 16.0 if card.kind is Kind.BEGIN else 2.0
    yield _rect(0.0, card, round_by, 1.5, filled=True)
    if card.kind is Kind.END:
        yield _rect(3.5, card, 0.0, 0.75)
    for rule in card.rules:
        yield (
            f'<path d="M0 {_n(rule)}H{_n(card.width)}" stroke="currentColor" stroke-width="0.75"/>'
        )
    for at_x, at_y in card.dials:
        yield (
            f'<g stroke="currentColor" stroke-width="1.25"><circle cx="{_n(at_x)}" cy="{_n(at_y)}"'
            f' r="5.5"/><path d="M{_n(at_x)} {_n(at_y - 3.5)}v3.5h2.75"/></g>'
        )
    yield '<g fill="currentColor">'
    yield from map(_words, card.words)
    yield "</g></g>"


def _rect(inset: float, card: Card, round_by: float, stroke: float, *, filled: bool = False) -> str:
    paper = f' class="paper" fill="{_PAPER}"' if filled else ""
    return (
        f'<rect x="{_n(inset)}" y="{_n(inset)}" width="{_n(card.width - 2 * inset)}"'
        f' height="{_n(card.height - 2 * inset)}" rx="{_n(round_by)}"{paper}'
        f' stroke="currentColor" stroke-width="{_n(stroke)}"/>'
    )


def _words(words: Words) -> str:
    return _text(words.x, words.y, words.text, words.size, bold=words.bold, right=words.right)


def _text(
    x: float, y: float, text: str, size: float, *, bold: bool = False, right: bool = False
) -> str:
    more = ' font-weight="700"' if bold else ""
    more += ' text-anchor="end"' if right else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="currentColor"{more}>'
        f"{escape(text)}</text>"
    )


def _branch(arrow: Arrow) -> str:
    """From the box into the way to the target; rounded, so that one sees which way it goes."""
    (x1, y), (x, _), (_, entry), _ = arrow.points
    bend = _bend(y, entry)
    before = x - bend if x > x1 else x + bend
    turned = y + bend if entry > y else y - bend
    return f'<path d="M{_n(x1)} {_n(y)}H{_n(before)}Q{_n(x)} {_n(y)} {_n(x)} {_n(turned)}"/>'


def _trunk(arrows: Sequence[Arrow]) -> Iterator[str]:
    """The way into a target, drawn once for all arrows that come to it there."""
    (x, _), (_, entry), (end, _) = arrows[0].points[1:]
    into = end - 6.0 if end > x else end + 6.0
    for several in (
        [one.points[0][1] for one in arrows if one.points[0][1] < entry],
        [one.points[0][1] for one in arrows if one.points[0][1] > entry],
    ):
        if several:
            far = max(several, key=lambda y: abs(y - entry))
            near = min(_bend(y, entry) for y in several)
            sign = 1.0 if entry > far else -1.0
            after = x + near if end > x else x - near
            yield (
                f'<path d="M{_n(x)} {_n(far + sign * _bend(far, entry))}V{_n(entry - sign * near)}'
                f'Q{_n(x)} {_n(entry)} {_n(after)} {_n(entry)}H{_n(into)}"/>'
            )
    for one in arrows:
        if one.points[0][1] == entry:
            yield f'<path d="M{_n(one.points[0][0])} {_n(entry)}H{_n(into)}"/>'


def _bend(y: float, entry: float) -> float:
    return min(_ROUND, abs(entry - y) / 2)


def _bridge(bridge: Bridge) -> str:
    """The upright arrow is broken where the level one passes."""
    x, y = bridge.x, bridge.y
    return (
        f'<path class="paper-line" d="M{_n(x)} {_n(y - 4)}v8" stroke="{_PAPER}" stroke-width="4"/>'
        f'<path d="M{_n(x - 4)} {_n(y)}h8" stroke="currentColor" stroke-width="1.25"/>'
    )


def _head(way: tuple[tuple[float, float], ...]) -> str:
    (before, _), (x, y) = way
    back = -8.0 if x > before else 8.0
    return f'<path d="M{_n(x)} {_n(y)}l{_n(back)} -4v8z"/>'


def _n(number: float) -> str:
    """A number as short as it can be written."""
    return f"{number:.1f}".removesuffix(".0")
