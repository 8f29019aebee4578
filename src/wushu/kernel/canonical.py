"""Canonical JSON (RFC 8785), the one form in which this node hashes and signs documents."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical_json(document: Any) -> bytes:
    """UTF-8 bytes of the canonical form.

    Integers beyond ±2^53 are refused by RFC 8785 (``rfc8785.IntegerDomainError``): write them as
    text. NaN and infinities are refused too. A float beyond 2^53 is written as ECMAScript writes it,
    in digits, and would come back from Python's parser as such a refused integer: what is to be
    hashed again after reading holds its large numbers as text.
    """
    return rfc8785.dumps(document)


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
