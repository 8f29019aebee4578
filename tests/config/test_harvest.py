"""``wushu harvest``: from the proposal to the tombstone, at the command line and by the worker."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.harvest.conftest import Ckan, ckan, elsewhere, node
from wushu.config import worker
from wushu.config.cli import main
from wushu.config.commands import doctor
from wushu.harvest.models import Record, Run, Source
from wushu.parties import services as parties
from wushu.parties.types import NODE, OrganisationKind, Role

__all__ = ["ckan", "elsewhere", "node"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def officials(node: Any) -> None:
    bureau = parties.organisation_register(
        actor=NODE, kind=OrganisationKind.DEPARTMENT, code="11329900DEM0000146",
        name_zh="数据局", division="320500",
    )  # fmt: skip
    for username, role in (
        ("operator", Role.PLATFORM_OPERATOR), ("reviewer", Role.DATA_AUTHORITY), ("clerk", Role.OPENING_BODY),
    ):  # fmt: skip
        person: UUID = parties.person_register(actor=NODE, name=username)
        parties.membership_grant(actor=NODE, person=person, organisation=bureau.id, role=role)
        parties.account_create(
            actor=NODE, username=username, password="paper-ink-and-a-seal", person=person
        )


def wushu(*words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(main, ["harvest", *words, "--json"])
    assert done.exit_code == code, (done.output, done.exception)
    return json.loads(done.output)


def add(url: str) -> Any:
    return wushu(
        "add",
        "other",
        url,
        "--kind",
        "ckan",
        "--title",
        "邻市",
        "--reason",
        "共用",
        "--as",
        "operator",
    )


@pytest.mark.usefixtures("officials")
def test_a_catalogue_is_proposed_activated_read_listed_and_stopped(ckan: Ckan) -> None:
    assert add(ckan.server.url)["state"] == "proposed"
    assert wushu("activate", "other", "--as", "reviewer")["state"] == "active"
    assert wushu("run", "other", "--as", "operator")["added"] == 3
    assert wushu("run", "other", "--as", "operator")["unchanged"] == 3
    (listed,) = wushu("list", "--as", "operator")
    assert (listed["present"], listed["last_run"]["unchanged"]) == (3, 3)
    ckan.packages.clear()
    refused = wushu("run", "other", "--as", "operator", code=1)
    assert refused["refusal"] == "harvest-shrunk"
    assert wushu("run", "other", "--accept-shrink", "--as", "operator")["gone"] == 3
    stopped = wushu("stop", "other", "--reason", "已关闭", "--as", "operator")
    assert (stopped["state"], stopped["gone"]) == ("stopped", 3)


@pytest.mark.usefixtures("officials")
def test_who_proposed_it_or_lacks_the_role_does_not_activate_it(ckan: Ckan) -> None:
    add(ckan.server.url)
    for words, account, name in (
        ("activate other", "operator", "activator-lacks-role"),
        ("activate other", "clerk", "activator-lacks-role"),
        ("list", "clerk", "harvester-lacks-role"),
    ):
        done = CliRunner().invoke(main, ["harvest", *words.split(), "--as", account])
        assert done.exit_code == 1
        assert name in done.output


@pytest.mark.usefixtures("officials")
@pytest.mark.parametrize(("language", "words"), [("zh", "新增 3"), ("en", "3 added")])
def test_people_read_how_a_run_ended(
    ckan: Ckan, language: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUSHU_LANG", language)
    add(ckan.server.url)
    wushu("activate", "other", "--as", "reviewer")
    done = CliRunner().invoke(main, ["harvest", "run", "other", "--as", "operator"])
    assert words in done.output
    listed = CliRunner().invoke(main, ["harvest", "list", "--as", "operator"])
    assert "other" in listed.output
    ckan.packages.clear()
    refused = CliRunner().invoke(main, ["harvest", "run", "other", "--as", "operator"])
    assert refused.exit_code == 1
    assert "[harvest-shrunk]" in refused.output


@pytest.mark.usefixtures("officials")
@pytest.mark.django_db(transaction=True)  # the worker closes connections that are within one
def test_the_worker_reads_what_is_active(ckan: Ckan) -> None:
    add(ckan.server.url)
    worker.run(once=True)
    assert not Run.objects.exists()
    wushu("activate", "other", "--as", "reviewer")
    worker.run(once=True)
    assert Record.objects.count() == 3


@pytest.mark.usefixtures("officials")
def test_the_doctor_names_a_source_that_is_not_read(ckan: Ckan) -> None:
    add(ckan.server.url)
    wushu("activate", "other", "--as", "reviewer")
    wushu("run", "other", "--as", "operator")
    assert list(doctor.check_harvests()) == []
    ckan.packages.clear()
    wushu("run", "other", "--as", "operator", code=1)
    (note,) = doctor.check_harvests()
    assert (note.kind, note.where, note.level) == ("harvest-shrunk", "other", doctor.Level.NOTE)
    assert "--accept-shrink" in note.message.zh
    Run.objects.update(asked_at=timezone.now() - timedelta(days=2))
    Source.objects.update(activated_at=timezone.now() - timedelta(days=9))
    (fault,) = doctor.check_harvests()
    assert (fault.kind, fault.where, fault.level) == (
        "harvest-overdue",
        "other",
        doctor.Level.FAULT,
    )
