"""A small OpenID Connect provider on this machine: discovery, authorisation, token, user, keys; RS256 and PKCE."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "samverka-berg", "en-hemlighet-hos-tjansten"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What it says of the person who signs in, and what it was asked."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    sends_elsewhere: bool = False

    def discovery(self) -> dict[str, Any]:
        """Where its parts are."""
        parts = {
            "authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "user",
            "jwks_uri": "keys",
        }  # fmt: skip
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in parts.items()}}

    def claims(self) -> dict[str, Any]:
        """What the signed token says."""
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now, **self.person}
        return {name: value for name, value in (usual | self.token).items() if value is not None}

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        """A code for tokens, where the client and the code's own verifier are right."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or form.get("client_secret") != SECRET or asked["code_challenge"] != verifier:
            self.refused.append("token")
            return None
        signed = jwt.encode(self.claims(), KEY, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": signed}


class _Answers(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        """Discovery, keys, the user, and the page where one signs in (which asks nothing)."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        match parts.path:
            case "/.well-known/openid-configuration" if self.provider.sends_elsewhere:
                self._to(f"{self.provider.issuer}/elsewhere")
            case "/.well-known/openid-configuration" | "/elsewhere":
                self._json(self.provider.discovery())
            case "/keys":
                numbers = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
                self._json({"keys": [{**numbers, "kid": "1", "use": "sig", "alg": "RS256"}]})
            case "/user":
                self._json(self.provider.person)
            case "/authorize":
                code = secrets.token_hex(8)
                self.provider.asked.append(asked)
                self.provider.codes[code] = asked
                self._to(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
            case _:
                self._json({}, 404)

    def do_POST(self) -> None:
        """The token."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        tokens = self.provider.exchange({name: values[0] for name, values in parse_qs(body).items()})
        self._json(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

    def _json(self, body: dict[str, Any], status: int = 200) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """In silence."""


@contextmanager
def serving() -> Iterator[Provider]:
    """The provider, until the test is done with it."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"provider": provider}))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
