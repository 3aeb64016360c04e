"""An area's own routing: for leads from then on, against a reason, on record, and given back."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from cases import access_log, events, grants, replay, routing_desk, service
from cases.errors import BadInput, CaseError, Conflict, NotAllowed
from cases.models import Case, CaseEvent, Lead
from cases.repository import CaseRepository
from cases.routing_desk import Line
from cases.routing_rows import RoutingRow
from cases.scope import Scope
from cases.states import NeedType, Role
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, conversation, filed, scope

ADMIN = scope(role=Role.ADMINISTRATOR, worker_id="e" * 32)
SECOND = scope(role=Role.ADMINISTRATOR, worker_id="f" * 32)
CITY = scope("500000", role=Role.ADMINISTRATOR, worker_id="d" * 32)
WHY = "县里的机构调整方案"


class Table:
    """The table of 忠县 as somebody changes it."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self.database, self.cipher, self.count = database, cipher, 0

    def set(
        self, main: Sequence[str], assist: Sequence[str] = (), *, who: Scope = ADMIN,
        need: str = "medical", area: str = "500233", why: str = WHY, seen: str | None = None,
    ) -> Line:  # fmt: skip
        with self.database.write() as session:
            return routing_desk.change(
                session, self.cipher, who, area, need, main, assist, why, seen
            )

    def race(self, offices: tuple[str, str], seen: str) -> list[str]:
        """Two people set the row at once; the row each has made, "" for who was refused."""
        start = Barrier(2)

        def attempt(who: Scope, office: str) -> str:
            start.wait()
            try:
                return self.set([office], who=who, seen=seen).seen
            except Conflict:
                return ""

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(attempt, (ADMIN, SECOND), offices))

    def restore(self, *, who: Scope = ADMIN, area: str = "500233", seen: str | None = None) -> Line:
        with self.database.write() as session:
            return routing_desk.restore(
                session, self.cipher, who, area, "medical", "方案已经撤销", seen
            )

    def filed(self, place: str = SHIBAO) -> str:
        self.count += 1
        return filed(
            self.database, self.cipher, f"r{self.count}", programmes=("yiliao",), region_code=place
        ).receipt_no

    def leads(self, receipt: str) -> dict[str, bool]:
        """Department → whether it leads."""
        with self.database.read() as session:
            rows = session.execute(
                select(Lead.department, Lead.assisting)
                .join(Case, Case.id == Lead.case_id)
                .where(Case.receipt_no == receipt)
            )
            return {department: not assisting for department, assisting in rows}


@pytest.fixture
def table(database: Database, cipher: Cipher) -> Table:
    return Table(database, cipher)


def test_a_changed_row_holds_for_leads_from_then_on_and_is_given_back(table: Table) -> None:
    before = table.filed()
    row = table.set(["weijian"], ["yibao"])
    assert (row.row.main, row.row.assist) == (("weijian",), ("yibao",))
    assert (row.above.main, row.above.assist) == (("yibao",), ("xiangzhen",))
    after = table.filed()
    elsewhere = table.filed("350982100000")
    table.restore(seen=row.seen)
    again = table.filed()
    assert table.leads(before) == {"yibao": True, "xiangzhen": False}, "what was sent stays"
    assert table.leads(after) == {"weijian": True, "yibao": False}
    assert table.leads(elsewhere) == {"yibao": True, "xiangzhen": False}, "another county's"
    assert table.leads(again) == {"yibao": True, "xiangzhen": False}


def test_the_nearest_area_s_row_counts(table: Table) -> None:
    table.set(["minzheng"], who=CITY, area="500000")
    assert table.leads(table.filed()) == {"minzheng": True}
    mine = table.set(["weijian"])
    assert mine.above.main == ("minzheng",), "without it the larger area's would hold"
    assert table.leads(table.filed()) == {"weijian": True}
    assert table.restore().row.main == ("minzheng",)
    assert table.leads(table.filed()) == {"minzheng": True}


def test_a_wish_for_a_person_a_further_need_and_an_emergency_go_by_it_too(table: Table) -> None:
    table.set(["minzheng"], need="person")
    table.set(["weijian"])
    database, cipher = table.database, table.cipher
    chat = conversation(database, cipher)
    with database.write() as session:
        asked = service.request_person(session, cipher, chat, "找个人", "p", region_code=SHIBAO)
    assert table.leads(asked.receipt_no) == {"minzheng": True}
    number = filed(database, cipher, "d1").receipt_no
    with database.write() as session:
        service.reroute(session, cipher, scope(), number, "medical")
    assert table.leads(number)["weijian"]
    told = filed(database, cipher, "e1", programmes=("yiliao",), urgency="emergency").receipt_no
    assert table.leads(told) == {"weijian": True, "xiangzhen": True, "duty": True}


def test_what_the_law_adds_on_a_condition_stays(table: Table) -> None:
    table.set(["minzheng"], need="education")
    number = filed(
        table.database, table.cipher, programmes=("jiaoyu",), facts={"disability_level": "二级"}
    ).receipt_no
    assert table.leads(number) == {"minzheng": True, "canlian": False}


def test_who_leads_now_and_who_led_then_record_the_money(table: Table) -> None:
    old = table.filed()
    table.set(["weijian"])
    new = table.filed()
    yibao = scope(department="yibao", role=Role.DEPARTMENT_OFFICER, worker_id="b" * 32)
    weijian = scope(department="weijian", role=Role.DEPARTMENT_OFFICER, worker_id="c" * 32)
    with table.database.read() as session:
        for worker, number, fine in (
            (yibao, old, True), (yibao, new, False), (weijian, old, True), (weijian, new, True),
        ):  # fmt: skip
            case = session.scalars(select(Case).where(Case.receipt_no == number)).one()
            if fine:
                grants._lead_on(session, worker, case, "yiliao")
            else:
                with pytest.raises(NotAllowed, match="主办部门"):
                    grants._lead_on(session, worker, case, "yiliao")


def test_a_stale_form_says_who_was_faster_and_what_holds_now(table: Table) -> None:
    first = table.set(["weijian"], seen="")
    with pytest.raises(Conflict, match="刚刚改过这一行，没有改成。现在是牵头 卫健委"):
        table.set(["minzheng"], who=SECOND, seen="")
    table.restore(who=SECOND, seen=first.seen)
    with pytest.raises(Conflict, match="刚刚恢复了这一行"):
        table.set(["minzheng"], seen=first.seen)
    with pytest.raises(Conflict, match="没有改过"):
        table.restore()
    assert table.leads(table.filed()) == {"yibao": True, "xiangzhen": False}


def test_of_two_at_the_same_moment_one_is_told(table: Table) -> None:
    first = table.race(("weijian", "minzheng"), seen="")
    assert sorted(map(len, first)) == [0, 32]
    again = table.race(("jiaoyu", "canlian"), seen=max(first))
    assert sorted(map(len, again)) == [0, 32]
    with table.database.read() as session:
        assert routing_desk.line(session, "500233", "medical").seen == max(again)
        assert events.verify_all(session) == []


def test_the_same_form_sent_twice_is_one_change(table: Table) -> None:
    first = table.set(["weijian"], seen="")
    assert table.set(["weijian"], seen="").seen == first.seen
    with table.database.read() as session:
        assert len(session.scalars(select(RoutingRow)).all()) == 1
    with pytest.raises(BadInput, match="和现在的一样"):
        table.set(["weijian"], who=SECOND)


def test_every_change_is_in_the_chain_with_before_after_and_why(table: Table) -> None:
    table.filed()
    row = table.set(["weijian"], ["yibao"])
    table.restore(seen=row.seen)
    with table.database.read() as session:
        kinds = ("routing_changed", "routing_restored")
        told = session.scalars(
            select(CaseEvent).where(CaseEvent.kind.in_(kinds)).order_by(CaseEvent.seq)
        ).all()
        assert [(one.kind, one.actor_id, one.chain_area) for one in told] == [
            (kind, "e" * 32, "500233") for kind in kinds
        ]
        system = {"main": ["yibao"], "assist": ["xiangzhen"]}
        ours = {"main": ["weijian"], "assist": ["yibao"]}
        assert [(one.data["before"], one.data["after"]) for one in told] == [
            (system, ours), (ours, system),
        ]  # fmt: skip
        assert events.verify_all(session) == []
        assert list(replay.differences(session, "500233")) == []
        auditor = CaseRepository(session, scope(role=Role.AUDITOR))
        found = access_log.read(auditor, table.cipher, access_log.Wanted(group="routing"))
        assert [line.reason for line in found.lines] == ["方案已经撤销", WHY]
        assert found.lines[1].detail == (
            "重庆市忠县，看病：牵头 医保局；协同 乡镇（街道）民政办 → 牵头 卫健委；协同 医保局"
        )
        [kept] = routing_desk.history(session, "500233")
        assert (kept.kept.reason, kept.kept.ended_at is not None) == (WHY, True)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"main": ["fly"]}, "main"),
        ({"main": ["<script>alert(1)</script>"]}, "main"),
        ({"main": []}, "main"),
        ({"main": ["weijian"], "assist": ["weijian"]}, "assist"),
        ({"main": ["weijian"], "assist": ["x" * 10_000_000]}, "assist"),
        ({"main": ["weijian"], "need": "flying"}, "need"),
        ({"main": ["weijian"], "need": "\x00"}, "need"),
        ({"main": ["weijian"], "area": "350982"}, "area"),
        ({"main": ["weijian"], "area": "火星"}, "area"),
        ({"main": ["weijian"], "area": SHIBAO}, "area"),
        ({"main": ["weijian"], "area": "500000"}, "area"),
        ({"main": ["weijian"], "why": "好"}, "reason"),
        ({"main": ["weijian"], "why": "字" * 10_000_000}, "reason"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field(
    table: Table, given: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        table.set(**given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert any("一" <= letter <= "鿿" for letter in refused.value.reason)
    with table.database.read() as session:
        assert session.scalars(select(RoutingRow)).all() == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_change_it_and_who_sees_cases_reads_it(
    table: Table, role: Role
) -> None:
    worker = scope(role=role)
    with pytest.raises(NotAllowed):
        table.set(["weijian"], who=worker)
    with pytest.raises(NotAllowed):
        table.restore(who=worker)
    if role == Role.CONTENT_EDITOR:
        with pytest.raises(CaseError):
            routing_desk.place_of(worker)
    else:
        assert routing_desk.place_of(worker) == "500233"


def test_a_township_reads_its_county_s_table(table: Table) -> None:
    table.set(["weijian"])
    town = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK)
    with table.database.read() as session:
        rows = routing_desk.lines(session, routing_desk.place_of(town))
    assert {one.need for one in rows} == set(NeedType)
    assert next(one for one in rows if one.need == "medical").row.main == ("weijian",)
    for foreign in ("350982", "500234"):
        with pytest.raises(BadInput):
            routing_desk.place_of(town, foreign)
