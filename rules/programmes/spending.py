"""What a household spends of its own in a year, by kind, as low and high sums in fen.

A kind that nobody has told of is not zero: its high side stays open, so a rule that depends on it
waits. LS-02 and GX-02 name treatment and study; GX-02 also rehabilitation, and places accidents.
"""

import polars as pl

from rules.criteria import EDGE_DEFAULT, decide, hundredths, yes
from rules.law import Law

_MONTHLY_LOW, _MONTHLY_HIGH = pl.col("medical_monthly_low"), pl.col("medical_monthly_high")
_LOW: dict[str, pl.Expr] = {
    "medical": pl.max_horizontal(pl.col("medical_self_low"), _MONTHLY_LOW * 12),
    "study": pl.col("tuition_low"),
    "rehab": pl.col("rehab_low"),
    "accident": pl.col("accident_low"),
}
_HIGH: dict[str, pl.Expr] = {
    "medical": pl.when(
        pl.col("medical_self_high").is_not_null()
        & (_MONTHLY_LOW.is_null() | _MONTHLY_HIGH.is_not_null())
    ).then(pl.max_horizontal(pl.col("medical_self_high"), _MONTHLY_HIGH * 12)),
    "study": pl.col("tuition_high"),
    "rehab": pl.col("rehab_high"),
    "accident": pl.col("accident_high"),
}


def least(*kinds: str) -> pl.Expr:
    """What is surely spent on these kinds."""
    return pl.sum_horizontal(*(_LOW[kind].fill_null(0) for kind in kinds))


def most(*kinds: str) -> pl.Expr:
    """What is surely not exceeded; null while one of them is open."""
    first, *others = kinds
    total = _HIGH[first]
    for kind in others:
        total = total + _HIGH[kind]
    return total


def any_of(*kinds: str) -> pl.Expr:
    """Whether anything is spent on these kinds, "medical" among them: its whole bill tells too."""
    told = [yes(_LOW[kind] > 0) for kind in kinds]
    none = [_HIGH[kind] == 0 for kind in kinds]
    told.append(yes(pl.col("medical_total") > 0))
    no_treatment = (pl.col("medical_self_high") == 0) | (pl.col("medical_total") == 0)
    none[kinds.index("medical")] = no_treatment
    return decide(pl.any_horizontal(told), pl.all_horizontal(none))


def household_income(side: str, said: str = "said") -> pl.Expr:
    """The household's yearly income, low or high, in fen."""
    told = pl.col(f"{said}_{side}")
    return pl.when(pl.col("by_head")).then(told * pl.col(f"size_{side}")).otherwise(told)


def left_below_margin(law: Law, *kinds: str) -> pl.Expr:
    """Whether what these costs leave of the income is not above the line of a margin household.

    YL-09's second condition in the words of one place; here it only keeps a family that its costs
    do not bring down from being sent to a person. The income counts by the least it may be.
    """
    times = hundredths(law.edge_multiple) or EDGE_DEFAULT
    low = household_income("low", "income")
    kind_open = pl.col("pension_kind").is_null() & (pl.col("pension") > 0)
    spread = household_income("high") - household_income("low")
    high = pl.when(kind_open).then(household_income("high")).otherwise(low + spread)
    below, above = (
        pl.col(f"at_most_{side}") * pl.col(f"size_{side}") * times for side in ("low", "high")
    )
    return decide((high - least(*kinds)) * 100 <= below, (low - most(*kinds)) * 100 > above)
