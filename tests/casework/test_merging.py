"""Duplicates go on as one case, and both say so."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.casework.conftest import AGREED, Bureau, department
from tests.casework.test_cases import refused
from tests.casework.test_writing import said
from wushu.casework import selectors, services
from wushu.casework.models import Case, CaseTurn
from wushu.casework.types import CaseView, ClockState, WalkIn
from wushu.evidence import selectors as evidence
from wushu.parties.types import Actor, Role

pytestmark = pytest.mark.django_db


def report(bureau: Bureau, by: Actor, walk_in: WalkIn | None = None) -> CaseView:
    """An error of a dataset, reported by somebody, or at the counter for who came."""
    return services.case_open(
        actor=by, procedure="correction", step="report", subject=bureau.subject,
        body=bureau.transport.id, organisation=None, title="站名有误",
        given=services.Given({"title": "站名有误", "kind": "error", "problem": "写错了"}),
        effects=bureau.effects.of(bureau.regulation), walk_in=walk_in,
    )  # fmt: skip


def merge(actor: Actor, case: CaseView, into: CaseView) -> CaseView:
    return services.case_merge(actor=actor, case=case.id, into=into.id)


def test_a_duplicate_ends_and_both_timelines_say_where_it_goes_on(bureau: Bureau) -> None:
    first, second = report(bureau, bureau.user), report(bureau, bureau.other_user)
    (like,) = selectors.cases_like(
        selectors.case(second.id, actor=bureau.clerk), actor=bureau.clerk
    )
    assert like.number == first.number
    merge(bureau.clerk, second, first)
    seen = selectors.case(second.id, actor=bureau.other_user)
    assert (seen.merged_into, seen.steps) == (first.number, ())
    assert seen.closed_at is not None
    assert {one.clock.state for one in seen.clocks} == {ClockState.FINISHED}
    assert said(second, bureau.other_user) == [("merged", first.number)]
    assert said(first, bureau.user) == [("taken-in", second.number)]
    assert [one.case_id for one in CaseTurn.objects.all()] == [first.id]
    assert [one.number for one in selectors.inbox(actor=bureau.clerk)] == [first.number]
    for case, act in ((second, "merged"), (first, "taken-in")):
        assert [one.act for one in evidence.entries_about(case.urn)] == [
            "casework.case.opened", f"casework.case.{act}",
        ]  # fmt: skip


def test_nothing_more_happens_in_what_was_merged(bureau: Bureau) -> None:
    first, second = report(bureau, bureau.user), report(bureau, bureau.other_user)
    merge(bureau.clerk, second, first)
    with refused("case-merged"):
        services.case_write(actor=bureau.other_user, case=second.id, text="在吗？")
    with refused("case-merged"):
        services.case_assign(actor=bureau.clerk, case=second.id, person=bureau.clerk.person)
    with refused("step-not-now"):
        bureau.step(second, "withdraw", bureau.other_user)
    for case, into in ((second, first), (first, second)):
        with refused("case-merged"):
            merge(bureau.clerk, case, into)


def test_only_an_official_of_both_merges(bureau: Bureau) -> None:
    first, second = report(bureau, bureau.user), report(bureau, bureau.other_user)
    with refused("own-case"):
        merge(bureau.user, first, second)
    with refused("not-found"):
        merge(bureau.user, second, first)
    with refused("not-found"):
        merge(bureau.stranger, second, first)
    both = bureau.grant(bureau.user, Role.OPENING_BODY, bureau.transport)
    with refused("own-case"):
        merge(both, second, first)
    expert = bureau.person("专家", Role.EXPERT, bureau.authority)
    services.case_refer(actor=bureau.clerk, case=first.id, question="？")
    services.case_refer(actor=bureau.clerk, case=second.id, question="？")
    with refused("not-in-seat"):
        merge(expert, second, first)
    assert not Case.objects.exclude(merged_into=None)


def test_only_what_asks_the_same_is_merged(bureau: Bureau) -> None:
    first = report(bureau, bureau.user)
    bureau.subject = uuid4()
    elsewhere = report(bureau, bureau.other_user)
    bureau.transport = department("水务局")
    for other in (first, elsewhere, bureau.file()):
        with refused("cases-differ"):
            merge(bureau.examiner, first, other)
    assert selectors.cases_like(
        selectors.case(first.id, actor=bureau.examiner), actor=bureau.examiner
    ) == []  # fmt: skip


def test_each_applicant_for_something_of_their_own_is_answered(bureau: Bureau) -> None:
    first, second = bureau.file(), bureau.file(by=bureau.other_user)
    with refused("cases-of-two"):
        merge(bureau.examiner, second, first)
    again = bureau.file()
    assert merge(bureau.examiner, again, first).merged_into == first.number


def test_what_took_effect_outside_is_not_merged_away(bureau: Bureau) -> None:
    first, second = bureau.file(), bureau.file()
    bureau.step(first, "pass", bureau.examiner)
    bureau.step(first, "agree", bureau.clerk, **AGREED)
    with refused("case-took-effect"):
        merge(bureau.clerk, first, second)
    assert merge(bureau.clerk, second, first).merged_into == first.number


def test_what_has_ended_is_merged_into_nothing(bureau: Bureau) -> None:
    first, second = report(bureau, bureau.user), report(bureau, bureau.other_user)
    bureau.step(second, "withdraw", bureau.other_user)
    for case, into in ((first, second), (second, first)):
        with refused("case-closed"):
            merge(bureau.clerk, case, into)
