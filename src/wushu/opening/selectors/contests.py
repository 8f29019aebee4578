"""Reads of contests: everybody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.kernel.paging import page_of
from wushu.opening.models import Contest, ContestEntry
from wushu.opening.rules import contests as rules
from wushu.opening.showing import result_views
from wushu.opening.types import (
    ContestChangeView,
    ContestEntryView,
    ContestPage,
    ContestView,
    Moderation,
    ResultView,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

ORGANISERS = rules.ORGANISERS
ORGANISERS_ACTS = frozenset(f"opening.contest.{act}" for act in ("announced", "changed", "awarded"))
"""Acts of who holds a contest, by their names in the log."""


def contests(*, cursor: str | None = None, limit: int = 20) -> ContestPage:
    """All that were announced, the one that begins last first.

    Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    rows, following = page_of(
        Contest.objects.all(), "-begins", ["contests"], cursor=cursor, limit=limit
    )
    return ContestPage(tuple(_views(rows)), following)


def contest(key: UUID) -> ContestView:
    """One with the results entered into it that are shown, winners first; ``not-found``."""
    row = Contest.objects.filter(pk=key).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    entered = row.entries.filter(result__state=Moderation.PUBLISHED.value).select_related("result")
    held = list(entered.order_by("entered_at", "id"))
    views = result_views([one.result for one in held], actor=None)
    pairs = zip(held, views, strict=True)
    found = [ContestEntryView(view, one.award, one.reason) for one, view in pairs]
    (view,) = _views([row])
    return replace(
        view,
        entries=tuple(sorted(found, key=lambda one: not one.award)),
        changes=tuple(
            ContestChangeView(one.at, one.reason, one.text_zh, one.text_en, one.ends)
            for one in row.changes.all()
        ),
    )


def contests_held(*, actor: Actor, limit: int = 50) -> list[ContestView]:
    """Of the actor's own authority or body, the newest first."""
    held = actor.organisations_as(*rules.ORGANISERS)
    rows = Contest.objects.filter(organiser__in=held).order_by("-begins", "-id")
    return _views(rows[:limit])


def contests_of(result: UUID) -> list[tuple[ContestView, str]]:
    """Contests a result was entered into, with what it won; the newest first."""
    entries = ContestEntry.objects.filter(result=result).select_related("contest")
    held = list(entries.order_by("-contest__begins", "-id"))
    views = _views([one.contest for one in held])
    return [(view, one.award) for view, one in zip(views, held, strict=True)]


def contest_changeable(one: ContestView) -> bool:
    """Whether its holder can still change it."""
    return timezone.localdate() <= one.ends


def contest_runs(one: ContestView) -> bool:
    """Whether results can be entered today."""
    what = Said("", "")
    day = timezone.localdate()
    return rules.running_obstacle(one.begins, one.ends, day, what, title="") is None


def enterable(one: ContestView, mine: Iterable[ResultView]) -> list[ResultView]:
    """Of somebody's results those that the contest would take and has not."""
    themes = {entry.id for entry in one.datasets}
    there = {entry.result.id for entry in one.entries}
    return [
        result
        for result in mine
        if result.state is Moderation.PUBLISHED
        and result.id not in there
        and (not themes or themes & {entry.id for entry in result.datasets})
    ]


def _views(rows: Iterable[Contest]) -> list[ContestView]:
    held = list(rows)
    prefetch_related_objects(held, "themes")
    bodies = parties.organisations_by_id({one.organiser_id for one in held})
    themes = {one.pk: [theme.dataset for theme in one.themes.all()] for one in held}
    known = catalog.entries_known({one for several in themes.values() for one in several})
    return [
        ContestView(
            id=one.pk, organiser=bodies[one.organiser_id], title_zh=one.title_zh,
            title_en=one.title_en, text_zh=one.text_zh, text_en=one.text_en, begins=one.begins,
            ends=one.ends, announced_at=one.announced_at, awarded_at=one.awarded_at,
            datasets=tuple(known[key] for key in themes[one.pk] if key in known),
        )
        for one in held
    ]  # fmt: skip
