"""Papers of a case: 申请表 and 案卷, to print and as PDF, masked unless asked with reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response

from api import cases_api, pdf
from api.faults import STATUS
from cases import access, printing, views
from cases.errors import CaseError, NotFound
from cases.repository import CaseRepository, Scope
from foundation import clock
from foundation.runtime import Runtime

from .access import Process, Worker
from .case_page import place, render_case
from .pages import STATIC, environment, html
from .steps import Fields

router = APIRouter(prefix="/console/cases/{receipt}", include_in_schema=False)
api = APIRouter(prefix="/api/cases/{receipt}", tags=["cases"])
MOST_EVENTS = 300
Values = Mapping[str, Any]
Receipt = Annotated[str, Path(max_length=40)]


@router.get("/form")
def form(runtime: Process, user: Worker, receipt: str) -> HTMLResponse:
    """The application form to print, personal numbers masked."""
    return _page(runtime, user.scope, receipt, "form", user=user)


@router.get("/packet")
def packet(runtime: Process, user: Worker, receipt: str) -> HTMLResponse:
    """The whole case to print, personal numbers masked."""
    return _page(runtime, user.scope, receipt, "packet", user=user)


@router.get("/coordination")
def coordination(runtime: Process, user: Worker, receipt: str) -> HTMLResponse:
    """What the county's meeting needs of a case that no policy fits, personal numbers masked."""
    return _page(runtime, user.scope, receipt, "coordination", user=user)


@router.get("/form.pdf")
def form_pdf(runtime: Process, user: Worker, receipt: str) -> Response:
    """The application form as PDF, masked."""
    return _masked_pdf(runtime, user.scope, receipt, "form")


@router.get("/packet.pdf")
def packet_pdf(runtime: Process, user: Worker, receipt: str) -> Response:
    """The whole case as PDF, masked."""
    return _masked_pdf(runtime, user.scope, receipt, "packet")


@router.get("/coordination.pdf")
def coordination_pdf(runtime: Process, user: Worker, receipt: str) -> Response:
    """The sheet for the county's meeting as PDF, masked."""
    return _masked_pdf(runtime, user.scope, receipt, "coordination")


@router.post("/print")
def in_full(runtime: Process, user: Worker, receipt: str, given: Fields) -> Response:
    """With the personal values in full, against a reason: a page or a PDF, this once."""
    paper = given.get("paper", "")
    try:
        with runtime.database.write() as session:
            shown = printing.in_full(
                session, runtime.cipher, user.scope, receipt, paper, given.get("reason", "")
            )
    except NotFound:
        raise
    except CaseError as refused:
        status = STATUS.get(type(refused), 409)
        return render_case(runtime, user, receipt, status, error=refused.reason)
    values = _values(runtime, user.scope, receipt, paper, shown)
    if given.get("as") == "pdf":
        return _pdf(values)
    return html("paper.html", user=user, **values)


@api.get("/form.pdf", summary="申请表（PDF）", response_class=Response)
def form_by_api(runtime: cases_api.Process, scope: cases_api.Caller, receipt: Receipt) -> Response:
    """The application form, personal numbers masked, with a watermark; on the record."""
    return _masked_pdf(runtime, scope, receipt, "form")


@api.get("/packet.pdf", summary="案卷（PDF）", response_class=Response)
def packet_by_api(
    runtime: cases_api.Process, scope: cases_api.Caller, receipt: Receipt
) -> Response:
    """The whole case, personal numbers masked, with a watermark; on the record."""
    return _masked_pdf(runtime, scope, receipt, "packet")


@api.get("/coordination.pdf", summary="县级协调提请单（PDF）", response_class=Response)
def coordination_by_api(
    runtime: cases_api.Process, scope: cases_api.Caller, receipt: Receipt
) -> Response:
    """The sheet for the county's meeting, personal numbers masked; on the record."""
    return _masked_pdf(runtime, scope, receipt, "coordination")


def _page(runtime: Runtime, scope: Scope, receipt: str, paper: str, **more: Any) -> HTMLResponse:
    return html("paper.html", **_noted(runtime, scope, receipt, paper), **more)


def _masked_pdf(runtime: Runtime, scope: Scope, receipt: str, paper: str) -> Response:
    return _pdf(_noted(runtime, scope, receipt, paper))


def _noted(runtime: Runtime, scope: Scope, receipt: str, paper: str) -> dict[str, Any]:
    access.note_view(runtime.database, runtime.cipher, scope, receipt)
    printing.note(runtime.database, runtime.cipher, scope, receipt, paper)
    return _values(runtime, scope, receipt, paper, {})


def _values(
    runtime: Runtime, scope: Scope, receipt: str, paper: str, shown: Values
) -> dict[str, Any]:
    with runtime.database.read() as session:
        repository = CaseRepository(session, scope)
        found = views.detail(repository, runtime.cipher, repository.get(receipt))
    return {
        "case": found, "row": found.summary, "place": place(scope), "now": clock.now(),
        "printer": scope.name, "paper": paper, "title": printing.PAPERS[paper],
        "shown": shown, "most_events": MOST_EVENTS,
    }  # fmt: skip


def _pdf(values: dict[str, Any]) -> Response:
    document = environment().get_template("paper_pdf.html").render(values)
    sheet = (STATIC / "paper.css").read_text("utf-8")
    receipt = values["row"].receipt_no
    made = pdf.render(document, sheet)
    headers = {"Content-Disposition": f'attachment; filename="{receipt}-{values["paper"]}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)
