"""A real OpenID provider in a process of its own: Authlib's authorization server, strict about PKCE.

``/control`` (PUT) sets what tokens say beside the standard claims, turns keys over (``rotate``) or signs
with a key that is not published (``forge``).
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.support.bucket import free_port

CLIENT, SECRET = "wushu-node", "a secret: with/odd characters"


@contextmanager
def provider(folder: Path, base_url: str) -> Iterator[str]:
    """Issuer of a provider at which the node with this address is registered."""
    port = free_port()
    with (folder / "oidc.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.oidc", str(port), base_url],
            stdout=log,
            stderr=log,
            env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        )
        issuer = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
                for _ in range(200):
                    assert process.poll() is None, (folder / "oidc.log").read_text()
                    with suppress(httpx.TransportError):
                        client.get(f"{issuer}/jwks")
                        break
            yield issuer
        finally:
            process.terminate()
            process.wait(20)


def main(port: int, base_url: str) -> None:
    """Serve until terminated."""
    warnings.simplefilter("ignore")
    import flask
    from authlib.integrations.flask_oauth2 import AuthorizationServer
    from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
    from authlib.oauth2.rfc7636 import CodeChallenge
    from authlib.oidc.core import OpenIDCode, UserInfo
    from joserfc.jwk import RSAKey

    issuer = f"http://127.0.0.1:{port}"
    back = f"{base_url}/sign-in/provider/back"
    codes: dict[str, Any] = {}
    nonces: set[str] = set()

    def new_key() -> Any:
        return RSAKey.generate_key(
            2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"}
        )

    state: dict[str, Any] = {
        "key": new_key(),
        "published": None,
        "claims": {},
        "iss": issuer,
        "named": True,
    }
    state["published"] = state["key"]

    class Registered(ClientMixin):
        def get_client_id(self) -> str:
            return CLIENT

        def get_default_redirect_uri(self) -> str:
            return back

        def get_allowed_scope(self, scope: str) -> str:
            return scope

        def check_redirect_uri(self, redirect_uri: str) -> bool:
            return redirect_uri == back

        def check_client_secret(self, client_secret: str) -> bool:
            return client_secret == SECRET

        def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
            return method == "client_secret_basic"

        def check_response_type(self, response_type: str) -> bool:
            return response_type == "code"

        def check_grant_type(self, grant_type: str) -> bool:
            return grant_type == "authorization_code"

    class Code(AuthorizationCodeMixin):
        def __init__(self, request: Any, user: str) -> None:
            data = request.payload.data
            self.user, self.nonce, self.scope = user, data.get("nonce"), data.get("scope")
            self.redirect_uri = data["redirect_uri"]
            self.code_challenge = data.get("code_challenge")
            self.code_challenge_method = data.get("code_challenge_method")

        def get_redirect_uri(self) -> str:
            return self.redirect_uri

        def get_scope(self) -> str:
            return self.scope

        def get_nonce(self) -> str:
            return self.nonce

        def get_auth_time(self) -> None:
            return None

        def get_acr(self) -> str | None:
            return state["claims"].get("acr")

        def get_amr(self) -> list[str] | None:
            return state["claims"].get("amr")

    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

        def save_authorization_code(self, code: str, request: Any) -> Code:
            codes[code] = Code(request, request.user)
            return codes[code]

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            found = codes.get(code)
            if found is not None:
                found.code = code
            return found

        def delete_authorization_code(self, authorization_code: Any) -> None:
            del codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.user

    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return nonce in nonces

        def resolve_client_private_key(self, client: Any) -> Any:
            return state["key"]

        def get_client_algorithm(self, client: Any) -> str:
            return "RS256"

        def get_encode_header(self, client: Any) -> dict[str, Any]:
            named = {"kid": state["key"].kid} if state["named"] else {}
            return {**super().get_encode_header(client), **named}

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": state["iss"]}

        def get_jwt_config(self, grant: Any, client: Any = None) -> dict[str, Any]:
            return {"key": state["key"], "alg": "RS256", "iss": state["iss"], "exp": 300}

        def generate_user_info(self, user: str, scope: str) -> Any:
            return UserInfo(sub=user, name=f"{user} of the city", **state["claims"])

    app = flask.Flask(__name__)
    server = AuthorizationServer(
        app, query_client=lambda name: Registered() if name == CLIENT else None,
        save_token=lambda token, request: None,
    )  # fmt: skip
    server.register_grant(CodeGrant, [Tokens(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Any:
        return {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/end",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }  # fmt: skip

    @app.get("/jwks")
    def jwks() -> Any:
        return {"keys": [state["published"].as_dict(private=False)]}

    @app.get("/authorize")
    def authorize() -> Any:
        """The person ``login_as`` says yes at once; nobody says no."""
        user = flask.request.args.get("login_as") or state["claims"].get("default")
        grant = server.get_consent_grant(end_user=user)
        return server.create_authorization_response(grant_user=user, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.put("/control")
    def control() -> Any:
        asked = flask.request.get_json()
        if asked.get("rotate"):
            state["key"] = state["published"] = new_key()
        if asked.get("forge"):
            forged = new_key().as_dict(private=True)
            state["key"] = RSAKey.import_key({**forged, "kid": state["published"].kid})
        if asked.get("honest"):
            state["key"] = state["published"]
        state["claims"] = asked.get("claims", {})
        state["named"] = asked.get("named", True)
        state["iss"] = asked.get("iss", issuer)
        return json.dumps({"kid": state["published"].kid})

    app.run(port=port)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
