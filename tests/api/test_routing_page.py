"""分派表 in the console and over the API: read by who works, changed by administrators."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cases import staff
from cases.rights import Right, may
from cases.states import Role
from tests.api.conftest import PASSWORD, Desk
from tests.api.probing import SEATS
from tests.cases.builders import filed

ROW = {"need": "medical", "area": "忠县", "main": ["weijian"], "assist": ["yibao"],
       "reason": "县里的机构调整方案"}  # fmt: skip


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With administrators of the county and of another."""
    with desk.runtime.database.write() as session:
        for login, area in (("admin", "500233"), ("admin2", "500233"), ("elsewhere", "350982")):
            staff.create_staff(
                session, login=login, name=f"测试{login}", password=PASSWORD, hashed="-",
                role="administrator", area_code=area, department="minzheng",
            )  # fmt: skip
    return desk


def bearer(desk: Desk, role: str, area: str = "500233", only: Any = None) -> dict[str, str]:
    with desk.runtime.database.write() as session:
        value = staff.create_token(
            session, desk.runtime.cipher, name="脚本", role=role, area_code=area,
            department="minzheng", only=only,
        )  # fmt: skip
    return {"Authorization": f"Bearer {value}"}


def row_of(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', page)
    assert found
    return found[1]


def test_a_row_is_changed_in_the_console_and_given_back(desk: Desk) -> None:
    admin, town = desk.browser("admin"), desk.browser("town")
    form = admin.get("/console/routing?area=500233&need=medical").text
    assert "牵头 医保局；协同 乡镇（街道）民政办" in form
    sent = {**ROW, "area": "500233", "seen": row_of(form)}
    assert admin.post("/console/routing", data=sent).status_code == 303
    number = filed(desk.runtime.database, desk.runtime.cipher, programmes=("yiliao",)).receipt_no
    case = desk.client.get(f"/api/cases/{number}", headers=desk.bearer("county")).json()
    assert {one["department"] for one in case["leads"]} == {"weijian", "yibao"}
    read = town.get("/console/routing").text
    assert "本地改过" in read
    assert "县里的机构调整方案" in read
    assert "测试admin 改“看病”：牵头 卫健委；协同 医保局" in read
    assert "不改的话：牵头 医保局；协同 乡镇（街道）民政办" in read
    assert "need=medical" not in read, "who only reads gets no form"
    form = admin.get("/console/routing?area=500233&need=medical").text
    back = {"need": "medical", "area": "500233", "reason": "方案撤销了", "seen": row_of(form)}
    answer = admin.post("/console/routing/restore", data=back)
    assert answer.headers["location"] == "/console/routing?area=500233&done=restored"
    read = town.get("/console/routing").text
    assert "本地改过" not in read
    assert "停用" in read


def test_a_stale_form_is_refused_with_the_row_that_holds(desk: Desk) -> None:
    first, second = desk.browser("admin"), desk.browser("admin2")
    sent = {**ROW, "seen": ""}
    assert first.post("/console/routing", data=sent).status_code == 303
    late = second.post("/console/routing", data={**sent, "main": ["minzheng"]})
    assert late.status_code == 409
    assert (
        "测试admin刚刚改过这一行，没有改成。现在是牵头 卫健委；协同 医保局。请看过再改" in late.text
    )
    assert row_of(late.text), "the form is the row's as it stands"
    assert first.post("/console/routing", data=sent).status_code == 303, "a double click"


def test_a_scoped_token_changes_it_as_the_console_does(desk: Desk) -> None:
    client, mine = desk.client, bearer(desk, "administrator", only=["routing_edit"])
    made = client.post("/api/routing", json={**ROW, "seen": ""}, headers=mine)
    assert made.status_code == 200, made.text
    told = made.json()
    assert (told["main"], told["assist"], told["changed"]) == (["weijian"], ["yibao"], True)
    assert told["without"] == {"main": ["yibao"], "assist": ["xiangzhen"]}
    stale = {**ROW, "main": ["minzheng"], "seen": ""}
    assert client.post("/api/routing", json=stale, headers=mine).status_code == 409
    read = client.get("/api/routing", headers=desk.bearer("town")).json()
    assert (read["area"], len(read["rows"])) == ("500233", 19)
    assert [one["by"] for one in read["changes"]] == ["系统接口"]
    back = {"need": "medical", "area": "500233", "reason": "方案撤销了", "seen": told["row"]}
    ended = client.post("/api/routing/restore", json=back, headers=mine)
    assert (ended.status_code, ended.json()["changed"]) == (200, False)
    assert client.post("/api/routing/restore", json=back, headers=mine).status_code == 409
    other = bearer(desk, "administrator", only=["webhook_manage"])
    assert client.post("/api/routing", json=ROW, headers=other).status_code == 403
    audit = client.get("/api/access?group=routing", headers=desk.bearer("viewer")).json()
    assert [one["reason"] for one in audit["lines"]] == ["方案撤销了", "县里的机构调整方案"]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_on_every_route(desk: Desk, role: Role) -> None:
    seat, department = SEATS[role]
    with desk.runtime.database.write() as session:
        staff.create_staff(
            session, login=f"m.{role}", name="矩阵", password=PASSWORD, role=role,
            area_code=seat, department=department, hashed="-",
        )  # fmt: skip
        token = staff.create_token(
            session, desk.runtime.cipher, name="矩阵", role=role, area_code=seat,
            department=department,
        )  # fmt: skip
    browser, headers = desk.browser(f"m.{role}"), {"Authorization": f"Bearer {token}"}
    reads = may(role, Right.CASE_READ) or may(role, Right.ROUTING_EDIT)
    for area, inside in (("500233", True), ("350982", False), ("999999", False)):
        expected = (200 if inside else 422) if reads else 403
        page = browser.get(f"/console/routing?area={area}")
        told = desk.client.get(f"/api/routing?area={area}", headers=headers)
        assert (page.status_code, told.status_code) == (expected, expected), area
        back = {"need": ROW["need"], "reason": ROW["reason"], "area": area}
        for path, body in (("", {**ROW, "area": area}), ("/restore", back)):
            seen = [
                browser.post(f"/console/routing{path}", data=body).status_code,
                desk.client.post(f"/api/routing{path}", json=body, headers=headers).status_code,
            ]
            if not may(role, Right.ROUTING_EDIT):
                assert seen == [403, 403], (area, path)
            elif not inside:
                assert seen == [422, 422], (area, path)
            elif path == "":
                assert seen == [303, 422], "the second says that nothing is to be changed"
            else:
                assert seen == [409, 200], "the form is stale, the call did not say what it saw"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"main": ["fly"]}, 422), ({"main": ["<b>医保</b>"]}, 422), ({"main": []}, 422),
        ({"need": "flying"}, 422), ({"need": "x" * 5000}, 422), ({"reason": ""}, 422),
        ({"reason": "字" * 10_000_000}, 413), ({"main": ["weijian"] * 500}, 422),
        ({"area": "<script>"}, 422), ({"reason": "<script>alert(1)</script>"}, 0),
    ],
)  # fmt: skip
def test_odd_input_gets_a_chinese_sentence(
    desk: Desk, changes: dict[str, Any], status: int
) -> None:
    admin, mine = desk.browser("admin"), bearer(desk, "administrator")
    page = admin.post("/console/routing", data={**ROW, **changes})
    told = desk.client.post("/api/routing", json={**ROW, **changes}, headers=mine)
    if not status:  # markup is text
        assert page.status_code == 303
        shown = admin.get("/console/routing").text
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert" not in shown
        return
    assert (page.status_code, told.status_code) == (status, status), (page.text, told.text)
    assert re.search("[一-鿿]{4}", page.text)
    assert re.search("[一-鿿]{4}", told.json()["reason"])
    assert "<b>医保" not in page.text
