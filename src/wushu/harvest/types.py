"""What other apps see of harvested catalogues."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wushu.harvest import refusals  # noqa: F401  (other apps name its refusals)
from wushu.kernel.errors import Language
from wushu.kernel.languages import in_language


class SourceKind(StrEnum):
    """The protocol in which a catalogue is read."""

    CKAN = "ckan"  # Action API 3
    DCAT = "dcat"  # Turtle, JSON-LD or RDF/XML, in pages (Hydra) or whole
    OAI_PMH = "oai-pmh"  # 2.0, Dublin Core or DCAT-AP


class SourceState(StrEnum):
    """Where a source stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    STOPPED = "stopped"


class RunState(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


class RecordState(StrEnum):
    """Whether the source still has a record."""

    PRESENT = "present"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file at the source; nothing of it is here."""

    title: str = ""
    url: str = ""
    """http or https; empty where the source gives no usable address."""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """What a source says of one dataset, cleaned and bounded."""

    identifier: str
    """The source's own, exactly."""
    title: str
    """In Chinese where the source has it, else in what it has."""
    title_en: str = ""
    description: str = ""
    description_en: str = ""
    publisher: str = ""
    licence: str = ""
    """As the source says it: an address or words."""
    keywords: tuple[str, ...] = ()
    issued: str = ""
    modified: str = ""
    page: str = ""
    """Its page at the source."""
    files: tuple[FileLink, ...] = ()
    other_ids: tuple[str, ...] = ()
    """Other names by which it is known again when its identifier changes."""

    def as_json(self) -> dict[str, Any]:
        """For the digest and the spool."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Description:
        """Read what ``as_json`` gave."""
        values = dict(stored)
        values["files"] = tuple(FileLink(**one) for one in values["files"])
        values["keywords"] = tuple(values["keywords"])
        values["other_ids"] = tuple(values["other_ids"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class SourceView:
    """A catalogue of others, as officials see it."""

    id: UUID
    name: str
    kind: SourceKind
    url: str
    prefix: str
    set: str
    title_zh: str
    title_en: str
    every_hours: int
    state: SourceState
    reason: str
    proposed_by: str
    proposed_at: datetime
    activated_by: str
    activated_at: datetime | None
    stopped_by: str
    stopped_at: datetime | None
    stop_reason: str
    checked_at: datetime | None
    """When a run last ended well; None: never."""
    present: int
    """Records the source has now."""
    gone: int

    def title(self, language: Language | str) -> str:
        """Its name in the language, Chinese where there is no English one."""
        return in_language(language, self.title_zh, self.title_en)

    @property
    def urn(self) -> str:
        """Subject of its acts in the evidence log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that could not be read."""

    identifier: str
    zh: str
    en: str

    def reason(self, language: Language | str) -> str:
        """Why, in the language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class RunView:
    """One reading of a source."""

    id: UUID
    source: UUID
    state: RunState
    since: str
    """Only what changed since this day was read; empty: the whole."""
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seen: int
    added: int
    changed: int
    renamed: int
    gone: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    """The first of those that could not be read."""
    skipped_count: int
    refusal: str
    """Name of what it was refused for; empty if it was not."""
    refusal_zh: str
    refusal_en: str

    def sentence(self, language: Language | str) -> str:
        """What was wrong, in the language; empty if nothing was."""
        return self.refusal_en if language == "en" else self.refusal_zh


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """What keeps an active source from being read."""

    name: str
    overdue_since: datetime | None
    """Since when it should have been read and nobody tried; None: it was tried."""
    refused: RunView | None
    """The last reading that ended, if it was refused."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """A dataset of another catalogue."""

    id: UUID
    source: UUID
    source_name: str
    source_title_zh: str
    source_title_en: str
    source_url: str
    is_source_active: bool
    state: RecordState
    description: Description
    former_identifiers: tuple[str, ...]
    first_seen_at: datetime
    changed_at: datetime
    gone_at: datetime | None
    checked_at: datetime | None
    """When the source was last read to its end."""

    def title(self, language: Language | str) -> str:
        """Title in the language, else as the source has it."""
        return in_language(language, self.description.title, self.description.title_en)

    def text(self, language: Language | str) -> str:
        """Description in the language, else as the source has it."""
        said = self.description
        return in_language(language, said.description, said.description_en)

    def source_title(self, language: Language | str) -> str:
        """Name of the catalogue it comes from."""
        return in_language(language, self.source_title_zh, self.source_title_en)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records."""

    items: tuple[RecordView, ...]
    cursor: str | None
    total: int
    more_than_total: bool = False


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many records of one source were found."""

    name: str
    title_zh: str
    title_en: str
    count: int

    def title(self, language: Language | str) -> str:
        """Its name in the language."""
        return in_language(language, self.title_zh, self.title_en)
