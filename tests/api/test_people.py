"""Accounts, access log and alarms in the console, and the log by API."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from api.console.people_pages import STEPS
from cases import browsing, models, staff
from foundation import clock
from tests.api.conftest import PASSWORD, SAME_ORIGIN, Desk
from tests.cases.builders import filed

NEW = {
    "login": "neu", "name": "小新", "role": "township_clerk", "area": "忠县石宝镇",
    "department": "xiangzhen", "reason": "新来的同事",
}  # fmt: skip


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The people of the other tests, with an administrator and an inspector."""
    with desk.runtime.database.write() as session:
        for login, role in (("admin", "administrator"), ("inspector", "inspector")):
            staff.create_staff(
                session, login=login, name=f"测试{login}", password=PASSWORD, role=role,
                area_code="500233", department="minzheng", hashed="-",
            )  # fmt: skip
    return desk


def sign_in(desk: Desk, login: str, password: str) -> tuple[TestClient, str]:
    browser = TestClient(desk.client.app, headers=dict(SAME_ORIGIN), follow_redirects=False)
    answer = browser.post("/console/login", data={"login": login, "password": password})
    return browser, answer.headers.get("location", "")


def test_an_account_from_the_form_to_its_own_password(desk: Desk) -> None:
    admin = desk.browser("admin")
    assert admin.get("/console").headers["location"] == "/console/people"
    bad = admin.post("/console/people", data={**NEW, "area": "丰泽区"})
    assert (bad.status_code, "不归您管" in bad.text, 'value="小新"' in bad.text) == (
        422,
        True,
        True,
    )
    made = admin.post("/console/people", data=NEW)
    given = re.search(r'class="key">([a-z0-9-]{14})<', made.text)[1]  # type: ignore[index]
    listed = admin.get("/console/people", params={"q": "小新"}).text
    assert "小新" in listed
    assert "石宝镇" in listed
    assert given not in listed
    _, where = sign_in(desk, "neu", given)
    assert where == "/console/login/password"
    path = re.search(r'href="(/console/people/[0-9a-f]{32})"', listed)[1]  # type: ignore[index]
    change = {**NEW, "role": "auditor", "area": "忠县", "department": "minzheng"}
    assert admin.post(f"{path}/change", data=change).headers["location"].endswith("done=change")
    assert "审计员" in admin.get(path).text
    short = admin.post(f"{path}/stop", data={"reason": "走"})
    assert (short.status_code, "至少 4 个字" in short.text) == (422, True)
    assert admin.post(f"{path}/stop", data={"reason": "调走了不再用"}).status_code == 303
    assert "已停用" in admin.get(path).text
    again = admin.post(f"{path}/password", data={"reason": "忘记了密码"}).text
    assert re.search(r'class="key">[a-z0-9-]{14}<', again)


def test_only_administrators_keep_accounts_and_never_their_own(desk: Desk) -> None:
    with desk.runtime.database.read() as session:
        found = {one.login: one.id for one in session.query(models.Staff)}
    reason = {**NEW, "reason": "试一试能不能"}
    for who in ("county", "inspector", "viewer", "town"):
        browser = desk.browser(who)
        assert browser.get("/console/people").status_code == 403
        assert browser.post("/console/people", data=NEW).status_code == 403
        for step in (*STEPS, "password"):
            path = f"/console/people/{found[who]}/{step}"
            assert browser.post(path, data=reason).status_code == 403, (who, step)
    admin = desk.browser("admin")
    for step in (*STEPS, "password"):
        own = admin.post(f"/console/people/{found['admin']}/{step}", data=reason)
        assert (own.status_code, "另一位管理员" in own.text) == (403, True), step
        for foreign in (found["stranger"], "0" * 32, "x%00"):
            answer = admin.post(f"/console/people/{foreign}/{step}", data=reason)
            assert answer.status_code == 404, step
    assert admin.post(f"/console/people/{found['county']}/nosuchstep").status_code == 404


def test_ending_a_colleague_s_sessions_works_at_once(desk: Desk) -> None:
    county, admin = desk.browser("county"), desk.browser("admin")
    with desk.runtime.database.read() as session:
        person = session.query(models.Staff).filter_by(login="county").one().id
    assert county.get("/console").status_code == 200
    assert "1 处" in admin.get(f"/console/people/{person}").text
    admin.post(f"/console/people/{person}/sessions", data={"reason": "电脑丢了"})
    assert county.get("/console").headers["location"] == "/console/login"


def test_the_log_in_the_browser_and_by_api(desk: Desk) -> None:
    number = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    county = desk.browser("county")
    assert county.get(f"/console/cases/{number}/packet").status_code == 200
    assert county.get(f"/console/cases/{number}").status_code == 200
    county.post(f"/console/cases/{number}/reveal", data={"reason": "电话核实住址"})
    county.get("/console", params={"q": "王桂兰"})
    county.get("/console", params={"q": "王桂兰"}, headers={"HX-Request": "true"})
    assert desk.browser("stranger").get(f"/console/cases/{number}").status_code == 404
    page = desk.browser("inspector").get("/console/access").text
    for said in (
        number,
        "电话核实住址",
        "姓名、联系电话",
        "查“王**”，找到 1 件",
        "有这件事，不归此人",
    ):
        assert said in page
    assert "王桂兰" not in page
    answer = desk.client.get("/api/access", headers=desk.bearer("viewer")).json()
    whats = [one["what"] for one in answer["lines"]]
    assert sorted(whats) == sorted(
        ["查看", "打印", "查看完整信息", "按姓名或号码查找", "试着打开范围外的事项"]
    )  # fmt: skip
    narrowed = desk.client.get(
        "/api/access", params={"case": number, "group": "revealed"}, headers=desk.bearer("viewer")
    )
    assert [one["reason"] for one in narrowed.json()["lines"]] == ["电话核实住址"]
    for path in ("/api/access", "/api/access/alarms"):
        assert desk.client.get(path, headers=desk.bearer("county")).status_code == 403
    for query in ("first=2026-13-01", "case=WZ1", "page=0", "who=%00", "last=%ff"):
        refused = desk.client.get(f"/api/access?{query}", headers=desk.bearer("viewer"))
        assert refused.status_code in (200, 422), query
        assert desk.browser("inspector").get(f"/console/access?{query}").status_code in (200, 422)


def test_a_refused_step_shows_the_case_and_so_leaves_a_line(desk: Desk) -> None:
    number = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    county = desk.browser("county")
    refused = county.post(f"/console/cases/{number}/note", data={"text": ""})
    assert (refused.status_code, number in refused.text) == (422, True)
    found = desk.client.get("/api/access?group=viewed", headers=desk.bearer("viewer")).json()
    assert [(one["login"], one["receipt"]) for one in found["lines"]] == [("county", number)]


def test_a_wrong_filter_shows_no_lines_and_a_line_names_its_person_once(desk: Desk) -> None:
    sign_in(desk, "county", PASSWORD)
    inspector = desk.browser("inspector")
    page = inspector.get("/console/access").text
    assert page.count("测试county") == 1
    refused = inspector.get("/console/access?case=WZ1")
    assert (refused.status_code, "回执号不对" in refused.text) == (422, True)
    assert "测试county" not in refused.text


def test_an_alarm_reaches_the_inspector_and_is_closed(desk: Desk) -> None:
    stranger = desk.browser("stranger")
    numbers = [
        filed(desk.runtime.database, desk.runtime.cipher, f"k{n}").receipt_no for n in range(5)
    ]
    county = desk.browser("county")
    with desk.runtime.database.write() as session:
        person = session.query(models.Staff).filter_by(login="county").one()
        person.area_code = "350982"  # so that these cases are foreign to a person of ours
    for number in numbers:
        assert county.get(f"/console/cases/{number}").status_code == 404
    with desk.runtime.database.write() as session:
        session.query(models.Staff).filter_by(login="county").one().area_code = "500233"
        assert browsing.watch(session, desk.runtime.cipher, clock.now()) == 1
    inspector = desk.browser("inspector")
    assert "异常查阅提醒指名给您" in inspector.get("/console").text
    page = inspector.get("/console/access/alarms").text
    assert "测试county" in page
    assert "<strong>5</strong> 次，超过 4 次的界限" in page
    assert "夜里查看事项：22 点到次日 6 点超过 2 件" in page
    path = re.search(r'action="(/console/access/alarms/[0-9a-f]{32}/check)"', page)[1]  # type: ignore[index]
    assert stranger.post(path, data={"finding": "没有问题的"}).status_code == 403
    assert inspector.post(path, data={"finding": "好"}).status_code == 422
    assert inspector.post(path, data={"finding": "问过本人，是录错地区"}).status_code == 303
    assert "指名给您" not in inspector.get("/console").text
    assert "是录错地区" in inspector.get("/console/access/alarms").text
