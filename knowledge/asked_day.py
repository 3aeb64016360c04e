"""The day a resident asks about: 2020年重庆渐退怎么算 is a question about the rules of then."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年(?:\s*(1[0-2]|0?[1-9])\s*月)?")
# What happened to the household in that year is no question about the rules of that year.
_EVENT = re.compile(
    r"^[^，。？]{0,4}(?:(?:办|领|批|申请|查出|残疾|搬|评|认定|登记)(?:的|了|过|下|来|上|到)"
    r"|得病|得了|生病|下岗|失业|退休|离婚|结婚|出生|去世|开始|以来|以后|之后|到现在|起)"
)
_NOW = re.compile(r"现在|如今|今年|眼下|目前|还能|以后")
_RULE = re.compile(
    r"标准|规定|政策|多少|好多|几多|怎么算|怎么定|咋算|几天|几个月|几年|多久|多长|条件|低保线|那时|那会|那年|当时|的时候"
)


# 2025年6月是多少，现在多少: both are asked for, in clauses of their own.
_FIGURE = r"(?:是|有|给|发|补)?(?:多少|好多|几多|什么标准|啥标准)"
_THEN_AND_NOW = re.compile(
    rf"年(?:\s*\d{{1,2}}\s*月)?[^，,。；;？?]{{0,10}}{_FIGURE}[^，,。；;？?]{{0,4}}[，,。；;？?]"
    rf"[^，,。；;？?]{{0,4}}(?:现在|如今|今年|眼下|目前)"
    rf"|(?:现在|如今|今年|眼下|目前)[^，,。；;？?]{{0,10}}{_FIGURE}[^，,。；;？?]{{0,4}}[，,。；;？?]"
    rf"[^，,。；;？?]{{0,4}}(?:19|20)\d\d\s*年"
)


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The last day of the month or year named, and its words (`2023年`, `2020年5月`).

    `and_now`: today's rules are asked for besides.
    """

    day: date
    words: str
    and_now: bool = False


def asked_day(question: str, today: date) -> AskedDay | None:
    """The past month or year whose rules are asked for; None when today's are meant."""
    named = _YEAR.search(question)
    both = bool(_THEN_AND_NOW.search(question))
    if named is None or not _RULE.search(question) or (_NOW.search(question) and not both):
        return None
    if _EVENT.match(question[named.end() :]):
        return None
    year, month = int(named[1]), int(named[2] or 12)
    following = date(year + month // 12, month % 12 + 1, 1)
    day = following - timedelta(days=1)
    if day >= today:
        return None
    return AskedDay(day, f"{year}年{month}月" if named[2] else f"{year}年", both)
