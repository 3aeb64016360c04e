"""Programmes beyond the first screening: asked for by name, settled in few questions, one card."""

from __future__ import annotations

import re

import pytest

from actions.asked import QUESTIONS
from actions.flows import further
from actions.wording import words
from rules.programmes import ALL_CODES, CODES
from tests.actions.coming_for import ask_for, declare, settle
from tests.actions.conftest import Chat, records

FURTHER = [code for code in ALL_CODES if code not in CODES]
_WAYS_OUT = ("不清楚", "工作人员")


def test_a_disabled_person_of_a_dibao_family_gets_both_allowances(chat: Chat) -> None:
    ask_for(
        chat, "canji_butie", "低保户，二级肢体残疾，能领补贴吗",
        disability_level="二级", disability_type="肢体", receiving=["dibao"],
    )  # fmt: skip
    assert settle(chat) == ["region"]
    assert "困难残疾人生活补贴：目前看，可能符合" in chat.text
    assert "重度残疾人护理补贴：目前看，可能符合" in chat.text
    assert chat.text.count("估算：80元/月") == 2
    assert "渝民〔2022〕207号" in chat.text
    assert "民政部门和残联来定" in chat.text
    case = declare(chat)
    assert case["programmes"] == ["canji_butie"]
    assert case["departments"] == {"xiangzhen", "canlian"}


def test_no_line_of_a_card_is_said_twice(chat: Chat) -> None:
    ask_for(chat, "qunuan", "取暖有困难", heating_difficult=True, receiving=["dibao"])
    settle(chat)
    lines = [line for line in chat.text.split("\n") if line]
    assert any("主要对象" in line for line in lines)
    assert len(lines) == len(set(lines))


def test_who_came_for_one_thing_is_not_led_through_everything(chat: Chat) -> None:
    ask_for(chat, "canji_butie", disability_level="二级")
    asked = settle(chat, receiving=[], monthly_income_total=900)
    assert asked[:2] == ["region", "receiving"]
    assert len(asked) <= further.PATIENCE
    assert "shock" not in asked
    assert "medical_expense_self" not in asked
    assert "utter_offer_declare_further" in chat.responses
    assert not any(name.startswith("utter_ask") for name in chat.responses)


def test_the_first_screening_is_offered_and_begins_at_the_press_of_a_button(chat: Chat) -> None:
    ask_for(chat, "canji_butie", disability_level="二级", receiving=["dibao"])
    settle(chat)
    chat.press("再看看低保这些")
    assert chat.state.asking == "household_size"
    settle(chat)
    assert "低保：目前看" in chat.text or "低保、" in chat.text
    assert "残疾人" in chat.text or "护理补贴" in chat.text


def test_of_two_programmes_the_unlikely_one_is_not_declared(chat: Chat) -> None:
    ask_for(chat, "jiaoyu", student_stage="高中")
    settle(chat, receiving=[], monthly_income_total=9000)
    chat.press("再看看低保这些")
    settle(chat, monthly_income_total=9000, hukou="rural")
    assert "低保：目前看，可能不符合" in chat.text
    assert declare(chat)["programmes"] == ["jiaoyu"]


@pytest.mark.parametrize("held", [True, False])
def test_a_status_told_is_no_new_wish(chat: Chat, held: bool) -> None:
    ask_for(chat, "canji_butie", disability_level="二级")
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "receiving"
    if held:
        chat.say("吃着低保的", program="dibao", receiving=["dibao"])
    else:
        chat.say("没有低保", program="dibao")
    assert chat.facts["receiving"] == (["dibao"] if held else [])
    assert chat.state.programmes == ["canji_butie"]
    assert ("生活补贴：目前看，可能符合" in chat.text) is held


def test_a_pupil_of_a_dibao_family_may_get_education_aid(chat: Chat) -> None:
    ask_for(chat, "jiaoyu", "孩子上高中，家里吃低保，学费有补吗", student_stage="高中",
            receiving=["dibao"])  # fmt: skip
    assert settle(chat) == ["region"]
    assert "教育救助：目前看，可能符合" in chat.text
    assert "高中可以申请国家助学金" in chat.text
    assert "以当地规定为准" in chat.text
    assert "估算" not in chat.text
    case = declare(chat)
    assert case["programmes"] == ["jiaoyu"]
    assert "jiaoyu" in case["departments"]


def test_a_child_whose_father_died_and_mother_left_may_get_basic_cover(chat: Chat) -> None:
    ask_for(chat, "gu_er_ertong", "孙子爸爸死了，妈妈跑了，有补助吗")
    asked = []
    chat.say("忠县", region="重庆市忠县")
    for reply in ("九岁", "爸爸死了", "妈妈跑了", "八个月"):
        asked.append(chat.state.asking)
        chat.say(reply, **({"age": 9} if reply == "九岁" else {}))
    assert asked == ["age", "father_state", "mother_state", "mother_months"]
    assert chat.facts["father_state"] == "dead"
    assert chat.facts["mother_state"] == "lost_contact"
    assert chat.facts["mother_months"] == 8
    assert "事实无人抚养儿童保障：目前看，可能符合" in chat.text
    assert "为保护孩子不公示" in chat.text
    assert "heart" not in chat.text
    assert "孤儿保障" not in chat.text
    case = declare(chat)
    assert case["programmes"] == ["gu_er_ertong"]
    assert case["departments"] >= {"minzheng", "xiangzhen"}


def test_what_was_told_of_the_parents_is_not_asked_again(chat: Chat) -> None:
    chat.say("他爸死了，他妈跑了没回来，有没有补助", "start_screening", parents_status="父亡母失联")
    assert chat.state.programmes == ["gu_er_ertong"]
    asked = settle(chat, age=9, mother_months=8)
    assert asked == ["region", "age", "mother_months"]
    assert "事实无人抚养儿童保障：目前看，可能符合" in chat.text


def test_both_parents_dead_is_an_orphan(chat: Chat) -> None:
    ask_for(chat, "gu_er_ertong", father_state="dead", mother_state="dead", age=9)
    settle(chat)
    assert "孤儿保障：目前看，可能符合" in chat.text


def test_five_months_gone_is_not_six(chat: Chat) -> None:
    ask_for(chat, "gu_er_ertong", father_state="dead", mother_state="lost_contact", age=9)
    chat.say("忠县", region="重庆市忠县")
    chat.press("不到六个月")
    settle(chat, receiving=[])
    assert "可能符合" not in chat.text


def test_a_collapsed_house_after_a_flood(chat: Chat) -> None:
    ask_for(chat, "shouzai", "涨大水房子塌了能补吗", shock="disaster")
    assert chat.state.asking == "disaster_effect"
    chat.say("房子塌了")
    assert chat.facts["disaster_effect"] == "collapsed"
    assert "受灾救助：目前看，可能符合" in chat.text
    assert "《自然灾害救助条例》第二十条" in chat.text
    assert "应急管理部门" in chat.text
    case = declare(chat)
    assert case["programmes"] == ["shouzai"]
    assert "yingji" in case["departments"]
    assert case["urgency"] == "urgent"


def test_unpaid_wages_lead_to_legal_aid(chat: Chat) -> None:
    ask_for(chat, "falv", "老板不给钱想请律师")
    assert chat.state.asking == "legal_matter"
    chat.say("欠薪八个月了")
    assert chat.facts["legal_matter"] == "wages"
    assert chat.state.asking == "migrant_worker"
    chat.say("是", "affirm")
    assert "法律援助：目前看，可能符合" in chat.text
    assert "讨薪" in chat.text
    assert "司法救助：" not in chat.text
    assert "12348" in chat.text
    case = declare(chat)
    assert case["programmes"] == ["falv"]
    assert "sifa" in case["departments"]


def test_violence_at_home_is_met_with_safety_before_law(chat: Chat) -> None:
    ask_for(chat, "falv")
    chat.press("打骂、虐待")
    assert chat.state.asking == "safe_now"
    assert "110" in chat.text
    text = chat.press("现在安全")
    assert text.index("12338") < text.index("法律援助")
    assert "不看家里有没有钱" in text


@pytest.mark.parametrize("reply", ["不安全，他还在外面砸门", "没有"])
def test_who_is_not_safe_reaches_the_duty_officer(chat: Chat, reply: str) -> None:
    ask_for(chat, "falv")
    chat.press("打骂、虐待")
    text = chat.say(reply, "deny" if reply == "没有" else "inform_facts")
    assert "马上打110" in text
    assert [case["kind"] for case in records(chat.runtime)] == ["duty"]


def test_a_victim_without_compensation_hears_of_judicial_aid(chat: Chat) -> None:
    ask_for(chat, "falv", legal_matter="injury", crime_victim=True, migrant_worker=False)
    settle(chat, compensated=False, judicial_aided_before=False, receiving=["dibao"])
    assert "司法救助：" in chat.text
    assert "办案的公安、检察院、法院" in chat.text


def test_heating_goes_to_a_person_without_a_figure(chat: Chat) -> None:
    ask_for(chat, "qunuan", "烤火费有没有")
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "heating_difficult"
    chat.say("交不起电费")
    assert "取暖救助：要请工作人员来看" in chat.text
    assert "以当地规定为准" in chat.text
    assert "估算" not in chat.text
    assert declare(chat)["programmes"] == ["qunuan"]


def test_a_house_of_grade_c_may_be_repaired(chat: Chat) -> None:
    ask_for(chat, "zhufang", "房子鉴定是C级危房", housing="危房")
    asked = settle(chat, house_grade="C")
    assert asked == ["region", "hukou", "house_grade", "receiving"]
    assert "住房救助：目前看，可能符合" in chat.text
    assert "先鉴定房子" in chat.text
    case = declare(chat)
    assert case["programmes"] == ["zhufang"]
    assert "zhujian" in case["departments"]


def test_an_unassessed_house_is_assessed_first(chat: Chat) -> None:
    ask_for(chat, "zhufang", housing="危房")
    chat.say("忠县", region="重庆市忠县")
    chat.say("农村", hukou="rural")
    chat.say("没有", "deny")
    assert "住房救助：要请工作人员来看" in chat.text
    assert "先请人来鉴定" in chat.text


def test_no_roof_and_no_food_is_an_emergency_before_it_is_a_programme(chat: Chat) -> None:
    chat.say("没地方住，两天没吃饭了", "crisis_emergency", crisis_kind="no_shelter",
             program="liulang")  # fmt: skip
    assert chat.responses[0] == "utter_crisis_no_shelter"
    assert [case["kind"] for case in records(chat.runtime)] == ["duty"]


def test_who_asks_about_the_shelter_is_not_asked_for_a_place_first(chat: Chat) -> None:
    ask_for(chat, "liulang", "救助站管不管我")
    assert chat.state.asking == "stranded"
    assert "今晚就没着落" in " ".join(chat.titles)
    text = chat.say("没地方住")
    assert text.index("救助站") < text.index("流浪乞讨救助：目前看，可能符合")
    assert "不问户口" in text
    case = declare(chat)
    assert case["programmes"] == ["liulang"]
    assert "minzheng" in case["departments"]


def test_no_place_tonight_is_the_emergency_lane(chat: Chat) -> None:
    ask_for(chat, "liulang")
    assert "utter_crisis_no_shelter" in (chat.press("今晚就没着落") and chat.responses)


def test_great_spending_goes_to_a_person_where_no_line_is_verified(chat: Chat) -> None:
    ask_for(chat, "gangxing_zhichu", "看病花了五万撑不住了", medical_expense_self=50000)
    asked = settle(chat, receiving=[], monthly_income_total=6000)
    assert len(asked) <= further.PATIENCE
    assert "刚性支出困难家庭：要请工作人员来看" in chat.text
    assert "民发〔2024〕57号" in chat.text
    assert declare(chat)["programmes"] == ["gangxing_zhichu"]


def test_mourners_are_met_with_a_word_first(chat: Chat) -> None:
    ask_for(chat, "binzang", receiving=["dibao"])
    text = chat.press("有")
    assert text.startswith("请您节哀")
    assert "殡葬减免：目前看，可能符合" in text


def test_a_programme_of_another_place_is_said_to_be_one(chat: Chat) -> None:
    ask_for(chat, "nankai_huimin")
    settle(chat)
    assert "这是别的地方的办法" in chat.text
    assert "估算" not in chat.text


def test_history_is_called_history(chat: Chat) -> None:
    ask_for(chat, "liangshan_butie")
    settle(chat, region="四川省凉山彝族自治州喜德县")
    assert "这是以前的做法" in chat.text
    assert "可能符合" not in chat.text


@pytest.mark.parametrize("code", FURTHER)
def test_not_knowing_anything_ends_with_a_person(chat: Chat, code: str) -> None:
    ask_for(chat, code)
    asked = []
    for _ in range(20):
        if chat.state.asking in {"offer_declare", None}:
            break
        asked.append(chat.state.asking)
        assert len([n for n in chat.responses if n.startswith("utter_ask_")]) == 1
        chat.payload('/inform_facts{"unknown":true}')
    assert chat.state.asking == "offer_declare", asked
    assert len(asked) <= further.PATIENCE
    assert "可能符合" not in chat.text
    assert "要请工作人员来看" in chat.text or "这是别的地方的办法" in chat.text
    assert "00 找工作人员" in chat.titles


@pytest.mark.parametrize("code", FURTHER)
def test_buttons_alone_finish_it_in_short_messages(chat: Chat, code: str) -> None:
    """First options all the way; every question has them, beside the two ways out."""
    ask_for(chat, code)
    asked = []
    for _ in range(12):
        check_messages(chat)
        key = chat.state.asking
        if key in {"offer_declare", None} or "crisis" in str(chat.responses):
            break
        asked.append(key)
        assert sum(name.startswith("utter_ask_") for name in chat.responses) == 1, chat.responses
        if key == "region":
            chat.say("忠县", region="重庆市忠县")
            continue
        options = [title for title in chat.titles if not any(way in title for way in _WAYS_OUT)]
        if not options:
            assert QUESTIONS[key].is_amount
            chat.say("3")
            continue
        chat.press(options[-1])
    assert chat.state.asking == "offer_declare", asked
    assert len(asked) <= further.PATIENCE + 1
    assert "utter_verdict" in str(chat.responses)


def check_messages(chat: Chat) -> None:
    """Each message short, at most one question, nothing decided, no part left empty."""
    for utterance in chat.said:
        text = words().render(utterance.response, utterance.values)
        assert len(text) <= 300, text
        assert not re.search(r"(?<!可能)(?<!可能不)符合(?!规定)", text), text
        assert "{" not in text, text
        assert "。。" not in text, text
        assert "：。" not in text, text


def test_a_correction_changes_the_verdict(chat: Chat) -> None:
    ask_for(chat, "canji_butie", disability_level="二级", disability_type="肢体",
            receiving=["dibao"])  # fmt: skip
    settle(chat)
    assert "重度残疾人护理补贴：目前看，可能符合" in chat.text
    text = chat.say("说错了，是四级", disability_level="四级", correction=True)
    assert "改过来了：残疾证四级" in text
    assert "重度残疾人护理补贴：目前看，可能不符合" in text
    assert "困难残疾人生活补贴：目前看，可能符合" in text


def test_what_is_asked_can_be_said_back(chat: Chat) -> None:
    ask_for(chat, "gu_er_ertong", age=9)
    chat.say("忠县", region="重庆市忠县")
    chat.press("联系不上")
    chat.say("不对，是去世了", father_state="dead", correction=True)
    assert "改过来了：爸爸已经去世" in chat.text


def test_a_funeral_without_money_is_met_with_a_word_and_no_heads_are_counted(chat: Chat) -> None:
    text = "我爷爷上礼拜病逝了，家里拿不出钱办后事，有没有丧葬方面的救助"
    said = chat.say(text, "start_screening", confidence=0.3)
    assert said.startswith("请您节哀")
    assert "殡葬" in said
    assert "记下了" not in said
    assert "几口人" not in chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    assert chat.state.asking == "receiving"


@pytest.mark.parametrize("text", [
    "俺娘前儿个咽气了，棺材都买不起，有啥补助没", "阮阿公過身矣，無錢辦後事",
    "我老伴走了，后事办不起咋个办",
])  # fmt: skip
def test_a_funeral_in_other_words(chat: Chat, text: str) -> None:
    assert chat.say(text, "start_screening", confidence=0.4).startswith("请您节哀")
    assert chat.state.programmes == ["binzang"]
