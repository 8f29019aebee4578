"""Which datasets are related to one, and why."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.conftest import METADATA, City
from tests.catalog.test_ledger import listed
from wushu.catalog import selectors, services
from wushu.catalog.rules import rarity
from wushu.catalog.rules.related import Traits, likeness
from wushu.catalog.types import FieldSpec, RelationReason

RARE = FieldSpec("道闸型号")
NOTES = FieldSpec("备注")


def traits(*columns: str, theme: str = "TRAN", body: str = "b") -> Traits:
    return Traits(theme, body, frozenset(columns), frozenset(), frozenset())


def test_datasets_that_share_a_rare_column_are_related_and_say_so(city: City) -> None:
    one = listed(city, "公共停车场", RARE, NOTES)
    other = listed(city, "医院出入口", RARE, NOTES, by=city.stranger)
    for number in range(6):
        listed(city, f"无关{'甲乙丙丁戊己'[number]}", NOTES, by=city.stranger)
    (found,) = [each for each in selectors.related(one) if RelationReason.COLUMNS in each.reasons]
    assert (found.entry.id, found.columns) == (other.id, ("道闸型号",))
    assert RelationReason.BODY not in found.reasons
    assert RelationReason.THEME in found.reasons


def test_a_dataset_is_not_related_to_itself_nor_to_what_is_sealed(city: City) -> None:
    one = listed(city, "公共停车场", RARE)
    other = listed(city, "停车收费", RARE)
    for number in range(6):
        listed(city, f"无关{'甲乙丙丁戊己'[number]}", NOTES, by=city.stranger)
    assert other.id in {each.entry.id for each in selectors.related(one)}
    services.entry_seal(actor=city.clerk, entry=other.id, reason="核实", basis="第十二条")
    assert not {one.id, other.id} & {each.entry.id for each in selectors.related(one)}


def test_theme_and_body_alone_relate_nothing(city: City) -> None:
    one = city.listed(replace(METADATA, title_zh="公路养护", title_en="", keywords=()))
    assert selectors.related(one) == []


def test_the_rarer_the_shared_column_the_nearer() -> None:
    worth = {"rare": rarity(2, 1000), "known": rarity(300, 1000)}
    one = traits("rare", "known")
    rare = likeness(one, traits("rare"), worth)
    known = likeness(one, traits("known"), worth)
    assert rare is not None
    assert known is not None
    assert rare.score > known.score
    assert likeness(one, traits("rare", "known"), worth).columns == ("rare", "known")  # type: ignore[union-attr]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_all_have_is_worth_nothing_and_nothing_is_worth_less(
    holders: int, entries: int
) -> None:
    assert rarity(holders, entries) >= 0
    assert rarity(entries, entries) == 0


def test_likeness_goes_both_ways() -> None:
    worth = {"a": 2.0, "b": 1.5}
    one, other = traits("a", "b", "c"), traits("a", "b", theme="HEAL")
    assert likeness(one, other, worth) == likeness(other, one, worth)


def test_the_api_names_related_datasets_with_their_reasons(city: City, client) -> None:  # type: ignore[no-untyped-def]
    one = listed(city, "公共停车场", RARE)
    other = listed(city, "停车收费", RARE, by=city.stranger)
    for number in range(6):
        listed(city, f"无关{'甲乙丙丁戊己'[number]}", NOTES, by=city.stranger)
    answer = client.get(f"/api/v1/datasets/{one.slug}/related")
    assert answer.status_code == 200
    told = json.loads(answer.content)["items"]
    assert [each["slug"] for each in told][:1] == [other.slug]
    assert "columns" in told[0]["reasons"]
    assert told[0]["columns"] == ["道闸型号"]
    assert client.get("/api/v1/datasets/none/related").status_code == 404
