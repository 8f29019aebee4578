"""Where the boxes of a drawing stand, and on which ways their arrows go.

Each box stands in the lane of whose turn it is. An arrow leaves its line of the box straight to the
side, turns in the channel beside the lane it leads to, and goes along there to its target: all arrows to
one target join. No arrow runs through a box: a box is set as high as it can stand where none would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wushu.casework.drawing.cards import Card, Deck, Kind

MARGIN = 12.0
GAP = 22.0
"""Between two boxes of a lane."""
_TRACK = 11.0
"""Between two arrows side by side in a channel."""
_EDGE = 15.0
"""Between a box and the first arrow beside it."""
_CLEAR = 9.0
"""Between an arrow and a box, or another arrow, above or below it."""
_BACK = 2.5
"""How much worse an arrow upwards is than one downwards."""
_STEP = 2.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A box where it stands."""

    card: Card
    x: float
    y: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.card.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.card.height


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a box's side along a channel to another's: four corners."""

    source: str
    target: str
    step: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """Where an arrow passes over another that goes up or down."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane from edge to edge."""

    seat: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole drawing, in pixels."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    cards: tuple[Placed, ...]
    arrows: tuple[Arrow, ...]
    bridges: tuple[Bridge, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """An arrow before its channel has a width."""

    source: str
    target: str
    step: str
    channel: int
    """It turns there: channel ``n`` is left of lane ``n``."""
    leaves_right: bool


@dataclass(slots=True)
class _Trunk:
    """The common part of all arrows that come to a target from one side."""

    channel: int
    target: str
    from_left: bool
    """It comes in at the target's left side."""
    ys: list[float] = field(default_factory=list)
    track: int = 0

    @property
    def top(self) -> float:
        return min(self.ys)

    @property
    def bottom(self) -> float:
        return max(self.ys)


def laid_out(deck: Deck, head: float) -> Layout:
    """Every box and arrow in its place; ``head``: what is kept free above."""
    ways = _ways(deck)
    order = _ordered(deck, ways)
    tops = _stacked(order, ways, head)
    return _drawn(deck, ways, tops)


# Which way


def _ways(deck: Deck) -> tuple[_Way, ...]:
    lane = {one.key: one.lane for one in deck.cards}
    last = len(deck.lanes) - 1
    found = []
    for card in deck.cards:
        for one in card.exits:
            here, there = card.lane, lane[one.target]
            # Between two boxes of a lane: inwards, where the others come from.
            right = here < there or (here == there and here < last)
            comes_left = here < there or (here == there and not right)
            channel = there if comes_left else there + 1
            found.append(_Way(card.key, one.target, one.step, channel, right))
    return tuple(found)


# In which order


def _ordered(deck: Deck, ways: Sequence[_Way]) -> list[Card]:
    """From the beginning layer by layer, then moved about while that makes the arrows shorter.

    An end stands behind the first state that leads to it.
    """
    by_key = {one.key: one for one in deck.cards}
    leads: dict[str, list[str]] = {}
    for way in ways:
        leads.setdefault(way.source, []).append(way.target)
    order = [one.key for one in deck.cards if one.kind is Kind.BEGIN]
    for key in order:
        order += [one for one in dict.fromkeys(leads.get(key, [])) if one not in order]
    first = sum(one.kind is Kind.BEGIN for one in deck.cards)
    middle = [one for one in order[first:] if by_key[one].kind is not Kind.END]
    found: list[str] = []
    for key in [*order[:first], *_shortened(order[:first], middle, ways)]:
        found.append(key)
        following = dict.fromkeys(leads.get(key, []))
        found += [e for e in following if by_key[e].kind is Kind.END and e not in found]
    found += [one for one in by_key if one not in found]  # what nothing leads to
    return [by_key[key] for key in found]


def _shortened(head: list[str], keys: list[str], ways: Sequence[_Way]) -> list[str]:
    def length(order: list[str]) -> float:
        at = {key: place for place, key in enumerate([*head, *order])}
        pairs = [(at[w.source], at[w.target]) for w in ways if w.target in at]
        return sum(b - a if b > a else (a - b) * _BACK for a, b in pairs)

    def told_before(order: list[str]) -> bool:
        """Whether each stands behind one that leads to it."""
        seen = set(head)
        for key in order:
            if not any(w.target == key and w.source in seen for w in ways):
                return False
            seen.add(key)
        return True

    best = length(keys)
    while True:
        moved = min(filter(told_before, _moves(keys)), key=length, default=keys)
        if length(moved) >= best:
            return keys
        keys, best = moved, length(moved)


def _moves(keys: list[str]) -> Iterator[list[str]]:
    for here in range(len(keys)):
        rest = keys[:here] + keys[here + 1 :]
        for there in range(len(keys)):
            if there != here:
                yield [*rest[:there], keys[here], *rest[there:]]


# How high


@dataclass(frozen=True, slots=True)
class _Run:
    """The level part of an arrow: which lanes it passes, and which channels it touches."""

    y: float
    lanes: range
    channels: range
    target: str


def _runs(card: Card, top: float, ways: Iterable[_Way]) -> Iterator[_Run]:
    """The level parts at a box: its arrows out, and those that come in."""
    leaving = {way.step: way for way in ways if way.source == card.key}
    for one in card.exits:
        way = leaving[one.step]
        lanes = (
            range(card.lane + 1, way.channel) if way.leaves_right else range(way.channel, card.lane)
        )
        first = min(way.channel, card.lane + way.leaves_right)
        channels = range(first, max(way.channel, card.lane + way.leaves_right) + 1)
        yield _Run(top + one.y, lanes, channels, one.target)
    for channel in {way.channel for way in ways if way.target == card.key}:
        yield _Run(top + card.entry, range(0), range(channel, channel + 1), card.key)


def _stacked(order: Sequence[Card], ways: Sequence[_Way], head: float) -> dict[str, float]:
    """The upper edge of each box: as high as it fits, none above one before it but the ends."""
    tops: dict[str, float] = {}
    standing: list[tuple[Card, float]] = []
    runs: list[_Run] = []
    least = head
    for card in order:
        straight = sorted(_straight(card, standing, ways))
        wanted = max(straight[0], head) if card.kind is Kind.END and straight else least
        top = wanted
        while not _fits(card, top, ways, standing, runs):
            top += _STEP
        for one in straight:  # no small kink where a little further down there is none
            if top < one < top + GAP / 2 and _fits(card, one, ways, standing, runs):
                top = one
        tops[card.key] = top
        standing.append((card, top))
        runs += _runs(card, top, ways)
        if card.kind is not Kind.END:
            least = top
    return tops


def _straight(
    card: Card, standing: Iterable[tuple[Card, float]], ways: Iterable[_Way]
) -> Iterator[float]:
    """Where arrows from boxes that stand already would come in straight."""
    leading = {(way.source, way.step) for way in ways if way.target == card.key}
    for source, top in standing:
        for one in source.exits:
            if (source.key, one.step) in leading:
                yield top + one.y - card.entry


def _fits(
    card: Card,
    top: float,
    ways: Sequence[_Way],
    standing: Sequence[tuple[Card, float]],
    runs: Sequence[_Run],
) -> bool:
    bottom = top + card.height
    for one, at in standing:
        if one.lane == card.lane and top < at + one.height + GAP and at < bottom + GAP:
            return False
    mine = list(_runs(card, top, ways))
    for run in runs:
        if card.lane in run.lanes and top - _CLEAR < run.y < bottom + _CLEAR:
            return False
        for own in mine:
            close = abs(own.y - run.y) < _CLEAR and own.target != run.target
            if close and set(own.channels) & set(run.channels):
                return False
    return not any(
        one.lane in own.lanes and at - _CLEAR < own.y < at + one.height + _CLEAR
        for own in mine
        for one, at in standing
    )


# The drawing


def _drawn(deck: Deck, ways: Sequence[_Way], tops: Mapping[str, float]) -> Layout:
    cards = {one.key: one for one in deck.cards}
    exits = {(one.key, out.step): tops[one.key] + out.y for one in deck.cards for out in one.exits}
    trunks = _trunks(ways, cards, tops, exits)
    tracks = _tracks(len(deck.lanes), trunks.values())
    lanes = _lanes(deck, tracks)
    placed = {key: Placed(cards[key], lanes[cards[key].lane].x, tops[key]) for key in tops}
    arrows = []
    for way in ways:
        trunk = trunks[way.channel, way.target]
        x = _track_x(trunk, lanes, deck.width)
        source, target = placed[way.source], placed[way.target]
        begin = source.right if way.leaves_right else source.x
        end = target.x if trunk.from_left else target.right
        y, entry = exits[way.source, way.step], target.y + target.card.entry
        points = ((begin, y), (x, y), (x, entry), (end, entry))
        arrows.append(Arrow(way.source, way.target, way.step, points))
    width = lanes[-1].x + deck.width + _channel_width(tracks[-1]) + MARGIN
    height = max(one.bottom for one in placed.values()) + MARGIN
    return Layout(
        width, height, lanes, tuple(placed.values()), tuple(arrows), tuple(_bridges(arrows))
    )


def _trunks(
    ways: Sequence[_Way],
    cards: Mapping[str, Card],
    tops: Mapping[str, float],
    exits: Mapping[tuple[str, str], float],
) -> dict[tuple[int, str], _Trunk]:
    found: dict[tuple[int, str], _Trunk] = {}
    for way in ways:
        target = cards[way.target]
        trunk = found.setdefault(
            (way.channel, way.target),
            _Trunk(way.channel, way.target, way.channel == target.lane,
                   [tops[way.target] + target.entry]),
        )  # fmt: skip
        trunk.ys.append(exits[way.source, way.step])
    return found


def _tracks(lanes: int, trunks: Iterable[_Trunk]) -> list[tuple[int, int]]:
    """Give each trunk its track, the short ones nearest to their target; how many each channel has.

    Of the two numbers the first is of those that come in on the right, at the channel's left.
    """
    several = sorted(trunks, key=lambda one: (one.bottom - one.top, one.top))
    counts = []
    for channel in range(lanes + 1):
        here = [one for one in several if one.channel == channel]
        counts.append(
            (
                _assigned([one for one in here if not one.from_left]),
                _assigned([one for one in here if one.from_left]),
            )
        )
    return counts


def _assigned(trunks: Sequence[_Trunk]) -> int:
    taken: list[list[_Trunk]] = []
    for trunk in trunks:
        free = (
            place
            for place, others in enumerate(taken)
            if all(
                trunk.bottom + _CLEAR < one.top or one.bottom + _CLEAR < trunk.top for one in others
            )
        )
        trunk.track = next(free, len(taken))
        if trunk.track == len(taken):
            taken.append([])
        taken[trunk.track].append(trunk)
    return len(taken)


def _channel_width(tracks: tuple[int, int]) -> float:
    count = sum(tracks)
    return 2 * _EDGE + (count - 1) * _TRACK if count else 0.0


def _lanes(deck: Deck, tracks: Sequence[tuple[int, int]]) -> tuple[Lane, ...]:
    lanes, x = [], MARGIN
    for place, seat in enumerate(deck.lanes):
        x += _channel_width(tracks[place]) or (GAP if place else 0.0)
        lanes.append(Lane(seat, x, deck.width))
        x += deck.width
    return tuple(lanes)


def _track_x(trunk: _Trunk, lanes: Sequence[Lane], width: float) -> float:
    if trunk.from_left:
        return lanes[trunk.channel].x - _EDGE - trunk.track * _TRACK
    return lanes[trunk.channel - 1].x + width + _EDGE + trunk.track * _TRACK


def _bridges(arrows: Sequence[Arrow]) -> Iterator[Bridge]:
    """Where a level part crosses an upright part of an arrow to somewhere else."""
    seen = set()
    for one in arrows:
        for (x1, y), (x2, _y) in (one.points[:2], one.points[2:]):
            for other in arrows:
                (x, top), (_x, bottom) = other.points[1:3]
                inside = min(x1, x2) < x < max(x1, x2) and min(top, bottom) < y < max(top, bottom)
                if inside and other.target != one.target and (x, y) not in seen:
                    seen.add((x, y))
                    yield Bridge(x, y)
