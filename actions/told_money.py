"""What an amount that was told means where the talk stands: income, pension, grant or costs."""

from __future__ import annotations

import re
from typing import Any

from actions import amounts, reading
from actions.asked import MONEY
from actions.turn import Turn


def sober(turn: Turn, stated: dict[str, Any]) -> None:
    """Slips of a model that hears one sentence only.

    Who asks whether they qualify for 低保 does not get it yet: the sum is their income. And
    月入1800 is income even when the doctor's bill was asked for.
    """
    asking = turn.state.asking or ""
    if asking == "care_form":  # 住敬老院 is a wish, nothing held yet
        stated.pop("receiving", None)
    income = reading.pattern("income").search(turn.heard.text)
    other = asking in MONEY and not asking.startswith(("monthly_income", "annual_income"))
    if income and other and asking in stated and not names(turn, asking):
        stated.setdefault("monthly_income_total", stated.pop(asking))
    if asking == "monthly_income_total" and _lives_on_pension(turn, stated):
        stated["monthly_income_total"] = stated["pension_monthly"]
    _only_earner(turn, stated)
    _after_reimbursement(turn, stated)
    if turn.heard.intent == "start_screening" and "dibao_monthly" in stated:
        receiving = stated.get("receiving") or turn.state.value("receiving") or []
        if "dibao" not in receiving and "monthly_income_total" not in stated:
            stated["monthly_income_total"] = stated.pop("dibao_monthly")


_TOO_ILL = re.compile(r"尿毒症|透析|癌|瘤|白血病|化疗|放疗|肝硬化|瘫|中风|脑梗|脑溢血|尘肺")


def _only_earner(turn: Turn, stated: dict[str, Any]) -> None:
    """我透析，家里两个人，老婆扫地一千八: of two, the one who can work earns all there is."""
    state = turn.state
    size = stated.get("household_size", state.value("household_size"))
    ill = str(stated.get("disease", state.value("disease")) or "")
    of_another = state.value("for_relation") or stated.get("for_relation")
    if "monthly_income_member" not in stated or size != 2 or of_another:
        return
    others = {"monthly_income_total", "pension_monthly", "monthly_income_per_capita"}
    if _TOO_ILL.search(ill) and not others & {*stated, *state.facts}:
        stated["monthly_income_total"] = stated.pop("monthly_income_member")


_REIMBURSED = re.compile(
    r"(?:报销?|减免|补偿)(?:下来)?(?:了|掉|回来?)?(?=[\d一二两三四五六七八九十几])"
)


def _after_reimbursement(turn: Turn, stated: dict[str, Any]) -> None:
    """住院花了六万，医保报了三万: what was left to the household is the difference."""
    spent, found = stated.get("medical_expense"), _REIMBURSED.search(turn.heard.text)
    if found is None or not isinstance(spent, int | float) or "medical_expense_self" in stated:
        return
    back = amounts.amount(turn.heard.text[found.end() :])
    if back is not None and isinstance(back.value, int | float) and 100 <= back.value < spent:
        stated["medical_expense_self"] = spent - back.value


#: What a year's money came from.
_SOURCES = {
    "herd": re.compile(r"羊|牛|猪|鸡|鸭|鱼|蜂|马"),
    "land": re.compile(r"地(?:租|包|流转|出)|[田土地山林]包|包(?:给|出去)|流转费?|分红"),
    "crop": re.compile(
        r"苞谷|玉米|稻|麦|花椒|核桃|果|菜|茶|药材|烟叶|洋芋|土豆|葵花|甜菜|蘑菇|木耳"
    ),
    "work": re.compile(r"打工|零工|小工|工资|上班|寄"),
}
_ALTOGETHER = re.compile(r"一共|总共|拢共|合计|加起来|全家|家里(?:就|只)|全部|统共|不止|其实")


def adds_up(turn: Turn, key: str, value: Any) -> bool:
    """卖羊五千, and then 地包出去一千二: two sources of one year's income, none of which replaces
    the other.
    """
    told = turn.state.facts.get(key)
    if key != "annual_income_total" or told is None or told.message_id == turn.message_id:
        return False
    if not isinstance(told.value, int) or not isinstance(value, int) or turn.heard.chosen:
        return False
    if _ALTOGETHER.search(told.sentence + turn.heard.text):
        return False
    before, now = _sources(told.sentence), _sources(turn.heard.text)
    return bool(before and now and before.isdisjoint(now))


def _sources(text: str) -> set[str]:
    return {name for name, words in _SOURCES.items() if words.search(text)}


_ALL_THERE_IS = re.compile(
    r"一共|总共|拢共|就(?:只|这|那|是|靠)?|只有|光靠|全靠|两个人|俩人|两口子"
)


def _lives_on_pension(turn: Turn, stated: dict[str, Any]) -> bool:
    """养老金两个人一共三百二, asked for the income: that is all of it, as for who lives alone."""
    if "pension_monthly" not in stated or "monthly_income_total" in stated:
        return False
    if set(stated) & {"monthly_income_member", "annual_income_total"}:
        return False
    alone = turn.state.value("household_size") == 1
    return alone or bool(_ALL_THERE_IS.search(turn.heard.text))


def names(turn: Turn, key: str) -> bool:
    """Does the sentence itself speak of this kind of money?"""
    known = reading.patterns("money_words").get(key)
    return bool(known and known.search(turn.heard.text))
