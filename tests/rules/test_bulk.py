"""A register is screened by the very rules that answer one person."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from rules import law as laws
from rules.bulk import (
    OUTCOME_COLUMNS,
    Plan,
    _combinations,
    law_place,
    once_a_household,
    screen_frame,
    screen_register,
)
from rules.bulk_reasons import clauses, reasons_of
from rules.evaluate import criteria_of, evaluate
from rules.household import ALL_COLUMNS, COLUMNS, household_row, person_rows
from rules.impact import by_township, changes, preview, with_overrides
from rules.parameter_store import Store, default_store
from rules.programmes import ALL_CODES, needed_for
from rules.reasons import of_criteria
from rules.screening import screen
from rules.verdict import Reason
from tests.rules.households import PLACES, households
from tests.rules.test_margin_property import limited

TODAY = date(2026, 11, 21)
REGION = "500233"


def register(count: int) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    """`count` register rows drawn from 400 different households, and those households' facts."""
    facts = [household.truth for household in households(400, seed=21)]
    rows = [household_row(f) | person_rows(f)[0] for f in facts]
    base = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in COLUMNS}, schema=COLUMNS
    ).with_row_index("household")
    repeats = -(-count // len(rows))
    return pl.concat([base] * repeats).head(count).rechunk(), facts


def test_a_hundred_thousand_rows_agree_with_single_screening() -> None:
    table, facts = register(100_000)
    result = screen_frame(table, REGION, TODAY)
    assert len(result) == 100_000
    dice = random.Random(4)
    for index in dice.sample(range(100_000), 60):
        row = result.row(index, named=True)
        single = screen(facts[row["household"]], REGION, TODAY)
        for verdict in single.verdicts:
            column = (
                verdict.program if verdict.kind not in ("jiantui", "danrenbao") else verdict.kind
            )
            assert row[column] == verdict.outcome


@pytest.mark.parametrize(
    ("truths", "words", "keys"),
    [(3, 1, 1), (4, 0, 1), (31, 0, 1), (32, 0, 2), (40, 6, 2), (70, 3, 3), (0, 2, 1)],
)
def test_rows_share_a_combination_only_when_every_truth_and_word_is_the_same(
    truths: int, words: int, keys: int
) -> None:
    dice = random.Random(truths)
    told = {f"t{i}": pl.Series(dice.choices([True, False, None], k=300)) for i in range(truths)}
    said = {f"w{i}": pl.Series(dice.choices(["a", "b", "c", "d", None], k=300), dtype=pl.String)
            for i in range(words)}  # fmt: skip
    rows = pl.DataFrame({**told, **said})
    # Each of these differs from the first row in one place.
    first = rows.head(1)
    others = [first.with_columns(pl.lit(value, dtype=rows[name].dtype).alias(name))
              for name in rows.columns
              for value in ((True, False, None) if name in told else ("a", "d", None))]  # fmt: skip
    rows = pl.concat([rows, *others])
    plan = Plan((), (), tuple(said), tuple(told), (), ())
    found = _combinations(rows, plan)
    assert found.width == keys
    both = pl.concat([rows, found], how="horizontal")
    assert both.n_unique() == rows.n_unique() == found.n_unique()


def test_missing_columns_are_unknown_not_no() -> None:
    table = pl.DataFrame({"id": [1], "size_low": [2], "size_high": [2]})
    result = screen_frame(table, REGION, TODAY)
    assert result["dibao"].to_list() == ["need_answers"]
    assert result.columns == ["id", "size_low", "size_high", *OUTCOME_COLUMNS]


def test_a_wrong_column_type_is_refused() -> None:
    with pytest.raises(pl.exceptions.SchemaError):
        screen_frame(pl.DataFrame({"car": ["有"]}), REGION, TODAY)


POOR = {
    "size_low": 1, "size_high": 1, "car": False, "deposit_low": 0, "deposit_high": 0,
    "hukou": "rural",
}  # fmt: skip


def test_a_rise_of_the_standard_shows_who_gains() -> None:
    table = pl.DataFrame(
        [
            {**POOR, "household": name, "income_total_low": fen, "income_total_high": fen}
            for name, fen in (("a", 102_000), ("b", 50_000))
        ]
    )
    old, new = (screen_frame(table, "120104", day) for day in (date(2025, 8, 31), date(2025, 9, 1)))
    assert changes(old, new, ["household"], ["dibao"]).to_dicts() == [
        {"household": "a", "column": "dibao", "before": "unlikely", "after": "likely",
         "change": "gains"}
    ]  # fmt: skip


def _raised(percent: int, start: date = date(2026, 10, 1)) -> Any:
    store = default_store()
    now = store.in_force("dibao_standard", REGION, start, hukou="rural")
    value = round(now.low * percent / 100)
    raised = replace(
        now, region_code=now.region_code, value=value, low=value, high=value,
        effective_from=start, effective_to=None, document="拟发文件", stale=False,
    )  # fmt: skip
    return store, raised


def test_the_preview_of_a_changed_parameter_is_what_publishing_gives() -> None:
    table, _ = register(4_000)
    table = table.with_columns(
        pl.col("household").cast(pl.String),
        township=pl.Series([f"{REGION}{i % 7:03}" for i in range(len(table))]),
        gets_dibao=pl.Series([i % 2 == 0 for i in range(len(table))]),
    )
    store, raised = _raised(90)
    draft = with_overrides(store, [raised])
    found = preview(table, TODAY, store, draft, REGION)
    assert {"loses", "enters_jiantui"} <= set(found["change"])
    published = with_overrides(default_store(), [raised])
    before = screen_register(table, TODAY, REGION, store)
    after = screen_register(table, TODAY, REGION, published)
    for column in OUTCOME_COLUMNS:
        moved = before[column].ne_missing(after[column])
        assert moved.sum() == len(found.filter(pl.col("column") == column)), column
        told = found.filter(pl.col("column") == column)["after"].to_list()
        assert told == after[column].filter(moved).cast(pl.String).to_list()
    counted = by_township(found)
    assert set(counted["township"]) <= set(table["township"])
    assert counted["households"].min() >= 1


def test_a_published_value_ends_the_one_before_and_no_day_has_two() -> None:
    store, raised = _raised(110)
    changed = with_overrides(store, [raised])
    eve = changed.in_force("dibao_standard", REGION, date(2026, 9, 30), hukou="rural")
    day = changed.in_force("dibao_standard", REGION, date(2026, 10, 1), hukou="rural")
    assert eve.low == store.in_force("dibao_standard", REGION, TODAY, hukou="rural").low
    assert day.low == raised.low
    again = replace(raised, value=raised.low + 5, low=raised.low + 5, high=raised.low + 5)
    twice = with_overrides(changed, [again])
    assert twice.in_force("dibao_standard", REGION, TODAY, hukou="rural").low == again.low


def test_a_register_of_several_places_is_judged_by_each_law() -> None:
    table, facts = register(900)
    codes = [PLACES[i % len(PLACES)] for i in range(900)]
    codes[5] = None
    mixed = table.with_columns(region=pl.Series(codes))
    found = screen_register(mixed, TODAY, "500233")
    for index in range(60):
        single = screen(facts[table["household"][index]], codes[index] or "500233", TODAY)
        verdict = single.of("dibao", "standard")
        assert verdict is not None
        assert found["dibao"][index] == verdict.outcome, index
    # A township without figures of its own is judged as its county.
    towns = screen_register(table.with_columns(region=pl.lit("500233107")), TODAY)
    assert towns.equals(screen_register(table, TODAY, "500233"))


def _low(amount: Any) -> float | None:
    return amount["low"] if isinstance(amount, dict) else amount


def _told(rows: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    return {
        row["code"]: (row["met"], row["value"], row["line"], row["gap"], row["source"],
                      row["rule_id"], row["clause"])
        for row in rows
    }  # fmt: skip


@pytest.mark.parametrize("place", [REGION, "350503", "120104", "152201", "513400"])
@pytest.mark.parametrize("codes", [(), ALL_CODES])
def test_reasons_of_a_register_are_those_of_single_screening(
    place: str, codes: tuple[str, ...]
) -> None:
    """Every reason that a criterion gives, with its source, for every programme."""
    reasons_agree(place, codes, default_store())


def test_reasons_agree_where_limits_of_deposits_are_verified() -> None:
    reasons_agree("120104", (), limited())


def on_a_line(row: dict[str, Any], fen: int, heads: int = 1) -> dict[str, Any]:
    """A household alone with that income, getting 低保, with a certificate."""
    return row | {
        "size_low": heads, "size_high": heads, "income_total_low": fen, "income_total_high": fen,
        "pension": None, "hukou": "rural", "gets_dibao": True, "level": 2, "age_low": 70,
        "age_high": 70, "figures_conflict": False,
    }  # fmt: skip


def reasons_agree(place: str, codes: tuple[str, ...], store: Store) -> None:
    programmes = needed_for(codes)
    law = laws.of(place, TODAY, store)
    rows = [
        household_row(h.truth, further=True) | person_rows(h.truth, further=True)[0]
        for h in households(60, seed=21)
    ]
    rows += [on_a_line(rows[0], fen) for fen in (63_000, 94_500, 126_000, 62_999, 43_000)]
    rows += [on_a_line(rows[0], 188_999, heads=3)]
    table = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in ALL_COLUMNS}, schema=ALL_COLUMNS
    )
    text = clauses(law, programmes)
    found = reasons_of(table, place, TODAY, store, programmes).cast(
        {"code": pl.String, "column": pl.String, "source": pl.String}
    )
    found = found.join(text, on=["column", "code"], how="left", maintain_order="left")
    by_row = found.partition_by(["row", "column"], as_dict=True)
    single = evaluate(table, law, programmes)
    for index, row in enumerate(single.iter_rows(named=True)):
        for programme in programmes:
            if row[programme.column] is None:
                continue
            expected = {
                r.code: (r.met, _low(r.value), _low_line(r), _low(r.gap),
                         r.parameter.citation() if r.parameter else None, r.rule_id, r.clause)
                for r in of_criteria(criteria_of(law, programmes)[programme.column], row, law)
            }  # fmt: skip
            part = by_row.get((index, programme.column))
            told = _told(part.to_dicts() if part is not None else [])
            assert told == expected, (index, programme.column)


def _low_line(reason: Reason) -> float | None:
    """A register tells the higher end of a line that is a range."""
    return reason.line["high"] if isinstance(reason.line, dict) else reason.line


def test_property_nobody_may_call_in_order_is_left_to_the_check() -> None:
    """No place has a verified limit, so a register does not say either that property is right."""
    table, _ = register(400)
    found = reasons_of(table, REGION, TODAY).cast({"code": pl.String, "source": pl.String})
    checked = found.filter(code="property_to_be_checked")
    assert len(checked) > 100
    assert checked["met"].null_count() == len(checked)
    assert not found.filter(code="dibao_property").height
    lines = found.filter((pl.col("code") == "dibao_income") & pl.col("line").is_not_null())
    assert lines["source"].null_count() == 0


def test_reasons_of_the_household_stand_with_its_first_person() -> None:
    table, _ = register(2)
    found = reasons_of(table.with_columns(nth=pl.Series([0, 1])), REGION, TODAY)
    columns = found.filter(row=1)["column"].cast(pl.String).unique().to_list()
    assert "dibao" in found.filter(row=0)["column"].cast(pl.String)
    assert "dibao" not in columns


def test_the_further_programmes_agree_over_a_register_too() -> None:
    """So many verdicts do not fit into one key of a combination, and some columns come twice."""
    everything = needed_for(ALL_CODES)
    rows = [
        household_row(h.truth, further=True) | person_rows(h.truth, further=True)[0]
        for h in households(60, seed=8)
    ]
    table = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in ALL_COLUMNS}, schema=ALL_COLUMNS
    )
    found = screen_frame(table, REGION, TODAY, programmes=everything)
    single = evaluate(table, laws.of(REGION, TODAY), everything)
    for programme in everything:
        assert found[programme.column].to_list() == single[programme.column].to_list()


def test_a_register_without_rows_has_its_columns() -> None:
    table, _ = register(1)
    empty = table.clear().with_columns(region=pl.lit(REGION))
    found = screen_register(empty, TODAY)
    assert (found.height, tuple(found.columns)) == (0, OUTCOME_COLUMNS)


def test_a_verdict_on_the_household_stands_with_its_first_person() -> None:
    found = pl.DataFrame({"nth": [0, 1, None], **dict.fromkeys(OUTCOME_COLUMNS, "likely")})
    told = once_a_household(found)
    assert told["dibao"].to_list() == ["likely", None, "likely"]
    assert told["danrenbao"].to_list() == ["likely"] * 3


def test_a_township_is_judged_by_its_county_unless_it_has_figures() -> None:
    assert law_place("350902001") == "350902"
    assert law_place("500233") == "500233"
    assert law_place("") == ""
    own = replace(default_store().parameters[0], region_code="350902001")
    assert law_place("350902001", Store.of([own])) == "350902001"
    assert law_place("350902002", Store.of([own])) == "350902"


def test_reasons_of_a_register_carry_its_ids_and_their_clauses_stand_apart() -> None:
    table, _ = register(3)
    found = reasons_of(table, REGION, TODAY, ids=["household"])
    assert found.columns[:2] == ["row", "household"]
    assert found.select("row", "household").unique().sort("row")["household"].to_list() == [0, 1, 2]
    law = laws.of(REGION, TODAY)
    told = clauses(law)
    assert set(found["code"].cast(pl.String)) <= set(told["code"])
    assert not told.select("column", "code").is_duplicated().any()
    assert told.filter(code="dibao_income")["rule_id"].to_list() == ["DB-01"]


@pytest.mark.parametrize("code", ALL_CODES)
def test_each_programme_alone_has_the_outcomes_it_has_among_all(code: str) -> None:
    rows = [
        household_row(h.truth, further=True) | person_rows(h.truth, further=True)[0]
        for h in households(12, seed=5)
    ]
    table = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in ALL_COLUMNS}, schema=ALL_COLUMNS
    )
    alone = screen_register(table, TODAY, REGION, programmes=needed_for([code]))
    among = screen_register(table, TODAY, REGION, programmes=needed_for(ALL_CODES))
    columns = [programme.column for programme in needed_for([code]) if programme.code == code]
    assert alone.select(columns).equals(among.select(columns))


def test_a_published_value_needs_a_first_day() -> None:
    store, raised = _raised(110)
    with pytest.raises(ValueError, match="first day"):
        with_overrides(store, [replace(raised, effective_from=None)])
