"""What type to propose for a column, from a sample of its texts. Pure; a person confirms.

A proposal is only a proposal: the whole column is then tried against it (``inspect``), and what it
would reject is shown. Codes are not numbers: whatever looks like a code stays text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from wushu.catalog.types import FieldType
from wushu.dataplane.ingest.dialect import NULL_LITERALS
from wushu.dataplane.types import SemanticType
from wushu.kernel.identifiers.credit_code import is_credit_code
from wushu.kernel.identifiers.division import PROVINCE_CODES
from wushu.kernel.identifiers.resident_id import is_resident_id

BELIEVED = 0.98
"""Share of the filled values that must be of a type for it to be proposed."""
MAX_SCALE = 18
MAX_INTEGER_DIGITS = 18
BLANKS = " \t\u00a0\u3000"


class Why(StrEnum):
    """Why a type is proposed; each has its sentence in ``docs/reference/ingest.md``."""

    EMPTY = "empty"
    TEXT = "text"
    VALUES = "values"  # (nearly) all values are of the type
    CODE_HEADER = "code-header"
    LEADING_ZERO = "leading-zero"
    CODE_LENGTH = "code-length"  # digits of one length, as codes have
    IDENTIFIER = "identifier"  # credit codes, resident IDs, division codes, phones
    TOO_LONG = "too-long-for-a-number"
    DAY_OR_MONTH = "day-or-month-first"  # 01/02/2020 may be either
    MIXED = "mixed"  # several types, none of them nearly all


@dataclass(frozen=True, slots=True)
class Proposal:
    """One type to try, with its format."""

    type: FieldType
    format: str = ""
    why: Why = Why.VALUES
    semantic: SemanticType = SemanticType.NONE


_DATE_FORMATS = (
    "%Y-%m-%d", "%Y-%-m-%-d", "%Y/%m/%d", "%Y/%-m/%-d", "%Y.%m.%d", "%Y.%-m.%-d",
    "%Y年%m月%d日", "%Y年%-m月%-d日", "%Y%m%d",
    "%d/%m/%Y", "%m/%d/%Y", "%-d/%-m/%Y", "%-m/%-d/%Y",
    "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%-d.%-m.%Y",
    "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%-d %B %Y", "%b %d, %Y", "%B %-d, %Y",
)  # fmt: skip
_TIME_FORMATS = (
    "%H:%M:%S", "%H:%M", "%-H:%M:%S", "%-H:%M", "%H:%M:%S.%g", "%H:%M:%S.%f", "%I:%M:%S %p",
    "%-I:%M:%S %p", "%H时%M分", "%H时%M分%S秒",
)  # fmt: skip
_DATETIME_FORMATS = (
    *(day + gap + time for day, gap, time in product(_DATE_FORMATS[:8], (" ", "T"), _TIME_FORMATS)),
    *(day + " " + time for day, time in product(_DATE_FORMATS[9:17], _TIME_FORMATS)),
    "%Y%m%d%H%M%S",
)
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_FULL_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_PARTS = {
    "%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"(?:0[1-9]|1[0-2])", "%-m": r"(?:[1-9]|1[0-2])",
    "%d": r"(?:0[1-9]|[12]\d|3[01])", "%-d": r"(?:[1-9]|[12]\d|3[01])",
    "%H": r"(?:[01]\d|2[0-3])", "%-H": r"(?:\d|1\d|2[0-3])", "%I": r"(?:0[1-9]|1[0-2])",
    "%-I": r"(?:[1-9]|1[0-2])", "%M": r"[0-5]\d", "%S": r"[0-5]\d", "%f": r"\d{6}", "%g": r"\d{3}",
    "%p": r"(?:AM|PM)", "%b": f"(?:{_MONTHS})", "%B": f"(?:{_FULL_MONTHS})",
}  # fmt: skip


def _pattern(format_: str) -> re.Pattern[str]:
    pieces = re.split(r"(%-?[A-Za-z])", format_)
    return re.compile("".join(_PARTS.get(piece, re.escape(piece)) for piece in pieces), re.ASCII)


_MOMENTS = tuple(
    (type_, format_, _pattern(format_))
    for type_, formats in (
        (FieldType.DATE, _DATE_FORMATS),
        (FieldType.DATETIME, _DATETIME_FORMATS),
    )
    for format_ in formats
)
_BOOLEANS = (
    "true|false", "True|False", "TRUE|FALSE", "是|否", "有|无", "Y|N", "y|n", "Yes|No", "yes|no",
    "YES|NO", "t|f", "T|F", "√|×",
)  # fmt: skip
_INTEGER = re.compile(r"[+-]?[0-9]+")
_GROUPED_INTEGER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.([0-9]+))?|\.([0-9]+))")
_GROUPED_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_MOMENT_LIKE = re.compile(r"(?=.*\d.*\d)[\dA-Za-z年月日时分秒:/., -]{8,40}")
_PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_URL = re.compile(r"https?://\S+")
_CODE_HEADER = re.compile(
    r"编码|代码|编号|证号|号码|代号|邮编|区号|身份证|电话|手机"
    r"|(?:^|[^a-z])(?:id|code|no|zip|postcode|phone|tel|fips|isbn|issn)s?(?:$|[^a-z])"
    r"|(?:code|_id|Id|ID|Code|zipcode)$"
)
_DIVISION_HEADER = re.compile(
    r"区划|地区|省|市|区|县|镇|乡|街道|村|division|district|region|area|adcode|city|county|province",
    re.IGNORECASE,
)
_SERIAL_HEADER = re.compile(r"(?:no|no\.|序号|#|num|number|index)", re.IGNORECASE)
_MONEY_HEADER = re.compile(
    r"金额|价格|价款|费用|收入|支出|工资|元\)|（元|amount|price|cost|fee|salary", re.I
)
_LONGITUDE_HEADER = re.compile(r"经度|longitude|^(?:lng|lon|long|x)$", re.IGNORECASE)
_LATITUDE_HEADER = re.compile(r"纬度|latitude|^(?:lat|y)$", re.IGNORECASE)


def widened(proposal: Proposal, places: int, *, grouped: bool, exponent: bool) -> Proposal:
    """The numeric proposal that rejects no number of the whole column.

    Of the numbers it rejects, ``places`` is the most fraction digits, ``grouped`` says that some have
    commas between groups of three, ``exponent`` that some are in exponent notation.
    """
    known = proposal.format.rstrip(",")
    comma = "," if grouped or proposal.format.endswith(",") else ""
    scale = max(places, int(known or 0))
    if exponent or scale > MAX_SCALE:
        return replace(proposal, type=FieldType.NUMBER, format="")
    if scale or proposal.type is FieldType.DECIMAL:
        return replace(proposal, type=FieldType.DECIMAL, format=f"{scale}{comma}")
    return replace(proposal, format=comma)


def propose(header: str, sample: Sequence[str]) -> list[Proposal]:
    """Types to try in order of preference; text is always the last."""
    literals = set(NULL_LITERALS)
    filled = [text for cell in sample if (text := cell.strip(BLANKS)) not in literals]
    if not filled:
        return [Proposal(FieldType.TEXT, why=Why.EMPTY)]
    identifier = _identifier(header, filled)
    if identifier is not None:
        return [Proposal(FieldType.TEXT, why=Why.IDENTIFIER, semantic=identifier)]
    moments = _moments(filled)
    if moments:
        return moments
    numbers = _numbers(header, filled)
    if numbers:
        return numbers
    for format_ in _BOOLEANS:
        if set(filled) <= set(format_.split("|")) and len(set(filled)) > 1:
            return [Proposal(FieldType.BOOLEAN, format_), _text(filled)]
    return [_text(filled)]


def _share(filled: Sequence[str], holds: Callable[[str], object]) -> float:
    return sum(1 for text in filled if holds(text)) / len(filled)


def _identifier(header: str, filled: Sequence[str]) -> SemanticType | None:
    """What most values are by their own check digits or shape."""
    tests: tuple[tuple[SemanticType, Callable[[str], object]], ...] = (
        (SemanticType.CREDIT_CODE, is_credit_code),
        (SemanticType.RESIDENT_ID, is_resident_id),
        (SemanticType.PHONE, _PHONE.fullmatch),
        (SemanticType.EMAIL, _EMAIL.fullmatch),
        (SemanticType.URL, _URL.match),
    )
    for semantic, test in tests:
        # The two ends first: most columns are none of these.
        if (test(filled[0]) or test(filled[-1])) and _share(filled, test) >= 0.9:
            return semantic
    if _is_division_code(filled[0]) and _share(filled, _is_division_code) >= 0.9:
        provinces = {text[:2] for text in filled}
        if len(filled[0]) > 6 or len(provinces) >= 3 or _DIVISION_HEADER.search(header):
            return SemanticType.DIVISION_CODE
    return None


def _is_division_code(text: str) -> bool:
    return len(text) in (6, 9, 12) and text[:2] in PROVINCE_CODES and text.isdecimal()


def _moments(filled: Sequence[str]) -> list[Proposal]:
    """Date and time formats, the best first; text when day and month may be exchanged."""
    probe = filled[:20]
    if not any(_MOMENT_LIKE.fullmatch(text) for text in probe):
        return []
    scores: Counter[int] = Counter()
    for place, (_, format_, pattern) in enumerate(_MOMENTS):
        if not any(pattern.fullmatch(text) for text in probe):
            continue
        if format_.startswith("%Y%m%d") and not all("1900" <= t[:4] <= "2100" for t in probe):
            continue
        scores[place] = sum(1 for text in filled if pattern.fullmatch(text))
    ranked = [place for place, hits in scores.most_common() if hits >= BELIEVED * len(filled)]
    ranked.sort(key=lambda place: (-scores[place], place))
    if not ranked:
        return []
    best = [_MOMENTS[place] for place in ranked]
    first, rivals = best[0], best[1:]
    if any(_exchanged(first[1]) == _plain(rival[1]) for rival in rivals):
        return [Proposal(FieldType.TEXT, why=Why.DAY_OR_MONTH)]
    return [*(Proposal(type_, format_) for type_, format_, _ in best[:2]), _text(filled)]


def _plain(format_: str) -> str:
    return format_.replace("-m", "m").replace("-d", "d")


def _exchanged(format_: str) -> str:
    """The format with day and month in each other's place."""
    return _plain(format_).replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def _numbers(header: str, filled: Sequence[str]) -> list[Proposal]:
    """Integer, decimal or number, or text where digits are a code."""
    if _share(filled, _NUMBER.fullmatch) < BELIEVED:
        return _grouped(header, filled)
    if _share(filled, _INTEGER.fullmatch) >= BELIEVED:
        code = _code(header, filled)
        if code is not None:
            return [Proposal(FieldType.TEXT, why=code, semantic=SemanticType.CODE)]
        semantic = _measure(header, filled)
        scaled = Proposal(FieldType.DECIMAL, str(_scale(_DECIMAL, filled)), semantic=semantic)
        fallback = [scaled] if scaled.format != "0" else []
        return [Proposal(FieldType.INTEGER, semantic=semantic), *fallback, _text(filled)]
    semantic = _measure(header, filled)
    number = Proposal(FieldType.NUMBER, semantic=semantic)
    if _share(filled, _DECIMAL.fullmatch) >= BELIEVED:
        places = _scale(_DECIMAL, filled)
        if places <= MAX_SCALE:
            return [
                Proposal(FieldType.DECIMAL, str(places), semantic=semantic),
                number,
                _text(filled),
            ]
    return [number, _text(filled)]


def _grouped(header: str, filled: Sequence[str]) -> list[Proposal]:
    """Numbers with commas between groups of three."""
    if _share(filled, _GROUPED_DECIMAL.fullmatch) < BELIEVED:
        return []
    semantic = _measure(header, filled)
    if _share(filled, _GROUPED_INTEGER.fullmatch) >= BELIEVED:
        return [Proposal(FieldType.INTEGER, ",", semantic=semantic), _text(filled)]
    places = min(MAX_SCALE, _scale(_GROUPED_DECIMAL, filled))
    return [Proposal(FieldType.DECIMAL, f"{places},", semantic=semantic), _text(filled)]


def _scale(pattern: re.Pattern[str], filled: Sequence[str]) -> int:
    found = (pattern.fullmatch(text) for text in filled)
    return max(
        (len(match[match.lastindex or 0]) if match.lastindex else 0 for match in found if match),
        default=0,
    )


def _code(header: str, filled: Sequence[str]) -> Why | None:
    """Why these digits are a code and no number."""
    if any(_LEADING_ZERO.fullmatch(text) for text in filled):
        return Why.LEADING_ZERO
    if _CODE_HEADER.search(header.strip()) and not _SERIAL_HEADER.fullmatch(header.strip()):
        return Why.CODE_HEADER
    if max(map(len, filled)) > MAX_INTEGER_DIGITS:
        return Why.TOO_LONG
    lengths = {len(text) for text in filled}
    if (
        len(lengths) == 1
        and min(lengths) >= 8
        and len(filled) > 1
        and _share(filled, _DIGITS.fullmatch) == 1
    ):
        return Why.CODE_LENGTH
    return None


def _measure(header: str, filled: Sequence[str]) -> SemanticType:
    """Money and coordinates, by header and range."""
    if _MONEY_HEADER.search(header):
        return SemanticType.MONEY
    for semantic, pattern, limit in (
        (SemanticType.LONGITUDE, _LONGITUDE_HEADER, 180.0),
        (SemanticType.LATITUDE, _LATITUDE_HEADER, 90.0),
    ):
        if pattern.search(header.strip()):
            inside = _share(filled, lambda t: bool(_NUMBER.fullmatch(t)) and abs(float(t)) <= limit)  # noqa: B023
            if inside >= BELIEVED:
                return semantic
    return SemanticType.NONE


def _text(filled: Sequence[str]) -> Proposal:
    """Text: a category when few values repeat, mixed when a good part is numbers."""
    distinct = len(set(filled))
    if len(filled) >= 20 and distinct <= 50 and distinct * 10 <= len(filled):
        return Proposal(FieldType.TEXT, why=Why.TEXT, semantic=SemanticType.CATEGORY)
    mixed = _share(filled, _NUMBER.fullmatch) >= 0.5
    return Proposal(FieldType.TEXT, why=Why.MIXED if mixed else Why.TEXT)
