"""Money in reports: every sum is its list and its parts, small groups stay hidden, no entitlement.

The figures of the bulletin of 2016 are made again from cases: households, totals and averages.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from cases import aid_reports, models, report_files, report_tables, reports
from cases.aid_tables import AidLine
from cases.granted import AidGrant
from cases.receipt import luhn_digit
from cases.report_words import SMALL
from cases.repository import CaseRepository, Scope
from cases.states import Role
from devtools.report import text
from foundation.database import Database, new_id
from tests.cases.builders import ZHONGXIAN, scope

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 10)
PLACES = ["500233107000", "500233107", "500233101000", "500233", "350982100000"]
READER = scope()
EDITOR = scope(role=Role.CONTENT_EDITOR)
AUTUMN = {"from": "2026-08-15", "to": "2026-11-30"}
Grants = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def households(session: Session, changes: list[dict[str, Any]]) -> list[str]:
    """Cases that a department may be asked about, with their hukou; their ids."""
    made, leads, facts = [], [], []
    for number, changed in enumerate(changes):
        digits, hukou = f"{number:011d}", changed.get("hukou")
        case = {
            "id": new_id(), "receipt_no": f"WZ{digits}{luhn_digit(digits)}",
            "kind": "declaration", "state": "closed", "urgency": changed.get("urgency", "normal"),
            "discovery_channel": "self_declaration", "discovery_channels": [], "channel": "web",
            "area_code": changed.get("place", PLACES[0]), "area_pending": False,
            "chain_area": ZHONGXIAN, "programmes": ["dibao"], "need_types": ["other"],
            "due_on": TODAY, "due_at": NOW, "due_from": NOW, "queue_at": NOW, "next_due_at": NOW,
            "created_at": NOW - timedelta(days=300), "updated_at": NOW, "closed_at": NOW,
        }  # fmt: skip
        made.append(case)
        leads.append(
            {
                "id": new_id(), "case_id": case["id"], "need_type": "other",
                "department": "minzheng", "area_code": case["area_code"], "state": "answered",
                "due_at": NOW, "due_from": NOW, "created_at": NOW,
            }
        )  # fmt: skip
        if hukou:
            facts.append(
                {"id": new_id(), "case_id": case["id"], "key": "hukou", "value": hukou,
                 "created_at": NOW}
            )  # fmt: skip
    for table, rows in ((models.Case, made), (models.Lead, leads), (models.CaseFact, facts)):
        if rows:
            session.execute(sa.insert(table), rows)
    return [str(case["id"]) for case in made]


def grant(case_id: str, programme: str, fen: int, unit: str, **more: Any) -> dict[str, Any]:
    """A confirmed amount, unless changed."""
    return {
        "id": new_id(), "case_id": case_id, "programme": programme, "amount_fen": fen,
        "unit": unit, "starts_on": date(2026, 9, 1), "ends_on": None, "persons": 1,
        "recorded_by": "a" * 32, "recorded_at": NOW, "confirmed_by": "b" * 32,
        "confirmed_at": NOW, "taken_back_at": None,
    } | more  # fmt: skip


def world(session: Session, seed: int, size: int = 60) -> Grants:
    """Random households and grants, and what is true of each."""
    rng, made = random.Random(seed), []
    homes = [
        {"place": rng.choice(PLACES), "hukou": rng.choice(["rural", "urban", None]),
         "urgency": rng.choice(["normal", "emergency"])}
        for _ in range(size)
    ]  # fmt: skip
    for home, case_id in zip(homes, households(session, homes), strict=True):
        for programme in rng.sample(["dibao", "tekun", "linshi"], rng.randrange(3)):
            unit = "once" if programme == "linshi" else rng.choice(["month", "year"])
            starts = date(2025, 1, 1) + timedelta(days=rng.randrange(720))
            starts = starts.replace(day=1) if unit == "month" else starts
            ends = starts + timedelta(days=rng.randrange(-1, 500)) if rng.random() < 0.5 else None
            one = grant(
                case_id, programme, rng.randrange(1, 300_000), unit, starts_on=starts,
                ends_on=ends if unit != "once" else None, persons=rng.randrange(1, 5),
                confirmed_at=NOW if rng.random() < 0.9 else None,
                taken_back_at=NOW if rng.random() < 0.05 else None,
            )  # fmt: skip
            made.append(one | home)
    columns = set(AidGrant.__table__.columns.keys())
    session.execute(
        sa.insert(AidGrant), [{k: v for k, v in one.items() if k in columns} for one in made]
    )
    return made


def due(one: dict[str, Any], first: date, last: date) -> list[date]:
    """Day by day, by the definition."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    start, end = one["starts_on"], one["ends_on"] or date.max
    if one["unit"] == "once":
        return [day for day in days if day == start]
    running = [day for day in days if start <= day <= end]
    if one["unit"] == "month":
        return [day for day in running if day.day == 1]
    return [day for day in running if (day.month, day.day) == (start.month, start.day)]


def built(session: Session, reader: Scope, given: dict[str, str]) -> report_tables.Report:
    return report_tables.build(CaseRepository(session, reader), reports.asked(reader, given))


def values(line: AidLine) -> dict[str, int | None]:
    return {figure.key.split("_", 1)[1]: figure.value for figure in line.figures}


class _Undo(Exception):
    pass


def test_sums_and_averages_are_those_of_the_grants(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        made = world(session, 4)
        first, last = date(2026, 8, 15), TODAY
        lines = {(line.key, str(line.unit)): line for line in built(session, READER, AUTUMN).aid}
        counted = [
            (one, days)
            for one in made
            if one["place"].startswith(ZHONGXIAN)
            and one["confirmed_at"]
            and not one["taken_back_at"]
            and (days := due(one, first, last))
        ]
        assert len(counted) > 10
        assert set(lines) == {(one["programme"], one["unit"]) for one, _ in counted}
        for (programme, unit), line in lines.items():
            mine = [pair for pair in counted if (pair[0]["programme"], pair[0]["unit"])
                    == (programme, unit)]  # fmt: skip
            fen = sum(one["amount_fen"] * len(days) for one, days in mine)
            payments = sum(len(days) for _, days in mine)
            people = sum(one["persons"] * len(days) for one, days in mine)
            assert values(line) == {
                "households": len(mine), "persons": sum(one["persons"] for one, _ in mine),
                "payments": payments, "person_payments": people, "fen": fen,
            }  # fmt: skip
            assert line.per_payment == round(fen / payments / 100, 2)
            assert line.per_person == round(fen / people / 100, 2)
        raise _Undo


def test_every_sum_is_its_list_and_the_sum_of_its_parts(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        world(session, 9, size=40)
        repository = CaseRepository(session, READER)
        lines = built(session, READER, AUTUMN).aid
        assert {len(line.parts["month"]) for line in lines} != {1}
        loaded: dict[str, list[aid_reports.Aided]] = {}
        for line in lines:
            for one in (line, *(part for parts in line.parts.values() for part in parts)):
                for figure in one.figures:
                    given = dict(parse_qsl(figure.query))
                    measure, ask = given.pop("measure"), reports.asked(READER, given)
                    if ask.query() not in loaded:  # every list is made of these rows
                        loaded[ask.query()] = aid_reports.aided(repository, ask)
                    found = aid_reports.made_of(loaded[ask.query()], measure)
                    assert sum(weight for _, weight in found) == figure.value, figure
                    assert len({row.receipt_no for row, _ in found}) == len(found)
            whole = values(line)
            for name, parts in line.parts.items():
                for what in whole:
                    if name == "month" and what in ("households", "persons"):
                        continue
                    assert sum(values(part)[what] or 0 for part in parts) == whole[what], name
        raise _Undo


def test_few_households_are_hidden_whole_and_cannot_be_subtracted(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        for seed in (1, 2):
            session.execute(sa.delete(AidGrant))
            for table in (models.CaseFact, models.Lead, models.Case):
                session.execute(sa.delete(table))
            world(session, seed, size=130)
            month = {"month": "2026-10"}
            shown = {(line.key, line.unit): line for line in built(session, EDITOR, month).aid}
            real = {(line.key, line.unit): line for line in built(session, READER, month).aid}
            assert any(line.households is None for line in shown.values()) or any(
                part.households is None
                for line in shown.values() for parts in line.parts.values() for part in parts
            )  # fmt: skip
            for key, line in shown.items():
                if real[key].households < SMALL:  # type: ignore[operator]
                    assert set(values(line).values()) == {None}
                    assert (line.per_payment, line.per_person, line.parts) == (None, None, {})
                    continue
                for name, parts in line.parts.items():
                    gone = [
                        whole.households or 0
                        for whole, part in zip(real[key].parts[name], parts, strict=True)
                        if part.households is None
                    ]
                    assert not gone or (len(gone) > 1 and sum(gone) >= SMALL), (name, gone)
                    assert all((part.households or SMALL) >= SMALL for part in parts)
        raise _Undo


def bulletin(session: Session, count: int, total: int, urgency: str) -> None:
    """So many households with temporary aid of so many yuan in all, in October."""
    share, rest = divmod(total, count)
    rows = []
    for number, case_id in enumerate(households(session, [{"urgency": urgency}] * count)):
        fen, day = (share + (number < rest)) * 100, date(2026, 10, 1 + number % 31)
        rows.append(grant(case_id, "linshi", fen, "once", starts_on=day))
    session.execute(sa.insert(AidGrant), rows)
    # rows that other tests rolled back leave PostgreSQL believing the tables are all but empty
    session.execute(sa.text("ANALYZE"))


@pytest.mark.parametrize(
    ("count", "total", "average", "urgency"),
    [
        pytest.param(4280, 8_144_800, 1903, "normal", marks=pytest.mark.slow),
        (1326, 2_226_000, 1679, "emergency"),
    ],
)
def test_the_bulletin_s_average_per_household_is_made_again(
    database: Database, count: int, total: int, average: int, urgency: str
) -> None:
    """Temporary aid: 814.48 万 to households at 1,903 each. 救急难: 222.6 万 to 1,326."""
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        bulletin(session, count, total, urgency)
        [line] = built(session, READER, {"month": "2026-10", "urgency": urgency}).aid
        assert (line.figures[0].value, line.figures[-1].value) == (count, total * 100)
        assert round(line.per_payment or 0) == average
        assert line.parts["urgency"][0].figures[-1].value == total * 100
        raise _Undo


def test_the_average_top_up_per_person_and_month_by_hukou(database: Database) -> None:
    """261.8 in towns, 150.9 in the country, from what was granted and for how many people."""
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        rows, homes = [], [{"hukou": hukou} for hukou in ["urban", "rural"] * 3]
        for number, case_id in enumerate(households(session, homes)):
            people, fen = 1 + number // 2, (26180, 15090)[number % 2]
            spread = (number // 2 - 1) * 1000  # the households differ, the average is as printed
            rows.append(grant(case_id, "dibao", fen * people + spread, "month", persons=people))
        session.execute(sa.insert(AidGrant), rows)
        [line] = built(session, READER, {"month": "2026-10"}).aid
        averages = {part.key: part.per_person for part in line.parts["hukou"]}
        assert averages == {"urban": 261.8, "rural": 150.9}
        raise _Undo


def test_no_road_leads_from_a_report_to_what_residents_hear() -> None:
    """An average is never an entitlement: nothing that talks or judges knows the reports."""
    root, heard = Path(__file__).parents[2], set()
    for package in ("actions", "channels", "conversations", "knowledge", "rules"):
        for path in (root / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    module = getattr(node, "module", "") or ""
                    heard |= {f"{module}.{name.name}" for name in node.names}
    assert not [name for name in heard if "report_" in name or name.endswith("reports")]
    assert "cases.service" in {name.rsplit(".", 1)[0] for name in heard} | heard


def test_the_command_and_the_spreadsheet_have_the_same_money(database: Database) -> None:
    with database.write() as session:
        world(session, 5)
        report = built(session, READER, {"month": "2026-10"})
    printed = json.loads(text(database, ZHONGXIAN, "2026-10"))
    assert printed["aid"] == json.loads(json.dumps(report_files.as_dict(report)["aid"]))
    line, told = report.aid[0], printed["aid"][0]
    assert told["yuan"]["value"] == (line.figures[-1].value or 0) / 100
    assert told["average_yuan_per_household"] == line.per_payment
    assert sum(part["yuan"]["value"] for part in told["by_place"]) == pytest.approx(
        told["yuan"]["value"]
    )
    sheet = list(csv.reader(io.StringIO(report_files.as_csv(report, "测试", "通报通报"))))
    title = f"发放（{line.unit.word}）"
    [cell] = [row[3] for row in sheet if row[:3] == [title, line.word, "金额（元）"]]
    assert float(cell) == told["yuan"]["value"]
    published = json.loads(text(database, ZHONGXIAN, "2026-10", publish=True))
    assert "hidden" in json.dumps(published["aid"])
