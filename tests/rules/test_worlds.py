"""Possible worlds: what an unanswered fact could be, and how its power over a verdict is read."""

from typing import Any

import pytest

from rules import facts as schema
from rules.household import ALL_COLUMNS, ALL_FILLS, FILLS, household_row, person_rows
from rules.law import of as law_of
from rules.worlds import BASES, Worlds, unanswered, values
from tests.rules.measure_questions import TODAY

TOLD: dict[str, Any] = {
    "household_size": 1, "monthly_income_total": 600, "hukou": "rural", "deposit": 0,
    "shock": "none", "medical_expense_self": 0, "disability_level": "无",
    "disability_type": "肢体", "pension_kind": "resident", "critical_illness_insured": False,
    "age": 40, "tuition": 0,
}  # fmt: skip
CAR, JOB = (0.88, 0.12), (0.5, 0.5)  # how often no and yes


def open_worlds(**more: Any) -> Worlds:
    """A household of which only the car and the job are not known."""
    row = household_row({**TOLD, **more}) | person_rows({**TOLD, **more})[0]
    return Worlds(row, law_of("500233", TODAY), frozenset(), answers=True)


def mask(marks: str) -> int:
    """Bits of the rows marked with an x, the first row lowest."""
    return sum(1 << i for i, mark in enumerate(marks) if mark == "x")


def test_what_a_told_range_could_be_lies_inside_it() -> None:
    columns, law = ("income_total_low", "income_total_high"), law_of("500233", TODAY)
    row = {"hukou": "rural", "size_low": 1}
    anything = values("monthly_income_total", columns, {}, row, law)
    assert [value for value, _ in anything] == [252_00, 567_00, 756_00, 1260_00]
    for low, high, inside in (
        (600_00, 800_00, [756_00, 600_00, 800_00]),
        (600_00, None, [756_00, 1260_00, 600_00]),
        (None, 567_00, [252_00, 567_00, 567_00]),
        (252_00, 252_00, [252_00, 252_00, 252_00]),
    ):
        told = row | {"income_total_low": low, "income_total_high": high}
        found = values("monthly_income_total", columns, {}, told, law)
        assert [value for value, _ in found] == inside


@pytest.mark.parametrize("fact", sorted(ALL_FILLS))
def test_what_nobody_told_could_be_several_possible_things(fact: str) -> None:
    law = law_of("500233", TODAY)
    found = values(fact, ALL_FILLS[fact], {}, {"hukou": "rural"}, law)
    told = [value for value, _ in found]
    assert 2 <= len(set(told)) == len(told)
    assert sum(weight for _, weight in found) == pytest.approx(1)
    if ALL_FILLS[fact][0].endswith("_low"):  # in fen where it is money
        scale = 100 if schema.SCHEMA[fact].kind in ("money", "sum") else 1
        told = [value / scale for value in told]
    if fact not in ("disability_level", "self_care"):
        assert [value for value in told if schema.impossible({fact: value})] == []


def test_each_number_could_be_on_either_side_of_the_lines_it_is_compared_with() -> None:
    law, row = law_of("500233", TODAY), {"hukou": "rural"}
    sides = {"age": (16, 18, 60), "disability_level": (1, 3), "adl_unable": (1, 4),
             "father_months": (6,), "mother_months": (6,)}  # fmt: skip
    for fact, lines in sides.items():
        told = {value for value, _ in values(fact, ALL_FILLS[fact], {}, row, law)}
        assert all(min(told) < line <= max(told) for line in lines), fact
    sizes = values("household_size", FILLS["household_size"], {}, row, law)
    assert [size for size, _ in sizes] == [1, 2, 3, 4, 5]


def test_that_somebody_works_says_nothing_of_the_person_asked() -> None:
    row = {"hukou": "rural", "size_low": 1, "someone_employed": True}
    told = values("employed", FILLS["employed"], {}, row, law_of("500233", TODAY))
    assert told == [(False, 0.5), (True, 0.5)]


def test_who_has_no_ability_to_work_has_none_in_both_columns() -> None:
    row = {"hukou": "rural", "size_low": 1}
    worlds = Worlds(row, law_of("500233", TODAY), frozenset(), {"work_ability"}, answers=True,
                    fills=ALL_FILLS, columns=ALL_COLUMNS)  # fmt: skip
    data, height = worlds.columns([row])
    pairs = list(zip(data["work_ability"], data["no_work_ability"], strict=True))
    assert len(pairs) == height
    assert pairs[:3] == [(None, None), ("有", False), ("无", True)]
    assert set(pairs[3:]) == {("有", False), ("无", True)}


def test_worlds_stand_below_the_persons_and_vary_the_first_one() -> None:
    rows = [{"level": 1, "hukou": "rural"}, {"level": 3, "hukou": "rural"}]
    worlds = Worlds(rows[0], law_of("500233", TODAY), frozenset(), {"car"}, answers=True)
    data, height = worlds.columns(rows)
    varied = height - 2
    assert varied == 2 * (1 + BASES)
    assert data["level"] == [1, 3] + [1] * varied
    assert data["hukou"] == "rural"
    assert data["car"] == [None, None] + [False, True] * (1 + BASES)


def test_only_what_was_not_told_exactly_is_varied() -> None:
    assert open_worlds().facts == ["car", "employed"]
    assert open_worlds(car=False).facts == ["employed"]
    row = household_row(TOLD) | person_rows(TOLD)[0]
    assert unanswered(row) == ["car", "employed"]
    assert unanswered(row | {"deposit_high": 5}) == ["car", "deposit", "employed"]
    nothing = dict.fromkeys(("income_total_low", "income_total_high"))
    assert "monthly_income_total" in unanswered(row | nothing)
    for told in (
        {"income_year_low": 5, "income_year_high": 5},
        {"income_head_low": 5, "income_head_high": 6},
    ):
        assert "monthly_income_total" not in unanswered(row | nothing | told)
    for half in ({"income_year_low": 5, "income_year_high": 6}, {"income_head_low": 5}):
        assert "monthly_income_total" in unanswered(row | nothing | half)


def test_a_declined_fact_stays_unknown_in_every_world() -> None:
    row = household_row(TOLD) | person_rows(TOLD)[0]
    worlds = Worlds(row, law_of("500233", TODAY), frozenset({"car"}))
    data, height = worlds.columns([row])
    assert (worlds.facts, height) == (["employed"], 1 + 2 * BASES)
    assert data["car"] is None


# Rows: the household, the answers (car no, yes; job no, yes), and eight times the same four.
ANSWERS = "-" + "----"


def test_a_fact_flips_what_two_of_its_values_disagree_about() -> None:
    words = {
        "likely": mask(ANSWERS + "x-xx" * BASES),
        "unlikely": mask(ANSWERS + "-x--" * BASES),
    }
    found = open_worlds().flips({"dibao": words}, 1)
    assert found["car"]["dibao"] == pytest.approx(BASES * (1 - CAR[0] ** 2 - CAR[1] ** 2))
    assert found["employed"]["dibao"] == 0


def test_in_a_world_an_open_verdict_and_one_for_a_person_are_the_same() -> None:
    words = {
        "need_answers": mask(ANSWERS + "x-x-" * BASES),
        "need_person": mask(ANSWERS + "-x-x" * BASES),
        "likely": 0,
    }
    assert open_worlds().flips({"dibao": words}, 1)["car"]["dibao"] == 0
    words["likely"], words["need_person"] = words["need_person"], 0
    found = open_worlds().flips({"dibao": words, "linshi": {"likely": 1}}, 1)
    assert found["car"]["dibao"] == pytest.approx(BASES * (1 - CAR[0] ** 2 - CAR[1] ** 2))
    assert found["employed"] == {"dibao": pytest.approx(BASES / 2), "linshi": 0}


def test_an_answer_settles_as_often_as_it_leaves_nothing_open() -> None:
    found = open_worlds().settles(
        {
            "dibao": {"need_answers": mask("x" + "-x" + "xx"), "likely": mask("-x")},
            "linshi": {"need_answers": mask("x" + "xx" + "x-")},
            "yiliao": {"likely": mask("xxxxx")},
        },
        1,
    )
    assert found == {
        "car": {"dibao": pytest.approx(CAR[0]), "linshi": 0, "yiliao": 1},
        "employed": {"dibao": 0, "linshi": JOB[1], "yiliao": 1},
    }
