"""A small OpenID provider over real HTTP: strict in what it checks, and able to lie."""

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

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "wenzhu", "a-secret-of-the-provider"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Double:
    """`subject` signs in; `claims` and `lie` spoil the next ID tokens."""

    back: str
    port: int = 0
    subject: str = "u-4711"
    claims: dict[str, Any] = field(default_factory=dict)
    lie: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def about(self) -> dict[str, Any]:
        issuer = "http://evil.test" if self.lie == "issuer" else self.issuer
        return {
            "issuer": issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
        }  # fmt: skip

    def authorize(self, address: str) -> str:
        """What the person does there: signs in and is sent back. The address they land on."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.back
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{self.back}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, authorization: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        scheme, _, given = authorization.partition(" ")
        if scheme != "Basic" or base64.b64decode(given).decode() != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        )
        if (
            asked is None
            or form.get("redirect_uri") != self.back
            or challenge.rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}

    def logout_token(self, **changes: Any) -> str:
        """A logout token; a change to None leaves the claim out, `typ` is of the header."""
        now, typ = int(time.time()), changes.pop("typ", "logout+jwt")
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "sub": self.subject,
            "jti": secrets.token_urlsafe(16), "events": {EVENT: {}}, **changes,
        }  # fmt: skip
        return self.signed({key: one for key, one in claims.items() if one is not None}, typ)

    def signed(self, claims: dict[str, Any], typ: str = "JWT") -> str:
        if self.lie == "none":
            parts = [{"alg": "none"}, claims]
            packed = [base64.urlsafe_b64encode(json.dumps(one).encode()) for one in parts]
            return b".".join(one.rstrip(b"=") for one in packed).decode() + "."
        if self.lie == "hs256":
            secret = OctKey.import_key(SECRET)
            return jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
        key = self.key
        if self.lie == "foreign key":
            key = RSAKey.generate_key(2048, {"kid": "one"})
        token = jwt.encode({"alg": "RS256", "kid": str(key.kid), "typ": typ}, claims, key)
        return token[:-6] + "AAAAAA" if self.lie == "bent" else token


@contextmanager
def providing(back: str) -> Iterator[Double]:
    """A provider that runs for the length of the block."""
    double = Double(back)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            double.asked.append(path)
            if path == "/.well-known/openid-configuration":
                self.answer(200, double.about())
            elif path == "/jwks":
                self.answer(200, {"keys": [double.key.as_dict(private=False)]})
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            double.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: value[0] for key, value in parse_qs(body).items()}
            if double.lie == "broken":
                self.answer(500, {})
                return
            self.answer(*double.token(self.headers.get("Authorization", ""), form))

        def answer(self, status: int, body: dict[str, Any]) -> None:
            packed = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.port = server.server_port
    runner = threading.Thread(target=server.serve_forever, daemon=True)
    runner.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        runner.join(5)
