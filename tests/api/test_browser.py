"""In Chromium: pages stay fresh without losing the keyboard's place or a half-written reply."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from conversations import thread
from tests.api.conftest import Desk
from tests.cases.builders import WANG, conversation, filed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The application on a real port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(desk.client.app, port=port, log_config=None, lifespan="off")
    )
    runner = threading.Thread(target=server.run, daemon=True)
    runner.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    runner.join(10)


@pytest.fixture
def page(desk: Desk, address: str) -> Iterator[Any]:
    """A signed-in page; anything Chromium complains about fails the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1366, "height": 900})
        cookie = desk.browser("county").cookies["wenzhu"]
        context.add_cookies([{"name": "wenzhu", "value": cookie, "url": address}])
        found = context.new_page()
        complaints: list[str] = []
        found.on("console", lambda message: complaints.append(message.text))
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        browser.close()
    assert complaints == []


def test_a_new_case_appears_and_the_keyboard_stays_where_it_was(
    desk: Desk, address: str, page: Any
) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    first = filed(database, cipher, "k1").receipt_no
    page.goto(f"{address}/console")
    page.keyboard.press("j")
    focused = "document.activeElement.getAttribute('href')"
    assert page.evaluate(focused) == f"/console/cases/{first}"
    second = filed(database, cipher, "k2", facts={"name": "徐素华"}).receipt_no
    page.wait_for_selector(f"#row-{second}", timeout=20_000)
    assert page.evaluate(focused) == f"/console/cases/{first}"
    page.keyboard.press("Enter")
    page.wait_for_selector("#thread")


def test_a_half_written_reply_survives_what_the_resident_says_meanwhile(
    desk: Desk, address: str, page: Any
) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here, facts=dict(WANG)).receipt_no
    page.goto(f"{address}/console/cases/{number}")
    page.keyboard.press("r")
    page.keyboard.type("明天上午")
    with database.write() as session:
        thread.append(
            session, cipher, conversation_id=here, author="resident",
            text="我叫王桂兰 <b>在不在</b>",
        )  # fmt: skip
    page.wait_for_selector("#thread >> text=<b>在不在</b>", timeout=20_000)
    assert "王桂兰" not in page.inner_text("#thread"), "the name is masked here too"
    assert page.input_value("#reply") == "明天上午"
    assert page.evaluate("document.activeElement.id") == "reply"
    page.keyboard.type("来看您")
    page.click("form.reply:has(#reply) button")
    page.wait_for_selector("#thread >> text=明天上午来看您")
    assert page.inner_text("p.good") == "已发给居民。"
