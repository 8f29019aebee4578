"""Namespaces, and the writer of the things that every description needs: concepts, documents, agents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from urllib.parse import quote
from uuid import UUID

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD
from rdflib.term import Node as Term

from wushu.catalog import vocabulary
from wushu.catalog.types import FileFacts
from wushu.catalog.vocabulary import Concept, Vocabulary
from wushu.evidence.types import NodeView
from wushu.parties.types import AdministrativeLevel, OrganisationKind, OrganisationView

ADMS = Namespace("http://www.w3.org/ns/adms#")
# DCAT 3: rdflib knows the terms of DCAT 2 only.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
"""Suffix of the address -> name of rdflib's serialiser."""

_IANA = "https://www.iana.org/assignments/media-types/"
_PREFIXES = {
    "adms": ADMS, "dcat": DCAT, "dcatap": DCATAP, "dct": DCTERMS, "foaf": FOAF, "hydra": HYDRA,
    "prov": PROV, "rdfs": RDFS, "skos": SKOS, "spdx": SPDX, "vcard": VCARD, "xsd": XSD,
}  # fmt: skip


class Writer:
    """A graph, with the node's permanent addresses and the address it answers at now."""

    def __init__(
        self,
        node: NodeView,
        base_url: str,
        files: Mapping[UUID, tuple[FileFacts, ...]] | None = None,
    ) -> None:
        self.node = node
        self.files = files or {}
        """What is known of the files, by version."""
        self.base_url = base_url
        self.graph = Graph(bind_namespaces="none")
        for prefix, namespace in _PREFIXES.items():
            self.graph.bind(prefix, namespace)

    def id(self, identifier: UUID) -> URIRef:
        """The permanent address of a thing."""
        return URIRef(f"{self.node.identifier_base}/id/{identifier}")

    def url(self, path: str) -> URIRef:
        """An address of this node today."""
        return URIRef(self.base_url + path)

    def add(self, subject: Term, predicate: URIRef, *values: Term | None) -> None:
        """State a property; None says nothing."""
        for value in values:
            if value is not None:
                self.graph.add((subject, predicate, value))

    def typed(self, subject: Term, *classes: URIRef) -> Term:
        """State what a thing is, and give it back."""
        self.add(subject, RDF.type, *classes)
        return subject

    def say(self, subject: Term, predicate: URIRef, zh: str, en: str = "") -> None:
        """A text in Chinese, and in English where there is one."""
        self.add(subject, predicate, Literal(zh, lang="zh") if zh else None)
        self.add(subject, predicate, Literal(en, lang="en") if en else None)

    def concept(self, of: Vocabulary, code: str, *classes: URIRef) -> URIRef | None:
        """A code of a vocabulary with its labels and scheme; None where the code is unknown."""
        found = of.get(code)
        if found is None:
            return None
        return self._concept(of, found, *classes)

    def _concept(self, of: Vocabulary, concept: Concept, *classes: URIRef) -> URIRef:
        subject = URIRef(concept.uri)
        self.typed(subject, SKOS.Concept, *classes)
        self.say(subject, SKOS.prefLabel, concept.zh, concept.en)
        if not concept.more.get("outside"):  # ours beside the scheme's own
            self.add(subject, SKOS.inScheme, self.scheme(of))
        return subject

    def scheme(self, of: Vocabulary) -> Term:
        """The vocabulary itself."""
        subject = self.typed(URIRef(of.scheme), SKOS.ConceptScheme)
        self.say(subject, DCTERMS.title, of.title_zh, of.title_en)
        return subject

    def media_type(self, name: str) -> Term:
        """A media type of IANA's list."""
        return self.typed(URIRef(_IANA + name), DCTERMS.MediaType)

    def document(self, address: Term) -> Term:
        """A page."""
        return self.typed(address, FOAF.Document)

    def language(self, code: str) -> URIRef | None:
        """A language of the EU's list."""
        return self.concept(vocabulary.vocabulary("language"), code, DCTERMS.LinguisticSystem)

    def licence(self, uri: str) -> Term | None:
        """A licence: the vocabulary's where it is in it, else as it was given; None if unknown."""
        if not uri:
            return None
        found = vocabulary.licence_of(uri)
        if found is None:
            return self.typed(URIRef(uri), DCTERMS.LicenseDocument)
        subject = self._concept(vocabulary.licences(), found, DCTERMS.LicenseDocument)
        kinds = vocabulary.vocabulary("licence-type")
        self.add(subject, DCTERMS.type, self.concept(kinds, found.more["type"]))
        self.add(subject, RDFS.seeAlso, URIRef(found.more["document"]))
        return subject

    def rights(self, subject: URIRef, zh: str, en: str = "") -> Term:
        """A statement of rights in words."""
        self.typed(subject, DCTERMS.RightsStatement)
        self.say(subject, RDFS.label, zh, en)
        return subject

    def place(self, code: str) -> Term | None:
        """A division of GB/T 2260, the country, or the world."""
        countries = vocabulary.vocabulary("country")
        if not code or code in countries:
            return self.concept(countries, code, DCTERMS.Location)
        subject = URIRef(f"{self.id(self.node.node_uuid)}#division-{code}")
        self.typed(subject, DCTERMS.Location)
        self.add(subject, DCTERMS.identifier, Literal(code))
        if code == self.node.division:
            self.say(subject, SKOS.prefLabel, self.node.region_zh, self.node.region_en)
        return subject

    def agent(self, body: OrganisationView) -> URIRef:
        """An organisation as a publisher."""
        subject = self.id(body.id)
        self.typed(subject, FOAF.Agent)
        self.say(subject, FOAF.name, body.name_zh, body.name_en)
        self.add(subject, DCTERMS.identifier, Literal(body.code))
        self.add(subject, DCTERMS.type, self._publisher_type(body))
        if body.homepage:
            self.add(subject, FOAF.homepage, self.document(URIRef(body.homepage)))
        return subject

    def contact(self, of: URIRef, name: str, email: str, phone: str = "") -> Term | None:
        """Whom to ask about something; None where nobody can be reached."""
        if not (email or phone):
            return None
        subject = self.typed(URIRef(f"{of}#contact"), VCARD.Kind, VCARD.Organization)
        self.add(subject, VCARD.fn, Literal(name, lang="zh"))
        if email:
            self.add(subject, VCARD.hasEmail, URIRef("mailto:" + quote(email, safe="@+")))
        if phone:
            self.add(subject, VCARD.hasTelephone, URIRef("tel:" + _digits(phone)))
        return subject

    def _publisher_type(self, body: OrganisationView) -> URIRef | None:
        kinds = vocabulary.vocabulary("publisher-type")
        if body.kind is OrganisationKind.ENTERPRISE:
            return self.concept(kinds, "Company")
        if body.kind is OrganisationKind.AGENCY:
            return None
        is_province = body.level == AdministrativeLevel.PROVINCE
        return self.concept(kinds, "RegionalAuthority" if is_province else "LocalAuthority")


def _digits(phone: str) -> str:
    """A telephone number as RFC 3966 wants it."""
    kept = "".join(c for c in phone if c.isascii() and (c.isdigit() or c in "+-"))
    return quote(kept or phone, safe="+-")


def moment(at: datetime | None) -> Literal | None:
    """A date and time in UTC."""
    if at is None:
        return None
    return Literal(at.astimezone(UTC).replace(microsecond=0), datatype=XSD.dateTime)


def day(on: date | None) -> Literal | None:
    """A date."""
    return None if on is None else Literal(on, datatype=XSD.date)


def serialise(graph: Graph, suffix: str) -> str:
    """The graph as ``ttl``, ``jsonld`` or ``rdf``."""
    if suffix != "jsonld":
        return graph.serialize(format=FORMATS[suffix])
    context = {prefix: str(namespace) for prefix, namespace in _PREFIXES.items()}
    document = graph.serialize(format="json-ld", context=context, indent=None)
    return json.dumps(json.loads(document), ensure_ascii=False, indent=1)


def keywords(words: Iterable[str]) -> list[Literal]:
    """Keywords, marked as Chinese where they are written in Chinese characters."""
    return [
        Literal(word, lang="zh") if any("\u3400" <= c <= "\u9fff" for c in word) else Literal(word)
        for word in words
    ]
