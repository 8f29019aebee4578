"""The guard against formulas in CSV: spreadsheets run cells that begin like one (OWASP, CSV injection).

A text cell that begins with ``= + - @``, one of these in full width (which Chinese and Japanese
spreadsheets read as the same), tab or carriage return gets an apostrophe before it; plain numbers such
as ``-12.5`` or ``+86`` are harmless and stay.
"""

from __future__ import annotations

import re

STARTS = (
    "=", "+", "-", "@", "\t", "\r",
    "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)  # fmt: skip
NUMBER = r"[+-]?[0-9]+([.][0-9]+)?"
_NUMBER = re.compile(NUMBER)


def guarded(text: str) -> str:
    """The text, or the text behind an apostrophe."""
    return f"'{text}" if text.startswith(STARTS) and not _NUMBER.fullmatch(text) else text
