"""What is asked of a provider, and what its answers must say. Pure: no clock, no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

STEP_SECONDS = 600
"""How long somebody may take at the provider."""
LEEWAY_SECONDS = 60
"""How far two clocks may differ."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that are believed: none with a shared secret, and not ``none``."""
SUBJECT_LENGTH = 255
"""Characters of a subject at most (Core, 2)."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes of itself (Discovery, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    """Empty: one does not sign out there."""
    secret_in_body: bool
    """Whether the client's secret goes into the form, since the provider takes it nowhere else."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What one sign-in waits for; kept by the browser, sealed."""

    state: str
    nonce: str
    verifier: str


def metadata_of(document: Any, issuer: str) -> Metadata:
    """Read a discovery document; ``ValueError`` for one of another issuer, or with unsafe addresses."""
    if not isinstance(document, Mapping) or document.get("issuer") != issuer:
        raise ValueError("it is the document of another issuer")
    found = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        address = document.get(name, "")
        if not isinstance(address, str) or (not address and name != "end_session_endpoint"):
            raise ValueError(f"it names no {name}")
        if address and not _is_safe(address, issuer):
            raise ValueError(f"its {name} is not https")
        found[name] = address
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    in_body = "client_secret_basic" not in methods and "client_secret_post" in methods
    return Metadata(issuer=issuer, secret_in_body=in_body, **found)


def _is_safe(address: str, issuer: str) -> bool:
    """``https``; or ``http`` where the operator's own setting says ``http`` too."""
    return urlsplit(address).scheme in {"https", urlsplit(issuer).scheme}


def authorization_url(metadata: Metadata, *, client: str, back: str, wish: Wish) -> str:
    """Where the person goes (Core, 3.1.2.1; RFC 7636)."""
    asked = {
        "response_type": "code",
        "scope": "openid profile",
        "client_id": client,
        "redirect_uri": back,
        "state": wish.state,
        "nonce": wish.nonce,
        "code_challenge": challenge(wish.verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
    return f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"


def sign_out_url(metadata: Metadata, *, client: str, back: str) -> str:
    """Where one signs out at the provider (RP-Initiated Logout 1.0); empty where one cannot."""
    if not metadata.end_session_endpoint:
        return ""
    joint = "&" if urlsplit(metadata.end_session_endpoint).query else "?"
    asked = urlencode({"client_id": client, "post_logout_redirect_uri": back})
    return f"{metadata.end_session_endpoint}{joint}{asked}"


def challenge(verifier: str) -> str:
    """The S256 code challenge (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def basic(client: str, secret: str) -> str:
    """The client's own credentials as a header (RFC 6749, 2.3.1: both are form-encoded first)."""
    pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def require_audience(claims: Mapping[str, Any], client: str) -> None:
    """Refuse a token made for others too, without this client as its party (Core, 3.1.3.7); ValueError."""
    audience = claims.get("aud")
    is_shared = isinstance(audience, list) and len(audience) > 1
    party = claims.get("azp", None if is_shared else client)
    if party != client:
        raise ValueError("the token was issued for another application")


def subject_of(claims: Mapping[str, Any]) -> str:
    """The subject; ``ValueError`` for one that is none."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > SUBJECT_LENGTH:
        raise ValueError("the token names no usable subject")
    return subject


def is_strong(claims: Mapping[str, Any], accepted: Collection[str]) -> bool:
    """Whether the provider says that it asked for more than a password.

    ``accepted`` are the values of ``acr`` and ``amr`` (RFC 8176) that the operator takes for it.
    """
    methods = claims.get("amr")
    said = {claims.get("acr"), *(methods if isinstance(methods, list) else ())}
    return any(isinstance(one, str) and one in accepted for one in said)
