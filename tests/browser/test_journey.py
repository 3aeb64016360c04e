"""From the resident's page to the caseworker's console and back, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from devtools.running import RunningSystem
from devtools.seed import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(300)]
SLOW_MS = 40_000


class ChatPage:
    """The resident's chat as a person uses it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(url)
        expect(page.locator(".bubble.bot").first).to_be_visible(timeout=SLOW_MS)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.problems.append(text)

    def say(self, text: str) -> None:
        """Type, press Enter, wait for the answer."""
        before = self.page.locator(".bubble.bot").count()
        box = self.page.get_by_role("textbox", name="您想说的话")
        box.fill(text)
        box.press("Enter")
        expect(self.page.locator(".bubble.bot")).not_to_have_count(before, timeout=SLOW_MS)

    def press(self, label: str) -> None:
        """Press one of the offered buttons."""
        before = self.page.locator(".bubble.bot").count()
        self.page.get_by_role("button", name=label).click()
        expect(self.page.locator(".bubble.bot")).not_to_have_count(before, timeout=SLOW_MS)

    @property
    def log(self) -> Locator:
        """The list of messages (not the announcements for screen readers)."""
        return self.page.get_by_role("log")

    @property
    def text(self) -> str:
        """Everything in the log."""
        return self.log.inner_text()


def sign_in(browser: Browser, system: RunningSystem, login: str) -> Page:
    page = browser.new_page(viewport={"width": 1366, "height": 850}, locale="zh-CN")
    page.goto(system.api_url)
    page.locator("input[name=login]").fill(login)
    page.locator("input[type=password]").fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("link", name="退出").or_(page.get_by_role("button", name="退出"))
    ).to_be_visible(timeout=SLOW_MS)
    return page


def test_a_declaration_reaches_the_caseworker_and_the_answer_comes_back(
    browser: Browser, system: RunningSystem, tmp_path: Path
) -> None:
    chat = ChatPage(
        browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN"), system.chat_url
    )
    chat.say("我想申请低保")
    chat.press("都同意")
    for answer in ("我叫向春梅", "13900000021", "重庆忠县拔山镇"):
        chat.say(answer)
    for _ in range(8):
        if "都对就提交" in chat.text:
            break
        chat.say("不清楚")
    console = sign_in(browser, system, "zhongxian")
    total = console.locator(".titleline .hint")
    before = total.inner_text()
    focused = console.locator("a.subject").first
    focused.focus()
    chat.say("对")
    receipt = re.search(r"WZ\d{12}", chat.text)
    assert receipt, chat.text
    chat.page.screenshot(path=tmp_path / "chat.png")
    expect(total).not_to_have_text(before, timeout=SLOW_MS)  # nobody reloaded the queue
    expect(focused).to_be_focused()

    console.goto(f"{system.api_url}/console/cases/{receipt[0]}")
    expect(console.get_by_text("向**").first).to_be_visible(timeout=SLOW_MS)
    console.screenshot(path=tmp_path / "case.png", full_page=True)
    console.get_by_label("答复居民").fill("向大姐您好，明天上午我们到家里看看。")
    console.get_by_role("button", name="发送").click()
    expect(chat.log.get_by_text("明天上午我们到家里看看")).to_be_visible(timeout=SLOW_MS)

    console.get_by_role("button", name=re.compile("接管")).click()
    expect(chat.log.get_by_text("工作人员已接入")).to_be_visible(timeout=SLOW_MS)
    box = chat.page.get_by_role("textbox", name="您想说的话")
    box.fill("要准备啥子不")
    box.press("Enter")
    expect(console.get_by_text("要准备啥子不").first).to_be_visible(timeout=SLOW_MS)
    assert chat.problems == []


def test_elder_mode_makes_everything_larger_and_stays(
    browser: Browser, system: RunningSystem
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    chat = ChatPage(context.new_page(), system.chat_url)
    chat.page.get_by_role("button", name="大字").click()
    send = chat.page.get_by_role("button", name="发送")
    box = send.bounding_box()
    assert box is not None
    assert box["height"] >= 60
    chat.page.reload()
    expect(chat.page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    context.close()


def test_a_message_typed_while_the_network_is_away_is_sent_later(
    browser: Browser, system: RunningSystem
) -> None:
    context = browser.new_context(locale="zh-CN")
    chat = ChatPage(context.new_page(), system.chat_url)
    before = chat.page.locator(".bubble.bot").count()
    context.set_offline(True)
    box = chat.page.get_by_role("textbox", name="您想说的话")
    box.fill("你好")
    box.press("Enter")
    expect(chat.page.get_by_text("正在重试")).to_be_visible(timeout=SLOW_MS)
    context.set_offline(False)
    expect(chat.page.locator(".bubble.bot")).not_to_have_count(before, timeout=SLOW_MS)
    context.close()
