"""``wushu plan``: a plan from its file to everybody, at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.casework.conftest import Bureau, bureau, node
from tests.config.test_case import who
from wushu.config.cli import main

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["plan", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def facts(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_a_plan_is_drafted_from_a_file_submitted_returned_and_accepted(
    bureau: Bureau, tmp_path: Path
) -> None:
    of = (bureau.transport.code, str(timezone.localdate().year))
    clerk, authority = ("--as", who(bureau.clerk)), ("--as", who(bureau.examiner))
    file = tmp_path / "plan.json"
    item = {"title": "公共停车场分布", "attribute": "unconditional", "quarter": 4}
    file.write_text(json.dumps({"items": [item], "scenarios": "停车诱导"}), "utf-8")
    assert facts("draft", *of, str(file), *clerk)["working"]["state"] == "draft"
    run("show", *of, code=1)
    run("submit", *of, *clerk)
    assert "请补充" in run("return", *of, "--reasons", "请补充", *authority, "--json")
    run("submit", *of, *clerk)
    run("accept", *of, *authority)
    (line,) = facts("list")
    assert line["progress"] == {"planned": 1, "done": 0, "late": 0}
    assert "公共停车场分布" in run("show", *of)
    assert "交通运输局" in run("list")


def test_the_list_of_a_plan_comes_out_of_a_spreadsheet(bureau: Bureau, tmp_path: Path) -> None:
    of = (bureau.transport.code, str(timezone.localdate().year))
    clerk = ("--as", who(bureau.clerk))
    words, sheet = tmp_path / "plan.json", tmp_path / "plan.csv"
    words.write_text('{"items": [], "scenarios": "停车诱导"}', "utf-8")
    sheet.write_text("title,attribute,quarter\n公交站点,unconditional,3\n", "utf-8")
    run("draft", *of, str(words), *clerk)
    working = facts("draft", *of, str(sheet), *clerk)["working"]
    assert (working["scenarios"], [one["title"] for one in working["items"]]) == (
        "停车诱导", ["公交站点"],
    )  # fmt: skip


def test_a_file_that_is_no_plan_is_wrong_usage(bureau: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text('{"items": [{"title": "没有属性"}]}', "utf-8")
    year = str(timezone.localdate().year)
    run("draft", bureau.transport.code, year, str(file), "--as", who(bureau.clerk), code=2)
