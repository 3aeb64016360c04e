"""One thread in order; the bot is silent while a person holds the chat and just after."""

import threading

import pytest
import sqlalchemy as sa

from conversations import buttons, handover, identity, inbox, outbox, thread
from conversations.buttons import Choice
from conversations.errors import BotSilenced, UnknownConversation
from conversations.models import Author, Button, Holder, OutboxMessage, ThreadMessage
from foundation.crypto import Cipher
from foundation.database import Database, new_id
from foundation.leases import JobState


def say(
    database: Database, cipher: Cipher, chat: str, author: str, text: str, **more: object
) -> ThreadMessage:
    with database.write() as session:
        return thread.append(
            session,
            cipher,
            conversation_id=chat,
            author=author,
            text=text,
            **more,  # type: ignore[arg-type]
        )


def texts(database: Database, cipher: Cipher, chat: str, after: int = 0) -> list[str]:
    with database.read() as session:
        return [message.text for message in thread.messages(session, cipher, chat, after)]


def test_messages_come_back_in_order_with_all_they_carry(
    database: Database, cipher: Cipher, chat: str
) -> None:
    say(database, cipher, chat, "resident", "能吃低保不")
    say(
        database,
        cipher,
        chat,
        "bot",
        "可能符合",
        epoch=0,
        sources=[{"title": "社会救助暂行办法", "clause": "第九条"}],
        choices=[Choice("是", "/affirm", "1"), Choice("不清楚", "/inform_facts", None)],
    )
    with database.read() as session:
        first, second = thread.messages(session, cipher, chat)
        assert thread.messages(session, cipher, chat, first.seq) == [second]
        assert thread.messages(session, cipher, chat, limit=1) == [first]
        assert thread.messages(session, cipher, new_id()) == []
    assert (first.seq, second.seq) == (1, 2)
    assert (first.author, second.author) == (Author.RESIDENT, Author.BOT)
    assert second.sources[0]["clause"] == "第九条"
    assert [(item["label"], item["digit"]) for item in second.buttons] == [
        ("是", "1"),
        ("不清楚", None),
    ]
    assert "/affirm" not in repr(second.buttons)


def test_nothing_said_is_readable_in_the_tables(
    database: Database, cipher: Cipher, chat: str
) -> None:
    say(database, cipher, chat, "resident", "我家很困难", choices=[Choice("好", "/x{秘密}")])
    with database.read() as session:
        for table in ("thread_message", "button"):
            stored = repr(session.execute(sa.text(f"select * from {table}")).all())  # noqa: S608
            assert "困难" not in stored
            assert "秘密" not in stored


def test_a_turn_done_twice_is_stored_once(database: Database, cipher: Cipher, chat: str) -> None:
    with database.write() as session:
        row, _ = inbox.accept(
            session, cipher, channel="web", update_id="1", conversation_id=chat, body={}
        )
    choices = [Choice("是", "/affirm", "1")]
    for _ in range(2):
        say(database, cipher, chat, "resident", "问", inbox_id=row.id)
        for number in range(2):
            say(
                database,
                cipher,
                chat,
                "bot",
                f"答{number}",
                inbox_id=row.id,
                reply_no=number,
                epoch=0,
                choices=choices,
            )
    assert texts(database, cipher, chat) == ["问", "答0", "答1"]
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Button)) == 2


def test_messages_written_at_once_have_numbers_without_gap(
    database: Database, cipher: Cipher, chat: str
) -> None:
    problems: list[Exception] = []

    def work(name: int) -> None:
        try:
            for number in range(5):
                say(database, cipher, chat, "resident", f"{name}.{number}")
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for item in threads:
        item.start()
    for item in threads:
        item.join()
    assert problems == []
    with database.read() as session:
        messages = thread.messages(session, cipher, chat)
    assert [message.seq for message in messages] == list(range(1, 31))


def test_the_bot_must_say_at_which_epoch_it_thought(
    database: Database, cipher: Cipher, chat: str
) -> None:
    with pytest.raises(BotSilenced):
        say(database, cipher, chat, "bot", "答")
    with pytest.raises(ValueError, match="robot"):
        say(database, cipher, chat, "robot", "答")
    with pytest.raises(UnknownConversation):
        say(database, cipher, new_id(), "resident", "问")


def test_taking_and_giving_back_each_raise_the_epoch_and_tell_the_resident(
    database: Database, cipher: Cipher, chat: str
) -> None:
    with database.write() as session:
        assert handover.holder(session, chat).epoch == 0
        taken = handover.take(session, chat, "w1")
        assert (taken.holder, taken.worker_id, taken.epoch) == (Holder.PERSON, "w1", 1)
        assert handover.take(session, chat, "w1") == taken  # a double click
        assert handover.take(session, chat, "w2").epoch == 2
        back = handover.give_back(session, chat, "w2")
        assert (back.holder, back.worker_id, back.epoch) == (Holder.BOT, None, 3)
        assert handover.give_back(session, chat) == back
    said = texts(database, cipher, chat)
    assert said == [
        thread.SYSTEM_WORDS["person_took"],
        thread.SYSTEM_WORDS["person_changed"],
        thread.SYSTEM_WORDS["person_left"],
    ]


def test_a_bot_reply_computed_before_the_take_is_never_stored(
    database: Database, cipher: Cipher, chat: str
) -> None:
    with database.write() as session:
        handover.take(session, chat, "w1")
    for epoch in (0, 1):
        with pytest.raises(BotSilenced) as refusal:
            say(database, cipher, chat, "bot", "晚了", epoch=epoch)
        assert (refusal.value.current, refusal.value.holder) == (1, "person")
    say(database, cipher, chat, "person", "您好，我是小李", worker_id="w1")
    with database.write() as session:
        handover.give_back(session, chat)
    with pytest.raises(BotSilenced):
        say(database, cipher, chat, "bot", "更晚了", epoch=0)
    say(database, cipher, chat, "bot", "接着说", epoch=2)
    assert texts(database, cipher, chat)[1:] == [
        "您好，我是小李",
        thread.SYSTEM_WORDS["person_left"],
        "接着说",
    ]


def enqueue(database: Database, message: ThreadMessage) -> OutboxMessage:
    with database.write() as session:
        return outbox.enqueue(session, message)


def test_a_bot_reply_on_its_way_is_withdrawn_by_the_take(
    database: Database, cipher: Cipher, other_chat: str
) -> None:
    bot = enqueue(database, say(database, cipher, other_chat, "bot", "答", epoch=0))
    with database.write() as session:
        handover.take(session, other_chat, "w1")
    person = enqueue(database, say(database, cipher, other_chat, "person", "您好", worker_id="w1"))
    with database.write() as session:
        (notice,) = outbox.claim_due(session, "telegram", limit=5)
        assert notice.author == "system"  # "a person has taken over", on this channel too
        assert outbox.deliverable(session, notice)
        outbox.done(session, notice, notice.lease_id)
    with database.write() as session:
        (claimed,) = outbox.claim_due(session, "telegram", limit=5)
        assert claimed.id == person.id
        assert outbox.deliverable(session, claimed)
    with database.read() as session:
        assert session.get_one(OutboxMessage, bot.id).state == JobState.WITHDRAWN


def test_a_bot_reply_in_the_senders_hand_is_stopped_by_the_last_question(
    database: Database, cipher: Cipher, other_chat: str
) -> None:
    enqueue(database, say(database, cipher, other_chat, "bot", "答", epoch=0))
    with database.write() as session:
        (row,) = outbox.claim_due(session, "telegram")
        assert outbox.deliverable(session, row)
    with database.write() as session:
        handover.take(session, other_chat, "w1")
    with database.write() as session:
        assert not outbox.deliverable(session, row)
        outbox.withdraw(session, row, row.lease_id)
    assert row.state == JobState.WITHDRAWN


def test_the_outbox_keeps_a_conversation_in_order_and_sends_each_message_once(
    database: Database, cipher: Cipher, other_chat: str
) -> None:
    messages = [
        say(database, cipher, other_chat, "bot", f"答{number}", epoch=0) for number in range(3)
    ]
    rows = [enqueue(database, message) for message in messages]
    assert enqueue(database, messages[0]).id == rows[0].id
    sent = []
    for number in range(3):
        with database.write() as session:
            (row,) = outbox.claim_due(session, "telegram", limit=5)
            assert outbox.claim_due(session, "web", limit=5) == []
        with database.write() as session:
            outbox.done(session, row, row.lease_id, external_id=f"t{number}")
        sent.append(row.id)
    assert sent == [row.id for row in rows]
    with database.write() as session:
        assert outbox.claim_due(session, "telegram", limit=5) == []
        last = session.get_one(OutboxMessage, sent[-1])
        assert (last.state, last.external_id) == (JobState.DONE, "t2")
        assert last.sent_at is not None


def test_a_refused_delivery_comes_again(
    database: Database, cipher: Cipher, other_chat: str
) -> None:
    enqueue(database, say(database, cipher, other_chat, "bot", "答", epoch=0))
    with database.write() as session:
        (row,) = outbox.claim_due(session, "telegram")
    with database.write() as session:
        assert outbox.retry(session, row, row.lease_id, "Timeout") == JobState.RETRY
    with database.read() as session:
        stored = session.get_one(OutboxMessage, row.id)
        assert (stored.state, stored.last_error, stored.lease_id) == ("retry", "Timeout", None)


def test_a_button_means_something_in_its_own_conversation_only(
    database: Database, cipher: Cipher, chat: str, other_chat: str
) -> None:
    message = say(
        database, cipher, chat, "bot", "是吗", epoch=0, choices=[Choice("是", "/affirm", "1")]
    )
    value = message.buttons[0]["value"]
    assert len(value.encode()) <= 64
    with database.read() as session:
        assert buttons.resolve(session, cipher, chat, value) == Choice("是", "/affirm", "1")
        assert buttons.resolve(session, cipher, other_chat, value) is None
        for forged in ("", "/affirm", value[:-1], "1"):
            assert buttons.resolve(session, cipher, chat, forged) is None


def test_a_typed_digit_picks_from_the_last_bot_message_only(
    database: Database, cipher: Cipher, chat: str, other_chat: str
) -> None:
    numbered = [Choice("在", "/a", "1"), Choice("不在", "/b", "2")]
    say(database, cipher, chat, "bot", "哪个", epoch=0, choices=numbered)
    say(database, cipher, chat, "resident", "2")
    with database.read() as session:
        assert buttons.by_digit(session, cipher, chat, "2") == numbered[1]
        assert buttons.by_digit(session, cipher, chat, "3") is None
        assert buttons.by_digit(session, cipher, other_chat, "2") is None
    say(database, cipher, chat, "bot", "好的", epoch=0, choices=[Choice("看", "/c", None)])
    with database.read() as session:
        assert buttons.by_digit(session, cipher, chat, "2") is None


def test_a_question_still_open_keeps_its_digits_when_something_else_was_said(
    database: Database, cipher: Cipher, chat: str
) -> None:
    numbered = [Choice("现在申报", "/a", "1"), Choice("先不了", "/b", "2")]
    say(database, cipher, chat, "bot", "要申报吗", epoch=0, choices=numbered, asking="offer")
    say(database, cipher, chat, "resident", "找工作人员")
    say(database, cipher, chat, "bot", "工作人员会联系您", epoch=0, asking="offer")
    with database.read() as session:
        assert buttons.by_digit(session, cipher, chat, "2") == numbered[1]
    say(database, cipher, chat, "bot", "怎么称呼您", epoch=0, asking="name")
    with database.read() as session:
        assert buttons.by_digit(session, cipher, chat, "2") is None


def test_identity_finds_the_same_person_and_keeps_nothing_of_them(
    database: Database, cipher: Cipher
) -> None:
    with database.write() as session:
        web = identity.start_web(session, cipher)
        first = identity.open_for(session, cipher, channel="telegram", user_id="7", peer="777888")
        again = identity.open_for(session, cipher, channel="telegram", user_id="7", peer="777888")
        other = identity.open_for(session, cipher, channel="wechat", user_id="7", peer="777888")
        assert first.id == again.id != other.id
    with database.read() as session:
        found = identity.by_token(session, cipher, web.token)
        assert found is not None
        assert found.id == web.conversation.id
        assert identity.by_token(session, cipher, web.token + "x") is None
        assert identity.by_token(session, cipher, "") is None
        assert identity.peer(cipher, session.merge(first, load=False)) == "777888"
        assert identity.peer(cipher, found) is None
        stored = repr(session.execute(sa.text("select * from conversation")).all())
    assert web.token not in stored
    assert "777888" not in stored


def test_two_first_messages_at_once_open_one_conversation(
    database: Database, cipher: Cipher
) -> None:
    found: list[str] = []
    problems: list[Exception] = []

    def work() -> None:
        try:
            with database.write() as session:
                found.append(
                    identity.open_for(session, cipher, channel="telegram", user_id="9", peer="9").id
                )
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for item in threads:
        item.start()
    for item in threads:
        item.join()
    assert problems == []
    assert len(set(found)) == 1
