"""``/robots.txt`` and ``/sitemap.xml``: what search engines may read, and where it is.

The protocol of https://www.sitemaps.org: an index of maps, each of at most ``PER_MAP`` datasets in two
languages. Robots are asked (RFC 9309) to leave alone what is no public page.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse

from wushu.catalog import selectors
from wushu.catalog.api.responses import absolute, answering
from wushu.kernel.errors import NOT_FOUND

PER_MAP = 10_000
"""Two addresses each; the protocol allows 50,000 addresses in one map."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_PAGES = (
    "/", "/datasets", "/groupings", "/bodies", "/scoreboard", "/usage", "/api", "/changelog",
    "/how-to-check",
)  # fmt: skip
_FILES = ("/catalog.csv", "/catalog.json")
"""The catalogue as a dataset; in no language of its own."""
_NOT_FOR_ROBOTS = ("/account", "/desk", "/ledger", "/sign-in", "/view/", "/api/", "/data/")

ET.register_namespace("xhtml", _XHTML)


@answering
def robots(request: HttpRequest) -> HttpResponse:
    """Rules for robots, and the address of the map."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in _NOT_FOR_ROBOTS]
    lines += [f"Disallow: /en{path}" for path in _NOT_FOR_ROBOTS if path not in ("/api/", "/data/")]
    lines.append(f"Sitemap: {absolute('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@answering
def index(request: HttpRequest) -> HttpResponse:
    """The maps there are."""
    root = ET.Element(f"{{{_NAMESPACE}}}sitemapindex")
    for number in range(1, max(1, ceil(selectors.listed_count() / PER_MAP)) + 1):
        one = ET.SubElement(root, f"{{{_NAMESPACE}}}sitemap")
        _put(one, "loc", absolute(f"/sitemap-{number}.xml"))
    return _xml(root)


@answering
def part(request: HttpRequest, number: int) -> HttpResponse:
    """One map: the pages of up to ``PER_MAP`` datasets; the first begins with the general pages."""
    entries = (
        selectors.slugs_changed(offset=(number - 1) * PER_MAP, limit=PER_MAP) if number else []
    )
    if not entries and number != 1:
        raise NOT_FOUND(what=f"/sitemap-{number}.xml")
    root = ET.Element(f"{{{_NAMESPACE}}}urlset")
    if number == 1:
        _pages_into(root, ((path, "") for path in _PAGES))
        for path in _FILES:
            _put(ET.SubElement(root, f"{{{_NAMESPACE}}}url"), "loc", absolute(path))
    _pages_into(root, ((f"/datasets/{slug}", at.date().isoformat()) for slug, at in entries))
    return _xml(root)


def _pages_into(root: ET.Element, pages: Iterable[tuple[str, str]]) -> None:
    for path, changed in pages:
        languages = {"zh-Hans": absolute(path), "en": absolute(f"/en{path}")}
        for address in languages.values():
            one = ET.SubElement(root, f"{{{_NAMESPACE}}}url")
            _put(one, "loc", address)
            if changed:
                _put(one, "lastmod", changed)
            for language, other in languages.items():
                link = {"rel": "alternate", "hreflang": language, "href": other}
                ET.SubElement(one, f"{{{_XHTML}}}link", link)


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_NAMESPACE}}}{name}").text = text


def _xml(root: ET.Element) -> HttpResponse:
    document = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(document, content_type="application/xml; charset=utf-8")
