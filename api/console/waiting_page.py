"""The line of residents who wait for a person; taking one leads to the page of the case."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases import waiting_list
from cases.repository import CaseRepository
from cases.rights import Right

from .access import Process, Worker
from .case_page import place
from .pages import html

router = APIRouter(prefix="/console", include_in_schema=False)


@router.get("/waiting")
def waiting(request: Request, runtime: Process, user: Worker) -> HTMLResponse:
    """Who waits, most urgent and longest first; a request by htmx gets the part that changes."""
    user.scope.demand(Right.CASE_READ)
    with runtime.database.read() as session:
        found = waiting_list.line(CaseRepository(session, user.scope), runtime.cipher)
    mine = [one for one in found.attended if one.taken_by == user.scope.worker_id]
    others = [one for one in found.attended if one.taken_by != user.scope.worker_id]
    template = "_waiting.html" if "hx-request" in request.headers else "waiting.html"
    return html(template, user=user, place=place(user.scope), line=found, mine=mine, others=others)
