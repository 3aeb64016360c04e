"""The JSON API of what follows aid and 公示: objections to it, papers that are owed afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from cases import service

from .cases_api import Caller, Process, Receipt, Words, do_step, example

router = APIRouter(prefix="/api", tags=["cases"])


class Reviewed(BaseModel):
    """How an objection was dealt with."""

    model_config = example({"way": "deliberated", "text": "评议会九人到场，同意原意见"})
    way: Literal["investigated", "deliberated"] = Field(description="重新调查、民主评议")
    text: str = Field(min_length=4, max_length=2000)


class Owed(BaseModel):
    """Papers that follow aid given at once."""

    model_config = example({"due": "2026-12-15", "text": "住院发票、身份证复印件"})
    due: date
    text: str = Field(min_length=2, max_length=500)


@router.post("/cases/{receipt}/objection", summary="登记公示异议")
def objection(runtime: Process, scope: Caller, receipt: Receipt, body: Words) -> dict[str, Any]:
    """Somebody objects to a 公示; the case cannot be closed before it is dealt with."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.object_to(s, c, w, r, body.text)
    )


@router.post("/cases/{receipt}/review", summary="处理公示异议")
def review(runtime: Process, scope: Caller, receipt: Receipt, body: Reviewed) -> dict[str, Any]:
    """Investigated anew or deliberated; 409 where nobody objected."""
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.review(s, c, w, r, body.way, body.text)
    )


@router.post("/cases/{receipt}/aid-papers", summary="先行救助，材料后补")
def aid_papers(runtime: Process, scope: Caller, receipt: Receipt, body: Owed) -> dict[str, Any]:
    """Which papers follow by when; the resident is told."""
    return do_step(
        runtime, scope, receipt,
        lambda s, c, w, r: service.aid_papers_due(s, c, w, r, body.due.isoformat(), body.text),
    )  # fmt: skip


@router.post("/cases/{receipt}/aid-papers-in", summary="先行救助的材料已补")
def aid_papers_in(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """They have come."""
    return do_step(runtime, scope, receipt, service.aid_papers_in)
