"""Who is signed in: an opaque cookie in the browser, everything else in the session's row."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from cases import staff
from cases.staff import SignedIn
from foundation.runtime import Runtime


class SignInFirst(Exception):
    """No live session: to the sign-in page."""


def runtime_of(request: Request) -> Runtime:
    """The process's runtime."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def signed_in(request: Request) -> SignedIn:
    """The session behind the cookie. A page that refreshes itself does not prolong it."""
    runtime = runtime_of(request)
    value = request.cookies.get(cookie_name(runtime), "")
    refreshing = request.method == "GET" and "hx-request" in request.headers
    found = None
    if 20 <= len(value) <= 100:
        found = staff.session_of(runtime.database, runtime.cipher, value, active=not refreshing)
    if found is None:
        raise SignInFirst
    return found


def to_sign_in(request: Request, _: Exception) -> Response:
    """Redirect the page, also when only a fragment was asked for."""
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/console/login"})
    return RedirectResponse("/console/login", 303)


def cookie_name(runtime: Runtime) -> str:
    """`__Host-` binds the cookie to this host and to TLS, so only production can have it."""
    return "__Host-wenzhu" if runtime.settings.is_production else "wenzhu"


def set_cookie(runtime: Runtime, response: Response, value: str) -> None:
    """HttpOnly, SameSite=Lax, gone with the browser."""
    response.set_cookie(
        cookie_name(runtime),
        value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=runtime.settings.is_production,
    )


Worker = Annotated[SignedIn, Depends(signed_in)]
Process = Annotated[Runtime, Depends(runtime_of)]
