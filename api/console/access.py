"""Who is signed in: an opaque cookie in the browser, everything else in the session's row."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from cases import signing_in, staff
from cases.signing_in import Waiting
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
    value = cookie_of(request)
    refreshing = request.method == "GET" and "hx-request" in request.headers
    found = None
    if value:
        found = staff.session_of(runtime.database, runtime.cipher, value, active=not refreshing)
    if found is None:
        raise SignInFirst
    return found


def waiting(request: Request) -> Waiting:
    """The browser that knows the password and has steps left."""
    runtime = runtime_of(request)
    value = cookie_of(request)
    found = signing_in.waiting_of(runtime.database, runtime.cipher, value) if value else None
    if found is None:
        raise SignInFirst
    return found


def cookie_of(request: Request) -> str:
    """The session's cookie, "" when there is none or it cannot be one of ours."""
    value = request.cookies.get(cookie_name(runtime_of(request)), "")
    return value if 20 <= len(value) <= 100 else ""


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
NotYet = Annotated[Waiting, Depends(waiting)]
Process = Annotated[Runtime, Depends(runtime_of)]
