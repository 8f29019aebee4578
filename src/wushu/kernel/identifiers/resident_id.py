"""Citizen identification number (公民身份号码), GB 11643-1999.

18 characters: division (1-6, GB/T 2260), date of birth (7-14), sequence (15-17, odd for men) and a
check character (18; ISO 7064 MOD 11-2, ten written ``X``). The 15-digit number of GB 11643-1989
has a two-digit year and no check character; it is read into its 18-character form, its
sequence 996-999 being those the 1989 standard kept for people then over a hundred (born 18yy).

A number is personal data. Refusals name positions and single characters, never the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

from wushu.kernel.identifiers.division import PROVINCE_CODES, Division
from wushu.kernel.identifiers.refusals import Naming

LENGTH = 18
LEGACY_LENGTH = 15
WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_CHECK = "10X98765432"
_ASCII_ZERO_SHARE = ord("0") * sum(WEIGHTS)
_ADDRESS_CODES = PROVINCE_CODES | {"83"}
"""Provinces, and 83 of the residence permits for Taiwan residents (2018), same structure."""

_NAMING = Naming(
    "公民身份号码",
    "A resident identity number",
    "18 位（旧号 15 位）",
    "18 characters (or 15, old form)",
)


class Sex(StrEnum):
    """What the 17th position says (GB 11643, sequence code)."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True, repr=False)
class ResidentId:
    """A number whose date and check character hold; ``repr`` and ``str`` are masked."""

    number: str
    """The 18-character form."""

    @property
    def division(self) -> Division:
        """Division of the residence when the number was given."""
        return Division(self.number[:6])

    @property
    def born(self) -> date:
        """Date of birth."""
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def sex(self) -> Sex:
        """Odd sequence: male."""
        return Sex.MALE if int(self.number[16]) % 2 else Sex.FEMALE

    @property
    def masked(self) -> str:
        """Division and last two characters, the rest starred."""
        return f"{self.number[:6]}{'*' * 10}{self.number[16:]}"

    def __repr__(self) -> str:
        return f"ResidentId({self.masked!r})"

    __str__ = __repr__


def check_character(first_17: str) -> str:
    """The 18th character that 17 ASCII digits require (ISO 7064 MOD 11-2)."""
    return _CHECK[(sum(map(mul, WEIGHTS, first_17.encode())) - _ASCII_ZERO_SHARE) % 11]


def is_resident_id(text: str) -> bool:
    """Whether the text is an 18-character number, without saying why not: for scanning values."""
    return (
        len(text) == LENGTH
        and text.isascii()
        and text[:17].isdigit()
        and text[:2] in _ADDRESS_CODES
        and text[17] in "0123456789Xx"
        and _born(text[6:14]) is not None
        and check_character(text[:17]) == text[17].upper()
    )


def parse_resident_id(text: str, *, today: date | None = None) -> ResidentId:
    """Read an 18-character number, or a 15-digit one into its 18-character form.

    ``today``, when given, refuses a birth after it. Refusals: ``identifier-length``,
    ``identifier-character``, ``identifier-part`` (province, date), ``identifier-check-digit``.
    """
    number = text.strip().upper()
    if len(number) not in (LENGTH, LEGACY_LENGTH):
        raise _NAMING.wrong_length(len(number))
    if len(number) == LEGACY_LENGTH:
        _NAMING.require_digits(number)
        body = _with_century(number)
        number = body + check_character(body)
    else:
        _NAMING.require_digits(number, 1, 17)
        if number[17] not in _CHECK:
            raise _NAMING.wrong_character(
                18, number[17], allowed_zh="数字或 X", allowed_en="a digit or X"
            )
    _require_province(number)
    _require_birth(number, today, legacy=len(text.strip()) == LEGACY_LENGTH)
    expected = check_character(number[:17])
    if number[17] != expected:
        raise _NAMING.wrong_check(18, found=number[17], expected=expected)
    return ResidentId(number)


def _with_century(legacy: str) -> str:
    century = "18" if legacy[12:] >= "996" else "19"
    return legacy[:6] + century + legacy[6:]


def _require_province(number: str) -> None:
    if number[:2] not in _ADDRESS_CODES:
        raise _NAMING.wrong_part(
            1,
            2,
            number[:2],
            reason_zh="不是 GB/T 2260 的省级代码",
            reason_en="no province of GB/T 2260 has it",
        )


def _require_birth(number: str, today: date | None, *, legacy: bool) -> None:
    born = _born(number[6:14])
    if born is not None and (today is None or born <= today):
        return
    first, last = (7, 12) if legacy else (7, 14)
    raise _NAMING.wrong_part(
        first,
        last,
        number[8:14] if legacy else number[6:14],
        reason_zh="不是可能的出生日期",
        reason_en="it is not a possible date of birth",
    )


def _born(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
