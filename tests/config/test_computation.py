"""``wushu computation``: a program handed in, run, looked at, released and downloaded at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from tests.casework.conftest import bureau, node
from tests.config.test_case import who
from tests.opening.test_cases import Office, office
from tests.opening.test_cases_api import slug
from tests.opening.test_computations import COUNTS, in_use
from wushu.config.cli import main
from wushu.config.saying import language
from wushu.opening import services
from wushu.opening.models import ComputedContent
from wushu.opening.selectors import COMPUTATION_STATES, computed_faults
from wushu.opening.types import ComputationState

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db


def run(*arguments: str, code: int = 0, given: str = "") -> str:
    done = CliRunner().invoke(main, ["computation", *arguments], input=given)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_from_the_program_to_the_file(office: Office, tmp_path: Path) -> None:
    in_use(office)
    user, clerk = who(office.bureau.user), who(office.bureau.clerk)
    refused = run("submit", slug(office), "-", "--as", user, code=1, given="ATTACH 'x.db'")
    assert "program-not-a-query" in refused
    made = json.loads(run("submit", slug(office), "-", "--as", user, "--json", given=COUNTS))
    services.computation_run(UUID(made["id"]))
    assert made["id"] in run("waiting", "--as", clerk)
    assert "2,37" in run("look", made["id"], "--as", clerk)
    to = tmp_path / "counts.csv"
    run("download", made["id"], str(to), "--as", user, code=1)
    run("release", made["id"], "--reason", "汇总", "--as", clerk)
    run("download", made["id"], str(to), "--as", user)
    assert to.read_text().splitlines()[1] == "2,37"
    assert made["id"] in run("list", "--as", user)
    assert "汇总" in run("show", made["id"], "--as", user)


def test_an_official_sees_cells_as_csv_and_what_failed(office: Office) -> None:
    in_use(office)
    user, clerk = who(office.bureau.user), who(office.bureau.clerk)
    text = "SELECT '甲, 乙' AS 区 FROM data LIMIT 1"
    for program in (text, "SELECT 编号::DATE FROM data"):
        made = json.loads(run("submit", slug(office), "-", "--as", user, "--json", given=program))
        services.computation_run(UUID(made["id"]))
    (waiting,) = json.loads(run("waiting", "--as", clerk, "--json"))
    assert '"甲, 乙"' in run("look", waiting["id"], "--as", clerk).splitlines()
    told = run("failed", "--as", clerk)
    assert made["id"] in told
    assert COMPUTATION_STATES[ComputationState.FAILED](language()) in told
    run("failed", "--as", user, code=1)


def test_doctor_names_a_result_that_was_changed(office: Office) -> None:
    in_use(office)
    one = services.computation_submit(
        actor=office.bureau.user, dataset=office.dataset, program=COUNTS
    )
    services.computation_run(one.id)
    assert list(computed_faults()) == []
    ComputedContent.objects.update(content=b"{}")
    assert [where for where, _ in computed_faults()] == [f"opening_computedcontent {one.id}"]
