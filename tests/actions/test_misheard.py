"""What the language model takes for a farewell, a call or a withdrawal, and the words exclude."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.conftest import Chat

ZHONGXIAN = "重庆市忠县"


def _offered(chat: Chat) -> None:
    chat.say("家里被水淹了", "start_screening", program="shouzai", disaster="洪水")
    chat.say("忠县", region=ZHONGXIAN)
    chat.say("冰箱都坏了", disaster_effect="damaged")
    assert chat.state.asking == "offer_declare"


@pytest.mark.parametrize("text", ["别家都拿到了 就我们没有", "人家都领了，就我家没得"])
def test_what_others_have_refuses_no_offer(chat: Chat, text: str) -> None:
    _offered(chat)
    said = chat.say(text, "deny", confidence=0.6)
    assert "记下了" in said
    assert chat.state.asking == "offer_declare"


@pytest.mark.parametrize("text", ["不用了", "算了，先不报", "没有"])
def test_a_no_refuses_it(chat: Chat, text: str) -> None:
    _offered(chat)
    chat.say(text, "deny")
    assert chat.state.asking != "offer_declare"


@pytest.mark.parametrize("text", ["七月份的事", "洗衣机电视也泡坏了"])
def test_what_is_told_at_the_offer_is_kept(chat: Chat, text: str) -> None:
    _offered(chat)
    said = chat.say(text, confidence=0.8)
    assert "没听明白" not in said
    assert text in [one["text"] for one in chat.state.story]


def test_a_relatives_age_at_the_offer_is_kept(chat: Chat) -> None:
    _offered(chat)
    assert "没听明白" not in chat.say("爷爷七十六", confidence=0.9)


@pytest.mark.parametrize("text", ["那先办哪个呢", "那我先办哪样", "去哪里问啊"])
def test_a_question_is_no_farewell(chat: Chat, text: str) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    assert "您先忙" not in chat.say(text, "goodbye", confidence=0.5)


@pytest.mark.parametrize(
    ("text", "programme"), [("能找个活儿干吗", "就业"), ("请个人替我两天行不行", "照料")]
)
def test_who_wants_work_or_relief_calls_nobody(chat: Chat, text: str, programme: str) -> None:
    said = chat.say(text, "human_handoff")
    assert "已经请" not in said
    assert programme in said


@pytest.mark.parametrize("text", ["找个人来", "找个工作人员跟我说"])
def test_who_wants_somebody_calls(chat: Chat, text: str) -> None:
    assert "已经请" in chat.say(text, "human_handoff")


def test_a_child_looked_after_by_kin_is_screened(chat: Chat) -> None:
    told = {"parents_status": "父服刑母失联", "age": 13, "crisis_kind": "child"}
    said = chat.say(
        "爷爷一个人照顾我 爸爸坐牢妈妈不见了 我十三岁",
        "crisis_emergency",
        program="gu_er_ertong",
        **told,
    )
    assert "110" not in said
    assert "gu_er_ertong" in chat.state.programmes


@pytest.mark.parametrize(
    "text",
    ["爷爷照顾我 爸爸坐牢 他老打我", "跟奶奶过 爸爸坐牢 饿了两天了", "爸爸坐牢妈妈不见了 没大人"],
)
def test_a_child_in_danger_is_not(chat: Chat, text: str) -> None:
    told = {"father_state": "confined", "crisis_kind": "child", "age": 13}
    assert "110" in chat.say(text, "crisis_emergency", **told)


def test_how_long_it_has_been_stopped_withdraws_nothing(chat: Chat) -> None:
    said = chat.say("取消了两个月了", "withdraw_case", confidence=0.4)
    assert "回执号" not in said


def test_whether_he_can_apply_alone_withdraws_nothing(chat: Chat) -> None:
    said = chat.say("那他自己能单独申请不", "withdraw_case", confidence=0.5)
    assert "单人保" in said


def test_an_open_withdrawal_can_be_left(chat: Chat) -> None:
    chat.say("我撤了那个申请行不行", "withdraw_case")
    chat.say("没有回执号", "deny")
    said = chat.say("那算了不撤了", "withdraw_case")
    assert "没有撤" in said
    assert chat.state.flow == []


def test_no_coal_is_no_disaster(chat: Chat) -> None:
    chat.say("冷得很 炉子没煤烧了", heating_difficult=True, confidence=0.7)
    assert chat.state.programmes[-1] == "qunuan"


def test_a_herd_lost_in_the_snow_is_a_disaster_and_no_student_loan(chat: Chat) -> None:
    said = chat.say("今年雪太大羊死了六十多只 贷款还不上了", "nlu_fallback", confidence=0.1)
    assert "助学贷款" not in said
    assert chat.state.programmes[-1] == "shouzai"


def test_treatment_stopped_for_debt_is_urgent(chat: Chat) -> None:
    said = chat.say("医生喊我妈出院 说欠费三万二 不交就停药", debt=32000)
    assert "按急事报上去" in said


def test_no_disability_needs_no_kind(chat: Chat) -> None:
    chat.say("我想申请残疾补贴", "self_declare", program="canji_butie")
    chat.press("都同意")
    chat.say("没有残疾", disability_level="无")
    assert chat.state.asking != "disability_type"


def test_the_family_told_of_is_no_other_offices_matter(chat: Chat) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say("忠县", region=ZHONGXIAN)
    said = chat.say("闺女出嫁了 孩子上学房贷的 指望不上", "out_of_scope_gov", confidence=0.9)
    assert "教育局" not in said
    assert "记下了" in said


def test_a_cost_is_no_place(chat: Chat) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    assert chat.state.asking == "region"
    assert "没对上" not in chat.say("前后已经花了四十多万块", confidence=0.9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("你们能帮我什么", "医疗救助"),
        ("你先说你们管不管生病", "医保"),
        ("孩子这种算孤儿吗", "父母"),
        ("赔偿款算收入吗", "财产"),
        ("听说有基金会帮着治 是真的吗", "红十字会"),
        ("有公益岗没有", "公益性岗位"),
        ("有没有地方可以住一阵", "救助管理站"),
        ("你们会不会跟他讲是我说的", "保密"),
        ("不敢说名字", "不用说名字"),
        ("说我有车 把我的低保取消了", "要告诉您"),
        ("村长说我们够五保 是不是真的哦", "劳动能力"),
    ],
)
@pytest.mark.parametrize("intent", ["inform_facts", "nlu_fallback"])
def test_a_plain_question_is_answered(chat: Chat, text: str, words: str, intent: str) -> None:
    told: dict[str, Any] = {"program": "tekun"} if "五保" in text else {}
    assert words in chat.say(text, intent, confidence=0.4, **told)
