"""Files of a report: the workbook runs nothing, the file for the public names no household."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
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


SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(made: bytes) -> dict[str, ET.Element]:
    """The files of a workbook; every one of them is well-formed."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        return {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314


def cells(made: bytes) -> list[list[str]]:
    """What stands in the cells, as a spreadsheet reads them, without empty ones at the end."""
    found = parts(made)
    sheet = found["xl/worksheets/sheet1.xml"]
    assert not list(sheet.iter(f"{SPACE}f")), "no cell is a formula"
    assert not list(sheet.iter(f"{SPACE}hyperlink"))
    shared = found.get("xl/sharedStrings.xml", ET.Element("none"))
    assert not list(shared.iter(f"{SPACE}r")), "no text is markup"
    texts = ["".join(one.itertext()) for one in shared.iter(f"{SPACE}si")]
    rows: list[list[str]] = []
    for row in sheet.iter(f"{SPACE}row"):
        rows += [[] for _ in range(int(row.attrib["r"]) - len(rows))]
        for cell in row.iter(f"{SPACE}c"):
            place = ord(cell.attrib["r"][0]) - ord("A")
            value = "".join(cell.itertext())
            rows[-1] += [""] * (place - len(rows[-1]))
            is_text = cell.attrib.get("t") == "s"
            assert is_text or value == str(float(value)).removesuffix(".0")
            rows[-1].append(_read(texts[int(value)]) if is_text else value)
    return [_short(row) for row in rows]


def _read(text: str) -> str:
    """A spreadsheet reads _x0041_ as a character by its number."""
    return re.sub("_x([0-9A-F]{4})_", lambda one: chr(int(one[1], 16)), text)


def _short(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def footer(made: bytes) -> str:
    [found] = parts(made)["xl/worksheets/sheet1.xml"].iter(f"{SPACE}oddFooter")
    return found.text or ""


def test_the_workbook_has_the_lines_of_the_csv_and_says_who_took_it(
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
    plain = [[cell.removeprefix("'").removesuffix(".0") for cell in line] for line in
             csv.reader(io.StringIO(text.lstrip("\ufeff")))]  # fmt: skip
    assert cells(body) == [_short(line) for line in plain]
    assert len(plain) > 50
    assert footer(body) == "&L测试 2026-11-10 10:00 =cmd|'/c calc'!A0"


@pytest.mark.parametrize(
    "value",
    [
        MARKUP, "9" * 30, "007", "\ufffe", "x" * 40_000, "&A&D&&", "", "{=SUM(1)}", "@x", "_x0041_",
        "https://example.org/?a=1&b=2", "mailto:a@example.org", "<r><t>红</t></r>", "<r></r></si>",
    ],
)  # fmt: skip
def test_any_text_is_text_in_a_workbook(value: str) -> None:
    made = cells(xlsx.sheet([("先", value, 3), ("终", 0.5)], value))
    kept = re.sub("[\x00\ud800\ufffe]", "", value)[: xlsx.LONGEST]
    [[_, told, number], last] = made
    assert (told.rstrip(" "), number, last) == (kept, "3", ["终", "0.5"])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("甲&G乙", "甲＆G乙"),
        ("&[Picture]", "＆[Picture]"),
        ("两\n行 \x00", "两 行"),
        ("长" * 400, "长" * 250),
        ("𠀀" * 400, "𠀀" * 125),
    ],
)
@pytest.mark.filterwarnings("error")
def test_no_reason_takes_the_footer_off(value: str, told: str) -> None:
    assert footer(xlsx.sheet([(1,)], value)) == f"&L{told}"


def test_a_workbook_leaves_nothing_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    assert cells(xlsx.sheet([("一", 1)] * 3, "x")) == [["一", "1"]] * 3


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
