"""In which language commands speak: ``WUSHU_LANG``, Chinese unless it says English.

Only what people read. ``--json`` and the help texts are English.
"""

from __future__ import annotations

import os

from wushu.kernel.errors import Language, Said
from wushu.kernel.languages import language_of


def language() -> Language:
    """The language of this command's output."""
    return language_of(os.environ.get("WUSHU_LANG", "zh"))


def said(zh: str, en: str) -> str:
    """A sentence in that language."""
    return Said(zh, en)(language())
