"""A token of a program, made and revoked in a real browser on a phone, with either hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from cases import staff
from cases.models import ApiToken
from foundation import clock
from foundation.database import Base
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.browser.furnished import free_port, serving
from tests.browser.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Runtime]:
    url = f"sqlite:///{tmp_path / 'wenzhu.db'}"
    runtime = Runtime.open(Settings(_env_file=None, data_dir=tmp_path / "var", database_url=url))
    Base.metadata.create_all(runtime.database.engine)
    yield runtime
    runtime.close()


@pytest.fixture
def page(office: Runtime, browser: Browser) -> Iterator[Page]:
    """The list of tokens, as an administrator of the county has it on a phone."""
    with office.database.write() as session:
        admin = staff.create_staff(
            session, login="admin", name="系统管理小高", password="wenzhu-test-2026", hashed="-",
            role="administrator", area_code="500233", department="minzheng",
        )  # fmt: skip
        cookie = staff.open_session(session, office.cipher, admin.id)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    with serving(create_app(office, sweeping=False), free_port()) as address:
        context.add_cookies([{"name": "wenzhu", "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/console/tokens")
        yield page
        context.close()


def fill_in(page: Page, hands: Hands) -> None:
    hands.choose(page.get_by_label("按哪个角色办事"), "county_reviewer")
    hands.press(page.get_by_role("button", name="下一步：选权限"))
    hands.write(page.get_by_label("名称（给哪个程序用）"), "县级大屏")
    hands.tick(page.get_by_label("查看报表"))
    hands.write(page.get_by_label("地区（名称写全"), "忠县")
    last = clock.today() + timedelta(days=30)
    hands.write(page.get_by_label("用到哪一天"), last.isoformat())
    hands.write(page.get_by_label("理由（留在审计记录里）"), "大屏要看报表")


def made(office: Runtime) -> list[ApiToken]:
    with office.database.read() as session:
        return session.query(ApiToken).all()


def test_a_token_is_made_and_revoked_with_either_hand(
    office: Runtime, page: Page, hands: Hands
) -> None:
    fill_in(page, hands)
    hands.press(page.get_by_role("button", name="发放"))
    expect(page.locator(".key")).to_contain_text("wz_")
    assert [one.rights for one in made(office)] == [["report_read"]]
    hands.press(page.get_by_role("link", name="← 回到接口令牌"))
    hands.press(page.get_by_role("link", name="县级大屏"))
    expect(page.locator(".key")).to_have_count(0)
    hands.press(page.locator("summary", has_text="作废令牌"))
    hands.write(page.get_by_label("理由（留在审计记录里）"), "大屏换了")
    hands.tick(page.get_by_label("我确认作废"))
    hands.press(page.get_by_role("button", name="作废", exact=True))
    expect(page.get_by_role("status")).to_contain_text("令牌已作废")
    assert made(office)[0].revoked_at is not None


def test_a_double_click_shows_the_secret_of_the_one_token(
    office: Runtime, page: Page, hands: Hands
) -> None:
    fill_in(page, hands)
    form = "document.querySelector('form[data-once]')"
    again = f"setTimeout(() => {form}.requestSubmit(), 5)"  # the first has left, no answer yet
    page.evaluate(f"{form}.requestSubmit(); {again}")
    expect(page.locator(".key")).to_contain_text("wz_")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(made(office)) == 1
