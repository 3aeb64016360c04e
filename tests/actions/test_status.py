"""进度、补充、撤回."""

from __future__ import annotations

import time_machine
from sqlalchemy import select

from cases import service
from cases.granted import AidGrant
from cases.models import Case, Disposition
from tests.actions.conftest import Chat, records
from tests.actions.test_dialogues import file
from tests.cases.builders import scope


def other_chat(chat: Chat) -> Chat:
    """The same resident in a new conversation, days later."""
    return Chat(chat.runtime)


def test_own_cases_are_shown_at_once(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    text = chat.say("办到哪了", "check_status")
    assert "王桂兰的低保" in text
    assert "已收到" in text
    assert "3个工作日" in text
    assert chat.state.asking is None


def test_elsewhere_receipt_and_phone_tail_are_the_proof(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    receipt = records(chat.runtime)[0]["receipt"]
    later = other_chat(chat)
    assert "回执号" in later.say("我的低保批到哪了", "check_status", program="dibao")
    assert "最后四位" in later.say(receipt)
    text = later.say("8000")
    assert "已收到" in text
    assert "王桂兰" not in text


def test_a_wrong_tail_shows_nothing(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    receipt = records(chat.runtime)[0]["receipt"]
    later = other_chat(chat)
    later.say("查进度", "check_status")
    later.say(receipt)
    text = later.say("1234")
    assert "对不上" in text
    assert "已收到" not in text
    assert later.state.asking == "receipt"


def test_after_five_wrong_tails_the_door_closes_for_a_while(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    receipt = records(chat.runtime)[0]["receipt"]
    later = other_chat(chat)
    later.say("查进度", "check_status")
    for _ in range(7):
        later.say(receipt)
        if later.state.asking != "phone_tail":
            break
        later.say("1234")
    assert "一刻钟" in later.text


def test_a_number_of_another_office_is_explained(chat: Chat) -> None:
    text = chat.say("SB20250511033 到哪了", "check_status", case_no="SB20250511033")
    assert "不是我们这里的回执号" in text
    assert "WZ" in text
    assert chat.state.asking == "receipt"


def test_without_a_receipt_the_community_helps(chat: Chat) -> None:
    chat.say("查进度", "check_status")
    text = chat.say("没有", "deny")
    assert "村（社区）" in text
    assert chat.state.flow == []


def test_a_deadline_that_has_passed_is_owned_up_to(chat: Chat, now: time_machine.Traveller) -> None:
    file(chat, "王桂兰", "13800138000")
    now.shift(14 * 86400)
    assert "对不起" in chat.say("怎么还没人联系我", "check_status")


def test_papers_wanted_are_named(chat: Chat) -> None:
    from cases.sealing import seal
    from foundation import clock

    file(chat, "王桂兰", "13800138000")
    with chat.runtime.database.write() as session:
        [case] = session.query(Case)
        case.waiting_since = clock.now()
        case.waiting_text_encrypted = seal(
            chat.runtime.cipher, "case_record.waiting_text", case.id, "残疾证复印件"
        )
    text = chat.say("办到哪了", "check_status")
    assert "需要您补材料" in text
    assert "残疾证复印件" in text


def grant(chat: Chat, amount: str, unit: str, starts: str, until: str = "") -> None:
    """An amount on the only case, recorded by one and confirmed by another."""
    receipt, cipher = records(chat.runtime)[0]["receipt"], chat.runtime.cipher
    with chat.runtime.database.write() as session:
        if not session.query(Disposition).count():
            service.dispose(session, cipher, scope(), receipt, "D2", "按规定推送办理")
        before = set(session.scalars(select(AidGrant.id)))
        award = service.Award("dibao", amount, unit, starts, "3", until)
        service.record_grant(session, cipher, scope(), receipt, award)
        [made] = set(session.scalars(select(AidGrant.id))) - before
        service.confirm_grant(session, cipher, scope(worker_id="b" * 32), receipt, made)


def test_what_is_received_is_told_with_its_date_and_only_from_the_record(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    assert "每月" not in chat.say("办到哪了", "check_status")
    grant(chat, "650", "month", "2026-04-01", "2026-09-30")
    assert "登记的低保：每月650元，从2026年4月1日到2026年9月30日。" in chat.say(
        "我领多少", "check_status"
    )
    grant(chat, "712.50", "month", "2026-07-01")
    grant(chat, "300", "once", "2026-02-10")
    told = chat.say("我领多少", "check_status").splitlines()[1:]
    assert told == [
        "登记的低保：每月712.50元，从2026年7月1日起。",
        "登记的低保：每月650元，从2026年4月1日到2026年6月30日。",
        "登记的低保：一次性300元，2026年2月10日发放。",
    ]
    asked = chat.say("低保一个月多少钱", "ask_amount_standard", program="dibao")
    assert asked.splitlines()[0] == told[0]
    assert "每月" not in other_chat(chat).say("办到哪了", "check_status")


def test_a_change_goes_to_the_only_case(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    assert "已经补到" in chat.say("我又失业了", "update_case", lost_job=True)
    assert records(chat.runtime)[0]["facts"]["lost_job"] is True


def test_without_saying_what_it_asks_what(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    chat.say("我要改一下信息", "update_case")
    assert chat.state.asking == "update_text"
    chat.say("我换电话了，13900139000", "update_case")
    assert records(chat.runtime)[0]["facts"]["phone"] == "13900139000"


def test_with_two_cases_it_asks_which(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    file(chat, "徐素华", "13800138002", relation="母亲")
    chat.say("我又失业了", "update_case", lost_job=True)
    assert chat.state.asking == "which_case"
    chat.press("陈国富")
    cases = {case["facts"]["name"]: case["facts"] for case in records(chat.runtime)}
    assert cases["陈国富"]["lost_job"] is True
    assert "lost_job" not in cases["徐素华"]


def test_withdrawing_is_confirmed_first(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    assert "确定撤回吗" in chat.say("不想办了，撤了吧", "withdraw_case")
    assert records(chat.runtime)[0]["state"] == "pending_review"
    assert "没有撤" in chat.say("不撤了", "deny")
    assert records(chat.runtime)[0]["state"] == "pending_review"
    chat.say("还是撤了", "withdraw_case")
    chat.press("确定撤回")
    assert records(chat.runtime)[0]["state"] == "ended"


def test_one_answer_never_withdraws_two(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    file(chat, "徐素华", "13800138002", relation="母亲")
    chat.say("撤回", "withdraw_case")
    chat.say("都撤了", "affirm")
    chat.say("对", "affirm")
    states = [case["state"] for case in records(chat.runtime)]
    assert states.count("ended") <= 1


def test_keeping_one_of_three_settles_nothing(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    file(chat, "徐素华", "13800138002", relation="母亲")
    file(chat, "陈小明", "13800138003", relation="儿子")
    chat.say("删掉一份，留我妈的", "withdraw_case", for_relation="母亲")
    assert chat.state.asking == "which_case"
    assert all(case["state"] != "ended" for case in records(chat.runtime))


def test_naming_the_one_to_withdraw(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    file(chat, "徐素华", "13800138002", relation="母亲")
    text = chat.say("把陈国富那份撤了", "withdraw_case", name="陈国富")
    assert "要撤回的是：陈国富" in text
    chat.press("确定")
    states = {case["facts"]["name"]: case["state"] for case in records(chat.runtime)}
    assert states == {"陈国富": "ended", "徐素华": "pending_review"}


def test_with_nothing_filed_it_asks_for_the_receipt(chat: Chat) -> None:
    chat.say("刚才我提交了两份", "check_status")
    assert chat.state.asking == "receipt"
    assert "不是我们这里的回执号" in chat.say("SB20250511033", case_no="SB20250511033")
    assert chat.state.asking == "receipt"
    assert records(chat.runtime) == []


def test_a_finished_case_cannot_be_withdrawn(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    chat.say("撤了吧", "withdraw_case")
    chat.press("确定")
    assert "已经结束了" in chat.say("撤了吧", "withdraw_case")


def test_a_riddle_after_a_person_was_offered_breaks_nothing(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    for said in ("王桂兰", "13900000116", "忠县"):
        chat.say(said, region="重庆市忠县") if said == "忠县" else chat.say(said, name="王桂兰")
    chat.say("提交", "affirm")
    chat.say("帮邻居王婆婆报一下，八十多了没人管", "report_for_other", for_relation="邻居")
    for said in ("忠县", "二组", "匿名"):
        chat.say(said, region="重庆市忠县") if said == "忠县" else chat.say(said)
    chat.say("提交", "affirm")
    chat.say("我要撤回申请", "withdraw_case")
    while chat.state.asking == "which_case":
        chat.say("尼玛扎西", "nlu_fallback")
    assert chat.state.asking == "offer_person"
    assert chat.say("。。。", "out_of_scope_chitchat")
