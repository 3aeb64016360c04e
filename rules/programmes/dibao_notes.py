"""What goes with 低保 beside its conditions: from when it is paid, who gets more, its reviews.

Nothing here decides. Texts of Chongqing go before the nation's; a text that is not yet in force on
the day is not told.
"""

from datetime import date

from rules.criteria import LIKELY, UNLIKELY, Row
from rules.law import CHONGQING, CHONGQING_REGULATION, Law
from rules.reasons import note
from rules.verdict import Reason

_RULE = "《最低生活保障审核确认办法》（民发〔2021〕57号）"
RULES_2021 = date(2021, 7, 1)
CHONGQING_2023 = date(2023, 1, 1)
CHONGQING_2025 = date(2025, 7, 1)


def notes(row: Row, law: Law, told: str) -> list[Reason]:
    """For the household's verdict."""
    if row["law_state"] == "elsewhere":
        return _hukou_elsewhere(row, law)
    found = []
    in_chongqing = law.inside(CHONGQING)
    if in_chongqing and law.on >= CHONGQING_2023 and row["someone_employed"] and told != UNLIKELY:
        clause = "重庆市低保条件认定办法：工作稳定、拿不出收入证明的，按上一年同行业平均工资算"
        found.append(note("income_without_proof", "DB-11", f"{clause}，由民政部门核定"))
    return [*found, *_once_granted(law)] if told == LIKELY else found


def _hukou_elsewhere(row: Row, law: Law) -> list[Reason]:
    """Where some of the household have their hukou here, somebody else may be the one to apply."""
    if (row["size_high"] or 0) == 1:
        return []
    if law.inside(CHONGQING) and law.on >= CHONGQING_2023:
        clause = "重庆市低保条件认定办法：家里有人是本地户口的，由他申请，外地户口的家人也算在内"
        return [note("mixed_hukou", "DB-11", clause)]
    if law.on < RULES_2021:
        return []
    clause = f"{_RULE}第五条：一家人户口不在一个省的，由户口和住处在一起的那位在他的户籍地申请"
    return [note("mixed_hukou", "DB-04", clause)]


def _once_granted(law: Law) -> list[Reason]:
    """From when it is paid, who gets more and how often it is looked at again."""
    clause = "老人、未成年人、重残、重病的人，拿了低保还困难的，地方会另外多帮"
    more = ("DB-44", f"《社会救助暂行办法》第十二条：{clause}，多少由当地定")
    if law.inside(CHONGQING) and law.on >= CHONGQING_REGULATION:
        if law.on >= CHONGQING_2025:
            more = ("DB-45", f"重庆有分类重点救助：{clause}，现行数没有核实，由民政部门定")
        start = ("DB-42", "重庆市低保条例第二十二条：从批准的当月起发")
        often = (
            "重病重残、收入没变化的每年看一次，相对稳定的每半年，有劳动力没工作的城市每月、农村每季"
        )
        review = ("DB-61", f"重庆市低保条例第二十六条：{often}")
    elif law.on >= RULES_2021:
        start = ("DB-41", f"{_RULE}第二十一条：从同意的下个月起发")
        often = "短期变化不大的每年看一次，收入不固定、有劳动力的每半年一次"
        review = ("DB-60", f"{_RULE}第三十一条：{often}")
    else:
        return [note("more_for_the_frail", *more)]
    return [
        note("paid_from", *start),
        note("more_for_the_frail", *more),
        note("reviewed_again", *review),
    ]
