"""The chain: every kind of tampering is found, and the first bad row is named."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cases import events, service
from cases.models import CaseEvent, EventChain
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import filed, scope


@pytest.fixture
def chained(database: Database, cipher: Cipher) -> Database:
    """Two counties with a dozen events each."""
    for key, place in (("k1", "500233107000"), ("k2", "350982")):
        given = filed(database, cipher, key, region_code=place, facts={"household_size": 2})
        worker = scope(place[:6])
        for number in range(10):
            with database.write() as session:
                service.note(session, cipher, worker, given.receipt_no, f"第{number}次电话")
    return database


def test_an_untouched_chain_verifies(chained: Database) -> None:
    with chained.read() as session:
        assert events.verify_all(session) == []
        assert set(session.scalars(select(EventChain.area))) == {"500233", "350982"}


def change_text(session: Session, event: CaseEvent) -> None:
    session.execute(update(CaseEvent).where(CaseEvent.id == event.id).values(text_encrypted="k1.x"))


def change_author(session: Session, event: CaseEvent) -> None:
    session.execute(update(CaseEvent).where(CaseEvent.id == event.id).values(actor_id="b" * 32))


def change_data(session: Session, event: CaseEvent) -> None:
    session.execute(update(CaseEvent).where(CaseEvent.id == event.id).values(data={"to": "closed"}))


def remove(session: Session, event: CaseEvent) -> None:
    session.execute(delete(CaseEvent).where(CaseEvent.id == event.id))


def rewrite_with_fresh_hash(session: Session, event: CaseEvent) -> None:
    event.actor_id = "c" * 32
    event.hash = events.digest(event)
    session.flush()


def move_back_in_time(session: Session, event: CaseEvent) -> None:
    moved = event.created_at.replace(year=2020)
    session.execute(update(CaseEvent).where(CaseEvent.id == event.id).values(created_at=moved))


TAMPERINGS = [
    change_text, change_author, change_data, remove, rewrite_with_fresh_hash, move_back_in_time,
]  # fmt: skip


def test_tampering_with_any_row_is_found(chained: Database) -> None:
    choice = random.Random(7)
    for tamper in TAMPERINGS * 5:
        with pytest.raises(_Undo), chained.write() as session:  # noqa: PT012
            rows = session.scalars(select(CaseEvent).where(CaseEvent.chain_area == "500233")).all()
            event = choice.choice(rows)
            seq = event.seq
            tamper(session, event)
            session.expire_all()
            broken = events.verify_all(session)
            assert [found.area for found in broken] == ["500233"]
            assert broken[0].seq in (seq, seq + 1)
            raise _Undo


def test_a_cut_off_tail_is_found(chained: Database) -> None:
    with chained.write() as session:
        last = session.scalar(
            select(CaseEvent)
            .where(CaseEvent.chain_area == "350982")
            .order_by(CaseEvent.seq.desc())
            .limit(1)
        )
        assert last is not None
        remove(session, last)
        assert [found.why for found in events.verify_all(session)] == ["cut off"]


def test_two_swapped_rows_are_found(chained: Database) -> None:
    with chained.write() as session:
        first, second = session.scalars(
            select(CaseEvent)
            .where(CaseEvent.chain_area == "350982", CaseEvent.seq.in_([3, 4]))
            .order_by(CaseEvent.seq)
        )
        for event, seq in ((first, 900), (second, 3), (first, 4)):
            session.execute(update(CaseEvent).where(CaseEvent.id == event.id).values(seq=seq))
        session.expire_all()
        assert events.verify(session, "350982") is not None


class _Undo(Exception):
    pass
