"""Subscriptions by API: the same service and the same refusals as the pages, by key or by session."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.catalog.conftest import City
from tests.opening.conftest import Receiver, new_version, work
from tests.parties.conftest import PASSWORD, World
from wushu.opening import rules, selectors
from wushu.opening.models import Subscription
from wushu.parties import services as parties
from wushu.parties.models import Account
from wushu.parties.types import Actor, Scope

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/subscriptions"
HOOK = "https://hooks.city.example/wushu"


def key_of(actor: Actor, *scopes: Scope) -> Client:
    """A program with a key of the account."""
    _, key = parties.api_key_issue(
        actor=actor, name="program", scopes=scopes or (Scope.SUBSCRIPTIONS_MANAGE,),
        password=PASSWORD,
    )  # fmt: skip
    return Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {key}"})


def browser_of(actor: Actor) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(
        Account.objects.get(pk=actor.account), backend="wushu.parties.backends.AccountBackend"
    )
    return browser


def post(client: Client, **asked: Any) -> Any:
    document = {"channel": "webhook", "address": HOOK, **asked}
    return client.post(ADDRESS, document, content_type="application/json")


def test_a_program_follows_is_told_and_ends_it(city: City, reader: Actor, receiver: Receiver):
    program, entry = key_of(reader), city.listed()
    opened = post(program, dataset=entry.slug, address=receiver.url)
    assert opened.status_code == 201
    made = opened.json()
    assert (made["dataset"], made["body"], made["search"]) == (entry.slug, None, None)
    assert (made["state"], made["sent"]) == ("unconfirmed", 0)
    assert opened["Location"] == made["self"]
    assert opened["Cache-Control"] == "no-store, private"
    work()
    new_version(city, entry, 2)
    assert work() == 1
    assert [one["type"] for one in receiver.checked(made["secret"])] == ["dataset.version"]
    listed = program.get(ADDRESS).json()
    assert listed["limit"] == rules.SUBSCRIPTIONS_MOST
    (one,) = listed["items"]
    assert (one["id"], one["state"], one["sent"]) == (made["id"], "active", 1)
    assert "secret" not in one
    address = f"{ADDRESS}/{made['id']}"
    assert program.get(address).json()["address"] == receiver.url
    assert program.delete(address).status_code == 204
    assert program.delete(address).json()["name"] == "not-found"
    assert not Subscription.objects.exists()


def test_a_body_and_a_search_are_followed_as_the_pages_understand_them(city: City, reader: Actor):
    program = key_of(reader)
    body = post(program, body=city.transport.code).json()
    assert body["body"] == city.transport.code
    search = {"q": " 停车 ", "theme": "TRAN", "body": city.transport.code}
    found = post(program, search=search).json()["search"]
    assert found == {"q": "停车", "theme": "TRAN", "body": str(city.transport.id)}
    again = post(program, search=found)
    assert again.json()["name"] == "subscribed-already"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "nothing-to-follow"),
        ({"search": {}}, "nothing-to-follow"),
        ({"search": {"q": ""}}, "invalid-value"),
        ({"search": {"sort": "used"}}, "invalid-value"),
        ({"search": {"q": "停" * 201}}, "invalid-value"),
        ({"search": {"q": "a\0b"}}, "invalid-value"),
        ({"search": {"theme": "PARKING"}}, "invalid-value"),
        ({"search": {"attribute": "open"}}, "invalid-value"),
        ({"search": {"grouping": "nowhere"}}, "not-found"),
        ({"search": {"body": "nowhere"}}, "not-found"),
        ({"search": ["停车"]}, "invalid-value"),
        ({"dataset": "nowhere"}, "not-found"),
        ({"dataset": 7}, "invalid-value"),
        ({"body": "nowhere"}, "not-found"),
        ({"body": "a", "dataset": "b"}, "invalid-value"),
        ({"cases": "true"}, "invalid-value"),
        ({"search": {"q": "停车"}, "channel": "pigeon"}, "invalid-value"),
        ({"search": {"q": "停车"}, "address": "http://10.0.0.1/"}, "address-wrong"),
        ({"search": {"q": "停车"}, "state": "active"}, "invalid-value"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(
    city: City, reader: Actor, asked: dict[str, Any], name: str
):
    answer = post(key_of(reader), **asked)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["name"] == name
    assert answer.status_code == answer.json()["status"]
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("sent", [b"", b"{", b"[" * 100_000, b"[]", b'{"channel": "\\ud800"}'])
def test_what_is_no_document_is_refused(city: City, reader: Actor, sent: bytes):
    answer = key_of(reader).post(ADDRESS, sent, content_type="application/json")
    assert (answer.status_code, answer.json()["name"]) == (422, "invalid-value")


def test_a_parameter_that_would_do_nothing_is_refused(city: City, reader: Actor):
    assert key_of(reader).get(f"{ADDRESS}?state=active").json()["name"] == "invalid-value"


def test_the_public_and_keys_for_something_else_are_refused(city: City, reader: Actor):
    asked = {"search": {"q": "停车"}}
    answer = post(Client(enforce_csrf_checks=True), **asked)
    assert (answer.status_code, answer.json()["name"]) == (401, "sign-in-first")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    other = key_of(reader, Scope.ROWS_READ)
    for refused in (post(other, **asked), other.get(ADDRESS)):
        assert (refused.status_code, refused.json()["name"]) == (403, "key-lacks-scope")
        assert "subscriptions:manage" in refused.json()["way_out"]
    made_up = Client(headers={"authorization": "Bearer wsk_made_up"})
    assert made_up.get(ADDRESS).json()["name"] == "api-key-unknown"


def test_nobody_sees_or_ends_anothers(city: City, reader: Actor):
    made = post(key_of(reader), search={"q": "停车"}).json()
    other = key_of(World().actor("other"))
    assert other.get(ADDRESS).json()["items"] == []
    for answer in (other.get(f"{ADDRESS}/{made['id']}"), other.delete(f"{ADDRESS}/{made['id']}")):
        assert answer.json()["name"] == "not-found"
    assert len(selectors.subscriptions(actor=reader)) == 1


def test_a_session_reads_and_writes_only_with_the_token_of_the_pages(city: City, reader: Actor):
    browser = browser_of(reader)
    assert browser.get(ADDRESS).json()["items"] == []
    assert post(browser, search={"q": "停车"}).status_code == 403
    assert not Subscription.objects.exists()
    browser.get("/account")
    browser.defaults["HTTP_X_CSRFTOKEN"] = browser.cookies["csrftoken"].value
    assert post(browser, search={"q": "停车"}).status_code == 201


def test_the_list_asks_no_more_for_many_than_for_one(
    city: City, reader: Actor, django_assert_max_num_queries: Any
):
    program = key_of(reader)
    for number in range(6):
        post(program, dataset=city.listed().slug, address=f"{HOOK}?{number}")
    with django_assert_max_num_queries(8):
        assert len(program.get(ADDRESS).json()["items"]) == 6
