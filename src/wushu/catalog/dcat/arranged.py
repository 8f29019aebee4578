"""What stands around a dataset: its series and neighbours there, its groupings, what it was made from.

Neighbours are named by their permanent addresses alone; each is described in its own graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, SKOS
from rdflib.term import Node as Term

from wushu.catalog.dcat.terms import DCAT, Writer, moment
from wushu.catalog.types import Around, GroupingView, SeriesTie
from wushu.parties.types import OrganisationView


def around_into(
    writer: Writer, around: Mapping[UUID, Around], bodies: Mapping[UUID, OrganisationView]
) -> None:
    """Add to described datasets what stands around them; ``bodies`` has those of the series."""
    for entry, found in around.items():
        dataset = writer.id(entry)
        if found.series is not None:
            _in_series(writer, dataset, found.series, bodies)
        for grouping in found.groupings:
            writer.add(dataset, DCAT.theme, _grouping(writer, grouping))
        writer.add(dataset, PROV.wasDerivedFrom, *_ids(writer, found.sources))


def _in_series(
    w: Writer, dataset: URIRef, tie: SeriesTie, bodies: Mapping[UUID, OrganisationView]
) -> None:
    series = w.id(tie.id)
    w.add(dataset, DCAT.inSeries, series)
    w.add(dataset, DCAT.prev, *_ids(w, [tie.previous] if tie.previous else ()))
    w.add(dataset, DCAT.next, *_ids(w, [tie.following] if tie.following else ()))
    w.typed(series, DCAT.DatasetSeries, DCAT.Resource)
    w.say(series, DCTERMS.title, tie.words.title_zh, tie.words.title_en)
    w.say(series, DCTERMS.description, tie.words.description_zh, tie.words.description_en)
    body = bodies[tie.body]
    w.add(series, DCTERMS.publisher, w.agent(body))
    contact = w.contact(series, body.contact_name or body.name_zh, body.contact_email)
    w.add(series, DCAT.contactPoint, contact)
    w.add(series, DCTERMS.issued, moment(tie.listed_at))
    w.add(series, DCAT.landingPage, w.document(w.url(f"/series/{tie.slug}")))
    w.add(series, DCAT.first, w.id(tie.first))
    w.add(series, DCAT.last, w.id(tie.last))


def _grouping(w: Writer, grouping: GroupingView) -> Term:
    """A base or theme database as a concept of the node's own scheme beside the EU's themes."""
    subject = w.id(grouping.id)
    w.typed(subject, SKOS.Concept)
    w.say(subject, SKOS.prefLabel, grouping.words.title_zh, grouping.words.title_en)
    w.say(subject, SKOS.definition, grouping.words.description_zh, grouping.words.description_en)
    w.add(subject, SKOS.notation, Literal(grouping.slug))
    scheme = w.typed(URIRef(f"{w.id(w.node.node_uuid)}#groupings"), SKOS.ConceptScheme)
    w.say(scheme, DCTERMS.title, "基础库和主题库", "Base and theme databases")
    w.add(subject, SKOS.inScheme, scheme)
    return subject


def _ids(w: Writer, entries: Iterable[UUID]) -> list[URIRef]:
    return [w.id(one) for one in entries]
