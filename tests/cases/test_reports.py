"""Reports: every figure is the sum of its list, none is from outside, small ones are hidden."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from urllib.parse import parse_qsl

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import models, report_files, report_tables, reports, service
from cases.errors import BadInput, NotAllowed
from cases.receipt import luhn_digit
from cases.report_tables import Figure, Report
from cases.repository import CaseRepository, Scope
from cases.service import Score
from cases.states import CaseKind, DiscoveryChannel, DispositionClass, Role, Urgency
from cases.wait_models import Wait
from devtools.report import text
from foundation.clock import SHANGHAI
from foundation.crypto import Cipher
from foundation.database import Database, new_id
from tests.cases.builders import ZHONGXIAN, conversation, declaration, scope

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
PLACES = ["500233107000", "500233107", "500233101000", "500233", "500200", "350982100000"]
INSPECTOR = scope("500000", role=Role.INSPECTOR)
EDITOR = scope(role=Role.CONTENT_EDITOR)
OCTOBER = {"month": "2026-10"}


@pytest.fixture
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """Random cases with what is true of each, kept beside the rows."""

    def __init__(self, session: Session, seed: int, size: int = 40) -> None:
        self.session, self.rng, self.cases = session, random.Random(seed), []
        for number in range(size):
            self.cases.append(self._case(number))
        session.flush()

    def _case(self, number: int) -> dict[str, Any]:
        rng = self.rng
        filed = datetime(2026, 8, 20, tzinfo=UTC) + timedelta(minutes=rng.randrange(80 * 1440))
        filed = min(filed, NOW - timedelta(minutes=5))
        closed = filed + timedelta(hours=rng.randrange(1, 900)) if rng.random() < 0.6 else None
        if closed is not None and closed >= NOW:
            closed = None
        made = {
            "filed": filed, "closed": closed, "place": rng.choice(PLACES),
            "merged": number > 0 and closed is not None and rng.random() < 0.1,
            "pending": False, "persons": rng.choice([None, 1, 2, 3, 5]),
            "programmes": rng.sample(["dibao", "linshi", "yiliao"], rng.randrange(3)),
            "channel": rng.choice(list(DiscoveryChannel)), "urgency": rng.choice(list(Urgency)),
            "disposition": rng.choice([None, *DispositionClass]), "confirmed": rng.random() < 0.5,
            "departments": rng.sample(["xiangzhen", "minzheng", "yibao"], rng.randrange(1, 4)),
        }  # fmt: skip
        made["pending"] = made["place"] == "500200"
        self._rows(number, made)
        return made

    def _rows(self, number: int, made: dict[str, Any]) -> None:
        digits = f"{number:011d}"
        made["id"], state = new_id(), "closed" if made["closed"] else "pending_review"
        case = models.Case(
            id=made["id"], receipt_no=f"WZ{digits}{luhn_digit(digits)}",
            kind=self.rng.choice(list(CaseKind)), state=state, urgency=made["urgency"],
            discovery_channel=made["channel"], discovery_channels=[], channel="web",
            area_code=made["place"], area_pending=made["pending"], chain_area="x",
            programmes=made["programmes"], need_types=["other"], due_on=NOW.date(), due_at=NOW,
            created_at=made["filed"], updated_at=NOW, closed_at=made["closed"],
            merged_into_id=self.cases[0]["id"] if made["merged"] else None,
        )  # fmt: skip
        self.session.add(case)
        self.session.flush()
        for department in made["departments"]:
            answered = made["filed"] + timedelta(days=self.rng.randrange(1, 12))
            done = answered < NOW and self.rng.random() < 0.6
            self.session.add(models.Lead(
                id=new_id(), case_id=case.id, need_type="other", department=department,
                area_code=made["place"], area_pending=made["pending"],
                state="answered" if done else "pending", created_at=made["filed"],
                due_at=made["filed"] + timedelta(days=6), answered_at=answered if done else None,
            ))  # fmt: skip
        for _ in range(self.rng.randrange(3)):
            self._contact(case, made)
        if made["persons"] is not None:
            self.session.add(models.CaseFact(
                id=new_id(), case_id=case.id, key="household_size", value=made["persons"],
                created_at=made["filed"],
            ))  # fmt: skip
        if made["disposition"]:
            self.session.add(models.Disposition(
                id=new_id(), case_id=case.id, disposition=made["disposition"],
                reason_encrypted="-", proposed_by="a" * 32, proposed_at=made["filed"],
                confirmed_at=made["filed"] if made["confirmed"] else None,
            ))  # fmt: skip

    def _contact(self, case: models.Case, made: dict[str, Any]) -> None:
        """A wish for a person, answered or not; the last may still stand."""
        rng, since = self.rng, made["filed"]
        answered = since + timedelta(hours=rng.randrange(40)) if rng.random() < 0.7 else None
        rating = rng.choice([None, *Score]) if answered else None
        self.session.add(Wait(
            case_id=case.id, conversation_id=new_id(), rank=2, department="xiangzhen",
            origin="asked" if rng.random() < 0.9 else "alert", area_code=made["place"],
            since=since, due_at=since + timedelta(hours=24), answered_at=answered, returns=1,
            ended_at=answered, rating=rating, rated_at=answered if rating else None,
        ))  # fmt: skip


def counted(world: World, reader: Scope, first: date, last: date) -> dict[str, int]:
    """The totals again, from what was made and by plain dates."""

    def day(moment: datetime) -> date:
        return moment.astimezone(SHANGHAI).date()

    def mine(one: dict[str, Any]) -> bool:
        inside = one["place"].startswith({"500000": "50"}.get(reader.area_code, reader.area_code))
        return inside or one["pending"]

    seen = [one for one in world.cases if mine(one) and not one["merged"]]
    filed = [one for one in seen if first <= day(one["filed"]) <= last]
    closed = [one for one in seen if one["closed"] and first <= day(one["closed"]) <= last]
    still = [
        one for one in seen
        if day(one["filed"]) <= last and (one["closed"] is None or day(one["closed"]) > last)
    ]  # fmt: skip
    return {
        "filed": len(filed), "closed": len(closed), "open": len(still),
        "persons": sum(one["persons"] or 0 for one in filed),
        "persons_unknown": sum(one["persons"] is None for one in filed),
    }  # fmt: skip


def figures(report: Report) -> Iterator[Figure]:
    yield from (*report.totals.figures, *report.dispositions, *report.ages, *report.contacts)
    yield from (report.known, report.merged, report.papers_late)
    for share in report.limits:
        yield from (share.kept, share.missed)
    for lines in report.tables.values():
        for line in lines:
            yield from line.figures


class _Undo(Exception):
    pass


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize(
    ("reader", "given"),
    [(scope(), {"from": "2026-09-07", "to": "2026-11-30"}), (INSPECTOR, OCTOBER)],
)
def test_every_figure_is_the_sum_of_its_list_and_of_its_parts(
    database: Database, reader: Scope, given: dict[str, str]
) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        world = World(session, 5)
        ask = reports.asked(reader, given)
        repository = CaseRepository(session, reader)
        report = report_tables.build(repository, ask)
        totals = {figure.key: figure.value for figure in report.totals.figures}
        assert totals == counted(world, reader, ask.first, ask.last)
        assert min(value or 0 for value in totals.values()) > 0
        _parts_make_the_whole(report, totals)
        loaded: dict[str, list[reports.Row]] = {}
        for figure in figures(report):
            assert sum(_behind(repository, figure, loaded).values()) == figure.value, figure
        visible = set(session.scalars(repository.cases().with_only_columns(models.Case.receipt_no)))
        assert {row.receipt_no for found in loaded.values() for row in found} <= visible
        raise _Undo


def _behind(
    repository: CaseRepository, figure: Figure, loaded: dict[str, list[reports.Row]]
) -> dict[str, int]:
    """The list at the figure's address, as the page makes it; one load per narrowing."""
    given = dict(parse_qsl(figure.query))
    measure = given.pop("measure")
    assert repository.scope is not None
    ask = reports.asked(repository.scope, given)
    assert measure == figure.key
    if ask.query() not in loaded:
        loaded[ask.query()] = reports.rows(repository, ask)
    found = reports.made_of(loaded[ask.query()], ask, measure)
    assert len({row.receipt_no for row, _ in found}) == len(found)
    return {row.receipt_no: weight for row, weight in found}


def _parts_make_the_whole(report: Report, totals: dict[str, int | None]) -> None:
    for name in ("place", "channel", "urgency", "kind"):
        for place, measure in enumerate(report_tables.COLUMNS):
            parts = sum(line.figures[place].value or 0 for line in report.tables[name])
            assert parts == totals[measure], (name, measure)
    for measure in ("filed", "closed", "open"):
        assert sum(cell[measure] for cell in report.cells) == totals[measure]
    assert sum(figure.value or 0 for figure in report.dispositions) == totals["closed"]
    assert sum(figure.value or 0 for figure in report.ages) == totals["open"]
    assert (report.known.value or 0) + (totals["persons_unknown"] or 0) == totals["filed"]


@pytest.mark.usefixtures("november")
def test_narrowing_in_several_dimensions_agrees_with_the_cells(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        World(session, 7)
        repository = CaseRepository(session, scope())
        whole = report_tables.build(repository, reports.asked(scope(), OCTOBER))
        assert len(whole.cells) > 5
        for cell in whole.cells[:8]:
            keys = {key: cell[key] for key in ("place", "channel", "urgency")}
            narrowed = reports.asked(scope(), {**OCTOBER, **keys})
            same = [one for one in whole.cells if {k: one[k] for k in keys} == keys]
            found = reports.rows(repository, narrowed)
            for measure in ("filed", "closed", "open"):
                expected = sum(one[measure] for one in same)
                assert reports.total(found, narrowed, measure) == expected
        raise _Undo


@pytest.mark.usefixtures("november")
def test_the_limits_and_the_median(database: Database, cipher: Cipher) -> None:
    """Kept when the answer came in time, missed when the limit passed; each once, in its period."""
    spoken = conversation(database, cipher)
    with time_machine.travel(datetime(2026, 9, 28, 2, tzinfo=UTC), tick=False) as at:
        with database.write() as session:
            quick = service.file_declaration(session, cipher, declaration(spoken, "quick"))
            service.file_declaration(session, cipher, declaration(None, "slow", facts={}))
        at.shift(timedelta(days=1))
        town = scope("500233107000", "xiangzhen", Role.TOWNSHIP_CLERK)
        _answer(database, cipher, town, quick.receipt_no)
        at.move_to(datetime(2026, 10, 20, 2, tzinfo=UTC))
        with database.write() as session:
            service.dispose(session, cipher, scope(), quick.receipt_no, "D2", "按规定推送办理")
            service.close(session, cipher, scope(), quick.receipt_no, "已经办好")
    with database.read() as session:
        september, october = (
            report_tables.build(
                CaseRepository(session, scope()), reports.asked(scope(), {"month": month})
            )
            for month in ("2026-09", "2026-10")
        )
    assert _limits(october) == {"leads_kept": (0, 1), "first_kept": (0, 1)}
    assert _limits(september) == {"leads_kept": (1, 0), "first_kept": (1, 0)}
    assert (september.median_days, october.median_days) == (None, median([22]))
    assert [figure.value for figure in october.dispositions] == [0, 1, 0, 0, 0]


def _limits(report: Report) -> dict[str, tuple[int | None, int | None]]:
    return {one.kept.key: (one.kept.value, one.missed.value) for one in report.shares}


def _answer(database: Database, cipher: Cipher, worker: Scope, receipt_no: str) -> None:
    with database.write() as session:
        from tests.cases.builders import staff_row

        staff_row(session, worker)
        case = CaseRepository(session, worker).get(receipt_no)
        lead = session.scalars(
            select(models.Lead).where(
                models.Lead.case_id == case.id, models.Lead.department == worker.department
            )
        ).one()
        service.accept_lead(session, cipher, worker, receipt_no, lead.id)
        service.answer_lead(session, cipher, worker, receipt_no, lead.id, "helped", "已经上门办理")
        for other in session.scalars(select(models.Lead).where(models.Lead.case_id == case.id)):
            assert other.id == lead.id or other.assisting


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize("seed", range(2))
def test_who_may_not_open_cases_sees_no_small_figure(database: Database, seed: int) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        World(session, seed, size=60)
        report = report_tables.build(
            CaseRepository(session, EDITOR), reports.asked(EDITOR, OCTOBER)
        )
        whole = report_tables.build(
            CaseRepository(session, scope()), reports.asked(scope(), OCTOBER)
        )
        shown = [figure.value for figure in figures(report)]
        assert None in shown
        assert not {1, 2, 3, 4} & set(shown)
        assert report.cells == ()
        for name in ("place", "channel", "urgency", "kind"):
            for place in range(len(report_tables.COLUMNS)):
                column = [line.figures[place].value for line in report.tables[name]]
                real = [line.figures[place].value for line in whole.tables[name]]
                others = [value for value in real if value and value >= report_tables.SMALL]
                assert column.count(None) != 1 or not others, (name, column, real)
        raise _Undo


@pytest.mark.usefixtures("november")
def test_without_right_scope_or_area_there_is_nothing(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        World(session, 1)
        ask = reports.asked(INSPECTOR, OCTOBER)
        assert reports.rows(CaseRepository(session, INSPECTOR), ask)
        assert reports.rows(CaseRepository(session, None), ask) == []
        for role in set(Role) - {Role.COUNTY_REVIEWER, Role.INSPECTOR, Role.CONTENT_EDITOR}:
            with pytest.raises(NotAllowed):
                reports.asked(scope(role=role), OCTOBER)
            assert reports.rows(CaseRepository(session, scope(role=role)), ask) == []
        with pytest.raises(NotAllowed):
            reports.behind(CaseRepository(session, EDITOR), ask, "filed")
        raise _Undo


@pytest.mark.parametrize(
    ("reader", "given", "refusal"),
    [
        (scope(), {"area": "500000"}, NotAllowed),
        (scope(), {"area": "350982"}, NotAllowed),
        (scope("5002"), {}, BadInput),
        (scope(), {"area": "火星"}, BadInput),
        (scope(), {"month": "2026-13"}, BadInput),
        (scope(), {"from": "2026-10-31", "to": "2026-10-01"}, BadInput),
        (scope(), {"from": "2001-01-01", "to": "2026-10-01"}, BadInput),
        (EDITOR, {"from": "2026-10-01", "to": "2026-10-30"}, NotAllowed),
        (EDITOR, {**OCTOBER, "channel": "home_visit"}, NotAllowed),
        (EDITOR, {**OCTOBER, "area": "500233107"}, NotAllowed),
    ],
)
def test_what_cannot_be_asked(
    reader: Scope, given: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        reports.asked(reader, given)


@pytest.mark.usefixtures("november")
def test_a_township_is_called_by_its_name(database: Database, cipher: Cipher) -> None:
    spoken = conversation(database, cipher)
    with (
        time_machine.travel(datetime(2026, 10, 9, 2, tzinfo=UTC), tick=False),
        database.write() as session,
    ):
        service.file_declaration(session, cipher, declaration(spoken))
    with database.read() as session:
        report = report_tables.build(
            CaseRepository(session, scope()), reports.asked(scope(), OCTOBER)
        )
    assert "重庆市忠县石宝镇" in {line.word for line in report.tables["place"]}


@pytest.mark.usefixtures("november")
def test_the_command_prints_the_same_report(database: Database) -> None:
    with database.write() as session:
        World(session, 3)
    printed = json.loads(text(database, ZHONGXIAN, "2026-10"))
    with database.read() as session:
        reader = scope()
        report = report_tables.build(
            CaseRepository(session, reader), reports.asked(reader, OCTOBER)
        )
    assert printed == json.loads(json.dumps(report_files.as_dict(report)))
    assert printed["totals"]["filed"]["value"] > 0
    published = text(database, ZHONGXIAN, "2026-10", publish=True)
    assert json.loads(published)["small_figures_hidden"] is True
    assert '"hidden"' in published
