"""Files of a report: the workbook runs nothing, the file for the public names no household."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from sqlalchemy import select

from cases import models, open_data, report_files, reports, xlsx
from cases.errors import BadInput, NotAllowed
from cases.states import Role
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import scope
from tests.cases.test_reports import INSPECTOR, NOW, OCTOBER, World

LONG = {"from": "2026-08-01", "to": "2026-10-31"}
MARKUP = '=1+1<script>&"\x00\ud800终'


@pytest.fixture
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


pytestmark = pytest.mark.usefixtures("november")


def cells(made: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314
        for name in archive.namelist():
            ET.fromstring(archive.read(name))  # noqa: S314
    assert "".join(sheet.itertext()).find("\x00") < 0
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f")), "no cell is a formula"
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{space}c")]
        for row in sheet.iter(f"{space}row")
    ]


def test_the_workbook_has_the_lines_of_the_csv_and_no_formula(
    database: Database, cipher: Cipher
) -> None:
    reader = scope()
    with database.write() as session:
        World(session, 2)
        ask = reports.asked(reader, OCTOBER)
        _, body = report_files.taken(session, cipher, reader, ask, "=cmd|'/c calc'!A0", "xlsx")
        _, text = report_files.taken(session, cipher, reader, ask, "=cmd|'/c calc'!A0")
    assert isinstance(body, bytes)
    assert isinstance(text, str)
    plain = [[cell.removeprefix("'") for cell in line] for line in
             csv.reader(io.StringIO(text.lstrip("\ufeff")))]  # fmt: skip
    assert cells(body) == plain
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        footer = archive.read("xl/worksheets/sheet1.xml").decode().split("oddFooter")[1]
    assert "测试 2026-11-10 10:00" in footer


@pytest.mark.parametrize("value", [MARKUP, "9" * 30, "\ufffe", "x" * 40_000, "&A&D&&", ""])
def test_any_text_is_text_in_a_workbook(value: str) -> None:
    [[first, second]] = cells(xlsx.sheet([(value, 3)], value))
    kept = re.sub("[\x00\ud800\ufffe]", "", value)[: xlsx.LONGEST]
    assert (first, second) == (kept, "3")


def household(number: int, **made: Any) -> reports.Row:
    values: dict[str, Any] = {
        "case_id": f"{number}", "receipt_no": "x", "kind": "declaration", "urgency": "normal",
        "channel": "self_declaration", "programmes": ("dibao",), "place": "500233107",
        "place_name": "", "hukou": "rural", "created_at": clock.now().replace(month=10, day=5),
        "closed_at": None, "merged": False, "persons": 2, "disposition": "none",
        "contact_due": NOW, "first_answer": None, "leads_kept": 0, "leads_missed": 0,
    }  # fmt: skip
    return reports.Row(**{**values, **made})


@pytest.mark.parametrize(
    ("count", "told"), [(9, []), (10, [10]), (11, [10]), (12, [10]), (13, [15]), (23, [25])]
)
def test_no_row_for_the_public_is_about_few_and_one_more_is_not_seen(
    count: int, told: list[int]
) -> None:
    ask = reports.asked(scope(), OCTOBER)
    found = [household(number) for number in range(count)]
    assert [value for _, value in open_data.cells(found, ask)] == told
    other = [household(99, channel="home_visit"), household(98, programmes=()),
             household(97, kind="duty"), household(96, merged=True)]  # fmt: skip
    assert [value for _, value in open_data.cells(found + other, ask)] == told


@pytest.mark.parametrize("seed", range(3))
def test_the_file_for_the_public_names_counties_and_no_sum(
    database: Database, cipher: Cipher, seed: int
) -> None:
    with database.write() as session:
        world = World(session, seed, size=160)
        body = open_data.taken(
            session, cipher, INSPECTOR, reports.asked(INSPECTOR, LONG), "每季度公开一次"
        )
    rows = list(csv.reader(io.StringIO(body.lstrip("\ufeff"))))[4:]
    assert all(len(row[1]) == 6 and int(row[5]) >= open_data.LEAST for row in rows)
    assert all(int(row[5]) % open_data.STEP == 0 for row in rows)
    assert "合计" not in body
    true = Counter(
        f"{clock.day_of(made['filed']):%Y-%m}" for made in world.cases if not made["merged"]
    )
    for month, *_, count in rows:
        assert int(count) <= true[month] + open_data.STEP
    with database.read() as session:
        event = session.scalars(select(models.CaseEvent)).one()
        assert (event.kind, event.data["open"]) == ("report_taken", True)


@pytest.mark.parametrize(
    "given",
    [
        {"from": "2026-10-02", "to": "2026-10-31"},
        {"from": "2026-10-01", "to": "2026-10-30"},
        {"from": "2026-11-01", "to": "2026-11-30"},
        {**OCTOBER, "channel": "home_visit"},
        {**OCTOBER, "area": "500233107"},
    ],
)
def test_the_public_gets_whole_months_of_whole_counties(
    database: Database, cipher: Cipher, given: dict[str, str]
) -> None:
    with pytest.raises(BadInput), database.write() as session:
        open_data.taken(session, cipher, INSPECTOR, reports.asked(INSPECTOR, given), "公开数据")
    blind, ask = scope(role=Role.TOWNSHIP_CLERK), reports.asked(INSPECTOR, OCTOBER)
    with pytest.raises(NotAllowed), database.write() as session:
        open_data.taken(session, cipher, blind, ask, "公开数据")
