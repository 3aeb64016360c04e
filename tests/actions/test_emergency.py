"""急难 and danger: numbers first, the duty officer at once, at most four optional questions."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat, records


@pytest.mark.parametrize(
    ("kind", "text", "numbers"),
    [
        ("self_harm", "我不想活了", ["12356", "120"]),
        ("violence", "老公又打我，我躲在厕所里", ["110", "120"]),
        ("child", "后妈把孩子打得浑身是血", ["110", "120"]),
        ("child", "路边有个婴儿被丢在那里哭", ["110", "120"]),
        ("fire", "房子着火了，我爷爷还在里面", ["119", "120"]),
        ("medical", "我爸叫不醒了，嘴里吐白沫", ["120"]),
        ("no_food", "一粒米都没有了", ["120", "12345"]),
        ("homeless", "今晚零下，我们母女睡在车站外面", ["110", "12345"]),
        (None, "快来救命", ["110", "119", "120", "12356"]),
    ],
)
def test_the_first_message_has_the_right_numbers(
    chat: Chat, kind: str | None, text: str, numbers: list[str]
) -> None:
    extra = {"crisis_kind": kind} if kind else {}
    chat.say(text, "crisis_emergency", **extra)
    first = chat.text.split("\n")[0]
    for number in numbers:
        assert number in first
    assert chat.said[0].response.startswith("utter_crisis_")
    [case] = records(chat.runtime)
    assert case["kind"] == "duty"
    assert case["urgency"] == "emergency"
    assert "duty" in case["departments"]


def test_an_abandoned_child_is_told_apart_from_a_beaten_one(chat: Chat) -> None:
    chat.say("孩子被他亲妈扔我家门口跑了", "crisis_emergency", crisis_kind="child")
    assert chat.responses[0] == "utter_crisis_abandoned"


def test_danger_outranks_an_open_declaration(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.say("算了，我不想活了", "crisis_emergency", crisis_kind="self_harm")
    assert chat.responses[0] == "utter_crisis_suicide"
    assert chat.state.topic == "emergency"


def test_wanting_to_die_meets_gentle_words_and_no_form(chat: Chat) -> None:
    chat.say("我不想活了", "crisis_emergency", crisis_kind="self_harm")
    asked = [name for name in chat.responses if name.startswith("utter_crisis_ask")]
    assert asked == ["utter_crisis_ask_region"]
    text = chat.say("不想说", "deny")
    assert "我在这里" in text
    assert "00 找工作人员" in chat.titles
    assert chat.state.asking is None
    assert "12356" in chat.say("活着没意思", "crisis_emergency", crisis_kind="self_harm")
    assert "name" not in str(chat.responses)


def test_no_food_needs_at_most_four_questions_all_optional(chat: Chat) -> None:
    chat.say("没米了，娃饿得哭", "crisis_emergency", crisis_kind="no_food")
    questions = 0
    while chat.state.asking is not None:
        questions += 1
        chat.say("不说", unknown=True)
    assert questions <= 4
    case = next(case for case in records(chat.runtime) if case["kind"] == "declaration")
    assert case["urgency"] == "emergency"
    assert case["programmes"] == ["linshi"]
    assert {"xiangzhen", "duty"} <= case["departments"]
    assert "不用先交材料" not in chat.text
    assert "先救助、后补手续" in chat.text


def test_with_a_place_it_is_filed_in_the_first_turn(chat: Chat) -> None:
    chat.say("石宝镇的，一粒米都没有了", "crisis_emergency", crisis_kind="no_food",
             region="重庆市忠县石宝镇")  # fmt: skip
    assert "回执号WZ" in chat.text
    case = next(case for case in records(chat.runtime) if case["kind"] == "declaration")
    assert case["region"] == "500233107"
    assert case["facts"]["shock"] == "no_food"


def test_later_facts_reach_the_case(chat: Chat) -> None:
    chat.say("石宝镇的，一粒米都没有了", "crisis_emergency", crisis_kind="no_food",
             region="重庆市忠县石宝镇")  # fmt: skip
    chat.say("三口", household_size=3)
    chat.say("我妈还有糖尿病", disease="糖尿病")
    case = next(case for case in records(chat.runtime) if case["kind"] == "declaration")
    assert case["facts"]["household_size"] == 3
    assert case["facts"]["disease"] == "糖尿病"


def test_a_person_is_one_turn_away_in_an_emergency(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    assert "工作人员" in chat.say("找真人", "human_handoff")


def test_a_repeated_alarm_does_not_open_a_second_case(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    chat.say("真的一点吃的都没有了", "crisis_emergency", crisis_kind="no_food")
    assert [case["kind"] for case in records(chat.runtime)].count("duty") == 1


def test_nothing_about_consent_or_papers_stands_in_the_way(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    for words in ("忠县", "三口", "王桂兰", "13800138000"):
        facts = {"忠县": {"region": "重庆市忠县"}, "三口": {"household_size": 3}}.get(words, {})
        text = chat.say(words, **facts)
        assert "同意" not in text
    assert chat.facts["name"] == "王桂兰"


def test_declaring_in_an_emergency_stays_in_the_fast_lane(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    chat.say("我要申请救助", "self_declare")
    assert chat.state.topic == "emergency"
    assert "utter_consent" not in chat.responses


def test_an_emergency_does_not_lose_the_open_declaration(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    chat.say("王桂兰")
    chat.say("石宝镇的，今天没米了", "crisis_emergency", crisis_kind="no_food",
             region="重庆市忠县石宝镇")  # fmt: skip
    assert chat.state.draft["programmes"] == ["dibao"]
    assert "draft" in chat.state.flow


def test_a_threat_out_of_despair_is_heard(chat: Chat) -> None:
    text = chat.say("我要跟这帮人同归于尽", "crisis_emergency", crisis_kind="violence")
    assert "委屈" in text
    assert "12356" in text
    assert "110" in text
    assert "先离开" not in text
