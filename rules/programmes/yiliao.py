"""Medical assistance (医疗救助): who is covered by status, and who a person has to look at.

Order: basic insurance, serious-illness insurance, then assistance, within the catalogues and at
designated hospitals (国办发〔2021〕42号). Status (特困, 低保, 低保边缘) decides first. People
impoverished by illness are judged by local criteria without verified figures, so high own costs
without a status go to a person, never to "no".
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
    yes,
)
from rules.law import FUJIAN, Law
from rules.programmes.dibao import INCOME_READS, PROPERTY_READS
from rules.programmes.relations import (
    asks_for_status,
    has_status,
    held,
    openers,
    openers_in_places,
    status_by_person,
)
from rules.programmes.spending import any_of, left_below_margin
from rules.reasons import note
from rules.verdict import Reason

MONITORED_RATIO = "medical_aid_large_expense_ratio_edge_monitor_illness"
_ILL = yes(pl.col("ill"))
_RULE = "《关于健全重特大疾病医疗保险和救助制度的意见》（国办发〔2021〕42号）"


def _monitored(law: Law) -> Criterion:
    """YL-11: a status of places; without a verified text of the place a person knows."""
    ratio = law.find(MONITORED_RATIO)
    source = f"{ratio.citation()}：" if ratio else ""
    return Criterion(
        "medical_monitored", "YL-11", f"{source}防止返贫监测对象", (),
        held(*openers_in_places("yiliao")), tell="true", parameter=ratio,
    )  # fmt: skip


def _criteria(law: Law) -> list[Criterion]:
    return [
        Criterion(
            "medical_status",
            "YL-06",
            f"{_RULE}：特困、低保、低保边缘等对象",
            (*INCOME_READS, *PROPERTY_READS),
            has_status(openers("yiliao")),
        ),
        _monitored(law),
        Criterion(
            "medical_costs",
            "YL-09" if law.inside(FUJIAN) else "YL-03",
            f"{_RULE}：因病致贫重病患者，自己负担的费用较高",
            ("medical_expense_self",),
            pl.when(_ILL).then(pl.lit(value=True)).otherwise(any_of("medical")),
            measure="spending",
        ),
        Criterion(
            "medical_left",
            "YL-09",
            "付掉看病的钱，全家人均收入不高于低保边缘家庭的收入线",
            (*INCOME_READS, "medical_expense_self"),
            left_below_margin(law, "medical"),
            tell="false",
        ),
    ]


def _outcome(law: Law) -> pl.Expr:
    status, costs = pl.col("medical_status"), pl.col("medical_costs")
    # What does not even bring a family down to the margin has not impoverished it; an illness told
    # is looked at by a person all the same.
    borne = ~costs | (~_ILL & ~pl.col("medical_left"))
    monitored = pl.col("medical_monitored")
    return outcome(
        (status, LIKELY),
        (monitored & pl.lit(value=law.find(MONITORED_RATIO) is not None), LIKELY),
        (asks_for_status("yiliao"), NEED_ANSWERS),
        (status_by_person("yiliao") | monitored, NEED_PERSON),
        (borne, UNLIKELY),
        (~borne, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told not in (LIKELY, NEED_PERSON) or not law.inside(FUJIAN):
        return []
    clause = "福建：够条件的低保边缘、花费特别大的家庭成员，住院可以不交押金，出院只付自己那部分"
    return [note("treated_before_paying", "YL-15", clause)]


PROGRAMME = Programme("yiliao", "household", "standard", "yiliao", _criteria, _outcome, _notes)
