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


def test_no_disability_told_to_another_question_is_not_asked_again(chat: Chat) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say("忠县", region=ZHONGXIAN)
    assert chat.state.asking == "household_size"
    chat.say("冇残疾证", "out_of_scope_gov", confidence=0.34)
    assert chat.facts["disability_level"] == "无"
    assert "12385" not in chat.text


@pytest.mark.parametrize("text", ["还没办残疾证", "残疾证还没下来"])
def test_a_certificate_that_is_still_to_come_denies_nothing(chat: Chat, text: str) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say(text)
    assert "disability_level" not in chat.facts


@pytest.mark.parametrize("text", ["我没换卡 一直用那张", "卡是好的", "那我该去哪儿问", "那找谁问"])
@pytest.mark.parametrize("intent", ["update_case", "ask_where_to_apply", "inform_facts"])
def test_the_card_is_all_right_and_still_no_money(chat: Chat, text: str, intent: str) -> None:
    chat.say("我低保上个月没打钱是啥情况", "ask_payment_problem", program="dibao")
    chat.say("忠县", region=ZHONGXIAN)
    said = chat.say(text, intent)
    assert "民政窗口" in said
    assert "回执号" not in said


@pytest.mark.parametrize("text", ["我哪有什么回执号", "没给我回执号啊", "回执单早就丢了"])
def test_who_has_no_receipt_is_told_what_to_do(chat: Chat, text: str) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    assert "没有回执号也不要紧" in chat.say(text, "out_of_scope_chitchat")


def test_a_complaint_itself_is_offered_to_a_person(chat: Chat) -> None:
    chat.say("忠县的", region=ZHONGXIAN)
    said = chat.say("我要投诉你们镇上那个姓包的", "ask_appeal_complaint", program="dibao")
    assert "转给他们" in said
    assert chat.state.asking == "offer_person"
    assert "联系您" in chat.say("要", "affirm")


def test_how_to_complain_is_only_answered(chat: Chat) -> None:
    chat.say("忠县的", region=ZHONGXIAN)
    chat.say("我要投诉找谁", "ask_appeal_complaint", program="dibao")
    assert chat.state.asking != "offer_person"


def test_who_asks_for_a_mother_is_looked_at_before_any_consent(chat: Chat) -> None:
    said = chat.say(
        "我是大一学生 想帮我妈问问 她查出来乳腺癌要做手术",
        "self_declare",
        confidence=0.73,
        for_relation="母亲",
        disease="乳腺癌",
    )
    assert "都同意吗" not in said
    assert chat.state.draft == {}


def test_a_question_of_another_programme_is_answered_in_the_middle(chat: Chat) -> None:
    chat.say("我要申请医疗救助", "self_declare", program="yiliao")
    chat.press("都同意")
    said = chat.say("那我读书的学费能不能也减点", "start_screening", program="jiaoyu")
    assert "还说不准" not in said
    assert "utter_answer" in chat.responses
    assert chat.state.asking == "name"


def test_a_village_official_s_child_is_a_villager(chat: Chat) -> None:
    chat.say("我是村支书 我们村有个娃儿爹死了妈改嫁", "report_for_other", for_relation="邻居")
    assert chat.facts["for_relation"] == "同村人"
    chat.say("忠县", region=ZHONGXIAN)


def test_a_neighbour_of_an_official_stays_one(chat: Chat) -> None:
    chat.say("我是村支书 我隔壁有个老人没人管", "report_for_other", for_relation="邻居")
    assert chat.facts["for_relation"] == "邻居"


def test_a_five_guarantee_holder_is_no_household_of_five(chat: Chat) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say("忠县", region=ZHONGXIAN)
    assert chat.state.asking == "household_size"
    chat.say("是五保户", receiving=["tekun"])
    assert "household_size" not in chat.facts


def test_years_are_no_sum_of_money(chat: Chat) -> None:
    chat.say("支出型能不能办", "start_screening", program="gangxing_zhichu")
    chat.say("忠县", region=ZHONGXIAN)
    while chat.state.asking != "medical_expense_self":
        chat.say("不清楚", unknown=True)
    chat.say("住三年啊", confidence=0.8)
    assert "medical_expense_self" not in chat.facts


@pytest.mark.parametrize("text", ["俺不吃低保", "我没有吃低保", "家里没享受低保"])
@pytest.mark.parametrize("intent", ["withdraw_case", "check_status", "inform_facts"])
def test_who_is_on_no_grant_withdraws_nothing(chat: Chat, text: str, intent: str) -> None:
    chat.say("我家能领啥补助", "start_screening", program="dibao")
    said = chat.say(text, intent, receiving=["dibao"])
    assert "回执号" not in said
    assert chat.facts["receiving"] == []


@pytest.mark.parametrize("text", ["没有签合同", "有工友能作证"])
def test_what_is_told_beside_the_question_is_kept(chat: Chat, text: str) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say("忠县", region=ZHONGXIAN)
    said = chat.say(text, confidence=0.7)
    assert "记下了" in said
    assert text in [one["text"] for one in chat.state.story]


@pytest.mark.parametrize("text", ["你说啥呢", "两千", "能行吗"])
def test_what_is_no_telling_is_not_kept(chat: Chat, text: str) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say("忠县", region=ZHONGXIAN)
    chat.say(text, "out_of_scope_chitchat" if "啥" in text else "inform_facts", confidence=0.7)
    assert chat.state.story == []


def test_unpaid_wages_are_a_matter_of_legal_aid(chat: Chat) -> None:
    chat.say("我叫刘洋 老板跑了 半年工资没给 两万多块", name="刘洋", legal_matter="wages")
    assert chat.state.programmes[-1] == "falv"
    assert chat.state.asking != "household_size"


def test_a_programme_named_where_consent_was_asked_goes_on_the_card(chat: Chat) -> None:
    chat.say("那我重新报一个", "self_declare")
    said = chat.say("低保", program="dibao")
    assert "没听明白" not in said
    assert chat.state.asking == "consent"
    assert chat.state.draft["programmes"] == ["dibao"]


@pytest.mark.parametrize("text", ["要不要我去村上报一下", "用不用去镇里申请"])
def test_here_or_at_the_office_is_the_same(chat: Chat, text: str) -> None:
    chat.say("我家会不会返贫", "start_screening", program="fangfanpin")
    said = chat.say(text, hukou="rural")
    assert "选一样就行" in said


def test_money_of_two_grants_is_paid_apart(chat: Chat) -> None:
    chat.say("我低保上个月没打钱是啥情况", "ask_payment_problem", program="dibao")
    chat.say("忠县", region=ZHONGXIAN)
    said = chat.say("我老汉那个护理的钱也是一起打的迈", "self_declare", bedridden=True)
    assert "分开发" in said


def test_no_fire_at_home_is_no_missing_roof(chat: Chat) -> None:
    said = chat.say(
        "冷得很 屋里炉子没煤烧了 就我跟老伴", "crisis_emergency", crisis_kind="homeless"
    )
    assert "没火没暖是急事" in said
    assert "救助站" not in said


def test_who_is_outside_in_the_cold_is_sent_to_a_shelter(chat: Chat) -> None:
    said = chat.say("没地方住 外面冷", "crisis_emergency", crisis_kind="homeless")
    assert "救助站" in said


def test_a_cremation_that_cannot_be_paid_is_a_funeral(chat: Chat) -> None:
    said = chat.say("婆婆娘走了 火葬场喊交三千多 拿不出来", "inform_facts", marital="丧偶")
    assert chat.state.programmes[-1] == "binzang"
    assert "节哀" in said
