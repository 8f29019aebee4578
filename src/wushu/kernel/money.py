"""Money as a whole number of fen (分, 1/100 yuan): no float ever comes near an amount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wushu.kernel.errors import kind

MONEY_INVALID = kind(
    "money-invalid",
    422,
    zh="“{text}”不是以元为单位、整数部分最多 18 位、小数最多两位的金额。",
    en="“{text}” is not an amount in yuan with at most 18 digits and two decimals.",
    way_out_zh="请写成 1234.5 或 1,234.50 的形式。",
    way_out_en="Write it as 1234.5 or 1,234.50.",
)

_MAX_DIGITS = 18
"""Digits of yuan, leading zeros included: far above any amount, far below what ``int`` will read."""
_AMOUNT = re.compile(r"([+-]?)(?:([0-9]+)|([0-9]{1,3}(?:,[0-9]{3})+))(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in renminbi, in fen; may be negative."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"fen must be an int, not {type(self.fen).__name__}")

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __abs__(self) -> Money:
        return Money(abs(self.fen))

    def __mul__(self, times: int) -> Money:
        return Money(self.fen * times)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.fen != 0

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split in proportion to the weights; the shares always add up to the amount.

        Largest remainder: each share is rounded towards zero, and the fen left over go to the
        largest remainders, the earlier share first. ``ValueError`` for negative weights or none
        above zero.
        """
        total = sum(weights)
        if not weights or min(weights) < 0 or total == 0:
            raise ValueError("weights must not be negative, and one must be above zero")
        sign = -1 if self.fen < 0 else 1
        shares = [divmod(abs(self.fen) * weight, total) for weight in weights]
        left = abs(self.fen) - sum(share for share, _ in shares)
        by_remainder = sorted(range(len(weights)), key=lambda i: -shares[i][1])
        favoured = set(by_remainder[:left])
        return tuple(Money(sign * (share + (i in favoured))) for i, (share, _) in enumerate(shares))

    def format(self, *, grouping: bool = True) -> str:
        """Yuan with two decimals: ``1,234.50``; ``grouping=False``: ``1234.50``."""
        yuan, fen = divmod(abs(self.fen), 100)
        sign = "-" if self.fen < 0 else ""
        return f"{sign}{yuan:,}.{fen:02}" if grouping else f"{sign}{yuan}.{fen:02}"

    def __str__(self) -> str:
        return self.format()


ZERO = Money(0)


def parse_money(text: str) -> Money:
    """Read yuan: up to 18 digits, correct thousands commas or none, at most two decimals, a sign.

    Refusal: ``money-invalid``; a third decimal is refused, never rounded.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise MONEY_INVALID(text=text[:40])
    sign, plain, grouped, decimals = match.groups()
    digits = plain or grouped.replace(",", "")
    if len(digits) > _MAX_DIGITS:
        raise MONEY_INVALID(text=text[:40])
    fen = int(digits) * 100 + int((decimals or "").ljust(2, "0"))
    return Money(-fen if sign == "-" else fen)


def total(amounts: Iterable[Money]) -> Money:
    """The sum; zero for none."""
    return sum(amounts, ZERO)
