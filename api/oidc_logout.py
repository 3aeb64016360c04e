"""Signed out at the identity provider: OpenID Connect Back-Channel Logout 1.0.

The provider posts a logout token, server to server. It counts when signed by a key of the provider,
made for us just now, and for nothing else than this; then the sessions it means end. Whatever is
wrong with it is 400 with the reason, and nothing has changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from joserfc.errors import JoseError

from cases import provider_logout
from cases.errors import NotFound
from cases.provider_logout import AlreadyTold, Told
from foundation import clock
from foundation.logging import get_logger
from foundation.runtime import Runtime

from .oidc import LEEWAY, OidcRefused, Provider

log = get_logger(__name__)
router = APIRouter(include_in_schema=False)
PATH = "/oidc/back-channel-logout"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
OLDEST = 600  # seconds since it was made; within `provider_logout.KEEP` none counts twice
LONGEST = 8000
#: Explicit types this may have; an ID or access token by its type is none.
TYPES = frozenset({"jwt", "logout+jwt", "application/logout+jwt"})
#: What can be wrong: for the provider's log (ASCII, RFC 6749 5.2), and for people.
REASONS = {
    "form": ("no single logout_token in the form", "没有收到 logout_token"),
    "keys": ("the keys of the issuer cannot be fetched now", "现在取不到统一登录的密钥"),
    "signature": ("the signature does not fit a key of the issuer", "签名核对不上"),
    "typ": ("the type is not that of a logout token", "类型不是退出通知"),
    "iss": ("iss is not our provider", "iss 不是我们的统一登录"),
    "aud": ("aud is not us alone", "aud 不是我们"),
    "iat": ("iat is missing, ahead, or too long ago", "iat 没有、在将来，或者太久以前"),
    "exp": ("exp is missing or past", "exp 没有，或者已经过期"),
    "events": ("events does not have the back-channel logout event", "events 里没有退出事件"),
    "nonce": ("a logout token has no nonce", "退出通知不能带 nonce"),
    "subject": ("neither sub nor sid, or not as text", "sub 和 sid 都没有，或者不是文字"),
    "jti": ("jti is missing or not as text", "jti 没有，或者不是文字"),
    "replay": ("this jti was used before", "这个 jti 已经用过"),
}


class Bad(Exception):
    """A logout token that counts for nothing; `problem` is a key of `REASONS`."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


async def posted(request: Request) -> str:
    """The token of the form, "" when there is not exactly one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return ""
    try:
        given = parse_qs((await request.body()).decode("ascii"), max_num_fields=20)
    except ValueError:
        return ""
    found = given.get("logout_token", [])
    return found[0] if len(found) == 1 else ""


@router.post(PATH)
def logout(request: Request, token: Annotated[str, Depends(posted)]) -> Response:
    """End what the provider ended. 200 also when there was nothing left to end."""
    runtime: Runtime = request.app.state.runtime
    provider: Provider | None = request.app.state.oidc
    if provider is None:
        raise NotFound
    settings = runtime.settings
    try:
        told = checked(provider, token, settings.oidc_issuer, settings.oidc_client_id)
        try:
            with runtime.database.write() as session:
                ended = provider_logout.end(session, runtime.cipher, told)
        except AlreadyTold:
            raise Bad("replay") from None
    except Bad as bad:
        log.warning("a logout token was refused", problem=bad.problem)
        plain, reason = REASONS[bad.problem]
        return JSONResponse(
            {"error": "invalid_request", "error_description": plain, "reason": reason}, 400
        )
    log.info("signed out at the provider", ended=ended)
    return Response(status_code=200)


def checked(provider: Provider, token: str, issuer: str, client: str) -> Told:
    """The token's meaning, in the order of section 2.6. Raises Bad."""
    if not 0 < len(token) <= LONGEST:
        raise Bad("form")
    try:
        signed = provider.decoded(token)
    except OidcRefused:
        raise Bad("keys") from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise Bad("signature") from None
    claims: Any = signed.claims
    if not isinstance(claims, dict):
        raise Bad("signature")
    if str(signed.header.get("typ", "JWT")).lower() not in TYPES:
        raise Bad("typ")
    now = clock.now().timestamp()
    issued, until = _instant(claims.get("iat")), _instant(claims.get("exp"))
    if claims.get("iss") != issuer:
        raise Bad("iss")
    if claims.get("aud") not in (client, [client]):
        raise Bad("aud")
    if issued is None or not now - OLDEST <= issued <= now + LEEWAY:
        raise Bad("iat")
    if until is None or until + LEEWAY <= now:
        raise Bad("exp")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise Bad("events")
    if "nonce" in claims:
        raise Bad("nonce")
    subject, sid = (_text(claims, name, "subject") for name in ("sub", "sid"))
    if not subject and not sid:
        raise Bad("subject")
    token_id = _text(claims, "jti", "jti")
    if not token_id:
        raise Bad("jti")
    return Told(issuer, token_id, datetime.fromtimestamp(int(issued), UTC), subject, sid)


def _instant(given: object) -> float | None:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if number and 0 < given < 1e11 else None  # type: ignore[operator, arg-type]


def _text(claims: dict[str, Any], name: str, problem: str) -> str:
    given = claims.get(name, "")
    if not isinstance(given, str) or (name in claims and not given):
        raise Bad(problem)
    return given
