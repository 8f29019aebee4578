"""Arguments of CKAN's actions, which come as text, as JSON, once or several times."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from wushu.catalog.refusals import SEARCH_TOO_LONG

FILTER_LIMIT = 2_000
"""Characters of all filter queries together; CKAN's clients send some tens."""

_CLAUSE = re.compile(
    # A field begins where a word does and has an end, or a long word would be read from each letter on
    r'(?P<sign>[+-]?)(?<!\w)(?P<field>\w{1,40}):(?:"(?P<quoted>[^"]*)"|\[(?P<range>[^\]]*)\]|(?P<word>[^\s()"]+))'
)


class ValidationWrong(Exception):
    """An argument is missing or wrong: CKAN's Validation Error."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name, message)
        self.fields = {name: [message]}


class SearchQueryWrong(Exception):
    """A search is asked in words this node does not know: CKAN's Search Query Error."""


class Arguments:
    """What a client gave. Unknown arguments are CKAN's own and change nothing here."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self.notes: dict[str, Any] = {}
        """What an answer says of itself beside its result, e.g. that it was cut."""

    def text(self, name: str, default: str = "") -> str:
        """One text."""
        value = self._given.get(name, default)
        if isinstance(value, list):
            value = value[-1] if value else default
        if value is None:
            return default
        if not isinstance(value, str | int | float):
            raise ValidationWrong(name, "must be a string")
        return _characters(str(value))

    def required(self, *names: str) -> str:
        """The first of these that is given."""
        for name in names:
            if found := self.text(name).strip():
                return found
        raise ValidationWrong(names[0], "Missing value")

    def flag(self, name: str) -> bool:
        """Whether an argument is true."""
        value = self._given.get(name, False)
        return value is True or str(value).lower() in ("true", "1", "yes", "on")

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 0, cut to the most."""
        text = self.text(name) or str(default)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValidationWrong(name, "must be a natural number")
        return min(int(text), most)

    def given(self, name: str) -> bool:
        """Whether the client said anything about it."""
        return self._given.get(name) not in (None, "")

    def names(self, name: str) -> list[str]:
        """A list of names: several times, as JSON, or with commas."""
        value = self._given.get(name)
        if isinstance(value, str) and value.startswith("["):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise ValidationWrong(name, "must be a list") from None
        if isinstance(value, list):
            return [_characters(str(one)) for one in value]
        return [one.strip() for one in _characters(str(value or "")).split(",") if one.strip()]


def _characters(text: str) -> str:
    """JSON can carry lone surrogates, which are no characters."""
    return text.encode("utf-8", "replace").decode()


@dataclass(slots=True)
class FilterQuery:
    """What ``fq`` asks for, as far as it is understood."""

    organization: str = ""
    group: str = ""
    tag: str = ""
    format: str = ""
    name: str = ""
    since: datetime | None = None
    nothing: bool = False
    """Asks for what this catalogue never has (private, other types)."""
    rest: str = field(default="", repr=False)


def filter_query(texts: list[str]) -> FilterQuery:
    """Read Solr's filter queries as CKAN's clients write them; ``SearchQueryWrong`` for others.

    Refusal ``search-too-long`` when they are longer than ``FILTER_LIMIT`` together.
    """
    length = sum(map(len, texts))
    if length > FILTER_LIMIT:
        raise SEARCH_TOO_LONG(parameter="fq", length=length, limit=FILTER_LIMIT)
    found = FilterQuery()
    for text in texts:
        position = 0
        for clause in _CLAUSE.finditer(text):
            _require_plain(text[position : clause.start()])
            _read_clause(found, clause)
            position = clause.end()
        _require_plain(text[position:])
    return found


def _require_plain(between: str) -> None:
    if between.replace("AND", "").strip(" ()+"):
        raise SearchQueryWrong(f"fq: cannot read {between.strip()[:80]!r}")


def _read_clause(found: FilterQuery, clause: re.Match[str]) -> None:
    name = clause["field"]
    if clause["range"] is not None:
        if name != "metadata_modified":
            raise SearchQueryWrong(f"fq: no range of {name}")
        found.since = _range_start(clause["range"])
        return
    value = clause["quoted"] if clause["quoted"] is not None else clause["word"]
    if clause["sign"] == "-":
        raise SearchQueryWrong(f"fq: cannot exclude {name}")
    match name:
        case "organization" | "owner_org":
            found.organization = value
        case "groups":
            found.group = value
        case "tags":
            found.tag = value
        case "res_format":
            found.format = value.upper()
        case "name" | "id":
            found.name = value
        case "state":
            found.nothing |= value != "active"
        case "type" | "dataset_type":
            found.nothing |= value != "dataset"
        case "private" | "capacity":
            found.nothing |= value not in ("false", "public")
        case _:
            raise SearchQueryWrong(f"fq: unknown field {name}")


def _range_start(text: str) -> datetime | None:
    start, _, end = text.partition(" TO ")
    if end.strip() not in ("*", "NOW"):
        raise SearchQueryWrong("fq: metadata_modified may have a start, no end")
    if start.strip() == "*":
        return None
    try:
        moment = datetime.fromisoformat(start.strip().replace("Z", "+00:00"))
    except ValueError:
        raise SearchQueryWrong(f"fq: {start.strip()[:40]!r} is no date") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
