"""Where and how people live and what hit them: hukou, housing, school, work, disaster, aid."""

from __future__ import annotations

import re

from ..numbers import find_quantities
from .scene import Fact, Scene

_RURAL = re.compile(
    r"(?:农村|农业)(?:的)?(?:户口|户籍|户)|户口(?:是|在|都是|也是|还是|全是|:)?(?:农村"
    r"|农业|乡下|老家农村|村里)|(?:我们?|俺们?|家)(?:是|在|都是)?(?:农村|乡下)(?:的|人"
    r"|户口|$)|^(?:农村|农业|农户)(?:的|户口)?$|农民户口"
)
_URBAN = re.compile(
    r"(?:城镇|城市|居民|非农|城里|县城|市民)(?:的)?(?:户口|户籍)|户口(?:是|在|都是"
    r"|也是|:)?(?:城镇|城市|居民|非农|城里|县城|街道)|^(?:城镇|城市|城里|居民"
    r"|非农)(?:的|户口)?$"
)
_NONLOCAL = re.compile(
    r"(?:外地|外省|外县|外市|异地|老家)(?:的)?户口|户口(?:不在|在外|在老家|是外|没迁"
    r"|在别|在另外)|^外地的|我(?:是|们是)?外地(?:人|的|来)|非本地(?:户口|户籍|人)"
    r"|外来(?:务工|人员)|户籍(?:不在|在外)"
)
_PROGRAMME_HUKOU = re.compile(r"(?<!和)(?:农村|农)(?=低保)|(?:城市|城镇)(?=低保)")
_HOUSING: list[tuple[str, re.Pattern[str]]] = [
    (
        "危房",
        re.compile(
            r"危房(?!改造|鉴定|改)|(?:房(?:子|屋)?|屋(?:子|顶|头|里)?|瓦房|土房|老屋|墙|楼"
            r"|家里|住的地?方?)[^,。;!?]{0,8}(?:漏(?!洞|报|掉|发)|裂|开缝|要垮|快垮|要塌|快塌"
            r"|要倒|快倒|歪了|成危|垮了一|塌了一|透风|下陷)"
            r"|(?:门窗|屋顶|房顶|瓦)[^,。;]{0,5}(?:坏了|烂了|破了)|漏雨|漏水厉害|下雨就漏"
            r"|土坯房|[CD]级危|快塌的房|要塌的房|四面漏风"
        ),
    ),
    (
        "无房",
        re.compile(
            r"没(?:有|得)?(?:自己的)?(?:住)?房(?:子|屋|住)?(?!租|贷|产税|产证|本|东|顶|门|没"
            r"|补)|无房|没地方住|没有?住的地方|居无定所|冇(?:房|屋)|住(?:在)?(?:网吧|桥洞|车里"
            r"|车站|仓库|工棚)|房子?(?:也)?没得(?!漏)|没有自己的房"
        ),
    ),
    (
        "公租房",
        re.compile(
            r"(?:住(?:着|在|的是?|的)?|租(?:着|的是?)?|分(?:到|了)|配租)(?:的|是|政府|公家|了"
            r"|一?套)*(?:公租房|廉租房|公屋|保障房)"
        ),
    ),
    (
        "租房",
        re.compile(
            r"(?<![公廉])租(?:着)?(?:的)?(?:人家的|别人的|了(?:个|间)|住)?(?:房(?!补|东|合同"
            r"|子?给)|单间|屋)|租住|租赁(?!补)|房子是租的|在外面?租|(?:房子"
            r"|住处)?(?:都)?是租的|租(?:了)?(?:一|个|两)?(?:间|套|单间)|租人家|住出租|出租屋"
            r"|住房为租"
        ),
    ),
    (
        "自建房",
        re.compile(
            r"自建房?|自己(?:盖|修|建|起|砌)的|(?:老|自己的|自家的?|祖上的?"
            r"|祖传的?)(?:老)?(?:瓦|土|砖|平|木|屋|宅|祖)(?:瓦)?房|老瓦房|自家(?:房|屋)|老宅"
            r"|祖屋|祖宅|老屋|砖瓦房|自己(?:的)?(?:宅基地)?(?:房子|房屋)|自家建"
            r"|宅基地(?:上)?(?:房|的房)"
        ),
    ),
    (
        "商品房",
        re.compile(
            r"商品房|买的(?:房|楼)|按揭(?:房|的)|贷款买的房|小区房|电梯房|买了(?:一?套"
            r"|个)?(?:房|楼)|单位(?:分的)?房|房改房"
        ),
    ),
]
_ASK_HOUSING = re.compile(r"公租房(?:需要|怎么|咋|条件|申请|能|要)|申请公租|想要公租")
_BURNT = re.compile(
    r"(?:房子?|屋|家|全|存折)[^。]{0,12}(?:烧光|烧没|全烧|烧毁|烧了)[^。]{0,16}(?:住在|没地方)"
)
_STAGES: list[tuple[str, re.Pattern[str]]] = [
    ("学前", re.compile(r"(?:上|读|在|念|进)(?:的)?(?:幼儿园|托儿所|学前班)|幼儿园(?:大|中|小)班")),
    (
        "小学",
        re.compile(
            r"小学(?!时|的时候|文化|学历|毕业|都没|没)|(?:读|上|念"
            r"|在读)?(?<!第)(?<!初)(?<!高)(?:小学)?[一二三四五六1-6]年级"
        ),
    ),
    (
        "初中",
        re.compile(r"初中(?!时|的时候|文化|学历|毕业|没)|初[一二三123](?!级)|[七八九789]年级|读初"),
    ),
    (
        "高中",
        re.compile(
            r"(?<!初)高中(?!时|的时候|文化|学历|毕业)|(?<!最)(?<!提)(?<!个)(?<!职)高[一二三123"
            r"](?!级|血|点|个|次|倍|千|百|万)|读高"
        ),
    ),
    (
        "中职",
        re.compile(
            r"中职|职高|中专(?!毕业|学历)|技校|职业(?:高中|学校|中学)|职校|卫校|技师学院|职中"
        ),
    ),
    (
        "大学",
        re.compile(
            r"大学(?!毕业|学历|文化)|大专(?!毕业|学历)|本科(?!毕业|学历)|大[一二三四](?!岁|点)"
            r"|高职|专科(?!医|毕)|上大学|读大学|专升本"
        ),
    ),
    ("研究生", re.compile(r"研究生|读研|硕士|博士|研[一二三]")),
]
_JOBLESS = re.compile(
    r"下岗|失业(?!金|保险|登记|证|补助)|没(?:有|得|了)?(?:固定|稳定|正式)?工作(?!人员"
    r"|证|时|单位的|日)|无业|待业|丢了?工作|工作(?:也|就|都)?(?:丢|没)了|被(?:厂里?"
    r"|公司|单位|老板|工厂|饭店|店里)?(?:给)?(?:裁|辞退|开除|炒|解雇|辞|劝退)"
    r"|(?:[一二三四五六七八九十几两半\d]+(?:年|个月))?没(?:有|法|得)?(?:正常"
    r"|去)?(?:上班|活干|事做|活路|班上|活儿干)(?!时)|厂(?:子|里)?(?:倒闭|倒了|关了"
    r"|关门|垮了|停工|停产|黄了)|没人(?:要|雇|请)(?:我|干)|没班上|不?能(?:正常)?上班了"
    r"|找不到(?:工作|活|事)|没找(?:到|着)工作|裁员"
)
_WAIT = re.compile(
    r"(?:交|申请|报|递|等|提交|审)(?!通)[^,。;!?]{0,8}?[\d一二两三四五六七八九十]{1,3}"
    r"个月|(?:交|申请|报|递|等|提交)[^,。;!?]{0,6}?(?:半年|一年)"
    r"|(?:[\d一二两三四五六七八九十]{1,3}个月|半年|一年)了?(?:还|都|也|一直|仍)?(?:没"
    r"|不见|冇)(?:有|得|人)?(?:批|回|消息|下来|动静|音讯|结果|信|答复|来|反应|到|管)"
)
_DISASTERS: list[tuple[str, re.Pattern[str]]] = [
    ("地震", re.compile(r"地震(?!局)|震塌|震坏")),
    ("泥石流", re.compile(r"泥石流")),
    ("滑坡", re.compile(r"滑坡|山体(?:垮|塌|下滑)|塌方|山(?:上)?垮(?:了|下)")),
    ("台风", re.compile(r"台风|飓风|龙卷风|大风(?:把|刮|掀)")),
    ("冰雹", re.compile(r"冰雹|下雹|雹子")),
    (
        "洪水",
        re.compile(
            r"洪水|洪灾|发大水|涨大水|涨水|水淹|(?:被|给|都|全|房子|屋|家|田|地|庄稼|房)淹"
            r"|淹了|内涝|大水(?:冲|淹|把)|被水(?:冲|泡)|冲(?:垮|走|毁)|山洪|暴雨(?:把|冲|淹)"
            r"|进水了|水灾|泡了水"
        ),
    ),
    (
        "火灾",
        re.compile(
            r"火灾|失火|起火|着火|着了火|(?:房子?|屋|家|楼|店|仓库|柴房|圈"
            r"|全)[^,。;]{0,6}(?:烧(?!香|饭|菜|水|伤|得慌|烤|钱|纸)(?:没|光|了|毁|掉|塌|个|得)"
            r"|被烧)|一把火|火烧(?!眉)"
        ),
    ),
]
_ACCIDENTS: list[tuple[str, re.Pattern[str]]] = [
    (
        "车祸",
        re.compile(
            r"车祸|交通事故|被(?:大?货?小?轿?摩托?电动?汽)?车(?:子)?(?:给)?(?:撞|轧|碾|压)"
            r"|撞车|让车(?:撞|给撞)|出了?车|骑车被撞|被撞(?:了|断|伤|成)|肇事"
        ),
    ),
    (
        "工伤",
        re.compile(
            r"工伤|(?:机器|冲床|锯|轧机|设备)[^,。;]{0,5}(?:轧|压|绞|切|断|伤|夹)|工地上?(?:砸"
            r"|压)(?:伤|断)|被(?:机器|钢筋|石头|砖)(?:轧|绞|砸|压)|矿上(?:受伤|出事)"
        ),
    ),
    (
        "摔伤",
        re.compile(
            r"摔(?:伤|断|下来|坏|成|残|倒|了一?跤|一跤|跤|折|瘫|骨折|了(?!杯|碗|东西|手机))"
            r"|跌(?:倒|断|伤|下来|了一?跤)|滚下(?:山|来|坡)|从[^,。;]{1,8}(?:摔|掉|跌"
            r"|滚)(?:下来|下去|了)|绊倒"
        ),
    ),
]
_NOT_THE_BOT = re.compile(r"怎么|什么叫|是什么|算不算|包括")
_HAPPENED = re.compile(r"补偿标准|应急|预警|演练|保险能|会不会|怎么防")
_ORPHAN = re.compile(
    r"我(?:们)?(?:是|就是|从小(?:就)?是|算是)(?:个)?孤儿|成(?:了)?孤儿|父母双亡"
    r"|(?:孩子|娃|侄子|侄女|孙子|孙女|外甥|学生|小孩|他|她|妹妹?|弟弟?)(?:的)?(?:爸妈"
    r"|父母|爹妈|爹娘)(?:都|全|双双)(?:死|没|去世|过世|不在|走)了?|(?:没爹没妈"
    r"|没爹没娘|无父无母)"
)
_FATHER = r"(?:爸爸?|父亲?|爹|老汉|老爸)"
_MOTHER = r"(?:妈妈?|母亲?|娘|老妈)"
_FATE: list[tuple[str, str]] = [
    ("亡", r"(?:去世|死(?!刑)|过世|没了|病逝|病故|不在了|亡|身亡|没得了|病死)"),
    ("服刑", r"(?:坐牢|死刑|服刑|判刑|在监狱|进去了|蹲监|被判|劳改|关着|关在|被抓)"),
    ("改嫁", r"(?:改嫁|嫁人|嫁走|另嫁|再嫁)"),
    ("失联", r"(?:失联|跑|不见|出走|联系不上|找不到|走了再|失踪|没音信|不知去向|丢下|不管)"),
    ("重残", r"(?:重残|残疾|瘫痪|精神病|一级残|二级残)"),
    ("重病", r"(?:重病|尿毒|癌|瘫)"),
]
_BOTH = re.compile(
    r"(?:父母|爸妈|爹妈|爸爸妈妈|爹娘|父母亲)(?:亲)?(?:都|全|双双|两个|俩|俩人|二人|也"
    r"|在|但是|了|现在|已经|,)*"
)


def _first(scene: Scene, key: str, table: list[tuple[str, re.Pattern[str]]]) -> Fact | None:
    for value, pattern in table:
        for match in pattern.finditer(scene.text):
            if not scene.negated(match.start()):
                return Fact(key, value, match.start(), match.end())
    return None


def _hukou(scene: Scene) -> Fact | None:
    for value, pattern in (("nonlocal", _NONLOCAL), ("rural", _RURAL), ("urban", _URBAN)):
        match = pattern.search(scene.text)
        if match and not re.search(r"和(?:农村|城市)|还是(?:农村|城)", scene.text):
            return Fact("hukou", value, match.start(), match.end())
    mentions = list(_PROGRAMME_HUKOU.finditer(scene.text))
    if len(mentions) == 1 and not re.search(r"区别|和城|和农", scene.text):
        word = mentions[0].group()
        return Fact("hukou", "rural" if word.startswith("农") else "urban", *mentions[0].span())
    return None


def _housing(scene: Scene) -> Fact | None:
    burnt = _BURNT.search(scene.text)
    if burnt:
        return Fact("housing", "无房", burnt.start(), burnt.end())
    for value, pattern in _HOUSING:
        for match in pattern.finditer(scene.text):
            clause = scene.clause_at(match.start())
            if clause.kind == "other" or (value not in {"无房"} and scene.negated(match.start())):
                continue
            if value == "公租房" and _ASK_HOUSING.search(scene.text):
                continue
            if re.search(r"邻居|隔壁|别人家|人家", clause.text):
                continue
            return Fact("housing", value, match.start(), match.end())
    return None


def _stages(scene: Scene) -> Fact | None:
    found = []
    for name, pattern in _STAGES:
        match = pattern.search(scene.text)
        if match:
            found.append((name, match.start(), match.end()))
    if not found:
        return None
    found.sort(key=lambda item: item[1])
    names = list(dict.fromkeys(name for name, _, _ in found))
    return Fact("student_stage", names[0] if len(names) == 1 else names, found[0][1], found[-1][2])


def _waiting(scene: Scene) -> Fact | None:
    match = _WAIT.search(scene.text)
    if not match:
        return None
    piece = match.group()
    if re.search(r"多|几|好几|来年|左右", scene.text[match.start() : match.end() + 1]):
        return None
    if "半年" in piece:
        return Fact("waiting_months", 6, match.start(), match.end())
    for q in find_quantities(piece):
        if q.unit == "month" and q.value is not None:
            return Fact(
                "waiting_months", int(q.value), match.start() + q.start, match.start() + q.end
            )
        if q.unit == "year" and q.value is not None:
            return Fact(
                "waiting_months", int(q.value * 12), match.start() + q.start, match.start() + q.end
            )
    return None


def _parents(scene: Scene) -> Fact | None:
    text = scene.text
    both = _BOTH.search(text)
    if both:
        tail = text[both.end() : both.end() + 6]
        for name, pattern in _FATE:
            if name in {"服刑", "失联", "重残"} and re.match(pattern, tail):
                return Fact("parents_status", "父母" + name, both.start(), both.end() + len(name))
        if re.search(r"父母双亡", text):
            return Fact("parents_status", "父母双亡", both.start(), both.end())
    if len(text) > 14 and not re.search(r"娃|孩|孙|侄|学生|外甥|孤儿|抚养|未成年|弟|妹", text):
        return None
    fates: dict[str, str] = {}
    for who, word in (("父", _FATHER), ("母", _MOTHER)):
        for name, pattern in _FATE:
            if re.search(
                rf"{word}(?:早就|去年|前年|也|又|在|都|就|已经|因病|出车祸|车祸|给|被|后来|随后|[一二三四五六\d]+年前)*{pattern}",
                text,
            ):
                fates[who] = name
                break
    if len(fates) == 2:
        match = re.search(_FATHER, text)
        assert match is not None
        return Fact("parents_status", f"父{fates['父']}母{fates['母']}", match.start(), match.end())
    return None


def _aid(scene: Scene) -> list[Fact]:
    facts = []
    stopped = [h for h in scene.programmes if h.stopped]
    held = [
        h
        for h in scene.programmes
        if h.held and not h.stopped and h.code not in {s.code for s in stopped}
    ]
    for key, hits in (("receiving", held), ("stopped", stopped)):
        hits = [h for h in hits if not scene.about_other(h.start)]
        codes = list(dict.fromkeys(h.code for h in hits))
        if codes:
            facts.append(Fact(key, codes, hits[0].start, hits[-1].end))
    return facts


def extract(scene: Scene) -> list[Fact]:
    """Living conditions, schooling, work, blows of fate, aid received or stopped."""
    facts = [_hukou(scene), _housing(scene), _stages(scene), _waiting(scene), _parents(scene)]
    if not _HAPPENED.search(scene.text):
        facts += [_first(scene, "disaster", _DISASTERS), _first(scene, "accident", _ACCIDENTS)]
    jobless = _JOBLESS.search(scene.text)
    if jobless and not scene.about_other(jobless.start()):
        facts.append(Fact("lost_job", True, jobless.start(), jobless.end()))
    orphan = _ORPHAN.search(scene.text)
    if orphan and not re.search(r"算不算孤儿|是不是孤儿|算孤儿", scene.text):
        facts.append(Fact("orphan", True, orphan.start(), orphan.end()))
    return [fact for fact in facts if fact is not None] + _aid(scene)
