"""Who lives in the household: size, children, marriage, living alone."""

from __future__ import annotations

import re

from ..persons import Kin
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
_NUM = r"(\d{1,2}|[一俩两二仨三四五六七八九十])"
_SIZES = [
    re.compile(
        r"(?<![老小])" + _NUM + r"(?:口之家|口子人|口人|口(?!棺|子|水|袋|罩|气|号|头|才|碑|味))"
    ),
    re.compile(
        r"(?:家庭|全家|一家|家里(?:总共|一共|拢共|就|有|现在|现有|目前)*|我家|我们家|屋头"
        r"|屋里|家中|户口(?:本|簿)?上?|户籍上?|这户|共同生活的?)"
        r"(?:人口|成员|人员|总人口|常住人口)*(?:总共|一共|拢共|合计|共计|共|就|只有|有|是"
        r"|为|剩|现有|还有|写的?是?|:|加起来)*"
        + _NUM
        + r"(?:个)?(?:人|口)(?!家|残|生病|打工|上班|有病|在外|读书|上学|工作|收入|挣|患|都"
        r"|瘫|住院|没)"
    ),
    re.compile(
        r"(?:家庭人口|人口数?|家里人口|人数)(?:总共|一共|有|是|为|:|共)*"
        + _NUM
        + r"(?:个|人|口)?(?!级|岁)"
    ),
    re.compile(_NUM + r"(?:个)人(?:吃饭|过日子|一起过|一起生活|共同生活|的家庭|家庭|要吃饭|都靠)"),
    re.compile(
        r"(?:人口|家里人|家庭成员|我家).{0,8}?(?:"
        + _NUM
        + r")个?(?:写成|弄成|填成|登成|登记成|算成|报成)"
    ),
]
_SELF_GROUP = {
    "两口子": 2,
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
    r"[、,， ]?(?:还|又|另|另外|再)?(?:和|跟|同|与|带着?|加上?|外加|有|养着?|以及|外带"
    r"|领着|拉扯着?|搭|连|上有|下有|上面有|底下有|下面|上头|还有)*"
    r"(?:我|她|他|着)?(?:个|家)?"
)
_ADJ = (
    r"(?:上学的?|读书的?|年迈的?|生病的?|瘫痪的?|残疾的?|八十多的?|七十多的?|年老的?"
    r"|正上学的?|没成年的?|未成年的?|老|小|大|亲|生病|上小学的?|读高中的?|读大学的?"
    r"|在读的?|岁?的?)*"
)
_END_OF_LIST = re.compile(
    r"(?:$|[,。;!?]|两个|俩|三个|仨|四个|五个|就这|一起|相依|过(?:日子|活)?|住|生活|共"
    r"|这几|总共|这么|\d个?人|[一二两三四五六七八九]个?人|在家|吃饭)"
)
_CHILD_WORD = (
    r"(?:正在?)?(?:上学的?|读书的?|小|大)*(?:孩子|娃儿|娃娃|小孩|娃|崽|细路|伢子|孙子"
    r"|孙女|小朋友|学生娃|仔|囡)"
)
_CHILDREN = re.compile(
    _NUM + r"个?(?:都?(?:上学|读书)的)?(?:小|大|未成年|没成年的?|亲生)?(?:孩子|娃儿|娃娃"
    r"|小孩子|小孩|娃|崽|细路仔|细路|伢子|小朋友|学生娃|小人)"
)
_SONS = re.compile(_NUM + r"个?(?:儿子|男孩|男娃|小子|儿)(?!童|媳)")
_DAUGHTERS = re.compile(_NUM + r"个?(?:女儿|闺女|女娃|女孩|丫头|姑娘|女)(?!人|的|方|工|性|同|士)")
_ORDINAL_CHILD = re.compile(
    r"老大|老二|老三|老四|老幺|老小|大的|小的|大娃|小娃|二娃|三娃|大儿子|小儿子|大女儿"
    r"|小女儿|大宝|二宝|三宝|大崽|细崽|小妹妹"
)
_TWINS = re.compile(r"双胞胎|龙凤胎|孪生")
_SINGLE_PARENT = re.compile(
    r"(?:一个人|独自|单独|自己一个|独力|一人|我自己)(?:在家)?(?:既?要)?(?:带|拉扯|养"
    r"|抚养|照顾|供)(?:着|大)?(?:的)?(?:[一俩两二三四\d]个?)?(?:还)?(?:小|读书的"
    r"|上学的|未成年)*"
    r"(?:娃|孩|儿子|女儿|闺女|崽|小孩|仔|细路)|单亲|单身(?:妈妈|母亲|爸爸|父亲|带娃"
    r"|带孩子)|(?:孩子|娃|女儿|儿子)(?:就|都|全)?(?:靠)?我一个人(?:带|养|拉扯|抚养)"
)
_ALONE = re.compile(
    r"一个人(?:单独)?(?:住(?!院)|过(?!来|去)|生活|在家(?!带)|单过|吃住)|独居"
    r"|独自(?:一人)?(?:生活|居住|过)|孤身一人|孤单一人|孤零零一个"
    r"|就(?:剩)?我一个人?(?!人|带|养|打|挣|干|上|拉|在|有|能|做|工|的|女|男|儿|老|小)"
    r"|剩我一个|单独住|一人居住|一个人一户|只有我一个人(?!挣|打|干|上|带|养|能)"
    r"|单门独户一个人|自己一个人(?:住|过|生活)|就他一个人(?:住|过)?|光杆一个"
)
_CHILDLESS = re.compile(
    r"没儿没女|无儿无女|没(?:有|得)?儿女|没(?:有|得)?子女|无子女|没有?后人|无后|膝下无"
    r"|没生过|没(?:有|得)?生(?:过)?(?:娃|孩子)|冇仔冇女|没儿子?没?也?没?女儿|没有儿女"
    r"|没有?小孩|没有孩子|没得娃儿|没娃|没得后人|绝户|没有后代|无嗣"
)
_WIDOWED = re.compile(
    r"丧偶|守寡|寡妇|鳏夫|(?:老公|丈夫|男人|老伴儿?|当家的|掌柜的|老婆|妻子|媳妇|爱人"
    r"|堂客|婆娘|孩子他?爸|孩子他?妈|娃他爸|老头子|老太婆)"
    r"(?:前年|去年|今年|几年前|前几年|早年|早几年|早就|刚|都|上个?月|也|三年前|得病"
    r"|生病|因病|车祸|出车祸|病|意外|[一二三四五六七八九十几\d]+年前|就|已经)*"
    r"(?:死|去世|过世|没了|病逝|不在了|走咯|过身|离世|病故|病死|死了|没在了|故去|故了"
    r"|身亡|走得早|去得早|死得早)"
)
_WIDOWED_GONE = re.compile(
    r"(?:老公|丈夫|老伴儿?|当家的|老头子|老太婆|爱人)(?:前年|去年|今年|早年|几年前"
    r"|前几年|早就|刚|三年前|上个?月|就|已经)*走了(?!几年没)"
)
_DIVORCED = re.compile(
    r"离异|离了婚?|离婚(?!率|协议|证|手续|的条件|诉讼|官司|财产)|(?:已经|早就)离了"
)
_SINGLE = re.compile(
    r"(?<!给)单身(?!妈|母|爸|父|带)|未婚(?!妻|夫|妈)|没结(?:过)?婚|没成(?:过)?家|光棍"
    r"|打单身|[没未]娶(?:到|上|过)?|没讨(?:到|上|过)?(?:老婆|媳妇)|冇结婚|没有?对象"
    r"|一直没找|没嫁"
)
_MARRIED = re.compile(r"已婚|再婚|结了婚|结婚了|二婚|改嫁给|成家了|结婚[一二三四五六七八九十\d]+年")


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _COUNT[word]


_ADULTS = re.compile(
    _NUM
    + r"个?(?:大人|老人|老的|老年人|成年人)[,、和跟 ]*"
    + _NUM
    + r"个?(?:小孩|娃儿?|孩子|小的|崽|学生|老人|大人|娃娃)$"
)


def _size(scene: Scene) -> Fact | None:
    grown = _ADULTS.search(scene.text)
    if grown:
        return Fact(
            "household_size", _count(grown.group(1)) + _count(grown.group(2)), *grown.span()
        )
    summed = re.search(
        r"(?:加上|连上|算上|连同|总共|一共)[^,。]{0,8}?" + _NUM + r"(?:口人|口|个人)", scene.text
    )
    if summed:
        return Fact("household_size", _count(summed.group(1)), summed.start(1), summed.end())
    for pattern in _SIZES:
        for match in pattern.finditer(scene.text):
            clause = scene.clause_at(match.start())
            if clause.kind == "other" and re.search("邻居|隔壁|楼", clause.text):
                continue
            if re.search(
                r"(?:楼上|隔壁|邻居|别人|人家|有家|有一家)",
                scene.text[max(0, match.start() - 8) : match.start()],
            ):
                continue
            return Fact("household_size", _count(match.group(1)), match.start(), match.end())
    return None


def _members(text: str, at: int, kin: dict[int, Kin]) -> tuple[int, int] | None:
    """(heads, end) of one member phrase such as 俩娃, 一个老娘, 我妈."""
    match = re.compile(rf"(?:{_NUM}个?)?{_ADJ}").match(text, at)
    if match is None:
        return None
    for start in range(match.end(), at - 1, -1):
        found = kin.get(start)
        if found:
            count = _count(match.group(1)) if match.group(1) else 1
            if not match.group(1) and found.relation == "父母":
                count = 2
            return count, found.end
    sons = re.compile(r"(?:一儿一女|一双儿女|一男一女)").match(text, at)
    if sons:
        return 2, sons.end()
    return None


def composition(scene: Scene) -> Fact | None:
    """Heads of a list such as 两口子带俩娃还有个老娘 (5) or 我和老伴,还有一个孙子 (3)."""
    kin = {k.start: k for k in scene.kin}
    asked = scene.asking == "household_size"
    for start_match in re.finditer(
        (r"我们?(?=[和跟同与带、,])|" if asked else r"我们?(?=[和跟同与带、])|")
        + r"俺(?=[和跟带])|"
        + _GROUP.pattern,
        scene.text,
    ):
        word = start_match.group()
        heads, named = (_SELF_GROUP[word], 0) if word in _SELF_GROUP else (1, 0)
        position = start_match.end()
        while position < len(scene.text):
            joint = _JOIN.match(scene.text, position)
            step = joint.end() if joint else position
            member = _members(scene.text, step, kin) or _members(scene.text, position, kin)
            if member is None or (step == position and named == 0):
                break
            heads, named, position = heads + member[0], named + 1, member[1]
        ends_well = bool(_END_OF_LIST.match(scene.text, position))
        if word in _SELF_GROUP and named == 0:
            if scene.asking != "household_size" and len(scene.text) > len(word) + 4:
                continue
            ends_well = ends_well or asked
        if ends_well and heads > 1 and (named or word in _SELF_GROUP):
            lead = scene.text[max(0, start_match.start() - 3) : start_match.start()]
            if re.search(r"[给替帮把]$", lead):
                continue
            return Fact("household_size", heads, start_match.start(), position)
    return None


def _children(scene: Scene) -> Fact | None:
    text = scene.text
    total, spans = 0, []
    for pattern in (_SONS, _DAUGHTERS):
        match = pattern.search(text)
        if match and not re.match(r"(?:不管|不孝|都不管)", text[match.end() :]):
            total += _count(match.group(1))
            spans.append(match.span())
    if not spans:
        match = re.search(r"一儿一女|一双儿女|一男一女|儿女双全|两个小的", text)
        if match:
            total, spans = 2, [match.span()]
    if not spans:
        match = _CHILDREN.search(text)
        if match:
            total, spans = _count(match.group(1)), [match.span()]
    if not spans and (match := _TWINS.search(text)):
        total, spans = 2, [match.span()]
    if not spans:
        ordinals = {m.group(): m.span() for m in _ORDINAL_CHILD.finditer(text)}
        other = [k for k in scene.kin if k.relation in {"儿子", "女儿"} and k.word not in ordinals]
        if re.search(r"兄弟|姐妹|姊妹|弟兄", text):
            ordinals = {}
        if len(ordinals) >= 2:
            total, spans = len(ordinals), sorted(ordinals.values())
        elif len(ordinals) == 1 and "老大" in ordinals and other:
            total, spans = 2, [ordinals["老大"]]
    if not spans or scene.about_other(spans[0][0]):
        return None
    return Fact("num_children", total, spans[0][0], spans[-1][1])


def _marital(scene: Scene) -> Fact | None:
    text = scene.text
    for value, patterns in (
        ("丧偶", (_WIDOWED, _WIDOWED_GONE)),
        ("离异", (_DIVORCED,)),
        ("单身", (_SINGLE,)),
        ("已婚", (_MARRIED,)),
    ):
        for pattern in patterns:
            for match in pattern.finditer(text):
                before = text[scene.clause_at(match.start()).start : match.start()]
                if re.search(r"[弟哥兄姐妹儿女孩]|爸妈|父母|爹妈|邻居|孙|闺|娃|没|未", before):
                    continue
                if value == "离异" and re.search(r"(?:要|想|闹|没|办|正在|打算)$", before):
                    continue
                return Fact("marital", value, match.start(), match.end())
    return None


def extract(scene: Scene) -> list[Fact]:
    """Household facts of the message."""
    facts = [_size(scene) or composition(scene), _children(scene), _marital(scene)]
    for key, pattern in (
        ("single_parent", _SINGLE_PARENT),
        ("living_alone", _ALONE),
        ("no_children", _CHILDLESS),
    ):
        match = pattern.search(scene.text)
        if match and not scene.about_other(match.start()):
            facts.append(Fact(key, True, match.start(), match.end()))
    return [fact for fact in facts if fact is not None]
