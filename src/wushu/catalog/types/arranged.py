"""What stands beside the entries: series, groupings, duties, sources, related datasets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wushu.catalog.types.entries import EntryView, FieldType
from wushu.catalog.types.freshness import Due
from wushu.kernel.languages import in_language


class SeriesState(StrEnum):
    """Where a series stands."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    LISTED = "listed"
    CLOSED = "closed"


class GroupingKind(StrEnum):
    """What a grouping of entries is."""

    BASE = "base"  # 基础库
    THEME = "theme"  # 主题库


@dataclass(frozen=True, slots=True)
class Words:
    """Title and description of something that is kept beside the entries."""

    title_zh: str
    description_zh: str
    title_en: str = ""
    description_en: str = ""

    def title(self, language: str) -> str:
        """Title in the language, Chinese where there is no English one."""
        return in_language(language, self.title_zh, self.title_en)

    def description(self, language: str) -> str:
        """Description in the language, Chinese where there is no English one."""
        return in_language(language, self.description_zh, self.description_en)


@dataclass(frozen=True, slots=True)
class SeriesMemberView:
    """An entry of a series."""

    entry: EntryView
    """Without its data items."""
    period: str
    """The time it stands for: 2024, 2024-H1, 2024-Q3 or 2024-05."""


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its members as far as the reader may see them, the earliest first."""

    id: UUID
    slug: str
    state: SeriesState
    body: UUID
    body_code: str
    body_name_zh: str
    body_name_en: str
    words: Words
    proposed_at: datetime
    listed_at: datetime | None
    reasons: str
    """Why it was returned or closed."""
    members: tuple[SeriesMemberView, ...]

    def body_name(self, language: str) -> str:
        """Name of the body in the language, Chinese where there is no English one."""
        return in_language(language, self.body_name_zh, self.body_name_en)


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where an entry stands in its series."""

    series: SeriesView
    period: str
    previous: SeriesMemberView | None
    following: SeriesMemberView | None


@dataclass(frozen=True, slots=True)
class GroupingView:
    """A base or theme database."""

    id: UUID
    slug: str
    kind: GroupingKind
    words: Words
    kept_for: str
    """Division whose authority keeps it."""
    changed_at: datetime
    count: int
    """Its listed entries."""


@dataclass(frozen=True, slots=True)
class SeriesTie:
    """The same for descriptions of many entries: neighbours by their ids alone."""

    id: UUID
    slug: str
    body: UUID
    words: Words
    listed_at: datetime | None
    period: str
    first: UUID
    last: UUID
    previous: UUID | None
    following: UUID | None


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a listed entry."""

    series: SeriesTie | None
    groupings: tuple[GroupingView, ...]
    sources: tuple[UUID, ...]
    """Listed entries that it was made from."""


@dataclass(frozen=True, slots=True)
class DutyView:
    """Who within the body answers for an entry, and which system keeps its data."""

    unit: str = ""
    source_system: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry of the ledger (一本账)."""

    entry: EntryView
    duty: DutyView
    due: Due


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page of the ledger."""

    lines: tuple[LedgerLine, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A body that collects a data item."""

    body: UUID
    name_zh: str
    name_en: str
    count: int
    """How many of its listed entries have it."""
    slugs: tuple[str, ...] = ()
    """Some of them."""

    def name(self, language: str) -> str:
        """Its name in the language, Chinese where there is no English one."""
        return in_language(language, self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class SharedItem:
    """A data item that more than one body collects (一数一源)."""

    key: str
    """``number:泊位数``."""
    name: str
    """What the columns are called."""
    type: FieldType
    holders: tuple[Holder, ...]
    """The one with most entries first."""
    reasons: tuple[SharedReason, ...]
    source: UUID | None = None
    """The body that the authority decided to be its source."""
    source_reason: str = ""
    """Why the authority decided so."""


class SharedReason(StrEnum):
    """Why columns of two bodies are taken for the same item."""

    NAME = "name"
    TYPE = "type"
    UNIT = "unit"
    CODES = "codes"
    MEANING = "meaning"


class RelationReason(StrEnum):
    """Why a dataset is related to another."""

    COLUMNS = "columns"
    KEYWORDS = "keywords"
    WORDS = "words"
    THEME = "theme"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Relation:
    """A dataset that is related to another, and why."""

    entry: EntryView
    reasons: tuple[RelationReason, ...]
    columns: tuple[str, ...]
    """The shared columns, the rarest first."""
    keywords: tuple[str, ...]
