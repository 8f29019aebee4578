"""CKAN's Action API 3: ``package_search`` in pages, as installations of many years answer it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from wushu.harvest.reading import cleaning
from wushu.harvest.reading.reader import Address, Fetch, Found, json_of, require_ok, wrong
from wushu.harvest.refusals import HARVEST_INCOMPLETE
from wushu.harvest.types import Description, FileLink
from wushu.kernel.errors import Said

ROWS = 100
_IDENTIFIERS = ("identifier", "guid", "uri", "doi")
"""Extras in which publishers' own identifiers stand (ckanext-dcat, ckanext-harvest)."""
_UNSPECIFIED = frozenset({"notspecified", "other", "other-closed", "other-open", "other-at"})


def read_ckan(source: Address, fetch: Fetch) -> Iterator[Found]:
    """All public datasets. ``harvest-answer-wrong``, ``harvest-incomplete``.

    A server may give fewer rows than asked for, so the next page begins after what came. Sorted by
    identifier, so that a dataset changed meanwhile does not move from one page to another.
    """
    start = told = 0
    while True:
        query = urlencode({"rows": ROWS, "start": start, "sort": "id asc"})
        url = f"{source.url}/api/3/action/package_search?{query}"
        told, page = _page(url, fetch)
        if not page:
            break
        for package in page:
            if isinstance(package, dict) and _is_public(package):
                yield cleaning.checked(_description(source.url, package))
        start += len(page)
        if start >= told:
            break
    if start < told:
        raise HARVEST_INCOMPLETE(host=source.host, told=told, found=start)


def _page(url: str, fetch: Fetch) -> tuple[int, list[Any]]:
    """How many there are in all, and those of this page."""
    answer = fetch(url, "application/json")
    require_ok(url, answer)
    document = json_of(url, answer)
    result = document.get("result") if isinstance(document, dict) else None
    if not isinstance(result, dict) or document.get("success") is not True:
        raise wrong(url, Said("不是 CKAN 接口的应答", "it is not an answer of CKAN's API"))
    count, page = result.get("count"), result.get("results")
    if not isinstance(count, int) or count < 0 or not isinstance(page, list):
        raise wrong(url, Said("没有条数或结果", "it names no count or no results"))
    return count, page


def _is_public(package: dict[str, Any]) -> bool:
    kind = package.get("type") or "dataset"
    return (
        package.get("state") in (None, "active")
        and not package.get("private")
        and kind == "dataset"
    )


def _description(base: str, package: dict[str, Any]) -> Description:
    extras = _extras(package.get("extras"))
    name = cleaning.line(package.get("name"))
    page = cleaning.url(f"{base}/dataset/{quote(name)}") if name else ""
    title_zh, title_en = _translated(package, "title", cleaning.TITLE_MAX)
    text_zh, text_en = _translated(package, "notes", cleaning.TEXT_MAX)
    others = [extras.get(key) for key in _IDENTIFIERS]
    tags = [one.get("display_name") or one.get("name") if isinstance(one, dict) else one
            for one in _list(package.get("tags"))]  # fmt: skip
    return Description(
        identifier=cleaning.line(package.get("id") or name, cleaning.IDENTIFIER_MAX + 1),
        title=cleaning.line(title_zh or name, cleaning.TITLE_MAX),
        title_en=cleaning.line(title_en, cleaning.TITLE_MAX),
        description=text_zh,
        description_en=text_en,
        publisher=_publisher(package, extras),
        licence=_licence(package),
        keywords=cleaning.lines(tags, cleaning.KEYWORDS_MAX),
        issued=cleaning.line(extras.get("issued") or package.get("metadata_created"), 40),
        modified=cleaning.line(extras.get("modified") or package.get("metadata_modified"), 40),
        page=_page_of(package, page),
        files=cleaning.files(_file(one) for one in _list(package.get("resources"))),
        other_ids=cleaning.lines(
            [*others, page, package.get("url")], cleaning.NAMES_MAX, cleaning.IDENTIFIER_MAX
        ),
    )


def _page_of(package: dict[str, Any], page: str) -> str:
    """CKAN's own page; a node that speaks CKAN's language without its pages says where it is.

    ``url`` is the dataset's homepage, which with CKAN itself lies anywhere.
    """
    home = cleaning.url(package.get("url"))
    return home if home and home.split("/")[2] == page.split("/")[2] else page or home


def _translated(package: dict[str, Any], name: str, limit: int) -> tuple[str, str]:
    """Chinese (or what there is) and English, of ckanext-fluent's form where it is used."""
    translated = package.get(f"{name}_translated")
    by_language = translated if isinstance(translated, dict) else {}
    english = next((v for k, v in by_language.items() if str(k).lower()[:2] == "en" and v), "")
    chinese = next((v for k, v in by_language.items() if str(k).lower()[:2] == "zh" and v), "")
    plain = chinese or package.get(name) or english
    return cleaning.text(plain, limit), cleaning.text(english, limit)


def _extras(extras: Any) -> dict[str, Any]:
    """Pairs as a list of objects (CKAN 2) or as one object (CKAN 1)."""
    if isinstance(extras, dict):
        return extras
    pairs = (one for one in _list(extras) if isinstance(one, dict))
    return {str(one.get("key")): one.get("value") for one in pairs}


def _publisher(package: dict[str, Any], extras: dict[str, Any]) -> str:
    organization = package.get("organization")
    of = organization if isinstance(organization, dict) else {}
    found = (
        extras.get("publisher_name"), of.get("title"), of.get("name"),
        package.get("author"), package.get("maintainer"),
    )  # fmt: skip
    return next(filter(None, (cleaning.line(one) for one in found)), "")


def _licence(package: dict[str, Any]) -> str:
    address = cleaning.url(package.get("license_url"))
    words = cleaning.line(package.get("license_title"))
    code = cleaning.line(package.get("license_id"))
    return address or words or ("" if code in _UNSPECIFIED else code)


def _file(resource: Any) -> FileLink:
    """A resource may have no address yet, or one that is no web address: then there is no link."""
    if not isinstance(resource, dict) or resource.get("state") == "deleted":
        return FileLink()
    kind = cleaning.line(resource.get("format") or resource.get("mimetype"), 60)
    address = cleaning.url(resource.get("url"))
    title = cleaning.line(resource.get("name") or resource.get("description"))
    return FileLink(title=title or kind or address, url=address, format=kind)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
