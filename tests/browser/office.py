"""The furnished office on real ports, shared by what looks at its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

import channels.app
from api.app import create_app
from channels.messages import BotItem
from foundation import clock
from foundation.database import Base
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.browser.furnished import Office, free_port, furnish, serving
from tests.browser.pages import CHAT, CONSOLE, Shown, plain, unfold

MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


class Speaking:
    """An engine that answers with everything a message can have."""

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]:  # noqa: ARG002
        source = {
            "title": "重庆市民政局 重庆市财政局关于提高城乡低保等社会救助保障标准的通知",
            "clause": "第一条", "date": "2025-09-01",
        }  # fmt: skip
        titles = ("农村户口", "城镇户口", "不清楚", "找工作人员")
        return [
            BotItem("低保按家庭人均收入算，低于当地标准，可能符合。由乡镇受理、县民政局审核确认。",
                    sources=[source, source]),
            BotItem("您家户口在农村还是城镇？", asking="hukou", choices=True, buttons=[
                {"title": title, "payload": '/inform_facts{"hukou": "rural"}'} for title in titles
            ]),
        ]  # fmt: skip

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    settings = Settings(
        _env_file=None, data_dir=folder / "var", database_url=f"sqlite:///{folder / 'wenzhu.db'}"
    )
    runtime = Runtime.open(settings)
    Base.metadata.create_all(runtime.database.engine)
    yield furnished(runtime)
    runtime.close()


def furnished(runtime: Runtime) -> Office:
    """The office, and the names that addresses in `tests.browser.pages` use."""
    office = furnish(runtime)
    today = clock.today()
    office.found |= {
        "today": today.isoformat(), "month": today.replace(month=1, day=1).isoformat(),
        "nothing": "WZ000000000000",
    }  # fmt: skip
    return office


@pytest.fixture(scope="module")
def applications(office: Office) -> Iterator[dict[str, FastAPI]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(channels.app, "RasaClient", lambda *_: Speaking())
        yield {
            "console": create_app(office.runtime, sweeping=False),
            "chat": channels.app.create_app(office.runtime),
        }


@pytest.fixture(scope="module")
def addresses(applications: dict[str, FastAPI]) -> Iterator[dict[str, str]]:
    with (
        serving(applications["console"], free_port()) as console,
        serving(applications["chat"], free_port(), lifespan="on") as chat,
    ):
        yield {"console": console, "chat": chat}


@pytest.fixture(scope="module")
def context(addresses: dict[str, str], browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN", reduced_motion="reduce")
    context.add_init_script(AXE_SCRIPT)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def page(context: BrowserContext) -> Page:
    return context.new_page()


def visit(page: Page, office: Office, addresses: dict[str, str], one: Shown) -> None:
    """Open the page as the person who may see it and do there what has to be done."""
    context = page.context
    page.goto("about:blank")  # what refreshes itself must not be there when it may again
    context.set_offline(False)
    context.clear_cookies()
    page.unroute_all()
    page.emulate_media(**MODES["light"])
    page.set_viewport_size(DESKTOP)
    address = addresses["chat" if one in CHAT else "console"]
    if one.who:
        cookie = office.cookie(one.who, one.stage)
        context.add_cookies([{"name": "wenzhu", "value": cookie, "url": address}])
    if one in CHAT:
        page.goto(f"{address}/static/icon.svg")
        page.evaluate("localStorage.clear()")
        if plain(one):
            page.route("**/chat.js", lambda route: route.abort())
    path = one.path(office)
    answer = page.goto(address + path)
    assert answer is not None
    assert (answer.status, urlsplit(page.url).path) == (one.status, path.partition("?")[0])
    if one.then is not None:
        one.then(page, office)
    if one not in CHAT:
        unfold(page, office)
        context.set_offline(True)  # what refreshes itself would fold again what was unfolded


def by_name(name: str) -> Shown:
    """The page of this name in the list."""
    return next(one for one in (*CONSOLE, *CHAT) if one.name == name)
