"""Every page by axe-core, light, dark and in forced colours, and none wider than a phone.

The pages are listed in `tests.browser.pages`; a route that is neither there nor excepted fails.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.furnished import Office
from tests.browser.office import DESKTOP, MODES, PHONE, by_name, visit
from tests.browser.pages import CHAT, CONSOLE, NO_PAGE, Shown, routes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(60)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: axe leaves target-size (24 by 24, WCAG 2.2) out unless it is asked for.
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


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
    "queue": "j k /", "queue-empty": "/", "waiting": "j k u", "case": "r t j k n u",
    "case-auditor": "u", "people": "j k", "report": "", "mine": "", "sign-in": "",
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
    for key in "jk/rtqn":  # u leads away
        page.keyboard.press(key)
    assert set(page.evaluate("taken")) == set(KEYS[name]) - set(" u")


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
