"""``wushu publish``, ``ingest`` and ``review`` as a clerk and a reviewer type them."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.catalog.conftest import credit_code
from wushu.catalog import selectors as catalog
from wushu.catalog.models import Entry
from wushu.config.cli import main
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.evidence import services as evidence_services
from wushu.evidence.models import Entry as Log
from wushu.parties import services as parties
from wushu.parties.types import NODE, OrganisationKind, Role

TABLE = "许可编号,企业名称,发证日期\n0012,苏州一店,2024年1月5日\n0013,苏州二店,2024年1月6日\n"
LATER = TABLE + "0014,苏州三店,2024年13月6日\n"


@pytest.fixture
def body(db: None, node_home: Path, settings: Any) -> str:
    """A department with a clerk ``li.min``; the authority's reviewer is ``zhou.zheng``."""
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.CheapArgon2"]
    evidence_services.node_initialise(
        origin="data.city.example/log", identifier_base="https://data.city.example",
        region_zh="某市", division="320500",
    )  # fmt: skip
    (node_home / "secrets" / "cursor.key").write_text("0" * 64)
    for username, role, name in (
        ("zhou.zheng", Role.DATA_AUTHORITY, "市数据局"),
        ("li.min", Role.OPENING_BODY, "市市场监管局"),
    ):
        code = credit_code()
        organisation = parties.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, code=code, name_zh=name,
            division="320500", contact_name="办公室", contact_email="office@city.example",
        )  # fmt: skip
        person = parties.person_register(actor=NODE, name=username)
        parties.account_create(
            actor=NODE, username=username, password="a sentence of its own", person=person
        )
        parties.membership_grant(actor=NODE, person=person, organisation=organisation.id, role=role)
    return code


def wushu(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def publish(file: Path, body: str, *more: str, account: str = "li.min") -> Result:
    return wushu(
        "publish", str(file), "--title", "许可信息", "--body", body, "--as", account,
        "--slug", "permits", *more,
    )  # fmt: skip


def facts(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "许可.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    return path


def test_a_gbk_table_is_loaded_and_waits_for_review(body: str, table: Path) -> None:
    told = facts(publish(table, body, "--json"))
    assert told["state"] == "in_review"
    assert told["rows"] == {"declared": 2, "loaded": 2, "rejected": 0}
    assert told["page"].endswith("/datasets/permits")


def test_the_types_that_were_found_are_shown_before_the_outcome(body: str, table: Path) -> None:
    result = publish(table, body)
    assert "gb18030" in result.stderr
    assert "date" in result.stderr
    assert "共 2 行 = 装载 2 行 + 退回 0 行" in result.stdout


def test_a_second_person_lists_it_and_it_is_public(body: str, table: Path) -> None:
    facts(publish(table, body, "--json"))
    waiting = facts(wushu("review", "queue", "--as", "zhou.zheng", "--json"))
    assert waiting == [{"dataset": "permits", "title": "许可信息"}]
    assert (
        facts(wushu("review", "list", "permits", "--as", "zhou.zheng", "--json"))["state"]
        == "listed"
    )
    entry = catalog.entry_by_slug("permits")
    assert entry.revision is not None
    assert entry.revision.version is not None
    shown = dataplane.preview(entry.revision.version.id, actor=None, limit=10)
    assert shown.rows[0] == ("0012", "苏州一店", "2024-01-05")


def test_the_clerk_cannot_list_what_the_clerk_published(body: str, table: Path) -> None:
    facts(publish(table, body, "--json"))
    result = wushu("review", "list", "permits", "--as", "li.min")
    assert result.exit_code == 1
    assert catalog.drafts(actor=_clerk())[0].state.value == "in_review"


def test_what_is_returned_carries_its_reasons(body: str, table: Path) -> None:
    facts(publish(table, body, "--json"))
    result = wushu("review", "return", "permits", "--reasons", "缺少说明", "--as", "zhou.zheng")
    assert result.exit_code == 0
    entry = catalog.entry_by_slug("permits", actor=_clerk())
    assert entry.revision is not None
    assert entry.revision.reviews[0].reasons == "缺少说明"


def test_a_changed_table_becomes_the_second_version_with_the_types_it_had(
    body: str, table: Path
) -> None:
    facts(publish(table, body, "--json"))
    wushu("review", "list", "permits", "--as", "zhou.zheng")
    table.write_bytes(LATER.encode("gb18030"))
    told = facts(wushu("ingest", str(table), "--dataset", "permits", "--as", "li.min", "--json"))
    assert told["version"] == 2
    assert told["rows"] == {"declared": 3, "loaded": 2, "rejected": 1}


def test_somebody_without_the_role_publishes_nothing(body: str, table: Path) -> None:
    result = publish(table, body, account="zhou.zheng")
    assert result.exit_code == 1
    assert "not-permitted" in result.stderr
    assert not Entry.objects.exists()


def test_an_encoding_that_cannot_be_told_is_asked_for(body: str, tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_bytes("锟,烫\n1,2\n".encode("gb18030"))  # as well-formed in Big5
    result = publish(path, body)
    assert result.exit_code == 1
    assert "--encoding" in result.stderr
    assert facts(publish(path, body, "--encoding", "gb18030", "--json"))["rows"]["loaded"] == 1


def test_another_type_can_be_confirmed_than_the_proposed_one(body: str, table: Path) -> None:
    facts(publish(table, body, "--type", "发证日期=text", "--json"))
    entry = catalog.entry_by_slug("permits", actor=_clerk())
    assert entry.revision is not None
    assert [field.type.value for field in entry.revision.fields] == ["text", "text", "text"]


def test_a_type_of_no_column_is_refused_before_anything_is_made(body: str, table: Path) -> None:
    result = publish(table, body, "--type", "没有=text")
    assert result.exit_code == 1
    assert "没有=text" in result.stderr
    assert not Entry.objects.exists()


PEOPLE = "编号,联系电话\n1,13812345678\n2,13987654321\n3,13711112222\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


@pytest.mark.parametrize(
    "more", [("--json",), ("--draft", "--json"), ("--reason", "便民", "--json")]
)
def test_what_looks_personal_stops_before_anything_is_made(
    body: str, people: Path, more: tuple[str, ...]
) -> None:
    result = publish(people, body, *more)
    assert result.exit_code == 1
    assert "联系电话（手机号码）：3/3" in result.stderr
    assert "[personal-information]" in result.stderr
    assert "13812345678" not in result.output
    assert not Entry.objects.exists()


def test_what_looks_personal_may_be_left_out_or_explained_to_the_reviewer(
    body: str, people: Path
) -> None:
    told = facts(publish(people, body, "--drop", "联系电话", "--json"))
    assert told["personal"] == []
    told = facts(
        publish(people, body, "--slug", "lines", "--personal-reason", "对外公布的服务电话",
                "--rename", "联系电话=服务电话", "--json")
    )  # fmt: skip
    assert told["personal"] == [
        {"column": "服务电话", "kind": "mobile", "matches": 3, "checked": 3}
    ]
    shown = facts(wushu("review", "show", "lines", "--as", "zhou.zheng", "--json"))
    assert shown["personal"] == told["personal"]
    (reason,) = [one["new"] for one in shown["changes"] if one["field"] == "attribute_reason"]
    assert "服务电话" in reason
    assert "对外公布的服务电话" in reason
    text = wushu("review", "show", "lines", "--as", "zhou.zheng").stdout
    assert "像是个人信息：“服务电话”列，手机号码，查看的 3 个值中有 3 个" in text


def test_a_new_version_that_looks_personal_stops_too(body: str, table: Path, people: Path) -> None:
    facts(publish(table, body, "--json"))
    wushu("review", "list", "permits", "--as", "zhou.zheng")
    result = wushu("ingest", str(people), "--dataset", "permits", "--as", "li.min")
    assert "[personal-information]" in result.stderr


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (("--type", "发证日期=date:%Q"), "bad-format"),
        (("--theme", "NONE"), "code-unknown"),
        (("--rename", "许可编号=企业名称"), "field-name-wrong"),
        (("--drop", "许可编号", "--drop", "企业名称", "--drop", "发证日期"), "wrong-columns"),
    ],
)
def test_a_refused_publication_leaves_no_draft_in_the_way_of_the_corrected_one(
    body: str, table: Path, wrong: tuple[str, ...], name: str
) -> None:
    result = publish(table, body, *wrong)
    assert (result.exit_code, f"[{name}]" in result.stderr) == (1, True), result.stderr
    assert not Entry.objects.exists()
    assert facts(publish(table, body, "--json"))["state"] == "in_review"


def test_a_load_that_fails_names_the_command_that_goes_on_with_its_draft(
    body: str, table: Path
) -> None:
    result = publish(table, body, "--type", "企业名称=integer")
    assert result.exit_code == 1
    assert f"wushu ingest {quote(str(table))} --dataset permits" in result.stderr
    told = facts(
        wushu("ingest", str(table), "--dataset", "permits", "--type", "企业名称=text", "--as",
              "li.min", "--json")
    )  # fmt: skip
    assert (told["state"], told["version"]) == ("in_review", 1)


def test_columns_without_a_name_of_their_own_are_named_by_number(body: str, tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    path.write_text("a,a,,b\n1,2,3,4\n5,6,7,8\n", "utf-8")
    twice = publish(path, body, "--drop", "a")
    assert "#1 / #2" in twice.stderr
    told = facts(
        publish(path, body, "--rename", "#2=c", "--drop", "#3", "--type", "b=text", "--json")
    )
    assert told["rows"]["loaded"] == 2
    entry = catalog.entry_by_slug("permits", actor=_clerk())
    assert entry.revision is not None
    assert [field.name for field in entry.revision.fields] == ["a", "c", "b"]


def test_everything_that_was_written_is_in_the_log(body: str, table: Path) -> None:
    facts(publish(table, body, "--json"))
    wushu("review", "list", "permits", "--as", "zhou.zheng")
    evidence_services.sequence()
    assert list(evidence.audit()) == []


def test_doctor_names_a_changed_data_file(body: str, table: Path, node_home: Path) -> None:
    facts(publish(table, body, "--json"))
    evidence_services.sequence()
    assert not list(dataplane.file_faults())
    data = next(node_home.rglob("data.parquet"))
    data.write_bytes(data.read_bytes().replace(b"PAR1", b"PAR2", 1))
    result = wushu("doctor", "--json")
    assert result.exit_code == 3
    assert any(
        finding["kind"] == "changed" and finding["where"].endswith("data.parquet")
        for finding in json.loads(result.stdout)
    )


def _clerk() -> Any:
    from wushu.parties.selectors import actor_for_username

    return actor_for_username("li.min")


def test_the_log_says_of_each_act_that_it_came_by_the_command_line(body: str, table: Path) -> None:
    facts(publish(table, body, "--json"))
    facts(wushu("review", "list", "permits", "--as", "zhou.zheng", "--json"))
    assert wushu("account", "close", "li.min").exit_code == 0
    evidence_services.sequence()
    channels = {
        said.act: said.document["data"].get("channel")
        for said in map(evidence.entry, range(Log.objects.count()))
    }
    assert channels["catalog.revision.submitted"] == "command-line"
    assert channels["catalog.revision.listed"] == "command-line"
    assert channels["parties.account.deactivated"] == "command-line"
    assert channels["catalog.version.added"] == "background", "the node went on with a load"
    assert channels["parties.account.created"] is None, "the node itself, in this test"


@pytest.mark.parametrize(
    ("content", "way_out"),
    [(b"PK\x03\x04 a workbook", "Save it as CSV"), (b"a,b\n", "Choose a file with rows")],
)
def test_a_file_that_cannot_be_loaded_is_refused_with_its_own_way_out(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, way_out: str
) -> None:
    monkeypatch.setenv("WUSHU_LANG", "en")
    file = tmp_path / "permits.xlsx"
    file.write_bytes(content)
    result = publish(file, body)
    assert result.exit_code == 1
    assert way_out in result.stderr
    assert "[load-failed]" in result.stderr
