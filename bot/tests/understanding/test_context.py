"""Inside a form the open question decides what a reply means."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "asking", "value"),
    [
        ("三个", "household_size", 3),
        ("三口", "household_size", 3),
        ("就我一个", "household_size", 1),
        ("五个人", "household_size", 5),
        ("我，老婆，两个娃", "household_size", 4),
        ("两个", "num_children", 2),
        ("没有", "num_children", 0),
        ("仨", "num_children", 3),
        ("七十二", "age", 72),
        ("我六十八", "age", 68),
        ("五二年的", "age", 73),
        ("有", "car", True),
        ("没得", "car", False),
        ("冇", "car", False),
        ("没有车", "car", False),
        ("是的", "living_alone", True),
        ("不是", "living_alone", False),
        ("有啊", "lost_job", True),
        ("两千", "monthly_income_total", 2000),
        ("两千", "deposit", 2000),
        ("没有", "debt", 0),
        ("八百来块", "pension_monthly", 800),
        ("一分没有", "deposit", 0),
        ("一年一万二", "monthly_income_total", 1000),
        ("六万多", "medical_expense", 60000),
        ("三万二", "medical_expense_self", 32000),
        ("五六百", "monthly_income_total", {"low": 500, "high": 600}),
        ("不到一千", "monthly_income_total", {"low": None, "high": 1000}),
        ("刘长贵", "name", "刘长贵"),
        ("13800138000", "phone", "13800138000"),
        ("拔山", "region", "重庆市忠县拔山镇"),
        ("城里", "hukou", "urban"),
        ("农村的", "hukou", "rural"),
        ("外地的", "hukou", "nonlocal"),
        ("租的", "housing", "租房"),
        ("公家的", "housing", "公租房"),
        ("自己修的", "housing", "自建房"),
        ("没有房子", "housing", "无房"),
        ("离了", "marital", "离异"),
        ("不能，要人照顾", "self_care", "不能自理"),
        ("能", "self_care", "能自理"),
        ("二级", "disability_level", "二级"),
        ("腿不行", "disability_type", "肢体"),
        ("高二", "student_stage", "高中"),
        ("没有残疾", "disability_level", "无"),
        ("啥都没领过", "receiving", []),
        ("身体都好", "disease", "无"),
        ("半年了", "waiting_months", 6),
        ("三个月", "waiting_months", 3),
        ("不是三千，是两千八", "monthly_income_total", 2800),
        ("三级改成一级", "disability_level", "一级"),
    ],
)
def test_reply_answers_the_open_question(text: str, asking: str, value: Any) -> None:
    assert facts(text, asking)[asking] == value


@pytest.mark.parametrize(("text", "asking"), [("WZ123456789012", "receipt"), ("⟦ID:90bc⟧", "id")])
def test_contract_names_of_questions_are_understood(text: str, asking: str) -> None:
    assert understood(text, "out_of_scope_chitchat", asking).label == "inform_facts"


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("一天八十", "monthly_income_total"),
        ("三个娃", "household_size"),
        ("好吃", "car"),
        ("月入1800", "medical_expense"),
        ("嗯嗯", "region"),
        ("1380013800", "phone"),
        ("药钱一个月要四百多", "age"),
        ("我一个月130块养老钱 他也是", "household_size"),
        ("我家昨天着火了 房子烧没了", "death_in_family"),
        ("没有残疾", "monthly_income_total"),
        ("没有病", "monthly_income_total"),
        ("没残疾", "car"),
        ("没有存款", "debt"),
    ],
)
def test_reply_to_something_else_is_no_answer(text: str, asking: str) -> None:
    assert asking not in facts(text, asking)


@pytest.mark.parametrize(
    "text",
    [
        "不清楚",
        "不晓得",
        "不知道",
        "记不得了",
        "记不清",
        "说不好",
        "我也不太清楚",
        "忘了",
        "唔知",
        "没算过",
    ],
)
@pytest.mark.parametrize("label", ["deny", "out_of_scope_chitchat"])
def test_not_knowing_is_an_answer(text: str, label: str) -> None:
    result = understood(text, label, "monthly_income_total")
    assert result.label == "inform_facts"
    assert {"entity": "unknown", "value": True}.items() <= result.entities[0].items()


@pytest.mark.parametrize(
    ("text", "label"),
    [("不知道怎么申请", "ask_how_to_apply"), ("不清楚要带什么材料", "ask_materials")],
)
def test_not_knowing_how_is_a_question(text: str, label: str) -> None:
    assert understood(text, "ask_how_to_apply", "age").label == label


@pytest.mark.parametrize(
    "text", ["对", "好", "要得", "中", "行", "嗯", "可以", "系", "同意", "好的提交", "没错"]
)
@pytest.mark.parametrize("asking", ["confirm", "consent"])
def test_agreement_in_many_tongues(text: str, asking: str) -> None:
    assert understood(text, "out_of_scope_chitchat", asking).label == "affirm"


@pytest.mark.parametrize(
    "text", ["不", "莫", "算了", "不要", "唔系", "不对", "先不", "否", "不同意", "没有"]
)
@pytest.mark.parametrize("asking", ["confirm", "offer"])
def test_refusal_in_many_tongues(text: str, asking: str) -> None:
    assert understood(text, "out_of_scope_chitchat", asking).label == "deny"


@pytest.mark.parametrize(
    ("text", "asking", "label"), [("没了", "done", "affirm"), ("没了", "offer", "deny")]
)
def test_nothing_more_depends_on_the_question(text: str, asking: str, label: str) -> None:
    assert understood(text, "goodbye", asking).label == label


@pytest.mark.parametrize("label", ["out_of_scope_gov", "start_screening", "update_case", "deny"])
def test_answer_wins_over_the_classifier(label: str) -> None:
    result = understood("四口人", label, "household_size")
    assert (result.label, result.facts) == ("inform_facts", {"household_size": 4})


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("低保一个月多少钱？", "ask_amount_standard"),
        ("这个要带什么材料", "ask_materials"),
        ("你是真人还是机器人？", "bot_identity"),
        ("我要查一下去年交的申请到哪一步了", "check_status"),
    ],
)
def test_question_or_deed_stays_what_it_is(text: str, label: str) -> None:
    assert understood(text, label, "household_size", 0.9).label == label


@pytest.mark.parametrize("text", ["1380013800", "13x00138000", "⟦NUM:12de⟧"])
def test_mistyped_number_is_asked_again(text: str) -> None:
    result = understood(text, "out_of_scope_chitchat", "phone")
    assert (result.label, result.facts) == ("inform_facts", {"unclear_number": text})


def test_danger_and_the_call_for_a_person_come_before_the_form() -> None:
    assert understood("我不想活了", "inform_facts", "age").label == "crisis_emergency"
    assert understood("转人工", "inform_facts", "age").label == "human_handoff"


@pytest.mark.parametrize(
    "text",
    [
        "不对，是两千",
        "写错了，是5个",
        "等等写错了是5个",
        "说错了，是四口",
        "更正一下，月入1800",
        "改成三级",
        "哦看错了，13800138000",
        "不是三千，是两千",
    ],
)
def test_correction_is_marked(text: str) -> None:
    entities = understood(text, "inform_facts", "monthly_income_total").entities
    assert any(e["entity"] == "correction" and e["value"] is True for e in entities)


@pytest.mark.parametrize("text", ["我家三口人", "一个月两千"])
def test_plain_statement_is_no_correction(text: str) -> None:
    entities = understood(text, "inform_facts", "household_size").entities
    assert all(e["entity"] != "correction" for e in entities)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("不是我，是我爸", "父亲"),
        ("替我爸问低保", "父亲"),
        ("帮我老公申请", "丈夫"),
        ("我姑妈的情况想反映", "姑妈"),
        ("给我儿子办", "儿子"),
        ("我自己要办", None),
    ],
)
def test_for_whom(text: str, relation: str | None) -> None:
    assert understood(text, "self_declare").facts.get("for_relation") == relation


def test_only_symbols_are_small_talk() -> None:
    assert understood("？？？", "ask_privacy").label == "out_of_scope_chitchat"
    assert understood("asdfjkl", "ask_privacy").label == "out_of_scope_chitchat"
