"""Temporary assistance (临时救助): sudden hardship, spending hardship, and small fast aid.

Emergency kind: fire, traffic accident, sudden illness and the like, in the place where it happens,
whatever the hukou. Spending kind: covered or margin households whose necessary spending exceeds
what the family has; the income test of others (local disposable income a head) has no verified
figure, so they go to a person. Small fast aid since 2026-01-29: no means check, as a rule within
three days, at most one month of the local standard.
"""

from datetime import date

import polars as pl

from rules.criteria import (
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    decide,
    outcome,
    yes,
)
from rules.law import Law
from rules.programmes.dibao import INCOME_READS, PROPERTY_READS

LISTED = ("fire", "accident", "sudden_illness", "no_food")
OTHER = ("disaster", "job_loss", "other")
RULES_2026 = date(2026, 1, 29)
_OLD = "《关于进一步加强和改进临时救助工作的意见》（民发〔2018〕23号）二（一）"
_NEW = "《关于进一步健全完善临时救助制度的意见》（2026年1月29日公布）二（二）"


def spending_low() -> pl.Expr:
    """The least a family says it spends itself in a year on treatment and school, fen."""
    yearly = pl.max_horizontal(pl.col("medical_self_low"), pl.col("medical_monthly") * 12)
    return yearly.fill_null(0) + pl.col("tuition").fill_null(0)


def has_spending() -> pl.Expr:
    """Whether there is such spending at all; zero for treatment is a no if nothing else is told."""
    told = [
        yes(pl.col(name) > 0)
        for name in ("medical_self_low", "medical_total", "medical_monthly", "tuition")
    ]
    return decide(
        told[0] | told[1] | told[2] | told[3],
        (pl.col("medical_self_high") == 0) | (pl.col("medical_total") == 0),
    )


def covered() -> pl.Expr:
    """Whether the household is, or may be, in 低保, 特困 or on the margin."""
    parts = [pl.col("dibao"), pl.col("dibao_bianyuan")]
    return decide(
        yes(pl.col("gets_other_cover")) | (parts[0] == LIKELY) | (parts[1] == LIKELY),
        (parts[0] != NEED_ANSWERS) & (parts[1] != NEED_ANSWERS),
    )


def _criteria(law: Law) -> list[Criterion]:
    income = [
        pl.when(pl.col("by_head"))
        .then(pl.col(f"said_{side}") * pl.col(f"size_{side}"))
        .otherwise(pl.col(f"said_{side}"))
        for side in ("low", "high")
    ]
    shocked = pl.col("shock").is_in(LISTED)
    calm = yes(pl.col("basic_living_difficult")) | pl.col("basic_living_difficult").is_null()
    highest = pl.max_horizontal(pl.col("medical_self_high"), pl.col("medical_monthly") * 12)
    return [
        Criterion(
            "aid_shock",
            "LS-01",
            f"{_OLD}：火灾、交通事故、突发重大疾病等，基本生活暂时严重困难",
            ("shock",),
            shocked & calm,
        ),
        Criterion(
            "aid_other_shock",
            "LS-01",
            f"{_OLD}：其他急难情形，由乡镇（街道）核定；自然灾害先由应急管理部门救助",
            ("shock",),
            pl.col("shock").is_in(OTHER) & calm,
        ),
        Criterion(
            "aid_spending",
            "LS-05" if law.on >= RULES_2026 else "LS-02",
            f"{_NEW if law.on >= RULES_2026 else _OLD}：教育、医疗等必需支出突然增加",
            ("medical_expense_self",),
            has_spending(),
            measure="spending",
        ),
        Criterion(
            "aid_covered",
            "LS-05" if law.on >= RULES_2026 else "LS-02",
            "低保、特困、低保边缘等困难家庭",
            (*INCOME_READS, *PROPERTY_READS),
            covered(),
        ),
        Criterion(
            "aid_beyond_means",
            "LS-02",
            f"{_OLD}：支出超出家庭承受能力（这里按超过全家一年收入初看）",
            ("monthly_income_total", "household_size", "medical_expense_self"),
            decide(
                spending_low() > income[1],
                (highest.fill_null(0) + pl.col("tuition").fill_null(0) <= income[0])
                & pl.col("medical_self_high").is_not_null(),
            ),
            measure="spending",
        ),
    ]


def _outcome(_law: Law) -> pl.Expr:
    shock, other = pl.col("aid_shock"), pl.col("aid_other_shock")
    spending = pl.col("aid_spending")
    by_spending = spending & pl.col("aid_covered") & pl.col("aid_beyond_means")
    return outcome(
        (shock, LIKELY),
        (by_spending, LIKELY),
        (shock.is_null() | spending.is_null(), NEED_ANSWERS),
        (spending & by_spending.is_null(), NEED_ANSWERS),
        (spending | other, NEED_PERSON),
        otherwise=UNLIKELY,
    )


PROGRAMME = Programme("linshi", "household", "standard", "linshi", _criteria, _outcome)
