"""Papers of a case: masked by default, in full by right and reason, marked and on record."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

import pytest

from api import pdf
from cases import models, rights
from cases.rights import Right
from tests.api.conftest import Desk
from tests.api.receiver import receiving
from tests.cases.builders import WANG, filed

MARKUP = '<script>alert(1)</script><img src="http://10.0.0.1/x"><a href="file:///etc/passwd">x</a>'
HEAVY = pytest.mark.skipif(not pdf.available(), reason="no WeasyPrint or Pango on this machine")
ID = "500233198001011234"


@pytest.fixture
def number(desk: Desk) -> str:
    facts = {**WANG, "id_number": ID, "disease": MARKUP, "deposit": 3000}
    return filed(
        desk.runtime.database, desk.runtime.cipher, facts=facts, story=MARKUP,
        screening_json={
            "as_of": "2026-11-01", "region_name": "重庆市忠县",
            "verdicts": [{"program": "dibao", "outcome": "likely", "reasons": []}],
        },
    ).receipt_no  # fmt: skip


def kinds(desk: Desk) -> list[str]:
    with desk.runtime.database.read() as session:
        return [one.kind for one in session.query(models.CaseEvent)]


def test_the_sheet_for_the_county_s_meeting(desk: Desk, number: str) -> None:
    page = desk.browser("county").get(f"/console/cases/{number}/coordination").text
    for part in (
        "县级协调机制个案提请单",
        "各部门的答复",
        "乡镇（街道）民政办",
        "个案意见",
        "王**",
    ):
        assert part in page
    assert WANG["name"] not in page
    assert "<script>alert" not in page
    assert kinds(desk).count("printed") == 1


@pytest.mark.parametrize("paper", ["form", "packet"])
def test_the_page_is_masked_marked_inert_and_on_the_record(
    desk: Desk, number: str, paper: str
) -> None:
    county = desk.browser("county")
    page = county.get(f"/console/cases/{number}/{paper}").text
    assert "王**" in page
    assert "138****8000" in page
    for hidden in (WANG["name"], WANG["phone"], ID):
        assert str(hidden) not in page
    marks = re.findall(r'data-stamp="测试county \d{4}-\d\d-\d\d \d\d:\d\d"></span>', page)
    assert len(marks) == 18
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="file:' not in page
    assert "申请人签字" in page
    assert ("不是审核结果" in page) == (paper == "form")
    county.get(f"/console/cases/{number}/{paper}")
    assert kinds(desk).count("printed") == 1, "once a quarter of an hour"
    lines = desk.client.get("/api/access?group=printed", headers=desk.bearer("viewer")).json()
    assert [(one["login"], one["receipt"]) for one in lines["lines"]] == [("county", number)]
    assert lines["lines"][0]["detail"] == {"form": "申请表", "packet": "案卷"}[paper]


@HEAVY
@pytest.mark.parametrize("paper", ["form", "packet"])
def test_the_pdf_has_pages_and_nothing_that_runs_or_calls(
    desk: Desk, number: str, paper: str
) -> None:
    for answer in (
        desk.browser("county").get(f"/console/cases/{number}/{paper}.pdf"),
        desk.client.get(f"/api/cases/{number}/{paper}.pdf", headers=desk.bearer("county")),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].endswith(f'{number}-{paper}.pdf"')
        assert answer.content.startswith(b"%PDF-")
        for active in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/EmbeddedFile", b"/AcroForm"):
            assert active not in answer.content, active
    assert kinds(desk).count("printed") == 2, "one of each who printed"


@HEAVY
def test_nothing_a_document_names_is_fetched(tmp_path: Path) -> None:
    sheet = tmp_path / "red.css"
    sheet.write_text("p { page-break-before: always }", "utf-8")
    with receiving() as receiver:
        named = (
            f'<img src="{receiver.url()}"><link rel="stylesheet" href="{receiver.url()}">'
            f'<link rel="stylesheet" href="{sheet.as_uri()}">'
            f'<iframe src="{sheet.as_uri()}"></iframe><object data="{receiver.url()}"></object>'
        )
        made = pdf.render(
            f"<html><body>一{named}<p>二</p></body></html>",
            f'p {{ background: url("{receiver.url()}") }} @import "{sheet.as_uri()}";',
        )
        assert receiver.got == []
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page/") <= 1
    assert made.startswith(b"%PDF-")


def test_in_full_needs_right_and_reason_and_is_a_look_too(desk: Desk, number: str) -> None:
    county, path = desk.browser("county"), f"/console/cases/{number}/print"
    short = county.post(path, data={"paper": "form", "reason": "看"})
    assert (short.status_code, "至少 4 个字" in short.text) == (422, True)
    assert county.post(path, data={"paper": "x", "reason": "入户让本人签字"}).status_code == 422
    assert "printed" not in kinds(desk)
    assert "revealed" not in kinds(desk)
    page = county.post(path, data={"paper": "form", "reason": "入户让本人签字"})
    assert page.status_code == 200
    for shown in (WANG["name"], WANG["phone"], ID, "含完整个人信息"):
        assert str(shown) in page.text
    assert (kinds(desk).count("printed"), kinds(desk).count("revealed")) == (1, 1)
    lines = desk.client.get("/api/access?group=printed", headers=desk.bearer("viewer")).json()
    assert [(one["detail"], one["reason"]) for one in lines["lines"]] == [
        ("申请表，含完整个人信息", "入户让本人签字")
    ]
    for who in ("viewer", "yibao"):
        foreign = desk.browser(who).post(path, data={"paper": "form", "reason": "想要看一看"})
        assert foreign.status_code == {"viewer": 403, "yibao": 404}[who]
    assert "打印完整的" not in desk.browser("viewer").get(f"/console/cases/{number}/form").text


@HEAVY
def test_in_full_as_pdf(desk: Desk, number: str) -> None:
    given = {"paper": "packet", "reason": "移交县级审核", "as": "pdf"}
    answer = desk.browser("town").post(f"/console/cases/{number}/print", data=given)
    assert answer.content.startswith(b"%PDF-")


def test_who_prints_in_full_may_see_in_full() -> None:
    able = {role for role, row in rights.table().items() if Right.CASE_PRINT_FULL in row.rights}
    assert able == {"township_clerk", "county_reviewer"}
    assert all(rights.may(role, Right.CASE_REVEAL) for role in able)


def test_without_the_library_the_page_remains_and_the_pdf_says_so(
    desk: Desk, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf.library.cache_clear()
    try:
        county = desk.browser("county")
        answer = county.get(f"/console/cases/{number}/form.pdf")
        assert (answer.status_code, pdf.ABSENT in answer.text) == (503, True)
        by_api = desk.client.get(f"/api/cases/{number}/form.pdf", headers=desk.bearer("county"))
        assert (by_api.status_code, by_api.json()) == (503, {"reason": pdf.ABSENT})
        assert county.get(f"/console/cases/{number}/form").status_code == 200
    finally:
        pdf.library.cache_clear()


def test_one_document_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(pdf, "library", lambda: object())
    held = threading.BoundedSemaphore(1)
    held.acquire()
    monkeypatch.setattr(pdf, "_one_at_a_time", held)
    with pytest.raises(pdf.PdfUnavailable, match="过一会儿"):
        pdf.render("", "")
