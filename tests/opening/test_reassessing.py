"""What is not opened is due to be looked at again, and the platform says when (art. 8)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from tests.casework.conftest import SUZHOU, Bureau, bureau, node
from tests.opening.test_cases import Office, table
from wushu.casework import selectors as casework
from wushu.casework.rules.regulations import faults, regulation_of
from wushu.casework.types import LastAnswer
from wushu.catalog.types import Attribute
from wushu.config.cli import main
from wushu.opening import selectors, services
from wushu.opening.rules.reassessing import due_day
from wushu.portal import inbox

__all__ = ["bureau", "node"]

LISTED = date(2026, 2, 1)
PROVISION = {"level": "law", "title": "中华人民共和国档案法", "article": "第二十八条"}


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, date(2026, 3, 3)),
        (LastAnswer(date(2026, 2, 20), "2027-02-20"), date(2027, 2, 20)),
        (LastAnswer(date(2026, 2, 20), ""), date(2026, 3, 22)),
    ],
)
def test_it_is_due_on_the_day_set_last_time_and_the_first_time_by_the_rules(
    last: LastAnswer | None, due: date
) -> None:
    assert due_day(LISTED, 30, last) == due


def reassessed(office: Office, by_next: date) -> None:
    """Looked at again, and kept closed until a day."""
    bureau = office.bureau
    begun = services.case_file_on_dataset(
        actor=bureau.clerk, dataset=office.dataset, procedure="reassessment", step="begin",
        organisation=bureau.transport.id, values={"situation": "依据未变"},
    )  # fmt: skip
    [one] = selectors.reassessments_page().items
    assert one.under_way
    office.take(
        begun, "keep", bureau.colleague, reasons="仍涉及个人行踪", provision=PROVISION,
        next=by_next.isoformat(),
    )  # fmt: skip


@pytest.mark.django_db
def test_each_dataset_that_is_not_opened_has_its_day_for_everybody_and_on_its_bodys_desk(
    bureau: Bureau, client: Client
) -> None:
    office = Office(bureau, table(bureau, Attribute.NONE))
    table(bureau, Attribute.UNCONDITIONAL)
    today = timezone.localdate()
    rule = bureau.regulation.procedure("reassessment").reassesses
    assert rule is not None

    def items() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get("/api/v1/reassessments").json()["items"]
        return found

    [one] = items()
    assert one["due"] == (today + timedelta(days=rule.days)).isoformat()
    assert (one["late"], one["assessed"], one["under_way"]) == (False, None, False)
    desk = inbox.PROVIDERS["reassessments"]
    assert list(desk(bureau.clerk)) == []

    reassessed(office, today - timedelta(days=1))
    [one] = items()
    assert (one["due"], one["late"]) == ((today - timedelta(days=1)).isoformat(), True)
    assert one["assessed"] == today.isoformat()
    [waits] = desk(bureau.clerk)
    assert (waits.urgent, waits.body) == (True, bureau.transport.id)
    assert waits.address.endswith(f"/{one['dataset']}/file/reassessment")
    assert [list(desk(who)) for who in (bureau.stranger, bureau.examiner, bureau.user)] == [[]] * 3

    shown = client.get(f"/reassessments?body={bureau.transport.code}").content.decode()
    assert f"/datasets/{one['dataset']}" in shown
    assert "已逾期" in client.get(f"/datasets/{one['dataset']}").content.decode()
    other = f"?body={bureau.health.code}"
    assert client.get(f"/api/v1/reassessments{other}").json() == {"items": [], "next": None}
    command = ["case", "reassessments", "--body", bureau.transport.code, "--json"]
    printed = CliRunner().invoke(main, command, catch_exceptions=False).output
    assert json.loads(printed)["items"] == items()


@pytest.mark.django_db
def test_a_long_list_of_them_is_read_page_by_page(bureau: Bureau) -> None:
    for _one in range(3):
        table(bureau, Attribute.NONE)
    first = selectors.reassessments_page(limit=2)
    assert first.cursor is not None
    second = selectors.reassessments_page(limit=2, cursor=first.cursor)
    assert second.cursor is None
    assert len({one.entry.id for one in (*first.items, *second.items)}) == 3


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"field": "reasons"}, "reassessment.reassesses.field"),
        ({"days": -1}, "reassessment.reassesses.days"),
        ({"ground": {"article": "99"}}, "reassessment.reassesses.ground"),
    ],
)
def test_a_period_names_a_public_day_and_its_ground(changes: dict[str, Any], where: str) -> None:
    document = casework.read_folder(casework.REGULATIONS / SUZHOU)
    procedure = next(one for one in document["procedures"] if one["id"] == "reassessment")
    procedure["reassesses"] |= changes
    found = faults(regulation_of(document, SUZHOU), SUZHOU)
    assert where in " ".join(str(one.facts["where"]) for one in found)
