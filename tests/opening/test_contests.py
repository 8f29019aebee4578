"""Contests: announced, entered while they run, won with a reason; on services, API and commands."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.catalog.conftest import City
from tests.opening.conftest import Later
from tests.opening.test_cases_api import ask, key
from tests.opening.test_results import filed, given, refusal
from tests.opening.test_results_api import moderator, run
from tests.parties.conftest import World
from wushu.catalog.types import EntryView
from wushu.evidence import selectors as evidence
from wushu.opening import selectors, services
from wushu.opening.types import Award, ContestGiven, ContestView, ResultView
from wushu.parties.types import Actor, Scope

__all__ = ["moderator"]

pytestmark = pytest.mark.django_db

CONTESTS = "/api/v1/contests"


def announced(city: City, by: Actor, *datasets: EntryView, **said: Any) -> ContestView:
    today = timezone.localdate()
    asked = ContestGiven(
        **{
            "title_zh": "停车数据大赛", "text_zh": "用停车数据做点什么。", "begins": today,
            "ends": today + timedelta(days=7), "datasets": tuple(one.slug for one in datasets),
            **said,
        }
    )  # fmt: skip
    return services.contest_announce(actor=by, organiser=city.authority.id, given=asked)


def shown(city: City, by: Actor, moderator: Actor, entry: EntryView | None = None) -> ResultView:
    made = services.result_file(actor=by, given=given((entry or city.listed()).slug))
    return services.result_publish(actor=moderator, result=made.id)


def entered(contest: UUID) -> list[UUID]:
    return [one.result.id for one in selectors.contest(contest).entries]


def test_a_published_result_is_entered_and_wins_with_a_reason(
    city: City, reader: Actor, moderator: Actor, monkeypatch: pytest.MonkeyPatch
):
    contest, result = announced(city, moderator), shown(city, reader, moderator)
    other = shown(city, reader, moderator)
    assert [one.id for one in selectors.contests().items] == [contest.id]
    for one in (other, result, result):
        services.contest_enter(actor=reader, contest=contest.id, result=one.id)
    assert entered(contest.id) == [other.id, result.id]
    prize = Award(result.id, "一等奖", "最方便司机。")
    award = {"actor": moderator, "contest": contest.id}
    assert refusal(services.contest_award, **award, awards=[prize]) == "contest-awards"
    Later(monkeypatch)(days=8)
    for wrong in ([], [prize, prize], [Award(uuid4(), "一等奖", "好")]):
        assert refusal(services.contest_award, **award, awards=wrong) == "contest-awards"
    unreasoned = [Award(result.id, "一等奖", " ")]
    assert refusal(services.contest_award, **award, awards=unreasoned) == "reason-missing"
    services.contest_award(**award, awards=[prize])
    first, second = selectors.contest(contest.id).entries
    assert (first.result.id, first.award, first.reason) == (result.id, "一等奖", "最方便司机。")
    assert (second.result.id, second.award) == (other.id, "")
    ((named, won),) = selectors.contests_of(result.id)
    assert (named.id, won) == (contest.id, "一等奖")
    assert refusal(services.contest_award, **award, awards=[prize]) == "contest-awards"
    acts = {note.act for note in evidence.entries_about(contest.urn)}
    assert acts == {f"opening.contest.{one}" for one in ("announced", "entered", "awarded")}


def test_its_holder_corrects_its_words_and_makes_its_last_day_later_in_the_open(
    city: City, moderator: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
):
    contest = announced(city, moderator)
    later = contest.ends + timedelta(days=3)
    said = {"text_zh": "用停车数据做点什么，附说明。", "text_en": "", "reason": "补充说明"}
    change = {"actor": moderator, "contest": contest.id}
    earlier = contest.ends - timedelta(days=1)
    assert refusal(services.contest_change, **change, **said, ends=earlier) == "contest-change"
    same = {"text_zh": contest.text_zh, "text_en": "", "ends": contest.ends, "reason": "无"}
    assert refusal(services.contest_change, **change, **same) == "contest-change"
    stranger = {"actor": World().actor("other"), "contest": contest.id}
    assert refusal(services.contest_change, **stranger, **said, ends=later) == "not-permitted"
    unreasoned = {**said, "reason": " "}
    assert refusal(services.contest_change, **change, **unreasoned, ends=later) == "reason-missing"
    changed = services.contest_change(**change, **said, ends=later)
    assert (changed.ends, changed.text_zh) == (later, said["text_zh"])
    (before,) = changed.changes
    assert (before.ends, before.text_zh, before.reason) == (
        contest.ends,
        contest.text_zh,
        "补充说明",
    )
    page = client.get(f"/contests/{contest.id}").content.decode()
    assert all(words in page for words in ("补充说明", contest.text_zh, said["text_zh"]))
    theirs, address = key(moderator, Scope.RESULTS_REVIEW), f"{CONTESTS}/{contest.id}/changes"
    once_more = (later + timedelta(days=1)).isoformat()
    sent = ask(client, "post", address, theirs, {"ends": once_more, "reason": "应参赛者要求"})
    assert (sent.json()["ends"], len(sent.json()["changes"])) == (once_more, 2)
    out = run(
        "contest", "change", str(contest.id), "--text-en", "Do it", "--reason", "加英文",
        "--as", "moderator",
    )  # fmt: skip
    assert out
    acts = [note.act for note in evidence.entries_about(contest.urn)]
    assert acts.count("opening.contest.changed") == 3
    Later(monkeypatch)(days=20)
    assert refusal(services.contest_change, **change, **said, ends=later) == "contest-change"


def test_a_contest_is_entered_from_its_first_day_to_its_last(
    city: City, reader: Actor, moderator: Actor, monkeypatch: pytest.MonkeyPatch
):
    today = timezone.localdate()
    contest = announced(
        city, moderator, begins=today + timedelta(days=1), ends=today + timedelta(days=2)
    )
    result = shown(city, reader, moderator)
    act = {"actor": reader, "contest": contest.id, "result": result.id}
    assert refusal(services.contest_enter, **act) == "contest-not-running"
    later = Later(monkeypatch)
    later(days=1)
    services.contest_enter(**act)
    later(days=1)
    services.contest_leave(**act)
    assert refusal(services.contest_leave, **act) == "not-found"
    services.contest_enter(**act)
    later(days=1)
    assert refusal(services.contest_leave, **act) == "contest-not-running"
    assert entered(contest.id) == [result.id]


def test_only_ones_own_published_result_on_the_theme_is_entered(
    city: City, reader: Actor, moderator: Actor
):
    theme, other = city.listed(), city.listed()
    contest = announced(city, moderator, theme)
    fitting, off = shown(city, reader, moderator, theme), shown(city, reader, moderator, other)
    waiting = filed(city, reader)

    def enter(who: Actor, result: UUID) -> str:
        return refusal(services.contest_enter, actor=who, contest=contest.id, result=result)

    assert enter(reader, off.id) == "contest-not-for-this"
    assert enter(reader, waiting.id) == "contest-not-for-this"
    assert enter(World().actor("other"), fitting.id) == "not-found"
    mine = selectors.results_filed(actor=reader)
    assert [one.id for one in selectors.enterable(contest, mine)] == [fitting.id]
    services.contest_enter(actor=reader, contest=contest.id, result=fitting.id)
    services.result_withdraw(actor=reader, result=fitting.id)
    assert entered(contest.id) == [], "what is shown no more is named nowhere"


def test_authorities_and_bodies_hold_contests_and_nobody_else(
    city: City, reader: Actor, moderator: Actor
):
    today = timezone.localdate()
    asked = ContestGiven("行业赛", "说明", today, today)
    held = services.contest_announce(actor=city.clerk, organiser=city.transport.id, given=asked)
    assert [one.id for one in selectors.contests_held(actor=city.clerk)] == [held.id]
    for who, organiser in ((reader, city.authority.id), (city.clerk, city.authority.id)):
        act = {"actor": who, "organiser": organiser, "given": asked}
        assert refusal(services.contest_announce, **act) == "not-permitted"
    award = {"actor": moderator, "contest": held.id, "awards": []}
    assert refusal(services.contest_award, **award) == "not-permitted"


@pytest.mark.parametrize(
    "wrong", [{"title_zh": ""}, {"text_zh": " "}, {"ends": date(2020, 1, 1)},
              {"begins": date(2100, 1, 2), "ends": date(2100, 1, 1)}],
)  # fmt: skip
def test_a_contest_has_a_title_a_text_and_days_to_come(
    city: City, moderator: Actor, wrong: dict[str, Any]
):
    assert refusal(announced, city=city, by=moderator, **wrong) == "invalid-value"


def test_contests_by_program(
    city: City, reader: Actor, moderator: Actor, client: Client, monkeypatch
):
    mine, theirs = key(reader, Scope.RESULTS_FILE), key(moderator, Scope.RESULTS_REVIEW)
    today = timezone.localdate()
    asked = {
        "organiser": city.authority.code, "title_zh": "大赛", "text_zh": "说明",
        "begins": today.isoformat(), "ends": today.isoformat(),
    }  # fmt: skip
    assert ask(client, "post", CONTESTS, mine, asked).status_code == 403
    assert ask(client, "post", CONTESTS, {}, asked).status_code == 401
    for wrong in ({"begins": "soon"}, {"datasets": "stops"}, {"more": 1}):
        assert ask(client, "post", CONTESTS, theirs, {**asked, **wrong}).status_code == 422
    made = ask(client, "post", CONTESTS, theirs, asked)
    assert made.status_code == 201, made.content
    path = f"{CONTESTS}/{made.json()['id']}"
    assert made.headers["Location"].endswith(path)
    result = shown(city, reader, moderator)
    place = f"{path}/entries/{result.id}"
    assert ask(client, "put", place, mine).status_code == 204
    assert ask(client, "delete", place, mine).status_code == 204
    assert ask(client, "put", place, mine).status_code == 204
    winners = {"awards": [{"result": str(result.id), "award": "一等奖", "reason": "好用"}]}
    assert ask(client, "post", f"{path}/awards", theirs, winners).status_code == 409
    Later(monkeypatch)(days=1)
    assert ask(client, "post", f"{path}/awards", theirs, {"awards": [{}]}).status_code == 422
    assert ask(client, "post", f"{path}/awards", theirs, winners).status_code == 200
    (entry,) = ask(client, "get", path, {}).json()["entries"]
    assert (entry["award"], entry["result"]["id"]) == ("一等奖", str(result.id))
    assert len(ask(client, "get", CONTESTS, {}).json()["items"]) == 1


def test_contests_at_the_command_line(
    city: City, reader: Actor, moderator: Actor, monkeypatch: pytest.MonkeyPatch
):
    today = timezone.localdate().isoformat()
    made = run(
        "contest", "announce", "--organiser", city.authority.code, "--title", "大赛", "--text",
        "说明", "--begins", today, "--ends", today, "--as", "moderator",
    ).strip()  # fmt: skip
    result = shown(city, reader, moderator)
    run("contest", "enter", made, str(result.id), "--as", "reader")
    run("contest", "leave", made, str(result.id), "--as", "reader")
    run("contest", "enter", made, str(result.id), "--as", "reader")
    Later(monkeypatch)(days=1)
    winner = ("--winner", str(result.id), "一等奖", "好用")
    run("contest", "award", made, *winner, "--as", "reader", code=1)
    run("contest", "award", made, *winner, "--as", "moderator")
    assert "一等奖" in run("contest", "show", made)
    assert "大赛" in run("contest", "list")
    assert json.loads(run("contest", "list", "--json"))[0]["id"] == made
