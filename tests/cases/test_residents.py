"""Status only against proof, withdrawal of exactly one, supplements that restart the clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from cases import models, service
from cases.states import ResidentWord
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import WANG, conversation, filed, scope


def look(database: Database, cipher: Cipher, **proof: str | None) -> list[service.CaseView]:
    with database.write() as session:
        return service.find_for_resident(session, cipher, **proof)


def test_the_conversation_lists_its_own_cases_newest_first(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    first = filed(database, cipher, "k1", conversation_id=here)
    clock.shift(60)
    second = filed(
        database, cipher, "k2", conversation_id=here, programmes=("yiliao",),
        facts={"name": "徐素华"},
    )  # fmt: skip
    filed(database, cipher, "k3")
    found = look(database, cipher, conversation_id=here)
    assert [view.receipt_no for view in found] == [second.receipt_no, first.receipt_no]
    assert [view.applicant_name for view in found] == ["徐素华", "王桂兰"]
    assert found[1].word is ResidentWord.RECEIVED
    assert (found[1].due_on, found[1].days_left) == (date(2026, 3, 5), 3)
    assert found[1].holder_department_name == "乡镇（街道）民政办"


@pytest.mark.parametrize("tail", ["8000", "138 0013 8000", "８０００"])
def test_receipt_and_phone_tail_prove_and_the_name_stays_masked(
    database: Database, cipher: Cipher, tail: str
) -> None:
    given = filed(database, cipher)
    found = look(database, cipher, receipt_no=given.receipt_no.lower(), phone_tail=tail)
    assert [view.applicant_name for view in found] == ["王**"]


def test_wrong_foreign_and_absent_look_the_same(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    stranger = conversation(database, cipher)
    for proof in (
        {"receipt_no": given.receipt_no},
        {"receipt_no": given.receipt_no, "phone_tail": "8001"},
        {"receipt_no": given.receipt_no, "phone_tail": ""},
        {"receipt_no": given.receipt_no, "conversation_id": stranger},
        {"receipt_no": "WZ000000000000", "phone_tail": "8000"},
        {"receipt_no": "不是回执号", "phone_tail": "8000"},
        {},
    ):
        assert look(database, cipher, **proof) == []


def test_a_case_without_a_phone_cannot_be_proven_by_an_empty_tail(
    database: Database, cipher: Cipher
) -> None:
    given = filed(database, cipher, facts={"household_size": 3})
    for tail in ("", "----", "++++", "0000"):
        assert look(database, cipher, receipt_no=given.receipt_no, phone_tail=tail) == []


def test_five_wrong_tails_close_the_door_for_a_quarter_of_an_hour(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    given = filed(database, cipher)
    for guess in range(5):
        look(database, cipher, receipt_no=given.receipt_no, phone_tail=f"000{guess}")
    with pytest.raises(service.TooManyAttempts) as refused:
        look(database, cipher, receipt_no=given.receipt_no, phone_tail="8000")
    assert refused.value.retry_after_seconds == 15 * 60 + 1
    clock.shift(timedelta(minutes=15, seconds=1))
    assert look(database, cipher, receipt_no=given.receipt_no, phone_tail="8000")


def test_an_absent_receipt_closes_the_same_door(database: Database, cipher: Cipher) -> None:
    absent = {"receipt_no": "WZ000000000000", "phone_tail": "8000"}
    for _ in range(5):
        assert look(database, cipher, **absent) == []
    with pytest.raises(service.TooManyAttempts):
        look(database, cipher, **absent)


def test_one_conversation_cannot_try_many_receipts(database: Database, cipher: Cipher) -> None:
    stranger = conversation(database, cipher)
    for number in range(5):
        look(database, cipher, conversation_id=stranger,
             receipt_no=f"WZ00000000000{number}", phone_tail="8000")  # fmt: skip
    with pytest.raises(service.TooManyAttempts):
        look(database, cipher, conversation_id=stranger, receipt_no="x", phone_tail="8000")


def test_only_the_named_case_is_withdrawn(database: Database, cipher: Cipher) -> None:
    here = conversation(database, cipher)
    mine = filed(database, cipher, "k1", conversation_id=here)
    mother = filed(
        database, cipher, "k2", conversation_id=here, facts={"name": "徐素华"},
        for_relation="母亲",
    )  # fmt: skip
    with database.write() as session:
        view = service.withdraw(session, cipher, here, mine.receipt_no, reason="交重了")
    assert (view.word, view.can_withdraw) == (ResidentWord.RESULT, False)
    with database.read() as session:
        states = {case.receipt_no: case.state for case in session.scalars(select(models.Case))}
        assert states == {mine.receipt_no: "ended", mother.receipt_no: "pending_review"}
        open_leads = session.scalars(
            select(models.Lead).join(models.Case, models.Case.id == models.Lead.case_id)
            .where(models.Lead.state == "pending")
        )  # fmt: skip
        assert len(open_leads.all()) == 2
        given = session.scalars(select(models.Consent).where(models.Consent.withdrawn_at.is_(None)))
        assert len(given.all()) == 2, "only the other case's consents stand"


@pytest.mark.parametrize("receipt_no", ["", "WZ000000000000", "全部", "*"])
def test_without_an_exact_proven_receipt_nothing_is_withdrawn(
    database: Database, cipher: Cipher, receipt_no: str
) -> None:
    here = conversation(database, cipher)
    filed(database, cipher, conversation_id=here)
    with pytest.raises(service.NotFound), database.write() as session:
        service.withdraw(session, cipher, here, receipt_no)
    with database.read() as session:
        assert session.scalars(select(models.Case.state)).all() == ["pending_review"]


def test_a_stranger_cannot_withdraw(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    stranger = conversation(database, cipher)
    with pytest.raises(service.NotFound), database.write() as session:
        service.withdraw(session, cipher, stranger, given.receipt_no)


def test_withdrawing_twice_changes_nothing_more(database: Database, cipher: Cipher) -> None:
    here = conversation(database, cipher)
    given = filed(database, cipher, conversation_id=here)
    for _ in range(2):
        with database.write() as session:
            service.withdraw(session, cipher, here, given.receipt_no)
    with database.read() as session:
        kinds = session.scalars(select(models.CaseEvent.kind)).all()
        assert kinds.count("withdrawn") == 1


def test_a_supplement_corrects_a_fact_and_keeps_the_old_one(
    database: Database, cipher: Cipher
) -> None:
    here = conversation(database, cipher)
    given = filed(database, cipher, conversation_id=here)
    with database.write() as session:
        service.add_supplement(
            session, cipher, here, given.receipt_no, "是四口人", stated={"household_size": 4}
        )
    with database.read() as session:
        rows = session.scalars(
            select(models.CaseFact).where(models.CaseFact.key == "household_size")
        ).all()
        assert sorted((row.value, row.superseded_at is None) for row in rows) == [
            (3, False),
            (4, True),
        ]


def test_papers_stop_the_clock_until_they_come(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    given = filed(database, cipher, conversation_id=here)
    with database.write() as session:
        service.request_papers(session, cipher, scope(), given.receipt_no, "户口簿照片")
    waiting = look(database, cipher, conversation_id=here)[0]
    assert waiting.word is ResidentWord.PAPERS_NEEDED
    assert waiting.papers_needed == "户口簿照片"
    clock.shift(timedelta(days=7))
    with database.write() as session:
        view = service.add_supplement(session, cipher, here, given.receipt_no, "拍好了")
    assert view.word is ResidentWord.RECEIVED
    assert view.due_on == date(2026, 3, 12), "five working days of waiting are given back"


def test_nothing_is_added_to_a_finished_case(database: Database, cipher: Cipher) -> None:
    here = conversation(database, cipher)
    given = filed(database, cipher, conversation_id=here, facts=dict(WANG))
    with database.write() as session:
        service.withdraw(session, cipher, here, given.receipt_no)
    with pytest.raises(service.Conflict), database.write() as session:
        service.add_supplement(session, cipher, here, given.receipt_no, "还有")
