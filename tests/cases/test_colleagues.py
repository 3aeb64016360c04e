"""Whom a case can be given to: the list says what the step takes."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import casework, colleagues, models, service
from cases.repository import CaseRepository
from cases.rights import Right
from cases.service import BadInput
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import filed, scope

PEOPLE = (
    ("chen", "陈审核", "county_reviewer", "500233", "minzheng"),
    ("zhou", "周受理", "township_clerk", "500233107000", "xiangzhen"),
    ("elsewhere", "陈审核", "county_reviewer", "350982", "minzheng"),
    ("wide", "杨督导", "inspector", "500000", "minzheng"),
    ("town2", "何受理", "township_clerk", "500233101000", "xiangzhen"),
    ("yibao", "林经办", "department_officer", "500233", "yibao"),
    ("audit", "马审计", "auditor", "500233", "minzheng"),
    ("gone", "黄受理", "township_clerk", "500233107000", "xiangzhen"),
)


def account(session: Session, login: str, name: str, role: str, area: str, department: str) -> None:
    session.add(
        models.Staff(
            login=login, name=name, password_hash="-", role=role, area_code=area,
            department=department, active=login != "gone", created_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


@pytest.fixture
def number(database: Database, cipher: Cipher) -> str:
    with database.write() as session:
        for person in PEOPLE:
            account(session, *person)
    return filed(database, cipher).receipt_no


def able(session: Session, number: str) -> list[str]:
    case = CaseRepository(session, scope()).get(number)
    return [one.login for one in colleagues.able(session, case, Right.CASE_CLAIM)]


@pytest.mark.parametrize("place", ["500233107000", None])
def test_the_list_holds_exactly_those_whom_the_step_takes(
    database: Database, cipher: Cipher, number: str, place: str | None
) -> None:
    given = filed(database, cipher, "k9", region_code=place).receipt_no
    with database.read() as session:
        listed = able(session, given)
        everybody = list(session.scalars(select(models.Staff.login)))
    taken = []
    for login in everybody:
        try:
            with database.write() as session:
                casework.assign(session, cipher, scope("100000"), given, login)
                taken.append(login)
        except BadInput:
            continue
    assert sorted(listed) == sorted(taken)
    assert "gone" not in listed
    assert "chen" in listed


def test_a_name_that_one_colleague_has_is_enough_and_of_several_it_is_asked_which(
    database: Database, cipher: Cipher, number: str
) -> None:
    with database.write() as session:
        case = service.assign(session, cipher, scope(), number, "陈审核")  # the other one is far
        chosen = session.get_one(models.Staff, case.claimed_by or "")
        assert chosen.login == "chen"
        account(session, "chen2", "陈审核", "county_reviewer", "500233", "minzheng")
    with database.write() as session, pytest.raises(BadInput, match="有好几位同事叫这个名字"):
        service.assign(session, cipher, scope(), number, "陈审核")
    with database.write() as session, pytest.raises(BadInput, match="没有这位"):
        service.assign(session, cipher, scope(), number, "张三")
