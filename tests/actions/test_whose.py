"""For whom somebody speaks, what is taken back, and which danger it is."""

from __future__ import annotations

from typing import Any

import pytest

from actions import danger_kinds
from foundation.runtime import Runtime
from tests.actions.conftest import Chat, records

SHIBAO = "重庆市忠县石宝镇"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("叔叔阿姨好，我上高二，我爸一个人打零工供我", {"for_relation": "叔叔"}),
        ("邻居介绍来的，我尿毒症，一周透析三次", {"for_relation": "邻居"}),
        ("我怀孕六个月，男朋友跑了", {"for_relation": "朋友"}),
        (
            "我哥嫂都没了，留下个八岁的侄女跟我过",
            {"for_relation": "哥哥", "program": "gu_er_ertong"},
        ),
    ],
)
def test_ones_own_trouble_is_no_report(chat: Chat, text: str, told: dict[str, Any]) -> None:
    said = chat.say(text, "report_for_other", **told)
    assert "谢谢您替别人说" not in said
    assert chat.facts.get("for_relation") is None


def test_for_the_mother_in_law_it_is_looked_at(chat: Chat) -> None:
    text = "我婆婆中风偏瘫，有残疾证，替她问问护理补贴"
    said = chat.say(text, "report_for_other", for_relation="婆婆", program="canji_butie")
    assert "谢谢您替别人说" not in said
    assert chat.facts["for_relation"] == "婆婆"


def test_after_a_screening_for_him_is_no_report(chat: Chat) -> None:
    chat.say("我哥是聋哑人，二级", disability_level="二级")
    chat.say("忠县", region="重庆市忠县")
    said = chat.say("帮他申请", "report_for_other")
    assert "同意" in said
    assert chat.facts["disability_level"] == "二级"


@pytest.mark.parametrize(
    "text",
    [
        "我想帮我同学问，她没有爸爸妈妈",
        "我是网格员，辖区一户男的摔断腿",
        "楼下老人没人管，帮他报一下",
    ],
)
def test_anothers_trouble_stays_a_report(chat: Chat, text: str) -> None:
    assert "谢谢您替别人说" in chat.say(text, "report_for_other")


def test_the_friend_was_the_speaker(chat: Chat) -> None:
    chat.say(
        "我有个朋友，厂子黄了，房租欠了四个月，房东要撵人", "report_for_other", for_relation="朋友"
    )
    said = chat.say("其实就是我自己")
    assert "按您自己家来登记" in said
    assert chat.state.asking == "consent"
    assert "for_relation" not in chat.facts


def test_whose_name_is_whose(chat: Chat, runtime: Runtime) -> None:
    text = "我是拔山镇五一村村支书，村里有个老人瘫在床上没人照顾，需要你们派人看看"
    chat.say(text, "report_for_other", for_relation="邻居", region="重庆市忠县拔山镇")
    chat.say("五一村七组")
    chat.say("老人叫袁吉祥，七组", name="袁吉祥")
    said = chat.say("我姓陶，陶德明，13900013003", name="陶德明")
    assert "袁吉祥" in said
    chat.say("提交", "affirm")
    [case] = records(runtime)
    assert case["facts"]["name"] == "陶德明"
    assert "袁吉祥" in case["facts"]["whereabouts"]


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("我是网格员，发现辖区一户，男的摔断腿，两个娃读小学，断了收入", "居民"),
        ("我是小学老师，班上一个学生爸爸坐牢，不来上课了在家放羊", "学生"),
    ],
)
def test_an_office_reports_no_kin_of_its_own(chat: Chat, text: str, whom: str) -> None:
    chat.say(text, "report_for_other")
    assert chat.facts["for_relation"] == whom


def drafted(chat: Chat) -> str:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    chat.say("我叫龙德才", name="龙德才")
    chat.say("13900020704")
    return chat.say("忠县石宝镇", region=SHIBAO)


@pytest.mark.parametrize("text", ["等等，先不交了", "算了先不报了", "我再跟家里商量一下"])
def test_not_yet_leaves_the_card(chat: Chat, text: str) -> None:
    drafted(chat)
    chat.say(text, "deny")
    assert chat.responses[0] == "utter_draft_kept"
    assert chat.cases() == []


def test_at_the_card_another_number_is_taken(chat: Chat) -> None:
    drafted(chat)
    said = chat.say("换成我女儿的，13900020714", "update_case", program="dibao")
    assert "139****0714" in said
    chat.say("要得，交", "affirm")
    assert len(chat.cases()) == 1


def test_at_the_card_another_programme_is_taken(chat: Chat, runtime: Runtime) -> None:
    drafted(chat)
    chat.say("改一下，我要办的是临时救助，不是低保", "update_case", program="linshi")
    chat.say("对，提交", "affirm")
    assert records(runtime)[0]["programmes"] == ["linshi"]


def test_consent_is_taken_back_anywhere(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    said = chat.say("不同意，凭啥查我", "deny")
    assert "我不登记" in said
    assert chat.state.draft == {}
    assert chat.state.consent == {}


def test_do_not_withdraw_is_no_withdrawal(chat: Chat) -> None:
    drafted(chat)
    chat.say("提交", "affirm")
    chat.say("撤掉我刚才那个申请", "withdraw_case")
    said = chat.say("别别别，不撤了，点错了", "withdraw_case")
    assert "没有撤" in said
    assert chat.cases()[0].can_withdraw


def test_a_place_told_late_brings_the_call_to_its_office(chat: Chat, runtime: Runtime) -> None:
    chat.say("找个人", "human_handoff")
    said = chat.say("忠县洋渡镇", region="重庆市忠县洋渡镇")
    assert "几口人" not in said
    assert records(runtime)[0]["region"].startswith("500233")


@pytest.mark.parametrize(
    ("heard", "text", "age", "kind"),
    [
        ("suicide", "我妈刚才喝了半瓶敌敌畏", None, "medical"),
        ("suicide", "娃儿把纽扣电池吞了", None, "medical"),
        ("suicide", "我喝了农药", None, "suicide"),
        ("suicide", "家里只有我和弟弟，没有大人", 10, "abandoned"),
        ("child_abuse", "我一个人在家，妈妈昨天出去没回来", 8, "abandoned"),
        ("child_abuse", "儿子拿板凳打我", 76, "violence"),
        ("violence", "楼上又在打孩子", None, "child_abuse"),
        ("violence", "老公拿刀打我", None, "violence"),
        ("medical", "救命，老板把我们关在工地不让走", None, "violence"),
        ("medical", "他昏过去了", None, "medical"),
        ("other", "台风把屋顶掀了", None, "disaster"),
        ("no_shelter", "雪封了路，煤烧完了", None, "disaster"),
        ("no_shelter", "没地方住", None, "no_shelter"),
    ],
)
def test_which_danger_it_is(heard: str, text: str, age: int | None, kind: str) -> None:
    assert danger_kinds.refined(heard, text, age) == kind


def test_who_poisoned_another_is_told_of_the_doctor(chat: Chat) -> None:
    said = chat.say("我妈刚才喝了农药", "crisis_emergency", crisis_kind="self_harm")
    assert "马上打120" in chat.text.split("\n")[0]
    assert "让他陪着您" not in said


def test_the_place_is_asked_once_more_another_way(chat: Chat) -> None:
    chat.say("老公打我，我躲在外面", "crisis_emergency", crisis_kind="violence")
    assert "门牌" in chat.say("不知道", unknown=True)
    assert chat.state.asking == "region"
    chat.say("不知道", unknown=True)
    assert chat.state.asking is None


def test_a_house_number_is_no_despair(chat: Chat) -> None:
    chat.say("楼上在打孩子，叫得惨", "crisis_emergency", crisis_kind="violence")
    said = chat.say("6号楼402，我不敢去敲门", "crisis_emergency", crisis_kind="other")
    assert "12356" not in said


def test_help_has_come(chat: Chat) -> None:
    chat.say("我老公倒地上口吐白沫", "crisis_emergency", crisis_kind="medical")
    chat.say("金阳县", region="四川省凉山彝族自治州金阳县")
    said = chat.say("120来了，人送走了", "crisis_emergency", crisis_kind="self_harm")
    assert "12356" not in said
    assert "household_size" not in chat.facts


def test_a_deposit_in_hospital_sends_nobody_to_hospital(chat: Chat) -> None:
    text = "娃儿住院，医院喊今晚交五千押金，不交就停药"
    said = chat.say(text, "crisis_emergency", crisis_kind="medical")
    assert "押金" in said
    assert "没钱也先送医院" not in said


def test_a_village_in_need_goes_to_those_on_duty(chat: Chat, runtime: Runtime) -> None:
    text = "我是村干部，河水涨得凶，已经转移二十几户，需要棉被和吃的"
    chat.say(text, "report_for_other", disaster="洪水", region="重庆市彭水苗族土家族自治县")
    assert records(runtime)[0]["urgency"] == "emergency"


def test_no_call_is_not_a_call_for_somebody(chat: Chat) -> None:
    chat.say("他在隔壁，有刀", "crisis_emergency", crisis_kind="violence")
    said = chat.say("别打电话过来", "human_handoff")
    assert "会联系您" not in said


def test_more_about_the_neighbour_goes_to_the_report(chat: Chat, runtime: Runtime) -> None:
    chat.say("帮村头王婆婆报一下，八十多了一个人", "report_for_other", for_relation="邻居")
    chat.say("忠县石宝镇", region=SHIBAO)
    chat.say("二组")
    chat.say("匿名", "ask_privacy")
    chat.say("提交", "affirm")
    said = chat.say(
        "还有，她房子墙开了好大的裂缝", "crisis_emergency", crisis_kind="disaster", housing="危房"
    )
    assert "119" not in said
    assert len(records(runtime)) == 1
    assert "housing" not in chat.facts, "it is the neighbour's house"


def test_a_scolding_is_heard_and_a_person_is_near(chat: Chat) -> None:
    said = chat.say("你就是个废物机器人", "out_of_scope_chitchat")
    assert "找工作人员" in said
    assert "没听明白" not in said


def test_a_sisters_age_is_not_the_speakers(chat: Chat) -> None:
    chat.say("我是10岁的女生，家里没有大人", "crisis_emergency", crisis_kind="child", age=10)
    chat.say("弟弟5岁", age=5)
    assert chat.facts["age"] == 10


def test_a_name_is_put_right_by_its_characters(chat: Chat) -> None:
    drafted(chat)
    said = chat.say("不对，财是才能的才，龙德才", "deny")
    assert "没听明白" in said or "龙德才" in said
    said = chat.say("不对，是道德的德，龙得才", "deny")
    assert "姓名：龙得才" in said


def test_stranded_far_from_home(chat: Chat, runtime: Runtime) -> None:
    text = "我身上一分钱没有，在车站睡了三天，想回老家"
    said = chat.say(text, "crisis_emergency", crisis_kind="other", region="重庆市万州区")
    assert "救助站" in said
    assert records(runtime)[0]["programmes"] == ["linshi", "liulang"]


def test_a_lonely_one_is_no_call_for_an_official(chat: Chat, runtime: Runtime) -> None:
    said = chat.say("娃儿都在广东，天天对到墙壁，想找个人摆哈龙门阵", "nlu_fallback", region="广东")
    assert "12356" in said
    assert chat.state.region is None


def test_an_operation_without_money_is_urgent(chat: Chat) -> None:
    chat.say(
        "娃儿先天性心脏病，要动手术，没得钱", "self_declare", program="yiliao", heart_disease=True
    )
    assert chat.state.cannot_pay
    chat.say("娃儿三岁", age=3)
    assert chat.facts["age"] == 3


def test_children_without_a_parent_are_what_is_hard(chat: Chat, runtime: Runtime) -> None:
    text = "娃他爸没了，我一个老婆子带俩娃，给登记一下"
    chat.say(text, "self_declare", num_children=2, father_state="dead")
    chat.press("都同意")
    assert chat.state.asking == "name", "what is hard was told already"
    chat.say("吉克阿呷", name="吉克阿呷")
    chat.say("没得电话", "deny")
    chat.say("金阳县", region="四川省凉山彝族自治州金阳县")
    chat.say("对", "affirm")
    assert records(runtime)[0]["departments"] == {"minzheng", "xiangzhen"}
