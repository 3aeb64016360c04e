"""The page of a case as it comes back after a step: where, and with what."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from api.console.case_page import where
from api.console.pages import words
from api.console.steps import STEPS
from tests.api.conftest import Desk
from tests.cases.builders import filed

LONG = "长" * 21


@pytest.fixture
def number(desk: Desk) -> str:
    return filed(desk.runtime.database, desk.runtime.cipher).receipt_no


def post(desk: Desk, number: str, step: str, **form: str) -> Any:
    return desk.browser("county").post(f"/console/cases/{number}/{step}", data=form)


def test_every_step_comes_back_to_a_section_of_the_page(desk: Desk, number: str) -> None:
    page = desk.browser("county").get(f"/console/cases/{number}").text
    for done in words()["done"]:
        assert f'id="{where(done)}"' in page, done
    assert set(STEPS) - {"disposition"} <= set(words()["done"])
    answer = post(desk, number, "note", text="明天去看")
    assert answer.headers["location"].endswith("?done=note#t-notes")
    page = desk.browser("county").get(answer.headers["location"]).text
    assert re.search(r'id="t-notes".{0,60}</h2>\s*<p class="good" role="status">备注已保存。', page)
    assert page.count("备注已保存。") == 2  # in the title and there


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("label", {"label": LONG}),
        ("gradual-exit", {"months": "99", "reason": "找到工作了"}),
        ("area", {"region_code": "火星"}),
        ("publicity", {"days": "3天"}),
        ("reveal", {"reason": "看"}),
        ("papers", {"text": ""}),
        ("status", {"reason": "想直接办结"}),
        ("grant", {"programme": "dibao", "unit": "month", "amount": "六百", "persons": "2"}),
    ],
)
def test_a_refused_step_opens_its_form_says_why_there_and_keeps_what_was_typed(
    desk: Desk, number: str, step: str, form: dict[str, str]
) -> None:
    answer = post(desk, number, step, **form)
    assert answer.status_code in {409, 422}
    shape = rf'<details([^>]*)><summary>[^<]*</summary>\s*(<form id="do-{step}".*?)</form>'
    folded = re.search(shape, answer.text, re.DOTALL)
    assert folded
    assert folded[1].endswith(" open")
    assert f"/{step}#do-{step}" in folded[2]
    [reason] = re.findall(r'class="error" data-field="\w*">([^<]+)', folded[2])
    assert html.unescape(reason) in html.unescape(answer.text).partition("<h1>")[0]
    for value in form.values():
        assert value in folded[2]
    assert answer.text.count('data-field="') == 1


def advice(page: str) -> tuple[str, str]:
    """The suggested step and the id it leads to, which must be on the page."""
    [(place, word)] = re.findall(r'class="advice">.*?<a href="#([^"]+)">([^<]+)', page)
    assert f'id="{place}"' in page
    return word, place


def test_the_suggested_step_leads_to_the_form_that_does_it(desk: Desk, number: str) -> None:
    county, town = desk.browser("county"), desk.browser("town")
    path = f"/console/cases/{number}"
    assert advice(county.get(path).text) == ("认领", "do-claim")
    town.post(f"{path}/claim")
    word, place = advice(town.get(path).text)
    assert (word, place.rpartition("-")[0]) == ("接收线索", "do-accept")
    lead = place.rpartition("-")[2]
    town.post(f"{path}/leads/{lead}/accept")
    town.post(f"{path}/leads/{lead}/answer", data={"result": "helped", "text": "已受理"})
    county.post(f"{path}/claim")
    while (found := advice(county.get(path).text))[0] == "接收线索":
        lead = found[1].rpartition("-")[2]
        answer = {"result": "helped", "text": "已复核"}
        county.post(f"{path}/leads/{lead}/answer", data=answer)
    assert found == ("选定处置类别，办结", "do-close")
