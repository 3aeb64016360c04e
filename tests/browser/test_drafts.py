"""A draft of the bot in a real browser: the resident hears nothing until a person sends it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from cases import staff
from conversations.thread import SYSTEM_WORDS
from devtools.running import RunningSystem
from devtools.seed import DEMO_PASSWORD
from foundation.runtime import Runtime
from tests.browser.hands import SLOW_MS, Enter, Hands, Resident

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(300)]
REFRESH_MS = 3_500


@pytest.fixture
def clerk(system: RunningSystem, hands: Hands) -> str:
    """Somebody of the one county whose staff read the bot's words first; returns the log-in."""
    login = "luojiang." + type(hands).__name__.lower()
    runtime = Runtime.open(system.settings)
    try:
        with runtime.database.write() as session:
            staff.create_staff(
                session, login=login, name="洛江区民政局小许", password=DEMO_PASSWORD,
                role="county_reviewer", area_code="350504", department="minzheng",
            )  # fmt: skip
    finally:
        runtime.close()
    return login


def test_the_bots_answer_waits_for_a_click(
    browser: Browser, system: RunningSystem, hands: Hands, enter: Enter, clerk: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    resident = Resident(context.new_page(), system.chat_url, hands)
    resident.say("00")
    resident.say("福建泉州洛江区")
    heard = resident.bot.count()
    resident.write("低保要准备哪些材料")
    log = resident.page.get_by_role("log")
    expect(log).to_contain_text(SYSTEM_WORDS["answers_read"], timeout=SLOW_MS)

    page = enter(clerk)
    hands.press(page.get_by_role("link", name="等候中"))
    hands.press(page.get_by_role("button", name="接待").first)
    expect(log).to_contain_text(SYSTEM_WORDS["person_took"], timeout=SLOW_MS)
    proposed = page.locator("#thread .remark")
    expect(proposed).to_have_count(1, timeout=SLOW_MS)
    expect(proposed).to_contain_text("针对“低保要准备哪些材料”")
    assert resident.bot.count() == heard

    send = page.get_by_role("button", name="发送拟稿")
    hands.press_after(send, REFRESH_MS)
    expect(page.locator("p.good")).to_contain_text("机器人拟的回复已由您发给居民")
    expect(resident.page.locator(".bubble.person")).to_have_count(1, timeout=SLOW_MS)
    assert resident.bot.count() == heard

    resident.write("那要多久能批")
    expect(proposed).to_contain_text("针对“那要多久能批”", timeout=SLOW_MS)
    hands.press(page.get_by_role("link", name="改后发送"))
    hands.write(page.locator("#draft-text"), "收齐材料以后，乡镇先调查，县里再定。")
    hands.press(page.get_by_role("button", name="改后发送"))
    expect(log).to_contain_text("收齐材料以后，乡镇先调查，县里再定。", timeout=SLOW_MS)
    expect(page.locator("ol.timeline")).to_contain_text("机器人原拟：")
    assert resident.bot.count() == heard
    context.close()
