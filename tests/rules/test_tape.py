"""The quick evaluation of a few rows gives what Polars gives, for every column of every rule."""

import json
import random
from collections.abc import Callable
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
from rules.programmes import EVERYTHING
from rules.tape import Tape, Unsupported, _literal, at, values_of
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
N, M, B, C, W, V = (pl.col(name) for name in "nmbcwv")


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
        for programmes in (small.REGISTRY, EVERYTHING):
            assert small._tape(laws.of(region, TODAY), programmes) is not None


@pytest.mark.parametrize(
    "expr",
    [
        N + M, N - M, N * 3, N // 5, N > M, N >= 1, M < N, N <= M, N == M, N != 3,
        B & C, B | C, ~B, B == C, B != C, W == "x", W != "y", W.eq(pl.lit(None)),
        N.is_null(), W.is_not_null(), B.is_null(), N.is_in([1, 12]), W.is_in(["x", "z"]),
        N.fill_null(7), N.fill_null(M), B.fill_null(value=False), W.fill_null("q"),
        pl.coalesce(N, M), pl.coalesce(W, pl.lit("k")), N.clip(0),
        N.clip(-1), N.clip(M), pl.max_horizontal(N, M),
        pl.sum_horizontal(N, M), pl.any_horizontal(B, C), pl.all_horizontal(B, C),

        pl.when(B).then(N).otherwise(M), pl.when(B).then(W).otherwise(pl.lit("o")),
        pl.when(N > 1).then(B).otherwise(C), pl.when(B).then(N), pl.when(C).then(pl.lit("t")),
        pl.when(B).then(None).when(C).then(4).otherwise(N), pl.lit(value=True) & B,
        pl.lit(None, dtype=pl.Boolean) | C, pl.lit("s") == W, N.is_in([]),
        (N + 1).alias("inner") * 2, N + pl.lit(3, dtype=pl.Int8), pl.lit(None) > N,
        pl.lit(None) - N, B & pl.lit(None), pl.lit(None) | C, pl.lit(None) == B,
        pl.lit(None) != W, pl.lit(2).clip(N), pl.max_horizontal(pl.lit(1), pl.lit(5)),
        pl.sum_horizontal(pl.lit(1), pl.lit(None, dtype=pl.Int64)), N // M, N // 0,
        pl.any_horizontal(B, pl.lit(None)),
    ],
    ids=str,
)  # fmt: skip
def test_each_operation_agrees_with_polars_nulls_included(expr: pl.Expr) -> None:
    table = pl.DataFrame(DATA, schema=DTYPES)
    expected = table.with_columns(expr.alias("found"))["found"].to_list()
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
        W + "x", N.is_nan(), W.max(),
        pl.max_horizontal(W, pl.lit("a")), N.abs(), pl.coalesce(N, W), N & M, N == W, pl.len(),
        N.clip(0, 3), N.clip(upper_bound=2), N.is_between(0, 3), -N, B.cast(pl.Int64),
        pl.min_horizontal(N, M), B ^ C,
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


def _number(dice: random.Random, deep: int) -> pl.Expr:
    if not deep or dice.random() < 0.15:
        return dice.choice([N, M, N, M, pl.lit(dice.randint(-3, 3)), pl.lit(None, dtype=pl.Int64)])
    one, two, three = (_number(dice, deep - 1) for _ in range(3))
    truth = _truth(dice, deep - 1)
    return dice.choice(
        [
            one + two, one - two, one * two, one // two, one.fill_null(two),
            pl.coalesce(one, two, three), pl.when(truth).then(one).otherwise(two),
            pl.when(truth).then(one).when(truth).then(three).otherwise(None), one.clip(two),
            pl.max_horizontal(one, two, three),
            pl.sum_horizontal(one, two, three),
            pl.when(truth).then(None).otherwise(one),
        ]
    )  # fmt: skip


def _word(dice: random.Random, deep: int) -> pl.Expr:
    if not deep or dice.random() < 0.15:
        return dice.choice([W, V, W, V, pl.lit("x"), pl.lit(None, dtype=pl.String)])
    one, two, three = (_word(dice, deep - 1) for _ in range(3))
    truth = _truth(dice, deep - 1)
    return dice.choice(
        [
            one.fill_null(two), pl.coalesce(one, two, three), pl.coalesce(one, two, pl.lit("k")),
            pl.when(truth).then(one).otherwise(two), pl.when(truth).then(one),
            pl.when(truth).then(one).when(~truth).then(None).otherwise(three),
        ]
    )  # fmt: skip


def _truth(dice: random.Random, deep: int) -> pl.Expr:
    if not deep or dice.random() < 0.15:
        return dice.choice([B, C, B, C, pl.lit(value=True), pl.lit(None, dtype=pl.Boolean)])
    one, two, three = (_truth(dice, deep - 1) for _ in range(3))
    first, second = _number(dice, deep - 1), _number(dice, deep - 1)
    said, heard = _word(dice, deep - 1), _word(dice, deep - 1)
    return dice.choice(
        [
            one & two, one | two, ~one, one == two, one != two, one.fill_null(two),
            pl.coalesce(one, two, three), pl.any_horizontal(one, two, three),
            pl.all_horizontal(one, two, three), pl.when(one).then(two).otherwise(three),
            first < second, first <= second, first > second, first >= second, first == second,
            first != second, first.is_in([0, 2, -1]),
            first.is_null(), first.is_not_null(), said == heard, said != heard, said == "y",
            said.is_in(["x", "k"]), said.is_null(), said.is_not_null(), one.is_null(),
        ]
    )  # fmt: skip


@pytest.mark.parametrize("kind", [_number, _word, _truth])
def test_whatever_is_built_of_the_operations_agrees_with_polars(
    kind: Callable[[random.Random, int], pl.Expr],
) -> None:
    """Four hundred nested expressions over more rows than a machine word has bits."""
    dice, rows = random.Random(29), 70
    dtypes = DTYPES | {"v": pl.String}
    some: dict[str, list[Any]] = {
        "n": [None, *range(-4, 5)], "m": [None, -1, 0, 1, 2], "b": [True, False, None],
        "c": [True, False, None], "w": ["x", "y", "z", None], "v": ["x", "k", None],
    }  # fmt: skip
    data = {name: dice.choices(values, k=rows) for name, values in some.items()}
    exprs = [kind(dice, 3).alias(f"found{i}") for i in range(400)]
    names = [f"found{i}" for i in range(400)]
    found = Tape([tuple(exprs)], names, dtypes).run(data, rows)
    table = pl.DataFrame(data, schema=dtypes).select(exprs)
    for name, expr in zip(names, exprs, strict=True):
        assert [at(found[name], i) for i in range(rows)] == table[name].to_list(), str(expr)


def test_a_plain_column_stands_in_every_row_and_in_no_other() -> None:
    assert values_of(True, pl.Boolean, 3) == (0b111, 0)
    assert values_of(None, pl.Boolean, 3) == (0, 0)
    assert values_of([None, False], pl.Boolean, 2) == (0, 0b10)
    assert values_of([None, True], pl.Boolean, 2) == (0b10, 0)
    assert values_of("x", pl.String, 3) == {"x": 0b111}
    assert values_of(["x", None, "x"], pl.String, 3) == {"x": 0b101}


def test_a_tape_gives_the_columns_wanted_and_those_they_are_made_of() -> None:
    stages_ = [((N + 1).alias("a"), (M * 2).alias("b"), B.alias("unwanted")), (W.alias("word"),)]
    tape = Tape(stages_, ["a", "b", "word", "c"], DTYPES)
    data = {"n": [1, 2], "m": 5, "b": True, "c": False, "w": "x"}
    found = tape.run(data, 2)
    assert {name: at(value, 1) for name, value in found.items()} == {
        "n": 2, "a": 3, "m": 5, "b": 10, "w": "x", "word": "x", "c": False,
    }  # fmt: skip
    assert tape.only(["b"]).run(data, 2) == {"m": 5, "b": 10}
    assert tape.run(data, 2) == found
