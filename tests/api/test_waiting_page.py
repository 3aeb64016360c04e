"""The page of the line: who waits, taking one, handing on, a clear word when a colleague has it."""

from __future__ import annotations

import pytest

from cases import service
from conversations import thread
from conversations.models import Author
from tests.api.conftest import Desk
from tests.cases.builders import SHIBAO, conversation

PAGE = "/console/waiting"


@pytest.fixture
def receipt_no(desk: Desk) -> str:
    """Somebody of 石宝镇 who asked for a person."""
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = conversation(database, cipher)
    with database.write() as session:
        thread.append(
            session, cipher, conversation_id=here, author=Author.RESIDENT,
            text="<b>低保停了</b>，想问人",
        )  # fmt: skip
        return service.request_person(
            session, cipher, here, "找个人", "k", region_code=SHIBAO
        ).receipt_no


def test_the_line_shows_who_waits_and_nobody_elses(desk: Desk, receipt_no: str) -> None:
    page = desk.browser("town").get(PAGE).text
    assert receipt_no in page
    assert "&lt;b&gt;低保停了" in page
    assert "1 位居民在等人工答复" in page
    fragment = desk.browser("county").get(PAGE, headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="waiting"')
    for who in ("stranger", "yibao"):
        assert receipt_no not in desk.browser(who).get(PAGE).text
    assert "等候中 <b>1</b>" in desk.browser("town").get("/console").text
    assert "接待</button>" not in desk.browser("viewer").get(PAGE).text


def test_one_takes_and_the_other_reads_who_has_it(desk: Desk, receipt_no: str) -> None:
    first, second = desk.browser("town"), desk.browser("second")
    step = f"/console/cases/{receipt_no}/take-over"
    assert first.post(step).headers["location"].endswith("?done=take-over#t-thread")
    refused = second.post(step)
    assert refused.status_code == 409
    assert "测试town正在接待这位居民" in refused.text
    assert "我在接待" in first.get(PAGE).text
    assert "同事在接待" in second.get(PAGE).text


def test_handing_on_needs_a_reason_and_keeps_what_was_typed(desk: Desk, receipt_no: str) -> None:
    town = desk.browser("town")
    page = f"/console/cases/{receipt_no}"
    assert "居民在等人工答复" in town.get(page).text
    refused = town.post(f"{page}/transfer", data={"login": "nobody", "reason": "他熟悉这一户"})
    assert refused.status_code == 422
    assert "他熟悉这一户" in refused.text
    done = town.post(f"{page}/transfer", data={"login": "second", "reason": "他熟悉这一户"})
    assert done.status_code == 303
    assert "同事转给您的居民" in desk.browser("second").get("/console/notices").text
    back = {"department": "yibao", "reason": "问的是医保报销"}
    assert desk.browser("second").post(f"{page}/transfer", data=back).status_code == 303
    assert receipt_no in desk.browser("yibao").get(PAGE).text
