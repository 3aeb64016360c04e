"""Every route with a case × every role × own, foreign and absent case, generated from the routes.

A new route without a row in `NEEDS` fails here. A foreign case answers like one that never was; on
one's own a missing right is 403; a granted right never meets 403 or 404.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api import cases_api
from api.console.steps import LEAD_STEPS, STEPS
from cases import models, staff
from cases.rights import Right, may
from cases.states import Role
from tests.api.conftest import PASSWORD, SAME_ORIGIN, Desk
from tests.api.probing import FOREIGN, OWN, SEATS, walk
from tests.cases.builders import filed

READ, WORK, CLOSE = Right.CASE_READ, Right.CASE_WORK, Right.CASE_CLOSE
NEEDS = {
    "": READ, "head": READ, "thread": READ, "texts": Right.CASE_REPLY,
    "claim": Right.CASE_CLAIM, "note": Right.CASE_NOTE, "reply": Right.CASE_REPLY,
    "take-over": Right.CASE_REPLY, "give-back": Right.CASE_REPLY,
    "transfer": Right.CASE_REPLY, "status": WORK, "papers": WORK,
    "papers-received": WORK, "publicity": WORK, "publicity-end": WORK, "area": WORK,
    "alert": Right.ALERT_TAKE, "reroute": WORK, "category-start": WORK, "category-end": WORK,
    "objection": WORK, "review": WORK, "aid-papers": WORK, "aid-papers-in": WORK, "leave": CLOSE,
    "advice": READ,
    "coordination": READ, "coordination.pdf": READ,
    "disposition": CLOSE, "cancel-disposition": CLOSE, "close": CLOSE, "gradual-exit": CLOSE,
    "reveal": Right.CASE_REVEAL, "packet": READ, "form": READ,
    "packet.pdf": READ, "form.pdf": READ, "print": Right.CASE_PRINT_FULL, "merge": Right.CASE_MERGE,
    "unmerge": Right.CASE_MERGE, "compare": Right.CASE_MERGE, "label": Right.CASE_NOTE,
    "drafts": READ, "drafts/{draft_id}": Right.CASE_REPLY, "drafts/send": Right.CASE_REPLY,
    "drafts/drop": Right.CASE_REPLY,
    "assign": Right.CASE_ASSIGN, "visit": Right.CASE_FILE,
    "grant": Right.CASE_GRANT, "grant-confirm": Right.CASE_GRANT_CONFIRM,
    "grant-back": Right.CASE_GRANT, "grant-end": Right.CASE_GRANT,
    "leads/accept": Right.LEAD_WORK, "leads/return": Right.LEAD_WORK,
    "leads/answer": Right.LEAD_WORK,
}  # fmt: skip
FORM = {"text": "电话打不通，改天再去", "paper": "form", "reason": "电话核实家庭情况",
        "status": "collecting",
        "result": "helped"}  # fmt: skip


def deeds(desk: Desk) -> list[tuple[str, str, str]]:
    """(method, path with {receipt} and {lead}, the name in `NEEDS`) of every route with a case."""
    found = []
    for route in walk(desk.client.app.routes):
        path = getattr(route, "path", "")
        for method in sorted(getattr(route, "methods", None) or ()):
            if "{receipt}" not in path or method == "HEAD":
                continue
            steps = LEAD_STEPS if "{lead_id}" in path else STEPS
            for filled in (
                [path.replace("{step}", name) for name in steps] if "{step}" in path else [path]
            ):
                tail = filled.split("{receipt}")[1].strip("/").replace("{lead_id}/", "")
                tail = tail.replace("{draft_id}/", "")
                path_of = filled.replace("{lead_id}", "{lead}").replace("{draft_id}", "{lead}")
                found.append((method, path_of, tail))
    return found


def send(client: TestClient, method: str, path: str, headers: dict[str, str]) -> Any:
    if method == "GET":
        return client.get(path, headers=headers)
    if path.startswith("/api"):
        return client.post(path, json={"text": FORM["text"]}, headers=headers)
    return client.post(path, data=FORM, headers=headers)


Cases = dict[str, tuple[str, dict[str, str]]]


@pytest.fixture
def cases(desk: Desk) -> Cases:
    """Receipt and leads by department of the own and the foreign case, and of none."""
    database, cipher = desk.runtime.database, desk.runtime.cipher
    made = {}
    for key, region in (("own", OWN), ("foreign", FOREIGN)):
        given = filed(
            database, cipher, key, region_code=region, urgency="emergency",
            programmes=("dibao", "yiliao"),
        )  # fmt: skip
        made[key] = given.receipt_no
    with database.read() as session:
        rows = session.execute(
            select(models.Case.receipt_no, models.Lead.department, models.Lead.id).join(
                models.Lead, models.Lead.case_id == models.Case.id
            )
        ).all()
    pairs = {
        key: (number, {department: lead for no, department, lead in rows if no == number})
        for key, number in made.items()
    }
    return {**pairs, "absent": ("WZ000000000000", {})}


def test_every_route_with_a_case_names_its_right(desk: Desk) -> None:
    listed = deeds(desk)
    assert len(listed) > 40
    assert {name for _, _, name in listed} <= set(NEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_a_role_on_its_own_a_foreign_and_an_absent_case(
    desk: Desk, cases: Cases, role: Role
) -> None:
    area, department = SEATS[role]
    runtime = desk.runtime
    with runtime.database.write() as session:
        person = staff.create_staff(
            session, login=f"m.{role}", name="矩阵", password=PASSWORD, role=role,
            area_code=area, department=department, hashed="-",
        )  # fmt: skip
        cookie = staff.open_session(session, runtime.cipher, person.id)
        token = staff.create_token(
            session, runtime.cipher, name="矩阵", role=role, area_code=area, department=department
        )
    browser = TestClient(
        desk.client.app,
        headers=dict(SAME_ORIGIN),
        follow_redirects=False,
        raise_server_exceptions=False,
    )
    browser.cookies.set("wenzhu", cookie)
    bearer = {"Authorization": f"Bearer {token}"}
    for method, path, name in deeds(desk):
        headers = bearer if path.startswith("/api") else {}
        seen = {}
        for whose, (receipt, leads) in cases.items():
            lead = leads.get(department, "0" * 32)
            answer = send(browser, method, path.format(receipt=receipt, lead=lead), headers)
            body = re.sub(r"WZ\d{12}|[0-9a-f]{32}", "", answer.text)
            seen[whose] = (answer.status_code, body)
        assert seen["foreign"] == seen["absent"], (method, path)
        if seen["foreign"][0] == 422 and path.startswith("/api"):
            continue  # the body did not fit this call, which is refused before any case is read
        assert seen["foreign"][0] == 404, (method, path)
        own = seen["own"][0]
        if not may(role, Right.CASE_READ):
            assert seen["own"] == seen["absent"], (method, path)
        elif not may(role, NEEDS[name]):
            assert own == 403, (method, path, own)
        else:
            assert own in (200, 303, 409, 422) or (name == "claim" and own == 403), (path, own)


def test_roles_without_cases_see_an_empty_list(desk: Desk, cases: dict[str, Any]) -> None:
    for role in (Role.CONTENT_EDITOR, Role.ADMINISTRATOR):
        area, department = SEATS[role]
        with desk.runtime.database.write() as session:
            token = staff.create_token(
                session, desk.runtime.cipher, name="x", role=role, area_code=area,
                department=department,
            )  # fmt: skip
        answer = desk.client.get("/api/cases", headers={"Authorization": f"Bearer {token}"})
        assert answer.json()["total"] == 0
    assert cases_api.router.routes
