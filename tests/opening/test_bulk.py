"""The same act in several cases: what can be done is done, what cannot says why, of each by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.casework.conftest import AGREED, SUZHOU, bureau, node
from tests.casework.test_exploration import REGULATIONS
from tests.casework.test_lists import second_version
from tests.config.test_case import who
from tests.opening.test_cases import Office, office, refused
from tests.opening.test_cases_api import ask, key
from tests.opening.test_results_api import parties_account
from wushu.casework import selectors as casework
from wushu.casework.models import Case
from wushu.casework.rules.cases import is_for_several
from wushu.casework.types import CaseView
from wushu.config.cli import main
from wushu.evidence.models import Entry
from wushu.opening import selectors, services
from wushu.opening.types import BulkAssignment, BulkMessage, BulkStep
from wushu.parties.types import Scope

__all__ = ["bureau", "node", "office"]

PASS = BulkStep("conditional-access", "pass")


def test_nothing_that_signs_delivers_or_closes_is_done_in_several_cases_at_once() -> None:
    for regulation in REGULATIONS:
        for procedure in regulation.procedures:
            for step in filter(is_for_several, procedure.steps):
                assert not step.effect or step.effect.startswith("require-"), step.id
                assert {one.kind.value for one in step.fields if one.required} <= {
                    "line", "text", "choice", "date",
                }, step.id  # fmt: skip


def three(office: Office) -> list[CaseView]:
    """Two that wait for the authority, and one that it has passed."""
    cases = [office.apply(by) for by in (office.bureau.user, office.bureau.other_user)]
    return [*cases, office.take(office.apply(), "pass", office.bureau.examiner)]


def outcome(lines: list[Any]) -> list[str]:
    return [one.refusal.name if one.refusal else one.case.state.id for one in lines]


@pytest.mark.django_db
def test_each_case_is_asked_for_done_and_recorded_by_itself(office: Office) -> None:
    bureau, cases = office.bureau, three(office)
    numbers = [*(one.number for one in cases), "320500-YT-2026-99999"]
    marked = selectors.bulk_cases(numbers, actor=bureau.examiner)
    steps = {(one.step.id, one.many) for one in selectors.bulk_steps(marked)}
    assert ("pass", 2) in steps
    assert "agree" not in {step for step, _many in steps}
    seen = selectors.bulk_preview(marked, PASS, actor=bureau.examiner)
    assert [one.refusal and one.refusal.name for one in seen] == [
        None, None, "step-not-now", "not-found",
    ]  # fmt: skip
    before = Entry.objects.count()
    done = services.cases_act(actor=bureau.examiner, numbers=numbers, act=PASS)
    assert outcome(done) == ["answering", "answering", "step-not-now", "not-found"]
    assert Entry.objects.count() == before + 2
    # What stands against it is asked again, of who has no part in them too.
    again = services.cases_act(actor=bureau.stranger, numbers=numbers[:2], act=PASS)
    assert outcome(again) == ["not-found", "not-found"]
    agree = BulkStep("conditional-access", "agree", AGREED)
    assert outcome(services.cases_act(actor=bureau.clerk, numbers=numbers[:1], act=agree)) == [
        "bulk-step"
    ]
    other = BulkStep("correction", "pass")
    assert outcome(services.cases_act(actor=bureau.clerk, numbers=numbers[:1], act=other)) == [
        "bulk-other-procedure"
    ]
    reader = replace(bureau.examiner, scopes=frozenset({Scope.ROWS_READ}))
    with refused("key-lacks-scope"):
        services.cases_act(actor=reader, numbers=numbers, act=PASS)
    for wrong in ([], [f"X{one}" for one in range(51)]):
        with refused("bulk-size"):
            services.cases_act(actor=bureau.clerk, numbers=wrong, act=PASS)


@pytest.mark.django_db
def test_cases_are_assigned_and_written_in_together(office: Office) -> None:
    bureau, cases = office.bureau, three(office)
    numbers = [one.number for one in cases]
    assert bureau.examiner.person is not None
    mine = BulkAssignment(bureau.examiner.person)
    services.cases_act(actor=bureau.examiner, numbers=numbers, act=mine)
    wrote = BulkMessage("请尽快补充。")
    assert "answering" in outcome(
        services.cases_act(actor=bureau.examiner, numbers=numbers, act=wrote)
    )
    for case in cases:
        seen = casework.case(case.id, actor=bureau.examiner)
        assert seen.assignee == bureau.examiner.person
        assert seen.history[-1].text == "请尽快补充。"
    office.take(cases[0], "withdraw", bureau.user)
    assert outcome(services.cases_act(actor=bureau.examiner, numbers=numbers[:1], act=mine)) == [
        "case-closed"
    ]


@pytest.mark.django_db
def test_a_step_of_one_version_of_the_rules_is_not_taken_by_the_words_of_another(
    office: Office, client: Client
) -> None:
    bureau, cases = office.bureau, [office.apply(), office.apply()]

    def one_more_question(document: dict[str, Any]) -> dict[str, Any]:
        (access,) = (one for one in document["procedures"] if one["id"] == "conditional-access")
        (step,) = (one for one in access["steps"] if one["id"] == "pass")
        asked = {"id": "remark", "label": {"zh": "备注", "en": "Remark"}, "kind": "line"}
        step["fields"] = [*step.get("fields", []), {**asked, "ground": step["ground"]}]
        return document

    newer = second_version(one_more_question)
    Case.objects.filter(pk=cases[1].id).update(version=newer)
    numbers = [one.number for one in cases]
    marked = selectors.bulk_cases(numbers, actor=bureau.examiner)
    choices = {one.version: one for one in selectors.bulk_steps(marked) if one.step.id == "pass"}
    assert {one: len(choices[one].step.fields) for one in choices} == {1: 1, 2: 2}
    assert {one.many for one in choices.values()} == {1}
    older = BulkStep("conditional-access", "pass", rules=choices[1].rules)
    done = services.cases_act(actor=bureau.examiner, numbers=numbers, act=older)
    assert outcome(done) == ["answering", "bulk-other-rules"]
    backend = "wushu.parties.backends.AccountBackend"
    client.force_login(parties_account(bureau.examiner), backend=backend)
    asked = {"number": numbers, "act": f"{SUZHOU}.2.conditional-access.pass"}
    assert 'name="remark"' in client.get("/desk/cases/bulk", asked).content.decode()


@pytest.mark.django_db
def test_programs_and_the_command_line_are_told_of_each_case(
    office: Office, client: Client
) -> None:
    bureau, cases = office.bureau, three(office)
    numbers = [one.number for one in cases]
    examiner = key(bureau.examiner, Scope.CASES_HANDLE)
    sent = {"numbers": numbers, "procedure": "conditional-access", "step": "pass"}
    path = "/api/v1/cases/bulk"
    dry = ask(client, "post", path, examiner, {**sent, "dry_run": True}).json()
    assert (dry["done"], dry["refused"]) == (2, 1)
    assert casework.case(cases[0].id, actor=bureau.examiner).state.id == "compliance"
    asked = ["case", "bulk", *numbers, "--step", "conditional-access.pass"]
    done = CliRunner().invoke(main, [*asked, "--as", who(bureau.examiner), "--json"])
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert [one["refusal"] and one["refusal"]["name"] for one in told["items"]] == [
        None, None, "step-not-now",
    ]  # fmt: skip
    after = ask(client, "post", path, examiner, sent).json()
    assert (after["done"], after["refused"]) == (0, 3)
    for wrong in ({**sent, "text": "x"}, {"numbers": numbers}, {**sent, "numbers": "x"}):
        assert ask(client, "post", path, examiner, wrong).status_code == 422


@pytest.mark.django_db
def test_what_is_no_boolean_is_refused_by_name_and_nothing_is_done(
    office: Office, client: Client
) -> None:
    case = office.apply()
    examiner = key(office.bureau.examiner, Scope.CASES_HANDLE)
    sent = {"numbers": [case.number], "procedure": "conditional-access", "step": "pass"}
    for name in ("dry_run", "among_officials"):
        answer = ask(client, "post", "/api/v1/cases/bulk", examiner, {**sent, name: "true"})
        assert (answer.status_code, answer.json()["name"]) == (422, "invalid-value")
        assert name in answer.json()["detail"]
    assert casework.case(case.id, actor=office.bureau.examiner).state.id == "compliance"


@pytest.mark.django_db
def test_the_page_says_what_will_be_done_and_then_what_was(office: Office, client: Client) -> None:
    bureau, cases = office.bureau, three(office)
    backend = "wushu.parties.backends.AccountBackend"
    client.force_login(parties_account(bureau.examiner), backend=backend)
    page = client.get("/desk/cases?lang=en").content.decode()
    assert page.count('name="number"') == 2
    numbers = [one.number for one in cases]
    chosen = client.get("/desk/cases/bulk", {"number": numbers})
    act = f"{SUZHOU}.1.conditional-access.pass"
    assert f'value="{act}"' in chosen.content.decode()
    asked = {"number": numbers, "act": act}
    shown = client.get("/desk/cases/bulk", asked).content.decode()
    assert "step-not-now" in shown
    assert casework.case(cases[0].id, actor=bureau.examiner).state.id == "compliance"
    done = client.post("/desk/cases/bulk", asked).content.decode()
    assert (done.count("state done"), done.count("step-not-now")) == (3, 1)
    assert casework.case(cases[1].id, actor=bureau.examiner).state.id == "answering"
