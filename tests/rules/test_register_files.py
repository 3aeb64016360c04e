"""Register files by their suffix: as people type them, or already in the frame's columns."""

from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from rules import register_checks, register_files
from rules.register import UnusableRegister
from rules.register_files import register_file
from tests.rules.test_bulk import TODAY

TYPED = "户号,家里一起生活的人数,有没有汽车,出生日期\n甲,2,无,1966-11-21\n乙,三,有,\n"


def test_a_typed_file_gives_its_households_and_names_what_is_wrong() -> None:
    file = register_file(TYPED.encode(), ".csv")
    ((rows, lines),) = file.frames(TODAY)
    assert lines == 2
    assert rows["household"].to_list() == ["甲", "乙"]
    assert rows["size_low"].to_list() == [2, None]
    assert rows["car"].to_list() == [False, True]
    assert rows["age_low"].to_list() == [60, None]
    assert [(i.line, i.household) for i in file.issues] == [(3, "乙")]
    assert "monthly_income_total" in file.absent
    assert "car" not in file.absent
    assert file.more_issues == 0
    ((eve, _),) = register_file(TYPED.encode(), ".csv").frames(date(2026, 11, 20))
    assert eve["age_low"].to_list() == [59, None]


def test_a_file_on_the_disk_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "登记表.txt"
    path.write_text(TYPED, "utf-8")
    assert register_file(path, ".txt").table.equals(register_file(TYPED.encode(), ".csv").table)


def test_a_framed_file_comes_in_slices_and_counts_issues_beyond_the_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(register_checks, "MOST_NAMED", 2)
    monkeypatch.setattr(register_files, "CHUNK", 3)
    packed = BytesIO()
    pl.DataFrame({"household": list("abcde"), "size_low": [0, 0, 0, 0, 5]}).write_parquet(packed)
    file = register_file(packed.getvalue(), ".parquet")
    assert [(len(rows), lines) for rows, lines in file.frames(TODAY)] == [(3, 3), (2, 2)]
    assert (len(file.issues), file.more_issues) == (2, 2)
    assert file.absent == []


def test_a_column_of_another_type_costs_only_that_column() -> None:
    packed = BytesIO()
    pl.DataFrame({"household": ["a"], "size_low": [[2]], "level": ["two"]}).write_parquet(packed)
    file = register_file(packed.getvalue(), ".parquet")
    ((rows, _),) = file.frames(TODAY)
    assert rows.select("size_low", "level").row(0) == (None, None)
    assert [(i.line, i.field) for i in file.issues] == [(1, "size_low"), (2, "level")]


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(UnusableRegister, match=r"\.xls"):
        register_file(b"", ".xls")


@pytest.mark.parametrize("coding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_file_as_a_countys_excel_writes_it_is_the_same(coding: str) -> None:
    plain = register_file(TYPED.encode(), ".csv").table
    assert register_file(TYPED.encode(coding), ".csv").table.equals(plain)
    for mark in ";\t":
        other = TYPED.replace(",", mark).encode(coding)
        assert register_file(other, ".csv").table.equals(plain)


@pytest.mark.parametrize(
    ("content", "suffix", "said"),
    [
        (b"", ".csv", "文件是空的"),
        (b" \r\n\n", ".csv", "文件是空的"),
        (b"\xff\xff\xff", ".csv", "看不懂文件的文字编码"),
        (b"not parquet", ".parquet", "打不开，它不是完整的Parquet 文件"),
        (b"", ".parquet", "打不开，它不是完整的Parquet 文件"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_chinese_sentence(
    content: bytes, suffix: str, said: str
) -> None:
    with pytest.raises(UnusableRegister, match=said):
        register_file(content, suffix)


def test_a_line_with_too_many_cells_costs_only_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "household,region,household_size\nA,500233,2,zzz,yyy\nB,500233\nC,500233,1,,\nD,5,1,x\n"
    file = register_file(text.encode(), ".csv")
    ((rows, _),) = file.frames(TODAY)
    assert rows["household"].to_list() == list("ABCD")
    assert rows["size_low"].to_list() == [None, None, 1, None]
    assert [(i.line, i.household) for i in file.issues] == [(2, "A"), (5, "D")]
    monkeypatch.setattr(register_files, "MOST_RAGGED", 1)
    file = register_file(text.encode(), ".csv")
    list(file.frames(TODAY))
    assert (len(file.issues), file.more_issues) == (1, 1)
    framed = register_file(b"size_low,hukou,level\n1,rural,0\n2,rural,0,9\n", ".csv")
    ((rows, _),) = framed.frames(TODAY)
    assert rows["size_low"].to_list() == [1, None]
    assert [(i.line, i.household) for i in framed.issues] == [(3, "")]


def test_nameless_and_repeated_columns_are_named() -> None:
    file = register_file(b"household,car,car,,\nA,1,0,x,y\n", ".csv")
    ((rows, _),) = file.frames(TODAY)
    assert rows["car"].to_list() == [True]
    assert [i.field for i in file.issues] == ["car（第3列）", "第4列", "第5列"]
