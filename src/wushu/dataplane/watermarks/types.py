"""What a trace finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from wushu.dataplane.ingest.codec import from_json, to_json


class Pairing(StrEnum):
    """Which two rows of a block are compared. No row is in two pairs."""

    NEAR = "near"  # neighbours in the file: survives a stable sort by a column of few values
    FAR = "far"  # half of the block's rows apart: survives small shifts


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to look at the file's order: how many pairs stand as a delivery's key has them."""

    pairing: Pairing
    backwards: bool
    """Looked at from the file's end to its beginning."""
    agreeing: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Fit:
    """One delivery and how well the file fits its order, by the reading that says most."""

    grant: UUID
    reading: Reading
    log10_p: float
    """log10 of the chance that the order of somebody who never had the file fits as well, for all
    deliveries and readings together; at most 0."""
    named: bool
    """That chance is at or below the level."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a file's order says."""

    rows: int
    """Rows of the file."""
    met: int
    """Rows of the version that were found in it, each once."""
    columns: tuple[str, ...]
    """By which they were found."""
    in_table_order: float
    """Share of neighbours that stand as in the table: near 1, the file is no marked download."""
    fits: tuple[Fit, ...]
    """Of every delivery, the best first."""

    @property
    def named(self) -> tuple[Fit, ...]:
        """Deliveries the file came from; empty: not decided."""
        return tuple(one for one in self.fits if one.named)

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Traced:
        """Read the stored form."""
        return from_json(cls, stored)
