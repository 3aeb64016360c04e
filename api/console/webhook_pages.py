"""推送: which other systems are told of which steps, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from api.faults import STATUS
from api.webhooks_api import check_target
from cases import webhooks
from cases.errors import CaseError, NotFound
from cases.repository import Scope
from cases.rights import Right
from cases.webhooks import Wish
from foundation.crypto import Cipher
from foundation.leases import JobState

from .access import Process, Worker
from .case_page import place
from .pages import html, words
from .steps import Fields

router = APIRouter(prefix="/console/webhooks", include_in_schema=False)
Draft = dict[str, str]
Step = Callable[[Session, Cipher, Scope, str, Draft], Any]


@router.get("")
def listed(runtime: Process, user: Worker) -> HTMLResponse:
    """The subscriptions of the area."""
    return _list(runtime, user)


@router.post("")
def add(
    runtime: Process,
    user: Worker,
    form: Fields,
    kinds: Annotated[list[str] | None, Form(max_length=40)] = None,
) -> Response:
    """A new one; its secret is shown once, on this answer."""
    user.scope.demand(Right.WEBHOOK_MANAGE)
    chosen = kinds or []
    wish = Wish(form.get("name", ""), form.get("url", ""), form.get("area", ""), chosen)
    try:
        check_target(runtime, wish.url)
        with runtime.database.write() as session:
            hook, secret = webhooks.add(
                session, runtime.cipher, user.scope, wish, form.get("reason", ""),
                https_only=runtime.settings.is_production,
            )  # fmt: skip
            webhook_id = hook.id
    except CaseError as refused:
        status = STATUS.get(type(refused), 409)
        return _list(runtime, user, status, error=refused.reason, draft=form, chosen=chosen)
    return _one(runtime, user, webhook_id, secret=secret)


@router.get("/{webhook_id}")
def one(
    runtime: Process, user: Worker, webhook_id: str,
    done: Annotated[str, Query(max_length=30)] = "",
) -> HTMLResponse:  # fmt: skip
    """One subscription, what was given up and what was sent last."""
    return _one(runtime, user, webhook_id, notice=words()["webhooks"].get(done))


@router.post("/{webhook_id}/secret")
def secret(runtime: Process, user: Worker, webhook_id: str, form: Fields) -> Response:
    """A new secret, shown once."""
    try:
        with runtime.database.write() as session:
            _, fresh = webhooks.change_secret(
                session, runtime.cipher, user.scope, webhook_id, form.get("reason", "")
            )
    except NotFound:
        raise
    except CaseError as refused:
        return _refused(runtime, user, webhook_id, refused)
    return _one(runtime, user, webhook_id, secret=fresh)


STEPS: dict[str, Step] = {
    "stop": lambda s, c, w, i, f: webhooks.stop(s, c, w, i, f.get("reason", "")),
    "restore": lambda s, c, w, i, f: webhooks.restore(s, c, w, i, f.get("reason", "")),
    "trial": lambda s, _, w, i, __: webhooks.trial(s, w, i),
    "again": lambda s, c, w, i, f: webhooks.again(s, c, w, i, f.get("delivery") or None),
}


@router.post("/{webhook_id}/{step}")
def step(runtime: Process, user: Worker, webhook_id: str, step: str, form: Fields) -> Response:
    """A step on a subscription."""
    work = STEPS.get(step)
    if work is None:
        raise NotFound
    try:
        with runtime.database.write() as session:
            work(session, runtime.cipher, user.scope, webhook_id, form)
    except NotFound:
        raise
    except CaseError as refused:
        return _refused(runtime, user, webhook_id, refused)
    return RedirectResponse(f"/console/webhooks/{webhook_id}?done={step}", 303)


def _refused(runtime: Process, user: Worker, webhook_id: str, refused: CaseError) -> HTMLResponse:
    status = STATUS.get(type(refused), 409)
    return _one(runtime, user, webhook_id, status, error=refused.reason)


def _list(
    runtime: Process, user: Worker, status: int = 200, *, error: str | None = None,
    draft: Draft | None = None, chosen: list[str] | None = None,
) -> HTMLResponse:  # fmt: skip
    with runtime.database.read() as session:
        rows = webhooks.listed(session, user.scope)
    return html(
        "webhooks.html", status, user=user, place=place(user.scope), rows=rows, error=error,
        draft=draft or {}, chosen=chosen or [], kinds=webhooks.KINDS,
        kind_words=webhooks.KIND_WORDS, https_only=runtime.settings.is_production,
    )  # fmt: skip


def _one(
    runtime: Process, user: Worker, webhook_id: str, status: int = 200, *,
    notice: str | None = None, error: str | None = None, secret: str | None = None,
) -> HTMLResponse:  # fmt: skip
    with runtime.database.read() as session:
        found = webhooks.one(session, user.scope, webhook_id)
        dead = webhooks.deliveries(session, user.scope, webhook_id, [JobState.DEAD])
        latest = webhooks.deliveries(session, user.scope, webhook_id)[:10]
    return html(
        "webhook.html", status, user=user, place=place(user.scope), one=found, dead=dead,
        latest=latest, notice=notice, error=error, secret=secret, kind_words=webhooks.KIND_WORDS,
    )  # fmt: skip
