"""统一登录: to the office's identity provider and back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api import oidc
from cases import signing_in
from cases.errors import NotFound
from cases.provider_logout import SignedOut
from foundation.runtime import Runtime

from .access import Process, set_cookie
from .devices import browser_of
from .pages import html
from .sign_in import PATHS

router = APIRouter(prefix="/console/login/oidc", include_in_schema=False)


@router.get("")
def go(request: Request, runtime: Process) -> Response:
    """To the provider."""
    provider = provider_of(request)
    try:
        attempt, where = provider.begin()
    except oidc.OidcRefused as refused:
        return _refused(runtime, refused)
    response = RedirectResponse(where, 303)
    response.set_cookie(
        _cookie(runtime), attempt.sealed(runtime.cipher), max_age=oidc.LIFETIME, path="/",
        httponly=True, samesite="lax", secure=runtime.settings.is_production,
    )  # fmt: skip
    return response


@router.get("/back")
def back(request: Request, runtime: Process) -> Response:
    """From the provider: a session, or the steps still wanted."""
    provider = provider_of(request)
    attempt = oidc.unsealed(runtime.cipher, request.cookies.get(_cookie(runtime), ""))
    given = {key: value[:2000] for key, value in request.query_params.items()}
    try:
        proven = provider.finish(attempt, given)
        opened = signing_in.by_provider(
            runtime.database, runtime.cipher, proven.issuer, proven.subject,
            strong=proven.strong, sid=proven.sid, issued=proven.issued,
            browser=browser_of(request),
            compulsory=runtime.settings.second_factor,
        )  # fmt: skip
    except oidc.OidcRefused as refused:
        return _refused(runtime, refused)
    except SignedOut as refused:
        return _refused(runtime, oidc.OidcRefused(refused.reason))
    if opened is None:
        page = html("not_linked.html", 403, user=None, subject=proven.subject,
                    provider=runtime.settings.oidc_name)  # fmt: skip
        return _forgetting(runtime, page)
    value, stage = opened
    response = RedirectResponse(PATHS[stage], 303)
    set_cookie(runtime, response, value)
    return _forgetting(runtime, response)


def provider_of(request: Request) -> oidc.Provider:
    """The provider of this process. Raises NotFound when none is set."""
    found: oidc.Provider | None = request.app.state.oidc
    if found is None:
        raise NotFound
    return found


def _refused(runtime: Runtime, refused: oidc.OidcRefused) -> Response:
    page = html(
        "login.html", 503 if refused.away else 401, error=refused.reason, login="", user=None,
        provider=runtime.settings.oidc_name,
    )  # fmt: skip
    return _forgetting(runtime, page)


def _forgetting(runtime: Runtime, response: Response) -> Response:
    response.delete_cookie(_cookie(runtime), path="/")
    return response


def _cookie(runtime: Runtime) -> str:
    return "__Host-wenzhu-oidc" if runtime.settings.is_production else "wenzhu-oidc"
