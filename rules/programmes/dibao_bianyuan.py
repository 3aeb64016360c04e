"""Margin household (低保边缘家庭): not 低保, income below 1.5 times, property within rules.

《最低生活保障审核确认办法》第八条; 国办发〔2023〕39号 二. The operator at 1.5 differs by place
(QY-02): a verified "不高于" includes 1.5; a "低于" leaves exactly 1.5 to a person, because a
self-reported income cannot settle it and local texts differ. Deposits go by the margin's own limit
where one is verified, else by the caution line of 低保; above it a person looks at them.
"""

import polars as pl

from rules.criteria import (
    EDGE_DEFAULT,
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    Row,
    hundredths,
    income_at_most,
    income_exactly,
    margin_deposits,
    on_the_line,
    outcome,
    property_doubt,
)
from rules.law import Law
from rules.programmes.dibao import (
    INCOME_READS,
    NO_LAW,
    OPEN,
    PROPERTY_READS,
    by_tekun,
    not_in_tekun,
)
from rules.programmes.relations import JUDGED, excluders, none_likely
from rules.reasons import note
from rules.verdict import Estimate, Reason

TIANJIN = "120000"
CASH = "dibao_edge_cash_aid"


def _criteria(law: Law) -> list[Criterion]:
    multiple = hundredths(law.edge_multiple) or EDGE_DEFAULT
    clause = law.edge_multiple.citation() if law.edge_multiple else "低保边缘家庭认定办法"
    inclusive = law.edge_multiple is not None and law.edge_multiple.comparison == "at_most"
    return [
        Criterion(
            "edge_income",
            "ED-01",
            f"{clause}：人均收入{'不高于' if inclusive else '低于'}{multiple / 100:g}倍低保标准",
            INCOME_READS,
            income_at_most(multiple),
            measure="income",
            multiple=multiple,
            parameter=law.edge_multiple,
            open_line=not inclusive,
        ),
        Criterion(
            "edge_on_the_line",
            "QY-02",
            f"{on_the_line(law, multiple)}，各地规定不同，由民政部门核定",
            INCOME_READS,
            pl.lit(value=False) if inclusive else income_exactly(multiple),
            wanted=False,
            measure="income",
            multiple=multiple,
            parameter=law.edge_multiple,
        ),
        _property(law, clause),
        Criterion(
            "edge_after_dibao",
            "ED-03",
            "低保优先：可能符合低保的，先按低保申请",
            (),
            none_likely("dibao_bianyuan"),
        ),
        Criterion(
            "edge_not_tekun",
            "ED-03",
            "已享受特困人员救助供养的，不再认定为低保边缘家庭",
            ("household_size",),
            not_in_tekun(*(c for c in excluders("dibao_bianyuan") if c not in JUDGED)),
        ),
    ]


def _property(law: Law, clause: str) -> Criterion:
    """Tianjin's text has a limit of its own (ED-04); it decides once somebody has verified it."""
    cap, rule, words = law.edge_deposit_cap, "ED-01", f"{clause}：财产状况符合当地规定"
    if cap is not None:
        rule = "ED-04" if law.inside(TIANJIN) else "ED-01"
        words = f"{cap.citation()}：人均货币财产不超过{cap.low:g}个月低保标准"
    deposits = margin_deposits(law)
    return Criterion(
        "edge_property", rule, words, PROPERTY_READS, ~property_doubt(deposits),
        measure="property", parameter=cap, deposits=deposits,
    )  # fmt: skip


def _outcome(law: Law) -> pl.Expr:
    below, line = pl.col("edge_income"), pl.col("edge_on_the_line")
    orderly, dibao = pl.col("edge_property"), pl.col("dibao")
    if law.edge_multiple is None and law.region is not None:
        return pl.lit(NEED_PERSON)
    return outcome(
        (NO_LAW, NEED_PERSON),
        *by_tekun(pl.col("edge_not_tekun")),
        (~below, UNLIKELY),
        (~pl.col("edge_after_dibao"), UNLIKELY),
        (OPEN & below.is_null(), NEED_PERSON),
        (below & (dibao == NEED_PERSON), NEED_PERSON),
        (below & (dibao == UNLIKELY) & (~orderly | line), NEED_PERSON),
        (OPEN & line.is_null() & (dibao == UNLIKELY), NEED_PERSON),
        (below & (dibao == UNLIKELY) & orderly & ~line, LIKELY),
        otherwise=NEED_ANSWERS,
    )


def _notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told != LIKELY:
        return []
    if cash := law.find(CASH):
        clause = f"{cash.citation()}：符合发放条件的每户每月有，条件由民政部门核定"
        return [note("margin_cash", "ED-07", clause, cash)]
    clause = (
        "低保边缘家庭多数地方不按月发钱，主要接上看病、上学、住房等救助；"
        "当地发不发、发多少，由民政部门定"
    )
    return [note("margin_amount_by_office", "ED-08", clause)]


def _amount(_row: Row, law: Law) -> Estimate | None:
    """ED-07: for those who meet conditions that no verified text names, so from nothing upwards."""
    cash = law.find(CASH)
    if cash is None:
        return None
    formula = f"符合发放条件的每户{cash.low:g}，不符合的没有"
    return Estimate(0, cash.low, "元/月", formula)


PROGRAMME = Programme(
    "dibao_bianyuan", "household", "standard", "dibao_bianyuan", _criteria, _outcome,
    _notes, _amount, (CASH,),
)  # fmt: skip
