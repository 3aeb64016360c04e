"""What a changed figure does to the money of those who stay: as screening one by one says."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from rules import law as laws
from rules.impact import impact, with_overrides
from rules.impact_amounts import _change
from rules.law import Law
from rules.parameter_store import Store, files_store
from rules.parameter_values import Parameter
from rules.programmes import EVERYTHING
from rules.screening import screen
from rules.verdict import Estimate
from tests.rules.households import households
from tests.rules.test_impact import DAY, PLACE, POOR, changed, frame


def amounts(facts: list[dict[str, Any]], after: Store, townships: int = 1) -> dict[Any, Any]:
    """(township, column) → (households, low, high, unknown)."""
    found = impact(frame(facts, townships), DAY, files_store(), after).amounts
    return {
        (row["township"][6:9], row["column"]): tuple(
            row[name] for name in ("households", "low", "high", "unknown")
        )
        for row in found.iter_rows(named=True)
    }


@pytest.mark.parametrize("value", [600, 731.5])
def test_the_sum_is_that_of_screening_one_by_one_after_publishing(value: float) -> None:
    facts = [household.truth for household in households(100, seed=11)]
    for index, one in enumerate(facts):
        if index % 4 == 0 and isinstance(one["monthly_income_total"], int):
            told = one["monthly_income_total"]
            one["monthly_income_total"] = {"low": max(0, told - 100), "high": told + 100}
        if index % 5 == 0:
            one["hukou"] = None
        if index % 7 == 0:
            one |= {"household_size": None, "monthly_income_total": 0}
    after = changed(value)
    moved: Counter[str] = Counter()
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for index, one in enumerate(facts):
        was, now = (screen(one, PLACE, DAY, store=s).of("dibao") for s in (files_store(), after))
        assert was is not None
        assert now is not None
        if not was.outcome == now.outcome == "likely":
            continue
        town = f"10{index % 4}"
        if was.amount is None or now.amount is None:
            unknown[town] += 1
            continue
        ends = sorted(
            round(getattr(now.amount, end) * 100) - round(getattr(was.amount, end) * 100)
            for end in ("low", "high")
        )
        if ends != [0, 0]:
            moved[town] += 1
            low[town] += ends[0]
            high[town] += ends[1]
    found = amounts(facts, after, townships=4)
    assert {town: row for (town, column), row in found.items() if column == "dibao"} == {
        town: (moved[town], low[town], high[town], unknown[town])
        for town in sorted(moved.keys() | unknown.keys())
    }
    assert moved
    assert unknown


def test_who_told_a_band_gets_the_whole_rise_and_who_told_too_little_stays_unknown() -> None:
    band = POOR | {"household_size": 2, "monthly_income_total": {"low": 300, "high": 500}}
    by_head = {key: value for key, value in POOR.items() if key != "household_size"}
    facts = [band, by_head | {"monthly_income_per_capita": 200}]
    assert amounts(facts, changed(700)) == {("100", "dibao"): (1, 14_000, 14_000, 1)}
    assert amounts(facts, changed(600)) == {("100", "dibao"): (1, -6_000, -6_000, 1)}
    # Gains, losses and those who are not likely have no amount that moves.
    others = [POOR | {"monthly_income_total": income} for income in (680, 610, 2_000)]
    assert [
        key for key in amounts(others[:1] + others[2:], changed(700)) if key[1] == "dibao"
    ] == []
    assert [key for key in amounts(others[1:], changed(600)) if key[1] == "dibao"] == []


def test_the_same_figure_published_again_moves_nothing() -> None:
    now = files_store().in_force("dibao_standard", PLACE, DAY, hukou="rural").low
    by_head = {key: value for key, value in POOR.items() if key != "household_size"}
    assert amounts([POOR, by_head | {"monthly_income_per_capita": 200}], changed(now)) == {}


ELDER = POOR | {
    "monthly_income_total": 0, "age": 72, "supporter": "none", "care_form": "home",
}  # fmt: skip


def test_a_figure_that_changes_no_outcome_still_shows_what_it_is_worth() -> None:
    now = files_store().in_force("tekun_basic_living", PLACE, DAY).low
    after = changed(now + 100, "tekun_basic_living")
    found = impact(frame([ELDER, ELDER], 1), DAY, files_store(), after)
    assert found.parts == ()
    assert found.amounts.to_dicts() == [
        {"township": f"{PLACE}100000", "column": "tekun", "households": 2, "low": 20_000,
         "high": 20_000, "unknown": 0},
    ]  # fmt: skip


def test_money_whose_conditions_nobody_verified_moves_from_nothing_up_to_the_whole() -> None:
    now = files_store().in_force("dibao_edge_cash_aid", "120104", DAY)
    more = replace(
        now, value=now.low + 16, low=now.low + 16, high=now.low + 16,
        effective_from=date(2026, 10, 1), effective_to=None,
    )  # fmt: skip
    margin = POOR | {"monthly_income_total": 1500}
    table = frame([margin, margin], 1).with_columns(region=pl.lit("120104"))
    found = impact(table, DAY, files_store(), with_overrides(files_store(), [more])).amounts
    (row,) = found.drop("township").to_dicts()
    assert row == {
        "column": "dibao_bianyuan", "households": 2, "low": 0, "high": 3_200, "unknown": 0,
    }  # fmt: skip


def test_each_person_of_a_household_counts_and_the_household_once() -> None:
    carer = POOR | {"household_size": 2, "monthly_income_total": 300, "receiving": ["dibao"]}
    pair = carer | {
        "members": [{"relation": who, "disability_level": level, "disability_type": "肢体"}
                    for who, level in (("妈妈", 1), ("爸爸", 2))],
    }  # fmt: skip
    told = {v.person: v for v in screen(pair, PLACE, DAY, focus=["canji_butie"]).verdicts
            if v.kind == "huli"}  # fmt: skip
    assert {person: verdict.outcome for person, verdict in told.items()} == {
        "妈妈": "likely", "爸爸": "likely",
    }  # fmt: skip
    was = {level: files_store().in_force(f"disability_care_allowance_level{level}", PLACE, DAY)
           for level in (1, 2)}  # fmt: skip
    raised = [
        replace(old, value=old.low + 15, low=old.low + 15, high=old.high + 15,
                effective_from=date(2026, 10, 1), effective_to=None, stale=False)
        for old in was.values()
    ]  # fmt: skip
    found = amounts([pair], with_overrides(files_store(), raised))
    assert found["100", "canji_huli"] == (1, 3_000, 3_000, 0)


def test_a_figure_of_one_township_moves_only_its_own_households() -> None:
    own = replace(
        files_store().in_force("dibao_standard", PLACE, DAY, hukou="rural"),
        value=700, low=700, high=700, region_code="500233107", region_name="石宝镇",
        effective_from=date(2026, 10, 1), effective_to=None, stale=False,
    )  # fmt: skip
    table = frame([POOR | {"monthly_income_total": 300}] * 4, 2).with_columns(
        region=pl.when(pl.col("township") == f"{PLACE}101000")
        .then(pl.lit("500233107000"))
        .otherwise(pl.lit(PLACE))
    )
    found = impact(table, DAY, files_store(), with_overrides(files_store(), [own]))
    [row] = found.amounts.to_dicts()
    assert (row["township"], row["households"], row["low"]) == (f"{PLACE}101000", 2, 14_000)
    assert "dibao" in {part.programme.column for part in found.parts}


def test_a_table_without_places_and_persons_goes_by_the_place_given() -> None:
    table = frame([POOR | {"monthly_income_total": 300}] * 2, 1)
    bare = table.drop("region", "nth", "care_form", "adl_unable")
    found = impact(bare, DAY, files_store(), changed(700), PLACE).amounts
    [row] = found.to_dicts()
    assert (row["column"], row["households"], row["low"]) == ("dibao", 2, 14_000)
    assert impact(bare, DAY, files_store(), changed(700)).amounts.is_empty()


def test_a_yearly_amount_is_a_twelfth_a_month() -> None:
    place, day = "513431", date(2016, 6, 1)
    line = files_store().in_force("gap_subsidy_target_line", place, day, hukou="rural")
    assert line.unit.endswith("年")
    new = replace(line, value=line.low + 120, low=line.low + 120, high=line.low + 120,
                  effective_from=date(2016, 5, 1))  # fmt: skip
    facts = POOR | {
        "household_size": 1, "annual_income_total": 1_200, "receiving": ["dibao"],
        "planned_exit_2016": True,
    }  # fmt: skip
    table = frame([facts], 1).with_columns(region=pl.lit(place))
    after = with_overrides(files_store(), [new])
    found = impact(table, day, files_store(), after).amounts
    [row] = found.filter(column="chae_butie").to_dicts()
    assert (row["households"], row["low"], row["high"]) == (1, 1_000, 1_000)


def test_every_figure_an_amount_reads_is_named() -> None:
    """Otherwise a change of that figure would not be shown."""
    read: set[str] = set()

    class Listening(Law):
        def find(self, name: str, *others: Any, **more: Any) -> Parameter | None:
            read.add(name)
            return super().find(name, *others, **more)

    row: dict[str, Any] = dict.fromkeys(
        ("size_low", "size_high", "heads_low", "heads_high", "adl_unable"), 1
    )
    row |= {"said_low": 0, "said_high": 0, "by_head": False, "hukou": "rural", "law_state": "ok",
            "gets_dibao": False, "aid_shock": False}  # fmt: skip
    for programme in EVERYTHING:
        read.clear()
        for place in (PLACE, "350902", "513431", "120104"):
            for form in ("home", "institution", None):
                for level in (1, 2, 3):
                    law = laws.of(place, DAY)
                    heard = Listening(place, DAY, standards=law.standards, store=law.store)
                    programme.amount(row | {"care_form": form, "level": level}, heard)
        assert read <= set(programme.figures), programme.column
    assert [p.column for p in EVERYTHING if p.figures] == [
        "dibao", "dibao_bianyuan", "orphan", "shishi", "tekun", "canji_shenghuo", "canji_huli",
        "chae_butie",
    ]  # fmt: skip


def test_a_change_is_known_only_where_both_amounts_are() -> None:
    """A village may publish a figure that nobody verified: then what it will be nobody can say."""
    month, more = Estimate(100, 200, "元/月", ""), Estimate(130, 250.5, "元/月", "")
    assert _change(month, more) == (3_000, 5_050)
    assert _change(more, month) == (-5_050, -3_000)
    assert _change(month, month) == (0, 0)
    assert _change(month, Estimate(2_400, 2_400, "元/年", "")) == (0, 10_000)
    assert _change(None, month) == _change(month, None) == _change(None, None) == (None, None)
