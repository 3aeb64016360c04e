"""The distribution's Chromium, driven by Playwright; missing, it fails CI and skips elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from devtools.running import RunningSystem
from devtools.seed import DEMO_PASSWORD
from tests.browser.hands import SLOW_MS, Enter, Hands, WithKeys, WithMouse, keyboard_alone
from tests.browser.office import addresses as addresses
from tests.browser.office import applications as applications
from tests.browser.office import context as context
from tests.browser.office import office as office
from tests.browser.office import page as page

VIEW = {"width": 1366, "height": 850}
FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")  # Playwright's loop must be gone before other tests start theirs
def browser() -> Iterator[Browser]:
    """One headless Chromium."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs chromium: devtools/bootstrap.sh --browser installs it")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["mouse", "keyboard"])
def hands(request: pytest.FixtureRequest) -> Iterator[Hands]:
    """The pair of hands the story is told with."""
    alone = request.param == "keyboard"
    with keyboard_alone() if alone else nullcontext():
        yield WithKeys() if alone else WithMouse()


@pytest.fixture
def enter(browser: Browser, system: RunningSystem, hands: Hands) -> Iterator[Enter]:
    """Signs somebody in, in a browser of their own; nothing may break on any page."""
    problems: list[str] = []
    contexts = []

    def sign_in(login: str) -> Page:
        own = browser.new_context(viewport=VIEW, locale="zh-CN")
        contexts.append(own)
        page = own.new_page()
        page.set_default_timeout(SLOW_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{system.api_url}/console")
        hands.write(page.locator("#login"), login)
        hands.write(page.locator("#password"), DEMO_PASSWORD)
        hands.press(page.locator("form.login button.main"))
        expect(page.get_by_role("button", name="退出")).to_be_visible(timeout=SLOW_MS)
        return page

    yield sign_in
    for one in contexts:
        one.close()
    assert problems == []
