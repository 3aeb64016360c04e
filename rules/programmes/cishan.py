"""Charity (慈善帮扶): only ever a referral, with consent, never a promise.

慈善法第二十二、二十七、一百二十四条: public appeals are for qualified organisations. Nobody is
"likely" to get a gift; who is covered or struck and wants it is passed on by a person.
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
from rules.programmes.relations import status
from rules.programmes.spending import any_of
from rules.reasons import note
from rules.verdict import Reason


def _criteria(_law: Law) -> list[Criterion]:
    return [
        Criterion(
            "charity_wanted", "QT-08", "本人愿意请慈善组织帮忙（要先同意，名字不会告诉捐的人）",
            ("wants_charity",), pl.col("wants_charity"),
        ),
        status("cishan", "charity_status"),
        Criterion(
            "charity_need", "QT-08", "遇到急难，或看病上学花费大",
            ("shock", "medical_expense_self", "tuition"),
            (pl.col("shock") != "none") | any_of("medical", "study"), tell="true",
        ),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    wanted = pl.col("charity_wanted")
    hard = yes(pl.col("charity_status")) | pl.col("charity_need") | (
        (pl.col("dibao") == NEED_PERSON) | (pl.col("dibao_bianyuan") == NEED_PERSON)
    )  # fmt: skip
    open_status = (pl.col("dibao") == NEED_ANSWERS) | (pl.col("dibao_bianyuan") == NEED_ANSWERS)
    return outcome(
        (~wanted, UNLIKELY),
        (wanted & hard, NEED_PERSON),
        (wanted & (~hard & ~open_status), UNLIKELY),
        otherwise=NEED_ANSWERS,
    )


def _notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told in (UNLIKELY, LIKELY, NEED_ANSWERS):
        return []
    clause = "慈善法：公开募捐只能由有资格的慈善组织在指定平台做；个人求助要说实话"
    found = [note("charity_referral", "QT-10", clause)]
    if law.inside(FUJIAN):
        clause = "福建：省慈善总会网站有“福建慈善手拉手”对接"
        found.append(note("charity_fujian", "QT-08", clause))
    return found


PROGRAMME = Programme("cishan", "household", "standard", "cishan", _criteria, _outcome, _notes)
