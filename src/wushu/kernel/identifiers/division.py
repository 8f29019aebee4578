"""Codes of administrative divisions (行政区划代码).

GB/T 2260 gives province, prefecture and county two digits each; GB/T 10114 adds three digits for
the township level (乡镇、街道), and the statistical division code adds three more for the village
or residents' committee (村、居委会). Codes are text: they are written with 2, 4, 6, 9 or 12 digits,
and a short code may be filled up with zeros (``110000``, ``441900003000``).

This module reads structure only. Whether a division exists, and since when, is a table's business.
A township directly under a prefecture is real (东莞 ``441900003``): the county part is then zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wushu.kernel.identifiers.refusals import Naming

LENGTHS = (2, 4, 6, 9, 12)
# fmt: off
PROVINCE_CODES = frozenset((
    "11", "12", "13", "14", "15",
    "21", "22", "23",
    "31", "32", "33", "34", "35", "36", "37",
    "41", "42", "43", "44", "45", "46",
    "50", "51", "52", "53", "54",
    "61", "62", "63", "64", "65",
    "71", "81", "82",
))
# fmt: on
"""Two-digit codes of GB/T 2260-2007, table 1."""

_NAMING = Naming(
    "行政区划代码", "A division code", "2、4、6、9 或 12 位数字", "2, 4, 6, 9 or 12 digits"
)


class DivisionLevel(StrEnum):
    """How deep a code goes."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


_LEVELS = tuple(DivisionLevel)


@dataclass(frozen=True, slots=True)
class Division:
    """A division code as written, with what its digits say."""

    code: str

    @property
    def parts(self) -> tuple[str, str, str, str, str]:
        """Digits of province, prefecture, county, township and village; zeros where absent."""
        full = self.code.ljust(12, "0")
        return full[:2], full[2:4], full[4:6], full[6:9], full[9:]

    @property
    def level(self) -> DivisionLevel:
        """The deepest level whose digits are not all zero."""
        return _LEVELS[max(i for i, part in enumerate(self.parts) if int(part))]

    @property
    def short(self) -> str:
        """The code without trailing zero levels, the form that is equal for equal divisions."""
        return self.code.ljust(12, "0")[: LENGTHS[_LEVELS.index(self.level)]]

    @property
    def parent(self) -> Division | None:
        """The division above in short form; None for a province."""
        filled = [i for i, part in enumerate(self.parts) if int(part)]
        if len(filled) == 1:
            return None
        return Division(self.short[: LENGTHS[filled[-2]]])

    @property
    def ancestors(self) -> tuple[Division, ...]:
        """All divisions above, nearest first."""
        above = self.parent
        return () if above is None else (above, *above.ancestors)

    def padded(self, length: int) -> str:
        """The code with ``length`` digits; ``ValueError`` when that would cut a level off."""
        if length not in LENGTHS or length < len(self.short):
            raise ValueError(f"{self.code} cannot be written with {length} digits")
        return self.short.ljust(length, "0")

    def within(self, other: Division) -> bool:
        """Whether this division is the other or lies in it."""
        return self.short == other.short or any(a.short == other.short for a in self.ancestors)

    def __str__(self) -> str:
        return self.code


def parse_division(text: str) -> Division:
    """Read a code of 2, 4, 6, 9 or 12 digits.

    Refusals: ``identifier-length``, ``identifier-character``, ``identifier-part`` (no province of
    GB/T 2260; a county under no prefecture).
    """
    code = text.strip()
    if len(code) not in LENGTHS:
        raise _NAMING.wrong_length(len(code))
    _NAMING.require_digits(code)
    if code[:2] not in PROVINCE_CODES:
        raise _NAMING.wrong_part(
            1,
            2,
            code[:2],
            reason_zh="不是 GB/T 2260 的省级代码",
            reason_en="no province of GB/T 2260 has it",
        )
    if code[2:4] == "00" and int(code[4:] or 0):
        raise _NAMING.wrong_part(
            3, 4, "00", reason_zh="下级代码缺少地级", reason_en="a lower level lacks its prefecture"
        )
    if len(code) == 12 and code[6:9] == "000" and int(code[9:]):
        raise _NAMING.wrong_part(
            7,
            9,
            "000",
            reason_zh="村级代码缺少乡级",
            reason_en="a village lacks its township",
        )
    return Division(code)
