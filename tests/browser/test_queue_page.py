"""Many cases at once: the form shows the fields of its deed and comes to who has ticked a row."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import Office
from tests.browser.office import PHONE, by_name, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(60)]


def test_only_the_fields_of_the_chosen_deed_are_there_and_the_form_is_in_sight_once_a_row_is_ticked(
    office: Office, addresses: dict[str, str], page: Page
) -> None:
    visit(page, office, addresses, by_name("queue"))
    page.set_viewport_size(PHONE)
    form, box = page.locator("#bulk"), page.locator("td.tick input").first
    fields = form.locator("input:visible, select:visible")
    expect(form).not_to_be_in_viewport()
    box.check()
    expect(form).to_be_in_viewport()
    for deed, names in (
        ("claim", ["deed"]),
        ("assign", ["deed", "login"]),
        ("label", ["deed", "label"]),
        ("close", ["deed", "disposition", "reason"]),
    ):
        form.locator("#deed").select_option(deed)
        assert fields.evaluate_all("all => all.map(one => one.name)") == names
    form.locator("#deed").select_option("claim")
    box.uncheck()
    expect(form).not_to_be_in_viewport()
