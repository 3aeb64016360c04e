"""The pages of signing in and of one's own account, as a browser meets them."""

from __future__ import annotations

import re

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from fastapi.testclient import TestClient

from api.app import create_app
from api.console import devices
from cases import models, second_factor
from devtools import seed
from foundation import clock as now_is
from foundation.runtime import Runtime
from tests.api.conftest import PASSWORD, SAME_ORIGIN, Desk

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)


@pytest.fixture
def browser(desk: Desk, clock: time_machine.Traveller) -> TestClient:
    """A browser that is not signed in; time stands still, so that codes do not run out."""
    return TestClient(
        desk.client.app, headers={**SAME_ORIGIN, "User-Agent": CHROME}, follow_redirects=False,
        raise_server_exceptions=False,
    )  # fmt: skip


def enter(browser: TestClient, who: str = "county") -> str:
    """Where the password leads."""
    data = {"login": who, "password": PASSWORD}
    return browser.post("/console/login", data=data).headers["location"]


def key_on(page: str) -> str:
    return re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]


def code_of(key: str, shift: int = 0) -> str:
    return pyotp.TOTP(key).at(int(now_is.now().timestamp()) + shift * 30)


def test_setting_up_signing_in_and_losing_the_phone(desk: Desk, browser: TestClient) -> None:
    assert enter(browser) == "/console"
    assert browser.post("/console/mine/code", data={"password": "falsch"}).status_code == 422
    assert 'class="key"' not in browser.get("/console/mine").text
    assert browser.post("/console/mine/code", data={"password": PASSWORD}).status_code == 303
    page = browser.get("/console/mine").text
    assert "<svg" in page
    key = key_on(page)
    assert browser.post("/console/mine/code/confirm", data={"code": "12"}).status_code == 422
    shown = browser.post("/console/mine/code/confirm", data={"code": code_of(key, -1)})
    paper = re.findall(r"<code>([a-z0-9-]{14})</code>", shown.text)
    assert len(paper) == 10
    assert "已开启" in browser.get("/console/mine").text

    assert enter(browser) == "/console/login/code"
    assert browser.get("/console").headers["location"] == "/console/login"
    assert browser.get("/console/login/enrol").headers["location"] == "/console/login/code"
    wrong = browser.post("/console/login/code", data={"code": code_of(key, -1)})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    assert "已经用过" in wrong.text
    right = browser.post("/console/login/code", data={"code": code_of(key)})
    assert right.headers["location"] == "/console"
    assert browser.get("/console").status_code == 200

    assert enter(browser) == "/console/login/code"
    assert browser.post("/console/login/code", data={"code": paper[0]}).status_code == 303
    assert "还剩 <strong>9</strong> 个" in browser.get("/console/mine").text


def test_every_printed_demo_account_opens_the_console_without_a_phone(runtime: Runtime) -> None:
    seed.seed(runtime)
    app = create_app(runtime, sweeping=False)
    for account in seed.accounts():
        browser = TestClient(app, headers=dict(SAME_ORIGIN), follow_redirects=False)
        data = {"login": account.username, "password": seed.DEMO_PASSWORD}
        answer = browser.post("/console/login", data=data)
        assert answer.headers["location"] == "/console", account.username
        assert browser.get("/console").headers.get("location") in (None, "/console/people")


def test_guessing_codes_is_refused_after_five(desk: Desk, browser: TestClient) -> None:
    with desk.runtime.database.write() as session:
        person = session.scalars(sa.select(models.Staff).filter_by(login="county")).one()
        key = second_factor.begin(session, desk.runtime.cipher, person, "-").key
        assert second_factor.confirm(session, desk.runtime.cipher, person, "-", code_of(key, -1))
    enter(browser)
    for _ in range(5):
        assert browser.post("/console/login/code", data={"code": "000000"}).status_code == 401
    refused = browser.post("/console/login/code", data={"code": code_of(key)})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


def test_a_compulsory_role_meets_the_set_up_first(desk: Desk, browser: TestClient) -> None:
    desk.runtime.settings.second_factor = "roles"
    assert enter(browser) == "/console/login/enrol"
    page = browser.get("/console/login/enrol").text
    assert browser.get("/console").headers["location"] == "/console/login"
    assert key_on(browser.get("/console/login/enrol").text) == key_on(page)
    assert browser.post("/console/login/enrol", data={"code": "1"}).status_code == 401
    done = browser.post("/console/login/enrol", data={"code": code_of(key_on(page))})
    assert "只显示这一次" in done.text
    assert browser.get("/console").status_code == 200
    refused = browser.post("/console/mine/code/remove", data={"password": PASSWORD, "code": "1"})
    assert refused.status_code == 403
    assert enter(browser, "town") == "/console", "a township clerk need not"


def test_a_given_password_leads_to_one_s_own(desk: Desk, browser: TestClient) -> None:
    with desk.runtime.database.write() as session:
        for person in session.scalars(sa.select(models.Staff).filter_by(login="county")):
            person.must_change = True
    assert enter(browser) == "/console/login/password"
    assert browser.get("/console/login/password").status_code == 200
    short = browser.post("/console/login/password", data={"password": "x", "again": "x"})
    assert (short.status_code, "至少 10 位" in short.text) == (422, True)
    mine = {"password": "我自己的密码2026!", "again": "我自己的密码2026!"}
    assert browser.post("/console/login/password", data=mine).headers["location"] == "/console"


def test_one_s_own_sessions_are_listed_and_ended(desk: Desk, browser: TestClient) -> None:
    enter(browser)
    other, third, stranger = desk.browser("county"), desk.browser("county"), desk.browser("second")
    page = browser.get("/console/mine").text
    assert page.count('class="hint">') >= 3
    assert "Windows 电脑，Chrome 浏览器" in page
    assert page.count("就是这里") == 1
    ends = re.findall(r"/console/mine/sessions/([0-9a-f]{32})/end", page)
    assert len(ends) == 2
    assert stranger.post(f"/console/mine/sessions/{ends[0]}/end").status_code == 404
    assert browser.post(f"/console/mine/sessions/{ends[0]}/end").status_code == 303
    alive = [one.get("/console").status_code for one in (browser, other, third)]
    assert sorted(alive) == [200, 200, 303]
    assert browser.post("/console/mine/others/end").status_code == 303
    assert [one.get("/console").status_code for one in (browser, other, third)] == [200, 303, 303]
    assert stranger.get("/console").status_code == 200


def test_a_new_password_ends_the_other_sessions(desk: Desk, browser: TestClient) -> None:
    enter(browser)
    other = desk.browser("county")
    form = {"old": "falsch", "password": "我自己的密码2026!", "again": "我自己的密码2026!"}
    refused = browser.post("/console/mine/password", data=form)
    assert (refused.status_code, "现在的密码不对" in refused.text) == (422, True)
    done = browser.post("/console/mine/password", data={**form, "old": PASSWORD})
    assert done.headers["location"] == "/console/mine?done=password"
    assert browser.get("/console").status_code == 200
    assert other.get("/console").status_code == 303


def test_strange_forms_never_fail(desk: Desk, browser: TestClient) -> None:
    enter(browser)
    strange = [b"", b"code=%00", b"code=%ff%fe", b"code=" + b"9" * 500, b"password=%00&code=1"]
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("code", "code/confirm", "code/paper", "code/remove", "password", "others/end",
                 "sessions/x%00/end"):  # fmt: skip
        for body in strange:
            answer = browser.post(f"/console/mine/{path}", content=body, headers=kind)
            assert answer.status_code < 500, (path, body[:20])
    for path in ("login", "login/code", "login/enrol", "login/password"):
        for body in strange:
            answer = browser.post(f"/console/{path}", content=body, headers=kind)
            assert answer.status_code < 500, (path, body[:20])


def test_the_pages_need_no_script_and_carry_no_style(desk: Desk, browser: TestClient) -> None:
    desk.runtime.settings.second_factor = "all"
    enter(browser)
    page = browser.get("/console/login/enrol").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (CHROME, "Windows 电脑，Chrome 浏览器"),
        (CHROME + " Edg/131.0", "Windows 电脑，Edge 浏览器"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         "苹果手机，Safari 浏览器"),
        ("Mozilla/5.0 (Linux; Android 14; V2) Chrome/120 Mobile Safari MicroMessenger/8.0",
         "安卓手机，微信"),
        ("Mozilla/5.0 (X11; UOS x86_64) Firefox/120.0", "统信电脑，火狐浏览器"),
        ("curl/8", "没认出的设备，没认出的浏览器"),
        ("", "没认出的设备，没认出的浏览器"),
    ],
)  # fmt: skip
def test_a_device_is_named_in_plain_words(said: str, words: str) -> None:
    assert devices.device_words(said) == words


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("10.20.30.40", "10.20.30.*"), ("127.0.0.1", "本机"), ("::1", "本机"),
        ("2001:db8:1:2::9", "2001:db8:1:*"), ("testclient", ""), ("-", ""),
    ],
)  # fmt: skip
def test_an_address_is_masked_before_it_is_kept(address: str, masked: str) -> None:
    assert devices.masked_address(address) == masked


def test_no_log_line_holds_a_key_a_code_or_a_password(
    desk: Desk, browser: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    enter(browser)
    browser.post("/console/mine/code", data={"password": PASSWORD})
    key = key_on(browser.get("/console/mine").text)
    browser.post("/console/mine/code/confirm", data={"code": "271828"})
    said = "".join(capfd.readouterr())
    assert not [one for one in (key, "271828", PASSWORD) if one in said]
