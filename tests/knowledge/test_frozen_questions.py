"""Thirty of the frozen questions, question and programme given; `make bench-answers` has all."""

from datetime import date

import pytest

from benchmarks import answers as bench
from knowledge import library
from knowledge.answers import answer
from knowledge.asked_day import asked_day
from knowledge.model import LABELS

GIVEN = [
    row for row in bench.questions() if row["label"].startswith("ask_") and "before" not in row
]
TODAY = bench.TODAY


def test_every_programme_is_asked_every_kind_of_question() -> None:
    assert len(bench.questions()) == 300
    asked = {(row["program"], row["label"]) for row in GIVEN}
    programmes = [code if code != "general" else "none" for code in library.programmes()]
    assert [(p, q) for p in programmes for q in LABELS if (p, q) not in asked] == []


def test_no_programme_falls_back_on_the_general_answer() -> None:
    missing = [
        (code, label)
        for code in library.programmes()
        for label in LABELS
        if library.entry(label, code) is None
    ]
    assert missing == []


@pytest.mark.parametrize("row", GIVEN[5::9][:30], ids=lambda row: row["id"])
def test_a_frozen_question_is_answered(row: bench.Row) -> None:
    assert bench.faults(row, bench.from_content(row)) == []


def test_a_fault_is_found() -> None:
    row = {"region": "500233", "label": "ask_materials", "must": ["户口本"], "must_not": ["发票"]}
    found = bench.faults(row, bench.Reply("ask_materials", "dibao", ["带发票，补 4321 元。"]))
    assert [fault.split("：")[0] for fault in found] == ["缺", "不该有", "没有出处", "没有来历的数"]


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("2020年重庆渐退怎么算", date(2020, 12, 31)),
        ("重庆2020年5月的渐退怎么算", date(2020, 5, 31)),
        ("天津 2023 年低保标准是多少", date(2023, 12, 31)),
        ("我2020年办的低保，标准是多少", None),
        ("2021年查出的大病，能报多少", None),
        ("2020年的标准现在还作数吗", None),
        ("2026年低保标准多少", None),
        ("低保标准多少", None),
    ],
)
def test_the_day_asked_about(question: str, day: date | None) -> None:
    found = asked_day(question, TODAY)
    assert (found.day if found else None) == day


def test_the_rules_of_a_past_day_are_told_as_such() -> None:
    found = answer("ask_amount_standard", "dibao", "120104", TODAY, question="2023年低保标准多少")
    assert found.text.startswith("先按2023年的规定说。")
    assert "1010元" in found.text
    assert "1045元" not in found.text


def test_a_word_is_explained_with_its_source() -> None:
    found = answer("ask_program_overview", "dibao", "500233", TODAY, question="渐退期是啥意思")
    assert "过渡" in found.text
    assert found.sources[0].clause == "第三十三条"
