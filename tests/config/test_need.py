"""``wushu need``: a call, a need and its answer at the command line."""

from __future__ import annotations

import json
from datetime import timedelta
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
    done = CliRunner().invoke(main, ["need", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def facts(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_a_need_is_called_for_submitted_published_handed_over_and_answered(bureau: Bureau) -> None:
    today = timezone.localdate()
    authority, user = ("--as", who(bureau.examiner)), ("--as", who(bureau.user))
    call = facts(
        "call", "需求征集", "--division", "320500", "--text", "请说明", "--from", today.isoformat(),
        "--until", (today + timedelta(days=9)).isoformat(), *authority,
    )  # fmt: skip
    assert [one["id"] for one in facts("calls")] == [call["id"]]
    (made,) = facts("submit", call["id"], "泊位", "--data", "空余", "--purpose", "诱导", *user)
    assert facts("list") == []
    assert [one["id"] for one in facts("waiting", *authority)] == [made["id"]]
    run("publish", made["id"], *user, code=1)
    run("publish", made["id"], *authority)
    (held,) = facts("support", made["id"], "--as", who(bureau.other_user))
    assert held["supports"] == 1
    run("hand-over", made["id"], bureau.transport.code, *authority)
    (case,) = facts("case", made["id"], *user)
    assert case["case"]
    run("answer", made["id"], "年内开放", "--as", who(bureau.clerk))
    assert "泊位" in run("list")
    assert [one["state"] for one in facts("mine", *user)] == ["answered"]


def test_what_is_not_published_is_not_listed(bureau: Bureau) -> None:
    today = timezone.localdate().isoformat()
    authority, user = ("--as", who(bureau.examiner)), ("--as", who(bureau.user))
    call = facts("call", "征集", "--division", "320500", "--text", "请说明", "--from", today, "--until",
                 today, *authority)  # fmt: skip
    (made,) = facts("submit", call["id"], "泊位", "--data", "空余", "--purpose", "诱导", *user)
    run("decline", made["id"], "--reasons", "含个人电话", *authority)
    assert run("list") == ""
    assert "征集" in run("calls")
