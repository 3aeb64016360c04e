"""The card of granted amounts: recorded by one, confirmed by another, shown and printed."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cases import models, service
from tests.api.conftest import Desk
from tests.cases.builders import filed, scope

FORM = {
    "programme": "dibao", "unit": "month", "amount": "650.5", "persons": "3",
    "starts": "2026-04-01", "until": "",
}  # fmt: skip


@pytest.fixture
def base(desk: Desk) -> str:
    """The address of a decided case."""
    runtime = desk.runtime
    number = filed(runtime.database, runtime.cipher).receipt_no
    with runtime.database.write() as session:
        service.dispose(session, runtime.cipher, scope(), number, "D2", "按规定推送办理")
    return f"/console/cases/{number}"


def test_two_people_make_an_amount_that_is_shown_and_printed(desk: Desk, base: str) -> None:
    town, county = desk.browser("town"), desk.browser("county")
    refused = town.post(f"{base}/grant", data=FORM | {"starts": "2026-04-15"})
    assert refused.status_code == 422
    assert "某个月的1日" in refused.text
    assert 'value="650.5"' in refused.text, "what was typed stays"
    for _ in range(2):
        assert town.post(f"{base}/grant", data=FORM).status_code == 303
    assert "救助金额待复核" in county.get("/console/notices").text
    page = county.get(base).text
    [grant] = set(re.findall(r'name="grant" value="([0-9a-f]{32})"', page))
    assert "等待复核" in page
    assert "grant-confirm" not in town.get(base).text
    done = county.post(f"{base}/grant-confirm", data={"grant": grant})
    assert done.status_code == 303
    assert "已复核" in county.get(done.headers["location"]).text
    for path in (base, f"{base}/packet"):
        text = county.get(path).text
        assert "650.50" in text
        assert "测试county" in text
    assert "最低生活保障每月650.50元，从2026年4月1日起" in county.get(base).text
    assert "grant-end" not in desk.browser("viewer").get(base).text


def test_a_service_records_but_never_confirms(desk: Desk, base: str) -> None:
    number = base.removeprefix("/console/cases/")
    api, bearer = f"/api/cases/{number}", desk.bearer("county")
    body = {**FORM, "amount": 650.5, "persons": 3}
    for _ in range(2):
        answer = desk.client.post(f"{api}/grant", json=body, headers=bearer)
        assert answer.status_code == 200
    [grant] = answer.json()["grants"]
    assert (grant["amount"], grant["waits_for_confirmation"]) == (650.5, "start")
    wrong = desk.client.post(f"{api}/grant", json={**body, "starts": "2026-04-02"}, headers=bearer)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "starts")
    assert desk.client.post(f"{api}/grant-confirm", headers=bearer).status_code == 404
    end = {"grant": grant["id"], "reason": "填错了人数"}
    assert desk.client.post(f"{api}/grant-end", json=end, headers=bearer).status_code == 409
    back = desk.client.post(f"{api}/grant-back", json=end, headers=bearer)
    assert back.json()["grants"][0]["state"] == "已撤回"
    with desk.runtime.database.read() as session:
        kinds = session.scalars(select(models.CaseEvent.kind)).all()
    assert kinds.count("grant_recorded") == 1
