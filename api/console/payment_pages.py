"""One-off payments by rule: the form, the list it makes, and the second person's yes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.faults import STATUS
from cases import areas, batches, granted, payment_list, staff
from cases.errors import CaseError, NotFound
from cases.rights import Right

from .access import Process, Worker
from .case_page import place
from .pages import html
from .steps import Fields

router = APIRouter(prefix="/console/payments", include_in_schema=False)
SHOWN = 50
DEEDS = {"approve": batches.approve, "cancel": batches.cancel}


@router.get("")
def payments(request: Request, runtime: Process, user: Worker) -> HTMLResponse:
    """The payments of one's area; with a rule in the address also the list it makes."""
    user.scope.demand(Right.CASE_GRANT_CONFIRM)
    given = {key: value[:60] for key, value in request.query_params.items()}
    return _page(runtime, user, given, looking="programme" in given)


@router.post("")
def propose(runtime: Process, user: Worker, form: Fields) -> Response:
    """Ask a colleague to approve the list that was seen."""
    try:
        rule = payment_list.rule_of(user.scope, form)
        with runtime.database.write() as session:
            batches.propose(session, runtime.cipher, user.scope, rule, form.get("seen", ""))
    except CaseError as refused:
        return _page(runtime, user, form, refused, looking=True)
    return RedirectResponse("/console/payments?done=proposed", 303)


@router.post("/{batch_id}/{deed}")
def decide(runtime: Process, user: Worker, batch_id: str, deed: str) -> Response:
    """Pay, or cancel before anything was paid."""
    work = DEEDS.get(deed)
    if work is None:
        raise NotFound
    try:
        with runtime.database.write() as session:
            work(session, runtime.cipher, user.scope, batch_id)
    except NotFound:
        raise
    except CaseError as refused:
        return _page(runtime, user, {}, refused)
    return RedirectResponse(f"/console/payments?done={deed}", 303)


def _page(
    runtime: Process,
    user: Worker,
    given: dict[str, str],
    refused: CaseError | None = None,
    *,
    looking: bool = False,
) -> HTMLResponse:
    seen: payment_list.Preview | None = None
    with runtime.database.read() as session:
        try:
            if looking:
                rule = payment_list.rule_of(user.scope, given)
                seen = payment_list.draw(session, user.scope, rule)
        except CaseError as wrong:
            refused = refused or wrong
        rows = batches.listed(session, user.scope)
        people = {one for row in rows for one in (row.proposed_by, row.approved_by) if one}
        names = staff.names_of(session, people)
    values: dict[str, Any] = {
        "user": user, "place": place(user.scope), "rows": rows, "names": names,
        "rules": {row.id: payment_list.rule_behind(row) for row in rows}, "seen": seen,
        "days": {row.id: granted.day(row.pays_on) for row in rows},
        "given": given, "error": refused.reason if refused else "", "done": given.get("done", ""),
        "hukou": payment_list.HUKOU, "per": payment_list.PER, "most": payment_list.MOST,
        "shown": SHOWN, "home": areas.name(user.scope.area_code),
    }  # fmt: skip
    return html("payments.html", STATUS.get(type(refused), 409) if refused else 200, **values)
