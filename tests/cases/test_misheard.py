"""Sentences that were not understood: kept for their time and no longer, labelled in one click."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from ruamel.yaml import YAML
from sqlalchemy import select

from cases import likeness, misheard, misheard_desk, service
from cases.errors import BadInput, Conflict, NotAllowed
from cases.misheard import Heard, Misheard, Reason
from cases.states import Role
from cases.sweep import sweep
from conversations import dialogue
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import conversation, scope
from tests.cases.waiting_desk import TOWN, Desk

ROOT = Path(__file__).parents[2]
EDITOR = scope(role=Role.CONTENT_EDITOR)
OTHER = scope(role=Role.CONTENT_EDITOR, worker_id="b" * 32)


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


def test_like_sentences_come_together_and_the_order_does_not_matter() -> None:
    said = [
        "低保钱怎么还没打下来", "这个月低保钱没打下来", "低保的钱还没打到卡上",
        "低保钱没打下来咋回事",
        "残疾证过期了在哪换", "残疾证过期去哪换", "你吃饭没有",
    ]  # fmt: skip
    found = [{said[at] for at in group} for group in likeness.groups(said)]
    assert found == [set(said[:4]), set(said[4:6]), set(said[6:])]
    turned = said[::-1]
    again = [{turned[at] for at in group} for group in likeness.groups(turned)]
    assert sorted(again, key=sorted) == sorted(found, key=sorted)
    assert likeness.groups([]) == []
    assert sorted(map(len, likeness.groups(["没有", "没有"], ["car", None]))) == [1, 1]


def test_a_click_labels_the_chosen_and_can_be_taken_back(
    database: Database, cipher: Cipher
) -> None:
    keep(database, cipher, heard(1, "低保钱没打下来"), heard(2, "低保钱没打下来"))
    keep(
        database, cipher, heard(3, "这个月低保钱没打下来", ranking=(("ask_payment_problem", 0.9),)),
        heard(4, "你吃饭没有", ranking=(("nlu_fallback", 0.4), ("greet", 0.1))),
    )  # fmt: skip
    with database.read() as session:
        first, second = misheard_desk.clusters(session, cipher, EDITOR)
    assert (first.size, [len(one.ids) for one in first.sentences]) == (3, [2, 1])
    assert first.likely == ("ask_payment_problem", "ask_amount_standard", "ask_materials")
    assert second.likely == ("greet",)
    with database.write() as session:
        click = misheard_desk.label(
            session, cipher, EDITOR, [first.sentences[0].id], "ask_payment_problem"
        )
    assert click.count == 2
    with database.read() as session:
        left = misheard_desk.clusters(session, cipher, EDITOR)
        assert sorted(one.sentences[0].text for one in left) == [
            "你吃饭没有",
            "这个月低保钱没打下来",
        ]
        assert misheard_desk.labelled(session, EDITOR) == {"ask_payment_problem": 2}
    with database.write() as session, pytest.raises(Conflict):
        misheard_desk.undo(session, OTHER, click.batch)
    with database.write() as session:
        assert misheard_desk.undo(session, EDITOR, click.batch) == 2
    with database.read() as session:
        assert misheard_desk.clusters(session, cipher, EDITOR)[0].size == 3


def test_who_was_slower_hears_it_and_changes_nothing(database: Database, cipher: Cipher) -> None:
    keep(database, cipher, heard(1))
    with database.read() as session:
        (found,) = misheard_desk.clusters(session, cipher, EDITOR)
    with database.write() as session:
        misheard_desk.label(session, cipher, EDITOR, [found.id], "greet")
    for step in (
        lambda s: misheard_desk.label(s, cipher, OTHER, [found.id], "thanks"),
        lambda s: misheard_desk.discard(s, cipher, OTHER, [found.id]),
    ):
        with database.write() as session, pytest.raises(Conflict):
            step(session)
    with database.read() as session:
        assert misheard_desk.labelled(session, EDITOR) == {"greet": 1}


def test_what_is_not_to_be_learnt_is_gone_at_once(database: Database, cipher: Cipher) -> None:
    keep(database, cipher, heard(1, "留着的话"), heard(2, "大毛家的事"))
    with database.read() as session:
        found = misheard_desk.clusters(session, cipher, EDITOR)
    tells = next(one for one in found if one.sentences[0].text == "大毛家的事")
    with database.write() as session:
        assert misheard_desk.discard(session, cipher, EDITOR, [tells.id]) == 1
    assert stored(database, cipher) == ["留着的话"]


def test_only_who_sees_no_cases_may_read_them(database: Database, cipher: Cipher) -> None:
    keep(database, cipher, heard(1))
    for role in set(Role) - {Role.CONTENT_EDITOR}:
        with database.read() as session, pytest.raises(NotAllowed):
            misheard_desk.clusters(session, cipher, scope(role=role))
    with database.write() as session, pytest.raises(BadInput):
        misheard_desk.label(session, cipher, EDITOR, ["x"], "nlu_fallback")
    with database.write() as session, pytest.raises(BadInput):
        misheard_desk.label(session, cipher, EDITOR, [], "greet")
    service_ = scope(role=Role.CONTENT_EDITOR, worker_id="token:" + "c" * 32)
    with database.write() as session, pytest.raises(NotAllowed):
        misheard_desk.label(session, cipher, service_, ["x"], "greet")


def test_every_label_of_the_language_model_has_words() -> None:
    names = set()
    for path in sorted((ROOT / "domain").glob("*.yml")):
        listed = YAML(typ="safe").load(path.read_text("utf-8")).get("intents") or []
        names |= {one if isinstance(one, str) else next(iter(one)) for one in listed}
    assert set(misheard_desk.labels()) == names - {"nlu_fallback"}
