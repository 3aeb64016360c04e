"""Aid for the sick by talking: five kinds in order, shares for whom they hold, concessions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import generate_latest

from actions.wording import words
from rules.parameter_store import Store, default_store
from tests.actions.conftest import Chat, records

ANSWERS: dict[str, Any] = {
    "region": "重庆市忠县", "household_size": 3, "monthly_income_total": 900, "hukou": "rural",
    "car": False, "deposit": 0, "shock": "none", "disability_level": "无",
    "critical_illness_insured": False,
}  # fmt: skip
KINDS = ("资助参加医保", "门诊救助", "住院救助", "临时救助", "慈善帮扶")


def screened(chat: Chat, said: dict[str, Any], **answers: Any) -> str:
    """A household tells of its illness and answers everything until the verdicts."""
    chat.say("我家有人得了大病，能帮帮吗", "start_screening", **said)
    known = {**ANSWERS, **answers}
    for _ in range(14):
        if chat.state.asking == "offer_declare":
            return chat.text
        key = str(chat.state.asking)
        if key in known:
            chat.say("是这样", **{key: known[key]})
        else:
            chat.payload('/inform_facts{"unknown":true}')
    raise AssertionError(chat.state.asking)


def kinds(chat: Chat) -> list[str]:
    """The lines of the list, which is said in one message."""
    said = [u.values["kinds"] for u in chat.said if u.response == "utter_medical_kinds"]
    assert len(said) == 1
    return str(said[0]).split("\n")


@pytest.mark.parametrize("told", [
    {"medical_expense_self": 30000},
    {"medical_expense": 50000},
    {"disease": "尿毒症"},
    {"disease": "腰杆一直不好"},
    {"critical_illness_insured": True},
    {"program": "yiliao"},
])  # fmt: skip
def test_a_medical_hardship_gets_the_five_kinds_in_order_once_each_with_papers(
    chat: Chat, told: dict[str, Any]
) -> None:
    screened(chat, told)
    lines = kinds(chat)
    assert [line[2:].split("：")[0] for line in lines] == list(KINDS)
    for line in lines[:4]:
        assert re.search(r"可能符合|可能不符合|还说不准|请工作人员来看|上面说过了", line), line
        assert "带身份证或户口簿" in line
    assert "医保结算单和有效票据" in lines[2]
    text = chat.text
    for name in (*KINDS[:3], KINDS[4]):
        assert text.count(name) == 1
    assert len(re.findall("临时救助：(?!上面说过了)", text)) == 1


def test_charity_is_only_a_referral(chat: Chat) -> None:
    screened(chat, {"medical_expense_self": 30000})
    assert kinds(chat)[4] == "五、慈善帮扶：愿意的话，由工作人员转给慈善组织。"


def test_temporary_aid_without_a_card_has_its_verdict_in_the_list(chat: Chat) -> None:
    text = screened(
        chat,
        {"disease": "高血压", "medical_expense_self": 0, "tuition": 0},
        monthly_income_total=12000,
    )
    assert "四、临时救助：目前看，可能不符合。" in kinds(chat)[3]
    assert len(re.findall("临时救助", text)) == 1


def test_healthy_households_see_no_list(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    assert "五样" not in screened(chat, {"program": "dibao"}, medical_expense_self=0)


@pytest.mark.parametrize("status", ["dibao", "tekun"])
def test_key_groups_see_formula_and_limit(chat: Chat, status: str) -> None:
    text = screened(chat, {"receiving": [status], "medical_expense_self": 30000})
    assert "目录内自己负担的30000元×70%，一年最多多少以当地规定为准" in text
    assert "估算约21000元" in text
    source = next(u for u in chat.said if u.response == "utter_medical_estimate").sources[0]
    assert "国办发〔2021〕42号" in source["title"]


def test_a_local_ratio_and_limit_go_before_the_nations(chat: Chat) -> None:
    text = screened(
        chat, {"receiving": ["dibao"], "medical_expense_self": 90000}, region="重庆市渝北区"
    )
    assert "90000元×75%，一年最多60000元" in text
    assert "估算约60000元" in text


def test_without_a_cost_the_formula_stands_alone(chat: Chat) -> None:
    text = screened(chat, {"receiving": ["dibao"], "disease": "尿毒症"})
    assert "目录内自己负担的钱×70%" in text
    assert "估算约" not in text


@pytest.mark.parametrize(("receiving", "income"), [
    ([], 900), ([], 12000), (["dibao_bianyuan"], 2500), (["canji_butie"], 2500),
])  # fmt: skip
def test_nobody_outside_the_key_groups_is_promised_seventy_percent(
    chat: Chat, receiving: list[str], income: int
) -> None:
    text = screened(
        chat, {"receiving": receiving, "medical_expense_self": 30000}, monthly_income_total=income
    )
    assert "70" not in text
    assert "我不敢说死" in text
    text = chat.say("看病能帮啥", "out_of_scope_chitchat")
    assert "70" not in text


def test_the_margin_hears_its_own_share_where_one_is_published(chat: Chat) -> None:
    told = {"receiving": ["dibao_bianyuan"], "medical_expense_self": 10000}
    text = screened(chat, told, region="重庆市渝北区", monthly_income_total=2500)
    assert "10000元×70%，一年最多60000元" in text


@pytest.mark.parametrize("asked", ["看病能帮啥", "看病有哪些救助", "我家看病能享受什么政策"])
def test_asking_what_there_is_gets_the_list_and_the_offer_to_look(chat: Chat, asked: str) -> None:
    chat.say(asked, "out_of_scope_chitchat")
    assert [line[2:].split("：")[0] for line in kinds(chat)] == list(KINDS)
    assert "还说不准" in kinds(chat)[0]
    assert chat.responses[-1] == "utter_offer_medical_look"
    chat.press("看看我家")
    assert chat.state.asking == "region"


def test_asked_in_the_middle_the_open_question_comes_back(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    chat.say("看病能帮啥", "nlu_fallback")
    assert "utter_medical_kinds" in chat.responses
    assert chat.responses[-1] == "utter_ask_region"


@pytest.mark.parametrize("said", ["看病要带什么材料", "看病能报多少", "他帮我看病去了，家里没人"])
def test_other_words_about_treatment_are_left_to_what_they_were_taken_for(
    chat: Chat, said: str
) -> None:
    chat.say(said, "ask_materials", program="yiliao")
    assert "utter_medical_kinds" not in chat.responses


def test_every_message_is_short(chat: Chat) -> None:
    screened(chat, {"receiving": ["dibao"], "medical_expense_self": 30000})
    for one in chat.said:
        assert len(words().render(one.response, one.values)) <= 300


NANKAI, ZHONGXIAN = "天津市南开区", "重庆市忠县"
FREE_CARE = ("挂号费", "诊查费", "出诊费")


@pytest.mark.parametrize("asked", ["看病能免什么", "低保户看病能免什么", "看病挂号费免不免"])
@pytest.mark.parametrize("intent", ["out_of_scope_chitchat", "out_of_scope_gov"])
def test_the_concessions_of_nankai_are_listed_with_percentages_and_places(
    chat: Chat, asked: str, intent: str
) -> None:
    chat.say(asked, intent)
    assert chat.state.asking == "region"
    text = chat.say("天津南开的", region=NANKAI)
    assert all(fee in text for fee in FREE_CARE)
    assert "低保、特困的人" in text
    assert "中心门诊和社区卫生服务站" in text
    assert "检查费、治疗费减15%，住院费减10%，药品加价0%" in text
    assert "二〇一一年" in text
    assert "《2011年区委完善扶贫助困整治方案》" in str(chat.said[-1].sources)


def test_the_percentages_come_from_the_table_only(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        replace(p, value=22, low=22, high=22) if p.name == "inpatient_fee_reduction" else p
        for p in default_store().parameters
    ]
    monkeypatch.setattr("actions.turns.parameter_desk.store_in", lambda _: Store.of(rows))
    chat.say("看病能免什么", "ask_other_benefits")
    text = chat.say("天津南开的", region=NANKAI)
    assert "住院费减22%" in text
    assert "10%" not in text


@pytest.mark.parametrize("asked", ["看病能免什么", "白内障手术能减免吗", "免费打疫苗"])
def test_elsewhere_no_table_is_known_and_it_is_said_who_knows(chat: Chat, asked: str) -> None:
    chat.say(asked, "out_of_scope_gov")
    text = chat.say("忠县", region=ZHONGXIAN)
    assert "没有查到" in text
    assert re.search(r"请问(社区卫生服务中心|做手术的医院)", text)
    assert "南开" not in text
    assert "%" not in text
    assert "1000" not in text


@pytest.mark.parametrize("asked", ["看病能免什么", "白内障手术能减免吗", "免费打疫苗"])
def test_elsewhere_in_tianjin_the_district_is_named(chat: Chat, asked: str) -> None:
    chat.say(asked, "out_of_scope_gov")
    assert "天津市里我只查到南开区" in chat.say("天津和平区", region="天津市和平区")


@pytest.mark.parametrize(("asked", "intent"), [
    ("免费打疫苗", "out_of_scope_gov"),
    ("低保户打疫苗免费吗", "ask_other_benefits"),
    ("健康教育免费吗", "out_of_scope_gov"),
    ("传染病免费治吗", "out_of_scope_gov"),
])  # fmt: skip
def test_free_immunisation_and_education_are_found_by_plain_questions(
    chat: Chat, asked: str, intent: str
) -> None:
    chat.say(asked, intent, program="dibao")
    text = chat.say("天津南开的", region=NANKAI)
    assert "免费预防接种、免费健康教育" in text
    assert "甲类传染病的入户等服务也免费" in text
    assert "只用跟医护人员说，在这里不用告诉我" in text


def test_no_disease_reaches_what_is_counted(chat: Chat) -> None:
    chat.say("传染病免费治吗", "ask_other_benefits", disease="传染病")
    chat.say("天津南开的", region=NANKAI)
    assert "传染" not in generate_latest().decode()
    assert records(chat.runtime) == []


@pytest.mark.parametrize(("said", "intent"), [
    ("眼睛看不清做白内障", "inform_facts"),
    ("白内障手术能减免吗", "out_of_scope_gov"),
    ("我眼睛看不清要做白内障，能减吗", "out_of_scope_gov"),
    ("我妈想做白内障手术，能减多少", "start_screening"),
])  # fmt: skip
def test_the_cataract_concession_is_found_from_plain_words(
    chat: Chat, said: str, intent: str
) -> None:
    chat.say(said, intent, disease="白内障")
    text = chat.say("天津南开的", region=NANKAI)
    assert "做白内障手术，每例减1000元" in text
    assert "低保、特困的人" in text


@pytest.mark.parametrize("said", [
    "我妈七十四，一个人守老屋，白内障加风湿，儿子在外头打工，低保给她报上吧",
    "有白内障",
])  # fmt: skip
def test_a_cataract_told_among_other_things_stays_a_fact(chat: Chat, said: str) -> None:
    chat.say(said, "start_screening", program="dibao", disease="白内障")
    assert "utter_ask_region" in chat.responses
    assert "减免" not in chat.text


def test_the_words_of_a_report_are_not_taken_for_a_question(chat: Chat) -> None:
    chat.say("邻居家有困难", "report_for_other", for_relation="邻居")
    assert chat.state.asking == "situation"
    chat.say("眼睛看不清做白内障没钱", "inform_facts", disease="白内障")
    assert chat.state.draft["situation"] == "眼睛看不清做白内障没钱"
