"""What residents of many kinds said in the middle of a talk: answered, and the talk goes on."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat

WUYANG = "重庆市忠县乌杨街道"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("那我儿子在外头打工算不算进去", "自己能养活自己的，一般不算"),
        ("出嫁的女儿算不算一家", "成家分开过的儿女，不算"),
        ("户口不在一起的算吗", "不是只看户口本"),
        ("分开吃住的儿子算不算", "不算您这一户"),
        ("在外读书的算不算", "没成年的孩子，住校、在外面读书，都算"),
        ("坐牢的算不算", "在监狱服刑的不算"),
        ("儿子当兵去了，算不算", "没结婚的现役军人不算"),
        ("公公婆婆单独住算不算", "老人跟您长期住在一起，才算"),
        ("没领证，他算不算我家的", "由街道核实"),
        ("三十岁的残疾儿子算不算", "不能独立生活的儿女，算"),
    ],
)
@pytest.mark.parametrize("programme", ["dibao", "yiliao", "linshi"])
def test_who_counts_is_answered_in_the_middle_of_a_screening(
    chat: Chat, asked: str, words: str, programme: str
) -> None:
    chat.say("看看能帮我家啥", "start_screening", program=programme, region=WUYANG)
    said = chat.say(asked, "ask_family_definition")
    assert words in said
    assert chat.state.asking == "household_size"


def test_a_yes_with_a_question_behind_it_is_a_yes_and_answered(chat: Chat) -> None:
    chat.say("我要申报助学", "self_declare", program="jiaoyu", region=WUYANG)
    said = chat.say(
        "同意。但我户口已经迁到学校去了，有影响吗", "affirm", secondary=("ask_family_definition",)
    )
    assert "不是只看户口本" in said
    assert "没听明白" not in said
    assert chat.state.consent
    assert chat.state.asking == "name"


def test_who_is_ashamed_to_ask_hears_that_it_is_no_shame(chat: Chat) -> None:
    said = chat.say(
        "不好意思……我不知道该不该问，家里有点困难，觉得挺丢人的", "nlu_fallback",
        confidence=0.14,
    )  # fmt: skip
    assert "来问一问不丢人" in said


def test_a_programme_taken_back_is_asked_about_no_more(chat: Chat) -> None:
    chat.say("庄稼让雹子打了找谁", "ask_where_to_apply", program="dibao")
    said = chat.say(
        "不是低保，我问的是庄稼遭灾了有没有救济", "ask_eligibility_conditions", program="shouzai"
    )
    assert "自然灾害" in said
    assert "dibao" not in chat.state.programmes


def test_no_receipt_and_a_word_more_is_no_receipt(chat: Chat) -> None:
    chat.say("我申请的低保两个月了没消息", "check_status")
    said = chat.say("没得 在镇上交的纸质材料")
    assert "没听明白" not in said
    assert "没有回执号也不要紧" in said


def test_the_grandfather_who_raises_them_speaks_for_himself(chat: Chat) -> None:
    said = chat.say(
        "布拖的，我娃儿爸爸妈妈吸毒进去了，我是他爷爷，带到起三个孙孙", "report_for_other",
        confidence=0.4, program="gu_er_ertong", parents_status="父母服刑",
    )  # fmt: skip
    assert "谢谢您替别人说" not in said


def test_a_report_that_was_none_becomes_ones_own(chat: Chat) -> None:
    chat.say("娃儿爹妈都进去了，造孽得很", "report_for_other", region=WUYANG)
    said = chat.say("我不是替别人说 是我自己的孙孙 我带到的")
    assert "utter_for_yourself" in chat.responses
    assert "电话" not in said.split("\n")[0]


def test_a_child_is_asked_for_its_own_age(chat: Chat) -> None:
    said = chat.say(
        "爸妈都不在了，我还在读高中", program="gu_er_ertong", parents_status="父母双亡",
        region=WUYANG,
    )  # fmt: skip
    assert "孩子多大了" in said
    assert "这位家人" not in said


def test_the_village_told_with_the_town_is_kept(chat: Chat) -> None:
    said = chat.say("我想看看能不能吃低保", "start_screening", region=f"{WUYANG}新政村二组")
    assert "新政村二组" in said


def test_who_is_sent_for_papers_again_hears_what_the_rule_is(chat: Chat) -> None:
    said = chat.say(
        "我跑了三趟镇上，每次都说缺材料，耍人是不是", "ask_appeal_complaint", program="dibao"
    )
    assert "应当一次说清缺什么" in said
    assert "行政复议" not in said


def test_the_car_of_a_son_who_left_is_answered_not_noted(chat: Chat) -> None:
    said = chat.say("我儿子是分了家的，他有车关我啥子事嘛", car=True)
    assert "成家分开过的儿女，不算您这一户的人" in said
    assert "car" not in chat.facts


def test_a_look_asked_for_in_dialect_is_no_look_at_a_case(chat: Chat) -> None:
    said = chat.say("那你帮我看哈我得行不", "check_status", confidence=0.3)
    assert "回执号" not in said


def test_daughters_married_away_are_no_children_of_the_household(chat: Chat) -> None:
    chat.say("我七十三了，两个女都嫁远了，管不到", num_children=2, age=73)
    assert "num_children" not in chat.facts


def test_one_word_of_wish_is_taken_down_at_once(chat: Chat) -> None:
    chat.say("补助", "self_declare", confidence=0.3)
    assert chat.state.asking == "consent"


def test_trouble_told_is_asked_about_before_any_consent(chat: Chat) -> None:
    chat.say(
        "我老公欠了赌债跑了，我带着孩子，房租都交不起", "self_declare", confidence=0.23,
        housing="租房",
    )  # fmt: skip
    assert chat.state.asking == "region"
    chat.say("帮我申请吧", "self_declare", confidence=0.9)
    assert chat.state.asking == "consent"


def test_where_a_house_stands_tells_of_nobody_in_it(chat: Chat) -> None:
    chat.say(
        "网格员，反映一位老人独居，没人做饭，腿脚不便", "report_for_other", region=WUYANG,
        for_relation="邻居",
    )  # fmt: skip
    assert chat.state.asking == "whereabouts"
    chat.say("他姓唐，3组，村小学后面那家", student_stage="小学")
    assert "student_stage" not in chat.facts
