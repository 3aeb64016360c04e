"""Two pairs of hands for one story: a mouse, and a keyboard that may touch nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Mouse, Page, expect

MOST_TABS = 250
SLOW_MS = 40_000
Enter = Callable[[str], Page]
POINTING = (
    (Locator, ("click", "dblclick", "tap", "hover", "check", "uncheck", "fill", "focus",
               "select_option", "set_checked", "press", "type", "drag_to")),
    (Page, ("click", "dblclick", "tap", "hover", "check", "fill", "focus", "select_option")),
    (Mouse, ("click", "dblclick", "down", "up", "move", "wheel")),
)  # fmt: skip


class Hands(Protocol):
    """What a person does on a page."""

    def press(self, target: Locator) -> None:
        """A button, a link, or the title of something that opens."""

    def press_after(self, target: Locator, milliseconds: int) -> None:
        """Go there, think, and press it without going there again: the page has refreshed."""

    def write(self, target: Locator, text: str) -> None:
        """Into a box, in place of what is there."""

    def choose(self, target: Locator, value: str) -> None:
        """The option of this value in a select."""

    def tick(self, target: Locator) -> None:
        """A radio button or a box."""

    def find(self, page: Page, words: str) -> None:
        """Look for something in the queue and open the first row."""

    def answer(self, page: Page, words: str) -> None:
        """Write to the resident from the case page."""


class WithMouse:
    """Points and clicks."""

    def press(self, target: Locator) -> None:
        target.click()

    def press_after(self, target: Locator, milliseconds: int) -> None:
        target.hover()
        target.page.wait_for_timeout(milliseconds)
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.click()
        target.fill(text)

    def choose(self, target: Locator, value: str) -> None:
        target.select_option(value)

    def tick(self, target: Locator) -> None:
        target.click()

    def find(self, page: Page, words: str) -> None:
        self.write(page.locator("#q"), words)
        self.press(page.get_by_role("button", name="筛选"))
        page.wait_for_url("**q=*")
        self.press(page.locator("a.subject").first)
        page.wait_for_url("**/console/cases/*")

    def answer(self, page: Page, words: str) -> None:
        self.write(page.locator("#reply"), words)
        self.press(page.locator("#do-reply button"))


class WithKeys:
    """Tab, Enter, Space, arrows, letters and the console's shortcuts."""

    def press(self, target: Locator) -> None:
        _reach(target)
        target.page.keyboard.press("Enter")

    def press_after(self, target: Locator, milliseconds: int) -> None:
        _reach(target)
        target.page.wait_for_timeout(milliseconds)
        assert _has_focus(target), "the refresh took the focus away"
        target.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        _reach(target)
        _type(target, text)

    def choose(self, target: Locator, value: str) -> None:
        _reach(target)
        keyboard = target.page.keyboard
        keyboard.press("Home")
        for _ in range(target.locator("option").count()):
            if target.input_value() == value:
                return
            keyboard.press("ArrowDown")
        assert target.input_value() == value, f"{value} is not reached by arrows"

    def tick(self, target: Locator) -> None:
        if target.get_attribute("type") == "radio":  # Tab stops at a group once, arrows go on
            group = target.page.locator(f"input[name={target.get_attribute('name')}]")
            _reach(group.first)
            target.page.keyboard.press("Space")
            for _ in range(group.count()):
                if target.is_checked():
                    return
                target.page.keyboard.press("ArrowDown")
        else:
            _reach(target)
            target.page.keyboard.press("Space")
        assert target.is_checked()

    def find(self, page: Page, words: str) -> None:
        page.keyboard.press("/")
        _type(page.locator("#q"), words)
        page.keyboard.press("Enter")
        page.wait_for_url("**q=*")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/cases/*")

    def answer(self, page: Page, words: str) -> None:
        page.keyboard.press("r")
        _type(page.locator("#reply"), words)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")


def _type(target: Locator, text: str) -> None:
    """Into the box that has the focus; a date by its parts, Chinese as an input method gives it."""
    assert _has_focus(target), "the shortcut or Tab did not lead there"
    keyboard = target.page.keyboard
    if target.get_attribute("type") == "date":
        _type_date(target, text)
        return
    keyboard.press("Control+a")
    keyboard.insert_text(text)


def _type_date(target: Locator, text: str) -> None:
    """Part by part; which part comes first is the browser's language's, not the page's."""
    year, month, day = text.split("-")
    for parts in ((year, month, day), (month, day, year)):
        for part in parts:
            target.page.keyboard.type(part)
            if part == year:  # it may have six digits, so it does not move on by itself
                target.page.keyboard.press("ArrowRight")
        if target.input_value() == text:
            return
        for _ in parts:
            target.page.keyboard.press("ArrowLeft")
    raise AssertionError(f"{text} cannot be typed")


def _has_focus(target: Locator) -> bool:
    return bool(target.evaluate("node => node === node.getRootNode().activeElement"))


def _reach(target: Locator) -> None:
    """Go to it by Tab alone, from wherever the focus is."""
    target.wait_for()
    for _ in range(MOST_TABS):
        if _has_focus(target):
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


@contextmanager
def keyboard_alone() -> Iterator[None]:
    """Whoever points at something, or moves the focus by script, fails the test."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("this story is told with the keyboard alone")

    with pytest.MonkeyPatch.context() as patched:
        for kind, names in POINTING:
            for name in names:
                patched.setattr(kind, name, refuse)
        yield


class Resident:
    """Somebody at the web chat."""

    def __init__(self, page: Page, url: str, hands: Hands) -> None:
        self.page, self.hands = page, hands
        page.set_default_timeout(SLOW_MS)
        page.goto(url)
        self.bot = page.locator(".bubble.bot")
        expect(self.bot.first).to_be_visible(timeout=SLOW_MS)

    def write(self, text: str) -> None:
        """Send a message, whoever answers it."""
        self.hands.write(self.page.get_by_role("textbox", name="您想说的话"), text)
        self.hands.press(self.page.get_by_role("button", name="发送"))

    def say(self, text: str) -> None:
        """Send a message and wait for the bot."""
        before = self.bot.count()
        self.write(text)
        expect(self.bot).not_to_have_count(before, timeout=SLOW_MS)

    def pick(self, label: str) -> None:
        """One of the offered buttons."""
        before = self.bot.count()
        self.hands.press(self.page.get_by_role("button", name=label))
        expect(self.bot).not_to_have_count(before, timeout=SLOW_MS)

    @property
    def text(self) -> str:
        """Everything in the log."""
        return self.page.get_by_role("log").inner_text()
