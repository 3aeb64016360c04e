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
    deed(page, "确定地区")
    page.locator("#region").fill("火星")
    page.locator("#do-area button").press("Enter")
    box, reason = page.locator("#region"), page.locator("#do-area .error")
    expect(box).to_be_focused()
    expect(box).to_have_value("火星")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(reason).to_be_in_viewport()
    assert box.get_attribute("aria-describedby") == reason.get_attribute("id")
    expect(page).to_have_title(re.compile("^没有办成："))
    box.fill("忠县拔山镇")
    box.press("Enter")
    expect(page.get_by_text("地区已确定，线索已转到当地。")).to_be_in_viewport()


def test_each_part_of_a_long_page_is_one_touch_away_and_the_way_there_stays_in_sight(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    opened(page, office, addresses)
    parts = page.get_by_role("navigation", name="这一页的各部分").get_by_role("link")
    for word, heading in (
        ("经过", "经过"),
        ("对话", "对话"),
        ("金额", "救助金额"),
        ("情况", "居民说的情况"),
    ):
        link = parts.get_by_text(word, exact=True)
        expect(link).to_be_in_viewport(ratio=1)
        link.click()
        title = page.locator("h2", has_text=re.compile(f"^{heading}"))
        expect(title).to_be_focused()
        expect(title).to_be_in_viewport(ratio=1)
        below = title.evaluate("one => one.getBoundingClientRect().top")
        assert below >= page.locator(".jump").bounding_box()["height"], "hidden behind the links"


def test_one_key_leads_into_the_form_of_the_suggested_step(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    opened(page, office, addresses, "case-objected")
    expect(page.locator(".advice a")).to_have_text("处理公示异议")
    page.keyboard.press("n")
    expect(page.locator("#do-review input").first).to_be_focused()
    opened(page, office, addresses)
    page.keyboard.press("n")
    expect(page.locator("#reply")).to_be_focused()
    page.locator("#reply").blur()
    page.keyboard.press("n")  # the address is there already
    expect(page.locator("#reply")).to_be_focused()


def test_the_way_back_leads_to_the_list_one_came_from_and_to_the_row(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    visit(page, office, addresses, by_name("queue-overdue"))
    page.context.set_offline(False)
    rows = page.locator("a.subject")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/cases/*")
    page.locator("#note").fill("电话里说好了")
    page.get_by_role("button", name="保存备注").press("Enter")
    expect(page.get_by_text("备注已保存。")).to_be_visible()
    expect(page.locator(".back a").first).to_have_text("← 回到“已超时”")
    page.keyboard.press("u")
    page.wait_for_url("**/console?view=overdue")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(2)).to_be_focused()
    page.goto(f"{addresses['console']}/console?view=overdue")
    expect(page.locator("body")).to_be_focused()  # a new visit begins at the top


def test_a_colleague_is_chosen_by_name_with_the_keyboard(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    opened(page, office, addresses, "case-before-county")
    deed(page, "指派经办人")
    page.keyboard.press("Tab")
    box = page.get_by_label("同事", exact=True)
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert "（" in box.locator("option:checked").inner_text()  # name and role
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已指派。")).to_be_in_viewport()
