"""The console: sign-in, cross-site requests, foreign cases, inert markup, steps by form."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.console.steps import LEAD_STEPS, STEPS
from cases import models, service
from conversations import thread
from tests.api.conftest import PASSWORD, SAME_ORIGIN, Desk
from tests.cases.builders import WANG, conversation, declaration, filed, scope

STATIC = Path(__file__).parents[2] / "api" / "console" / "static"


@pytest.fixture
def receipt_no(desk: Desk) -> str:
    """王桂兰's declaration."""
    return filed(desk.runtime.database, desk.runtime.cipher).receipt_no


def kinds(desk: Desk) -> list[str]:
    with desk.runtime.database.read() as session:
        found = session.scalars(select(models.CaseEvent.kind).order_by(models.CaseEvent.seq))
        return list(found)


def test_everything_leads_to_the_sign_in_page_first(desk: Desk, receipt_no: str) -> None:
    for path in ("/console", f"/console/cases/{receipt_no}", "/console/notices"):
        answer = desk.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")
        fragment = desk.client.get(path, headers={"HX-Request": "true"})
        assert fragment.headers["hx-redirect"] == "/console/login"
    posted = desk.client.post(f"/console/cases/{receipt_no}/claim", headers=SAME_ORIGIN)
    assert posted.headers["location"] == "/console/login"


def test_signing_in_and_out(desk: Desk) -> None:
    answer = desk.client.post(
        "/console/login", data={"login": "county", "password": PASSWORD}, headers=SAME_ORIGIN
    )
    cookie = answer.headers["set-cookie"]
    assert answer.headers["location"] == "/console"
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert desk.client.get("/console").status_code == 200
    stolen = desk.client.cookies["wenzhu"]
    desk.client.post("/console/logout", headers=SAME_ORIGIN)
    desk.client.cookies.set("wenzhu", stolen)
    assert desk.client.get("/console").headers["location"] == "/console/login"


def test_wrong_passwords_are_refused_and_then_slowed_down(desk: Desk) -> None:
    wrong = {"login": "county", "password": "falsch<b>"}
    for _ in range(5):
        answer = desk.client.post("/console/login", data=wrong, headers=SAME_ORIGIN)
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    answer = desk.client.post("/console/login", data=wrong, headers=SAME_ORIGIN)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


FORGED = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {},
]


def test_no_unsafe_request_from_elsewhere_does_anything(desk: Desk, receipt_no: str) -> None:
    browser = desk.browser("county")
    del browser.headers["Sec-Fetch-Site"]
    base = f"/console/cases/{receipt_no}"
    paths = [f"{base}/{step}" for step in (*STEPS, "reveal")]
    paths += [f"{base}/leads/{'0' * 32}/{step}" for step in LEAD_STEPS]
    paths += ["/console/login", "/console/logout"]
    for path in paths:
        for headers in FORGED:
            answer = browser.post(path, data={"text": "x", "reason": "xxxx"}, headers=headers)
            assert answer.status_code == 403, (path, headers)
    assert kinds(desk) == ["filed", "routed"]
    assert browser.get("/console").status_code == 200, "the session is still there"


def test_an_older_browser_is_known_by_its_origin(desk: Desk, receipt_no: str) -> None:
    browser = desk.browser("county")
    del browser.headers["Sec-Fetch-Site"]
    answer = browser.post(
        f"/console/cases/{receipt_no}/note", data={"text": "备注"},
        headers={"Origin": "http://testserver"},
    )  # fmt: skip
    assert answer.status_code == 303


def test_every_route_is_404_for_a_foreign_case(desk: Desk, receipt_no: str) -> None:
    stranger = desk.browser("stranger")
    for number in (receipt_no, "WZ000000000000", "x%00y"):
        base = f"/console/cases/{number}"
        for path in (base, f"{base}/head", f"{base}/thread"):
            assert stranger.get(path).status_code == 404, path
        for step in (*STEPS, "reveal", "nosuchstep"):
            answer = stranger.post(f"{base}/{step}", data={"text": "x", "reason": "电话核实"})
            assert answer.status_code == 404, step
        for step in (*LEAD_STEPS, "nosuchstep"):
            assert stranger.post(f"{base}/leads/{'0' * 32}/{step}").status_code == 404, step
    assert stranger.get("/console").text.count(receipt_no) == 0
    # refusals stand in the chain of the stranger's county, so the order between the two is open
    assert sorted(kinds(desk)) == ["filed", "refused", "refused", "routed"], (
        "the known, the unknown"
    )


def test_opening_a_case_is_recorded_once_and_clears_its_notices(
    desk: Desk, receipt_no: str
) -> None:
    browser = desk.browser("county")
    assert receipt_no in browser.get("/console/notices").text
    for _ in range(3):
        assert browser.get(f"/console/cases/{receipt_no}").status_code == 200
    assert kinds(desk).count("viewed") == 1
    assert receipt_no not in browser.get("/console/notices").text


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</textarea><script>alert(1)</script>",
    "{{ 7*7777 }}{% raw %}",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<div hx-get=/console hx-trigger=load>",
    "]]><!--<b>",
]
RAW = re.compile(r"<script>alert|<img src=x|<svg onload|<a href=javascript|<div hx-get=/console hx")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_any_field_is_shown_as_text(desk: Desk, payload: str) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = conversation(database, cipher)
    with database.write() as session:
        thread.append(session, cipher, conversation_id=here, author="resident", text=payload)
        given = service.file_declaration(
            session,
            cipher,
            declaration(
                here,
                facts={**WANG, "name": payload, "disease": payload, payload[:40]: payload},
                fact_sources={"disease": {"message_id": payload[:60], "sentence": payload}},
                region_text=payload,
                story=payload,
                for_relation=payload[:40],
                screening_json={
                    "as_of": payload,
                    "region_name": payload,
                    "verdicts": [
                        {
                            "program": payload, "outcome": payload, "kind": payload,
                            "person": payload, "missing": [payload],
                            "reasons": [
                                {
                                    "code": payload, "clause": payload, "met": None,
                                    "value": payload, "line": None, "gap": None,
                                    "unit": payload, "parameter": {"document": payload,
                                                                   "region_name": payload},
                                }
                            ],
                            "distance": [{"code": payload, "values": {}}],
                            "amount": {"low": payload, "high": payload, "unit": payload,
                                       "formula": payload, "label": payload},
                        }
                    ],
                },
            ),
        )  # fmt: skip
        worker = scope()
        service.note(session, cipher, worker, given.receipt_no, payload)
        service.request_papers(session, cipher, worker, given.receipt_no, payload)
    browser = desk.browser("county")
    base = f"/console/cases/{given.receipt_no}"
    pages = [browser.get(path) for path in ("/console", base, f"{base}/head", f"{base}/thread")]
    pages.append(browser.get("/console", params={"q": payload[:60]}))
    pages.append(browser.post(f"{base}/status", data={"status": "closed", "reason": payload}))
    pages.append(browser.post(f"{base}/reveal", data={"reason": payload + "——"}))
    pages.append(desk.client.post("/console/login", data={"login": payload, "password": "x"},
                                  headers=SAME_ORIGIN))  # fmt: skip
    for page in pages:
        assert page.status_code in (200, 401, 409)
        assert not RAW.search(page.text)
        assert "54439" not in page.text
        assert "autofocus onfocus='" not in page.text
    assert html.escape(payload, quote=True).replace("&#x27;", "&#39;").replace(
        "&quot;", "&#34;"
    ) in pages[1].text.replace("&quot;", "&#34;")


def test_a_page_has_no_inline_script_style_or_handler(desk: Desk, receipt_no: str) -> None:
    browser = desk.browser("county")
    for path in ("/console", f"/console/cases/{receipt_no}", "/console/notices", "/console/login"):
        page = browser.get(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.text), path
        assert "'unsafe" not in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"


def test_a_masked_value_shows_only_on_the_answer_to_a_reasoned_request(
    desk: Desk, receipt_no: str
) -> None:
    browser = desk.browser("county")
    base = f"/console/cases/{receipt_no}"
    assert "13800138000" not in browser.get(base).text
    refused = browser.post(f"{base}/reveal", data={"reason": "看"})
    assert (refused.status_code, "13800138000" in refused.text) == (422, False)
    assert "13800138000" in browser.post(f"{base}/reveal", data={"reason": "电话核实"}).text
    assert "13800138000" not in browser.get(base).text
    assert kinds(desk).count("revealed") == 1


def test_a_viewer_sees_no_buttons_and_can_do_nothing(desk: Desk, receipt_no: str) -> None:
    viewer = desk.browser("viewer")
    page = viewer.get(f"/console/cases/{receipt_no}").text
    assert 'action="/console/cases/' not in page
    for step in STEPS:
        answer = viewer.post(f"/console/cases/{receipt_no}/{step}", data={"text": "x"})
        assert answer.status_code == 403, step
    assert "revealed" not in kinds(desk)


def test_a_refused_step_keeps_what_was_typed(desk: Desk, receipt_no: str) -> None:
    answer = desk.browser("county").post(
        f"/console/cases/{receipt_no}/close", data={"reason": "写了很久的理由", "disposition": "D2"}
    )
    assert answer.status_code == 409
    assert "还有部门没有答复" in answer.text
    assert "写了很久的理由</textarea>" in answer.text


def test_a_case_is_worked_to_its_end_in_the_browser(desk: Desk) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no
    with database.read() as session:
        lead = session.scalars(
            select(models.Lead.id).where(models.Lead.department == "xiangzhen")
        ).one()
    base = f"/console/cases/{number}"
    town, county, second = (desk.browser(who) for who in ("town", "county", "second"))

    def post(browser: TestClient, step: str, **data: str) -> str:
        answer = browser.post(f"{base}/{step}", data=data)
        assert answer.status_code == 303, answer.text
        return browser.get(answer.headers["location"]).text

    assert "已接收线索" in post(town, f"leads/{lead}/accept")
    assert "已认领" in post(county, "claim")
    assert "对话已由您接管" in post(county, "take-over")
    assert "明天上午来看您" in post(county, "reply", text="明天上午来看您")
    post(county, "give-back")
    post(town, f"leads/{lead}/answer", result="not_eligible", text="收入超标")
    page = post(
        county,
        "close",
        reason="入户核查收入高于标准，依据第九条",
        disposition="D4",
        no_gradual_exit="收入已超过标准两倍",
    )
    assert "等另一位同事复核" in page
    refused = county.post(f"{base}/close", data={"reason": "我自己确认一下", "disposition": "D4"})
    assert refused.status_code == 403
    assert "已办结" in post(second, "close", reason="复核无误", disposition="D4")
    with database.read() as session:
        said = [one.text for one in thread.messages(session, cipher, here)]
    assert any("有结果了" in text for text in said)
    assert number in county.get("/console?view=done").text


def test_strange_forms_are_refused_and_never_fail(desk: Desk, receipt_no: str) -> None:
    browser = desk.browser("county")
    base = f"/console/cases/{receipt_no}"
    forms = [
        b"", b"text=%00", b"text=%ff%fe", b"text=" + b"x" * 60_000, b"text[]=1&text=", b"=&=&==",
        b"&".join(b"f%d=1" % number for number in range(40)), b"\xff\xfe\x00",
        b"status=%00&region_code=%00&need=%00&disposition=%00&reason=%00&result=%00",
    ]  # fmt: skip
    plain = "application/x-www-form-urlencoded"
    tries = [(step, plain) for step in (*STEPS, "reveal", f"leads/{'0' * 32}/answer")]
    tries += [("note", "multipart/form-data; boundary=x"), ("note", "multipart/form-data"),
              ("note", "text/x")]  # fmt: skip
    for step, kind in tries:
        for form in forms:
            answer = browser.post(f"{base}/{step}", content=form, headers={"Content-Type": kind})
            assert answer.status_code < 500, (step, kind, form[:30])
    assert not set(kinds(desk)) & {"closed", "disposition", "state", "area", "revealed"}
    assert len([kind for kind in kinds(desk) if kind == "routed"]) == 1, "no need was invented"
    uploaded = browser.post(f"{base}/note", files={"text": ("x.html", b"<b>", "text/html")})
    assert uploaded.status_code == 422


def test_the_vendored_scripts_are_the_ones_we_checked() -> None:
    lines = (STATIC / "SHA256SUMS").read_text("utf-8").splitlines()
    assert len(lines) == 2
    for line in lines:
        digest, name = line.split()
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest
