"""Reports for supervisors: figures with the list behind each, and the spreadsheet to take away."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.faults import STATUS
from cases import aid_tables, journey_tables, open_data, report_files, report_tables, reports
from cases.errors import CaseError
from cases.reports import Ask
from cases.repository import CaseRepository
from cases.rights import Right
from foundation import clock

from .access import Process, Worker
from .case_page import place
from .pages import html
from .steps import Fields

router = APIRouter(prefix="/console/reports", include_in_schema=False)
PAGE_SIZE = 100
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("")
def report(request: Request, runtime: Process, user: Worker) -> HTMLResponse:
    """The tables of a period and an area."""
    user.scope.demand(Right.REPORT_READ)
    given = {key: value[:40] for key, value in request.query_params.items()}
    try:
        ask = reports.asked(user.scope, given)
    except CaseError as refused:
        status = STATUS.get(type(refused), 409)
        return _page(runtime, user, reports.asked(user.scope, {}), refused.reason, status)
    return _page(runtime, user, ask)


@router.get("/list")
def behind(
    request: Request,
    runtime: Process,
    user: Worker,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The cases behind one figure."""
    given = {key: value[:40] for key, value in request.query_params.items()}
    ask = reports.asked(user.scope, given)
    measure = given.get("measure", "")
    with runtime.database.read() as session:
        found = report_tables.behind(CaseRepository(session, user.scope), ask, measure)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    names = {row.place: row.place_name for row, _ in found}
    first = (min(page, pages) - 1) * PAGE_SIZE
    return html(
        "report_list.html", user=user, place=place(user.scope), ask=ask,
        word=report_tables.WORDS[measure], money=measure.endswith("_fen"),
        sum=sum(weight for _, weight in found),
        count=len(found), rows=found[first : first + PAGE_SIZE], page=min(page, pages),
        pages=pages, address=ask.query(measure), chosen=_chosen(ask, names),
        weighed=any(weight != 1 for _, weight in found), day_of=clock.day_of,
    )  # fmt: skip


@router.post("/file")
def take(runtime: Process, user: Worker, given: Fields) -> Response:
    """The spreadsheet, against a reason; who took it and why stays in the history."""
    ask = reports.asked(user.scope, given)
    kind = given.get("as", "csv") if given.get("as") in MEDIA else "csv"
    try:
        with runtime.database.write() as session:
            if given.get("as") == "open":
                body: str | bytes = open_data.taken(
                    session, runtime.cipher, user.scope, ask, given.get("reason", "")
                )
            else:
                _, body = report_files.taken(
                    session, runtime.cipher, user.scope, ask, given.get("reason", ""), kind
                )
    except CaseError as refused:
        return _page(runtime, user, ask, refused.reason, STATUS.get(type(refused), 409))
    what = "open-" if given.get("as") == "open" else ""
    name = f"wenzhu-{what}{ask.area}-{ask.first}-{ask.last}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=MEDIA[kind], headers=headers)


def _page(
    runtime: Process, user: Worker, ask: Ask, error: str = "", status: int = 200
) -> HTMLResponse:
    with runtime.database.read() as session:
        found = report_tables.build(CaseRepository(session, user.scope), ask)
    names = {line.key: line.word for line in found.tables["place"]}
    return html(
        "report.html", status, user=user, place=place(user.scope), report=found, ask=ask,
        error=error, titles=report_tables.TITLES, columns=report_tables.COLUMNS,
        chosen=_chosen(ask, names), as_of=report_files.moment(found.as_of),
        kept=parse_qsl(ask.query()), may_open=user.scope.may(Right.CASE_READ),
        may_take=user.scope.may(Right.REPORT_TAKE), splits=aid_tables.SPLITS,
        followed_to=report_files.moment(found.journey.followed_to), few=journey_tables.few(),
        least=open_data.LEAST,
    )  # fmt: skip


def _chosen(ask: Ask, places: dict[str, str]) -> list[tuple[str, str, str]]:
    """(title, value in words, the report without it) of every narrowed dimension."""
    return [
        (report_tables.TITLES[name], report_tables.word_of(name, value, places),
         ask.query(**{name: ""}))
        for name, value in ask.chosen.items()
    ]  # fmt: skip
