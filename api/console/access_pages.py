"""查阅记录 and 异常查阅, for inspectors and auditors."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.faults import STATUS
from cases import access_log, browsing
from cases.errors import BadInput, CaseError, NotFound
from cases.repository import CaseRepository
from cases.rights import Right

from .access import Process, Worker
from .case_page import place
from .pages import html, words
from .steps import Fields

router = APIRouter(prefix="/console/access", include_in_schema=False)
FILTERS = ("who", "case", "group", "first", "last")


@router.get("")
def log(
    request: Request,
    runtime: Process,
    user: Worker,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """The log, the newest first."""
    user.scope.demand(Right.ACCESS_READ)
    given = {key: request.query_params.get(key, "")[:60] for key in FILTERS}
    error, status = "", 200
    try:
        asked = access_log.wanted(given, page)
    except BadInput as refused:
        error, status, asked = refused.reason, 422, None
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        found = access_log.read(repository, runtime.cipher, asked) if asked else access_log.NONE
        waiting = len(browsing.alarms(session, runtime.cipher, user.scope, still_open=True))
    return html(
        "access.html", status, user=user, place=place(user.scope), found=found, given=given,
        groups=access_log.GROUPS, error=error, waiting=waiting,
        address=urlencode({key: value for key, value in given.items() if value}),
    )  # fmt: skip


@router.get("/alarms")
def alarms(
    runtime: Process, user: Worker, done: Annotated[str, Query(max_length=30)] = ""
) -> HTMLResponse:
    """Unusual reading, with its numbers."""
    return _alarms(runtime, user, notice=words()["access"].get(done))


@router.post("/alarms/{alarm_id}/check")
def check(runtime: Process, user: Worker, alarm_id: str, form: Fields) -> Response:
    """What a person found who looked into it."""
    try:
        with runtime.database.write() as session:
            browsing.check(session, runtime.cipher, user.scope, alarm_id, form.get("finding", ""))
    except NotFound:
        raise
    except CaseError as refused:
        return _alarms(
            runtime, user, STATUS.get(type(refused), 409), error=refused.reason,
            draft={alarm_id: form.get("finding", "")[:500]},
        )  # fmt: skip
    return RedirectResponse("/console/access/alarms?done=checked", 303)


def _alarms(
    runtime: Process, user: Worker, status: int = 200, *, notice: str | None = None,
    error: str | None = None, draft: dict[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    with runtime.database.read() as session:
        rows = browsing.alarms(session, runtime.cipher, user.scope)
    return html(
        "alarms.html", status, user=user, place=place(user.scope), rows=rows, notice=notice,
        error=error, draft=draft or {}, rules=browsing.rules(),
    )  # fmt: skip
