"""Turns of phrase that settle which question is asked, whatever programme stands beside them."""

from __future__ import annotations

import pytest

from bot.components.understanding import question

from .scenes import understood


@pytest.mark.parametrize(
    ("text", "heard", "label"),
    [
        ("孤儿的补助是按一个娃算还是按一家算", "ask_amount_standard", "ask_family_definition"),
        ("双胞胎都认了困境儿童，是一份还是两份", "ask_amount_standard", "ask_family_definition"),
        ("办公租房会不会把我家存款公示出来", "ask_materials", "ask_privacy"),
        ("评监测户，看不看家里有没有车", "ask_eligibility_conditions", "ask_income_property_rules"),
        ("有退休金是不是就领不了护理补贴", "ask_other_benefits", "ask_income_property_rules"),
        ("租房补贴明年还有吗", "ask_other_benefits", "ask_review_or_stop"),
        ("特困的待遇能享受到多大，会不会自动停", "ask_payment_problem", "ask_review_or_stop"),
        ("孤儿的补贴上个月就没打，问谁", "ask_where_to_apply", "ask_payment_problem"),
        ("监测户能享受到哪些好处", "ask_program_overview", "ask_other_benefits"),
        ("领着孤儿补贴，还能拿助学金不", "ask_review_or_stop", "ask_other_benefits"),
        ("上门服务收不收费", "ask_materials", "ask_amount_standard"),
        ("窗口踢皮球，公租房的表递不进去", "ask_how_to_apply", "ask_appeal_complaint"),
        ("受灾名册里没有俺家", "check_status", "ask_appeal_complaint"),
        ("去办特困得揣上哪几样证件", "ask_where_to_apply", "ask_materials"),
        ("危改要满足哪几条", "start_screening", "ask_eligibility_conditions"),
        ("老了是不是自动就有特困", "start_screening", "ask_eligibility_conditions"),
        ("临时救助要排到什么时候", "check_status", "ask_processing_time"),
        ("监测户是不是归民政局管", "ask_other_benefits", "ask_where_to_apply"),
        ("填了表就算批准了吗", "check_status", "ask_how_to_apply"),
        ("租房补贴是打到谁的卡上", "ask_how_to_apply", "ask_payment_problem"),
        ("护理补贴从哪个月算起", "ask_processing_time", "ask_payment_problem"),
        ("法援收不收打架斗殴的案子", "ask_amount_standard", "ask_eligibility_conditions"),
        ("监测户的表得本人去交还是家里人去交", "ask_where_to_apply", "ask_how_to_apply"),
        ("乡里压着特困，能越级吗", "ask_where_to_apply", "ask_appeal_complaint"),
        ("慈善会救济要附啥", "ask_other_benefits", "ask_materials"),
    ],
)
def test_the_words_decide_where_the_classifier_doubts(text: str, heard: str, label: str) -> None:
    assert understood(text, heard, confidence=0.45).label == label


def test_a_guess_that_the_words_bear_out_is_no_guess() -> None:
    heard = understood("租房补贴讲好了给，一直没打到", "ask_payment_problem", confidence=0.15)
    assert heard.confidence >= 0.6


def test_a_sure_classifier_is_not_overruled() -> None:
    text = "租房补贴明年还有吗"
    assert understood(text, "ask_other_benefits", confidence=0.95).label == "ask_other_benefits"


def test_who_tells_their_own_case_is_not_taken_for_asking_about_rules() -> None:
    text = "欠我五千块工钱，打官司要不要钱"
    assert understood(text, "start_screening", confidence=0.93).label == "start_screening"


def test_in_a_long_story_the_same_words_decide_nothing() -> None:
    story = "我在老家种了几十年地，去年冬天摔断了腿，村上说名单要张榜，我不想别人知道我家的事"
    assert understood(story, "self_declare", confidence=0.45).label == "self_declare"


@pytest.mark.parametrize("text", ["公示几天", "医疗救助还给不给报", "吃低保的不给发钱吗"])
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    found = question.plain(text)
    assert found is None or found[0] not in {"ask_privacy", "ask_appeal_complaint"}


@pytest.mark.parametrize("text", ["大风把屋顶掀了，该找哪个单位", "墙都歪了怕倒，问谁去"])
def test_a_disaster_or_a_falling_house_is_no_other_offices_business(text: str) -> None:
    heard = understood(text, "out_of_scope_gov", confidence=0.7)
    assert not heard.label.startswith("out_of_scope")


def test_a_bare_how_much_is_asked_of_us() -> None:
    assert understood("那是多少钱呢", "out_of_scope_chitchat", confidence=0.5).confidence >= 0.6


@pytest.mark.parametrize("text", ["那边缘户呢", "边缘户呢", "那低保边缘呢？"])
def test_a_programme_alone_goes_on_with_the_question(text: str) -> None:
    heard = understood(text, "deny", confidence=0.31)
    assert (heard.label, heard.program) == ("ask_program_overview", "dibao_bianyuan")
    assert understood("那边有人来过呢", "inform_facts", confidence=0.31).label == "inform_facts"


@pytest.mark.parametrize(
    "text", ["没得啥子收入 一个人一百多养老金", "没有什么收入，一个月就几百块"]
)
def test_nothing_much_asks_nothing(text: str) -> None:
    heard = understood(
        text, "ask_income_property_rules", confidence=0.45, asking="monthly_income_total"
    )
    assert heard.label == "inform_facts"
