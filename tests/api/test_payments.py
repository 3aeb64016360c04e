"""The page of payments by rule: the list first, then a colleague's yes, then once."""

from __future__ import annotations

import html
import re

from sqlalchemy import select

from cases import service
from cases.granted import AidGrant
from tests.api.conftest import Desk
from tests.cases.builders import filed, scope

FORM = {
    "name": "春节慰问", "area": "", "holds": "dibao", "hukou": "", "programme": "linshi",
    "per": "household", "amount": "500", "pays_on": "2026-11-01",
}  # fmt: skip


def test_a_payment_is_seen_then_approved_by_a_colleague(desk: Desk) -> None:
    runtime = desk.runtime
    number = filed(runtime.database, runtime.cipher).receipt_no
    with runtime.database.write() as session:
        service.dispose(session, runtime.cipher, scope(), number, "D2", "按规定推送办理")
        award = service.Award("dibao", "300", "month", "2026-03-01", "3")
        service.record_grant(session, runtime.cipher, scope(), number, award)
        made = session.scalars(select(AidGrant.id)).one()
        service.confirm_grant(session, runtime.cipher, scope(worker_id="b" * 32), number, made)
    assert desk.browser("town").get("/console/payments").status_code == 403
    assert "/console/payments" not in desk.browser("town").get("/console").text
    county, second = desk.browser("county"), desk.browser("second")
    wrong = county.get("/console/payments", params=FORM | {"amount": "0"})
    assert (wrong.status_code, "金额要大于零" in wrong.text) == (422, True)
    page = county.get("/console/payments", params=FORM).text
    assert number in page
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    form = {name: html.unescape(value) for name, value in hidden.items()}
    assert county.post("/console/payments", data=form | {"seen": "x"}).status_code == 409
    assert county.post("/console/payments", data=form).status_code == 303
    assert "/approve" not in county.get("/console/payments").text, "not by who proposed it"
    waiting = second.get("/console/payments").text
    [action] = re.findall(r'action="([^"]*/approve)"', waiting)
    assert county.post(action).status_code == 403, "nor by a request made by hand"
    [link] = re.findall(r'href="(/console/payments[?][^"]*)"', waiting)
    assert number in second.get(html.unescape(link)).text, "who approves reads the same list"
    for _ in range(2):
        assert second.post(action).status_code == 303
    assert "已批准" in county.get("/console/payments").text
    assert "临时救助一次性500元" in county.get(f"/console/cases/{number}").text
    stranger = desk.browser("stranger")
    assert FORM["name"] not in stranger.get("/console/payments").text
    assert stranger.post(action).status_code == 404
    for who in ("town", "yibao", "viewer"):
        assert desk.browser(who).post(action).status_code == 403
        assert desk.browser(who).post("/console/payments", data=form).status_code == 403
    with runtime.database.read() as session:
        assert len(session.scalars(select(AidGrant.id)).all()) == 2
