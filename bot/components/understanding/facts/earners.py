"""Several figures that are one income: of two people, or of good and bad months."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..numbers import Quantity
from .scene import Fact, Scene

_I_EARN = re.compile(r"(?:^|[,。; ])(?:我|俺)(?:自己|在[^,。;]{1,6})?(?:每|一)?个?月?[^,。;]{0,4}$")
_PARTNER_EARNS = re.compile(
    r"[,、和 ](?:我|俺)?(?:老公|老婆|爱人|老伴|媳妇|男人|丈夫|妻子)(?:自己|在[^,。;]{1,6})?"
    r"(?:每|一)?个?月?(?:挣|赚|有|拿|收入|工资)?$"
)


def both_earn(scene: Scene, facts: list[Fact], amounts: list[Quantity]) -> list[Fact]:
    """我一千五,我老公八百: what the two bring home together."""
    mine = next((f for f in facts if f.key == "monthly_income_total"), None)
    if mine is None or not isinstance(mine.value, int) or len(amounts) != 2:
        return facts
    first, second = amounts
    if not (first.start == mine.start and _I_EARN.search(scene.text[: first.start])):
        return facts
    if second.value is None or not _PARTNER_EARNS.search(scene.text[: second.start]):
        return facts
    both = Fact(mine.key, mine.value + int(second.value), first.start, second.end)
    return [both, *(f for f in facts if f.key not in {mine.key, "monthly_income_member"})]


# 有时三千有时候四千, 多的时候四千少的时候两千: between the two. Seasons (淡季八百旺季两千五) are of
# unequal length and tell no month.
_AT_TIMES = re.compile(
    r"(?:有时候?|(?:好|多|忙)的?时候|(?:差|少|闲|不好)的?时候)(?:就|能|有|挣|赚|拿|只|才|得)*$"
)
_BY_DAY = frozenset({"day", "year", "term"})


def now_and_then(
    facts: list[Fact], amounts: list[Quantity], scene: Scene, kind_at: Callable[[Scene, int], str]
) -> list[Fact]:
    """Two figures of one income, the one at times and the other at others: a range."""
    if any(f.key in {"monthly_income_total", "annual_income_total"} for f in facts):
        return facts
    found = [
        q
        for q in amounts
        if q.value is not None
        and q.per not in _BY_DAY
        and _AT_TIMES.search(scene.text[: q.start])
        and kind_at(scene, q.start) in {"", "self"}
    ]
    if len(found) != 2 or found[0].value is None or found[1].value is None:
        return facts
    low, high = sorted((int(found[0].value), int(found[1].value)))
    if low == high or low < 100:
        return facts
    told = Fact("monthly_income_total", {"low": low, "high": high}, found[0].start, found[1].end)
    return [told, *(f for f in facts if f.key != "monthly_income_member")]
