"""The operator's announcements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wushu.kernel.languages import in_language


class Component(StrEnum):
    """Parts of a node that an incident may touch."""

    WEB = "web"
    ROWS = "rows"
    SEARCH = "search"
    EVIDENCE = "evidence"
    BACKGROUND = "background"
    NOTICES = "notices"


class IncidentStage(StrEnum):
    """How far the operator is with an incident."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    WATCHING = "watching"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """One word of the operator about an incident."""

    at: datetime
    stage: IncidentStage
    text_zh: str
    text_en: str

    def text(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.text_zh, self.text_en)


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident with everything said about it, newest first."""

    id: UUID
    title_zh: str
    title_en: str
    components: tuple[Component, ...]
    begun_at: datetime
    ended_at: datetime | None
    notes: tuple[IncidentNote, ...]

    def title(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.title_zh, self.title_en)

    @property
    def stage(self) -> IncidentStage:
        """How far the operator is."""
        return self.notes[0].stage
