"""What a criterion is, and the comparisons all programmes share.

A criterion is a Kleene truth over the facts frame: true, false, or null for "not known yet".
Polars' `&`, `|` and `~` are already Kleene; `decide` makes a truth from two one-sided tests.
Income is compared without dividing: yearly household fen against line x heads, so that no
rounding moves a household over a line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from rules.law import GROUPS, Law
from rules.parameter_values import Parameter
from rules.verdict import Estimate, Reason

LIKELY, UNLIKELY, NEED_ANSWERS, NEED_PERSON = "likely", "unlikely", "need_answers", "need_person"
# Where no multiple is verified its criterion still needs a column; the outcome goes to a person.
EDGE_DEFAULT = 150
# CJ-06: up to so many times the standard severely disabled people have the living allowance.
LIVING_MULTIPLE = "disability_living_income_cap_multiple"
OUTCOMES = (LIKELY, UNLIKELY, NEED_ANSWERS, NEED_PERSON)


@dataclass(frozen=True)
class Criterion:
    """One condition of a programme and where it is written.

    `column` names its truth in the evaluated frame. `reads` are fact keys, in the order worth
    asking. `wanted` is the truth that speaks for the resident. `measure` and `multiple` say which
    figure the reason shows: income a head against so many hundredths of the standard; a person's
    "own_income" is compared and not shown, since what was told is the household's. `compared` is
    any other figure with its line and their unit. `deposits` is the column of a property criterion
    that says whether deposits are above its limit, `parameter` that limit where it is verified.
    `tell` says when the reason is worth a resident's time: always, or only once true or false.
    `open_line`: exactly on its line the law is silent, so the reason speaks neither way there.
    """

    column: str
    rule_id: str
    clause: str
    reads: tuple[str, ...]
    truth: pl.Expr
    wanted: bool = True
    measure: str = ""
    multiple: int = 100
    parameter: Parameter | None = None
    compared: tuple[pl.Expr, pl.Expr, str] | None = None
    tell: str = "always"
    deposits: str = "has_big_deposit"
    open_line: bool = False


Row = Mapping[str, Any]


def _nothing(_row: Row, _law: Law, _outcome: str) -> list[Reason]:
    return []


def _no_amount(_row: Row, _law: Law) -> Estimate | None:
    return None


@dataclass(frozen=True)
class Programme:
    """A programme for one kind of subject: its criteria and how they combine to an outcome.

    `notes` are further things worth knowing about an evaluated row; `amount` estimates what a
    likely verdict is worth, or None, from the parameters named in `figures`.
    """

    code: str
    subject: str
    kind: str
    column: str
    criteria: Callable[[Law], list[Criterion]]
    outcome: Callable[[Law], pl.Expr]
    notes: Callable[[Row, Law, str], list[Reason]] = _nothing
    amount: Callable[[Row, Law], Estimate | None] = _no_amount
    figures: tuple[str, ...] = ()

    def estimate(self, row: Row, law: Law) -> Estimate | None:
        """`amount`, or None where the place has a figure of its own that nobody verified."""
        return None if self.wider(row, law) else self.amount(row, law)

    def wider(self, row: Row, law: Law) -> Parameter | None:
        """The verified figure of a wider place that holds beside such an unverified one."""
        return _wider(law, self.figures, row["hukou"])


@lru_cache(maxsize=1024)
def _wider(law: Law, figures: tuple[str, ...], hukou: str | None) -> Parameter | None:
    groups = [hukou] if hukou in GROUPS else GROUPS
    found = (law.find(name, group) for name in figures for group in groups)
    return next((figure for figure in found if figure and figure.local_unverified), None)


def decide(true: pl.Expr, false: pl.Expr) -> pl.Expr:
    """True where the first holds, false where the second holds, else null."""
    return (
        pl.when(true)
        .then(pl.lit(value=True))
        .when(false)
        .then(pl.lit(value=False))
        .otherwise(pl.lit(None, dtype=pl.Boolean))
    )


def yes(expr: pl.Expr) -> pl.Expr:
    """Null counts as no. Only for facts that count when stated and are never asked for."""
    return expr.fill_null(value=False)


def outcome(*branches: tuple[pl.Expr, str], otherwise: str) -> pl.Expr:
    """The first branch whose condition is true; null conditions do not hold."""
    chain: pl.Expr = pl.lit(otherwise)
    for condition, word in reversed(branches):
        chain = pl.when(condition).then(pl.lit(word)).otherwise(chain)
    return chain


# Derived columns -----------------------------------------------------------------------------

_HEAD = pl.col("income_head_low").is_not_null() | pl.col("income_head_high").is_not_null()
_TOTAL = pl.col("income_total_low").is_not_null() | pl.col("income_total_high").is_not_null()
_YEAR = pl.col("income_year_low").is_not_null() | pl.col("income_year_high").is_not_null()


def _yearly(side: str) -> pl.Expr:
    return (
        pl.when(_TOTAL)
        .then(pl.col(f"income_total_{side}") * 12)
        .when(_YEAR)
        .then(pl.col(f"income_year_{side}"))
        .when(_HEAD)
        .then(pl.col(f"income_head_{side}") * 12)
        .otherwise(pl.col("income_floor") * 12 if side == "low" else pl.lit(None, dtype=pl.Int64))
    )


def derivations(law: Law) -> list[dict[str, pl.Expr]]:
    """The columns the criteria share, in stages: income and heads, the lines, property."""
    by_head = _HEAD & ~_TOTAL & ~_YEAR
    doubtful_pension = pl.col("pension_kind").fill_null("") != "employee"
    doubtful_pension &= pl.col("pension").is_not_null()
    return [
        {
            "said_low": _yearly("low").fill_null(0),
            "said_high": _yearly("high"),
            "heads_low": pl.when(by_head).then(1).otherwise(pl.col("size_low").fill_null(1)),
            "heads_high": pl.when(by_head).then(1).otherwise(pl.col("size_high").fill_null(30)),
            "by_head": by_head,
            **_lines(law),
        },
        {
            # The central basic pension may not count; how much of a pension it is, nobody said.
            # What a person may take off for going to work or for illness, no text puts in figures.
            "income_low": (
                pl.col("said_low")
                - _a_head(pl.when(doubtful_pension).then(pl.col("pension") * 12).otherwise(0))
                - _a_head(_deductible(law))
                - _a_head(pl.col("excluded").fill_null(0) * 12)
                - _a_head(_untold_aid())
            ).clip(0),
            "income_high": pl.col("said_high"),
            "has_big_deposit": _big_deposit(law.caution_months),
            **_margin_deposit(law),
            "income_exact": (
                (pl.col("said_low") == pl.col("said_high")) | yes(pl.col("figures_conflict"))
            )
            & pl.col("said_high").is_not_null()
            & (pl.col("heads_low") == pl.col("heads_high"))
            & pl.col("law_state").is_not_null()
            & (pl.col("hukou").is_not_null() | pl.lit(not law.differs_by_hukou))
            # Which pension it is settles more of the income, and can still be asked.
            & ~(yes(pl.col("pension") > 0) & pl.col("pension_kind").is_null() & ~by_head),
            "income_open": yes(pl.col("figures_conflict"))
            | yes((pl.col("pension_kind") == "resident") & (pl.col("pension") > 0))
            | (_deductible(law) > 0)
            | (pl.col("excluded").fill_null(0) > 0)
            | (_untold_aid() > 0),
        },
        {
            **_comparisons(law),
            "property_doubt": property_doubt(),
        },
    ]


def _deductible(law: Law) -> pl.Expr:
    """The most that work costs and rigid spending, as told, may take off a year's income (fen)."""
    cost = pl.col("job_cost") * 12
    if law.employment_cost is not None:
        cost = pl.coalesce(cost, pl.col("wage") * 12 * int(law.employment_cost.low) // 100)
    return cost.fill_null(0) + pl.col("rigid_deduct").fill_null(0)


def _untold_aid() -> pl.Expr:
    """What aid in money may have put into the income told, while nobody said how much (fen a year).

    Social-assistance money is no income (《最低生活保障审核确认办法》第十三条第二款); nobody is
    told "unlikely" because of it.
    """
    unsaid = (pl.col("money_aid") > 0) & pl.col("excluded").is_null()
    most = pl.col("money_aid") * pl.col("at_most_high").fill_null(0)
    return pl.when(yes(unsaid)).then(most).otherwise(0)


def _a_head(amount: pl.Expr) -> pl.Expr:
    """A household's yearly amount in the measure of the income told; a head's share at the most."""
    heads = pl.when(pl.col("by_head")).then(pl.col("size_low").fill_null(1)).otherwise(1)
    return (amount + heads - 1) // heads


def _by_hukou(ends: Sequence[Any], unknown: Any, elsewhere: Any, dtype: Any) -> pl.Expr:
    rural, urban = ends
    hukou = pl.col("hukou")
    return (
        pl.when(hukou == "nonlocal")
        .then(pl.lit(elsewhere, dtype=dtype))
        .when(hukou == "rural")
        .then(pl.lit(rural, dtype=dtype))
        .when(hukou == "urban")
        .then(pl.lit(urban, dtype=dtype))
        .otherwise(pl.lit(unknown, dtype=dtype))
    )


def _lines(law: Law) -> dict[str, pl.Expr]:
    """The standard a head and year: what is surely not above it, what surely is, and the state."""
    rural, urban = law.line("rural"), law.line("urban")
    columns: dict[str, pl.Expr] = {}
    for name, side in (("at_most", "high"), ("at_least", "low")):
        ends = [None if line is None else getattr(line, side) for line in (rural, urban)]
        both = [end for end in ends if end is not None]
        for part, pick in (("low", min), ("high", max)):
            unknown = pick(both) if len(both) == 2 else None
            columns[f"{name}_{part}"] = _by_hukou(ends, unknown, None, pl.Int64)
    words: list[str | None] = ["none" if line is None else "ok" for line in (rural, urban)]
    unknown_word = words[0] if words[0] == words[1] else None
    if law.region is None:
        words, unknown_word = [None, None], None
    columns["law_state"] = _by_hukou(words, unknown_word, "elsewhere", pl.String)
    return columns


def yearly_income_a_head() -> pl.Expr:
    """Yuan a head and year, the least it can be; null while nothing is told of it."""
    told = pl.col("said_high").is_not_null() | (pl.col("said_low") > 0)
    return pl.when(told).then(pl.col("said_low") / (100 * pl.col("heads_high")))


def income_at_most(hundredths: int = 100) -> pl.Expr:
    """Income a head is not above so many hundredths of the standard."""
    return pl.col(f"income_at_most_{hundredths}")


def income_at_least(hundredths: int = 100) -> pl.Expr:
    """Income a head is not below so many hundredths of the standard."""
    return pl.col(f"income_at_least_{hundredths}")


def income_exactly(hundredths: int = 100) -> pl.Expr:
    """Income a head is exactly so many hundredths of the standard (or inside a range of it)."""
    return income_at_least(hundredths) & income_at_most(hundredths)


def on_the_line(law: Law, *times: int) -> str:
    """人均收入正好等于低保标准; where the standard is a range, that it lies inside."""
    ranges = {standard.value is None for standard in law.standards.values()}
    lines = ["低保标准" if many == 100 else f"{many / 100:g}倍低保标准" for many in times]
    exact = [f"正好等于{'或'.join(lines)}"] if ranges != {True} else []
    inside = [f"在{'或'.join(lines)}的区间里"] if True in ranges else []
    return f"人均收入{'，或'.join(exact + inside)}"


def multiples(law: Law) -> list[int]:
    """Every multiple of the standard, in hundredths, that a criterion of this law may compare."""
    known = (
        law.edge_multiple, law.single_multiple, *law.exit_multiples.values(),
        law.find(LIVING_MULTIPLE),
    )  # fmt: skip
    return sorted({100, EDGE_DEFAULT, *(m for p in known if (m := hundredths(p)) is not None)})


def _comparisons(law: Law) -> dict[str, pl.Expr]:
    low, high = pl.col("income_low") * 100, pl.col("income_high") * 100
    found: dict[str, pl.Expr] = {}
    for times in multiples(law):
        found[f"income_at_most_{times}"] = decide(
            high <= pl.col("at_most_low") * pl.col("heads_low") * times,
            low > pl.col("at_most_high") * pl.col("heads_high") * times,
        )
        found[f"income_at_least_{times}"] = decide(
            low >= pl.col("at_least_high") * pl.col("heads_high") * times,
            high < pl.col("at_least_low") * pl.col("heads_low") * times,
        )
    return found


def property_doubt(deposits: str = "has_big_deposit") -> pl.Expr:
    """A car, deposits above the limit of that column, or a second home: a person looks at it."""
    return pl.col("car") | pl.col(deposits) | yes(pl.col("houses") >= 2)


def margin_deposits(law: Law) -> str:
    """The column that says whether deposits are above what a margin household may have."""
    return "margin_big_deposit" if law.edge_deposit_cap else "has_big_deposit"


def _margin_deposit(law: Law) -> dict[str, pl.Expr]:
    cap = law.edge_deposit_cap
    return {"margin_big_deposit": _big_deposit(int(cap.low))} if cap else {}


def _big_deposit(months: int) -> pl.Expr:
    """Deposits a head above so many monthly standards."""
    low = pl.col("deposit_low").fill_null(0) * 12
    heads_low, heads_high = pl.col("size_low").fill_null(1), pl.col("size_high").fill_null(30)
    return decide(
        low > pl.col("at_most_high") * months * heads_high,
        (pl.col("deposit_high") == 0)
        | (pl.col("deposit_high") * 12 <= pl.col("at_least_low") * months * heads_low),
    )


def hundredths(multiple: Parameter | None) -> int | None:
    """1.5 as 150; None when the multiple is not verified."""
    return None if multiple is None else round(multiple.low * 100)
