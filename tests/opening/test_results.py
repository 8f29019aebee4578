"""Results built on the data: shown once a second person has looked at them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.catalog.conftest import City
from tests.parties.conftest import CITY, World
from wushu.catalog import services as catalog
from wushu.evidence import selectors as evidence
from wushu.evidence.models import Entry
from wushu.evidence.services import sequence
from wushu.kernel.errors import Refusal
from wushu.opening import selectors, services
from wushu.opening.rules import showing as rules
from wushu.opening.types import Moderation, ResultGiven, ResultKind, ResultView
from wushu.parties.types import Actor, HeldRole, Role, Scope

pytestmark = pytest.mark.django_db

COUNTY = "320506"
PROVINCE = "320000"


def given(*slugs: str, **said: Any) -> ResultGiven:
    return ResultGiven(
        **{
            "kind": ResultKind.APP, "title_zh": "找车位", "summary_zh": "告诉司机哪里有空车位。",
            "makers": "停车小组", "datasets": slugs, "title_en": "Find a space",
            "address": "https://parking.example/app", **said,
        }
    )  # fmt: skip


def acting(name: str, role: Role, division: str = CITY) -> Actor:
    """Somebody with an account and one role in some body of the division."""
    return replace(World().actor(name), roles=(HeldRole(uuid4(), role, division),))


@pytest.fixture
def moderator(city: City) -> Actor:
    return acting("moderator", Role.DATA_AUTHORITY)


@pytest.fixture
def operator(city: City) -> Actor:
    return acting("operator", Role.PLATFORM_OPERATOR)


def filed(city: City, by: Actor, **said: Any) -> ResultView:
    return services.result_file(actor=by, given=given(city.listed().slug, **said))


def refusal(act: Any, **arguments: Any) -> str:
    with pytest.raises(Refusal) as refused:
        act(**arguments)
    return refused.value.name


def shown() -> list[UUID]:
    return [one.id for one in selectors.results().items]


def test_a_result_is_shown_only_once_a_moderator_has_published_it(
    city: City, reader: Actor, moderator: Actor
):
    made = filed(city, reader)
    assert made.state is Moderation.WAITING
    assert shown() == []
    assert refusal(selectors.result, key=made.id) == "not-found"
    assert [one.id for one in selectors.results_waiting(actor=moderator).items] == [made.id]
    services.result_publish(actor=moderator, result=made.id)
    assert shown() == [made.id]
    found = selectors.result(made.id)
    assert (found.title("en"), found.makers) == ("Find a space", "停车小组")
    assert [one.slug for one in found.datasets] == [made.datasets[0].slug]
    assert selectors.results_waiting(actor=moderator).items == ()


def test_a_result_and_its_dataset_lead_to_each_other(city: City, reader: Actor, moderator: Actor):
    entry, other = city.listed(), city.listed()
    made = services.result_file(actor=reader, given=given(entry.slug))
    services.result_publish(actor=moderator, result=made.id)
    assert [one.id for one in selectors.results(dataset=entry.id).items] == [made.id]
    assert selectors.results(dataset=other.id).items == ()
    assert [one.id for one in selectors.result(made.id).datasets] == [entry.id]


def test_nobody_publishes_what_they_filed_themselves(city: City, moderator: Actor):
    made = filed(city, moderator)
    assert refusal(services.result_publish, actor=moderator, result=made.id) == "own-words"
    assert (
        refusal(services.result_return, actor=moderator, result=made.id, reason="x") == "own-words"
    )
    assert shown() == []


def test_only_the_authority_and_the_operator_decide(city: City, reader: Actor, operator: Actor):
    made = filed(city, reader)
    strangers = [World().actor("other"), acting("expert", Role.EXPERT), city.clerk]
    for who in strangers:
        assert refusal(services.result_publish, actor=who, result=made.id) == "not-permitted"
        assert refusal(selectors.results_waiting, actor=who) == "not-permitted"
    services.result_publish(actor=operator, result=made.id)
    assert shown() == [made.id]


def test_an_authority_decides_where_it_governs_all_the_datasets(city: City, reader: Actor):
    made = filed(city, reader)
    county = acting("county", Role.DATA_AUTHORITY, COUNTY)
    province = acting("province", Role.DATA_AUTHORITY, PROVINCE)
    assert refusal(services.result_publish, actor=county, result=made.id) == "not-permitted"
    assert selectors.results_waiting(actor=county).items == ()
    services.result_publish(actor=province, result=made.id)


def test_what_is_sent_back_says_why_and_waits_again_once_it_is_mended(
    city: City, reader: Actor, moderator: Actor
):
    made = filed(city, reader)
    assert (
        refusal(services.result_return, actor=moderator, result=made.id, reason=" ")
        == "reason-missing"
    )
    services.result_return(actor=moderator, result=made.id, reason="请写明数据来源。")
    (mine,) = selectors.results_filed(actor=reader)
    assert (mine.state, mine.reason) == (Moderation.RETURNED, "请写明数据来源。")
    assert selectors.results_waiting(actor=moderator).items == ()
    entry = city.listed()
    mended = services.result_mend(
        actor=reader, result=made.id, given=given(entry.slug, title_zh="找车位二版")
    )
    assert (mended.state, mended.reason, mended.title_zh) == (Moderation.WAITING, "", "找车位二版")
    assert [one.id for one in mended.datasets] == [entry.id]
    sequence()
    assert list(evidence.audit()) == [], "also of the dataset that is no longer named"
    services.result_publish(actor=moderator, result=made.id)
    assert shown() == [made.id]


def test_what_is_taken_down_or_withdrawn_is_shown_no_more(
    city: City, reader: Actor, moderator: Actor
):
    first, second = filed(city, reader), filed(city, reader)
    for one in (first, second):
        services.result_publish(actor=moderator, result=one.id)
    services.result_take_down(actor=moderator, result=first.id, reason="网址已被他人占用。")
    services.result_withdraw(actor=reader, result=second.id)
    assert shown() == []
    for one in (first, second):
        assert refusal(selectors.result, key=one.id) == "not-found"
        assert refusal(services.result_mend, actor=reader, result=one.id, given=given("x")) == (
            "result-stands-otherwise"
        )
        assert refusal(services.result_publish, actor=moderator, result=one.id) == (
            "result-stands-otherwise"
        )
    assert selectors.result(first.id, actor=reader).reason == "网址已被他人占用。"


def test_what_was_published_is_changed_by_nobody_and_decided_once(
    city: City, reader: Actor, moderator: Actor
):
    made = filed(city, reader)
    services.result_publish(actor=moderator, result=made.id)
    again = {"actor": moderator, "result": made.id}
    assert refusal(services.result_publish, **again) == "result-stands-otherwise"
    assert refusal(services.result_return, **again, reason="x") == "result-stands-otherwise"
    slug = made.datasets[0].slug
    assert refusal(services.result_mend, actor=reader, result=made.id, given=given(slug)) == (
        "result-stands-otherwise"
    )


def test_anothers_result_is_as_if_it_were_not_there(city: City, reader: Actor):
    made, other = filed(city, reader), World().actor("other")
    assert refusal(services.result_withdraw, actor=other, result=made.id) == "not-found"
    assert refusal(selectors.result, key=made.id, actor=other) == "not-found"
    assert selectors.results_filed(actor=other) == []


def test_a_result_needs_a_listed_dataset(city: City, reader: Actor):
    def name(*slugs: str) -> str:
        return refusal(services.result_file, actor=reader, given=given(*slugs))

    closed = city.listed()
    catalog.entry_seal(actor=city.clerk, entry=closed.id, reason="核对", basis="第十二条")
    assert {name(), name("nothing"), name(city.draft().slug), name(closed.slug)} == {
        "result-datasets"
    }
    assert name(*(f"many-{number}" for number in range(21))) == "result-datasets"


def test_a_dataset_sealed_later_is_named_as_its_notice_names_it(
    city: City, reader: Actor, moderator: Actor
):
    made = filed(city, reader)
    services.result_publish(actor=moderator, result=made.id)
    catalog.entry_seal(actor=city.clerk, entry=made.datasets[0].id, reason="核对", basis="第十二条")
    (named,) = selectors.result(made.id).datasets
    assert (named.title_zh, named.revision) == (made.datasets[0].title_zh, None)


@pytest.mark.parametrize(
    "address",
    ["http://parking.example", "javascript:alert(1)", "https://", "https://parking", "parking.example",
     "https://city.example@evil.example/", "https://parking.example/a b", "https://[", "https://a.example:0/",
     "https://parking.example/\u202egnp"],
)  # fmt: skip
def test_an_address_is_judged_by_its_form(city: City, reader: Actor, address: str):
    slug = city.listed().slug
    act = {"actor": reader, "given": given(slug, address=address)}
    assert refusal(services.result_file, **act) == "invalid-value"


def test_what_must_be_said_and_how_long_it_may_be(city: City, reader: Actor):
    slug = city.listed().slug
    for wrong in (
        {"title_zh": " "}, {"summary_zh": ""}, {"makers": ""}, {"title_zh": "长" * 201},
        {"summary_en": "x" * 4001}, {"makers": "长" * 201},
    ):  # fmt: skip
        assert refusal(services.result_file, actor=reader, given=given(slug, **wrong)) == (
            "invalid-value"
        )
    assert services.result_file(actor=reader, given=given(slug, address="")).address == ""


def test_so_many_wait_of_one_person_and_no_more(city: City, reader: Actor, monkeypatch):
    monkeypatch.setattr(rules, "RESULTS_WAITING_MOST", 2)
    first = filed(city, reader)
    filed(city, reader)
    slug = first.datasets[0].slug
    assert refusal(services.result_file, actor=reader, given=given(slug)) == "results-full"
    services.result_withdraw(actor=reader, result=first.id)
    services.result_file(actor=reader, given=given(slug))


def test_a_key_does_what_its_scopes_say(city: City, reader: Actor, moderator: Actor):
    made = filed(city, reader)
    narrow = replace(moderator, scopes=frozenset({Scope.RESULTS_FILE}))
    assert refusal(services.result_publish, actor=narrow, result=made.id) == "key-lacks-scope"
    reading = replace(reader, scopes=frozenset({Scope.ROWS_READ}))
    assert refusal(selectors.results_filed, actor=reading) == "key-lacks-scope"
    assert refusal(services.result_withdraw, actor=reading, result=made.id) == "key-lacks-scope"
    fitting = replace(moderator, scopes=frozenset({Scope.RESULTS_REVIEW}))
    services.result_publish(actor=fitting, result=made.id)


def test_the_log_says_what_became_of_it_and_names_nobody(
    city: City, reader: Actor, moderator: Actor
):
    made = filed(city, reader)
    services.result_return(actor=moderator, result=made.id, reason="张三的电话请删去。")
    services.result_mend(actor=reader, result=made.id, given=given(made.datasets[0].slug))
    services.result_publish(actor=moderator, result=made.id)
    services.result_withdraw(actor=reader, result=made.id)
    acts = [note.act for note in evidence.entries_about(made.urn)]
    assert sorted(acts) == sorted(
        f"opening.result.{one}" for one in ("filed", "returned", "mended", "published", "withdrawn")
    )
    written = b"".join(
        bytes(leaf) for leaf in Entry.objects.values_list("leaf", flat=True)
    ).decode()
    assert "停车小组" not in written
    assert "张三" not in written


def test_the_list_goes_on_where_it_ended_also_when_something_came_before(
    city: City, reader: Actor, moderator: Actor
):
    made = [filed(city, reader) for _ in range(5)]
    for one in made[:4]:
        services.result_publish(actor=moderator, result=one.id)
    first = selectors.results(limit=2)
    services.result_publish(actor=moderator, result=made[4].id)
    second = selectors.results(limit=2, cursor=first.cursor)
    found = [one.id for one in (*first.items, *second.items)]
    assert found == [one.id for one in reversed(made[:4])]
    assert second.cursor is None
    assert (
        refusal(selectors.results, kind=ResultKind.PAPER, cursor=first.cursor)
        == "cursor-of-another-query"
    )


def test_kinds_are_told_apart(city: City, reader: Actor, moderator: Actor):
    app, paper = filed(city, reader), filed(city, reader, kind=ResultKind.PAPER)
    for one in (app, paper):
        services.result_publish(actor=moderator, result=one.id)
    assert [one.id for one in selectors.results(kind=ResultKind.PAPER).items] == [paper.id]


def test_a_page_of_results_asks_the_same_questions_however_many_there_are(
    city: City, reader: Actor, moderator: Actor, django_assert_max_num_queries
):
    for _ in range(6):
        services.result_publish(actor=moderator, result=filed(city, reader).id)
    with django_assert_max_num_queries(8):
        assert len(selectors.results(limit=5).items) == 5


def test_datasets_of_two_places_are_decided_where_both_are_governed():
    assert rules.division_of(["320506", "320507", ""]) == "32050"
    assert rules.division_of(["320500", "320506"]) == "3205"
    assert rules.division_of(["320500", "110000"]) == ""
    assert rules.division_of([]) == ""
    held = (HeldRole(uuid4(), Role.DATA_AUTHORITY, COUNTY),)
    county = Actor(urn="urn:uuid:x", name="x", person=uuid4(), roles=held)
    obstacle = rules.moderation_obstacle(county, division="32050", writer=None)
    assert obstacle is not None
    assert obstacle.name == "not-permitted"
