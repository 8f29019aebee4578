"""How fast cases are answered: counted with the statutory calendar from what happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from unittest import mock

import pytest
from django.utils import timezone

from tests.casework.conftest import AGREED, Bureau
from wushu.casework import selectors, services
from wushu.casework.models import CaseAnswer
from wushu.casework.rules.answers import answering_steps, pace
from wushu.casework.rules.clock import ZONE
from wushu.casework.services import cases as cases_module
from wushu.casework.types import CaseView, Pace

pytestmark = pytest.mark.django_db

LAW = {"level": "law", "title": "《中华人民共和国保守国家秘密法》", "article": "第十三条"}


class On:
    """Lets steps happen on a day, at ten in the morning in Suzhou."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self, day: str) -> None:
        self.now = datetime.combine(date.fromisoformat(day), time(10), ZONE)


@pytest.fixture
def on() -> Iterator[On]:
    clock = On()
    with mock.patch.object(cases_module.timezone, "now", side_effect=lambda: clock.now):
        yield clock


@pytest.fixture
def adopted_in_2024(bureau: Bureau) -> Bureau:
    """The rules applied two years ago already."""
    from wushu.casework.models import Adoption

    Adoption.objects.update(begins=date(2024, 1, 1))
    return bureau


def refuse(bureau: Bureau, case: CaseView) -> CaseView:
    return bureau.step(case, "refuse", bureau.clerk, reasons="涉密", provision=LAW)


def figures(last: str) -> Pace | None:
    return selectors.case_figures(last=date.fromisoformat(last)).total


def test_an_application_of_29_september_2025_agreed_on_10_october_took_3_working_days(
    adopted_in_2024: Bureau, on: On
) -> None:
    """National Day and Mid-Autumn rested from 1 to 8 October: 30 September, 9 and 10 October count."""
    bureau = adopted_in_2024
    on("2025-09-29")
    case = bureau.file()
    on("2025-09-30")
    case = bureau.step(case, "pass", bureau.examiner)
    assert figures("2025-10-31") is None, "the review hands over; it is no answer"
    on("2025-10-10")
    bureau.step(case, "agree", bureau.clerk, **AGREED)
    assert figures("2025-10-31") == Pace(answered=1, median=3, in_time=1, late=0)


def test_an_application_of_24_january_2025_refused_on_5_february_counts_no_day_of_the_festival(
    adopted_in_2024: Bureau, on: On
) -> None:
    """26 January was worked for the Spring Festival, a Sunday; 28 January to 4 February rested."""
    bureau = adopted_in_2024
    on("2025-01-24")
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    on("2025-02-05")
    refuse(bureau, case)
    assert figures("2025-12-31") == Pace(answered=1, median=3, in_time=1, late=0)


def test_an_answer_on_the_eleventh_working_day_is_late_and_on_the_tenth_in_time(
    adopted_in_2024: Bureau, on: On
) -> None:
    bureau = adopted_in_2024
    on("2025-03-03")
    cases = [bureau.step(bureau.file(), "pass", bureau.examiner) for _ in range(2)]
    on("2025-03-17")
    refuse(bureau, cases[0])
    on("2025-03-18")
    refuse(bureau, cases[1])
    assert figures("2025-12-31") == Pace(answered=2, median=10.5, in_time=1, late=1)


def test_a_review_that_was_late_makes_the_answer_late_however_fast_the_body(
    adopted_in_2024: Bureau, on: On
) -> None:
    bureau = adopted_in_2024
    on("2025-03-03")
    case = bureau.file()
    on("2025-03-11")
    refuse(bureau, bureau.step(case, "pass", bureau.examiner))
    assert figures("2025-12-31") == Pace(answered=1, median=6, in_time=0, late=1)


def test_what_happens_after_the_answer_changes_nothing_and_a_withdrawal_is_no_answer(
    adopted_in_2024: Bureau, on: On
) -> None:
    bureau = adopted_in_2024
    on("2025-03-03")
    case, other = bureau.file(), bureau.file()
    bureau.step(other, "withdraw", bureau.user)
    case = refuse(bureau, bureau.step(case, "pass", bureau.examiner))
    on("2025-06-03")
    bureau.step(case, "accept-refusal", bureau.user)
    assert figures("2025-12-31") == Pace(answered=1, median=0, in_time=1, late=0)


def test_figures_are_of_a_year_of_public_procedures_by_procedure(
    adopted_in_2024: Bureau, on: On
) -> None:
    bureau = adopted_in_2024
    on("2025-03-03")
    refuse(bureau, bureau.step(bureau.file(), "pass", bureau.examiner))
    assert figures("2025-03-02") is None
    assert figures("2026-03-02") is not None
    assert figures("2026-03-03") is None
    (one,) = selectors.case_figures(last=date(2025, 3, 3)).procedures
    assert (one.procedure, one.title.zh) == (
        "conditional-access",
        bureau.regulation.procedure("conditional-access").title.zh,
    )
    elsewhere = selectors.case_figures(last=date(2025, 3, 3), body=bureau.health.id)
    assert elsewhere.total is None
    CaseAnswer.objects.update(procedure="security-report")
    assert figures("2025-03-03") is None


def test_figures_that_were_lost_or_counted_by_an_older_calendar_are_counted_again(
    adopted_in_2024: Bureau, on: On
) -> None:
    bureau = adopted_in_2024
    on("2025-03-03")
    refuse(bureau, bureau.step(bureau.file(), "pass", bureau.examiner))
    bureau.file()
    kept = figures("2025-12-31")
    CaseAnswer.objects.all().delete()
    assert services.answers_recount() == 1
    assert figures("2025-12-31") == kept
    assert services.answers_recount() == 0
    CaseAnswer.objects.update(calendar="older", working_days=99)
    assert services.answers_recount() == 1
    assert figures("2025-12-31") == kept


def test_answers_are_given_by_those_who_did_not_file(bureau: Bureau) -> None:
    rule = bureau.regulation
    assert answering_steps(rule, "conditional-access") >= {"agree", "refuse", "uphold"}
    assert not answering_steps(rule, "conditional-access") & {
        "pass",
        "return",
        "fail",
        "withdraw",
        "lapse",
    }
    assert answering_steps(rule, "correction") == {"correct", "keep"}
    assert answering_steps(rule, "outside-catalogue") == {
        "will-open", "cannot", "exists", "elsewhere",
    }  # fmt: skip
    assert not answering_steps(rule, "attribute-change"), "no limit is set"


@pytest.mark.parametrize(
    ("days", "median"), [([5], 5), ([1, 3], 2), ([1, 2], 1.5), ([1, 1, 9], 1), ([4, 0, 2, 2], 2)]
)
def test_the_median_of_groups_is_that_of_all(days: list[int], median: float) -> None:
    counted = pace([(one, True, days.count(one)) for one in set(days)])
    assert counted == Pace(answered=len(days), median=median, in_time=len(days), late=0)
