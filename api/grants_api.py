"""The JSON API of granted amounts: record, ask for the end, take back. Only people confirm."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from cases import service
from cases.states import GrantUnit

from .cases_api import Caller, Process, Receipt, do_step, example

router = APIRouter(prefix="/api", tags=["grants"])


class Amount(BaseModel):
    """What was decided: yuan, first and last day."""

    model_config = example(
        {
            "programme": "dibao",
            "amount": 650,
            "unit": "month",
            "starts": "2026-11-01",
            "persons": 3,
        }
    )
    programme: str = Field(max_length=20)
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2, description="元")
    unit: GrantUnit
    starts: str = Field(max_length=10, description="每月的从某月1日起")
    until: str = Field(default="", max_length=10, description="没有定的不填")
    persons: int = Field(ge=1, le=99)


class End(BaseModel):
    """The end of an amount; without a day it was a mistake."""

    model_config = example({"grant": "0" * 32, "last": "2026-12-31", "reason": "全家迁出本县"})
    grant: str = Field(max_length=32)
    last: str = Field(default="", max_length=10, description="发到哪一天；登记有误的不填，整笔作废")
    reason: str = Field(min_length=4, max_length=500)


class Back(BaseModel):
    """Withdrawing what nobody has confirmed yet."""

    model_config = example({"grant": "0" * 32, "reason": "填错了人数"})
    grant: str = Field(max_length=32)
    reason: str = Field(min_length=2, max_length=200)


@router.post("/cases/{receipt}/grant", summary="登记救助金额")
def record(runtime: Process, scope: Caller, receipt: Receipt, body: Amount) -> dict[str, Any]:
    """It counts once a person has confirmed it; the same body again changes nothing."""
    award = service.Award(
        body.programme, format(body.amount, "f"), body.unit, body.starts, str(body.persons),
        body.until,
    )  # fmt: skip
    return do_step(
        runtime, scope, receipt, lambda s, c, w, r: service.record_grant(s, c, w, r, award)
    )


@router.post("/cases/{receipt}/grant-end", summary="提出停发或作废")
def ask_end(runtime: Process, scope: Caller, receipt: Receipt, body: End) -> dict[str, Any]:
    """Ends when a person has confirmed it."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.ask_grant_end(s, c, w, r, body.grant, body.last, body.reason),
    )


@router.post("/cases/{receipt}/grant-back", summary="撤回没有复核的金额")
def take_back(runtime: Process, scope: Caller, receipt: Receipt, body: Back) -> dict[str, Any]:
    """Before anybody has confirmed it."""
    return do_step(
        runtime,
        scope,
        receipt,
        lambda s, c, w, r: service.take_back_grant(s, c, w, r, body.grant, body.reason),
    )
