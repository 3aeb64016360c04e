"""Gradual exit (渐退) of a household that gets 低保 and now has more than the standard.

National: over the standard through work, as a rule at most six months (《最低生活保障审核确认办法》
第三十三条 and the notice of 2022-10-20). Chongqing since 2020-09-07: more than 1 and less than 1.5
times the standard, six months; before that day rural registered poor below 2 times. Exactly 1, 1.5
or 2 times is not covered by the wording and goes to a person. Null: the household gets no 低保.
"""

import polars as pl

from rules.criteria import (
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    Row,
    hundredths,
    income_at_least,
    income_at_most,
    income_exactly,
    on_the_line,
    outcome,
    yes,
)
from rules.law import CHONGQING_NEW_RULES, Law
from rules.programmes.dibao import INCOME_READS, NO_LAW, OPEN
from rules.reasons import note
from rules.verdict import Reason

_CHONGQING = "重庆渐退：人均收入高于1倍、低于{}倍低保标准"
_NATION = "《最低生活保障审核确认办法》第三十三条：因就业人均收入超过低保标准的，可以渐退"


def _cap(law: Law) -> int | None:
    """The multiple, in hundredths, below which the household exits gradually; None: no cap."""
    for group in ("rural", "urban"):
        if group in law.exit_multiples:
            return hundredths(law.exit_multiples[group])
    return None


def months_rule(law: Law) -> str:
    """The rule that gives the months."""
    return "DB-51" if law.exit_multiples else "DB-50"


def _criteria(law: Law) -> list[Criterion]:
    cap = _cap(law)
    parameter = law.exit_multiples.get("rural")
    common = [
        Criterion(
            "exit_above",
            "DB-50",
            "人均收入高于低保标准",
            INCOME_READS,
            income_at_least(100),
            measure="income",
            open_line=True,
        ),
        Criterion(
            "exit_on_the_line",
            "DB-50",
            f"{on_the_line(law, 100)}，文件没有写明",
            INCOME_READS,
            income_exactly(100),
            wanted=False,
            measure="income",
        ),
    ]
    if cap is None:
        work = Criterion(
            "exit_by_work", "DB-50", _NATION, ("employed",), pl.col("someone_employed")
        )
        return [*common, work]
    clause = _CHONGQING.format(cap / 100 if cap % 100 else cap // 100)
    return [
        *common,
        Criterion(
            "exit_below_cap",
            "DB-51",
            clause,
            INCOME_READS,
            income_at_most(cap),
            measure="income",
            multiple=cap,
            parameter=parameter,
            open_line=True,
        ),
        Criterion(
            "exit_on_the_cap",
            "DB-51",
            f"{on_the_line(law, cap)}，文件没有写明",
            INCOME_READS,
            income_exactly(cap),
            wanted=False,
            measure="income",
            multiple=cap,
            parameter=parameter,
        ),
    ]


def _outcome(law: Law) -> pl.Expr:
    has_dibao = yes(pl.col("gets_dibao")) | yes(pl.col("left_dibao"))
    above, line = pl.col("exit_above"), pl.col("exit_on_the_line")
    branches: list[tuple[pl.Expr, str]] = [(NO_LAW, NEED_PERSON), (~above, UNLIKELY)]
    if _cap(law) is not None:
        below, on_cap = pl.col("exit_below_cap"), pl.col("exit_on_the_cap")
        if law.on < CHONGQING_NEW_RULES:
            # Registered poverty is in nobody's pocket: when it was not told, the office knows.
            group = (pl.col("hukou") == "rural") & yes(pl.col("registered_poor"))
            branches.append((yes(~group) & pl.col("hukou").is_not_null(), NEED_PERSON))
        branches += [
            (~below, UNLIKELY),
            (above & line, NEED_PERSON),
            (below & on_cap, NEED_PERSON),
            # An income that may lie on either side of a line may lie on it.
            (OPEN & (line.is_null() | on_cap.is_null()), NEED_PERSON),
            (above & ~line & below & ~on_cap, LIKELY),
        ]
    elif law.exit_months is None:
        branches.append((above, NEED_PERSON))
    else:
        work = pl.col("exit_by_work")
        branches += [
            (OPEN & line.is_null(), NEED_PERSON),
            (above & (line | ~work), NEED_PERSON),
            (above & ~line & work, LIKELY),
        ]
    return pl.when(has_dibao).then(outcome(*branches, otherwise=NEED_ANSWERS)).otherwise(None)


def _notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told != LIKELY:
        return []
    # By DB-40 there would be nothing left to pay above the standard; no text says what is paid.
    clause = "渐退期里每月发多少，文件没有写，由县级民政部门核定"
    return [note("exit_amount_by_office", months_rule(law), clause)]


PROGRAMME = Programme("dibao", "household", "jiantui", "jiantui", _criteria, _outcome, _notes)
