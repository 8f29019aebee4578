"""Whose turn it is and until when, kept for lists; and what is told as a due day comes and goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wushu.casework.models import Case, CaseTurn
from wushu.casework.presenting import counted, happened_of
from wushu.casework.rules import telling
from wushu.casework.rules.clock import local_day
from wushu.casework.selectors.counting import work_calendar
from wushu.casework.selectors.regulations import content
from wushu.casework.services.lines import Told, line_add
from wushu.casework.types import (
    CaseClock,
    ClockState,
    Happened,
    HappenedKind,
    Regulation,
)
from wushu.parties.types import NODE

_BATCH = 200


def turn_keep(row: Case, history: Sequence[Happened], now: datetime) -> CaseTurn | None:
    """Count again whose turn it is; the row of a case that has ended goes."""
    if row.closed_at is not None:
        CaseTurn.objects.filter(case=row).delete()
        return None
    regulation = content(row.version.sha256)
    procedure = regulation.procedure(row.procedure)
    calendar = work_calendar()
    seat = procedure.state(row.state).turn
    running = _running(counted(procedure, history, calendar, local_day(now)))
    due = running.clock.due if running else None
    left = _left(running.rule.id, due, seat, regulation, history) if running and due else ()
    made, _ = CaseTurn.objects.update_or_create(
        case=row,
        defaults={
            "seat": seat, "body": row.body_id, "division": row.body.division,
            "filer_organisation": row.filer_organisation_id,
            "clock": running.rule.id if running else "", "due": due,
            "provisional": running.clock.provisional if running else False,
            "tell_on": _first_day(left), "calendar": calendar.version,
        },
    )  # fmt: skip
    return made


def _left(
    clock: str, due: date, seat: str, regulation: Regulation, history: Iterable[Happened]
) -> tuple[telling.Telling, ...]:
    """What a due day brings with it and was not told yet."""
    all_of_it = telling.tellings(due, seat, regulation, work_calendar())
    return telling.not_told(all_of_it, history, telling.about_day(clock, due))


def _first_day(left: Sequence[telling.Telling]) -> date | None:
    return min((one.on for one in left), default=None)


def _running(clocks: Sequence[CaseClock]) -> CaseClock | None:
    """The clock that runs and is due first."""
    running = [one for one in clocks if one.clock.state is ClockState.RUNNING]
    return min(running, key=lambda one: one.clock.due or date.max, default=None)


def turns_watch(now: datetime | None = None) -> int:
    """Write into open cases that their day comes near or has passed, and who above is told; how many lines.

    Background work of every day, each line once. It is in the timeline, and in the log.
    """
    moment = now or timezone.now()
    today = local_day(moment)
    written = 0
    for turn in CaseTurn.objects.filter(tell_on__lte=today).order_by("tell_on")[:_BATCH]:
        with transaction.atomic():
            written += _tell(turn, today, moment)
    return written


def _tell(turn: CaseTurn, today: date, moment: datetime) -> int:
    row = (
        Case.objects.select_for_update(of=("self",))
        .select_related("body", "version")
        .get(pk=turn.case_id)
    )
    held = CaseTurn.objects.filter(pk=turn.pk).first()
    if held is None or held.due is None:
        return 0
    regulation = content(row.version.sha256)
    left = _left(held.clock, held.due, held.seat, regulation, _history(row))
    now = telling.told_now(left, today)
    about = telling.about_day(held.clock, held.due)
    for one in now:
        line_add(NODE, row, one.seat, Told(one.kind, one.kind.value, about), at=moment)
    held.tell_on = _first_day([one for one in left if one.on > today])
    held.save(update_fields=["tell_on"])
    return len(now)


def _history(row: Case) -> list[Happened]:
    return [happened_of(one) for one in row.events.order_by("number")]


def turns_recount(now: datetime | None = None) -> int:
    """Count open cases again by a newer work calendar; where a due day moved, the timeline says so.

    How many were counted again.
    """
    moment = now or timezone.now()
    version = work_calendar().version
    counted_again = 0
    while batch := list(CaseTurn.objects.filter(~Q(calendar=version)).order_by("pk")[:_BATCH]):
        for turn in batch:
            with transaction.atomic():
                row = (
                    Case.objects.select_for_update(of=("self",))
                    .select_related("body", "version")
                    .get(pk=turn.case_id)
                )
                after = turn_keep(row, _history(row), moment)
                counted_again += 1
                if after is not None and after.due != turn.due:
                    moved = f"{turn.clock} {turn.due or '-'} {after.due or '-'}"
                    told = Told(HappenedKind.RECOUNTED, HappenedKind.RECOUNTED.value, moved)
                    line_add(NODE, row, "", told, at=moment)
    return counted_again
