"""Drafts of the bot on the case page and by API: shown apart, sent by a click, refused in words."""

from __future__ import annotations

import html

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from cases import drafting, models, service, staff
from cases.draft_models import BotDraft
from conversations import inbox, thread, vault
from conversations.models import Author
from foundation.database import new_id
from tests.api.conftest import Desk
from tests.api.test_console import RAW
from tests.cases.builders import conversation, filed, scope

WORDS = "低保由乡镇受理。"


class Talk:
    """A resident with a person, and what the bot would say to each message."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        database, cipher = desk.runtime.database, desk.runtime.cipher
        self.chat = conversation(database, cipher)
        self.receipt = filed(database, cipher, conversation_id=self.chat).receipt_no
        with database.write() as session:
            service.take_over(session, cipher, scope(), self.receipt)
        self.page = f"/console/cases/{self.receipt}"

    def draft(self, text: str | None = WORDS, said: str = "低保找哪个") -> str:
        cipher = self.desk.runtime.cipher
        with self.desk.runtime.database.write() as session:
            row, _ = inbox.accept(
                session, cipher, channel="web", update_id=new_id(), conversation_id=self.chat,
                body={"text": said},
            )  # fmt: skip
            said, text = (
                vault.tokenise(session, cipher, self.chat, one) if one else None
                for one in (said, text)
            )
            thread.append(
                session, cipher, conversation_id=self.chat, author=Author.RESIDENT,
                text=said or "", inbox_id=row.id,
            )  # fmt: skip
            drafting.keep(session, cipher, conversation_id=self.chat, inbox_id=row.id, text=text)
            return session.scalars(select(BotDraft.id).where(BotDraft.inbox_id == row.id)).one()

    def sent(self) -> list[str]:
        with self.desk.runtime.database.read() as session:
            said = thread.messages(session, self.desk.runtime.cipher, self.chat)
        return [one.text for one in said if one.author == Author.PERSON]


@pytest.fixture
def talk(desk: Desk) -> Talk:
    return Talk(desk)


@pytest.fixture
def town(desk: Desk) -> TestClient:
    return desk.browser("county")


def test_the_case_page_and_its_refreshing_thread_show_the_draft_with_three_ways(
    talk: Talk, town: TestClient
) -> None:
    one = talk.draft()
    for path in (talk.page, f"{talk.page}/thread"):
        page = town.get(path).text
        assert "机器人拟的回复" in page
        assert "居民还没有看到" in page
        assert f'{talk.page}/drafts/{one}/send"' in page
        assert f'href="{talk.page}/drafts/{one}"' in page
        assert f'{talk.page}/drafts/{one}/drop"' in page
    reader = talk.desk.browser("viewer").get(talk.page).text
    assert WORDS in reader
    assert "/drafts/" not in reader, "who may not reply has nothing to press"
    assert talk.sent() == []


def test_one_click_sends_it_and_the_page_says_who(talk: Talk, town: TestClient) -> None:
    one = talk.draft()
    answer = town.post(f"{talk.page}/drafts/{one}/send")
    assert answer.headers["location"] == f"{talk.page}?done=draft-send#t-thread"
    page = town.get(answer.headers["location"]).text
    assert "机器人拟的回复已由您发给居民" in page
    assert "发送机器人拟的回复</strong> 原样发送" in page
    assert "测试county" in page
    assert talk.sent() == [WORDS]


def test_changed_on_a_page_of_its_own(talk: Talk, town: TestClient) -> None:
    one = talk.draft()
    form = town.get(f"{talk.page}/drafts/{one}").text
    assert "居民说：" in form
    assert f">{WORDS}</textarea>" in form
    town.post(f"{talk.page}/drafts/{one}/send", data={"text": "请到镇上来办。"})
    assert talk.sent() == ["请到镇上来办。"]
    page = town.get(talk.page).text
    assert f"机器人原拟：{WORDS}" in page
    assert "改后发送" in page


def test_left_unused(talk: Talk, town: TestClient) -> None:
    one = talk.draft()
    town.post(f"{talk.page}/drafts/{one}/drop")
    assert talk.sent() == []
    assert "不用机器人拟的回复" in town.get(talk.page).text
    assert town.get(f"{talk.page}/drafts/{one}").status_code == 409


def test_the_second_of_two_reads_who_was_first_and_loses_no_word(
    talk: Talk, town: TestClient
) -> None:
    one = talk.draft()
    town.post(f"{talk.page}/drafts/{one}/send")
    late = talk.desk.browser("second").post(
        f"{talk.page}/drafts/{one}/send", data={"text": "我写了很久的话。"}
    )
    assert late.status_code == 409
    assert "测试county已经处理过这条拟稿（原样发送），这次没有再发" in late.text
    assert ">我写了很久的话。</textarea>" in late.text
    assert talk.sent() == [WORDS]


def test_a_stale_draft_is_refused_and_no_longer_offered(talk: Talk, town: TestClient) -> None:
    one = talk.draft()
    town.post(f"{talk.page}/reply", data={"text": "您请稍等"})
    assert "/drafts/" not in town.get(talk.page).text
    refused = town.post(f"{talk.page}/drafts/{one}/send")
    assert refused.status_code == 409
    assert "这条拟稿过时了：这句话以后工作人员已经答复过居民" in refused.text
    assert talk.sent() == ["您请稍等"]


def test_what_the_bot_would_have_done_is_a_remark_and_cannot_be_sent(
    talk: Talk, town: TestClient
) -> None:
    one = talk.draft(None)
    page = town.get(talk.page).text
    assert "有人接待时它不办，也不拟话" in page
    assert f"/drafts/{one}/send" not in page
    assert town.post(f"{talk.page}/drafts/{one}/send").status_code == 409


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>"]
)
def test_markup_in_a_draft_is_shown_as_text(talk: Talk, town: TestClient, payload: str) -> None:
    one = talk.draft(payload, payload)
    for path in (talk.page, f"{talk.page}/thread", f"{talk.page}/drafts/{one}"):
        page = town.get(path).text
        assert not RAW.search(page), path
        assert html.escape(payload) in page, path


def test_personal_numbers_in_a_draft_are_masked_everywhere(talk: Talk, town: TestClient) -> None:
    one = talk.draft("您的电话13900000021记下了。", "我电话13900000021")
    mine = talk.desk.bearer("county")
    pages = [town.get(path).text for path in (talk.page, f"{talk.page}/drafts/{one}")]
    pages.append(talk.desk.client.get(f"/api/cases/{talk.receipt}/drafts", headers=mine).text)
    town.post(f"{talk.page}/drafts/{one}/send")
    pages.append(town.get(talk.page).text)
    for page in pages:
        assert "13900000021" not in page
        assert "⟦" not in page
        assert "139****0021" in page


def test_by_api_a_service_reads_and_leaves_but_does_not_send(talk: Talk) -> None:
    one = talk.draft()
    client, mine = talk.desk.client, talk.desk.bearer("county")
    base = f"/api/cases/{talk.receipt}/drafts"
    (found,) = client.get(base, headers=mine).json()["drafts"]
    assert (found["id"], found["text"], found["said"]) == (one, WORDS, "低保找哪个")
    sent = client.post(f"{base}/{one}/send", json={"text": "好"}, headers=mine)
    assert sent.status_code == 403
    assert "只能由工作人员看过再发" in sent.json()["reason"]
    assert client.get(base, headers=talk.desk.bearer("stranger")).status_code == 404
    reader = talk.desk.bearer("viewer")
    assert client.post(f"{base}/{one}/drop", headers=reader).status_code == 403
    with talk.desk.runtime.database.write() as session:
        narrow = staff.create_token(
            session, talk.desk.runtime.cipher, name="只读", role="county_reviewer",
            area_code="500233", department="minzheng", only=["case_read"],
        )  # fmt: skip
    narrowed = {"Authorization": f"Bearer {narrow}"}
    assert client.get(base, headers=narrowed).status_code == 200
    assert client.post(f"{base}/{one}/drop", headers=narrowed).status_code == 403
    assert client.post(f"{base}/{one}/drop", headers=mine).status_code == 200
    assert client.post(f"{base}/{one}/drop", headers=mine).status_code == 409
    assert talk.sent() == []
    with talk.desk.runtime.database.read() as session:
        event = session.scalars(
            select(models.CaseEvent).where(models.CaseEvent.kind == "draft_dropped")
        ).one()
    assert event.actor_kind == "service"
