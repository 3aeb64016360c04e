"""What trials with invented residents showed to be misread, each settled by a rule."""

from __future__ import annotations

from typing import Any

import pytest

from bot.components.understanding import crisis, danger
from bot.components.understanding.lexicon import default_lexicon
from bot.components.understanding.normalise import normalise

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("今晚吃的都没有", "no_food"),
        ("屋里吃的都没得了", "no_food"),
        ("活着没啥意思", "self_harm"),
        ("活着都没得盼头", "self_harm"),
        ("没钱吃饭", "no_food"),
        ("我老公脑出血在急诊，医院要交三万押金才收", "medical"),
        ("他手里有刀，就在隔壁", "violence"),
    ],
)
def test_danger_in_plain_words(text: str, kind: str) -> None:
    hit = crisis.find_crisis(normalise(text).text)
    assert hit is not None
    assert hit.kind == kind


@pytest.mark.parametrize("text", ["吃的都没问题", "今天饭都没问题", "上班没啥意思"])
def test_what_only_sounds_like_it(text: str) -> None:
    assert crisis.find_crisis(normalise(text).text) is None


def test_days_without_a_word_of_food_are_no_hunger() -> None:
    found = danger.concepts("隔壁张婆婆一个人住,三天没见她出门", default_lexicon())
    assert danger.kind_of(found) != "no_food"


@pytest.mark.parametrize(
    ("text", "asking", "expected"),
    [
        ("我媳妇在饭店刷碗 一个月一千六", "car", {"monthly_income_member": 1600}),
        ("兜里比脸都干净", "deposit", {"deposit": 0}),
        ("没工作 种点菜", None, {"lost_job": None}),
        ("没工作了", None, {"lost_job": True}),
        ("有医保", "critical_illness_insured", {"critical_illness_insured": None}),
        ("报过大病保险", "critical_illness_insured", {"critical_illness_insured": True}),
        ("不是我爸 是我妈", None, {"for_relation": None}),
        ("不清楚", "critical_illness_insured", {"critical_illness_insured": None}),
        (
            "老人有两个慢性病一年药费一万二",
            None,
            {"medical_expense": 12000, "annual_income_total": None},
        ),
        ("我哋屋企得两个人", None, {"household_size": 2}),
        ("他八十一", "disability_level", {"disability_level": None}),
        ("户口在乌兰浩特，现在住天津南开区", None, {"region": "天津市南开区"}),
    ],
)
def test_facts_of_a_reply(text: str, asking: str | None, expected: dict[str, Any]) -> None:
    found = facts(text, asking)
    assert {key: found.get(key) for key in expected} == expected


def test_school_fees_that_cannot_be_paid_are_our_business() -> None:
    heard = understood("考上大学了学费交不起咋办", "out_of_scope_gov", confidence=0.5)
    assert heard.label == "start_screening"


@pytest.mark.parametrize(
    ("text", "label", "confidence", "expected"),
    [
        ("送外卖摔断了锁骨 平台不管", "out_of_scope_gov", 0.4, "inform_facts"),
        ("啊", "nlu_fallback", 0.6, "nlu_fallback"),
    ],
)
def test_labels(text: str, label: str, confidence: float, expected: str) -> None:
    assert understood(text, label, confidence=confidence).label.startswith(expected)


def test_the_name_alone_is_no_grant_held() -> None:
    assert "receiving" not in understood("低保", "inform_facts", confidence=0.9).facts
    assert understood("我是低保户", "inform_facts", confidence=0.9).facts["receiving"] == ["dibao"]


def test_a_yes_to_something_else_is_no_yes() -> None:
    heard = understood("有医保", "affirm", "critical_illness_insured", confidence=0.7)
    assert heard.label == "inform_facts"


def test_two_people_are_no_call_for_a_person() -> None:
    assert crisis.wants_person(normalise("2 个 人").text) is None
    assert crisis.wants_person(normalise("找个人").text) is not None


@pytest.mark.parametrize(
    "text",
    ["一个人拖累全家", "老婆没了我也走了", "这几天睡网吧", "不交钱就停药，今天最后一天"],
)
def test_a_single_dark_word_gets_no_comfort_for_the_dying(text: str) -> None:
    assert danger.kind_of(danger.concepts(text, default_lexicon())) != "self_harm"


@pytest.mark.parametrize(
    ("text", "asking", "key"),
    [
        ("我那个手是残的，证是三级", "household_size", "household_size"),
        ("老伴也有病，二级", "num_children", "num_children"),
        ("不是六十八，虚岁，实岁六十七", "monthly_income_total", "monthly_income_total"),
        ("低保要查存款不", "critical_illness_insured", "critical_illness_insured"),
        ("残疾人有没有补贴不", "employed", "employed"),
        ("家里五个人", "age", "age"),
        ("五十多岁", "num_children", "num_children"),
    ],
)
def test_what_answers_something_else_is_no_answer(text: str, asking: str, key: str) -> None:
    assert key not in understood(text, "inform_facts", asking, confidence=0.6).facts


@pytest.mark.parametrize("text", ["都不", "我也不", "没得不晓得", "还没有"])
def test_a_plain_no_stays_one(text: str) -> None:
    facts = understood(text, "deny", "employed", confidence=0.8).facts
    assert facts.get("employed") is not True
    assert understood("都不", "deny", "employed", confidence=0.8).facts["employed"] is False


@pytest.mark.parametrize(
    "text",
    ["房子漏雨要塌了 咋个办", "我家房子裂缝好大 政府管不管", "老屋裂缝 能不能帮忙修"],
)
def test_an_unsafe_home_of_one_s_own_is_no_other_office_s_business(text: str) -> None:
    heard = understood(text, "out_of_scope_gov", confidence=0.9)
    assert heard.label == "start_screening"
    assert heard.facts["housing"] == "危房"


@pytest.mark.parametrize("text", ["租的房子漏水要塌了房东不修找谁", "学校的房子要塌了归谁管"])
def test_somebody_else_s_roof_stays_theirs(text: str) -> None:
    assert understood(text, "out_of_scope_gov", confidence=0.9).label == "out_of_scope_gov"


def test_an_unpaid_rent_and_three_months_without_work_are_no_waiting() -> None:
    assert "waiting_months" not in facts("房租交不起了 失业三个月")
    assert facts("交上去三个月了没消息")["waiting_months"] == 3


def test_a_father_who_does_not_care_is_not_missing() -> None:
    assert "father_state" not in facts("孩子跟妈妈过，他爸不管")


@pytest.mark.parametrize(("text", "effect"), [("房子要塌了", None), ("房子塌了一半", "collapsed")])
def test_what_may_fall_has_not_fallen(text: str, effect: str | None) -> None:
    assert facts(text).get("disaster_effect") == effect
