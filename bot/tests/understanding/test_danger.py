"""Danger that no fixed pattern names is found by the danger model, and its near misses are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.components.understanding import danger
from bot.components.understanding.crisis import find_crisis
from bot.components.understanding.danger import DangerModel, danger_features, kind_of, look
from bot.components.understanding.lexicon import default_lexicon
from bot.components.understanding.normalise import normalise
from bot.components.understanding.pipeline import Understander

LEXICON = default_lexicon()
EXTRACTORS = Understander.untrained(LEXICON)
TRAINING = Path(__file__).resolve().parents[3] / "data" / "nlu"
NEAR = re.compile(r"safety|hard_|danger_|calm_|inside|handoff|smalltalk|declaration")

# Neither of these tables stands in the training data.
YES = {
    "self_harm": [
        "孩子交给外婆了，我没什么可挂念的，今天就走",
        "安眠药我一粒一粒攒着，今晚够数了",
        "坐在楼顶边沿，腿在外面晃",
        "我弟把绳子套脖子上了，我抱着他",
        "反正我死了你们都省心，刀就在手里",
        "俺不想拖累儿子了，农药瓶子都拧开了",
        "對不起，我撐不住了，藥都吞了",
        "活够喽，今晚就去跳塘",
        "她把遗嘱发到群里就关机了",
        "不想获了，站在桥上",
        "老婆跑了，我把孩子哄睡了，等会儿就从阳台下去",
        "夜里老想我那走了的爹，今晚我就去陪他",
        "被丈母娘数落够了，我买了百草枯",
        "没人在乎我，死了也没人知道",
    ],
    "violence": [
        "老公拿椅子砸我，额头在流血，他还堵着门",
        "儿子拿刀逼我交存折，我躲在床底",
        "被几个人关在宾馆，手机要没电了",
        "他又打我了，肋骨疼得喘气都难，孩子在旁边",
    ],
    "child": [
        "后妈拿衣架抽妹妹，妹妹腿上全是血",
        "两岁的娃被锁在家里哭了一天，大人不在",
        "有人要把我侄女卖到外地，车都来了",
        "捡到个奶娃，放在路边纸箱里，没人要",
    ],
    "medical": [
        "我妈突然倒地，怎么喊都没反应",
        "娃抽筋，嘴里冒白泡，山里没车",
        "停了透析九天，人肿得躺不下，喘",
        "孕妇流血不止，家里没人会弄",
        "屋里就我一个，摔了，动不了，冷得发抖",
    ],
    "no_food": [
        "三个娃两天没吃上饭，锅里啥也没有",
        "米面都吃光了，孩子饿得直哭",
    ],
    "disaster": [
        "洪水进屋了，到胸口了，奶奶在床上",
        "屋子垮了，爷爷压在里头",
    ],
    "fire": ["楼下着火，烟上来了，我们出不去"],
    "homeless": ["大雪天抱着娃睡在车站外头，娃冻得发抖"],
}
NO = [
    "我爸前年喝农药走的，我妈带我们三个，能申请什么",
    "低保办得我想撞墙，能不能给个准信",
    "上个月着火烧了灶房，人没事，想报个救助",
    "昨天看的电视剧里女的跳楼了，太惨",
    "隔壁老人一个人过，身体还行，想帮他问问养老服务",
    "抑郁症三年了，按时吃药，没工作，可以申请低保吗",
    "家暴离婚两年了，带个儿子租房，有补助没",
    "透析的费用一年能报多少",
    "孤儿的钱每个月几号发",
    "儿子车祸没了，赔偿款算不算收入",
    "笑死我了你这机器人",
    "累得要死还不给评，找谁投诉",
    "牧区大雪，羊都冻死了，我咋办呀",
    "房子受灾鉴定成什么级别才有钱",
    "冬天取暖补贴怎么申请",
    "我饿了，中午吃什么",
    "泥石流后住进安置房了，家具能补吗",
    "邻居家小孩爸妈离婚跟奶奶过，学费困难，想替他们申请",
    "流浪人员救助站在哪里",
    "出院了，谢谢你们帮忙",
    "我奶奶去世了，名下低保怎么销",
    "要多少材料，火灾证明算吗",
    "家里三口人，爸爸残疾，妈妈打零工",
    "转人工，别再绕了",
    "明天再来问，先走了",
    "男朋友说不爱我了，哭了一晚上，第二天照样上班",
    "老伴走了半年，屋里冷清，电视从早开到晚",
    "今天下雨，一个人在屋里发呆",
    "我爸喝多了就唠叨，不打人，就是烦",
    "最近老是失眠，胸口闷闷的，医生说是焦虑",
]
# What country people tell of those who are away, and beside it the danger told in the same words.
# No line of either stands in the training data.
AWAY = [
    "当家的在外头打工，工钱一分没拿回来",
    "我姐在外面打工，三年都没回家，娘是我在管",
    "老大坐牢没回来，老二在外打工，家里剩我们老两口",
    "那个不孝子一直在外头漂，不着家也不寄钱",
    "老公外面有人了，家也不管，娃的学费我出",
    "弟弟在外面欠了账，过年不敢回来",
    "我女儿在外面上班，她自己都紧巴",
    "媳妇撇下孩子走了，再也没回来",
    "老头子走了，娃儿都在外头，屋头冷清",
    "小叔子在外面混，一年到头不着家",
    "姑娘嫁到外地，两年没回来过",
    "他在外面养了女人，不回家",
]
DANGERS_BESIDE = [
    "在外面睡三天了，没地方去，夜里冷得发抖",
    "他在外头喝多了，拿着斧头在砍我家的门",
    "我男人欠了账不敢回来，要债的在屋里打我爸",
    "儿子坐牢刚出来，正掐着我的脖子",
    "媳妇撇下孩子走了，孩子两天没吃奶，哭不出声",
    "老头子走了，我也不想活了，绳子挂好了",
    "爸妈在外头打工，奶奶叫不醒，我八岁",
    "弟弟在外面打工，昨晚发来遗书，电话关机",
    "娃在外面玩，天黑了没回来，到处找不到",
    "老公外面有人了，我抱着娃站在楼顶",
    "他打工欠了债，不敢回来，在桥上要跳",
    "女儿在外地打工，被人关在屋里不让出来",
]


@pytest.fixture(scope="module")
def model() -> DangerModel:
    """Trained on all sentences near danger and a third of the others: it takes seconds."""
    examples: list[tuple[str, str]] = []
    for path in sorted(TRAINING.glob("*.yml")):
        step = 1 if NEAR.match(path.stem) else 3
        for block in YAML(typ="safe", pure=True).load(path.read_text("utf-8")).get("nlu", []):
            if "intent" in block:
                lines = [line[2:].strip() for line in str(block["examples"]).splitlines()]
                examples += [(line, block["intent"]) for line in lines[::step] if line]
    known = {text for text, _ in examples}
    assert not known & {text for texts in YES.values() for text in texts}
    assert not known & {*NO, *AWAY, *DANGERS_BESIDE}
    return danger.train(examples, EXTRACTORS.featurise, LEXICON, seed=7)


def seen(text: str, model: DangerModel, asking: str | None = None) -> str | None:
    """The kind of danger found without any help from the intent classifier."""
    hit = look(normalise(text).text, EXTRACTORS.featurise(text), LEXICON, model, 0.0, asking)
    return hit.kind if hit else None


@pytest.mark.parametrize(
    "beside", ["我也不想活了", "一家人断粮三天了", "娃儿发烧叫不醒", "老公打我"]
)
def test_what_is_told_beside_dead_stock_is_heard(beside: str, model: DangerModel) -> None:
    assert seen(f"羊都冻死了，{beside}", model) is not None


@pytest.mark.parametrize(
    "text", ["马大爷快冻死了", "小马要饿死了", "老牛快死了", "牛婶子冻死在外头了"]
)
def test_somebody_called_like_an_animal_is_no_stock(text: str) -> None:
    assert not danger._only_stock(text, LEXICON)


def test_danger_in_unseen_words_is_found(model: DangerModel) -> None:
    texts = [text for texts in YES.values() for text in texts]
    silent = [text for text in texts if not find_crisis(normalise(text).text)]
    assert len(silent) >= 8, "the table must go beyond the fixed patterns"
    assert [text for text in texts if not seen(text, model)] == []


def test_near_misses_do_not_alarm(model: DangerModel) -> None:
    assert [text for text in NO if seen(text, model)] == []


def test_tales_of_those_who_are_away_do_not_alarm(model: DangerModel) -> None:
    assert [text for text in AWAY if seen(text, model)] == []


def test_the_dangers_beside_those_tales_do(model: DangerModel) -> None:
    assert [text for text in DANGERS_BESIDE if not seen(text, model)] == []


def test_no_danger_of_the_training_data_is_taken_for_a_tale_of_those_away() -> None:
    dangers: list[str] = []
    for path in sorted(TRAINING.glob("*.yml")):
        for block in YAML(typ="safe", pure=True).load(path.read_text("utf-8")).get("nlu", []):
            if block.get("intent") == danger.LABEL:
                dangers += [line[2:].strip() for line in str(block["examples"]).splitlines()]
    assert len(dangers) > 1000
    assert [text for text in dangers if danger._only_away(normalise(text).text, LEXICON)] == []


def test_kind_follows_the_words(model: DangerModel) -> None:
    found = [(kind, seen(text, model)) for kind, texts in YES.items() for text in texts]
    assert sum(kind == said for kind, said in found) >= 0.85 * len(found)


@pytest.mark.parametrize(
    ("concepts", "kind"),
    [
        (["child", "lost"], "child"),
        (["brink", "end", "i"], "self_harm"),
        (["cold", "outside"], "homeless"),
        (["days", "food", "none"], "no_food"),
        (["hit", "spouse", "wound"], "violence"),
        (["apply", "rule"], "other"),
    ],
)
def test_concepts_name_the_kind(concepts: list[str], kind: str) -> None:
    assert kind_of(concepts) == kind


def test_a_bare_reply_needs_the_classifier_too(model: DangerModel) -> None:
    text = "是被机器打断的"
    model_says = model.probability(danger_features(text, EXTRACTORS.featurise(text), LEXICON))
    bold = DangerModel(**{**model.__dict__, "alarm": model_says})
    assert seen(text, bold) is not None
    assert seen(text, bold, asking="accident") is None
    hit = look(text, EXTRACTORS.featurise(text), LEXICON, bold, 0.3, "accident")
    assert hit is not None


def test_a_pattern_is_taken_back_only_far_below_every_danger(model: DangerModel) -> None:
    text = "房贷压得人喘不过气，我爸病故欠下的"
    assert find_crisis(text) is not None
    never = DangerModel(**{**model.__dict__, "calm": 0.0})
    assert seen(text, never) == "medical"
    wary = DangerModel(**{**model.__dict__, "calm": 1.0})
    assert seen(text, wary) is None
    assert seen("现在" + text, wary) == "medical"
    assert seen(text.replace("病故", ""), wary) == "medical"


def test_asking_for_help_beside_a_wish_to_die_takes_nothing_back(model: DangerModel) -> None:
    wary = DangerModel(**{**model.__dict__, "calm": 1.0})
    assert seen("躺下就想一死了之，娃的手术费可以申请救助吗", wary) == "self_harm"


def test_the_bar_never_falls_so_low_that_most_alarms_are_false(model: DangerModel) -> None:
    assert model.alarm >= 0.36


def test_persisted_model_says_the_same(model: DangerModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = DangerModel.load(tmp_path)
    for text in [*NO, *YES["self_harm"]]:
        features = danger_features(normalise(text).text, EXTRACTORS.featurise(text), LEXICON)
        assert again.probability(features) == pytest.approx(model.probability(features), abs=0.01)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}
