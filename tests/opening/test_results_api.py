"""``/api/v1/results``, ``/api/v1/datasets/<slug>/ratings``, ``wushu result`` and ``wushu rating``."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.catalog.conftest import City
from tests.opening.test_cases_api import ask, key
from tests.opening.test_ratings import crowd, rate
from tests.opening.test_results import filed
from tests.parties.conftest import World
from wushu.catalog import services as catalog
from wushu.config.cli import main
from wushu.opening import selectors, services
from wushu.opening.types import Aspect
from wushu.parties import selectors as people
from wushu.parties import services as parties
from wushu.parties.types import NODE, Actor, Role, Scope

pytestmark = pytest.mark.django_db

RESULTS = "/api/v1/results"
SCORES = {"complete": 5, "accurate": 4, "timely": 3, "usable": 2}


@pytest.fixture
def moderator(city: City) -> Actor:
    """With an account and the role in the city's own authority: keys and commands ask the database."""
    world = World()
    actor = world.actor("moderator")
    parties.membership_grant(
        actor=NODE, person=actor.person, organisation=city.authority.id, role=Role.DATA_AUTHORITY
    )
    return people.actor_for_username("moderator")


def document(city: City, **said: Any) -> dict[str, Any]:
    return {
        "kind": "app", "title_zh": "找车位", "summary_zh": "告诉司机哪里有空车位。",
        "makers": "停车小组", "datasets": [city.listed().slug], **said,
    }  # fmt: skip


def test_a_program_files_a_result_and_a_moderators_program_publishes_it(
    city: City, reader: Actor, moderator: Actor, client: Client
):
    mine, theirs = key(reader, Scope.RESULTS_FILE), key(moderator, Scope.RESULTS_REVIEW)
    made = ask(client, "post", RESULTS, mine, document(city, address="https://a.example/app"))
    assert made.status_code == 201, made.content
    path = f"{RESULTS}/{made.json()['id']}"
    assert made.headers["Location"].endswith(path)
    assert ask(client, "get", path, {}).status_code == 404
    assert ask(client, "get", path, mine).json() == made.json()
    (waiting,) = ask(client, "get", f"{RESULTS}/waiting", theirs).json()["items"]
    assert waiting["id"] == made.json()["id"]
    assert ask(client, "post", f"{path}/steps/publish", mine, {}).status_code == 403
    done = ask(client, "post", f"{path}/steps/publish", theirs, {})
    assert done.json()["state"] == "published"
    shown = ask(client, "get", path, {}).json()
    (citation,) = shown["citations"]
    assert citation["dataset"] in made.json()["datasets"][0]["slug"]
    assert "公共停车场" in citation["zh"]
    assert [one["id"] for one in ask(client, "get", RESULTS, {}).json()["items"]] == [shown["id"]]
    slug = citation["dataset"]
    for query, count in (
        (f"dataset={slug}", 1), (f"dataset={city.listed().slug}", 0), ("kind=app", 1),
        ("kind=paper", 0),
    ):  # fmt: skip
        found = ask(client, "get", f"{RESULTS}?{query}", {}).json()["items"]
        assert len(found) == count, query
    down = ask(client, "post", f"{path}/steps/take-down", theirs, {"reason": "失效"})
    assert (down.json()["state"], down.json()["reason"]) == ("taken-down", "失效")
    assert ask(client, "get", f"{RESULTS}/mine", mine).json()["items"][0]["reason"] == "失效"


def test_a_returned_result_is_mended_by_put_and_withdrawn_by_a_step(
    city: City, reader: Actor, moderator: Actor, client: Client
):
    mine, theirs = key(reader, Scope.RESULTS_FILE), key(moderator, Scope.RESULTS_REVIEW)
    path = f"{RESULTS}/{filed(city, reader).id}"
    empty = ask(client, "post", f"{path}/steps/return", theirs, {})
    assert (empty.status_code, empty.json()["name"]) == (422, "reason-missing")
    ask(client, "post", f"{path}/steps/return", theirs, {"reason": "请写来源"})
    again = ask(client, "put", path, mine, document(city, title_zh="二版"))
    assert (again.json()["state"], again.json()["title_zh"]) == ("waiting", "二版")
    assert ask(client, "post", f"{path}/steps/withdraw", mine, {}).json()["state"] == "withdrawn"
    assert ask(client, "post", f"{path}/steps/make-tea", mine, {}).status_code == 404


def test_without_a_key_and_without_the_scope_nothing_is_written(
    city: City, reader: Actor, client: Client
):
    narrow = key(reader, Scope.ROWS_READ)
    slug = city.listed().slug
    writes = (
        ("post", RESULTS, document(city)),
        ("get", f"{RESULTS}/mine", None),
        ("get", f"{RESULTS}/waiting", None),
        ("put", f"/api/v1/datasets/{slug}/ratings/mine", {"scores": SCORES}),
        ("get", "/api/v1/comments/waiting", None),
    )
    for method, path, sent in writes:
        assert ask(client, method, path, {}, sent).status_code == 401, path
        refused = ask(client, method, path, narrow, sent)
        assert (refused.status_code, refused.json()["name"]) == (403, "key-lacks-scope"), path
    assert ask(client, "put", f"{RESULTS}/{uuid4()}", {}, document(city)).status_code == 401


def test_a_session_needs_the_token_against_forged_requests(city: City, reader: Actor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(parties_account(reader), backend="wushu.parties.backends.AccountBackend")
    assert ask(browser, "post", RESULTS, {}, document(city)).status_code == 403
    slug = city.listed().slug
    path = f"/api/v1/datasets/{slug}/ratings/mine"
    assert ask(browser, "put", path, {}, {"scores": SCORES}).status_code == 403
    assert selectors.results_filed(actor=reader) == []
    assert selectors.ratings_mine(actor=reader) == []


def parties_account(actor: Actor) -> Any:
    from wushu.parties.models import Account

    return Account.objects.get(pk=actor.account)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "poem"}, {"datasets": "slug"}, {"datasets": []}, {"title_zh": 5}, {"more": "x"},
     {"title_zh": "a\0b"}, {"address": "http://a.example"}],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    city: City, reader: Actor, client: Client, wrong: dict[str, Any]
):
    answer = ask(client, "post", RESULTS, key(reader, Scope.RESULTS_FILE), document(city, **wrong))
    assert answer.status_code == 422
    assert answer.json()["name"] in ("invalid-value", "result-datasets")


def test_a_program_rates_changes_and_takes_back(
    city: City, reader: Actor, moderator: Actor, client: Client
):
    mine, theirs = key(reader, Scope.RESULTS_FILE), key(moderator, Scope.RESULTS_REVIEW)
    slug = city.listed().slug
    path = f"/api/v1/datasets/{slug}/ratings"
    assert ask(client, "get", f"{path}/mine", mine).status_code == 404
    sent = {"scores": SCORES, "comment": "更新很快"}
    assert ask(client, "put", f"{path}/mine", mine, sent).status_code == 200
    assert ask(client, "get", f"{path}/mine", mine).json()["scores"] == SCORES
    nothing = {"figures": {"counted": 0, "aspects": []}, "comments": [], "next": None}
    assert ask(client, "get", path, {}).json() == nothing
    (waiting,) = ask(client, "get", "/api/v1/comments/waiting", theirs).json()["items"]
    assert (waiting["dataset"], waiting["text"]) == (slug, "更新很快")
    decide = f"/api/v1/comments/{waiting['id']}/steps/publish"
    assert ask(client, "post", decide, mine, {}).status_code == 403
    assert ask(client, "post", decide, theirs, {}).json()["state"] == "published"
    (comment,) = ask(client, "get", path, {}).json()["comments"]
    assert set(comment) == {"id", "text", "on"}
    for wrong in ({"scores": {**SCORES, "pretty": 5}}, {"scores": {"complete": 5}}, {},
                  {"scores": {**SCORES, "timely": 6}}, {"scores": SCORES, "comment": 5}):  # fmt: skip
        assert ask(client, "put", f"{path}/mine", mine, wrong).status_code == 422
    assert ask(client, "delete", f"{path}/mine", mine).status_code == 204
    assert ask(client, "get", path, {}).json() == nothing


def test_figures_are_public_once_enough_people_rated(city: City, client: Client):
    entry = city.listed()
    for who in crowd(5):
        rate(entry, who, 5, 4, 3, 2)
    found = ask(client, "get", f"/api/v1/datasets/{entry.slug}/ratings", {}).json()["figures"]
    assert found["counted"] == 5
    assert found["aspects"][0] == {"aspect": "complete", "mean": 5.0, "median": 5.0}


def test_a_closed_datasets_ratings_are_not_read(city: City, reader: Actor, client: Client):
    entry = city.listed()
    rate(entry, reader, comment="好")
    catalog.entry_seal(actor=city.clerk, entry=entry.id, reason="核对", basis="第十二条")
    assert ask(client, "get", f"/api/v1/datasets/{entry.slug}/ratings", {}).status_code == 451
    services.rating_withdraw(actor=reader, dataset=entry.id)


# At the command line


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def facts(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_results_at_the_command_line(city: City, reader: Actor, moderator: Actor):
    slug = city.listed().slug
    words = (
        "--kind", "paper", "--title", "停车研究", "--summary", "研究停车。", "--makers", "研究所",
        "--dataset", slug,
    )  # fmt: skip
    made = facts("result", "file", *words, "--as", "reader")
    assert run("result", "show", made["id"], code=1)
    assert [one["id"] for one in facts("result", "waiting", "--as", "moderator")] == [made["id"]]
    run("result", "return", made["id"], "--reason", "请写明来源", "--as", "moderator")
    assert "请写明来源" in run("result", "show", made["id"], "--as", "reader")
    run("result", "mend", made["id"], *words, "--title-en", "On parking", "--as", "reader")
    run("result", "publish", made["id"], "--as", "reader", code=1)
    run("result", "publish", made["id"], "--as", "moderator")
    assert "停车研究" in run("result", "list", "--kind", "paper", "--dataset", slug)
    assert facts("result", "list", "--kind", "app") == []
    assert facts("result", "mine", "--as", "reader")[0]["state"] == "published"
    run("result", "take-down", made["id"], "--reason", "失效", "--as", "moderator")
    run("result", "withdraw", made["id"], "--as", "reader", code=1)
    assert facts("result", "list") == []


def test_ratings_at_the_command_line(city: City, reader: Actor, moderator: Actor):
    entry = city.listed()
    scores = [part for name, score in SCORES.items() for part in (f"--{name}", str(score))]
    made = facts("rating", "give", entry.slug, *scores, "--comment", "很全", "--as", "reader")
    assert made["scores"] == SCORES
    (waiting,) = facts("rating", "waiting", "--as", "moderator")
    run("rating", "publish", waiting["id"], "--as", "moderator")
    assert "很全" in run("rating", "show", entry.slug)
    run("rating", "take-down", waiting["id"], "--reason", "广告", "--as", "moderator")
    run("rating", "give", entry.slug, *scores, "--comment", "准", "--as", "reader")
    run("rating", "return", waiting["id"], "--reason", "请写具体", "--as", "moderator")
    for who in crowd(4):
        rate(entry, who, 5, 5, 5, 5)
    (complete, *_) = facts("rating", "show", entry.slug)["figures"]["aspects"]
    assert complete == {"aspect": Aspect.COMPLETE.value, "mean": 5.0, "median": 5.0}
    assert "5" in run("rating", "show", entry.slug)
    run("rating", "withdraw", entry.slug, "--as", "reader")
    assert selectors.rating_figures(entry.id).counted == 0
