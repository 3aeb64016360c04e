"""分派表: to which departments a kind of difficulty goes, read by all who work, changed by few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from api.faults import STATUS
from cases import areas, routing_desk
from cases.errors import BadInput, CaseError, Conflict
from cases.repository import Scope
from cases.rights import Right
from cases.routing import Row
from foundation.crypto import Cipher

from .access import Process, Worker
from .case_page import place
from .pages import html, words
from .steps import Fields

router = APIRouter(prefix="/console/routing", include_in_schema=False)
Codes = Annotated[list[str] | None, Form(max_length=20)]
Draft = dict[str, list[str] | str]
Work = Callable[[Session, Cipher, Scope], object]


@router.get("")
def listed(
    runtime: Process, user: Worker,
    area: Annotated[str, Query(max_length=40)] = "",
    need: Annotated[str, Query(max_length=24)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:  # fmt: skip
    """The table of an area; with `need` the form of that row."""
    try:
        where = routing_desk.place_of(user.scope, area)
    except BadInput as refused:
        here = routing_desk.place_of(user.scope)
        return _page(runtime, user, here, "", 422, error=refused.reason)
    return _page(runtime, user, where, need, notice=words()["routing"].get(done))


@router.post("")
def change(
    runtime: Process, user: Worker, form: Fields, main: Codes = None, assist: Codes = None
) -> Response:
    """A row of the area."""
    leads, helps = main or [], assist or []
    return _try(
        runtime, user, form, "changed",
        lambda s, c, w: routing_desk.change(
            s, c, w, form.get("area", ""), form.get("need", ""), leads, helps,
            form.get("reason", ""), form.get("seen", ""),
        ),
        {"main": leads, "assist": helps, "reason": form.get("reason", "")},
    )  # fmt: skip


@router.post("/restore")
def restore(runtime: Process, user: Worker, form: Fields) -> Response:
    """The area's own row ends."""
    return _try(
        runtime, user, form, "restored",
        lambda s, c, w: routing_desk.restore(
            s, c, w, form.get("area", ""), form.get("need", ""), form.get("reason", ""),
            form.get("seen", ""),
        ),
        {"back": form.get("reason", "")},
    )  # fmt: skip


def _try(
    runtime: Process, user: Worker, form: dict[str, str], done: str, work: Work, draft: Draft
) -> Response:
    user.scope.demand(Right.ROUTING_EDIT)
    try:
        with runtime.database.write() as session:
            work(session, runtime.cipher, user.scope)
        where = routing_desk.place_of(user.scope, form.get("area", ""))
    except CaseError as refused:
        try:
            where = routing_desk.place_of(user.scope, form.get("area", ""))
        except BadInput:
            where = routing_desk.place_of(user.scope)
        # what was typed on a page that is out of date is not typed for the row that stands now
        kept = {} if isinstance(refused, Conflict) else draft
        status = STATUS.get(type(refused), 409)
        need = form.get("need", "")
        return _page(runtime, user, where, need, status, error=refused.reason, draft=kept)
    return RedirectResponse(f"/console/routing?area={where}&done={done}", 303)


def _page(
    runtime: Process, user: Worker, where: str, need: str, status: int = 200, *,
    notice: str | None = None, error: str | None = None, draft: Draft | None = None,
) -> HTMLResponse:  # fmt: skip
    own = areas.contains(user.scope.area_code, where)
    may_edit = user.scope.may(Right.ROUTING_EDIT) and own
    with runtime.database.read() as session:
        rows = routing_desk.lines(session, where)
        changes = routing_desk.history(session, where)
    chosen = next((one for one in rows if one.need == need), None) if may_edit else None
    given: Draft = {"reason": "", "back": ""}
    if chosen is not None:
        given |= _as_draft(chosen.row)
    return html(
        "routing.html", status, user=user, place=place(user.scope), where=where,
        where_name=areas.name(where) if where != areas.NATION else "全国", rows=rows,
        changes=changes, chosen=chosen, may_edit=may_edit, notice=notice, error=error,
        draft=given | (draft or {}), told=routing_desk.told,
    )  # fmt: skip


def _as_draft(row: Row) -> Draft:
    return {"main": list(row.main), "assist": list(row.assist)}
