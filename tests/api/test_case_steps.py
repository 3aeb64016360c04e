"""Ends and objections through the forms of the case page and through the API."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cases import models, service
from foundation import clock
from tests.api.conftest import Desk
from tests.cases.builders import filed, scope


@pytest.fixture
def number(desk: Desk) -> str:
    """A declaration whose leading department has answered."""
    database, cipher = desk.runtime.database, desk.runtime.cipher
    given = filed(database, cipher).receipt_no
    with database.write() as session:
        lead = session.scalars(
            select(models.Lead.id).where(models.Lead.department == "xiangzhen")
        ).one()
        service.answer_lead(session, cipher, scope(), given, lead, "helped", "已受理")
    return given


def post(desk: Desk, number: str, step: str, **form: str) -> Any:
    return desk.browser("county").post(f"/console/cases/{number}/{step}", data=form)


def test_a_refused_end_keeps_every_field_that_was_typed(desk: Desk, number: str) -> None:
    typed = {"disposition": "D1", "cause": "late", "unit": "yibao", "due": "1999-01-01",
             "reason": "医保没有直接结算", "message": "我们已经在催"}  # fmt: skip
    page = post(desk, number, "close", **typed)
    assert page.status_code == 422
    assert "限期落实的日子" in page.text
    for part in (
        'value="D1" required checked', '<option value="late" selected>',
        '<option value="yibao" selected>', 'value="1999-01-01"', "医保没有直接结算", "我们已经在催",
    ):  # fmt: skip
        assert part in page.text, part


def test_the_page_says_what_the_disposition_waits_for(desk: Desk, number: str) -> None:
    day = clock.today().isoformat()
    answer = post(
        desk, number, "close", disposition="D1", cause="late", unit="yibao", due=day,
        reason="医保没有直接结算",
    )  # fmt: skip
    assert answer.headers["location"].endswith("?done=proposed-D1#t-work")
    page = desk.browser("second").get(answer.headers["location"]).text
    assert f"发晚了；医保局在 {day} 前落实），等医保局落实" in html.unescape(page)
    assert "落实以后再办结" in page
    mine = desk.bearer("county")
    full = desk.client.get(f"/api/cases/{number}", headers=mine).json()
    assert full["disposition_awaits"] == "等医保局落实"


@pytest.mark.parametrize("bad", ["9" * 30, "NaN", "\x00", "今天", "'; --", "1e9", "<b>x</b>"])
def test_days_that_are_none_are_refused_everywhere(desk: Desk, number: str, bad: str) -> None:
    for step, form in (
        ("close", {"disposition": "D1", "cause": "late", "unit": "yibao", "due": bad}),
        ("close", {"disposition": "D3", "met": bad, "decision": "给补助"}),
        ("leave", {"why": "died", "happened": bad}),
        ("aid-papers", {"due": bad, "text": "发票"}),
    ):
        page = post(desk, number, step, reason="核实过了", **form)
        assert page.status_code == 422, step
        assert "<b>x</b>" not in page.text
    mine = desk.bearer("county")
    body = {"due": bad, "text": "发票"}
    answer = desk.client.post(f"/api/cases/{number}/aid-papers", json=body, headers=mine)
    assert answer.status_code == 422


def test_a_program_notes_objections_and_late_papers(desk: Desk, number: str) -> None:
    mine, day = desk.bearer("county"), clock.today().isoformat()

    def call(step: str, **body: Any) -> Any:
        return desk.client.post(f"/api/cases/{number}/{step}", json=body, headers=mine)

    assert call("objection", text="邻居说他家有车").status_code == 409
    assert call("review", way="deliberated", text="同意原意见").status_code == 409
    assert call("publicity", days=7).status_code == 200
    assert call("objection", text="邻居说他家有车").json()["objection_open"] is True
    assert call("review", way="voted", text="同意原意见").status_code == 422
    reviewed = call("review", way="deliberated", text="九人到场，同意原意见").json()
    assert reviewed["objection_open"] is False
    assert call("aid-papers", due=day, text="住院发票").json()["aid_papers_due"] == day
    assert call("aid-papers-in").json()["aid_papers_due"] is None
    assert call("leave", why="died", happened=day, reason="x").status_code == 404


def test_leaving_by_the_form_ends_the_case(desk: Desk, number: str) -> None:
    day = clock.today().isoformat()
    answer = post(desk, number, "leave", why="moved", happened=day, reason="户口迁到万州了")
    assert answer.headers["location"].endswith("?done=leave#t-work")
    page = desk.browser("second").get(f"/console/cases/{number}").text
    assert f"迁出，{day}" in page
    assert "去世或者迁出，退出" not in page, "an ended case offers it no more"


def test_a_figure_that_is_not_known_is_said_in_words(desk: Desk) -> None:
    reason = {"code": "income", "clause": "人均收入低于当地标准", "met": None, "value": None,
              "line": 630, "gap": None, "unit": "元/人·月", "parameter": None}  # fmt: skip
    verdict = {"program": "dibao", "outcome": "need_answers", "reasons": [reason]}
    number = filed(
        desk.runtime.database, desk.runtime.cipher, facts={"shock": "accident"},
        screening_json={"as_of": "2026-11-01", "region_name": "忠县", "verdicts": [verdict]},
    ).receipt_no  # fmt: skip
    page = desk.browser("county").get(f"/console/cases/{number}").text
    assert "None" not in page
    assert "本户还不清楚，线 630 元/人·月" in page
    assert "意外事故" in page


def test_papers_past_their_day_stand_on_the_queue_and_in_the_report(
    desk: Desk, number: str
) -> None:
    today = clock.today().isoformat()
    post(desk, number, "aid-papers", due=today, text="住院发票")
    town, county = desk.browser("town"), desk.browser("county")
    assert number not in town.get("/console?view=papers").text
    with time_machine.travel(clock.now() + timedelta(days=1)):
        town, county = desk.browser("town"), desk.browser("county")
        page = town.get("/console?view=papers").text
        assert number in page
        assert '<span class="tag warn">先行材料过期</span>' in page
        assert "期末还没补的先行救助材料" in county.get("/console/reports").text
        bearer = desk.bearer("county")
        told = desk.client.get("/api/reports", headers=bearer).json()["aid_papers_late"]
        assert told["value"] == 1
        behind = desk.client.get(f"/api/reports/list?{told['list']}", headers=bearer).json()
        assert [one["receipt"] for one in behind["cases"]] == [number]
        listed = desk.client.get("/api/cases?view=papers", headers=bearer).json()["cases"]
        assert [one["receipt"] for one in listed] == [number]
