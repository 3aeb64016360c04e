"""How many live in the household: counted outright, or listed (两口子带俩娃还有个老娘)."""

from __future__ import annotations

import re

from ..persons import SEVERAL, Kin
from .scene import Fact, Scene

_COUNT = {
    "一": 1,
    "俩": 2,
    "两": 2,
    "二": 2,
    "仨": 3,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
NUMBER = r"(\d{1,2}|[一俩两二仨三四五六七八九十])"
_SIZES = [
    re.compile(
        r"(?<![老小第人])"
        + NUMBER
        + r"(?:口之家|口半人|口子人|口人|人户|人之家|张嘴|张口|张口吃饭|个肚皮"
        r"|口(?!棺|子|水|袋|罩|气|号|头|才|碑|味|井|锅|饭|语|粮|红))"
    ),
    re.compile(
        r"(?:家庭|全家|一?大?家子?|一屋|家里(?:总共|一共|拢共|就|有|现在|现有|目前)*|我家|我们家|咱家|俺家|阮厝|阮兜|咱厝|(?:我哋|我地)?屋企|屋头"
        r"|屋里|家中|户口(?:本|簿)?上?|户籍上?|这户|共同生活的?)"
        r"(?:人口|成员|人员|总人口|常住人口|里头?|里?面)*(?:总共|一共|拢共|统共|拢总|满打满算|合计|共计|共|就|只有|有|得|是"
        r"|为|剩下?|现有|还有|写的?是?|:|加起来|老老少少|老老小小|连老带小|连大带小|上上下下|上下|大小|老小|老少|实际|目前|现在|常住)*"
        + NUMBER
        + r"(?:个)?(?:人|口|张嘴|张口)(?!家|残|生病|打工|上班|有病|在外|读书|上学|工作|收入|挣|患|都"
        r"|瘫|住院|没|在家|养|供|干活|带)"
    ),
    re.compile(
        r"(?:家庭人口|人口数?|家里人口|家庭成员|人数)(?:总共|一共|有|是|为|:|共|填的?|写的?|应该)*"
        + NUMBER
        + r"(?:个|人|口)*(?!级|岁)"
    ),
    re.compile(
        NUMBER
        + r"(?:个)人(?:吃饭|过日子|一起过|一起生活|共同生活|的家庭|家庭|要吃饭|都靠|的嘴|全靠|张嘴|相依)"
    ),
    re.compile(
        r"(?:人口|家里人|家庭成员|我家|人数).{0,10}?(?:改为|改成|应该是)□*"
        + NUMBER
        + r"(?:个|口)?人?"
    ),
    re.compile(
        r"(?:人口|家里人|家庭成员|我家).{0,8}?(?:"
        + NUMBER
        + r")个?(?:写成|弄成|填成|登成|登记成|算成|报成)"
    ),
    re.compile(r"([三四五六七八九])口子"),
    re.compile(
        r"(?:^|[,。; ])(?:就|只有|一共|一起|拢共|总共|共|我们|就我们|屋里|家里)?"
        + NUMBER
        + r"个?人(?:了|吧|嘛|咯)?(?=[,。; ]|$|(?:一共|总共|拢共|就)?(?:一个?月|每个?月|每月)(?:一共|总共|就|才)?[\d一二两三四五六七八九几])"
    ),
    re.compile(
        r"(?:户口(?:本|簿)?上|家里|屋头|屋里|我们?家|我们?屋)(?:有|就|是|一共)?"
        + NUMBER
        + r"个(?=[,。;]|$)"
    ),
    re.compile(
        r"(?:连|加上?|包括|带上?|算上)(?:我|俺)(?:自己)?(?:一共|总共|拢共|在内|,)*"
        + NUMBER
        + r"(?:个|口)"
    ),
    re.compile(
        r"(?:连大带小|老老少少|老老小小|连老带小|大大小小|老的小的)(?:一共|总共|拢共)?"
        + NUMBER
        + r"(?:个|口|人)"
    ),
]
# 母子二人, 爷孙三个: kin words that count themselves.
_PAIRED = re.compile(
    r"(?:母子|母女|父子|父女|祖孙|婆孙|爷孙|奶孙|外孙俩|娘儿?|爷儿?|婆媳|姐弟|兄妹|兄弟|姐妹|姊妹|夫妻|夫妇|老两口|两口子)"
    r"(?P<n>俩|仨|[二两三四]个?(?:人|口)?)(?![岁年月天])"
)
_PAIR_LIVES = re.compile(
    r"相依|过日子|一起过|生活|过活|收入|家里|家头|户|靠|度日|住在|住着|挤|吃饭|开销"
)
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
_JOIN = re.compile(
    r"(?:[、 ]|[,，](?=还|又|另|外加|加|带|上有|下有|上面|底下|下面|和|跟|有|再|外带|以及|屋头还))?"
    r"(?:还|又|另|另外|再)?(?:和|跟到?|同|与|带到?着?|加上?|外加|有|养着?|以及|外带"
    r"|领着|随|拉扯着?|搭|连|上有|下有|上面有|底下有|下面|上头|还有|拖着|守着)*"
    r"(?:我|她|他|着|了)?(?:个|家|的)?"
)
_JOIN_WORD = re.compile(r"[,、 ]?(?:还|又|另|再|和|跟|带|加|外|养|领|有|拉扯|拖)")
# To 家里几口人 a bare list answers: 我,老婆,两个娃.
_JOIN_ASKED = re.compile("[,，]?" + _JOIN.pattern)
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
    return int(word) if word.isdigit() else _COUNT[word]


# 四个人在老家,加我五个: with the speaker is the whole, whatever was counted before.
_WITH_ME = re.compile(
    r"(?:连|加|连上|加上|包括|带上|算上|连同)(?:我|俺|本人)(?:自己)?(?:在内|一共|总共|拢共|就|是|有|,)*"
    + NUMBER
    + r"(?:个|口)(?!月|娃|孩|小|老)"
)
_ADULTS = re.compile(
    NUMBER
    + r"个?(?:大人|老人|老的|老年人|成年人)[,、和跟 ]*"
    + NUMBER
    + r"个?(?:小孩|娃儿?|孩子|小的|崽|学生|老人|大人|娃娃)$"
)


# 我退休金一千二,两口子,天津的: a clause of its own
_COUPLE = re.compile(
    r"(?:^|[,。; ])(?:家里)?(?:就|只有)?(?:我们?|俺)?(?:老|小)?(?:两口子?|俩口子)(?=$|[,。; ])"
)
# 对头就我们两个老的
_WE_TWO = re.compile(
    r"(?:我|俺)们?(?:老)?[两俩](?:个|口)?(?:子|老的|老人|老家伙|老人家|老东西|老骨头|人)(?=$|[,。;!? 了嘛吧咯啊])"
)
_LONE = re.compile(
    r"(?:我家|家里|屋头|屋里|户口本上?)?就(?:只有?|剩下?)?(?:我|俺)(?:自己)?一个(?:人|老\S{1,2})?(?=$|[,。;!?了])"
    r"|(?:^|[,。;])(?:我|俺)就一个人(?=$|[,。;!?了])"
)


def _second_thought(text: str, pattern: re.Pattern[str], first: re.Match[str]) -> re.Match[str]:
    """一共5口,不对,老大分出去了,4口: what is said after the correction."""
    later = [m for m in pattern.finditer(text) if m.start() > first.end()]
    corrected = later and re.search(
        r"不对|说错|错了|哦不|应该是", text[first.end() : later[-1].start()]
    )
    return later[-1] if corrected else first


def _size(scene: Scene) -> Fact | None:
    grown = _ADULTS.search(scene.text)
    if grown:
        return Fact("household_size", count(grown.group(1)) + count(grown.group(2)), *grown.span())
    with_me = _WITH_ME.search(scene.text)
    if with_me:
        return Fact("household_size", count(with_me.group(1)), *with_me.span())
    summed = re.search(
        r"(?:加上|连上|算上|连同|总共|一共)[^,。]{0,8}?" + NUMBER + r"(?:口人|口|个人)", scene.text
    )
    if summed:
        summed = _second_thought(scene.text, re.compile(NUMBER + r"(?:口人|口|个人)"), summed)
        return Fact("household_size", count(summed.group(1)), summed.start(1), summed.end())
    for pattern in _SIZES:
        for match in pattern.finditer(scene.text):
            if re.search(
                r"(?:别人|人家|有家|有一家)",
                scene.text[max(0, match.start() - 8) : match.start()],
            ):
                continue
            match = _second_thought(scene.text, pattern, match)
            return Fact("household_size", count(match.group(1)), match.start(), match.end())
    lone = _LONE.search(scene.text)
    if lone:
        return Fact("household_size", 1, *lone.span())
    two = _COUPLE.search(scene.text) or _WE_TWO.search(scene.text)
    if two and not _JOIN_WORD.match(scene.text, two.end()):
        return Fact("household_size", 2, *two.span())
    paired = _PAIRED.search(scene.text)
    alone = bool(
        paired
        and re.search(
            r"(?:就|只|剩|只有|我们?|俺们?|咱)(?:我们|俺们|咱们)?$", scene.text[: paired.start()]
        )
    )
    if (
        paired
        and (alone or _PAIR_LIVES.search(scene.text, paired.end()))
        and not _listed_on(scene, paired)
    ):
        heads = {"俩": 2, "仨": 3}.get(paired.group("n")) or count(paired.group("n")[0])
        return Fact("household_size", heads, *paired.span())
    return None


def _listed_on(scene: Scene, paired: re.Match[str]) -> bool:
    """夫妻俩带两个娃 goes on, and brothers of full age keep house apart."""
    if paired.group().startswith(("兄", "姐", "姊")) and "相依" not in scene.text:
        return True
    joint = _JOIN.match(scene.text, paired.end())
    return bool(joint and joint.group().strip(" ,、"))


def _members(text: str, at: int, kin: dict[int, Kin]) -> tuple[int, int] | None:
    """(heads, end) of one member phrase such as 俩娃, 一个老娘, 我妈."""
    match = re.compile(rf"(?:{NUMBER}(?!岁|个?月)个?)?俺?(?:家|的)?{_ADJ}").match(text, at)
    if match is None:
        return None
    for start in range(match.end(), at - 1, -1):
        found = kin.get(start)
        if found:
            heads = count(match.group(1)) if match.group(1) else 1
            if not match.group(1) and found.relation in SEVERAL:
                heads = 2
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


# To 家里几口人 a list may tell on: 还有个娃儿读高中; 我和老婆的收入 is no list.
_ELSEWHERE = re.compile(r"们?(?:都|也)?(?:在外|外头|外出|出去|分出去|嫁)")
_TOTAL = re.compile(rf"[,， ]?(?:一共|总共|拢共|共)?{NUMBER}个(?:人)?(?:人)?$")
_TELLS_ON = re.compile(r" |在|读|上|念|打工|上班|做|有病|生病|残|瘫|身体|还没|没|都|呢|嘛|了|吧|咯")
_ALONE_WITH = r"(?:我|俺)(?:自己)?一个人(?=带|拉扯|养|领|守|照顾)"
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
            joint = (_JOIN_ASKED if asked else _JOIN).match(scene.text, position)
            step = joint.end() if joint else position
            member = _members(scene.text, step, kin) or _members(scene.text, position, kin)
            if member is None or (step == position and named == 0):
                break
            if _elsewhere(scene.text, step, member[1], scene.text[start_match.end() : position]):
                break
            heads, named, position = heads + member[0], named + 1, member[1]
        if word.startswith(("我", "俺")) and _spouse_besides(scene, start_match.start(), position):
            continue
        ends_well = bool(_END_OF_LIST.match(scene.text, position))
        ends_well = ends_well or bool(asked and named and _TELLS_ON.match(scene.text, position))
        if word in _SELF_GROUP and named == 0:
            if scene.asking != "household_size" and len(scene.text) > len(word) + 4:
                continue
            ends_well = ends_well or asked
        if ends_well and heads > 1 and (named or word in _SELF_GROUP):
            lead = scene.text[max(0, start_match.start() - 3) : start_match.start()]
            if re.search(r"[给替帮把]$", lead):
                continue
            if _LIVES_WITH.match(scene.text, position) and re.search(r"[跟和同与随]$", lead):
                heads += 1  # 现在跟我和她爷爷过: the child spoken of as well
            total = _TOTAL.match(scene.text, position) if asked else None
            heads = count(total.group(1)) if total else heads
            return Fact("household_size", heads, start_match.start(), position)
    return _with_one(scene)


_WITH = re.compile(r"(?:^|[,。; ])(?:现在|平时|一直|目前|还是|都是)?(?:跟|和|同|与)(?:着)?$")
_TOGETHER = re.compile(
    r"(?:同(?=住|过|吃)|一起|一块儿?|一同|两个人?|二人|俩人?|相依为命)+(?:过|住|生活|,|。|$)"
)


def _with_one(scene: Scene) -> Fact | None:
    """没嫁人,跟八十岁老妈一起生活: the speaker is left unsaid."""
    for person in scene.kin:
        age = re.search(
            r"(?:我|俺)?(?:[^,。;跟和同与]{1,6}岁的?)?(?:我|俺)?$", scene.text[: person.start]
        )
        lead = scene.text[: age.start()] if age else scene.text[: person.start]
        lives = _WITH.search(lead) and _TOGETHER.match(scene.text, person.end)
        if lives and scene.clause_at(person.start).subject in {"", "self", person.relation}:
            heads = 3 if person.relation in SEVERAL else 2
            return Fact("household_size", heads, person.start, person.end)
    return None


_ROLL_LEAD = re.compile(
    r"(?:家里|家中|屋头|屋里|我家|俺家|户口本上?|全家)?(?:现在|目前)?(?:就|还)?(?:是|有|只有)?:?"
)
_ROLL_JOINT = re.compile(r"(?:[,、 ]|和|跟|同|与|及|还有|以及|加上?|外加|再加|连上|算上|就)+")
_ROLL_ME = re.compile(
    r"(?:我|俺|本人)(?:自己|本人)?(?=$|[,、。;!? ]|和|跟|同|与|还|加|一|两|二|三|四|五|六|七|八|仨|俩|过|住|相|生)"
)


def _roll(scene: Scene, kin: dict[int, Kin]) -> Fact | None:
    """奶奶、爸爸、我、弟弟: a list with the speaker anywhere in it."""
    text = scene.text
    for clause in scene.clauses:
        lead = _ROLL_LEAD.match(text, clause.start)
        start = at = lead.end() if lead else clause.start
        heads, named, me = 0, 0, False
        while at < len(text):
            joint = _ROLL_JOINT.match(text, at) if heads else None
            step = joint.end() if joint else at
            if heads and not joint and text[at] not in "我俺":
                break
            item = None if me and not kin else _ROLL_ME.match(text, step)
            if item and not me:
                heads, me, at = heads + 1, True, item.end()
                continue
            own = re.compile(r"(?:我|俺|咱)(?:们)?(?:家|的)?").match(text, step)
            member = _members(text, own.end(), kin) if own else _members(text, step, kin)
            if member is None:
                break
            heads, named, at = heads + member[0], named + 1, member[1]
        if me and named and heads > 1 and _END_OF_LIST.match(text, at):
            return Fact("household_size", heads, start, at)
    return None


# 家里算几口人 asks for the count; the list before it is the question.
_ASKED_BACK = re.compile(
    r"(?:算|是|按)(?:作|成)?(?:几|多少)(?:口|个)人?|算不算(?:家庭成员|一家|一户)"
)


def extract(scene: Scene) -> list[Fact]:
    """How many live together."""
    if _ASKED_BACK.search(scene.text):
        return []
    size = _size(scene)
    if size is None:
        lists = [composition(scene), _roll(scene, {k.start: k for k in scene.kin})]
        size = max((f for f in lists if f), key=lambda f: int(f.value), default=None)
    return [size] if size else []
