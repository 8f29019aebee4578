"""Contests of what is built on the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from wushu.catalog.types import EntryView
from wushu.kernel.languages import in_language
from wushu.opening.types.results import ResultView
from wushu.parties.types import OrganisationView


@dataclass(frozen=True, slots=True)
class ContestGiven:
    """What an organiser announces."""

    title_zh: str
    text_zh: str
    begins: date
    ends: date
    """The last day on which results are entered."""
    datasets: tuple[str, ...] = ()
    """Names in addresses of the listed datasets it is about; none: any."""
    title_en: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class ContestEntryView:
    """A result in a contest, as long as it is shown."""

    result: ResultView
    award: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContestChangeView:
    """A change of an announced contest: what it said before."""

    at: datetime
    reason: str
    text_zh: str
    text_en: str
    ends: date

    def text(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.text_zh, self.text_en)


@dataclass(frozen=True, slots=True)
class ContestView:
    """A contest as everybody sees it."""

    id: UUID
    organiser: OrganisationView
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    begins: date
    ends: date
    announced_at: datetime
    awarded_at: datetime | None
    datasets: tuple[EntryView, ...]
    entries: tuple[ContestEntryView, ...] = ()
    """Winners first; empty in a list."""
    changes: tuple[ContestChangeView, ...] = ()
    """The newest first; empty in a list."""

    def title(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.title_zh, self.title_en)

    def text(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.text_zh, self.text_en)

    @property
    def urn(self) -> str:
        """Its name in the log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class ContestPage:
    """Some contests, and where the next begin."""

    items: tuple[ContestView, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Award:
    """What a result won, and why."""

    result: UUID
    award: str
    reason: str
