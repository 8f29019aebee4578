"""What stands on the scoreboard of bodies. Worked out at most every ``KEPT_SECONDS``."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.dataplane import selectors as dataplane
from wushu.parties import selectors as parties
from wushu.parties.types import OrganisationKind, OrganisationView

KEPT_SECONDS = 300.0
"""A board is shown so long before it is worked out anew; the page says when it was."""


@dataclass(frozen=True, slots=True)
class Line:
    """One body."""

    place: int | None
    score: float | None
    body: OrganisationView
    figures: catalog.BodyFigures
    by_browsers: int
    by_programs: int


@dataclass(frozen=True, slots=True)
class Board:
    """All bodies, the highest score first; those that list nothing last."""

    lines: tuple[Line, ...]
    at: datetime


class _Kept:
    """The board this process worked out last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.board: Board | None = None
        self.since = 0.0


_kept = _Kept()


def board() -> Board:
    """The board as this process worked it out last; the first to ask after a while does it anew."""
    with _kept.lock:
        now = time.monotonic()
        if _kept.board is None or now - _kept.since > KEPT_SECONDS:
            _kept.board, _kept.since = worked_out(), now
        return _kept.board


def forget() -> None:
    """Work it out anew when it is asked for next."""
    with _kept.lock:
        _kept.board = None


def worked_out() -> Board:
    """From what is listed and counted now: three passes of the database, whatever the number of bodies."""
    figures = catalog.body_figures()
    uses = dataplane.uses_by_dataset(*dataplane.recent())
    browsers: dict[Any, int] = {}
    programs: dict[Any, int] = {}
    for entry, body in catalog.bodies_of(uses).items():
        browsers[body] = browsers.get(body, 0) + uses[entry].by_browsers
        programs[body] = programs.get(body, 0) + uses[entry].by_programs
    bodies = [
        one
        for one in parties.organisations()
        if one.id in figures or one.kind is OrganisationKind.DEPARTMENT
    ]
    held = [figures.get(one.id, catalog.BodyFigures(one.id)) for one in bodies]
    scores = [catalog.score(one, catalog.METADATA_QUALITY_MOST) for one in held]
    lines = [
        Line(place, score, body, of, browsers.get(body.id, 0), programs.get(body.id, 0))
        for place, score, body, of in zip(catalog.places(scores), scores, bodies, held, strict=True)
    ]
    lines.sort(key=lambda one: (one.place is None, one.place or 0, one.body.code))
    return Board(tuple(lines), timezone.now())
