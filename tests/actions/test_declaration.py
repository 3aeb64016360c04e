"""自主申报: consent, what is missing, the review card, filing."""

from __future__ import annotations

import statistics

from actions.consents import consent_texts
from cases.models import Consent
from tests.actions.conftest import Chat, records


def declare(chat: Chat, **facts: object) -> None:
    """Up to the review card for 低保 in 忠县."""
    chat.say("我要申请低保", "self_declare", program="dibao", **facts)
    chat.press("都同意")
    chat.say("王桂兰")
    chat.say("13800138000")
    chat.say("忠县拔山镇", region="重庆市忠县拔山镇")


def test_from_nothing_to_a_receipt_in_six_turns(chat: Chat) -> None:
    declare(chat)
    assert chat.state.asking == "review"
    chat.press("提交")
    assert chat.turns == 6
    [case] = records(chat.runtime)
    assert case["facts"]["name"] == "王桂兰"
    assert case["programmes"] == ["dibao"]


def test_the_median_of_five_ways_to_declare_is_at_most_eight_turns(chat: Chat) -> None:
    from tests.actions.conftest import Chat as NewChat

    counts = []
    declare(chat)
    chat.press("提交")
    counts.append(chat.turns)

    talker = NewChat(chat.runtime)
    talker.say("帮我们登记一下吧", "self_declare")
    talker.press("都同意")
    talker.press("看病花钱多")
    talker.say("我叫陈国富")
    talker.say("没有手机", "deny")
    talker.say("开州区", region="重庆市开州区")
    talker.say("对", "affirm")
    counts.append(talker.turns)

    brief = NewChat(chat.runtime)
    brief.say(
        "我叫李秀珍，电话13900139000，忠县石宝镇的，三口人没收入，要申请低保", "self_declare",
        name="李秀珍", region="重庆市忠县石宝镇", household_size=3, monthly_income_total=0,
        program="dibao",
    )  # fmt: skip
    brief.press("都同意")
    brief.press("提交")
    counts.append(brief.turns)

    evasive = NewChat(chat.runtime)
    evasive.say("我要申请", "self_declare")
    for _ in range(7):
        if evasive.state.asking == "review":
            break
        evasive.say("不清楚", unknown=True) if evasive.state.asking != "consent" else evasive.press(
            "都同意"
        )
    evasive.press("提交")
    counts.append(evasive.turns)

    wordy = NewChat(chat.runtime)
    wordy.say("我要申请临时救助", "self_declare", program="linshi")
    wordy.say("我叫吴小英", name="吴小英")
    wordy.say("13700137000")
    wordy.say("万州区", region="重庆市万州区")
    wordy.say("对的 提交", "affirm")
    counts.append(wordy.turns)

    assert len(records(chat.runtime)) == 5
    assert statistics.median(counts) <= 8
    assert max(counts) <= 8


def test_every_optional_fact_may_be_missing(chat: Chat) -> None:
    chat.say("我要申请救助", "self_declare")
    chat.press("都同意")
    for _ in range(4):
        assert chat.state.asking != "review"
        chat.say("不清楚", unknown=True)
    assert chat.state.asking == "review"
    assert "回执号WZ" in chat.press("提交")
    assert "没留电话" in chat.text
    [case] = records(chat.runtime)
    assert case["facts"] == {}
    assert case["departments"]


def test_the_id_number_is_never_asked(chat: Chat) -> None:
    declare(chat)
    assert "身份证" not in chat.text


def test_both_consents_are_stored_with_the_hash_of_what_was_shown(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    shown = chat.text
    chat.press("都同意")
    chat.say("王桂兰")
    chat.say("没有", "deny")
    chat.say("忠县", region="重庆市忠县")
    chat.press("提交")
    texts = consent_texts()
    with chat.runtime.database.read() as session:
        stored = {row.kind: row for row in session.query(Consent)}
    assert set(stored) == {"general", "sensitive"}
    for kind, row in stored.items():
        assert texts[kind].text in shown
        assert (row.version, row.text_hash) == (texts[kind].version, texts[kind].digest)


def test_without_the_second_consent_health_stays_out_of_the_case(chat: Chat) -> None:
    chat.say("我要申请低保，我肺癌", "self_declare", program="dibao", disease="肺癌",
             medical_expense_self=30000, household_size=2)  # fmt: skip
    chat.press("只同意第一项")
    chat.say("王桂兰")
    chat.say("13800138000")
    chat.say("忠县", region="重庆市忠县")
    chat.press("提交")
    [case] = records(chat.runtime)
    assert "disease" not in case["facts"]
    assert "medical_expense_self" not in case["facts"]
    assert case["facts"]["household_size"] == 2


def test_the_second_consent_can_still_be_left_out_on_the_review_card(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", disease="肺癌")
    chat.say("我叫王桂兰", name="王桂兰")
    chat.say("13800138000")
    chat.say("忠县", region="重庆市忠县")
    chat.press("不登记健康")
    [case] = records(chat.runtime)
    assert "disease" not in case["facts"]
    with chat.runtime.database.read() as session:
        assert {row.kind for row in session.query(Consent)} == {"general"}


def test_refusing_consent_files_nothing_and_names_the_desk(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    assert "书面申请" in chat.press("不同意")
    assert records(chat.runtime) == []
    assert chat.state.flow == []


def test_a_word_on_the_review_card_changes_it(chat: Chat) -> None:
    declare(chat, household_size=3)
    text = chat.say("写错了，是四口人", household_size=4, correction=True)
    assert "家里4口人" in text
    assert chat.state.asking == "review"
    chat.press("改姓名")
    chat.say("王桂兰兰")
    assert "姓名：王桂兰兰" in chat.text
    chat.press("改电话")
    assert "十一位" in chat.say("138001380")
    chat.say("13900139000")
    assert "139****9000" in chat.text
    chat.press("改住处")
    chat.say("开州区", region="重庆市开州区")
    assert "重庆市开州区" in chat.text
    chat.press("改要办的事")
    chat.press("看病")
    chat.press("提交")
    [case] = records(chat.runtime)
    assert case["facts"]["household_size"] == 4
    assert case["facts"]["phone"] == "13900139000"
    assert case["region"] == "500154"
    assert case["needs"] == ["medical"]


def test_no_on_the_review_card_asks_what_to_change(chat: Chat) -> None:
    declare(chat)
    assert "哪里要改" in chat.say("不对", "deny")
    assert "1 改姓名" in chat.titles
    assert records(chat.runtime) == []


def test_not_now_keeps_everything(chat: Chat) -> None:
    declare(chat)
    chat.press("先不交")
    assert chat.state.flow == []
    chat.say("我要申请", "self_declare")
    assert chat.state.asking == "review"
    assert "王桂兰" in chat.text


def test_a_question_in_between_is_answered_and_the_draft_goes_on(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    assert chat.state.asking == "name"
    chat.say("要带啥材料", "ask_materials")
    assert "utter_answer" in chat.responses
    assert chat.responses[-1] == "utter_ask_name"
    chat.say("王桂兰")
    assert chat.state.asking == "phone"


def test_an_unknown_place_is_kept_in_the_residents_words(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    chat.say("王桂兰")
    chat.say("没有", "deny")
    assert "没对上" in chat.say("大槐树底下", "nlu_fallback")
    chat.say("就是大槐树那里", "nlu_fallback")
    assert chat.state.asking == "review"
    assert "大槐树" in chat.text
    assert "回执号WZ" in chat.press("提交")


def test_a_place_told_while_the_name_is_asked_is_no_name(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("同意")
    assert chat.state.asking == "name"
    chat.say("石柱的", region="重庆市石柱土家族自治县")
    assert "name" not in chat.facts
    assert chat.facts["region"] == "重庆市石柱土家族自治县"
    chat.say("李秀琴")
    assert chat.facts["name"] == "李秀琴"


def test_the_mothers_declaration_has_its_own_name(chat: Chat) -> None:
    declare(chat, disability_level="二级")
    chat.press("提交")
    chat.say("再给我妈报一份低保", "self_declare", program="dibao", for_relation="母亲")
    chat.press("都同意")
    assert chat.state.asking == "name"
    assert "disability_level" not in chat.facts
    chat.say("徐素华")
    assert chat.state.asking == "review"
    assert "替谁：母亲" in chat.text
    chat.press("提交")
    by_name = {case["facts"]["name"]: case for case in records(chat.runtime)}
    assert by_name["徐素华"]["relation"] == "母亲"
    assert "disability_level" not in by_name["徐素华"]["facts"]
    assert by_name["王桂兰"]["facts"]["disability_level"] == "二级"


def test_the_receipt_names_office_deadline_and_next_step(chat: Chat) -> None:
    declare(chat)
    text = chat.press("提交")
    [case] = records(chat.runtime)
    assert case["receipt"] in text
    assert "重庆市忠县拔山镇民政办" in text
    assert "2026年3月5日" in text
    assert "登记不等于批下来" in text
    assert "不用您交" in text


def test_facts_after_filing_go_to_the_filed_case(chat: Chat) -> None:
    declare(chat)
    chat.press("提交")
    assert "补到" in chat.say("对了我还有个娃在读小学", num_children=1, student_stage="小学")
    [case] = records(chat.runtime)
    assert case["facts"]["num_children"] == 1


def test_the_screening_goes_along_with_the_declaration(chat: Chat) -> None:
    from cases.models import Case
    from cases.sealing import unseal_json

    declare(chat, household_size=3, monthly_income_total=800, hukou="rural")
    chat.press("提交")
    with chat.runtime.database.read() as session:
        [case] = session.query(Case)
        screening = unseal_json(
            chat.runtime.cipher, "case_record.screening", case.id, case.screening_encrypted
        )
    assert screening["region"] == "500233116"
    assert {verdict["program"] for verdict in screening["verdicts"]} >= {"dibao", "linshi"}


def test_asking_whether_one_qualifies_while_declaring_is_answered(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", household_size=3,
             monthly_income_total=800, hukou="rural", region="重庆市忠县")  # fmt: skip
    chat.press("都同意")
    text = chat.say("那我能吃低保不", "start_screening", program="dibao")
    assert "目前看，低保可能符合" in text or "还说不准" in text
    assert chat.responses[-1] == "utter_ask_name"


def test_the_story_goes_along_in_the_residents_words(chat: Chat) -> None:
    from cases.models import Case
    from cases.sealing import unseal

    story = "男人走了，欠一屁股账八万多，娃还在读大二，我端盘子两千二，想申请一下低保"
    chat.say(story, "self_declare", program="dibao", debt=80000)
    chat.say("我叫李秀珍", name="李秀珍")
    chat.say("13800138000")
    chat.say("忠县", region="重庆市忠县")
    assert "您说的：男人走了" in chat.text
    chat.press("都对")
    with chat.runtime.database.read() as session:
        [case] = session.query(Case)
        assert unseal(chat.runtime.cipher, "case_record.story", case.id, case.story_encrypted) == (
            story
        )


def test_sudden_hardship_is_urgent(chat: Chat) -> None:
    chat.say("我要申请临时救助", "self_declare", program="linshi")
    chat.say("我叫吴小英", name="吴小英")
    chat.say("没有", "deny")
    chat.say("忠县", region="重庆市忠县")
    chat.press("提交")
    assert records(chat.runtime)[0]["urgency"] == "urgent"


def test_for_a_child_the_guardian_agrees_besides(chat: Chat) -> None:
    chat.say("我要给孙子申请孤儿补助", "self_declare", program="gu_er_ertong", for_relation="孙子")
    assert "监护人" in chat.text
    chat.press("都同意")
    chat.say("王小宝")
    chat.say("13800138000")
    chat.say("忠县", region="重庆市忠县")
    chat.press("提交")
    with chat.runtime.database.read() as session:
        assert {row.kind for row in session.query(Consent)} == {"general", "sensitive", "guardian"}


def test_a_name_instead_of_the_difficulty_is_kept_and_the_difficulty_asked_again(
    chat: Chat,
) -> None:
    chat.say("我要申报", "self_declare")
    chat.press("同意")
    assert chat.state.asking == "difficulty"
    chat.say("我叫冉启明", name="冉启明")
    assert chat.state.asking == "difficulty"
    chat.press("看病")
    assert chat.state.draft["needs"] == ["medical"]
    assert chat.facts["name"] == "冉启明"
