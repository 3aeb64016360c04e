"""Services (服务类救助): visits and care for who cannot look after themselves.

国办发〔2023〕39号四（四）: old people, minors and disabled people who cannot live on their own.
Who only wants somebody to come by is passed on to a social worker.
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
from rules.law import NEIMENGGU, Law
from rules.programmes.relations import asks_for_status, status
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Reason

_RULE = "国办发〔2023〕39号四（四）"


def _criteria(_law: Law) -> list[Criterion]:
    helpless = pl.any_horizontal(
        pl.col("cannot_self_care"), pl.col("bedridden").fill_null(value=False)
    )
    group = age_from(60) | ~age_from(18) | (pl.col("level") >= 1)
    return [
        Criterion(
            "service_helpless", "QT-06", f"{_RULE}：生活不能自理", ("self_care",), helpless
        ),
        Criterion(
            "service_group", "QT-06", f"{_RULE}：老年人、未成年人、残疾人",
            ("age", "disability_level"), group,
        ),
        status("fuwu", "service_status"),
        Criterion(
            "service_wanted", "QT-06", "想有人上门探望、聊聊、帮忙，社工可以来",
            ("wants_service",), pl.col("wants_service"), tell="true",
        ),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    helpless, group = pl.col("service_helpless"), pl.col("service_group")
    covered, wanted = pl.col("service_status"), pl.col("service_wanted")
    frail = helpless & group
    return outcome(
        (frail & covered, LIKELY),
        (frail & asks_for_status("fuwu"), NEED_ANSWERS),
        (frail, NEED_PERSON),
        (~frail & wanted, NEED_PERSON),
        (~frail & ~wanted, UNLIKELY),
        otherwise=NEED_ANSWERS,
    )


def _notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told not in (LIKELY, NEED_PERSON):
        return []
    clause = "可以有：上门探望照料、心里话有人听、帮着办事、介绍资源"
    found = [note("service_kinds", "QT-06", clause)]
    if law.inside(NEIMENGGU):
        clause = "内蒙古：访视照料、学业辅导、家庭陪伴、资源链接、技能培训、心理安慰"
        found.append(note("service_neimenggu", "QT-07", clause))
    return found


PROGRAMME = Programme("fuwu", "person", "standard", "fuwu", _criteria, _outcome, _notes)
