"""Questions in plain words, asked once and once more: answered, and nothing guessed from them."""

from __future__ import annotations

import pytest

from actions import plain_questions
from tests.actions.conftest import Chat

ZHONGXIAN = "重庆市忠县"


@pytest.mark.parametrize(
    ("text", "intent", "said", "never"),
    [
        ("我家一定能批下来不", "check_status", "不能打包票", "回执号"),
        ("申請低保是不是還要開會投票，鄰居舉手才算", "ask_materials", "评议", "身份证"),
        ("明年低保会涨到多少", "ask_amount_standard", "没有公布的我不知道", "元"),
        ("你们去年批了多少户", "ask_appeal_complaint", "这样的数我没有", "行政复议"),
        ("办这个是不是要先交钱", "bot_identity", "不收费", "电脑程序"),
        ("委托书怎么写", "out_of_scope_gov", "签名", "没听明白"),
        ("补差是怎么个补法", "out_of_scope_chitchat", "补", "帮不上忙"),
        ("村里说没名额了", "ask_appeal_complaint", "名额", "行政复议"),
        ("喊我去扫大街，我腰不行没去，会取消低保吗", "ask_review_or_stop", "正当理由", "核查一次"),
        ("把我说的话都删掉", "out_of_scope_chitchat", "撤回", "帮不上忙"),
        ("自闭症孩子康复训练有补贴吗", "start_screening", "残联", "几级"),
        ("现在想评个残疾证", "inform_facts", "残联", "住在哪"),
        ("救助站收不收钱", "ask_eligibility_conditions", "不收钱", "没听明白"),
        ("初步看算不算批了", "ask_income_property_rules", "不是认定", "租金"),
        ("我儿子不管我，低保会不会算他的工资", "ask_income_property_rules", "赡养", "租金利息"),
        ("那女婿的钱呢，要不要算他的收入", "ask_income_property_rules", "赡养", "租金利息"),
        ("低保停了没人通知我，该找谁说理", "ask_appeal_complaint", "停发低保，要告诉您", "没批的"),
        ("特困老人住敬老院要不要自己交钱", "ask_materials", "供养的钱", "身份证"),
        ("五保进敬老院还要交费不", "ask_where_to_apply", "供养的钱", "身份证"),
        ("临时救助一年能申请几次", "ask_eligibility_conditions", "没有统一的数", "急难型"),
        ("临时救助多久能到账", "ask_payment_problem", "3天", "没听明白"),
        ("残疾补贴换到外省还能领吗", "ask_other_benefits", "户籍地", "不冲突"),
        ("要不到工钱，能免费请律师吗", "ask_other_benefits", "讨薪", "诉讼费"),
        ("监测户和低保户有啥不一样", "ask_other_benefits", "不是一回事", "没听明白"),
        ("低保户找工作有什么帮扶", "ask_other_benefits", "培训", "渐退"),
        ("慈善会能不能帮我出手术费", "ask_other_benefits", "慈善会", "算收入"),
        ("你们那个核对会查我微信钱包吗", "ask_privacy", "存款", "不卖"),
        ("幼儿园有没有补助", "start_screening", "幼儿园", "哪个区县"),
        ("补差啥意思", "ask_program_overview", "补差额", "不是。"),
        ("我嫁过来户口没迁，能跟老公一起算低保吗", "start_screening", "夫妻", "记下了"),
        (
            "边缘家庭有大病的人，能一个人吃低保么",
            "ask_eligibility_conditions",
            "单人保",
            "必要花费",
        ),
        ("一家三口两个残疾人能拿几份补贴", "ask_amount_standard", "按人发", "各地定"),
        ("残疾证二级，退休金两千，护理补贴能领吗", "start_screening", "一般不看家里收入", "几口人"),
        ("孤儿能同时拿特困吗", "ask_other_benefits", "不再认特困", "没听明白"),
        ("低保户死了，那个月的钱还发不发", "ask_payment_problem", "核查", "换过、冻结"),
        ("上班了没报告，多领的钱要不要退", "out_of_scope_gov", "查清楚以后决定", "不归社会救助管"),
        ("我想不吃低保了，怎么退", "withdraw_case", "民政窗口", "回执号"),
        ("低保的钱打到老公卡上了，我想分开打", "ask_payment_problem", "带身份证和银行卡", "没到账"),
        ("独居老人能不能装个呼叫铃", "ask_eligibility_conditions", "上门", "按低保来答"),
        ("有没有人能陪我妈去医院", "out_of_scope_gov", "社工", "不归社会救助管"),
        ("被打伤了对方没钱赔，能申请司法救助吗", "start_screening", "只救助一次", "讨薪"),
        ("孩子读技校每年能拿几多", "out_of_scope_gov", "中职", "不归社会救助管"),
        ("小学生有没有午餐补助", "out_of_scope_gov", "学校", "不归社会救助管"),
        ("墙裂了一道缝怕塌，赶紧找谁", "start_screening", "先搬出来", "哪个区县"),
        ("公积金怎么提取", "out_of_scope_gov", "公积金中心", "12333"),
        ("房子裂了是危房谁来鉴定", "ask_appeal_complaint", "村委会", "行政复议"),
    ],
)
def test_a_plain_question_is_answered_whatever_it_was_taken_for(
    chat: Chat, text: str, intent: str, said: str, never: str
) -> None:
    answer = chat.say(text, intent)
    assert said in answer
    assert never not in answer


def test_words_that_only_name_the_thing_do_not_outvote_the_question(chat: Chat) -> None:
    said = chat.say("上门护理一次收多少", "ask_amount_standard", program="fuwu")
    assert "政府买单" in said
    assert "件事" not in said


def test_what_is_asked_about_is_not_held(chat: Chat) -> None:
    chat.say("五保一个月给多少", "inform_facts", program="tekun", receiving=["tekun"])
    assert "receiving" not in chat.facts
    chat.say("低保低保低保", "inform_facts", program="dibao", receiving=["dibao"])
    assert "receiving" not in chat.facts


def test_fear_of_a_stop_is_no_stop(chat: Chat) -> None:
    text = "我吃着低保，刚找了个活，是不是低保马上就没了"
    said = chat.say(text, "start_screening", program="dibao", stopped=["dibao"])
    assert "渐退" in said
    assert chat.facts.get("receiving") == ["dibao"]
    assert "stopped" not in chat.facts


@pytest.mark.parametrize(
    ("first", "then", "words"),
    [
        ("我闺女上大学，算不算家里人", "读研究生的呢", "研究生"),
        ("老公在坐牢，算不算家里人口", "儿子当兵去了呢", "当兵的人"),
    ],
)
def test_asked_of_others_nothing_is_told_of_ones_own(
    chat: Chat, first: str, then: str, words: str
) -> None:
    chat.say(first, "ask_family_definition", program="dibao")
    said = chat.say(then, "inform_facts", student_stage="研究生")
    assert words in said
    assert "student_stage" not in chat.facts
    assert chat.state.flow in ([], ["question"])


def test_the_standard_of_the_countryside_is_told_by_any_name(chat: Chat) -> None:
    chat.say("低保一个月多少", "ask_amount_standard", program="dibao", region=ZHONGXIAN)
    said = chat.say("屯子里的呢", "out_of_scope_chitchat")
    assert "农村每人每月630元" in said
    assert "城市" not in said


def test_another_programme_keeps_the_question(chat: Chat) -> None:
    chat.say("特困多久能批", "ask_processing_time", program="tekun")
    said = chat.say("低保呢", "ask_other_benefits", program="dibao")
    assert "30个工作日" in said


def test_who_is_in_one_programme_asks_what_another_gives(chat: Chat) -> None:
    place = "重庆市渝北区"
    chat.say("低保户医疗救助报多少", "ask_amount_standard", program="yiliao", region=place)
    said = chat.say("低保边缘的呢", "ask_other_benefits", program="dibao_bianyuan")
    assert "70%" in said


def test_another_question_is_no_follow_up(chat: Chat) -> None:
    chat.say("低保是什么", "ask_program_overview", program="dibao", region=ZHONGXIAN)
    assert "630" in chat.say("那多少钱呢", "ask_amount_standard")


def test_five_questions_get_five_answers(chat: Chat) -> None:
    text = "低保要什么条件、带什么材料、去哪里办、多久能批、批了几号发钱"
    said = chat.say(text, "nlu_fallback", program="dibao")
    for words in ("收入", "身份证", "户籍地", "工作日"):
        assert words in said
    assert "没找到可靠的说法" not in said


def test_a_question_beside_the_story_is_answered_and_help_offered(chat: Chat) -> None:
    text = "老公跑了找不到人，我一个人带三个娃，学费交不起，问下教育救助多久能下来"
    said = chat.say(
        text, "start_screening", program="jiaoyu", num_children=3, single_parent=True,
        secondary=("ask_processing_time",),
    )  # fmt: skip
    assert "学校" in said
    assert chat.state.asking == "offer_declare"


def test_a_place_after_a_question_opens_no_screening(chat: Chat) -> None:
    chat.say("五保老人走了，丧葬费谁出", "start_screening", program="tekun")
    said = chat.say("忠县永丰镇", region="重庆市忠县永丰镇")
    assert "多大岁数" not in said
    assert chat.state.flow == []


def test_a_name_of_a_response_is_one_of_the_domain() -> None:
    from actions.wording import words

    for one in plain_questions.known():
        assert one.says is None or words().has(one.says)
        assert one.says or one.asks


def test_a_whole_story_is_no_plain_question() -> None:
    story = (
        "我家四口人，老公瘫在床上，两个娃读书，房租欠了半年，房东天天来催，我想问一下我这种情况" * 2
    )
    assert plain_questions.find(story, "") is None


def test_no_plain_question_hides_danger(chat: Chat) -> None:
    said = chat.say("我不想活了，明年低保会涨到多少", "crisis_emergency", crisis_kind="self_harm")
    assert "12356" in said


@pytest.mark.parametrize(
    ("said", "intent", "words"),
    [
        ("租房补贴每月给几个钱", "ask_amount_standard", "各地标准不同"),
        ("申请公租房看不看老婆工资", "ask_income_property_rules", "收入"),
        ("住公租房以后工资提高了会收回吗", "ask_review_or_stop", "复核"),
    ],
)
def test_a_home_is_named_in_more_than_one_question(
    chat: Chat, said: str, intent: str, words: str
) -> None:
    assert words in chat.say(said, intent, program="zhufang")


def test_money_every_month_is_asked_of_what_was_talked_about(chat: Chat) -> None:
    chat.say("低保边缘户有啥好处", "ask_other_benefits", program="dibao_bianyuan")
    said = chat.say("每月发钱不", "out_of_scope_chitchat")
    assert "不按月发" in said


def test_a_son_who_pays_nothing_can_be_taken_to_court(chat: Chat) -> None:
    chat.say("儿子不给钱，他的工资算不算我的", "ask_income_property_rules", program="dibao")
    assert "12348" in chat.say("那我能告他不", "ask_appeal_complaint")


def test_from_which_month_it_is_paid_is_no_question_of_how_long(chat: Chat) -> None:
    said = chat.say("低保批下来第几个月开始打钱", "ask_processing_time", program="dibao")
    assert "下个月" in said
    assert "30个工作日" not in said


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("被偷了钱回不了家能不能给路费", "stranded", "救助"),
        ("孩子有先天性心脏病，能免费治吗", "heart_disease", "孩子"),
        ("我们牧区冬天没煤烧咋办", "heating_difficult", "取暖"),
    ],
)
def test_a_need_of_ours_is_sent_to_no_other_office(
    chat: Chat, text: str, key: str, said: str
) -> None:
    answer = chat.say(text, "out_of_scope_gov", **{key: True})
    assert "不归社会救助管" not in answer
    assert "父母两边" not in answer, "a sick child asks for no rule on orphans"
    assert said in answer


def test_savings_are_answered_with_the_rule_before_the_household_is_asked(chat: Chat) -> None:
    said = chat.say("家里有五万存款还能不能评", "start_screening", deposit=50000)
    assert "限额各地不同" in said
    assert chat.state.flow == ["screening"]


def test_a_question_that_tells_something_is_not_only_noted(chat: Chat) -> None:
    said = chat.say("救助站能不能帮我找工作", "nlu_fallback", program="liulang", wants_work=True)
    assert len(chat.responses) > 1, said


def test_two_allowances_at_once_are_those_just_told(chat: Chat) -> None:
    chat.say("护理补贴一级多少", "ask_amount_standard", program="canji_butie", region=ZHONGXIAN)
    assert "不冲突" in chat.say("两样能一起领不", "out_of_scope_gov", confidence=0.5)


def test_no_savings_says_nothing_of_a_car(chat: Chat) -> None:
    chat.say("想看看能不能领低保", "start_screening", program="dibao", household_size=2, age=70)
    chat.say("忠县，一年卖个两三千", "inform_facts", region=ZHONGXIAN, annual_income_total=3000)
    assert chat.state.asking == "car"
    chat.say("没得存款", "inform_facts", deposit=0)
    assert "car" not in chat.facts


def test_what_is_told_twice_is_understood_twice(chat: Chat) -> None:
    chat.say("想看看能不能领低保，没得车", "start_screening", program="dibao", car=False)
    said = chat.say("没得车", "inform_facts", car=False)
    assert "记下了" in said
    assert "没听明白" not in said


def test_a_child_does_not_agree_in_place_of_its_guardian(chat: Chat) -> None:
    chat.say("我今年13岁，爸爸走了，想申请低保", "self_declare", program="dibao", age=13)
    assert "utter_child_alone" in chat.responses
    assert "utter_consent_guardian" not in chat.responses
    chat.press("都同意")
    assert "guardian" not in chat.state.consent


@pytest.mark.parametrize("text", ["我13岁的娃想申请低保", "我两个娃，一个13岁，想申请低保"])
def test_a_parent_who_tells_the_childs_age_is_not_taken_for_it(chat: Chat, text: str) -> None:
    chat.say(text, "self_declare", program="gu_er_ertong", age=13)
    assert "utter_child_alone" not in chat.responses
    assert "utter_consent_guardian" in chat.responses


def test_a_parent_agrees_for_the_child(chat: Chat) -> None:
    chat.say(
        "帮我儿子申请低保，他13岁", "self_declare", program="dibao", age=13, for_relation="儿子"
    )
    assert "utter_consent_guardian" in chat.responses
    chat.press("都同意")
    assert "guardian" in chat.state.consent


def test_whether_one_may_apply_for_him_is_answered_on_the_way(chat: Chat) -> None:
    chat.say("我跟爷爷住，学校要交钱", "inform_facts", household_size=2)
    open_question = chat.state.asking
    said = chat.say("能不能帮我爷爷申请", "self_declare", for_relation="爷爷")
    assert "可以替他办" in said
    assert chat.state.asking == open_question


def test_a_speakers_age_is_not_that_of_whom_he_turns_to(chat: Chat) -> None:
    chat.say("我今年13岁，我跟爷爷住，学校要交钱", "inform_facts", household_size=2, age=13)
    chat.say("帮我爷爷申请低保", "self_declare", program="dibao", for_relation="爷爷")
    assert "age" not in chat.facts
    assert "utter_consent_guardian" not in chat.responses


def test_a_childs_own_wage_is_not_the_parents_income(chat: Chat) -> None:
    told = {"for_relation": "母亲", "age": 65, "monthly_income_total": 3000}
    chat.say("我妈65了腿断了，我在外地打工一个月三千，能有啥帮助", "start_screening", **told)
    assert "monthly_income_total" not in chat.facts
    chat.say("我家一个月三千", "inform_facts", monthly_income_total=3000)
    assert chat.facts["monthly_income_total"] == 3000


def test_each_childs_age_counts_a_child(chat: Chat) -> None:
    chat.say("想申请低保，我俩加两个娃", "start_screening", program="dibao", num_children=2)
    chat.say("娃一个六岁一个九岁", "inform_facts", num_children=1)
    assert chat.facts["num_children"] == 2


def test_money_wanted_now_is_a_yes_to_the_offer(chat: Chat) -> None:
    chat.say("家里揭不开锅了，房东还要撵我们走", "nlu_fallback")
    assert chat.state.asking == "offer_declare"
    said = chat.say("想先拿点钱过日子", "out_of_scope_chitchat")
    assert "帮不上忙" not in said
    assert "utter_consent" in chat.responses


def test_stopped_and_wanted_again_is_registered(chat: Chat) -> None:
    chat.say("低保被停了没人说", "ask_review_or_stop", program="dibao", stopped=["dibao"])
    chat.say("想重新办", "ask_review_or_stop", program="dibao")
    assert "utter_consent" in chat.responses


def test_where_to_ask_is_about_what_was_talked_of(chat: Chat) -> None:
    chat.say("医疗救助报多少", "ask_amount_standard", program="yiliao", region=ZHONGXIAN)
    said = chat.say("那要去哪裡問", "goodbye")
    assert "医保" in said
    assert "没听明白" not in said


def test_a_place_told_meanwhile_leaves_the_offer_of_a_person_open(chat: Chat) -> None:
    chat.say("我想举报，村长把低保给他小舅子了", "ask_appeal_complaint", program="dibao")
    assert chat.state.asking == "offer_person"
    chat.say("忠县", "inform_facts", region=ZHONGXIAN)
    assert chat.state.asking == "offer_person"


def test_a_sisters_child_and_her_years_are_neither_her_age_nor_heads(chat: Chat) -> None:
    told = {"program": "dibao", "for_relation": "姐姐", "region": ZHONGXIAN}
    chat.say("我姐精神病三级，能单独吃低保不", "start_screening", **told)
    assert chat.state.asking == "household_size"
    said = chat.say("姐姐三十九", "inform_facts", household_size=39)
    assert "不对" not in said
    assert chat.facts["age"] == 39
    chat.say("她娃十岁，读三年级", "inform_facts", age=10)
    assert chat.facts["age"] == 39


def test_what_is_told_where_a_name_is_asked_is_kept(chat: Chat) -> None:
    chat.say("我要申请医疗救助", "self_declare", program="yiliao", region=ZHONGXIAN)
    chat.press("都同意")
    assert chat.state.asking == "name"
    said = chat.say("医保报了一半", "inform_facts")
    assert "没听明白" not in said
    assert chat.state.asking == "name"


def test_where_to_sue_is_no_complaint_at_school(chat: Chat) -> None:
    chat.say("工资被拖了四个月，孩子上学没钱", "start_screening", program="jiaoyu")
    assert "法律援助" in chat.say("去哪告他", "ask_appeal_complaint", program="falv")


def test_who_asks_to_be_called_gets_a_person(chat: Chat) -> None:
    chat.say("我眼睛看不见，能不能打电话跟我说", "human_handoff")
    assert chat.state.person_asked


def test_a_name_nobody_asked_for_ends_no_talk(chat: Chat) -> None:
    chat.say("王大有", "deny")
    assert "utter_all_done" not in chat.responses


def test_whether_one_goes_oneself_counts_no_heads(chat: Chat) -> None:
    chat.say("想申请低保", "start_screening", program="dibao", region=ZHONGXIAN)
    chat.say("那我自己去说还是你们来找我", "inform_facts", household_size=1)
    assert "household_size" not in chat.facts
