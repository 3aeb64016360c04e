"""@ in a note: the named colleague is told, alone, and only one who may see the case."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases import access, models, service
from cases.repository import CaseRepository, Scope
from cases.states import Role
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, filed, scope, staff_row

CHEN = scope()
LI = scope(worker_id="b" * 32)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "c" * 32)
FAR = scope("350982", worker_id="d" * 32)
ADMIN = scope(role=Role.ADMINISTRATOR, worker_id="e" * 32)
NAMES = {CHEN: "陈明", LI: "李芳", TOWN: "李芳芳", FAR: "远方", ADMIN: "管理"}


@pytest.fixture
def number(database: Database, cipher: Cipher) -> str:
    with database.write() as session:
        for person, name in NAMES.items():
            staff_row(session, person)
            session.get_one(models.Staff, person.worker_id).name = name
    return filed(database, cipher).receipt_no


def note(database: Database, cipher: Cipher, number: str, said: str, worker: Scope = CHEN) -> None:
    with database.write() as session:
        service.note(session, cipher, worker, number, said)


def told(database: Database, worker: Scope) -> int:
    with database.read() as session:
        unseen = CaseRepository(session, worker).unseen_notices()
        return sum(one.kind == "mention" for one in unseen)


@pytest.mark.parametrize(
    ("said", "whom"),
    [
        ("@李芳 请核实收入", [LI]),
        ("请@李芳看一下房产", [LI]),
        ("＠李芳芳 明天一起入户", [TOWN]),
        (f"@u{'c' * 8}，明天入户", [TOWN]),
        ("@李芳 @李芳芳 你们定个时间", [LI, TOWN]),
        ("@陈明 记一下", []),
        ("邮箱 wang@example.com", []),
        ("价格 5 @ 每斤", []),
    ],
)
def test_a_note_reaches_the_person_it_names(
    database: Database, cipher: Cipher, number: str, said: str, whom: list[Scope]
) -> None:
    note(database, cipher, number, said)
    assert [worker for worker in (CHEN, LI, TOWN) if told(database, worker)] == whom


def test_only_the_named_person_makes_it_disappear(
    database: Database, cipher: Cipher, number: str
) -> None:
    note(database, cipher, number, "@李芳 请核实收入")
    note(database, cipher, number, "@李芳 请核实收入")
    assert told(database, LI) == 1, "a double click tells once"
    for worker, left in ((CHEN, 1), (LI, 0)):
        with database.write() as session:
            access.record_opening(session, cipher, worker, number)
        assert told(database, LI) == left


@pytest.mark.parametrize(
    "said", ["@远方 看一下", "@管理 看一下", "@没有这人 看一下", "@" + "某" * 40]
)
def test_who_may_not_see_the_case_is_not_told_and_the_writer_hears_it(
    database: Database, cipher: Cipher, number: str, said: str
) -> None:
    with pytest.raises(service.BadInput, match="不在这位同事的范围内"):
        note(database, cipher, number, said)
    with database.read() as session:
        assert not session.scalars(
            select(models.Notice).where(models.Notice.kind == "mention")
        ).all()
        assert "note" not in session.scalars(select(models.CaseEvent.kind)).all()
