"""Which of the two languages somebody reads: Chinese unless English is asked for first."""

from __future__ import annotations

from wushu.kernel.errors import Language


def language_of(asked: str | None) -> Language:
    """The language of a tag or list of tags: ``en-GB,zh;q=0.5`` (RFC 9110), ``en_US.UTF-8``."""
    return "en" if (asked or "").strip().lower().startswith("en") else "zh"
