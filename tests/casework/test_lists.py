"""Lists of cases: what stands in them, and that they cost the same however many there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.casework.conftest import SUZHOU, Bureau
from wushu.casework import selectors, services
from wushu.casework.models import Case, RegulationVersion
from wushu.casework.types import CaseView
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE

pytestmark = pytest.mark.django_db

LEAK = {
    "title": "泊位数据外泄", "kind": "leaked", "found": "2026-11-02", "problem": "网上能买到",
    "own": "已停用",
}  # fmt: skip


def report(bureau: Bureau) -> CaseView:
    """A report of a security problem, of which the public does not hear."""
    of = bureau.regulation.procedure("security-report")
    fields = {one.id for one in of.step("report").fields}
    return services.case_open(
        actor=bureau.user, procedure=of.id, step="report", subject=bureau.subject,
        body=bureau.transport.id, organisation=None, title="泊位数据外泄",
        given=services.Given({name: said for name, said in LEAK.items() if name in fields}),
        effects=bureau.effects.of(bureau.regulation),
    )  # fmt: skip


def second_version(changed: Any) -> UUID:
    """The regulation published again with a change."""
    document = changed(selectors.read_folder(selectors.REGULATIONS / SUZHOU))
    return services.regulation_publish(actor=NODE, document=document, file=SUZHOU).id


def test_what_is_kept_from_the_public_is_not_in_the_ledger(bureau: Bureau) -> None:
    application, secret = bureau.file(), report(bureau)
    assert [one.number for one in selectors.public_cases()] == [application.number]
    assert not selectors.public_cases(procedure=secret.procedure.id)
    assert not selectors.public_cases(subject=bureau.subject, procedure=secret.procedure.id)


def test_a_security_problem_is_the_bodys_to_answer_and_a_major_one_is_coordinated_by_the_authority(
    bureau: Bureau,
) -> None:
    case = report(bureau)
    assert [one.number for one in selectors.inbox(actor=bureau.clerk)] == [case.number]
    assert selectors.inbox(actor=bureau.examiner) == []
    major = bureau.step(case, "escalate", bureau.clerk, reasons="涉及多个单位")
    assert [one.number for one in selectors.inbox(actor=bureau.examiner)] == [case.number]
    back = bureau.step(major, "hand-back", bureau.examiner, result="已会同网信部门处置")
    assert (
        bureau.step(back, "resolve", bureau.clerk, done="已停用接口", answer="已处理").closed_at
        is not None
    )
    for who in (bureau.stranger, bureau.other_user):
        with pytest.raises(Refusal, match=r"\[not-found\]"):
            selectors.case(case.id, actor=who)


def test_a_version_that_makes_a_procedure_public_does_not_uncover_cases_of_the_one_before(
    bureau: Bureau,
) -> None:
    before = report(bureau)

    def public(document: dict[str, Any]) -> dict[str, Any]:
        for one in document["procedures"]:
            if one["id"] == "security-report":
                one["public"] = True
        return document

    newer = second_version(public)
    assert not selectors.public_cases()
    after = report(bureau)
    Case.objects.filter(pk=after.id).update(version=newer)
    assert [one.number for one in selectors.public_cases()] == [after.number]
    assert before.number != after.number


def test_a_seat_that_another_version_gives_to_others_is_taken_by_the_version_of_the_case(
    bureau: Bureau,
) -> None:
    case = bureau.step(bureau.file(), "pass", bureau.examiner)

    def of_the_authority(document: dict[str, Any]) -> dict[str, Any]:
        for one in document["seats"]:
            if one["id"] == "body":
                one |= {"role": "data_authority", "of": "division"}
        return document

    newer = second_version(of_the_authority)
    assert [one.id for one in selectors.inbox(actor=bureau.clerk)] == [case.id]
    assert not selectors.inbox(actor=bureau.examiner)
    assert [one.id for one in selectors.office_page(actor=bureau.clerk).lines] == [case.id]
    Case.objects.filter(pk=case.id).update(version=newer)
    assert not selectors.office_page(actor=bureau.clerk).lines
    assert [one.id for one in selectors.office_page(actor=bureau.examiner).lines] == [case.id]
    assert not selectors.inbox(actor=bureau.clerk)
    assert [one.id for one in selectors.inbox(actor=bureau.examiner)] == [case.id]


def test_lists_ask_the_database_as_often_for_many_as_for_one(bureau: Bureau) -> None:
    def asked() -> tuple[int, int, int]:
        found = []
        for read in (
            lambda: selectors.inbox(actor=bureau.examiner),
            selectors.public_cases,
            lambda: selectors.cases_filed(actor=bureau.user),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert read()
            found.append(len(queries))
            assert not any("document" in one["sql"] for one in queries.captured_queries)
        return found[0], found[1], found[2]

    bureau.file()
    for_one = asked()
    for _ in range(5):
        bureau.file()
    assert asked() == for_one
    assert RegulationVersion.objects.count() == 1


def test_pages_follow_one_another_and_keep_their_place_when_a_case_is_decided(
    bureau: Bureau,
) -> None:
    cases = [bureau.file() for _ in range(5)]
    numbers = sorted(one.number for one in cases)
    first = selectors.inbox_page(actor=bureau.examiner, limit=2)
    assert first.cursor is not None
    for one in first.lines:  # the page they ended is gone from the list
        case = selectors.case(one.id, actor=bureau.examiner)
        bureau.step(case, "pass", bureau.examiner)
    rest = selectors.inbox_page(actor=bureau.examiner, cursor=first.cursor)
    seen = [one.number for one in (*first.lines, *rest.lines)]
    assert sorted(seen) == numbers
    pages, cursor = [], None
    while True:
        page = selectors.public_page(cursor=cursor, limit=2)
        pages += [one.number for one in page.lines]
        cursor = page.cursor
        if cursor is None:
            break
    assert pages == sorted(numbers, reverse=True)
    with pytest.raises(Refusal, match="cursor-of-another-query"):
        selectors.public_page(procedure="correction", cursor=first.cursor)
