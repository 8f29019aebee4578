"""What people are told of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushu.kernel.errors import Said


@dataclass(frozen=True, slots=True)
class CaseNoticeView:
    """What somebody was told of a case, or of a program they handed in."""

    id: int
    number: str
    """Of the case; empty where it is a computation."""
    computation: UUID | None
    title: str
    words: Said
    at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class CaseNoticePage:
    """A page of what somebody was told, the newest first."""

    notices: tuple[CaseNoticeView, ...]
    cursor: str | None
    """Where the next page begins; None: this was the last."""
