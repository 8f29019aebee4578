"""Asks the provider: its discovery document, its keys, and for the token of a code.

The address is the operator's own setting, so any network may be asked; the guarded client bounds time,
bytes and redirects. What the provider publishes is kept for a while; keys are read again at once when a
token is signed with one that is not known, which is how providers change keys.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings

from wushu.kernel.errors import Refusal, Said
from wushu.kernel.lazily import lazily
from wushu.kernel.outgoing.client import Answer, Client, Limits
from wushu.kernel.outgoing.policy import Policy
from wushu.parties.oidc import rules
from wushu.parties.oidc.refusals import OIDC_DENIED, OIDC_OFF, OIDC_PROVIDER_FAILED

if TYPE_CHECKING:
    from joserfc import errors, jwk, jwt
    from joserfc.jwk import KeySet
else:
    errors, jwk, jwt = (lazily(f"joserfc.{one}") for one in ("errors", "jwk", "jwt"))

KEPT_SECONDS = 3600
_ANYWHERE = Policy(allowed=(ip_network("0.0.0.0/0"), ip_network("::/0")), ports=(range(1, 65_536),))
_LIMITS = Limits(body_bytes=512 * 1024, seconds=15, redirects=3)


@dataclass
class Provider:
    """One provider and this node's registration there."""

    issuer: str
    client: str
    secret: str
    _http: Client = field(default_factory=lambda: Client(_ANYWHERE, _LIMITS))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _metadata: tuple[float, rules.Metadata] | None = None
    _keys: tuple[float, KeySet] | None = None

    def metadata(self) -> rules.Metadata:
        """What the provider says of itself; refusal ``oidc-provider-failed``."""
        with self._lock:
            if self._metadata is None or _is_old(self._metadata[0]):
                address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                document = _json(self._get(address))
                try:
                    found = rules.metadata_of(document, self.issuer)
                except ValueError as error:
                    raise _failed("身份认证平台的公开信息不正确。", f"{error}.") from error
                self._metadata = time.monotonic(), found
            return self._metadata[1]

    def claims(self, code: str, *, back: str, wish: rules.Wish) -> Mapping[str, Any]:
        """What the token says that the code is exchanged for, checked (Core, 3.1.3).

        Refusals: ``oidc-denied`` when the provider does not take the code, ``oidc-provider-failed``.
        """
        metadata = self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": wish.verifier,
        }
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "accept": "application/json",
        }
        if self.secret and not metadata.secret_in_body:
            headers["authorization"] = rules.basic(self.client, self.secret)
        else:
            form["client_id"] = self.client
            if self.secret:
                form["client_secret"] = self.secret
        answer = self._asked(
            lambda: self._http.post(
                metadata.token_endpoint, urlencode(form).encode(), headers=headers
            )
        )
        document = _json(answer)
        if answer.status >= 400 and isinstance(document, dict) and "error" in document:
            raise OIDC_DENIED(reason=plain(document["error"]))
        if answer.status != 200 or not isinstance(document, dict):
            raise _failed(f"应答 {answer.status}。", f"it answered {answer.status}.")
        return self._checked(document.get("id_token"), wish)

    def _checked(self, token: Any, wish: rules.Wish) -> Mapping[str, Any]:
        if not isinstance(token, str):
            raise _failed("没有身份令牌。", "there is no ID token.")
        try:
            try:
                claims = jwt.decode(token, self._key_set(), algorithms=rules.ALGORITHMS).claims
            except (
                errors.InvalidKeyIdError,
                errors.BadSignatureError,
            ):  # of a key that is new, named or not
                claims = jwt.decode(
                    token, self._key_set(again=True), algorithms=rules.ALGORITHMS
                ).claims
            jwt.JWTClaimsRegistry(
                leeway=rules.LEEWAY_SECONDS,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client},
                nonce={"essential": True, "value": wish.nonce},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
            rules.require_audience(claims, self.client)
        except (errors.JoseError, ValueError) as error:
            raise _failed(
                f"身份令牌不可信（{plain(error)}）。",
                f"its token is not to be believed ({plain(error)}).",
            ) from error
        return claims

    def _key_set(self, *, again: bool = False) -> KeySet:
        address = self.metadata().jwks_uri
        with self._lock:
            if again or self._keys is None or _is_old(self._keys[0]):
                document = _json(self._get(address))
                try:
                    found = jwk.KeySet.import_key_set(document)
                except (errors.JoseError, ValueError, KeyError, TypeError) as error:
                    raise _failed("公钥无法读取。", "its keys cannot be read.") from error
                self._keys = time.monotonic(), found
            return self._keys[1]

    def _get(self, address: str) -> Answer:
        answer = self._asked(
            lambda: self._http.get(address, headers={"accept": "application/json"})
        )
        if answer.status != 200:
            raise _failed(f"应答 {answer.status}。", f"it answered {answer.status}.")
        return answer

    @staticmethod
    def _asked(ask: Any) -> Answer:
        try:
            found: Answer = ask()
        except Refusal as refusal:
            raise _failed(refusal.sentence("zh"), refusal.sentence("en")) from refusal
        return found


def is_on() -> bool:
    """Whether the node's settings name a provider."""
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def provider() -> Provider:
    """The provider of the settings; refusal ``oidc-off``."""
    if not is_on():
        raise OIDC_OFF()
    path = Path(settings.OIDC_SECRET_FILE or Path(settings.SECRETS_DIR) / "oidc.secret")
    secret = path.read_text().strip() if path.is_file() else ""
    return _of(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, secret)


@lru_cache(maxsize=4)
def _of(issuer: str, client: str, secret: str) -> Provider:
    return Provider(issuer, client, secret)


def new_wish() -> rules.Wish:
    """State, nonce and verifier of one sign-in: 256 bits each."""
    return rules.Wish(*(secrets.token_urlsafe(32) for _ in range(3)))


def plain(said: object) -> str:
    """Somebody else's words, short and without control characters."""
    return "".join(c if c.isprintable() else " " for c in str(said))[:80]


def _is_old(since: float) -> bool:
    return time.monotonic() - since > KEPT_SECONDS


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError as error:
        raise _failed("应答不是 JSON。", "it is not JSON.") from error


def _failed(zh: str, en: str) -> Refusal:
    return OIDC_PROVIDER_FAILED(reason=Said(zh, en))
