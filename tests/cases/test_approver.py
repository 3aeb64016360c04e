"""Who approves is configuration: the county, or a second person of the township."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from cases import approver, clock, events, models, service, views
from cases.granted import AidGrant
from cases.next_step import suggest
from cases.repository import CaseRepository, Scope
from cases.rights import Right
from cases.service import Award, NotAllowed
from cases.states import Role
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, ZHONGXIAN, filed, scope

pytestmark = pytest.mark.usefixtures("clock")
COUNTY = scope()
COUNTY_TOO = scope(worker_id="b" * 32)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "c" * 32)
TOWN_TOO = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "d" * 32)
INSPECTOR = scope("500000", "minzheng", Role.INSPECTOR, "e" * 32)
SERVICE = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "token:" + "f" * 32)
DIBAO = Award("dibao", "650", "month", "2026-04-01", "3")
LINSHI = Award("linshi", "2000", "once", "2026-03-02", "3")
HERE = "这里的审核确认权限放到了乡镇"
WHY = "入户核查：家庭收入已高于标准"


@pytest.fixture
def handed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The townships of 忠县 decide."""
    monkeypatch.setitem(clock.limits(), "township_decides", [ZHONGXIAN])


def do(database: Database, cipher: Cipher, step: Callable[..., Any], *arguments: Any) -> Any:
    with database.write() as session:
        return step(session, cipher, *arguments)


def decided(database: Database, cipher: Cipher, **changes: Any) -> str:
    number = filed(database, cipher, **changes).receipt_no
    do(database, cipher, service.dispose, COUNTY, number, "D2", "按规定推送办理")
    return number


def recorded(database: Database, cipher: Cipher, who: Scope, number: str, award: Award) -> str:
    do(database, cipher, service.record_grant, who, number, award)
    with database.read() as session:
        waiting = (
            select(AidGrant.id)
            .join(models.Case, models.Case.id == AidGrant.case_id)
            .where(models.Case.receipt_no == number, AidGrant.confirmed_at.is_(None))
        )
        return session.scalars(waiting).one()


def proposed_to_end(database: Database, cipher: Cipher, who: Scope) -> str:
    number = filed(database, cipher).receipt_no
    with database.read() as session:
        [lead] = session.scalars(
            select(models.Lead.id).where(models.Lead.department == "xiangzhen")
        ).all()
    do(database, cipher, service.answer_lead, COUNTY, number, lead, "not_eligible", "收入高了")
    do(database, cipher, service.close, who, number, WHY, "D4", None, "收入已超过标准两倍")
    return number


def ended_by(database: Database) -> tuple[str, str | None]:
    with database.read() as session:
        row = session.scalars(select(models.Disposition)).one()
        return session.scalars(select(models.Case.state)).one(), row.confirmed_by


def last_data(database: Database, kind: str) -> dict[str, Any]:
    with database.read() as session:
        query = select(models.CaseEvent.data).where(models.CaseEvent.kind == kind)
        assert events.verify(session, ZHONGXIAN) is None
        return dict(session.scalars(query.order_by(models.CaseEvent.seq.desc())).first() or {})


def notice(database: Database) -> tuple[str, str]:
    with database.read() as session:
        row = session.execute(
            select(models.Notice.department, models.Notice.area_code).where(
                models.Notice.kind == "grant"
            )
        ).one()
        return row[0], row[1]


def test_by_default_the_county_confirms_an_amount(database: Database, cipher: Cipher) -> None:
    number = decided(database, cipher)
    grant = recorded(database, cipher, TOWN, number, DIBAO)
    assert notice(database) == ("minzheng", SHIBAO)
    for who in (TOWN_TOO, TOWN):
        with pytest.raises(NotAllowed, match="复核救助金额"):
            do(database, cipher, service.confirm_grant, who, number, grant)
    do(database, cipher, service.confirm_grant, COUNTY, number, grant)
    assert "level" not in last_data(database, "grant_confirmed")


@pytest.mark.usefixtures("handed_down")
def test_handed_down_a_second_person_of_the_township_confirms_it_and_its_end(
    database: Database, cipher: Cipher
) -> None:
    number = decided(database, cipher)
    grant = recorded(database, cipher, TOWN, number, DIBAO)
    assert notice(database) == ("xiangzhen", SHIBAO), "the township is told"
    for who, why in (
        (COUNTY, HERE), (COUNTY_TOO, HERE), (TOWN, "另一位同事"), (SERVICE, "工作人员"),
        (INSPECTOR, "复核"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match=why):
            do(database, cipher, service.confirm_grant, who, number, grant)
    do(database, cipher, service.confirm_grant, TOWN_TOO, number, grant)
    assert last_data(database, "grant_confirmed")["level"] == "township"
    do(database, cipher, service.ask_grant_end, TOWN, number, grant, "2026-05-31", "全家迁出")
    with pytest.raises(NotAllowed, match=HERE):
        do(database, cipher, service.confirm_grant, COUNTY, number, grant)
    do(database, cipher, service.confirm_grant, TOWN_TOO, number, grant)
    assert last_data(database, "grant_ended")["level"] == "township"


@pytest.mark.usefixtures("handed_down")
def test_what_is_not_handed_down_stays_with_the_county(database: Database, cipher: Cipher) -> None:
    number = decided(database, cipher, programmes=("dibao", "linshi"))
    grant = recorded(database, cipher, TOWN, number, LINSHI)
    with pytest.raises(NotAllowed):
        do(database, cipher, service.confirm_grant, TOWN_TOO, number, grant)
    do(database, cipher, service.confirm_grant, COUNTY, number, grant)
    nowhere = decided(database, cipher, key="k2", region_code=ZHONGXIAN)
    there = recorded(database, cipher, COUNTY, nowhere, DIBAO)
    do(database, cipher, service.confirm_grant, COUNTY_TOO, nowhere, there)


def test_a_township_alone_may_be_named(
    database: Database, cipher: Cipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(database, cipher)
    with database.read() as session:
        case = session.scalars(select(models.Case)).one()
        for area, right in (
            (SHIBAO, Right.CASE_CONFIRM_TOWNSHIP), ("500233101", Right.CASE_CONFIRM),
            ("500000", Right.CASE_CONFIRM_TOWNSHIP), ("350982", Right.CASE_CONFIRM),
        ):  # fmt: skip
            monkeypatch.setitem(clock.limits(), "township_decides", [area])
            assert approver.right_to(case, Right.CASE_CONFIRM) == right


def test_by_default_the_county_confirms_that_somebody_no_longer_fits(
    database: Database, cipher: Cipher
) -> None:
    number = proposed_to_end(database, cipher, TOWN)
    with pytest.raises(NotAllowed, match="不再符合"):
        do(database, cipher, service.close, TOWN_TOO, number, "复核无误，同意", "D4")
    do(database, cipher, service.close, COUNTY, number, "复核无误，同意", "D4")
    assert ended_by(database) == ("ended", COUNTY.worker_id)
    assert "level" not in last_data(database, "closed")


@pytest.mark.usefixtures("handed_down")
@pytest.mark.parametrize("who", [TOWN, COUNTY])
def test_handed_down_a_second_person_of_the_township_does(
    database: Database, cipher: Cipher, who: Scope
) -> None:
    number = proposed_to_end(database, cipher, who)
    for other, why in ((COUNTY_TOO, HERE), (INSPECTOR, HERE)):
        with pytest.raises(NotAllowed, match=why):
            do(database, cipher, service.close, other, number, "复核无误，同意", "D4")
    if who is TOWN:
        with pytest.raises(NotAllowed, match="另一位"):
            do(database, cipher, service.close, TOWN, number, "复核无误，同意", "D4")
    do(database, cipher, service.close, TOWN_TOO, number, "复核无误，同意", "D4")
    assert ended_by(database) == ("ended", TOWN_TOO.worker_id)
    assert last_data(database, "closed")["level"] == "township"


@pytest.mark.usefixtures("handed_down")
def test_the_page_asks_who_may_confirm_and_says_who_is_awaited(
    database: Database, cipher: Cipher
) -> None:
    number = proposed_to_end(database, cipher, TOWN)
    with database.read() as session:
        for who, asked in ((TOWN_TOO, True), (TOWN, False), (COUNTY, False)):
            repository = CaseRepository(session, who)
            shown = views.detail(repository, cipher, repository.get(number))
            assert shown.disposition is not None
            assert shown.disposition.awaits == "等乡镇的另一位同事复核"
            step = suggest(shown, None, who)
            assert (step is not None and step.word == "复核，再办结或者撤销") == asked
