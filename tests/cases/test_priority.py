"""The order of the queue: same inputs, same order; few visible factors; nobody starves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cases import models, priority, service
from cases.priority import Inputs
from cases.repository import CaseRepository, Filter, View
from cases.states import Urgency
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import WANG, conversation, filed, scope

START = datetime(2026, 3, 2, tzinfo=UTC)
anything = st.builds(
    Inputs,
    due_at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    urgency=st.sampled_from(list(Urgency)),
    needs_care=st.booleans(),
    awaits_answer=st.booleans(),
    channels=st.integers(1, 5),
    paused=st.booleans(),
)


@given(found=anything)
def test_at_most_six_reasons_and_each_is_visible(found: Inputs) -> None:
    listed = priority.factors(found)
    assert len(listed) + 1 <= 6, "with the deadline itself"
    assert all(factor.word and factor.days for factor in listed)
    moved = found.due_at - priority.place(found)
    assert moved == timedelta(days=sum(factor.days for factor in listed))


@given(old=anything, new=anything)
def test_nothing_starves(old: Inputs, new: Inputs) -> None:
    """Whatever has its deadline MOST_DAYS later goes after, unless it is an emergency."""
    if old.paused or new.urgency == Urgency.EMERGENCY:
        return
    if new.due_at > old.due_at + timedelta(days=priority.MOST_DAYS):
        assert priority.place(old) < priority.place(new)


@given(found=anything)
def test_an_emergency_goes_before_all_of_its_year(found: Inputs) -> None:
    emergency = Inputs(found.due_at, Urgency.EMERGENCY, False, False, 1, False)
    if found.urgency != Urgency.EMERGENCY:
        assert priority.place(emergency) < priority.place(found)


def receipts(database: Database, cipher: Cipher) -> list[str]:
    with database.read() as session:
        found = CaseRepository(session, scope()).page(cipher, Filter(view=View.OPEN))
        return [case.receipt_no for case in found.cases]


def test_the_list_follows_the_factors(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    plain = filed(database, cipher, "k1", facts={"name": "甲一"}).receipt_no
    clock.shift(timedelta(minutes=1))
    here = conversation(database, cipher)
    care = filed(
        database, cipher, "k2", facts={**WANG, "num_children": 2}, conversation_id=here
    ).receipt_no
    fire = filed(database, cipher, "k3", facts={"name": "丙"}, urgency="emergency").receipt_no
    assert receipts(database, cipher) == [fire, care, plain]
    assert receipts(database, cipher) == [fire, care, plain]
    with database.write() as session:
        service.request_papers(session, cipher, scope(), care, "户口簿")
    assert receipts(database, cipher) == [fire, plain, care], "a paused case waits behind"
    with database.write() as session:
        service.add_supplement(session, cipher, here, care, "户口簿拍好了")
        found = session.scalars(select(models.Case).where(models.Case.receipt_no == care)).one()
        words = [one.word for one in priority.factors(priority.inputs(session, cipher, found))]
    assert words == ["有儿童、独居、重残或卧床的人", "居民在等回话"]
    assert receipts(database, cipher) == [fire, care, plain]
