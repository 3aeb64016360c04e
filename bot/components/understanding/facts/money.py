"""Amounts by topic: income, pension, savings, debt, medical and school costs, car.

Every amount goes to the cue nearest to it in its clause; an amount without a cue is income only
when the message is nothing but an amount.
"""

from __future__ import annotations

import re

from ..numbers import Quantity, json_amount
from .scene import Fact, Scene

# Order is precedence when two cues stand equally near.
_TOPICS: list[tuple[str, re.Pattern[str]]] = [
    ("reimbursed", re.compile(r"报了|报销了|医保报|报下来|报掉|报回|给报|能报|补偿了|减免了|统筹")),
    (
        "medical_expense_self",
        re.compile(
            r"自费(?!药)|自付|自掏|自己(?:还)?(?:掏|出|付|花|承担|负担|拿)|个人(?:支付|负担"
            r"|自付|承担|掏|出)|自家掏|自己就?要?掏|自负|自理部分|掏腰包"
        ),
    ),
    (
        "medical_expense",
        re.compile(
            r"医药费|医疗费|住院费|住院(?:花|用|一共|总共|就|要|已经|都)|手术费|手术(?:要|得"
            r"|花|需要|做下来|就要|费用)|治病(?:花|用|已经|就|前后)|看病(?:花|用|已经|就|前后"
            r"|总共)|医了|治了|治疗费|化疗(?:花|费|要)|放疗费|花了|医院(?:花|用)|医药"
            r"|药费(?:总|一共)|病(?:花|用)了|总费用|总共花|一共花|医疗花|医治|治疗(?:花|用|已)"
            r"|看了"
        ),
    ),
    (
        "tuition",
        re.compile(
            r"学费|学杂费|每期交|一学期交|保教费|书本费|一学期要|每学期|学校交|学校要交"
            r"|上学要交|读书要交"
        ),
    ),
    (
        "debt",
        re.compile(
            r"欠(?!费|薪)|借了|借款|贷款|外债|负债|债|房贷|网贷|借的|贷了|借人家|账(?!户|号)"
        ),
    ),
    (
        "deposit",
        re.compile(
            r"存款|存折|存了|积蓄|攒了|攒的|银行(?:里|卡)?(?:还|就|只)?(?:有|剩)|余额|理财"
            r"|股票|基金|现金|手头(?:上|里)?(?:还|就|只)?(?:有|剩)?|卡里(?:还|就|只)?(?:有"
            r"|剩)?|定期|活期|存的|存单|手里(?:还|就|只)?(?:有|剩)|家底"
        ),
    ),
    (
        "pension",
        re.compile(
            r"退休金|养老金|退休工资|退休费|养老保险(?:每月|一个月|领|金|发|有)|社保(?:每月"
            r"|一个月|领|发)|养老钱|农保(?:每月|一个月|领|发)|城乡居民养老|高龄津贴|基础养老"
        ),
    ),
    (
        "dibao",
        re.compile(
            r"低保金?(?:每月|每个月|一个月|月|现在|只|就|才|领|拿|发|给|有|是)"
            r"|(?<![能想要以否够])(?:领|吃)低保(?!不|吗|么|嘛)|低保钱|低保费|低保(?=\d)"
        ),
    ),
    (
        "none",
        re.compile(
            r"补贴|补助|津贴|押金|赔|补偿|值(?!班)|房租|租金|租的|彩礼|罚|送礼|标准|限额|上限"
            r"|奖学金|助学金|红包|好处费|伙食费|生活费|电费|水费|话费|缴费|保费|参保|超市|买"
            r"|卖了|礼金|人情|丧葬费|奖励|办证|工本费|捐|筹|救助金|救助款|救济|补了|补三|补"
            r"|每平|门槛|起付|封顶|最高|最低生活|线是|打官司|律师费|拨了|讨来|不得超过|房价"
            r"|首付|盖房|修房|建房|语训|康复|机票|车票|路费|贵|一针|一盒|一瓶|一支|耳蜗|轮椅"
            r"|费用(?!总)|要交|报名|中介费|保证金|挂了|支出|花销|开销|开支"
        ),
    ),
    (
        "income",
        re.compile(
            r"收入|工资|挣|赚|月入|到手|打零工|打工|打散工|端盘子|进账|月薪|薪水|(?:每月|一个月|月月)[^,]{0,4}拿"
            r"|跑摩的|摆摊|保洁|扫地|扫街|种地|种田|卖菜|送外卖|上班|跑车|跑滴滴|收废品|捡废品"
            r"|捡破烂|做工|做活|干活|开工|洗碗|工钱|工地|保安|散工|零工|帮工|养猪|养鸡|收成"
            r"|生活来源|进项|搵|开三轮|拉货|务工|厂里|搬砖|家政|靠|月均|月人均|年入|年薪|月收"
            r"|人均|平均|每人|摊到|够吃|盘子|做小工"
        ),
    ),
    ("sum", re.compile(r"合计|加起来|一共有|拢共|合起来|统共")),
]
_MONTHLY_CARE = re.compile(r"药|透析|治疗|看病|医药|打针|化疗|康复|护理|检查|胰岛素|复查|输液|针")
_TOGETHER = re.compile(
    r"加起来|合计|一共|总共|全家|我们家|我家|家里|一家|家庭|两口子|俩人|两个人|夫妻"
    r"|我们|拢共|合起来|全部|统共"
)
_NO_INCOME = re.compile(
    r"(?:没有?|没得|冇|莫得|无|木有|零|断了|没了)(?:得|有|啥|什么|任何|一点|固定|稳定"
    r"|经济|其他|别的|个)*(?:生活|经济)?(?:收入(?!证明|要求|限制)|来源|进账|进项|工资)"
    r"|零收入|收入(?:为|是)?(?:零|0|没有)|一分钱?(?:收入)?(?:都|也)?没(?:有"
    r"|得)?(?:收入|挣)?|一分不挣|没有?挣钱|不挣钱"
)
_NO_SAVINGS = re.compile(
    r"(?:没有?|没得|冇|莫得|无|木有)(?:得|有|啥|什么|任何|一分|一点|个|车也?没有?|房"
    r"|车)*(?:存款|积蓄|存折|余钱|存钱|家底)|存款(?:是|为)?(?:零|没有|没得|0|无|冇)"
    r"|积蓄(?:也)?(?:没有|没得)|(?:存款|积蓄)(?:早就|都|已经|全)*(?:花光|用完|花完"
    r"|没了|用光|掏空)"
)
_CAR_WORD = (
    r"(?:小?轿车|小汽车|汽车|私家车|小车|面包车|货车|皮卡|奇瑞|五菱|长安车|比亚迪"
    r"|二手车|越野车|机动车|车子|车(?!祸|站|间|票|费|位|牌|上|撞|里|床|夫|管|险|友|程"
    r"|库|次|轮|都|是|和房|房|辆|的钱))"
)
_NO_CAR = re.compile(
    r"(?:没有?|没得|冇|莫得|无|木有|没买)(?:得|有|啥|什么|任何|买|过|房也?没有?|房无"
    r"|房没)*(?:存款|房|房子|买|也没)?(?:没|无)?"
    + _CAR_WORD
    + r"|车(?:子)?(?:也|都)?(?:没有|没得|冇|无(?!法))(?!钱|加)"
)
_HAS_CAR = re.compile(
    r"(?:有|买了|开着|开|名下有?|家里有|一辆|一台|一部|个|台|辆)(?:了|个|一|辆|台|部"
    r"|破|旧|老|二手|小|的|两|代步)*"
    + _CAR_WORD
    + r"|"
    + _CAR_WORD
    + r"(?:挂|登记)?在?(?:我|俺|他|她|老公|儿子)?(?:的)?名下|挂了个?车在?名下|(?:二手"
    r"|破)(?:奇瑞|五菱|面包|小车)"
)
_BARE = re.compile(r"^[大概约莫差不多也就一每个月年左右上下来去块钱元吧嘛呢的样子有还是算,。 ~]*$")


def _nearest_topic(scene: Scene, q: Quantity, amounts: list[Quantity]) -> str | None:
    clause = scene.clause_at(q.start)
    left = max(clause.start, max((o.end for o in amounts if o.end <= q.start), default=0))
    best: tuple[float, int, str] | None = None
    for order, (topic, pattern) in enumerate(_TOPICS):
        for match in pattern.finditer(scene.text, clause.start, clause.end):
            if match.end() <= q.start:
                gap = float(q.start - match.end()) + (30 if match.start() < left else 0)
            elif match.start() >= q.end:
                gap = (match.start() - q.end) * 2.0 + 6
            else:
                gap = 0.0
            key = (gap + (20 if topic == "sum" else 0), order, topic)
            if best is None or key < best:
                best = key
    return best[2] if best else None


def _amounts(scene: Scene) -> list[Quantity]:
    return [q for q in scene.quantities if _is_amount(scene, q)]


def _is_amount(scene: Scene, q: Quantity) -> bool:
    if q.spoken_digits or q.unit not in {"yuan", ""}:
        return False
    if q.unit == "yuan":
        return True
    digits = scene.text[q.start : q.end]
    if (re.fullmatch(r"\d{6,}", digits) and q.size > 9_999_999) or q.size < 20:
        return False
    if re.fullmatch(r"(?:19|20)\d\d", digits) and scene.text[q.end : q.end + 1] in "年-/.":
        return False
    return q.size >= 100 or bool(q.per) or q.approximate or q.each


def _topic_from_context(scene: Scene, q: Quantity) -> str | None:
    """The previous clause's topic, when it ends in one: 退休金,一个月两千一."""
    clause = scene.clause_at(q.start)
    index = scene.clauses.index(clause) if clause in scene.clauses else 0
    if index == 0:
        return None
    before = scene.clauses[index - 1]
    for topic, pattern in _TOPICS:
        hits = list(pattern.finditer(scene.text, before.start, before.end))
        if hits and before.end - hits[-1].end() <= 3:
            return topic
    return None


def _income(scene: Scene, q: Quantity, sure: bool) -> str | None:
    clause = scene.clause_at(q.start)
    if q.each:
        if q.per == "year":
            return "per_capita_year"
        return "monthly_income_per_capita" if q.per in {"month", ""} else None
    if q.per == "year":
        return "annual_income_total" if sure or _is_family(scene, q) else None
    if q.per not in {"month", ""} or (q.per == "" and not sure):
        return None
    if clause.kind in {"", "self"} or _TOGETHER.search(scene.text[clause.start : q.start]):
        return "monthly_income_total"
    if clause.kind == "other":
        return None
    named = any(clause.start <= k.start < q.start for k in scene.kin)
    return (
        "monthly_income_member"
        if sure or named or re.search(r"工作|上班|打工|厂", text_before(scene, q))
        else None
    )


def text_before(scene: Scene, q: Quantity) -> str:
    """Everything said before the amount."""
    return scene.text[: q.start]


def _is_family(scene: Scene, q: Quantity) -> bool:
    clause = scene.clause_at(q.start)
    return clause.kind in {"", "self"}


def _key(scene: Scene, q: Quantity, topic: str | None) -> str | None:
    text = scene.text
    clause = scene.clause_at(q.start)
    window = text[clause.start : q.end + 6]
    if topic == "medical_expense" and q.per == "month":
        return "medical_expense_monthly"
    if (
        q.per == "month"
        and topic in {None, "income", "none"}
        and _MONTHLY_CARE.search(window)
        and not re.search(r"工资|收入|挣|语训", window)
    ):
        return "medical_expense_monthly"
    if topic in {"medical_expense", "medical_expense_self", "tuition", "debt", "deposit"}:
        if (topic == "medical_expense" and not _is_medical(text)) or scene.about_other(q.start):
            return None
        if topic == "debt" and (
            q.per == "month" or re.search(r"(?:房|车)贷$|还(?:车|房)?贷", text[: q.start])
        ):
            return None
        if topic == "debt" and re.search(r"欠(?:我|俺|他|薪|工|的工资)|拖欠", window):
            return None
        return topic
    if topic == "pension":
        return "pension_monthly" if q.per in {"month", ""} else None
    if topic == "dibao":
        return "dibao_monthly" if q.per in {"month", ""} else None
    if topic == "none" and q.per == "" and re.search(r"欠|借了|贷了", text[clause.start : q.start]):
        return "debt"
    if topic in {"none", "reimbursed"} or re.search(
        r"他们|人家|别人", text[clause.start : q.start]
    ):
        return None
    return _income(scene, q, topic in {"income", "sum"})


def _is_medical(text: str) -> bool:
    return bool(
        re.search(r"病|医|药|住院|手术|治|化疗|透析|癌|报销|报了|骨折|摔|车祸|康复|ICU|费用", text)
    )


def _amount_facts(scene: Scene) -> list[Fact]:
    facts: list[Fact] = []
    seen: set[str] = set()
    amounts = _amounts(scene)
    for q in amounts:
        topic = _nearest_topic(scene, q, amounts) or _topic_from_context(scene, q)
        key = _key(scene, q, topic)
        if key is None and topic is None and len(amounts) == 1 and q.size >= 50:
            rest = scene.text[: q.start] + scene.text[q.end :]
            if (
                _BARE.match(rest)
                and (q.unit == "yuan" or q.size >= 200)
                and q.per in {"", "month"}
                and scene.asking in {None, "monthly_income_total"}
            ):
                key = "monthly_income_total"
        if key is None or key in seen or (q.per == "day" and key.startswith("monthly_income")):
            continue
        if key in {"monthly_income_total", "annual_income_total"} and re.search(
            r"(?:标准|是不是|超过|低于|高于|达到|不高于|才能|够不够|多少)",
            scene.clause_at(q.start).text,
        ):
            continue
        if key == "per_capita_year":
            if q.value is None or re.search(r"去年|前年", scene.clause_at(q.start).text):
                continue
            seen.add(key)
            facts.append(Fact("monthly_income_per_capita", round(q.value / 12), q.start, q.end))
            continue
        seen.add(key)
        facts.append(Fact(key, json_amount(q), q.start, q.end))
    return facts


def extract(scene: Scene) -> list[Fact]:
    """Money facts and whether there is a car."""
    facts = _amount_facts(scene)
    keys = {fact.key for fact in facts}
    match = _NO_INCOME.search(scene.text)
    if match and not keys & {
        "monthly_income_total",
        "annual_income_total",
        "monthly_income_member",
    }:
        clause = scene.clause_at(match.start())
        if clause.kind in {"", "self"} and not re.search(
            r"稳定|固定|其他|别的|没(?:有)?收入的", clause.text
        ):
            whole = len(scene.text) <= 14 or _TOGETHER.search(clause.text)
            if whole or clause.kind == "self" or scene.asking == "monthly_income_total":
                facts.append(Fact("monthly_income_total", 0, match.start(), match.end()))
    match = _NO_SAVINGS.search(scene.text)
    if match and "deposit" not in keys:
        facts.append(Fact("deposit", 0, match.start(), match.end()))
    car = _car(scene)
    return [*facts, car] if car else facts


def _car(scene: Scene) -> Fact | None:
    absent = _NO_CAR.search(scene.text)
    if absent:
        return Fact("car", False, absent.start(), absent.end())
    for match in _HAS_CAR.finditer(scene.text):
        clause = scene.clause_at(match.start())
        generic = re.search(
            r"能不能|可以|算不算|影响|是不是|怎么|吗|有房|有车的|送礼|好处|别人|人家|还吃|却",
            clause.text,
        )
        if (
            clause.kind == "other"
            or scene.negated(match.start())
            or (generic and clause.subject != "self")
        ):
            continue
        if re.search(
            r"三轮|电动|摩托|自行|单车|推车|轮椅|公交|打|坐",
            scene.text[max(0, match.start() - 1) : match.end()],
        ):
            continue
        return Fact("car", True, match.start(), match.end())
    return None
