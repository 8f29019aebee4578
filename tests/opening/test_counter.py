"""The counter: somebody comes in person, and a clerk files for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.casework.conftest import AGREED, APPLICATION, Bureau, bureau, node
from tests.opening.test_cases import Office, office, refused
from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.types import CaseView, WalkIn
from wushu.evidence.models import Entry
from wushu.opening import services
from wushu.parties.selectors import actor_of_person
from wushu.parties.types import Actor, Role, Scope

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db

WANG = WalkIn("王秀英", "居民身份证 123X")
ERROR = {"title": "站名有误", "kind": "error", "problem": "0106 站名写错"}


@pytest.fixture
def clerk(bureau: Bureau) -> Actor:
    return bureau.person("窗口", Role.PLATFORM_OPERATOR, bureau.authority)


def come_in(
    office: Office, by: Actor, who: WalkIn = WANG, procedure: str = "correction", **more: Any
) -> CaseView:
    step = "report" if procedure == "correction" else "submit"
    return services.case_file_on_dataset(
        actor=by, dataset=office.dataset, procedure=procedure, step=step, organisation=None,
        values=more or ERROR, walk_in=who,
    )  # fmt: skip


def test_the_case_is_of_who_came_and_the_clerk_follows_it_for_them(
    office: Office, clerk: Actor
) -> None:
    case = come_in(office, clerk)
    assert case.filer_name == "王秀英"
    assert case.sides.filer_person != clerk.person
    assert [one.number for one in casework.cases_filed(actor=clerk)] == [case.number]
    seen = casework.case(case.id, actor=clerk)
    assert seen.seats == ("user", "interested")
    assert seen.history[0].text == "居民身份证 123X"
    assert seen.history[0].actor_name == "窗口"


def test_what_was_shown_and_the_name_stay_out_of_the_log(office: Office, clerk: Actor) -> None:
    come_in(office, clerk)
    log = b"".join(bytes(one) for one in Entry.objects.values_list("leaf", flat=True))
    for secret in ("王秀英", "123X"):
        assert secret.encode() not in log


def test_who_filed_at_the_counter_decides_nothing_in_the_case(office: Office) -> None:
    bureau = office.bureau
    case = come_in(office, bureau.examiner, procedure="conditional-access", **APPLICATION)
    with refused("own-case"):
        office.take(case, "pass", bureau.examiner)
    other = bureau.person("另一位审查人", Role.DATA_AUTHORITY, bureau.authority)
    assert office.take(case, "pass", other).state.id == "answering"


def test_nobody_signs_at_the_counter_for_who_came(office: Office, clerk: Actor) -> None:
    bureau = office.bureau
    case = come_in(office, clerk, procedure="conditional-access", **APPLICATION)
    case = office.take(case, "pass", bureau.examiner)
    case = office.take(case, "agree", bureau.clerk, **AGREED)
    with refused("counter-signs-nothing"):
        office.take(case, "sign", clerk, credit=True)


def test_the_counter_supplements_and_withdraws_for_who_came(office: Office, clerk: Actor) -> None:
    case = come_in(office, clerk)
    assert office.take(case, "withdraw", clerk).state.end


@pytest.mark.parametrize("who", ["clerk", "user", "stranger"])
def test_a_body_or_a_citizen_runs_no_counter(office: Office, who: str) -> None:
    with refused("counter-not-here"):
        come_in(office, getattr(office.bureau, who))


def test_a_program_runs_no_counter(office: Office, clerk: Actor) -> None:
    with refused("counter-not-here"):
        come_in(office, replace(clerk, scopes=frozenset(Scope)))


@pytest.mark.parametrize(
    "who",
    [WalkIn("", "居民身份证 123X"), WalkIn("王秀英", " "), WalkIn("王秀英", "32050019500101123X"),
     WalkIn("王" * 101, "护照 6789")],
    ids=["no name", "nothing shown", "a whole number", "too long"],
)  # fmt: skip
def test_a_name_and_the_last_four_characters_are_noted_and_no_more(
    office: Office, clerk: Actor, who: WalkIn
) -> None:
    with refused("answer-wrong"):
        come_in(office, clerk, who)


def test_what_officials_begin_is_not_begun_at_the_counter(office: Office, clerk: Actor) -> None:
    with refused("file-for-whom"):
        services.case_file_on_dataset(
            actor=clerk, dataset=office.dataset, procedure="reassessment", step="begin",
            organisation=None, values={}, walk_in=WANG,
        )  # fmt: skip


def test_who_leaves_the_counter_hands_over_what_they_filed_there(
    office: Office, clerk: Actor
) -> None:
    bureau = office.bureau
    second = bureau.person("窗口二", Role.PLATFORM_OPERATOR, bureau.authority)
    case, other = come_in(office, clerk), come_in(office, clerk)
    # What the second has had a hand in deciding they cannot follow for who filed.
    cases.case_write(actor=bureau.clerk, case=other.id, text="已收到。")
    second = bureau.grant(second, Role.DATA_AUTHORITY, bureau.authority)
    cases.case_write(actor=second, case=other.id, text="请说明线路。", among_officials=True)
    done = services.staff_transfer(
        actor=bureau.examiner, person=clerk.person, organisation=bureau.authority.id,
        successor=second.person,
    )  # fmt: skip
    assert done.cases == tuple(sorted((case.number, other.number)))
    seen = casework.case(case.id, actor=second)
    assert (seen.sides.counter, seen.history[-1].text) == (second.person, "窗口二")
    assert seen.seats == ("user", "interested")
    assert casework.case(other.id, actor=bureau.clerk).sides.counter is None
    left = actor_of_person(clerk.person)
    assert casework.cases_filed(actor=left) == []
    for one in (case, other):
        with refused("not-found"):
            casework.case(one.id, actor=left)


def test_who_is_at_the_counter_no_more_follows_nothing_there(office: Office, clerk: Actor) -> None:
    case = come_in(office, clerk)
    with refused("not-found"):
        casework.case(case.id, actor=replace(clerk, roles=()))


def test_the_public_ledger_finds_it_by_its_number_without_a_name(
    office: Office, clerk: Actor
) -> None:
    case = come_in(office, clerk)
    come_in(office, clerk)
    (line,) = casework.public_page(number=case.number.lower()).lines
    assert (line.number, line.title) == (case.number, "")
