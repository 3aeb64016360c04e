"""押金交不起: explained, nothing promised, offered as an urgent lead."""

from __future__ import annotations

import re

import pytest

from tests.actions.conftest import Chat, records

FENGZE, ZHONGXIAN = "福建省泉州市丰泽区", "重庆市忠县"
PROMISE = re.compile(
    r"(?<!能不能先)(?<!入院可以)不(?:用|需|必)?(?:先)?交押金|免押金|一定|保证|肯定"
)


@pytest.mark.parametrize(("said", "intent"), [
    ("住院押金交不起", "inform_facts"),
    ("住院押金交不起怎么办", "out_of_scope_gov"),
    ("医院让先交押金，没钱", "inform_facts"),
    ("我爸要住院，交不起押金，能先治病后交钱吗", "start_screening"),
    ("交不起住院押金怎么办", "ask_how_to_apply"),
])  # fmt: skip
def test_it_is_explained_and_offered_as_urgent(chat: Chat, said: str, intent: str) -> None:
    text = chat.say(said, intent, program="yiliao")
    assert "先救命" in text
    assert "先看病后付费" in text
    assert "现在按急事报上去" in text
    assert not PROMISE.search(text)
    assert chat.state.asking == "offer_declare"


def file_it(chat: Chat, region: str) -> dict[str, object]:
    chat.press("现在报上去")
    chat.press("都同意")
    chat.say("王桂兰", name="王桂兰")
    chat.say("没有", "deny")
    chat.say("就这里", region=region)
    text = chat.text
    chat.press("提交")
    return {**records(chat.runtime)[0], "text": text}


def test_the_lead_is_urgent_and_goes_to_those_who_decide(chat: Chat) -> None:
    chat.say("住院押金交不起", "inform_facts", program="yiliao")
    case = file_it(chat, ZHONGXIAN)
    assert case["urgency"] == "urgent"
    assert "emergency_treatment" in case["needs"]
    assert {"yibao", "weijian", "xiangzhen"} <= set(case["departments"])
    assert "回执号WZ" in chat.text


def test_where_a_source_says_so_paying_later_is_named_without_a_promise(chat: Chat) -> None:
    chat.say("住院押金交不起", "inform_facts", program="yiliao")
    text = str(file_it(chat, FENGZE)["text"])
    assert "福建有的地方，够条件的" in text
    assert "由医院和当地医保局定" in text
    assert not PROMISE.search(text)


def test_where_none_says_so_it_is_said_who_decides(chat: Chat) -> None:
    chat.say("住院押金交不起", "inform_facts", program="yiliao")
    text = str(file_it(chat, ZHONGXIAN)["text"])
    assert "我没有查到。由医院和当地医保局定" in text
    assert "福建" not in text
    assert not PROMISE.search(text)


def test_a_known_place_is_looked_up_at_once(chat: Chat) -> None:
    text = chat.say("丰泽这边住院押金交不起", "inform_facts", program="yiliao", region=FENGZE)
    assert "福建有的地方，够条件的" in text
    source = [one for said in chat.said for one in said.sources]
    assert any("福建" in one["title"] for one in source)


def test_who_asks_to_declare_hears_it_before_the_consents(chat: Chat) -> None:
    chat.say("我妈住院了，押金交不起", "self_declare", program="yiliao", region=ZHONGXIAN)
    assert chat.responses.count("utter_answer") == 2
    assert chat.responses[-1] == "utter_consent"


def test_the_place_of_the_hospital_leaves_the_urgent_offer_open(chat: Chat) -> None:
    chat.say("我妈住院押金交不起", "inform_facts", program="yiliao")
    text = chat.say("忠县", "inform_facts", region=ZHONGXIAN)
    assert "我没有查到。由医院和当地医保局定" in text
    assert "要现在申报吗" in text
    assert chat.state.asking == "offer_declare"


def test_it_is_explained_once(chat: Chat) -> None:
    chat.say("住院押金交不起", "inform_facts", program="yiliao", region=ZHONGXIAN)
    text = chat.say("交不起啊，押金真的交不起", "inform_facts")
    assert "先救命" not in text
    assert chat.state.asking == "offer_declare"


def test_in_the_middle_of_a_screening_it_goes_first(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    chat.say("住院押金交不起", "inform_facts")
    assert chat.responses[-1] == "utter_offer_declare_urgent"


def test_in_a_declaration_it_makes_it_urgent_and_the_questions_go_on(chat: Chat) -> None:
    chat.say("我要申请医疗救助", "self_declare", program="yiliao")
    chat.press("都同意")
    chat.say("住院押金交不起", "out_of_scope_gov")
    assert chat.state.cannot_pay
    assert chat.state.asking == "name"
    assert "utter_offer_declare_urgent" not in chat.responses


def test_danger_stays_danger(chat: Chat) -> None:
    chat.say("人快不行了，没钱住院", "crisis_emergency", crisis_kind="medical")
    assert "utter_crisis_medical" in chat.responses
