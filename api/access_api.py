"""The JSON API of the access log: who opened what and why, and what looked unusual."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from cases import access_log, browsing
from cases.repository import CaseRepository
from foundation.clock import SHANGHAI

from .cases_api import Caller, Process

router = APIRouter(prefix="/api/access", tags=["access"])
Short = Annotated[str, Query(max_length=60)]


@router.get("", summary="查阅记录")
def log(
    runtime: Process,
    scope: Caller,
    who: Short = "",
    case: Short = "",
    group: Annotated[str, Query(description="、".join(access_log.GROUPS), max_length=20)] = "",
    first: Short = "",
    last: Short = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> dict[str, Any]:
    """Fifty lines a page, the newest first; `more` says whether another page follows."""
    given = {"who": who, "case": case, "group": group, "first": first, "last": last}
    asked = access_log.wanted(given, page)
    with runtime.database.read() as session:
        found = access_log.read(CaseRepository(session, scope), runtime.cipher, asked)
    return {
        "lines": [
            {
                "at": one.at.astimezone(SHANGHAI).isoformat(timespec="seconds"), "what": one.word,
                "who": one.who, "login": one.login, "post": one.post, "receipt": one.receipt_no,
                "detail": one.detail, "reason": one.reason,
            }
            for one in found.lines
        ],
        "page": found.page, "more": found.more,
    }  # fmt: skip


@router.get("/alarms", summary="异常查阅")
def alarms(runtime: Process, scope: Caller) -> dict[str, Any]:
    """Unusual reading by the thresholds of `cases/browsing.yaml`, open ones first."""
    with runtime.database.read() as session:
        rows = browsing.alarms(session, runtime.cipher, scope)
    return {
        "alarms": [
            {
                "id": one.id, "rule": one.rule, "word": one.word, "who": one.person.name,
                "login": one.person.login, "count": one.count, "allowed": one.allowed,
                "since": one.since.astimezone(SHANGHAI).isoformat(timespec="seconds"),
                "at": one.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
                "told": one.told, "checked_by": one.checked, "finding": one.finding,
            }
            for one in rows
        ]
    }  # fmt: skip
