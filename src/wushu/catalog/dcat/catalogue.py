"""The catalogue itself, one page of datasets at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, XSD
from rdflib.term import Node as Term

from wushu.catalog import vocabulary
from wushu.catalog.dcat.dataset import dataset_into
from wushu.catalog.dcat.terms import DCAT, DCATAP, HYDRA, Writer, moment
from wushu.catalog.types import EntryView
from wushu.parties.types import OrganisationView


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """What one page of the catalogue says of itself."""

    items: Sequence[EntryView]
    bodies: Mapping[UUID, OrganisationView]
    total: int | None
    """None: not counted so far."""
    modified: datetime | None
    """Last change of anything in the catalogue."""
    here: str
    """Path and query of this page."""
    first: str
    following: str | None


def catalogue_into(writer: Writer, page: CataloguePage) -> URIRef:
    """Describe the catalogue and the datasets of one page (Hydra partial collection view)."""
    w = writer
    catalog = w.id(w.node.node_uuid)
    _describe(w, catalog, page)
    for entry in page.items:
        dataset = dataset_into(w, entry, page.bodies[entry.body])
        w.add(catalog, DCAT.dataset, dataset)
        for service in w.graph.subjects(DCAT.servesDataset, dataset):
            w.add(catalog, DCAT.service, service)
    view = w.typed(w.url(page.here), HYDRA.PartialCollectionView)
    w.add(catalog, HYDRA.view, view)
    w.add(view, HYDRA.first, w.url(page.first))
    if page.following:
        w.add(view, HYDRA.next, w.url(page.following))
    if page.total is not None:
        w.add(catalog, HYDRA.totalItems, Literal(page.total, datatype=XSD.integer))
    return catalog


def _describe(w: Writer, catalog: URIRef, page: CataloguePage) -> None:
    node = w.node
    w.typed(catalog, DCAT.Catalog, DCAT.Resource)
    w.say(
        catalog, DCTERMS.title, f"{node.region_zh}公共数据目录",
        f"Public data catalogue of {node.region_en}" if node.region_en else "",
    )  # fmt: skip
    w.say(
        catalog, DCTERMS.description, f"{node.region_zh}各单位开放的公共数据，经主管部门审核上架。",
        f"Public data opened by the bodies of {node.region_en}, examined by the data authority."
        if node.region_en
        else "",
    )  # fmt: skip
    w.add(catalog, DCTERMS.identifier, Literal(str(catalog)))
    w.add(catalog, DCTERMS.publisher, _publisher(w, catalog))
    w.add(catalog, DCTERMS.issued, moment(node.initialised_at))
    w.add(catalog, DCTERMS.modified, moment(page.modified or node.initialised_at))
    w.add(catalog, DCTERMS.language, w.language("ZHO"), w.language("ENG"))
    w.add(catalog, DCTERMS.spatial, w.place(node.division))
    w.add(catalog, DCAT.themeTaxonomy, w.scheme(vocabulary.themes()))
    w.add(catalog, FOAF.homepage, w.document(w.url("/")))
    for code in ("CSV", "JSON"):  # a catalogue is a dataset too
        _download(w, catalog, code)


def _download(w: Writer, catalog: URIRef, code: str) -> None:
    """The whole catalogue as one file."""
    form = vocabulary.file_types().get(code)
    assert form is not None
    subject = w.typed(URIRef(f"{catalog}#{form.more['suffix']}"), DCAT.Distribution)
    w.add(catalog, DCAT.distribution, subject)
    w.add(subject, DCAT.accessURL, w.document(w.url("/datasets")))
    w.add(subject, DCAT.downloadURL, w.url(f"/catalog.{form.more['suffix']}"))
    kind = w.concept(vocabulary.file_types(), code, DCTERMS.MediaTypeOrExtent)
    w.add(subject, DCTERMS.format, kind)
    w.add(subject, DCAT.mediaType, w.media_type(form.more["media_type"]))
    w.say(
        subject, DCTERMS.description, f"全部目录及每个数据集的全部字段，{code} 格式",
        f"Every listed dataset with all its fields, as {code}",
    )  # fmt: skip
    availability = vocabulary.vocabulary("planned-availability")
    w.add(subject, DCATAP.availability, w.concept(availability, "AVAILABLE"))


def _publisher(w: Writer, catalog: URIRef) -> Term:
    """The platform of the region: who publishes the catalogue, not the data."""
    node = w.node
    agent = w.typed(URIRef(f"{catalog}#publisher"), FOAF.Agent)
    w.say(
        agent, FOAF.name, f"{node.region_zh}公共数据平台",
        f"Public data platform of {node.region_en}" if node.region_en else "",
    )  # fmt: skip
    is_province = node.division[2:].strip("0") == ""
    kind = "RegionalAuthority" if is_province else "LocalAuthority"
    w.add(agent, DCTERMS.type, w.concept(vocabulary.vocabulary("publisher-type"), kind))
    return agent
