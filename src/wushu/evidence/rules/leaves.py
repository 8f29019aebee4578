"""What an entry of the log says, and how a row is digested without being revealed.

A leaf is canonical JSON (RFC 8785)::

    {"v": 1, "act": "parties.organisation.registered", "actor": urn, "subject": urn,
     "at": "2026-11-21T08:00:00.000000Z", "data": {...},
     "rows": [[table, key, digest, salt check], ...]}

``digest`` is HMAC-SHA256 under the row's salt of the row as canonical JSON, ``salt check`` the
first 16 bytes of the salt's SHA-256, both base64; both are null for a deleted row. The salt lies
outside the log: destroyed, it leaves a digest that fits any row. A leaf over 65,535 bytes carries
``rows_sha256`` or ``data_sha256`` instead, and the part itself becomes a *detail*.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from wushu.evidence.rules.tiles import MAX_ENTRY_BYTES
from wushu.kernel.canonical import canonical_json

VERSION = 1
SALT_BYTES = 32
MAX_ACT = 64
MAX_URN = 200
_SAFE_INTEGER = 2**53 - 1
_ACT = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_-]*\.[a-z][a-z_-]*\Z")


class LeafError(ValueError):
    """Bytes that are not an entry of this log."""


@dataclass(frozen=True, slots=True)
class RowDigest:
    """What an entry says of one row."""

    table: str
    key: str
    digest: str | None
    """Base64; None: the row was deleted."""
    salt_check: str | None

    def as_list(self) -> list[str | None]:
        """The form in a leaf."""
        return [self.table, self.key, self.digest, self.salt_check]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry, read."""

    act: str
    actor: str
    subject: str
    at: datetime
    data: Mapping[str, Any] | None
    """None: in the detail `data_sha256`."""
    rows: tuple[RowDigest, ...] | None
    """None: in the detail `rows_sha256`."""
    data_sha256: str = ""
    rows_sha256: str = ""

    @property
    def details(self) -> tuple[str, ...]:
        """Hashes of the parts that lie outside the leaf."""
        return tuple(h for h in (self.data_sha256, self.rows_sha256) if h)


def instant(at: datetime) -> str:
    """An aware time in UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """A value as canonical JSON can hold it, the same for every database.

    Raises ``TypeError`` for a type whose text would be a guess.
    """
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, int) and abs(value) > _SAFE_INTEGER:
        # RFC 8785 numbers are doubles: a larger integer is written as its digits, marked.
        return {"$integer": str(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")


def row_digest(salt: bytes, row: Mapping[str, Any]) -> str:
    """Salted digest of a row (column name → value), base64."""
    mac = hmac.digest(salt, canonical_json(plain(row)), "sha256")
    return base64.b64encode(mac).decode()


def salt_check(salt: bytes) -> str:
    """What the log keeps of a salt, so that a changed salt is noticed: 16 bytes, base64."""
    return base64.b64encode(hashlib.sha256(salt).digest()[:16]).decode()


def build(
    *,
    act: str,
    actor: str,
    subject: str,
    at: datetime,
    data: Mapping[str, Any],
    rows: Sequence[RowDigest],
) -> tuple[bytes, dict[str, bytes]]:
    """The leaf and its details (SHA-256 in hex → bytes), the larger part moved out first."""
    if not _ACT.match(act) or len(act) > MAX_ACT:
        raise ValueError(f"{act!r} is not an act name like app.entity.verb")
    if not 0 < len(actor) <= MAX_URN or not 0 < len(subject) <= MAX_URN:
        raise ValueError("actor and subject are URNs of at most 200 characters")
    document: dict[str, Any] = {
        "v": VERSION,
        "act": act,
        "actor": actor,
        "subject": subject,
        "at": instant(at),
        "data": plain(data),
        "rows": [row.as_list() for row in rows],
    }
    leaf = canonical_json(document)
    details: dict[str, bytes] = {}
    if len(leaf) <= MAX_ENTRY_BYTES:
        return leaf, details
    parts = {name: canonical_json(document[name]) for name in ("data", "rows")}
    for name in sorted(parts, key=lambda part: -len(parts[part])):
        digest = hashlib.sha256(parts[name]).hexdigest()
        details[digest] = parts[name]
        del document[name]
        document[f"{name}_sha256"] = digest
        leaf = canonical_json(document)
        if len(leaf) <= MAX_ENTRY_BYTES:
            break
    return leaf, details


def parse(leaf: bytes) -> Leaf:
    """Read a leaf; raises `LeafError` for anything `build` would not have written."""
    try:
        document = json.loads(leaf)
        if document["v"] != VERSION:
            raise LeafError(f"version {document['v']!r} of entries is not known")
        data = document.get("data")
        rows = document.get("rows")
        read = Leaf(
            act=_text(document["act"]),
            actor=_text(document["actor"]),
            subject=_text(document["subject"]),
            at=datetime.fromisoformat(document["at"]),
            data=data,
            rows=None if rows is None else parse_rows(rows),
            data_sha256="" if data is not None else _text(document["data_sha256"]),
            rows_sha256="" if rows is not None else _text(document["rows_sha256"]),
        )
        if canonical_json(document) != leaf:
            raise LeafError("not in canonical form")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LeafError(f"not an entry of this log: {error}") from error
    return read


def parse_rows(rows: Sequence[Any]) -> tuple[RowDigest, ...]:
    """Read the rows part of a leaf or its detail; raises ``ValueError`` or ``TypeError``."""
    found = []
    for table, key, digest, check in rows:
        if (digest is None) != (check is None):
            raise ValueError("a digest without a salt check")
        found.append(RowDigest(_text(table), _text(key), digest, check))
    return tuple(found)


def parse_detail(body: bytes) -> tuple[RowDigest, ...]:
    """Read the rows part from a detail; raises `LeafError`."""
    try:
        return parse_rows(json.loads(body))
    except (ValueError, TypeError) as error:
        raise LeafError(f"not the rows of an entry: {error}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value
