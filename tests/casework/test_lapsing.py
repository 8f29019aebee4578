"""Who filed has a limit too where it is their turn; once it has passed the node closes the case, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.casework.conftest import AGREED, Bureau, bureau, node
from tests.casework.test_cases import refused
from wushu.casework import selectors, services
from wushu.casework.files import read_folder, regulation_folders
from wushu.casework.models import CaseTurn
from wushu.casework.rules.answers import answering_steps
from wushu.casework.rules.regulations import regulation_of
from wushu.casework.rules.telling import lapses
from wushu.casework.types import CaseView, ClockState, Regulation

__all__ = ["bureau", "node"]

REGULATIONS = {one.name: regulation_of(read_folder(one), one.name) for one in regulation_folders()}
LAW = {"level": "law", "title": "《中华人民共和国保守国家秘密法》", "article": "第十三条"}


@pytest.mark.parametrize(
    ("key", "several"),
    [
        (
            "suzhou-public-data-opening-2023",
            {
                "lapse": {"supplement", "not-compliant", "to-sign"},
                "accept-refusal": {"refused"},
            },
        ),
        ("guizhou-data-sharing-opening-2020", {"lapse": {"supplement", "to-sign"}}),
    ],
)
def test_wherever_an_applicant_could_wait_for_ever_the_node_closes_the_case(
    key: str, several: dict[str, set[str]]
) -> None:
    found = {one.step: set(one.states) for one in lapses(REGULATIONS[key])}
    assert found == several


@pytest.mark.parametrize("regulation", REGULATIONS.values(), ids=REGULATIONS)
def test_what_the_node_closes_has_a_limit_that_is_over(regulation: Regulation) -> None:
    for one in lapses(regulation):
        procedure = regulation.procedure(one.procedure)
        leading = [step for step in procedure.steps if step.to in one.states]
        assert all(any(m.event.value == "started" for m in step.clocks) for step in leading)


@pytest.mark.parametrize(
    "key", ["suzhou-public-data-opening-2023", "guizhou-data-sharing-opening-2020"]
)
def test_an_answer_is_one_though_the_applicant_has_a_limit_from_then_on(key: str) -> None:
    steps = answering_steps(REGULATIONS[key], "conditional-access")
    assert steps >= {"agree", "refuse"}
    assert not steps & {"pass", "return", "fail", "lapse"}


def waiting(bureau: Bureau, at: str) -> CaseView:
    """A case in which it is the applicant's turn."""
    case = bureau.file()
    if at == "supplement":
        return bureau.step(case, "return", bureau.examiner, missing="请补充安全措施")
    if at == "not-compliant":
        return bureau.step(case, "fail", bureau.examiner, reasons="用途不明")
    case = bureau.step(case, "pass", bureau.examiner)
    if at == "refused":
        return bureau.step(case, "refuse", bureau.clerk, reasons="涉密", provision=LAW)
    return bureau.step(case, "agree", bureau.clerk, **AGREED)


def noon(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "clock", "end"),
    [
        ("supplement", "completing", "withdrawn"),
        ("not-compliant", "completing", "withdrawn"),
        ("to-sign", "signing", "withdrawn"),
        ("refused", "asking-review", "refusal-final"),
    ],
)
def test_a_case_is_closed_on_the_day_after_the_applicants_last_and_not_before(
    bureau: Bureau, at: str, clock: str, end: str
) -> None:
    bureau.file()  # another one, in which the authority is late: nothing is closed for that
    case = waiting(bureau, at)
    turn = CaseTurn.objects.get(case=case.id)
    assert (turn.seat, turn.clock) == ("user", clock)
    assert turn.due is not None
    for who in (bureau.examiner, bureau.clerk):
        with refused("not-in-seat"):
            bureau.step(case, "lapse", who)
    assert services.cases_lapse(noon(turn.due)) == 0
    assert services.cases_lapse(noon(turn.due + timedelta(days=1))) == 1
    assert selectors.case(case.id, actor=bureau.user).state.id == end
    assert services.cases_lapse(noon(turn.due + timedelta(days=90))) == 0


@pytest.mark.django_db
def test_a_failed_review_is_a_return_with_reasons_after_which_the_review_begins_anew(
    bureau: Bureau,
) -> None:
    case = waiting(bureau, "not-compliant")
    case = bureau.step(case, "resubmit", bureau.user, supplement="已写明用途")
    assert case.state.id == "compliance"
    clocks = {o.rule.id: o.clock for o in selectors.case(case.id, actor=bureau.user).clocks}
    assert clocks["compliance-review"].state is ClockState.RUNNING
    assert len(clocks["compliance-review"].rounds) == 2
    assert clocks["completing"].state is ClockState.FINISHED
    again = bureau.step(case, "fail", bureau.examiner, reasons="仍不明")
    assert bureau.step(again, "resubmit", bureau.user, supplement="见附件").state.id == "compliance"
