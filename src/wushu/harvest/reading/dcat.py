"""DCAT in Turtle, JSON-LD or RDF/XML: one document, or pages that Hydra or a Link header joins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF

from wushu.harvest.reading import cleaning
from wushu.harvest.reading.describing import DCAT, datasets_of, described
from wushu.harvest.reading.markup import graph_of
from wushu.harvest.reading.reader import Address, Fetch, Found, require_ok, wrong
from wushu.harvest.refusals import HARVEST_INCOMPLETE
from wushu.kernel.errors import Said
from wushu.kernel.outgoing.client import Answer

_HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
ACCEPT = "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8"
_BY_MEDIA_TYPE = {
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "turtle",
    "application/ld+json": "json-ld",
    "application/json": "json-ld",
    "application/rdf+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
}
_BY_SUFFIX = {"ttl": "turtle", "nt": "turtle", "jsonld": "json-ld", "json": "json-ld",
              "rdf": "xml", "xml": "xml"}  # fmt: skip
_NEXT_LINK = re.compile(r'<([^<>\s]{1,2048})>\s*;[^,<>]{0,200}?\brel\s*=\s*"?next\b')


def read_dcat(source: Address, fetch: Fetch) -> Iterator[Found]:
    """All datasets. ``harvest-answer-wrong``, ``harvest-incomplete``.

    Following pages must lie on the same server: what else a document names is never asked for.
    """
    url: str | None = source.url
    asked: set[str] = set()
    seen = 0
    told: int | None = None
    while url is not None:
        asked.add(url)
        answer = fetch(url, ACCEPT)
        require_ok(url, answer)
        graph = graph_of(answer.url, answer.body, _format(url, answer))
        datasets = datasets_of(graph)
        if not datasets and len(asked) == 1 and not _is_catalogue(graph):
            raise wrong(url, Said("没有 DCAT 目录", "there is no DCAT catalogue in it"))
        for dataset in datasets:
            yield cleaning.checked(described(graph, dataset))
        seen += len(datasets)
        told = _total(graph) or told
        url = _next(graph, answer)
        if url is not None:
            _require_near(answer, url, asked)
    if told is not None and len(asked) > 1 and seen < told:
        raise HARVEST_INCOMPLETE(host=source.host, told=told, found=seen)


def _format(url: str, answer: Answer) -> str:
    by_type = _BY_MEDIA_TYPE.get(answer.media_type)
    suffix = urlsplit(answer.url).path.rpartition(".")[2].lower()
    found = by_type or _BY_SUFFIX.get(suffix)
    if found is None:
        said = cleaning.line(answer.media_type, 60) or "?"
        raise wrong(url, Said(f"类型 {said} 不是 RDF", f"its media type {said} is none of RDF's"))
    return found


def _is_catalogue(graph: Graph) -> bool:
    return next(graph.subjects(RDF.type, DCAT.Catalog), None) is not None


def _total(graph: Graph) -> int | None:
    totals = {
        int(str(one))
        for one in graph.objects(None, _HYDRA.totalItems)
        if isinstance(one, Literal) and str(one).isascii() and str(one).isdigit()
        and len(str(one)) < 10
    }  # fmt: skip
    return totals.pop() if len(totals) == 1 else None


def _next(graph: Graph, answer: Answer) -> str | None:
    """Where the next page is: as Hydra says it (``nextPage`` in older drafts), else the header."""
    found = {
        str(one)
        for predicate in (_HYDRA.next, _HYDRA.nextPage)
        for one in graph.objects(None, predicate)
        if isinstance(one, URIRef | Literal)
    }
    link = _NEXT_LINK.search(answer.headers.get("link", ""))
    if not found and link is not None:
        found = {link[1]}
    if len(found) > 1:
        raise wrong(answer.url, Said("下一页不止一个", "it names several next pages"))
    return urljoin(answer.url, found.pop()) if found else None


def _require_near(page: Answer, url: str, asked: set[str]) -> None:
    if url in asked:
        raise wrong(url, Said("分页绕了回来", "its pages lead back to one another"))
    here, there = urlsplit(page.url), urlsplit(url)
    if (here.scheme, here.netloc.lower()) != (there.scheme, there.netloc.lower()):
        raise wrong(
            page.url,
            Said("下一页在另一个服务器上", "its next page lies on another server"),
        )
