"""Reads of the catalogue, each with its permission inside."""

from wushu.catalog.dcat import serialise
from wushu.catalog.labels import (
    ATTRIBUTE_MEANINGS,
    ATTRIBUTES,
    ENTRY_ACTS,
    ENTRY_STATES,
    FACETS,
    FIELD_PROPERTIES,
    FIELD_TYPES,
    METADATA,
    REVIEW_DECISIONS,
    REVISION_STATES,
)
from wushu.catalog.negotiation import MEDIA_TYPES, negotiate
from wushu.catalog.search.index import index_rebuild, index_refresh
from wushu.catalog.selectors.describing import catalog_graph, dcat_graph, listed_entry
from wushu.catalog.selectors.desk import (
    drafts,
    entries_of_bodies,
    review_obstacle,
    review_queue,
    submission_problems,
)
from wushu.catalog.selectors.entries import (
    entries_by_id,
    entry_by_id,
    entry_by_slug,
    identifier_target,
    revision,
    revision_diff,
    revisions,
    version,
    versions,
)
from wushu.catalog.selectors.finding import entries, entries_at, facets, slugs
from wushu.catalog.vocabulary import (
    Concept,
    Vocabulary,
    file_types,
    frequencies,
    licence_of,
    licences,
    themes,
    vocabulary,
)

__all__ = [
    "ATTRIBUTES",
    "ATTRIBUTE_MEANINGS",
    "ENTRY_ACTS",
    "ENTRY_STATES",
    "FACETS",
    "FIELD_PROPERTIES",
    "FIELD_TYPES",
    "MEDIA_TYPES",
    "METADATA",
    "REVIEW_DECISIONS",
    "REVISION_STATES",
    "Concept",
    "Vocabulary",
    "catalog_graph",
    "dcat_graph",
    "drafts",
    "entries",
    "entries_at",
    "entries_by_id",
    "entries_of_bodies",
    "entry_by_id",
    "entry_by_slug",
    "facets",
    "file_types",
    "frequencies",
    "identifier_target",
    "index_rebuild",
    "index_refresh",
    "licence_of",
    "licences",
    "listed_entry",
    "negotiate",
    "review_obstacle",
    "review_queue",
    "revision",
    "revision_diff",
    "revisions",
    "serialise",
    "slugs",
    "submission_problems",
    "themes",
    "version",
    "versions",
    "vocabulary",
]
