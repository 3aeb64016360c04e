"""What the console can do, scripts can do too: the line, reports, accounts, further steps.

What only people do is listed here; a console route that is neither there nor has its call fails.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.console import people_pages, steps, webhook_pages
from cases import models, service, staff, tokens
from cases.errors import BadInput
from cases.repository import CaseRepository
from cases.rights import Right
from tests.api.conftest import Desk
from tests.api.test_matrix import walk
from tests.cases.builders import conversation, filed, scope

#: The call for each console page and deed, "people" where a person must answer for it, "page" for
#: what a browser alone needs.
CASE = "/api/cases/{receipt}"
CALLS = {
    "GET ": "GET /api/cases", "GET /notices": "GET /api/notices",
    "GET /waiting": "GET /api/waiting",
    "GET /cases/{receipt}": f"GET {CASE}", "GET /cases/{receipt}/head": "page",
    "GET /cases/{receipt}/thread": f"GET {CASE}/thread",
    "GET /cases/{receipt}/drafts/{draft_id}": f"GET {CASE}/drafts",
    "POST /cases/{receipt}/drafts/{draft_id}/send": f"POST {CASE}/drafts/{{draft_id}}/send",
    "POST /cases/{receipt}/drafts/{draft_id}/drop": f"POST {CASE}/drafts/{{draft_id}}/drop",
    "GET /cases/{receipt}/compare": f"GET {CASE}",
    "GET /cases/{receipt}/form": f"GET {CASE}/form.pdf",
    "GET /cases/{receipt}/packet": f"GET {CASE}/packet.pdf",
    "GET /cases/{receipt}/coordination": f"GET {CASE}/coordination.pdf",
    "GET /cases/{receipt}/coordination.pdf": f"GET {CASE}/coordination.pdf",
    "POST /cases/{receipt}/print": "people",
    "GET /cases/{receipt}/form.pdf": f"GET {CASE}/form.pdf",
    "GET /cases/{receipt}/packet.pdf": f"GET {CASE}/packet.pdf",
    "POST /cases/{receipt}/reveal": f"GET {CASE}",
    "POST /bulk": "POST /api/bulk", "GET /new": "page", "POST /new": "POST /api/findings",
    "POST /views": "people", "POST /views/{view_id}/delete": "people",
    "GET /reports": "GET /api/reports", "GET /reports/list": "GET /api/reports/list",
    "POST /reports/file": "POST /api/reports/file",
    "GET /payments": "GET /api/payments", "POST /payments": "people",
    "POST /payments/{batch_id}/{deed}": "people",
    "GET /screening": "page", "GET /screening/fields": "page",
    "POST /screening": "POST /api/screenings",
    "GET /atlas": "GET /api/parameters", "POST /atlas": "people", "GET /atlas/{draft_id}": "people",
    "POST /atlas/{draft_id}/register": "people", "POST /atlas/{draft_id}/{step}": "people",
    "GET /misheard": "people", "POST /misheard/undo": "people",
    "GET /misheard/{sentence_id}": "people", "POST /misheard/{sentence_id}": "people",
    "GET /access": "GET /api/access", "GET /access/alarms": "GET /api/access/alarms",
    "POST /access/alarms/{alarm_id}/check": "people",
    "GET /people": "GET /api/people", "POST /people": "POST /api/people",
    "GET /people/{staff_id}": "GET /api/people/{staff_id}",
    "POST /people/{staff_id}/password": "POST /api/people/{staff_id}/password",
    "GET /routing": "GET /api/routing", "POST /routing": "POST /api/routing",
    "POST /routing/restore": "POST /api/routing/restore",
    "GET /webhooks": "GET /api/webhooks", "POST /webhooks": "POST /api/webhooks",
    "GET /webhooks/{webhook_id}": "GET /api/webhooks/{webhook_id}/deliveries",
    "POST /webhooks/{webhook_id}/secret": "POST /api/webhooks/{webhook_id}/secret",
    "GET /tokens": "people", "GET /tokens/new": "people", "POST /tokens": "people",
    "GET /tokens/{token_id}": "people", "POST /tokens/{token_id}/revoke": "people",
}  # fmt: skip
PEOPLE_STEPS = {
    "merge", "unmerge", "category-start", "category-end", "grant-confirm", "disposition",
    "cancel-disposition", "leave",
}  # fmt: skip
SIGNING_IN = re.compile(r"(GET|POST) /(login|logout|mine|static)\b")


def routes(desk: Desk) -> set[str]:
    return {
        f"{method} {route.path}"
        for route in walk(desk.client.app.routes)  # type: ignore[attr-defined]
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD"
    }


def test_every_page_and_deed_of_the_console_has_its_call(desk: Desk) -> None:
    known = routes(desk)
    for route in sorted(known):
        method, _, path = route.partition(" ")
        if not path.startswith("/console") or SIGNING_IN.match(f"{method} {path[8:]}"):
            continue
        deed = f"{method} {path[8:]}"
        if "{step}" in deed and "atlas" not in deed:
            names = (
                steps.LEAD_STEPS if "lead_id" in deed
                else steps.STEPS if "receipt" in deed
                else people_pages.STEPS if "people" in deed
                else webhook_pages.STEPS
            )  # fmt: skip
            for name in set(names) - PEOPLE_STEPS:
                assert f"POST /api{path[8:].replace('{step}', name)}" in known, (deed, name)
        else:
            assert deed in CALLS, deed
            assert CALLS[deed] in ("people", "page") or CALLS[deed] in known, CALLS[deed]


def bearer(desk: Desk, role: str, only: list[str] | None = None) -> dict[str, str]:
    with desk.runtime.database.write() as session:
        value = staff.create_token(
            session, desk.runtime.cipher, name="脚本", role=role, area_code="500233",
            department="minzheng", only=only,
        )  # fmt: skip
    return {"Authorization": f"Bearer {value}"}


def test_the_line_tells_who_waits_and_hands_on(desk: Desk) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no
    with database.write() as session:
        service.request_person(session, cipher, here, "找个人", "w1")
    mine, client = bearer(desk, "county_reviewer"), desk.client
    line = client.get("/api/waiting", headers=mine).json()
    assert (line["total"], [one["receipt"] for one in line["waiting"]]) == (1, [number])
    assert line["waiting"][0]["applicant"] == "王**"
    assert line["waiting"][0]["taken_by"] is None
    body = {"reason": "要医保局的同事答", "department": "yibao"}
    moved = client.post(f"/api/cases/{number}/transfer", json=body, headers=mine)
    assert moved.status_code == 200, moved.text
    body["login"] = "town"
    again = client.post(f"/api/cases/{number}/transfer", json=body, headers=mine)
    assert (again.status_code, again.json()["field"]) == (422, "login")
    line = client.get("/api/waiting", headers=mine).json()
    assert line["waiting"][0]["department"] == "yibao"
    assert client.get("/api/waiting", headers=desk.bearer("stranger")).json()["total"] == 0
    assert client.get("/api/waiting", headers=bearer(desk, "administrator")).status_code == 403
    back = client.post(f"/api/cases/{number}/give-back", json={"phoned": True}, headers=mine)
    assert back.status_code in (200, 409)


def test_a_further_difficulty_brings_its_department(desk: Desk) -> None:
    number = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    mine, client = desk.bearer("county"), desk.client

    def post(step: str, **body: Any) -> Any:
        return client.post(f"/api/cases/{number}/{step}", json=body, headers=mine)

    more = post("reroute", need="medical").json()
    assert "yibao" in {lead["department"] for lead in more["leads"]}
    assert post("reroute", need="flying").status_code == 422


def test_notices_are_read_and_seen_with_the_case(desk: Desk) -> None:
    number = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    town = desk.bearer("town")
    found = desk.client.get("/api/notices", headers=town).json()["notices"]
    assert {(one["kind"], one["receipt"]) for one in found} == {("lead", number)}
    foreign = desk.client.get("/api/notices", headers=desk.bearer("stranger"))
    assert foreign.json() == {"notices": []}
    assert desk.client.get("/api/notices", headers=bearer(desk, "administrator")).status_code == 403


def test_a_report_its_list_and_its_file(desk: Desk) -> None:
    number = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    mine, client = desk.bearer("county"), desk.client
    told = client.get("/api/reports", headers=mine).json()
    assert told["totals"]["filed"]["value"] == 1
    query = told["totals"]["filed"]["list"]
    behind = client.get(f"/api/reports/list?{query}", headers=mine).json()
    assert (behind["total"], behind["sum"]) == (1, 1)
    assert [one["receipt"] for one in behind["cases"]] == [number]
    stopped = told["journey"]["steps"][0]["stopped"]
    behind = client.get(f"/api/reports/list?{stopped['list']}", headers=mine).json()
    assert (stopped["value"], behind["sum"], behind["total"]) == (1, 1, 1)
    assert client.get("/api/reports?from=x", headers=mine).status_code == 422
    assert client.get("/api/reports/list?measure=nope", headers=mine).status_code in (404, 422)
    assert client.get("/api/reports", headers=desk.bearer("town")).status_code == 403
    file = client.post("/api/reports/file", json={"reason": "月度例会"}, headers=mine)
    assert (file.status_code, "月度例会" in file.text) == (200, True)
    assert "王桂兰" not in file.text
    assert client.post("/api/reports/file", json={"reason": "x"}, headers=mine).status_code == 422
    lines = client.get("/api/access?group=report", headers=desk.bearer("viewer")).json()["lines"]
    assert [one["reason"] for one in lines] == ["月度例会"]


def test_payments_and_figures_are_read(desk: Desk) -> None:
    mine, client = desk.bearer("county"), desk.client
    assert client.get("/api/payments", headers=mine).json() == {"payments": []}
    rule = {"name": "春节慰问", "holds": "dibao", "programme": "linshi", "hukou": "any",
            "per": "household", "amount": "500", "pays_on": "2026-11-01"}  # fmt: skip
    seen = client.get("/api/payments/preview", params=rule, headers=mine)
    assert seen.status_code in (200, 422), seen.text
    assert client.get("/api/payments/preview", headers=mine).status_code == 422
    assert client.get("/api/payments", headers=desk.bearer("town")).status_code == 403
    figures = client.get("/api/parameters?programme=dibao", headers=mine).json()["parameters"]
    assert figures
    assert all(one["document"] and one["from"] for one in figures)
    assert client.get("/api/parameters?region=x", headers=mine).status_code == 422
    assert client.get("/api/parameters?region=999999", headers=mine).status_code == 200
    assert client.get("/api/parameters").status_code == 401


NEW = {"login": "neu", "name": "小新", "role": "township_clerk", "area": "忠县石宝镇",
       "department": "xiangzhen", "reason": "新来的同事"}  # fmt: skip


def test_accounts_come_change_and_go(desk: Desk) -> None:
    admin, client, why = bearer(desk, "administrator"), desk.client, {"reason": "调离本县"}
    made = client.post("/api/people", json=NEW, headers=admin)
    assert made.status_code == 201
    assert len(made.json()["first_password"]) == 14
    path = f"/api/people/{made.json()['id']}"
    listed = client.get("/api/people?q=小新", headers=admin).json()
    assert [(one["login"], one["area"]) for one in listed["people"]] == [("neu", "500233107")]
    changed = {key: value for key, value in NEW.items() if key != "login"} | {"role": "auditor"}
    assert client.post(f"{path}/change", json=changed, headers=admin).json()["role"] == "auditor"
    assert client.post(f"{path}/password", json=why, headers=admin).json()["first_password"]
    assert client.post(f"{path}/sessions", json=why, headers=admin).status_code == 200
    assert client.post(f"{path}/code", json=why, headers=admin).status_code == 200
    assert client.post(f"{path}/stop", json=why, headers=admin).json()["active"] is False
    assert client.post(f"{path}/restore", json=why, headers=admin).json()["active"] is True
    assert "first_password" not in client.get(path, headers=admin).text
    with desk.runtime.database.read() as session:
        foreign = session.query(models.Staff).filter_by(login="stranger").one().id
    shapes = set()
    for wrong in (foreign, "0" * 32, "x" * 9):
        for step in ("stop", "restore", "code", "sessions", "password"):
            answer = client.post(f"/api/people/{wrong}/{step}", json=why, headers=admin)
            shapes.add((answer.status_code, answer.text))
    assert len(shapes) == 1
    assert next(iter(shapes))[0] == 404
    for who in ("county", "town", "viewer"):
        assert client.get("/api/people", headers=desk.bearer(who)).status_code == 403
        assert client.post("/api/people", json=NEW, headers=desk.bearer(who)).status_code == 403
        assert client.post(f"{path}/stop", json=why, headers=desk.bearer(who)).status_code == 403
    beyond = {**NEW, "login": "zwei", "area": "100000"}
    wide = client.post("/api/people", json=beyond, headers=admin)
    assert (wide.status_code, wide.json()["field"]) == (422, "area")


def test_a_token_may_be_narrowed_to_some_rights_of_its_role(desk: Desk) -> None:
    number = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    client, narrow = desk.client, bearer(desk, "county_reviewer", ["case_read", "report_read"])
    read = client.get(f"/api/cases/{number}", headers=narrow).json()
    assert read["facts"]["phone"] == "138****8000", "without the right to reveal it is masked"
    assert client.get("/api/reports", headers=narrow).status_code == 200
    refused = client.post(f"/api/cases/{number}/note", json={"text": "备注"}, headers=narrow)
    assert refused.status_code == 403
    assert refused.json() == {"reason": "这个令牌没有“写内部备注”的权限"}
    take = client.post("/api/reports/file", json={"reason": "月度例会"}, headers=narrow)
    assert take.status_code == 403
    blind = bearer(desk, "county_reviewer", ["report_read"])
    assert client.get("/api/cases", headers=blind).json()["total"] == 0
    assert client.get(f"/api/cases/{number}", headers=blind).status_code == 404
    for wrong in (["case_fly"], ["staff_manage"], []):
        with pytest.raises(BadInput):
            bearer(desk, "county_reviewer", wrong)


def test_a_revoked_token_opens_nothing(desk: Desk) -> None:
    mine = bearer(desk, "county_reviewer")
    assert desk.client.get("/api/cases", headers=mine).status_code == 200
    with desk.runtime.database.write() as session:
        assert tokens.revoke_on_machine(session, desk.runtime.cipher, "别的") == 0
        assert tokens.revoke_on_machine(session, desk.runtime.cipher, "脚本") == 1
    assert desk.client.get("/api/cases", headers=mine).status_code == 401


def test_a_person_is_never_narrowed() -> None:
    assert scope().only is None
    assert all(scope().may(right) for right in (Right.CASE_READ, Right.CASE_CLOSE))
    assert CaseRepository
