"""How articles are written: ``21(2)`` in the files, 第二十一条第（二）项 to the reader."""

from __future__ import annotations

import re

from wushu.kernel.errors import Said

_SHAPE = re.compile(r"(\d{1,3})(?:\((\d{1,2})\))?")
_DIGITS = "〇一二三四五六七八九"


def article_number(text: str) -> int | None:
    """The article that is meant; None where the text names none."""
    found = _SHAPE.fullmatch(text)
    return int(found[1]) if found else None


def article_words(text: str) -> Said:
    """The place in words; ``ValueError`` for a text that names none."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} names no article")
    zh = f"第{chinese_number(int(found[1]))}条"
    en = f"art. {found[1]}"
    if found[2]:
        zh += f"第（{chinese_number(int(found[2]))}）项"
        en += f"({found[2]})"
    return Said(zh, en)


def chinese_number(number: int) -> str:
    """1 to 999 as a regulation counts its articles: 十, 二十一, 一百零五."""
    if not 1 <= number <= 999:
        raise ValueError(f"{number} is no number of an article")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if hundreds and not tens and ones:
        text += "零"
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    return text + (_DIGITS[ones] if ones else "")
