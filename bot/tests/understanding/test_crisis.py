"""Danger to life is found whatever the classifier thinks; figures of speech are not danger."""

from __future__ import annotations

import pytest

from bot.components.understanding.crisis import find_crisis, wants_person
from bot.components.understanding.normalise import normalise

from .scenes import understood

DANGERS = [
    ("我不想活了", "self_harm"),
    ("昨晚把一瓶安定都吞了", "self_harm"),
    ("我现在就在江边，想跳下去", "self_harm"),
    ("遗书写好了", "self_harm"),
    ("买好了百草枯", "self_harm"),
    ("带着孩子一起死算了", "self_harm"),
    ("她说要自杀，电话打不通", "self_harm"),
    ("活够了，绳子都找好了", "self_harm"),
    ("我站在天台上", "self_harm"),
    ("老公拿着刀追我", "violence"),
    ("我跟他们同归于尽", "violence"),
    ("他掐我脖子", "violence"),
    ("我要杀了村主任", "violence"),
    ("被人锁在地下室出不来", "violence"),
    ("提着汽油桶去镇政府", "violence"),
    ("门口捡到个婴儿，没人要", "child"),
    ("孩子被后爸打得浑身是伤", "child"),
    ("女儿三天没回家了", "child"),
    ("娃被他亲妈丢在车站就走了", "child"),
    ("孙子不见了，从早上找到现在", "child"),
    ("房子着火了，奶奶还在里面", "fire"),
    ("楼塌了，我爸压在底下", "fire"),
    ("水淹到二楼了，我们在房顶上", "fire"),
    ("煤气中毒了，人昏过去了", "fire"),
    ("掉井里了，快来救", "fire"),
    ("我妈叫不醒了", "medical"),
    ("突然口吐白沫在抽搐", "medical"),
    ("大口吐血，医院不收", "medical"),
    ("老人摔倒起不来，一天了", "medical"),
    ("救命啊", "medical"),
    ("家里一粒米都没有了，两个娃饿得哭", "no_food"),
    ("三天没吃东西了", "no_food"),
    ("断粮两天了", "no_food"),
    ("今晚没地方睡，外面零下十度", "homeless"),
    ("睡在桥洞，下大雪，冻得发抖", "homeless"),
]


@pytest.mark.parametrize(("text", "kind"), DANGERS)
def test_danger_is_found_with_its_kind(text: str, kind: str) -> None:
    hit = find_crisis(normalise(text).text)
    assert hit is not None
    assert hit.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "我都走投无路了，求政府帮帮忙",
        "实在活不下去了，低保能不能快点批",
        "把人逼死你们才管吗",
        "穷得要死，还不给评",
        "气死我了，凭什么他家有",
        "我们只能喝西北风了",
        "家里揭不开锅了",
        "等钱救命的药太贵，能报销吗",
        "生不如死的日子过了七年，次次不给评",
        "想死的心都有了，村干部欺负人",
        "没钱看病了",
        "医院催缴费",
        "老公去年车祸去世，想申请低保",
        "房子去年烧了，能补多少",
        "父亲三年前上吊走了，我们能申请孤儿补贴吗",
        "累死累活一个月八百",
        "天天喝粥，请求救助",
        "火灾补助标准是多少",
        "家暴受害者有什么救助",
        "弃婴算不算孤儿",
        "流浪人员怎么进救助站",
        "死活不给我报",
        "打工三年没回来",
        "我想死你了",
        "孤儿费被他舅舅领去打牌",
        "低保停了怎么活",
        "过不下去了，想申请救助",
        "死亡证明要不要交",
        "洪水冲了房子，补贴什么时候发",
        "昨晚看的电影里男的跳河了",
        "新闻说有个女的跳楼",
        "堂屋垮了一角，没压着人，先住亲戚家",
        "泥石流把牛圈埋了，人都平安",
    ],
)
def test_figures_of_speech_and_rules_are_no_danger(text: str) -> None:
    assert find_crisis(normalise(text).text) is None


@pytest.mark.parametrize(
    "text", ["看了那部电影我也想跳楼", "新闻里说的那座桥，我现在就站在桥上", "房子垮了，压着人了"]
)
def test_a_film_or_a_ruin_hides_no_danger_of_ones_own(text: str) -> None:
    assert find_crisis(normalise(text).text) is not None


def test_water_is_no_fire() -> None:
    kinds = {e["entity"]: e["value"] for e in understood("水淹到二楼了", "greet").entities}
    assert kinds["crisis_kind"] == "disaster"
    kinds = {e["entity"]: e["value"] for e in understood("房子着火了，快来人", "greet").entities}
    assert kinds["crisis_kind"] == "fire"


@pytest.mark.parametrize("label", ["ask_payment_problem", "greet", "out_of_scope_chitchat"])
def test_danger_cannot_be_outvoted(label: str) -> None:
    result = understood("低保啥时候到账，我爸喝农药了", label, confidence=0.99)
    assert (result.label, result.confidence) == ("crisis_emergency", 1.0)
    kinds = [e["value"] for e in result.entities if e["entity"] == "crisis_kind"]
    assert kinds == ["self_harm"]


def test_classifier_alone_must_be_sure_of_danger() -> None:
    assert understood("今天好冷清", "crisis_emergency", confidence=0.4).label != "crisis_emergency"
    assert understood("今天好冷清", "crisis_emergency", confidence=0.8).label == "crisis_emergency"


@pytest.mark.parametrize(
    "text",
    [
        "人工",
        "转人工",
        "我要找人工客服",
        "叫个真人来",
        "有没得活人嘛",
        "我想跟工作人员视频讲",
        "请安排工作人员联系我",
        "给我回个电话",
        "不想跟机器人聊",
        "找个管事的来",
    ],
)
def test_call_for_a_person_is_heard(text: str) -> None:
    assert wants_person(normalise(text).text) is not None
    assert understood(text, "out_of_scope_chitchat").label == "human_handoff"


@pytest.mark.parametrize(
    "text",
    [
        "你是人工还是机器人",
        "工作人员态度太差，我要投诉",
        "有人没得",
        "低保要找谁办",
        "人工耳蜗补贴",
    ],
)
def test_mention_of_people_is_no_call_for_one(text: str) -> None:
    assert wants_person(normalise(text).text) is None
