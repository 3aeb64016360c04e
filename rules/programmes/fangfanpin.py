"""Monitored against falling back into poverty (防返贫监测对象): rural households, by agriculture.

Three kinds: unstable after poverty, on the margin of poverty, sudden severe hardship (FP-01). The
income line is set by the province and none is verified, so a rural household with a sign of
hardship goes to a person; this programme never says "likely" until a line is published.
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
    Row,
    decide,
    outcome,
    yes,
)
from rules.law import Law
from rules.programmes.dibao import INCOME_READS
from rules.programmes.spending import any_of
from rules.reasons import note
from rules.verdict import Reason

TRANSITION_ENDS = date(2025, 12, 31)
_RULE = "防止返贫动态监测和帮扶机制（中农组发〔2021〕7号）"


def _income(law: Law) -> pl.Expr:
    """Yearly income a head below the province's line; null while no line is verified.

    Without it only 低保 and its margin speak of income, so what they still ask is asked here too.
    """
    line = law.find("relapse_monitoring_income_line")
    if line is None:
        open_ = (pl.col("dibao") == NEED_ANSWERS) | (pl.col("dibao_bianyuan") == NEED_ANSWERS)
        return pl.when(open_).then(pl.lit(None, dtype=pl.Boolean))
    fen = round(line.low * 100)
    return decide(
        pl.col("income_high") < fen * pl.col("heads_low"),
        pl.col("income_low") >= fen * pl.col("heads_high"),
    )


def _criteria(law: Law) -> list[Criterion]:
    line = law.find("relapse_monitoring_income_line")
    sudden = pl.col("shock").is_in(
        ["fire", "accident", "sudden_illness", "disaster", "job_loss", "no_food", "other"]
    )
    return [
        Criterion(
            "relapse_rural", "FP-01", f"{_RULE}：以家庭为单位，只限农村家庭", ("hukou",),
            decide(pl.col("hukou") == "rural", pl.col("hukou").is_not_null()),
        ),
        Criterion(
            "relapse_lifted", "FP-01", f"{_RULE}：脱贫不稳定户", ("lifted_out",),
            pl.col("lifted_out"), tell="true",
        ),
        Criterion(
            "relapse_sudden", "FP-01", f"{_RULE}：突发严重困难户", ("shock",), sudden, tell="true",
        ),
        Criterion(
            "relapse_spending", "FP-02", "自己负担的医疗等花费大",
            ("medical_expense_self", "tuition"), any_of("medical", "study"), tell="true",
        ),
        Criterion(
            "relapse_income", "FP-03",
            f"{line.citation()}：人均收入低于监测线" if line else "收入监测线由省里定，每年调整",
            INCOME_READS if line else (), _income(law), parameter=line,
        ),
    ]  # fmt: skip


def _outcome(law: Law) -> pl.Expr:
    rural = pl.col("relapse_rural")
    sign = pl.col("relapse_lifted") | pl.col("relapse_sudden") | pl.col("relapse_spending")
    poor = yes(pl.col("dibao") == LIKELY) | yes(pl.col("dibao_bianyuan") == LIKELY)
    no_status = (pl.col("dibao") == UNLIKELY) & (pl.col("dibao_bianyuan") == UNLIKELY)
    branches = [(~rural, UNLIKELY)]
    if law.find("relapse_monitoring_income_line") is not None:
        income = pl.col("relapse_income")
        branches += [(rural & income & sign, LIKELY), (~income & ~sign, UNLIKELY)]
    else:
        branches.append((~sign & no_status, UNLIKELY))
    branches.append((rural & (sign | poor), NEED_PERSON))
    settled = (pl.col("dibao") != NEED_ANSWERS) & (pl.col("dibao_bianyuan") != NEED_ANSWERS)
    branches.append((rural & ~sign & settled, NEED_PERSON))
    return outcome(*branches, otherwise=NEED_ANSWERS)


def _notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told == UNLIKELY:
        return []
    found = [note("agriculture_decides", "FP-05", "由农业农村部门（乡村振兴）认定，不归民政部门")]
    if law.find("relapse_monitoring_income_line") is None:
        clause = "当地的收入监测线没有核实的数字"
        found.append(note("relapse_line_unknown", "FP-03", clause))
    if law.on > TRANSITION_ENDS:
        clause = "五年过渡期到2025年底；2026年起的新办法没有查到，以当地规定为准"
        found.append(note("transition_ended", "FP-06", clause))
    return found


PROGRAMME = Programme(
    "fangfanpin", "household", "standard", "fangfanpin", _criteria, _outcome, _notes
)
