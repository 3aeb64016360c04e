"""The JSON API of the desk: bulk deeds, findings, the bot's drafts, labels, assigning, 渐退."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from cases import access, drafting, service
from cases.bulk import MOST
from cases.repository import CaseRepository
from cases.states import Department, DiscoveryChannel, DispositionClass, NeedType, Urgency

from .cases_api import Caller, Process, Receipt, Words, do_step, example

router = APIRouter(prefix="/api", tags=["desk"])


class Many(BaseModel):
    """One deed on many cases."""

    model_config = example({"deed": "label", "receipts": ["WZ123456789015"], "label": "残疾人家庭"})
    deed: str = Field(pattern=r"^[a-z]{1,20}$")
    receipts: list[str] = Field(min_length=1, max_length=MOST)
    login: str = Field(default="", max_length=60)
    label: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=2000)
    disposition: DispositionClass | None = None


class Found(BaseModel):
    """A household found by staff; without its consent only name, phone and place are taken."""

    model_config = example(
        {
            "channel": "home_visit",
            "place": "石宝镇",
            "story": "老人独居，屋顶漏雨",
            "needs": ["housing"],
            "name": "赵大爷",
            "idempotency_key": "visit-2026-03-02-7",
        }
    )
    channel: DiscoveryChannel
    place: str = Field(min_length=1, max_length=40)
    story: str = Field(min_length=4, max_length=2000)
    needs: list[NeedType] = Field(default=[], max_length=10)
    name: str = Field(default="", max_length=40)
    phone: str = Field(default="", max_length=20)
    urgency: Urgency = Urgency.NORMAL
    idempotency_key: str = Field(min_length=1, max_length=64)


class Exit(BaseModel):
    """A 渐退 period."""

    model_config = example({"months": 6, "reason": "家里有人找到工作"})
    months: int = Field(ge=1, le=24)
    reason: str = Field(min_length=4, max_length=1000)


class Handing(BaseModel):
    """To a colleague or a department, one of them."""

    model_config = example({"reason": "医保的事由医保局答", "department": "yibao"})
    reason: str = Field(min_length=4, max_length=200)
    login: str = Field(default="", max_length=60)
    department: Department | None = None


class Need(BaseModel):
    """A further difficulty."""

    model_config = example({"need": "medical"})
    need: NeedType


class Label(BaseModel):
    """A label."""

    model_config = example({"label": "残疾人家庭"})
    label: str = Field(min_length=1, max_length=20)


class Changed(BaseModel):
    """A draft's words as they shall be sent; without a text as the bot wrote them."""

    model_config = example({"text": "您到镇上便民服务中心来办。"})
    text: str | None = Field(default=None, min_length=1, max_length=drafting.LONGEST)


DraftId = Annotated[str, Path(max_length=40)]


class Colleague(BaseModel):
    """Who shall hold the case."""

    model_config = example({"login": "bashan"})
    login: str = Field(min_length=1, max_length=60)


@router.post("/bulk", summary="批量办理")
def bulk(runtime: Process, scope: Caller, body: Many) -> dict[str, Any]:
    """claim, assign, label or close, each case with its own result."""
    given = {
        "login": body.login,
        "label": body.label,
        "reason": body.reason,
        "disposition": body.disposition or "",
    }
    rows = service.in_bulk(runtime.database, runtime.cipher, scope, body.deed, body.receipts, given)
    return {
        "done": sum(row.done for row in rows),
        "rows": [
            {"receipt": row.receipt_no, "done": row.done, "reason": row.reason} for row in rows
        ],
    }


@router.post("/findings", status_code=201, summary="登记新发现的困难家庭")
def register(runtime: Process, scope: Caller, body: Found) -> dict[str, Any]:
    """入户走访, 基层上报 or 群众反映; the same key answers with the same receipt."""
    finding = service.Finding(
        channel=body.channel,
        place=body.place,
        story=body.story,
        idempotency_key=body.idempotency_key,
        needs=tuple(body.needs),
        facts={key: value for key, value in (("name", body.name), ("phone", body.phone)) if value},
        urgency=body.urgency,
    )
    with runtime.database.write() as session:
        receipt = service.register_finding(session, runtime.cipher, scope, finding)
    return {"receipt": receipt.receipt_no, "due_on": receipt.due_on.isoformat()}


@router.post("/cases/{receipt}/label", summary="加标签")
def label(runtime: Process, scope: Caller, receipt: Receipt, body: Label) -> dict[str, Any]:
    """Put a label on the case."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.put_label(s, c, w, r, body.label)
    )


@router.post("/cases/{receipt}/assign", summary="指派经办人")
def assign(runtime: Process, scope: Caller, receipt: Receipt, body: Colleague) -> dict[str, Any]:
    """Give the case to a colleague who may see it and hold it."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.assign(s, c, w, r, body.login)
    )


@router.post("/cases/{receipt}/visit", summary="登记入户走访")
def visit(runtime: Process, scope: Caller, receipt: Receipt, body: Words) -> dict[str, Any]:
    """What was seen at a visit."""
    return do_step(runtime, scope, receipt, lambda s, c, w, r: service.visit(s, c, w, r, body.text))


@router.post("/cases/{receipt}/gradual-exit", summary="给予渐退期")
def gradual_exit(runtime: Process, scope: Caller, receipt: Receipt, body: Exit) -> dict[str, Any]:
    """渐退 instead of an end; people only."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.start_gradual_exit(s, c, w, r, body.months, body.reason),
    )


@router.post("/cases/{receipt}/transfer", summary="转交对话")
def transfer(runtime: Process, scope: Caller, receipt: Receipt, body: Handing) -> dict[str, Any]:
    """Hand a waiting resident on; the wait keeps its beginning and its promise."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.transfer(
            s, c, w, r, body.reason, login=body.login, department=body.department or ""
        ),
    )


@router.get("/cases/{receipt}/drafts", summary="机器人拟的回复")
def drafts(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """What the bot proposes to the resident and nobody has decided on, masked, oldest first.

    A `text` of null: the bot would have done something there, and has not.
    """
    access.note_view(runtime.database, runtime.cipher, scope, receipt)
    with runtime.database.read() as session:
        repository = CaseRepository(session, scope)
        found = drafting.of_case(repository, runtime.cipher, repository.get(receipt))
    return {
        "drafts": [
            {
                "id": one.id,
                "said": one.said,
                "text": one.text,
                "sources": list(one.sources),
                "at": one.at.isoformat(),
            }
            for one in found
        ]
    }


@router.post("/cases/{receipt}/drafts/{draft_id}/send", summary="发送机器人拟的回复")
def send_draft(
    runtime: Process, scope: Caller, receipt: Receipt, draft_id: DraftId,
    body: Changed | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Send a draft, as it is or changed; a service cannot. 409 when decided or stale."""
    changed = None if body is None else body.text
    return do_step(
        runtime, scope, receipt,
        lambda s, c, w, r: service.send_draft(s, c, w, r, draft_id, changed),
    )  # fmt: skip


@router.post("/cases/{receipt}/drafts/{draft_id}/drop", summary="不用机器人拟的回复")
def drop_draft(
    runtime: Process, scope: Caller, receipt: Receipt, draft_id: DraftId
) -> dict[str, Any]:
    """Leave a draft unused. 409 when decided or stale."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.drop_draft(s, c, w, r, draft_id)
    )


@router.post("/cases/{receipt}/reroute", summary="增加办理部门")
def reroute(runtime: Process, scope: Caller, receipt: Receipt, body: Need) -> dict[str, Any]:
    """The departments of a further difficulty."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.reroute(s, c, w, r, body.need)
    )
