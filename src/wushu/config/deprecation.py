"""Which addresses of the API are deprecated, since when, and until when they answer.

One registry for all routes, Django's and the data plane's; the policy is in
``docs/reference/api-lifetime.md``. Each answer of a deprecated route says so in the headers of RFC 9745
(``Deprecation``) and RFC 8594 (``Sunset``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType

POLICY = "/changelog#api"
"""Where every node says how long its API lives."""
Headers = tuple[tuple[bytes, bytes], ...]

_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Deprecated:
    """What is said of a route that goes. All moments carry a zone."""

    since: datetime
    """From when it is deprecated; may lie ahead."""
    sunset: datetime
    """From when it may stop answering; at least a year after ``since``."""
    successor: str = ""
    """Path of what takes its place."""
    more: str = POLICY
    """Where people read why, and what to do."""

    def headers(self) -> Headers:
        """What an answer carries."""
        links = [f'<{self.more}>; rel="deprecation"; type="text/html"']
        if self.successor:
            links.append(f'<{self.successor}>; rel="successor-version"')
        sunset = format_datetime(self.sunset.astimezone(UTC), usegmt=True)
        return (
            (b"deprecation", f"@{int(self.since.timestamp())}".encode()),
            (b"sunset", sunset.encode()),
            *((b"link", link.encode()) for link in links),
        )


DEPRECATED: Mapping[str, Deprecated] = MappingProxyType({})
"""Template of the route, ``/api/v1/datasets/{slug}``, and what is said of it. Nothing is deprecated yet."""


def headers_for(route: str) -> Headers:
    """The headers an answer of the route carries; none for a route that stays."""
    if not DEPRECATED:
        return ()
    found = DEPRECATED.get(template(route))
    return () if found is None else found.headers()


def template(route: str) -> str:
    """``/api/v1/datasets/<slug:slug>`` as ``/api/v1/datasets/{slug}``, as both planes' routes are named."""
    return _CONVERTER.sub(r"{\1}", route)
