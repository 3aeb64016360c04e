"""Pages in plain words: whom a reminder is about, what an empty list means, places by name."""

from __future__ import annotations

import html
import re

import pytest

from api.console.pages import words
from cases.queue import View
from tests.api.conftest import Desk
from tests.cases.builders import filed

STORY, OTHER = "男人走得早，我带两个娃", "我们是农村的，屋头三个人"


@pytest.fixture
def number(desk: Desk) -> str:
    return filed(desk.runtime.database, desk.runtime.cipher).receipt_no


def shown(desk: Desk, path: str, who: str = "county") -> str:
    page = desk.browser(who).get(path)
    assert page.status_code == 200
    return html.unescape(page.text)


def test_reminders_stand_together_for_each_case_with_its_name_and_deadline(
    desk: Desk, number: str
) -> None:
    page = shown(desk, "/console/notices")
    [about] = re.findall(rf'<li><p><a class="subject" href="/console/cases/{number}">(.*?)</li>',
                         page, re.DOTALL)  # fmt: skip
    assert "王**" in about
    assert "最低生活保障" in about
    assert about.count("新线索") == 2  # of the township and of the county
    assert "工作日" in about
    shown(desk, f"/console/cases/{number}")
    assert "没有未看的提醒" in shown(desk, "/console/notices")


@pytest.mark.parametrize("view", [one for one in View if one != View.ALL])
def test_an_empty_list_says_what_it_means(desk: Desk, view: View) -> None:
    page = shown(desk, f"/console?view={view}")
    assert words()["empty"][view] in page
    assert "清除条件" not in page


def test_a_search_that_finds_nothing_says_how_to_search_and_leads_back(
    desk: Desk, number: str
) -> None:
    page = shown(desk, "/console?view=open&q=王")
    assert number not in page
    assert "姓名要写全，或者像“王**”" in page
    empty = page.partition('class="card empty"')[2]
    assert 'href="/console?view=open">清除条件' in empty


def test_the_same_words_behind_many_facts_are_shown_once(desk: Desk) -> None:
    said = {"hukou": OTHER, "household_size": OTHER, "monthly_income_total": STORY}
    sources = {key: {"message_id": "m1", "sentence": text} for key, text in said.items()}
    given = filed(
        desk.runtime.database, desk.runtime.cipher, story=STORY, fact_sources=sources
    ).receipt_no
    page = shown(desk, f"/console/cases/{given}")
    assert page.count(STORY) == 1
    assert page.count(f"“{OTHER}”") == 1
    quotes = re.findall(r'<td class="quote">(.*?)</td>', page)
    assert {"见上面原话", "同上"} < set(quotes)


def test_consents_say_since_when_and_their_version_is_folded(desk: Desk, number: str) -> None:
    part = shown(desk, f"/console/cases/{number}").partition('id="t-consents"')[2]
    part = part.partition("</section>")[0]
    before = part.partition("<details")[0]
    assert re.search(r"\d{4}-\d\d-\d\d 同意", before)
    assert "校验值" not in before
    assert "校验值" in part


@pytest.mark.parametrize("path", ["/console/reports", "/console/payments", "/console/screening"])
def test_a_place_is_named_and_not_numbered(desk: Desk, path: str) -> None:
    page = shown(desk, path)
    assert 'value="重庆市忠县"' in page
    assert "地区代码" not in page


def test_a_report_takes_the_name_of_a_place(desk: Desk, number: str) -> None:
    assert "石宝镇 报表" in shown(desk, "/console/reports?area=石宝镇")
    assert "没有找到这个地方" in html.unescape(
        desk.browser("county").get("/console/reports?area=火星").text
    )


def test_a_refused_page_leads_back_to_where_one_was(desk: Desk) -> None:
    answer = desk.browser("county").post("/console/bulk", data={"deed": "claim"})
    assert answer.status_code == 422
    assert "请先勾选事项" in answer.text
    assert 'href="/console" data-queue' in answer.text
