"""Several figures that are one income: of two people, or of good and bad months."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..numbers import Quantity
from .scene import Fact, Scene

# 我一千五, 他三千: a clause (or half of one) that is nothing but whose wage it is.
_EARNS = re.compile(
    r"(?:^|[,、。;和 ])(?P<who>我|俺|(?:我|俺)?(?:老公|老婆|爱人|老伴|媳妇|男人|丈夫|妻子)|他|她)(?:自己|一个人|在[^,。;]{1,6})?"
    r"(?:每|一)?个?月?(?:在[^,。;]{1,6})?(?:做手工|打工|上班|打零工|种地)?(?:挣|赚|有|拿|收入|工资|是|就|能)*$"
)


_WAGE = r"(?:我|俺)?(?:老公|老婆|爱人|老伴|媳妇|男人|丈夫|妻子|他|她|我|俺)[^,。;]{0,4}[一二两三四五六七八九\d][一二两三四五六七八九十百千\d]+(?:块|元|多)?"
_ONLY_WAGES = re.compile(rf"{_WAGE}[,、 ]{_WAGE}[^,。;\d]{{0,2}}$")


def both_earn(scene: Scene, facts: list[Fact], amounts: list[Quantity]) -> list[Fact]:
    """我一千五,我老公八百: what the two bring home together, in either order."""
    if len(amounts) != 2 or any(q.value is None or q.per not in {"", "month"} for q in amounts):
        return facts
    if not any(f.key == "monthly_income_total" for f in facts) and not _ONLY_WAGES.match(
        scene.text
    ):
        return facts
    earners = [_EARNS.search(scene.text[: q.start]) for q in amounts]
    if not all(earners):
        return facts
    mine = {bool(m and m.group("who") in {"我", "俺"}) for m in earners}
    if mine != {True, False}:
        return facts
    first, second = amounts
    total = int((first.value or 0) + (second.value or 0))
    both = Fact("monthly_income_total", total, first.start, second.end)
    return [both, *(f for f in facts if f.key not in {both.key, "monthly_income_member"})]


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
