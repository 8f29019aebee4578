"""Requests of OAI-PMH: which arguments a verb takes, and what they mean. Pure.

Errors are the protocol's own (section 3.6): they travel in an answer of status 200.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

SECOND = timedelta(seconds=1)
_DAY_FORM = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECOND_FORM = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class Verb(StrEnum):
    """The six requests, section 4."""

    IDENTIFY = "Identify"
    LIST_METADATA_FORMATS = "ListMetadataFormats"
    LIST_SETS = "ListSets"
    LIST_IDENTIFIERS = "ListIdentifiers"
    LIST_RECORDS = "ListRecords"
    GET_RECORD = "GetRecord"


class Prefix(StrEnum):
    """Metadata formats offered."""

    DUBLIN_CORE = "oai_dc"
    DCAT = "dcat_ap"


class ErrorCode(StrEnum):
    """Section 3.6."""

    BAD_VERB = "badVerb"
    BAD_ARGUMENT = "badArgument"
    BAD_TOKEN = "badResumptionToken"  # noqa: S105  (a word of the protocol)
    CANNOT_DISSEMINATE = "cannotDisseminateFormat"
    NO_SUCH_ID = "idDoesNotExist"
    NO_RECORDS = "noRecordsMatch"


class ProtocolError(Exception):
    """A "no" of the protocol: its code and a sentence."""

    def __init__(self, code: ErrorCode, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records a list holds, in which format; what a resumption token remembers."""

    prefix: Prefix
    since: str = ""
    until: str = ""
    set: str = ""

    @property
    def first(self) -> datetime | None:
        """The first moment that counts."""
        return _moment(self.since) if self.since else None

    @property
    def past(self) -> datetime | None:
        """The first moment that counts no more."""
        return _past(self.until) if self.until else None


_REQUIRED = {
    Verb.IDENTIFY: frozenset[str](),
    Verb.LIST_METADATA_FORMATS: frozenset[str](),
    Verb.LIST_SETS: frozenset[str](),
    Verb.LIST_IDENTIFIERS: frozenset({"metadataPrefix"}),
    Verb.LIST_RECORDS: frozenset({"metadataPrefix"}),
    Verb.GET_RECORD: frozenset({"identifier", "metadataPrefix"}),
}
_OPTIONAL = {
    Verb.LIST_METADATA_FORMATS: frozenset({"identifier"}),
    Verb.LIST_IDENTIFIERS: frozenset({"from", "until", "set"}),
    Verb.LIST_RECORDS: frozenset({"from", "until", "set"}),
}
RESUMABLE = frozenset({Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS, Verb.LIST_SETS})
TOKEN = "resumptionToken"  # noqa: S105  (a word of the protocol)


def verb_of(arguments: Mapping[str, Sequence[str]]) -> Verb:
    """The verb; ``badVerb`` when it is missing, repeated or unknown."""
    given = arguments.get("verb", [])
    if len(given) != 1 or given[0] not in list(Verb):
        raise ProtocolError(
            ErrorCode.BAD_VERB, f"verb must be one of {', '.join(Verb)}, given once"
        )
    return Verb(given[0])


def require_arguments(verb: Verb, arguments: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The verb's own arguments, each once; ``badArgument``. A token must come alone."""
    given = {name: values for name, values in arguments.items() if name != "verb"}
    for name, values in given.items():
        if len(values) != 1:
            raise ProtocolError(ErrorCode.BAD_ARGUMENT, f"{name[:80]} is given more than once")
    if TOKEN in given and verb in RESUMABLE:
        if len(given) > 1:
            raise ProtocolError(ErrorCode.BAD_ARGUMENT, f"{TOKEN} is an exclusive argument")
        return {TOKEN: given[TOKEN][0]}
    allowed = _REQUIRED[verb] | _OPTIONAL.get(verb, frozenset())
    for name in given:
        if name not in allowed:
            raise ProtocolError(ErrorCode.BAD_ARGUMENT, f"{verb} takes no argument {name[:80]}")
    for name in sorted(_REQUIRED[verb]):
        if name not in given:
            raise ProtocolError(ErrorCode.BAD_ARGUMENT, f"{verb} needs the argument {name}")
    return {name: values[0] for name, values in given.items()}


def prefix_of(text: str) -> Prefix:
    """A metadata format; ``cannotDisseminateFormat``."""
    if text not in list(Prefix):
        raise ProtocolError(
            ErrorCode.CANNOT_DISSEMINATE, f"the formats offered are {', '.join(Prefix)}"
        )
    return Prefix(text)


def selection_of(arguments: Mapping[str, str]) -> Selection:
    """What a list request selects; ``badArgument``, ``cannotDisseminateFormat``.

    Both dates must have the same granularity, and the first must not come after the last
    (section 2.7.1).
    """
    chosen = Selection(
        prefix_of(arguments["metadataPrefix"]),
        _date(arguments, "from"),
        _date(arguments, "until"),
        arguments.get("set", ""),
    )
    if chosen.since and chosen.until:
        if ("T" in chosen.since) != ("T" in chosen.until):
            raise ProtocolError(
                ErrorCode.BAD_ARGUMENT, "from and until must have the same granularity"
            )
        if chosen.since > chosen.until:
            raise ProtocolError(ErrorCode.BAD_ARGUMENT, "from comes after until")
    return chosen


def stamp(at: datetime) -> str:
    """A datestamp: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(arguments: Mapping[str, str], name: str) -> str:
    text = arguments.get(name, "")
    if not text and name not in arguments:
        return ""
    if _DAY_FORM.fullmatch(text) or _SECOND_FORM.fullmatch(text):
        try:
            _past(text)
        except (ValueError, OverflowError):
            pass
        else:
            return text
    raise ProtocolError(
        ErrorCode.BAD_ARGUMENT, f"{name} must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _past(text: str) -> datetime:
    """What follows a date, which is inclusive at its granularity; ``ValueError``, ``OverflowError``."""
    return _moment(text) + (SECOND if "T" in text else timedelta(days=1))
