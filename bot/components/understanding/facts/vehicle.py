"""Whether the household has a car."""

from __future__ import annotations

import re

from .scene import Fact, Scene

_CAR_WORD = (
    r"(?:小?轿车|小汽车|汽车|私家车|小车|面包车|货车|皮卡|奇瑞|五菱|长安车|比亚迪"
    r"|二手车|越野车|机动车|车子|车(?!祸|站|间|票|费|位|牌|上|撞|里|床|夫|管|险|友|程"
    r"|库|次|轮|都|是|和房|房|辆|的钱))"
)
_NO_CAR = re.compile(
    r"(?:没有?|没得|冇|莫得|无|木有|没买)(?:得|有|啥|什么|任何|买|过|房也?没有?|房无"
    r"|房没)*(?:存款|房|房子|买|也没)?(?:没|无)?"
    + _CAR_WORD
    + r"|车(?:子)?(?:也|都)?(?:没有|没得|冇|无(?!法))(?!钱|加)"
)
_HAS_CAR = re.compile(
    r"(?:有|买了|开着|开|名下有?|家里有|一辆|一台|一部|个|台|辆)(?:了|个|一|辆|台|部"
    r"|破|旧|老|二手|小|的|两|代步|[^,。;有没]{1,7}的)?(?:破|旧|老|小|二手|代步)*"
    + _CAR_WORD
    + r"|"
    + _CAR_WORD
    + r"(?:挂|登记)?在?(?:我|俺|他|她|老公|儿子)?(?:的)?名下|挂了个?车在?名下|(?:二手"
    r"|破)(?:奇瑞|五菱|面包|小车)"
)
# 开货车翻了 tells of an accident, perhaps with the master's lorry.
_CRASHED = re.compile(r"(?:给|就|路上)?(?:翻|撞|出事|掉|冲|坠)")
_SOLD = re.compile(
    r"车(?:子)?(?:早就?|已经|去年|前年|上个?月|都|就|刚)*(?:(?:卖|抵|当|赔)(?:了|掉|债|出去)|报废|过户(?:了|给)|被法院|没有了|没了)"
)
_IN_OUR_NAME = re.compile(
    r"(?:借|用|拿|挂)(?:了|在|的)?(?:我|俺)(?:的)?(?:名字?|名下|身份证|户头)[^,。;]{0,6}车|(?:车|车子)(?:登记|挂|写|落|户)(?:在|的是)?(?:了)?(?:我|俺)(?:的)?(?:名|头)"
)


# 村里说我儿子有车: what the others say, and the resident disputes.
_THEY_SAY = re.compile(
    r"(?:说|讲|嫌|硬说|非说|认为|以为)(?:是|我们?|俺们?|咱|家里?|的|儿子|女儿|闺女|老公|老婆|他|她|名下)*有?$"
)
# 说我儿子买了车,可我儿子早分户了: the car of another household.
_MOVED_OUT = re.compile(
    r"(?:儿子|女儿|闺女|哥|弟|姐|妹|兄弟|他|她)(?!们)[^,。;]{0,4}(?:分了?户|分了?家|成了?家|单过|不住一起|不在一起)"
)
# 车是贷款买的
_BOUGHT = re.compile(
    r"(?<![没无])车(?:子)?(?:是|都是)[^,。;]{0,4}(?:贷款|分期|按揭|借钱)[^,。;]{0,3}买"
)


# 有个小车是孩子名下的: whose car it is is said, and it is not the household's.
_A_CHILDS = re.compile(
    r"[,， ]?(?:那)?(?:是|在)(?:我|俺)?(?:孩子|儿子|女儿|闺女|姑娘|娃儿?|女婿)(?:们|家|自己)*(?:的|名下|买的)"
)


def extract(scene: Scene) -> list[Fact]:
    """`car`: true, false, or nothing said."""
    fact = _car(scene)
    return [fact] if fact else []


# 以前有车,前年卖了
_ONCE = re.compile(
    r"(?:以前|原来|原先|之前|本来|前几年)[^,。;]{0,4}有[^,。;]{0,6}车[^。;]{0,8}(?:卖|抵|报废|转让|过户)"
)


def _car(scene: Scene) -> Fact | None:
    absent = _NO_CAR.search(scene.text)
    if absent:
        return Fact("car", False, absent.start(), absent.end())
    sold = _SOLD.search(scene.text) or _ONCE.search(scene.text)
    if sold:
        return Fact("car", False, sold.start(), sold.end())
    named = _IN_OUR_NAME.search(scene.text)
    if named:
        return Fact("car", True, named.start(), named.end())
    bought = _BOUGHT.search(scene.text)
    if bought:
        return Fact("car", True, *bought.span())
    if _MOVED_OUT.search(scene.text):
        return None
    for match in _HAS_CAR.finditer(scene.text):
        if _CRASHED.match(scene.text, match.end()) or _A_CHILDS.match(scene.text, match.end()):
            continue
        if _THEY_SAY.search(scene.text[: match.start() + 1]):
            continue
        clause = scene.clause_at(match.start())
        generic = re.search(
            r"能不能|可以|算不算|影响|是不是|怎么|吗|有房|有车的|送礼|好处|别人|人家|还吃|某|却|(?:他|她)家|好几户|我们村|支书|主任|村长|干部|租的车?",
            clause.text,
        )
        if (
            clause.kind == "other"
            or scene.negated(match.start())
            or (generic and clause.subject != "self")
        ):
            continue
        if re.search(
            r"三轮|电动|摩托|自行|单车|推车|轮椅|公交|打|坐",
            scene.text[max(0, match.start() - 1) : match.end()],
        ):
            continue
        return Fact("car", True, match.start(), match.end())
    return None
