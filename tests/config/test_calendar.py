"""``wushu calendar``: what it counts, and how it says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.casework.conftest import node
from wushu.casework.selectors import notice_files
from wushu.config.cli import main

__all__ = ["node"]

pytestmark = pytest.mark.django_db


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["calendar", *arguments])
    assert done.exit_code == code, done.output
    return done


def facts(*arguments: str) -> dict[str, Any]:
    return dict(json.loads(run(*arguments, "--json").stdout))


SPRING = ("due", "2026-02-10", "--working-days", "10", "--today", "2026-02-24")


def test_a_limit_is_counted_and_every_day_explained():
    found = facts(*SPRING, "--explain")
    assert (found["due"], found["used"], found["left"], found["late"]) == ("2026-03-02", 5, 5, 0)
    assert not found["provisional"]
    days = {one["date"]: one for one in found["days"]}
    assert len(days) == 21
    assert days["2026-02-10"]["why"] == "begins"
    assert (days["2026-02-14"]["kind"], days["2026-02-14"]["number"]) == ("make-up", 4)
    assert (days["2026-02-17"]["holiday"], days["2026-02-17"]["notice"]) == (
        "春节",
        "国办发明电〔2025〕7号",
    )
    assert "days" not in facts(*SPRING)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("2026-03-02（周一） 到期", "还剩 5", "春节调休上班（国办发明电〔2025〕7号）")),
        ("en", ("due on 2026-03-02 (Mon)", "5 left", "worked for Spring Festival")),
    ],
)
def test_people_read_it_in_their_language(
    monkeypatch: pytest.MonkeyPatch, language: str, said: tuple[str, ...]
):
    monkeypatch.setenv("WUSHU_LANG", language)
    monkeypatch.setenv("COLUMNS", "160")
    text = run(*SPRING, "--explain").stdout
    for words in said:
        assert words in text


def test_what_happened_since_is_counted_in():
    back = ("--event", "returned=2026-03-05", "--event", "resubmitted=2026-03-11T16:30")
    start = ("due", "2026-03-02", "--working-days", "10", "--today", "2026-03-11")
    restarted, resumed = facts(*start, *back), facts(*start, *back, "--supplement", "resume")
    assert (restarted["due"], resumed["due"]) == ("2026-03-25", "2026-03-23")
    assert [one["ended"] for one in restarted["rounds"]] == ["2026-03-05", None]
    extended = facts(*start, "--event", "extended=2026-03-06,30")
    assert (extended["limit"], extended["due"]) == (30, "2026-04-14")


def test_it_counts_by_what_was_known_on_a_day():
    asked = ("due", "2020-01-20", "--working-days", "10", "--today", "2020-01-20")
    assert facts(*asked, "--known-on", "2020-01-25")["due"] == "2020-02-07"
    assert facts(*asked)["due"] == "2020-02-11"


def test_an_event_that_cannot_have_happened_is_refused_by_name():
    done = run(*SPRING, "--event", "resumed=2026-02-12", code=1)
    assert "[clock-events]" in done.stderr


@pytest.mark.parametrize(
    "event", ["begun=2026-02-12", "returned", "returned=tomorrow", "extended=2026-02-12,many"]
)
def test_an_event_that_is_not_understood_is_wrong_usage(event: str):
    done = run(*SPRING, "--event", event, code=2)
    assert "--event" in done.stderr


def test_a_year_without_a_notice_is_called_provisional(monkeypatch: pytest.MonkeyPatch):
    assert facts("show", "2026")["provisional"] is False
    found = facts("show", "2027")
    assert (found["provisional"], found["days"]) == (True, [])
    monkeypatch.setenv("WUSHU_LANG", "en")
    assert "provisional" in run("show", "2027").stdout
    late = ("due", "2026-12-28", "--working-days", "5", "--today", "2026-12-28")
    assert facts(*late)["provisional"] is True


def test_check_names_what_is_wrong_in_a_notice_and_ends_with_three(tmp_path: Path):
    good = notice_files()[-1].read_text(encoding="utf-8")
    bad = tmp_path / "bad.toml"
    bad.write_text(good.replace("2026-10-10", "2026-10-12"), encoding="utf-8")
    assert facts("check")["faults"] == []
    done = run("check", str(bad), "--json", code=3)
    (fault,) = json.loads(done.stdout)["faults"]
    assert fault["name"] == "work-calendar-faulty"
    assert "holiday[7].work" in fault["en"]


def test_a_notice_that_came_later_is_published_by_command_and_counts(node: None, tmp_path: Path):
    file = tmp_path / "2027.toml"
    text = notice_files()[-1].read_text(encoding="utf-8")
    file.write_text(
        text.replace("2026-", "2027-")
        .replace("year = 2026", "year = 2027")
        .replace("2025", "2026")
        .replace('work = ["', 'work = [] # ["'),
        encoding="utf-8",
    )
    assert facts("show", "2027")["provisional"] is True
    assert facts("publish", str(file))["year"] == 2027
    assert facts("show", "2027")["provisional"] is False
    listed = json.loads(run("list", "--json").stdout)
    assert [one["year"] for one in listed][-1] == 2027
    assert "[notice-published]" in run("publish", str(file), code=1).stderr
