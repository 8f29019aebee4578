"""What an open case governs is not decided beside it, by hand."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.casework.conftest import Bureau, bureau, node
from tests.opening.test_cases import Office, office, refused, table
from tests.opening.test_real_exploration import list_again
from wushu.casework import selectors as casework
from wushu.casework.types import CaseView, Paper
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.rules import sealing_obstacle
from wushu.catalog.types import Attribute, EntryAct, EntryState, SealingCase
from wushu.dataplane import selectors as dataplane
from wushu.kernel.errors import Said
from wushu.opening import services
from wushu.parties.types import Role

__all__ = ["bureau", "node", "office"]

OBJECTION = {"right": "privacy", "concern": "opening", "statement": "可识别本人"}


def objected(office: Office, *steps: tuple[str, dict[str, Any]]) -> CaseView:
    """An objection to the opening of the office's dataset, and what its body did."""
    case = services.case_file_on_dataset(
        actor=office.bureau.person("权利人", Role.INTERESTED_PARTY), dataset=office.dataset,
        procedure="rights-objection", step="object", organisation=None, values=OBJECTION,
        papers=[Paper("evidence", "证据.txt", "证据".encode())],
    )  # fmt: skip
    for step, values in steps:
        case = office.take(case, step, office.bureau.clerk, **values)
    return case


SUSPEND = ("suspend", {"reasons": "可能识别个人"})
PROCESS = ("process", {"reasons": "删除两列", "answer": "处理后再开放"})


@pytest.mark.django_db
def test_what_an_objection_sealed_is_neither_opened_again_nor_withdrawn_beside_it(
    bureau: Bureau,
) -> None:
    office = Office(bureau, table(bureau, Attribute.UNCONDITIONAL))
    case = objected(office, SUSPEND)
    by_hand: dict[str, Any] = {"entry": office.dataset, "reason": "无误", "basis": "自行决定"}
    with refused("sealed-in-a-case"):
        catalog_services.entry_restore(actor=bureau.examiner, **by_hand)
    with refused("sealed-in-a-case"):
        catalog_services.entry_withdraw(actor=bureau.clerk, **by_hand)
    with refused("sealed-in-a-case"):
        list_again(bureau, office.dataset)
    with refused("reviewer-lacks-role"):  # who may not anyway is told of no case
        catalog_services.entry_restore(actor=bureau.stranger, **by_hand)
    said = catalog.closing_acts(office.dataset, actor=bureau.examiner)
    assert {one.name for one in said.values() if one} == {"sealed-in-a-case"}
    assert catalog.entry_by_id(office.dataset).state is EntryState.SEALED
    proposed = office.take(
        case, "propose-restore", bureau.clerk, reasons="不构成侵权", answer="同上"
    )
    office.take(proposed, "restore", bureau.examiner, reasons="同意")
    assert catalog.entry_by_id(office.dataset).state is EntryState.LISTED
    catalog_services.entry_withdraw(actor=bureau.clerk, **by_hand)


@pytest.mark.django_db
def test_opened_again_after_processing_means_a_revision_listed_since(bureau: Bureau) -> None:
    office = Office(bureau, table(bureau, Attribute.UNCONDITIONAL))
    case = objected(office, SUSPEND, PROCESS)
    with refused("sealed-in-a-case"):
        catalog_services.entry_restore(
            actor=bureau.examiner, entry=office.dataset, reason="无误", basis="自行决定"
        )
    with refused("still-sealed"):
        office.take(case, "report-reopened", bureau.clerk, version="第 1 稿")
    list_again(bureau, office.dataset)
    assert (
        office.take(case, "report-reopened", bureau.clerk, version="第 2 稿").state.id == "reopened"
    )


@pytest.mark.parametrize(
    ("act", "awaits", "named"),
    [
        (EntryAct.RESTORE, True, True),
        (EntryAct.WITHDRAW, False, True),
        (EntryAct.LIST, False, True),
        (EntryAct.LIST, True, False),
        (EntryAct.SEAL, False, False),
    ],
)
def test_while_a_case_waits_for_a_new_revision_the_gate_lists_one_and_nothing_else_opens(
    act: EntryAct, awaits: bool, named: bool
) -> None:
    sealing = SealingCase(uuid4(), "329900-YY-2026-00001", Said("权益异议", "Objection"), awaits)
    assert (sealing_obstacle(act, sealing, None) is not None) is named
    assert (sealing_obstacle(act, sealing, uuid4()) is not None) is named
    assert sealing_obstacle(act, sealing, sealing.id) is None
    assert sealing_obstacle(act, None, None) is None


@pytest.mark.django_db
def test_access_in_use_is_not_revoked_beside_its_case(office: Office) -> None:
    bureau, case = office.bureau, office.in_use()
    (grant,) = dataplane.grants_of(office.dataset, actor=bureau.clerk)
    for who, name in ((bureau.clerk, "grant-in-a-case"), (bureau.stranger, "grant-not-overseen")):
        with refused(name):
            services.grant_revoke_by_hand(actor=who, grant=grant.id, reason="转让")
    assert office.access(bureau.user)
    shut = office.take(case, "shut", bureau.examiner, reasons="违反协议第三条")
    assert casework.case(shut.id, actor=bureau.user).closed_at is not None
    with refused("grant-already-revoked"):
        services.grant_revoke_by_hand(actor=bureau.clerk, grant=grant.id, reason="再次")
