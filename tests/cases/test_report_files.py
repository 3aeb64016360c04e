"""A report as a file: no formula runs, and it says who took it, why, and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from cases import events, models, report_files, reports
from cases.errors import BadInput
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import ZHONGXIAN, scope

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
OCTOBER = {"month": "2026-10"}


@pytest.fixture
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("x","y")']


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_the_spreadsheet_is_a_formula(cell: str) -> None:
    assert report_files.safe(cell) == "'" + cell


@pytest.mark.usefixtures("november")
def test_a_report_taken_away_says_who_and_why_and_stays_in_the_history(
    database: Database, cipher: Cipher
) -> None:
    reader = scope()
    ask = reports.asked(reader, OCTOBER)
    with database.write() as session:
        _, body = report_files.taken(session, cipher, reader, ask, "=cmd|'/c calc'!A0")
    lines = {line[0]: line[1:] for line in csv.reader(io.StringIO(body.lstrip("\ufeff"))) if line}
    assert lines["用途"] == ["'=cmd|'/c calc'!A0"]
    assert (lines["下载人"], lines["下载时间"]) == (["测试"], ["2026-11-10 10:00"])
    assert lines["期间"] == ["2026-10-01 至 2026-10-31"]
    with database.read() as session:
        event = session.scalars(select(models.CaseEvent)).one()
        assert (event.kind, event.audience, event.actor_id) == ("report_taken", "audit", "a" * 32)
        assert (event.chain_area, event.case_id) == (ZHONGXIAN, None)
        assert events.text_of(cipher, event) == "=cmd|'/c calc'!A0"
        assert events.verify(session, ZHONGXIAN) is None
    with pytest.raises(BadInput), database.write() as session:
        report_files.taken(session, cipher, reader, ask, "看")
    with database.read() as session:
        assert len(list(session.scalars(select(models.CaseEvent)))) == 1
