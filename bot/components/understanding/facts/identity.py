"""Name, phone, identity number and receipt number, also as gateway placeholders."""

from __future__ import annotations

import re
from datetime import date

from ..normalise import PLACEHOLDER
from .scene import Fact, Scene

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余"
    "苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙"
    "段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟"
    "蓝聂齐向申葛柴伍覃骆关焦柳欧祝纪尚毕耿芦左季管符辛苗詹曲欧靳祁路涂兰甘裴梅童翁霍"
    "游阮尤岳柯牟滕谷舒卜成饶宁凌盛查单冉鲍华包屈房喻解蒲卫简时连车项闵邬吉党阳司费蒙"
    "席晏隋古强穆姬刁巫冷阚沙哈阿吉木乌额包勒斯尔奉耿麻谌窦戚尧苟禹芮佘仇佟桑楚荣花麦仲苑应蔺商晋荀宫储郎冀桂宗诸慕盘揭褚蓬敬母杭印蒿佴帅漆寇雍璩敖巴滑厉戈公仝巩车竹丛来景容闻都弓狄占普米衣上宰朴官晁邝原初由"
)
_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "阿力",
    "吉克",
    "阿牛",
    "沙马",
    "乌尼",
    "马海",
    "吉木",
    "勒格",
    "阿说",
    "海来",
    "曲木",
    "瓦扎",
    "俄木",
    "木乃",
)
_INTRODUCED = re.compile(
    r"(?:我(?:的)?(?:名字|大名)?(?:就)?(?:叫做?|是叫)|(?:姓名|名字|申请人|户主|联系人"
    r"|名)(?:叫|是|为|:)|姓名|(?:他|她|老人|孩子|人|本人|我妈|我爸|妈妈|爸爸|老伴"
    r"|娃)(?:的)?(?:名字)?(?:叫|名叫)|(?<![么啥点])叫)"
    r"(?!什么|啥|我|你|他|她|人|做|不|号|到|做|救|价|醒|个|法|的|停|一|花|喊|唤|低|好"
    r"|车)([\u4e00-\u9fff·]{2,12})"
)
# 张小梅,33岁 and 本人王德顺: a name without 叫.
_BARE = re.compile(
    r"^(?P<name>[\u4e00-\u9fff]{2,3})[, ](?:男|女|今年|现年|\d{1,3}岁|[一二三四五六七八九十]{1,3}岁)"
    r"|(?:^|[,。])本人(?P<own>[\u4e00-\u9fff]{2,3})(?=[,。 (])"
)
_I_AM = re.compile(r"(?:^|[,。 ])我是([\u4e00-\u9fff]{2,3})(?=$|[,。;!? ])")
# 我是万州区太安镇的汪正琼
_FROM_PLACE = re.compile(
    r"(?:^|[,。; ])我是[^,。;]{1,14}(?:县|区|镇|乡|街道|村|社区|[一二三四五六七八九十\d]组)的"
    r"(?P<name>[\u4e00-\u9fff]{2,3})(?=$|[,。;!? ])"
)
# 姓马,马成林: the surname first, then the whole name.
_SURNAME_FIRST = re.compile(
    r"姓(?P<surname>[\u4e00-\u9fff])[,、 ]?(?:叫|名叫)?(?P<name>(?P=surname)[\u4e00-\u9fff]{1,2})(?=$|[,。;!? ])"
)
#: 申请, 要登记: what is wanted done is nobody's name.
_DEED = re.compile(r"申请|申报|登记|提交|同意|报名|救助|补助")
# Said of a person in a report or a request: 居民穆春兰, 三组罗德全, 查查陆国强的申请.
_TITLED = re.compile(
    r"(?:居民|村民|户主|申请人|患者|病人|当事人|脱贫户|低保户|监测户|特困户|贫困户|五保户|残疾人|社员|群众|业主|独居老人|孤寡老人|[一二三四五六七八九十\d]组(?:的)?|对象)(?:是|叫|为|:)?"
    r"(?P<name>[\u4e00-\u9fff]{2,3})(?=$|[,。;!?、 (]|家(?:里|的|,|庭)?|一家|的(?:情况|申请|低保)|户|电话|身份证|今年|住|因|患)"
)
_LOOKED_UP = re.compile(
    r"(?:查查|查一下|查询|查|看看|看一下|问下|问一下)[ ]*(?P<name>[\u4e00-\u9fff]{2,3})[ ]*(?:的|这个)(?:申请|进度|情况|单子|低保|救助|审批|结果|办)"
)
# After these the whole run up to the next mark is a name, also one no list of surnames has.
_OUTRIGHT = re.compile(
    r"(?:^(?:就|名字)?(?:叫|叫做)|(?:我|俺|阮|咱|本人|户主|申请人|他|她|娃|孩子|老人|姓名|名字|大名)(?:就)?(?:叫做?|是叫|名叫)|(?:姓名|名字)(?:是|:|叫))$"
)
_FUNCTION = re.compile(
    r"[的了吗呢吧啊是在不没要想能我你他它们就都也和跟给把被让住么什啥谁哪申请电话]"
)
_NOT_NAME = re.compile(
    r"[的了吗呢吧啊是在有不没要想能我你他她它们就都也和跟与给把被让住电话联系手机岁月年号家人么]"
)
_NAME_STOP = re.compile(
    r"(?:的|,|。|电话|手机|住|今年|联系|身份|号码|是|在|家|男|女|有|想|要|申请|,)"
)
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d){8})(?!\d)")
_SPOKEN = {
    "零": "0",
    "〇": "0",
    "洞": "0",
    "一": "1",
    "幺": "1",
    "妖": "1",
    "腰": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "拐": "7",
    "八": "8",
    "九": "9",
    "勾": "9",
}
_SPOKEN_RUN = re.compile(
    "["
    + "".join(_SPOKEN)
    + r"\d][ \-,、]?(?:["
    + "".join(_SPOKEN)
    + r"\d][ \-,、]?){9,17}["
    + "".join(_SPOKEN)
    + r"\d]"
)
_ID = re.compile(r"(?<![\dA-Za-z])([1-9]\d{16}[\dXx]|[1-9]\d{14})(?![\dA-Za-z])")
_CARD = re.compile(r"(?<!\d)(\d{16}|\d{19})(?!\d)")
_RECEIPTS = [
    re.compile(r"(?<![A-Za-z0-9])(?:WZ|wz|Wz)\d{12}(?!\d)"),
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,4}-?\d{6,14}(?:-\d{1,6})?(?!\d)"),
    re.compile(r"(?<!\d)20\d{6}-\d{3,6}(?!\d)"),
    re.compile(
        r"(?:编号|受理号|单号|回执号?|查询码|查询号|受理编号|申请号|流水号|登记号|案号"
        r"|号码牌)(?:是|为|:|:|叫|码是)?[ ]?([A-Za-z]{0,4}\d[A-Za-z0-9\-]{4,20})"
    ),
]
_BARE_RECEIPT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PLACEHOLDER_KEY = {
    "PHONE": "phone",
    "ID": "id_number",
    "CARD": "bank_card",
    "NUM": "unclear_number",
}


def id_is_valid(number: str) -> bool:
    """Check digit (GB 11643) and a real birth date; 15-digit numbers by their date only."""
    number = number.upper()
    if len(number) == 15 and number.isdigit():
        return _is_date("19" + number[6:12])
    if len(number) != 18 or not number[:17].isdigit() or not _is_date(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= int(digits[:4]) <= 2100


def looks_like_name(word: str) -> bool:
    """Two to four characters that begin with a surname and hold no function word."""
    if "·" in word:
        return 4 <= len(word) <= 12
    if word.endswith(("镇", "乡", "村", "县", "区", "街道", "社区", "病", "症", "癌")):
        return False
    if not 2 <= len(word) <= 4 or _NOT_NAME.search(word[1:]) or _DEED.search(word):
        return False
    return word[:2] in _COMPOUND or (word[0] in _SURNAMES and len(word) <= 3)


def _name(scene: Scene) -> Fact | None:
    for match in _INTRODUCED.finditer(scene.text):
        word, at = match.group(1), match.start(1)
        outright = _OUTRIGHT.search(scene.text[:at])
        full = re.match(r"[\u4e00-\u9fff]{2,5}(?=$|[,。;!?、 (])", scene.text[at:])
        # 阿力么史古: within a name of four or five 么 asks nothing
        inside = (
            full.group()
            if full and len(full.group()) < 4
            else re.sub("(?<=..)么(?=.)", "", full.group() if full else "")
        )
        if outright and full and not _FUNCTION.search(inside):
            return Fact("name", full.group(), at, at + len(full.group()))
        stop = _NAME_STOP.search(word, 1)
        if stop:
            word = word[: stop.start()]
        for size in (4, 3, 2) if word[:2] in _COMPOUND or "·" in word else (3, 2):
            if len(word) >= size and looks_like_name(word[:size]):
                if "·" in word:
                    size = len(word)
                return Fact("name", word[:size], at, at + size)
    for pattern in (_TITLED, _LOOKED_UP):
        for match in pattern.finditer(scene.text):
            if looks_like_name(match.group("name")) and match.group("name")[0] not in "家生":
                return Fact("name", match.group("name"), *match.span("name"))
    bare = _BARE.search(scene.text)
    if bare and not any(k.start == bare.start() for k in scene.kin):
        group = "name" if bare.group("name") else "own"
        if looks_like_name(bare.group(group)):
            return Fact("name", bare.group(group), *bare.span(group))
    stated = _I_AM.search(scene.text)
    if (
        stated
        and len(stated.group(1)) == 3
        and looks_like_name(stated.group(1))
        and not re.search(r"村|县|市|人|户|员|民|生|工|区|镇", stated.group(1))
    ):
        return Fact("name", stated.group(1), stated.start(1), stated.end(1))
    hailed = _FROM_PLACE.search(scene.text)
    if hailed and looks_like_name(hailed.group("name")):
        return Fact("name", hailed.group("name"), *hailed.span("name"))
    told = _SURNAME_FIRST.search(scene.text)
    if told:
        return Fact("name", told.group("name"), *told.span("name"))
    if scene.asking == "name":
        text = re.sub(r"^(?:我?(?:叫|是|姓名|名字)(?:叫|是)?:?)", "", scene.text).strip(" ,。.!")
        if looks_like_name(text) or (re.fullmatch(r"[\u4e00-\u9fff·]{2,12}", text) and "·" in text):
            at = scene.text.find(text)
            return Fact("name", text, at, at + len(text))
    return None


def _numbers(scene: Scene) -> list[Fact]:
    facts: list[Fact] = []
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in taken)

    def add(key: str, value: str, start: int, end: int) -> None:
        facts.append(Fact(key, value, start, end))
        taken.append((start, end))

    for match in PLACEHOLDER.finditer(scene.text):
        add(_PLACEHOLDER_KEY[match.group(1)], match.group(), *match.span())
    for pattern in _RECEIPTS:
        for match in pattern.finditer(scene.text):
            group = 1 if match.groups() else 0
            value = match.group(group).upper()
            if free(*match.span(group)) and not re.fullmatch(r"1[3-9]\d{9}", value):
                add("case_no", value, *match.span(group))
    for match in _ID.finditer(scene.text):
        if free(*match.span()) and id_is_valid(match.group(1)):
            add("id_number", match.group(1).upper(), *match.span())
    for match in _MOBILE.finditer(scene.text):
        if free(*match.span()):
            add("phone", re.sub(r"\D", "", match.group(1)), *match.span(1))
    for match in _SPOKEN_RUN.finditer(scene.text):
        digits = "".join(_SPOKEN.get(c, c) for c in match.group() if c in _SPOKEN or c.isdigit())
        if not free(*match.span()) or match.group().isdigit():
            continue
        if re.fullmatch(r"1[3-9]\d{9}", digits):
            add("phone", digits, *match.span())
        elif len(digits) in (15, 18) and id_is_valid(digits):
            add("id_number", digits, *match.span())
    for match in _CARD.finditer(scene.text):
        if free(*match.span()):
            add("bank_card", match.group(1), *match.span())
    for match in _BARE_RECEIPT.finditer(scene.text):
        if free(*match.span()):
            add("case_no", match.group(), *match.span())
    return facts


def extract(scene: Scene) -> list[Fact]:
    """Personal identifiers stated in the message, each kind once (the last one said wins)."""
    facts = _numbers(scene)
    latest = {fact.key: fact for fact in facts}
    name = _name(scene)
    return [*latest.values(), name] if name else list(latest.values())
