"""Amounts, counts and durations as people write and dictate them."""

from __future__ import annotations

import pytest

from bot.components.understanding.normalise import normalise
from bot.components.understanding.numbers import Quantity, find_quantities, json_amount


def only(text: str) -> Quantity:
    """The largest quantity of the phrase (一个月八百: the 800, not the one month)."""
    return max(find_quantities(normalise(text).text), key=lambda q: q.size)


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("千把块", 1000),
        ("两千三", 2300),
        ("1.2万", 12000),
        ("一万二", 12000),
        ("八百来块", 800),
        ("每人二百八的样子", 280),
        ("10多万", 100000),
        ("十多万", 100000),
        ("二十几万", 200000),
        ("百十块", 100),
        ("万把块钱", 10000),
        ("一年万把", 10000),
        ("三块五", 3.5),
        ("四块五毛", 4.5),
        ("两万三千五", 23500),
        ("一万零五百", 10500),
        ("十万零八千", 108000),
        ("一千零八十", 1080),
        ("3万5", 35000),
        ("1w5", 15000),
        ("2千5", 2500),
        ("一个月到手3k", 3000),
        ("￥36,480", 36480),
        ("12,000元", 12000),
        ("壹仟贰佰元整", 1200),
        ("伍佰块", 500),
        ("一百二", 120),
        ("二百五", 250),
        ("六百七", 670),
        ("一千多块钱", 1000),
        ("八千出头", 8000),
        ("两千左右", 2000),
        ("差不多一千五", 1500),
        ("小两千", 2000),
        ("将近四万", 40000),
        ("１２００元", 1200),
        ("一個月兩千多塊錢", 2000),
        ("三十来万", 300000),
        ("一百多万", 1000000),
        ("上万块", 10000),
        ("百把块", 100),
        ("头十块", 10),
        ("一千二百块", 1200),
        ("1800多", 1800),
        ("两百五十块", 250),
        ("七万八", 78000),
        ("五万三", 53000),
        ("三千一百五", 3150),
        ("一万两千块", 12000),
        ("九千九百九十九块", 9999),
        ("2 000元", 2000),
        ("二十五万元", 250000),
        ("5.6万", 56000),
    ],
)
def test_amount_has_the_stated_base(phrase: str, value: float) -> None:
    assert only(phrase).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [
        ("五六百", 500, 600),
        ("七八千", 7000, 8000),
        ("两三百", 200, 300),
        ("三五百", 300, 500),
        ("一千二三", 1200, 1300),
        ("三百六七", 360, 370),
        ("千儿八百", 800, 1000),
        ("万儿八千", 8000, 10000),
        ("一千八到两千", 1800, 2000),
        ("800-1000", 800, 1000),
        ("三到五千", 3000, 5000),
        ("5、6百", 500, 600),
        ("八九千块", 8000, 9000),
        ("几百块", 200, 900),
        ("好几千", 2000, 9000),
        ("十五六万", 150000, 160000),
        ("一万七八", 17000, 18000),
        ("1500~1800元", 1500, 1800),
        ("二三十万", 200000, 300000),
        ("不到一千", None, 1000),
        ("顶多五百块", None, 500),
        ("两千以内", None, 2000),
        ("至少三千", 3000, None),
        ("超过一万", 10000, None),
        ("五千以上", 5000, None),
    ],
)
def test_uncertain_amount_is_a_range(phrase: str, low: float | None, high: float | None) -> None:
    quantity = only(phrase)
    assert (quantity.value, quantity.low, quantity.high) == (None, low, high)


@pytest.mark.parametrize(
    "phrase", ["八百来块", "两千多", "大概三千", "一万左右", "千把块", "差不多五百"]
)
def test_approximation_is_marked(phrase: str) -> None:
    assert only(phrase).approximate


@pytest.mark.parametrize(
    ("phrase", "per"),
    [
        ("一个月八百来块", "month"),
        ("每月一千二", "month"),
        ("月薪三千", "month"),
        ("一千二一个月", "month"),
        ("800块/月", "month"),
        ("一年万把", "year"),
        ("年收入三万", "year"),
        ("9000一年", "year"),
        ("一天八十", "day"),
        ("每学期三千", "term"),
        ("存款五千", ""),
    ],
)
def test_period_is_read_on_either_side(phrase: str, per: str) -> None:
    assert only(phrase).per == per


@pytest.mark.parametrize(
    ("phrase", "each"), [("每人二百八", True), ("人均三百", True), ("一共三百", False)]
)
def test_each_person_is_noticed(phrase: str, each: bool) -> None:
    assert only(phrase).each is each


@pytest.mark.parametrize(
    ("phrase", "unit", "value"),
    [
        ("七十二岁", "age", 72),
        ("三口人", "person", 3),
        ("四个人", "person", 4),
        ("三个娃", "piece", 3),
        ("半年", "year", 0.5),
        ("一年半", "year", 1.5),
        ("三个半月", "month", 3.5),
        ("十五天", "day", 15),
        ("百分之三十", "", None),
    ],
)
def test_units_other_than_money(phrase: str, unit: str, value: float | None) -> None:
    found = [q for q in find_quantities(phrase) if q.unit == unit]
    if value is None:
        assert all(q.unit != "yuan" for q in find_quantities(phrase))
    else:
        assert [q.value for q in found] == [value]


@pytest.mark.parametrize(
    "phrase",
    [
        "一直没人管",
        "五保老人",
        "三轮车",
        "老百姓",
        "万一不行",
        "一起生活",
        "两口子",
        "一定要",
        "千万别",
    ],
)
def test_numerals_inside_words_count_nothing(phrase: str) -> None:
    assert find_quantities(phrase) == []


def test_digit_before_a_counted_noun_is_no_tail_of_the_amount() -> None:
    debt, children = find_quantities("欠三万三个娃读书")
    assert (debt.value, children.value, children.unit) == (30000, 3, "piece")


def test_placeholders_hold_no_numbers() -> None:
    assert find_quantities("电话⟦PHONE:7f3a⟧卡⟦CARD:12ab⟧") == []


def test_amount_for_an_entity_is_plain_or_bounds() -> None:
    assert json_amount(only("两千三")) == 2300
    assert json_amount(only("五六百")) == {"low": 500, "high": 600}
    assert json_amount(only("不到一千")) == {"low": None, "high": 1000}
