"""What the case page works out beside the record: console and API tell the same."""

from __future__ import annotations

from html import unescape

from tests.api.conftest import Desk
from tests.cases.builders import conversation, filed


def test_canned_replies_on_the_page_and_by_api(desk: Desk) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    number = filed(database, cipher, conversation_id=conversation(database, cipher)).receipt_no
    answer = desk.client.get(f"/api/cases/{number}/texts", headers=desk.bearer("county"))
    texts = {one["code"]: one for one in answer.json()["texts"]}
    assert texts["visit"]["gaps"] == ["日期", "钟点"]
    browser, path = desk.browser("county"), f"/console/cases/{number}"
    page = unescape(browser.get(path).text)
    for code, one in texts.items():
        if code != "holder":  # names who sends it
            assert f'?text={code}#reply" data-text="{one["text"]}"' in page
    begun = unescape(browser.get(f"{path}?text=visit").text)
    assert f">{texts['visit']['text']}</textarea>" in begun, "without script the box begins with it"
    assert f">{texts['visit']['text']}</textarea>" not in page
    assert browser.get(f"{path}?text=%3Cb%3E").status_code == 200
    assert "data-text" not in desk.browser("viewer").get(path).text, "who may not reply has none"


def test_a_gap_is_refused_and_what_was_typed_is_kept(desk: Desk) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    number = filed(database, cipher, conversation_id=conversation(database, cipher)).receipt_no
    typed = "我们想【请填：日期】到您家里看看"
    refused = desk.browser("county").post(f"/console/cases/{number}/reply", data={"text": typed})
    assert refused.status_code == 422
    assert "还有没填的：日期。填好再发" in refused.text
    assert f">{typed}</textarea>" in refused.text
    path = f"/api/cases/{number}/reply"
    answer = desk.client.post(path, json={"text": typed}, headers=desk.bearer("county"))
    assert (answer.status_code, answer.json()["field"]) == (422, "text")
