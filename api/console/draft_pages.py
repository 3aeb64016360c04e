"""One proposed figure: what it would do, shown before anybody can publish it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.edge import MAX_REGISTER
from api.faults import STATUS
from cases import known, parameter_desk, staff
from cases.errors import BadInput, CaseError, Conflict, NotAllowed
from cases.parameter_desk import DRAFT, ParameterDraft
from cases.rights import Right, demand, may
from cases.scope import Scope
from rules import regions
from rules.errors import ParameterNotInForce, RulesError
from rules.parameter_store import Store, default_store
from rules.parameter_values import Parameter
from rules.register import UnusableRegister
from rules.register_files import register_file

from . import impact_view
from .access import Process, Worker
from .case_page import place
from .impact_view import ImpactView
from .pages import html
from .steps import Fields

router = APIRouter(prefix="/console/atlas/{draft_id}", include_in_schema=False)
STEPS = ("publish", "reject", "take-back")


class _InMemory(MultiPartParser):
    """A register is never written to disk, not even for the time of a request."""

    spool_max_size = MAX_REGISTER


async def register_of(request: Request) -> tuple[str, bytes]:
    """The uploaded file's name and content. Raises BadInput."""
    try:
        form = await _InMemory(request.headers, request.stream(), max_files=1, max_fields=1).parse()
    except (MultiPartException, KeyError) as error:
        raise BadInput("file", "没有收到文件") from error
    file = form.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise BadInput("file", "请先选一个文件")
        return PurePath(file.filename).name[:80], await file.read()
    finally:
        await form.close()


Uploaded = Annotated[tuple[str, bytes], Depends(register_of)]


@router.get("")
def draft(runtime: Process, user: Worker, draft_id: str) -> HTMLResponse:
    """The figure beside the one in force, and what it would do to the households known here."""
    return _page(runtime, user, draft_id)


@router.post("/register")
def previewed(runtime: Process, user: Worker, draft_id: str, given: Uploaded) -> HTMLResponse:
    """The same page with the preview over a register file, which is not kept."""
    name, content = given
    try:
        if not known.may_count(user.scope):
            raise NotAllowed("您的账号不能看影响预览")
        with runtime.database.read() as session:
            row = parameter_desk.find(session, draft_id)
            view = _over_register(row, parameter_desk.store_with(session, row), name, content)
    except (CaseError, RulesError) as refused:
        return _refused(runtime, user, draft_id, refused)
    return _page(runtime, user, draft_id, register=view)


@router.post("/{step}")
def decide(runtime: Process, user: Worker, draft_id: str, step: str, given: Fields) -> Response:
    """Publish, refuse or take back."""
    try:
        demand(user.scope.role, Right.CONTENT_EDIT)
        with runtime.database.write() as session:
            row = parameter_desk.find(session, draft_id)
            if not regions.within(row.region_code, user.scope.area_code):
                raise NotAllowed("不是您地区的参数")
            _take(session, user.scope, row, step, given)
    except CaseError as refused:
        return _refused(runtime, user, draft_id, refused)
    return RedirectResponse("/console/atlas?show=drafts#drafts", 303)


def _take(
    session: Session, scope: Scope, row: ParameterDraft, step: str, given: dict[str, str]
) -> None:
    who, reason = scope.worker_id, given.get("reason", "")
    if step == "take-back":
        parameter_desk.take_back(session, who, row.id, reason)
        return
    if step not in STEPS:
        raise BadInput("step", "没有这个操作")
    if step == "publish" and row.state == DRAFT and row.drafted_by != who:
        _seen(session, row, given.get("seen", ""))
    parameter_desk.decide(session, who, row.id, publish=step == "publish", reason=reason)


def _seen(session: Session, row: ParameterDraft, seen: str) -> None:
    """What is published must be what the preview showed: the same rules, the same figures."""
    try:
        after = parameter_desk.store_with(session, row)
    except RulesError:
        return  # `decide` says why
    if seen != impact_view.version_of(after):
        raise Conflict("先看影响预览再发布；预览之后别的参数变了，请再看一遍")


def _over_register(row: ParameterDraft, after: Store, name: str, content: bytes) -> ImpactView:
    try:
        source = register_file(content, PurePath(name).suffix.lower())
        return impact_view.over_register(source, name, row, after)
    except UnusableRegister as refused:
        raise BadInput("file", f"这个文件没法用：{refused}") from None
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        raise BadInput("file", "这个文件打不开，请存成 UTF-8 的 CSV 或 Parquet") from None


def _refused(
    runtime: Process, user: Worker, draft_id: str, refused: CaseError | RulesError
) -> HTMLResponse:
    reason = refused.reason if isinstance(refused, CaseError) else str(refused)
    return _page(runtime, user, draft_id, reason, STATUS.get(type(refused), 409))


def _page(
    runtime: Process,
    user: Worker,
    draft_id: str,
    error: str = "",
    status: int = 200,
    register: ImpactView | None = None,
) -> HTMLResponse:
    cases: ImpactView | None = None
    seen = refusal = ""
    with runtime.database.read() as session:
        row = parameter_desk.find(session, draft_id)
        parameter = parameter_desk.parameter_of(row)
        before = _before(row)
        if row.state == DRAFT:
            try:
                after = parameter_desk.store_with(session, row)
                seen = impact_view.version_of(after)
                if known.may_count(user.scope):
                    cases = impact_view.over_cases(session, runtime.cipher, user.scope, row, after)
            except RulesError as contradiction:
                refusal = str(contradiction)
        people = {who for who in (row.drafted_by, row.decided_by, row.taken_back_by) if who}
        names = staff.names_of(session, people)
    return html(
        "draft.html", status, user=user, place=place(user.scope), draft=row, parameter=parameter,
        before=before, error=error, refusal=refusal, seen=seen, over_cases=cases,
        over_register=register, names=names, words_of=parameter_desk.WORDS,
        may_edit=may(user.scope.role, Right.CONTENT_EDIT)
        and regions.within(row.region_code, user.scope.area_code),
    )  # fmt: skip


def _before(row: ParameterDraft) -> Parameter | None:
    """The value that holds for the place on the draft's first day without it."""
    try:
        return default_store().in_force(
            row.name, row.region_code, row.effective_from, row.population
        )
    except ParameterNotInForce:
        return None
