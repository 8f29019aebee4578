"""Texts and addresses of strangers, made fit to be kept and shown. What is cut is cut at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from wushu.harvest.reading.reader import NAME_TOO_LONG, NAMELESS, UNTITLED, Found, Unread
from wushu.harvest.types import Description, FileLink

IDENTIFIER_MAX = 500
TITLE_MAX = 500
TEXT_MAX = 20_000
SHORT_MAX = 200
KEYWORDS_MAX = 50
FILES_MAX = 200
NAMES_MAX = 20
URL_MAX = 2048

# Control characters, halves of surrogate pairs, and those that turn the direction of a text around
# (Unicode TR 36): a title must not make the words beside it read otherwise.
_UNSEEMLY = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f\"<>\\^`{|}]")


def text(value: object, limit: int = TEXT_MAX) -> str:
    """A text, several lines allowed; empty for what is no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _UNSEEMLY.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()[:limit]


def line(value: object, limit: int = SHORT_MAX) -> str:
    """A text on one line."""
    return " ".join(text(value).split())[:limit].strip()


def url(value: object, base: str = "") -> str:
    """A whole address of http or https, else nothing: others are never made a link."""
    found = text(value, URL_MAX + 1)
    try:
        whole = urljoin(base, found) if base and found else found
        parts = urlsplit(whole)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        usable = usable and parts.username is None and parts.password is None
    except ValueError:
        return ""
    return whole if usable and len(whole) <= URL_MAX and not _NOT_IN_URL.search(whole) else ""


def lines(values: Iterable[object], most: int, limit: int = SHORT_MAX) -> tuple[str, ...]:
    """Texts on one line each, without the empty and the repeated, in their order."""
    found = dict.fromkeys(filter(None, (line(one, limit) for one in values)))
    return tuple(found)[:most]


def files(found: Iterable[FileLink]) -> tuple[FileLink, ...]:
    """Files that say anything at all, each once."""
    kept = dict.fromkeys(one for one in found if one.title or one.url)
    return tuple(kept)[:FILES_MAX]


def checked(found: Description) -> Found:
    """The description, or why it cannot be shown."""
    if not found.identifier:
        return Unread("", NAMELESS)
    if len(found.identifier) > IDENTIFIER_MAX:
        return Unread(found.identifier[:IDENTIFIER_MAX], NAME_TOO_LONG)
    if not found.title:
        return Unread(found.identifier, UNTITLED)
    return found
