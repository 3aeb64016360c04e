"""先行救助's papers in reports and on the queue: in by their day, past it, still not there."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import time_machine

from cases import report_files, report_tables, reports, service, views
from cases.next_step import suggest
from cases.queue import View
from cases.repository import CaseRepository, Filter
from cases.states import Role
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, filed, scope

CHEN = scope()
EDITOR = scope(role=Role.CONTENT_EDITOR)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "c" * 32)


class Office:
    """Households that got aid before their papers, and what became of them."""

    def __init__(self, database: Database, cipher: Cipher, clock: time_machine.Traveller) -> None:
        self.database, self.cipher, self.clock = database, cipher, clock

    def on(self, day: str) -> None:
        self.clock.move_to(datetime.fromisoformat(f"{day}T02:00:00+00:00").astimezone(UTC))

    def owes(self, key: str, due: str) -> str:
        number = filed(self.database, self.cipher, key).receipt_no
        self.put_off(number, due)
        return number

    def put_off(self, number: str, due: str) -> None:
        with self.database.write() as session:
            service.aid_papers_due(session, self.cipher, CHEN, number, due, "住院发票")

    def came(self, number: str) -> None:
        with self.database.write() as session:
            service.aid_papers_in(session, self.cipher, CHEN, number)

    def leave(self, number: str, day: str) -> None:
        with self.database.write() as session:
            service.leave(session, self.cipher, CHEN, number, "moved", day, "派出所迁出户口")

    def behind(self, month: str) -> tuple[list[str], ...]:
        """The receipts behind kept, missed and late; each figure is as long as its list."""
        with self.database.read() as session:
            repository = CaseRepository(session, CHEN)
            ask = reports.asked(CHEN, {"month": month})
            report = report_tables.build(repository, ask)
            [share] = [one for one in report.limits if one.kept.key == "aid_papers_kept"]
            found = []
            for figure in (share.kept, share.missed, report.papers_late):
                listed = reports.behind(repository, ask, figure.key)
                assert sum(weight for _, weight in listed) == figure.value, figure.key
                found.append(sorted(row.receipt_no for row, _ in listed))
            return tuple(found)

    def queue(self) -> list[str]:
        with self.database.read() as session:
            repository = CaseRepository(session, TOWN)
            page = repository.page(self.cipher, Filter(view=View.PAPERS))
            assert repository.counts()[View.PAPERS] == page.total
            rows = views.summaries(repository, self.cipher, list(page.cases))
            assert all(row.aid_papers_late for row in rows)
            return [row.receipt_no for row in rows]


@pytest.fixture
def office(database: Database, cipher: Cipher, clock: time_machine.Traveller) -> Office:
    return Office(database, cipher, clock)


def test_each_day_counts_once_in_its_month_and_the_late_ones_are_those_of_the_queue(
    office: Office,
) -> None:
    office.on("2026-03-03")
    kept, late = office.owes("kept", "2026-03-10"), office.owes("late", "2026-03-10")
    never, gone = office.owes("never", "2026-03-12"), office.owes("gone", "2026-03-20")
    put_off = office.owes("put off", "2026-03-12")
    office.on("2026-03-10")
    office.came(kept)
    office.put_off(put_off, "2026-04-20")
    assert office.queue() == [], "the last day still counts"
    office.on("2026-03-15")
    office.leave(gone, "2026-03-14")
    assert office.queue() == [late, never], "the longest overdue first"
    assert office.behind("2026-03") == ([kept], sorted([late, never]), sorted([late, never]))
    office.on("2026-04-02")
    office.came(late)
    assert office.queue() == [never]
    assert office.behind("2026-03") == ([kept], sorted([late, never]), sorted([late, never])), (
        "March ended so, whatever came later"
    )
    assert office.behind("2026-04") == ([], [], [never])
    office.on("2026-04-25")
    assert office.behind("2026-04") == ([], [put_off], sorted([never, put_off]))
    assert sorted(office.queue()) == sorted([never, put_off])


def test_a_day_put_off_too_late_was_missed(office: Office) -> None:
    office.on("2026-03-03")
    number = office.owes("k", "2026-03-10")
    office.on("2026-03-12")
    office.put_off(number, "2026-03-20")
    office.on("2026-03-18")
    office.came(number)
    office.on("2026-03-19")
    assert office.behind("2026-03") == ([number], [number], [])


def test_the_case_page_and_the_files_say_it_and_few_are_hidden(office: Office) -> None:
    office.on("2026-03-03")
    number = office.owes("k", "2026-03-10")
    office.on("2026-03-11")
    with office.database.read() as session:
        repository = CaseRepository(session, CHEN)
        step = suggest(views.detail(repository, office.cipher, repository.get(number)), None, TOWN)
        assert step is not None
        assert step.word == "催补先行救助的材料"
        ask = reports.asked(CHEN, {"month": "2026-03"})
        report = report_tables.build(repository, ask)
        told = report_files.as_dict(report)
        assert told["aid_papers_late"]["value"] == 1
        assert "先行救助的材料按期补上" in json.dumps(told["limits"], ensure_ascii=False)
        assert "期限,,期末还没补的先行救助材料,1" in report_files.as_csv(report, "陈", "例会")
        few = report_tables.build(
            CaseRepository(session, EDITOR), reports.asked(EDITOR, {"month": "2026-03"})
        )
        assert few.papers_late.value is None
        assert all(one.missed.value != 1 for one in few.limits)
