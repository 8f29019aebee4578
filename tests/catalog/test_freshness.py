"""Whether a dataset is as new as promised: the rule, the list, the body's desk, the API."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.conftest import node
from tests.dataplane.query import support
from wushu.catalog import selectors
from wushu.catalog.models import Popularity, Revision, Version
from wushu.catalog.rules.freshness import (
    FINAL_CODES,
    IRREGULAR_CODES,
    PERIODS,
    due,
    oldest_kept,
)
from wushu.catalog.selectors import Order, freshening
from wushu.catalog.types import Freshness
from wushu.catalog.vocabulary import frequencies
from wushu.parties import services as parties
from wushu.parties.selectors import actor_for_account
from wushu.parties.types import NODE, Actor, Role

__all__ = ["node"]

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("code", "newest", "on"),
    [
        ("MONTHLY", date(2026, 2, 10), date(2026, 3, 10)),
        ("MONTHLY", date(2026, 1, 31), date(2026, 2, 28)),
        ("ANNUAL", date(2024, 2, 29), date(2025, 2, 28)),
        ("QUARTERLY", date(2025, 11, 30), date(2026, 2, 28)),
        ("WEEKLY", date(2026, 3, 3), date(2026, 3, 10)),
        ("WEEKLY_3", date(2026, 3, 9), date(2026, 3, 12)),
        ("HOURLY", date(2026, 3, 9), date(2026, 3, 10)),
    ],
)
def test_the_next_version_is_due_a_calendar_period_after_the_newest(code, newest, on):
    assert due(code, newest, TODAY).on == on


def test_it_is_kept_on_the_day_and_missed_the_day_after():
    assert due("WEEKLY", TODAY - timedelta(days=7), TODAY).freshness is Freshness.KEPT
    late = due("WEEKLY", TODAY - timedelta(days=8), TODAY)
    assert (late.freshness, late.days) == (Freshness.MISSED, -1)


def test_it_is_due_soon_in_the_last_quarter_and_never_more_than_thirty_days_ahead():
    assert not due("MONTHLY", date(2026, 2, 18), TODAY).soon  # 8 of 28 days left
    assert due("MONTHLY", date(2026, 2, 17), TODAY).soon  # 7 of 28
    assert not due("DECENNIAL", date(2016, 4, 10), TODAY).soon  # 31 days left
    assert due("DECENNIAL", date(2016, 4, 9), TODAY).soon


@pytest.mark.parametrize(
    ("code", "freshness"),
    [
        ("IRREG", Freshness.IRREGULAR),
        ("AS_NEEDED", Freshness.IRREGULAR),
        ("NEVER", Freshness.FINAL),
        ("NOT_PLANNED", Freshness.FINAL),
        ("UNKNOWN", Freshness.UNKNOWN),
        ("", Freshness.UNKNOWN),
        ("WHENEVER", Freshness.UNKNOWN),
    ],
)
def test_where_no_day_was_promised_none_can_be_missed(code, freshness):
    found = due(code, date(1999, 1, 1), TODAY)
    assert (found.freshness, found.on, found.days) == (freshness, None, None)


def test_without_data_nothing_is_old():
    assert due("DAILY", None, TODAY).freshness is Freshness.NO_DATA


def test_every_code_of_the_vocabulary_is_known_to_the_rule():
    assert frequencies().codes == set(PERIODS) | IRREGULAR_CODES | FINAL_CODES | {"UNKNOWN"}


@given(st.sampled_from(sorted(PERIODS)), st.dates(date(1980, 1, 1), date(2100, 1, 1)))
def test_the_oldest_day_that_is_kept_divides_kept_from_missed(code, today):
    day = oldest_kept(code, today)
    assert due(code, day, today).freshness is Freshness.KEPT
    assert due(code, day - timedelta(days=1), today).freshness is Freshness.MISSED


def publish(slug: str, code: str, days_ago: int | None) -> support.Dataset:
    """A listed dataset with this update cycle and a version so many days old."""
    made = support.publish(slug)
    revision = Revision.objects.filter(entry=made.entry)
    revision.update(update_cycle=code)
    if days_ago is None:
        revision.update(version=None)
    else:
        local = timezone.localtime() - timedelta(days=days_ago)
        Version.objects.filter(entry=made.entry).update(created_at=local)
    return made


@pytest.fixture
def shelf(node: None) -> dict[str, support.Dataset]:
    return {
        "kept": publish("kept", "MONTHLY", 3),
        "missed": publish("missed", "WEEKLY", 8),
        "edge": publish("edge", "WEEKLY", 7),
        "irregular": publish("irregular", "IRREG", 900),
        "final": publish("final", "NEVER", 900),
        "unknown": publish("unknown", "UNKNOWN", 900),
        "empty": publish("empty", "DAILY", None),
    }


def slugs(**asked: object) -> list[str]:
    return [one.slug for one in selectors.entries_sorted(**asked).items]  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "街道名录"])
def test_the_list_narrows_to_exactly_what_the_rule_says_of_each(shelf, words):
    for wanted in Freshness:
        found = set(slugs(freshness=wanted, query=words))
        said = {
            slug
            for slug in (one.slug for one in shelf.values())
            if selectors.due_of(selectors.entry_by_slug(slug)).freshness is wanted
        }
        assert found == said
        assert found, wanted


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "街道名录"])
def test_most_used_first_then_the_rest_and_every_page_once(shelf, words):
    for place, name in enumerate(["edge", "kept", "final"], start=1):
        Popularity.objects.create(entry=shelf[name].entry, place=place)
    found: list[str] = []
    cursor = None
    while True:
        page = selectors.entries_sorted(order=Order.USED, query=words, cursor=cursor, limit=2)
        found += [one.slug for one in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert found[:3] == ["edge", "kept", "final"]
    assert sorted(found) == sorted(one.slug for one in shelf.values())
    assert page.total == 7


def clerk_of(dataset: support.Dataset, username: str) -> Actor:
    person = parties.person_register(actor=NODE, name="张三")
    parties.membership_grant(
        actor=NODE, person=person, organisation=dataset.entry.body_id, role=Role.OPENING_BODY
    )
    account = parties.account_create(
        actor=NODE, username=username, password="hangs together loosely 42", person=person
    )
    return actor_for_account(account)


@pytest.mark.django_db
def test_the_body_is_reminded_of_what_is_missed_or_near_and_nobody_else(shelf):
    [(entry, what)] = selectors.updates_due(actor=clerk_of(shelf["missed"], "late"))
    assert (entry.slug, what.days) == ("missed", -1)
    [(entry, what)] = selectors.updates_due(actor=clerk_of(shelf["edge"], "soon"))
    assert (entry.slug, what.days, what.soon) == ("edge", 0, True)
    for name in ("kept", "irregular", "empty"):
        assert selectors.updates_due(actor=clerk_of(shelf[name], f"calm-{name}")) == []


@pytest.mark.django_db
def test_what_is_not_near_takes_no_place_among_the_reminders(shelf, monkeypatch):
    """A yearly table of last winter is older than the weekly one that is late."""
    yearly = publish("yearly", "ANNUAL", 60)
    who = clerk_of(shelf["missed"], "both")
    parties.membership_grant(
        actor=NODE, person=who.person, organisation=yearly.entry.body_id, role=Role.OPENING_BODY
    )
    monkeypatch.setattr(freshening, "DESK_LIMIT", 1)
    [(entry, _)] = selectors.updates_due(actor=actor_for_account(who.account))
    assert entry.slug == "missed"


@pytest.mark.django_db
def test_the_api_says_it_and_narrows_by_it(shelf, client: Client):
    one = client.get("/api/v1/datasets/missed").json()["freshness"]
    assert one["state"] == "missed"
    assert one["days"] == -1
    assert datetime.fromisoformat(one["due"]).date() < timezone.localdate()
    items = client.get("/api/v1/datasets?freshness=missed").json()["items"]
    assert [each["slug"] for each in items] == ["missed"]
    refused = client.get("/api/v1/datasets?freshness=fresh")
    assert refused.status_code == 400
    assert refused.json()["name"] == "parameter-wrong"
