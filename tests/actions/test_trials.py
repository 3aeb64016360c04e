"""Replies of the kind that trials with invented residents brought, each read as it was meant."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions import turns
from actions.turn import Understanding
from cases.models import Case, Lead, Notice
from cases.states import LeadState
from tests.actions.conftest import Chat
from tests.actions.test_person import put

ZHONGXIAN, LIANGPING = "500233", "500155"


def places(chat: Chat) -> tuple[set[str | None], set[str]]:
    """The counties of the conversation's cases and of their leads."""
    with chat.runtime.database.read() as session:
        cases = list(session.scalars(select(Case).where(Case.conversation_id == chat.id)))
        leads = session.scalars(
            select(Lead.area_code).where(Lead.case_id.in_([case.id for case in cases]))
        )
        return {case.region_code for case in cases}, {code[:6] for code in leads}


def until(chat: Chat, asking: str) -> None:
    """Answer 不清楚 till the bot asks for `asking`."""
    for _ in range(12):
        if chat.state.asking == asking:
            return
        chat.say("不清楚", unknown=True)
    raise AssertionError(chat.state.asking)


def asked_for_income(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say("忠县", region="重庆市忠县")
    chat.say("两个人", household_size=2)
    assert chat.state.asking == "monthly_income_total"


def test_a_place_put_right_in_an_emergency_moves_the_help(chat: Chat) -> None:
    chat.say("娃高烧抽风，医院不收", "crisis_emergency", crisis_kind="medical")
    chat.say("我在忠县", region="重庆市忠县")
    assert places(chat) == ({ZHONGXIAN}, {ZHONGXIAN})
    said = chat.say("不对，我在梁平区", region="重庆市梁平区", correction=True)
    assert "改由重庆市梁平区" in said
    assert places(chat) == ({LIANGPING}, {LIANGPING})
    with chat.runtime.database.read() as session:
        told = {code[:6] for code in session.scalars(select(Notice.area_code))}
    assert LIANGPING in told, "who is there now has to hear of it"
    chat.say("梁平区屏锦镇", region="重庆市梁平区屏锦镇")
    assert {code[:6] for code in places(chat)[1]} == {LIANGPING}


def test_a_slip_that_sounds_like_no_is_no_figure(chat: Chat) -> None:
    asked_for_income(chat)
    chat.say("农村得", "deny")
    assert "monthly_income_total" not in chat.facts
    assert chat.facts["hukou"] == "rural"


def test_a_figure_named_and_taken_back_is_the_one_corrected(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say("忠县", region="重庆市忠县")
    chat.say("五个人，收入三千", household_size=5, monthly_income_total=3000)
    chat.say("看病花了一万", medical_expense_self=10000)
    chat.say("不是三千 是三千五", correction=True)
    assert chat.facts["monthly_income_total"] == 3500
    assert chat.facts["medical_expense_self"] == 10000


def test_what_the_insurance_paid_is_not_left_to_the_household(chat: Chat) -> None:
    chat.say(
        "住院花了六万医保报了三万，剩下的能不能再报点", "start_screening",
        medical_expense=60000, program="yiliao",
    )  # fmt: skip
    assert chat.facts["medical_expense_self"] == 30000


def test_whence_somebody_without_a_roof_comes_is_not_where_they_are(chat: Chat) -> None:
    chat.say("我没地方住，在桥洞", "start_screening", program="liulang", housing="无房")
    chat.say("忠县", region="重庆市忠县")
    chat.say("我是贵州的", region="贵州")
    assert chat.state.region == ZHONGXIAN


@pytest.mark.parametrize("words", ["怎么又问", "咋还问", "不是都说过了吗"])
def test_whoever_is_tired_of_questions_hears_how_to_leave_one_out(chat: Chat, words: str) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    asking = chat.state.asking
    said = chat.say(words, "ask_payment_problem")
    assert "utter_tired" in chat.responses
    assert "回0" in said
    assert chat.state.asking == asking


def test_in_an_emergency_the_tired_are_asked_no_more(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    chat.say("别问了")
    assert chat.responses[-1] == "utter_crisis_stay"
    assert chat.state.asking is None


@pytest.mark.parametrize("words", ["唉 日子没意思", "我就是累了", "心里好苦"])
def test_low_spirits_are_heard(chat: Chat, words: str) -> None:
    chat.say("你好", "greet")
    assert "12356" in chat.say(words, "out_of_scope_chitchat")


def test_no_longer_wanting_to_apply_registers_nothing(chat: Chat) -> None:
    chat.say("我不想申请了", "self_declare")
    assert "utter_consent" not in chat.responses
    assert not chat.state.draft


def test_a_household_short_of_money_is_offered_help(chat: Chat) -> None:
    chat.say("我家最近有点紧", "out_of_scope_chitchat")
    assert "utter_out_of_scope" not in chat.responses


def test_money_nobody_asked_for_is_asked_about(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    said = chat.say("两千")
    assert "您说的2000元" in said
    assert "monthly_income_total" not in chat.facts
    assert "您说的" not in chat.say("2"), "a digit is no money"


def test_a_whole_story_is_not_looked_at_for_schooling_alone(chat: Chat) -> None:
    program = {"entity": "program", "value": "jiaoyu", "implied": True}
    told = {"lost_job": True, "self_care": "不能自理", "accident": "摔伤", "student_stage": "小学"}
    facts = [{"entity": key, "value": value} for key, value in told.items()]
    heard = Understanding("inform_facts", "老公摔瘫了，我没法上班，孩子上小学", [program, *facts])
    turns.take(chat.runtime, turns.Request(heard, chat.id, "m1", "web", "sender"))
    assert chat.state.programmes == []
    assert {"lost_job", "student_stage"} <= set(chat.facts)


def test_where_somebody_is_registered_is_not_where_they_are(chat: Chat) -> None:
    chat.say("天津河西区", region="天津市河西区")
    chat.say("外地户口 河南的", hukou="nonlocal", region="河南")
    assert chat.state.region == "120103"
    chat.say("不对，我在河南", region="河南", correction=True)
    assert chat.state.region != "120103", "put right, it counts"


def test_a_childs_age_is_not_the_age_of_who_asks(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say("孩子才三岁", age=3)
    assert "age" not in chat.facts


def test_years_answer_how_many_months(chat: Chat) -> None:
    chat.say(
        "我孙子爹死了妈跑了", parents_status="父亡母失联", father_state="dead",
        mother_state="lost_contact",
    )  # fmt: skip
    chat.say("乌兰浩特市", region="内蒙古自治区兴安盟乌兰浩特市")
    chat.say("九岁", age=9)
    assert chat.state.asking == "mother_months"
    chat.say("他妈跑了六年了")
    assert chat.facts["mother_months"] == 72


@pytest.mark.parametrize("words", ["?", "1", "dibao"])
def test_what_cannot_be_read_is_not_called_none_of_our_business(chat: Chat, words: str) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say(words, "out_of_scope_chitchat")
    assert "utter_out_of_scope" not in chat.responses


@pytest.mark.parametrize(
    ("words", "programme"), [("火化费有没有减免", "binzang"), ("冬天没煤烧咋办", "qunuan")]
)
def test_programmes_without_a_label_are_known_by_their_words(
    chat: Chat, words: str, programme: str
) -> None:
    chat.say(words, "ask_other_benefits")
    assert chat.state.programmes == [programme]
    assert chat.state.asking is not None


@pytest.mark.parametrize(
    ("words", "programme"), [("昨晚房子烧了", "linshi"), ("山火把房子烧了", "shouzai")]
)
def test_a_house_fire_is_a_sudden_need_and_no_natural_disaster(
    chat: Chat, words: str, programme: str
) -> None:
    told = [
        {"entity": "program", "value": "shouzai", "implied": True},
        {"entity": "disaster", "value": "火灾"},
    ]
    heard = Understanding("inform_facts", words, told)
    turns.take(chat.runtime, turns.Request(heard, chat.id, "m1", "web", "sender"))
    assert chat.state.programmes == [programme]


def test_who_begs_not_to_call_the_police_is_not_handed_the_number_again(chat: Chat) -> None:
    chat.say("我把药都攒好了", "crisis_emergency", crisis_kind="self_harm")
    chat.say("别报警", "crisis_emergency", crisis_kind="other")
    assert chat.responses[0] == "utter_crisis_again"


@pytest.mark.parametrize(
    ("words", "intent", "value"),
    [
        ("没车", "deny", None), ("没低保", "deny", None), ("先不报了，我再想想", "deny", None),
        ("不都说了吗还问", "deny", None), ("没得", "deny", 0), ("一分都没得", "deny", 0),
        ("没有收入", "deny", 0), ("没挣钱", "deny", 0), ("没多少", "deny", None),
    ],
)  # fmt: skip
def test_only_a_no_to_the_sum_is_none_of_it(
    chat: Chat, words: str, intent: str, value: int | None
) -> None:
    asked_for_income(chat)
    chat.say(words, intent)
    assert chat.facts.get("monthly_income_total") == value


@pytest.mark.parametrize("words", ["就这些，交", "对，就这些", "要得，交", "就这些，报"])
def test_the_card_goes_off_in_the_words_people_use(chat: Chat, words: str) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="重庆市忠县")
    chat.say("同意", "affirm")
    until(chat, "review")
    chat.say(words, "goodbye")
    assert "utter_filed" in " ".join(chat.responses), chat.responses


def test_a_name_beside_a_number_is_heard(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="重庆市忠县")
    chat.say("同意", "affirm")
    until(chat, "name")
    chat.say("石廷贵，13900011012")
    assert chat.facts["name"] == "石廷贵"


def test_school_fees_are_no_hospital_emergency(chat: Chat) -> None:
    chat.say("拿不出学费，一年八千多", "inform_facts", student_stage="大学")
    assert not chat.state.cannot_pay


def test_pay_told_while_costs_were_asked_is_pay(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say("忠县", region="重庆市忠县")
    chat.say("两个人", household_size=2)
    put(chat, chat.state, "medical_expense_self")
    chat.say("我打零工一个月八百", medical_expense_self=800)
    assert chat.facts["monthly_income_total"] == 800
    assert "medical_expense_self" not in chat.facts


def test_the_township_told_late_is_where_help_goes(chat: Chat) -> None:
    chat.say("没米下锅了", "crisis_emergency", crisis_kind="no_food")
    chat.say("忠县", region="重庆市忠县")
    chat.say("我是拔山镇的", region="重庆市忠县拔山镇")
    assert places(chat)[0] == {"500233116"}
    chat.say("在忠县", region="重庆市忠县")
    assert places(chat)[0] == {"500233116"}, "the county says nothing new"


def test_who_has_taken_the_emergency_hears_of_the_new_place(chat: Chat) -> None:
    chat.say("没米下锅了", "crisis_emergency", crisis_kind="no_food")
    chat.say("忠县", region="重庆市忠县")
    with chat.runtime.database.write() as session:
        lead = session.scalars(select(Lead).where(Lead.department == "duty")).one()
        lead.state, lead.accepted_by = LeadState.ACCEPTED, "9" * 32
    chat.say("不对，我在梁平区", region="重庆市梁平区", correction=True)
    with chat.runtime.database.read() as session:
        told = session.scalars(select(Notice).where(Notice.kind == "place_changed")).one()
        assert told.staff_id == "9" * 32
        assert session.scalars(select(Lead).where(Lead.department == "duty")).one().area_code == (
            ZHONGXIAN
        )


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("日子太苦了想申请救助", "self_declare"), ("生活过得很苦能帮不", "start_screening"),
        ("我还问一下低保标准", "ask_amount_standard"), ("心里苦，转人工", "human_handoff"),
    ],
)  # fmt: skip
def test_a_wish_is_heard_before_the_mood(chat: Chat, words: str, intent: str) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say(words, intent)
    assert not {"utter_low_spirits", "utter_tired"} & set(chat.responses), chat.responses


@pytest.mark.parametrize("words", ["那算了", "唉，不问了", "算了吧", "不弄了"])
def test_who_lays_the_talk_down_has_answered_nothing(chat: Chat, words: str) -> None:
    chat.say("家里出事了，能帮不", "start_screening", program="linshi")
    chat.say("忠县", region="重庆市忠县")
    until(chat, "shock")
    text = chat.say(words, "deny")
    assert "shock" not in chat.facts
    assert "先不问了" in text
    assert "可能符合" not in text


def test_a_question_that_holds_a_choice_is_no_answer(chat: Chat) -> None:
    chat.say("五保咋申请", "start_screening", program="tekun")
    put(chat, chat.state, "care_form")
    chat.say("要去养老院才得行不", "out_of_scope_gov")
    assert "care_form" not in chat.facts
    put(chat, chat.state, "care_form")
    chat.say("住养老院嘛", "inform_facts")
    assert chat.facts["care_form"] == "institution"


@pytest.mark.parametrize(
    ("words", "response"),
    [
        ("你说我咋办嘛", "utter_at_a_loss"), ("我该咋个办", "utter_at_a_loss"),
        ("我眼睛不好打字慢", "utter_slow"), ("等我慢慢打字", "utter_slow"),
    ],
)  # fmt: skip
def test_helplessness_and_slowness_are_heard(chat: Chat, words: str, response: str) -> None:
    chat.say(words, "out_of_scope_chitchat")
    assert response in chat.responses
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say("忠县", region="重庆市忠县")
    asked = chat.state.asking
    text = chat.say(words, "out_of_scope_chitchat")
    assert chat.state.asking == asked
    assert text.count("？") == 1


@pytest.mark.parametrize("words", ["低保怎么办", "残疾证怎么办", "怎么办低保"])
def test_how_something_is_done_is_no_helplessness(chat: Chat, words: str) -> None:
    chat.say(words, "ask_how_to_apply", program="dibao")
    assert "utter_at_a_loss" not in chat.responses
