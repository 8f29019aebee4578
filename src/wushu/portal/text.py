"""How numbers, days, sizes and two-language texts are written on pages. Pure functions."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from wushu.kernel.errors import Language

THIN_SPACE = "\u202f"
"""Narrow no-break space: groups digits without letting a number break over two lines."""
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_STEPS = ("B", "kB", "MB", "GB", "TB")


def grouped(number: int) -> str:
    """``10482`` as ``10 482`` (SI brochure, 5.4.4: groups of three, thin spaces, from five digits)."""
    digits = f"{abs(number)}"
    if len(digits) > 4:
        digits = f"{abs(number):,}".replace(",", THIN_SPACE)
    return f"-{digits}" if number < 0 else digits


def day_words(day: date, language: Language) -> str:
    """``2026年11月21日`` or ``21 November 2026``."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime, language: Language) -> str:
    """The day and the time to the minute, in the moment's own zone."""
    return f"{day_words(moment.date(), language)} {moment:%H:%M}"


def size_words(size: int) -> str:
    """Bytes in powers of 1000 with three significant digits: ``1.35 MB``."""
    amount, step = float(size), 0
    while amount >= 999.5 and step < len(_STEPS) - 1:
        amount, step = amount / 1000, step + 1
    digits = 0 if step == 0 or amount >= 100 else (1 if amount >= 10 else 2)
    return f"{amount:.{digits}f}{THIN_SPACE}{_STEPS[step]}"


def share_words(share: float) -> str:
    """0 to 1 as a percentage that says 100 % only when it is, and 0 % only when it is."""
    percent = share * 100
    if 0 < percent < 0.1:
        return f"<0.1{THIN_SPACE}%"
    if 99.9 < percent < 100:
        return f"99.9{THIN_SPACE}%"
    digits = 0 if percent in (0, 100) else 1
    return f"{percent:.{digits}f}{THIN_SPACE}%"


def duration_words(span: timedelta, language: Language) -> str:
    """A span to its largest unit: days, hours or minutes; never less than a minute."""
    minutes = max(1, round(span.total_seconds() / 60))
    for size, zh, en in ((1440, "天", "day"), (60, "小时", "hour"), (1, "分钟", "minute")):
        if minutes >= size:
            count = round(minutes / size)
            if language == "zh":
                return f"{count}{THIN_SPACE}{zh}"
            return f"{count} {en}{'' if count == 1 else 's'}"
    raise AssertionError("a span has at least one minute")


def one_language(text: str, language: Language) -> str:
    """The half of ``中文 / English`` that is in the language; any other text stays whole.

    It counts as such a pair only if the first half has Chinese characters and the second has none,
    so that ``km / h`` or ``上海 / 苏州`` are left alone.
    """
    first, slash, second = text.partition(" / ")
    if not slash or not second.strip() or not _CJK.search(first) or _CJK.search(second):
        return text
    return first if language == "zh" else second


def is_chinese(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _CJK.search(text) is not None


def either(zh: str, en: str, language: Language) -> str:
    """The text in the language, the other one where it is missing."""
    return (zh or en) if language == "zh" else (en or zh)
