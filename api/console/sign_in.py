"""Signing in and out: the password, then what `cases.signing_in` still asks for, page by page."""

from __future__ import annotations

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from api.faults import STATUS
from api.oidc import Provider
from cases import signing_in, staff
from cases.errors import BadInput, CaseError, TooManyAttempts
from cases.second_factor import Setup

from .access import NotYet, Process, SignInFirst, cookie_name, cookie_of, set_cookie
from .devices import address_of, browser_of
from .pages import html

router = APIRouter(prefix="/console", include_in_schema=False)
PATHS = {
    staff.FULL: "/console",
    signing_in.CODE: "/console/login/code",
    signing_in.PASSWORD: "/console/login/password",
    signing_in.ENROL: "/console/login/enrol",
}
Text = Annotated[str, Form(max_length=200)]


@router.get("/login")
def login_form(runtime: Process) -> HTMLResponse:
    """The sign-in form."""
    provider = runtime.settings.oidc_name if runtime.settings.oidc_issuer else ""
    return html("login.html", error=None, login="", user=None, provider=provider)


@router.post("/login")
def login(
    request: Request,
    runtime: Process,
    login: Annotated[str, Form(max_length=60)] = "",
    password: Text = "",
) -> Response:
    """Check the password; a new session id every time."""
    try:
        value, stage = signing_in.sign_in(
            runtime.database, runtime.cipher, login, password, address_of(request),
            browser=browser_of(request), compulsory=runtime.settings.second_factor,
        )  # fmt: skip
    except CaseError as refused:
        provider = runtime.settings.oidc_name if runtime.settings.oidc_issuer else ""
        return _refused("login.html", refused, 401, login=login, provider=provider)
    return _onward(runtime, value, stage)


@router.get("/login/code")
def code_form(waiting: NotYet) -> Response:
    """Asks for the code."""
    return _page_of(waiting.stage, signing_in.CODE, "login_code.html")


@router.post("/login/code")
def code(request: Request, runtime: Process, waiting: NotYet, code: Text = "") -> Response:
    """Check the code of the phone, or one from paper."""
    if waiting.stage != signing_in.CODE:
        return RedirectResponse(PATHS[waiting.stage], 303)
    try:
        value, stage = signing_in.give_code(
            runtime.database, runtime.cipher, cookie_of(request), code, address_of(request),
            runtime.settings.second_factor,
        )  # fmt: skip
    except CaseError as refused:
        return _refused("login_code.html", refused, 401)
    return _onward(runtime, value, stage)


@router.get("/login/password")
def password_form(waiting: NotYet) -> Response:
    """Asks for a password of one's own."""
    return _page_of(waiting.stage, signing_in.PASSWORD, "login_password.html")


@router.post("/login/password")
def own_password(
    request: Request, runtime: Process, waiting: NotYet, password: Text = "", again: Text = ""
) -> Response:
    """Replace the password somebody else gave."""
    if waiting.stage != signing_in.PASSWORD:
        return RedirectResponse(PATHS[waiting.stage], 303)
    try:
        value, stage = signing_in.give_password(
            runtime.database, runtime.cipher, cookie_of(request), password, again,
            runtime.settings.second_factor,
        )  # fmt: skip
    except CaseError as refused:
        return _refused("login_password.html", refused, 422)
    return _onward(runtime, value, stage)


@router.get("/login/enrol")
def enrol_form(request: Request, runtime: Process, waiting: NotYet) -> Response:
    """The key to scan, for who must have a second factor and has none."""
    if waiting.stage != signing_in.ENROL:
        return RedirectResponse(PATHS[waiting.stage], 303)
    setup = signing_in.setup_of(runtime.database, runtime.cipher, cookie_of(request))
    return html("login_enrol.html", error=None, user=None, **drawn(setup))


@router.post("/login/enrol")
def enrol(request: Request, runtime: Process, waiting: NotYet, code: Text = "") -> Response:
    """The first code; then the codes for paper are shown, once."""
    if waiting.stage != signing_in.ENROL:
        return RedirectResponse(PATHS[waiting.stage], 303)
    cookie = cookie_of(request)
    try:
        value, stage, codes = signing_in.enrol(
            runtime.database, runtime.cipher, cookie, code, runtime.settings.second_factor
        )
    except CaseError as refused:
        setup = signing_in.setup_of(runtime.database, runtime.cipher, cookie)
        return _refused("login_enrol.html", refused, 401, **drawn(setup))
    page = html("paper_codes.html", user=None, codes=codes, onward=PATHS[stage])
    set_cookie(runtime, page, value)
    return page


@router.post("/logout")
def logout(request: Request, runtime: Process) -> Response:
    """End the session here and in the table."""
    value, via = cookie_of(request), ""
    if value:
        with runtime.database.write() as session:
            via = staff.close_session(session, runtime.cipher, value)
    provider: Provider | None = request.app.state.oidc
    onward = provider.farewell() if provider is not None and via == signing_in.PROVIDER else None
    response: Response = RedirectResponse("/console/login", 303)
    if onward is not None:
        # A link and no redirect: our policy keeps forms, and where they lead, inside the house.
        response = html("signed_out.html", user=None, onward=onward,
                        provider=runtime.settings.oidc_name)  # fmt: skip
    response.delete_cookie(cookie_name(runtime), path="/")
    return response


def drawn(setup: Setup) -> dict[str, Any]:
    """The key for a template: as a picture without script or style, and to type in."""
    picture = segno.make(setup.uri, error="m", micro=False)
    svg = picture.svg_inline(scale=4, border=4, light="white", dark="black", omitsize=False)
    return {"picture": Markup(svg), "key": setup.grouped}  # noqa: S704 - drawn by us


def _page_of(stage: str, wanted: str, template: str) -> Response:
    if stage != wanted:
        return RedirectResponse(PATHS[stage], 303)
    return html(template, error=None, user=None)


def _onward(runtime: Process, value: str, stage: str) -> Response:
    response = RedirectResponse(PATHS[stage], 303)
    set_cookie(runtime, response, value)
    return response


def _refused(template: str, refused: CaseError, status: int, **values: Any) -> Response:
    if isinstance(refused, BadInput) and refused.field == "session":
        raise SignInFirst
    status = status if isinstance(refused, BadInput) else STATUS.get(type(refused), 409)
    page = html(template, status, error=refused.reason, user=None, **values)
    if isinstance(refused, TooManyAttempts):
        page.headers["Retry-After"] = str(refused.retry_after_seconds)
    return page
