"""The JSON API beside the single case: the line, notices, reports, payments, figures."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from cases import (
    batches,
    open_data,
    payment_list,
    report_files,
    report_tables,
    reports,
    staff,
    waiting_list,
)
from cases.models import Case
from cases.repository import CaseRepository
from cases.rights import Right
from cases.states import Department
from cases.waiting_list import Waiting
from foundation import clock
from foundation.clock import SHANGHAI
from rules import regions
from rules.errors import UnknownRegion
from rules.parameter_store import default_store
from rules.parameter_values import Parameter

from .cases_api import Caller, Process, example

router = APIRouter(prefix="/api", tags=["desk"])
PAGE = 100
Page = Annotated[int, Query(ge=1, le=100_000)]


class Taken(BaseModel):
    """A report to take away: the filters of `GET /api/reports` and the reason."""

    model_config = example(
        {"reason": "月度例会", "query": {"from": "2026-10-01", "to": "2026-10-31"}}
    )
    reason: str = Field(min_length=4, max_length=200)
    query: dict[str, str] = Field(default={}, max_length=12)
    kind: Literal["csv", "xlsx", "open"] = Field(
        default="csv", description="open：可公开的数据，只有过完的整月"
    )


MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/waiting", summary="等候中")
def waiting(runtime: Process, scope: Caller) -> dict[str, Any]:
    """Who waits for a person, most urgent and longest first, and who is being attended to."""
    scope.demand(Right.CASE_READ)
    with runtime.database.read() as session:
        found = waiting_list.line(CaseRepository(session, scope), runtime.cipher)
    return {
        "waiting": [_waiting(one) for one in found.waiting],
        "attended": [_waiting(one) for one in found.attended],
        "total": found.total,
    }


@router.get("/notices", summary="部门提醒")
def notices(runtime: Process, scope: Caller) -> dict[str, Any]:
    """What the department has not seen yet; reading the case marks it as seen."""
    scope.demand(Right.CASE_READ)
    with runtime.database.read() as session:
        repository = CaseRepository(session, scope)
        unseen = repository.unseen_notices()
        numbers = {
            case.id: case.receipt_no
            for case in session.scalars(
                repository.cases().where(Case.id.in_([one.case_id for one in unseen]))
            )
        }
    return {
        "notices": [
            {"kind": one.kind, "receipt": numbers[one.case_id], "department": one.department,
             "department_name": Department(one.department).word, "at": _moment(one.created_at)}
            for one in unseen
            if one.case_id in numbers
        ]
    }  # fmt: skip


@router.get("/reports", summary="报表")
def report(request: Request, runtime: Process, scope: Caller) -> dict[str, Any]:
    """The figures of a period (`from`, `to`) and an `area`, each with the query of its list."""
    ask = reports.asked(scope, _given(request))
    with runtime.database.read() as session:
        return report_files.as_dict(report_tables.build(CaseRepository(session, scope), ask))


@router.get("/reports/list", summary="一个数字背后的事项")
def behind(request: Request, runtime: Process, scope: Caller, page: Page = 1) -> dict[str, Any]:
    """The cases behind one figure (`measure`), a hundred a page; the sum is the figure."""
    given = _given(request)
    ask, measure = reports.asked(scope, given), given.get("measure", "")
    with runtime.database.read() as session:
        found = report_tables.behind(CaseRepository(session, scope), ask, measure)
    return {
        "total": len(found), "sum": sum(weight for _, weight in found), "page": page,
        "cases": [
            {"receipt": row.receipt_no, "place": row.place, "created_at": _moment(row.created_at),
             "closed_at": _moment(row.closed_at) if row.closed_at else None, "counts": weight}
            for row, weight in found[(page - 1) * PAGE : page * PAGE]
        ],
    }  # fmt: skip


@router.post("/reports/file", summary="下载报表", response_class=Response)
def take(runtime: Process, scope: Caller, body: Taken) -> Response:
    """The spreadsheet or the file for the public, against a reason that stays in the history."""
    ask = reports.asked(scope, {key[:20]: value[:40] for key, value in body.query.items()})
    with runtime.database.write() as session:
        if body.kind == "open":
            told = open_data.taken(session, runtime.cipher, scope, ask, body.reason)
            return Response(told, media_type=MEDIA["csv"])
        _, made = report_files.taken(session, runtime.cipher, scope, ask, body.reason, body.kind)
    return Response(made, media_type=MEDIA[body.kind])


@router.get("/payments", summary="批量发放")
def payments(runtime: Process, scope: Caller) -> dict[str, Any]:
    """The payments by rule of the own area; proposing and approving is for people."""
    with runtime.database.read() as session:
        rows = batches.listed(session, scope)
        people = {one for row in rows for one in (row.proposed_by, row.approved_by) if one}
        names = staff.names_of(session, people)
    return {
        "payments": [
            {
                "id": row.id, "rule": payment_list.rule_behind(row).as_form(),
                "households": row.households, "persons": row.persons, "total": row.total_fen / 100,
                "proposed_by": names.get(row.proposed_by, ""),
                "proposed_at": _moment(row.proposed_at),
                "approved_by": names.get(row.approved_by or "", "") or None,
                "approved_at": _moment(row.approved_at) if row.approved_at else None,
                "cancelled": row.cancelled_at is not None,
            }
            for row in rows
        ]
    }  # fmt: skip


@router.get("/payments/preview", summary="一条规则会发给谁")
def preview(request: Request, runtime: Process, scope: Caller) -> dict[str, Any]:
    """The list a rule makes now and who is left out; filters as the form of the console."""
    rule = payment_list.rule_of(scope, _given(request))
    with runtime.database.read() as session:
        seen = payment_list.draw(session, scope, rule)
    return {
        "rule": rule.as_form(), "households": len(seen.due), "persons": seen.persons,
        "total": seen.total_fen / 100, "beyond_the_limit": seen.rest,
        "due": [
            {"receipt": one.receipt_no, "persons": one.persons, "amount": one.fen / 100}
            for one in seen.due
        ],
        "left_out": [{"receipt": number, "reason": why} for number, why in seen.left_out],
    }  # fmt: skip


@router.get("/parameters", summary="参数")
def parameters(
    scope: Caller,
    region: Annotated[str, Query(pattern=r"^(\d{6}|\d{9}|\d{12})?$")] = "",
    programme: Annotated[str, Query(max_length=40)] = "",
) -> dict[str, Any]:
    """The verified figures in force today for a place and the layers above it, with source."""
    today = clock.today()
    try:
        chain = regions.layers(region or scope.area_code)
    except UnknownRegion:
        chain = ()
    found = [
        one
        for one in default_store().parameters
        if one.region_code in chain
        and programme in ("", one.programme)
        and one.verified
        and one.covers(today)
    ]
    found.sort(key=lambda one: (chain.index(one.region_code), one.programme, one.name))
    return {"as_of": today.isoformat(), "parameters": [_parameter(one) for one in found]}


def _given(request: Request) -> dict[str, str]:
    return {key[:20]: value[:60] for key, value in request.query_params.items()}


def _waiting(one: Waiting) -> dict[str, Any]:
    return {
        "receipt": one.receipt_no, "applicant": one.name, "urgency": one.urgency,
        "origin": one.origin, "area_name": one.area_name, "area_pending": one.area_pending,
        "department": one.department, "since": _moment(one.since), "sentence": one.sentence,
        "promised_by": _moment(one.due_at), "overdue": one.overdue, "returns": one.returns,
        "taken_by": one.taken_by_name if one.taken_by else None,
        "taken_at": _moment(one.taken_at) if one.taken_at else None,
    }  # fmt: skip


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "programme": one.programme, "low": one.low,
        "high": one.high, "at_least": one.at_least, "unit": one.unit, "region": one.region_code,
        "region_name": one.region_name, "population": one.population, "document": one.document,
        "clause": one.clause, "grade": one.evidence_grade, "url": one.url,
        "from": one.effective_from.isoformat() if one.effective_from else None,
        "to": one.effective_to.isoformat() if one.effective_to else None,
        "checked_until": one.checked_until.isoformat() if one.checked_until else None,
    }  # fmt: skip


def _moment(value: datetime) -> str:
    return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
