"""Feeds: what changed in the catalogue, in a choice of it, in one dataset."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from django.test import Client

from tests.catalog.conftest import METADATA, City
from wushu.catalog import services

NAMES = {"a": "http://www.w3.org/2005/Atom"}


def feed(client: Client, path: str, **headers: str) -> ET.Element:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def titles(root: ET.Element) -> list[str | None]:
    return [one.text for one in root.iterfind("a:entry/a:title", NAMES)]


def test_the_newest_change_comes_first(client: Client, city: City) -> None:
    parking = city.listed()
    hospital = city.listed(replace(METADATA, title_zh="医院名录"), by=city.stranger)
    root = feed(client, "/datasets.atom")
    assert titles(root) == ["医院名录", "公共停车场分布"]
    assert [one.text for one in root.iterfind("a:entry/a:id", NAMES)] == [
        f"https://id.test.example/id/{one.id}" for one in (hospital, parking)
    ]
    for wanted in ("id", "title", "updated"):  # RFC 4287, 4.1.1
        assert root.findtext(f"a:{wanted}", namespaces=NAMES)
    assert root.find("a:entry/a:author/a:name", NAMES) is not None


def test_a_search_a_theme_and_a_body_can_be_followed(client: Client, city: City) -> None:
    parking = city.listed()
    city.listed(replace(METADATA, title_zh="医院名录", theme="HEAL"), by=city.stranger)
    for choice in ("q=tingchechang", "theme=TRAN", f"body={parking.body_code}"):
        assert titles(feed(client, f"/datasets.atom?{choice}")) == ["公共停车场分布"]
    assert titles(feed(client, "/datasets.atom?q=没有这样的数据")) == []


def test_a_dataset_s_feed_names_its_versions_and_its_end(client: Client, city: City) -> None:
    entry = city.listed()
    path = f"/datasets/{entry.slug}.atom"
    assert titles(feed(client, path)) == ["公共停车场分布：第 1 版，11 行"]
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="重复", basis="第十五条")
    root = feed(client, path)
    assert titles(root) == ["公共停车场分布：已下架"]
    assert root.findtext("a:entry/a:summary", namespaces=NAMES) == "重复"


def test_english_readers_get_english(client: Client, city: City) -> None:
    entry = city.listed(replace(METADATA, title_en="Car parks"))
    root = feed(client, f"/datasets/{entry.slug}.atom", accept_language="en")
    assert titles(root) == ["Car parks: version 1, 11 rows"]


def test_a_reader_whose_copy_is_new_gets_304(client: Client, city: City) -> None:
    city.listed()
    changed = client.get("/datasets.atom")["Last-Modified"]
    again = client.get("/datasets.atom", headers={"If-Modified-Since": changed})
    assert (again.status_code, again.content) == (304, b"")


def test_drafts_are_in_no_feed(client: Client, city: City) -> None:
    city.draft(slug="draft-only")
    assert titles(feed(client, "/datasets.atom")) == []
    assert client.get("/datasets/draft-only.atom").status_code == 404
