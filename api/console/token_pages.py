"""令牌: which programs may use the API, with which rights and until when, for administrators."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.faults import STATUS
from cases import tokens
from cases.errors import BadInput, CaseError, NotFound
from cases.rights import Right
from cases.states import Role
from cases.tokens import AlreadyMade, Wish

from .access import Process, Worker
from .case_page import place
from .pages import html, words
from .steps import Fields

router = APIRouter(prefix="/console/tokens", include_in_schema=False)
Draft = dict[str, str]
FIRST_ROLE = Role.AUDITOR  # reads and changes nothing


@router.get("")
def listed(
    runtime: Process, user: Worker, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> HTMLResponse:
    """The tokens of the area."""
    return _list(runtime, user, page=page)


@router.get("/new")
def new(
    user: Worker, role: Annotated[str, Query(max_length=24)] = FIRST_ROLE
) -> HTMLResponse:  # fmt: skip
    """The form: the rights to tick are those of the role chosen first."""
    user.scope.demand(Right.TOKEN_MANAGE)
    chosen = role if role in tokens.roles() else FIRST_ROLE
    return _form(user, {"role": chosen, "form": secrets.token_urlsafe(24)})


@router.post("")
def make(
    runtime: Process,
    user: Worker,
    form: Fields,
    right: Annotated[list[str] | None, Form(max_length=40)] = None,
) -> Response:
    """A new one; its secret is shown once, on this answer."""
    user.scope.demand(Right.TOKEN_MANAGE)
    chosen = right or []
    wish = Wish(
        form.get("name", ""), form.get("role", ""), form.get("area", ""),
        form.get("department", ""), chosen, form.get("until", ""),
    )  # fmt: skip
    try:
        with runtime.database.write() as session:
            token, secret = tokens.make(
                session, runtime.cipher, user.scope, wish, form.get("reason", ""),
                form.get("form", ""),
            )  # fmt: skip
            token_id = token.id
    except AlreadyMade as refused:
        return _one(runtime, user, refused.token_id, 409, error=refused.reason)
    except BadInput as refused:
        if refused.field == "form" or wish.role not in tokens.roles():
            return _list(runtime, user, 422, error=refused.reason)
        return _form(user, form, 422, chosen=chosen, error=refused.reason, field=refused.field)
    except CaseError as refused:
        return _list(runtime, user, STATUS.get(type(refused), 409), error=refused.reason)
    return _one(runtime, user, token_id, secret=secret)


@router.get("/{token_id}")
def one(
    runtime: Process, user: Worker, token_id: str,
    done: Annotated[str, Query(max_length=30)] = "",
) -> HTMLResponse:  # fmt: skip
    """One token."""
    return _one(runtime, user, token_id, notice=words()["tokens"].get(done))


@router.post("/{token_id}/revoke")
def revoke(runtime: Process, user: Worker, token_id: str, form: Fields) -> Response:
    """It opens nothing any more; wants a reason and the tick that says so."""
    try:
        with runtime.database.write() as session:
            tokens.revoke(
                session, runtime.cipher, user.scope, token_id, form.get("reason", ""),
                sure="sure" in form,
            )  # fmt: skip
    except NotFound:
        raise
    except CaseError as refused:
        status = STATUS.get(type(refused), 409)
        return _one(runtime, user, token_id, status, error=refused.reason, draft=form)
    return RedirectResponse(f"/console/tokens/{token_id}?done=revoke", 303)


def _list(
    runtime: Process, user: Worker, status: int = 200, *, page: int = 1, error: str | None = None
) -> HTMLResponse:
    with runtime.database.read() as session:
        found = tokens.listed(session, user.scope, page)
    return html(
        "tokens.html", status, user=user, place=place(user.scope), found=found, error=error,
        roles=tokens.roles(), first=FIRST_ROLE,
    )  # fmt: skip


def _form(
    user: Worker, draft: Draft, status: int = 200, *, chosen: list[str] | None = None,
    error: str | None = None, field: str = "",
) -> HTMLResponse:  # fmt: skip
    role = Role(draft["role"])
    return html(
        "token_new.html", status, user=user, place=place(user.scope), draft=draft, role=role,
        roles=tokens.roles(), choices=tokens.choices(role), word_of=tokens.word_of,
        chosen=chosen or [], latest=tokens.latest(), error=error, field=field,
    )  # fmt: skip


def _one(
    runtime: Process, user: Worker, token_id: str, status: int = 200, *,
    notice: str | None = None, error: str | None = None, secret: str | None = None,
    draft: Draft | None = None,
) -> HTMLResponse:  # fmt: skip
    with runtime.database.read() as session:
        found = tokens.one(session, user.scope, token_id)
    return html(
        "token.html", status, user=user, place=place(user.scope), one=found, notice=notice,
        error=error, secret=secret, draft=draft or {},
    )  # fmt: skip
