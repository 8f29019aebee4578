"""Opaque keyset cursors: where a page ended, sealed so that only this node can have written it.

A cursor carries the key values of the last row and the digest of its context (dataset version and
query). ``base64url( HMAC-SHA256 truncated to 128 bits (RFC 2104, 5) || canonical JSON )``. The values
are readable by who decodes them; they are those of the row the reader has just seen.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from wushu.kernel.canonical import canonical_json
from wushu.kernel.errors import kind

CURSOR_INVALID = kind(
    "cursor-invalid",
    400,
    zh="游标不是本节点给出的，或已被改动。",
    en="This node did not issue the cursor, or it was altered.",
    way_out_zh="请去掉 cursor 参数，从第一页重新开始。",
    way_out_en="Start again from the first page, without a cursor.",
)
CURSOR_OF_ANOTHER_QUERY = kind(
    "cursor-of-another-query",
    400,
    zh="游标属于另一个查询或另一个数据版本。",
    en="The cursor belongs to another query or another version of the data.",
    way_out_zh="请保持筛选、排序和版本与首页一致，或从第一页重新开始。",
    way_out_en="Keep filter, order and version as on the first page, or start again from there.",
)

Value = str | int | float | bool | Decimal | date | datetime | None

MAX_CHARACTERS = 8192
"""A longer text is refused before it is read."""
_MAC_BYTES = 16
_READERS: dict[str, Callable[[str], Value]] = {
    "i": int,
    "f": float.fromhex,
    "n": Decimal,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
}
_CONTEXT_DIGITS = 32  # 128 bits of the context's SHA-256


@cache
def _read_key(path: Path) -> bytes:
    # Its digest: as long as is needed, whatever the file holds.
    return hashlib.sha256(path.read_bytes().strip()).digest()


def node_key(secrets_dir: Path, before_initialisation: str, *names: str) -> bytes:
    """A secret of the node, from the first of its files that is there; read once.

    Without names the one that seals cursors. Before ``wushu init`` has written them there is nothing to
    protect: the digest of another text.
    """
    for name in names or ("cursor.key",):
        with suppress(FileNotFoundError):
            return _read_key(Path(secrets_dir) / name)
    return hashlib.sha256(before_initialisation.encode()).digest()


def encode(values: Sequence[Value], context: Any, *, key: bytes) -> str:
    """Seal the key values of the last row.

    ``context`` is any JSON document that names the dataset version and the query; ``key`` is the
    node's secret of at least 32 bytes. ``ValueError`` for NaN, infinities, and values so long that
    the cursor would exceed ``MAX_CHARACTERS``.
    """
    payload = canonical_json([_digest(context), [_tagged(value) for value in values]])
    text = base64.urlsafe_b64encode(_mac(payload, key) + payload).rstrip(b"=").decode()
    if len(text) > MAX_CHARACTERS:
        raise ValueError("the key values are too long for a cursor")
    return text


def decode(text: str, context: Any, *, key: bytes) -> tuple[Value, ...]:
    """The key values, with their types.

    Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    payload = _opened(text, key)
    digest, values = json.loads(payload)
    if digest != _digest(context):
        raise CURSOR_OF_ANOTHER_QUERY()
    return tuple(_untagged(value) for value in values)


def _opened(text: str, key: bytes) -> bytes:
    """The payload, once the seal holds."""
    if len(text) > MAX_CHARACTERS:
        raise CURSOR_INVALID()
    try:
        sealed = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        raise CURSOR_INVALID() from None
    mac, payload = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(payload, key)):
        raise CURSOR_INVALID()
    return payload


def _mac(payload: bytes, key: bytes) -> bytes:
    if len(key) < 32:
        raise ValueError("the cursor key must have at least 32 bytes")
    return hmac.digest(key, payload, hashlib.sha256)[:_MAC_BYTES]


def _digest(context: Any) -> str:
    return hashlib.sha256(canonical_json(context)).hexdigest()[:_CONTEXT_DIGITS]


def _tagged(value: Value) -> Any:
    """JSON that remembers the type: RFC 8785 has no integers beyond 2^53 and no dates."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return ["i", str(value)]
        case float():
            if not math.isfinite(value):
                raise ValueError("NaN and infinities have no place in an order")
            return ["f", value.hex()]
        case Decimal():
            return ["n", str(value)]
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]


def _untagged(stored: Any) -> Value:
    if not isinstance(stored, list):
        plain: str | bool | None = stored
        return plain
    tag, text = stored
    return _READERS[tag](text)
