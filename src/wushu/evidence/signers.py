"""Who signs checkpoints. The seam for hardware keys and witnesses; the node's own key is a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from wushu.evidence import refusals
from wushu.evidence.rules.notes import VerifierKey
from wushu.evidence.store import sync_folder


class Signer(Protocol):
    """Signs the text of a note with a key that others can find by name and id."""

    @property
    def key(self) -> VerifierKey:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of the message, 64 bytes (RFC 8032)."""


@dataclass(frozen=True, slots=True)
class FileSigner:
    """A key in a PEM file that only the node's user may read."""

    key: VerifierKey
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """See `Signer`."""
        return self.private.sign(message)


def key_path() -> Path:
    """Where the node's signing key lies."""
    return Path(settings.SECRETS_DIR) / "log.key"


def load(name: str) -> FileSigner:
    """The node's signer under a key name; refused as log-key-missing or log-key-foreign."""
    path = key_path()
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise refusals.LOG_KEY_MISSING(path=path) from error
    except ValueError as error:
        raise refusals.LOG_KEY_FOREIGN(path=path) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise refusals.LOG_KEY_FOREIGN(path=path)
    public = private.public_key().public_bytes_raw()
    return FileSigner(VerifierKey(name, public), private)


def load_or_create(name: str) -> FileSigner:
    """The node's signer; a new key is written first where there is none.

    A key that is already there is used: it is what an interrupted initialisation left.
    """
    path = key_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
            f.write(pem)
            f.flush()
            os.fsync(f.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    return load(name)
