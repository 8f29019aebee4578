"""Every surface on which something can be changed, tried by everybody who may not.

Pages, operations for programs and commands are enumerated from the resolver, the description of the
interface and the tree of commands. Each is listed with who may, or with the reason why everybody may;
one that is not listed fails the test. That those who may can is shown elsewhere in full: here the first
of them does it once, so that the others are refused for who they are and not for what they sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.casework.exploring import undone
from tests.journeys.test_grants import routes
from tests.journeys.writing import commands, pages, programs
from tests.journeys.writing.scene import (
    CAST,
    NOBODY,
    STRANGER,
    WEAK,
    Answer,
    Attempt,
    Kept,
    Scene,
    cast,
    node_in,
)
from tests.portal.live import filled_home
from tests.portal.messages import compile_catalogues
from wushu.catalog.api.ckan import ACTIONS
from wushu.config import agents, logs
from wushu.config.cli import main
from wushu.config.openapi import document
from wushu.evidence.models import Entry

pytestmark = pytest.mark.once

WRITING = {"post", "put", "patch", "delete"}
IN_ITS_OWN_WAY = {"/desk/cases/bulk", "/api/v1/cases/bulk"}
"""Say of each of several cases what became of it, and so are answered as done when nothing was."""
REFUSED = {401, 403, 404, 409, 422}
READS_BY_POST = {
    "/api/3/action/datastore_search": "the data plane's; CKAN's clients ask for rows by POST",
}
"""Operations of the description that Django does not answer; tests/journeys/test_grants.py has them."""
ONE_CLICK = "/subscriptions/end/{token}"
"""A mail provider's one click carries no cookie and no token of ours (RFC 8058)."""
PARTS = {"int": "1", "uuid": str(UUID(int=1))}
CHANGING = (
    pages.PAGES.keys() | pages.OWN.keys() | pages.PUBLIC.keys()
    | programs.PROGRAMS.keys() | programs.PUBLIC.keys()
)  # fmt: skip


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Scene]:
    """One filled node for the module; whatever an attempt changed is taken back."""
    compile_catalogues()
    home = Path(tmp_path_factory.mktemp("node"))
    scenes, log = filled_home(home, "http://testserver"), Kept()
    with django_db_blocker.unblock(), node_in(home), pytest.MonkeyPatch.context() as patch:
        patch.setattr(logs, "LINES", log)
        yield cast(scenes, log)


# What there is


def patterns(found: list[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each route as the tables write it, and an address of it."""
    for one in found:
        inside = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, inside)
        elif isinstance(one, URLPattern):
            [route] = routes([one], prefix)
            yield route, "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: PARTS.get(m[1], "x"), inside)


ROUTES = dict(patterns(get_resolver().url_patterns))


@cache
def methods_of(route: str) -> set[str]:
    """By which methods a route can be asked to change something: all that it does not say it refuses."""
    answer = Client().generic("PROBE", ROUTES[route])
    allowed = answer.headers.get("Allow")
    if answer.status_code != 405 or allowed is None:
        return WRITING
    return {one.strip().lower() for one in allowed.split(",")} & WRITING


def test_every_route_that_can_change_something_is_listed_with_who_may(scene: Scene):
    found = {route for route in ROUTES if methods_of(route)}
    assert found - CHANGING == set(), "say who may, or why everybody may"
    assert CHANGING - found == set(), "nothing is changed by these any more"
    tables = [pages.PAGES, pages.OWN, pages.PUBLIC, programs.PROGRAMS, programs.PUBLIC]
    assert sum(map(len, tables)) == len(CHANGING), "each stands in one table"


def test_each_is_tried_by_every_method_it_takes(scene: Scene):
    for table in (pages.PAGES, programs.PROGRAMS):
        for route, attempts in table.items():
            assert {one.method for one in attempts} == methods_of(route), route


def test_the_description_of_the_interface_names_the_same_operations():
    described = {
        path: methods
        for path, operations in document("http://testserver")["paths"].items()
        if (methods := WRITING & operations.keys())
    }
    tried = {
        route: {one.method for one in attempts} for route, attempts in programs.PROGRAMS.items()
    }
    reading = programs.PUBLIC.keys() | READS_BY_POST.keys()
    assert {path: several for path, several in described.items() if path not in reading} == tried


def test_no_action_of_ckan_and_no_tool_of_agents_writes():
    """CKAN's own names for what changes something are unknown; agents' tools ask by GET alone."""
    verbs = re.compile("create|delete|update|patch|upsert|purge|invite|follow|revise|reorder")
    assert [name for name in ACTIONS if verbs.search(name)] == []
    source = Path(agents.__file__).read_text("utf-8")
    assert set(re.findall(r"self\.node\.(\w+)\(", source)) == {"get"}


# What others are answered


def may_not(scene: Scene, who: str, answer: Answer, route: str) -> str:
    """What is wrong with the answer to who may not; empty: it is a refusal, and the log names it."""
    if who == NOBODY and answer.status == 302:
        return "" if answer.where.startswith("/sign-in?") else f"leads to {answer.where}"
    if not answer.refusal:
        return f"{answer.status} without the name of a refusal"
    if who not in (NOBODY, WEAK) and answer.line.get("actor") != scene.actors[who].urn:
        return "the log does not say who tried"
    # A step's form leads back to what can be done, and its attempt is told to the log.
    refused = REFUSED | ({302} if "/do/" in route else set())
    return "" if answer.status in refused or route in IN_ITS_OWN_WAY else str(answer.status)


def faults(scene: Scene, route: str, attempt: Attempt, by: Any, others: list[str]) -> Iterator[str]:
    """Sends it as each who may not, and then once as who may."""
    for who in others:
        with undone():
            before = Entry.objects.count()
            answer = by(who, attempt)
            said = may_not(scene, who, answer, route)
            if Entry.objects.count() != before:
                said = "something was recorded"
        if said:
            yield f"{attempt.method} {attempt.path} {attempt.sent} by {who or 'nobody'}: {said}"
    with undone():
        answer = by(min(attempt.may), attempt)
    if (answer.status >= 400 and not attempt.stands) or answer.refusal != attempt.stands:
        who = min(attempt.may)
        yield f"{attempt.path} by {who}, who may: {answer.status} {answer.refusal}"


TOLD = [
    ("clerk", "/desk/datasets/{datasets[draft]}/submit", 422, "attribute-reason-missing"),
    ("clerk", "/desk/corrections/{keys[correction-stops]}", 403, "reviewer-lacks-role"),
    ("steward", "/desk/harvest/sources/asked/run", 409, "source-state-wrong"),
]
"""Acts that are refused on pages which ask, and are refused, other things meanwhile."""


@pytest.mark.parametrize(("who", "path", "status", "name"), TOLD, ids=[one[3] for one in TOLD])
def test_the_log_names_the_refusal_of_the_act_and_not_of_what_its_page_asks(
    scene: Scene, who: str, path: str, status: int, name: str
):
    with undone():
        answer = scene.open(who, "post", path)
    assert (answer.status, answer.refusal) == (status, name)


def others_than(attempt: Attempt) -> list[str]:
    return [NOBODY, *(who for who in CAST if who not in attempt.may)]


@pytest.mark.parametrize("route", pages.PAGES)
def test_nobody_changes_by_a_page_what_is_not_theirs(scene: Scene, route: str):
    for attempt in pages.PAGES[route]:
        found = list(faults(scene, route, attempt, scene.by_page, others_than(attempt)))
        assert found == []


@pytest.mark.parametrize("route", programs.PROGRAMS)
def test_nobody_changes_by_a_program_what_is_not_theirs(scene: Scene, route: str):
    for attempt in programs.PROGRAMS[route]:
        others = [WEAK, *others_than(attempt)]
        assert list(faults(scene, route, attempt, scene.by_program, others)) == []


@pytest.mark.parametrize("route", pages.OWN)
def test_who_is_nobody_has_nothing_of_their_own_to_change(scene: Scene, route: str):
    with undone():
        before = Entry.objects.count()
        answer = scene.open(NOBODY, "post", ROUTES[route])
        assert (answer.status, answer.where.partition("?")[0]) == (302, "/sign-in")
        assert Entry.objects.count() == before


def address_of(scene: Scene, route: str) -> str:
    """One under which who may finds something to change, where the tables name one."""
    attempts = pages.PAGES.get(route) or programs.PROGRAMS.get(route)
    return scene.written(attempts[0].path) if attempts else ROUTES[route]


def somebody(route: str) -> str:
    """Who may."""
    attempts = pages.PAGES.get(route) or programs.PROGRAMS.get(route)
    return min(attempts[0].may) if attempts else "citizen"


@pytest.mark.parametrize("route", sorted(CHANGING - {ONE_CLICK, *programs.PUBLIC}))
def test_what_another_site_has_a_browser_send_is_refused(scene: Scene, route: str):
    """Without the page's token, with the session of one who may: by each method it takes."""
    browser = Client(enforce_csrf_checks=True, headers={"Accept": "application/json"})
    browser.cookies = scene.browsers[somebody(route)].cookies
    for method in methods_of(route):
        with undone():
            before = Entry.objects.count()
            answer = browser.generic(method.upper(), address_of(scene, route))
            assert (answer.status_code, answer.json()["name"]) == (403, "form-expired"), method
            assert Entry.objects.count() == before


@pytest.mark.rota(3)
@pytest.mark.parametrize("route", sorted(CHANGING))
def test_looking_changes_nothing(scene: Scene, route: str):
    with undone():
        before = Entry.objects.count()
        answer = scene.open(somebody(route), "get", address_of(scene, route))
        assert answer.status < 500
        assert Entry.objects.count() == before


# Commands


def acting(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Names of the commands that act for an account."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            one = command.get_command(context, name)
            assert one is not None
            yield from acting(one, (*path, name))
    elif any("--as" in one.opts for one in command.params):
        yield " ".join(path)


def test_every_command_that_acts_for_an_account_is_listed():
    listed = commands.COMMANDS.keys() | commands.OWN.keys()
    assert set(acting(main)) - listed == set(), "say what is refused, or why everybody may"
    assert listed - set(acting(main)) == set(), "these act for nobody any more"
    assert commands.COMMANDS.keys() & commands.OWN.keys() == set()


@pytest.fixture
def folder(scene: Scene, tmp_path: Path) -> Path:
    """Files that commands take."""
    return files(tmp_path, scene)


def files(folder: Path, scene: Scene) -> Path:
    scene.names["folder"] = folder
    code = scene.scenes.code
    for name, text in {
        "table.csv": "时间,线路,卡号\n2026-03-02 06:00,1,c0ffee\n",
        "bodies.csv": f"code,name_zh,division\n{scene.names['codes']['new']},渡口局,329900\n",
        "staff.csv": f"body,name,username,roles\n{code},李敏,li.min,数据开放主体\n",
        "catalogue.csv": f"body,title_zh,attribute\n{code},渡口,无条件开放\n",
        "plan.csv": "数据名称,开放属性,完成季度\n公交,无条件开放,4\n",
        "program.sql": "SELECT count(*) FROM data",
    }.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def run(scene: Scene, name: str, words: tuple[str, ...]) -> Any:
    scene.log.told.clear()
    said = [scene.written(one) for one in words]
    return CliRunner().invoke(main, [*name.split(), *said, "--as", STRANGER])


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_who_has_no_role_is_refused_by_the_command(scene: Scene, folder: Path, name: str):
    with undone():
        before = Entry.objects.count()
        done = run(scene, name, commands.COMMANDS[name])
        assert done.exit_code == 1, done.output
        told = scene.log.last()
        assert told["refusal"] in done.output
        assert (told["kind"], told["command"]) == ("command", name)
        assert told["actor"] == scene.stranger.urn
        assert Entry.objects.count() == before


@pytest.mark.parametrize("name", commands.OWN)
def test_and_is_shown_nothing_of_others_by_those_for_oneself(scene: Scene, folder: Path, name: str):
    with undone():
        done = run(scene, name, commands.OWN[name][1])
    assert done.exit_code == 0, done.output
    assert [one for one in scene.private() if one in done.output] == []
