"""What an import did, or would do, line by line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wushu.kernel.errors import Language, Refusal, Said
from wushu.kernel.formulas import guarded


class CellRefusal(Exception):
    """A refusal and the cell it is about."""

    def __init__(self, refusal: Refusal, cell: str) -> None:
        super().__init__(refusal, cell)
        self.refusal = refusal
        self.cell = cell


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


OUTCOMES: dict[Outcome, Said] = {
    Outcome.CREATED: Said("新增", "created"),
    Outcome.CHANGED: Said("更改", "changed"),
    Outcome.SAME: Said("已是如此", "already so"),
    Outcome.REFUSED: Said("拒绝", "refused"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that a row changes."""

    what: Said
    old: str
    new: str

    def words(self, language: Language) -> str:
        """``name: old → new``."""
        joint = "：" if language == "zh" else ": "
        before = f"{self.old} → " if self.old else ""
        return f"{self.what(language)}{joint}{before}{self.new or '—'}"


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row, or of the rows that belong together."""

    row: int
    outcome: Outcome
    subject: str
    """By what people know it: a credit code, a username, a title."""
    changes: tuple[Changed, ...] = ()
    refusal: Refusal | None = None
    cell: str = ""
    """Of the refusal."""
    secret: str = field(default="", repr=False)
    """What is shown this once and stored nowhere: the path at which a person sets a password."""

    @classmethod
    def refused(cls, row: int, subject: str, refusal: Refusal, cell: str = "") -> Line:
        """A row that is not taken."""
        return cls(row, Outcome.REFUSED, subject, refusal=refusal, cell=cell)

    def as_json(self) -> dict[str, Any]:
        """For ``--json``; changes and refusal in English."""
        found: dict[str, Any] = {
            "row": self.row, "outcome": self.outcome.value, "subject": self.subject,
        }  # fmt: skip
        if self.changes:
            found["changes"] = [
                {"field": one.what.key or one.what.en, "old": one.old, "new": one.new}
                for one in self.changes
            ]
        if self.refusal is not None:
            found |= {"cell": self.cell, "refusal": self.refusal.as_problem("en")}
        if self.secret:
            found["set_password"] = self.secret
        return found

    def words(self, language: Language) -> str:
        """What changes, or why it is refused."""
        if self.refusal is not None:
            gap = "" if language == "zh" else " "
            sentence = self.refusal.sentence(language) + gap + self.refusal.way_out(language)
            return f"{sentence} [{self.refusal.name}]"
        return ("；" if language == "zh" else "; ").join(
            one.words(language) for one in self.changes
        )


@dataclass
class Tally:
    """How many rows came to what."""

    counts: Counter[Outcome] = field(default_factory=Counter)

    def of(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines, counted as they pass."""
        for line in lines:
            self.counts[line.outcome] += 1
            yield line

    @property
    def wrote(self) -> bool:
        """Whether anything was created or changed."""
        return bool(self.counts[Outcome.CREATED] or self.counts[Outcome.CHANGED])

    def as_json(self) -> dict[str, int]:
        """Every outcome with its number."""
        return {one.value: self.counts[one] for one in Outcome}

    def words(self, language: Language) -> str:
        """``新增 3，更改 0 …``."""
        joint = "，" if language == "zh" else ", "
        return joint.join(f"{OUTCOMES[one](language)} {self.counts[one]}" for one in Outcome)


_HEADINGS = (
    Said("行", "Row"), Said("结果", "Outcome"), Said("对象", "Subject"), Said("单元格", "Cell"),
    Said("说明", "What"), Said("设置密码的网址", "Address to set the password"),
)  # fmt: skip


def report_csv(lines: Iterable[Line], language: Language) -> Iterator[str]:
    """The report as CSV with a byte order mark, line by line; no cell is run as a formula."""
    yield "\ufeff" + _csv_line([one(language) for one in _HEADINGS])
    for line in lines:
        said = OUTCOMES[line.outcome](language)
        cells = [str(line.row), said, line.subject, line.cell, line.words(language), line.secret]
        yield _csv_line([guarded(one) for one in cells])


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
