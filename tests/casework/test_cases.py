"""A case goes on only by the steps of its regulation, by those in its seats, in its order."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tests.casework.conftest import AGREED, Bureau, department
from wushu.casework import selectors, services
from wushu.casework.models import CaseEvent, RegulationVersion
from wushu.casework.types import CaseView, ClockState
from wushu.evidence.models import Entry
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor, Role

pytestmark = pytest.mark.django_db


def refused(name: str) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, match=rf"\[{name}\]")


def test_an_application_passes_two_reviews_and_two_signatures_before_data_are_delivered(
    bureau: Bureau,
) -> None:
    case = bureau.file()
    assert case.state.id == "compliance"
    assert case.number.startswith("320500-YT-")
    case = bureau.step(case, "pass", bureau.examiner)
    case = bureau.step(case, "agree", bureau.clerk, **AGREED)
    assert [name for name, _ in bureau.effects.seen] == ["require-conditional", "draw-agreement"]
    case = bureau.step(case, "sign", bureau.user, credit=True)
    case = bureau.step(case, "countersign", bureau.clerk)
    assert case.state.id == "in-use"
    assert [one.step for one in case.history] == ["submit", "pass", "agree", "sign", "countersign"]
    assert bureau.effects.seen[-1][0] == "countersign-and-grant"


def test_handing_over_ends_the_review_and_begins_the_answer(bureau: Bureau) -> None:
    bureau.step(bureau.file(), "pass", bureau.examiner)
    (case,) = (
        selectors.case(one.id, actor=bureau.clerk) for one in selectors.inbox(actor=bureau.clerk)
    )
    review, answer = case.clocks
    assert (review.rule.id, review.clock.state) == ("compliance-review", ClockState.FINISHED)
    assert (answer.rule.id, answer.clock.state) == ("answer", ClockState.RUNNING)
    assert (
        answer.clock.limit
        == bureau.regulation.procedure("conditional-access").clock("answer").working_days
    )


def test_a_return_for_supplement_happens_once(bureau: Bureau) -> None:
    case = bureau.step(bureau.file(), "return", bureau.examiner, missing="请补充安全措施")
    assert not selectors.inbox(actor=bureau.examiner)
    case = bureau.step(case, "resubmit", bureau.user, supplement="见附件")
    with refused("step-once"):
        bureau.step(case, "return", bureau.examiner, missing="再补")


def test_nobody_skips_a_step(bureau: Bureau) -> None:
    case = bureau.file()
    with refused("step-not-now"):
        bureau.step(case, "agree", bureau.clerk, **AGREED)
    with refused("step-not-now"):
        bureau.step(case, "countersign", bureau.clerk)
    agreed = bureau.agreed()
    with refused("step-not-now"):
        bureau.step(agreed, "countersign", bureau.clerk)


def test_everybody_keeps_to_their_own_seat(bureau: Bureau) -> None:
    case = bureau.file()
    with refused("not-in-seat"):
        bureau.step(case, "pass", bureau.clerk)
    with refused("own-case"):
        bureau.step(case, "pass", bureau.user)
    with refused("not-found"):
        bureau.step(case, "pass", bureau.stranger)
    with refused("not-found"):
        selectors.case(case.id, actor=bureau.other_user)
    agreed = bureau.agreed()
    with refused("not-found"):
        bureau.step(agreed, "sign", bureau.other_user, credit=True)


def test_a_refusal_needs_reasons_and_a_provision_of_sufficient_level(bureau: Bureau) -> None:
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    with refused("answer-missing"):
        bureau.step(case, "refuse", bureau.clerk, reasons="涉密")
    own = {"level": "rule", "title": "《苏州市公共数据开放实施细则》", "article": "第七条"}
    with refused("answer-wrong"):
        bureau.step(case, "refuse", bureau.clerk, reasons="涉密", provision=own)
    law = {"level": "law", "title": "《中华人民共和国保守国家秘密法》", "article": "第十三条"}
    refused_case = bureau.step(case, "refuse", bureau.clerk, reasons="涉密", provision=law)
    assert refused_case.state.id == "refused"


def test_what_happened_and_what_was_published_cannot_be_changed_in_the_database(
    bureau: Bureau,
) -> None:
    bureau.file()
    for model in (CaseEvent, RegulationVersion):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model.objects.update(number=9)
    assert connection.in_atomic_block


def test_every_step_is_in_the_log_without_a_name(bureau: Bureau) -> None:
    bureau.in_use()
    leaves = b"".join(bytes(one) for one in Entry.objects.values_list("leaf", flat=True))
    assert leaves.count(b"casework.case.stepped") == len(("pass", "agree", "sign", "countersign"))
    assert "申请人".encode() not in leaves
    assert bureau.user.urn.encode() in leaves


def rectify(bureau: Bureau, by: Actor, whom: UUID | None) -> CaseView:
    return services.case_open(
        actor=by, procedure="quality-rectification", step="start", subject=uuid4(),
        body=bureau.transport.id, organisation=whom, title="",
        given=services.Given(
            {"title": "空值", "standard": "correct", "findings": "3 列有空值", "demands": "补全"}
        ),
        effects=bureau.effects.of(bureau.regulation),
    )  # fmt: skip


def test_what_officials_file_lies_within_their_own_duty(bureau: Bureau) -> None:
    elsewhere = department("外省数据局", "330100")
    abroad = bureau.person("外省审查人", Role.DATA_AUTHORITY, elsewhere)
    with pytest.raises(Refusal) as refused:
        rectify(bureau, abroad, elsewhere.id)
    assert refused.value.name == "file-for-whom"
    with pytest.raises(Refusal) as refused:
        services.case_open(
            actor=bureau.stranger, procedure="reassessment", step="begin", subject=uuid4(),
            body=bureau.transport.id, organisation=bureau.health.id, title="",
            given=services.Given({}), effects=bureau.effects.of(bureau.regulation),
        )  # fmt: skip
    assert refused.value.name == "file-for-whom"
    assert rectify(bureau, bureau.examiner, bureau.authority.id).state.id
