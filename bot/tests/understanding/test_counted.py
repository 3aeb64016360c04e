"""Figures in replies that count or pay something else than what was asked."""

from __future__ import annotations

import pytest

from bot.components.understanding import crisis
from bot.components.understanding.normalise import normalise
from bot.tests.understanding.scenes import facts, understood


@pytest.mark.parametrize(
    "text",
    [
        "屋头还有老的和两个念书娃",
        "老屋是两层的 我自己的",
        "你们跟他是一伙的吧",
        "我自己也难 有啥能办",
        "屋企得我一個人照顧阿爸",
        "有三亩地",
    ],
)
def test_what_is_no_head_counts_none(text: str) -> None:
    assert "household_size" not in facts(text, "household_size")


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("四个", 4),
        ("三个 我和老公 一个娃", 3),
        ("就我自己", 1),
        ("两个娃，男人，还有婆婆，一共五个", 5),
    ],
)
def test_heads_are_still_counted(text: str, heads: int) -> None:
    assert facts(text, "household_size")["household_size"] == heads


def test_a_fare_is_no_income() -> None:
    assert "monthly_income_total" not in facts("回去一趟车费就要三四百", "monthly_income_total")
    told = facts("八百，药费另外要五百", "monthly_income_total")
    assert told["monthly_income_total"] == 800


def test_the_years_of_who_lives_alone_are_no_income() -> None:
    told = facts("我单身一个人 52 手使不上劲", "monthly_income_total")
    assert "monthly_income_total" not in told
    assert told["age"] == 52
    told = facts("一个人，71，没儿女", "household_size")
    assert (told["household_size"], told["age"]) == (1, 71)


def test_an_old_man_told_by_name_keeps_his_age() -> None:
    assert facts("老人家叫冉光荣，83岁，五保户")["age"] == 83


def test_land_that_is_let_is_no_grant() -> None:
    assert "receiving" not in facts("田包给别个了一年八百")
    assert "receiving" not in facts("地包出去，一年六百")


def test_the_grant_of_somebody_complained_of_is_not_the_speakers() -> None:
    told = understood("他侄儿亲戚都开宝马还吃低保", "inform_facts").facts
    assert "receiving" not in told


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("人已经送到县医院了，没得事了", True),
        ("刚送去卫生院了 医生说没生命危险", True),
        ("刚送到医院 还没醒", False),
        ("送到医院了没事干", False),
        ("送到医院了没事，他又来打我", False),
    ],
)
def test_who_was_brought_to_hospital_and_is_well_is_in_no_danger(text: str, harmless: bool) -> None:
    assert crisis.is_harmless(text) is harmless


def test_the_years_of_who_lives_alone_are_kept_where_heads_were_asked_for() -> None:
    told = facts("我一个人过 47 腿使不上劲", "household_size")
    assert (told["household_size"], told["age"]) == (1, 47)


def test_a_house_of_ones_own_tells_of_nobody_living_alone() -> None:
    assert "living_alone" not in facts("有間老屋，兩層，自己住")
    assert facts("老伴走了，我自己住")["living_alone"] is True


def test_cantonese_work_is_understood() -> None:
    assert "上班" in normalise("我冇返工").text
