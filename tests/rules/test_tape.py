"""The quick evaluation of a few rows gives what Polars gives, for every column of every rule."""

import json
import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from rules import law as laws
from rules import small
from rules.criteria import LIKELY, UNLIKELY, Criterion, Programme, outcome
from rules.evaluate import evaluate, stages
from rules.household import ALL_COLUMNS, COLUMNS, frame, household_row, person_rows
from rules.law import Law
from rules.tape import Tape, Unsupported, _literal, at
from tests.rules.households import households

TODAY = date(2026, 11, 21)
DTYPES: dict[str, Any] = {"n": pl.Int64, "m": pl.Int64, "b": pl.Boolean, "c": pl.Boolean,
                          "w": pl.String}  # fmt: skip
DATA = {
    "n": [1, None, 3, -4, 0, 12],
    "m": [1, 2, None, 4, 0, -5],
    "b": [True, False, None, True, None, False],
    "c": [None, False, True, True, False, None],
    "w": ["x", None, "y", "z", "x", "y"],
}
N, M, B, C, W = (pl.col(name) for name in "nmbcw")


def _rows(count: int) -> list[dict[str, Any]]:
    dice = random.Random(11)
    rows = []
    for household in households(count, seed=17):
        facts = {key: value for key, value in household.truth.items() if dice.random() < 0.7}
        income = facts.get("monthly_income_total")
        if income is not None and dice.random() < 0.3:
            facts["monthly_income_total"] = {"low": income, "high": income + dice.choice([1, 400])}
        rows.append(household_row(facts) | person_rows(facts)[0])
    return rows


@pytest.mark.parametrize("region", ["500233", "350902", "120104", "152201", "513431", None])
def test_every_column_of_every_rule_agrees_with_polars(region: str | None) -> None:
    law = laws.of(region, TODAY)
    rows = _rows(120)
    table = evaluate(frame(rows), law)
    data = {name: [row.get(name) for row in rows] for name in COLUMNS}
    found = small.evaluate(data, len(rows), law)
    for name in (e.meta.output_name() for stage in stages(law) for e in stage):
        assert table[name].to_list() == [at(found[name], i) for i in range(len(rows))], name


def test_no_rule_falls_back_to_the_slow_way() -> None:
    for region in ("500233", "350902"):
        assert small._tape(laws.of(region, TODAY), small.REGISTRY) is not None


@pytest.mark.parametrize(
    "expr",
    [
        N + M, N - M, N * 3, N // 5, -N, N > M, N >= 1, M < N, N <= M, N == M, N != 3,
        B & C, B | C, B ^ C, ~B, B == C, B != C, W == "x", W != "y", W.eq(pl.lit(None)),
        N.is_null(), W.is_not_null(), B.is_null(), N.is_in([1, 12]), W.is_in(["x", "z"]),
        N.fill_null(7), N.fill_null(M), B.fill_null(value=False), W.fill_null("q"),
        pl.coalesce(N, M), pl.coalesce(W, pl.lit("k")), N.clip(0), N.clip(upper_bound=2),
        N.clip(-1, 3), N.clip(M), pl.max_horizontal(N, M), pl.min_horizontal(N, M, 2),
        pl.sum_horizontal(N, M), pl.any_horizontal(B, C), pl.all_horizontal(B, C),
        N.is_between(0, 3), B.cast(pl.Int64), N.cast(pl.Int64),
        pl.when(B).then(N).otherwise(M), pl.when(B).then(W).otherwise(pl.lit("o")),
        pl.when(N > 1).then(B).otherwise(C), pl.when(B).then(N), pl.when(C).then(pl.lit("t")),
        pl.when(B).then(None).when(C).then(4).otherwise(N), pl.lit(value=True) & B,
        pl.lit(None, dtype=pl.Boolean) | C, pl.lit("s") == W, N.is_in([]),
        (N + 1).alias("inner") * 2, N + pl.lit(3, dtype=pl.Int8),
    ],
    ids=str,
)  # fmt: skip
def test_each_operation_agrees_with_polars_nulls_included(expr: pl.Expr) -> None:
    table = pl.DataFrame(DATA, schema=DTYPES)
    expected = table.select(expr.alias("found"))["found"].to_list()
    tape = Tape([(expr.alias("found"),)], ["found"], DTYPES)
    found = tape.run(DATA, 6)["found"]
    assert [at(found, i) for i in range(6)] == expected
    for i in range(6):
        one = tape.run({name: values[i] for name, values in DATA.items()}, 1)["found"]
        assert at(one, 0) == expected[i]


def test_a_later_stage_may_give_a_column_a_new_value() -> None:
    stages_ = [((N + 1).alias("a"),), ((pl.col("a") * 2).alias("a"), pl.col("a").alias("old"))]
    found = Tape(stages_, ["a", "old"], DTYPES).run({"n": [1, 2]}, 2)
    assert (found["a"], found["old"]) == ([4, 6], [2, 3])


@pytest.mark.parametrize(
    "expr",
    [
        N.rolling_sum(2), W.str.len_chars(), N / 2, N.shift(1), pl.col("nowhere"), pl.col("day"),
        N.sum(), pl.when(B).then(N).otherwise(W), N.cast(pl.String), W.cast(pl.Int64),
        N.is_in(pl.col("m")), N.is_in([1, None], nulls_equal=True), pl.lit(None).is_null(),
        N.is_between(0, 3, closed="left"), W + "x", B.is_between(0, 1), N.is_nan(), W.max(),
        pl.max_horizontal(W, pl.lit("a")), N.abs(), pl.coalesce(N, W), N & M, N == W, pl.len(),
    ],
    ids=str,
)  # fmt: skip
def test_an_unknown_operation_is_refused_not_guessed(expr: pl.Expr) -> None:
    with pytest.raises(Unsupported):
        Tape([(expr.alias("found"),)], ["found"], DTYPES | {"day": pl.Date})


def test_an_expression_needs_a_name() -> None:
    with pytest.raises(Unsupported, match="name"):
        Tape([(N + 1,)], ["n"], DTYPES)


def test_an_expression_the_tape_does_not_know_is_left_to_polars() -> None:
    odd = Programme(
        "odd", "household", "standard", "odd", _spelled,
        lambda _law: outcome((pl.col("long"), LIKELY), otherwise=UNLIKELY),
    )  # fmt: skip
    law = laws.of("500233", TODAY)
    programmes = (*small.REGISTRY, odd)
    assert small._tape(law, programmes) is None
    data = {"hukou": ["rural", "nonlocal", None], "car": False}
    found = small.evaluate(data, 3, law, programmes)
    assert [at(found["odd"], i) for i in range(3)] == [UNLIKELY, LIKELY, UNLIKELY]
    assert [at(found["car"], i) for i in range(3)] == [False] * 3
    assert set(ALL_COLUMNS) <= found.keys()
    wanted = small.evaluate(data, 3, law, programmes, ("odd", "dibao"))
    assert wanted["odd"] == found["odd"]


def _spelled(_law: Law) -> list[Criterion]:
    return [Criterion("long", "XX-01", "长", ("hukou",), pl.col("hukou").str.len_chars() > 5)]


def test_a_literal_of_another_form_is_read_by_polars() -> None:
    tree = json.loads(pl.lit(pl.Series([7])).meta.serialize(format="json"))
    assert _literal(tree) == 7
