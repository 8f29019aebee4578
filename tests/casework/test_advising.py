"""Experts see a case once they were asked, say what they think, and decide nothing by it."""

from __future__ import annotations

import pytest

from tests.casework.conftest import Bureau, department
from tests.casework.exploring import World, given
from tests.casework.test_cases import refused
from tests.casework.test_real_exploration import FILES, bureau_of
from tests.casework.test_writing import said
from wushu.casework import selectors, services
from wushu.casework.types import CaseView
from wushu.evidence import selectors as evidence
from wushu.parties.types import NODE, Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert(bureau: Bureau) -> Actor:
    return bureau.person("专家", Role.EXPERT, bureau.authority)


def asked(bureau: Bureau, case: CaseView) -> CaseView:
    return services.case_refer(actor=bureau.examiner, case=case.id, question="能否识别个人？")


def test_an_expert_sees_a_case_only_once_it_was_referred(bureau: Bureau, expert: Actor) -> None:
    case = bureau.file()
    for seen in (selectors.case, services.case_advise):
        with refused("not-found"):
            if seen is selectors.case:
                selectors.case(case.id, actor=expert)
            else:
                services.case_advise(actor=expert, case=case.id, opinion="可以")
    assert selectors.cases_referred(actor=expert) == []
    asked(bureau, case)
    assert selectors.case(case.id, actor=expert).seats == ("expert",)
    assert [one.number for one in selectors.cases_referred(actor=expert)] == [case.number]
    elsewhere = bureau.person("外地专家", Role.EXPERT, department("外地数据局", "320600"))
    with refused("not-found"):
        selectors.case(case.id, actor=elsewhere)
    assert selectors.cases_referred(actor=elsewhere) == []


def test_where_the_rules_give_experts_the_turn_they_see_the_case_without_a_referral(
    bureau: Bureau, expert: Actor
) -> None:
    case = services.case_open(
        actor=bureau.stranger, procedure="reassessment", step="begin", subject=bureau.subject,
        body=bureau.health.id, organisation=bureau.health.id, title="重新评估",
        given=services.Given({"situation": "条件已变化"}),
        effects=bureau.effects.of(bureau.regulation),
    )  # fmt: skip
    with refused("not-found"):
        selectors.case(case.id, actor=expert)
    bureau.step(case, "ask-experts", bureau.stranger, question="是否仍有风险？")
    seen = selectors.case(case.id, actor=expert)
    assert [one.id for one in seen.steps] == ["expert-opinion"]
    bureau.step(case, "expert-opinion", expert, opinion="风险可控")
    assert selectors.case(case.id, actor=expert).state.id == "assessing"


def test_opinions_are_read_by_officials_and_by_nobody_else(bureau: Bureau, expert: Actor) -> None:
    other = bureau.person("另一位专家", Role.EXPERT, bureau.authority)
    case = asked(bureau, bureau.file())
    services.case_write(actor=bureau.clerk, case=case.id, text="内部", among_officials=True)
    services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.clerk.person)
    services.case_advise(actor=expert, case=case.id, opinion="不能识别")
    question, opinion = ("referred", "能否识别个人？"), ("opinion", "不能识别")
    assert said(case, bureau.user) == []
    assert said(case, expert) == [question, opinion]
    assert said(case, other) == [question]
    assert selectors.case(case.id, actor=expert).assignee is None
    for official in (bureau.examiner, bureau.clerk):
        assert said(case, official) == [
            question, ("note", "内部"), ("assigned", "经办人"), opinion,
        ]  # fmt: skip


def test_the_node_that_tells_others_of_a_case_reads_all_of_it(bureau: Bureau) -> None:
    case = bureau.file()
    services.case_write(actor=bureau.clerk, case=case.id, text="内部", among_officials=True)
    services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.clerk.person)
    assert said(case, NODE) == [("note", "内部"), ("assigned", "经办人")]


def test_experts_write_and_assign_nothing_and_others_give_no_opinion(
    bureau: Bureau, expert: Actor
) -> None:
    case = asked(bureau, bureau.file())
    for among in (False, True):
        with refused("not-in-seat"):
            services.case_write(actor=expert, case=case.id, text="你好", among_officials=among)
    with refused("not-in-seat"):
        services.case_assign(actor=expert, case=case.id, person=expert.person)
    with refused("not-in-seat"):
        services.case_refer(actor=expert, case=case.id, question="还有谁？")
    with refused("not-in-seat"):
        services.case_advise(actor=bureau.clerk, case=case.id, opinion="可以")
    with refused("own-case"):
        services.case_advise(actor=bureau.user, case=case.id, opinion="可以")
    with refused("own-case"):
        services.case_refer(actor=bureau.user, case=case.id, question="可以吗？")
    with refused("not-found"):
        services.case_refer(actor=bureau.stranger, case=case.id, question="可以吗？")
    assert selectors.case(case.id, actor=expert).steps == ()


def test_where_the_rules_know_no_panel_nobody_is_asked(node: object) -> None:
    elsewhere = bureau_of(FILES["qingdao-public-data-management-2024"])
    procedure = elsewhere.regulation.procedure("correction")
    begin = next(one for one in procedure.steps if one.starts)
    case = services.case_open(
        actor=elsewhere.user, procedure=procedure.id, step=begin.id, subject=elsewhere.subject,
        body=elsewhere.transport.id, organisation=None, title="站名有误",
        given=given(begin, World(elsewhere, procedure, begin, None, {})), effects={},
    )  # fmt: skip
    with refused("no-experts"):
        services.case_refer(actor=elsewhere.clerk, case=case.id, question="是否有误？")


def test_an_expert_who_filed_is_not_asked(bureau: Bureau) -> None:
    both = bureau.grant(
        bureau.person("专家兼申请人", Role.DATA_USER), Role.EXPERT, bureau.authority
    )
    case = asked(bureau, bureau.file(by=both))
    assert selectors.case(case.id, actor=both).seats == ("user",)
    assert selectors.cases_referred(actor=both) == []


def test_what_has_ended_is_referred_to_nobody_and_the_log_has_no_text(
    bureau: Bureau, expert: Actor
) -> None:
    case = asked(bureau, bureau.file())
    services.case_advise(actor=expert, case=case.id, opinion="不能识别")
    bureau.step(case, "withdraw", bureau.user)
    with refused("case-closed"):
        asked(bureau, case)
    with refused("case-closed"):
        services.case_advise(actor=expert, case=case.id, opinion="补充")
    acts = [one.act for one in evidence.entries_about(case.urn)]
    assert acts[1:3] == ["casework.case.referred", "casework.case.advised"]
