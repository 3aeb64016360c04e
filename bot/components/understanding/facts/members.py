"""Who lives together, told as a list: 两口子带俩娃还有个老娘, 我跟我妈过, 奶奶、爸爸、我."""

from __future__ import annotations

import re

from ..numerals import COUNTS
from ..persons import SEVERAL, Kin
from .scene import Fact, Scene

NUMBER = r"(\d{1,2}|[一俩两二仨三四五六七八九十])"
#: Old and young, each with its number behind it: 大人三个娃四个.
BOTH_AGES = r"(?:大人|成年人|老人家?|老的|大的|小孩|孩子|娃儿?|娃娃|小的|细路)(?:有|是)?"
_SELF_GROUP = {
    "两口子": 2,
    "两老": 2,
    "二老": 2,
    "俩老人": 2,
    "两个老人": 2,
    "俩老的": 2,
    "两个老的": 2,
    "老俩口": 2,
    "俩人": 2,
    "老两口": 2,
    "小两口": 2,
    "夫妻俩": 2,
    "夫妻两个": 2,
    "夫妻二人": 2,
    "我们俩": 2,
    "我们夫妻": 2,
    "夫妻": 2,
    "夫妇": 2,
    "俩口子": 2,
    "公婆俩": 2,
    "我们两口子": 2,
    "我们老两口": 2,
    "我和老伴俩": 2,
    "我俩": 2,
    "母子俩": 2,
    "母女俩": 2,
    "父子俩": 2,
    "爷孙俩": 2,
    "婆孙俩": 2,
    "祖孙俩": 2,
    "父女俩": 2,
    "娘俩": 2,
    "爷俩": 2,
    "兄弟俩": 2,
    "姐弟俩": 2,
    "兄妹俩": 2,
    "姐妹俩": 2,
    "娘仨": 3,
    "爷仨": 3,
}
_GROUP = re.compile("|".join(sorted(_SELF_GROUP, key=len, reverse=True)))
JOIN = re.compile(
    r"(?:[、 ]|[,，](?=还|又|另|外加|加|带|上有|下有|上面|底下|下面|和|跟|有|再|外带|以及|屋头还))?"
    r"(?:还|又|另|另外|再)?(?:和|跟到?|同|与|带到?着?|加上?|外加|有|养着?|以及|外带"
    r"|领着|随|拉扯着?|搭|连|上有|下有|上面有|底下有|下面|上头|还有|拖着|守着)*"
    r"(?:我|她|他|着|了)?(?:个|家|的)?"
)
JOIN_WORD = re.compile(r"[,、 ]?(?:还|又|另|再|和|跟|带|加|外|养|领|有|拉扯|拖)")
# To 家里几口人 a bare list answers: 我,老婆,两个娃.
_JOIN_ASKED = re.compile("[,，]?" + JOIN.pattern)
_ADJ = (
    r"(?:上学的?|读书的?|年迈的?|生病的?|瘫痪的?|残疾的?|八十多的?|七十多的?|年老的?"
    r"|正上学的?|没成年的?|未成年的?|老|小|大|亲|生病|上小学的?|读高中的?|读大学的?|脑瘫|智障|自闭症|患病|失明|瞎子|单身|光棍|痴呆|残疾|傻|瞎|瘫|聋|哑|半大|没用的?"
    r"|在读的?|岁的?|的|[^,。;!?、和跟带个我有]{1,6}的){0,3}"
)
_END_OF_LIST = re.compile(
    r"(?:$|[,。;!?]|(?:两个|俩)人?(?!人?都)|三个|仨|四个|五个|就这|一起|相依|过(?:日子|活)?|住|生活|共"
    r"|这几|总共|这么|\d个?人|[一二两三四五六七八九]个?人|在家|吃饭)"
)


def count(word: str) -> int:
    """The number a digit or a count word stands for."""
    return int(word) if word.isdigit() else COUNTS[word]


def _members(text: str, at: int, kin: dict[int, Kin]) -> tuple[int, int] | None:
    """(heads, end) of one member phrase such as 俩娃, 一个老娘, 我妈."""
    match = re.compile(rf"(?:{NUMBER}(?!岁|个?月)个?)?俺?(?:家|的)?{_ADJ}").match(text, at)
    if match is None:
        return None
    for start in range(match.end(), at - 1, -1):
        found = kin.get(start)
        if found:
            counted = match.group(1) and match.end(1) <= start  # the 二 of 二叔 counts nobody
            heads = count(match.group(1)) if counted else 1
            if not match.group(1) and found.relation in SEVERAL:
                heads = 2
            pair = kin.get(found.end)  # 三个孙子孙女, 两个儿子女儿
            if match.group(1) and pair and pair.kind == found.kind:
                return heads, pair.end
            return heads, found.end
    sons = re.compile(r"(?:一儿一女|一双儿女|一男一女)").match(text, at)
    if sons:
        return 2, sons.end()
    return None


def _spouse_besides(scene: Scene, start: int, end: int) -> bool:
    """我跟婆婆带两个娃,老公打工: the list leaves the husband out."""
    grand = any(k.kind == "grandchild" for k in scene.kin)  # then 他爸 is the child's father
    outside = [
        k
        for k in scene.kin
        if k.kind == "spouse" and not start <= k.start < end
        if not (grand and k.word[0] in "他她")
    ]
    if any(k.kind == "spouse" and start <= k.start < end for k in scene.kin):
        return False  # named in the list, and spoken of once more after it
    gone = re.compile(r".{0,8}(?:死|去世|没了|走了|不在|离|过世|跑|坐牢)")
    return any(not gone.match(scene.text, k.end) for k in outside)


_BESIDES = re.compile(r"(?:还|另外|外加)(?:有|养)(?:着|一?个|[两俩二三]个?|我)*[弟妹哥姐]")


def _more_of_us(scene: Scene, start: int, end: int) -> bool:
    """我跟我爸, 还有一个弟弟: no full list; 我跟大伯住: his family is not told."""
    named = [k for k in scene.kin if start <= k.start < end]
    if named and all(k.kind == "relative" for k in named):
        return True
    return bool(_BESIDES.search(scene.text, end))


# To 家里几口人 a list may tell on: 还有个娃儿读高中; 我和老婆的收入 is no list.
_ELSEWHERE = re.compile(r"们?(?:都|也)?(?:在外|外头|外出|出去|分出去|嫁)")
_TOTAL = re.compile(rf"[,， ]?(?:一共|总共|拢共|共)?{NUMBER}个(?:人)?(?:人)?$")
_TELLS_ON = re.compile(r" |在|读|上|念|打工|上班|做|有病|生病|残|瘫|身体|还没|没|都|呢|嘛|了|吧|咯")
_ALONE_WITH = r"(?:我|俺)(?:自己)?一个人(?=带|拉扯|养|领|守|照顾)"
_NOBODY_ELSE = re.compile(r"(?:就|只有?|只剩|剩下?)$")
_LIVES_WITH = re.compile(r"(?:一起|一块儿?)?(?:过|住|生活)")


def _elsewhere(text: str, start: int, end: int, before: str) -> bool:
    """我和老汉 娃儿在外头打工: not in the house; 我和我妈 我妈瘫痪: named already."""
    return bool(_ELSEWHERE.match(text, end)) or (len(before) > 1 and text[start:end] in before)


def composition(scene: Scene) -> Fact | None:
    """Heads of a list such as 两口子带俩娃还有个老娘 (5) or 我和老伴,还有一个孙子 (3)."""
    kin = {k.start: k for k in scene.kin}
    asked = scene.asking == "household_size"
    for start_match in re.finditer(
        (r"我们?(?=[和跟同与带、, ])|" if asked else r"我们?(?=[和跟同与带、])|")
        + rf"俺(?=[和跟带])|{_ALONE_WITH}|"
        + _GROUP.pattern,
        scene.text,
    ):
        word = start_match.group()
        heads, named = (_SELF_GROUP[word], 0) if word in _SELF_GROUP else (1, 0)
        position = start_match.end()
        while position < len(scene.text):
            joint = (_JOIN_ASKED if asked else JOIN).match(scene.text, position)
            step = joint.end() if joint else position
            member = _members(scene.text, step, kin) or _members(scene.text, position, kin)
            if member is None or (step == position and named == 0):
                break
            if _elsewhere(scene.text, step, member[1], scene.text[start_match.end() : position]):
                break
            heads, named, position = heads + member[0], named + 1, member[1]
        if re.search(r"[儿女爸妈孩娃](?:跟|和|随|归)$", scene.text[: start_match.start() + 1]):
            continue
        if word.startswith(("我", "俺")) and _spouse_besides(scene, start_match.start(), position):
            continue
        ends_well = bool(_END_OF_LIST.match(scene.text, position))
        ends_well = ends_well or bool(asked and named and _TELLS_ON.match(scene.text, position))
        # 就我跟老伴 俩人都七十多: nobody else, whatever goes on
        alone = _NOBODY_ELSE.search(scene.text[: start_match.start()])
        ends_well = ends_well or bool(alone and named and scene.text.startswith(" ", position))
        if word in _SELF_GROUP and named == 0:
            only = re.search(r"(?:就|只有?|剩下?)我?们?$", scene.text[: start_match.start()])
            if not (asked or only) and len(scene.text) > len(word) + 4:
                continue
            ends_well = ends_well or asked
        if ends_well and heads > 1 and (named or word in _SELF_GROUP):
            lead = scene.text[max(0, start_match.start() - 3) : start_match.start()]
            if re.search(r"[给替帮把]$", lead) or _more_of_us(scene, start_match.end(), position):
                continue
            if re.search(r"(?:带|养|供|拉扯)着?$", lead):
                if re.match(r"[^,。;]{0,3}[住在回]", scene.text[position:]):
                    continue  # 带我和弟弟住外婆家
                heads += 1  # 妈妈一个人带我跟我哥
            if _LIVES_WITH.match(scene.text, position) and re.search(r"[跟和同与随]$", lead):
                heads += 1  # 现在跟我和她爷爷过: the child spoken of as well
            total = _TOTAL.match(scene.text, position) if asked else None
            heads = count(total.group(1)) if total else heads
            return Fact("household_size", heads, start_match.start(), position)
    return _with_one(scene)


_WITH = re.compile(r"(?:^|[,。; ])(?:现在?|平时|一直|目前|还是|都是)?(?:跟|和|同|与)(?:着)?$")
_TOGETHER = re.compile(
    r"(?:住(?=[,。;]|$)|共同|搭伙|过(?=[,。;]|$)|同(?=住|过|吃)|一起|一块儿?|一同|两个人?|二人|俩人?|相依为命)+(?:过|住|生活|,|。|$)"
)


def _with_one(scene: Scene) -> Fact | None:
    """没嫁人,跟八十岁老妈一起生活: the speaker is left unsaid."""
    for person in scene.kin:
        age = re.search(
            r"(?:我|俺)?(?:[^,。;跟和同与]{1,6}(?:岁|十[一二三四五六七八九]?)的?|年迈的?|年老的?|老)?(?:我|俺)?$",
            scene.text[: person.start],
        )
        lead = scene.text[: age.start()] if age else scene.text[: person.start]
        lives = _WITH.search(lead) and _TOGETHER.match(scene.text, person.end)
        if person.kind in {"relative", "other", "ex"}:
            continue
        if lives and scene.clause_at(person.start).subject in {"", "self", person.relation}:
            heads = 3 if person.relation in SEVERAL else 2
            return Fact("household_size", heads, person.start, person.end)
    return None


_ROLL_LEAD = re.compile(
    r"(?:家里|家中|屋头|屋里|我家|俺家|户口本上?|全家)?(?:现在|目前)?(?:就|还|只)?(?:是|有|只有|剩下?)?:?"
)
_ROLL_JOINT = re.compile(r"(?:[,、 ]|和|跟|同|与|及|还有|以及|加上?|外加|再加|连上|算上|就)+")
_ROLL_ME = re.compile(
    r"(?:我|俺|本人)(?:自己|本人)?(?=$|[,、。;!? ]|和|跟|同|与|还|加|一|两|二|三|四|五|六|七|八|仨|俩|过|住|相|生)"
)


def roll(scene: Scene, kin: dict[int, Kin]) -> Fact | None:
    """奶奶、爸爸、我、弟弟: a list with the speaker anywhere in it."""
    text = scene.text
    for clause in scene.clauses:
        lead = _ROLL_LEAD.match(text, clause.start)
        start = at = lead.end() if lead else clause.start
        heads, named, me = 0, 0, False
        while at < len(text):
            joint = _ROLL_JOINT.match(text, at) if heads else None
            step = joint.end() if joint else at
            if heads and not joint and text[at] not in "我俺" and at not in kin:
                break
            item = None if me and not kin else _ROLL_ME.match(text, step)
            last = item and re.match(r"[,。;!?]|$", text[item.end() :])
            if last and named == 1 and text[at:step] in {"跟", "随"}:
                break  # 女儿跟我: she stays with me, no list
            if item and not me and item.end() not in kin:
                heads, me, at = heads + 1, True, item.end()
                continue
            own = re.compile(r"(?:我|俺|咱)(?:们)?(?:家|的)?").match(text, step)
            member = _members(text, own.end(), kin) if own else _members(text, step, kin)
            if member is None:
                break
            heads, named, at = heads + member[0], named + 1, member[1]
        if _more_of_us(scene, start, at):
            continue
        if me and named and heads > 1 and _END_OF_LIST.match(text, at):
            return Fact("household_size", heads, start, at)
    return None
