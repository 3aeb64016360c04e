"""Tokens of services on the console: made once, limited by role and place, revoked for good."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient

from cases import events, models, staff, tokens
from cases.errors import NotAllowed
from cases.events import EventKind
from cases.repository import Scope
from cases.rights import Right, may
from cases.states import Role
from foundation import clock as times
from foundation.database import Database, DatabaseBusy
from tests.api.conftest import PASSWORD, Desk
from tests.api.test_matrix import NEEDS, deeds
from tests.cases.builders import filed

HOME = "/console/tokens"
WISH = {"name": "县级报表", "role": "county_reviewer", "right": ["case_read", "report_read"],
        "area": "忠县", "department": "minzheng", "reason": "按数据共享安排"}  # fmt: skip


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With administrators of the county, of one of its townships and of another county."""
    people = {"admin": "500233", "inner": "500233107000", "elsewhere": "350982"}
    with desk.runtime.database.write() as session:
        for login, area in people.items():
            staff.create_staff(
                session, login=login, name=f"测试{login}", password=PASSWORD, hashed="-",
                role="administrator", area_code=area, department="minzheng",
            )  # fmt: skip
    return desk


def blank(browser: TestClient, role: str = "county_reviewer") -> str:
    """The name of a form just opened."""
    page = browser.get(f"{HOME}/new?role={role}").text
    return re.search(r'name="form" value="([^"]+)"', page)[1]  # type: ignore[index]


def make(browser: TestClient, *, form: str | None = None, **changes: Any) -> Any:
    until = (times.today() + timedelta(days=30)).isoformat()
    given = {"until": until, "form": blank(browser) if form is None else form, **WISH, **changes}
    return browser.post(HOME, data=given)


def secret_of(page: Any) -> str:
    found = re.search(r"wz_[\w-]{43}", page.text)
    assert found is not None, page.text
    return found[0]


def rows(desk: Desk) -> list[models.ApiToken]:
    with desk.runtime.database.read() as session:
        return session.query(models.ApiToken).order_by(models.ApiToken.created_at).all()


def lines(desk: Desk) -> list[tuple[str, str, str, str]]:
    answer = desk.client.get("/api/access?group=token", headers=desk.bearer("viewer")).json()
    return [(one["what"], one["who"], one["detail"], one["reason"]) for one in answer["lines"]]


def opens(desk: Desk, secret: str, path: str = "/api/cases") -> int:
    bearer = {"Authorization": f"Bearer {secret}"}
    return int(desk.client.get(path, headers=bearer).status_code)


def test_a_token_is_made_its_secret_shown_once_and_its_use_seen(desk: Desk) -> None:
    admin = desk.browser("admin")
    page = make(admin)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    secret, [row] = secret_of(page), rows(desk)
    listed = admin.get(HOME).text
    for words in ("县级报表", "查看案件；查看报表", "测试admin", "没有用过", "在用", "县级审核员"):
        assert words in listed, words
    last = times.today() + timedelta(days=30)
    assert last.isoformat() in listed
    assert row.expires_at is not None
    assert times.day_of(row.expires_at - timedelta(seconds=1)) == last
    assert [opens(desk, secret, one) for one in ("/api/cases", "/api/reports")] == [200, 200]
    assert opens(desk, secret, "/api/access") == 403, "a right that was not ticked"
    after = admin.get(f"{HOME}/{row.id}").text
    assert "没有用过" not in after
    assert secret not in after + listed + admin.get(HOME).text
    detail = "县级报表，县级审核员（重庆市忠县 县民政局）：查看案件；查看报表"
    assert lines(desk) == [("发放令牌", "测试admin", detail, "按数据共享安排")]


def test_one_form_makes_one_token_however_often_it_is_sent(desk: Desk) -> None:
    admin = desk.browser("admin")
    form = blank(admin)
    assert make(admin, form=form).status_code == 200
    again = make(admin, form=form, name="另一个名字")
    assert again.status_code == 409
    assert "这张表已经提交过，没有再发" in again.text
    assert "wz_" not in again.text
    assert [row.name for row in rows(desk)] == ["县级报表"]
    assert len(lines(desk)) == 1
    assert make(admin, form="").status_code == 422, "a form without its name makes none"
    other = desk.browser("inner")
    assert make(other, form=form, area="500233107000").status_code == 200, "forms are one's own"
    refused = blank(admin)
    assert make(admin, form=refused, right=[]).status_code == 422
    assert make(admin, form=refused, name="县级大屏").status_code == 200, "refused is not used"


def test_revoking_wants_a_reason_and_a_tick_and_is_for_good(desk: Desk) -> None:
    admin = desk.browser("admin")
    secret = secret_of(make(admin))
    path = f"{HOME}/{rows(desk)[0].id}"
    for form in ({"reason": "系统下线了"}, {"sure": "yes"}, {"sure": "yes", "reason": "无"}):
        refused = admin.post(f"{path}/revoke", data=form)
        assert refused.status_code == 422, form
        assert 'role="alert"' in refused.text
    assert opens(desk, secret) == 200
    form = {"sure": "yes", "reason": "系统下线了"}
    done = admin.post(f"{path}/revoke", data=form)
    assert done.headers["location"] == f"{path}?done=revoke"
    assert "令牌已作废" in admin.get(done.headers["location"]).text
    assert opens(desk, secret) == 401
    stale = admin.post(f"{path}/revoke", data=form)
    assert stale.status_code == 409
    assert re.search(r"在 \d{4}-\d\d-\d\d \d\d:\d\d 已由测试admin作废，不用再作废", stale.text)
    assert "/revoke" not in admin.get(path).text
    assert [one[0] for one in lines(desk)] == ["作废令牌", "发放令牌"]
    assert lines(desk)[0][3] == "系统下线了"


def test_a_token_has_no_more_than_its_role_and_place(desk: Desk) -> None:
    admin = desk.browser("admin")
    for wrong, words in (
        ({"right": ["access_read"]}, "没有这样的权限"),
        ({"right": ["case_read", "case_confirm"]}, "没有这样的权限"),
        ({"right": ["case_fly"]}, "没有这样的权限"),
        ({"role": "administrator", "right": ["staff_manage"]}, "没有这样的权限"),
        ({"role": "administrator", "right": ["token_manage"]}, "没有这样的权限"),
        ({"role": "king"}, "没有这个角色"), ({"role": "supervisor"}, "没有这个角色"),
        ({"right": ["case_note"]}, "要办事项，先要能看"), ({"right": []}, "至少勾选一项"),
        ({"area": "100000"}, "不归您管"), ({"area": "重庆市"}, "不归您管"),
        ({"area": "350982"}, "不归您管"), ({"area": "火星"}, "没有找到这个地方"),
        ({"department": "king"}, "没有这个部门"), ({"name": "x"}, "至少 2 个字"),
        ({"reason": ""}, "请填写内容"), ({"until": ""}, "请填用到哪一天"),
        ({"until": "2020-01-01"}, "已经过去"), ({"until": "2099-01-01"}, "最长用到"),
    ):  # fmt: skip
        answer = make(admin, **wrong)
        assert (answer.status_code, words in answer.text) == (422, True), (wrong, answer.text)
    assert rows(desk) == []
    assert make(admin).status_code == 200
    assert "叫这个名字" in make(admin).text
    town = make(admin, name="拔山镇小程序", area="拔山镇", role="grid_worker", right=["case_file"])
    assert rows(desk)[1].area_code.startswith("500233116")
    assert opens(desk, secret_of(town), "/api/waiting") == 403


@pytest.mark.parametrize("role", list(Role))
def test_the_boxes_of_a_role_are_its_rights_that_services_have(desk: Desk, role: Role) -> None:
    page = desk.browser("admin").get(f"{HOME}/new?role={role}").text
    shown = set(re.findall(r'name="right" value="(\w+)"', page))
    mine = {right for right in tokens.FOR_SERVICES if may(role, right)}
    assert shown == (mine or {right for right in tokens.FOR_SERVICES if may("auditor", right)})
    assert not shown & {"staff_manage", "token_manage", "case_claim", "case_confirm", "case_merge"}


def test_every_right_a_call_asks_for_can_be_given(desk: Desk) -> None:
    asked = {NEEDS[name] for _, path, name in deeds(desk) if path.startswith("/api")}
    assert asked - {Right.CASE_CLAIM} <= set(tokens.FOR_SERVICES)


def test_only_administrators_of_the_place_see_and_end_tokens(desk: Desk) -> None:
    admin = desk.browser("admin")
    make(admin)
    token_id = rows(desk)[0].id
    ending = {"sure": "yes", "reason": "系统下线了"}
    for who in ("county", "town", "viewer"):
        browser = desk.browser(who)
        for path in (HOME, f"{HOME}/new", f"{HOME}/{token_id}"):
            assert browser.get(path).status_code == 403, (who, path)
        assert browser.post(HOME, data=WISH).status_code == 403
        assert browser.post(f"{HOME}/{token_id}/revoke", data=ending).status_code == 403
        assert HOME not in browser.get("/console").text
    assert HOME in admin.get("/console/people").text
    for who in ("elsewhere", "inner"):
        browser = desk.browser(who)
        assert "县级报表" not in browser.get(HOME).text
        seen = {
            re.sub("[0-9a-f]{32}", "", browser.get(f"{HOME}/{one}").text)
            for one in (token_id, "0" * 32, "x")
        }
        assert len(seen) == 1, "foreign and absent look the same"
        assert browser.post(f"{HOME}/{token_id}/revoke", data=ending).status_code == 404
    assert rows(desk)[0].revoked_at is None
    service = Scope("token:" + "0" * 32, Role.ADMINISTRATOR, "500233", "minzheng")
    with desk.runtime.database.read() as session, pytest.raises(NotAllowed, match="只能由人"):
        tokens.listed(session, service)


def test_what_is_made_and_ended_on_the_machine_is_on_record_too(desk: Desk) -> None:
    cipher = desk.runtime.cipher
    with desk.runtime.database.write() as session:
        tokens.make_on_machine(
            session, cipher, name="巡检", role="auditor", area_code="500233",
            department="minzheng", days=None,
        )  # fmt: skip
    admin = desk.browser("admin")
    listed = admin.get(HOME).text
    for words in ("巡检", "命令行", "没有期限", "这个角色的全部权限"):
        assert words in listed, words
    with desk.runtime.database.write() as session:
        assert tokens.revoke_on_machine(session, cipher, "巡检") == 1
    stale = admin.post(
        f"{HOME}/{rows(desk)[0].id}/revoke", data={"sure": "yes", "reason": "不再用了"}
    )
    assert (stale.status_code, "已由命令行作废" in stale.text) == (409, True)
    assert [one[:2] for one in lines(desk)] == [("作废令牌", "系统"), ("发放令牌", "系统")]
    with desk.runtime.database.read() as session:
        kinds = {one.kind for one in session.query(models.CaseEvent)}
        assert kinds == {EventKind.TOKEN_MADE, EventKind.TOKEN_REVOKED}
        assert events.verify_all(session) == []


def test_the_last_use_is_noted_now_and_then_and_never_hinders(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, number = secret_of(make(desk.browser("admin"))), len(rows(desk))
    assert number == 1
    filed(desk.runtime.database, desk.runtime.cipher)
    start = times.now()
    seen = []
    for minutes in (0, 4, 6):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert opens(desk, secret) == 200
            seen.append(rows(desk)[0].last_used_at)
    assert (seen[0], seen[1], seen[2]) == (start, start, start + timedelta(minutes=6))

    def busy(*_: Any) -> Any:
        raise DatabaseBusy

    monkeypatch.setattr(Database, "write", busy)
    with time_machine.travel(start + timedelta(minutes=30), tick=False):
        assert opens(desk, secret) == 200
        assert rows(desk)[0].last_used_at == seen[2]


def test_a_token_ends_after_its_last_day_and_says_so_before(desk: Desk) -> None:
    admin, today = desk.browser("admin"), times.today()
    secret = secret_of(make(admin, until=(today + timedelta(days=1)).isoformat()))
    assert "快到期" in admin.get(HOME).text
    path = f"{HOME}/{rows(desk)[0].id}"
    end = rows(desk)[0].expires_at
    assert end is not None
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert opens(desk, secret) == 200
    with time_machine.travel(end, tick=False):
        assert opens(desk, secret) == 401
        late = desk.browser("admin")
        assert "已到期" in late.get(HOME).text
        stale = late.post(f"{path}/revoke", data={"sure": "yes", "reason": "系统下线了"})
        assert (stale.status_code, "已经到期" in stale.text) == (409, True)
