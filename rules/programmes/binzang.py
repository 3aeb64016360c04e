"""Relief from funeral fees (殡葬减免) for covered families after a death.

国办发〔2023〕39号四（五）. Which items are free, and whether others get relief, is local and
unverified. The words are for people in mourning: short, and no figure is asked first.
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
    outcome,
)
from rules.law import Law
from rules.programmes.relations import asks_for_status, status
from rules.reasons import note
from rules.verdict import Reason


def _criteria(_law: Law) -> list[Criterion]:
    return [
        Criterion(
            "funeral_death", "QT-04", "家里有人去世", ("death_in_family",),
            pl.col("death_in_family"),
        ),
        status("binzang", "funeral_status"),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    death, covered = pl.col("funeral_death"), pl.col("funeral_status")
    return outcome(
        (~death, UNLIKELY),
        (death & covered, LIKELY),
        (death & asks_for_status("binzang"), NEED_ANSWERS),
        (death, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _notes(_row: Row, _law: Law, told: str) -> list[Reason]:
    if told not in (LIKELY, NEED_PERSON):
        return []
    clause = "请节哀。哪些项目减免、减多少，以当地规定为准，工作人员会帮您问清楚"
    return [note("funeral_local", "QT-04", clause)]


PROGRAMME = Programme("binzang", "household", "standard", "binzang", _criteria, _outcome, _notes)
