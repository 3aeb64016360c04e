"""Who belongs to the household, and how old they are."""

from __future__ import annotations

from datetime import date

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("两口子带俩娃还有个老娘", 5),
        ("我和老伴，还有一个孙子", 3),
        ("户口上就我跟我老娘两个", 2),
        ("一家三口，加上我妈四口", 4),
        ("两个大人一个娃", 3),
        ("家里总共5个人", 5),
        ("我家四口人", 4),
        ("家庭人口：6", 6),
        ("7口", 7),
        ("户口本上有三个人", 3),
        ("老两口带个孙子", 3),
        ("我跟我妈相依为命", 2),
        ("俺家就俺和俺娘", 2),
        ("夫妻俩带一儿一女", 4),
        ("家庭4人", 4),
        ("不是三口，是四口", 4),
        ("我、老婆和两个孩子一起过", 4),
        ("一家五口全靠我", 5),
        ("屋头五个人", 5),
        ("我和爸妈一起住", 3),
        ("爷孙俩", 2),
        ("五口之家", 5),
        ("家里老婆孩子老妈一共四个人在老家，加我五个", 5),
        ("三个人在老家加我四个", 4),
        ("家里老婆孩子三个人，连我四个", 4),
        ("我家也恼火，三个人一个月六百块", 3),
        ("四个人每月就一千二", 4),
    ],
)
def test_household_size(text: str, size: int) -> None:
    assert facts(text, "household_size")["household_size"] == size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("两口子 还有个娃儿读高中", 3),
        ("我 媳妇 两个娃 还有个老娘", 5),
        ("我一个人带两个娃", 3),
        ("我和我妈 我妈瘫痪", 2),
        ("就我和老汉儿 娃儿在外头打工", 2),
        ("婆婆 我 娃儿 三个", 3),
    ],
)
def test_a_list_answers_how_many_they_are(text: str, size: int) -> None:
    assert facts(text, "household_size")["household_size"] == size


def test_an_income_of_two_is_no_list() -> None:
    told = understood("我和老婆的收入加起来两千", "inform_facts", asking="household_size")
    assert "household_size" not in told.facts


@pytest.mark.parametrize("text", ["我跟她爸都是普工", "我和老公离婚了", "三口棺材的钱"])
def test_no_household_size_from_other_mentions(text: str) -> None:
    assert "household_size" not in facts(text)


def test_neighbours_in_a_complaint_are_not_the_household() -> None:
    told = "邻居有别墅有小车，一家三口吃低保"
    assert understood(told, "ask_appeal_complaint").facts == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("两个娃饿得哭", 2),
        ("我带三个孩子", 3),
        ("一儿一女", 2),
        ("老大上高中，老二上小学", 2),
        ("生了对双胞胎", 2),
        ("两个女儿一个儿子", 3),
        ("有一个儿子", 1),
        ("仨娃", 3),
        ("我们村两兄弟都没娶，老大瞎老二哑", None),
        ("有儿子的老人", None),
    ],
)
def test_number_of_children(text: str, count: int | None) -> None:
    assert facts(text).get("num_children") == count


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("我72了，一个人住", 72),
        ("属猪的，七十八", 78),
        ("我今年七十二", 72),
        ("38 单身 抑郁症", 38),
        ("60岁下岗", 60),
        ("我妈70有哮喘", 70),
        ("我单身没结婚，五十八了", 58),
        ("虚岁六十一", 61),
        ("我四十八", 48),
        ("俺六十三岁了", 63),
        ("我12妹妹6岁", 12),
        ("本人现年五十五岁", 55),
        ("七十九了，虚岁八十", 79),
        ("孩子三岁发现听不见", 3),
        ("他23精神残疾", 23),
        ("老大8岁老小6岁", None),
        ("60岁以上能领多少", None),
        ("在我3岁前她就走了", None),
        ("快九十的老娘", None),
        ("三级残疾", None),
    ],
)
def test_age(text: str, age: int | None) -> None:
    assert facts(text).get("age") == age


@pytest.mark.parametrize(
    ("text", "today", "age"),
    [
        ("1947年生", date(2025, 6, 1), 78),
        ("1947年生", date(2026, 1, 1), 79),
        ("我是五二年生的", date(2025, 6, 1), 73),
        ("出生于1980年", date(2025, 6, 1), 45),
    ],
)
def test_age_from_the_birth_year_depends_on_the_day(text: str, today: date, age: int) -> None:
    assert facts(text, today=today)["age"] == age


def test_birth_year_without_a_date_gives_no_age() -> None:
    assert "age" not in facts("1947年生", today=None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("我离婚三年了", "离异"),
        ("離婚了，家庭成員資料要更新", "离异"),
        ("男人走咯", "丧偶"),
        ("老伴去年去世", "丧偶"),
        ("守寡十几年", "丧偶"),
        ("一直没结婚", "单身"),
        ("终身未娶", "单身"),
        ("未婚", "单身"),
        ("再婚的", "已婚"),
        ("想离婚", None),
        ("弟弟还没成家", None),
        ("单身妈妈", None),
        ("娃他爸走了 再没回来过", None),
    ],
)
def test_marital_state(text: str, value: str | None) -> None:
    assert facts(text).get("marital") == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("一个人带两个娃", "single_parent"),
        ("我是单亲妈妈", "single_parent"),
        ("一个人住", "living_alone"),
        ("独居老人，我就是", "living_alone"),
        ("没儿没女", "no_children"),
        ("膝下无子女", "no_children"),
    ],
)
def test_household_flags(text: str, key: str) -> None:
    assert facts(text)[key] is True


@pytest.mark.parametrize("text", ["就我一个人打工", "我一个人带孩子", "家里一个人有病"])
def test_one_earner_is_not_living_alone(text: str) -> None:
    assert "living_alone" not in facts(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [("我退休金一个月一千二，两口子，天津的", 2), ("两口子，带俩娃", 4), ("老两口，没收入", 2)],
)
def test_a_couple_in_a_clause_of_its_own(text: str, size: int) -> None:
    assert facts(text)["household_size"] == size
