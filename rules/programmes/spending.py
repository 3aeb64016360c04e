"""What a household spends of its own in a year, by kind, as low and high sums in fen.

A kind that nobody has told of is not zero: its high side stays open, so a rule that depends on it
waits. LS-02 and GX-02 name treatment and study; GX-02 also rehabilitation, and places accidents.
"""

import polars as pl

from rules.criteria import decide, yes

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
