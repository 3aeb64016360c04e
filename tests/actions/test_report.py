"""反映别人: whom, what, where, how to find them; the reporter may stay unknown."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat, records


def test_an_anonymous_report_reaches_the_queue(chat: Chat) -> None:
    chat.say("邻居张大爷一个人瘫在床上好几天没人管", "report_for_other",
             for_relation="邻居", living_alone=True)  # fmt: skip
    assert "不会告诉他是谁说的" in chat.text
    assert chat.state.asking == "region"
    chat.say("石宝镇3组", region="重庆市忠县石宝镇")
    assert chat.state.asking == "whereabouts"
    chat.say("村口小卖部旁边", "out_of_scope_chitchat")
    assert chat.state.asking == "phone"
    chat.say("匿名", "deny")
    assert "邻居张大爷一个人瘫在床上" in chat.text
    assert "已经报上去了" in chat.press("提交")
    [case] = records(chat.runtime)
    assert case["discovery"] == "public_report"
    assert case["relation"] == "邻居"
    assert case["facts"]["living_alone"] is True
    assert case["facts"]["whereabouts"] == "村口小卖部旁边"
    assert "phone" not in case["facts"]
    assert case["region"] == "500233107"


def test_with_nothing_said_it_asks_whom_and_what(chat: Chat) -> None:
    chat.say("我要反映", "report_for_other")
    assert chat.state.asking == "for_relation"
    chat.say("隔壁的")
    assert chat.facts["for_relation"] == "邻居"
    assert chat.state.asking == "situation"
    chat.say("男的瘫了，女的疯疯癫癫，没人管", "report_for_other")
    assert chat.state.asking == "region"


def test_the_speakers_own_facts_stay_apart_and_come_back(chat: Chat) -> None:
    chat.say("我家三口人，一个月八百", "start_screening", household_size=3,
             monthly_income_total=800, region="重庆市开州区")  # fmt: skip
    chat.say("对了我想反映楼上那家，很可怜，五口人住危房", "report_for_other",
             for_relation="邻居", household_size=5, housing="危房")  # fmt: skip
    assert "monthly_income_total" not in chat.facts
    assert chat.facts["household_size"] == 5
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("不清楚", unknown=True)
    chat.say("匿名", "deny")
    chat.press("提交")
    [case] = records(chat.runtime)
    assert case["facts"]["household_size"] == 5
    assert "monthly_income_total" not in case["facts"]
    assert chat.facts["household_size"] == 3
    assert chat.facts["monthly_income_total"] == 800
    assert chat.state.region == "500154"


def test_a_reporter_may_leave_a_phone(chat: Chat) -> None:
    chat.say("我叔叔家房子要倒了，一个人住着没人管", "report_for_other", for_relation="叔叔")
    chat.say("石宝镇", region="重庆市忠县石宝镇")
    chat.say("张家院子", "nlu_fallback")
    chat.say("13800138000")
    chat.press("提交")
    [case] = records(chat.runtime)
    assert case["facts"]["phone"] == "13800138000"


def test_a_report_in_the_middle_of_an_own_declaration(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    chat.say("王桂兰")
    chat.say("对了我们楼上一个老人瘫在床上没人管", "report_for_other", for_relation="邻居")
    assert "name" not in chat.facts
    chat.say("石宝镇", region="重庆市忠县石宝镇")
    chat.say("不清楚", unknown=True)
    chat.say("匿名", "deny")
    text = chat.press("提交")
    assert "接着办您自己的" in text
    assert chat.facts["name"] == "王桂兰"
    assert chat.state.asking == "phone"
    chat.say("13800138000")
    chat.say("忠县", region="重庆市忠县")
    chat.press("提交")
    assert {case["discovery"] for case in records(chat.runtime)} == {
        "public_report", "self_declaration",
    }  # fmt: skip


def test_a_report_not_sent_gives_the_own_facts_back(chat: Chat) -> None:
    chat.say("我家三口人", household_size=3)
    chat.say("邻居家五口人住危房，可怜得很没人管", "report_for_other", for_relation="邻居",
             household_size=5)  # fmt: skip
    chat.say("石宝镇", region="重庆市忠县石宝镇")
    chat.say("不清楚", unknown=True)
    chat.say("匿名", "deny")
    chat.press("先不交")
    assert chat.facts["household_size"] == 3
    assert records(chat.runtime) == []


@pytest.mark.parametrize("words", [
    "我反映我们组上老光棍何三，脑壳有点问题，饭都要人喂",
    "反映一下，我们村里有个老人瘫了没人管",
    "同志我想反映个情况，隔壁有户人家两个娃没大人",
    "我来说一下我们楼下那个老太太，几天没出门了",
])  # fmt: skip
def test_another_s_need_taken_for_a_complaint_is_a_report(chat: Chat, words: str) -> None:
    chat.say(words, "ask_appeal_complaint", confidence=0.3)
    assert chat.state.draft["kind"] == "report"


@pytest.mark.parametrize("words", [
    "我反映我们村书记优亲厚友", "我要反映隔壁有车还吃低保，一家都有钱", "我反映低保停了没说为啥",
])  # fmt: skip
def test_a_complaint_stays_one(chat: Chat, words: str) -> None:
    chat.say(words, "ask_appeal_complaint", confidence=0.3)
    assert chat.state.draft == {}


def test_after_a_report_one_s_own_household_is_a_matter_of_its_own(chat: Chat) -> None:
    chat.say("反映我们组上老光棍何三，饭都要人喂", "report_for_other", self_care="不能自理")
    assert chat.facts["for_relation"] == "同村人"
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("三组何三", name="何三")
    said = chat.say("匿名", "deny")
    assert "反映的是谁：何三" in said
    assert "姓名：" not in said, "whose name it is has to be clear"
    chat.press("提交")
    [report] = records(chat.runtime)
    said = chat.say("那我自己呢，我家也恼火，三个人一个月六百块，农村的",
             household_size=3, monthly_income_total=600, hukou="rural")  # fmt: skip
    assert "补到" not in chat.text
    assert "name" not in chat.facts
    assert chat.facts["household_size"] == 3
    assert "您家先按重庆市忠县石宝镇算，不对就说" in said
    assert chat.state.region == "500233107"
    assert "household_size" not in records(chat.runtime)[-1]["facts"], report["receipt"]


@pytest.mark.parametrize(
    "words", ["我自己家也恼火，三口人一个月六百", "对了我们也困难，三口人一个月六百"]
)
def test_ones_own_trouble_told_meanwhile_stays_out_of_the_report(chat: Chat, words: str) -> None:
    chat.say("反映我们组上老光棍何三，饭都要人喂", "report_for_other", household_size=1)
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    said = chat.say(words, household_size=3, monthly_income_total=600)
    assert "先记着" in said
    assert chat.state.asking == "whereabouts"
    chat.say("三组何三")
    chat.say("匿名", "deny")
    said = chat.press("提交")
    [case] = records(chat.runtime)
    assert case["facts"]["household_size"] == 1
    assert "monthly_income_total" not in case["facts"]
    assert "接着办您自己的" in said
    assert chat.facts["household_size"] == 3
    assert chat.facts["monthly_income_total"] == 600
    assert chat.state.flow == ["screening"]


def test_next_to_my_house_is_the_neighbours(chat: Chat) -> None:
    chat.say("反映我们组上老光棍何三", "report_for_other")
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("就在我家隔壁，他一个人过", living_alone=True)
    chat.say("匿名", "deny")
    chat.press("提交")
    [case] = records(chat.runtime)
    assert case["facts"]["living_alone"] is True


def test_a_place_told_after_the_report_is_the_one_of_the_report(chat: Chat) -> None:
    chat.say("我是网格员，那户人两个娃没大人", "report_for_other", for_relation="居民")
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("不清楚", unknown=True)
    chat.say("13800138000")
    chat.press("提交")
    chat.say("那我自己家呢，三口人一个月六百", household_size=3, monthly_income_total=600)
    assert chat.state.region is None, "an official need not live there"
    meant = ["内蒙古自治区包头市达尔罕茂明安联合旗石宝镇", "重庆市忠县石宝镇"]
    chat.say("也是石宝镇", region=[meant])
    assert chat.state.region == "500233107"
    assert "phone" in chat.facts, "the reporter's telephone is the speaker's"
