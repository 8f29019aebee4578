"""``wushu case``: the whole application at the command line, by people who may."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.casework.conftest import AGREED, APPLICATION, bureau, node
from tests.opening.test_cases import Office, office
from wushu.catalog import selectors as catalog
from wushu.config.cli import main
from wushu.dataplane import selectors as dataplane
from wushu.evidence.services import sequence
from wushu.opening import services
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, Role

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["case", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def facts(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def who(actor: Actor) -> str:
    assert actor.account is not None
    return parties.account(actor.account, actor=actor).username


def answers(values: dict[str, Any]) -> list[str]:
    """As options."""
    said: list[str] = []
    for name, value in values.items():
        several = value if isinstance(value, list) else ["yes" if value is True else value]
        said += [part for one in several for part in ("--value", f"{name}={one}")]
    return said


def test_an_application_is_filed_and_decided_at_the_command_line(
    office: Office, tmp_path: Path
) -> None:
    bureau, slug = office.bureau, catalog.entry_by_id(office.dataset).slug
    plan = tmp_path / "方案.txt"
    plan.write_text("只在课题组内使用", "utf-8")
    case = facts(
        "file", "conditional-access", "--dataset", slug, *answers(APPLICATION),
        "--paper", f"support={plan}", "--as", who(bureau.user),
    )  # fmt: skip
    number = case["number"]
    assert [one["name"] for one in case["papers"]] == ["方案.txt"]
    assert [one["number"] for one in facts("list")] == [number]
    assert [one["number"] for one in facts("mine", "--as", who(bureau.user))] == [number]
    assert [one["number"] for one in facts("inbox", "--as", who(bureau.examiner))] == [number]
    assert "compliance-review" in json.dumps(facts("show", number, "--as", who(bureau.clerk)))
    run("take", number, "pass", "--as", who(bureau.examiner))
    run("take", number, "agree", *answers(AGREED), "--as", who(bureau.clerk))
    run("take", number, "sign", "--value", "credit=yes", "--as", who(bureau.user))
    done = facts("take", number, "countersign", "--as", who(bureau.clerk))
    assert done["state"] == "in-use"
    assert office.access(bureau.user).columns == tuple(AGREED["columns"])


def test_the_command_line_speaks_to_people_too(office: Office) -> None:
    number = office.apply().number
    shown = run("show", number, "--as", who(office.bureau.examiner))
    assert "合规性审查中" in shown
    assert "→ pass" in shown
    assert number in run("list")


def test_what_is_not_understood_is_refused_by_name(office: Office) -> None:
    number = office.apply().number
    assert "FIELD=TEXT" in run(
        "take", number, "withdraw", "--value", "x", "--as", who(office.bureau.user), code=2
    )
    run("take", number, "pass", "--as", who(office.bureau.user), code=1)
    run("file", "correction", "--as", who(office.bureau.user), code=2)


def test_what_an_account_was_told_is_listed_and_marked_read(office: Office) -> None:
    number = office.apply().number
    sequence()
    services.case_notices_take()
    told = facts("notices", "--as", who(office.bureau.examiner))[0]
    assert (told["number"], told["is_read"]) == (number, False)
    assert f"* {told['at'][:10]}" in run("notices", "--read", "--as", who(office.bureau.examiner))
    assert facts("notices", "--as", who(office.bureau.examiner))[0]["is_read"] is True
    assert facts("notices", "--as", who(office.bureau.other_user)) == []


def test_a_breach_is_filed_about_a_grant(office: Office) -> None:
    office.in_use()
    (grant,) = dataplane.grants_of(office.dataset, actor=office.bureau.clerk)
    case = facts(
        "file", "breach", "--grant", str(grant.id), "--organisation", office.bureau.transport.code,
        *answers({"title": "转让", "suspicion": "协议第六条", "facts": "网上有售"}),
        "--as", who(office.bureau.clerk),
    )  # fmt: skip
    assert case["state"] == "body-inquiring"
    assert "--grant" in run("file", "breach", "--as", who(office.bureau.clerk), code=2)


def test_somebody_who_came_in_person_is_filed_for(office: Office) -> None:
    clerk = office.bureau.person("窗口", Role.PLATFORM_OPERATOR, office.bureau.authority)
    filed = facts(
        "file", "correction", "--dataset", catalog.entry_by_id(office.dataset).slug,
        "--walk-in", "王秀英", "--shown", "居民身份证 123X",
        *answers({"title": "站名有误", "kind": "error", "problem": "写错"}), "--as", who(clerk),
    )  # fmt: skip
    assert filed["history"][0]["text"] == "居民身份证 123X"
