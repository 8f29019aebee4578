"""Who works on a case: taken, given to a colleague, nothing that who filed learns."""

from __future__ import annotations

import pytest

from tests.casework.conftest import Bureau
from tests.casework.test_cases import refused
from tests.casework.test_merging import report
from wushu.casework import selectors, services
from wushu.casework.models import Case
from wushu.casework.selectors import Filter
from wushu.casework.types import HappenedKind, WalkIn
from wushu.evidence import selectors as evidence
from wushu.parties import services as parties
from wushu.parties.types import NODE, Role

pytestmark = pytest.mark.django_db


def test_a_case_is_taken_and_given_to_a_colleague_and_everybody_seated_still_decides(
    bureau: Bureau,
) -> None:
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    taken = services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.clerk.person)
    assert (taken.assignee, taken.assignee_name) == (bureau.clerk.person, "经办人")
    given = services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.colleague.person)
    assert given.assignee_name == "同事"
    assert [one.text for one in given.history if one.kind is HappenedKind.ASSIGNED] == [
        "经办人", "同事",
    ]  # fmt: skip
    inbox = {
        who.name: len(selectors.inbox(actor=who, narrowed=Filter(assignee=who.person)))
        for who in (bureau.clerk, bureau.colleague)
    }
    assert inbox == {"经办人": 0, "同事": 1}
    assert "agree" in {one.id for one in selectors.case(case.id, actor=bureau.clerk).steps}
    acts = [one.act for one in evidence.entries_about(case.urn)]
    assert acts[2:] == ["casework.case.assigned"] * 2


def test_who_filed_does_not_learn_who_works_on_it(bureau: Bureau) -> None:
    case = bureau.file()
    services.case_assign(actor=bureau.examiner, case=case.id, person=bureau.examiner.person)
    seen = selectors.case(case.id, actor=bureau.user)
    assert (seen.assignee, seen.assignee_name) == (None, "")
    assert [one.kind for one in seen.history] == [HappenedKind.STEP]


def test_it_goes_only_to_who_has_the_same_seat(bureau: Bureau) -> None:
    case = bureau.file()
    for who in (bureau.examiner, bureau.stranger, bureau.user):
        with refused("assignee-not-seated"):
            services.case_assign(actor=bureau.clerk, case=case.id, person=who.person)
    with refused("own-case"):
        services.case_assign(actor=bureau.user, case=case.id, person=bureau.clerk.person)
    for stranger in (bureau.stranger, bureau.other_user):
        with refused("not-found"):
            services.case_assign(actor=stranger, case=case.id, person=stranger.person)
    assert Case.objects.get().assignee is None


def test_a_colleague_who_filed_it_is_no_choice(bureau: Bureau) -> None:
    parties.membership_grant(
        actor=NODE, person=bureau.user.person, organisation=bureau.transport.id,
        role=Role.OPENING_BODY,
    )  # fmt: skip
    case = selectors.case(bureau.file().id, actor=bureau.clerk)
    people = selectors.colleagues(case, actor=bureau.clerk)
    assert set(people.values()) == {"经办人", "同事"}
    assert next(iter(people)) == bureau.clerk.person
    with refused("assignee-not-seated"):
        services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.user.person)


def test_what_has_ended_is_assigned_to_nobody(bureau: Bureau) -> None:
    case = bureau.step(bureau.file(), "withdraw", bureau.user)
    with refused("case-closed"):
        services.case_assign(actor=bureau.clerk, case=case.id, person=bureau.clerk.person)


def test_cases_are_handed_over_by_who_governs_and_to_nobody_who_filed_them(bureau: Bureau) -> None:
    case, other = bureau.file(), bureau.file(by=bureau.other_user)
    parties.membership_grant(
        actor=NODE, person=bureau.user.person, organisation=bureau.transport.id,
        role=Role.OPENING_BODY,
    )  # fmt: skip
    for one in (case, other):
        services.case_assign(actor=bureau.clerk, case=one.id, person=bureau.clerk.person)
    known = selectors.cases_in_charge(bureau.clerk, bureau.transport.id)
    assert set(known) == {case.id, other.id}
    assert not selectors.cases_in_charge(bureau.clerk, bureau.health.id)
    sent = {
        "cases": list(known), "organisation": bureau.transport.id,
        "leaver": bureau.clerk.person, "successor": bureau.user.person,
    }  # fmt: skip
    with refused("not-governing"):
        services.cases_hand_over(actor=bureau.colleague, **sent)
    services.cases_hand_over(actor=bureau.examiner, **sent)
    assert Case.objects.get(pk=case.id).assignee is None
    assert Case.objects.get(pk=other.id).assignee == bureau.user.person


@pytest.mark.parametrize(
    ("works", "follows"),
    [("counter", True), ("elsewhere", False), ("has decided", False), ("is to decide", False)],
)
def test_at_the_counter_nobody_follows_for_who_came_what_they_decide_themselves(
    bureau: Bureau, works: str, follows: bool
) -> None:
    first = bureau.person("窗口", Role.PLATFORM_OPERATOR, bureau.authority)
    second = bureau.person("窗口二", Role.PLATFORM_OPERATOR, bureau.authority)
    if works == "elsewhere":
        second = bureau.stranger
    case = report(bureau, first, WalkIn("王秀英", "居民身份证 123X"))
    if "decide" in works:
        second = bureau.grant(second, Role.DATA_AUTHORITY, bureau.authority)
    if works == "has decided":
        services.case_write(actor=second, case=case.id, text="请说明线路。", among_officials=True)
    if works == "is to decide":
        services.case_assign(actor=bureau.examiner, case=case.id, person=second.person)
    assert first.person is not None
    assert second.person is not None
    services.cases_hand_over(
        actor=bureau.examiner, cases=[case.id], organisation=bureau.authority.id,
        leaver=first.person, successor=second.person,
    )  # fmt: skip
    assert Case.objects.get().counter_id == (second.person if follows else None)
