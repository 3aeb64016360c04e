"""Five whole conversations, sentence by sentence as residents type them."""

from __future__ import annotations

from tests.actions.conftest import Chat, records


def test_a_family_of_three_screens_and_declares(chat: Chat) -> None:
    chat.say("你好", "greet")
    text = chat.say(
        "我家三口人一个月就八百来块能吃低保不", "start_screening",
        household_size=3, monthly_income_total=800, program="dibao",
    )  # fmt: skip
    assert "记下了：家里3口人、全家一个月收入800元" in text
    chat.say("农村户口", hukou="rural")
    chat.say("没车没存款", car=False, deposit=0)
    chat.say("房子是自己的老瓦房", housing="自建房")
    assert "都同意吗" in chat.say("好 那就申请", "self_declare")
    chat.say("我叫王桂兰", name="王桂兰")
    chat.say("13800138000")
    text = chat.say("重庆忠县拔山镇", region="重庆市忠县拔山镇")
    assert "姓名：王桂兰" in text
    assert "138****8000" in text
    assert "目前看，低保可能符合" in text
    assert "约267元" in text
    text = chat.say("对的 提交", "affirm")
    assert "回执号WZ" in text
    assert "不客气" in chat.say("谢谢", "thanks")
    text = chat.say("对了 我刚交的那个现在到哪一步了", "check_status")
    assert "已收到" in text
    [case] = records(chat.runtime)
    assert case["facts"] | {
        "household_size": 3, "monthly_income_total": 800, "hukou": "rural", "car": False,
        "deposit": 0, "housing": "自建房", "name": "王桂兰", "phone": "13800138000",
        "region": "重庆市忠县拔山镇",
    } == case["facts"]  # fmt: skip
    assert case["programmes"] == ["dibao"]
    assert case["departments"] == {"xiangzhen", "minzheng"}
    assert case["urgency"] == "normal"
    assert case["region"] == "500233116"


def test_a_mistyped_phone_is_refused_twice(chat: Chat) -> None:
    chat.say("我要申请残疾人补贴", "self_declare", program="canji_butie")
    chat.say("二级", disability_level="二级")
    assert chat.state.asking == "disability_type"
    chat.say("肢体", disability_type="肢体")
    assert chat.state.asking == "name"
    chat.say("刘长贵", "nlu_fallback")
    assert chat.state.asking == "phone"
    assert "十一位" in chat.say("1380013800")
    assert "字母" in chat.say("13x00138000")
    assert "phone" not in chat.facts
    chat.say("哦看错了，13800138000", correction=True)
    assert chat.state.asking == "region"
    text = chat.say("开州区", region="重庆市开州区")
    assert "残疾人两项补贴" in text
    assert "回执号WZ" in chat.say("对", "affirm")
    chat.say("没了", "deny")
    [case] = records(chat.runtime)
    assert case["facts"]["disability_level"] == "二级"
    assert case["facts"]["disability_type"] == "肢体"
    assert case["facts"]["name"] == "刘长贵"
    assert case["facts"]["phone"] == "13800138000"
    assert case["facts"]["region"] == "重庆市开州区"
    assert case["departments"] == {"xiangzhen", "canlian"}


def test_no_food_is_reported_before_anything_is_asked(chat: Chat) -> None:
    text = chat.say(
        "家里一粒米都没有了，两个娃饿得哭", "crisis_emergency", crisis_kind="no_food",
        num_children=2,
    )  # fmt: skip
    assert "不用先交材料" in text
    alerts = records(chat.runtime)
    assert [case["kind"] for case in alerts] == ["duty"]
    assert alerts[0]["departments"] == {"duty", "xiangzhen"}
    chat.say("低保还有十几天才发", "ask_payment_problem", receiving=["dibao"])
    assert "回执号WZ" in chat.say("石宝镇", region="重庆市忠县石宝镇")
    chat.say("三口", household_size=3)
    chat.say("男人跑了不管", "out_of_scope_chitchat")
    chat.say("我叫吴小英 13800138000", name="吴小英")
    case = next(case for case in records(chat.runtime) if case["kind"] == "declaration")
    assert case["urgency"] == "emergency"
    assert case["programmes"] == ["linshi"]
    assert {"xiangzhen", "duty"} <= case["departments"]
    assert case["region"] == "500233107"
    expected = {
        "household_size": 3, "num_children": 2, "receiving": ["dibao"], "name": "吴小英",
        "phone": "13800138000", "region": "重庆市忠县石宝镇",
    }  # fmt: skip
    assert case["facts"] | expected == case["facts"]


def test_three_questions_at_once_and_a_corrected_number(chat: Chat) -> None:
    text = chat.say(
        "要啥材料，多久能批，一个月给多少", "ask_materials",
        secondary=("ask_processing_time", "ask_amount_standard"),
    )  # fmt: skip
    assert chat.responses.count("utter_answer") + chat.responses.count("utter_answer_none") >= 3
    assert "三件事" in text or "3件事" in text
    chat.say("我家4个人", household_size=4)
    assert "改过来了：家里5口人" in chat.say("等等写错了是5个", correction=True)
    chat.say("月入1800", monthly_income_total=1800)
    text = chat.say("那能吃低保不", "start_screening", program="dibao")
    assert chat.facts["household_size"] == 5
    assert chat.facts["monthly_income_total"] == 1800
    assert "360元" in text


def test_withdrawing_one_of_two_keeps_the_mothers(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    file(chat, "徐素华", "13800138002", relation="母亲")
    assert "2份" in chat.say("刚才我提交了两份", "check_status")
    assert "哪一份" in chat.say("删掉一份", "withdraw_case")
    text = chat.say("留有我妈的那份", "withdraw_case", for_relation="母亲")
    assert "要撤回的是：陈国富" in text
    assert "留着不动的是：徐素华" in text
    text = chat.say("我妈病历要补传", "update_case", for_relation="母亲")
    assert "徐素华" in text
    chat.say("叫徐素华的那份", name="徐素华")
    assert "已经撤回：陈国富" in chat.say("好了", "affirm")
    states = {case["facts"]["name"]: case["state"] for case in records(chat.runtime)}
    assert states["陈国富"] == "ended"
    assert states["徐素华"] == "pending_review"


def file(chat: Chat, name: str, phone: str, relation: str | None = None) -> None:
    """A whole declaration in few sentences."""
    extra = {"for_relation": relation} if relation else {}
    chat.say("我要申请低保", "self_declare", program="dibao", **extra)
    chat.press("都同意")
    chat.say(f"叫{name}", name=name)
    if chat.state.asking == "phone":
        chat.say(phone)
    if chat.state.asking == "region":
        chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.press("提交")
