"""Aid after natural disasters (受灾人员救助), by emergency management.

《自然灾害救助条例》第十四、二十、二十一条. Told by what happened to the home and the people. A
fire or an accident is no natural disaster and is temporary aid. No amount of this region is
verified.
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
    decide,
    outcome,
)
from rules.law import FUJIAN, Law
from rules.reasons import note
from rules.verdict import Reason

_RULE = "《自然灾害救助条例》"
SHOCKS = ("fire", "accident")
_REBUILD = ("collapsed", "badly_damaged")
_ALL = (*_REBUILD, "relocated", "no_food", "death", "winter")


def _criteria(_law: Law) -> list[Criterion]:
    effect = pl.col("disaster_effect")
    return [
        Criterion(
            "disaster_hit", "SZ-01", "遇到洪水、台风、地震、滑坡等自然灾害", ("disaster_effect",),
            effect != "none",
        ),
        Criterion(
            "disaster_urgent", "SZ-01",
            f"{_RULE}第十四条：转移安置，给食物、水、衣被、取暖、临时住处、看病防疫",
            ("disaster_effect",), effect.is_in(["relocated", "no_food"]), tell="true",
        ),
        Criterion(
            "disaster_rebuild", "SZ-02",
            f"{_RULE}第二十条：房屋倒塌或严重损坏，可以申请重建补助",
            ("disaster_effect",), effect.is_in(_REBUILD), tell="true",
        ),
        Criterion(
            "disaster_winter", "SZ-03", f"{_RULE}第二十一条：当年冬天、第二年春天吃住有困难",
            ("disaster_effect",), effect == "winter", tell="true",
        ),
        Criterion(
            "disaster_death", "SZ-05", "家里有人遇难的，有抚慰", ("disaster_effect",),
            effect == "death", tell="true",
        ),
        Criterion(
            "disaster_damaged", "SZ-02", "房屋一般损坏的，由工作人员上门核查", ("disaster_effect",),
            effect == "damaged", tell="true",
        ),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    hit, effect = pl.col("disaster_hit"), pl.col("disaster_effect")
    clear = decide(effect.is_in(_ALL), effect.is_in(["damaged", "none"]))
    return outcome(
        (~hit, UNLIKELY),
        (hit & clear, LIKELY),
        (hit & ~clear, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _notes(row: Row, law: Law, told: str) -> list[Reason]:
    if told in (UNLIKELY, NEED_ANSWERS):
        clause = "火灾、车祸等不算自然灾害，可以看临时救助"
        return [note("see_temporary_aid", "LS-01", clause)] if row["shock"] in SHOCKS else []
    found = [note("emergency_management", "SZ-02", "由乡镇受理，应急管理部门批准")]
    if row["disaster_rebuild"]:
        clause = "本人申请或小组提名，村（居）评议、公示，乡镇审核，县里批"
        found.append(note("rebuild_steps", "SZ-02", clause))
    clause = "救助以后还困难的，可以再申请临时救助"
    found.append(note("then_temporary_aid", "SZ-04", clause))
    if law.inside(FUJIAN):
        clause = "福建：低保边缘家庭受灾也有应急、过渡期、抚慰和重建救助"
        found.append(note("disaster_fujian", "SZ-05", clause))
    found.append(note("disaster_amount_unknown", "SZ-06", "金额以当地公布的为准"))
    return found


PROGRAMME = Programme("shouzai", "household", "standard", "shouzai", _criteria, _outcome, _notes)
