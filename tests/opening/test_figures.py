"""How fast cases are answered, to everybody: API, command line, ledger and home page say the same."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.casework.conftest import AGREED, bureau, node
from tests.opening.test_cases import Office, office
from wushu.config.cli import main

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db


def answered(office: Office) -> None:
    """An application that was agreed on the day on which it came in."""
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    office.take(case, "agree", office.bureau.clerk, **AGREED)


def test_an_answer_is_in_the_figures_of_the_api_and_the_command_line(
    office: Office, client: Client
) -> None:
    assert client.get("/api/v1/cases/figures").json()["total"] is None
    answered(office)
    found = client.get("/api/v1/cases/figures").json()
    pace = {"answered": 1, "median_working_days": 0, "in_time": 1, "late": 0}
    assert found["total"] == pace
    (one,) = found["procedures"]
    title = office.bureau.regulation.procedure("conditional-access").title
    assert one == {
        "procedure": "conditional-access",
        "title": {"zh": title.zh, "en": title.en},
        **pace,
    }
    said = CliRunner().invoke(main, ["case", "figures", "--json"])
    assert json.loads(said.output) == found
    shown = CliRunner().invoke(main, ["case", "figures"])
    assert title.zh in shown.output
    assert "中位工作日" in shown.output


def test_figures_of_one_body_are_its_own(office: Office, client: Client) -> None:
    answered(office)
    own, other = office.bureau.transport.code, office.bureau.health.code
    assert client.get(f"/api/v1/cases/figures?body={own}").json()["total"]["answered"] == 1
    assert client.get(f"/api/v1/cases/figures?body={other}").json()["total"] is None
    assert client.get("/api/v1/cases/figures?body=91320500000000000X").status_code == 404


def test_ledger_and_home_page_say_how_fast_and_name_nobody(office: Office, client: Client) -> None:
    for address in ("/", "/cases"):
        assert "近 12 个月答复" not in client.get(address).content.decode()
    answered(office)
    english = client.get("/en/cases").content.decode()
    assert "1 request or application was answered, in 0 working days; in time: 1." in english
    for address in ("/", "/cases"):
        page = client.get(address).content.decode()
        assert "近 12 个月答复申请和反馈 1 件，中位用时 0 个工作日，按期 1 件。" in page
        assert "停车诱导研究" not in page, "the applicant's own words"
    ledger = client.get("/cases").content.decode()
    assert "中位工作日数" in ledger
