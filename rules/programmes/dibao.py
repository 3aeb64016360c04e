"""Minimum living guarantee (最低生活保障) for the household: income and property.

《社会救助暂行办法》第九条: income a head below the local standard, property within the local rules.
Exactly on the standard goes to a person: a self-reported figure does not decide a case on the line.
No region has a verified property limit yet, so a car, more than one home or large deposits go to a
person, and their absence leaves property to the check by 民政. Not judged here: who counts as a
member, maintenance from children outside, deductions for work and illness.
"""

import polars as pl

from rules import facts as schema
from rules import reasons
from rules.criteria import (
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    Row,
    decide,
    income_at_most,
    income_exactly,
    on_the_line,
    outcome,
    yes,
)
from rules.law import Law
from rules.programmes.dibao_notes import notes
from rules.programmes.relations import exclusions, held
from rules.verdict import Estimate

INCOME_READS = ("region", "monthly_income_total", "household_size", "hukou", "pension_kind")
PROPERTY_READS = ("car", "deposit")
NO_LAW = pl.col("law_state").is_in(["none", "elsewhere"])
# Income is told as exactly as it can be, and still only a person can say what of it counts.
OPEN = pl.col("income_open") & yes(pl.col("income_exact"))


def not_in_tekun(*codes: str) -> pl.Expr:
    """TK-01 excludes the person in 特困, so the household only when it is that one person."""
    gets, alone = held(*codes), pl.col("size_high") == 1
    return ~gets | decide(pl.col("size_low") > 1, alone)


def beside_tekun() -> pl.Expr:
    """Somebody of several is in 特困: who of them counts, and whose income, a person says."""
    return yes(pl.col("gets_tekun")) & (pl.col("size_low") > 1)


def by_tekun(free: pl.Expr) -> list[tuple[pl.Expr, str]]:
    """What somebody in 特困 means for the household, before its income is looked at."""
    return [(~free, UNLIKELY), (free.is_null(), NEED_ANSWERS), (beside_tekun(), NEED_PERSON)]


def _criteria(law: Law) -> list[Criterion]:
    return [
        Criterion(
            "dibao_income",
            "DB-01",
            "《社会救助暂行办法》第九条：家庭人均收入低于当地低保标准",
            INCOME_READS,
            income_at_most(100),
            measure="income",
            open_line=True,
        ),
        Criterion(
            "dibao_on_the_line",
            "DB-01",
            f"{on_the_line(law, 100)}，由民政部门核定",
            INCOME_READS,
            income_exactly(100),
            wanted=False,
            measure="income",
        ),
        Criterion(
            "dibao_property",
            "DB-01",
            "《社会救助暂行办法》第九条：家庭财产状况符合当地规定",
            PROPERTY_READS,
            ~pl.col("property_doubt"),
            measure="property",
            parameter=law.deposit_cap,
        ),
        Criterion(
            "dibao_not_tekun",
            "TK-01",
            "已享受特困人员救助供养的，不再重复享受低保",
            ("household_size",),
            not_in_tekun(*(e.source for e in exclusions() if e.target == "dibao")),
        ),
        Criterion(
            "dibao_beside_tekun",
            "TK-01",
            "家里有人享受特困供养的，其他人能不能按户申请，由民政部门核定",
            (),
            beside_tekun(),
            tell="true",
        ),
    ]


def _outcome(_law: Law) -> pl.Expr:
    income, line = pl.col("dibao_income"), pl.col("dibao_on_the_line")
    orderly = pl.col("dibao_property")
    return outcome(
        (NO_LAW, NEED_PERSON),
        *by_tekun(pl.col("dibao_not_tekun")),
        (~income, UNLIKELY),
        (OPEN & income.is_null(), NEED_PERSON),
        (income.is_null(), NEED_ANSWERS),
        (~orderly | line, NEED_PERSON),
        (OPEN & line.is_null(), NEED_PERSON),
        (orderly & ~line, LIKELY),
        otherwise=NEED_ANSWERS,
    )


def _amount(row: Row, law: Law) -> Estimate | None:
    """(standard − income a head) x heads, from the facts as told; a range when they are ranges."""
    lines = reasons.monthly_lines(row, law)
    heads = (row["size_low"], row["size_high"])
    if lines is None or None in heads or row["said_high"] is None:
        return None
    said = [row[f"said_{side}"] * (count if row["by_head"] else 1)
            for side, count in (("high", heads[0]), ("low", heads[1]))]  # fmt: skip
    low, high = (
        max(0, line * count - round(yearly / 12))
        for line, count, yearly in zip(lines, heads, said, strict=True)
    )
    line = reasons.spoken(reasons.as_amount(*map(schema.yuan, lines)))
    head = reasons.spoken(reasons.income_per_head(row))
    count = reasons.spoken(reasons.as_amount(*heads))
    formula = f"（标准{line} − 人均{head}）×{count}人"
    if line == head and low == high:
        # So near the line that a head's share in fen hides the difference.
        formula = f"标准{line}×{count}人 − 全家{schema.yuan(said[0] / 12)}"
    return Estimate(schema.yuan(low), schema.yuan(high), "元/月", formula)


PROGRAMME = Programme(
    "dibao", "household", "standard", "dibao", _criteria, _outcome, notes,
    amount=_amount, figures=("dibao_standard",),
)  # fmt: skip
