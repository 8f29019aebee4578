"""``wushu import`` and ``wushu correction`` as an administrator types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.catalog.conftest import City, city, node
from wushu.catalog.models import Entry
from wushu.config.cli import main
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.kernel.identifiers.credit_code import check_character
from wushu.parties import selectors as parties
from wushu.parties import services

__all__ = ["city", "node"]


def wushu(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def code(number: int) -> str:
    first = f"11320500{number + 700:09d}"
    return first + check_character(first)


@pytest.fixture
def bodies(tmp_path: Path) -> Path:
    path = tmp_path / "单位.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(
            [
                ("统一社会信用代码", "中文名称", "行政区划代码"),
                (code(1), "市水务局", "320500"),
                (code(1), "市水务局", "320500"),
            ]
        )
    return path


def test_a_dry_run_changes_nothing_and_a_run_ends_with_3_where_a_row_is_refused(
    city: City, bodies: Path
):
    tried = wushu("import", "bodies", bodies, "--dry-run")
    assert tried.exit_code == 3, tried.output
    assert "试运行" in tried.output
    assert len(parties.organisations()) == 3
    done = wushu("import", "bodies", bodies, "--json")
    assert done.exit_code == 3
    lines = [json.loads(line) for line in done.output.splitlines()]
    assert [line.get("outcome") for line in lines] == ["created", "refused", None]
    assert lines[1]["refusal"]["name"] == "import-row-twice"
    assert lines[2] == {"dry_run": False, "created": 1, "changed": 0, "same": 0, "refused": 1}
    assert parties.organisation_by_code(code(1)).name_zh == "市水务局"


def test_the_report_holds_the_addresses_to_set_passwords_and_is_the_users_alone(
    city: City, tmp_path: Path
):
    file, report = tmp_path / "人员.csv", tmp_path / "报告.csv"
    file.write_text(
        f"单位代码,姓名,用户名,角色\n{city.transport.code},李敏,li.min,数据开放主体\n", "utf-8"
    )
    done = wushu("import", "staff", file, "--report", report)
    assert done.exit_code == 0, done.output
    assert report.stat().st_mode & 0o077 == 0
    with report.open(encoding="utf-8-sig", newline="") as written:
        address = list(csv.reader(written))[1][5]
    account, ticket = address.rsplit("/", 2)[1:]
    services.password_link_use(account=account, ticket=ticket, password="several odd words 7")
    assert services.sign_in(username="li.min", password="several odd words 7")


def test_a_catalogue_becomes_drafts(city: City, tmp_path: Path):
    file = tmp_path / "目录.csv"
    file.write_text(
        f"开放主体代码,名称（中文）,开放属性\n{city.transport.code},公共停车场,无条件开放\n",
        "utf-8",
    )
    assert wushu("import", "catalogue", file).exit_code == 0
    assert [one.state for one in Entry.objects.all()] == ["draft"]
    again = wushu("import", "catalogue", file)
    assert "已是如此 1" in again.output


@pytest.mark.parametrize("what", ["bodies", "staff", "catalogue"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_templates_are_written(tmp_path: Path, what: str, suffix: str):
    path = tmp_path / f"模板.{suffix}"
    assert wushu("import", "template", what, path).exit_code == 0
    assert path.stat().st_size > 500
    assert wushu("import", "template", what, tmp_path / "a.doc").exit_code == 2


def test_an_act_is_corrected_at_the_command_line(city: City, monkeypatch: pytest.MonkeyPatch):
    entry = city.listed()
    sequence()
    note = evidence.entry_of_act(entry.urn, "catalog.revision.submitted")
    assert note is not None
    monkeypatch.setattr(
        "wushu.config.commands.correction.parties.actor_for_username", lambda _name: city.clerk
    )
    words = ("correction", "add", entry.slug, note.index, "--reason", "名称写错", "--as", "clerk")
    done = wushu(*words, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["in_force"]
    assert "名称写错" in wushu("correction", "list", entry.slug, "--as", "clerk").output
