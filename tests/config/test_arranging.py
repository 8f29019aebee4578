"""``wushu series``, ``grouping`` and ``ledger``: the same acts as at the desk, by the same people."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from tests.catalog.conftest import CITY, METADATA, City, city, node
from wushu.config.cli import main
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

__all__ = ["city", "node"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _accounts(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names for the city's people, who have no accounts of their own."""
    people: dict[str, Actor] = {"clerk": city.clerk, "reviewer": city.reviewer}
    monkeypatch.setattr(parties, "actor_for_username", people.__getitem__)


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def facts(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def listed(city: City, *titles: str) -> list[str]:
    return [city.listed(replace(METADATA, title_zh=one)).slug for one in titles]


def test_a_series_is_proposed_filled_returned_changed_and_listed_by_two_people(city: City) -> None:
    first, second = listed(city, "停车2024", "停车2025")
    words = ("--title", "历年停车", "--description", "一年一张表")
    made = facts(
        "series", "propose", "--body", city.transport.code, "--slug", "parking", *words,
        "--as", "clerk",
    )  # fmt: skip
    assert (made["series"], made["state"]) == ("parking", "proposed")
    for slug, period in ((first, "2024"), (second, "2025")):
        run("series", "add", "parking", slug, "--period", period, "--as", "clerk")
    run("series", "list", "parking", "--as", "clerk", code=1)
    returned = facts("series", "return", "parking", "--reasons", "名称不清楚", "--as", "reviewer")
    assert returned["reasons"] == "名称不清楚"
    run("series", "change", "parking", *words, "--as", "clerk")
    shown = facts("series", "list", "parking", "--as", "reviewer")
    assert [one["period"] for one in shown["members"]] == ["2024", "2025"]
    dropped = facts("series", "drop", "parking", first, "--as", "clerk")
    assert [one["dataset"] for one in dropped["members"]] == [second]
    run("series", "close", "parking", "--reasons", "不再更新", "--as", "clerk")
    assert "closed" in run("series", "show", "parking", "--as", "clerk")


def test_the_authority_keeps_a_base_database(city: City) -> None:
    (slug,) = listed(city, "停车场")
    words = ("--title", "城市部件库", "--description", "城市部件")
    run("grouping", "create", "parts", "--kind", "base", "--division", CITY, *words,
        "--as", "clerk", code=1)  # fmt: skip
    run("grouping", "create", "parts", "--kind", "base", "--division", CITY, *words,
        "--as", "reviewer")  # fmt: skip
    assert facts("grouping", "add", "parts", slug, "--as", "reviewer")["count"] == 1
    run("grouping", "change", "parts", *words, "--title-en", "City parts", "--as", "reviewer")
    assert "parts" in run("grouping", "list")
    assert facts("grouping", "drop", "parts", slug, "--as", "reviewer")["count"] == 0
    run("grouping", "remove", "parts", "--as", "reviewer")
    assert facts("grouping", "list") == []


def test_officials_read_the_ledger_and_name_who_answers(city: City) -> None:
    (slug,) = listed(city, "停车场")
    named = facts("ledger", "duty", slug, "--unit", "静态交通科", "--as", "clerk")
    assert named["unit"] == "静态交通科"
    line = json.loads(run("ledger", "list", "--json", "--as", "reviewer").splitlines()[0])
    assert (line["dataset"], line["unit"], line["state"]) == (slug, "静态交通科", "listed")
    assert slug in run("ledger", "list", "--as", "clerk")


def test_the_authority_decides_who_is_the_source_of_an_item(city: City) -> None:
    listed(city, "停车场")
    city.listed(replace(METADATA, title_zh="医院停车场"), by=city.stranger)
    (item,) = [
        one for one in facts("ledger", "items", "--as", "reviewer") if one["name"] == "泊位数"
    ]
    assert set(item["bodies"]) == {city.transport.code, city.health.code}
    run("ledger", "source", item["item"], "--body", city.transport.code,
        "--reason", "停车管理是其职责", "--as", "reviewer")  # fmt: skip
    (item,) = [
        one for one in facts("ledger", "items", "--as", "reviewer") if one["name"] == "泊位数"
    ]
    assert item["source"] == city.transport.code
    run("ledger", "source", item["item"], "--body", city.health.code, "--reason", "x",
        "--as", "clerk", code=1)  # fmt: skip
