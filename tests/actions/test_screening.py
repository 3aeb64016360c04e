"""初筛: what is asked, how it is asked, how it ends."""

from __future__ import annotations

from datetime import date

import pytest

from actions.wording import words
from rules.screening import screen
from tests.actions.conftest import Chat


def begin(chat: Chat, **facts: object) -> str:
    """A household in 忠县 asks whether it qualifies."""
    chat.say("看看我家够不够低保", "start_screening", program="dibao", **facts)
    return chat.say("重庆忠县", region="重庆市忠县")


def answer_no(chat: Chat) -> None:
    """没有 to everything until the verdict."""
    for _ in range(14):
        if chat.state.asking in {"offer_declare", "offer_person", None}:
            return
        chat.say("没有", "deny")


def test_with_nothing_known_the_place_comes_first_then_the_heads(chat: Chat) -> None:
    chat.say("我能申请什么", "start_screening")
    assert chat.state.asking == "region"
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "household_size"


def test_what_was_said_is_not_asked(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total=800, hukou="rural", car=False, deposit=0)
    asked = []
    while chat.state.asking not in {"offer_declare", None}:
        asked.append(chat.state.asking)
        chat.say("没有", "deny")
    assert not {"household_size", "monthly_income_total", "hukou", "car", "deposit"} & set(asked)


def test_one_question_a_message_with_a_way_out(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total=800)
    while chat.state.asking not in {"offer_declare", None}:
        asking = [name for name in chat.responses if name.startswith("utter_ask_")]
        assert len(asking) == 1
        assert chat.responses[-1] == asking[0]
        assert "0 不清楚" in chat.titles
        assert "00 找工作人员" in chat.titles
        chat.say("没有", "deny")


def test_a_verdict_shows_value_line_place_date_and_document(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total=800, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    text = chat.text
    assert "低保：目前看，可能符合" in text
    assert "约267元" in text
    assert "630元" in text
    assert "重庆市，重庆市民政局文件（渝民规〔2025〕6号）" in text
    assert "2025年7月1日起" in text
    assert "认定由乡镇（街道）审核、县民政局确认" in text
    assert "2026年3月2日" in text
    sources = [source for utterance in chat.said for source in utterance.sources]
    assert any("渝民规" in source["title"] for source in sources)
    assert all(source["grade"] in "SABR" for source in sources)


def test_a_likely_card_tells_an_estimate_and_who_settles_it(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total=800, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    (card,) = [one for one in chat.text.split("\n\n") if "低保：目前看，可能符合" in one][:1]
    assert "初步估算，每月约1090元" in card
    assert "由民政部门核定" in card


def test_a_range_of_heads_gives_a_range_of_money(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total={"low": 600, "high": 900}, hukou="rural",
          car=False, deposit=0)  # fmt: skip
    answer_no(chat)
    assert "每月约990到1290元" in chat.text


def test_without_a_verified_figure_the_card_says_who_decides_and_gives_none(chat: Chat) -> None:
    begin(chat, household_size=4, monthly_income_total=3000, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    assert "当地发不发，由民政部门定" in chat.text
    assert "估算" not in chat.text


def test_small_fast_aid_tells_its_ceiling_in_yuan(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total=9000, hukou="rural", shock="fire")
    answer_no(chat)
    assert "小额快救最高约630元；按人还是按户、给多少，由乡镇（街道）核定" in chat.text


def test_over_the_line_the_other_doors_are_named(chat: Chat) -> None:
    begin(chat, household_size=4, monthly_income_total=3000, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    assert "低保边缘家庭：目前看，可能符合" in chat.text
    assert "低保：目前看，可能不符合" in chat.text
    assert "高约120元" in chat.text
    assert "书面申请" in chat.text


def test_the_cards_say_what_the_rules_say(chat: Chat) -> None:
    begin(chat, household_size=4, monthly_income_total=3000, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    verdicts = screen(chat.facts, chat.state.region, date(2026, 3, 2)).verdicts
    likely = {v.program for v in verdicts if v.outcome == "likely"}
    said = {
        utterance.values["programme"]
        for utterance in chat.said
        if utterance.response == "utter_verdict_likely"
    }
    assert said == {words().code(code) for code in likely}


def test_unclear_is_always_an_answer(chat: Chat) -> None:
    begin(chat)
    for _ in range(14):
        if chat.state.asking in {"offer_declare", None}:
            break
        chat.payload('/inform_facts{"unknown":true}')
        if chat.state.asking == "offer_person":
            chat.press("接着问")
    assert chat.state.asking == "offer_declare"
    assert "要请工作人员来看" in chat.text or "还说不准" in chat.text


def test_having_income_is_asked_how_much(chat: Chat) -> None:
    begin(chat, household_size=3)
    assert "大概有多少" in chat.say("有", "affirm")
    chat.say("八百")
    assert chat.facts["monthly_income_total"] == 800


def test_an_evaded_question_comes_back_once_at_the_end(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    chat.say("农村户口", hukou="rural")
    assert chat.state.asking == "household_size"
    chat.say("三口人")
    asked = []
    for _ in range(12):
        asked.append(chat.state.asking)
        if chat.state.asking in {"region", "offer_declare"}:
            break
        chat.say("没有", "deny")
    assert asked[-1] == "region"


def test_a_correction_after_the_verdict_screens_again(chat: Chat) -> None:
    begin(chat, household_size=4, monthly_income_total=3000, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    chat.say("不对，是两千", "deny", correction=True)
    assert "低保：目前看，可能符合" in chat.text
    assert "约500元" in chat.text


def test_a_correction_screens_again_even_after_goodbye(chat: Chat) -> None:
    begin(chat, household_size=4, monthly_income_total=3000, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    chat.press("先不了")
    assert chat.state.flow == []
    chat.say("刚才说错了，是五口人", household_size=5, correction=True)
    assert "低保：目前看，可能符合" in chat.text


def test_saying_goodbye_to_the_offer_leaves_the_door_open(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total=800, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    assert "我要申请" in chat.say("算了", "deny")
    assert chat.state.flow == []


@pytest.mark.parametrize("word", ["好", "要得", "那就办嘛"])
def test_the_offer_leads_into_the_declaration(chat: Chat, word: str) -> None:
    begin(chat, household_size=3, monthly_income_total=800, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    assert "都同意吗" in chat.say(word, "affirm")
    assert chat.state.draft["programmes"] == ["dibao"]


def test_facts_told_unasked_begin_a_screening(chat: Chat) -> None:
    text = chat.say("我家4个人", household_size=4)
    assert "记下了：家里4口人" in text
    assert chat.state.asking == "region"


def test_without_a_place_the_figures_are_said_already(chat: Chat) -> None:
    chat.say("我家5个人", household_size=5)
    chat.say("月入1800", monthly_income_total=1800)
    text = chat.say("那能吃低保不", "start_screening", program="dibao")
    assert "约360元" in text
    assert "区县" in text


def test_messages_stay_short(chat: Chat) -> None:
    begin(chat, household_size=4, monthly_income_total=3000, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    for utterance in chat.said:
        text = words().render(utterance.response, utterance.values)
        assert len(text) <= 300, text


def test_a_further_programme_is_looked_at_after_the_first_screening_too(chat: Chat) -> None:
    chat.say("二级残疾能领补贴吗", "start_screening", program="canji_butie",
             disability_level="二级")  # fmt: skip
    chat.say("低保呢", "start_screening", program="dibao")
    chat.say("忠县", region="重庆市忠县")
    chat.say("三口人")
    chat.say("九百", monthly_income_total=900)
    answer_no(chat)
    assert "低保：目前看，可能符合" in chat.text
    assert "重度残疾人护理补贴：目前看，可能符合" in chat.text


def test_without_a_verified_standard_the_desk_is_named_and_no_figure(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao", household_size=4,
             monthly_income_total=2000, hukou="urban")  # fmt: skip
    chat.say("北京朝阳区", region="北京市")
    answer_no(chat)
    assert "要请工作人员来看" in chat.text
    assert "以当地规定为准" in chat.text
    assert "12345" in chat.text
    assert "低保线" not in chat.text


def test_no_income_is_said_as_no_income(chat: Chat) -> None:
    begin(chat, household_size=3, monthly_income_total=0, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    assert "您家没有收入，当地低保线是每人每月630元" in chat.text
    assert "约0元" not in chat.text


def test_exactly_on_the_line_goes_to_a_person(chat: Chat) -> None:
    begin(chat, household_size=2, monthly_income_total=1260, hukou="rural", car=False, deposit=0)
    answer_no(chat)
    assert "正好在当地低保线630元上" in chat.text
    assert "低保：要请工作人员来看" in chat.text or "低保、" in chat.text


def test_an_old_standard_is_said_to_be_possibly_raised(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao", household_size=2,
             monthly_income_total=900, hukou="rural",
             region="内蒙古自治区兴安盟乌兰浩特市")  # fmt: skip
    answer_no(chat)
    assert "低保：目前看，可能符合" in chat.text
    assert "可能已经调整" in chat.text


def test_asked_in_between_it_says_how_things_look(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    chat.say("忠县", region="重庆市忠县")
    chat.say("三口", household_size=3)
    chat.say("一共九百", monthly_income_total=900)
    text = chat.say("那我能吃上低保不", "start_screening", program="dibao")
    assert "目前看" in text
    assert "300元" in text
    assert chat.state.asking is not None


def test_who_lives_alone_is_not_asked_how_many(chat: Chat) -> None:
    chat.say("我一个人住，能吃低保不", "start_screening", program="dibao", living_alone=True)
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking not in {None, "household_size"}


def test_submit_said_to_a_question_of_money_is_a_wish_to_file(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao", household_size=3,
             monthly_income_total=900, car=False)  # fmt: skip
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "deposit"
    chat.say("对的 提交", "affirm")
    assert chat.state.asking == "consent"
    assert "deposit" not in chat.facts
