"""Rows into the views that other apps see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields as dataclass_fields
from typing import Any
from uuid import UUID

from wushu.catalog.models import (
    Correction,
    Entry,
    Grouping,
    Review,
    Revision,
    Series,
    Version,
)
from wushu.catalog.rules import Closing
from wushu.catalog.sealing import sealing_case
from wushu.catalog.types import (
    Attribute,
    CorrectionView,
    EntryState,
    EntryView,
    FieldSpec,
    Metadata,
    ReviewDecision,
    ReviewView,
    RevisionState,
    RevisionView,
    SealingCase,
    VersionView,
    Words,
)

_METADATA = tuple(one.name for one in dataclass_fields(Metadata))


def metadata_of(row: Revision) -> Metadata:
    """The metadata of a revision."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _METADATA}
    values["attribute"] = Attribute(row.attribute)
    values["keywords"] = tuple(row.keywords)
    return Metadata(**values)


def write_metadata(row: Revision, metadata: Metadata) -> None:
    """Put metadata into a revision that is not saved yet."""
    for name in _METADATA:
        setattr(row, name, getattr(metadata, name))
    row.attribute = metadata.attribute.value
    row.keywords = list(metadata.keywords)


def words_of(row: Series | Grouping) -> Words:
    """Title and description of what is kept beside the entries."""
    return Words(
        title_zh=row.title_zh,
        title_en=row.title_en,
        description_zh=row.description_zh,
        description_en=row.description_en,
    )


def write_words(row: Series | Grouping, words: Words) -> None:
    """Put them into a row that is not saved yet."""
    row.title_zh, row.title_en = words.title_zh.strip(), words.title_en.strip()
    row.description_zh = words.description_zh.strip()
    row.description_en = words.description_en.strip()


def fields_of(row: Revision) -> tuple[FieldSpec, ...]:
    """The data items of a revision."""
    return tuple(FieldSpec.from_json(stored) for stored in row.fields)


def version_view(row: Version) -> VersionView:
    """A version of the data."""
    return VersionView(
        id=row.pk,
        entry=row.entry_id,
        number=row.number,
        manifest_sha256=row.manifest_sha256,
        source_name=row.source_name,
        source_sha256=row.source_sha256,
        source_bytes=row.source_bytes,
        rows_declared=row.rows_declared,
        rows_loaded=row.rows_loaded,
        rows_rejected=row.rows_rejected,
        parquet_bytes=row.parquet_bytes,
        parquet_sha256=row.parquet_sha256,
        created_at=row.created_at,
    )


def review_view(row: Review) -> ReviewView:
    """A recorded decision."""
    return ReviewView(
        id=row.pk,
        revision=row.revision_id,
        decision=ReviewDecision(row.decision),
        reasons=row.reasons,
        reviewer=row.reviewer,
        reviewer_name=row.reviewer_name,
        at=row.at,
    )


def revision_view(row: Revision, reviews: Iterable[Review] = ()) -> RevisionView:
    """A revision with its content; reviews only where the reader may see who decided."""
    return RevisionView(
        id=row.pk,
        entry=row.entry_id,
        number=row.number,
        state=RevisionState(row.state),
        metadata=metadata_of(row),
        fields=fields_of(row),
        version=None if row.version is None else version_view(row.version),
        created_by=row.created_by,
        created_at=row.created_at,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        case=row.case,
        reviews=tuple(review_view(one) for one in reviews),
    )


def correction_view(row: Correction) -> CorrectionView:
    """A correction of an earlier act."""
    return CorrectionView(
        id=row.pk,
        entry=row.entry_id,
        index=row.index,
        act=row.act,
        reason=row.reason,
        right=row.right,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
    )


def closing_of(row: Entry) -> Closing:
    """What decides who may close the entry and open it again; needs its body and listed revision."""
    listed = row.listed_revision
    return Closing(
        body=row.body_id,
        division=row.body.division,
        known=listed is not None,
        author_urns=() if listed is None else (listed.created_by, listed.submitted_by),
        author_persons=() if listed is None else tuple(UUID(one) for one in listed.authors),
        closed_by=row.closed_by if row.state == EntryState.SEALED.value else None,
        sealing=sealing_of(row),
    )


def sealing_of(row: Entry) -> SealingCase | None:
    """The open case by whose step the entry is sealed now."""
    return sealing_case(row.pk) if row.state == EntryState.SEALED.value else None


def entry_view(
    row: Entry,
    shown: Revision | None,
    *,
    titled: Revision | None = None,
    reviews: Iterable[Review] = (),
) -> EntryView:
    """An entry with the revision its reader sees; ``titled`` names it where nothing is shown."""
    named = titled or shown
    return EntryView(
        id=row.pk,
        slug=row.slug,
        state=EntryState(row.state),
        body=row.body_id,
        body_code=row.body.code,
        body_name_zh=row.body.name_zh,
        body_name_en=row.body.name_en,
        revision=None if shown is None else revision_view(shown, reviews),
        created_at=row.created_at,
        listed_at=row.listed_at,
        changed_at=row.changed_at,
        closed_reason=row.closed_reason if row.state in _CLOSED else "",
        closed_basis=row.closed_basis if row.state in _CLOSED else "",
        title_zh="" if named is None else named.title_zh,
        title_en="" if named is None else named.title_en,
        listed_revision=row.listed_revision_id,
    )


_CLOSED = frozenset({EntryState.SEALED.value, EntryState.WITHDRAWN.value})
