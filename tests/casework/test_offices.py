"""What an office filed waits for all of its people, is theirs to arrange, and can be found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.casework.conftest import Bureau
from tests.casework.test_cases import refused
from wushu.casework import selectors, services
from wushu.casework.models import Case, CaseEvent, CaseTurn
from wushu.casework.selectors import OfficeFilter
from wushu.casework.types import CaseView, HappenedKind, WalkIn
from wushu.kernel.errors import Refusal
from wushu.parties import selectors as people
from wushu.parties.types import Actor, HeldRole, Role, Scope

pytestmark = pytest.mark.django_db

STAFF = {
    "kind": "first", "officer": "李华", "post": "副局长", "staff": "张三", "contact": "0512-1",
    "since": "2026-01-01",
}  # fmt: skip


def filed(bureau: Bureau, by: Actor | None = None) -> CaseView:
    """The transport bureau reports its staff to the authority; nobody else hears of it."""
    return services.case_open(
        actor=by or bureau.clerk, procedure="staff-filing", step="file", subject=uuid4(),
        body=bureau.transport.id, organisation=bureau.transport.id, title="人员备案",
        given=services.Given(STAFF), effects=bureau.effects.of(bureau.regulation),
    )  # fmt: skip


def returned(bureau: Bureau) -> CaseView:
    return bureau.step(filed(bureau), "return", bureau.examiner, missing="缺任命文件")


def waits_for(case: CaseView, *people: Actor) -> list[str]:
    return [who.name for who in people if case.id in {one.id for one in selectors.inbox(actor=who)}]


def news(case: CaseView) -> set[object]:
    """Who is told of the newest line."""
    newest = CaseEvent.objects.filter(case=case.id).order_by("number").last()
    assert newest is not None
    told = selectors.news_of(newest.pk)
    assert told is not None
    return set(told.people)


def test_what_comes_back_to_an_office_waits_for_all_of_it_and_a_colleague_goes_on(
    bureau: Bureau,
) -> None:
    everybody = (bureau.clerk, bureau.colleague, bureau.stranger, bureau.examiner, bureau.user)
    case = filed(bureau)
    assert waits_for(case, *everybody) == ["审查人"]
    bureau.step(case, "return", bureau.examiner, missing="缺任命文件")
    assert waits_for(case, *everybody) == ["经办人", "同事"]
    bureau.step(case, "complete", bureau.colleague, supplement="已补")
    assert waits_for(case, *everybody) == ["审查人"]
    # Somebody of the authority who works for the bureau too decides nothing in what it filed.
    both = bureau.grant(bureau.examiner, Role.OPENING_BODY, bureau.transport)
    assert waits_for(case, both) == []


def test_who_filed_for_themselves_has_nobody_in_their_place(bureau: Bureau) -> None:
    case = bureau.agreed()
    assert case.state.turn == "user"
    assert waits_for(case, bureau.user, bureau.other_user, bureau.clerk) == []
    with refused("own-case"):
        services.case_assign(actor=bureau.user, case=case.id, person=bureau.user.person)


def test_an_office_arranges_who_of_it_is_in_charge_and_each_side_sees_its_own(
    bureau: Bureau,
) -> None:
    case = returned(bureau)
    choices = selectors.colleagues(selectors.case(case.id, actor=bureau.clerk), actor=bureau.clerk)
    assert list(choices.values()) == ["经办人", "同事"]
    given = services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.colleague.person)
    assert given.assignee_name == "同事"
    assert selectors.case(case.id, actor=bureau.colleague).assignee == bureau.colleague.person
    assert selectors.case(case.id, actor=bureau.examiner).assignee is None
    with refused("assignee-not-seated"):
        services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.examiner.person)
    services.case_assign(actor=bureau.examiner, case=case.id, person=bureau.examiner.person)
    services.case_write(actor=bureau.examiner, case=case.id, text="内部", among_officials=True)
    seen = selectors.case(case.id, actor=bureau.clerk)
    assert (seen.assignee, seen.assignee_name) == (None, "")
    kinds = [one.kind for one in seen.history if one.kind is not HappenedKind.STEP]
    assert kinds == [HappenedKind.ASSIGNED], "theirs; neither the authority's nor its note"
    with refused("own-case"):
        services.case_write(actor=bureau.clerk, case=case.id, text="备注", among_officials=True)


def test_news_of_what_an_office_filed_reaches_all_of_it_until_somebody_is_in_charge(
    bureau: Bureau,
) -> None:
    case = filed(bureau)
    assert news(case) == {bureau.examiner.person}, "who files needs not be told"
    bureau.step(case, "return", bureau.examiner, missing="缺任命文件")
    assert news(case) == {bureau.clerk.person, bureau.colleague.person}
    bureau.step(case, "complete", bureau.colleague, supplement="已补")
    assert news(case) == {bureau.examiner.person, bureau.clerk.person}, "who filed learns it"
    third = bureau.person("第三人", Role.OPENING_BODY, bureau.transport)
    bureau.step(case, "return", bureau.examiner, missing="仍缺")
    assert third.person in news(case)
    services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.colleague.person)
    services.case_write(actor=bureau.examiner, case=case.id, text="请尽快")
    assert news(case) == {bureau.clerk.person, bureau.colleague.person}


def test_what_a_leaver_filed_for_the_office_is_handed_over_with_what_they_worked_on(
    bureau: Bureau,
) -> None:
    mine, taken, by_colleague = returned(bureau), filed(bureau), filed(bureau, bureau.colleague)
    services.case_assign(actor=bureau.colleague, case=taken.id, person=bureau.colleague.person)
    services.case_assign(actor=bureau.clerk, case=by_colleague.id, person=bureau.clerk.person)
    known = selectors.cases_in_charge(bureau.clerk, bureau.transport.id)
    assert set(known) == {mine.id, by_colleague.id}
    services.cases_hand_over(
        actor=bureau.examiner, cases=list(known), organisation=bureau.transport.id,
        leaver=bureau.clerk.person, successor=bureau.colleague.person,
    )  # fmt: skip
    for case in (mine, by_colleague):
        assert selectors.case(case.id, actor=bureau.colleague).assignee == bureau.colleague.person
    assert selectors.inbox(
        actor=bureau.colleague, narrowed=selectors.Filter(assignee=bureau.colleague.person)
    )


def test_a_key_lists_what_its_scopes_reach(bureau: Bureau) -> None:
    theirs = returned(bureau)
    decided = bureau.step(bureau.file(), "pass", bureau.examiner)
    for scope, case in ((Scope.CASES_FILE, theirs), (Scope.CASES_HANDLE, decided)):
        by_key = replace(bureau.clerk, scopes=frozenset({scope}))
        assert [one.id for one in selectors.inbox(actor=by_key)] == [case.id]
        assert [one.id for one in selectors.office_page(actor=by_key).lines] == [case.id]
    reader = replace(bureau.clerk, scopes=frozenset({Scope.ROWS_READ}))
    assert not selectors.inbox(actor=reader)
    assert not selectors.office_page(actor=reader).lines


def a_few_of_each(bureau: Bureau) -> list[CaseView]:
    """Open and ended, public and not, filed by users and by offices, at the counter, elsewhere."""
    walked_in = services.case_open(
        actor=bureau.person("窗口", Role.PLATFORM_OPERATOR, bureau.authority),
        procedure="outside-catalogue", step="ask", subject=uuid4(), body=bureau.health.id,
        organisation=None, title="床位", walk_in=WalkIn("王秀英", "居民身份证 123X"),
        given=services.Given({"title": "床位", "need": "床位数", "purpose": "研究"}),
        effects=bureau.effects.of(bureau.regulation),
    )  # fmt: skip
    return [
        bureau.file(), bureau.step(bureau.file(), "pass", bureau.examiner),
        bureau.step(bureau.file(), "withdraw", bureau.user), returned(bureau),
        bureau.step(filed(bureau), "record", bureau.examiner), walked_in,
    ]  # fmt: skip


def test_lists_have_the_cases_in_which_somebody_has_a_seat_and_no_others(bureau: Bureau) -> None:
    cases = a_few_of_each(bureau)
    both = bureau.grant(bureau.colleague, Role.DATA_AUTHORITY, bureau.authority)
    counter = bureau.person("窗口二", Role.PLATFORM_OPERATOR, bureau.authority)
    head = bureau.person("首席数据官", Role.CHIEF_DATA_OFFICER, bureau.transport)
    expert = bureau.person("专家", Role.EXPERT, bureau.authority)
    cast = (
        bureau.clerk, both, bureau.stranger, bureau.examiner, bureau.user, bureau.other_user,
        counter, head, expert,
    )  # fmt: skip
    for who in cast:
        ought, turn = set(), set()
        for case in cases:
            with_seats = _seats(case, who)
            if selectors.office_seats(bureau.regulation, with_seats):
                ought.add(case.id)
            row = Case.objects.get(pk=case.id)
            whose = CaseTurn.objects.filter(case=row).values_list("seat", flat=True).first()
            if whose in selectors.office_seats(bureau.regulation, with_seats):
                turn.add(case.id)
        assert {one.id for one in selectors.office_page(actor=who).lines} == ought, who.name
        assert {one.id for one in selectors.inbox(actor=who)} == turn, who.name


def _seats(case: CaseView, who: Actor) -> tuple[str, ...]:
    try:
        return selectors.case(case.id, actor=who).seats
    except Refusal:
        return ()


def test_an_offices_cases_are_narrowed_and_come_a_page_at_a_time(bureau: Bureau) -> None:
    application, _passed, gone, back, recorded, elsewhere = a_few_of_each(bureau)

    def found(who: Actor, **asked: object) -> list[str]:
        page = selectors.office_page(actor=who, narrowed=OfficeFilter(**asked))
        return [one.number for one in page.lines]

    authority, body = bureau.examiner, bureau.clerk
    assert found(body, procedure="staff-filing") == [recorded.number, back.number]
    assert found(body, is_open=False) == [recorded.number, gone.number]
    assert found(body, procedure="staff-filing", is_open=True) == [back.number]
    assert found(authority, body=bureau.health.id) == [elsewhere.number]
    assert found(authority, number=recorded.number.lower()) == [recorded.number]
    assert found(body, number=elsewhere.number) == []
    assert found(authority, overdue=True) == []
    CaseTurn.objects.filter(case=application.id).update(
        due=timezone.localdate() - timedelta(days=1)
    )
    assert found(authority, overdue=True) == [application.number]
    first = selectors.office_page(actor=body, limit=2)
    rest = selectors.office_page(actor=body, cursor=first.cursor)
    assert [len(first.lines), len(rest.lines), rest.cursor] == [2, 3, None]
    with refused("cursor-of-another-query"):
        selectors.office_page(actor=authority, cursor=first.cursor)
    mine = selectors.filed_page(actor=bureau.user, limit=2)
    assert len(selectors.filed_page(actor=bureau.user, cursor=mine.cursor, limit=2).lines) == 1
    with CaptureQueriesContext(connection) as queries:
        selectors.office_page(actor=authority, limit=1)
        one = len(queries)
        selectors.office_page(actor=authority)
    assert len(queries) == 2 * one


def test_the_counter_of_another_place_follows_nothing_here(bureau: Bureau) -> None:
    *_, walked_in = a_few_of_each(bureau)
    by = Case.objects.get(pk=walked_in.id).counter_id
    assert by is not None
    clerk = people.actor_of_person(by)
    assert [one.id for one in selectors.cases_filed(actor=clerk)] == [walked_in.id]
    moved = replace(clerk, roles=(HeldRole(bureau.authority.id, Role.PLATFORM_OPERATOR, "320600"),))
    assert selectors.cases_filed(actor=moved) == []
