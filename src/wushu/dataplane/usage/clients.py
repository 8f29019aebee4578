"""Whether a client declares itself a browser or a program. A pure rule, told on ``/usage``.

In this order; the first that holds decides:

1. a request with an API key is a program's;
2. so is one without ``User-Agent``;
3. so is one whose ``User-Agent`` holds a word by which robots and libraries name themselves
   (``ROBOT_WORDS``);
4. so is one whose ``User-Agent`` does not begin as browsers' do (``Mozilla/`` or ``Opera/``);
5. so is one without ``Accept-Language``, which every browser sends;
6. everything else is a browser's.

It separates those who say what they are. It counts no persons: several may share a browser, one may
use several, and a program may pose as a browser.
"""

from __future__ import annotations

from functools import lru_cache

from wushu.dataplane.usage.types import Client

ROBOT_WORDS = (
    "bot", "crawl", "spider", "slurp", "archiver", "scan", "monitor", "checker", "preview",
    "harvest", "fetch", "headless", "phantomjs", "lighthouse", "compatible;",
    "curl", "wget", "httpie", "python", "aiohttp", "httpx", "urllib", "java/", "okhttp",
    "go-http", "libwww", "perl", "ruby", "php", "guzzle", "axios", "node", "undici", "postman",
    "insomnia", "libcurl", "httr", "dart", "duckdb", "ckan", "facebookexternalhit",
)  # fmt: skip
"""Looked for in lower case, anywhere."""
_BROWSERS = ("mozilla/", "opera/")
_LONGEST = 400
"""Characters of a ``User-Agent`` that are looked at."""


def client_of(user_agent: bytes, accept_language: bytes, *, with_key: bool) -> Client:
    """What a request's headers (empty when missing) say its client is."""
    if with_key:
        return Client.PROGRAM
    return _by_headers(user_agent[:_LONGEST], bool(accept_language.strip()))


@lru_cache(maxsize=512)
def _by_headers(user_agent: bytes, has_language: bool) -> Client:
    """Kept in memory for a while, never written: what a client is called says little of who it is."""
    name = user_agent.decode("latin-1").strip().lower()
    declared = (
        has_language
        and name.startswith(_BROWSERS)
        and not any(word in name for word in ROBOT_WORDS)
    )
    return Client.BROWSER if declared else Client.PROGRAM
