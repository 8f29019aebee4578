"""``/api/v1/cases``: programs file, follow and decide, with a key's scopes and no more."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.casework.conftest import AGREED, APPLICATION, bureau, node
from tests.opening.test_cases import Office, office
from tests.portal.messages import compile_catalogues
from wushu.config.cli import main
from wushu.dataplane import selectors as dataplane
from wushu.evidence.services import sequence
from wushu.opening import services
from wushu.parties import services as parties
from wushu.parties.types import NODE, Actor, Scope

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db

REFUSED: dict[str, Any] = {
    "reasons": "数据涉及个人行踪，脱敏后仍可识别",
    "provision": {"level": "law", "title": "中华人民共和国个人信息保护法", "article": "第十三条"},
}
STAFF = {
    "kind": "first", "officer": "李华", "post": "副局长", "staff": "张三", "contact": "0512-1",
    "since": "2026-01-01",
}  # fmt: skip


def key(actor: Actor, *scopes: Scope) -> dict[str, str]:
    """Headers with a new key of somebody's."""
    _view, secret = parties.api_key_issue(
        actor=NODE, account=actor.account, name="program", scopes=scopes
    )
    return {"Authorization": f"Bearer {secret}"}


def ask(client: Client, method: str, path: str, headers: dict[str, str], sent: Any = None) -> Any:
    more = {} if sent is None else {"data": sent, "content_type": "application/json"}
    return getattr(client, method)(path, headers=headers, **more)


def slug(office: Office) -> str:
    from wushu.catalog import selectors as catalog

    return catalog.entry_by_id(office.dataset).slug


def test_a_program_files_and_the_document_says_what_comes_next(
    office: Office, client: Client
) -> None:
    mine = key(office.bureau.user, Scope.CASES_FILE)
    path = f"/api/v1/datasets/{slug(office)}/cases/conditional-access"
    paper = {"kind": "support", "name": "方案.txt", "content": base64.b64encode(b"plan").decode()}
    made = ask(client, "post", path, mine, {"values": APPLICATION, "papers": [paper]})
    assert made.status_code == 201, made.content
    case = made.json()
    assert (case["state"], case["turn"]) == ("compliance", "authority")
    assert [one["id"] for one in case["steps"]] == ["withdraw"]
    (clock,) = case["clocks"]
    assert clock["left"] == clock["limit"] == len([d for d in clock["days"] if d["number"]])
    assert clock["ground"]["article"] == "21(2)"
    assert [one["name"] for one in case["papers"]] == ["方案.txt"]
    shown = ask(client, "get", f"/api/v1/cases/{case['number']}", mine)
    assert shown.json() == case
    assert [one["number"] for one in ask(client, "get", "/api/v1/cases/mine", mine).json()["items"]]


def test_officials_find_it_in_their_inbox_and_take_it_on(office: Office, client: Client) -> None:
    office.apply()
    examiner = key(office.bureau.examiner, Scope.CASES_HANDLE)
    (line,) = ask(client, "get", "/api/v1/cases/inbox", examiner).json()["items"]
    case = f"/api/v1/cases/{line['number']}"
    passed = ask(client, "post", f"{case}/steps/pass", examiner, {"values": {}})
    assert passed.json()["state"] == "answering"
    clerk = key(office.bureau.clerk, Scope.CASES_HANDLE)
    agreed = ask(client, "post", f"{case}/steps/agree", clerk, {"values": AGREED})
    assert agreed.json()["turn"] == "user"


def test_a_key_without_the_scope_sees_and_does_nothing(office: Office, client: Client) -> None:
    number = office.apply().number
    reader = key(office.bureau.examiner, Scope.ROWS_READ)
    assert ask(client, "get", "/api/v1/cases/inbox", reader).json()["items"] == []
    assert ask(client, "get", f"/api/v1/cases/{number}", reader).status_code == 404
    filer = key(office.bureau.user, Scope.ROWS_READ)
    path = f"/api/v1/datasets/{slug(office)}/cases/conditional-access"
    refused = ask(client, "post", path, filer, {"values": APPLICATION})
    assert (refused.status_code, refused.json()["name"]) == (403, "key-lacks-scope")


def test_the_public_ledger_tells_no_names_titles_or_reasons(office: Office, client: Client) -> None:
    office.apply(title="王小明的课题", reason="王小明要写论文")
    answer = client.get("/api/v1/cases")
    (line,) = answer.json()["items"]
    assert line["title"] is None
    assert line["dataset"] == slug(office)
    for private in ("王小明", office.bureau.user.name):
        assert private not in answer.content.decode()


def test_everybody_reads_why_data_are_refused_and_nothing_of_who_asked(
    office: Office, client: Client
) -> None:
    compile_catalogues()
    case = office.apply(title="王小明的课题", reason="王小明要写论文")
    for actor, step, values in (
        (office.bureau.examiner, "pass", {"opinion": "内部意见"}),
        (office.bureau.clerk, "refuse", REFUSED),
    ):
        services.case_take(actor=actor, case=case.id, step=step, values=values, papers=())
    shown = client.get(f"/api/v1/cases/{case.number}/public").json()
    assert [one["done"]["en"] for one in shown["happened"]] == [
        "Applied", "Passed compliance review and handed over", "Refused",
    ]  # fmt: skip
    assert [one["label"]["en"] for one in shown["happened"][0]["answers"]] == ["Kind"]
    refused = [one["text"]["zh"] for one in shown["happened"][2]["answers"]]
    assert refused[0] == REFUSED["reasons"]
    assert REFUSED["provision"]["title"] in refused[1]
    said = CliRunner().invoke(main, ["case", "public", case.number], catch_exceptions=False)
    pages = (
        client.get(f"/cases/{case.number}/public").content.decode(),
        said.output,
        str(shown),
    )
    for text in pages:
        assert REFUSED["reasons"] in text
        for private in ("王小明", office.bureau.user.name, office.bureau.clerk.name, "内部意见"):
            assert private not in text
    assert f"/cases/{case.number}/public" in client.get("/cases").content.decode()


def test_what_is_not_in_the_public_list_has_no_public_page(office: Office, client: Client) -> None:
    made = services.case_file_to_body(
        actor=office.bureau.clerk, body=office.bureau.transport.id, procedure="staff-filing",
        step="file", organisation=office.bureau.transport.id, values=STAFF, papers=(),
    )  # fmt: skip
    for path in (
        f"/api/v1/cases/{made.number}/public",
        "/api/v1/cases/320500-YT-2026-99999/public",
    ):
        assert (client.get(path).status_code, client.get(path).json()["name"]) == (404, "not-found")
    assert client.get(f"/cases/{made.number}/public").status_code == 404


def test_what_is_wrong_is_said_at_its_field(office: Office, client: Client) -> None:
    mine = key(office.bureau.user, Scope.CASES_FILE)
    path = f"/api/v1/datasets/{slug(office)}/cases/conditional-access"
    without = {name: value for name, value in APPLICATION.items() if name != "reason"}
    refused = ask(client, "post", path, mine, {"values": without}).json()
    assert (refused["name"], refused["field"]) == ("answer-missing", "reason")
    assert (
        ask(client, "post", path, mine, {"values": APPLICATION, "papers": [{}]}).status_code == 422
    )
    assert ask(client, "get", "/api/v1/cases?limit=0", {}).status_code == 422


def test_a_program_reads_what_its_account_was_told_and_marks_it_read(
    office: Office, client: Client
) -> None:
    number = office.apply().number
    sequence()
    services.case_notices_take()
    examiner = key(office.bureau.examiner, Scope.CASES_HANDLE)
    told = ask(client, "get", "/api/v1/case-notices", examiner).json()["items"]
    one = told[0]  # the newest; before it stands that the dataset was to be examined
    assert (one["number"], one["is_read"]) == (number, False)
    assert one["happened"]["en"] == "Applied"
    marked = ask(
        client, "post", "/api/v1/case-notices", examiner, {"read_through": one["id"]}
    ).json()
    assert marked == {"read": len(told)}
    again = ask(client, "get", "/api/v1/case-notices", examiner).json()["items"]
    assert {one["is_read"] for one in again} == {True}
    wrong = ask(client, "post", "/api/v1/case-notices", examiner, {"read_through": "all"})
    assert wrong.json()["name"] == "invalid-value"
    rows = key(office.bureau.examiner, Scope.ROWS_READ)
    assert ask(client, "get", "/api/v1/case-notices", rows).json()["name"] == "key-lacks-scope"


def test_officials_file_a_breach_about_a_grant_by_key(office: Office, client: Client) -> None:
    office.in_use()
    (grant,) = dataplane.grants_of(office.dataset, actor=office.bureau.clerk)
    path = f"/api/v1/grants/{grant.id}/cases/breach"
    sent = {
        "values": {"title": "转让数据", "suspicion": "协议第六条", "facts": "网上有售"},
        "organisation": office.bureau.transport.code,
    }
    both = (Scope.CASES_FILE, Scope.CATALOG_WRITE)
    made = ask(client, "post", path, key(office.bureau.clerk, *both), sent)
    assert (made.status_code, made.json()["state"]) == (201, "body-inquiring"), made.content
    outsider = ask(client, "post", path, key(office.bureau.stranger, *both), sent)
    assert outsider.json()["name"] == "grant-not-overseen"
