"""Whether the household is on a grant that is named, and whether the grant was ended.

吃着低保, 低保又没打 and 放弃低保 all say that there is one; 能吃低保吗 and 人家还吃低保 do not.
"""

from __future__ import annotations

import re

# The money comes late, too little or not at all, the card is locked: what only somebody who is on
# the grant complains of, whatever is said in between (低保金这两个月都没进卡).
_TROUBLE_WITH_PAY = re.compile(
    r"(?P<gap>[^,。;!?]{0,14}?)"
    r"(?:(?:没(?:有|得)?|未|不|冇|无|(?:没|不)见)(?:再|按时|准时|及时)?(?:打|到(?!期|年)|发(?!现|愁)|收到|领到|进(?:卡|账|来|户头|折|(?=[,。;!?]|$))|给(?=[,。;!?]|$|过?[钱我])|入账|动静|来(?!得及|过|问)|有?钱)"
    r"|(?:钱|金|款|费|补贴|补助)[^,。;!?]{0,8}没下来|一分(?:钱)?(?:都)?(?:没|未)"
    r"|晚(?:了|发|到)|迟|拖(?:着|欠|了)|少(?:了|发|打|给)|变少|降(?:到|了|成)|减(?:到|了|少)|扣(?:了|掉)"
    r"|取不(?:出|了|到)|领不(?:出|了|到)|拿不(?:到|出)|打不(?:到|进)|发错|打错|冻(?:结|住|了)|断发|漏发|少一半"
    r"|不够(?:用|花|吃|买)|密码|(?:卡|存?折子?|本本?|证)[^,。;!?]{0,8}(?:丢|坏|掉|冻|被|不见|注销|挂失|锁|扣|收着|(?:拿|攥|压|捏)(?:着|在)))"
)
# Between the name and the trouble these mean an application, a rule or somebody else's trouble.
_NO_PAYMENT = re.compile(
    r"申请|报(?!到)|批|审|评(?!上)|办|材料|名额|资格|户口|手续|标准|人数|条件|手机|老人|残疾人|家庭|家里"
    r"|爸|妈|爹|娘|老公|老婆|男人|老伴|丈夫|妻|儿|女|孩|娃|房|车|会不会|是否|吗|哪|会$|户(?!的)|残"
)
# Whose: 我, 我们家, 俺娘, 我妈这个.
_WHOSE = (
    r"(?:我|俺|咱|阮|额|本人|爸爸?|妈妈?|父亲|母亲|爹|娘|老汉|老娘|爷爷|奶奶|外婆|外公|姥姥|姥爷|公公|婆婆|老公|老婆|老伴|丈夫|男人"
    r"|孩子|娃|儿子|女儿|孙子|孙女|哥|弟|姐|妹|他|她)(?:们|家|妈|爸|爹|娘|娃|屋头?|屋里|家里|全家|一家|自己|两个|俩|[一二两三四五六七八九十\d]+(?:个人|口人?))*"
)
_LASTING = r"(?:了|着|过|的是|点|个)?(?:有|快)?(?:[一二两三四五六七八九十几好半\d]+(?:来|多)?(?:年|个月)(?:多)?(?:的)?)?"
_HELD_BEFORE = re.compile(
    r"(?:(?:(?:正|还|都)?在)?(?:领|吃|食|拿|享受|靠)|有|评(?:上|的|了)|进(?:的|了)|批(?:了|下来?了?)|办(?:上|下来?了?))"
    + _LASTING
    + r"(?:农村|城市|城镇)?$|靠[^,。;!?不没能]{0,12}$"
)
_HOLDS_BEFORE = re.compile(
    r"(?:^|我|我们|我家|我们家|家里|全家|本人|他|她|俺家|也|都|就|还|早就|已经|现在|目前|自己|们|家)"
    r"(?:是|属于|系)(?:农村|城市)?(?:的)?$"
)
# 我妈的护理补贴, 我这低保: owned, unless only the application, the list or the verdict is spoken of.
_OWNED = re.compile(_WHOSE + r"(?:的|这个?|那个?|那份|这份)+(?:农村|城市)?$")
_IN_HANDS = re.compile(r"(?:拿|持|凭|用|有|办)(?:着|了|有)?(?:农村|城市)?$")
_APPLYING = re.compile(
    r"[^,。;!?]{0,8}?(?:申请|的?事|流程|核|交|明|审|批|评|办|报|材料|表|名额|有戏|够|能|可以|能够|被?拒|驳回|证明|公示|进度|到哪|条件|标准|指标|对象认定|认定|下来|没影|吗|么)"
)
# 本人特困对象, 作为低保户, 我们全家都是低保: the status stands in place of a noun.
_STATUS_BEFORE = re.compile(
    r"(?:"
    + _WHOSE
    + r"|^)(?:现在|目前|就|也|都|还|这种|这样的|一直|原本)*(?:是|属于|系|作为|身为|定为|评为|列为|纳入)?(?:一个|一户)?(?:农村|城市|城镇)?(?:的)?$"
)
_STATUS_AFTER = re.compile(r"(?:人员|对象|家庭|户|老人)?(?:$|的?(?!.{0,6}(?:吗|么|不$)))")
# 低保户的钱没到: the money is that of a household on the grant.
_MONEY_OF_HOLDERS = re.compile(r"(?:户|人员|对象|老人)?的?(?:钱|金|款|待遇|补助|补贴|生活费|费)")
# 低保六百五, 每月低保加残疾补贴一共七百.
_AMOUNT_AFTER = re.compile(
    r"(?:(?:和|加|跟|、|还有)[^,。;!?]{2,10}?)?(?:的?[金钱费款]|每个?月|一个?月|月月|现在|目前|才|就|也|只|给|发|有|是|领|拿|得|到手|一共|总共|共|大概|差不多|[一两二三四五\d]个?人|家里|全家)*"
    r"(?:[一二两三四五六七八九\d][一二两三四五六七八九十百千零\d,.]*)(?:来|多|几|把)*(?:块|元|$|[,。;])"
)
# 边缘户去年评上的, 低保办下来三年了.
_GRANTED_SINCE = re.compile(
    r"(?:户)?[^,。;!?没不未]{0,6}(?:评上|批下来|批上|办上|办下来|纳入|拿到|定)(?:的|了|过)(?![吗么没])"
)
_GIVE_UP = re.compile(
    r"(?:主动|自愿|想|要|申请)?(?:放弃|退掉|退出|退了|退还|停掉|注销)(?:我家?|我们家?|享受)*(?:的)?$"
    r"|(?:主动|自愿|想|要|申请|愿意?|打算|准备)(?:不吃|不领)(?:的)?$"
)
# 俺不吃低保 is not on it, 不吃低保了 gives it up.
_NOT_ANY_MORE = re.compile(r"(?:不吃|不领)(?:的)?$")
_GIVE_UP_AFTER = re.compile(
    r"(?:我家|我们)?(?:不要了|不吃了|不领了|退了|想退|要退|可以退|退掉|就退)"
)
_CHANGES = re.compile(r"(?:要|来|得|想|应该)?(?:报|说|登|改|变更|更新|有变化|报告)")
# 我们是享受低保的, 我家里有低保, 纳入低保三年了.
_SINCE = re.compile(
    r"(?:户)?(?:都|已经|就)?(?:吃|食|领|拿|享受|办下来|批下来|办好|评上)?(?:了|着)?(?:有)?[一二三四五六七八九十几好两半\d]+(?:来|多|外)?[年冬](?:了|矣|多(?!少|钱)|咯|哒|$)|(?:户)?(?:[一二两三四五\d]+(?:个人|口人|人|口)的?)?(?:[一二两三四五六七八九\d百千]+)(?:块|元)(?:钱)?(?:一个月|每月|$|[,。])"
)
_OURS_IS = re.compile(
    r"(?:我|俺|咱|阮|爸爸|妈妈|父亲|母亲|老汉|老娘|爷爷|奶奶|老公|老婆|老伴|丈夫)"
    r"(?:们|家|妈|爸|爹|娘|娃|儿子|女儿|自己|也|现在|目前|正|一直|们家|这)*(?:就)?"
    r"(?:是|属于|算|有|在|纳入|评上|享受|批了|办了|(?:拿|领|吃)(?:的|着)(?:是)?)+(?:着|了|过)?(?:的)?$"
)
#: 他亲戚开小车还吃低保: whose aid this is, is another's.
ANOTHERS = re.compile(
    r"死了的|死人|死者|死亡|冒|他家|她家|他屋|组长|物业|杀猪|骗|全是|谁家|[张王李赵刘陈杨黄周吴]某|未享受|没享受|未领|哪种|哪些|什么样|听说|允不允许|允许|规定|二姨|人家|别人|有的人|有些人|那家|他们|干部|书记|主任|村长|支书|队长|亲戚|关系户|开(?:着)?(?:小|宝|奔|豪)?车|有钱|富|老板|名单|为什么他|凭什么他|凭啥他"
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
# 还有残疾人补贴我家都想申请: wanted, not held.
_WANTED_AFTER = re.compile(
    r"[^,。;!?没停]{0,5}(?:想|要|打算|准备|能不能|可不可以)(?:一起|一块|都|再|也|去)?(?:申请|申报|办|登记|报(?!告))"
)
_ASK_AFTER = re.compile(r"(?:不|吗|么|没|没有|的条件|资格|名额|指标|标准)")
_HELD_AFTER = re.compile(
    r"(?:领(?:着|的|了|[一二两三四五\d])|里头?(?:[,。;!?]|$)|到底还?发不发|批下来第|(?:一直|都|每月|按月|准时|正常)*(?:打|发|到)(?:在|进|到)(?:了)?(?:我|他|她|的)*(?:卡|账|折)|在吃|在领|吃着|领着|有在|只够|不够|还有.{1,5}才?发|每月|每个月|一个月"
    r"|金?每月)(?!多少|好多|能|几|领多少|拿多少|是多少|给多少|发多少)"
)
_FAMILY_AFTER = re.compile(r"(?:的?(?:家的?)?(?:孩子|小孩|娃|学生|儿子|女儿|子女))")
# Ended by somebody, or simply gone.
_ENDED = (
    r"(?:停(?!车|电|水|工|产|过|诊|药)|断(?:了|到|掉|供|过)|没(?:有|得)?了(?!人)|没再?发了|取消|取缔|撤(?:了|销|掉)|收回|(?<=本)收走|(?<=证)收走|注销|终止|中止"
    r"|清退|清零|退(?:出|掉)(?:来)?了|(?:被|给)退|下掉|(?:给我|被|刷)下|抹(?:了|掉)|撸|砍(?:了|掉)|拿(?:掉|下)|(?:被|给)拿|除名|踢(?:掉|出)|划(?:掉|出)|被卡了|被取"
    r"|(?<!发)不(?:给)?发了|(?<!给)不给(?:了|发)|不再(?:发|给|享受)|不让(?:吃|领|享受)了?)"
)
_STOP = re.compile(_ENDED)
# 吃了六年低保了,上个月突然没有了: the next clause, when nothing but time and doer comes first.
_STOP_NEXT = re.compile(
    r"(?:[^,。;!?]{0,10})[,]"
    r"(?:[上这今去前昨]?(?:[一二两三四五六七八九十几\d]*|个)(?:年|个?月|季度|礼拜|周|天)(?:份|初|底|里|开始|起|以?后|前)*|突然|忽然|就|又|也|都|给|让|叫|被|结果|后来|现在|说|无缘无故"
    r"|莫名其妙|一下子|怎么|咋|人家|他们|村里|村上|镇上|社区|民政局?|上[头面边]|系统|干部|我|我们家?|我家|把|[这那]个?(?:学期|月|季度|年)|[^,。;!?]{0,8}(?:后|完|就|便)|(?:给|被))*"
    + _ENDED
)
_STOP_BEFORE = re.compile(
    r"(?:停了|停掉|取消了?|停发|砍了|断了|撤销了?|停|终止了?|中止了?|注销了|不再(?:享受|发放?|给)|不让(?:我|我家|我们)?(?:吃|领|享受)"
    r"|(?:去年|前年|上个?月|今年|已经|刚|[\d一二三四五六七八九十]+月份?)[^,。;!?]{0,3}(?:退出|退|没))(?:了)?(?:我|我家|我们|他|她|我妈|我爸|的|家)*(?:的)?$"
)
_HYPOTHETICAL = re.compile(
    r"(?<![委大开政])会(?!议|上)|要是|如果|什么情况|哪些情况|啥情况|怎样|怎么样|还能|(?<!刚)才|多久|几时|就得|要不要|是否|要先|能不能|是不是要|申请|名额|资格$|标准|多少|是不是|还$|有没有|可以|怕|担心|自动"
)
_IF = re.compile(
    r"要是|如果|假如|假设|万一|哪些|什么情况|啥情况|什么时候|自愿|主动|听说|都讲|都说|据说|(?<!没)申请(?!的)|想|怕|担心|能不能"
)


# 低保户, 我是低保户嘛: the whole reply.
_NOTHING_BUT = re.compile(
    r"(?:我|我们|我家|家里|俺|俺家|是|就是|都是|属于)*(?:的|嘛|哈|啊|呀|哦|了)*[。.!,]?"
)


def is_held(text: str, start: int, end: int, role: str, code: str) -> bool:
    """The household gets the grant named at `start`..`end`."""
    clause = re.split(r"[,。;!?\n]", text[:start])[-1]
    after = re.split(r"[,。;!?\n]", text[end:])[0]
    named = re.match(r"吃|领|拿|享受", text[start:end])
    clause += named.group() if named else ""  # 吃五保 is a name by itself
    asked = text[end + len(after) : end + len(after) + 1] == "?" or after.endswith(("吗", "么"))
    if (_ASK_AFTER.match(after) or _WANTED_AFTER.match(after)) and role == "name":
        return False
    if role != "cue" and ANOTHERS.search(clause):
        return False
    if clause == "就是" and not after:
        return False  # 就是低保,去年十月就交了: which one is meant
    if role == "holder" and _NOTHING_BUT.fullmatch(text[:start] + text[end:]):
        return True
    if re.search(r"如果|要是|假如|假设|万一|要想", clause) or text[start:end].endswith("名额"):
        return False
    if _pay_is_in_trouble(clause, after, role):
        return True
    if re.search(r"(?:作为|身为)(?:一[个名户])?(?:农村|城市)?$", clause):
        return True
    if _GIVE_UP.search(clause) or _GIVE_UP_AFTER.match(after):
        return True
    if _NOT_ANY_MORE.search(clause):
        return bool(re.match(r"(?:金|户)?(?:的)?(?:了|咯|啦|算了)", after))
    if role == "holder" and not clause and _CHANGES.match(after) and re.search(r"我|俺", text):
        return True
    if role == "holder" and not clause and not after and text[:start].endswith(","):
        return not asked  # 我战友,59岁,低保户,想申请…
    if role == "holder":
        family = code in {"dibao", "tekun"} and _FAMILY_AFTER.match(after)
        return bool(
            _HOLDS_BEFORE.search(clause)
            or family
            or (not asked and _GRANTED_SINCE.match(after))
            or (_status(clause, after, asked))
        )
    if (_HOLDS_BEFORE.search(clause) and after.startswith(("的", "户", "家庭", "人"))) or (
        _HOLDS_BEFORE.search(clause) and not after
    ):
        return True
    hands = _IN_HANDS.search(clause)
    if hands and (text[start:end].endswith("证") or re.match(r"证(?!明)|本|折|卡|存折", after)):
        return not _WISH.search(clause[: hands.start()]) and not asked
    if re.search(r"多少|好多|几多|什么|啥|条件|标准|优先|符合", clause + after):
        return False
    if after.startswith(("人员", "对象", "家庭", "户", "老人")) and _status(clause, after, asked):
        return True
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
    if role == "name" and not asked and not above and not _ASKS_FOR.search(clause):
        if _OWNED.search(clause) and not _APPLYING.match(after):
            return True
        if _AMOUNT_AFTER.match(after) or _GRANTED_SINCE.match(after):
            return not re.search(r"(?:不|没有?|想|申请|要)$", clause)
    held = _HELD_BEFORE.search(clause)
    if (
        held
        and not _WISH.search(clause[: held.start()])
        and not re.search(r"^.{0,4}[吗么不没]$", after)
    ):
        return True
    return bool(_HELD_AFTER.match(after)) and not _WISH.search(clause)


def _pay_is_in_trouble(clause: str, after: str, role: str) -> bool:
    if role == "holder" or after.startswith(("户", "人员", "对象", "老人")):
        money = _MONEY_OF_HOLDERS.match(after)
        if not money:
            return False
        after = after[money.end() :]
    told = _TROUBLE_WITH_PAY.match(after)
    return bool(
        told
        and not re.search(r"(.)不\1", after)
        and not _NO_PAYMENT.search(told.group("gap"))
        and not re.search(r"(?:没|不是|还没)(?:有)?(?:办|批|评|申请)|申请", clause)
        and not re.match(r"[^,。;!?]{0,3}(?:吗|么)", after[told.end() :])
    )


def _status(clause: str, after: str, asked: bool) -> bool:
    """本人低保对象, 作为特困人员: said of the family itself, not asked."""
    found = _STATUS_BEFORE.search(clause)
    return bool(
        found
        and found.group()
        and not asked
        and not re.search(r"不是?$|(?:吗|么|不)$", clause + after)
    )


def is_stopped(text: str, start: int, end: int) -> bool:
    """The grant named at `start`..`end` was ended, not only threatened."""
    lead = re.split(r"[,。;!?\n]", text[:start])[-1]
    if _IF.search(lead):
        return False
    after = re.split(r"[,。;!?\n]", text[end : end + 18])[0]
    match = _STOP.search(after)
    if match and _KINSFOLK.search(re.sub(r"[被让叫给]人", "", after[: match.start()])):
        match = None
    if match is None and re.search(r"我|俺|咱|爸|妈|爹|娘|领|吃|拿|靠|是|有|的|孩子|娃", lead):
        match = _STOP_NEXT.match(text, end)
        after = text[end : match.end()] if match else after
        offset = len(after)
    else:
        offset = match.end() if match else 0
    if match:
        gap = after[: offset - len(match.group())] if match.re is _STOP else after
        if not _HYPOTHETICAL.search(gap):
            rest = text[end + offset :][:4]
            return not re.match(r"(?:吗|不|么|多久|的条件|过)", rest)
    return bool(_STOP_BEFORE.search(text[max(0, start - 12) : start])) and not re.search(
        r"(?:会|要是|如果|怎么|才|要|能)[^,]{0,3}$", text[: max(0, start - 2)][-6:]
    )
