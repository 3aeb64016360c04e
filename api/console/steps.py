"""Forms of the case page. Each is one step of `cases.service` in one transaction, then 303 back.

The page comes back where the step was taken (`case_page.where`). A refused step shows it again, the
form open, with the reason and with what was typed: the form's address names the form.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cases import service
from cases.errors import BadInput, CaseError, NotFound
from cases.repository import Scope
from cases.states import CaseState
from foundation.crypto import Cipher

from .access import Process, Worker
from .case_page import refused_page, render_case, where

router = APIRouter(prefix="/console/cases/{receipt}", include_in_schema=False)

AWARD = tuple(field.name for field in dataclasses.fields(service.Award))
TERMS = tuple(field.name for field in dataclasses.fields(service.Terms))
MOST_FIELDS = 150
Form = Mapping[str, str]
Step = Callable[[Session, Cipher, Scope, str, Form], Any]


async def fields(request: Request) -> dict[str, str]:
    """The posted text fields; files are not taken. The longest form is that of a screening."""
    try:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            return {key: value for key, value in form.items() if isinstance(value, str)}
    except Exception as error:
        raise BadInput("form", "表单内容不对") from error


Fields = Annotated[dict[str, str], Depends(fields)]


def _number(field: str, given: str | None) -> int | None:
    text = (given or "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise BadInput(field, "请填数字")
    return int(text)


def award(form: Form) -> service.Award:
    """The form of a granted amount, as typed."""
    return service.Award(**{name: form.get(name, "")[:40] for name in AWARD})


def terms(form: Form) -> service.Terms:
    """What D1 and D3 say beside their reason, as typed."""
    return service.Terms(**{name: form.get(name, "")[:1000] for name in TERMS})


STEPS: dict[str, Step] = {
    "claim": lambda s, c, w, r, f: service.claim(s, c, w, r, f.get("seen")),
    "note": lambda s, c, w, r, f: service.note(s, c, w, r, f.get("text", "")),
    "reply": lambda s, c, w, r, f: service.reply(s, c, w, r, f.get("text", "")),
    "take-over": lambda s, c, w, r, _: service.take_over(s, c, w, r),
    "give-back": lambda s, c, w, r, f: service.give_back(s, c, w, r, phoned="phoned" in f),
    "transfer": lambda s, c, w, r, f: service.transfer(
        s,
        c,
        w,
        r,
        f.get("reason", ""),
        login=f.get("login", ""),
        department=f.get("department", ""),
    ),
    "status": lambda s, c, w, r, f: service.change_status(
        s, c, w, r, f.get("status", ""), f.get("reason")
    ),
    "papers": lambda s, c, w, r, f: service.request_papers(s, c, w, r, f.get("text", "")),
    "papers-received": lambda s, c, w, r, _: service.papers_received(s, c, w, r),
    "publicity": lambda s, c, w, r, f: service.start_publicity(
        s, c, w, r, _number("days", f.get("days"))
    ),
    "publicity-end": lambda s, c, w, r, _: service.end_publicity(s, c, w, r),
    "area": lambda s, c, w, r, f: service.set_area(s, c, w, r, f.get("region_code", "")),
    "alert": lambda s, c, w, r, _: service.take_alert(s, c, w, r),
    "reroute": lambda s, c, w, r, f: service.reroute(s, c, w, r, f.get("need", "")),
    "category-start": lambda s, c, w, r, f: service.start_category(
        s, c, w, r, f.get("category", "")
    ),
    "category-end": lambda s, c, w, r, f: service.end_category(s, c, w, r, f.get("category", "")),
    "disposition": lambda s, c, w, r, f: service.dispose(
        s,
        c,
        w,
        r,
        f.get("disposition", ""),
        f.get("reason", ""),
        f.get("no_gradual_exit"),
        terms(f),
    ),
    "cancel-disposition": lambda s, c, w, r, f: service.cancel_disposition(
        s, c, w, r, f.get("reason", "")
    ),
    "close": lambda s, c, w, r, f: service.close(
        s,
        c,
        w,
        r,
        f.get("reason", ""),
        f.get("disposition") or None,
        f.get("message"),
        f.get("no_gradual_exit"),
        terms(f),
    ),
    "leave": lambda s, c, w, r, f: service.leave(
        s, c, w, r, f.get("why", ""), f.get("happened", ""), f.get("reason", "")
    ),
    "objection": lambda s, c, w, r, f: service.object_to(s, c, w, r, f.get("text", "")),
    "review": lambda s, c, w, r, f: service.review(s, c, w, r, f.get("way", ""), f.get("text", "")),
    "aid-papers": lambda s, c, w, r, f: service.aid_papers_due(
        s, c, w, r, f.get("due", ""), f.get("text", "")
    ),
    "aid-papers-in": lambda s, c, w, r, _: service.aid_papers_in(s, c, w, r),
    "gradual-exit": lambda s, c, w, r, f: service.start_gradual_exit(
        s, c, w, r, _number("months", f.get("months")) or 0, f.get("reason", "")
    ),
    "assign": lambda s, c, w, r, f: service.assign(s, c, w, r, f.get("login", "")),
    "label": lambda s, c, w, r, f: service.put_label(s, c, w, r, f.get("label", "")),
    "visit": lambda s, c, w, r, f: service.visit(s, c, w, r, f.get("text", "")),
    "merge": lambda s, c, w, r, f: service.merge(
        s, c, w, r, f.get("other", ""), f.get("reason", "")
    ),
    "grant": lambda s, c, w, r, f: service.record_grant(s, c, w, r, award(f)),
    "grant-confirm": lambda s, c, w, r, f: service.confirm_grant(s, c, w, r, f.get("grant", "")),
    "grant-back": lambda s, c, w, r, f: service.take_back_grant(
        s, c, w, r, f.get("grant", ""), f.get("reason", "")
    ),
    "grant-end": lambda s, c, w, r, f: service.ask_grant_end(
        s, c, w, r, f.get("grant", ""), f.get("last", ""), f.get("reason", "")
    ),
    "unmerge": lambda s, c, w, r, f: service.undo_merge(s, c, w, r, f.get("reason", "")),
}

LEAD_STEPS: dict[str, Callable[[Session, Cipher, Scope, str, str, Form], Any]] = {
    "accept": lambda s, c, w, r, lead, _: service.accept_lead(s, c, w, r, lead),
    "return": lambda s, c, w, r, lead, f: service.return_lead(s, c, w, r, lead, f.get("text", "")),
    "answer": lambda s, c, w, r, lead, f: service.answer_lead(
        s, c, w, r, lead, f.get("result", ""), f.get("text", "")
    ),
}


@router.post("/reveal")
def reveal(runtime: Process, user: Worker, receipt: str, form: Fields) -> Response:
    """Show the masked values once, on this answer only."""
    try:
        with runtime.database.write() as session:
            shown = service.reveal(
                session, runtime.cipher, user.scope, receipt, form.get("reason", "")
            )
    except NotFound:
        raise
    except CaseError as refused:
        return refused_page(runtime, user, receipt, refused, "reveal", form)
    return render_case(runtime, user, receipt, revealed=shown)


@router.post("/{step}")
def step(runtime: Process, user: Worker, receipt: str, step: str, form: Fields) -> Response:
    """A step on the case."""
    work = STEPS.get(step)
    if work is None:
        raise NotFound

    def run(session: Session) -> str:
        found = work(session, runtime.cipher, user.scope, receipt, form)
        if step == "close" and found.state == CaseState.HANDLING:
            chosen = service.standing(session, found)
            return f"proposed-{chosen.disposition}" if chosen is not None else step  # it waits
        return step

    one = form.get("grant")  # there is a form for every amount
    return _run(runtime, user, receipt, form, run, draft_key=f"{step}-{one}" if one else step)


@router.post("/leads/{lead_id}/{step}")
def lead_step(
    runtime: Process, user: Worker, receipt: str, lead_id: str, step: str, form: Fields
) -> Response:
    """A step on one lead."""
    work = LEAD_STEPS.get(step)
    if work is None:
        raise NotFound

    def run(session: Session) -> str:
        work(session, runtime.cipher, user.scope, receipt, lead_id, form)
        return step

    return _run(runtime, user, receipt, form, run, draft_key=f"{step}-{lead_id}")


def _run(
    runtime: Process,
    user: Worker,
    receipt: str,
    form: Form,
    work: Callable[[Session], str],
    *,
    draft_key: str,
) -> Response:
    try:
        with runtime.database.write() as session:
            done = work(session)
    except NotFound:
        raise
    except CaseError as refused:
        return refused_page(runtime, user, receipt, refused, draft_key, form)
    return RedirectResponse(f"/console/cases/{receipt}?done={done}#{where(done)}", 303)
