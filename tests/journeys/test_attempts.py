"""Attempts that must fail, on a running node, by page, program and command; each stands in the node's log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.casework.conftest import AGREED, Bureau, department
from tests.dataplane.ingest.conftest import metadata
from tests.dataplane.query.conftest import _cheap_hashing, _closed_connections, node
from tests.evidence.conftest import initialise
from tests.opening.test_cases import Office, table
from tests.opening.test_cases_api import key
from tests.portal.messages import compile_catalogues
from tests.support.waiting import waited
from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.models import Case, RegulationVersion
from wushu.casework.types import CaseView
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute
from wushu.config import logs
from wushu.config.cli import main
from wushu.parties import selectors as parties
from wushu.parties.models import Account
from wushu.parties.types import NODE, Actor, Scope

__all__ = ["_cheap_hashing", "_closed_connections", "node"]

SUZHOU = "suzhou-public-data-opening-2023"
SECRET = re.compile("甲|乙")
"""Values of the column that the agreement leaves out."""


@dataclass
class Place:
    """A running node with a city that goes by the rules, and the log it writes."""

    address: str
    office: Office
    folder: Path
    read: int = 0
    """Lines of the log."""

    @property
    def bureau(self) -> Bureau:
        return self.office.bureau

    @property
    def slug(self) -> str:
        return catalog.entry_by_id(self.office.dataset).slug

    def signed_in(self, who: Actor) -> httpx.Client:
        """A browser in which somebody is signed in."""
        client = Client(enforce_csrf_checks=False)
        account = Account.objects.get(pk=who.account)
        client.force_login(account, backend="wushu.parties.backends.AccountBackend")
        cookies = {name: one.value for name, one in client.cookies.items()}
        return httpx.Client(base_url=self.address, cookies=cookies, timeout=30)

    def post(self, who: Actor, path: str, **sent: Any) -> httpx.Response:
        """A form sent by a page, with the page's own token."""
        with self.signed_in(who) as browser:
            browser.get("/account")
            token = browser.cookies.get("csrftoken", "")
            headers = {"referer": self.address, "x-csrftoken": token}
            return browser.post(path, data={**sent, "csrfmiddlewaretoken": token}, headers=headers)

    def ask(
        self, who: Actor, method: str, path: str, *scopes: Scope, **more: Any
    ) -> httpx.Response:
        """By a program with somebody's key."""
        address = f"{self.address}{path}"
        return httpx.request(method, address, headers=key(who, *scopes), timeout=30, **more)

    def told(self, who: Actor, refusal: str) -> bool:
        """Whether a line that was written since the last time says so; an answer is told after it."""
        return waited(lambda: self._read(who, refusal), 5)

    def _read(self, who: Actor, refusal: str) -> bool:
        for number, one in enumerate(self._lines()[self.read :], start=self.read + 1):
            if one.get("refusal") == refusal and one.get("actor") == who.urn:
                self.read = number
                return True
        return False

    def _lines(self) -> list[dict[str, Any]]:
        logs.LINES.flush()
        text = "".join(path.read_text() for path in sorted(self.folder.glob("*")))
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def place(node: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    compile_catalogues()
    initialise()
    settings.LOG_DIR = str(tmp_path / "logs")
    monkeypatch.setattr(logs, "LINES", logs.Lines())
    document = casework.read_folder(casework.REGULATIONS / SUZHOU)
    version = cases.regulation_publish(actor=NODE, document=document, file=SUZHOU)
    bureau = Bureau(
        authority=department("数据局"), transport=department("交通运输局"),
        health=department("卫生健康委员会"), regulation=casework.regulation(version.id),
    )  # fmt: skip
    cases.regulation_adopt(
        actor=bureau.examiner, version=version.id, division="320500",
        begins=timezone.localdate() - timedelta(days=1), ends=None, decision="决定", beyond="继续参照",
    )  # fmt: skip
    return Place(node, Office(bureau, table(bureau, Attribute.CONDITIONAL)), tmp_path / "logs")


def values(given: dict[str, Any]) -> dict[str, Any]:
    return {"values": given}


HANDLE, FILE, ROWS = Scope.CASES_HANDLE, Scope.CASES_FILE, Scope.ROWS_READ


def test_a_body_does_not_approve_its_own_application(place: Place):
    clerk = place.bureau.grant(
        place.bureau.user, place.bureau.clerk.roles[0].role, place.bureau.transport
    )
    case = place.office.take(place.office.apply(clerk), "pass", place.bureau.examiner)
    by_api = place.ask(
        clerk, "POST", f"/api/v1/cases/{case.number}/steps/agree", HANDLE, FILE, json=values(AGREED)
    )
    assert (by_api.status_code, by_api.json()["name"]) == (403, "own-case")
    assert place.told(clerk, "own-case")
    by_page = place.post(clerk, f"/cases/{case.number}/do/agree", **AGREED)
    assert by_page.status_code == 302
    assert place.told(clerk, "own-case")
    assert Case.objects.get(pk=case.id).state == "answering"


def test_a_clerk_does_not_read_another_bodys_drafts(place: Place):
    bureau = place.bureau
    draft = draft_of(place)
    slug = catalog.entry_by_id(draft, actor=bureau.clerk).slug
    with place.signed_in(bureau.stranger) as browser:
        for path in (f"/desk/datasets/{slug}", f"/datasets/{slug}", f"/desk/datasets/{slug}/duty"):
            assert browser.get(path).status_code in (403, 404), path
            assert place.told(bureau.stranger, "not-found"), path
    for path in (f"/api/v1/datasets/{slug}", f"/api/v1/datasets/{slug}/rows"):
        assert place.ask(bureau.stranger, "GET", path, ROWS).status_code == 404, path


def draft_of(place: Place) -> UUID:
    return catalog_services.entry_create(
        actor=place.bureau.clerk, body=place.bureau.transport.id, slug="planned-lines",
        metadata=metadata(Attribute.CONDITIONAL),
    ).id  # fmt: skip


SURFACES_OF_ROWS: dict[str, Callable[[Place], str]] = {
    "rows": lambda p: f"/api/v1/datasets/{p.slug}/rows?select=名称",
    "rows by a filter": lambda p: f"/api/v1/datasets/{p.slug}/rows?filter=名称:eq:丙",
    "rows in order": lambda p: f"/api/v1/datasets/{p.slug}/rows?sort=名称",
    "delta": lambda p: f"/api/v1/datasets/{p.slug}/delta?from=0",
    "download": lambda p: f"/data/{p.slug}.csv",
    "ckan": lambda p: f"/api/3/action/datastore_search?resource_id={p.office.dataset}&fields=名称",
}


@pytest.mark.parametrize("surface", SURFACES_OF_ROWS)
def test_a_user_does_not_read_columns_outside_the_grant(place: Place, surface: str):
    user = place.bureau.user
    place.office.in_use()
    answer = place.ask(user, "GET", SURFACES_OF_ROWS[surface](place), ROWS)
    assert not SECRET.search(answer.text), answer.text
    if answer.status_code != 200:
        assert place.told(user, answer.json().get("name", "") or answer.json()["error"]["name"])


def test_nor_on_the_pages(place: Place):
    place.office.in_use()
    with place.signed_in(place.bureau.user) as browser:
        for path in ("", "/explore?by=名称", "/explore?by=编号&across=名称"):
            answer = browser.get(f"/datasets/{place.slug}{path}")
            assert not SECRET.search(answer.text), path


STEPS = {"pass": "examiner", "agree": "clerk", "sign": "user", "countersign": "clerk"}


@pytest.mark.parametrize("step", STEPS)
def test_nobody_acts_after_a_withdrawal(place: Place, step: str):
    bureau = place.bureau
    case = place.office.take(place.office.apply(), "withdraw", bureau.user)
    who: Actor = getattr(bureau, STEPS[step])
    path = f"/api/v1/cases/{case.number}/steps/{step}"
    given = {"agree": AGREED, "sign": {"credit": True}}.get(step, {})
    refused = place.ask(who, "POST", path, HANDLE, FILE, json=values(given))
    assert (refused.status_code, refused.json()["name"]) == (409, "step-not-now")
    assert place.told(who, "step-not-now")
    place.post(who, f"/cases/{case.number}/do/{step}")
    assert place.told(who, "step-not-now")
    command(place, case, step, who)
    assert place.told(who, "step-not-now")
    assert Case.objects.get(pk=case.id).state == "withdrawn"


def command(place: Place, case: CaseView, step: str, who: Actor) -> None:
    assert who.account is not None
    username = parties.account(who.account, actor=who).username
    said = {"agree": AGREED, "sign": {"credit": "yes"}}.get(step, {})
    options = [
        part
        for name, value in said.items()
        for one in (value if isinstance(value, list) else [value])
        for part in ("--value", f"{name}={one}")
    ]
    done = CliRunner().invoke(main, ["case", "take", case.number, step, *options, "--as", username])
    assert done.exit_code == 1, done.output


OTHERS = ("other_user", "clerk", "examiner", "stranger")


@pytest.mark.parametrize("other", OTHERS)
def test_nobody_signs_anothers_agreement(place: Place, other: str):
    case, who = place.office.agreed(), getattr(place.bureau, other)
    name = "not-in-seat" if other in ("clerk", "examiner") else "not-found"
    path = f"/api/v1/cases/{case.number}/steps/sign"
    refused = place.ask(who, "POST", path, HANDLE, FILE, json=values({"credit": True}))
    assert refused.json()["name"] == name
    assert place.told(who, name)
    page = place.post(who, f"/cases/{case.number}/do/sign", credit="on")
    assert page.status_code in (302, 404)
    assert place.told(who, name)
    command(place, case, "sign", who)
    assert place.told(who, name)
    assert Case.objects.get(pk=case.id).state == "to-sign"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_regulationversion SET document = '{}'",
        "UPDATE casework_regulationversion SET sha256 = 'x'",
        "DELETE FROM casework_regulationversion",
    ],
)
def test_nobody_changes_a_published_regulation_in_the_database(place: Place, statement: str):
    before = list(RegulationVersion.objects.values_list("document", "sha256"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(RegulationVersion.objects.values_list("document", "sha256")) == before


def test_nobody_reads_another_bodys_record_of_due_care(place: Place):
    stranger, page = place.bureau.stranger, f"/desk/datasets/{place.slug}/due-care"
    refusal = "due-care-for-officials"
    with place.signed_in(stranger) as browser:
        for path in (page, f"{page}.csv"):
            assert browser.get(path).status_code == 403, path
            assert place.told(stranger, refusal), path
    path = f"/api/v1/datasets/{place.slug}/due-care"
    by_api = place.ask(stranger, "GET", path, Scope.CATALOG_WRITE, HANDLE)
    assert (by_api.status_code, by_api.json()["name"]) == (403, refusal)
    assert place.told(stranger, refusal)
    assert stranger.account is not None
    username = parties.account(stranger.account, actor=stranger).username
    by_command = CliRunner().invoke(main, ["dataset", "due-care", place.slug, "--as", username])
    assert by_command.exit_code == 1
    assert f"[{refusal}]" in by_command.output
    assert place.told(stranger, refusal)
