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

from wushu.evidence.rules.reasons import Malformed
from wushu.evidence.rules.tiles import MAX_ENTRY_BYTES
from wushu.kernel.canonical import canonical_json

VERSION = 1
SALT_BYTES = 32
MAX_ACT = 64
MAX_URN = 200
_SAFE_INTEGER = 2**53 - 1
_ACT = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_-]*\.[a-z][a-z_-]*\Z")
_ANY = re.compile(r".+\Z", re.DOTALL)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_DIGEST = re.compile(r"[A-Za-z0-9+/]{43}=\Z")
"""Base64 of 32 bytes."""
_CHECK = re.compile(r"[A-Za-z0-9+/]{22}==\Z")
"""Base64 of 16 bytes."""


class LeafError(Malformed):
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
    document = _json(leaf)
    if not isinstance(document, dict):
        raise LeafError("不是 JSON 对象", "it is no JSON object")
    version = document.get("v")
    if type(version) is not int or version != VERSION:
        raise LeafError(f"不认识版本 {version!r}", f"version {version!r} of entries is not known")
    parts = {part: part if part in document else f"{part}_sha256" for part in ("data", "rows")}
    if document.keys() != {"v", "act", "actor", "subject", "at", *parts.values()}:
        raise LeafError("字段不齐或多余", "fields are missing or too many")
    return Leaf(
        act=_matching(document["act"], _ACT, MAX_ACT, "act"),
        actor=_urn(document["actor"], "actor"),
        subject=_urn(document["subject"], "subject"),
        at=_instant(document["at"]),
        data=_data(document["data"]) if "data" in document else None,
        rows=_rows(document["rows"]) if "rows" in document else None,
        data_sha256=_detail_name(document, "data_sha256"),
        rows_sha256=_detail_name(document, "rows_sha256"),
    )


def parse_rows(body: bytes) -> tuple[RowDigest, ...]:
    """Read the rows part of a leaf from its detail; raises `LeafError`."""
    return _rows(_json(body))


def parse_data(body: bytes) -> Mapping[str, Any]:
    """Read the data part of a leaf from its detail; raises `LeafError`."""
    return _data(_json(body))


def _json(body: bytes) -> Any:
    """Canonical JSON, read: what is written in any other way was not written here."""
    try:
        document = json.loads(body)
        canonical = canonical_json(document)
    except (ValueError, RecursionError) as error:
        raise LeafError("不是规范 JSON", "it is no canonical JSON") from error
    if canonical != body:
        raise LeafError("不是规范 JSON", "it is no canonical JSON")
    return document


def _data(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise LeafError("data 不是对象", "data is no object")
    return value


def _rows(value: Any) -> tuple[RowDigest, ...]:
    if not isinstance(value, list):
        raise LeafError("rows 不是列表", "rows is no list")
    return tuple(_row(item) for item in value)


def _row(value: Any) -> RowDigest:
    match value:
        case [str(table), str(key), None, None]:
            return RowDigest(table, key, None, None)
        case [str(table), str(key), str(digest), str(check)]:
            if _DIGEST.match(digest) and _CHECK.match(check):
                return RowDigest(table, key, digest, check)
    raise LeafError("rows 中有一行格式不对", "a row in rows is malformed")


def _urn(value: Any, name: str) -> str:
    return _matching(value, _ANY, MAX_URN, name)


def _matching(value: Any, pattern: re.Pattern[str], longest: int, name: str) -> str:
    if not isinstance(value, str) or not pattern.match(value) or len(value) > longest:
        raise LeafError(f"{name} 格式不对", f"{name} is malformed")
    return value


def _detail_name(document: Mapping[str, Any], name: str) -> str:
    return _matching(document[name], _SHA256, 64, name) if name in document else ""


def _instant(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value)
        written = None if at.tzinfo is None else instant(at)
    except (ValueError, TypeError, OverflowError):
        written = None
    if written is None or written != value:
        raise LeafError("at 不是协调世界时的时刻", "at is no time in UTC")
    return at
