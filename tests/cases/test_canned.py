"""Replies that staff begin from: filled from the case, never sent with a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from cases import canned, service, views
from cases.errors import BadInput
from cases.repository import CaseRepository
from cases.states import Role
from conversations import thread
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, conversation, filed, scope, staff_row

CHEN = scope()
DUTY = scope("500233", "duty", Role.DUTY_OFFICER, "e" * 32)


def offered(
    database: Database, cipher: Cipher, number: str, who: object = CHEN
) -> dict[str, canned.Filled]:
    with database.read() as session:
        repository = CaseRepository(session, who)  # type: ignore[arg-type]
        found = views.detail(repository, cipher, repository.get(number))
    return {one.code: one for one in canned.for_case(found, who)}  # type: ignore[arg-type]


def test_a_text_is_filled_from_the_case(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    receipt = filed(database, cipher)
    texts = offered(database, cipher, receipt.receipt_no)
    day: date = receipt.due_on
    assert texts["received"].text == (
        f"您好，您说的情况我们收到了，回执号{receipt.receipt_no}，由乡镇（街道）民政办办理。"
        f"{day.month}月{day.day}日前我们会和您联系。"
    )
    assert texts["received"].gaps == ()
    assert texts["visit"].gaps == ("日期", "钟点")
    assert "【请填：日期】" in texts["visit"].text
    every = "".join(one.text for one in texts.values())
    assert "王" not in every, "no name of a resident"
    assert "138" not in every, "no number of a resident"


def test_a_deadline_that_stands_still_is_not_promised(database: Database, cipher: Cipher) -> None:
    number = filed(database, cipher).receipt_no
    with database.write() as session:
        staff_row(session, CHEN)
        service.request_papers(session, cipher, CHEN, number, "户口本")
    texts = offered(database, cipher, number)
    assert texts["received"].gaps == ("期限",)
    assert "户口本" in texts["papers"].text, "what is awaited is known"


def test_a_deadline_that_is_past_is_not_promised(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    number = filed(database, cipher).receipt_no
    clock.shift(timedelta(days=40))
    for code in ("received", "due", "forwarded"):
        assert offered(database, cipher, number)[code].gaps == ("期限",)


def test_only_confirmed_hours_are_told(database: Database, cipher: Cipher) -> None:
    number = filed(database, cipher, urgency="emergency").receipt_no
    assert offered(database, cipher, number)["office"].gaps == ("办公地址", "办公时间")
    assert "全天" in offered(database, cipher, number, DUTY)["office"].text


@pytest.mark.parametrize("way", ["reply", "papers"])
def test_nothing_is_sent_with_a_gap(database: Database, cipher: Cipher, way: str) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no
    send = {"reply": service.reply, "papers": service.request_papers}[way]
    text = offered(database, cipher, number)["visit"].text
    with database.write() as session:
        staff_row(session, CHEN)
    with pytest.raises(BadInput) as refused, database.write() as session:
        send(session, cipher, CHEN, number, text)
    assert refused.value.reason == "还有没填的：日期、钟点。填好再发"
    with database.read() as session:
        assert not [m for m in thread.messages(session, cipher, here) if "到您家里" in m.text]
    done = text.replace("【请填：日期】", "明天").replace("【请填：钟点】", "上午")
    with database.write() as session:
        send(session, cipher, CHEN, number, done)


@pytest.mark.parametrize(
    ("name", "said"),
    [("陈建国", "陈同志"), ("欧阳小芳", "欧阳同志"), ("老陈", "老陈"), ("小何", "小何"),
     ("忠县民政局老陈", "忠县民政局老陈"), ("Ana", "Ana")],
)  # fmt: skip
def test_a_colleague_is_named_without_the_full_name(name: str, said: str) -> None:
    assert canned.called(name) == said


def test_an_unknown_parameter_is_a_fault_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"parameters": {"day": "日期"}, "texts": {"x": {"title": "x", "text": "{dya}"}}}
    monkeypatch.setattr(canned, "_document", lambda: broken)
    canned.parameters.cache_clear()
    canned.table.cache_clear()
    try:
        with pytest.raises(ValueError, match="dya"):
            canned.table()
    finally:
        canned.parameters.cache_clear()
        canned.table.cache_clear()


def test_what_a_resident_typed_is_never_a_parameter(database: Database, cipher: Cipher) -> None:
    number = filed(database, cipher, region_code=SHIBAO).receipt_no
    one = canned.Canned("x", "x", "{receipt}{papers}")
    assert canned.fill(one, {"receipt": number, "papers": "{area}"}).text == f"{number}{{area}}"
