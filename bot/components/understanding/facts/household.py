"""How many live in the household: counted outright, or listed (members.py)."""

from __future__ import annotations

import re

from .members import BOTH_AGES, JOIN, JOIN_WORD, NUMBER, composition, count, roll
from .scene import Fact, Scene

_SIZES = [
    re.compile(
        r"(?<![老小第人])"
        + NUMBER
        + r"(?:口之家|口半人|口子人|口人|人户|人之家|张嘴|张口|张口吃饭|个肚皮"
        r"|口(?!棺|子|水|袋|罩|气|号|头|才|碑|味|井|锅|饭|语|粮|红))"
    ),
    re.compile(
        r"(?:家庭|全家|一?大?家子?|一屋|家里(?:总共|一共|拢共|就|有|现在|现有|目前)*|我家|我们家|咱家|俺家|阮厝|厝内|厝里|阮兜|咱厝|(?:我哋|我地)?屋企|屋头"
        r"|屋里|家中|户口(?:本|簿)?上?|户籍上?|这户|共同生活的?)"
        r"(?:人口|成员|人员|总人口|常住人口|里头?|里?面)*(?:总共|一共|拢共|统共|拢总|满打满算|合计|共计|共|就|只有|有|得|是"
        r"|为|剩下?|现有|还有|写的?是?|:|加起来|老老少少|老老小小|连老带小|连大带小|上上下下|上下|大小|老小|老少|实际|目前|现在|常住)*"
        + NUMBER
        + r"(?:个)?(?:人|口|张嘴|张口)(?!家|残|生病|打工|上班|有病|在外|读书|上学|工作|收入|挣|患|都"
        r"|瘫|住院|没|在家|养|供|干活|带|照顾|照看|照料|伺候|服侍|扛|撑|忙|顾)"
    ),
    re.compile(
        r"(?:家庭人口|人口数?|家里人口|家庭成员|人数)(?:总共|一共|有|是|为|:|共|填的?|写的?|应该)*"
        + NUMBER
        + r"(?:个|人|口)*(?!级|岁)"
    ),
    re.compile(
        NUMBER
        + r"(?:个)(?:大?男|女)?人(?:就靠|全指|吃饭|过日子|一起过|一起生活|共同生活|的家庭|家庭|要吃饭|都靠|的嘴|全靠|张嘴|相依)"
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
        r"(?:就|只|还)(?:剩下?|有)?" + NUMBER + r"(?:个人|口人?)(?:了|吧|嘛|咯)?(?=[,。; ]|$)"
    ),
    re.compile(
        r"(?:加上?|算上|连上?|带上?)[^,。;]{1,10}[,，](?:就|一共|总共)?"
        + NUMBER
        + r"个(?=[,。;]|$)"
    ),
    re.compile(
        r"(?:户口(?:本|簿)?上|家里|屋头|屋里|我们?家|我们?屋)(?:有|就|是|一共|只有|我们|俺们)*"
        + NUMBER
        + r"个(?=[,。;]|$)"
    ),
    # 你问的是好多人嗦 三个: the question said again, and its answer
    re.compile(
        r"(?:好多|几|多少)(?:个|口)?(?:人|口)(?:口)?[嗦嘛啊哇呀噻吧哈]*[,。; ]+(?:就|是|有|一共|总共|我们)*"
        + NUMBER
        + r"(?:个|口)(?=[,。; ]|$)"
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

# 大人三个娃四个: the number behind the noun.
_ADULTS_AFTER = re.compile(
    rf"(?:^|[,。; ]|家里?|有|屋头){BOTH_AGES}{NUMBER}个?[,、和跟 ]*{BOTH_AGES}{NUMBER}个?(?=$|[,。;!? 吧嘛呢])"
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
    r"(?:我家|家里|屋头|屋里|户口本上?)?就(?:只有?|剩下?)?(?:我|俺)(?:自己)?一个(?:人|[^,。;人]{0,3}(?:老\S{1,2}|婆子?|汉))?(?=$|[,。;!?了])"
    r"|(?:^|[,。;])(?:现在|如今|平时)?就?(?:我|俺)(?:就|自己)?一个人(?=$|[,。;!?了])"
)


def _second_thought(text: str, pattern: re.Pattern[str], first: re.Match[str]) -> re.Match[str]:
    """一共5口,不对,老大分出去了,4口: what is said after the correction."""
    later = [m for m in pattern.finditer(text) if m.start() > first.end()]
    corrected = later and re.search(
        r"不对|说错|错了|哦不|应该是", text[first.end() : later[-1].start()]
    )
    return later[-1] if corrected else first


# 原来是五口,现在三口; 户口本上六个人,实际就我跟老伴: what is true now, under one roof.
_NO_LONGER = re.compile(r"(?:原来|以前|本来|原先|过去|之前|户口(?:本|簿)?上|户籍上?)[^,。;]{0,6}$")
_NOW = re.compile(r"(?:现在|如今|目前|实际|其实|真正|平时|常住)")


def _later(text: str, match: re.Match[str]) -> bool:
    """The present state is told after the former or the registered one."""
    return bool(_NOW.search(text, match.end()))


def _size(scene: Scene) -> Fact | None:
    grown = _ADULTS.search(scene.text) or _ADULTS_AFTER.search(scene.text)
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
            if _NO_LONGER.search(scene.text[: match.start(1)]) and _later(scene.text, match):
                continue
            match = _second_thought(scene.text, pattern, match)
            return Fact("household_size", count(match.group(1)), match.start(), match.end())
    lone = _LONE.search(scene.text)
    if lone:
        return Fact("household_size", 1, *lone.span())
    two = _COUPLE.search(scene.text) or _WE_TWO.search(scene.text)
    if two and not JOIN_WORD.match(scene.text, two.end()):
        return Fact("household_size", 2, *two.span())
    paired = _PAIRED.search(scene.text)
    alone = bool(
        paired
        and re.search(
            r"(?:就|只|剩|只有|我们?|俺们?|咱|阮)(?:我们|俺们|咱们)?$", scene.text[: paired.start()]
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
    joint = JOIN.match(scene.text, paired.end())
    return bool(joint and joint.group().strip(" ,、"))


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
        lists = [composition(scene), roll(scene, {k.start: k for k in scene.kin})]
        size = max((f for f in lists if f), key=lambda f: int(f.value), default=None)
    return [size] if size else []
