"""Sentences that were not understood: kept for their time and no longer, labelled in one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cases import misheard, service
from cases.misheard import Heard, Misheard, Reason
from cases.sweep import sweep
from conversations import dialogue
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import conversation
from tests.cases.waiting_desk import TOWN, Desk


def heard(number: int, text: str = "那个啥子钱", **changes: object) -> Heard:
    values: dict[str, object] = {
        "message_id": f"m{number}", "text": text, "guess": "nlu_fallback", "confidence": 0.2,
        "ranking": (("ask_amount_standard", 0.2), ("ask_materials", 0.1)),
    }  # fmt: skip
    return Heard(**{**values, **changes})  # type: ignore[arg-type]


def keep(database: Database, cipher: Cipher, *sentences: Heard) -> str:
    """Kept in one conversation, whose id is returned."""
    chat = conversation(database, cipher)
    with database.write() as session:
        for one in sentences:
            misheard.keep(session, cipher, chat, one, Reason.MISSED)
    return chat


def stored(database: Database, cipher: Cipher) -> list[str]:
    with database.read() as session:
        return sorted(misheard.text_of(cipher, row) for row in session.scalars(select(Misheard)))


def test_the_sweep_deletes_after_the_days_of_the_table(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    days = misheard.rules()["keep_days"]
    keep(database, cipher, heard(1, "没人标过"), heard(2, "标过的"))
    with database.write() as session:
        rows = {misheard.text_of(cipher, row): row for row in session.scalars(select(Misheard))}
        rows["标过的"].label = "greet"
    for passed, left in (
        (days["waiting"] - 1, ["标过的", "没人标过"]),
        (1, ["标过的"]),
        (days["labelled"] - days["waiting"] - 1, ["标过的"]),
        (1, []),
    ):
        clock.shift(timedelta(days=passed))
        sweep(database, cipher)
        assert stored(database, cipher) == left


def test_forgetting_one_conversation_leaves_the_others(database: Database, cipher: Cipher) -> None:
    chat = keep(database, cipher, heard(1, "甲说的话"))
    keep(database, cipher, heard(1, "乙说的话"))
    with database.write() as session:
        misheard.forget(session, cipher, chat)
    assert stored(database, cipher) == ["乙说的话"]


def test_no_days_keep_nothing(
    database: Database, cipher: Cipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(misheard.rules()["keep_days"], "waiting", 0)  # type: ignore[arg-type]
    keep(database, cipher, heard(1))
    assert stored(database, cipher) == []


def test_what_was_said_before_staff_take_the_chat_from_the_bot_is_kept_once(desk: Desk) -> None:
    chat = desk.ask()
    remembered = {misheard.LAST_HEARD: heard(1, "某某的钱没到").to_json()}
    with desk.database.write() as session:
        dialogue.save(session, desk.cipher, chat, remembered, "m1", [])
    for _ in range(2):
        desk.do(service.take_over, TOWN, chat)
    assert stored(desk.database, desk.cipher) == ["某某的钱没到"]
    with desk.database.read() as session:
        row = session.scalars(select(Misheard)).one()
    assert (row.reason, row.ranking[0]) == (Reason.TAKEN, ["ask_amount_standard", 0.2])
