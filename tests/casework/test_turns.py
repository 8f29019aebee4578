"""As the due day of a case comes and goes, and when a newer calendar is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.casework.conftest import AGREED, Bureau, bureau, node
from wushu.casework import selectors, services
from wushu.casework.models import CalendarNotice, CaseTurn
from wushu.casework.rules import telling
from wushu.casework.rules.work_calendar import day_of
from wushu.casework.types import CaseView, HappenedKind
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db


def told(bureau: Bureau, case: CaseView) -> list[HappenedKind]:
    seen = selectors.case(case.id, actor=bureau.examiner).history
    return [one.kind for one in seen if one.kind is not HappenedKind.STEP]


def on(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def test_a_reminder_comes_once_before_the_due_day_and_overdue_is_said_once_after_it(
    bureau: Bureau,
) -> None:
    case = bureau.file()
    turn = CaseTurn.objects.get()
    assert turn.due is not None
    assert turn.tell_on is not None
    assert services.turns_watch(on(turn.tell_on - timedelta(days=1))) == 0
    assert services.turns_watch(on(turn.tell_on)) == 1
    assert services.turns_watch(on(turn.due)) == 0
    assert services.turns_watch(on(turn.due + timedelta(days=1))) == 1
    assert told(bureau, case) == [HappenedKind.WARNED, HappenedKind.OVERDUE]


def test_the_reminder_comes_so_many_working_days_before_as_the_rules_say(bureau: Bureau) -> None:
    calendar, rules = selectors.work_calendar(), bureau.regulation
    due = date(2026, 2, 26)  # Thursday of the week after Spring Festival
    for before, ought in ((0, due), (2, date(2026, 2, 24)), (3, date(2026, 2, 14))):
        changed = replace(rules, reminder=replace(rules.reminder, before=before))
        assert telling.tellings(due, "body", changed, calendar)[0].on == ought


def working_days_after(day: date, number: int) -> date:
    """So many working days later, counted here by hand from what the calendar says of each day."""
    calendar = selectors.work_calendar()
    while number:
        day += timedelta(days=1)
        number -= day_of(calendar, day).works
    return day


def test_a_body_s_delay_is_told_its_chief_data_officer_at_once_and_the_authority_two_working_days_later(
    bureau: Bureau,
) -> None:
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    due = CaseTurn.objects.get().due
    assert due is not None
    assert services.turns_watch(on(due + timedelta(days=1))) == 2
    above = max(working_days_after(due, 2), due + timedelta(days=1))
    if above > due + timedelta(days=1):
        assert services.turns_watch(on(above - timedelta(days=1))) == 0
    assert services.turns_watch(on(above)) == 1
    assert services.turns_watch(on(above + timedelta(days=90))) == 0
    lines = selectors.case(case.id, actor=bureau.examiner).history[2:]
    assert [(one.kind, one.seat) for one in lines] == [
        (HappenedKind.OVERDUE, "body"),
        (HappenedKind.ESCALATED, "head"),
        (HappenedKind.ESCALATED, "authority"),
    ]


def test_the_authority_s_own_delay_is_not_told_the_body_s_chief_data_officer(
    bureau: Bureau,
) -> None:
    case = bureau.file()
    due = CaseTurn.objects.get().due
    assert due is not None
    services.turns_watch(on(due + timedelta(days=30)))
    lines = selectors.case(case.id, actor=bureau.examiner).history[1:]
    assert [(one.kind, one.seat) for one in lines] == [
        (HappenedKind.OVERDUE, "authority"),
        (HappenedKind.ESCALATED, "authority"),
    ]


def test_who_acts_in_time_is_not_told_above(bureau: Bureau) -> None:
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    due = CaseTurn.objects.get().due
    assert due is not None
    bureau.step(case, "agree", bureau.clerk, **AGREED)
    services.turns_watch(on(due + timedelta(days=1)))
    assert HappenedKind.ESCALATED not in told(bureau, case)


def test_who_is_told_of_the_next_step_s_day_is_told_anew(bureau: Bureau) -> None:
    case = bureau.file()
    turn = CaseTurn.objects.get()
    services.turns_watch(on(turn.tell_on))
    bureau.step(case, "pass", bureau.examiner)
    turn.refresh_from_db()
    assert (turn.seat, turn.clock) == ("body", "answer")
    assert turn.tell_on is not None
    assert services.turns_watch(on(turn.tell_on)) == 1
    assert told(bureau, case) == [HappenedKind.WARNED, HappenedKind.WARNED]


def test_a_step_that_moves_neither_the_state_nor_the_limit_has_nothing_told_again(
    bureau: Bureau,
) -> None:
    task = {"title": "站名", "standard": "correct", "findings": "有错值", "demands": "更正"}
    case = services.case_open(
        actor=bureau.examiner, procedure="quality-rectification", step="start",
        subject=bureau.subject, body=bureau.transport.id, organisation=bureau.authority.id,
        title="站名", given=services.Given(task), effects=bureau.effects.of(bureau.regulation),
    )  # fmt: skip
    due = CaseTurn.objects.get().due
    assert due is not None
    assert services.turns_watch(on(due + timedelta(days=30))) == 3
    before = told(bureau, case)
    services.case_step(
        actor=bureau.clerk, case=case.id, step="plan", effects={},
        given=services.Given({"plan": "逐站核对", "by": "2027-01-01"}),
    )  # fmt: skip
    assert services.turns_watch(on(due + timedelta(days=31))) == 0
    assert told(bureau, case) == before


def invented(rest: Any) -> str:
    """A made-up notice that gives a day off."""
    return (
        f'number = "试发〔2099〕1号"\nyear = {rest.year}\ntitle = "关于放假的通知"\nissuer = "试"\n'
        f'issued = 2026-01-01\nsource = "https://example.org/"\n'
        f'[[holiday]]\nname = "试"\nname_en = "Trial"\nrest = ["{rest}"]\n'
    )


def test_a_notice_published_on_the_node_moves_due_days_and_a_corrected_text_moves_them_back(
    bureau: Bureau,
) -> None:
    case = bureau.file()
    first = CaseTurn.objects.get().due
    assert first is not None
    rested = services.notice_publish(actor=NODE, text=invented(first), file="notice.toml")
    assert day_of(selectors.work_calendar(), first).notice == rested.number
    assert services.turns_recount(timezone.now()) == 1
    moved = CaseTurn.objects.get().due
    assert moved is not None
    assert moved > first
    corrected = invented(first - timedelta(days=400))
    services.notice_publish(actor=NODE, text=corrected, file="notice.toml")
    assert services.turns_recount(timezone.now()) == 1
    assert CaseTurn.objects.get().due == first
    assert told(bureau, case) == [HappenedKind.RECOUNTED] * 2
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        CalendarNotice.objects.update(document=invented(first))


def test_a_notice_is_published_by_the_node_alone_once_and_only_if_it_holds(bureau: Bureau) -> None:
    good = invented(date(2027, 2, 8))
    for who, text, name in (
        (bureau.examiner, good, "node-only"),
        (NODE, good.replace("rest =", "rests ="), "work-calendar-faulty"),
        (NODE, "rest = [", "work-calendar-faulty"),
    ):
        with pytest.raises(Refusal) as refused:
            services.notice_publish(actor=who, text=text, file="notice.toml")
        assert refused.value.name == name
    assert not CalendarNotice.objects.exists()
    assert day_of(selectors.work_calendar(), date(2027, 2, 8)).provisional
    services.notice_publish(actor=NODE, text=good, file="notice.toml")
    with pytest.raises(Refusal) as refused:
        services.notice_publish(actor=NODE, text=good, file="notice.toml")
    assert refused.value.name == "notice-published"
    assert not day_of(selectors.work_calendar(), date(2027, 2, 8)).provisional
    assert day_of(selectors.shipped_calendar(), date(2027, 2, 8)).provisional


def test_a_case_that_has_ended_is_nobody_s_turn(bureau: Bureau) -> None:
    case = bureau.file()
    bureau.step(case, "withdraw", bureau.user)
    assert not CaseTurn.objects.exists()
    assert services.turns_watch(timezone.now() + timedelta(days=400)) == 0


def test_the_body_has_a_day_to_sign_by_too(bureau: Bureau) -> None:
    case = bureau.file()
    case = bureau.step(case, "pass", bureau.examiner)
    case = bureau.step(case, "agree", bureau.clerk, **AGREED)
    bureau.step(case, "sign", bureau.user, credit=True)
    turn = CaseTurn.objects.get()
    assert (turn.seat, turn.clock) == ("body", "countersigning")
    assert turn.due is not None
    services.turns_watch(on(turn.due + timedelta(days=1)))
    assert HappenedKind.OVERDUE in told(bureau, case)
    bureau.step(case, "countersign", bureau.clerk)
    assert not CaseTurn.objects.filter(due__isnull=False).exists()
