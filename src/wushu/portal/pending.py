"""The first step of a sign-in, carried to the second by the browser, sealed and short-lived.

The password was right but the one-time code is still to come. It is not kept on the server, and the
browser holds only what this node can open again (Fernet: AES-128-CBC with HMAC-SHA256), for five
minutes.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from wushu.portal.refusals import SIGN_IN_AGAIN

SECONDS = 300


def seal(username: str, password: str, session: str) -> str:
    """What the second step brings back. ``session`` ties it to this browser's CSRF secret."""
    content = json.dumps([username, password, _digest(session)])
    return _cipher().encrypt(content.encode()).decode()


def unseal(ticket: str, session: str) -> tuple[str, str]:
    """Username and password; refusal ``sign-in-again`` when too old, foreign or altered."""
    try:
        content = _cipher().decrypt(ticket.encode(), ttl=SECONDS)
    except (InvalidToken, UnicodeEncodeError):
        raise SIGN_IN_AGAIN() from None
    username, password, tied = json.loads(content)
    if tied != _digest(session):
        raise SIGN_IN_AGAIN()
    return username, password


def _digest(session: str) -> str:
    return sha256(session.encode()).hexdigest()


def _cipher() -> Fernet:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wushu/portal/sign-in")
    return Fernet(base64.urlsafe_b64encode(derivation.derive(settings.SECRET_KEY.encode())))
