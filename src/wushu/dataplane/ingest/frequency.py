"""How plausible a text is as written Chinese: log10 probabilities of its characters."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

ASCII = -2.0
PUNCTUATION = -2.5
FULL_WIDTH = -4.0
RARE_HAN = -7.0
PRIVATE_USE = -9.0
OTHER = -6.0
SYMBOL = -4.5
NOT_IN_GB2312 = 2.0
"""Text kept in a GB encoding is nearly always simplified; a character outside GB 2312 counts less."""
ISLAND = 3.0
"""One foreign character between two Latin letters is an accented letter read wrongly."""

_PUNCTUATION = frozenset("“”‘’—…·：；？！～￥％（），")
_SYMBOLS = frozenset("℃°²³㎡㎥µμ×÷±≤≥№％‰→←↑↓■□●○★☆△▲◆◇√")
_ISLAND = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])")


@cache
def _bands() -> dict[str, float]:
    table = {}
    text = resources.files(__package__).joinpath("frequency.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            band, characters = line.split(" ", 1)
            table.update(dict.fromkeys(characters, -int(band) / 2))
    return table


@cache
def log_frequency(character: str) -> float:  # noqa: PLR0911  (one class of characters, one line)
    """log10 of the character's share of written Chinese."""
    code = ord(character)
    if code < 0x80:
        return ASCII
    known = _bands().get(character)
    if known is not None:
        return known
    if 0x3000 <= code <= 0x301F or character in _PUNCTUATION:
        return PUNCTUATION
    if 0xFF01 <= code <= 0xFF5E:
        return FULL_WIDTH
    if 0x3400 <= code <= 0x9FFF:
        return RARE_HAN
    if 0xE000 <= code <= 0xF8FF:
        return PRIVATE_USE
    if character in _SYMBOLS or 0x2460 <= code <= 0x249B or 0x2160 <= code <= 0x2169:
        return SYMBOL
    return OTHER


@cache
def _penalty_in_gb(character: str) -> float:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return NOT_IN_GB2312
    return 0.0


def log_likelihood(text: str, encoding: str) -> float:
    """log10 of how likely the text is, if the file is in the encoding."""
    total = sum(map(log_frequency, text)) - ISLAND * len(_ISLAND.findall(text))
    if encoding == "gb18030":
        total -= sum(map(_penalty_in_gb, text))
    return total


def plausibility(text: str, encoding: str) -> float:
    """Mean over the characters beyond ASCII; about -3 for Chinese prose, below -4.3 for noise."""
    foreign = "".join(character for character in text if character > "\x7f")
    if not foreign:
        return 0.0
    ascii_part = ASCII * (len(text) - len(foreign))
    return (log_likelihood(text, encoding) - ascii_part) / len(foreign)
