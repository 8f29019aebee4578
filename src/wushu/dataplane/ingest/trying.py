"""One column under examination: its proposal tried on every row, and widened or given up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest import convert
from wushu.dataplane.ingest.dialect import NULL_LITERALS
from wushu.dataplane.ingest.infer import BELIEVED, Proposal, Why, widened
from wushu.dataplane.quoting import literal
from wushu.dataplane.types import SemanticType

_EXACT_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL)


@dataclass(slots=True)
class Column:
    """A column of the source with what is proposed and what was counted."""

    position: int
    header: str
    options: list[Proposal]
    """Types to try, the best first."""
    samples: tuple[str, ...]
    literals: tuple[str, ...]
    """Null literals that are counted one by one: those of the sample, the empty text first."""
    filled: int = 0
    nulls: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    again: bool = False
    """The whole column holds what the sample did not show (wider numbers, other null literals)."""

    @property
    def cell(self) -> str:
        """Its name in the relation."""
        return f"c{self.position}"

    @property
    def proposal(self) -> Proposal:
        """What is tried now."""
        return self.options[0]

    @property
    def is_text(self) -> bool:
        """Whether it is tried as text, which anything is."""
        return self.proposal.type is FieldType.TEXT

    @property
    def conversion(self) -> convert.Conversion:
        """The proposal tried; in typed columns null literals are no values anyway."""
        return convert.Conversion(
            self.position, self.spec(self.literals if self.is_text else ()), self.cell
        )

    def spec(self, literals: Sequence[str]) -> FieldSpec:
        """The proposal as a field."""
        return FieldSpec(
            name=self.header.strip(),
            type=self.proposal.type,
            format=self.proposal.format,
            title_zh=self.header.strip(),
            null_values=tuple(literals),
        )

    def measures(self) -> list[str]:
        """Aggregates over ``convert.converted``, to be given to ``take``.

        Valid values; leading zeros, fraction digits, groups, exponents; null literals not seen in the
        sample, then each seen one. One count for each: a histogram of each column would take
        megabytes of memory, and counts of all literals as long as all the rest.
        """
        value, failing = self.conversion.value, self.conversion.rest
        if self.is_text:
            counts = [f"count_if({self.cell} = {literal(text)})" for text in self.literals]
            return [f"count({value})", "0", "0", "false", "false", "0", *counts]
        unseen = "|".join(re.escape(text) for text in NULL_LITERALS if text not in self.literals)
        # One pattern, for the engine plans long chains of comparisons slowly.
        counts = [f"count_if(regexp_full_match({failing}, {literal(unseen)}))" if unseen else "0"]
        counts += [f"count_if({failing} = {literal(text)})" for text in self.literals]
        if self.proposal.type not in _EXACT_NUMBERS:
            return [f"count({value})", "0", "0", "false", "false", *counts]
        return [
            f"count({value})",
            f"count_if(regexp_full_match({self.cell}, '[+-]?0[0-9]+'))",
            # What fits the format tried needs no wider one.
            f"max(CASE WHEN regexp_full_match({failing}, '[+-]?[0-9,]*\\.[0-9]+') "
            f"THEN strlen({failing}) - strpos({failing}, '.') END)",
            f"bool_or(regexp_full_match({failing}, '[+-]?[0-9]{{1,3}}(,[0-9]{{3}})+(\\.[0-9]+)?'))",
            f"bool_or(regexp_full_match({failing}, '[+-]?[0-9.]+[eE][+-]?[0-9]+'))",
            *counts,
        ]

    def take(self, rows: int, answers: Iterator[Any]) -> None:
        """The answers to ``measures``; a numeric proposal is widened to what the column holds."""
        valid, zeros, places, grouped, exponent, unseen = islice(answers, 6)
        counts = zip(self.literals, islice(answers, len(self.literals)), strict=True)
        self.nulls = {text: int(count) for text, count in counts if count}
        self.filled = rows - sum(self.nulls.values())
        self.rejected = self.filled - int(valid or 0)
        if zeros:
            code = Proposal(FieldType.TEXT, why=Why.LEADING_ZERO, semantic=SemanticType.CODE)
            self.options, self.rejected = [code], 0
            return
        if unseen:
            self.literals, self.again = NULL_LITERALS, True
        if self.rejected and self.proposal.type in _EXACT_NUMBERS:
            wide = widened(
                self.proposal, places or 0, grouped=bool(grouped), exponent=bool(exponent)
            )
            if wide != self.proposal:
                self.options, self.again = [wide, *self.options[1:]], True

    def next_try(self) -> bool:
        """Whether the column is to be measured again, with what it then is tried as."""
        if self.again:
            self.again = False
            return True
        if len(self.options) > 1 and self.rejected > (1 - BELIEVED) * self.filled:
            self.options.pop(0)
            return True
        return False


def batched(columns: Sequence[Column], size: int) -> Iterator[Sequence[Column]]:
    """The columns, ``size`` at a time."""
    for start in range(0, len(columns), size):
        yield columns[start : start + size]
