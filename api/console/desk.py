"""The desk beside the single case: bulk deeds, saved filters, new findings, comparing."""

from __future__ import annotations

import hashlib
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.faults import STATUS
from cases import access, labels, service, views
from cases.errors import BadInput, CaseError, OutOfReach
from cases.repository import CaseRepository
from cases.rights import Right
from cases.states import ConsentKind
from foundation import clock

from .access import Process, Worker
from .case_page import place
from .pages import html
from .steps import Fields

router = APIRouter(prefix="/console", include_in_schema=False)
CONSENT_VERSION = "当面告知-2026"
CONSENT_TEXT = "已当面说明信息的用途、查询的部门和可以随时撤回，本人同意登记"


async def chosen(request: Request) -> tuple[dict[str, str], list[str]]:
    """The posted fields and every ticked receipt."""
    try:
        async with request.form(max_files=0, max_fields=150) as form:
            given = {key: value for key, value in form.items() if isinstance(value, str)}
            ticked = [value for value in form.getlist("receipt") if isinstance(value, str)]
    except Exception as error:
        raise BadInput("form", "表单内容不对") from error
    return given, ticked


@router.post("/bulk")
def bulk(
    runtime: Process,
    user: Worker,
    form: Annotated[tuple[dict[str, str], list[str]], Depends(chosen)],
) -> Response:
    """One deed on the ticked cases, and what became of each."""
    given, ticked = form
    rows = service.in_bulk(
        runtime.database, runtime.cipher, user.scope, given.get("deed", ""), ticked, given
    )
    return html("bulk.html", user=user, place=place(user.scope), rows=rows,
                done=sum(row.done for row in rows))  # fmt: skip


@router.post("/views")
def save_view(runtime: Process, user: Worker, form: Fields) -> Response:
    """Keep the present filter under a name."""
    with runtime.database.write() as session:
        saved = labels.save_view(
            session, user.scope, form.get("name", ""), form, shared="shared" in form
        )
    return RedirectResponse(f"/console?saved={saved.id}", 303)


@router.post("/views/{view_id}/delete")
def forget_view(runtime: Process, user: Worker, view_id: str) -> Response:
    """Delete one's own filter."""
    with runtime.database.write() as session:
        labels.forget_view(session, user.scope, view_id)
    return RedirectResponse("/console", 303)


@router.get("/new")
def new_form(user: Worker) -> HTMLResponse:
    """The form for 入户走访, 基层上报 and 群众反映."""
    user.scope.demand(Right.CASE_FILE)
    return _form(user, {"key": secrets.token_hex(16)})


@router.post("/new")
def new_case(
    runtime: Process,
    user: Worker,
    form: Fields,
    needs: Annotated[list[str] | None, Form(max_length=30)] = None,
) -> Response:
    """Register the finding; the same form sent twice is one case."""
    agreed = "consent" in form
    digest = hashlib.sha256(CONSENT_TEXT.encode()).hexdigest()
    finding = service.Finding(
        channel=form.get("channel", ""),
        place=form.get("place", ""),
        story=form.get("story", ""),
        idempotency_key=form.get("key", "")[:64] or secrets.token_hex(16),
        needs=tuple((needs or [])[:10]),
        facts={key: form[key].strip() for key in ("name", "phone") if form.get(key, "").strip()},
        urgency=form.get("urgency", "normal"),
        consents=(service.ConsentGiven(ConsentKind.GENERAL, CONSENT_VERSION, digest, clock.now()),)
        if agreed
        else (),
    )
    try:
        with runtime.database.write() as session:
            receipt = service.register_finding(session, runtime.cipher, user.scope, finding)
    except CaseError as refused:
        return _form(user, form, refused.reason, STATUS.get(type(refused), 409), needs)
    return RedirectResponse(f"/console/cases/{receipt.receipt_no}?done=new", 303)


@router.get("/cases/{receipt}/compare")
def compare(
    runtime: Process,
    user: Worker,
    receipt: str,
    other: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """Two cases side by side before they are made one."""
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        mine = repository.get(receipt)
        user.scope.demand(Right.CASE_MERGE)
        try:
            theirs = repository.get(other)
        except OutOfReach as refused:
            access.record_refusal(runtime.database, runtime.cipher, refused)
            raise BadInput("other", "没有找到另一件事，或者不在您的范围内") from None
        pair = [views.detail(repository, runtime.cipher, case) for case in (mine, theirs)]
    access.note_view(
        runtime.database, runtime.cipher, user.scope, *(one.summary.receipt_no for one in pair)
    )
    keys = list(dict.fromkeys(fact.key for case in pair for fact in case.facts))
    table: list[dict[str, Any]] = []
    for key in keys:
        cells = [next((f for f in case.facts if f.key == key), None) for case in pair]
        texts = [cell.text if cell else "—" for cell in cells]
        label = next(cell.label for cell in cells if cell)
        table.append({"label": label, "texts": texts, "same": texts[0] == texts[1]})
    return html(
        "compare.html", user=user, place=place(user.scope), pair=pair, table=table
    )  # fmt: skip


def _form(
    user: Worker,
    draft: dict[str, str],
    error: str | None = None,
    status: int = 200,
    needs: list[str] | None = None,
) -> HTMLResponse:
    return html(
        "new.html", status, user=user, place=place(user.scope), draft=draft, error=error,
        ticked=needs or [], consent_text=CONSENT_TEXT,
    )  # fmt: skip
