"""Marks on datasets are a person's own."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.catalog.conftest import City
from tests.parties.conftest import World
from wushu.catalog import selectors as catalog_selectors
from wushu.catalog import services as catalog
from wushu.evidence.models import Entry
from wushu.kernel.errors import Refusal
from wushu.opening import rules, selectors, services
from wushu.opening.models import Favourite
from wushu.parties import services as parties
from wushu.parties.types import NODE, Actor, Scope

pytestmark = pytest.mark.django_db


def test_a_marked_dataset_is_in_ones_own_list_and_in_nobody_elses(city: City, reader: Actor):
    entry, other = city.listed(), World().actor("other")
    services.favourite_add(actor=reader, dataset=entry.id)
    services.favourite_add(actor=reader, dataset=entry.id)
    assert [one.dataset for one in selectors.favourites(actor=reader)] == [entry.id]
    assert selectors.is_favourite(entry.id, actor=reader)
    assert selectors.favourites(actor=other) == []
    assert not selectors.is_favourite(entry.id, actor=other)
    assert not selectors.is_favourite(entry.id, actor=None)


def test_a_mark_can_be_taken_away_by_its_owner_only(city: City, reader: Actor):
    entry = city.listed()
    services.favourite_add(actor=reader, dataset=entry.id)
    services.favourite_remove(actor=World().actor("other"), dataset=entry.id)
    assert selectors.is_favourite(entry.id, actor=reader)
    services.favourite_remove(actor=reader, dataset=entry.id)
    assert not selectors.is_favourite(entry.id, actor=reader)


def test_a_mark_stays_when_the_dataset_is_sealed(city: City, reader: Actor):
    entry = city.listed()
    services.favourite_add(actor=reader, dataset=entry.id)
    catalog.entry_seal(actor=city.clerk, entry=entry.id, reason="核对", basis="第十二条")
    assert [one.dataset for one in selectors.favourites(actor=reader)] == [entry.id]


def test_marking_leaves_no_trace_in_the_log(city: City, reader: Actor):
    entry = city.listed()
    before = Entry.objects.count()
    services.favourite_add(actor=reader, dataset=entry.id)
    services.favourite_remove(actor=reader, dataset=entry.id)
    assert Entry.objects.count() == before


def test_what_the_public_does_not_know_cannot_be_marked(city: City, reader: Actor):
    for dataset in (city.draft().id, uuid4()):
        with pytest.raises(Refusal) as refused:
            services.favourite_add(actor=reader, dataset=dataset)
        assert refused.value.name == "not-found"


@pytest.mark.parametrize("who", ["the node", "a key"])
def test_only_a_person_at_a_page_marks(city: City, reader: Actor, who: str):
    from dataclasses import replace

    entry = city.listed()
    actor = NODE if who == "the node" else replace(reader, scopes=frozenset(Scope))
    with pytest.raises(Refusal) as refused:
        services.favourite_add(actor=actor, dataset=entry.id)
    assert refused.value.name == "sign-in-first"


def test_a_list_has_an_end(city: City, reader: Actor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "FAVOURITES_MOST", 1)
    services.favourite_add(actor=reader, dataset=city.listed().id)
    with pytest.raises(Refusal) as refused:
        services.favourite_add(actor=reader, dataset=city.listed().id)
    assert refused.value.name == "favourites-full"


def test_marks_go_with_the_account(city: City, reader: Actor):
    keeper = World().actor("keeper")
    entry = city.listed()
    for one in (reader, keeper):
        services.favourite_add(actor=one, dataset=entry.id)
    assert reader.account is not None
    parties.account_deactivate(actor=NODE, account=reader.account)
    services.belongings_sweep()
    assert list(Favourite.objects.values_list("account_id", flat=True)) == [keeper.account]


def test_how_many_want_a_dataset_is_told_only_where_it_says_nothing_of_single_people(
    city: City, reader: Actor
):
    wanted, hardly = city.listed(), city.listed()
    for name in ("a1", "a2", "a3"):
        services.favourite_add(actor=World().actor(name), dataset=wanted.id)
    services.favourite_add(actor=reader, dataset=hardly.id)
    assert selectors.most_wanted(3) == {wanted.id: 3}
    assert selectors.most_wanted(0) == {wanted.id: 2}, "a single person is never counted"
    assert selectors.wanted_by(wanted.id, 3) == 3
    assert selectors.wanted_by(hardly.id, 2) is None


def test_one_more_or_less_is_not_seen_in_the_number(city: City):
    """Else somebody who looks every day sees who came and went."""
    entry = city.listed()
    for n in range(5):
        services.favourite_add(actor=World().actor(f"many{n}"), dataset=entry.id)
    assert selectors.wanted_by(entry.id, 3) == 3


def test_the_most_wanted_stand_first_in_that_order_of_the_list(city: City, settings):
    settings.WANTED_MIN = 2
    first, second, newest = city.listed(), city.listed(), city.listed()
    for n in range(4):
        who = World().actor(f"person{n}")
        services.favourite_add(actor=who, dataset=first.id)
        if n % 2:
            services.favourite_add(actor=who, dataset=second.id)
    services.demand_refresh()
    page = catalog_selectors.entries_sorted(order=catalog_selectors.Order.WANTED)
    assert [one.id for one in page.items] == [first.id, second.id, newest.id]
    half = catalog_selectors.entries_sorted(order=catalog_selectors.Order.WANTED, limit=2)
    rest = catalog_selectors.entries_sorted(
        order=catalog_selectors.Order.WANTED, limit=2, cursor=half.cursor
    )
    assert [one.id for one in rest.items] == [newest.id]
    found = catalog_selectors.entries_sorted(order=catalog_selectors.Order.WANTED, query="停车")
    assert [one.id for one in found.items][:2] == [first.id, second.id]
