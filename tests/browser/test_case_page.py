"""The page of a case under somebody's hands: where one is after a step, and after a refused one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import Office
from tests.browser.office import PHONE, by_name, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(60)]


def opened(page: Page, office: Office, addresses: dict[str, str], name: str = "case") -> None:
    """The page as it comes, forms folded, on a phone."""
    visit(page, office, addresses, replace(by_name(name), then=None))
    page.context.set_offline(False)
    page.reload()
    page.set_viewport_size(PHONE)


def deed(page: Page, title: str) -> None:
    page.locator("summary", has_text=re.compile(f"^{title}$")).press("Enter")


def test_after_a_step_one_is_where_it_was_taken_and_reads_there_what_was_done(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    opened(page, office, addresses)
    page.locator("#note").fill("明天上午去看")
    page.get_by_role("button", name="保存备注").press("Enter")
    told = page.get_by_role("status").filter(has_text="备注已保存。")
    expect(told).to_be_in_viewport()
    expect(page).to_have_title(re.compile("^备注已保存。"))
    page.keyboard.press("Tab")
    expect(page.locator("#note")).to_be_focused()


def test_a_refused_step_opens_its_form_with_the_reason_at_the_field_and_what_was_typed(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    opened(page, office, addresses)
    deed(page, "指派经办人")
    page.locator("#login").fill("meiyou")
    page.locator("#do-assign button").press("Enter")
    box = page.locator("#login")
    expect(box).to_be_focused()
    expect(box).to_have_value("meiyou")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#do-assign .error")).to_be_in_viewport()
    assert box.get_attribute("aria-describedby") == page.locator("#do-assign .error").get_attribute(
        "id"
    )
    expect(page).to_have_title(re.compile("^没有办成："))
    box.fill("fuhe")
    box.press("Enter")
    expect(page.get_by_text("已指派。")).to_be_in_viewport()
