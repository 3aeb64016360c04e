"""Programme names, nicknames, slips, and which of several is meant."""

from __future__ import annotations

import pytest

from bot.components.understanding.normalise import normalise
from bot.components.understanding.programme import choose, find_programmes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("地保怎么申请", "dibao"),
        ("底保", "dibao"),
        ("迪保一个月多少", "dibao"),
        ("抵保怎么办", "dibao"),
        ("边圆户是多少", "dibao_bianyuan"),
        ("特捆供养", "tekun"),
        ("五保老人", "tekun"),
        ("临时就助", "linshi"),
        ("刚性支出困难家庭", "gangxing_zhichu"),
        ("大病救助", "yiliao"),
        ("雨露计划", "jiaoyu"),
        ("连租房", "zhufang"),
        ("公益岗", "jiuye"),
        ("救灾款", "shouzai"),
        ("两项补贴", "canji_butie"),
        ("重残护理", "canji_butie"),
        ("事实孤儿", "gu_er_ertong"),
        ("慈善总会", "cishan"),
        ("怎么进救助站", "liulang"),
        ("免费律师", "falv"),
        ("防返贫监测", "fangfanpin"),
        ("上门照料", "fuwu"),
        ("家里揭不开锅了", "linshi"),
        ("没钱看病了", "yiliao"),
        ("我那房还漏着呢", "zhufang"),
        ("没儿没女", "tekun"),
        ("低保大病救助", "yiliao"),
        ("困境学生的低保", "dibao"),
        ("低保户孩子上高中学费", "jiaoyu"),
        ("领着低保，住院能不能免费", "yiliao"),
        ("有低保证，建房补贴差好多", "zhufang"),
        ("什么叫临时救助，和低保一样吗", "linshi"),
        ("残疾人买房补贴", "zhufang"),
        ("要等好久哦", "none"),
    ],
)
def test_programme_of_a_message(text: str, code: str) -> None:
    clean = normalise(text).text
    assert choose(clean, find_programmes(clean), "ask_how_to_apply")[0] == code


def test_rule_question_without_a_name_is_about_dibao() -> None:
    assert choose("赔偿款算不算", [], "ask_income_property_rules")[0] == "dibao"
    assert choose("孩子学费能扣减不", [], "ask_income_property_rules")[0] == "gangxing_zhichu"


def test_small_talk_has_no_programme() -> None:
    assert choose("谢谢低保办的同志", find_programmes("谢谢低保办的同志"), "thanks")[0] == "none"


@pytest.mark.parametrize("text", ["第八包", "电报", "大堤坝", "提包"])
def test_other_words_of_similar_sound_are_left_alone(text: str) -> None:
    assert [h.code for h in find_programmes(text)] == []
