"""What residents of a county stumbled over: complaints, stopped money, changes, drafts."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat


def test_a_complaint_about_an_official_is_no_appeal(chat: Chat) -> None:
    said = chat.say("我要投诉村支书", "ask_appeal_complaint")
    assert "及时核实处理" in said
    assert "没批的" not in said
    assert chat.state.asking == "offer_person"
    chat.say("不想留姓名", "deny", confidence=0.34)
    assert chat.state.asking == "offer_person"
    assert "utter_complaint_without_name" in chat.responses
    assert "不会告诉他是谁说的" in chat.say("书记会不会晓得是我", "ask_privacy")


def test_others_aid_is_answered_and_is_no_fact_of_the_speaker(chat: Chat) -> None:
    said = chat.say("队长亲戚有车有房还拿着低保", receiving=["dibao"], program="dibao")
    assert "receiving" not in chat.facts
    assert "别人家的情况我看不到" in said


@pytest.mark.parametrize(
    ("words", "heard", "told"),
    [
        ("我妈的低保上个月突然停了", "ask_review_or_stop", "先到乡镇（街道）民政窗口问清原因"),
        ("镇上说我家收入超了", "nlu_fallback", "按哪几笔"),
        ("从来没见到过公示", "ask_appeal_complaint", "请他们把决定和原因写给您"),
        ("重新申请行不", "ask_review_or_stop", "能再报"),
        ("要不要孩子他爸签字", "ask_materials", "不在一起过的人"),
        ("判了抚养费一分没给，算不算收入", "ask_family_definition", "拿到手的抚养费算收入"),
        ("会不会让娃班上同学都知道", "ask_privacy", "学校"),
        ("暑假工的钱算不算收入", "ask_income_property_rules", "学生课余"),
        ("使唔使查我銀行戶口", "deny", "核对要您家授权"),
        ("能不能直接在泉州申请 还是要回老家", "start_screening", "户籍地"),
    ],
)
def test_what_is_asked_in_plain_words_is_answered(
    chat: Chat, words: str, heard: str, told: str
) -> None:
    assert told in chat.say(words, heard, program="dibao", confidence=0.4)


def test_money_that_did_not_come_is_talked_about_to_its_end(chat: Chat) -> None:
    chat.say("这个月低保没到账", "ask_payment_problem", program="dibao")
    chat.say("以往都是十五号左右", "ask_payment_problem", program="dibao")
    assert chat.responses == ["utter_ask_at_counter"]
    chat.say("折子没换过", confidence=0.9)
    assert chat.responses == ["utter_ask_at_counter"]
    chat.say("会不会把我妈的停了", "ask_review_or_stop")
    assert chat.responses == ["utter_cannot_look_up"]
    chat.say("麻烦你帮我查一下", "bot_identity", confidence=0.5)
    assert chat.responses == ["utter_cannot_look_up"]
    chat.say("没得回执号", "deny")
    assert "utter_receipt_lost" in chat.responses
    chat.say("我叫何玉珍", name="何玉珍")
    assert chat.state.topic == "request"
    assert "这个月低保没到账" in chat.state.request["said"]


def test_who_has_lost_the_receipt_is_told_once_and_found_by_name(chat: Chat) -> None:
    chat.say("我报的那个到哪了", "check_status")
    chat.say("回执号搞丢了", "inform_facts")
    assert chat.responses.count("utter_receipt_lost") == 1
    assert "utter_ask_receipt_again" not in chat.responses
    chat.say("就是上个月在这里报的", "check_status")
    assert chat.state.topic == "request"
    assert chat.state.asking == "name"


def test_a_change_without_a_receipt_goes_to_the_office(chat: Chat) -> None:
    chat.say("家里情况有变动，要报一下", "update_case")
    assert chat.state.asking == "receipt"
    chat.say("儿媳妇生了个娃，现在5口人", household_size=5)
    assert chat.state.topic == "request"
    assert "不会因为说了就自动停" in chat.text
    assert "儿媳妇生了个娃，现在5口人" in chat.state.request["said"]


def test_a_change_of_the_household_is_asked_about(chat: Chat) -> None:
    chat.say("吃低保的怎么复核", "ask_review_or_stop", program="dibao")
    assert "及时告诉" in chat.say("能不能把刚生的娃加进去", "out_of_scope_chitchat")
    assert "民政部门查清楚以后决定" in chat.say("以前领的钱要不要退", "ask_review_or_stop")
    assert "应当及时告诉" in chat.say("不说行不行", "deny")


def test_orphans_are_not_forgotten_in_another_talk(chat: Chat) -> None:
    chat.say("忠县的", region="重庆市忠县")
    chat.say("爸爸走了，妈妈改嫁了", parents_status="父亡母改嫁", father_state="dead")
    assert "utter_cover_for_children" in chat.responses
    chat.say("我跟爷爷过，爸爸走的时候我还小", parents_status="父亡母改嫁")
    assert "utter_cover_for_children" not in chat.responses


def test_three_programmes_in_one_breath_are_three_answers(chat: Chat) -> None:
    said = chat.say(
        "医疗救助，临时救助，低保，能不能同时领", "ask_other_benefits", program="yiliao"
    )
    assert "3件事" in said


def test_another_office_beside_a_question_is_named(chat: Chat) -> None:
    said = chat.say(
        "公积金能不能提出来，低保要等几天", "ask_processing_time",
        secondary=("out_of_scope_gov",), program="dibao",
    )  # fmt: skip
    assert "公积金中心" in said
    assert "工作日" in said


def test_aid_that_is_told_asks_for_no_line(chat: Chat) -> None:
    chat.say("外婆有低保，一个月三百", "ask_amount_standard", receiving=["dibao"], program="dibao")
    assert "utter_answer" not in chat.responses
    assert chat.facts["receiving"] == ["dibao"]


def in_the_draft(chat: Chat) -> None:
    chat.say("我要申请低保，三口人，忠县拔山镇", "self_declare", program="dibao",
             household_size=3, region="重庆市忠县拔山镇")  # fmt: skip
    chat.say("同意", "affirm")
    chat.say("我叫罗小芹", name="罗小芹")
    assert chat.state.asking == "phone"


def test_laying_the_draft_down_is_no_lack_of_a_telephone(chat: Chat) -> None:
    in_the_draft(chat)
    chat.say("不报了 算了", "deny")
    assert "utter_draft_kept" in chat.responses
    assert "phone" not in chat.state.declined


def test_what_was_told_and_not_filed_is_forgotten_when_asked(chat: Chat) -> None:
    in_the_draft(chat)
    chat.say("刚才说的那些帮我删了", "withdraw_case")
    assert chat.responses == ["utter_unfiled_forgotten"]
    assert not chat.facts
    assert not chat.state.draft
    assert chat.cases() == []


def test_a_second_neighbour_is_a_report_of_its_own(chat: Chat) -> None:
    chat.say("我是忠县拔山镇的村干部，替组里老人问问，他一个人瘫在床上", "report_for_other",
             region="重庆市忠县拔山镇", for_relation="邻居")  # fmt: skip
    chat.say("七组，姓万", "inform_facts")
    chat.say("我替他报要得不", "report_for_other")
    assert "utter_may_for_them" in chat.responses
    chat.say("他自己不会用手机", "out_of_scope_chitchat", confidence=0.9)
    assert "utter_out_of_scope" not in chat.responses
    chat.say("还有一个老太婆，她屋头漏雨", "report_for_other", housing="危房", program="zhufang")
    assert "utter_one_report_each" in chat.responses
    assert "housing" not in chat.facts


def test_a_programme_or_an_illness_in_one_word_is_no_misunderstanding(chat: Chat) -> None:
    chat.say("忠县，没收入，能帮帮我家吗", "start_screening", region="重庆市忠县",
             monthly_income_total=0)  # fmt: skip
    assert chat.state.asking == "household_size"
    chat.say("低保", program="dibao")
    assert "utter_not_understood" not in chat.responses
    assert chat.state.misses == 0
    chat.say("有病")
    assert chat.state.asking == "disease"


def test_a_sigh_in_the_middle_of_questions_declares_nothing(chat: Chat) -> None:
    chat.say("忠县的，想看看能申请啥", "start_screening", region="重庆市忠县")
    chat.say("跑一趟来回车费都好几百", "self_declare", confidence=0.3)
    assert chat.state.topic == "screening"
    assert "utter_consent" not in chat.responses


def test_two_sources_of_a_year_are_added_up(chat: Chat) -> None:
    chat.say("养了几头猪，一年卖猪六千", annual_income_total=6000)
    said = chat.say("田包给别人了，一年九百", annual_income_total=900)
    assert chat.facts["annual_income_total"] == 6900
    assert "加上前面说的" in said
    chat.say("全家一年其实就八千", annual_income_total=8000)
    assert chat.facts["annual_income_total"] == 8000


def test_a_mothers_grant_is_no_curse(chat: Chat) -> None:
    chat.say("他们把我妈的停了", "ask_review_or_stop", program="dibao")
    assert "utter_scolded" not in chat.responses


def test_who_works_away_from_home_does_not_live_there(chat: Chat) -> None:
    said = chat.say("我老家忠县的 在泉州打工", region="重庆市忠县")
    assert "老家在重庆市忠县" in said
    assert "住在重庆市忠县" not in said
    assert chat.state.region == "500233"
    assert "户籍地" in chat.say("能在泉州申请不 还是非要回忠县办", "start_screening")


def test_who_stays_at_home_to_care_has_lost_no_job(chat: Chat) -> None:
    chat.say("忠县的", region="重庆市忠县")
    chat.say("我冇返工，因為要照顧阿媽", lost_job=True)
    assert "lost_job" not in chat.facts
    chat.say("厂里倒闭了，我没上班了", lost_job=True)
    assert chat.facts["lost_job"] is True


def test_a_tale_that_answers_nothing_is_kept_for_the_caseworker(chat: Chat) -> None:
    chat.say("忠县的，想看看能申请啥", "start_screening", region="重庆市忠县")
    asked = chat.state.asking
    tale = "女婿也在外面做活路 顾不上我们两个老的"
    said = chat.say(tale, "inform_facts", confidence=0.3)
    assert "记下了" in said
    assert "没听明白" not in said
    assert chat.state.asking == asked
    assert tale in [told["text"] for told in chat.state.story]
    chat.say("哎呀那个东西嘛就是那样子的噻", "inform_facts", confidence=0.3)
    assert "utter_not_understood_twice" in chat.responses


def test_file_it_then_is_no_yes_to_the_question_that_is_open(chat: Chat) -> None:
    chat.say("忠县的，想看看能申请啥", "start_screening", region="重庆市忠县", household_size=2)
    assert chat.state.topic == "screening"
    chat.say("要得 报嘛", "affirm")
    assert "utter_consent" in chat.responses
