"""Series over time, base and theme databases: who keeps them, what the public sees, what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.catalog.conftest import METADATA, City, actor
from wushu.catalog import selectors, services
from wushu.catalog.models import Grouping, GroupingMember, SeriesMember
from wushu.catalog.rules import period_order, require_period
from wushu.catalog.types import (
    EntryView,
    GroupingKind,
    GroupingView,
    SeriesState,
    SeriesView,
    Words,
)
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.parties.types import HeldRole, Role

WORDS = Words(
    "历年公共停车场", "每年一份，口径相同。", "Public car parks by year", "One table a year."
)
BASE = Words("法人基础库", "法人和其他组织的基本信息。", "Legal persons")


def listed(city: City, *titles: str, **more: Any) -> list[EntryView]:
    return [city.listed(replace(METADATA, title_zh=title), **more) for title in titles]


@pytest.fixture
def years(city: City) -> list[EntryView]:
    return listed(city, "停车场2023", "停车场2024", "停车场2025")


@pytest.fixture
def series(city: City, years: list[EntryView]) -> SeriesView:
    made = services.series_propose(
        actor=city.clerk, body=city.transport.id, words=WORDS, slug="car-parks"
    )
    for entry, period in zip(years, ("2024", "2023", "2025"), strict=True):
        services.series_add(actor=city.clerk, series=made.id, entry=entry.id, period=period)
    return services.series_list(actor=city.reviewer, series=made.id)


@pytest.fixture
def grouping(city: City) -> GroupingView:
    return services.grouping_create(
        actor=city.reviewer, division="320500", kind=GroupingKind.BASE, slug="legal-persons",
        words=BASE,
    )  # fmt: skip


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.name


# Series


def test_a_series_shows_its_datasets_from_the_earliest_to_the_latest(series: SeriesView) -> None:
    seen = selectors.series_by_slug("car-parks")
    assert [(one.period, one.entry.title_zh) for one in seen.members] == [
        ("2023", "停车场2024"), ("2024", "停车场2023"), ("2025", "停车场2025"),
    ]  # fmt: skip
    assert seen.state is SeriesState.LISTED


def test_a_dataset_knows_its_neighbours_in_the_series(
    series: SeriesView, years: list[EntryView]
) -> None:
    place = selectors.series_place(years[0].id)
    assert place is not None
    assert place.previous is not None
    assert place.following is not None
    assert (place.previous.period, place.period, place.following.period) == ("2023", "2024", "2025")
    first = selectors.series_place(years[1].id)
    assert first is not None
    assert first.previous is None


def test_the_api_says_what_stands_around_a_dataset(
    client: Client, city: City, years: list[EntryView], series: SeriesView, grouping: GroupingView
) -> None:
    services.grouping_add(actor=city.reviewer, grouping=grouping.id, entry=years[0].id)
    services.derivation_add(actor=city.clerk, entry=years[0].id, source=years[2].id)
    told = client.get(f"/api/v1/datasets/{years[0].slug}").json()
    assert (told["series"]["slug"], told["series"]["period"]) == ("car-parks", "2024")
    neighbours = (told["series"]["previous"], told["series"]["following"])
    assert neighbours == (years[1].slug, years[2].slug)
    assert [(one["slug"], one["kind"]) for one in told["groupings"]] == [("legal-persons", "base")]
    assert told["groupings"][0]["identifier"] == f"https://id.test.example/id/{grouping.id}"
    assert [one["title_zh"] for one in told["derived_from"]] == ["停车场2025"]
    alone = client.get(f"/api/v1/datasets/{city.listed().slug}").json()
    assert (alone["series"], alone["groupings"], alone["derived_from"]) == (None, [], [])


def test_the_public_sees_no_series_before_a_second_person_listed_it(city: City) -> None:
    made = services.series_propose(actor=city.clerk, body=city.transport.id, words=WORDS)
    assert refused(lambda: selectors.series_by_slug(made.slug)) == "not-found"
    assert refused(lambda: selectors.identifier_target(made.id)) == "not-found"
    assert selectors.series_by_slug(made.slug, actor=city.clerk).state is SeriesState.PROPOSED
    assert [one.slug for one in selectors.series_at_desk(actor=city.reviewer)] == [made.slug]
    assert selectors.series_at_desk(actor=city.stranger) == []


def test_nobody_lists_what_they_proposed_even_with_the_authoritys_role(city: City) -> None:
    both = actor(
        "兼职", HeldRole(city.transport.id, Role.OPENING_BODY, "320500"),
        HeldRole(city.authority.id, Role.DATA_AUTHORITY, "320500"),
    )  # fmt: skip
    made = services.series_propose(actor=both, body=city.transport.id, words=WORDS)
    same_person = replace(actor("另一账号", *both.roles), person=both.person)
    for who in (both, same_person):
        name = refused(lambda who=who: services.series_list(actor=who, series=made.id))
        assert name == "reviewer-is-author"
    assert refused(lambda: services.series_list(actor=city.clerk, series=made.id)) == (
        "reviewer-lacks-role"
    )


def test_a_series_of_one_is_none(city: City, years: list[EntryView]) -> None:
    made = services.series_propose(actor=city.clerk, body=city.transport.id, words=WORDS)
    services.series_add(actor=city.clerk, series=made.id, entry=years[0].id, period="2023")
    assert refused(lambda: services.series_list(actor=city.reviewer, series=made.id)) == (
        "series-empty"
    )


def test_what_was_returned_is_proposed_again_and_listed_words_stay(
    city: City, series: SeriesView
) -> None:
    made = services.series_propose(actor=city.clerk, body=city.transport.id, words=WORDS)
    returned = services.series_return(actor=city.reviewer, series=made.id, reasons="说明太短")
    assert (returned.state, returned.reasons) == (SeriesState.RETURNED, "说明太短")
    again = services.series_change(
        actor=city.colleague, series=made.id, words=replace(WORDS, description_zh="每年年末编制。")
    )
    assert (again.state, again.reasons) == (SeriesState.PROPOSED, "")
    assert refused(
        lambda: services.series_change(actor=city.clerk, series=series.id, words=WORDS)
    ) == ("series-state")


def test_only_the_bodys_own_listed_datasets_go_in_once_each_and_one_a_period(
    city: City, series: SeriesView, years: list[EntryView]
) -> None:
    (foreign,) = listed(city, "医院", by=city.stranger)
    draft = city.draft()

    def add(entry: EntryView, period: str, series: SeriesView = series) -> str:
        return refused(
            lambda: services.series_add(
                actor=city.clerk, series=series.id, entry=entry.id, period=period
            )
        )

    (fresh,) = listed(city, "停车场2026")
    assert add(foreign, "2026") == "entry-of-another-body"
    assert add(draft, "2026") == "entry-not-listed"
    assert add(years[0], "2026") == "already-in-series"
    assert add(fresh, "2025") == "series-period-taken"
    assert add(fresh, "去年") == "series-period-wrong"
    assert refused(
        lambda: services.series_add(
            actor=city.stranger, series=series.id, entry=fresh.id, period="2026"
        )
    ) == ("not-of-body")


def test_joining_and_leaving_a_listed_series_is_a_change_harvesters_see(
    city: City, series: SeriesView
) -> None:
    (fresh,) = listed(city, "停车场2026")
    services.series_add(actor=city.clerk, series=series.id, entry=fresh.id, period="2026")
    joined = selectors.entry_by_slug(fresh.slug)
    assert joined.changed_at > fresh.changed_at
    services.series_drop(actor=city.clerk, series=series.id, entry=fresh.id)
    assert selectors.entry_by_slug(fresh.slug).changed_at > joined.changed_at
    assert len(selectors.series_by_slug(series.slug).members) == 3


def test_closing_a_series_frees_its_datasets_and_hides_it(
    city: City, series: SeriesView, years: list[EntryView]
) -> None:
    assert refused(
        lambda: services.series_close(actor=city.stranger, series=series.id, reasons="x")
    ) == ("not-for-closing")
    services.series_close(actor=city.clerk, series=series.id, reasons="口径改变")
    assert refused(lambda: selectors.series_by_slug(series.slug)) == "not-found"
    assert selectors.series_place(years[0].id) is None
    assert not SeriesMember.objects.exists()
    assert len(listed(city, "另一个")) == 1


def test_a_sealed_dataset_leaves_its_series_for_as_long(
    city: City, series: SeriesView, years: list[EntryView]
) -> None:
    services.entry_seal(actor=city.clerk, entry=years[2].id, reason="核实", basis="第十二条")
    assert [one.period for one in selectors.series_by_slug("car-parks").members] == ["2023", "2024"]


def test_every_act_on_a_series_is_in_the_log_and_its_name_from_the_listing_on(
    city: City, series: SeriesView
) -> None:
    acts = evidence.entries_about(f"urn:uuid:{series.id}")
    assert sorted({one.act for one in acts}) == [
        "catalog.series.filled", "catalog.series.listed", "catalog.series.proposed",
    ]  # fmt: skip
    said = evidence.acts_said(f"urn:uuid:{series.id}", "catalog.series.proposed")
    assert all("slug" not in one.data for one in said)


@pytest.mark.parametrize("wrong", ["", "24", "2024-13", "2024-Q5", "2024年", "2024-1", "3024"])
def test_a_period_has_one_of_four_forms(wrong: str) -> None:
    assert refused(lambda: require_period(wrong)) == "series-period-wrong"


def test_periods_are_in_the_order_of_time() -> None:
    ordered = ["2023", "2023-H1", "2023-Q1", "2023-01", "2023-Q2", "2023-H2", "2023-12", "2024"]
    wrong = [*ordered[3:], *ordered[:3]]
    assert sorted(wrong, key=period_order) == ordered
    assert require_period(" 2023-q2 ") == "2023-Q2"


# Groupings


def test_a_grouping_holds_datasets_of_several_bodies_and_is_a_facet(
    city: City, grouping: GroupingView, years: list[EntryView]
) -> None:
    (hospital,) = listed(city, "医院名单", by=city.stranger)
    for entry in (years[0], hospital):
        services.grouping_add(actor=city.reviewer, grouping=grouping.id, entry=entry.id)
        services.grouping_add(actor=city.reviewer, grouping=grouping.id, entry=entry.id)
    assert selectors.grouping_by_slug("legal-persons").count == 2
    for query in ("", "医院"):
        assert "医院名单" in [
            one.title_zh for one in selectors.entries(query=query, grouping="legal-persons").items
        ]
    assert len(selectors.entries(grouping="legal-persons").items) == 2
    assert [(one.value, one.zh, one.count) for one in selectors.facets().groupings] == [
        ("legal-persons", "法人基础库", 2)
    ]
    assert [one.slug for one in selectors.groupings_of([hospital.id])[hospital.id]] == [
        "legal-persons"
    ]


def test_only_the_authority_of_the_division_keeps_groupings(
    city: City, grouping: GroupingView, years: list[EntryView]
) -> None:
    elsewhere = city.reviewer_of(city.body("外市数据局", "320600"))
    for who, name in ((city.clerk, "reviewer-lacks-role"), (elsewhere, "reviewer-out-of-division")):
        assert refused(
            lambda who=who: services.grouping_add(
                actor=who, grouping=grouping.id, entry=years[0].id
            )
        ) == (name)
        assert refused(
            lambda who=who: services.grouping_create(
                actor=who, division="320500", kind=GroupingKind.THEME, slug="x1", words=BASE
            )
        ) == (name)


def test_what_is_not_listed_is_not_grouped(city: City, grouping: GroupingView) -> None:
    draft = city.draft()
    assert refused(
        lambda: services.grouping_add(actor=city.reviewer, grouping=grouping.id, entry=draft.id)
    ) == ("entry-not-listed")


def test_nobody_learns_of_a_series_by_asking_who_may_decide_on_it(city: City) -> None:
    made = services.series_propose(actor=city.clerk, body=city.transport.id, words=WORDS)
    assert refused(lambda: selectors.series_obstacle(made.id, actor=city.stranger)) == "not-found"
    assert refused(lambda: selectors.series_obstacle(uuid4(), actor=city.reviewer)) == "not-found"
    assert selectors.series_obstacle(made.id, actor=city.reviewer) is None


def test_a_grouping_is_emptied_before_it_is_removed(
    city: City, grouping: GroupingView, years: list[EntryView]
) -> None:
    services.grouping_add(actor=city.reviewer, grouping=grouping.id, entry=years[0].id)
    remove = lambda: services.grouping_remove(actor=city.reviewer, grouping=grouping.id)  # noqa: E731
    assert refused(remove) == "grouping-not-empty"
    services.grouping_drop(actor=city.reviewer, grouping=grouping.id, entry=years[0].id)
    assert refused(
        lambda: services.grouping_drop(actor=city.reviewer, grouping=grouping.id, entry=years[0].id)
    ) == ("not-in-it")
    remove()
    assert not Grouping.objects.exists()
    assert not GroupingMember.objects.exists()


def test_identifiers_of_series_and_groupings_lead_to_their_pages(
    series: SeriesView, grouping: GroupingView
) -> None:
    assert selectors.identifier_target(series.id).page == "/series/car-parks"
    assert selectors.identifier_target(grouping.id).page == "/groupings/legal-persons"
