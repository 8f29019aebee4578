"""Bank card numbers: ISO/IEC 7812-1, check digit by the Luhn formula (its annex B).

The formula finds every single wrong digit and every swap of neighbours except 09 and 90.
"""

from __future__ import annotations

from dataclasses import dataclass

from wushu.kernel.identifiers.refusals import Naming

MIN_LENGTH, MAX_LENGTH = 15, 19
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_NAMING = Naming("银行卡号", "A bank card number", "15 至 19 位数字", "15 to 19 digits")


@dataclass(frozen=True, slots=True, repr=False)
class BankCard:
    """A number whose check digit holds; ``repr`` and ``str`` are masked."""

    number: str

    @property
    def issuer(self) -> str:
        """The first six digits of the issuer identification number."""
        return self.number[:6]

    @property
    def masked(self) -> str:
        """Issuer and last four digits, the rest starred."""
        return f"{self.number[:6]}{'*' * (len(self.number) - 10)}{self.number[-4:]}"

    def __repr__(self) -> str:
        return f"BankCard({self.masked!r})"

    __str__ = __repr__


def luhn_check_digit(payload: str) -> str:
    """The digit to append to ASCII digits."""
    return str(-_luhn_sum(payload + "0") % 10)


def luhn_holds(number: str) -> bool:
    """Whether the last of the ASCII digits is the check digit of the others."""
    return _luhn_sum(number) % 10 == 0


def parse_bank_card(text: str) -> BankCard:
    """Read a number; blanks and hyphens between groups are accepted.

    Refusals: ``identifier-length``, ``identifier-character``, ``identifier-check-digit``.
    """
    number = text.replace(" ", "").replace("-", "")
    if not MIN_LENGTH <= len(number) <= MAX_LENGTH:
        raise _NAMING.wrong_length(len(number))
    _NAMING.require_digits(number)
    expected = luhn_check_digit(number[:-1])
    if number[-1] != expected:
        raise _NAMING.wrong_check(len(number), found=number[-1], expected=expected)
    return BankCard(number)


def _luhn_sum(number: str) -> int:
    digits = [int(c) for c in number]
    return sum(digits[-1::-2]) + sum(_DOUBLED[d] for d in digits[-2::-2])
