"""我的登录: one's own sessions, password and second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.faults import STATUS
from cases import own_account, rights, signing_in
from cases.errors import BadInput, CaseError, TooManyAttempts

from .access import Process, Worker
from .case_page import place
from .pages import html, words
from .sign_in import drawn

router = APIRouter(prefix="/console/mine", include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]


@router.get("")
def mine(
    runtime: Process, user: Worker, done: Annotated[str, Query(max_length=30)] = ""
) -> HTMLResponse:
    """The sessions, the password, the second factor."""
    return _page(runtime, user, notice=words()["mine"].get(done))


@router.post("/sessions/{session_id}/end")
def end(runtime: Process, user: Worker, session_id: str) -> Response:
    """End one session; one's present one leads to the sign-in page."""
    with runtime.database.write() as session:
        own_account.end_session(session, runtime.cipher, user, session_id)
    return RedirectResponse("/console/mine?done=ended", 303)


@router.post("/others/end")
def end_others(runtime: Process, user: Worker) -> Response:
    """End all but this one."""
    with runtime.database.write() as session:
        own_account.end_others(session, runtime.cipher, user)
    return RedirectResponse("/console/mine?done=others", 303)


@router.post("/password")
def password(
    runtime: Process, user: Worker, old: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """A new password; the other sessions end."""
    return _step(
        runtime, user, "password",
        lambda: signing_in.change_password(
            runtime.database, runtime.cipher, user.scope.worker_id, user.session_id, old,
            password, again,
        ),
    )  # fmt: skip


@router.post("/code")
def begin(runtime: Process, user: Worker, password: Text = "", code: Text = "") -> Response:
    """Begin with a phone; the page then shows the key."""
    return _step(
        runtime, user, "begun",
        lambda: own_account.begin(runtime.database, runtime.cipher, user, password, code),
    )  # fmt: skip


@router.post("/code/confirm")
def confirm(runtime: Process, user: Worker, code: Text = "") -> Response:
    """The phone's first code, then the codes for paper."""
    return _codes(
        runtime, user, lambda: own_account.confirm(runtime.database, runtime.cipher, user, code)
    )


@router.post("/code/paper")
def paper(runtime: Process, user: Worker, code: Text = "") -> Response:
    """New codes for paper; the old ones are void."""
    return _codes(
        runtime, user, lambda: own_account.new_codes(runtime.database, runtime.cipher, user, code)
    )


@router.post("/code/remove")
def remove(runtime: Process, user: Worker, password: Text = "", code: Text = "") -> Response:
    """Back to the password alone, where the role may."""
    return _step(
        runtime, user, "removed",
        lambda: own_account.remove(
            runtime.database, runtime.cipher, user, password, code, runtime.settings.second_factor
        ),
    )  # fmt: skip


def _step(runtime: Process, user: Worker, done: str, work: Callable[[], Any]) -> Response:
    try:
        work()
    except CaseError as refused:
        return _refusal(runtime, user, refused)
    return RedirectResponse(f"/console/mine?done={done}", 303)


def _codes(runtime: Process, user: Worker, work: Callable[[], list[str]]) -> Response:
    try:
        codes = work()
    except CaseError as refused:
        return _refusal(runtime, user, refused)
    return html("paper_codes.html", user=user, place=place(user.scope), codes=codes,
                onward="/console/mine")  # fmt: skip


def _refusal(runtime: Process, user: Worker, refused: CaseError) -> Response:
    field = refused.field if isinstance(refused, BadInput) else ""
    page = _page(runtime, user, STATUS.get(type(refused), 409), error=refused.reason, field=field)
    if isinstance(refused, TooManyAttempts):
        page.headers["Retry-After"] = str(refused.retry_after_seconds)
    return page


def _page(
    runtime: Process, user: Worker, status: int = 200, *,
    notice: str | None = None, error: str | None = None, field: str = "",
) -> HTMLResponse:  # fmt: skip
    own = own_account.own(runtime.database, runtime.cipher, user)
    return html(
        "mine.html", status, user=user, place=place(user.scope), own=own, notice=notice,
        error=error, field=field, setup=drawn(own.waiting) if own.waiting else None,
        compulsory=rights.needs_code(user.scope.role, runtime.settings.second_factor),
    )  # fmt: skip
