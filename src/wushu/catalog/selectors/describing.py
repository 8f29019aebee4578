"""Descriptions for machines: graphs of one dataset and of the catalogue's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from wushu.catalog.files import files_of, files_of_entries
from wushu.catalog.refusals import ENTRY_SEALED, ENTRY_WITHDRAWN, TABLE_NOT_THERE
from wushu.catalog.rules import citation
from wushu.catalog.selectors.arranged import around
from wushu.catalog.selectors.complete import catalogue_changed
from wushu.catalog.selectors.entries import entry_by_slug
from wushu.catalog.selectors.finding import entries
from wushu.catalog.tables import Described
from wushu.catalog.types import Attribute, EntryState, EntryView, VersionView
from wushu.catalog.types.quality import Assessment
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Language
from wushu.kernel.lazily import lazily
from wushu.parties import selectors as parties

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

    from wushu.catalog import dcat
else:
    dcat = lazily("wushu.catalog.dcat")

CATALOGUE_PAGE = 50
"""Datasets on one page of the catalogue's description."""


def listed_entry(slug: str) -> EntryView:
    """A listed entry as the public sees it; ``not-found``, ``entry-sealed``, ``entry-withdrawn``."""
    entry = entry_by_slug(slug)
    if entry.state is EntryState.SEALED:
        raise ENTRY_SEALED(title=entry.title_zh)
    if entry.state is EntryState.WITHDRAWN:
        raise ENTRY_WITHDRAWN(title=entry.title_zh)
    return entry


def dcat_graph(slug: str) -> Graph:
    """A listed dataset in DCAT-AP 3.0.1; refusals as ``listed_entry``."""
    return _described(listed_entry(slug))[0]


def serialise(graph: Graph, suffix: str) -> str:
    """The graph as ``ttl``, ``jsonld`` or ``rdf``."""
    return dcat.serialise(graph, suffix)


def metadata_quality(entry: EntryView) -> Assessment:
    """What the description of a listed entry is worth in the metadata quality assessment.

    ``ValueError`` for an entry that shows no revision.
    """
    return dcat.assess(*_described(entry))


def _described(entry: EntryView) -> tuple[Graph, URIRef]:
    writer = dcat.Writer(evidence.node(), settings.BASE_URL, files_of_entries([entry]))
    body = parties.organisation(entry.body)
    dataset = dcat.dataset_into(writer, entry, body)
    dcat.around_into(writer, around([entry.id]), {body.id: body})
    return writer.graph, dataset


def described_table(slug: str) -> Described:
    """What describes the table of a listed dataset; refusals as ``listed_entry``, ``table-not-there``.

    Sizes and digests are of whole tables, and told only where everybody may have them.
    """
    entry = listed_entry(slug)
    revision = entry.revision
    assert revision is not None
    attribute = revision.metadata.attribute
    if revision.version is None or attribute is Attribute.NONE or not revision.fields:
        page = f"{settings.BASE_URL}/datasets/{entry.slug}"
        raise TABLE_NOT_THERE(title=entry.title_zh, page=page)
    is_open = attribute is Attribute.UNCONDITIONAL
    return Described(
        entry=entry,
        revision=revision,
        version=revision.version,
        files=files_of([revision.version])[revision.version.id] if is_open else (),
        base_url=settings.BASE_URL,
        identifier_base=evidence.node().identifier_base,
    )


def catalog_graph(*, suffix: str = "ttl", cursor: str | None = None) -> Graph:
    """One page of the catalogue in DCAT-AP 3.0.1; ``hydra:next`` leads to the next.

    ``suffix`` is that of the addresses of the pages. The size of an answer is bounded by
    ``CATALOGUE_PAGE``. Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    page = entries(cursor=cursor, limit=CATALOGUE_PAGE)
    path = f"/catalog.{suffix}"
    writer = dcat.Writer(evidence.node(), settings.BASE_URL, files_of_entries(page.items))
    bodies = parties.organisations_by_id(entry.body for entry in page.items)
    dcat.catalogue_into(
        writer,
        dcat.CataloguePage(
            items=page.items,
            bodies=bodies,
            total=None if page.more_than_total else page.total,
            modified=catalogue_changed(),
            here=_address(path, cursor),
            first=path,
            following=_address(path, page.cursor) if page.cursor else None,
        ),
    )
    dcat.around_into(writer, around(entry.id for entry in page.items), bodies)
    return writer.graph


def _address(path: str, cursor: str | None) -> str:
    return f"{path}?{urlencode({'cursor': cursor})}" if cursor else path


def cited(
    entry: EntryView, version: VersionView | None, chosen: Language, *, address: str = ""
) -> str:
    """How to cite a listed dataset, or a version of it, read today.

    ``address``: what is cited, if less than the version. ``ValueError`` as ``metadata_quality``.
    """
    if entry.revision is None:
        raise ValueError(f"{entry.slug} shows no revision")
    node = evidence.node()
    changed = version.created_at if version is not None else entry.changed_at
    return citation(
        chosen,
        body=entry.body_name(chosen),
        title=entry.title(chosen),
        region=node.region(chosen),
        version=version.number if version is not None else None,
        changed=timezone.localdate(changed),
        read=timezone.localdate(),
        address=address or f"{node.identifier_base}/id/{version.id if version else entry.id}",
    )
