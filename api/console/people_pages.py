"""账号: the accounts of an area, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from api.faults import STATUS
from cases import accounts, identities
from cases.accounts import FirstPassword, Place
from cases.errors import CaseError, NotFound
from cases.repository import Scope
from cases.rights import Right
from foundation.crypto import Cipher

from .access import Process, Worker
from .case_page import place
from .pages import html, words
from .steps import Fields, Form

router = APIRouter(prefix="/console/people", include_in_schema=False)
Step = Callable[[Session, Cipher, Scope, str, Form], Any]


@router.get("")
def people(
    runtime: Process,
    user: Worker,
    q: Annotated[str, Query(max_length=60)] = "",
    role: Annotated[str, Query(max_length=24)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The list."""
    return _list(runtime, user, q, role, page)


@router.post("")
def add(runtime: Process, user: Worker, form: Fields) -> Response:
    """A new account; its first password is shown once, on this answer."""
    user.scope.demand(Right.STAFF_MANAGE)
    given = accounts.first_password()
    try:
        with runtime.database.write() as session:
            made = accounts.add(
                session, runtime.cipher, user.scope, form.get("login", ""), form.get("name", ""),
                _place(form), given, form.get("reason", ""),
            )  # fmt: skip
            staff_id = made.id
    except CaseError as refused:
        status = STATUS.get(type(refused), 409)
        return _list(runtime, user, status=status, error=refused.reason, draft=form)
    return _one(runtime, user, staff_id, given=given)


@router.get("/{staff_id}")
def person(
    runtime: Process, user: Worker, staff_id: str,
    done: Annotated[str, Query(max_length=30)] = "",
) -> HTMLResponse:  # fmt: skip
    """One account."""
    return _one(runtime, user, staff_id, notice=words()["people"].get(done))


STEPS: dict[str, Step] = {
    "change": lambda s, c, w, i, f: accounts.change(
        s, c, w, i, f.get("name", ""), _place(f), f.get("reason", "")
    ),
    "stop": lambda s, c, w, i, f: accounts.stop(s, c, w, i, f.get("reason", "")),
    "restore": lambda s, c, w, i, f: accounts.restore(s, c, w, i, f.get("reason", "")),
    "code": lambda s, c, w, i, f: accounts.reset_code(s, c, w, i, f.get("reason", "")),
    "link": lambda s, c, w, i, f: identities.link(
        s, c, w, i, f.get("issuer", ""), f.get("subject", ""), f.get("reason", "")
    ),
    "unlink": lambda s, c, w, i, f: identities.unlink(
        s, c, w, i, f.get("issuer", ""), f.get("reason", "")
    ),
    "sessions": lambda s, c, w, i, f: accounts.end_sessions(s, c, w, i, f.get("reason", "")),
}


@router.post("/{staff_id}/password")
def password(runtime: Process, user: Worker, staff_id: str, form: Fields) -> Response:
    """A first password again, shown once."""
    user.scope.demand(Right.STAFF_MANAGE)
    given = accounts.first_password()
    try:
        with runtime.database.write() as session:
            accounts.reset_password(
                session, runtime.cipher, user.scope, staff_id, given, form.get("reason", "")
            )
    except NotFound:
        raise
    except CaseError as refused:
        return _refused(runtime, user, staff_id, refused, form)
    return _one(runtime, user, staff_id, given=given)


@router.post("/{staff_id}/{step}")
def step(runtime: Process, user: Worker, staff_id: str, step: str, form: Fields) -> Response:
    """A step on an account, with its reason."""
    work = STEPS.get(step)
    if work is None:
        raise NotFound
    try:
        with runtime.database.write() as session:
            # which provider is the settings' to say, not the form's
            given = {**form, "issuer": runtime.settings.oidc_issuer}
            work(session, runtime.cipher, user.scope, staff_id, given)
    except NotFound:
        raise
    except CaseError as refused:
        return _refused(runtime, user, staff_id, refused, form)
    return RedirectResponse(f"/console/people/{staff_id}?done={step}", 303)


def _place(form: Form) -> Place:
    return Place(form.get("role", ""), form.get("area", ""), form.get("department", ""))


def _refused(
    runtime: Process, user: Worker, staff_id: str, refused: CaseError, form: Form
) -> HTMLResponse:
    status = STATUS.get(type(refused), 409)
    return _one(runtime, user, staff_id, status=status, error=refused.reason, draft=form)


def _list(
    runtime: Process, user: Worker, q: str = "", role: str = "", page: int = 1, *,
    status: int = 200, error: str | None = None, draft: Form | None = None,
) -> HTMLResponse:  # fmt: skip
    with runtime.database.read() as session:
        found = accounts.listed(session, user.scope, q, role, page)
    address = urlencode({key: value for key, value in (("q", q), ("role", role)) if value})
    return html(
        "people.html", status, user=user, place=place(user.scope), found=found, q=q, role=role,
        address=address, error=error, draft=draft or {},
    )  # fmt: skip


def _one(
    runtime: Process, user: Worker, staff_id: str, *, status: int = 200,
    notice: str | None = None, error: str | None = None, draft: Form | None = None,
    given: FirstPassword | None = None,
) -> HTMLResponse:  # fmt: skip
    with runtime.database.read() as session:
        found = accounts.account(session, user.scope, staff_id)
        issuer = runtime.settings.oidc_issuer
        subject = identities.subject_of(session, staff_id, issuer) if issuer else None
    return html(
        "person.html", status, user=user, place=place(user.scope), one=found, notice=notice,
        error=error, draft=draft or {}, given=given.plain if given else None,
        provider=runtime.settings.oidc_name if issuer else "", subject=subject,
        oneself=found.person.id == user.scope.worker_id,
    )  # fmt: skip
