"""Each chat in its order, one effect for each update, and nobody held up by somebody else."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import httpx2 as httpx
import pytest
from sqlalchemy import select, update

import channels.app
from conversations import identity, outbox
from conversations.models import OutboxMessage
from foundation import clock
from foundation.leases import JobState
from foundation.runtime import Runtime
from tests.channels.bot_api import (
    BLOCKED,
    FLOOD,
    REFUSED,
    RESET,
    BotApi,
    Failure,
    eventually,
    serving,
)
from tests.channels.engines import EchoEngine
from tests.channels.telegram.helpers import (
    ON_SQLITE,
    let_leases_run_out,
    settled,
    staff_says,
    unsent,
)


@ON_SQLITE
class TestOneEffect:
    def test_fifty_repeats_shuffled_and_after_a_restart_are_one(
        self, api: BotApi, runtime: Runtime, engine: EchoEngine
    ) -> None:
        with serving(channels.app.create_app(runtime)):
            said = [api.say(7, "第0句"), api.say(8, "第0句"), api.say(7, "第1句")]
            eventually(lambda: len(api.sent) == 3)
            repeats = said * 50
            random.Random(3).shuffle(repeats)
            api.hand_out_again(repeats)
            eventually(lambda: api.handed_out >= 153)
            api.say(9, "都重复完了")
            eventually(lambda: api.texts(9))
        with serving(channels.app.create_app(runtime)):
            api.hand_out_again(repeats[:40])
            api.say(9, "又开始了")
            eventually(lambda: len(api.texts(9)) == 2)
            eventually(lambda: settled(runtime))
        assert len(engine.asked) == 5
        assert api.texts(7) == ["您说：第0句", "您说：第1句"]
        assert api.texts(8) == ["您说：第0句"]


@ON_SQLITE
@pytest.mark.usefixtures("app")
class TestOrderAndFairness:
    def test_each_chat_is_answered_in_its_order(self, api: BotApi, engine: EchoEngine) -> None:
        engine.before_answer = lambda: time.sleep(random.uniform(0, 0.03))
        for n in range(5):
            for chat in range(1, 7):
                api.say(chat, f"{n}")
        eventually(lambda: len(api.sent) == 30)
        for chat in range(1, 7):
            assert api.texts(chat) == [f"您说：{n}" for n in range(5)]

    def test_failures_and_resets_are_waited_out_in_order(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.failures[7].extend([Failure(502, "Bad Gateway"), Failure(502, "Bad Gateway")])
        api.failures[8].append(RESET)
        for n in range(3):
            api.say(7, f"{n}")
            api.say(8, f"{n}")
        eventually(lambda: len(api.sent) == 6 and settled(runtime))
        for chat in (7, 8):
            assert api.texts(chat) == ["您说：0", "您说：1", "您说：2"]
        # nothing went ahead of the message that had to wait
        assert [text for chat, text in api.tried if chat == 7][:3] == ["您说：0"] * 3

    def test_a_flood_is_waited_out_as_long_as_telegram_asks_and_nobody_else_waits(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.failures[7].append(FLOOD)
        api.say(7, "0")
        eventually(lambda: api.tried)
        api.say(7, "1")
        for n in range(5):
            api.say(8, f"{n}")
        eventually(lambda: len(api.texts(8)) == 5 and unsent(runtime) == 2)
        assert api.tried.count((7, "您说：0")) == 1
        with runtime.database.read() as session:
            waits = select(OutboxMessage.due_at).where(OutboxMessage.last_error == "too_many")
            asked_for = timedelta(seconds=FLOOD.retry_after or 0)
            assert session.scalars(waits).one() > clock.now() + asked_for / 2
        let_leases_run_out(runtime)
        eventually(lambda: settled(runtime))
        assert api.texts(7) == ["您说：0", "您说：1"]

    def test_a_resident_who_blocked_us_holds_up_nobody_and_hears_all_on_return(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.failures[7].append(BLOCKED)
        api.say(7, "一")
        eventually(lambda: api.tried == [(7, "您说：一")])
        for n in range(5):
            api.say(8, f"{n}")
        eventually(lambda: len(api.texts(8)) == 5)
        assert api.texts(7) == []
        with runtime.database.read() as session:
            waits = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.seq == 2))
            assert max(waits) > clock.now()
        api.say(7, "二")
        eventually(lambda: len(api.texts(7)) == 2)
        assert api.texts(7) == ["您说：一", "您说：二"]

    def test_a_message_refused_for_good_does_not_hold_up_the_next(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.failures[7].append(REFUSED)
        api.say(7, "一")
        api.say(7, "二")
        eventually(lambda: settled(runtime) and api.texts(7) == ["您说：二"])
        with runtime.database.read() as session:
            dead = session.scalars(select(OutboxMessage).where(OutboxMessage.state == "dead")).one()
            assert (dead.state, dead.last_error) == (JobState.DEAD, "refused")

    def test_many_messages_of_one_resident_leave_room_for_others(
        self, api: BotApi, app: httpx.Client, engine: EchoEngine
    ) -> None:
        engine.before_answer = lambda: time.sleep(0.3)
        for n in range(20):
            api.say(7, f"{n}")
        api.say(8, "我也在")
        eventually(lambda: api.texts(8))
        assert len(api.texts(7)) < 20
        web = app.post("/chat/conversations").json()
        assert "问助" in web["messages"][0]["text"]


@ON_SQLITE
def test_a_reply_that_failed_a_hundred_times_is_still_tried(runtime: Runtime) -> None:
    with runtime.database.write() as session:
        identity.open_for(session, runtime.cipher, channel="telegram", user_id="7", peer="7")
    staff_says(runtime, "您好")
    with runtime.database.write() as session:
        session.execute(update(OutboxMessage).values(attempts=100))
        (row,) = outbox.claim_due(session, "telegram")
        assert outbox.retry(session, row, row.lease_id, "network") == JobState.RETRY
