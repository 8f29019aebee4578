"""``wushu regulation``: from the files to where they apply, by people who may."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django.utils import timezone

from tests.catalog.conftest import CITY, COUNTY, credit_code, node
from wushu.casework import selectors
from wushu.config.cli import main
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.parties import services as parties
from wushu.parties.types import NODE, OrganisationKind, Role

__all__ = ["node"]
SUZHOU = "suzhou-public-data-opening-2023"


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["regulation", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def facts(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rules of Suzhou, free to be changed."""
    return Path(shutil.copytree(selectors.REGULATIONS / SUZHOU, tmp_path / SUZHOU))


def change(
    folder: Path, old: str, new: str, file: str = "procedures/conditional-access.toml"
) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def officials(node: Any) -> None:
    """The authority of the city, and one of its bodies."""
    for number, (username, role) in enumerate(
        (("authority", Role.DATA_AUTHORITY), ("clerk", Role.OPENING_BODY))
    ):
        bureau = parties.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, code=credit_code(),
            name_zh=f"第{number}局", division=CITY,
        )  # fmt: skip
        person = parties.person_register(actor=NODE, name=username)
        parties.membership_grant(actor=NODE, person=person, organisation=bureau.id, role=role)
        parties.account_create(actor=NODE, username=username, password=None, person=person)


# Files


def test_what_comes_with_the_program_has_no_fault():
    assert facts("check") == {"checked": len(selectors.regulation_folders()), "faults": []}


def test_each_fault_is_named_with_its_place(copy: Path):
    change(copy, 'to = "compliance"', 'to = "nowhere"')
    change(copy, 'article = "21(3)"', 'article = "99"')
    change(copy, 'effect = "sign"', 'effect = "sing"')
    faults = facts("check", str(copy), code=3)["faults"]
    assert {one["name"] for one in faults} == {"regulation-faulty"}
    places = " ".join(one["en"] for one in faults)
    assert "conditional-access.steps[submit].to" in places
    assert "conditional-access.steps[sign].effect" in places
    assert "there is no article 99" in places
    assert "wushu regulation check" in run("check", str(copy), code=3).stderr


def test_what_nobody_would_read_is_a_fault(copy: Path):
    change(copy, 'code = "YT"', 'code = "YT"\ncolour = "red"')
    (fault,) = facts("check", str(copy), code=3)["faults"]
    assert "procedures[conditional-access].colour" in fault["en"]


def test_every_procedure_is_drawn_with_its_tables(tmp_path: Path):
    written = facts("draw", SUZHOU, "--language", "zh", "--language", "en", "--out", str(tmp_path))
    procedures = selectors.regulation_of(
        selectors.read_folder(selectors.REGULATIONS / SUZHOU), SUZHOU
    ).procedures
    wanted = {
        f"{SUZHOU}-{one.id}-{language}.{suffix}"
        for one in procedures
        for language in ("zh", "en")
        for suffix in ("svg", "md")
    }
    assert {Path(one).name for one in written["written"]} == wanted
    assert {one.name for one in tmp_path.iterdir()} == wanted
    for one in tmp_path.glob("*.svg"):
        assert ElementTree.parse(one).getroot().tag.endswith("svg")


def test_a_regulation_that_is_faulty_is_not_drawn(copy: Path, tmp_path: Path):
    change(copy, 'turn = "authority"', 'turn = "nobody-known"')
    done = run("draw", str(copy), "--out", str(tmp_path / "out"), code=1)
    assert "[regulation-faulty]" in done.stderr
    assert "states[compliance].turn" in done.stderr


def test_one_procedure_can_be_asked_for_and_an_unknown_one_is_refused(tmp_path: Path):
    written = facts("draw", SUZHOU, "--procedure", "correction", "--out", str(tmp_path))["written"]
    assert sorted(Path(one).suffix for one in written) == [".md", ".svg"]
    assert "[not-found]" in run("show", SUZHOU, "--procedure", "none", code=1).stderr
    assert "[not-found]" in run("show", "no-such-regulation", code=1).stderr


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("合规性审查中", "公共数据主管部门", "第二十一条第（二）项", "条文")),
        ("en", ("In compliance review", "the data authority", "art. 21(2)", "articles")),
    ],
)
def test_it_is_shown_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
):
    monkeypatch.setenv("WUSHU_LANG", language)
    monkeypatch.setenv("COLUMNS", "260")
    text = run("show", SUZHOU).stdout
    for one in words:
        assert one in text
    alone = run("show", SUZHOU, "--procedure", "correction").stdout
    assert words[0] not in alone
    assert words[-1] not in alone


# Published and adopted


@pytest.mark.django_db
def test_a_regulation_is_published_adopted_listed_and_ended(officials: None):
    assert facts("list")["versions"] == []
    assert SUZHOU in facts("list")["unpublished"]
    made = facts("publish", SUZHOU)
    assert (made["key"], made["number"], made["status"]) == (SUZHOU, 1, "draft")
    day = timezone.localdate()
    adopted = facts(
        "adopt", SUZHOU, "--division", CITY, "--from", f"{day}", "--decision", "市数据局决定〔2026〕1号",
        "--beyond", "期满后继续参照", "--as", "authority",
    )  # fmt: skip
    assert (adopted["division"], adopted["ends"]) == (CITY, None)
    (listed,) = facts("list")["versions"]
    assert listed["sha256"] == made["sha256"]
    assert [one["id"] for one in listed["adoptions"]] == [adopted["id"]]
    assert SUZHOU not in facts("list")["unpublished"]
    last = day + timedelta(days=30)
    ended = facts("end", adopted["id"], "--on", f"{last}", "--as", "authority")
    assert ended["ends"] == last.isoformat()
    said = run("list").stdout
    assert f"自 {day} 至 {last}" in said
    assert "征求意见稿" in said


@pytest.mark.django_db
def test_the_hash_is_that_of_what_is_shown_and_of_the_log(officials: None):
    made = facts("publish", SUZHOU)
    shown = run("show", SUZHOU, "--version", "1", "--json").stdout.removesuffix("\n")
    assert hashlib.sha256(shown.encode()).hexdigest() == made["sha256"]
    sequence()
    note = evidence.entry_of_act(f"urn:uuid:{made['id']}", "casework.regulation.published")
    assert note is not None
    assert note.index is not None
    assert evidence.entry(note.index).document["data"]["sha256"] == made["sha256"]


@pytest.mark.django_db
def test_changed_files_become_the_next_version_and_the_newest_is_adopted(
    officials: None, copy: Path
):
    facts("publish", SUZHOU)
    assert "[regulation-published]" in run("publish", SUZHOU, code=1).stderr
    change(copy, "working_days = 5", "working_days = 6")
    assert facts("publish", str(copy))["number"] == 2
    given = ("--division", CITY, "--decision", "决定", "--as", "authority")
    newest = facts("adopt", SUZHOU, "--from", "2026-01-01", "--until", "2026-06-30", *given)
    older = facts(
        "adopt", SUZHOU, "--version", "1", "--from", "2026-07-01", "--beyond", "延用", *given
    )
    assert (newest["number"], older["number"]) == (2, 1)
    assert "[not-found]" in run("adopt", SUZHOU, "--version", "3", "--from", "2027-01-01", *given, code=1).stderr  # fmt: skip


@pytest.mark.django_db
def test_who_is_not_the_authority_of_the_place_decides_nothing(officials: None):
    facts("publish", SUZHOU)
    given = ("adopt", SUZHOU, "--from", "2026-01-01", "--until", "2026-06-30", "--decision", "决定")
    refused = run(*given, "--division", CITY, "--as", "clerk", code=1)
    assert "[adoption-not-yours]" in refused.stderr
    assert "[adoption-not-yours]" in run(*given, "--division", "330100", "--as", "authority", code=1).stderr  # fmt: skip
    assert facts("adopt", *given[1:], "--division", COUNTY, "--as", "authority")["division"] == COUNTY  # fmt: skip


@pytest.mark.parametrize(
    ("begins", "ends", "covered"),
    [
        ("2023-07-01", "2026-06-30", True),
        ("2023-06-30", "2026-06-30", False),
        ("2023-07-01", "2026-07-01", False),
        ("2023-07-01", None, False),
    ],
)
def test_the_rules_of_suzhou_give_themselves_three_years_and_not_a_day_more(
    begins: str, ends: str | None, covered: bool
):
    rule = selectors.regulation_of(selectors.read_folder(selectors.REGULATIONS / SUZHOU), SUZHOU)
    last = None if ends is None else date.fromisoformat(ends)
    assert rule.covers(date.fromisoformat(begins), last) is covered


@pytest.mark.django_db
def test_who_applies_a_regulation_beyond_its_own_days_says_why_for_everybody(
    officials: None, client: Client
):
    facts("publish", SUZHOU)
    given = ("adopt", SUZHOU, "--division", CITY, "--decision", "市数据局决定", "--as", "authority")
    within = (*given, "--from", "2026-01-01", "--until", "2026-06-30")
    assert "[adoption-beyond]" in run(*given, "--from", "2026-07-01", code=1).stderr
    assert "[adoption-period]" in run(*within, "--beyond", "不必", code=1).stderr
    assert facts(*within)["beyond"] is False
    made = facts(*given, "--from", "2026-07-01", "--beyond", "国家规定出台前继续参照")
    assert made["beyond"] is True
    assert made["decision"] == "市数据局决定（适用超出条文自定期间：国家规定出台前继续参照）"
    shown = client.get(f"/regulations/{SUZHOU}/1").content.decode()
    assert "国家规定出台前继续参照" in shown
    [one] = client.get("/api/v1/regulations").json()["items"]
    assert sorted(place["beyond"] for place in one["adoptions"]) == [False, True]


@pytest.mark.django_db
def test_a_faulty_regulation_is_not_published(node: Any, copy: Path):
    change(copy, 'turn = "authority"', 'turn = "nobody-known"')
    assert "[regulation-faulty]" in run("publish", str(copy), code=1).stderr
    assert facts("list")["versions"] == []
