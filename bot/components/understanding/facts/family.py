"""Marriage, children, living alone, and what became of a child's parents."""

from __future__ import annotations

import re

from ..persons import gone, spouses
from .members import NUMBER, count
from .scene import Fact, Scene

# --- marriage -----------------------------------------------------------------------------
_SPOUSE = (
    r"(?:老公|丈夫|男人|老伴儿?|当家的|掌柜的|老婆子?|妻子|媳妇儿?|爱人|堂客|婆娘|婆姨|孩子?[他她]?(?:爸爸?|妈妈?|爹|娘)|娃儿?[他她]?(?:爸|妈|爹|娘)"
    r"|老头子|老头儿?|老太婆|男主人|女主人|男的|女的|翁|尪|屋头那个|屋里那个|屋里人|屋里的|那口子|先生|内人|配偶|对象|我家那位)"
)
_WHEN = (
    r"(?:前年|去年|今年|腊月间?|年初|年底|春上|前几年|早几年|早年间?|早早|早就|早都|早|刚刚?|都|上个?月|上周|昨天|前天|也|得病|生病|因病|因公|出(?:了)?事故|在?工地上?|在[^,。;我]{1,5}|车祸|出车祸|出事"
    r"|出意外|病|意外|喝药|喝农药|想不开|吸毒|赌博|[一二三四五六七八九十几两半\d]+(?:年|个月|个多月)(?:前|多前|了)?|(?:19|20)\d\d年?|就|已经|又|给|在|于|跟着|突然|突发|不幸"
    r"|[脑心肝肺胃肠肾][^,。;我]{1,5}|[^,。;我他她]{1,3}(?:癌|病|症)|因[^,。;我]{1,6}|得[^,。;我]{1,6}|打工|工亡){0,3}"
)
_DEAD = (
    r"(?:死|去世|过世|没了|没得了|没在了|病逝|逝世|不在了|不在世|走咯|过身|离世|辞世|病故|亡故|身亡|工亡|故去|故了|牺牲|遇难|淹死|没命"
    r"|走得早|去得早|死得早|没得早|走的早|先走|丢下我|撇下我|扔下我|没的(?=[,。;!?]|$))"
)
_WIDOWED = re.compile(
    r"丧偶|守(?:了)?[^,。;]{0,5}寡|寡妇|鳏夫|遗孀|鳏居|寡居|丧夫|丧妻|未亡人|死了(?:老公|丈夫|老婆|男人|媳妇|老伴)|没了(?:老伴|男人|老公|丈夫|老婆)"
    r"|(?:老公|丈夫|男人|老伴|老婆|媳妇|妻子)的?(?:抚恤|丧葬|骨灰|坟)"
    rf"|{_SPOUSE}{_WHEN}{_DEAD}"
)
# 老公开货车翻了,人没了
_SPOUSE_LOST = re.compile(
    rf"{_SPOUSE}[^,。;我]{{0,10}},(?:结果|当场|后来)?人(?:就|都|也)?(?:没了|走了|没救)"
)
_CAUSE = r"(?:车祸|癌|病|意外|脑溢血|脑出血|心梗|出事|工地|矿|中风|溺水|触电|雷|难产|喝药|尿毒症)"
# 走了 of a spouse who is ill or old is death, of a young one it may be leaving.
_WIDOWED_GONE = re.compile(
    r"(?:老公|丈夫|老伴儿?|当家的|老头子|老头儿?|老太婆|爱人|婆娘|男人)"
    + _WHEN
    + r"走了(?!几年没|,?(?:去|到|外出|跟|再))"
    + rf"|{_SPOUSE}{_WHEN}走(?:了)?(?:[一二三四五六七八九十几两半\d]|好几?)+多?(?:年|个月)(?!没)"
    + rf"|{_SPOUSE}{_WHEN}走的(?=[,。;!?]|$)"
    + rf"|{_SPOUSE}[^,。;]{{0,8}}{_CAUSE}[^,。;]{{0,5}}[走没死](?:了|咯)"
)
_DIVORCED = re.compile(
    r"离异(?!家庭的)|离的婚|[扯领办拿](?:了)?离婚证|离了(?:婚|(?=[,。; 的]|$|带|有|好|快|多|又|一直|[一二三四五六七八九十几\d]+年))|离过婚|离婚(?!率|证|手续|的条件|诉讼|官司|财产|就|了?算不算|了?能)|(?:已经|早就|去年|前年)离(?=[,。; ]|$)|前夫|前妻|前老公|前老婆|前任老公"
    r"|判离|被离婚|跟(?:老公|老婆|丈夫|妻子)(?:分开|散)了|(?:老公|老婆|丈夫|妻子|媳妇|男人|孩子妈|孩子爸|他妈|他爸)(?:就|也|早|已经)?(?:跟|和)我离了|婚离了|婚都离了"
)
_SINGLE = re.compile(
    r"(?<!给)单身(?!妈|母|爸|父|带)|未婚(?!妻|夫|妈|先孕|生)|[无没](?:有)?(?:配偶|妻(?!离)|偶(?!尔|然))|[没无冇](?:有|得)?(?:媳妇|老婆)(?=[,。;!?]|$)|[没未](?:有)?结(?:过|成)?婚(?!证)|没成(?:过)?家|未成家|光棍|打单身|单身汉|单着"
    r"|[没未]娶(?:到|上|过|妻|亲|着|媳)?|没讨(?:到|上|过|着)?(?:老婆|媳妇|婆娘)|[冇唔]结(?:过)?婚|冇老婆|没(?:有|得)?对象|没对像|一直没找|[没未]嫁(?:人|过)?|没得婆娘"
    r"|没(?:有|得)?(?:老婆|媳妇儿?|婆娘|堂客|老公|男人)(?:也|,|、|和|也没|又)?(?:没|无|冇|没有|没得|莫得)?(?:有|得)?(?:子女|孩子|娃儿?|小孩|儿女|儿子|后代)"
    r"|一辈子一个人|终身未|老姑娘|老光棍|莫得老婆|没婚配|婚都没结|至今一个人|没(?:说|找|寻|处|谈)(?:到|上|着|过)?(?:媳妇|对象|老婆|婆家)|没老婆(?!本|婆)"
)
_MARRIED = re.compile(
    r"已婚|再婚|复(?:了)?婚|结了婚|结婚了|二婚|改嫁给|成了?家了|结婚[一二三四五六七八九十\d]+年|有老公|有老婆|有丈夫|(?<![没无])有配偶|刚结婚|领(?:了)?(?:结婚)?证(?!书|明)|分居|没办(?:离婚)?手续|离婚证(?:还|也|都)?没|没离(?=[,。;!?]|$)|(?<![没无])有老伴|老伴(?:还)?(?:健在|在世)"
)
_SOMEBODY_ELSE = re.compile(
    r"[弟哥兄姐妹儿女孩]|爸妈|父母|爹妈|邻居|孙|闺|娃|(?:我|俺|他|她)(?:爸|妈|爹|娘)|没|未|公公|婆婆|亲戚|说敢|敢|威胁|以后"
)
# 娃他爸 is the speaker's own spouse.
_CHILDS_PARENT = re.compile(r"(?:孩子?|娃儿?|娃娃)[他她](?:爸爸?|妈妈?|爹|娘)")
_NOT_DONE = re.compile(
    r"(?:要|想|闹|没|办|正在|打算|准备|敢|闹着|逼我?|起诉|申请|提出|谈|为了|如果|要是|假|不肯|不同意|不)$"
)


def marital(scene: Scene) -> Fact | None:
    """The marital status of the speaker, or of the one asked for."""
    left = _left_behind(scene)
    if left is not None:
        return left
    for value, patterns in (
        ("丧偶", (_WIDOWED, _WIDOWED_GONE, _SPOUSE_LOST)),
        ("离异", (_DIVORCED,)),
        ("单身", (_SINGLE,)),
        ("已婚", (_MARRIED,)),
    ):
        if value == "离异" and _AGAIN.search(scene.text):
            continue
        for pattern in patterns:
            for match in pattern.finditer(scene.text):
                if value in {"单身", "已婚"} and _of_grown_child(scene, match):
                    continue
                if _is_own(scene, value, match.start()) and not scene.of_rule(match.end()):
                    return Fact("marital", value, match.start(), match.end())
    return None


# 跟前夫复婚了, 我又找了一个: no longer divorced.
_AGAIN = re.compile(r"复(?:了)?婚|(?:我|俺|后来)(?:又|再)(?:找|嫁|娶)了")


def _of_grown_child(scene: Scene, match: re.Match[str]) -> bool:
    """儿子不争气,三十六了还没成家: told of the son, though he is not named again."""
    clause = scene.clause_at(match.start())
    asked = scene.need is not None and scene.need.relation == clause.subject
    own = re.search(r"我|俺|本人", scene.text[clause.start : match.start()])
    wedding = re.search(r"成.?家|对象|娶|嫁|媳妇|光棍", match.group())
    return clause.kind == "child" and bool(wedding) and not (asked or own)


def _left_behind(scene: Scene) -> Fact | None:
    """替我嫂子问,我哥去年走了: the brother's death makes her a widow."""
    if scene.need is None or scene.need.kind in {"child", "grandchild"}:
        return None
    if re.search(r"[带领养](?:着|大)?(?:我|俺)", scene.text):
        return None
    partners = spouses(scene.need.relation)
    for person in scene.kin:
        if person.relation in partners and gone(scene.text, person, scene.kin):
            return Fact("marital", "丧偶", person.start, person.end)
    return None


def _is_own(scene: Scene, value: str, at: int) -> bool:
    clause = scene.clause_at(at)
    if scene.text.startswith("前", at):
        return not re.search(r"[哥弟姐妹]的?$", scene.text[:at])  # 儿子判给前夫: of the speaker
    before = scene.text[clause.start : at]
    if value == "离异" and _NOT_DONE.search(before):
        return False
    parents = [k for k in scene.kin if clause.start <= k.start < at and k.kind == "parent"]
    if parents or _SOMEBODY_ELSE.search(_CHILDS_PARENT.sub("", before)):
        return _of_needed(scene, at, before)
    # 育有一子(智力残疾二级,未婚): the status of the child just named.
    bracket = scene.text.rfind("(", 0, at)
    return bracket < 0 or ")" in scene.text[bracket:at] or clause.start > at


def _of_needed(scene: Scene, at: int, before: str) -> bool:
    """问我姐姐,她离了婚; 帮我舅舅问,他没结过婚: told of the one asked for."""
    need = scene.need
    if need is None or need.kind == "grandchild":
        return False
    if need.kind == "child" and scene.clause_at(at).subject != need.relation:
        return False
    others = [
        k
        for k in scene.kin
        if k.start < at and k.relation != need.relation and not gone(scene.text, k, scene.kin)
    ]
    return not others and scene.text[max(0, at - 1) : at] not in {"没", "未"}


# --- children -----------------------------------------------------------------------------
_WHO = r"(?:都?(?:上学|读书|念书)的?|[^,。;!?个岁]{1,3}岁的?|没成年的?|未成年的?|小|大|亲生的?|半大|年幼的?|双胞胎|脑瘫|残疾|自闭症|生病的?|患病的?|智障|傻){0,3}"
_CHILD_WORDS = r"(?:孩子|娃儿|娃娃|娃子|小孩子|小孩|尕娃|碎娃|娃|崽崽|崽子|崽|细路仔|细路|囝仔|囝|伢子|伢崽|孩儿|儿女|子女|囡仔|小朋友|学生娃|学生|(?:上|读|念)(?:学|书|[^,。;个]{1,3})的(?![孩娃小儿女])|小的|小人儿?|奶娃|小鬼|囡|伢|仔(?!细))"
_CHILDREN = re.compile(
    NUMBER + r"(?:个|名|位)?" + _WHO + _CHILD_WORDS + "(?!们?[家的]?(?:家长|医院|班))"
)
_CHILDREN_AFTER = re.compile(
    _CHILD_WORDS
    + r"(?:有|就|一共|总共|生了|养了)?"
    + NUMBER
    + r"(?:个(?!月|人|多月|半|小时|星期|学期|年)|人|名)"
)
_SONS = re.compile(
    NUMBER
    + r"个?"
    + _WHO
    + r"(?:养子|儿子|男孩子?|男娃子?|小子|儿娃子|仔仔|崽(?!崽|子)|儿(?!童|媳|女|保|科))"
)
_DAUGHTERS = re.compile(
    NUMBER
    + r"个?"
    + _WHO
    + r"(?:养女|女儿|闺女|妹子|妹崽|女娃子?|女孩子?|丫头|妮子?儿?|姑娘|囡囡|女(?!人|的|方|工|性|同|士|生|婿|友))"
)
_RAISED = re.compile(
    r"(?:养|带|拖|拉扯|供)(?:着|大|起)?" + NUMBER + r"个(?=[,。;!?]|$|上学|读书|小的)"
)
_GRANDCHILDREN = re.compile(
    NUMBER + r"个?" + _WHO + r"(?:孙子孙女|外?孙子|外?孙女|孙娃|孙孙|孙儿|孙仔)"
)
_PAIR = re.compile(
    r"一儿一女|一双儿女|一男一女|儿女双全|两个小的|一子一女|一女一子|一女一儿|一对儿女|一双子女|俩小的"
)
_BORN_ONE = re.compile(
    r"(?:育有|生有|抚养|养育|膝下有?|(?:^|[,。;])有)([一二两三四五\d])[子女](?!女)(?:[、,和]?([一二两三四五\d])[女子])?"
    r"|([一二两俩三四五六])[子儿男]([一二两俩三四五六])女|([一二两俩三四五六])女([一二两俩三四五六])[子儿男]"
)
_ORDINAL = re.compile(
    r"老大|老二|老三|老四|老幺|老小|(?:最)?大的|(?:最)?小的|大娃|小娃|二娃|三娃|大儿子|小儿子|(?<![大初高])二儿子|大女儿|(?<![大初高])二女儿"
    r"|小女儿|大宝|二宝|三宝|大崽|细崽|大闺女|小闺女|大妮|二妮|小妮|大小子|小小子|老疙瘩"
)
_TWINS = re.compile(r"双胞胎|龙凤胎|孪生|双生子|双棒儿?")
# 囝仔一个读高中一个读初中
_EACH_AT_SCHOOL = re.compile(
    r"一个(?:在|还在|刚)?(?:[读上念]|(?=[大高初小]))[^,。;一]{0,5}[^,。;个](?:[,、 ]?(?:另)?一个(?:在|还在|刚)?(?:[读上念]|(?=[大高初小]))[^,。;一]{0,5}[^,。;个])+"
)
_ONE_OF = re.compile(r"(?:一个|大的|老大)[^,。;]{1,10}[,、;和 ]?(?:另?一个|小的|老二)[^,。;]{1,10}")
_OF_THE_GROWN = re.compile(
    r"(?:^|[^个\d一两二三四五六])(?:大人|成年人|老人家?|老的|大的)(?:有|是)?$"
)
_BAD_COUNT = re.compile(r"(?:我|俺|家里|就|是)第?$|独生$")
# 二儿子 is one son, 两儿子 are two.
_RANK = re.compile(r"[二三四五](?:儿|女|闺|丫|妮|姑|小子)|二娃")
_ANY_CHILD = rf"(?:{_CHILD_WORDS}|养女|养子|儿子|女儿|闺女|孙子|孙女|外孙)"
_LONE_CHILD = re.compile(
    r"(?:带|养|供|拉扯|领|背|生|留下?|丢下|撇下|剩|(?:我|俺|家里|还|就|只|膝下|^|[,。;])有)(?:着|大|了)?(?:一)?个"
    + _WHO
    + _ANY_CHILD
    + r"|(?:带|养|供|拉扯)(?:着)?(?:一)?个(?:[^,。;]{1,8}的)"
    + _ANY_CHILD
    + r"|(?<!是)独生子(?!女[^,。]{0,4}(?:证|费|政策|家庭))|独生女|(?<!是)独苗|(?<!是)独子|独女|就一个(?:孩子|[男女]?娃|[男女]孩|儿子|女儿|闺女|丫头|妮|崽|小子|仔)|只有一个(?:孩子|娃|儿子|女儿|闺女)"
)
# 家里三个都在读书 has no child word, the brothers and sisters of the speaker are no children.
_SIBLINGS = re.compile(r"兄弟|姐妹|姊妹|弟兄|弟弟|妹妹")


def children(scene: Scene) -> Fact | None:
    """How many children, counted or listed."""
    text = scene.text
    found = (
        _born(text)
        or _grown(scene)
        or _first_count(scene, _CHILDREN)
        or _each_at_school(text)
        or _first_count(scene, _CHILDREN_AFTER)
        or _several(_first_count(scene, _GRANDCHILDREN))
        or _first_count(scene, _RAISED)
        or _fixed(text)
        or _listed(scene)
    )
    if found is not None and found[0] > 1 and _ONE_LOST.match(text, found[2]):
        found = found[0] - 1, found[1], found[2]  # 两个儿子一个没了
    if found is not None and (total := _TOTAL.search(text, found[2])):
        found = count(total.group(1)), found[1], total.end()  # 各带一个,又生了一个,一共三个
    if found is None or (scene.about_other(found[1]) and not _reports(scene)):
        return None
    return Fact("num_children", *found)


_ONE_LOST = re.compile(r"[,， ]?(?:有)?一个(?:没了|死了|不在了?|走了|夭折|病死|淹死|没养活)")
_TOTAL = re.compile(r"[,，]一共" + NUMBER + r"个(?=[,。;!?]|$)")


_OTHER_HOUSE = re.compile(r"[哥弟姐妹叔伯舅姨姑戚]家?(?:里|的|有|还有|也)*$")


def _reports(scene: Scene) -> bool:
    return scene.need is not None and scene.need.kind == "other"


def _sole(scene: Scene) -> bool:
    """Everything told is about that one neighbour, and nothing of the speaker."""
    return {c.kind for c in scene.clauses if c.kind} == {"other"}


def _born(text: str) -> tuple[int, int, int] | None:
    match = _BORN_ONE.search(text)
    if not match:
        return None
    return sum(count(g) for g in match.groups() if g), *match.span()


def _grown(scene: Scene) -> tuple[int, int, int] | None:
    total, spans = 0, []
    for pattern in (_SONS, _DAUGHTERS):
        match = next((m for m in pattern.finditer(scene.text) if _is_count(scene.text, m)), None)
        if match and not re.match(r"(?:不管|不孝|都不管|都不养|不养)", scene.text[match.end() :]):
            total += count(match.group(1))
            spans.append(match.span())
    return (total, spans[0][0], spans[-1][1]) if spans else None


def _each_at_school(text: str) -> tuple[int, int, int] | None:
    match = _EACH_AT_SCHOOL.search(text)
    if match is None or _SIBLINGS.search(text):
        return None
    return len(re.findall("一个", match.group())), *match.span()


def _is_count(text: str, match: re.Match[str]) -> bool:
    if _RANK.match(text, match.start()):
        return False
    return not (_BAD_COUNT.search(text[: match.start()]) and match.group(1) == "一")


def _first_count(scene: Scene, pattern: re.Pattern[str]) -> tuple[int, int, int] | None:
    for match in pattern.finditer(scene.text):
        if not _is_count(scene.text, match) or count(match.group(1)) > 12:
            continue
        if _OTHER_HOUSE.search(scene.text[: match.start()]):
            continue  # 弟弟家三个娃
        if pattern is _CHILDREN and _OF_THE_GROWN.search(scene.text[: match.start()]):
            continue  # 大人三个娃四个: three is the number of the grown
        if re.match(r"[年班级期楼岁]|[来多几]岁", scene.text[match.end(1) :]) or scene.text[
            match.start() - 1 : match.start()
        ] in {"初", "高", "大", "第", "老"}:
            continue
        return count(match.group(1)), match.start(), match.end()
    return None


def _several(found: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
    """One grandchild is told of, several are counted."""
    return found if found and found[0] > 1 else None


def _fixed(text: str) -> tuple[int, int, int] | None:
    if match := _PAIR.search(text):
        return 2, *match.span()
    if match := _TWINS.search(text):
        return 2, *match.span()
    if match := _LONE_CHILD.search(text):
        return 1, *match.span()
    return None


def _listed(scene: Scene) -> tuple[int, int, int] | None:
    """老大上高中,老二上小学; 儿子大三,女儿高一."""
    text = scene.text
    ordinals = {m.group(): m.span() for m in _ORDINAL.finditer(text)}
    if _SIBLINGS.search(text):
        ordinals = {}
    others = [k for k in scene.kin if k.relation in {"儿子", "女儿"} and k.word not in ordinals]
    if len(ordinals) >= 2:
        spans = sorted(ordinals.values())
        return len(ordinals), spans[0][0], spans[-1][1]
    if len(ordinals) == 1 and "老大" in ordinals and others:
        return 2, *ordinals["老大"]
    if {"儿子", "女儿"} <= {k.relation for k in others} and not re.search(
        r"没有?儿子|没有?女儿|儿子女儿", text
    ):
        return 2, others[0].start, others[-1].end
    return None


# --- alone --------------------------------------------------------------------------------
_SOLO = r"(?:一个人|独自|单独|自己一个人?|独力|一人|我自己|一个女人|一个大男人|一个男人|就我|全靠我|独立|孤身|单枪匹马)"
_SINGLE_PARENT = re.compile(
    rf"{_SOLO}(?:在家|一边[^,。]{{1,6}}一边|又|既)?(?:要|得|还要|来)?(?:把(?=[^,。;]{{1,8}}(?:拉扯|带大|养大|供))|带|拉扯|养活?|抚养|照顾|供|拖|领|背|抚育|管|伺候)(?:着|大|了)?(?:的)?(?:[一俩两二仨三四五\d]个?|个)?"
    r"(?:还)?(?:[^,。;!?]{0,8}的|小|未成年|双胞胎|亲){0,2}(?:娃|孩|儿子|女儿|闺女|崽|小孩|仔|细路|囝|妮|丫头|儿女|一儿一女|一男一女|一双|双胞胎|学生)"
    r"|单亲|家己(?:一个人)?(?:饲|养|带|晟)|单身(?:妈妈|母亲|妈|爸爸|父亲|爸|带娃|带孩子)|离婚带[^,。]{0,6}(?:娃|孩)|独自抚养|独自带"
    r"|(?:孩子|娃儿?|女儿|儿子)们?(?:就|都|全|一直|平时)?(?:是)?(?:靠|由|归)?我一个人(?:在)?(?:带|养|拉扯|抚养|供|管)|(?:爸爸?|妈妈?|爹|娘|他|她)(?:自己)?一个人(?:带|养|供|拉扯)(?:着|大)?(?:我|俺)|又当爹又当妈|既当爹又当妈|又当妈又当爹"
)
_ALONE = re.compile(
    r"一个人(?:单独|独自|在[^,。]{1,5})?(?:住(?!院)|过(?!来|去|年|不)|生活|在(?:家|屋头|老家|村里|乡下|乡坝头|山上)(?!带|照)|单过|吃住|讨生活)|独居|独住|自个儿(?:过|住)|自己(?:一个)?过(?![来去年不])|独个(?:过|住)|(?<!跟)(?<!和)(?:我|他|她)单过|(?<![屋房层楼],)自己(?:单|租房)?(?:过日子|住|单过|单住)(?!院|的|房|在)"
    r"|独自(?:一个?人)?(?:生活|居住|过|住|在家)|孤身一人|独身一人|独自一人生活|孤单一人|孤零零一个|孤苦伶仃|孤寡一人|一人(?:生活|过|独住|单过|住(?!院))"
    r"|(?:家里|屋头|屋里)?就(?:只)?(?:剩|有)?(?:下)?(?:我|俺|他|她)(?:自己)?一个人?(?=[,。;!? 了]|$|过|住|在家|一口)(?!人?(?:带|养|打|挣|干|上|拉|在打))"
    r"|剩(?:下)?(?:我|他|她|俺)(?:自己)?一个(?!人?(?:带|养|打|挣|干|上|拉))|(?:一个人|独自)守着?[^,。;]{0,4}(?:房|屋|家|厝)|单独住|一人居住|一个人一户|只(?:有|剩)我一个人?(?!挣|打|干|上|带|养|能|人?(?:挣|打|干|上班|带|养|能))"
    r"|单门独户|光杆|身边没(?:有)?人|无人同住|单人(?:一)?户|独门独户|(?<!跟)(?<!和)(?<!与)独居"
)
_CHILDLESS = re.compile(
    r"[未没]育|没(?:有)?生育|[没无冇](?:得|有)?(?:妻|老婆)?[,、]?[没无冇]?(?:得|有)?儿[,、]?[没无冇](?:得|有)?女|[没无]妻[没无]儿|失独|儿子女儿都没|儿女一个都没|(?:儿子|孩子|娃|子女|后人)一个(?:都|也)[没冇无]|没儿[没也]?(?:得|有)?女|(?:没|冇|莫|无)(?:有|得)?(?:过)?(?:儿女|子女|后代|后人|娃儿?|孩子|小孩|子嗣|仔女)(?!的证|上学|户口|照顾|在身|读书|管)|无后(?!顾)|膝下无|膝下没"
    r"|没有?生育|没生过|没(?:有|得)?生(?:过)?(?:娃|孩子|养)|不能生育|未生育|没生养|冇仔冇女|冇仔|没儿子?,?没?也?没?女儿|绝户|无嗣|孤老头|孤老太|无子(?!弹)|五保孤老"
    r"|没(?:老婆|媳妇|老公|男人|老伴)没(?:孩|娃|儿)"
)


# 老公在外打工,我一个人带三个娃: left with the work, not single.
_PARTNER_AWAY = re.compile(
    r"(?:老公|丈夫|男人|老婆|妻子|媳妇|爱人|他爸|她爸)[^,。;死走没离跑]{0,6}(?:打工|务工|上班|当兵|跑车)(?!死|没|出|受|摔)"
)


# 想从敬老院出来自己住
_WISHED = re.compile(r"(?:想|要|打算|准备|愿意?)(?!着)[^,。;]{0,8}$")


def _lives_alone(scene: Scene, match: re.Match[str]) -> bool:
    """跟我单过 and 外婆一个人在老家 (told beside a request of one's own) are about others."""
    before = scene.text[: match.start()]
    if re.search(r"(?:不是|没有|没|不)$", before) or _WISHED.search(before):
        return False
    if re.search(r"(?:跟|和|与|同)(?:我|他|她|俺)?$", before) or match.group().startswith("跟"):
        return False
    clause = scene.clause_at(match.start())
    dead = any(
        clause.start <= k.start < match.start() and gone(scene.text, k, scene.kin)
        for k in scene.kin
    )  # 姨父死后一直一个人过: whoever is left
    told = (
        dead
        or clause.kind in {"", "self", "other"}
        or (scene.need is not None and scene.need.relation == clause.subject)
    )
    return told or all(c.subject in {"", clause.subject} for c in scene.clauses)


def alone(scene: Scene) -> list[Fact]:
    """Single parent, living alone, without children."""
    facts = []
    for key, pattern in (
        ("single_parent", _SINGLE_PARENT),
        ("living_alone", _ALONE),
        ("no_children", _CHILDLESS),
    ):
        match = pattern.search(scene.text)
        if match is None:
            continue
        if key == "living_alone":
            own = _lives_alone(scene, match)
        else:
            own = not scene.about_other(match.start()) or _reports(scene) or _sole(scene)
            own = own and not (key == "single_parent" and _PARTNER_AWAY.search(scene.text))
        if own and not scene.of_rule(match.end()):
            facts.append(Fact(key, True, match.start(), match.end()))
    keys = {f.key for f in facts}
    if {"single_parent", "living_alone"} <= keys:
        facts = [f for f in facts if f.key != "living_alone"]
    return facts


def extract(scene: Scene) -> list[Fact]:
    """Family facts of the message."""
    facts: list[Fact | None] = [children(scene), marital(scene), *alone(scene)]
    kept = [fact for fact in facts if fact is not None]
    if any(f.key == "no_children" for f in kept):
        kept = [f for f in kept if f.key not in {"num_children", "single_parent"}]
    return kept
