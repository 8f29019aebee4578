"""What was taken back comes back by who took it alone, and what was shut for good not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.casework.conftest import AGREED, bureau, node
from tests.opening.test_cases import Office, inquire, office, refused
from wushu.casework import selectors as casework
from wushu.casework.files import read_folder, regulation_folders
from wushu.casework.rules.regulations import regulation_of
from wushu.casework.types import NODE_SEAT, CaseView
from wushu.dataplane import selectors as dataplane
from wushu.opening import services
from wushu.opening.rules.agreements import may_restore

__all__ = ["bureau", "node", "office"]

RULES = {one.name: regulation_of(read_folder(one), one.name) for one in regulation_folders()}
SUZHOU = RULES["suzhou-public-data-opening-2023"]
REASONS = {"reasons": "疑似转让"}
HEARD = {"reasons": "向第三方提供", "heard": "未说明"}


@pytest.mark.parametrize(
    "key", ["suzhou-public-data-opening-2023", "guizhou-data-sharing-opening-2020"]
)
def test_a_period_of_use_is_said_to_be_over_by_the_node_alone(key: str) -> None:
    ending = [one for one in RULES[key].procedure("conditional-access").steps if one.to == "ended"]
    assert [one.seats for one in ending] == [(NODE_SEAT,)]


@pytest.mark.parametrize(
    ("seat", "suspended", "may"),
    [
        ("body", "body", True),
        ("authority", "authority", True),
        ("authority", "body", True),
        ("body", "authority", False),
    ],
)
def test_who_suspended_restores_and_the_authority_above_it(
    seat: str, suspended: str, *, may: bool
) -> None:
    assert may_restore(seat, suspended, SUZHOU) is may


def again(office: Office, case: CaseView) -> CaseView:
    return casework.case(case.id, actor=office.bureau.clerk)


def limit(office: Office, step: str = "limit") -> CaseView:
    """The authority has inquired into a breach and decided."""
    bureau = office.bureau
    breach = inquire(office, bureau.examiner, bureau.authority.id, "inquire-as-authority")
    return office.take(breach, step, bureau.examiner, **HEARD)


def live(office: Office) -> list[UUID]:
    grants = dataplane.grants_of(office.dataset, actor=office.bureau.clerk)
    return [one.id for one in grants if one.revoked_at is None]


@pytest.mark.django_db
def test_the_body_gives_back_what_it_suspended_and_not_what_the_authority_did(
    office: Office,
) -> None:
    clerk, examiner = office.bureau.clerk, office.bureau.examiner
    case = office.in_use()
    for who in (clerk, examiner):
        with refused("not-in-seat"):
            office.take(case, "end", who)
    office.take(case, "suspend", examiner, **REASONS)
    with refused("restored-by-who-suspended"):
        office.take(again(office, case), "restore", clerk, reasons="自认无妨")
    assert live(office) == []
    office.take(again(office, case), "restore", examiner, reasons="已核实")
    for who in (clerk, examiner):
        office.take(again(office, case), "suspend", clerk, **REASONS)
        office.take(again(office, case), "restore", who, reasons="已核实")
    assert office.access(office.bureau.user).columns == tuple(AGREED["columns"])
    assert len(live(office)) == 1


@pytest.mark.django_db
def test_what_a_breach_took_does_not_come_back_through_the_application(office: Office) -> None:
    bureau = office.bureau
    case = office.in_use()
    breach = limit(office)
    with refused("access-not-live"):
        office.take(again(office, case), "suspend", bureau.clerk, **REASONS)
    with refused("breach-stands"):
        office.take(
            again(office, case), "ask-renewal", bureau.user, until="2028-06-30", reason="未完成"
        )
    office.take(breach, "shut", bureau.examiner, **HEARD)
    with refused("access-not-live"):
        office.take(again(office, case), "suspend", bureau.clerk, **REASONS)
    with refused("grant-revoked"):
        office.access(bureau.user)
    ended = office.take(again(office, case), "shut", bureau.clerk, reasons="已由主管部门关闭")
    assert ended.state.end
    assert live(office) == []


def inquiries(office: Office) -> tuple[CaseView, CaseView]:
    """The body and the authority both inquire into the same access."""
    bureau = office.bureau
    return (
        inquire(office, bureau.clerk, bureau.transport.id, "inquire-as-body"),
        inquire(office, bureau.examiner, bureau.authority.id, "inquire-as-authority"),
    )


@pytest.mark.django_db
def test_what_was_suspended_waits_for_the_breach_that_is_inquired_into(office: Office) -> None:
    bureau = office.bureau
    case = office.in_use()
    body, authority = inquiries(office)
    office.take(case, "suspend", bureau.clerk, **REASONS)
    with refused("access-not-live"):
        office.take(body, "limit", bureau.clerk, **HEARD)
    office.take(body, "no-breach", bureau.clerk, reasons="未发现转让")
    with refused("breach-stands"):
        office.take(again(office, case), "restore", bureau.clerk, reasons="未发现转让")
    office.take(authority, "shut", bureau.examiner, **HEARD)
    for who in (bureau.clerk, bureau.examiner):
        with refused("breach-stands"):
            office.take(again(office, case), "restore", who, reasons="未发现转让")
    assert live(office) == []


@pytest.mark.django_db
def test_a_breach_gives_nothing_back_that_another_has_shut_or_whose_case_has_ended(
    office: Office,
) -> None:
    bureau = office.bureau
    case = office.in_use()
    body, authority = inquiries(office)
    limited = office.take(body, "limit", bureau.clerk, **HEARD)
    with refused("breach-stands"):
        office.take(limited, "restore", bureau.clerk, reasons="已整改")
    office.take(authority, "no-breach", bureau.examiner, reasons="未发现转让")
    office.take(again(office, case), "shut", bureau.clerk, reasons="违反协议")
    with refused("access-over"):
        office.take(limited, "restore", bureau.clerk, reasons="已整改")
    assert live(office) == []


@pytest.mark.django_db
def test_a_grant_whose_place_another_has_taken_is_not_shut_for_it(office: Office) -> None:
    bureau = office.bureau
    case = office.in_use()
    (former,) = live(office)
    office.take(case, "suspend", bureau.clerk, **REASONS)
    office.take(again(office, case), "restore", bureau.clerk, reasons="已核实")
    given: dict[str, Any] = {"title": "转让", "suspicion": "第六条", "facts": "网上有售"}
    breach = services.case_file_on_grant(
        actor=bureau.examiner, grant=former, procedure="breach", step="inquire-as-authority",
        organisation=bureau.authority.id, values=given,
    )  # fmt: skip
    for step in ("limit", "shut"):
        with refused("access-not-live"):
            office.take(breach, step, bureau.examiner, **HEARD)
    assert len(live(office)) == 1
