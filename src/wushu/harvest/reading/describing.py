"""A ``dcat:Dataset`` of a graph as a description. The order in a graph means nothing: all is sorted."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS
from rdflib.term import Node

from wushu.harvest.reading import cleaning
from wushu.harvest.types import Description, FileLink

DCAT = Namespace("http://www.w3.org/ns/dcat#")
_ADMS = Namespace("http://www.w3.org/ns/adms#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_NAMES = (FOAF.name, SKOS.prefLabel, _VCARD.fn, RDFS.label, DCTERMS.title)


def datasets_of(graph: Graph) -> list[Node]:
    """Every dataset that a document describes, by name."""
    found = set(graph.subjects(RDF.type, DCAT.Dataset))
    return sorted(found, key=str)


def described(graph: Graph, dataset: Node, identifier: str = "") -> Description:
    """What the graph says of a dataset; without an identifier its address, or its own word for it."""
    title, title_en = _said(graph, dataset, DCTERMS.title)
    text, text_en = _said(graph, dataset, DCTERMS.description)
    own = _texts(graph.objects(dataset, DCTERMS.identifier))
    address = str(dataset) if isinstance(dataset, URIRef) else ""
    page = _page(graph, dataset) or cleaning.url(address)
    files = sorted(
        (_file(graph, one) for one in graph.objects(dataset, DCAT.distribution)),
        key=lambda one: (one.url, one.format, one.title),
    )
    return Description(
        identifier=cleaning.line(
            identifier or address or next(iter(own), ""), cleaning.IDENTIFIER_MAX + 1
        ),
        title=cleaning.line(title, cleaning.TITLE_MAX),
        title_en=cleaning.line(title_en, cleaning.TITLE_MAX),
        description=cleaning.text(text),
        description_en=cleaning.text(text_en),
        publisher=_name(graph, dataset, DCTERMS.publisher) or _name(graph, dataset, DCTERMS.creator),
        licence=_licence(graph, dataset),
        keywords=cleaning.lines(
            _texts(graph.objects(dataset, DCAT.keyword)), cleaning.KEYWORDS_MAX
        ),
        issued=cleaning.line(_first(graph, dataset, DCTERMS.issued), 40),
        modified=cleaning.line(_first(graph, dataset, DCTERMS.modified), 40),
        page=page,
        files=cleaning.files(files),
        other_ids=cleaning.lines(
            [address, *own, *_notations(graph, dataset), page],
            cleaning.NAMES_MAX, cleaning.IDENTIFIER_MAX,
        ),
    )  # fmt: skip


def _said(graph: Graph, subject: Node, predicate: URIRef) -> tuple[str, str]:
    """In Chinese, or in what there is; and in English."""
    by_language: dict[str, str] = {}
    for one in sorted(_literals(graph.objects(subject, predicate)), key=str):
        by_language.setdefault((one.language or "").lower().partition("-")[0], str(one))
    any_language = by_language[min(by_language)] if by_language else ""
    english = by_language.get("en", "")
    return by_language.get("zh") or by_language.get("") or english or any_language, english


def _literals(nodes: Iterable[Node]) -> list[Literal]:
    return [one for one in nodes if isinstance(one, Literal)]


def _texts(nodes: Iterable[Node]) -> list[str]:
    """Literals and addresses as texts, sorted."""
    return sorted(str(one) for one in nodes if isinstance(one, Literal | URIRef))


def _first(graph: Graph, subject: Node, predicate: URIRef) -> str:
    return next(iter(_texts(graph.objects(subject, predicate))), "")


def _name(graph: Graph, subject: Node, predicate: URIRef) -> str:
    """What an agent is called; its address is no name."""
    for agent in sorted(graph.objects(subject, predicate), key=str):
        if isinstance(agent, Literal):
            return cleaning.line(str(agent))
        for name in _NAMES:
            if found := cleaning.line(_said(graph, agent, name)[0]):
                return found
    return ""


def _licence(graph: Graph, dataset: Node) -> str:
    """Of the dataset, else of its files where they agree."""
    own = _licences(graph, [dataset])
    found = own or _licences(graph, graph.objects(dataset, DCAT.distribution))
    return min(found) if len(found) == 1 or own else ""


def _licences(graph: Graph, subjects: Iterable[Node]) -> set[str]:
    found: set[str] = set()
    for subject in subjects:
        for one in graph.objects(subject, DCTERMS.license):
            address = cleaning.url(str(one)) if isinstance(one, URIRef) else ""
            words = str(one) if isinstance(one, Literal) else _label(graph, one)
            found.add(address or cleaning.line(words))
    return found - {""}


def _label(graph: Graph, subject: Node) -> str:
    return next(filter(None, (_said(graph, subject, name)[0] for name in _NAMES)), "")


def _page(graph: Graph, dataset: Node) -> str:
    found = (
        cleaning.url(one)
        for predicate in (DCAT.landingPage, FOAF.page)
        for one in _texts(graph.objects(dataset, predicate))
    )
    return next(filter(None, found), "")


def _notations(graph: Graph, dataset: Node) -> list[str]:
    others = graph.objects(dataset, _ADMS.identifier)
    return sorted(
        text
        for one in others
        for text in (
            [str(one)] if isinstance(one, Literal) else _texts(graph.objects(one, SKOS.notation))
        )
    )


def _file(graph: Graph, file: Node) -> FileLink:
    addresses = (
        cleaning.url(one)
        for predicate in (DCAT.downloadURL, DCAT.accessURL)
        for one in _texts(graph.objects(file, predicate))
    )
    address = next(filter(None, addresses), "")
    kind = _format(graph, file)
    title = cleaning.line(_said(graph, file, DCTERMS.title)[0])
    return FileLink(title=title or kind or address, url=address, format=kind)


def _format(graph: Graph, file: Node) -> str:
    """``CSV`` of ``…/file-type/CSV``, ``text/csv`` of ``…/media-types/text/csv``, or as it says."""
    for predicate in (DCTERMS.format, DCAT.mediaType):
        for one in sorted(graph.objects(file, predicate), key=str):
            if isinstance(one, Literal):
                return cleaning.line(str(one), 60)
            _, is_media_type, media_type = str(one).partition("/media-types/")
            short = media_type if is_media_type else str(one).rstrip("/").rpartition("/")[2]
            if found := cleaning.line(short if isinstance(one, URIRef) else _label(graph, one), 60):
                return found
    return ""
