"""The JSON API: shape, scope, steps, and bad input that never becomes a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from cases import models
from tests.api.conftest import Desk
from tests.cases.builders import SHIBAO, conversation, filed

ABSENT = "WZ000000000000"


@pytest.fixture
def receipt_no(desk: Desk) -> str:
    """王桂兰's declaration in 忠县石宝镇."""
    return filed(
        desk.runtime.database,
        desk.runtime.cipher,
        screening_json={"verdicts": [{"program": "dibao", "outcome": "likely", "reasons": []}]},
    ).receipt_no


def lead_id(desk: Desk, department: str) -> str:
    with desk.runtime.database.read() as session:
        return session.scalars(
            select(models.Lead.id).where(models.Lead.department == department)
        ).one()


def test_a_case_is_read_with_everything_on_it(desk: Desk, receipt_no: str) -> None:
    answer = desk.client.get(f"/api/cases/{receipt_no}", headers=desk.bearer("county"))
    assert answer.status_code == 200
    case = answer.json()
    assert case["receipt"] == receipt_no
    assert (case["status"], case["status_word"], case["urgency"]) == (
        "pending_review", "已收到", "normal",
    )  # fmt: skip
    assert (case["discovery_channel"], case["region_code"]) == ("self_declaration", SHIBAO)
    assert case["region_name"] == "重庆市忠县石宝镇"
    assert case["facts"]["name"] == "王桂兰"
    assert case["facts"]["monthly_income_total"] == 800
    assert case["fact_sources"]["monthly_income_total"]["sentence"] == "一个月就八百来块"
    assert case["verdicts"][0]["program"] == "dibao"
    assert [lead["department_name"] for lead in case["leads"]] == [
        "乡镇（街道）民政办",
        "县民政局",
    ]
    assert {consent["kind"] for consent in case["consents"]} == {"general", "sensitive"}
    with desk.runtime.database.read() as session:
        assert "revealed" in session.scalars(select(models.CaseEvent.kind)).all()


def test_a_viewer_token_gets_masked_values_and_leaves_no_reveal(
    desk: Desk, receipt_no: str
) -> None:
    case = desk.client.get(f"/api/cases/{receipt_no}", headers=desk.bearer("viewer")).json()
    assert case["facts"]["phone"] == "138****8000"
    assert case["hidden_facts"] == ["name", "phone"]
    with desk.runtime.database.read() as session:
        assert "revealed" not in session.scalars(select(models.CaseEvent.kind)).all()


def test_a_conversation_s_cases_come_in_full(desk: Desk) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = conversation(database, cipher)
    given = filed(database, cipher, "k1", conversation_id=here)
    filed(database, cipher, "k2")
    answer = desk.client.get(
        "/api/cases", params={"conversation_id": here}, headers=desk.bearer("county")
    ).json()
    assert [case["receipt"] for case in answer["cases"]] == [given.receipt_no]
    assert answer["cases"][0]["facts"]["phone"] == "13800138000"
    assert answer["cases"][0]["conversation_id"] == here


def test_the_list_is_filtered(desk: Desk, receipt_no: str) -> None:
    headers = desk.bearer("county")

    def total(**query: str) -> int:
        answer = desk.client.get("/api/cases", params=query, headers=headers)
        assert answer.status_code == 200
        count: int = answer.json()["total"]
        return count

    assert total() == 1
    assert total(status="pending_review", urgency="normal", department="minzheng") == 1
    assert total(status="closed") == total(urgency="emergency") == total(department="yibao") == 0
    assert total(q=receipt_no.lower()) == total(q="王桂兰") == total(q="138 0013 8000") == 1
    assert total(q="王桂") == total(q="8000") == total(q="%") == 0
    assert total(view="pending") == 1
    assert total(view="overdue") == total(view="mine") == 0


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}]
)
def test_without_a_good_token_there_is_nothing(
    desk: Desk, receipt_no: str, headers: dict[str, str]
) -> None:
    for path in ("/api/cases", f"/api/cases/{receipt_no}"):
        answer = desk.client.get(path, headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {"reason": "请先登录"}


def test_a_browser_s_cookie_does_not_open_the_api(desk: Desk, receipt_no: str) -> None:
    assert desk.browser("county").get(f"/api/cases/{receipt_no}").status_code == 401


AMOUNT = {
    "programme": "dibao", "amount": 650, "unit": "month", "persons": 2, "starts": "2026-11-01"
}  # fmt: skip


def steps(desk: Desk, receipt_no: str) -> list[tuple[str, str, Any]]:
    """Every operation of the API as (method, path, body)."""
    lead = lead_id(desk, "xiangzhen")
    base = f"/api/cases/{receipt_no}"
    return [
        ("GET", base, None),
        ("GET", f"{base}/thread", None),
        ("GET", f"{base}/form.pdf", None),
        ("GET", f"{base}/packet.pdf", None),
        ("GET", f"{base}/coordination.pdf", None),
        ("GET", f"{base}/advice", None),
        ("GET", f"{base}/texts", None),
        ("POST", f"{base}/objection", {"text": "邻居说他家有车"}),
        ("POST", f"{base}/review", {"way": "deliberated", "text": "同意原意见"}),
        ("POST", f"{base}/aid-papers", {"due": "2026-12-01", "text": "住院发票"}),
        ("POST", f"{base}/aid-papers-in", None),
        ("POST", f"{base}/claim", None),
        ("POST", f"{base}/note", {"text": "备注"}),
        ("POST", f"{base}/reply", {"text": "您好"}),
        ("POST", f"{base}/take-over", None),
        ("POST", f"{base}/give-back", None),
        ("POST", f"{base}/transfer", {"reason": "医保的事", "department": "yibao"}),
        ("POST", f"{base}/reroute", {"need": "medical"}),
        ("POST", f"{base}/alert", None),
        ("POST", f"{base}/status", {"status": "collecting"}),
        ("POST", f"{base}/papers", {"text": "户口簿"}),
        ("POST", f"{base}/papers-received", None),
        ("POST", f"{base}/publicity", {"days": 7}),
        ("POST", f"{base}/publicity-end", None),
        ("POST", f"{base}/label", {"label": "残疾人家庭"}),
        ("POST", f"{base}/assign", {"login": "town"}),
        ("POST", f"{base}/visit", {"text": "屋顶漏雨"}),
        ("POST", f"{base}/gradual-exit", {"months": 3, "reason": "找到工作了"}),
        ("POST", f"{base}/area", {"region_code": "500233101000"}),
        ("POST", f"{base}/grant", AMOUNT),
        ("POST", f"{base}/grant-end", {"grant": "0" * 32, "reason": "全家迁出本县"}),
        ("POST", f"{base}/grant-back", {"grant": "0" * 32, "reason": "填错了人数"}),
        ("POST", f"{base}/close", {"reason": "办完", "disposition": "D1"}),
        ("GET", f"{base}/drafts", None),
        ("POST", f"{base}/drafts/{'0' * 32}/send", {"text": "您好"}),
        ("POST", f"{base}/drafts/{'0' * 32}/drop", None),
        ("POST", f"{base}/leads/{lead}/accept", None),
        ("POST", f"{base}/leads/{lead}/return", {"text": "不归我们管"}),
        ("POST", f"{base}/leads/{lead}/answer", {"result": "helped", "text": "已办"}),
    ]


def test_the_list_of_steps_above_is_complete(desk: Desk, receipt_no: str) -> None:
    described = desk.client.get("/api/openapi.json").json()["paths"]
    tried = {(method, path.count("/")) for method, path, _ in steps(desk, receipt_no)}
    names = {path.rsplit("/", 1)[1] for _, path, _ in steps(desk, receipt_no)}
    for path in described:
        if path != "/api/cases" and "{receipt}" in path:
            last = path.rsplit("/", 1)[1]
            assert last in names or last == "{receipt}", path
    assert len(tried) > 2


def test_every_route_answers_404_alike_for_foreign_and_absent(desk: Desk, receipt_no: str) -> None:
    headers = desk.bearer("stranger")
    for method, path, body in steps(desk, receipt_no):
        foreign = desk.client.request(method, path, json=body, headers=headers)
        absent = desk.client.request(
            method, path.replace(receipt_no, ABSENT), json=body, headers=headers
        )
        broken = desk.client.request(
            method, path.replace(receipt_no, "x%00y"), json=body, headers=headers
        )
        assert (foreign.status_code, foreign.json()) == (404, absent.json()), path
        assert broken.status_code == absent.status_code == 404, path
    with desk.runtime.database.read() as session:
        kinds = session.scalars(select(models.CaseEvent.kind)).all()
    assert set(kinds) == {"filed", "routed", "refused"}, "the attempts alone are on record"


def test_a_department_gets_404_for_another_department_s_case(desk: Desk, receipt_no: str) -> None:
    answer = desk.client.get(f"/api/cases/{receipt_no}", headers=desk.bearer("yibao"))
    assert answer.status_code == 404


def test_a_case_is_worked_to_its_end(desk: Desk, receipt_no: str) -> None:
    town, county = desk.bearer("town"), desk.bearer("county")
    base, lead = f"/api/cases/{receipt_no}", lead_id(desk, "xiangzhen")
    assert desk.client.post(f"{base}/leads/{lead}/accept", headers=town).status_code == 200
    answer = desk.client.post(
        f"{base}/leads/{lead}/answer", json={"result": "helped", "text": "已纳入"}, headers=town
    )
    assert answer.json()["leads"][0]["status"] == "answered"
    refused = desk.client.post(
        f"{base}/close", json={"reason": "办完", "disposition": "D2"}, headers=county
    )
    assert (refused.status_code, refused.json()["reason"]) == (
        403, "处置类别只能由工作人员选定",
    )  # fmt: skip


def test_a_step_twice_is_a_conflict_or_the_same(desk: Desk, receipt_no: str) -> None:
    town, lead = desk.bearer("town"), lead_id(desk, "xiangzhen")
    path = f"/api/cases/{receipt_no}/leads/{lead}/answer"
    body = {"result": "helped", "text": "已纳入"}
    assert desk.client.post(path, json=body, headers=town).status_code == 200
    again = desk.client.post(path, json=body, headers=town)
    assert again.status_code == 409
    assert "已答复" in again.json()["reason"]


BAD_BODIES: list[bytes] = [
    b"", b"{", b"null", b"[]", b'"x"', b"{}", b'{"text": null}', b'{"text": 5}',
    b'{"text": ""}', b'{"text": "\\u0000"}', b'{"text": "\\ud800"}', b'{"text": NaN}',
    b'{"text": "x", "more": 1}', b'{"text": ["x"]}', b"\xff\xfe", b'{"text": "\xff"}',
    b'{"status": "handling"}', b'{"status": "\\u202e"}', b'{"region_code": "5002\\u0000"}',
    b'{"reason": "x", "disposition": "D9"}', b'{"result": "rich", "text": "x"}',
    b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    b'{"text": 1' + b"0" * 5000 + b"}", json.dumps({"text": "x" * 3000}).encode(),
]  # fmt: skip


def test_bad_bodies_are_refused_with_a_reason_and_change_nothing(
    desk: Desk, receipt_no: str
) -> None:
    headers = {**desk.bearer("county"), "Content-Type": "application/json"}
    for method, path, body in steps(desk, receipt_no):
        if method != "POST" or body is None:
            continue
        for bad in BAD_BODIES:
            answer = desk.client.post(path, content=bad, headers=headers)
            assert 400 <= answer.status_code < 500, (path, bad[:40])
            assert answer.json()["reason"]
    with desk.runtime.database.read() as session:
        assert session.scalars(select(models.CaseEvent.kind)).all() == ["filed", "routed"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=999999999999999999999", "page=x", "status=%00", "view=x",
        "urgency=high", "department=%ff", "conversation_id=%00", "conversation_id=x",
        "q=" + "x" * 61,
    ],
)  # fmt: skip
def test_bad_queries_are_refused(desk: Desk, query: str) -> None:
    answer = desk.client.get(f"/api/cases?{query}", headers=desk.bearer("county"))
    assert answer.status_code == 422
    assert answer.json()["reason"]


@pytest.mark.parametrize("q", ["%00", "%ff%fe", "'; drop table x; --", "🙂" * 10, "%25"])
def test_strange_searches_find_nothing(desk: Desk, receipt_no: str, q: str) -> None:
    answer = desk.client.get(f"/api/cases?q={q}", headers=desk.bearer("county"))
    assert (answer.status_code, answer.json()["total"]) == (200, 0)


def test_a_body_over_64_kb_is_refused_declared_or_streamed(desk: Desk, receipt_no: str) -> None:
    headers = desk.bearer("county")
    path = f"/api/cases/{receipt_no}/note"
    big = json.dumps({"text": "x" * 70_000}).encode()
    assert desk.client.post(path, content=big, headers=headers).status_code == 413
    streamed = desk.client.post(path, content=iter([big[:40_000], big[40_000:]]), headers=headers)
    assert streamed.status_code == 413


def test_health_and_headers(desk: Desk) -> None:
    assert desk.client.get("/livez").json() == {"status": "ok"}
    assert "wenzhu_reveals" in desk.client.get("/metrics").text
    answer = desk.client.get("/api/cases")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_description_has_examples(desk: Desk) -> None:
    described = desk.client.get("/api/openapi.json").json()
    schemas = described["components"]["schemas"]
    for name in ("Words", "StatusChange", "Closing", "AreaChange", "LeadAnswer"):
        assert schemas[name]["examples"], name
    for path, operations in described["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path


def test_many_at_once_and_findings_by_the_api(desk: Desk, receipt_no: str) -> None:
    headers = desk.bearer("county")
    body = {"deed": "label", "receipts": [receipt_no, "WZ000000000000"], "label": "待入户"}
    answer = desk.client.post("/api/bulk", json=body, headers=headers).json()
    assert [(row["receipt"], row["done"]) for row in answer["rows"]] == [
        (receipt_no, True), ("WZ000000000000", False),
    ]  # fmt: skip
    listed = desk.client.get("/api/cases", params={"label": "待入户"}, headers=headers).json()
    assert [row["receipt"] for row in listed["cases"]] == [receipt_no]
    found = {
        "channel": "home_visit", "place": "石宝镇", "story": "老人独居，屋顶漏雨",
        "needs": ["housing"], "idempotency_key": "v1",
    }  # fmt: skip
    for _ in range(2):
        given = desk.client.post("/api/findings", json=found, headers=headers)
        assert given.status_code == 201
    assert desk.client.get("/api/cases", headers=headers).json()["total"] == 2
    assert (
        desk.client.post("/api/findings", json=found, headers=desk.bearer("viewer")).status_code
        == 403
    )
