"""What residents ask and tell in the middle of a talk: details, obstacles, and who is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from actions import plain_questions
from tests.actions.conftest import Chat

WUYANG = "重庆市忠县乌杨街道"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("是不是要全村开会举手", "群众评议这一步"),
        ("要不要群众评议", "群众评议这一步"),
        ("我不识字 表咋填", "不会写字不要紧"),
        ("得不得要她自己去按手印", "不会写字不要紧"),
        ("用不用我跑到县里去", "先到户口所在的乡镇"),
        ("我户口没迁过来 能办救助不", "不看户口"),
        ("要不要带身份证", "不用填身份证号"),
        ("我耳朵不好使", "这里都是字"),
        ("我能干活 是不是就不给评", "不能只因为年轻"),
        ("没有低保 残疾人那个补贴给不给", "护理补贴"),
        ("能不能上门评残", "归残联"),
        ("停了的那三个月给补发吗", "不敢说死"),
        ("不要按月的 有没有一次性的", "一次性或短期"),
        ("养几头猪算不算", "种养"),
        ("欠的债能不能扣掉", "照实说"),
        ("娃的学费可不可以减免", "小学、初中不收学费"),
        ("医院的发票丢了", "补打"),
        ("去年住的院 现在还能报吗", "别自己先放弃"),
        ("工伤的赔偿款算不算收入", "一般要算进收入"),
    ],
)
@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope_gov", "ask_materials"])
def test_it_is_answered_in_the_middle_of_a_declaration(
    chat: Chat, text: str, words: str, intent: str
) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region=WUYANG)
    chat.press("都同意")
    said = chat.say(text, intent, confidence=0.5)
    assert words in said
    assert chat.state.asking == "name"


@pytest.mark.parametrize(
    "text",
    [
        "这房子算不算C级危房",
        "低保户口分开的能不能一起办",
        "我会写字",
        "残疾人得低保吗",
        "我本人已经签了字",
        "村里开会定的 没我家",
        "失业补助是一次性的吗",
        "停了三个月 补了材料也不发",
        "学费贷款什么时候还",
        "他自己会签合同",
        "我妈耳朵背，二级听力残疾",
        "我手脚不好使，干不了活",
    ],
)
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    third = Path(plain_questions.__file__).with_name("plain_questions_4.yml")
    rows = {row["words"] for row in YAML(typ="safe", pure=True).load(third.read_text("utf-8"))}
    found = plain_questions.find(text, "dibao", about=True)
    assert found is None or found.words.pattern not in rows


def test_three_questions_at_once_are_answered_each(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="内蒙古自治区兴安盟突泉县")
    chat.press("都同意")
    said = chat.say("先问哈 养羊算不算 欠的钱能不能扣 还有要不要投票", "ask_income_property_rules")
    assert "您问了3件事" in said
    assert "种养" in said
    assert "照实说" in said
    assert "投票" in said


@pytest.mark.parametrize("text", ["行 接着来", "要得 往下走嘛", "继续问吧"])
def test_who_says_go_on_is_asked_on(chat: Chat, text: str) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region=WUYANG)
    chat.press("都同意")
    said = chat.say(text, "affirm")
    assert "没听明白" not in said
    assert chat.state.asking == "name"


def test_a_disabled_persons_stopped_grant_is_no_dibao(chat: Chat) -> None:
    said = chat.say(
        "残联咋回事 我家补贴停了也没人通知", "ask_review_or_stop", program="canji_butie"
    )
    assert "残疾人证" in said
    assert "低保" not in said.split("。")[0].replace("不在低保", "")


def test_whose_grant_it_is_declares_nothing(chat: Chat) -> None:
    chat.say("护理补贴怎么停了", "ask_review_or_stop", program="canji_butie")
    chat.say("我妈的 二级 起不来床", "self_declare", confidence=0.6, program="canji_butie",
             disability_level="二级", for_relation="母亲")  # fmt: skip
    assert chat.state.asking == "region"
    assert not chat.state.draft


def test_all_of_it_takes_in_what_was_named_beside(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao", region=WUYANG, household_size=3,
             monthly_income_total=900, hukou="rural", car=False, deposit=0,
             disability_level="二级", disability_type="肢体")  # fmt: skip
    chat.say("全都申请", "self_declare")
    assert {"dibao", "canji_butie"} <= set(chat.state.draft["programmes"])


def test_the_eldest_childs_age_counts_and_never_the_carers(chat: Chat) -> None:
    chat.say("娃他爸死了，妈跑了", parents_status="父亡母失联", father_state="dead",
             mother_state="lost_contact")  # fmt: skip
    chat.say("两个娃 一个七岁 一个十二岁", num_children=2)
    assert chat.facts["age"] == 12
    chat.say("我是他们外婆 六十六了", age=66)
    assert chat.facts["age"] == 12


def test_the_carers_age_is_no_answer_to_the_childs(chat: Chat) -> None:
    chat.say("孙子没爹没妈了", "start_screening", program="gu_er_ertong", orphan=True,
             region=WUYANG)  # fmt: skip
    assert chat.state.asking == "age"
    chat.say("我今年七十二了", age=72)
    assert "age" not in chat.facts


def test_a_mother_in_law_who_lives_along_is_one_more(chat: Chat) -> None:
    chat.say("就我带两个娃", household_size=3, region=WUYANG)
    said = chat.say("还有娃他奶奶 跟到我们一起吃")
    assert chat.facts["household_size"] == 4
    assert "4口人" in said


def test_a_household_counted_by_figure_stays(chat: Chat) -> None:
    chat.say("家里五口人", household_size=5, region=WUYANG)
    chat.say("还有老人跟我们住", confidence=0.9)
    assert chat.facts["household_size"] == 5


def test_a_slip_of_the_tongue_is_put_right(chat: Chat) -> None:
    chat.say("住院花了七万多", medical_expense=70000, program="yiliao", region=WUYANG)
    said = chat.say("不是七万是八万多记错了", correction=True)
    assert chat.facts["medical_expense"] == 80000
    assert "80000" in said


def test_a_death_is_met_with_a_word(chat: Chat) -> None:
    said = chat.say("我老公上个月走了", death_in_family=True, marital="丧偶")
    assert said.startswith("请您节哀")


@pytest.mark.parametrize("intent", ["inform_facts", "out_of_scope_gov"])
def test_just_out_of_hospital_is_kept_and_asked_on(chat: Chat, intent: str) -> None:
    said = chat.say("前天才出院，在家养病", intent, confidence=0.6)
    assert "没听明白" not in said
    assert chat.state.asking == "region"
    assert any("出院" in one["text"] for one in chat.state.story)


def test_how_one_is_insured_is_told_and_not_turned_away(chat: Chat) -> None:
    chat.say("医疗救助够不够", "start_screening", program="yiliao", region=WUYANG)
    said = chat.say("我交的是职工医保", "out_of_scope_gov", confidence=0.9)
    assert "12393" not in said


def struck(chat: Chat) -> None:
    chat.say("山垮了，灶房埋了", "crisis_emergency", crisis_kind="disaster", disaster="滑坡",
             program="shouzai")  # fmt: skip
    chat.say("住在村委会", confidence=0.9)
    chat.say("忠县乌杨", region=WUYANG)


def test_who_sleeps_in_the_village_hall_without_bedding_has_a_roof(chat: Chat) -> None:
    struck(chat)
    said = chat.say("被子全湿了 夜里冷", "crisis_emergency", crisis_kind="homeless")
    assert "没地方住" not in said
    assert "被子、衣服" in said


def test_without_a_roof_it_stays_a_cry_for_help(chat: Chat) -> None:
    chat.say("房子塌了", "crisis_emergency", crisis_kind="disaster", disaster="滑坡")
    said = chat.say("没处睡 被子也没有", "crisis_emergency", crisis_kind="homeless")
    assert "没地方住" in said


def test_what_rebuilding_brings_is_answered_for_the_disaster(chat: Chat) -> None:
    struck(chat)
    said = chat.say("重修房子国家补不补钱", "ask_amount_standard", program="zhufang")
    assert "建房修房的补助" in said
    said = chat.say("危房改造是不是要排队", "ask_processing_time", program="zhufang")
    assert "轮候" in said


def reporting(chat: Chat) -> None:
    chat.say("厝边有个阿婆八十几岁 行袂去", "report_for_other", for_relation="邻居")


def test_money_told_where_the_place_was_asked_is_no_place(chat: Chat) -> None:
    reporting(chat)
    said = chat.say("伊一个月干焦领百外箍养老金")
    assert "没对上" not in said
    assert chat.state.asking == "region"


def test_a_question_where_it_was_asked_how_to_find_him_is_answered(chat: Chat) -> None:
    reporting(chat)
    chat.say("安溪县湖头镇", region="福建省泉州市安溪县湖头镇")
    assert chat.state.asking == "whereabouts"
    said = chat.say("会使共伊办特困无", "ask_where_to_apply", confidence=0.3, program="tekun")
    assert "三样都要占" in said
    said = chat.say("是毋是爱伊家己去签名", "nlu_fallback", confidence=0.2)
    assert "不会写字不要紧" in said
    assert chat.state.asking == "whereabouts"


def test_another_programme_asked_for_meanwhile_is_looked_at_too(chat: Chat) -> None:
    chat.say("医疗救助够不够", "start_screening", program="yiliao", region=WUYANG)
    asking = chat.state.asking
    said = chat.say("要是不够 低保呢", "start_screening", program="dibao")
    assert "低保也一起看" in said
    assert chat.state.asking == asking


def test_who_lets_it_be_before_it_is_sent_is_asked_for_no_receipt(chat: Chat) -> None:
    chat.say("邻居老人八十了没人管，屋里没米没柴", "report_for_other", for_relation="邻居",
             region=WUYANG)  # fmt: skip
    chat.say("三组")
    chat.say("匿名", "ask_privacy")
    assert chat.state.asking == "review"
    said = chat.say("算了不报了，怕他恨我", "withdraw_case", confidence=0.6)
    assert "回执号" not in said
    assert "先不报" in said


def test_how_long_it_holds_is_asked_of_what_was_told(chat: Chat) -> None:
    chat.say("刚性支出困难家庭是什么", "ask_program_overview", program="gangxing_zhichu")
    assert "没听明白" not in chat.say("一般管多久", "out_of_scope_gov", confidence=0.5)


def test_how_often_it_is_looked_at_is_no_question_of_signing(chat: Chat) -> None:
    said = chat.say("低保一年查几次，还老要他去按手印", "ask_review_or_stop", program="dibao")
    assert "每半年" in said
