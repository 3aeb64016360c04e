"""Signing in at the office's own identity provider: OpenID Connect, authorization code with PKCE.

What the browser must bring back (state, nonce, verifier) travels in one encrypted cookie for ten
minutes, so that nothing is stored for who never returns. The ID token counts only when signed by a
key of the provider, for us, for this very attempt, and now.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2 as httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from foundation import clock
from foundation.crypto import Cipher, DecryptionFailed
from foundation.logging import get_logger
from foundation.settings import Settings

log = get_logger("api.oidc")
SECONDS = 10.0
KEEP_SECONDS = 3600.0  # what the provider says of itself
NEW_KEYS_SECONDS = 60.0  # between two looks for a key we do not know
LIFETIME = 600
LEEWAY = 60
LARGEST = 256 * 1024
#: Asymmetric signatures alone: with others whoever knows our secret could sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
PLACE = "oidc.attempt"
SCOPE = "openid profile"


class OidcRefused(Exception):
    """No sign-in came of it; `away` tells that the provider does not answer."""

    def __init__(self, reason: str, *, away: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.away = away


@dataclass(frozen=True)
class Attempt:
    """What this browser must bring back."""

    state: str
    nonce: str
    verifier: str
    until: int

    def sealed(self, cipher: Cipher) -> str:
        """As a cookie."""
        return cipher.encrypt(json.dumps(asdict(self)), PLACE)


@dataclass(frozen=True)
class Proven:
    """Who the provider says came, in which session of its own, and whether with a second factor."""

    issuer: str
    subject: str
    strong: bool
    sid: str
    issued: datetime


class Provider:
    """The one provider of the settings; thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._about: dict[str, Any] = {}
        self._about_at = self._keys_at = float("-inf")
        self._keys: KeySet | None = None

    @property
    def back(self) -> str:
        """Where the provider sends the browser."""
        return f"{self._settings.staff_base_url.rstrip('/')}/console/login/oidc/back"

    def begin(self) -> tuple[Attempt, str]:
        """A new attempt and where the browser goes. Raises OidcRefused."""
        attempt = Attempt(
            secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48),
            int(clock.now().timestamp()) + LIFETIME,
        )  # fmt: skip
        asked = {
            "response_type": "code", "client_id": self._settings.oidc_client_id, "scope": SCOPE,
            "redirect_uri": self.back, "state": attempt.state, "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }  # fmt: skip
        where = self._endpoint("authorization_endpoint")
        return attempt, f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}"

    def finish(self, attempt: Attempt | None, given: dict[str, str]) -> Proven:
        """Who came back. Raises OidcRefused."""
        if attempt is None or not secrets.compare_digest(
            given.get("state", "").encode(), attempt.state.encode()
        ):
            raise OidcRefused("等得太久了，或者换了浏览器，请重新登录")
        if given.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:
            raise OidcRefused("统一登录的答复不是给我们的，请重新登录")
        if "code" not in given:
            raise OidcRefused("统一登录没有完成，请重新登录")
        answer = self._exchange(given["code"], attempt)
        claims = self._claims(answer, attempt)
        sid = claims.get("sid")
        return Proven(
            self._settings.oidc_issuer, str(claims["sub"]), self._is_strong(claims),
            sid if isinstance(sid, str) else "", datetime.fromtimestamp(int(claims["iat"]), UTC),
        )  # fmt: skip

    def farewell(self) -> str | None:
        """Where to sign out at the provider too, if it has such a place."""
        try:
            where = self._metadata().get("end_session_endpoint")
        except OidcRefused:
            return None
        if not isinstance(where, str) or not self._callable(where):
            return None
        home = f"{self._settings.staff_base_url.rstrip('/')}/console/login"
        asked = {"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": home}
        return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}"

    def _exchange(self, code: str, attempt: Attempt) -> dict[str, Any]:
        settings = self._settings
        body = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.back,
            "code_verifier": attempt.verifier, "client_id": settings.oidc_client_id,
        }  # fmt: skip
        return self._ask(
            "POST", self._endpoint("token_endpoint"), data=body,
            auth=(settings.oidc_client_id, settings.oidc_client_secret),
        )  # fmt: skip

    def _claims(self, answer: dict[str, Any], attempt: Attempt) -> CodeIDToken:
        client = self._settings.oidc_client_id
        try:
            signed = self.decoded(str(answer.get("id_token", "")))
            claims = CodeIDToken(
                signed.claims, signed.header,
                options={
                    "iss": {"essential": True, "value": self._settings.oidc_issuer},
                    "aud": {"essential": True, "value": client},
                },
                params={
                    "nonce": attempt.nonce, "client_id": client,
                    "access_token": answer.get("access_token"),
                },
            )  # fmt: skip
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as wrong:
            log.warning("an ID token was refused", problem=type(wrong).__name__)
            raise OidcRefused("统一登录的答复核对不上，请重新登录；还不行，请告诉管理员") from None
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise OidcRefused("统一登录没有说是谁，请告诉管理员")
        return claims

    def decoded(self, token: str) -> jwt.Token:
        """What the provider signed, whatever it says. Raises JoseError, ValueError, OidcRefused."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            fresh = self._key_set(again=True)  # the provider may have a new key
            return jwt.decode(token, fresh, algorithms=ALGORITHMS)

    def _is_strong(self, claims: CodeIDToken) -> bool:
        said = {claims.get("acr")} | set(claims.get("amr") or ())
        return bool(said & set(self._settings.oidc_strong))

    def _key_set(self, *, again: bool = False) -> KeySet:
        wait = NEW_KEYS_SECONDS if again else KEEP_SECONDS
        with self._lock:
            known = self._keys
            if known is not None and time.monotonic() - self._keys_at < wait:
                return known
        found = self._ask("GET", self._endpoint("jwks_uri"))
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError):
            raise OidcRefused("统一登录的密钥读不懂，请告诉管理员", away=True) from None
        with self._lock:
            self._keys, self._keys_at = keys, time.monotonic()
        return keys

    def _endpoint(self, name: str) -> str:
        where = self._metadata().get(name)
        if not isinstance(where, str) or not self._callable(where):
            raise OidcRefused("统一登录的设置不对，请告诉管理员", away=True)
        return where

    def _callable(self, where: str) -> bool:
        return where.startswith("https://") or (
            where.startswith("http://") and not self._settings.is_production
        )

    def _metadata(self) -> dict[str, Any]:
        with self._lock:
            if time.monotonic() - self._about_at < KEEP_SECONDS:
                return self._about
        issuer = self._settings.oidc_issuer
        found = self._ask("GET", get_well_known_url(issuer, external=True))
        if found.get("issuer") != issuer:
            raise OidcRefused("统一登录的设置不对，请告诉管理员", away=True)
        with self._lock:
            self._about, self._about_at = found, time.monotonic()
        return found

    def _ask(self, method: str, where: str, **more: Any) -> dict[str, Any]:
        try:
            answer = httpx.request(method, where, timeout=SECONDS, follow_redirects=False, **more)
            if answer.status_code != 200 or len(answer.content) > LARGEST:
                log.warning("the provider refused", status=answer.status_code)
                raise OidcRefused("统一登录没有答应，请重新登录", away=answer.status_code >= 500)
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
            log.warning("the provider is away", problem=type(problem).__name__)
            raise OidcRefused(
                "统一登录现在连不上，请用登录名和密码，或者过一会儿再试", away=True
            ) from None
        return found if isinstance(found, dict) else {}


def unsealed(cipher: Cipher, cookie: str) -> Attempt | None:
    """The attempt in a cookie, None when it is none of ours or too old."""
    if not cookie or len(cookie) > 2000:
        return None
    try:
        attempt = Attempt(**json.loads(cipher.decrypt(cookie, PLACE)))
    except (DecryptionFailed, ValueError, TypeError):
        return None
    return attempt if attempt.until > clock.now().timestamp() else None
