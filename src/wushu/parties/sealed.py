"""Secrets at rest: AES-256-GCM under keys derived from the node's secret key (HKDF, RFC 5869).

A sealed text is bound to its owner and purpose: copied to another row it cannot be opened.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

_NONCE_BYTES = 12


def seal(text: str, *, purpose: str, owner: str) -> str:
    """Encrypt; the answer is URL-safe text."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = AESGCM(derived_key(settings.SECRET_KEY, purpose))
    return base64.urlsafe_b64encode(
        nonce + cipher.encrypt(nonce, text.encode(), owner.encode())
    ).decode()


def unseal(sealed: str, *, purpose: str, owner: str) -> str | None:
    """Decrypt; None when it was changed, belongs to another owner, or the node's key is lost.

    Keys of ``SECRET_KEY_FALLBACKS`` are tried too, so that the node's secret can be changed.
    """
    try:
        raw = base64.b64decode(sealed.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    nonce, body = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    if len(nonce) < _NONCE_BYTES:
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            plain = AESGCM(derived_key(secret, purpose)).decrypt(nonce, body, owner.encode())
        except InvalidTag:
            continue
        return plain.decode()
    return None


def derived_key(secret: str | bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose. The secret is random, so that no salt is needed."""
    derivation = HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=f"wushu/parties/{purpose}".encode()
    )
    return derivation.derive(force_bytes(secret))
