"""``/datasets.atom`` and ``/datasets/<slug>.atom``: what changed, for feed readers (RFC 4287).

The first follows the whole catalogue or any choice of it by the parameters of ``/api/v1/datasets``, so that
a search, a theme or a body can be subscribed to. The second follows one dataset: a new entry for each
version, and one when it was sealed or withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

from wushu.catalog import selectors
from wushu.catalog.api.responses import absolute, answering, language, require_known
from wushu.catalog.api.rest import CHOICES, chosen_datasets
from wushu.catalog.types import EntryState, EntryView, VersionView
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Language

MOST = 50
"""Entries of a feed."""
ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_SAID: dict[Language, dict[str, str]] = {
    "zh": {
        "feed": "{region}公共数据：新上架与更新",
        "version": "{title}：第 {number} 版，{rows} 行",
        "sealed": "{title}：已封存",
        "withdrawn": "{title}：已下架",
    },
    "en": {
        "feed": "{region}: new and changed public data",
        "version": "{title}: version {number}, {rows} rows",
        "sealed": "{title}: sealed",
        "withdrawn": "{title}: withdrawn",
    },
}

ET.register_namespace("atom", ATOM)


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry of a feed."""

    id: str
    title: str
    page: str
    updated: datetime
    author: str
    summary: str


@answering
def datasets(request: HttpRequest) -> HttpResponse:
    """The newest changes of what is listed, or of what the parameters choose."""
    require_known(request, CHOICES)
    spoken = language(request)
    node = evidence.node()
    page = selectors.entries(**chosen_datasets(request), limit=MOST)
    newest = sorted(page.items, key=lambda entry: entry.changed_at, reverse=True)
    items = [_of_entry(entry, node.identifier_base, spoken) for entry in newest]
    query = urlencode([(name, request.GET[name]) for name in CHOICES if request.GET.get(name)])
    here = absolute(f"/datasets.atom{'?' if query else ''}{query}")
    title = _SAID[spoken]["feed"].format(region=node.region(spoken))
    return _feed(request, here, title, absolute("/datasets"), items, node.initialised_at)


@answering
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """The versions of one dataset, and its end."""
    require_known(request, ())
    spoken = language(request)
    entry = selectors.entry_by_slug(slug)
    base = evidence.node().identifier_base
    items = [_of_version(entry, one, base, spoken) for one in selectors.versions(entry.id)[:MOST]]
    if entry.state in (EntryState.SEALED, EntryState.WITHDRAWN):
        items.insert(0, _of_end(entry, base, spoken))
    here = absolute(f"/datasets/{slug}.atom")
    page = absolute(f"/datasets/{slug}")
    return _feed(request, here, entry.title(spoken), page, items, entry.changed_at)


def _of_entry(entry: EntryView, base: str, spoken: Language) -> _Item:
    assert entry.revision is not None
    m = entry.revision.metadata
    return _Item(
        id=f"{base}/id/{entry.id}",
        title=entry.title(spoken),
        page=absolute(f"/datasets/{entry.slug}"),
        updated=entry.changed_at,
        author=entry.body_name(spoken),
        summary=m.change_note or (m.description_en if spoken == "en" else "") or m.description_zh,
    )


def _of_version(entry: EntryView, version: VersionView, base: str, spoken: Language) -> _Item:
    title = _SAID[spoken]["version"].format(
        title=entry.title(spoken), number=version.number, rows=version.rows_loaded
    )
    return _Item(
        id=f"{base}/id/{version.id}",
        title=title,
        page=absolute(f"/datasets/{entry.slug}?version={version.number}"),
        updated=version.created_at,
        author=entry.body_name(spoken),
        summary="",
    )


def _of_end(entry: EntryView, base: str, spoken: Language) -> _Item:
    return _Item(
        id=f"{base}/id/{entry.id}#{entry.state.value}",
        title=_SAID[spoken][entry.state.value].format(title=entry.title(spoken)),
        page=absolute(f"/datasets/{entry.slug}"),
        updated=entry.changed_at,
        author=entry.body_name(spoken),
        summary=entry.closed_reason,
    )


def _feed(
    request: HttpRequest,
    here: str,
    title: str,
    page: str,
    items: Iterable[_Item],
    before: datetime,
) -> HttpResponse:
    """The document; 304 where nothing changed since the reader's copy (RFC 9110, 13.1.3)."""
    held = list(items)
    updated = max((item.updated for item in held), default=before)
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is not None and int(updated.timestamp()) <= since:
        return _marked(HttpResponse(status=304), updated)
    root = ET.Element(f"{{{ATOM}}}feed", {f"{{{_XML}}}lang": language(request)})
    _put(root, "id", here)
    _put(root, "title", title)
    _put(root, "updated", _moment(updated))
    _link(root, here, "self", "application/atom+xml")
    _link(root, page, "alternate", "text/html")
    for item in held:
        _item_into(root, item)
    document = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return _marked(
        HttpResponse(document, content_type="application/atom+xml; charset=utf-8"), updated
    )


def _item_into(root: ET.Element, item: _Item) -> None:
    entry = ET.SubElement(root, f"{{{ATOM}}}entry")
    _put(entry, "id", item.id)
    _put(entry, "title", item.title)
    _put(entry, "updated", _moment(item.updated))
    _put(ET.SubElement(entry, f"{{{ATOM}}}author"), "name", item.author)
    _link(entry, item.page, "alternate", "text/html")
    if item.summary:
        _put(entry, "summary", item.summary)


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: ET.Element, address: str, relation: str, media_type: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", {"href": address, "rel": relation, "type": media_type})


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _marked(response: HttpResponse, updated: datetime) -> HttpResponse:
    response.headers["Last-Modified"] = http_date(updated.timestamp())
    response.headers["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Language"])
    return response
