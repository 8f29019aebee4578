"""How wide words are, and where their lines break: enough for a drawing, without the fonts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_NARROW = frozenset("iljftrI.,:;'|!()[]/- ·")
_BROAD = frozenset("mwMW%@—")
_BOLD = 1.09
"""How much wider Latin letters are in bold; Chinese ones are not."""
_CLOSING = frozenset("，。；：、）》”’！？…,.;:!?)]")
_OPENING = frozenset("（《“‘([")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that a line takes at a size, in a sans serif; rather too wide than too narrow."""
    stretch = _BOLD if bold else 1.0
    return sum(ems if (ems := _ems(sign)) == 1.0 else ems * stretch for sign in text) * size


def _ems(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’…—":
        return 1.0
    if sign in _NARROW:
        return 0.32
    if sign in _BROAD:
        return 0.9
    return 0.66 if sign.isupper() else 0.56


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text: Chinese breaks between any two characters but not before closing marks."""
    lines = [""]
    for part in _parts(text):
        if lines[-1] and width((lines[-1] + part).rstrip(), size, bold=bold) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    return tuple(line for line in lines if line) or ("",)


def balanced(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """As many lines as it takes, broken behind a comma or about equally long: nothing stands alone."""
    lines = wrapped(text, room, size, bold=bold)
    phrases = filled(re.findall(r"[^，；：、]*[，；：、]+|[^，；：、]+$", text), room, size)
    fit = all(width(one, size, bold=bold) <= room for one in phrases)
    if fit and len(phrases) == len(lines):
        return tuple(phrases)
    while len(lines) > 1:
        room -= size / 2
        narrower = wrapped(text, room, size, bold=bold)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def filled(parts: Sequence[str], room: float, size: float) -> list[str]:
    """Parts one after the other, broken between them rather than inside one."""
    lines = [""]
    for part in parts:
        if lines[-1] and width((lines[-1] + part).rstrip(), size) > room:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]


def _parts(text: str) -> Iterator[str]:
    """What does not break: a character of Chinese with its marks, a word with the blank behind it."""
    part = ""
    for sign in text:
        if part and not _together(part[-1], sign):
            yield part
            part = ""
        part += sign
    if part:
        yield part


def _together(before: str, sign: str) -> bool:
    if sign in _CLOSING or sign == " " or before in _OPENING:
        return True
    if before == " ":
        return False
    return _ems(before) < 1 and _ems(sign) < 1
