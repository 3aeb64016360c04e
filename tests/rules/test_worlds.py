"""Possible worlds: what an unanswered fact could be, and how its power over a verdict is read."""

from typing import Any

import polars as pl
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
    if schema.SCHEMA[fact].kind == "sum":
        assert told[0] == 0, "perhaps nothing was saved or spent"
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


def test_the_influence_read_from_a_table_is_what_the_flips_of_its_words_are() -> None:
    marks = "x-xx" * BASES
    words = ["likely" if mark == "x" else "unlikely" for mark in marks]
    table = pl.DataFrame({"dibao": ["need_answers"] * 4 + words})
    masks = {"likely": mask("-" + "----" + marks), "unlikely": mask("-----" + "-x--" * BASES)}
    found = open_worlds().influence(table, ["dibao"])
    assert found == open_worlds().flips({"dibao": masks}, 1)
    assert found["car"]["dibao"] > 0


def test_a_verdict_that_is_the_same_in_every_world_flips_with_nothing() -> None:
    for word in ("likely", "need_person", "need_answers"):
        assert open_worlds().flips({"dibao": {word: mask("-----" + "xxxx" * BASES)}}, 1) == {
            "car": {"dibao": 0}, "employed": {"dibao": 0},
        }  # fmt: skip


def test_a_world_draws_every_open_fact_and_varies_one_at_a_time() -> None:
    """Size and hukou are drawn first, for income and deposits are drawn by them."""
    row = {"car": False, "level": 0, "shock": "none", "tuition_low": 0, "tuition_high": 0}
    worlds = Worlds(row, law_of("500233", TODAY), frozenset(), {"hukou"})
    data, height = worlds.columns([row])
    assert (worlds.facts, height) == (["hukou"], 1 + 2 * BASES)
    drawn = [[data[name][1 + 2 * i + side] for name in ("size_low", "income_total_low", "age_low")]
             for i in range(BASES) for side in (0, 1)]  # fmt: skip
    assert drawn[0::2] == drawn[1::2], "both worlds of a pair differ in the hukou alone"
    assert data["hukou"][1:] == ["rural", "urban"] * BASES
    assert None not in {value for one in drawn for value in one}
    assert len({tuple(one) for one in drawn}) > 1
    for size, income, _ in drawn[0::2]:
        lines = [63_000 * size, 77_000 * size]
        ratios = {round(income / line, 3) for line in lines}
        assert ratios & {0.4, 0.9, 1.2, 2.0}


def test_deposits_could_be_nothing_or_just_over_each_limit() -> None:
    law = law_of("500233", TODAY)
    row = {"hukou": "rural", "size_low": 2}
    found = values("deposit", FILLS["deposit"], {}, row, law)
    assert found == [(0, 0.75), (12 * 63_000 * 2 + 10_000, 0.25)]
    assert values("deposit", FILLS["deposit"], {"size_low": 1, "hukou": "urban"}, row, law)[1][
        0
    ] == (12 * 77_000 + 10_000)
    bare = law_of("513431", TODAY)
    assert values("deposit", FILLS["deposit"], {}, {}, bare)[1][0] == 12 * 60_000 * 3 + 10_000
