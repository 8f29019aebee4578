"""Search engines find every listed page, and are asked to leave the rest alone."""

from __future__ import annotations

from dataclasses import replace
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from tests.catalog.conftest import METADATA, City
from wushu.catalog.api import sitemap

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client: Client, path: str) -> list[str]:
    root = ET.fromstring(client.get(path).content)
    return [one.text or "" for one in root.iterfind(".//s:loc", NAMES)]


def maps(client: Client) -> list[str]:
    return [one.removeprefix(settings.BASE_URL) for one in addresses(client, "/sitemap.xml")]


def test_the_maps_hold_every_listed_dataset_in_both_languages_and_no_draft(
    client: Client, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PER_MAP", 1)
    listed = [city.listed(), city.listed(replace(METADATA, title_zh="医院"), by=city.stranger)]
    city.draft(slug="draft-only")
    assert len(maps(client)) == 2, "none that would not be found"
    found = [one for path in maps(client) for one in addresses(client, path)]
    for entry in listed:
        assert f"{settings.BASE_URL}/datasets/{entry.slug}" in found
        assert f"{settings.BASE_URL}/en/datasets/{entry.slug}" in found
    assert not [one for one in found if "draft-only" in one]


def test_the_general_pages_answer_in_both_languages(client: Client, city: City) -> None:
    found = [one for one in addresses(client, "/sitemap-1.xml") if "/catalog." not in one]
    assert f"{settings.BASE_URL}/groupings" in found
    for one in found:
        assert client.get(one.removeprefix(settings.BASE_URL)).status_code == 200, one


def test_a_map_that_is_not_there_is_not_found(client: Client, city: City) -> None:
    assert client.get("/sitemap-7.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_robots_may_read_datasets_and_not_the_desk(client: Client, city: City) -> None:
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    assert rules.site_maps() == [f"{settings.BASE_URL}/sitemap.xml"]
    assert rules.can_fetch("*", "/datasets/anything")
    assert not rules.can_fetch("*", "/desk/review")
    assert not rules.can_fetch("*", "/en/account")
