"""Aid for people without shelter (流浪乞讨和临时遇困人员救助): voluntary, free, for now.

《城市生活无着的流浪乞讨人员救助管理办法》（国务院令第381号）. No hukou is asked, nothing is
charged, nobody is kept. LL-01 … LL-03 number its articles on whom, how, and escort.
"""

import polars as pl

from rules.criteria import LIKELY, NEED_ANSWERS, UNLIKELY, Criterion, Programme, Row, outcome
from rules.law import Law
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Reason

_RULE = "《城市生活无着的流浪乞讨人员救助管理办法》（国务院令第381号）"


def _criteria(_law: Law) -> list[Criterion]:
    frail = ~age_from(18) | age_from(60) | (pl.col("level") >= 1)
    return [
        Criterion(
            "stranded_now", "LL-01", f"{_RULE}：没有地方住、没有饭吃，自己一时解决不了",
            ("stranded",), pl.col("stranded"),
        ),
        Criterion(
            "stranded_escort", "LL-03", "老人、未成年人、残疾人，会有人护送", (),
            frail, tell="true",
        ),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    now = pl.col("stranded_now")
    return outcome((now, LIKELY), (~now, UNLIKELY), otherwise=NEED_ANSWERS)


def _notes(_row: Row, _law: Law, told: str) -> list[Reason]:
    if told != LIKELY:
        return []
    clause = f"{_RULE}第六、七条：救助站给食物、住处，急病送医，联系亲属，给返乡的乘车凭证"
    found = [note("station_help", "LL-02", clause)]
    clause = f"{_RULE}第十、十一条：自愿、免费，不限制离开；不问户口"
    found.append(note("station_free", "LL-02", clause))
    return found


PROGRAMME = Programme("liulang", "person", "standard", "liulang", _criteria, _outcome, _notes)
