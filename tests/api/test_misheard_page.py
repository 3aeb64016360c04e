"""没听懂的话: from the header to a labelled cluster in three clicks, and on in one each."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from cases import misheard, staff
from cases.misheard import Heard, Reason
from tests.api.conftest import PASSWORD, Desk
from tests.cases.builders import conversation

PAGE = "/console/misheard"
SAID = ("低保钱没打下来", "这个月低保钱没打下来", "<b>低保钱</b>没打下来哦", "你吃饭没有")


@pytest.fixture
def editor(desk: Desk) -> TestClient:
    """A content editor, and four sentences in two clusters."""
    database, cipher = desk.runtime.database, desk.runtime.cipher
    chat = conversation(database, cipher)
    with database.write() as session:
        staff.create_staff(
            session, login="editor", name="测试editor", password=PASSWORD, role="content_editor",
            area_code="500000", department="minzheng", hashed="-",
        )  # fmt: skip
        for number, text in enumerate(SAID):
            ranking = (("ask_payment_problem", 0.3), ("greet", 0.1))
            heard = Heard(f"m{number}", text, "nlu_fallback", 0.1, ranking)
            misheard.keep(session, cipher, chat, heard, Reason.MISSED)
    return desk.browser("editor")


def links(text: str) -> list[str]:
    return re.findall(r'class="subject" href="([^"]+)"', text)


def ticked(text: str) -> list[str]:
    return re.findall(r'name="sentence" value="(\w+)" checked', text)


def following(text: str) -> str:
    return re.findall(r'name="next" value="(\w*)"', text)[0]


def test_three_clicks_label_a_cluster_and_one_more_the_next(editor: TestClient) -> None:
    assert f'href="{PAGE}"' in editor.get("/console").text
    listed = editor.get(PAGE).text  # first click
    assert "2 组，4 句" in listed
    assert "&lt;b&gt;低保钱" in editor.get(links(listed)[0]).text
    first = editor.get(links(listed)[0]).text  # second click
    assert len(ticked(first)) == 3
    buttons = re.findall(r'class="main" name="label" value="(\w+)"', first)
    assert buttons == ["ask_payment_problem", "greet"]
    answer = editor.post(
        links(listed)[0],
        data={"sentence": ticked(first), "label": buttons[0], "next": following(first)},
    )  # third click
    assert answer.status_code == 303
    second = editor.get(answer.headers["location"]).text
    assert "记下了：钱没到账" in second
    assert "你吃饭没有" in second
    done = editor.post(
        f"{PAGE}/{ticked(second)[0]}", data={"sentence": ticked(second), "label": "greet"}
    )
    last = editor.get(done.headers["location"]).text
    assert "现在没有等着标注的话" in last
    assert "钱没到账、到错了：3 句" in last
    batch = re.findall(r'name="batch" value="(\w+)"', last)[0]
    assert editor.post(f"{PAGE}/undo", data={"batch": batch}).status_code == 303
    assert "1 组，1 句" in editor.get(PAGE).text


def test_what_is_unticked_stays_and_what_is_dropped_is_gone(editor: TestClient) -> None:
    link = links(editor.get(PAGE).text)[0]
    page = editor.get(link).text
    editor.post(link, data={"sentence": ticked(page)[:1], "discard": "1"})
    assert "2 组，3 句" in editor.get(PAGE).text
    assert editor.post(link, data={"label": "greet"}).status_code in (404, 422)
    kept = links(editor.get(PAGE).text)[0]
    refused = editor.post(kept, data={"label": "greet"})
    assert (refused.status_code, "请先勾选句子" in refused.text) == (422, True)
    unknown = editor.post(kept, data={"sentence": ticked(page)[1:2], "label": "nlu_fallback"})
    assert unknown.status_code == 422
    away = editor.post(
        kept, data={"sentence": ticked(page)[1:2], "label": "greet", "next": "//evil.example"}
    )
    assert away.headers["location"].startswith(f"{PAGE}?done=")
    assert editor.post(f"{PAGE}/undo", data={"batch": "\0"}).status_code == 409
    assert editor.get(f"{PAGE}/{'0' * 32}").headers["location"] == PAGE


def test_nobody_who_sees_cases_gets_in(desk: Desk, editor: TestClient) -> None:
    link = links(editor.get(PAGE).text)[0]
    for who in ("county", "town", "viewer"):
        browser = desk.browser(who)
        assert PAGE not in browser.get("/console").text
        for address in (PAGE, link):
            assert browser.get(address).status_code == 403
        assert browser.post(link, data={"label": "greet"}).status_code == 403
        assert browser.post(f"{PAGE}/undo", data={"batch": "x"}).status_code == 403
    assert "2 组，4 句" in editor.get(PAGE).text
