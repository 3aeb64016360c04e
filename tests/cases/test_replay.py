"""The row of a case is what its events tell, whatever was done to it and in whatever order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import models, replay, service
from cases.states import OPEN_LEAD_STATES, CaseState
from devtools.audit import report
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import filed, scope, staff_row

CHEN = scope()
LI = scope(worker_id="b" * 32)
WHY = "查明家里情况，按规定办理"
DEPARTMENTS_NEEDS = ("medical", "education", "housing", "employment")
Deed = Callable[[Session, Cipher, random.Random, list[str]], Any]
Said = Callable[[Session, Cipher, str | None, str, str], Any]


def lead_of(session: Session, rng: random.Random, number: str) -> str:
    query = select(models.Lead.id).join(models.Case, models.Case.id == models.Lead.case_id)
    mine = query.where(models.Case.receipt_no == number).order_by(models.Lead.department)
    return rng.choice(session.scalars(mine).all())


def of_lead(step: Callable[..., Any], *rest: str) -> Deed:
    def deed(session: Session, cipher: Cipher, rng: random.Random, numbers: list[str]) -> Any:
        number = rng.choice(numbers)
        return step(session, cipher, CHEN, number, lead_of(session, rng, number), *rest)

    return deed


def of_case(step: Callable[..., Any], *rest: Any, who: Any = CHEN) -> Deed:
    return lambda session, cipher, rng, numbers: step(
        session, cipher, who, rng.choice(numbers), *rest
    )


def of_two(step: Callable[..., Any]) -> Deed:
    return lambda session, cipher, rng, numbers: step(
        session, cipher, CHEN, *rng.sample(numbers, 2), WHY
    )


def to_a_state(session: Session, cipher: Cipher, rng: random.Random, numbers: list[str]) -> Any:
    to = rng.choice(list(CaseState))
    return service.change_status(session, cipher, CHEN, rng.choice(numbers), to, WHY)


def by_the_resident(step: Said) -> Deed:
    def deed(session: Session, cipher: Cipher, rng: random.Random, numbers: list[str]) -> Any:
        number = rng.choice(numbers)
        query = select(models.Case.conversation_id).where(models.Case.receipt_no == number)
        return step(session, cipher, session.scalar(query), number, f"k{rng.random()}")

    return deed


def add_words(session: Session, cipher: Cipher, talk: str | None, number: str, key: str) -> Any:
    return service.add_supplement(session, cipher, talk, number, f"又住院了{key}")


def want_a_person(session: Session, cipher: Cipher, talk: str | None, _: str, key: str) -> Any:
    return service.request_person(session, cipher, talk or "", "找个人", key)


def cry(session: Session, cipher: Cipher, talk: str | None, _: str, key: str) -> Any:
    return service.open_duty_lead(session, cipher, talk or "", "no_food", "揭不开锅", key)


def withdraw(session: Session, cipher: Cipher, talk: str | None, number: str, _: str) -> Any:
    return service.withdraw(session, cipher, talk, number)


def undelivered(session: Session, cipher: Cipher, rng: random.Random, numbers: list[str]) -> Any:
    unit = rng.choice(["yibao", "xiangzhen", "minzheng"])
    due = (clock.today() + timedelta(days=9)).isoformat()
    terms = service.Terms(cause="missed", unit=unit, due=due)
    return service.dispose(session, cipher, CHEN, rng.choice(numbers), "D1", WHY, None, terms)


def close(session: Session, cipher: Cipher, rng: random.Random, numbers: list[str]) -> Any:
    """Every lead answered first, for few cases come that far by chance."""
    number = rng.choice(numbers)
    query = select(models.Lead).join(models.Case, models.Case.id == models.Lead.case_id)
    for lead in session.scalars(query.where(models.Case.receipt_no == number)).all():
        if lead.state in OPEN_LEAD_STATES:
            service.answer_lead(session, cipher, CHEN, number, lead.id, "helped", "已经纳入救助")
    return service.close(session, cipher, CHEN, number, WHY, "D2")


DEEDS: dict[str, Deed] = {
    "undelivered": undelivered,
    "leave": lambda session, cipher, rng, numbers: service.leave(
        session, cipher, CHEN, rng.choice(numbers), "moved", clock.today().isoformat(), WHY
    ),
    "not helped": of_lead(service.answer_lead, "papers_needed", "还缺材料"),
    "claim": of_case(service.claim),
    "claim again": of_case(service.claim, who=LI),
    "assign": of_case(service.assign, "ubbbbbbbb"),
    "accept": of_lead(service.accept_lead),
    "return": of_lead(service.return_lead, "不归我们办理"),
    "answer": of_lead(service.answer_lead, "helped", "已经纳入救助"),
    "status": to_a_state,
    "reroute": lambda session, cipher, rng, numbers: service.reroute(
        session, cipher, CHEN, rng.choice(numbers), rng.choice(DEPARTMENTS_NEEDS)
    ),
    "papers": of_case(service.request_papers, "户口本"),
    "gradual": of_case(service.start_gradual_exit, 2, WHY),
    "dispose": of_case(service.dispose, "D2", WHY),
    "cancel": of_case(service.cancel_disposition, WHY),
    "close": close,
    "end": of_case(service.close, WHY, "D4", None, "收入已超过标准两倍"),
    "confirm": of_case(service.close, WHY, who=LI),
    "merge": of_two(service.merge),
    "undo": of_case(service.undo_merge, WHY),
    "supplement": by_the_resident(add_words),
    "person": by_the_resident(want_a_person),
    "alert": by_the_resident(cry),
    "withdraw": by_the_resident(withdraw),
}
RARE = {"withdraw": 1, "leave": 1, "close": 2}  # of ten: or soon nothing is open


@pytest.fixture
def desk(database: Database) -> Database:
    with database.write() as session:
        staff_row(session, CHEN)
        staff_row(session, LI)
    return database


def differing(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        return list(replay.differences(session, "500233"))


def walk(database: Database, cipher: Cipher, seed: int, deeds: int) -> Counter[str]:
    """Random deeds on a handful of cases; what was done, not what was refused."""
    rng, done = random.Random(seed), Counter[str]()
    for number in range(4):
        urgency = "emergency" if number == 3 else "normal"
        filed(database, cipher, f"k{seed}.{number}", urgency=urgency,
              programmes=("dibao", "yiliao"))  # fmt: skip
    for _ in range(deeds):
        with database.read() as session:
            order = (models.Case.created_at, models.Case.id)
            numbers = list(session.scalars(select(models.Case.receipt_no).order_by(*order)))[-6:]
        name = rng.choices(sorted(DEEDS), [RARE.get(deed, 10) for deed in sorted(DEEDS)])[0]
        try:
            with database.write() as session:
                DEEDS[name](session, cipher, rng, numbers)
        except service.CaseError:
            continue
        done[name] += 1
        assert differing(database) == [], (seed, name)
    return done


def test_the_row_is_what_the_events_tell_after_every_deed(desk: Database, cipher: Cipher) -> None:
    done = Counter[str]()
    for seed in range(6):
        done += walk(desk, cipher, seed, 150)
    assert set(done) == set(DEEDS)  # each was done, none only refused
    assert report(desk)[1]


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [("state", "closed", "状态"), ("claimed_by", None, "经办人")],
)
def test_a_row_changed_past_the_application_is_named(
    desk: Database, cipher: Cipher, column: str, value: Any, named: str
) -> None:
    number = filed(desk, cipher).receipt_no
    with desk.write() as session:
        service.claim(session, cipher, CHEN, number)
    assert differing(desk) == []
    with desk.write() as session:
        session.execute(sa.update(models.Case).values({column: value}))
    assert differing(desk) == [(number, named)]
    lines, good = report(desk)
    assert not good
    assert number in "".join(lines)


def test_a_lead_changed_past_the_application_is_named(desk: Database, cipher: Cipher) -> None:
    number = filed(desk, cipher).receipt_no
    with desk.write() as session:
        session.execute(sa.update(models.Lead).values(state="answered"))
    assert differing(desk) == [(number, "线索")]
