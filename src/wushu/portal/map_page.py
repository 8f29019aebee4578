"""Where the rows of a dataset lie: circles on a plain grid of degrees, and the same as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wushu.catalog.types import EntryView
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.selectors import Bounds, Spot, Spots
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor
from wushu.portal import explore_page
from wushu.portal.forms.explore import RowsForm
from wushu.portal.text import grouped

WIDTH = 1000
_MARGIN = 30
_LARGEST = 26.0
_SMALLEST = 4.0
_STEPS = (90, 45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)


@dataclass(frozen=True, slots=True)
class Circle:
    """One square's rows; units of the drawing."""

    x: str
    y: str
    r: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map in units of its own: its lines are degrees, ``step`` apart."""

    width: int
    height: int
    circles: tuple[Circle, ...]
    meridians: tuple[str, ...]
    parallels: tuple[str, ...]
    step: str
    words: str


def content(
    entry: EntryView, actor: Actor | None, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], int]:
    """Context of the page and its HTTP status."""
    context, fields = explore_page.opened(entry, actor, asked)
    if fields is None:
        return context, 200
    form = RowsForm(fields, asked)
    conditions = form.conditions()
    if conditions is not None:
        try:
            found = dataplane.mapped(context["version"].id, conditions, actor=actor)
            shown = {} if found is None else {"found": found, "drawing": drawing(found)}
            return {**context, "form": form, **shown}, 200
        except Refusal as refusal:
            form.refuse(refusal)
    return {**context, "form": form}, form.status


def drawing(found: Spots) -> Drawing | None:
    """The map; None where nothing lies anywhere."""
    if found.bounds is None:
        return None
    frame = _Frame.of(found.bounds)
    most = max(spot.rows for spot in found.spots)
    # The larger first, so that no circle hides another
    circles = tuple(_circle(spot, frame, most) for spot in found.spots)
    span = max(frame.bounds.east - frame.bounds.west, frame.bounds.north - frame.bounds.south)
    step = next((one for one in _STEPS if span / one >= 3), _STEPS[-1])
    words = _(
        "{rows} rows between {west}° and {east}° of longitude, {south}° and {north}° of latitude."
    )
    return Drawing(
        width=WIDTH,
        height=round(frame.height),
        circles=circles,
        meridians=tuple(frame.x(at) for at in _multiples(found.bounds.west, found.bounds.east, step)),
        parallels=tuple(frame.y(at) for at in _multiples(found.bounds.south, found.bounds.north, step)),
        step=f"{step:g}",
        words=words.format(
            rows=grouped(found.rows), west=degrees(found.bounds.west), east=degrees(found.bounds.east),
            south=degrees(found.bounds.south), north=degrees(found.bounds.north),
        ),
    )  # fmt: skip


def degrees(number: float) -> str:
    """Degrees to about a hundred metres."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to the drawing: as wide as long in the middle of the map."""

    bounds: Bounds
    scale: float
    """Units of a degree of latitude."""
    narrow: float
    """How much shorter a degree of longitude is there."""

    @classmethod
    def of(cls, bounds: Bounds) -> _Frame:
        """No taller than it is wide, and a place even where all rows lie at one point."""
        half = 0.001
        wide = Bounds(
            bounds.west - half, bounds.south - half, bounds.east + half, bounds.north + half
        )
        narrow = max(0.1, math.cos(math.radians((wide.south + wide.north) / 2)))
        room = WIDTH - 2 * _MARGIN
        scale = room / max((wide.east - wide.west) * narrow, wide.north - wide.south)
        return cls(wide, scale, narrow)

    @property
    def height(self) -> float:
        """Of the drawing."""
        return (self.bounds.north - self.bounds.south) * self.scale + 2 * _MARGIN

    def x(self, longitude: float) -> str:
        """From the left; a map that is higher than wide stands in the middle."""
        wide = (self.bounds.east - self.bounds.west) * self.narrow * self.scale
        return (
            f"{(longitude - self.bounds.west) * self.narrow * self.scale + (WIDTH - wide) / 2:.1f}"
        )

    def y(self, latitude: float) -> str:
        """From the top."""
        return f"{(self.bounds.north - latitude) * self.scale + _MARGIN:.1f}"


def _circle(spot: Spot, frame: _Frame, most: int) -> Circle:
    radius = max(_SMALLEST, _LARGEST * math.sqrt(spot.rows / most)) if most > 1 else 6.0
    names = _(", ").join(spot.names)
    words = (
        f"{grouped(spot.rows)}{pgettext('before a reason', ': ')}{names}"
        if names
        else grouped(spot.rows)
    )
    return Circle(frame.x(spot.longitude), frame.y(spot.latitude), f"{radius:.1f}", words)


def _multiples(low: float, high: float, step: float) -> list[float]:
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
