"""A draft of the bot: one decision, by a person, before it is stale, on the record."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from cases import drafting, service
from cases.draft_models import BotDraft
from cases.errors import Conflict, NotAllowed, NotFound
from cases.models import CaseEvent
from cases.repository import CaseRepository, Scope
from cases.states import Role
from cases.views import detail
from conversations import inbox, thread
from conversations.models import Author
from foundation.database import new_id
from tests.cases.builders import SHIBAO, scope
from tests.cases.waiting_desk import CHEN, ELSEWHERE, LIN, TOWN, TOWN_TOO, YIBAO, Desk

WORDS = "低保由乡镇受理，县民政局确认。"


def draft(desk: Desk, chat: str, text: str | None = WORDS, said: str = "低保找哪个") -> str:
    """What the bot proposes to a new message of the resident."""
    with desk.database.write() as session:
        row, _ = inbox.accept(
            session, desk.cipher, channel="web", update_id=new_id(), conversation_id=chat,
            body={"text": said},
        )  # fmt: skip
        thread.append(
            session, desk.cipher, conversation_id=chat, author=Author.RESIDENT, text=said,
            inbox_id=row.id,
        )  # fmt: skip
        drafting.keep(session, desk.cipher, conversation_id=chat, inbox_id=row.id, text=text)
        return session.scalars(select(BotDraft.id).where(BotDraft.inbox_id == row.id)).one()


def shown(desk: Desk, chat: str, worker: Scope = TOWN) -> list[str]:
    with desk.database.read() as session:
        repository = CaseRepository(session, worker)
        case = repository.get(desk.receipt(chat))
        return [one.id for one in drafting.of_case(repository, desk.cipher, case)]


def timeline(desk: Desk, chat: str) -> list[tuple[str, str, str | None]]:
    with desk.database.read() as session:
        repository = CaseRepository(session, TOWN)
        found = detail(repository, desk.cipher, repository.get(desk.receipt(chat)))
    return [
        (one.kind, one.detail, one.text) for one in found.events if one.kind.startswith("draft_")
    ]


@pytest.fixture
def chat(desk: Desk) -> str:
    """A resident whom 陈 has taken over."""
    chat = desk.ask()
    desk.do(service.take_over, TOWN, chat)
    return chat


def test_sent_as_it_is_it_is_the_answer_of_a_person(desk: Desk, chat: str) -> None:
    one = draft(desk, chat)
    assert shown(desk, chat) == [one]
    desk.do(service.send_draft, TOWN, chat, one)
    with desk.database.read() as session:
        last = thread.messages(session, desk.cipher, chat)[-1]
    assert (last.author, last.worker_id, last.text) == (Author.PERSON, CHEN, WORDS)
    assert timeline(desk, chat) == [("draft_sent", "原样发送", WORDS)]
    assert desk.wait(chat).answered_at is not None
    assert shown(desk, chat) == []


def test_what_was_changed_stands_in_the_record(desk: Desk, chat: str) -> None:
    desk.do(service.send_draft, TOWN, chat, draft(desk, chat), "您到镇上便民服务中心来办。")
    assert desk.heard(chat)[-1] == "您到镇上便民服务中心来办。"
    ((kind, how, text),) = timeline(desk, chat)
    assert (kind, how) == ("draft_sent", "改后发送")
    assert text == f"机器人原拟：{WORDS}\n发出的是：您到镇上便民服务中心来办。"
    with desk.database.read() as session:
        event = session.scalars(select(CaseEvent).where(CaseEvent.kind == "draft_sent")).one()
    assert (event.actor_kind, event.actor_id) == ("staff", CHEN)


def test_the_same_words_posted_back_are_no_change(desk: Desk, chat: str) -> None:
    desk.do(service.send_draft, TOWN, chat, draft(desk, chat), f"  {WORDS}\r\n")
    assert timeline(desk, chat)[0][1] == "原样发送"


def test_not_used_the_resident_hears_nothing_and_it_is_on_the_record(desk: Desk, chat: str) -> None:
    before = desk.heard(chat)
    one = draft(desk, chat)
    desk.do(service.drop_draft, TOWN, chat, one)
    assert desk.heard(chat) == before
    assert timeline(desk, chat) == [("draft_dropped", "", WORDS)]
    with pytest.raises(Conflict, match="您已经处理过这条拟稿（不用）"):
        desk.do(service.send_draft, TOWN, chat, one)
    assert desk.heard(chat) == before


def test_after_the_next_reply_of_staff_a_draft_is_stale(desk: Desk, chat: str) -> None:
    old, newer = draft(desk, chat), draft(desk, chat, said="还有啥")
    desk.do(service.reply, TOWN, chat, "您请稍等，我查一下")
    for deed in (service.send_draft, service.drop_draft):
        for one in (old, newer):
            with pytest.raises(Conflict, match="过时了：这句话以后工作人员已经答复过居民"):
                desk.do(deed, TOWN, chat, one)
    assert shown(desk, chat) == []
    fresh = draft(desk, chat, said="那低保呢")
    desk.do(service.send_draft, TOWN, chat, fresh)
    assert desk.heard(chat)[-1] == WORDS


def test_sending_one_of_two_makes_the_older_stale(desk: Desk, chat: str) -> None:
    old, newer = draft(desk, chat), draft(desk, chat, said="还有啥")
    desk.do(service.send_draft, TOWN, chat, newer)
    with pytest.raises(Conflict, match="过时"):
        desk.do(service.send_draft, TOWN, chat, old)


def test_a_draft_ends_with_the_contact_and_does_not_come_back_with_the_next(
    desk: Desk, chat: str
) -> None:
    one = draft(desk, chat)
    desk.do(service.give_back, TOWN, chat, phoned=True)
    with pytest.raises(Conflict, match="人工接待已经结束"):
        desk.do(service.send_draft, TOWN, chat, one)
    desk.ask(chat=chat)
    desk.do(service.take_over, TOWN, chat)
    assert shown(desk, chat) == []
    with pytest.raises(Conflict, match="过时"):
        desk.do(service.send_draft, TOWN, chat, one)


def test_two_workers_at_once_one_sends_and_the_other_is_told_who_did(desk: Desk, chat: str) -> None:
    one = draft(desk, chat)
    refused: list[str] = []

    def send(worker: Scope) -> None:
        try:
            desk.do(service.send_draft, worker, chat, one)
        except Conflict as conflict:
            refused.append(conflict.reason)

    both = [threading.Thread(target=send, args=(worker,)) for worker in (TOWN, TOWN_TOO)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert desk.heard(chat).count(WORDS) == 1
    assert len(refused) == 1
    assert refused[0].endswith("已经处理过这条拟稿（原样发送），这次没有再发")
    assert not refused[0].startswith("您"), "it names the colleague"
    with desk.database.read() as session:
        assert session.get_one(BotDraft, one).decided_by in {CHEN, LIN}


def test_who_waits_keeps_the_place_and_the_promise(desk: Desk) -> None:
    chat = desk.ask()
    one = draft(desk, chat)
    assert desk.heard(chat)[-1] == thread.SYSTEM_WORDS["answers_read"]
    desk.do(service.send_draft, TOWN, chat, one)
    assert desk.heard(chat)[-1] == WORDS
    assert desk.line() == [desk.receipt(chat)]
    assert desk.wait(chat).answered_at is None, "the bot's words are not the person asked for"
    desk.do(service.take_over, TOWN, chat)
    draft(desk, chat)
    assert desk.heard(chat).count(thread.SYSTEM_WORDS["answers_read"]) == 1


def test_only_who_may_reply_and_only_people(desk: Desk, chat: str) -> None:
    one = draft(desk, chat)
    script = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "token:x")
    reader = scope(SHIBAO, "xiangzhen", Role.GRID_WORKER, "f" * 32)
    for worker, refusal in ((script, NotAllowed), (reader, NotAllowed), (ELSEWHERE, NotFound)):
        with pytest.raises(refusal):
            desk.do(service.send_draft, worker, chat, one)
    with pytest.raises(NotFound):
        desk.do(service.drop_draft, YIBAO, chat, one)
    another = desk.ask()
    with pytest.raises(Conflict, match="没有这条拟稿"):
        desk.do(service.send_draft, TOWN, another, one)
