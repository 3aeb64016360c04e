"""What several lines of one household say together, and what they say against each other."""

from typing import Any

import polars as pl
import pytest

from rules import facts as schema
from rules import law as laws
from rules.bulk import outcomes, screen_register
from rules.bulk_reasons import clauses, reasons_of
from rules.clashes import possible
from rules.household import ALL_COLUMNS, household_row, person_rows
from rules.programmes import EVERYTHING
from rules.reach import columns_of, readers
from rules.register import Household, facts_rows, register_frame
from tests.rules.test_bulk import TODAY
from tests.rules.test_register import one, read

PLACE = "500233"
POOR = "农村,否,0,无"
HEADER = "户号,person,家里一起生活的人数,全家一个月总收入,户口性质,有没有汽车,存款,shock"
# The household's facts with two values each, one of which decides otherwise than the other.
SAMPLES: dict[str, tuple[Any, Any]] = {
    "word": ("", ""), "bool": (True, False), "count": (0, 3), "money": (0, 2500),
    "sum": (0, 90_000),
}  # fmt: skip
OTHERS: dict[str, tuple[Any, Any]] = {
    "household_size": (1, 4), "hukou": ("rural", "nonlocal"), "shock": ("none", "fire"),
    "receiving": ([], ["tekun"]), "stopped": ([], ["dibao"]), "accident": ("无", "车祸"),
    "disaster": ("无", "洪水"), "housing": ("无房", "公租房"), "income_kind": ("种地", "打工"),
    "living_alone": (True, None), "no_children": (True, None), "num_children": (0, 9),
}  # fmt: skip
BASES: tuple[dict[str, Any], ...] = (
    {"household_size": 2, "monthly_income_total": 1500, "hukou": "rural", "car": False,
     "deposit": 0, "shock": "none", "medical_expense_self": 0, "tuition": 0, "employed": True,
     "disability_level": "无", "critical_illness_insured": False},
    {"household_size": 1, "monthly_income_total": 0, "hukou": "rural", "age": 70,
     "supporter": "none", "receiving": ["dibao"], "housing": "危房", "house_grade": "D",
     "disability_level": "一级", "disability_type": "智力", "employed": False, "car": False,
     "deposit": 0, "shock": "none", "medical_expense_self": 20_000, "tuition": 0},
)  # fmt: skip


def judged(text: str, outcome: str = "dibao") -> tuple[list[str], list[tuple[str, str]]]:
    found, issues = read(text)
    table = register_frame([row for h in found for row in facts_rows(h, TODAY)])
    told = screen_register(table, TODAY, PLACE, programmes=EVERYTHING)[outcome]
    return told.cast(pl.String).to_list(), [(issue.field, issue.value) for issue in issues]


def test_pensions_of_two_persons_are_added_up_as_one_line_would_say() -> None:
    alone, _ = judged(f"{HEADER},每月养老金,养老金种类\n甲,1,2,1500,{POOR},300,居民\n")
    header = f"{HEADER},每月养老金,养老金种类"
    couple, issues = judged(f"{header}\n甲,1,2,1500,{POOR},150,居民\n甲,2,2,1500,{POOR},150,居民\n")
    assert (couple, issues) == (alone, [])
    assert couple == ["need_person"]
    apart, issues = judged(f"{header}\n甲,1,2,1500,{POOR},150,居民\n甲,2,,,,,,,180,\n")
    assert (apart, issues) == (["need_person"], [])


@pytest.mark.parametrize(
    ("lines", "facts"),
    [
        ("150,居民\n甲,2,180,居民", {"pension_monthly": 330, "pension_kind": "resident"}),
        (
            "150-200,居民\n甲,2,180,",
            {"pension_monthly": {"low": 330, "high": 380}, "pension_kind": "resident"},
        ),
        ("150,居民\n甲,2,3000,职工", {"pension_monthly": 150, "pension_kind": "resident"}),
        ("2000,职工\n甲,2,3000,职工", {"pension_monthly": 5000, "pension_kind": "employee"}),
        ("150,居民\n甲,2,180,\n甲,3,3000,职工", {"pension_monthly": 330}),
        ("150.5,\n甲,2,180,", {"pension_monthly": 330.5}),
        (",居民\n甲,2,180,", {"pension_monthly": 180, "pension_kind": "resident"}),
        (",居民\n甲,2,,", {"pension_kind": "resident"}),
        (",居民\n甲,2,,职工", {}),
    ],
)
def test_of_several_pensions_those_that_may_not_count_matter(
    lines: str, facts: dict[str, Any]
) -> None:
    found, issues = read(f"户号,person,每月养老金,养老金种类\n甲,1,{lines}\n")
    assert (found[0].facts, issues, found[0].clashes) == (facts, [], ())


def test_wages_and_costs_are_added_up_and_aid_is_united() -> None:
    header = "户号,person,wage_monthly,job_cost,excluded_income,receiving,stopped"
    found, issues = read(f"{header}\n甲,1,1000,100,50,特困,\n甲,2,800,,60.5,低保、特困,低保\n")
    assert issues == []
    assert found[0].facts == {
        "wage_monthly": 1800, "job_cost": 100, "excluded_income": 110.5,
        "receiving": ["tekun", "dibao"], "stopped": ["dibao"],
    }  # fmt: skip


def test_a_sum_that_nobody_can_have_is_named_and_left_out() -> None:
    found, issues = read("户号,person,job_cost\n甲,1,900000\n甲,2,900000\n")
    assert [(i.line, i.field, i.value) for i in issues] == [(2, "job_cost", "1800000")]
    assert found[0].facts == {}


def test_two_equal_lines_without_a_number_are_two_persons_and_named() -> None:
    _, issues = read("户号,每月养老金\n甲,150\n甲,150\n")
    assert [(i.line, i.field) for i in issues] == [(3, "person")]


def test_a_contradiction_settles_nothing_that_would_have_read_the_fact() -> None:
    header = f"{HEADER},刚性支出\n".replace("刚性支出", schema.SCHEMA["rigid_deduct"].label)
    text = f"{header}甲,1,2,1500,{POOR},0\n甲,2,2,1500,{POOR},9000\n"
    outcome, issues = judged(text)
    assert outcome == ["need_person"]
    assert issues == [("rigid_deduct", "9000")]
    same, _ = judged(f"{header}甲,1,2,1500,{POOR},0\n甲,2,2,1500,{POOR},0\n")
    assert same == ["unlikely"]


def test_a_fact_that_was_told_in_two_ways_is_named_in_the_reasons_of_who_reads_it() -> None:
    found, _ = read(f"{HEADER}\n甲,1,2,1500,{POOR}\n甲,2,2,1500,城镇,否,0,无\n乙,1,2,1500,{POOR}\n")
    table = register_frame([row for h in found for row in facts_rows(h, TODAY)])
    law = laws.of(PLACE, TODAY)
    told = reasons_of(table, PLACE, TODAY, programmes=EVERYTHING, ids=["household"])
    told = told.with_columns(pl.col("column", "code").cast(pl.String)).join(
        clauses(law, EVERYTHING), on=["column", "code"], how="left"
    )
    named = told.filter(pl.col("code").str.starts_with("lines_differ"))
    assert set(named["household"]) == {"甲"}
    assert {"dibao", "yiliao"} <= set(named["column"])
    assert set(named["clause"]) == {"同一户的几行里“户口性质”写得不一样，由工作人员核对"}
    assert set(named["rule_id"]) == {"PM-03"}
    assert not any(clauses(law, EVERYTHING).select("column", "code").is_duplicated())
    without = reasons_of(table.drop("nth"), PLACE, TODAY, programmes=EVERYTHING)
    assert len(without) >= len(told)


def test_two_places_of_one_household_leave_everything_to_a_person() -> None:
    header = HEADER.replace("person", "person,region")
    found, issues = read(f"{header}\n甲,1,500233,2,900,{POOR}\n甲,2,350503,2,900,{POOR}\n")
    assert [issue.field for issue in issues] == ["region"]
    assert (found[0].region, found[0].clashes) == (None, ("region",))
    table = register_frame(facts_rows(found[0], TODAY))
    told = screen_register(table, TODAY, PLACE, programmes=EVERYTHING).row(0)
    assert not {"likely", "unlikely"} & {str(outcome) for outcome in told}


def test_two_townships_of_one_household_are_named_and_settle_as_before() -> None:
    found, issues = read("户号,person,township\n甲,1,忠州\n甲,2,石宝\n")
    assert ([issue.field for issue in issues], found[0].clashes) == (["township"], ())


def test_statements_that_oppose_each_other_are_a_contradiction_too() -> None:
    household, _ = one("甲,无,车祸", "household,shock,accident")
    assert household.clashes == ("accident", "shock")
    household, _ = one("甲,70,2010-01-01", "household,age,birth_date")
    assert household.clashes == ()


def _values(key: str) -> tuple[Any, Any]:
    fact = schema.SCHEMA[key]
    if key in OTHERS:
        return OTHERS[key]
    return (fact.words[0], fact.words[-1]) if fact.words else SAMPLES[fact.kind]


def _rows(facts: dict[str, Any]) -> list[dict[str, Any]]:
    shared = household_row(schema.understood(facts), further=True)
    return [shared | person for person in person_rows(facts, further=True)[:1]]


@pytest.mark.parametrize("key", [key for key in possible() if key != "region"])
@pytest.mark.parametrize("base", BASES, ids=["couple", "alone"])
def test_whatever_a_fact_can_turn_is_left_to_a_person(key: str, base: dict[str, Any]) -> None:
    law = laws.of(PLACE, TODAY)
    tellings = [{**base, key: value} for value in _values(key)] + [
        {name: value for name, value in base.items() if name != key}
    ]
    rows = [row for facts in tellings for row in _rows(facts)]
    changed = {name for name in ALL_COLUMNS if len({row.get(name) for row in rows}) > 1}
    assert changed <= columns_of(key)
    told = outcomes(register_frame(rows), law, EVERYTHING).cast(pl.String).to_dicts()
    turned = {name for name in told[0] if len({row[name] for row in told}) > 1}
    assert turned <= {name for name, reads in readers(law, EVERYTHING).items()
                      if not columns_of(key).isdisjoint(reads)}  # fmt: skip
    clash = Household("甲", 2, PLACE, "", tellings[-1], (), (key,))
    after = screen_register(
        register_frame(facts_rows(clash, TODAY)[:1]), TODAY, programmes=EVERYTHING
    ).cast(pl.String).to_dicts()[0]  # fmt: skip
    assert {after[name] for name in turned} <= {"need_person", "need_answers", None}
    untouched = outcomes(register_frame(rows[-1:]), law, EVERYTHING).cast(pl.String).to_dicts()[0]
    for name, reads in readers(law, EVERYTHING).items():
        if columns_of(key).isdisjoint(reads):
            assert after[name] == untouched[name]
