"""What is counted of the use of a dataset, and how it is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

PAGE = "page"
"""A dataset's page was opened."""
ROWS = "rows"
"""A page of rows was answered: rows API or CKAN's ``datastore_search``."""


class Client(StrEnum):
    """What a client declares itself to be. Not who uses it: a program may pose as a browser."""

    BROWSER = "browser"
    PROGRAM = "program"


@dataclass(slots=True)
class Tally:
    """Answers of one kind, added up."""

    requests: int = 0
    rows: int = 0
    """Rows in answers of ``ROWS``; downloads are counted in bytes."""
    size: int = 0
    """Bytes of the answers' bodies as they went out (compressed ones as compressed)."""

    def add(self, requests: int, rows: int, size: int) -> None:
        """Count some more."""
        self.requests += requests
        self.rows += rows
        self.size += size


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """One line of the statistics: a day, a kind of use, a kind of client."""

    day: date
    use: str
    """``PAGE``, ``ROWS``, or the format of a download (``csv``, ``parquet`` …)."""
    client: Client
    requests: int
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class UseTotal:
    """One kind of use over some days, by kind of client."""

    use: str
    browsers: int = 0
    programs: int = 0
    rows: int = 0
    size: int = 0

    @property
    def is_download(self) -> bool:
        """Whether it is a format in which whole tables went out."""
        return self.use not in (PAGE, ROWS)


@dataclass(frozen=True, slots=True)
class DatasetUse:
    """One dataset's use over some days."""

    dataset: UUID
    pages: int
    """Its page, opened by browsers."""
    rows_requests: int
    """Answers of the rows API to anybody."""
    downloads: int
    """Whole tables, begun by anybody."""
    by_browsers: int
    """Pages and downloads by browsers: what "most used" orders by."""
    by_programs: int
    size: int


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What one API key asked for on one day; for its owner only."""

    requests: int = 0
    size: int = 0
    counted_at: datetime | None = None
    """When it was last written; what came since is not in it yet."""
