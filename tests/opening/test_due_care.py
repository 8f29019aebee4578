"""Due care: who reviewed what of a dataset and when, for those who answer for it, with proofs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.casework.conftest import bureau, node
from tests.config.test_case import who
from tests.opening.test_cases import Office, inquire, office, refused
from tests.opening.test_cases_api import ask, key, slug
from wushu.casework import services as casework
from wushu.config.cli import main
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.opening import selectors, services
from wushu.opening.types import CareLine, DueCare
from wushu.parties.models import Account
from wushu.parties.types import Actor, Role, Scope

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db

REFUSED = {
    "reasons": "用途超出开放要求",
    "provision": {"level": "rule", "title": "江苏省公共数据管理办法", "article": "第二十三条"},
}


@pytest.fixture
def record(office: Office) -> DueCare:
    """Of a dataset that was reviewed and listed, applied for and refused."""
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    office.take(case, "refuse", office.bureau.clerk, **REFUSED)
    sequence()
    return of(office, office.bureau.clerk)


def of(office: Office, actor: Actor) -> DueCare:
    return selectors.due_care(office.dataset, actor=actor)


def done(record: DueCare) -> list[str]:
    return [one.words.en if one.words else one.act for one in record.lines]


def line(record: DueCare, act: str) -> CareLine:
    return next(one for one in record.lines if act in (one.act, one.words and one.words.en))


def test_every_review_listing_and_answer_stands_in_its_order(record: DueCare) -> None:
    said = done(record)
    wanted = ["Began the assessment", "Submitted for examination", "catalog.revision.submitted",
              "Passed and listed", "catalog.revision.listed", "Applied",
              "Passed compliance review and handed over", "Refused"]  # fmt: skip
    assert [one for one in said if one in wanted] == wanted, said
    assert [one.at for one in record.lines] == sorted(one.at for one in record.lines)
    assert (record.unseen_cases, record.withheld_lines, record.cut) == (0, 0, False)


def test_each_line_says_who_by_part_and_body_and_under_which_article(record: DueCare) -> None:
    refusal = line(record, "Refused")
    assert refusal.seat is not None
    assert refusal.ground is not None
    assert (refusal.seat.zh, refusal.organisation) == ("数据开放主体", "交通运输局")
    assert refusal.ground.article == "21(3)"
    assert line(record, "catalog.revision.listed").organisation == "数据局"


def test_what_officials_decided_is_told_and_what_the_applicant_wrote_is_not(
    record: DueCare,
) -> None:
    told = {one.label.en: one.text for one in line(record, "Refused").answers}
    assert any("江苏省公共数据管理办法 第二十三条" in one.zh for one in told.values())
    assert line(record, "Applied").answers == ()
    assert "停车诱导研究" not in json.dumps(selectors.due_care_document(record), ensure_ascii=False)


def test_a_person_is_named_to_who_may_know_them_and_no_one_else(
    record: DueCare, office: Office
) -> None:
    assert line(record, "Refused").name == "经办人"
    assert line(record, "catalog.revision.listed").name == ""  # of the authority, to a clerk
    assert line(record, "Applied").name == ""
    assert line(of(office, office.bureau.examiner), "Refused").name == "经办人"


def test_the_body_its_chief_data_officer_and_the_authority_read_it_and_nobody_else(
    record: DueCare, office: Office
) -> None:
    bureau = office.bureau
    for actor in (bureau.colleague, bureau.examiner):
        assert done(of(office, actor)) == done(record)
    officer = bureau.person("首席数据官", Role.CHIEF_DATA_OFFICER, bureau.transport)
    theirs = of(office, officer)
    own = [one for one in record.lines if one.case and one.case.procedure == "catalogue-entry"]
    assert [one for one in done(record) if one not in done(theirs)] == [
        one.words.en for one in own if one.words
    ]
    assert theirs.unseen_cases == 1, "what the office itself filed is for who files there"
    expert = bureau.person("专家", Role.EXPERT, bureau.authority)
    for actor in (bureau.stranger, bureau.user, expert):
        with refused("due-care-for-officials"):
            of(office, actor)


def test_each_line_is_proved_to_outsiders(record: DueCare, office: Office, tmp_path: Path) -> None:
    assert all(one.proved and one.proved.proof for one in record.lines)
    account, name = who(office.bureau.clerk), slug(office)
    file = tmp_path / "care.json"
    file.write_text(wushu("dataset", "due-care", name, "--as", account, "--json"), "utf-8")
    key_of_log = evidence.node().verifier_key
    assert "0" in wushu("evidence", "check", str(file), "--key", key_of_log)
    document = json.loads(file.read_text("utf-8"))
    document["lines"][3]["evidence"]["at"] = document["lines"][2]["evidence"]["at"]
    file.write_text(json.dumps(document), "utf-8")
    assert "told-otherwise" in wushu("evidence", "check", str(file), "--key", key_of_log, code=3)


def wushu(*arguments: str, code: int = 0) -> str:
    called = CliRunner().invoke(main, list(arguments), env={"WUSHU_LANG": "en"})
    assert called.exit_code == code, (called.output, called.exception)
    return called.output


def test_the_command_says_the_same_in_a_table(record: DueCare, office: Office) -> None:
    said = wushu("dataset", "due-care", slug(office), "--as", who(office.bureau.examiner))
    assert "Refused" in said
    assert "catalog.revision.listed" in said


def test_programs_of_officials_read_it_and_those_of_others_are_refused(
    record: DueCare, office: Office, client: Client
) -> None:
    path = f"/api/v1/datasets/{slug(office)}/due-care"
    clerk = key(office.bureau.clerk, Scope.CATALOG_WRITE, Scope.CASES_HANDLE, Scope.CASES_FILE)
    found = ask(client, "get", path, clerk).json()
    assert len(found["lines"]) == len(record.lines)
    assert ask(client, "get", path, {}).status_code == 401
    for other, scope in ((office.bureau.stranger, Scope.CATALOG_WRITE),
                         (office.bureau.clerk, Scope.ROWS_READ)):  # fmt: skip
        answer = ask(client, "get", path, key(other, scope))
        assert (answer.status_code, answer.json()["name"]) == (403, "due-care-for-officials")


def test_a_record_that_leaves_cases_out_says_so(
    record: DueCare, office: Office, client: Client
) -> None:
    without = key(office.bureau.clerk, Scope.CATALOG_WRITE)
    found = ask(client, "get", f"/api/v1/datasets/{slug(office)}/due-care", without).json()
    assert found["unseen_cases"] == 2, "the listing's, and the application"
    assert all(one["case"] is None for one in found["lines"])


def test_what_experts_said_to_the_authority_is_in_its_record_and_counted_in_others(
    office: Office,
) -> None:
    case = office.apply()
    bureau = office.bureau
    expert = bureau.person("专家", Role.EXPERT, bureau.authority)
    casework.case_refer(actor=bureau.examiner, case=case.id, question="能否开放？")
    casework.case_advise(actor=expert, case=case.id, opinion="可以开放。")
    opinion = line(of(office, bureau.examiner), "gave an opinion")
    assert (opinion.text, opinion.seat and opinion.seat.zh) == ("可以开放。", "专家咨询团队")


def test_the_page_and_its_csv_show_it_to_officials(
    record: DueCare, office: Office, client: Client
) -> None:
    page = f"/desk/datasets/{slug(office)}/due-care"
    client.force_login(
        Account.objects.get(pk=office.bureau.clerk.account),
        backend="wushu.parties.backends.AccountBackend",
    )
    shown = client.get(f"/en{page}").content.decode()
    assert "Refused" in shown
    assert "第四十二条" not in shown  # in English
    rows = list(csv.reader(io.StringIO(client.get(f"{page}.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 1 + len(record.lines)
    assert any("江苏省公共数据管理办法" in cell for row in rows for cell in row)


def test_more_cases_cost_no_more_questions_of_the_database(record: DueCare, office: Office) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            of(office, office.bureau.examiner)
        return len(found)

    before = asked()
    for _ in range(3):
        office.apply(office.bureau.other_user)
    assert asked() == before


def test_rectifications_and_breaches_of_its_users_are_in_it(office: Office) -> None:
    bureau = office.bureau
    office.in_use()
    services.case_file_on_dataset(
        actor=bureau.examiner, dataset=office.dataset, procedure="quality-rectification",
        step="start", organisation=bureau.authority.id,
        values={"title": "空值", "standard": "correct", "findings": "有空值", "demands": "补全"},
    )  # fmt: skip
    inquire(office, bureau.clerk, bureau.transport.id, "inquire-as-body")
    for reader in (bureau.clerk, bureau.examiner):
        record = of(office, reader)
        procedures = {one.case.procedure for one in record.lines if one.case}
        assert procedures == {
            "catalogue-entry", "conditional-access", "quality-rectification", "breach",
        }  # fmt: skip
        task = line(record, "Started the task")
        assert {said.text.zh for said in task.answers} >= {"有空值", "补全"}
        assert (task.organisation, task.seat and task.seat.zh) == (
            "数据局", "发起办理的公共数据主管部门",
        )  # fmt: skip
