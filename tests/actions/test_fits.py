"""What a declaration is for, where a household's trouble was told and no programme named."""

from __future__ import annotations

from typing import Any

import pytest

from actions.flows import fits
from tests.actions.conftest import Chat, records

POOR: dict[str, Any] = {
    "region": "天津市南开区", "household_size": 1, "monthly_income_total": 0, "hukou": "urban",
    "deposit": 4000, "car": False,
}  # fmt: skip


def _file(chat: Chat) -> dict[str, Any]:
    """To the end of the declaration; the case as filed."""
    for _ in range(8):
        asking = chat.state.asking
        if asking == "consent":
            chat.press("都同意")
        elif asking == "name":
            chat.say("郝玉梅", name="郝玉梅")
        elif asking == "phone":
            chat.say("没有手机", "deny")
        elif asking == "region":
            chat.say("不清楚", unknown=True)
        elif asking == "review":
            break
        else:
            chat.say("不清楚", unknown=True)
    chat.say("提交", "affirm")
    return records(chat.runtime)[0]


def test_who_lost_work_and_has_nothing_reaches_the_desk_for_living(chat: Chat) -> None:
    chat.say("我下岗了，现在一分钱收入都没有", "self_declare", lost_job=True, **POOR)
    case = _file(chat)
    assert case["programmes"] == ["dibao"]
    assert {"xiangzhen", "renshe"} <= case["departments"], "and who finds work, still"


def test_the_card_shows_what_was_added_and_the_need_told(chat: Chat) -> None:
    chat.say("我下岗了，现在一分钱收入都没有", "self_declare", lost_job=True, **POOR)
    chat.press("都同意")
    chat.say("郝玉梅", name="郝玉梅")
    text = chat.say("没有手机", "deny")
    assert "低保、找工作困难" in text
    assert "低保可能符合" in text


def test_what_was_called_by_name_stays_alone(chat: Chat) -> None:
    chat.say("我要申请教育救助", "self_declare", program="jiaoyu", student_stage="大学", **POOR)
    assert _file(chat)["programmes"] == ["jiaoyu"]


def test_above_the_line_nothing_is_added(chat: Chat) -> None:
    told = {**POOR, "monthly_income_total": 5000}
    chat.say("我下岗了", "self_declare", lost_job=True, **told)
    assert "dibao" not in _file(chat)["programmes"]


def test_what_is_received_is_not_declared_for_again(chat: Chat) -> None:
    chat.say(
        "我家吃低保的，今年娃儿考起大学，还能申请点啥子不", "start_screening",
        student_stage="大学", receiving=["dibao"], program="dibao", region="重庆市忠县",
    )  # fmt: skip
    chat.say("要得，登记", "self_declare")
    case = _file(chat)
    assert case["programmes"] == ["jiaoyu"]


@pytest.mark.parametrize("shock", ["other", "job_loss"])
def test_a_sudden_blow_without_a_name_is_what_temporary_aid_is_for(chat: Chat, shock: str) -> None:
    chat.say("帮我报一下", "self_declare", shock=shock, region="福建省宁德市蕉城区")
    assert _file(chat)["programmes"] == ["linshi"]


def test_two_named_together_are_both_declared(chat: Chat) -> None:
    chat.say(
        "我女儿脑瘫一级，护理补贴和低保能不能一起拿", "ask_other_benefits",
        program="canji_butie", disability_level="一级", disability_type="肢体",
    )  # fmt: skip
    chat.say("两个都帮我申请", "self_declare")
    assert set(_file(chat)["programmes"]) == {"canji_butie", "dibao"}


def test_who_is_too_ill_to_work_lives_on_what_the_other_earns(chat: Chat) -> None:
    chat.say("我尿毒症，一礼拜透析三次", "start_screening", disease="尿毒症")
    chat.say("家里两个人，我老婆扫地一个月一千八",
             household_size=2, monthly_income_member=1800)  # fmt: skip
    assert chat.facts["monthly_income_total"] == 1800
    assert "全家一个月收入1800元" in chat.text, "read back, so that it can be put right"


def test_of_three_one_wage_is_not_all(chat: Chat) -> None:
    chat.say("我尿毒症", "start_screening", disease="尿毒症")
    chat.say("家里三个人，老婆一个月一千八", household_size=3, monthly_income_member=1800)
    assert "monthly_income_total" not in chat.facts


def test_living_aid_is_never_doubled() -> None:
    assert {"dibao", "tekun", "dibao_bianyuan"} == fits._LIVING
