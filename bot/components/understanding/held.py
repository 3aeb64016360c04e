"""Whether the household is on a grant that is named, and whether the grant was ended.

吃着低保, 低保又没打 and 放弃低保 all say that there is one; 能吃低保吗 and 人家还吃低保 do not.
"""

from __future__ import annotations

import re

_HELD_BEFORE = re.compile(
    r"(?:领着|领了|吃着|吃了|享受着|享受了|拿着|拿了|在吃|在领|在享受|有了?|领|吃|享受"
    r"|靠|拿)(?:的是|点|个|过)?(?:农村|城市|城镇)?$"
)
_HOLDS_BEFORE = re.compile(
    r"(?:我|我们|我家|我们家|家里|全家|本人|他|她|俺家|也|都|就|还|早就|已经)(?:是"
    r"|属于)(?:农村|城市)?(?:的)?$"
)
# 能吃低保, 想领低保, 有没有低保 ask for it; they do not hold it.
# What only somebody on a grant complains of: 低保又晚了, 特困金取不出来, 我的低保怎么少了.
_TROUBLE_WITH_PAY = re.compile(
    r"(?:的)?(?:钱|费|金|款|补助|补贴|生活费|待遇|工资|存折|卡|折子|账户|每月|上个?月|这个?月|今年|去年|上个季度|上季度|半年|[一两三几]年|好久|个把月|好几个月|老是|总是|经常|到现在|到今天|[一二三四五六七八九十几两\d]+个?月|[\d一二三四五六七八九十]+月份?|的|怎么|咋|为啥|为什么"
    r"|又|还|都|就|也|突然|一直|好像|没听说|从[^,。;]{1,5}|说是|、|给|被)*"
    r"(?:没(?:有)?(?:打|到|发|下来|收|领到|进|来)|未(?:到|发|打|收)|不(?:发|到账|打)了?|晚(?:了|发|到)|迟|拖(?:着|欠|了)|少(?:了|发|打|给)|变少|降(?:到|了|成|低)|减(?:到|了|少)|扣(?:了|掉)"
    r"|取不(?:出|了|到)|领不(?:出|了|到)|拿不(?:到|出)|打不(?:到|进)|发错|打错|卡(?:丢|坏|密码|冻|被|不见|注销|挂失)|密码|冻(?:结|住|了)|存折(?:丢|掉|不见)|断发|漏发|少一半|不够(?:用|花|吃|买))"
)
_GIVE_UP = re.compile(
    r"(?:主动|自愿|想|要|申请)?(?:放弃|退掉|退出|退了|退还|不吃|不领|停掉|注销)(?:我家?|我们家?|享受)*(?:的)?$"
)
_GIVE_UP_AFTER = re.compile(
    r"(?:我家|我们)?(?:不要了|不吃了|不领了|退了|想退|要退|可以退|退掉|就退)"
)
_CHANGES = re.compile(r"(?:要|来|得|想|应该)?(?:报|说|登|改|变更|更新|有变化|报告)")
# 我们是享受低保的, 我家里有低保, 纳入低保三年了.
_SINCE = re.compile(
    r"(?:户)?(?:都|已经|就)?(?:吃|领|拿|享受|办下来|批下来|办好|评上)?(?:了|着)?(?:有)?[一二三四五六七八九十几好两半\d]+(?:来|多)?年(?:了|多(?!少|钱)|咯|哒|$)|(?:户)?(?:[一二两三四五\d]+(?:个人|口人|人|口)的?)?(?:[一二两三四五六七八九\d百千]+)(?:块|元)(?:钱)?(?:一个月|每月|$|[,。])"
)
_OURS_IS = re.compile(
    r"(?:我|俺|咱|阮|爸爸|妈妈|父亲|母亲|老汉|老娘|爷爷|奶奶|老公|老婆|老伴|丈夫)"
    r"(?:们|家|妈|爸|爹|娘|娃|儿子|女儿|自己|也|现在|目前|正|一直|们家|这)*(?:就)?"
    r"(?:是|属于|算|有|在|纳入|评上|享受|批了|办了|(?:拿|领|吃)(?:的|着)(?:是)?)+(?:着|了|过)?(?:的)?$"
)
_ANOTHER = re.compile(
    r"死了的|死人|死者|死亡|他家|她家|他屋|组长|物业|邻居|杀猪|冒名|冒领|骗|全是|谁家|未享受|没享受|未领|哪种|哪些|什么样|听说|允不允许|允许|规定|二姨|人家|别人|有的人|有些人|那家|他们|干部|书记|主任|村长|支书|队长|亲戚|关系户|开(?:着)?(?:小|宝|奔|豪)?车|有钱|富|老板|名单|为什么他|凭什么他|凭啥他"
)
_ASKS_FOR = re.compile(
    r"(?:能不能|能否|可不可以|可以|想|申请|要|给我|够不够|咋|怎么)[^,。;]{0,12}(?:吃|领|拿|享受|办|评)(?:个|上|到)?$"
)
_KINSFOLK = re.compile(r"爸|妈|爹|娘|老公|老婆|男人|老伴|丈夫|妻|儿|女|孩|娃|人|房|车祸")
_WISH = re.compile(
    r"(?:能|可以|可不可以|想|要|申请|办理?|该|才|怎么|如何|没有?|没得|不|符合|够|得"
    r"|应该|条件|资格|帮|给|咋|让|为啥|谁|哪些人)"
    r"(?:能|够|去|来|享受|吃|领|拿|有|得到|上|评|纳入)*$"
)
_ASK_AFTER = re.compile(r"(?:不|吗|么|没|没有|的条件|资格|名额|指标|标准)")
_HELD_AFTER = re.compile(
    r"(?:在吃|在领|吃着|领着|有在|只够|不够|还有.{1,5}才?发|每月|每个月|一个月"
    r"|金?每月)(?!多少|好多|能|几|领多少|拿多少|是多少|给多少|发多少)"
)
_FAMILY_AFTER = re.compile(r"(?:的?(?:家的?)?(?:孩子|小孩|娃|学生|儿子|女儿|子女))")
_STOP = re.compile(
    r"(?:停(?!车|电|水|工)|(?<!还)没再?发了|注销了|下掉|抹了|给我下|除名|退出来了|不给发|被取掉|踢出|划掉|被拿|给拿|取消|断了|没了(?!人)|砍了|拿掉|不发了|被卡了|被退|清退|下了"
    r"|撤了|取缔|不给了)"
)
_STOP_BEFORE = re.compile(
    r"(?:停了|停掉|取消了?|停发|砍了|断了|撤销了|停)(?:了)?(?:我|我家|我们|他|她|我妈"
    r"|我爸|的|家)*(?:的)?$"
)
_HYPOTHETICAL = re.compile(
    r"(?:会不会|会|要是|如果|是不是要|什么情况|哪些情况|啥情况|怎样|怎么样|还能|才"
    r"|不会|多久|几时|就得|要不要|是否)$"
)


def is_held(text: str, start: int, end: int, role: str, code: str) -> bool:
    """The household gets the grant named at `start`..`end`."""
    clause = re.split(r"[,。;!?\n]", text[:start])[-1]
    after = re.split(r"[,。;!?\n]", text[end:])[0]
    if _ASK_AFTER.match(after) and role == "name":
        return False
    if role != "cue" and _ANOTHER.search(clause):
        return False
    told = _TROUBLE_WITH_PAY.match(after)
    if (
        role == "name"
        and told
        and not re.search(r"(?:没|不是|还没)(?:有)?(?:办|批|评|申请)", clause)
    ):
        return not re.search(r"(?:吗|么|会不会|会)$", after[: told.end()])
    if _GIVE_UP.search(clause) or _GIVE_UP_AFTER.match(after):
        return True
    if role == "holder" and not clause and _CHANGES.match(after) and re.search(r"我|俺", text):
        return True
    if role == "holder":
        family = code in {"dibao", "tekun"} and _FAMILY_AFTER.match(after)
        return bool(_HOLDS_BEFORE.search(clause) or family)
    if (_HOLDS_BEFORE.search(clause) and after.startswith(("的", "户", "家庭", "人"))) or (
        _HOLDS_BEFORE.search(clause) and not after
    ):
        return True
    if re.search(r"多少|好多|几多|什么|啥|条件|标准|优先|符合", clause + after):
        return False
    if (
        re.search(
            r"^(?:我们?|俺们?)?(?:家里?|全家|一家人?|家头|本人|我)(?:是|就是)?(?:农村|城市)?$",
            clause,
        )
        and not after
    ):
        return not re.match(r"[?吗]", text[end:])
    if _ASKS_FOR.search(clause):
        return False
    if _OURS_IS.search(clause) and not re.search(
        r"[?吗么没]$|^(?:吗|么|不)", after + text[end + len(after) : end + len(after) + 1]
    ):
        return True
    above = re.search(r"(?:超过?|高|比|低于|少于|不到|标准)了?$", clause)
    if (
        role == "name"
        and not above
        and not _WISH.search(clause)
        and _SINCE.match(after)
        and not re.search(r"[?吗]", after)
    ):
        return True
    held = _HELD_BEFORE.search(clause)
    if (
        held
        and not _WISH.search(clause[: held.start()])
        and not re.search(r"^.{0,4}[吗么不没]$", after)
    ):
        return True
    return bool(_HELD_AFTER.match(after)) and not _WISH.search(clause)


def is_stopped(text: str, start: int, end: int) -> bool:
    """The grant named at `start`..`end` was ended, not only threatened."""
    after = re.split(r"[。;!\n]", text[end : end + 16])[0]
    match = _STOP.search(after)
    if match and _KINSFOLK.search(after[: match.start()]):
        match = None
    if (
        match
        and not _HYPOTHETICAL.search(after[: match.start()])
        and not re.search(
            r"[怎如]|标准|资格$|多少|是不是|还",
            after[: match.start()].replace("咋个", "").replace("怎么", ""),
        )
    ):
        rest = text[end + match.end() :][:4]
        return not re.match(r"(?:吗|不|么|多久|的条件)", rest)
    return bool(_STOP_BEFORE.search(text[max(0, start - 8) : start])) and not re.search(
        r"(?:会|要是|如果|怎么|才|要|能)[^,]{0,3}$", text[: max(0, start - 2)][-6:]
    )
