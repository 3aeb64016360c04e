"""What a figure is worth: taken back, of before, the only one earned, behind its noun."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts, understood


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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("冷得很 屋里炉子没煤烧了 就我跟老伴 俩人都七十多", {"household_size": 2}),
        ("手术费医生说要六万多 现在只借到一万五", {"debt": 15000}),
        ("佢有退休金 每个月成千八", {"pension_monthly": 1800}),
        ("一个月成千块", {"monthly_income_total": 1000}),
        ("低保户", {"receiving": ["dibao"]}),
    ],
)
def test_short_and_spoken_tellings_are_heard(text: str, told: dict[str, Any]) -> None:
    assert told.items() <= facts(text).items()


@pytest.mark.parametrize(
    ("text", "key"),
    [("屋里炉子没煤烧了", "disaster"), ("就是低保 去年十月份就交了", "receiving")],
)
def test_what_only_sounds_like_it_is_not_told(text: str, key: str) -> None:
    assert key not in facts(text)


def test_where_the_speaker_is_from_does_not_make_it_their_own_matter() -> None:
    text = "我系厦门翔安嘅 阿妈八十三岁 乜都唔记得 行路都要人扶 想问下有咩补贴可以攞"
    assert understood(text, "start_screening").facts["for_relation"] == "母亲"


def test_who_stays_at_home_alone_leaves_the_other_s_wage_one_member_s() -> None:
    assert facts("就我在家带娃，老公一个月四千")["monthly_income_member"] == 4000


@pytest.mark.parametrize(
    ("text", "asking", "key"),
    [
        ("是五保户", "household_size", "household_size"),
        ("俺不吃低保", None, "receiving"),
        ("半年工资没给 两万多块", None, "annual_income_total"),
        ("老板欠我两个月工资 六千多", None, "monthly_income_total"),
        ("要不要我去村上报一下", "hukou", "hukou"),
    ],
)
def test_a_word_that_only_looks_like_the_fact_states_none(
    text: str, asking: str | None, key: str
) -> None:
    assert key not in facts(text, asking)


def test_a_couple_and_a_southern_more_than_are_read() -> None:
    found = facts("阮夫妻两个人做工一个月才四千外")
    assert (found["household_size"], found["monthly_income_total"]) == (2, 4000)


def test_who_gives_a_grant_up_was_on_it() -> None:
    assert facts("不吃低保了")["receiving"] == ["dibao"]
    assert understood("俺不吃低保", "withdraw_case").facts.get("receiving") is None
    told = understood("就是低保 去年十月份就交了", "inform_facts")
    assert "receiving" not in told.facts
