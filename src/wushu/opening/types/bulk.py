"""One act done in several cases, and what became of it in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wushu.casework.types import CaseView, Procedure, Regulation, Step
from wushu.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class BulkStep:
    """A step with the same words in each case."""

    procedure: str
    """Another procedure's step of the same name is another step."""
    step: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, int] | None = None
    """Regulation and version that the words were asked by; None: each case reads them by its own."""


@dataclass(frozen=True, slots=True)
class BulkAssignment:
    """The same person for each case."""

    person: UUID


@dataclass(frozen=True, slots=True)
class BulkMessage:
    """The same words in each case, to the other side or among officials."""

    text: str = ""
    among_officials: bool = False


BulkAct = BulkStep | BulkAssignment | BulkMessage
"""Exactly one of them."""


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """A step that can be taken in several cases at once."""

    regulation: Regulation
    version: int
    procedure: Procedure
    step: Step
    many: int
    """In so many of the marked cases it can be taken now."""

    @property
    def rules(self) -> tuple[str, int]:
        """By which its words are asked."""
        return self.regulation.id, self.version


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A case of those that were marked: what stands in the way, or nothing."""

    number: str
    case: CaseView | None
    """None where it is not there for who asks."""
    refusal: Refusal | None = None
