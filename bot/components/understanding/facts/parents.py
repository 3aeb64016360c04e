"""What became of a child's parents: both dead, father dead and mother remarried, in prison."""

from __future__ import annotations

import re

from ..numbers import find_quantities
from ..persons import PUPIL
from .age import is_age
from .scene import Fact, Scene

_FULL_AGE, _SURELY_GROWN = 22, 35
_FATHER = r"(?:爸爸|爸|父亲|父|爹爹|爹|老汉儿?|老爸|阿爸|生父|亲爹|亲爸)"
_MOTHER = r"(?:妈妈|妈|母亲|母|娘亲|娘|老妈|阿妈|阿母|生母|亲妈|亲娘)"
_SON, _DAUGHTER_IN_LAW = r"(?:我?儿子)", r"(?:儿媳妇?|媳妇)"
_FATES: list[tuple[str, str]] = [
    (
        "亡",
        r"(?:去世|死(?!刑)|过世|没了|没得了|没在|病逝|病故|不在(?:了|世|人世)?(?![家这那村])|亡|身亡|病死|走得早|早走|走(?:了(?=[,。;!? ]|$)|的(?=[,。;!? ]|$)|的时候|的那年)|离世|遇难|淹死|过身|没命)",
    ),
    (
        "服刑",
        r"(?:坐牢|坐大牢|在牢里|坐监|死刑|服刑|判(?:了)?刑|判了|在监狱|进去了|蹲监|蹲大?牢|被判|劳改|关着|关在|被抓|戒毒|强戒|吃牢饭)",
    ),
    ("失联", r"(?<=[媳妇嫂])[^,。;病难癌]{0,5}走了(?=[,。;!? ]|$)"),
    (
        "改嫁",
        r"(?:另(?:外)?(?:组|成)[^,。;]{0,3}家|重组|有了新家|又(?:结了?婚|嫁|成家)|改嫁|嫁人|嫁走|另嫁|再嫁|嫁到|嫁了|重新嫁|跟别人过|另外成家|再婚)",
    ),
    (
        "失联",
        r"(?:失联|下落不明|一走了之|没了?踪影|断了联系|再没(?:回|露面|见)|人间蒸发|走失|跑(?:了|咯|掉|路)?|不见|出走|离家|联系不(?:上|到)|找不(?:到|着)|失踪|没(?:有)?音[信讯]|没(?:有)?消息|杳无|不知去向|不晓得去|丢下|扔下|抛下|一去不回|不回来|没回来|跟人)",
    ),
    ("重残", r"(?:重残|残疾|瘫痪|瘫|精神病|精神残|智力残|智障|一级残|二级残|疯)"),
    ("重病", r"(?:重病|尿毒|癌|病重|透析|白血病|肝硬化)"),
]
_GAP = r"[^,。;!?爸妈爹娘父母儿媳]{0,8}?"
_BOTH = re.compile(
    r"(?:父母|爸妈|爹妈|爸爸妈妈|爹娘|父母亲|爹和娘|爸和妈|爸爸和妈妈|他爸他妈|她爸她妈|他爸妈|她爸妈|双亲|爹娘老子|他爹他娘)[^,。;!?]{0,12}?"
)
_LACKING = re.compile(
    rf"(?:没有?|没得|莫得|无){_FATHER}(?!妈)|{_FATHER}没(?=$|[,。])|失去(?:了)?父亲|丧父"
)
_LACKING_MOTHER = re.compile(rf"(?:没有?|没得|莫得|无){_MOTHER}(?!家)|失去(?:了)?母亲|丧母")
_NO_PARENTS = re.compile(
    r"父母双亡|[没无]了(?:爸妈|爹妈|爹娘|父母|双亲)|没(?:有)?爸爸妈妈|没爹没[妈娘]|没[爸父]没[妈母]|无父无母|没有?(?:爸妈|爹妈|爹娘|父母)(?!管|的|签|陪|帮|支|同)|失去(?:了)?双亲|双亲(?:都)?(?:去世|不在|亡)|爹妈都没"
)
_CHILD = re.compile(
    r"娃|孩|孙|侄|学生|外甥|孤儿|抚养|未成年|弟|妹|跟着?(?:我|俺|着)?(?:爷|奶|外婆|外公|姥|婆|舅|姑|姨|叔|伯)|跟着?(?:我|俺)?[大二三四小老](?:伯|叔|舅|姑|姨|爹|爷|娘)|跟我(?:过|长|生活|住)|跟着我们?(?:两口子)?长|[带丢留](?:着|下|给)?[^,。;]{0,3}[大小]的|初[一二三]|高[一二三](?!血)|(?<![一二三四五六七八九几])十[一二三四五六七]?岁|刚满十八|长大|[上读]学|大学|高中|初中|小学|没人管"
)
_TAKEN_ALONG = re.compile(
    r"(?:媳妇|嫂子?|妈妈?|弟妹)[^,。;]{0,4}带(?:着|走)?(?:了)?[^,。;]{0,3}(?:孙子?|孙女|孩子|娃|他|她)[^,。;小大]{0,3}(?:走|跑|改嫁|嫁|回娘家)"
)
_ADULT = re.compile(
    r"离过婚|离了婚|老伴|老公|丈夫|我男人|(?:我|俺|本人)(?:今年)?(?:[四五六七八九]十|[2-9]\d)|我(?:嫁|自己也)"
)
# 哥哥死了嫂子改嫁了,三年没回来看过,娃跟着我妈
_BROTHERS_CHILD = re.compile(
    r"(?:哥哥?|弟弟?|大哥|兄弟)[^,。;]{0,3}(?:死|走|没|去世|过世)了[^。;]{0,4}"
    r"(?:嫂子?|弟媳|媳妇)[^,。;]{0,3}(?:改嫁|跑|走|嫁)(?:人)?了?(?=[^。]{0,12}没(?:有)?(?:回|看|管|消息))"
)
_ORPHAN = re.compile(
    r"有个孤儿(?![钱补费金])|我(?:们|[跟和][^,。]{1,4})?(?:都)?(?:是|就是|从小(?:就)?是|算是|现在是)(?:个|一个)?孤儿|成(?:了)?孤儿|(?:娃|孩子|他|她|侄子|侄女|孙子|孙女|外甥|外甥女|学生|小孩)(?:现在|也)?是(?:个)?孤儿(?!吗)"
)
_ASKS = re.compile(r"算不算孤儿|是不是孤儿|算孤儿|什么是孤儿|孤儿的条件|才算|怎么算|哪些")
_STATES = {
    "亡": "dead",
    "服刑": "confined",
    "失联": "lost_contact",
    "重残": "severe_disability",
    "重病": "serious_illness",
}


def extract(scene: Scene) -> list[Fact]:
    """`parents_status`, `orphan`, and the single states for the programmes for children."""
    text = scene.text
    facts: list[Fact] = []
    fates, span = _fates(scene)
    asks_rule = bool(re.search(r"孤儿的条件|什么是|是什么|哪些", text))
    if len(fates) == 2 and not asks_rule:
        facts.append(Fact("parents_status", _told(fates), *span))
    both_dead = fates == {"父": "亡", "母": "亡"} and not asks_rule
    orphan = _ORPHAN.search(text)
    if (orphan and not _ASKS.search(text)) or both_dead:
        facts.append(Fact("orphan", True, *(orphan.span() if orphan else span)))
    for who, key in (("父", "father_state"), ("母", "mother_state")):
        if fates.get(who) in _STATES and not asks_rule:
            facts.append(Fact(key, _STATES[fates[who]], *span))
            if fates[who] in {"失联", "服刑"} and (long := _how_long(text, who)):
                facts.append(long)
    return facts


def _how_long(text: str, who: str) -> Fact | None:
    """妈妈跑了三年了, 爸爸判了八年: for how many months, where it is told right behind."""
    word, other = (_FATHER, _MOTHER) if who == "父" else (_MOTHER, _FATHER)
    match = re.search(rf"{word}(?:(?!{other})[^。;!?岁前]){{0,12}}", text)
    for q in find_quantities(match.group()) if match else []:
        if q.unit in {"year", "month"} and q.value is not None and match is not None:
            months = int(q.value * (12 if q.unit == "year" else 1))
            key = "father_months" if who == "父" else "mother_months"
            return Fact(key, months, match.start() + q.start, match.start() + q.end)
    return None


def _told(fates: dict[str, str]) -> str:
    father, mother = fates["父"], fates["母"]
    if father == mother:
        return "父母双亡" if father == "亡" else "父母" + father
    return f"父{father}母{mother}"


def _fates(scene: Scene) -> tuple[dict[str, str], tuple[int, int]]:
    text = scene.text
    if _TAKEN_ALONG.search(text):
        return {}, (0, 0)  # 媳妇带孙子走了: whoever tells has no child to care for
    nobody = _NO_PARENTS.search(text)
    if nobody:
        return {"父": "亡", "母": "亡"}, nobody.span()
    if not _of_a_child(scene):
        return {}, (0, 0)
    left = _BROTHERS_CHILD.search(text)
    if left:
        return {"父": "亡", "母": "失联"}, left.span()
    both = _BOTH
    if any(k.relation in {"侄子", "侄女"} for k in scene.kin):
        both = re.compile(
            f"(?:哥哥嫂子|哥嫂|兄嫂|弟弟弟媳|大哥大嫂)[^,。;!?]{{0,6}}?|{_BOTH.pattern}"
        )
    for match in both.finditer(text):
        for name, pattern in _FATES:
            fate = re.compile(pattern).match(text, match.end())
            found = fate or re.compile(r"[^,。;!?]{0,12}?" + pattern).match(text, match.end())
            if found and name != "改嫁":
                return {"父": name, "母": name}, (match.start(), found.end())
    return _each(scene)


def _grown_up(scene: Scene) -> bool:
    """Somebody of full age is told of, and no child: 姐姐四十四,爸妈都过世了."""
    if PUPIL.search(scene.text):
        return False  # 阿嬷八十二, said by her grandson
    if scene.need is not None and scene.need.kind == "other":
        return False  # 我们班有个学生: the age may be anybody's
    told = {scene.need.relation} if scene.need else {"self", ""}
    least = _FULL_AGE if scene.need else _SURELY_GROWN
    return any(
        q.size >= least and is_age(scene, q) and scene.clause_at(q.start).subject in told
        for q in scene.quantities
    )


def _of_a_child(scene: Scene) -> bool:
    """The parents of a child, not those of a grown speaker."""
    young = any(k.kind in {"child", "grandchild"} or k.relation in _PARENTS_OF for k in scene.kin)
    if not young and _grown_up(scene):
        return False
    if any(k.kind in {"child", "grandchild"} for k in scene.kin) and not _ADULT.search(scene.text):
        return True
    if _ADULT.search(scene.text) and not any(k.kind == "grandchild" for k in scene.kin):
        return False
    return len(scene.text) <= 18 or bool(_CHILD.search(scene.text))


def _each(scene: Scene) -> tuple[dict[str, str], tuple[int, int]]:
    text = scene.text
    grand = any(k.kind == "grandchild" for k in scene.kin)
    words = {
        "父": _or_kin(scene, _FATHER + (f"|{_SON}" if grand else ""), 0),
        "母": _or_kin(scene, _MOTHER + (f"|{_DAUGHTER_IN_LAW}" if grand else ""), 1),
    }
    fates: dict[str, str] = {}
    spans: list[tuple[int, int]] = []
    for who, lacking in (("父", _LACKING), ("母", _LACKING_MOTHER)):
        gone = lacking.search(text)
        if gone:
            fates[who] = "亡"
            spans.append(gone.span())
            continue
        found = _first_fate(text, words[who], grand or _told_by_elder_or_young(scene))
        if found:
            fates[who], span = found
            spans.append(span)
    if not spans:
        return {}, (0, 0)
    return fates, (min(s for s, _ in spans), max(e for _, e in spans))


# Who a child's father and mother are to the speaker.
_PARENTS_OF = {
    "孙子": ({"儿子"}, {"儿媳"}),
    "孙女": ({"儿子"}, {"儿媳"}),
    "外孙": ({"女婿"}, {"女儿"}),
    "外孙女": ({"女婿"}, {"女儿"}),
    "侄子": ({"哥哥", "弟弟"}, {"嫂子", "弟媳"}),
    "侄女": ({"哥哥", "弟弟"}, {"嫂子", "弟媳"}),
    "外甥": ({"姐夫", "妹夫"}, {"姐姐", "妹妹"}),
    "外甥女": ({"姐夫", "妹夫"}, {"姐姐", "妹妹"}),
}


def _or_kin(scene: Scene, words: str, side: int) -> str:
    """`words`, or what the speaker calls that parent: 侄女 is the child of 我弟弟 and 弟媳妇."""
    children = {k.relation for k in scene.kin if k.relation in _PARENTS_OF}
    if {k.relation for k in scene.kin} & {"嫂子", "弟媳"}:
        children.add("侄子")  # 我哥死了,嫂子带着小的改嫁了,留下大的
    roles = {r for child in children for r in _PARENTS_OF[child][side]}
    called = {k.word for k in scene.kin if k.relation in roles}
    called |= {("男主人", "女主人")[side]}
    return "(?:" + "|".join([*sorted(map(re.escape, called), key=len, reverse=True), words]) + ")"


def _told_by_elder_or_young(scene: Scene) -> bool:
    """俺爷俺奶: the speaker is the child; 我侄女: 我弟弟 is her father. 我爸 is no bar then."""
    relations = {k.relation for k in scene.kin}
    if relations & {"嫂子", "弟媳"} and relations & {"哥哥", "弟弟"}:
        return True
    return any(k.kind == "grandparent" or k.relation in _PARENTS_OF for k in scene.kin)


# 妈妈没有死,就是找不到: not dead, and what follows is still told of her.
_NOT_DEAD = re.compile(r"(?:没有?|没得|未|不是|并非)(?:死|去世|过世|亡故|病逝)了?[,， ]?")


def _first_fate(text: str, word: str, grand: bool) -> tuple[str, tuple[int, int]] | None:
    best: tuple[int, str, tuple[int, int]] | None = None
    text = _NOT_DEAD.sub(lambda denied: "□" * len(denied.group()), text)
    for name, pattern in _FATES:
        for match in re.finditer(word + _GAP + pattern, text):
            if (
                not grand
                and re.search(r"(?:我|俺)老?$", text[: match.start()])
                and not _young(text)
            ):
                continue
            if best is None or match.end() < best[0]:
                best = (match.end(), name, match.span())
            break
    return (best[1], best[2]) if best else None


def _young(text: str) -> bool:
    return (
        bool(
            re.search(
                r"[上读]学|大学|高中|初中|小学|未成年|我才|1[0-9]岁|十[一二三四五六七八九]?岁|长大|学费|孤儿|奶奶|爷爷|外婆|外公|姥",
                text,
            )
        )
        or len(text) <= 18
    )
