"""The page of reports: who sees it, the list behind a figure, the spreadsheet taken away."""

from __future__ import annotations

import html
import re

from sqlalchemy import select

from cases import models, staff
from tests.api.conftest import Desk
from tests.cases.builders import filed


def kinds(desk: Desk) -> list[str]:
    with desk.runtime.database.read() as session:
        return list(session.scalars(select(models.CaseEvent.kind).order_by(models.CaseEvent.seq)))


def test_a_figure_leads_to_its_cases_and_a_spreadsheet_leaves_a_trace(desk: Desk) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    mine = {filed(database, cipher, f"k{n}").receipt_no for n in range(2)}
    filed(database, cipher, "far", region_code="350982100000")
    browser = desk.browser("county")
    page = browser.get("/console/reports")
    assert page.status_code == 200
    link = re.search(r'href="(/console/reports/list\?[^"]*measure=filed)">2<', page.text)
    assert link, "the figure filed is two and has a list"
    listed = browser.get(html.unescape(link.group(1)))
    assert set(re.findall(r"/console/cases/(WZ\d{12})", listed.text)) == mine
    assert re.search(r"measure=persons\">6<", page.text), "two households of three"
    refused = browser.post("/console/reports/file", data={"reason": "看"})
    assert (refused.status_code, "report_taken" in kinds(desk)) == (422, False)
    taken = browser.post("/console/reports/file", data={"reason": "=十月通报"})
    assert taken.headers["content-type"].startswith("text/csv")
    assert "attachment" in taken.headers["content-disposition"]
    assert "用途,'=十月通报" in taken.text
    assert "合计,,登记（件）,2" in taken.text
    assert kinds(desk).count("report_taken") == 1


def test_the_page_is_for_supervisors_and_keeps_to_their_area(desk: Desk) -> None:
    receipt_no = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    for login in ("town", "yibao", "viewer"):
        browser = desk.browser(login)
        for path in ("/console/reports", "/console/reports/list?measure=filed"):
            assert browser.get(path).status_code == 403, (login, path)
        assert browser.post("/console/reports/file", data={"reason": "通报通报"}).status_code == 403
        assert "/console/reports" not in browser.get("/console").text
    stranger = desk.browser("stranger")
    assert receipt_no not in stranger.get("/console/reports/list?measure=filed").text
    assert stranger.get("/console/reports?area=500233").status_code == 403
    assert stranger.get("/console/reports/list?area=500233&measure=filed").status_code == 403
    assert stranger.get("/console/reports/list?measure=salary").status_code == 422


def test_an_editor_sees_neither_small_figures_nor_cases(desk: Desk) -> None:
    runtime = desk.runtime
    filed(runtime.database, runtime.cipher)
    with runtime.database.write() as session:
        staff.create_staff(
            session, login="editor", name="编辑", password="wenzhu-test-2026",
            role="content_editor", area_code="500233", department="minzheng", hashed="-",
        )  # fmt: skip
    browser = desk.browser("editor")
    page = browser.get("/console/reports").text
    assert "＊" in page
    assert "/console/reports/list" not in page
    assert browser.get("/console/reports/list?measure=filed").status_code == 403
    taken = browser.post("/console/reports/file", data={"reason": "供公布使用"})
    assert "合计,,登记（件）,＊" in taken.text


def test_the_page_follows_what_was_filed_to_its_result(desk: Desk) -> None:
    runtime = desk.runtime
    number = filed(runtime.database, runtime.cipher).receipt_no
    browser = desk.browser("county")
    page = browser.get("/console/reports").text
    assert "从登记到结果，按发现渠道比较" in page
    assert "件数太少，不比较" in page
    link = re.search(r'href="(/console/reports/list\?[^"]*measure=stopped_filed)">1<', page)
    assert link, "one case has come no further than its filing"
    assert number in browser.get(html.unescape(link.group(1))).text
