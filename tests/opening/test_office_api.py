"""An office's cases and the papers in them, by programs and at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.casework.conftest import APPLICATION, bureau, node
from tests.config.test_case import facts, run, who
from tests.opening.test_cases import Office, office
from tests.opening.test_cases_api import STAFF, ask, key
from wushu.casework.types import CaseView, Paper
from wushu.opening import services
from wushu.parties.types import Scope

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db

PLAN = b"\xe6\x96\xb9\xe6\xa1\x88\n"


def staff_filing(office: Office) -> CaseView:
    body = office.bureau.transport.id
    return services.case_file_to_body(
        actor=office.bureau.clerk, body=body, procedure="staff-filing", step="file",
        organisation=body, values=STAFF, papers=(),
    )  # fmt: skip


def with_paper(office: Office) -> CaseView:
    return services.case_file_on_dataset(
        actor=office.bureau.user, dataset=office.dataset, procedure="conditional-access",
        step="submit", organisation=None, values=APPLICATION,
        papers=[Paper("support", "方案.txt", PLAN)],
    )  # fmt: skip


def test_an_office_finds_what_it_filed_and_what_it_decides_whatever_became_of_it(
    office: Office, client: Client
) -> None:
    bureau, recorded, application = office.bureau, staff_filing(office), office.apply()
    office.take(recorded, "record", bureau.examiner)
    headers = key(bureau.clerk, Scope.CASES_FILE, Scope.CASES_HANDLE)
    path = "/api/v1/cases/office"

    def found(asked: str) -> list[str]:
        answer = ask(client, "get", f"{path}?{asked}", headers)
        assert answer.status_code == 200, answer.content
        return [one["number"] for one in answer.json()["items"]]

    assert found("limit=2") == [application.number, recorded.number]
    assert found("procedure=staff-filing&state=closed") == [recorded.number]
    assert found(f"body={bureau.transport.code}&number={recorded.number}") == [recorded.number]
    assert found("overdue=true") == []
    first = ask(client, "get", f"{path}?limit=1", headers).json()
    assert found(f"limit=1&cursor={first['next']}") == [recorded.number]
    for wrong in ("state=ended", "overdue=1", "limit=0", "office=1", "cursor=x"):
        assert ask(client, "get", f"{path}?{wrong}", headers).status_code in {400, 422}, wrong
    stranger = key(bureau.stranger, Scope.CASES_FILE, Scope.CASES_HANDLE)
    assert ask(client, "get", path, stranger).json() == {"items": [], "next": None}
    assert client.get(path).status_code == 401
    told = facts("office", "--state", "closed", "--as", who(bureau.clerk))
    numbers = [one["number"] for one in told]
    assert recorded.number in numbers
    assert application.number not in numbers
    assert (
        facts("office", "--number", recorded.number, "--overdue", "--as", who(bureau.clerk)) == []
    )


def test_what_one_filed_comes_a_page_at_a_time(office: Office, client: Client) -> None:
    numbers = [office.apply().number for _ in range(3)]
    mine, path = key(office.bureau.user, Scope.CASES_FILE), "/api/v1/cases/mine?limit=2"
    first = ask(client, "get", path, mine).json()
    rest = ask(client, "get", f"{path}&cursor={first['next']}", mine).json()
    seen = [one["number"] for one in (*first["items"], *rest["items"])]
    assert (seen, rest["next"]) == (numbers[::-1], None)
    assert len(facts("mine", "--limit", "1", "--as", who(office.bureau.user))) == 1


def test_a_paper_comes_back_byte_by_byte_to_who_may_see_its_case(
    office: Office, client: Client, tmp_path: Path
) -> None:
    bureau, case, other = office.bureau, with_paper(office), office.apply()
    examiner = key(bureau.examiner, Scope.CASES_HANDLE)
    document = ask(client, "get", f"/api/v1/cases/{case.number}", examiner).json()
    (paper,) = document["papers"]
    path = "/" + paper["content"].split("/", 3)[3]
    answer = ask(client, "get", path, examiner)
    assert (answer.status_code, answer.content) == (200, PLAN)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert ask(client, "head", path, examiner).status_code == 200
    of_another = path.replace(case.number, other.number)
    for refused in (
        ask(client, "get", of_another, examiner),
        ask(client, "get", path, key(bureau.stranger, Scope.CASES_HANDLE)),
        ask(client, "get", path, key(bureau.user, Scope.ROWS_READ)),
    ):
        assert (refused.status_code, refused.json()["name"]) == (404, "not-found")
    assert client.get(path).status_code == 401
    to = tmp_path / "方案.txt"
    run("paper", case.number, paper["id"], "-o", str(to), "--as", who(bureau.clerk))
    assert to.read_bytes() == PLAN
    run("paper", other.number, paper["id"], "-o", str(to), "--as", who(bureau.clerk), code=1)
    run("paper", case.number, paper["id"], "-o", str(to), "--as", who(bureau.stranger), code=1)
