"""Heating aid (取暖救助): cold regions, in season; when, how much and for whom is local.

《关于改革完善社会救助制度的意见》第13点. No amount and no season of a covered region is verified,
so who has trouble keeping warm goes to a person. 内蒙古's cheap coal is for herders without
central heating, whatever their income.
"""

import polars as pl

from rules.criteria import NEED_ANSWERS, NEED_PERSON, UNLIKELY, Criterion, Programme, Row, outcome
from rules.law import NEIMENGGU, Law
from rules.programmes.relations import status
from rules.reasons import note
from rules.verdict import Reason


def _criteria(law: Law) -> list[Criterion]:
    cold = Criterion(
        "heating_difficult_now", "QT-01", "过冬取暖有困难", ("heating_difficult",),
        pl.col("heating_difficult"),
    )  # fmt: skip
    criteria = [cold, status("qunuan", "heating_status")]
    if law.inside(NEIMENGGU):
        clause = "内蒙古“暖心煤”：没有集中供暖的农牧民，不看收入（2023年11月的报道）"
        coal = (pl.col("hukou") == "rural") & ~pl.col("central_heating")
        criteria.append(
            Criterion("heating_coal", "QT-02", clause, ("hukou", "central_heating"), coal,
                      tell="true")
        )  # fmt: skip
    return criteria


def _outcome(law: Law) -> pl.Expr:
    cold = pl.col("heating_difficult_now")
    coal = pl.col("heating_coal") if law.inside(NEIMENGGU) else pl.lit(value=False)
    return outcome((cold | coal, NEED_PERSON), (~(cold | coal), UNLIKELY), otherwise=NEED_ANSWERS)


def _notes(row: Row, _law: Law, told: str) -> list[Reason]:
    if told != NEED_PERSON:
        return []
    clause = "取暖救助在当地采暖季前后办，时间、金额以当地规定为准"
    found = [note("heating_season_local", "QT-03", clause)]
    if row["heating_status"]:
        found.append(note("heating_first", "QT-01", "低保、特困、低保边缘家庭是主要对象"))
    return found


PROGRAMME = Programme("qunuan", "household", "standard", "qunuan", _criteria, _outcome, _notes)
