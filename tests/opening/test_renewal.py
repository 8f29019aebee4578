"""A grant in use is renewed before its end, by another agreement that both sign, without a gap."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.casework.conftest import AGREED, bureau, node
from tests.opening.test_cases import Office, inquire, office, refused, seal
from wushu.casework import selectors as casework
from wushu.casework.types import CaseView, ClockState
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.rules import require_extendable
from wushu.evidence.models import Entry
from wushu.kernel.errors import Refusal
from wushu.opening import selectors, services

__all__ = ["bureau", "node", "office"]

END = date.fromisoformat(AGREED["until"])
LATER = END.replace(year=END.year + 1).isoformat()
NOW = datetime(2026, 11, 22, tzinfo=timezone.get_default_timezone())
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("ends", "later", "revoked"),
    [
        (NOW + DAY, NOW + DAY, False),
        (NOW + DAY, NOW, False),
        (NOW - DAY, NOW + DAY, False),
        (None, NOW + DAY, False),
        (NOW + DAY, NOW + 2 * DAY, True),
    ],
)
def test_a_grant_that_is_over_or_revoked_or_lasts_as_long_is_not_extended(
    ends: datetime | None, later: datetime, revoked: bool
) -> None:
    require_extendable(NOW + DAY, NOW + 2 * DAY, now=NOW, revoked=False)
    with pytest.raises(Refusal, match=r"\[grant-not-extended\]"):
        require_extendable(ends, later, now=NOW, revoked=revoked)


def renewing(office: Office, upto: str) -> CaseView:
    """A case in use whose renewal has come so far."""
    user, clerk = office.bureau.user, office.bureau.clerk
    case = office.in_use()
    for step, by, values in (
        ("ask-renewal", user, {"until": LATER, "reason": "研究未完成"}),
        ("agree-renewal", clerk, {"until": LATER}),
        ("sign-renewal", user, {"credit": True}),
        ("countersign-renewal", clerk, {}),
    ):
        case = office.take(case, step, by, **values)
        if step == upto:
            return case
    raise KeyError(upto)


def ends(office: Office) -> list[Any]:
    grants = dataplane.grants_of(office.dataset, actor=office.bureau.clerk)
    return [one.valid_until for one in grants if one.revoked_at is None]


@pytest.mark.django_db
def test_the_grant_ends_later_once_both_have_signed_and_the_old_agreement_stays_readable(
    office: Office,
) -> None:
    user, clerk = office.bureau.user, office.bureau.clerk
    case = office.in_use()
    (grant,), (old,) = (
        dataplane.grants_of(office.dataset, actor=clerk),
        selectors.agreements(case.id, actor=user),
    )
    case = office.take(case, "ask-renewal", user, until=LATER, reason="研究未完成")
    clocks = casework.case(case.id, actor=user).clocks
    assert [o.rule.id for o in clocks if o.clock.state is ClockState.RUNNING] == ["renewal"]
    for step, by, values in (
        ("agree-renewal", clerk, {"until": LATER}),
        ("sign-renewal", user, {"credit": True}),
        ("countersign-renewal", clerk, {}),
    ):
        assert ends(office) == [grant.valid_until]
        assert office.access(user).grant == grant.id
        case = office.take(case, step, by, **values)
    assert case.state.id == "in-use"
    new, kept = selectors.agreements(case.id, actor=user)
    assert (kept.sha256, kept.document, kept.until) == (old.sha256, old.document, END)
    assert (new.number, new.until.isoformat(), new.grant) == (2, LATER, grant.id)
    until = {one["title"]: one["text"] for one in new.document["clauses"]}["开放至"]
    assert until == LATER
    assert len(new.document["clauses"]) == len(old.document["clauses"])
    (extended,) = dataplane.grants_of(office.dataset, actor=clerk)
    assert (extended.id, extended.columns) == (grant.id, grant.columns)
    assert timezone.localdate(extended.valid_until) == date.fromisoformat(LATER) + DAY
    acts = b"".join(bytes(one) for one in Entry.objects.values_list("leaf", flat=True))
    assert acts.count(b"dataplane.grant.extended") == 1
    # At the end of the old term nothing happens; at that of the new one the case ends.
    assert services.cases_end_due(grant.valid_until) == 0
    assert services.cases_end_due(extended.valid_until) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("upto", ["ask-renewal", "sign-renewal"])
def test_a_renewal_that_still_waits_when_the_old_term_is_over_ends_with_its_case(
    office: Office, upto: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = renewing(office, upto)
    (end,) = ends(office)
    if upto == "sign-renewal":  # before the node came to it, the body signs too late
        with monkeypatch.context() as later:
            later.setattr(timezone, "now", lambda: end)
            with refused("grant-not-extended"):
                office.take(case, "countersign-renewal", office.bureau.clerk)
    assert services.cases_end_due(end - timedelta(seconds=1)) == 0
    assert services.cases_end_due(end) == 1
    assert casework.case(case.id, actor=office.bureau.user).state.id == "ended"


@pytest.mark.django_db
def test_a_renewal_given_up_refused_or_suspended_leaves_what_both_had_signed(
    office: Office,
) -> None:
    user, clerk = office.bureau.user, office.bureau.clerk
    case = office.in_use()
    before = ends(office)
    with refused("renewal-not-longer"):
        office.take(case, "ask-renewal", user, until=END.isoformat(), reason="同一天")
    for upto, step, by, values in (
        ("ask-renewal", "withdraw-renewal", user, {}),
        ("ask-renewal", "refuse-renewal", clerk, {"reasons": "用途已完成"}),
        ("agree-renewal", "leave-renewal", user, {}),
    ):
        case = office.take(case, "ask-renewal", user, until=LATER, reason="研究未完成")
        if upto == "agree-renewal":
            with refused("renewal-not-longer"):
                office.take(case, "agree-renewal", clerk, until=END.isoformat())
            case = office.take(case, "agree-renewal", clerk, until=LATER)
        case = office.take(case, step, by, **values)
        assert (case.state.id, ends(office)) == ("in-use", before)
    for step, by, values in (
        ("ask-renewal", user, {"until": LATER, "reason": "再申请"}),
        ("agree-renewal", clerk, {"until": LATER}),
        ("sign-renewal", user, {"credit": True}),
        ("suspend", office.bureau.examiner, {"reasons": "疑似转让"}),
    ):
        case = office.take(case, step, by, **values)
    assert ends(office) == []
    office.take(case, "restore", office.bureau.examiner, reasons="已核实，未转让")
    assert ends(office) == before


@pytest.mark.django_db
def test_access_that_was_limited_for_a_breach_does_not_come_back_by_a_renewal(
    office: Office,
) -> None:
    bureau = office.bureau
    case = renewing(office, "sign-renewal")
    breach = inquire(office, bureau.examiner, bureau.authority.id, "inquire-as-authority")
    office.take(breach, "limit", bureau.examiner, reasons="向第三方提供", heard="承认")
    with refused("grant-not-extended"):
        office.take(case, "countersign-renewal", bureau.clerk)
    with refused("grant-revoked"):
        office.access(bureau.user)


@pytest.mark.django_db
def test_what_is_sealed_meanwhile_is_not_renewed(office: Office) -> None:
    user = office.bureau.user
    case = office.in_use()
    seal(office)
    with refused("not-open-to-applications"):
        office.take(case, "ask-renewal", user, until=LATER, reason="研究未完成")
