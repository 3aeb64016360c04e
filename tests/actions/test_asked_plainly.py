"""Questions of thirty more residents, and facts told in a clause of their own."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat

ZHONGXIAN = "重庆市忠县"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("那先办哪个呢", "不用排先后"),
        ("那我先办哪样", "不用排先后"),
        ("我们要咋个整嘛 哪个可以来看一哈", "上门看"),
        ("要好久才有人来看嘛", "不敢说死"),
        ("你问我在哪干什么", "标准不一样"),
        ("说了地方会怎么样", "标准不一样"),
        ("你们会不会跟他讲是我说的", "可以不留姓名"),
        ("贷款毕业了才还吗", "贷款合同"),
    ],
)
@pytest.mark.parametrize("intent", ["bot_identity", "nlu_fallback", "out_of_scope_gov"])
def test_it_has_an_answer(chat: Chat, text: str, words: str, intent: str) -> None:
    assert words in chat.say(text, intent, confidence=0.4)


def test_nobody_is_promised_a_day(chat: Chat) -> None:
    chat.say("房子塌了", "crisis_emergency", crisis_kind="disaster")
    for text in ("忠县", "四个人", "不说", "没有"):
        chat.say(text, **({"region": ZHONGXIAN} if text == "忠县" else {}))
    said = chat.say("要好久才有人来看嘛", "ask_processing_time", program="dibao")
    assert "不敢说死" in said
    assert "工作日" not in said


def test_whether_the_shelter_costs_is_answered_at_once(chat: Chat) -> None:
    chat.say("没地方睡", "crisis_emergency", crisis_kind="homeless")
    said = chat.say("救助站要钱吗", "ask_amount_standard", program="liulang")
    assert "不收钱" in said


def test_how_much_after_the_old_age_grant_is_of_that(chat: Chat) -> None:
    chat.say("有老人补贴无", "out_of_scope_gov", confidence=0.8)
    said = chat.say("一个月有偌济钱", "ask_amount_standard")
    assert "高龄津贴" in said
    assert "低保线" not in said


@pytest.mark.parametrize("text", ["伊无低保", "以前没有领过什么钱", "没得低保"])
def test_no_grant_is_noted(chat: Chat, text: str) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say(text, confidence=0.7)
    assert chat.facts["receiving"] == []


def test_whether_without_a_grant_is_a_question(chat: Chat) -> None:
    chat.say("没有低保能报吗", "ask_eligibility_conditions", program="yiliao")
    assert "receiving" not in chat.facts


def test_no_certificate_yet_is_none(chat: Chat) -> None:
    chat.say("我弟弟能不能领残疾补贴", "start_screening", program="canji_butie")
    chat.say("没办残疾证", program="canji_butie", confidence=0.9)
    assert chat.facts["disability_level"] == "无"


def test_who_is_left_are_two(chat: Chat) -> None:
    chat.say("我婆婆瘫了五年 公公也走了 就我和她", "start_screening", program="dibao")
    assert chat.facts["household_size"] == 2


def test_to_be_on_aid_is_no_question(chat: Chat) -> None:
    chat.say("没煤烧了", "start_screening", program="qunuan", heating_difficult=True)
    chat.say("忠县", region=ZHONGXIAN)
    said = chat.say("低保户", "ask_other_benefits", program="dibao", receiving=["dibao"])
    assert "多数可以一起问" not in said
    assert chat.facts["receiving"] == ["dibao"]


def test_who_waits_long_is_asked_for_the_receipt(chat: Chat) -> None:
    said = chat.say("交了五十多天了没消息", confidence=0.8)
    assert "回执号" in said


def test_what_is_lacking_is_not_what_was_come_for(chat: Chat) -> None:
    chat.say("我弟弟精神病 犯病打人 我妈管不住", "start_screening", mental_illness=True)
    said = chat.say("没办残疾证", program="canji_butie", confidence=0.9)
    assert "可能不符合" not in said
    assert "canji_butie" not in chat.state.programmes


def test_a_question_is_not_put_a_fourth_time(chat: Chat) -> None:
    chat.say("雪太大羊死了", "start_screening", program="shouzai", disaster="雪灾")
    chat.say("忠县", region=ZHONGXIAN)
    asked = chat.state.asking
    assert asked == "disaster_effect"
    chat.say("人没事 就是草没有了", confidence=0.8)  # the place was the first other reply
    assert chat.state.asking == asked
    chat.say("家里四个人", household_size=4)
    assert chat.state.asking != asked
