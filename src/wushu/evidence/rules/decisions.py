"""How a public act names the decision it rests on, without its words: those may tell of a person."""

from __future__ import annotations

import re

MAX_REFERENCE = 100

_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[!-~]+\Z")
"""RFC 8141, without what only browsers need."""
_DOCUMENT = re.compile(r"[一-鿿A-Za-z]{1,20}〔[12][0-9]{3}〕[1-9][0-9]{0,5}号\Z")
"""发文字号, GB/T 9704—2012, 7.2.5: issuer, year in hexagonal brackets, number without leading zeros."""
_CASE = re.compile(r"（[12][0-9]{3}）[一-鿿]{1,2}[0-9]{0,4}[一-鿿]{1,8}[1-9][0-9]{0,8}号\Z")
"""案号 (rules of the Supreme People's Court of 2015): year, court, kind of case, number."""

EXAMPLES = "某数〔2026〕12号 / （2026）苏05行终12号 / urn:uuid:…"


def is_reference(text: str) -> bool:
    """Whether the text is a URN, the number of an official document, or that of a court case."""
    return len(text) <= MAX_REFERENCE and any(
        pattern.match(text) for pattern in (_URN, _DOCUMENT, _CASE)
    )
