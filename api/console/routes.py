"""Pages to read: the queue, one case, its thread, notices."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from cases import access as openings
from cases import browsing, freshness, labels, views, waiting_list
from cases.models import Case, Notice
from cases.repository import CaseRepository, Filter, View
from cases.rights import Right
from cases.shapes import Summary
from cases.states import CaseState, Department, Urgency

from . import (
    access_pages,
    bot_drafts,
    desk,
    mine_pages,
    misheard_pages,
    oidc_pages,
    people_pages,
    print_pages,
    routing_pages,
    sign_in,
    steps,
    token_pages,
    waiting_page,
    webhook_pages,
)
from .access import Process, SignInFirst, Worker, to_sign_in
from .case_page import place, render_case, thread_values
from .pages import STATIC, html, words

router = APIRouter(prefix="/console", include_in_schema=False)
BULK = {
    "claim": Right.CASE_CLAIM,
    "assign": Right.CASE_ASSIGN,
    "label": Right.CASE_NOTE,
    "close": Right.CASE_CLOSE,
}
MENU = [View(name) for name in words()["views"]]


def install(app: FastAPI) -> None:
    """Pages, steps and static files under /console."""
    app.include_router(router)
    app.include_router(sign_in.router)
    app.include_router(oidc_pages.router)
    app.include_router(mine_pages.router)
    app.include_router(people_pages.router)
    app.include_router(webhook_pages.router)
    app.include_router(token_pages.router)
    app.include_router(routing_pages.router)
    app.include_router(access_pages.router)
    app.include_router(misheard_pages.router)
    app.include_router(desk.router)
    app.include_router(print_pages.router)
    app.include_router(print_pages.api)
    app.include_router(steps.router)
    app.include_router(bot_drafts.router)
    app.include_router(waiting_page.router)
    app.mount("/console/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(SignInFirst, to_sign_in)


def fault_page(request: Request, status: int, reason: str) -> Response:
    """A refusal as a page; a fragment gets the sentence alone."""
    if "hx-request" in request.headers:
        return html("_fault.html", status, reason=reason)
    return html("fault.html", status, reason=reason, user=None)


@router.get("")
def queue(
    request: Request,
    runtime: Process,
    user: Worker,
    view: View = View.OPEN,
    status: str = "",
    department: str = "",
    urgency: str = "",
    label: Annotated[str, Query(max_length=20)] = "",
    saved: Annotated[str, Query(max_length=32)] = "",
    q: Annotated[str, Query(max_length=60)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    mark: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The queue; a request by htmx gets the part that changes, or 204 while nothing has.

    Who only keeps accounts has none.
    """
    if user.scope.may(Right.STAFF_MANAGE):
        return RedirectResponse("/console/people", 303)
    fragment = "hx-request" in request.headers
    with runtime.database.read() as session:
        stands = freshness.mark(session, user.scope)
        if fragment and mark == stands:
            return Response(status_code=204)
        kept = labels.views_for(session, user.scope)
    current = next((one for one in kept if one.id == saved), None)
    if current is not None:
        stored = current.query
        view = View(stored.get("view", view)) if stored.get("view") in list(View) else view
        status, urgency = stored.get("status", ""), stored.get("urgency", "")
        department, label = stored.get("department", ""), stored.get("label", "")
    wanted = Filter(
        view=view,
        status=status if status in list(CaseState) else None,
        department=department if department in list(Department) else None,
        urgency=urgency if urgency in list(Urgency) else None,
        label=label.strip() or None,
        q=q.strip() or None,
        page=page,
    )
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        found = repository.page(runtime.cipher, wanted)
        rows = views.summaries(repository, runtime.cipher, list(found.cases))
        counts, cap = repository.counts(), repository.cap
        open_alerts, unseen = repository.open_alerts(), len(repository.unseen_notices())
        callers = waiting_list.count(repository)
        reading = browsing.told_and_open(session, user.scope)
    if wanted.q and not fragment:
        openings.record_search(runtime.database, runtime.cipher, user.scope, wanted.q, found.total)
    query = {
        "view": view, "status": wanted.status, "department": wanted.department,
        "urgency": wanted.urgency, "label": wanted.label, "q": wanted.q,
        "saved": current.id if current is not None else None,
    }  # fmt: skip
    address = urlencode({key: value for key, value in query.items() if value})
    template = "_queue.html" if fragment else "queue.html"
    return html(
        template, user=user, place=place(user.scope), wanted=wanted, found=found,
        address=address, menu=MENU, rows=rows, counts=counts, cap=cap, unseen=unseen,
        callers=callers, reading=reading, mark=stands,
        saved=kept, current=current.id if current is not None else "",
        deeds=[deed for deed, right in BULK.items() if user.scope.may(right)],
        alerts=len(open_alerts), passed_on=sum(alert.step > 0 for alert in open_alerts),
    )  # fmt: skip


@router.get("/notices")
def notices(runtime: Process, user: Worker) -> HTMLResponse:
    """What the department has not seen yet, together for each case, the newest first."""
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        unseen = repository.unseen_notices()
        about = {notice.case_id for notice in unseen}
        found = list(session.scalars(repository.cases().where(Case.id.in_(about))))
        shown = views.summaries(repository, runtime.cipher, found)
        told: dict[str, tuple[Summary, list[Notice]]] = {
            case.id: (row, []) for case, row in zip(found, shown, strict=True)
        }
    for notice in unseen:
        if notice.case_id in told:
            told[notice.case_id][1].append(notice)
    newest = dict.fromkeys(notice.case_id for notice in unseen)
    rows = [told[case_id] for case_id in newest if case_id in told]
    return html("notices.html", user=user, place=place(user.scope), rows=rows)


@router.get("/cases/{receipt}")
def case_page(
    runtime: Process,
    user: Worker,
    receipt: str,
    done: Annotated[str, Query(max_length=30)] = "",
    text: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """One case; opening it is recorded and marks its notices as seen."""
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        news = openings.is_news(repository, repository.get(receipt))
    if news:
        with runtime.database.write() as session:
            openings.record_opening(session, runtime.cipher, user.scope, receipt)
    return render_case(runtime, user, receipt, done=done, text=text)


@router.get("/cases/{receipt}/head")
def case_head(runtime: Process, user: Worker, receipt: str) -> HTMLResponse:
    """The case's head, for the page that refreshes itself."""
    openings.note_view(runtime.database, runtime.cipher, user.scope, receipt)
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        found = views.detail(repository, runtime.cipher, repository.get(receipt))
    return html("_head.html", case=found, row=found.summary, user=user)


@router.get("/cases/{receipt}/thread")
def case_thread(runtime: Process, user: Worker, receipt: str) -> HTMLResponse:
    """The conversation, for the page that refreshes itself."""
    openings.note_view(runtime.database, runtime.cipher, user.scope, receipt)
    return html("_thread.html", **thread_values(runtime, user.scope, receipt), user=user)
