"""What the three readers share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from wushu.harvest.refusals import HARVEST_ANSWER_WRONG
from wushu.harvest.types import Description, SourceKind
from wushu.kernel.errors import Refusal, Said
from wushu.kernel.outgoing.client import Answer

Fetch = Callable[[str, str], Answer]
"""Reads an address (second: what is accepted); refusals of the guarded client, or of a limit."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a catalogue is, and what of it is read."""

    url: str
    prefix: str = ""
    set: str = ""
    since: str = ""
    """OAI-PMH: the day since which things changed; empty: everything."""

    @property
    def host(self) -> str:
        """For refusals."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """The source says that it had this record and has it no more."""

    identifier: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that says too little to be shown; a known one stays as it was."""

    identifier: str
    reason: Said


Found = Description | Deleted | Unread

UNTITLED = Said("没有名称", "it has no title")
NAMELESS = Said("没有标识", "it has no identifier")
NAME_TOO_LONG = Said("标识超过 500 个字符", "its identifier has more than 500 characters")


def wrong(url: str, reason: Said) -> Refusal:
    """The answer of an address is not what it should be."""
    return HARVEST_ANSWER_WRONG(host=urlsplit(url).hostname or "", reason=reason)


def require_ok(url: str, answer: Answer) -> None:
    """Refuse every status but 200."""
    if answer.status != 200:
        raise wrong(url, Said(f"状态 {answer.status}", f"its status is {answer.status}"))


def json_of(url: str, answer: Answer) -> Any:
    """The document; numbers that JSON does not know are refused as well."""
    try:
        return json.loads(answer.body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise wrong(url, Said("不是 JSON", "it is not JSON")) from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def base_of(kind: SourceKind, url: str) -> str:
    """The address as it is kept: that of CKAN's actions ends before ``/api``, if it was written."""
    if kind is not SourceKind.CKAN:
        return url
    return url.partition("?")[0].partition("/api/")[0].removesuffix("/api").rstrip("/")
