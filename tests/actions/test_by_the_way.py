"""What is asked or told by the way: a name not given, office hours, a loan, no telephone."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat

ZHONGXIAN = "重庆市忠县"


@pytest.mark.parametrize(
    "text",
    ["不说名字行不行", "可以匿名吗", "能不能不留姓名", "是不是一定要实名认证", "不留真名可以办不"],
)
@pytest.mark.parametrize("intent", ["deny", "ask_privacy", "nlu_fallback"])
def test_whether_a_name_is_needed_has_its_own_answer(chat: Chat, text: str, intent: str) -> None:
    said = chat.say(text, intent)
    assert "不用说名字" in said
    assert "以后有事" not in said


@pytest.mark.parametrize(
    "text",
    [
        "你们周末上班吗",
        "国庆节能去办不",
        "忠县镇上几点开门",
        "星期六有人吗",
        "民政办上班时间是几点",
        "过年你们休息不",
    ],
)
def test_office_hours_have_their_own_answer(chat: Chat, text: str) -> None:
    said = chat.say(text, "out_of_scope_gov")
    assert "工作日上班" in said
    assert "12345" in said


@pytest.mark.parametrize("text", ["我老公周末上班", "我在超市上班晚上十点下班", "过年没饭吃"])
def test_who_works_at_weekends_asks_for_no_hours(chat: Chat, text: str) -> None:
    assert "工作日上班" not in chat.say(text, "inform_facts", lost_job=False)


def test_the_open_question_comes_again_after_it(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    said = chat.say("不说名字行不行", "deny")
    assert "不用说名字" in said
    assert chat.state.asking == "name"


@pytest.mark.parametrize(
    "text",
    [
        "我是大学生 我爸生病没法干活 我那个助学贷款能不能缓还啊",
        "我爸下岗了，我的贷款可以晚点还吗",
        "助学贷款还不上了咋办",
    ],
)
@pytest.mark.parametrize("intent", ["report_for_other", "start_screening", "ask_payment_problem"])
def test_a_student_who_cannot_pay_back_yet_is_told_whom_to_ask(
    chat: Chat, text: str, intent: str
) -> None:
    said = chat.say(text, intent, for_relation="父亲")
    assert "资助中心" in said
    assert chat.state.draft == {}


def test_no_telephone_is_heard_wherever_it_is_said(chat: Chat) -> None:
    chat.say("隔壁李婆婆一个人过没人管", "report_for_other", for_relation="邻居")
    chat.say("忠县乌杨街道", region="重庆市忠县乌杨街道")
    assert chat.state.asking == "whereabouts"
    said = chat.say("电话没得", "deny")
    assert "不留电话也能办" in said
    assert chat.state.asking == "whereabouts"
    chat.say("村头第一家")
    assert chat.state.asking == "review"
    assert chat.state.draft["whereabouts"] == "村头第一家"


def test_he_has_no_telephone_is_told_of_him(chat: Chat) -> None:
    chat.say("隔壁李婆婆一个人过没人管", "report_for_other", for_relation="邻居")
    chat.say("忠县乌杨街道", region="重庆市忠县乌杨街道")
    chat.say("他没得电话，住村头第一家")
    assert chat.state.asking == "phone"
