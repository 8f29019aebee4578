"""What a description is worth in the metadata quality assessment of data.europa.eu (MQA)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST = 405
"""Points of all its indicators together."""


class Dimension(StrEnum):
    """The five dimensions."""

    FINDABILITY = "findability"
    ACCESSIBILITY = "accessibility"
    INTEROPERABILITY = "interoperability"
    REUSABILITY = "reusability"
    CONTEXTUALITY = "contextuality"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question of the assessment and what it is worth."""

    name: str
    dimension: Dimension
    points: int
    zh: str
    en: str

    def label(self, language: str) -> str:
        """What is asked, in the language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a description gets and what it loses."""

    points: int
    lost: tuple[Indicator, ...]

    @property
    def rating(self) -> str:
        """``excellent`` from 351, ``good`` from 221, ``sufficient`` from 121, else ``bad``."""
        steps = ((351, "excellent"), (221, "good"), (121, "sufficient"))
        return next((name for least, name in steps if self.points >= least), "bad")
