"""The JSON API under /api: list, read and work on cases with a service token.

The token carries role, area and department; a case outside them is 404 like one that never was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from cases import access, household, next_step, service, since, tokens, views, waiting_list
from cases.models import Case
from cases.repository import CaseRepository, Filter, Scope, View
from cases.rights import Right
from cases.shapes import Detail
from cases.staff_json import advice_json, detail_json, summary_json
from cases.states import CaseState, Department, DispositionClass, LeadResult, Urgency
from conversations import thread
from foundation.crypto import Cipher
from foundation.runtime import Runtime

router = APIRouter(prefix="/api", tags=["cases"])
bearer = HTTPBearer(
    auto_error=False, description="服务令牌，由管理员在工作台“令牌”里发放，或用 `wenzhu token`"
)

SEARCH = "回执号，姓名（可带*），或完整的电话、身份证号"
Receipt = Annotated[str, Path(max_length=40, examples=["WZ123456789015"])]
LeadId = Annotated[str, Path(max_length=40)]
Step = Callable[[Session, Cipher, Scope, str], Any]


def example(body: dict[str, Any]) -> ConfigDict:
    """A closed body with an example for the documentation."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [body]})


class Words(BaseModel):
    """A text."""

    model_config = example({"text": "已电话联系"})
    text: str = Field(min_length=1, max_length=2000)


class StatusChange(BaseModel):
    """A new state."""

    model_config = example({"status": "collecting", "reason": "开始入户"})
    status: CaseState
    reason: str | None = Field(default=None, max_length=1000)


class Closing(BaseModel):
    """The end of a case."""

    model_config = example({"reason": "已纳入低保", "disposition": "D2"})
    reason: str = Field(min_length=1, max_length=2000)
    disposition: DispositionClass | None = None
    message: str | None = Field(default=None, max_length=1000, description="告知居民的话")
    no_gradual_exit: str | None = Field(
        default=None, max_length=500, description="选 D4 时：为什么不适用渐退"
    )
    met: str = Field(default="", max_length=10, description="D3：县级协调会的日子")
    decision: str = Field(default="", max_length=1000, description="D3：会议意见")


class Returned(BaseModel):
    """How the resident was answered."""

    model_config = example({"phoned": True})
    phoned: bool = Field(default=False, description="已打电话答复")


class Publicity(BaseModel):
    """A 公示; `null` days are the parameter's."""

    model_config = example({"days": 7})
    days: int | None = Field(ge=1, le=60)


class AreaChange(BaseModel):
    """A place."""

    model_config = example({"region_code": "500233107000"})
    region_code: str = Field(min_length=1, max_length=40, description="代码或名称")


class LeadAnswer(BaseModel):
    """A department's result."""

    model_config = example({"result": "helped", "text": "已先行救助500元"})
    result: LeadResult
    text: str = Field(min_length=1, max_length=2000)


def runtime_of(request: Request) -> Runtime:
    """The process's runtime."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def caller(
    runtime: Annotated[Runtime, Depends(runtime_of)],
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Scope:
    """The token's scope, else 401."""
    scope = None
    if given is not None:
        scope = tokens.used(runtime.database, runtime.cipher, given.credentials)
    if scope is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return scope


Process = Annotated[Runtime, Depends(runtime_of)]
Caller = Annotated[Scope, Depends(caller)]


@router.get("/cases", summary="案件列表")
def list_cases(
    runtime: Process,
    scope: Caller,
    view: View = View.ALL,
    status: CaseState | None = None,
    department: Department | None = None,
    urgency: Urgency | None = None,
    conversation_id: Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")] = None,
    label: Annotated[str | None, Query(max_length=20)] = None,
    q: Annotated[str | None, Query(max_length=60, description=SEARCH)] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> dict[str, Any]:
    """Summaries, emergencies first, then by deadline. With `conversation_id`: full records."""
    wanted = Filter(
        view=view,
        status=status,
        department=department,
        urgency=urgency,
        conversation_id=conversation_id,
        label=label,
        q=q,
        page=page,
    )
    with runtime.database.read() as session:
        repository = CaseRepository(session, scope)
        found = repository.page(runtime.cipher, wanted)
        if conversation_id is None:
            rows = [
                summary_json(row)
                for row in views.summaries(repository, runtime.cipher, list(found.cases))
            ]
        else:
            receipts = [case.receipt_no for case in found.cases]
    if q:
        access.record_search(runtime.database, runtime.cipher, scope, q, found.total)
    if conversation_id is not None:
        rows = [_full(runtime, scope, receipt_no) for receipt_no in receipts]
    return {
        "cases": rows,
        "total": found.total,
        "total_exact": found.exact,
        "page": found.page,
        "pages": found.pages,
    }


@router.get("/cases/{receipt}", summary="一个案件的全部内容")
def read_case(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """Facts with their sentences, verdicts, leads, consents, events.

    A service whose role may reveal gets name, phone and ID number in full, and the case gets an
    audit event for it; a role without that right gets them masked.
    """
    return _full(runtime, scope, receipt)


@router.get("/cases/{receipt}/advice", summary="建议下一步、全家在领什么、申报以后变了什么")
def advice(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """One suggested step with its reason (or null), the household's programmes, what changed."""
    access.note_view(runtime.database, runtime.cipher, scope, receipt)
    with runtime.database.read() as session:
        repository = CaseRepository(session, scope)
        case = repository.get(receipt)
        found = views.detail(repository, runtime.cipher, case)
        wait = waiting_list.of_case(repository, runtime.cipher, case)
        family = household.lines(repository, case, found)
        changed = since.changes(session, runtime.cipher, case)
    return advice_json(next_step.suggest(found, wait, scope), family, changed)


@router.get("/cases/{receipt}/thread", summary="对话记录")
def read_thread(
    runtime: Process,
    scope: Caller,
    receipt: Receipt,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> dict[str, Any]:
    """The conversation after message `after`; personal numbers stay tokens."""
    access.note_view(runtime.database, runtime.cipher, scope, receipt)
    with runtime.database.read() as session:
        case = CaseRepository(session, scope).get(receipt)
        said = (
            thread.messages(session, runtime.cipher, case.conversation_id, after, limit=200)
            if case.conversation_id
            else []
        )
    return {
        "messages": [
            {
                "seq": message.seq,
                "author": message.author,
                "text": message.text,
                "at": message.created_at.isoformat(),
            }
            for message in said
        ]
    }


@router.post("/cases/{receipt}/note", summary="内部备注")
def note(runtime: Process, scope: Caller, receipt: Receipt, body: Words) -> dict[str, Any]:
    """Add a private note."""
    return do_step(runtime, scope, receipt, lambda s, c, w, r: service.note(s, c, w, r, body.text))


@router.post("/cases/{receipt}/reply", summary="答复居民")
def reply(runtime: Process, scope: Caller, receipt: Receipt, body: Words) -> dict[str, Any]:
    """Send the resident a message."""
    return do_step(runtime, scope, receipt, lambda s, c, w, r: service.reply(s, c, w, r, body.text))


@router.post("/cases/{receipt}/claim", summary="认领")
def claim(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """Become the holder; a service cannot."""
    return do_step(runtime, scope, receipt, service.claim)


@router.post("/cases/{receipt}/take-over", summary="人工接管对话")
def take_over(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """Silence the bot."""
    return do_step(runtime, scope, receipt, service.take_over)


@router.post("/cases/{receipt}/give-back", summary="把对话交还智能助手")
def give_back(
    runtime: Process, scope: Caller, receipt: Receipt, body: Returned | None = None
) -> dict[str, Any]:
    """Let the bot answer again; who was not answered waits again, unless by telephone."""
    phoned = body is not None and body.phoned
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.give_back(s, c, w, r, phoned=phoned)
    )


@router.post("/cases/{receipt}/alert", summary="接手紧急提醒")
def take_alert(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """Acknowledge every open alert."""
    return do_step(runtime, scope, receipt, service.take_alert)


@router.post("/cases/{receipt}/status", summary="变更状态")
def change_status(
    runtime: Process, scope: Caller, receipt: Receipt, body: StatusChange
) -> dict[str, Any]:
    """Move along the state model."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.change_status(s, c, w, r, body.status, body.reason),
    )


@router.post("/cases/{receipt}/papers", summary="请居民补材料")
def papers(runtime: Process, scope: Caller, receipt: Receipt, body: Words) -> dict[str, Any]:
    """Ask for papers; the clock stands still."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.request_papers(s, c, w, r, body.text)
    )


@router.post("/cases/{receipt}/papers-received", summary="材料已补")
def papers_received(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """The clock runs again."""
    return do_step(runtime, scope, receipt, service.papers_received)


@router.post("/cases/{receipt}/publicity", summary="开始公示")
def publicity(runtime: Process, scope: Caller, receipt: Receipt, body: Publicity) -> dict[str, Any]:
    """Begin a 公示; the clock stands still until its last day is over."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.start_publicity(s, c, w, r, body.days)
    )


@router.post("/cases/{receipt}/publicity-end", summary="结束公示")
def publicity_end(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """End a 公示 before its time."""
    return do_step(runtime, scope, receipt, service.end_publicity)


@router.post("/cases/{receipt}/area", summary="确定地区")
def set_area(runtime: Process, scope: Caller, receipt: Receipt, body: AreaChange) -> dict[str, Any]:
    """Name the place; open leads move along. The answer is the case as it then stands."""
    with runtime.database.write() as session:
        case = service.set_area(session, runtime.cipher, scope, receipt, body.region_code)
        return {"receipt": case.receipt_no, "region_code": case.region_code}


@router.post("/cases/{receipt}/close", summary="办结")
def close(runtime: Process, scope: Caller, receipt: Receipt, body: Closing) -> dict[str, Any]:
    """Finish; a declaration needs D1–D4, D4 two people."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.close(
            s,
            c,
            w,
            r,
            body.reason,
            body.disposition,
            body.message,
            body.no_gradual_exit,
            service.Terms(met=body.met, decision=body.decision),
        ),
    )


@router.post("/cases/{receipt}/leads/{lead_id}/accept", summary="部门接收")
def accept_lead(
    runtime: Process, scope: Caller, receipt: Receipt, lead_id: LeadId
) -> dict[str, Any]:
    """Take a lead up."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.accept_lead(s, c, w, r, lead_id)
    )


@router.post("/cases/{receipt}/leads/{lead_id}/return", summary="部门退回")
def return_lead(
    runtime: Process, scope: Caller, receipt: Receipt, lead_id: LeadId, body: Words
) -> dict[str, Any]:
    """Return a lead to the county office, with the reason."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.return_lead(s, c, w, r, lead_id, body.text),
    )


@router.post("/cases/{receipt}/leads/{lead_id}/answer", summary="部门答复")
def answer_lead(
    runtime: Process, scope: Caller, receipt: Receipt, lead_id: LeadId, body: LeadAnswer
) -> dict[str, Any]:
    """Record the department's result."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.answer_lead(s, c, w, r, lead_id, body.result, body.text),
    )


def do_step(runtime: Runtime, scope: Scope, receipt: str, step: Step) -> dict[str, Any]:
    """One step in one transaction; answers with the case as it then stands, masked."""
    with runtime.database.write() as session:
        step(session, runtime.cipher, scope, receipt)
        repository = CaseRepository(session, scope)
        found = views.detail(repository, runtime.cipher, repository.get(receipt))
    return detail_json(found)


def _full(runtime: Runtime, scope: Scope, receipt: str) -> dict[str, Any]:
    if not scope.may(Right.CASE_REVEAL):
        access.note_view(runtime.database, runtime.cipher, scope, receipt)
        with runtime.database.read() as session:
            repository = CaseRepository(session, scope)
            return detail_json(_detail(repository, runtime, repository.get(receipt)))
    with runtime.database.write() as session:
        repository = CaseRepository(session, scope)
        case = repository.get(receipt)
        shown = service.reveal(session, runtime.cipher, scope, receipt, f"接口读取：{scope.name}")
        return detail_json(_detail(repository, runtime, case), shown)


def _detail(repository: CaseRepository, runtime: Runtime, case: Case) -> Detail:
    return views.detail(repository, runtime.cipher, case)
