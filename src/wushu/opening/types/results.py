"""Results built on the data, ratings and comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wushu.catalog.types import EntryView
from wushu.kernel.languages import in_language


class ResultKind(StrEnum):
    """What was built on the data: what art. 23 names, and what else people make of them."""

    APP = "app"
    SERVICE = "service"
    SOFTWARE = "software"
    PRODUCT = "product"
    PAPER = "paper"
    WORK = "work"  # a published book or the like (著作)
    PATENT = "patent"
    REPORT = "report"
    VISUALISATION = "visualisation"


class Moderation(StrEnum):
    """Where something stands that people write and the public is shown."""

    WAITING = "waiting"
    PUBLISHED = "published"
    RETURNED = "returned"  # with a reason; who wrote it may mend it
    TAKEN_DOWN = "taken-down"
    WITHDRAWN = "withdrawn"  # by who filed it


class Aspect(StrEnum):
    """What a rating of a dataset is about, each from 1 to 5 (细则第十七、四十条)."""

    COMPLETE = "complete"
    ACCURATE = "accurate"
    TIMELY = "timely"
    USABLE = "usable"


@dataclass(frozen=True, slots=True)
class ResultGiven:
    """What somebody says of a result they file."""

    kind: ResultKind
    title_zh: str
    summary_zh: str
    makers: str
    """Who made it, as they want to be named."""
    datasets: tuple[str, ...]
    """Names in addresses of the datasets it uses."""
    title_en: str = ""
    summary_en: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ResultView:
    """A result built on open data, as its reader may see it."""

    id: UUID
    kind: ResultKind
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    address: str
    makers: str
    state: Moderation
    filed_at: datetime
    published_at: datetime | None
    datasets: tuple[EntryView, ...]
    """As everybody sees them: of a sealed or withdrawn one its notice."""
    reason: str = ""
    """Why it was sent back or taken down; for who filed it and for moderators."""
    is_own: bool = False

    def title(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.title_zh, self.title_en)

    def summary(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.summary_zh, self.summary_en)

    @property
    def urn(self) -> str:
        """Its name in the log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Some results, and where the next begin."""

    items: tuple[ResultView, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class AspectFigures:
    """How a dataset was rated in one aspect."""

    aspect: Aspect
    mean: float
    """To a tenth."""
    median: float


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """How a dataset was rated; ``counted`` 0: by too few people to say."""

    counted: int
    aspects: tuple[AspectFigures, ...]


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment on a dataset, without who wrote it and how they rated."""

    id: UUID
    dataset: UUID
    text: str
    at: datetime
    state: Moderation
    reason: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Some comments, and where the next begin."""

    items: tuple[CommentView, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class RatingView:
    """A person's own rating of a dataset."""

    id: UUID
    dataset: UUID
    scores: Mapping[Aspect, int]
    given_at: datetime
    changed_at: datetime
    comment: str
    comment_state: Moderation | None
    reason: str
    """Why the comment is not shown."""
