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
    decide,
    outcome,
    yes,
)
from rules.law import FUJIAN, Law
from rules.programmes.dibao import INCOME_READS, PROPERTY_READS
from rules.programmes.spending import any_of

_RULE = "《关于健全重特大疾病医疗保险和救助制度的意见》（国办发〔2021〕42号）"


def _criteria(law: Law) -> list[Criterion]:
    statuses = [pl.col("dibao"), pl.col("dibao_bianyuan")]
    return [
        Criterion(
            "medical_status",
            "YL-06",
            f"{_RULE}：特困、低保、低保边缘等对象",
            (*INCOME_READS, *PROPERTY_READS),
            decide(
                yes(pl.col("gets_other_cover")) | (statuses[0] == LIKELY) | (statuses[1] == LIKELY),
                (statuses[0] == UNLIKELY) & (statuses[1] == UNLIKELY),
            ),
        ),
        Criterion(
            "medical_costs",
            "YL-09" if law.inside(FUJIAN) else "YL-03",
            f"{_RULE}：因病致贫重病患者，自己负担的费用较高",
            ("medical_expense_self",),
            pl.when(yes(pl.col("ill"))).then(pl.lit(value=True)).otherwise(any_of("medical")),
            measure="spending",
        ),
    ]


def _outcome(_law: Law) -> pl.Expr:
    status, costs = pl.col("medical_status"), pl.col("medical_costs")
    dibao, edge = pl.col("dibao"), pl.col("dibao_bianyuan")
    return outcome(
        (status, LIKELY),
        ((dibao == NEED_ANSWERS) | (edge == NEED_ANSWERS), NEED_ANSWERS),
        ((dibao == NEED_PERSON) | (edge == NEED_PERSON) | costs, NEED_PERSON),
        (~costs, UNLIKELY),
        otherwise=NEED_ANSWERS,
    )


PROGRAMME = Programme("yiliao", "household", "standard", "yiliao", _criteria, _outcome)
