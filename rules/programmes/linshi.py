"""Temporary assistance (临时救助): sudden hardship, spending hardship, and small fast aid.

Emergency kind: fire, traffic accident, sudden illness and the like, in the place where it happens,
whatever the hukou. Spending kind: covered or margin households whose necessary spending exceeds
what the family has; the income test of others (local disposable income a head) has no verified
figure, so they go to a person. Small fast aid since 2026-01-29: no means check, as a rule within
three days, at most one month of the local standard.
"""

from datetime import date

import polars as pl

from rules import facts as schema
from rules.criteria import (
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    Row,
    decide,
    outcome,
    yes,
)
from rules.law import NEIMENGGU, NEIMENGGU_2021, Law
from rules.programmes import spending
from rules.programmes.dibao import INCOME_READS, PROPERTY_READS
from rules.programmes.relations import asks_for_status, has_status, openers, status_by_person
from rules.reasons import as_amount, note, spoken
from rules.verdict import Estimate, Reason

LISTED = ("fire", "accident", "sudden_illness", "no_food")
OTHER = ("disaster", "job_loss", "other")
RULES_2026 = date(2026, 1, 29)
_OLD = "《关于进一步加强和改进临时救助工作的意见》（民发〔2018〕23号）二（一）"
_NEW = "《关于进一步健全完善临时救助制度的意见》（2026年1月29日公布）二（二）"


_NEEDS = ("medical", "study")  # LS-02


def _criteria(law: Law) -> list[Criterion]:
    income = [spending.household_income(side) for side in ("low", "high")]
    shocked = pl.col("shock").is_in(LISTED)
    # LS-03: a listed emergency is registered once it is confirmed on the spot; how hard it hits is
    # seen there and not asked before. Only who says that there is no hardship is not in one.
    hard = yes(pl.col("basic_living_difficult")) | pl.col("basic_living_difficult").is_null()
    return [
        Criterion(
            "aid_shock",
            "LS-01",
            f"{_OLD}：火灾、交通事故、突发重大疾病等，基本生活暂时严重困难",
            ("shock",),
            shocked & hard,
        ),
        Criterion(
            "aid_other_shock",
            "LS-01",
            f"{_OLD}：其他急难情形，由乡镇（街道）核定；自然灾害先由应急管理部门救助",
            ("shock",),
            pl.col("shock").is_in(OTHER) & hard,
        ),
        Criterion(
            "aid_spending",
            "LS-05" if law.on >= RULES_2026 else "LS-02",
            f"{_NEW if law.on >= RULES_2026 else _OLD}：教育、医疗等必需支出突然增加",
            ("medical_expense_self", "tuition"),
            spending.any_of(*_NEEDS),
            measure="spending",
        ),
        Criterion(
            "aid_covered",
            "LS-05" if law.on >= RULES_2026 else "LS-02",
            "低保、特困、低保边缘、刚性支出困难家庭",
            (*INCOME_READS, *PROPERTY_READS),
            has_status(openers("linshi")),
        ),
        Criterion(
            "aid_beyond_means",
            "LS-02",
            f"{_OLD}：支出超出家庭承受能力（这里按超过全家一年收入初看）",
            ("monthly_income_total", "household_size", "medical_expense_self", "tuition"),
            decide(spending.least(*_NEEDS) > income[1], spending.most(*_NEEDS) <= income[0]),
            measure="spending",
        ),
        Criterion(
            "aid_left",
            "LS-02",
            "付掉这些花费，全家人均收入不高于低保边缘家庭的收入线",
            (*INCOME_READS, "medical_expense_self", "tuition"),
            spending.left_below_margin(law, *_NEEDS),
            tell="false",
        ),
    ]


def _outcome(_law: Law) -> pl.Expr:
    shock, other = pl.col("aid_shock"), pl.col("aid_other_shock")
    spent = pl.col("aid_spending")
    by_spending = spent & pl.col("aid_covered") & pl.col("aid_beyond_means")
    # LS-02 gives no figure for what a family can bear. A cost that does not even bring a family
    # without a status down to the margin is borne; one that does is looked at by a person.
    borne = ~pl.col("aid_covered") & ~pl.col("aid_left")
    settled = ~asks_for_status("linshi") & status_by_person("linshi")
    return outcome(
        (shock, LIKELY),
        (by_spending, LIKELY),
        (shock.is_null() | spent.is_null(), NEED_ANSWERS),
        (spent & pl.col("aid_covered").is_null() & settled, NEED_PERSON),
        (spent & ~other & borne, UNLIKELY),
        (spent & (by_spending.is_null() | (~other & borne.is_null())), NEED_ANSWERS),
        (spent | other, NEED_PERSON),
        otherwise=UNLIKELY,
    )


def _notes(row: Row, law: Law, told: str) -> list[Reason]:
    if told != LIKELY:
        return []
    found = []
    if row["aid_shock"] and law.inside(NEIMENGGU) and law.on >= NEIMENGGU_2021:
        clause = "内蒙古：情况紧急的先小额救助，过后再补说明"
        found.append(note("aid_before_papers", "LS-09", clause))
    if row["aid_shock"] and (small := law.find("temp_aid_emergency_small_amount")):
        clause = f"{small.citation()}：急难较轻的，在这个数以内（含）"
        found.append(note("emergency_small_amount", "LS-10", clause, small))
    if _amount(row, law) is None:
        clause = "给多少没有核实的当地规定，由乡镇（街道）和县级民政部门按困难程度核定"
        rule = "LS-01" if row["aid_shock"] else "LS-02"
        found.append(note("aid_amount_by_office", rule, clause))
    return found


def _amount(row: Row, law: Law) -> Estimate | None:
    """LS-04: small fast aid up to one monthly standard of the place where it happened.

    Whether a head or a household no text says; so one standard, and the formula says what is open.
    """
    cap = law.fast_track_cap
    if not row["aid_shock"] or law.on < RULES_2026 or cap is None or not law.standards:
        return None
    known = [p for group, p in law.standards.items() if row["hukou"] == group]
    lines = known or list(law.standards.values())
    if any(line.local_unverified for line in lines):
        return None
    ends = [line.monthly_fen() for line in lines]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    line = spoken(as_amount(schema.yuan(low), schema.yuan(high)))
    formula = f"最高{cap.low:g}个月低保标准{line}，按人还是按户没有写明，由乡镇（街道）核定"
    return Estimate(0, schema.yuan(round(high * cap.low)), "元/次", formula)


PROGRAMME = Programme(
    "linshi", "household", "standard", "linshi", _criteria, _outcome, _notes, _amount
)
