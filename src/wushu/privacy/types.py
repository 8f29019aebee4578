"""What other apps see of a search for personal information, and of a program run where the data are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import IntEnum, StrEnum
from typing import Any

from wushu.kernel.errors import Said


class Kind(StrEnum):
    """What a recogniser looks for."""

    RESIDENT_ID = "resident_id"
    RESIDENT_ID_15 = "resident_id_15"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    EMAIL = "email"
    PERSON_NAME = "person_name"
    CREDIT_CODE = "credit_code"

    @property
    def personal(self) -> bool:
        """Whether it is personal information; the code of a body (统一社会信用代码) is not."""
        return self is not Kind.CREDIT_CODE


class Confidence(IntEnum):
    """How sure a finding is; comparable."""

    LOW = 1
    """No more than chance would give."""
    MEDIUM = 2
    """More than chance, or the header says so."""
    HIGH = 3
    """More than chance, and the header, the checksum or most of the values agree."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind found in one column."""

    kind: Kind
    matches: int
    """Values in which it was found and its check holds."""
    shaped: int
    """Values that look like it, whether or not the check holds."""
    share: float
    """``matches`` of the non-empty values, 0 to 1."""
    embedded: int
    """Matches inside a longer text, such as a remark."""
    header: bool
    """The column's header names it."""
    confidence: Confidence
    examples: tuple[str, ...]
    """Up to three matches, masked."""


@dataclass(frozen=True, slots=True)
class ColumnFindings:
    """All that was found in one column, the surest first."""

    name: str
    values: int
    """Non-empty values looked at."""
    findings: tuple[Finding, ...]

    @property
    def personal(self) -> tuple[Finding, ...]:
        """What a person should be warned of: personal, and more than chance."""
        return tuple(
            f for f in self.findings if f.kind.personal and f.confidence >= Confidence.MEDIUM
        )


@dataclass(frozen=True, slots=True)
class TableFindings:
    """All columns, in the table's order."""

    rows: int
    """Rows looked at: the sample the caller chose."""
    columns: tuple[ColumnFindings, ...]

    @property
    def personal(self) -> tuple[ColumnFindings, ...]:
        """Columns a person should be warned of."""
        return tuple(column for column in self.columns if column.personal)


class MaskMethod(StrEnum):
    """How the values of a column are shown in the place of the true ones."""

    HIDE = "hide"
    """``***``"""
    KEEP = "keep"
    """So many first and last characters, ``***`` for the others."""
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    STEP = "step"
    """A number without what is left over of a step."""
    PSEUDONYM = "pseudonym"
    """A name that stands for the value, by a key: the same value, the same name."""


_METHOD_WORDS = {
    MaskMethod.HIDE: Said("全部隐去", "hidden"),
    MaskMethod.KEEP: Said(
        "只显示前 {0} 字和后 {1} 字，其余以 *** 代替",
        "the first {0} and the last {1} characters, *** for the others",
    ),
    MaskMethod.DAY: Said("只到日", "to the day"),
    MaskMethod.MONTH: Said("只到月", "to the month"),
    MaskMethod.YEAR: Said("只到年", "to the year"),
    MaskMethod.STEP: Said("舍去不足 {0} 的零头", "cut down to a multiple of {0}"),
    MaskMethod.PSEUDONYM: Said("以代号代替，值相同则代号相同", "a pseudonym, the same for the same value"),
}  # fmt: skip


METHOD_LABELS = {
    MaskMethod.HIDE: Said("全部隐去，显示为 ***", "hidden, shown as ***"),
    MaskMethod.KEEP: Said(
        "只显示首尾若干字，其余以 *** 代替",
        "only so many first and last characters, *** for the others",
    ),
    MaskMethod.DAY: Said("时间只到日", "a time to the day"),
    MaskMethod.MONTH: Said("日期只到月", "a date to the month"),
    MaskMethod.YEAR: Said("日期只到年", "a date to the year"),
    MaskMethod.STEP: Said("数值舍去不足步长的零头", "a number cut down to a multiple of the step"),
    MaskMethod.PSEUDONYM: Said("以代号代替，值相同则代号相同", "a pseudonym, the same for the same value"),
}  # fmt: skip
"""To choose from."""


_MASKED_TYPES = {
    MaskMethod.KEEP: ("text", "integer"),
    MaskMethod.DAY: ("datetime",),
    MaskMethod.MONTH: ("date", "datetime"),
    MaskMethod.YEAR: ("date", "datetime"),
    MaskMethod.STEP: ("integer", "decimal", "number"),
    MaskMethod.PSEUDONYM: ("text", "integer"),
}
"""Types of columns a method is for; one that is not here is for all."""
_NUMBERS = {MaskMethod.KEEP: 2, MaskMethod.STEP: 1}
KEPT_MOST = 20


@dataclass(frozen=True, slots=True)
class Mask:
    """That a column is shown masked, and how; what the values mean: ``privacy.masking``."""

    column: str
    method: MaskMethod
    values: tuple[str, ...] = ()

    @property
    def words(self) -> Said:
        """What is done to the values."""
        words = _METHOD_WORDS[self.method]
        return Said(words.zh.format(*self.values), words.en.format(*self.values))

    def fault(self, type_: str, scale: int) -> Said | None:
        """Why a column of this type cannot be masked so; None: it can.

        ``type_`` is one of the catalogue's: text, integer, decimal, number, date, datetime, boolean;
        ``scale`` the digits after a decimal's point.
        """
        wanted = _NUMBERS.get(self.method, 0)
        if len(self.values) != wanted:
            return Said(f"须写 {wanted} 个数", f"it takes {wanted} numbers")
        if type_ not in _MASKED_TYPES.get(self.method, (type_,)):
            return Said(f"不能用于 {type_} 类型的数据项", f"it is not for columns of type {type_}")
        if self.method is MaskMethod.KEEP:
            return _keep_fault(self.values)
        return _step_fault(self.values[0], type_, scale) if self.method is MaskMethod.STEP else None

    @property
    def notation(self) -> str:
        """``keep:3:4``, as metadata and the command line write it."""
        return ":".join((self.method.value, *self.values))

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"column": self.column, "method": self.method.value, "values": list(self.values)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Mask:
        """Read the stored form; ``KeyError``, ``TypeError`` or ``ValueError`` when it is none."""
        values = tuple(str(one) for one in stored.get("values", ()))
        return cls(str(stored["column"]), MaskMethod(stored["method"]), values)


@dataclass(frozen=True, slots=True)
class ProgramLimits:
    """What a program of somebody else may take."""

    characters: int
    seconds: float
    memory_mb: int
    threads: int
    rows: int
    """Of its result; a larger one is refused whole."""
    bytes: int
    """Of its result as JSON."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a program made."""

    columns: tuple[tuple[str, str], ...]
    """Name and the engine's type of each."""
    rows: tuple[tuple[Any, ...], ...]
    """Values as JSON holds them; exact numbers and moments are text."""
    smallest_group: int | None
    """The fewest rows of the table behind any row of the result; None where nothing sound can be said."""


def _keep_fault(values: tuple[str, ...]) -> Said | None:
    if all(one.isascii() and one.isdigit() and int(one) <= KEPT_MOST for one in values):
        return None
    return Said(f"字数为 0 至 {KEPT_MOST}", f"so many characters: 0 to {KEPT_MOST}")


def _step_fault(text: str, type_: str, scale: int) -> Said | None:
    try:
        step = Decimal(text)
    except InvalidOperation:
        step = Decimal(0)
    if not (text.isascii() and step.is_finite() and 0 < step < 10**12):
        return Said("步长须为正数", "the step is a positive number")
    digits = -int(step.normalize().as_tuple().exponent)
    if type_ != "number" and digits > (scale if type_ == "decimal" else 0):
        return Said("步长的小数位多于数据项", "the step has more decimals than the column")
    return None
