"""Which columns a spreadsheet has, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from wushu.kernel.errors import Said


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its heading may be the Chinese or the English one, or the key."""

    key: str
    heading: Said
    explanation: Said
    """What belongs there, for the template."""
    example: str = ""
    required: bool = False

    @property
    def named(self) -> Said:
        """The heading as a refusal names the field."""
        return Said(self.heading.zh, self.heading.en, self.key)


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of spreadsheet, in the template's order."""

    name: str
    title: Said
    columns: tuple[Column, ...]
    advice: tuple[Said, ...] = field(default=())
    """Sentences about the whole file, for the template."""

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by key."""
        return {one.key: one for one in self.columns}

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        """The columns by every heading that stands for them."""
        return {
            text.casefold(): one
            for one in self.columns
            for text in (one.heading.zh, one.heading.en, one.key)
        }
