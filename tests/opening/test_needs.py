"""The authority asks what the public needs; needs are looked at, supported, handed over and answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.casework.conftest import Bureau, bureau, node
from tests.opening.test_plans import refusal_of
from wushu.casework import selectors as casework
from wushu.catalog.types import Attribute
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.kernel.errors import Refusal
from wushu.opening import selectors, services
from wushu.opening.models import Need, NeedCall
from wushu.opening.types import (
    NeedAnswer,
    NeedCallView,
    NeedGiven,
    NeedState,
    NeedView,
    PlanContent,
    PlanItem,
)
from wushu.parties.types import Scope

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db
GIVEN = NeedGiven("停车场实时泊位", "每个公共停车场的空余泊位，每五分钟一次", "停车诱导应用")


def call(bureau: Bureau, **changes: Any) -> NeedCallView:
    today = timezone.localdate()
    return services.call_open(
        **{
            "actor": bureau.examiner, "division": "320500", "title": "2027 年需求征集",
            "text": "您需要哪些公共数据？", "begins": today, "ends": today + timedelta(days=30),
            **changes,
        }
    )  # fmt: skip


def submitted(bureau: Bureau, **changes: Any) -> NeedView:
    return services.need_submit(
        actor=bureau.user, call=call(bureau).id, given=replace(GIVEN, **changes)
    )


def published(bureau: Bureau) -> NeedView:
    return services.need_publish(actor=bureau.examiner, need=submitted(bureau).id)


def handed(bureau: Bureau) -> NeedView:
    return services.need_hand_over(
        actor=bureau.examiner, need=published(bureau).id, body=bureau.transport.id
    )


def test_a_need_is_public_once_the_authority_looked_at_it_and_without_the_persons_name(
    bureau: Bureau,
):
    made = submitted(bureau)
    assert selectors.needs_page().needs == ()
    assert refusal_of(lambda: selectors.need(made.id)).name == "not-found"
    assert refusal_of(lambda: selectors.need(made.id, actor=bureau.clerk)).name == "not-found"
    assert selectors.need(made.id, actor=bureau.user).is_own
    services.need_publish(actor=bureau.examiner, need=made.id)
    (shown,) = selectors.needs_page().needs
    assert (shown.title, shown.state, shown.is_own) == (GIVEN.title, NeedState.PUBLISHED, False)
    assert bureau.user.name not in str(selectors.need_document(shown))


def test_every_act_is_in_the_log_and_what_people_wrote_only_as_its_digest(bureau: Bureau):
    made = handed(bureau)
    notes = evidence.entries_about(made.urn)
    assert [one.act for one in notes] == [
        "opening.need.submitted", "opening.need.published", "opening.need.handed-over",
    ]  # fmt: skip
    sequence()
    assert list(evidence.audit()) == []
    for note in evidence.entries_about(made.urn):
        assert note.index is not None
        assert GIVEN.title.encode() not in evidence.entry(note.index).leaf
    Need.objects.update(data="别的")
    assert {one.kind for one in evidence.audit()} == {"row-changed"}


def test_a_call_takes_needs_from_its_first_day_to_its_last(bureau: Bureau):
    today = timezone.localdate()
    later = call(bureau, begins=today + timedelta(days=1))
    over = call(bureau)
    NeedCall.objects.filter(pk=over.id).update(
        begins=today - timedelta(days=9), ends=today - timedelta(days=1)
    )
    for closed in (later, over):
        refusal = refusal_of(services.need_submit, actor=bureau.user, call=closed.id, given=GIVEN)
        assert refusal.name == "call-not-open"
    assert selectors.need_calls(only_open=True) == []
    assert len(selectors.need_calls()) == 2
    refusal = refusal_of(call, bureau=bureau, ends=today - timedelta(days=1))
    assert refusal.name == "invalid-value"


def test_only_the_authority_of_the_place_calls_looks_and_hands_over(bureau: Bureau):
    made = published(bureau)
    for who in (bureau.clerk, bureau.user, bureau.other_user):
        assert refusal_of(call, bureau=bureau, actor=who).name == "not-permitted"
        for act, more in (
            (services.need_publish, {}),
            (services.need_decline, {"reasons": "否"}),
            (services.need_hand_over, {"body": bureau.transport.id}),
            (services.need_answer, {"answer": NeedAnswer("好")}),
        ):
            assert refusal_of(act, actor=who, need=made.id, **more).name == "not-permitted"
    assert refusal_of(call, bureau=bureau, division="320600").name == "not-permitted"


def test_nobody_decides_on_their_own_need_or_supports_it(bureau: Bureau):
    own = services.need_submit(actor=bureau.examiner, call=call(bureau).id, given=GIVEN)
    assert refusal_of(services.need_publish, actor=bureau.examiner, need=own.id).name == "own-need"
    made = published(bureau)
    assert refusal_of(services.need_support, actor=bureau.user, need=made.id).name == "own-need"


def test_what_is_declined_stays_hidden_and_says_why_to_who_wrote_it(bureau: Bureau):
    made = submitted(bureau)
    assert (
        refusal_of(services.need_decline, actor=bureau.examiner, need=made.id, reasons=" ").name
        == "invalid-value"
    )
    services.need_decline(actor=bureau.examiner, need=made.id, reasons="含个人电话")
    assert selectors.needs_page().needs == ()
    (mine,) = selectors.needs_mine(actor=bureau.user)
    assert (mine.state, mine.reasons) == (NeedState.DECLINED, "含个人电话")
    refusal = refusal_of(services.need_publish, actor=bureau.examiner, need=made.id)
    assert refusal.name == "need-state"


def test_each_account_supports_a_need_once_and_can_take_it_back(bureau: Bureau):
    made = published(bureau)
    for _time in range(2):
        services.need_support(actor=bureau.other_user, need=made.id)
    services.need_support(actor=bureau.clerk, need=made.id)
    (shown,) = selectors.needs_page(actor=bureau.other_user).needs
    assert (shown.supports, shown.is_supported) == (2, True)
    back = services.need_support(actor=bureau.clerk, need=made.id, supports=False)
    assert (back.supports, back.is_supported) == (1, False)
    hidden = submitted(bureau)
    refusal = refusal_of(services.need_support, actor=bureau.clerk, need=hidden.id)
    assert refusal.name == "not-found"


def test_the_body_it_was_handed_to_answers_and_names_the_dataset_or_the_planned_item(
    bureau: Bureau,
):
    made = handed(bureau)
    refusal = refusal_of(
        services.need_answer, actor=bureau.stranger, need=made.id, answer=NeedAnswer("好")
    )
    assert refusal.name == "not-permitted"
    year, key = timezone.localdate().year, uuid4()
    of: dict[str, Any] = {"body": bureau.transport.id, "year": year}
    item = PlanItem(key, "停车场泊位", Attribute.UNCONDITIONAL, 4)
    services.plan_draft(actor=bureau.clerk, content=PlanContent((item,)), **of)
    services.plan_submit(actor=bureau.clerk, **of)
    services.plan_accept(actor=bureau.examiner, **of)
    answer = NeedAnswer("年内开放", plan_body=bureau.transport.id, plan_year=year, plan_item=key)
    done = services.need_answer(actor=bureau.clerk, need=made.id, answer=answer)
    assert (done.state, done.answer, done.plan_year) == (NeedState.ANSWERED, "年内开放", year)
    assert done.planned is not None
    assert done.planned.item.title == "停车场泊位"
    wrong = replace(answer, plan_item=uuid4())
    refusal = refusal_of(services.need_answer, actor=bureau.clerk, need=made.id, answer=wrong)
    assert refusal.name == "not-found"


def test_who_wrote_a_need_can_have_the_body_answer_it_within_the_laws_limit(bureau: Bureau):
    made = handed(bureau)
    assert selectors.need_may_become_case(
        selectors.need(made.id, actor=bureau.user), actor=bureau.user
    )
    refusal = refusal_of(services.need_file_case, actor=bureau.other_user, need=made.id)
    assert refusal.name == "not-found"
    done = services.need_file_case(actor=bureau.user, need=made.id)
    case = casework.case_by_number(done.case, actor=bureau.user)
    assert (case.procedure.id, case.sides.body, case.title) == (
        "outside-catalogue", bureau.transport.id, GIVEN.title,
    )  # fmt: skip
    refusal = refusal_of(services.need_file_case, actor=bureau.user, need=made.id)
    assert refusal.name == "need-state"


def test_a_waiting_room_has_its_size(bureau: Bureau, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wushu.opening.rules.needs.WAITING_MOST", 1)
    submitted(bureau)
    with pytest.raises(Refusal, match="needs-full"):
        submitted(bureau)


def test_a_key_is_for_what_its_scopes_say(bureau: Bureau):
    made = published(bureau)
    rows = replace(bureau.other_user, scopes=frozenset({Scope.ROWS_READ}))
    assert refusal_of(services.need_support, actor=rows, need=made.id).name == "key-lacks-scope"
    key = replace(bureau.examiner, scopes=frozenset({Scope.CASES_FILE}))
    assert refusal_of(call, bureau=bureau, actor=key).name == "key-lacks-scope"
    assert selectors.needs_waiting(actor=key) == []


def test_needs_are_paged_through_and_what_waits_is_shown_to_who_can_act(
    bureau: Bureau, django_assert_max_num_queries: Any
):
    made = [published(bureau) for _number in range(3)]
    first = selectors.needs_page(limit=2)
    second = selectors.needs_page(limit=2, cursor=first.cursor)
    assert [one.id for one in (*first.needs, *second.needs)] == [one.id for one in reversed(made)]
    assert len(selectors.needs_waiting(actor=bureau.examiner)) == 3
    assert selectors.needs_waiting(actor=bureau.clerk) == []
    services.need_hand_over(actor=bureau.examiner, need=made[0].id, body=bureau.transport.id)
    assert [one.id for one in selectors.needs_waiting(actor=bureau.clerk)] == [made[0].id]
    with django_assert_max_num_queries(4):
        selectors.needs_page(actor=bureau.user)
