"""Recognisers of personal information: pure functions on one text, and how much findings prove.

A match must hold its own check (check digit, date, allotted network code), because a table of codes
is full of long numbers. What a check lets through by chance is counted against a finding.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from wushu.kernel.identifiers import PROVINCE_CODES, is_credit_code, is_resident_id, luhn_holds
from wushu.kernel.identifiers.credit_code import ALPHABET
from wushu.kernel.identifiers.resident_id import check_character
from wushu.privacy.types import Confidence, Kind
from wushu.privacy.vocabulary import (
    CARD_PREFIXES,
    FIFTEEN_DIGIT_CARDS,
    HEADER_WORDS,
    MOBILE_SEGMENTS,
    PLATE_ENDINGS,
    PLATE_PROVINCES,
    SURNAMES,
    VAGUE_NAME_HEADERS,
)


class Hit(NamedTuple):
    """A place in a text that has the shape of a kind."""

    kind: Kind
    text: str
    holds: bool
    """Its check holds."""


PREFILTER = (
    r"[0-9]{11}|[0-9]{3}[ -][0-9]{4}|[0-9]{4}[ -][0-9]{4}|[0-9]{6}[0-9A-Za-z ]{9}|@"
    rf"|[{PLATE_PROVINCES}][A-Z]|[０-９＠]"
)
"""A text without this (RE2 syntax) has no hit of ``hits``: decided on whole columns at once."""

CHANCE: dict[Kind, float] = {
    Kind.RESIDENT_ID: 1 / 11,  # the check character
    Kind.RESIDENT_ID_15: 0.05,  # six digits that happen to be a date: 365 of 10,000, and slack
    Kind.MOBILE: 0.055,  # allotted network codes among all numbers of eleven digits
    Kind.BANK_CARD: 1 / 10,  # the check digit
    Kind.CREDIT_CODE: 1 / 31,  # the check character
    Kind.PLATE: 0.0,
    Kind.EMAIL: 0.0,
    Kind.PERSON_NAME: 0.0,
}
"""Share of shaped but unrelated texts whose check holds all the same."""

_BEYOND_CHANCE_DEVIATIONS = 2.5
_STRONG = frozenset({Kind.RESIDENT_ID, Kind.EMAIL})
"""Kinds of which one match means something by itself."""

_CENTURIES = ("18", "19", "20")
_FEW = 3
"""Among so few shaped texts one that holds is more likely meant than chance."""

_FULL_WIDTH = re.compile("[０-９＠]")
_BEFORE = r"(?<![0-9A-Za-z_])(?<![0-9]\.)(?<![0-9A-Za-z]-)"
_AFTER = r"(?![0-9A-Za-z_]|[.:-][0-9])"
_NUMBER = re.compile(
    _BEFORE
    + r"(?:(?P<eighteen>\d{17}[0-9Xx]|\d{6} \d{8} \d{3}[0-9Xx]"
    + rf"|[{ALPHABET}]{{2}}\d{{6}}[{ALPHABET}]{{10}})"
    + r"|(?P<mobile>(?:(?:\+|00)?86[ -]?)?1\d\d(?:\d{8}|(?P<m>[ -])\d{4}(?P=m)\d{4})|\d{11})"
    + r"|(?P<card>\d{15,17}|\d{19}"
    + r"|\d{4}(?P<c>[ -])\d{4}(?P=c)\d{4}(?P=c)\d{3,4}(?:(?P=c)\d{1,3})?))"
    + _AFTER,
    re.ASCII,
)
_LETTERED = re.compile(r"(?<![0-9A-Za-z_-])[A-Za-z]{1,10}(?P<id>\d{17}[0-9Xx])" + _AFTER, re.ASCII)
"""A resident number behind letters (SFZ110105…): only where it holds or may be mistyped, since codes
of documents, orders and devices are letters and digits too."""
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
_SERIAL = "A-HJ-NP-Z0-9"
_PLATE = re.compile(
    rf"[{PLATE_PROVINCES}][A-Z][·• -]?"
    rf"(?:[A-HJK][{_SERIAL}]\d{{4}}|\d{{5}}[A-HJK]|[{_SERIAL}]{{4}}[{_SERIAL}{PLATE_ENDINGS}])"
    r"(?![A-Za-z0-9])",
    re.ASCII,
)
_PERSON = re.compile("[\u3400-\u9fff]{2,4}")


def hits(text: str) -> list[Hit]:
    """Everything in the text with the shape of a kind (names apart: they need a header)."""
    ascii_only = text.isascii()
    if not ascii_only and _FULL_WIDTH.search(text):
        text = unicodedata.normalize("NFKC", text)
    found = [hit for match in _NUMBER.finditer(text) if (hit := _number(match))]
    found.extend(
        hit for match in _LETTERED.finditer(text) if (hit := _resident(match["id"], match["id"]))
    )
    if "@" in text:
        found.extend(Hit(Kind.EMAIL, match[0], True) for match in _EMAIL.finditer(text))
    if not ascii_only:
        found.extend(
            Hit(Kind.PLATE, match[0], sum(c.isdigit() for c in match[0]) >= 2)
            for match in _PLATE.finditer(text)
        )
    return found


def is_person_name(text: str) -> bool:
    """Two to four Chinese characters that begin with a common surname."""
    return text[:1] in SURNAMES and _PERSON.fullmatch(text) is not None


def announced(header: str) -> frozenset[Kind]:
    """The kinds a header names."""
    folded = unicodedata.normalize("NFKC", header).casefold().replace(" ", "_")
    return frozenset(
        kind for kind, words in HEADER_WORDS.items() if any(word in folded for word in words)
    )


def may_hold_names(header: str) -> bool:
    """Whether values under the header are worth looking at as names of people."""
    return Kind.PERSON_NAME in announced(header) or header.strip().casefold() in VAGUE_NAME_HEADERS


def beyond_chance(matches: int, shaped: int, chance: float) -> bool:
    """Whether more matches than unrelated numbers would give (binomial, 2.5 deviations)."""
    expected = shaped * chance
    deviation = math.sqrt(expected * (1 - chance))
    return matches > expected + _BEYOND_CHANCE_DEVIATIONS * deviation


def confidence(kind: Kind, *, matches: int, shaped: int, values: int, header: bool) -> Confidence:
    """How sure it is that a column with these counts holds the kind.

    ``matches`` of ``shaped`` hold their check, among ``values`` non-empty ones.
    """
    most = matches * 2 >= values
    if kind is Kind.PERSON_NAME:
        if header:
            return Confidence.HIGH if matches * 3 >= values else Confidence.LOW
        return Confidence.MEDIUM if matches * 5 >= values * 3 else Confidence.LOW
    if beyond_chance(matches, shaped, CHANCE[kind]):
        return Confidence.HIGH if header or most or kind in _STRONG else Confidence.MEDIUM
    if kind in _STRONG and matches and shaped <= _FEW:
        return Confidence.MEDIUM
    return Confidence.MEDIUM if header else Confidence.LOW


def strays(matches: Mapping[Kind, int], values: int) -> frozenset[Kind]:
    """Kinds seen in under one match of a hundred of a column that is plainly something else.

    Among 100,000 resident numbers a few with a lost digit read as cards. Free text has no such main
    kind, so that one number in a remark still counts.
    """
    main = max(matches.values(), default=0)
    if main * 2 < values:
        return frozenset()
    return frozenset(kind for kind, count in matches.items() if count * 100 < main)


def masked(kind: Kind, text: str) -> str:
    """What may be shown of a match: enough to recognise one's own data, no more."""
    match kind:
        case Kind.CREDIT_CODE:
            return text
        case Kind.EMAIL:
            name, _, domain = text.rpartition("@")
            return f"{name[:1]}***@{domain}"
        case Kind.PERSON_NAME:
            return text[:1] + "*" * (len(text) - 1)
        case Kind.PLATE:
            return text[:2] + "*" * (len(text) - 3) + text[-1]
        case _:
            return text[:3] + "*" * (len(text) - 5) + text[-2:]


def _number(match: re.Match[str]) -> Hit | None:
    text = match[0]
    if match.lastgroup == "eighteen":
        return _eighteen(text.replace(" ", ""), text)
    if match.lastgroup == "mobile":
        return Hit(Kind.MOBILE, text, _allotted(text))
    return _card_or_old_id(text.replace(" ", "").replace("-", ""), text)


def _eighteen(code: str, text: str) -> Hit | None:
    """Resident number, credit code and card of eighteen characters, the surest reading first."""
    resident = _resident(code, text)
    # Codes of bodies and of foreigners' cards both begin with 9; the former's check is the surer.
    if resident is not None and resident.holds and code[0] != "9":
        return resident
    if is_credit_code(code):
        return Hit(Kind.CREDIT_CODE, text, True)
    if resident is not None:
        return resident
    if code.isdigit() and code.startswith(CARD_PREFIXES):
        return Hit(Kind.BANK_CARD, text, luhn_holds(code))
    return Hit(Kind.CREDIT_CODE, text, False)


def _resident(code: str, text: str) -> Hit | None:
    """A resident number, or what a slip of the hand may have made of one: province and date fit."""
    if not (code[:17].isdigit() and code[17] in "0123456789Xx"):
        return None
    if (code[6:8] in _CENTURIES and is_resident_id(code)) or _foreigner_id(code):
        return Hit(Kind.RESIDENT_ID, text, True)
    if code[:2] in PROVINCE_CODES and code[6:8] in _CENTURIES and _dated(code[10:14]):
        return Hit(Kind.RESIDENT_ID, text, False)
    return None


def _dated(month_and_day: str) -> bool:
    return "01" <= month_and_day[:2] <= "12" and "01" <= month_and_day[2:] <= "31"


def _foreigner_id(code: str) -> bool:
    """Permanent residents' card of 2023: ``9``, province, nationality, then as GB 11643."""
    year = code[6:10]
    return (
        code[0] == "9"
        and code[1:3] in PROVINCE_CODES
        and "1900" <= year <= "2099"
        and _dated(code[10:14])
        and check_character(code[:17]) == code[17].upper()
    )


def _card_or_old_id(number: str, text: str) -> Hit | None:
    """Fifteen to nineteen digits; fifteen may also be a number of GB 11643-1989."""
    long_enough = len(number) > 15 or number.startswith(FIFTEEN_DIGIT_CARDS)
    card = long_enough and number.startswith(CARD_PREFIXES)
    if card and luhn_holds(number):
        return Hit(Kind.BANK_CARD, text, True)
    if len(number) == 15 and number[:2] in PROVINCE_CODES:
        # no check digit, only a province and a date of birth
        dated = _dated(number[8:12])
        if dated or not card:
            return Hit(Kind.RESIDENT_ID_15, text, dated)
    return Hit(Kind.BANK_CARD, text, False) if card else None


def _allotted(text: str) -> bool:
    """Whether the last eleven digits begin with a network code of the numbering plan."""
    number = text if len(text) == 11 else text.replace(" ", "").replace("-", "")[-11:]
    return number[:3] in MOBILE_SEGMENTS or number[:4] in MOBILE_SEGMENTS
