"""Reading a short reply in the light of what was just asked: amounts, yes and no, names, kin.

The language model already extracts facts from whole sentences; this module only settles what a bare
"两千", "没得" or "王桂兰" means as the answer to an open question. Pure text in, plain values out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Number = int | float
Amount = Number | dict[str, Number]
Measure = Literal["money", "people", "age", "months", "plain"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "二": 2, "仨": 3, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "k": 1000, "w": 10000}
_FULLWIDTH = str.maketrans("０１２３４５６７８９．，ＫＷｋｗKW", "0123456789.,kwkwkw")

_ARABIC = r"\d[\d,]*(?:\.\d+)?"
_CHINESE = r"[零〇一二两俩仨三四五六七八九十百千万几]"
_RUN = re.compile(
    rf"(?P<under>不到|不足|不满|少于|没到|低于)?"
    rf"(?P<run>(?:{_ARABIC}|{_CHINESE}|[kw半](?![a-z]))+)"
    rf"(?P<approx>来|多|余|把)?(?P<tail>[万千百]?(?:{_CHINESE}|\d)*)"
    rf"(?:(?:到|至|-|~|—)(?P<upto>(?:{_ARABIC}|{_CHINESE})+))?"
    rf"(?:来|多|余|左右|上下)?(?P<measure>块|元|圆|钱|口|个人|人|岁|个月|个|位|名|天)?"
    rf"(?P<over>以上|往上)?"
)
_MEASURES: dict[str, Measure] = {
    "块": "money",
    "元": "money",
    "圆": "money",
    "钱": "money",
    "口": "people",
    "个人": "people",
    "人": "people",
    "个": "people",
    "位": "people",
    "名": "people",
    "岁": "age",
    "个月": "months",
}
_NEIGHBOURS = re.compile(r"([一二两三四五六七八九])([二两三四五六七八九])([十百千万]*)")


@dataclass(frozen=True)
class Read:
    """An amount found in a reply. `value` is yuan, heads, years or months, as `measure` says."""

    value: Amount
    measure: Measure
    whole: bool  # the reply says nothing beside the amount


def amount(text: str, wanted: Measure = "plain") -> Read | None:
    """The amount in a short reply that fits `wanted` best; ranges and 不到X become {"low", "high"}.

    In 一个月八百 asked for money the 800 is meant, not the one month.
    """
    cleaned = text.translate(_FULLWIDTH).replace(" ", "")
    reads: list[Read] = []
    for found in _RUN.finditer(cleaned):
        value = _value(found)
        if value is None:
            continue
        measure = _MEASURES.get(found["measure"] or "", "plain")
        rest = cleaned[: found.start()] + cleaned[found.end() :]
        reads.append(Read(value, measure, not _FILLER.sub("", rest)))
    if not reads:
        return None
    fitting = [read for read in reads if read.measure == wanted]
    loose = [read for read in reads if read.measure == "plain"]
    return (fitting or loose or reads)[0]


_FILLER = re.compile(
    r"[\s，,。.!！?？、：:~的吧嘛哈啊呀嗯哦呢了]|大概|大约|差不多|左右|每个?月|一个?月|就|只有|是|有|共|一共"
    r"|人民币|我们?家|家里|我|全家|总共|可能|应该|也|约|给|块|元|钱|不对|错了|写错|说错|打错|等等|改成|应该是"
)


def _value(found: re.Match[str]) -> Amount | None:
    run = found["run"] + (found["tail"] or "")
    if found["approx"] == "把" and run and run[0] in "十百千万":
        run = "一" + run
    value = _number(run)
    if value is None:
        return None
    if found["upto"]:
        high = _number(found["upto"])
        low = value
        if high is None or isinstance(high, dict) or isinstance(low, dict):
            return value
        unit = found["upto"][-1:]
        if low < 100 and unit in _UNITS and unit in "百千万" and low < high / _UNITS[unit] + 1:
            low *= _UNITS[unit]
        return {"low": low, "high": high} if low < high else high
    if isinstance(value, dict):
        return value
    if found["under"]:
        return {"low": 0, "high": value}
    return value


def _number(run: str) -> Amount | None:
    neighbours = _NEIGHBOURS.fullmatch(run)
    if neighbours:
        low, high = _DIGITS[neighbours[1]], _DIGITS[neighbours[2]]
        if high == low + 1:
            unit = 1
            for mark in neighbours[3]:
                unit *= _UNITS[mark]
            return {"low": low * unit, "high": high * unit}
    if run[0] == "几":
        unit = 1
        for mark in run[1:]:
            if mark not in _UNITS:
                return None
            unit *= _UNITS[mark]
        return {"low": 2 * unit, "high": 9 * unit} if unit > 1 else None
    if run == "十几":
        return {"low": 11, "high": 19}
    return _exact(run)


def _exact(run: str) -> Number | None:
    """1.2万, 3千5, 两千三百五, 二零, 1,800 → the number; None when it is not one."""
    total = section = 0.0
    digit: float | None = None
    last_unit = 1.0
    position = 0
    seen = False
    while position < len(run):
        arabic = re.match(_ARABIC, run[position:])
        if arabic:
            digit = float(arabic.group().replace(",", ""))
            position += arabic.end()
            seen = True
            continue
        mark = run[position]
        position += 1
        if mark in _DIGITS:
            if digit is not None and mark not in "零〇" and last_unit == 1 and not section:
                digit = digit * 10 + _DIGITS[mark]
            elif mark in "零〇":
                digit = digit * 10 if digit is not None else None
                last_unit = 1
            else:
                digit = float(_DIGITS[mark])
            seen = True
        elif mark == "半":
            if last_unit > 1:
                section += last_unit / 2
                digit = None
            elif not seen:
                digit = 0.5
            seen = True
        elif mark in _UNITS:
            unit = _UNITS[mark]
            if mark == "万" or mark == "w":
                total = (
                    total + section + (digit if digit is not None else 0 if section else 1)
                ) * (unit)
                section = 0.0
            else:
                section += (1 if digit is None else digit) * unit
            digit, last_unit, seen = None, float(unit), True
        else:
            return None
    if not seen:
        return 0 if run and set(run) <= set("零〇") else None
    if digit is not None:
        # 一万二 is 12,000 and 两千三 is 2,300: a digit after a unit counts tenths of that unit.
        section += digit * last_unit / 10 if last_unit >= 100 and digit < 10 else digit
    result = total + section
    return int(result) if result == int(result) else round(result, 2)


_PUNCTUATION = re.compile(r"[\s，,。.!！?？、：:~；;…]+")
_TONE = re.compile(r"[的吧嘛哈啊呀呢了哦噢咯喽哟嘞哒滴诶]+$")
_YES = frozenset(
    ["是", "对", "嗯", "嗯嗯", "恩", "好", "好好", "好的", "行", "可以", "要得", "得行", "有", "中", "成", "没错", "正确", "确认", "确定", "同意", "提交", "对头", "是嘞", "要", "需要", "是有", "有的", "办", "交", "愿意", "都同意", "没问题", "ok", "yes", "y", "好嘛", "就是", "对对", "对对对", "当然", "嗯好", "好那就申请", "确认提交", "同意提交"]
)
_NO = frozenset(
    ["不是", "不对", "否", "没有", "没得", "没", "无", "冇", "唔系", "不要", "不用", "不行", "不同意", "算了", "不", "不了", "不用了", "没有没有", "都没有", "都没得", "no", "n", "不需要", "没了", "没有了", "没得了", "不想", "别", "不交", "莫得", "么得", "啥都没", "什么都没有", "不办", "不愿意", "否定", "没领过", "没领", "从来没有"]
)
_NO_START = re.compile(
    r"^(?:都|啥都|什么都|从来|现在|目前|家里|我家|我们|我)*(?:没有?得?|莫得|无|冇|不是|不用|不要)"
)
_UNKNOWN = re.compile(
    r"不清楚|不知道|不晓得|不太清楚|说不准|说不清|记不清|不记得|忘了|不懂|不确定|搞不清|弄不清|没算过|不好说|晓不得"
)
_REFUSE = re.compile(
    r"不想说|不方便|不提供|不告诉|保密|不说|匿名|不愿意?说|不留|不给|没有?电话|没得电话|没有?手机|没得手机"
)


def bare(text: str) -> str:
    """The reply without blanks, punctuation and closing particles."""
    return _TONE.sub("", _PUNCTUATION.sub("", text)).lower()


def says_yes(text: str) -> bool:
    """A plain yes and nothing else: 对, 好的, 有."""
    stripped = bare(text)
    parts = [bare(part) for part in re.split(_PUNCTUATION, text) if part]
    return stripped in _YES or (0 < len(parts) <= 3 and all(part in _YES for part in parts))


def says_no(text: str, about: str | None = None) -> bool:
    """A plain no, or a short denial like 没得残疾. `about` is not needed: the question is known."""
    del about
    stripped = bare(text)
    if stripped in _NO:
        return True
    return len(stripped) <= 10 and bool(_NO_START.match(stripped)) and amount(stripped) is None


def says_unknown(text: str) -> bool:
    """The resident cannot say."""
    return bool(_UNKNOWN.search(text))


def says_refused(text: str) -> bool:
    """The resident does not want to say, or has no phone."""
    return bool(_REFUSE.search(text))


_CORRECTING = re.compile(
    r"不对|写错|说错|打错|看错|弄错|搞错|记错|填错|错了|更正|改成|改为|应该是|不是.{1,8}(?:是|,|，)|等等"
)


def corrects(text: str) -> bool:
    """Does the resident take back something said before?"""
    return bool(_CORRECTING.search(text))


# The hundred and fifty commonest surnames cover about nineteen in twenty residents; two-character
# ones come first. A name outside the list is still taken when a name was asked for.
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅"
    "钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤"
    "温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫"
    "米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班"
    "储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井巴支漆"
)
_NAME_LED = re.compile(
    r"(?:我叫|叫做|名字是|名字叫|姓名[是:：]?|我是|他叫|她叫|名叫|叫)\s*"
    r"([\u4e00-\u9fff·]{2,4}?)(?=$|[，,。.!！\s⟦的]|电话|手机|号码)"
)
_NAME_BARE = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}")
_NOT_NAMES = frozenset(
    ["没有", "没得", "没了", "不是", "不对", "不用", "不要", "好的", "可以", "谢谢", "再见", "你好", "您好", "知道", "不知道", "不清楚", "不晓得", "同意", "不同意", "确认", "提交", "农村", "城镇", "肢体", "视力", "听力", "言语", "智力", "精神", "单身", "离异", "丧偶", "已婚", "危房", "租房", "低保", "都是", "都没有", "明白", "是的", "对的", "好了", "行了", "算了", "全部", "修改", "取消", "继续", "保密", "匿名", "石头", "时候", "方便", "满意", "高兴", "安全", "严重", "应该", "成年", "任何", "何时", "许多", "万一", "全都", "和好", "明天", "向你", "单位", "车祸", "路上", "连续", "查询", "时间", "乐意", "强调"]
)


def name(text: str, asked: bool) -> str | None:
    """A person's name in a reply: after 我叫, or bare when it looks like one.

    Unasked, a bare word must begin with a common surname and be two to four characters long.
    """
    stripped = _PUNCTUATION.sub(" ", text).strip()
    led = _NAME_LED.search(stripped)
    if led and led[1] not in _NOT_NAMES and (asked or led[1][0] in _SURNAMES):
        return led[1]
    single = re.sub(r"[吧呀啊哈呢]$", "", stripped)
    if not _NAME_BARE.fullmatch(single) or single in _NOT_NAMES or says_no(single):
        return None
    if says_yes(single) or says_unknown(single) or single[-1] in "镇乡村区县市省吗":
        return None
    return single if asked or (single[0] in _SURNAMES and len(single) <= 3) else None


_KIN = {
    "母亲": "我?妈妈?|我?娘|老娘|母亲|我母亲",
    "父亲": "我?爸爸?|我?爹|老汉|父亲|老爸",
    "配偶": "老公|老婆|爱人|丈夫|妻子|媳妇|老伴|屋头那口子|男人|女人",
    "儿子": "儿子|崽|仔",
    "女儿": "女儿|闺女|妹娃|姑娘",
    "孩子": "孩子|娃儿?|小孩",
    "爷爷": "爷爷|阿公",
    "奶奶": "奶奶|婆婆|阿嬷|阿婆",
    "外公": "外公|姥爷",
    "外婆": "外婆|姥姥",
    "哥哥": "哥哥?|大哥",
    "弟弟": "弟弟?",
    "姐姐": "姐姐?",
    "妹妹": "妹妹",
    "岳父": "岳父|丈人",
    "岳母": "岳母|丈母娘",
    "邻居": "邻居|隔壁",
    "本人": "我自己|自己的|本人",
}
_KIN_PATTERNS = {kin: re.compile(pattern) for kin, pattern in _KIN.items()}


def kin(text: str) -> str | None:
    """Whom the resident speaks about, as the label set writes it (母亲, 父亲, 本人 …)."""
    hits = [
        (found.start(), relation)
        for relation, pattern in _KIN_PATTERNS.items()
        if (found := pattern.search(text))
    ]
    return min(hits)[1] if hits else None


#: Questions short enough to hide behind another one in the same message.
_ASKING = (
    (
        "ask_materials",
        r"(?:要|带|需要|准备|交)(?:啥|什么|哪些)(?:材料|资料|手续|证明|东西)|啥材料|什么材料",
    ),
    ("ask_processing_time", r"多久|多长时间|几天|几个月|啥时候能(?:批|下来)|什么时候能?批"),
    (
        "ask_amount_standard",
        r"(?:给|领|发|拿|补|有)(?:好)?多少(?:钱)?|多少钱|标准是多少|补多少",
    ),
    (
        "ask_where_to_apply",
        r"去哪|到哪里?(?:办|申请|交|报)|在哪里?(?:办|申请|交)|找谁(?:办|申请)|哪个部门",
    ),
    ("ask_how_to_apply", r"怎么(?:办|申请|申报)|咋(?:办|申请)|如何(?:办|申请)|流程"),
    ("ask_eligibility_conditions", r"什么条件|啥条件|哪些条件|什么人能|哪些人能"),
)


def questions(text: str) -> list[str]:
    """Every question a message asks, in the order of the sentence; [] unless there are several."""
    hits = [
        (found.start(), label) for label, pattern in _ASKING if (found := re.search(pattern, text))
    ]
    return [label for _, label in sorted(hits)] if len(hits) > 1 else []
