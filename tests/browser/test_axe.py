"""Every page by axe-core, light, dark and in forced colours, and none wider than a phone.

The pages are listed in `tests.browser.pages`; a route that is neither there nor excepted fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

import channels.app
from api.app import create_app
from channels.messages import BotItem
from foundation import clock
from foundation.database import Base
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.browser.furnished import Office, free_port, furnish, serving
from tests.browser.pages import CHAT, CONSOLE, NO_PAGE, Shown, plain, routes, unfold

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(60)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: axe leaves target-size (24 by 24, WCAG 2.2) out unless it is asked for.
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
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


def findings(page: Page) -> list[str]:
    """What axe finds, one line each."""
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{rule['id']} {node['target']}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


#: What sticks out on the right of the page or of what cuts it off, and cannot be scrolled to.
CUT_OFF = """() => {
  const width = document.documentElement.clientWidth, out = [], roots = [document];
  const limit = one => {
    if (!one || one === document.body) return width;
    const style = getComputedStyle(one);
    if (style.clipPath !== 'none' || one.getAttribute('aria-hidden')) return Infinity;
    if (['auto', 'scroll'].includes(style.overflowX)) return Infinity;
    const own = style.overflowX === 'visible' ? Infinity : one.getBoundingClientRect().right;
    return Math.min(own, limit(one.parentElement));
  };
  for (const one of document.querySelectorAll('*')) if (one.shadowRoot) roots.push(one.shadowRoot);
  for (const root of roots) for (const one of root.querySelectorAll('body *, section *')) {
    const box = one.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 && box.right > limit(one) + 1)
      out.push(`${one.tagName}.${one.className} ${Math.round(box.right)}`);
  }
  return [document.documentElement.scrollWidth, width, out.slice(0, 5)];
}"""


@pytest.mark.parametrize("one", [*CONSOLE, *CHAT], ids=lambda one: one.name)
def test_a_page_has_no_finding_in_any_colours_and_fits_a_phone(
    office: Office, addresses: dict[str, str], page: Page, one: Shown
) -> None:
    visit(page, office, addresses, one)
    if one not in CHAT:
        expect(page.locator("#keys-on")).to_have_count(1)
        expect(page.locator("#keys-open:visible")).to_have_count(1)
    found = {}
    for mode, media in MODES.items():
        page.emulate_media(**media)
        found[mode] = findings(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(**MODES["light"])
    found["phone"] = findings(page)
    assert not any(found.values()), found
    scrolls, width, cut_off = page.evaluate(CUT_OFF)
    assert scrolls <= width, cut_off
    assert cut_off == []


def test_no_page_is_forgotten(applications: dict[str, FastAPI]) -> None:
    looked_at = {one.route for one in (*CONSOLE, *CHAT)}
    there = {route for app in applications.values() for route in routes(app)}
    assert there - looked_at - set(NO_PAGE) == set(), "neither looked at nor excepted"
    assert (looked_at | set(NO_PAGE)) - there == set(), "no longer there"


def by_name(name: str) -> Shown:
    return next(one for one in (*CONSOLE, *CHAT) if one.name == name)


def test_larger_type_leaves_the_last_answer_in_sight(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    visit(page, office, addresses, by_name("chat-answer"))
    page.set_viewport_size(PHONE)
    last = page.get_by_role("button", name="找工作人员").last
    expect(last).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="大字").click()
    expect(last).to_be_in_viewport(ratio=1)
    page.set_viewport_size(DESKTOP)
    expect(last).to_be_in_viewport(ratio=1)
    page.set_viewport_size(PHONE)
    expect(last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    ("name", "seen"), [("screening-found", "目前看"), ("screening-refused", "有 2 处要改")]
)
def test_on_a_phone_the_answer_to_a_screening_is_in_sight(
    office: Office, addresses: dict[str, str], page: Page, name: str, seen: str
) -> None:
    one = by_name(name)
    visit(page, office, addresses, replace(one, then=None))
    page.set_viewport_size(PHONE)
    page.context.set_offline(False)
    assert one.then is not None
    one.then(page, office)
    expect(page.get_by_text(seen).first).to_be_in_viewport()


def test_the_looking_itself_sees_a_fault(page: Page, addresses: dict[str, str]) -> None:
    page.context.set_offline(False)
    page.goto(f"{addresses['console']}/console/login")
    page.evaluate(
        "const main = document.querySelector('main'), text = document.createElement('p');"
        "text.textContent = '看不清'; text.style.color = '#bbb';"
        "main.replaceChildren(document.createElement('input'), text)"
    )
    rules = {line.split()[0] for line in findings(page)}
    assert {"label", "color-contrast"} <= rules


def test_a_canned_reply_is_chosen_and_filled_in_with_the_keyboard(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    visit(page, office, addresses, by_name("case"))
    page.keyboard.press("t")
    expect(page.locator(".texts a").first).to_be_focused()
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    box = page.locator("#reply")
    expect(box).to_be_focused()
    marked = box.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert marked == "【请填：日期】"
    page.keyboard.insert_text("明天")
    assert "我们想明天【请填：钟点】到您家里看看" in box.input_value()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="发送", exact=True)).to_be_focused()


#: What the list says on a page, without what every page has.
KEYS = {
    "queue": "j k /", "queue-empty": "/", "waiting": "j k", "case": "r t j k",
    "case-auditor": "", "people": "j k", "report": "", "mine": "", "sign-in": "",
}  # fmt: skip


@pytest.mark.parametrize("name", KEYS)
def test_the_list_of_keys_says_what_works_on_the_page_and_nothing_else_does(
    office: Office, addresses: dict[str, str], page: Page, name: str
) -> None:
    visit(page, office, addresses, by_name(name))
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    shown = page.locator("#keys kbd:visible").all_inner_texts()
    assert [key for key in shown if key != "Enter"] == [*KEYS[name].split(), "?"]
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()  # the browser closes it in its own time
    page.evaluate(
        "window.taken = ''; window.addEventListener('keydown', event => {"
        "  if (event.defaultPrevented) taken += event.key; document.activeElement.blur(); })"
    )
    for key in "jk/rtq":
        page.keyboard.press(key)
    assert set(page.evaluate("taken")) == set(KEYS[name].replace(" ", ""))


def test_a_key_is_only_typed_where_somebody_types_and_left_alone_with_a_modifier(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    visit(page, office, addresses, by_name("case"))
    box = page.locator("#reply")
    page.keyboard.press("r")
    expect(box).to_be_focused()
    page.keyboard.type("jkrt/?")
    expect(box).to_have_value("jkrt/?")
    box.evaluate("one => one.blur()")
    for combination in ("Control+j", "Alt+r", "Meta+r", "Control+Shift+r", "Alt+t"):
        page.keyboard.press(combination)
    page.evaluate(
        "const press = (node, more) => node.dispatchEvent("
        "  new KeyboardEvent('keydown', {key: 'r', bubbles: true, ...more}));"
        "const note = document.createElement('p'); note.contentEditable = 'true';"
        "document.querySelector('main').append(note); press(note);"
        "press(document.body, {isComposing: true});"
        "press(document.body, {modifierAltGraph: true}); press(document.body, {shiftKey: true})"
    )
    expect(page.locator("body")).to_be_focused()
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("r")  # the list lies over the page
    expect(box).not_to_be_focused()


def test_the_switch_of_the_keys_is_remembered_on_every_page(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    switch, opener = page.get_by_label("使用单键快捷键"), page.locator("#keys-open")
    visit(page, office, addresses, by_name("case"))
    page.keyboard.press("?")
    switch.press("Space")
    page.keyboard.press("Escape")
    for name in ("case", "queue", "mine"):
        visit(page, office, addresses, by_name(name))
        for key in ("?", "r", "/", "j"):
            page.keyboard.press(key)
        expect(page.locator("body")).to_be_focused()
        opener.press("Enter")
        expect(switch).not_to_be_checked()
    switch.press("Space")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    visit(page, office, addresses, by_name("case"))
    page.keyboard.press("r")
    expect(page.locator("#reply")).to_be_focused()


def test_where_the_browser_keeps_nothing_the_switch_holds_for_the_page(
    office: Office, addresses: dict[str, str], context: BrowserContext
) -> None:
    page = context.new_page()
    page.add_init_script(
        "for (const name of ['getItem', 'setItem'])"
        "  Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError') }"
    )
    visit(page, office, addresses, by_name("queue"))
    page.keyboard.press("?")
    page.get_by_label("使用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    page.close()
