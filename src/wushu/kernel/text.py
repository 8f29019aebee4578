"""Chinese, Japanese and Latin text as a search index wants it. Pure functions, no segmenter.

Chinese is cut into character bigrams: a word segmenter missed 36 of 6,360 street names, bigrams
none. Pinyin is given by *every* reading of each character, since one reading turns 朝阳 into zhaoyang
or chaoyang and misses the other.

Traditional and simplified forms are not converted into each other: 臺灣 and 台湾 stay different as
characters (a one-to-many conversion guesses), and meet through their pinyin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice, pairwise, product
from typing import TYPE_CHECKING

from wushu.kernel.lazily import lazily

if TYPE_CHECKING:
    import pypinyin
else:
    pypinyin = lazily("pypinyin")

READINGS_CEILING = 64
"""Readings of one text that ``pinyin_readings`` gives unless told otherwise."""

_HAN = (
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\U00030000-\U000323af"
)
_KANA = "\u3040-\u30ff\u31f0-\u31ff"
_RUNS = re.compile(rf"[{_HAN}{_KANA}]+|[^\W_{_HAN}{_KANA}]+")
_CJK_CHARACTER = re.compile(rf"[{_HAN}{_KANA}]")
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")


def normalise(text: str) -> str:
    """NFKC (full width becomes half width), case folded, runs of blanks one space, trimmed.

    Applying it twice changes nothing.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def runs(text: str) -> list[str]:
    """Maximal runs of CJK characters, and of letters and digits, of the normalised text."""
    return _RUNS.findall(normalise(text))


def is_cjk(run: str) -> bool:
    """Whether a run (or character) begins with a Chinese character or kana."""
    return _CJK_CHARACTER.match(run) is not None


def bigrams(text: str) -> list[str]:
    """Index terms in order: neighbouring pairs of a CJK run, words of everything else.

    A CJK run of one character is its own term. ``朝阳区ABC 12`` gives ``朝阳 阳区 abc 12``.
    """
    terms: list[str] = []
    for run in runs(text):
        if is_cjk(run) and len(run) > 1:
            terms.extend(a + b for a, b in pairwise(run))
        else:
            terms.append(run)
    return terms


def unigrams(text: str) -> list[str]:
    """Single CJK characters in order, so that a query of one character can be answered."""
    return [character for run in runs(text) if is_cjk(run) for character in run]


@lru_cache(maxsize=50_000)
def readings(character: str) -> tuple[str, ...]:
    """All readings of one Chinese character without tones, the commonest first; ü is ``v``.

    Empty for a character that has none (Latin, kana, unknown).
    """
    if not _HAN_CHARACTER.match(character):
        return ()
    found = pypinyin.pinyin(
        character,
        heteronym=True,
        style=pypinyin.Style.NORMAL,
        errors="ignore",
        v_to_u=False,
        strict=False,
    )
    return tuple(dict.fromkeys(reading for reading in found[0] if reading)) if found else ()


def syllables(text: str) -> list[tuple[str, ...]]:
    """Per Chinese character all its readings; a run of letters and digits is one syllable.

    The complete form of the pinyin of a text, without a product: index pairs of neighbours from it
    when a text is longer than a name.
    """
    parts: list[tuple[str, ...]] = []
    for run in runs(text):
        if is_cjk(run):
            parts.extend(options for c in run if (options := readings(c)))
        else:
            parts.append((run,))
    return parts


def pinyin_readings(text: str, limit: int = READINGS_CEILING) -> list[str]:
    """The text in pinyin without blanks, by every combination of its characters' readings.

    朝阳 gives ``chaoyang``, ``zhaoyang`` and ``zhuyang``. At most ``limit`` are given: first the
    commonest readings, then those that differ from them in one character, in two, and so on, so that
    what a ceiling cuts is what is least likely. Empty for a text with nothing to read.
    """
    return _bounded(syllables(text), limit)


def pinyin_initials(text: str, limit: int = READINGS_CEILING) -> list[str]:
    """First letters of the readings: 朝阳 gives ``cy`` and ``zy``. Ceiling as above.

    A run of letters and digits stays whole, as people type it.
    """
    initials: list[tuple[str, ...]] = []
    for run in runs(text):
        if is_cjk(run):
            letters = (tuple(dict.fromkeys(r[0] for r in readings(c))) for c in run)
            initials.extend(options for options in letters if options)
        else:
            initials.append((run,))
    return _bounded(initials, limit)


def _bounded(options: list[tuple[str, ...]], limit: int) -> list[str]:
    if not options:
        return []
    distinct = dict.fromkeys(islice(_by_likelihood(options), max(limit, 0)))
    return list(distinct)


def _by_likelihood(options: list[tuple[str, ...]]) -> Iterator[str]:
    """Combinations, those with fewer departures from the first readings earlier."""
    usual = [choices[0] for choices in options]
    open_places = [i for i, choices in enumerate(options) if len(choices) > 1]
    for departures in range(len(open_places) + 1):
        for places in combinations(open_places, departures):
            for chosen in product(*(options[i][1:] for i in places)):
                reading = usual.copy()
                for place, syllable in zip(places, chosen, strict=True):
                    reading[place] = syllable
                yield "".join(reading)
