"""Which of the two languages somebody reads: Chinese unless English is asked for first, and is there."""

from __future__ import annotations

from wushu.kernel.errors import Language


def language_of(asked: str | None) -> Language:
    """The language of a tag or list of tags: ``en-GB,zh;q=0.5`` (RFC 9110), ``en_US.UTF-8``."""
    return "en" if (asked or "").strip().lower().startswith("en") else "zh"


def in_language(language: str, zh: str, en: str) -> str:
    """The text in the language, the Chinese one where there is no English one."""
    return en if language == "en" and en else zh
