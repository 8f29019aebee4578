"""``/api/v1/cases/<number>/…`` and ``wushu case``: what people do in a case beside its steps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.casework.conftest import bureau, node
from tests.config.test_case import facts, run, who
from tests.opening.test_cases import Office, office
from tests.opening.test_cases_api import ask, key
from wushu.parties.types import Role, Scope

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db


def told(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["kind"], one["text"]) for one in document["history"][1:]]


def test_programs_write_messages_and_notes(office: Office, client: Client) -> None:
    path = f"/api/v1/cases/{office.apply().number}"
    mine = key(office.bureau.user, Scope.CASES_FILE)
    theirs = key(office.bureau.examiner, Scope.CASES_HANDLE)
    note = {"text": "待核实", "among_officials": True}
    assert ask(client, "post", f"{path}/messages", theirs, note).status_code == 200
    answer = ask(client, "post", f"{path}/messages", mine, {"text": "请尽快"})
    assert told(answer.json()) == [("message", "请尽快")]
    assert told(ask(client, "get", path, theirs).json()) == [
        ("note", "待核实"), ("message", "请尽快"),
    ]  # fmt: skip
    for sent in ({"text": 5}, {"text": "你好", "among_officials": "no"}, {"note": "你好"}, {}):
        assert ask(client, "post", f"{path}/messages", mine, sent).status_code == 422
    assert ask(client, "post", f"{path}/messages", mine, note).status_code == 403
    reader = key(office.bureau.user, Scope.ROWS_READ)
    assert ask(client, "post", f"{path}/messages", reader, {"text": "你好"}).status_code == 404


def test_messages_and_notes_at_the_command_line(office: Office) -> None:
    number, bureau = office.apply().number, office.bureau
    facts("write", number, "待核实", "--note", "--as", who(bureau.examiner))
    mine = facts("write", number, "请尽快", "--as", who(bureau.user))
    assert told(mine) == [("message", "请尽快")]
    assert "待核实" in run("show", number, "--as", who(bureau.clerk))
    run("write", number, "备注", "--note", "--as", who(bureau.user), code=1)


def test_a_case_is_assigned_by_programs(office: Office, client: Client) -> None:
    path, bureau = f"/api/v1/cases/{office.apply().number}", office.bureau
    theirs = key(bureau.examiner, Scope.CASES_HANDLE)
    shown = ask(client, "get", f"{path}/assignment", theirs).json()
    me = {"person": str(bureau.examiner.person), "name": bureau.examiner.name}
    assert shown == {"assignee": None, "colleagues": [me]}
    assert ask(client, "get", "/api/v1/cases/inbox?mine=true", theirs).json()["items"] == []
    done = ask(client, "post", f"{path}/assignment", theirs, {})
    assert done.json()["assignee"] == me
    assert len(ask(client, "get", "/api/v1/cases/inbox?mine=true", theirs).json()["items"]) == 1
    mine = key(bureau.user, Scope.CASES_FILE)
    assert ask(client, "get", path, mine).json()["assignee"] is None
    assert ask(client, "get", f"{path}/assignment", mine).json()["colleagues"] == []
    for sent in ({"person": "li"}, {"person": str(bureau.clerk.person)}):
        assert ask(client, "post", f"{path}/assignment", theirs, sent).status_code == 422
    assert ask(client, "get", "/api/v1/cases/inbox?mine=1", theirs).status_code == 422


def test_a_case_is_assigned_and_listed_at_the_command_line(office: Office) -> None:
    number, bureau = office.apply().number, office.bureau
    done = facts("assign", number, "--to", who(bureau.colleague), "--as", who(bureau.clerk))
    assert done["assignee"]["name"] == bureau.colleague.name
    run("take", number, "pass", "--as", who(bureau.examiner))
    assert len(facts("inbox", "--mine", "--as", who(bureau.colleague))) == 1
    assert facts("inbox", "--mine", "--as", who(bureau.clerk)) == []
    assert bureau.colleague.name in run("show", number, "--as", who(bureau.clerk))


def test_experts_are_asked_and_answer_by_programs(office: Office, client: Client) -> None:
    bureau = office.bureau
    path = f"/api/v1/cases/{office.apply().number}"
    panel = key(bureau.person("专家", Role.EXPERT, bureau.authority), Scope.CASES_HANDLE)
    theirs = key(bureau.examiner, Scope.CASES_HANDLE)
    assert ask(client, "get", path, panel).status_code == 404
    assert ask(client, "post", f"{path}/opinion", panel, {"text": "可以"}).status_code == 404
    assert ask(client, "post", f"{path}/referral", theirs, {"question": ""}).status_code == 422
    assert (
        ask(client, "post", f"{path}/referral", theirs, {"question": "可否？"}).status_code == 200
    )
    assert len(ask(client, "get", "/api/v1/cases/referred", panel).json()["items"]) == 1
    done = ask(client, "post", f"{path}/opinion", panel, {"text": "可以"})
    assert told(done.json()) == [("referred", "可否？"), ("opinion", "可以")]
    mine = key(bureau.user, Scope.CASES_FILE)
    assert told(ask(client, "get", path, mine).json()) == []


def test_experts_are_asked_and_answer_at_the_command_line(office: Office) -> None:
    number, bureau = office.apply().number, office.bureau
    expert = who(bureau.person("专家", Role.EXPERT, bureau.authority))
    run("show", number, "--as", expert, code=1)
    facts("refer", number, "可否？", "--as", who(bureau.clerk))
    assert [one["number"] for one in facts("referred", "--as", expert)] == [number]
    facts("advise", number, "可以", "--as", expert)
    assert "可以" in run("show", number, "--as", who(bureau.examiner))


def test_a_duplicate_is_merged_by_programs_and_at_the_command_line(
    office: Office, client: Client
) -> None:
    first, second, third = (office.apply().number for _ in range(3))
    theirs = key(office.bureau.examiner, Scope.CASES_HANDLE)
    path = f"/api/v1/cases/{second}"
    assert ask(client, "post", f"{path}/merge", theirs, {"into": second}).status_code == 409
    assert ask(client, "post", f"{path}/merge", theirs, {"into": "none"}).status_code == 404
    assert ask(client, "post", f"{path}/merge", theirs, {"into": first}).status_code == 200
    mine = key(office.bureau.user, Scope.CASES_FILE)
    assert ask(client, "get", path, mine).json()["merged_into"] == first
    assert ask(client, "post", f"{path}/merge", mine, {"into": first}).status_code == 403
    done = facts("merge", third, first, "--as", who(office.bureau.clerk))
    assert (done["merged_into"], done["steps"]) == (first, [])
