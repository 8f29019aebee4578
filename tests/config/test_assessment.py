"""``wushu assessment``: from the indicators' file to what everybody reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from tests.casework.conftest import SUZHOU, Bureau, bureau, node
from tests.config.test_case import who
from tests.opening.test_assessments import city
from tests.opening.test_cases_api import ask, key
from wushu.casework import selectors as casework
from wushu.config.cli import main
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.parties.types import Scope

__all__ = ["bureau", "city", "node"]

pytestmark = pytest.mark.django_db
YEAR = str(timezone.localdate().year)


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["assessment", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def facts(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_a_year_is_counted_completed_commented_and_published(bureau: Bureau, city: Any) -> None:
    of, code = ("320500", YEAR), bureau.transport.code
    authority, clerk = ("--as", who(bureau.examiner)), ("--as", who(bureau.clerk))
    (body,) = facts("compute", *of, *authority)["document"]["bodies"]
    assert body["code"] == code
    run("show", *of, code=1)
    run("survey", *of, "--body", code, "--indicator", "satisfaction", "--value", "80", "--source",
        "抽样 500 人", *authority)  # fmt: skip
    run("comment", *of, "--body", code, "--text", "已更正", *clerk)
    run("publish", *of, *clerk, code=1)
    done = facts("publish", *of, *authority)
    assert sha256_hex(canonical_json(done["document"])) == done["sha256"]
    assert facts("show", *of) == done
    assert [one["year"] for one in facts("list")] == [int(YEAR)]
    assert done["sha256"] in run("show", *of)


def test_a_fault_of_the_indicators_ends_the_check_with_3(tmp_path: Path) -> None:
    assert facts("check") == {"checked": 1, "faults": []}
    folder = tmp_path / SUZHOU
    shutil.copytree(casework.REGULATIONS / SUZHOU, folder)
    file = folder / "assessment.toml"
    file.write_text(file.read_text("utf-8").replace("weight = 20", 'weight = "20"'), "utf-8")
    out = run("check", str(folder), code=3)
    assert "indicators[updates].weight" in out
    file.write_text("title =", "utf-8")
    assert "TOML" in run("check", str(folder), code=3)


def test_programs_take_the_same_steps_and_everybody_reads_what_was_published(
    bureau: Bureau, city: Any, client: Client
) -> None:
    place = f"/api/v1/assessments/{YEAR}/320500"
    authority = key(bureau.examiner, Scope.CATALOG_REVIEW)
    clerk = key(bureau.clerk, Scope.CATALOG_WRITE)
    assert ask(client, "post", f"{place}/steps/begin", clerk, {}).json()["name"] == "not-permitted"
    assert ask(client, "post", f"{place}/steps/begin", authority, {}).status_code == 200
    assert client.get(place).status_code == 404
    assert ask(client, "get", place, clerk).json()["published_at"] is None
    said = {
        "body": bureau.transport.code, "indicator": "satisfaction", "value": 80, "source": "抽样",
    }  # fmt: skip
    assert ask(client, "post", f"{place}/steps/survey", authority, said).status_code == 200
    wrong = ask(client, "post", f"{place}/steps/survey", authority, {**said, "value": "80"})
    assert wrong.json()["name"] == "invalid-value"
    text = {"body": bureau.transport.code, "text": "已更正"}
    assert ask(client, "post", f"{place}/steps/comment", clerk, text).status_code == 200
    done = ask(client, "post", f"{place}/steps/publish", authority, {}).json()
    assert client.get(place).json() == done
    assert [one["self"] for one in client.get("/api/v1/assessments").json()["items"]] == [place]
