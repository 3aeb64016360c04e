"""What a figure is worth: taken back, of before, the only one earned, behind its noun."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts


@pytest.mark.parametrize(
    ("text", "heads", "income"),
    [
        ("三个人，一个月两千。不对，四个人，一个月两千三", 4, 2300),
        ("四口人，收入三千 说错了 五口人，收入三千五", 5, 3500),
        ("一个月两千，不对，家里四个人", 4, 2000),
        ("家里四个人，一个月两千，不对，五个人", 5, 2000),
    ],
)
def test_each_figure_told_anew_replaces_the_one_of_its_kind(
    text: str, heads: int, income: int
) -> None:
    found = facts(text)
    assert (found["household_size"], found["monthly_income_total"]) == (heads, income)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("大人三个娃四个", (7, 4)),
        ("三个大人四个娃", (7, 4)),
        ("娃四个大人三个", (7, 4)),
        ("大人3个 小孩2个", (5, 2)),
    ],
)
@pytest.mark.parametrize("asking", [None, "household_size"])
def test_grown_and_children_are_told_apart_on_either_side_of_the_noun(
    text: str, told: tuple[int, int], asking: str | None
) -> None:
    found = facts(text, asking)
    assert (found["household_size"], found["num_children"]) == told


@pytest.mark.parametrize(
    "text",
    [
        "我低保停了 停之前领三百二 现在想再申请",
        "以前一个月挣五千 现在没活干",
        "原来每个月拿三百二 去年断了",
        "出事前我一个月工资六千",
    ],
)
@pytest.mark.parametrize("asking", [None, "monthly_income_total"])
def test_what_came_in_once_is_no_income(text: str, asking: str | None) -> None:
    assert not {"monthly_income_total", "dibao_monthly"} & set(facts(text, asking))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("以前一个月挣五千 现在两千", {"monthly_income_total": 2000}),
        ("我之前说收入三千 写错了 是两千", {"monthly_income_total": 2000}),
        ("收入就我男人三千五", {"monthly_income_total": 3500}),
        ("就我老公有收入，三千五一个月", {"monthly_income_total": 3500}),
        ("全家就我男人一个人挣钱 一个月三千五", {"monthly_income_total": 3500}),
    ],
)
def test_what_comes_in_now_and_by_one_alone_is_the_income(text: str, told: dict[str, Any]) -> None:
    assert told.items() <= facts(text).items()


def test_who_stays_at_home_alone_leaves_the_other_s_wage_one_member_s() -> None:
    assert facts("就我在家带娃，老公一个月四千")["monthly_income_member"] == 4000
