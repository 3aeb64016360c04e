"""Amounts by topic: income, pension, savings, debt, medical and school costs.

Every amount goes to the cue nearest to it in its clause; an amount without a cue is income only
when the message is nothing but an amount.
"""

from __future__ import annotations

import re

from ..numbers import Quantity, json_amount
from ..persons import Clause
from . import earners
from .amounts import (
    BARE,
    OWN_WORD,
    amounts_of,
    care_before,
    kind_at,
    nearest_topic,
    topic_from_context,
    topic_to_come,
)
from .scene import Fact, Scene
from .topics import MONTHLY_CARE

_TOGETHER = re.compile(
    r"加起来|加(?:到|在)?一(?:起|块)|合在一起|合计|一共|总共|全家|我们家|我家|家里|一家|家庭|两口子|俩人|两个人|夫妻"
    r"|我们|拢共|合起来|全部|统共"
)
# 老公一个人月薪八千养活全家: his wage is all there is.
_FEEDS_ALL = re.compile(
    r"唯一的?(?:经济|生活|收入)?来源|养活?(?:我们|一?大?家|全家|一屋|[一二三四五六七八九十\d]+(?:口|个))|全家(?:就|都|全)?(?:靠|指)|一家(?:人|子|老小)?(?:就|都|全)?(?:靠|指)|(?:都|全|就|只)(?:靠|指)(?:着|望)?(?:他|她|我|老公|丈夫|男人|老婆|爱人)一个人?"
)
# 收入就我男人三千五; 就我老公上班,一个月三千五: nobody else earns.
_ONLY_EARNER = re.compile(
    r"(?:收入|进账|进项|来钱)(?:的|来源)?(?:就|只有?|全靠?|都靠?)+(?:是|靠|有|指)?(?:我|俺)|就(?:我|俺|靠)[^,。;\d]{1,6}(?:有(?:点)?(?:收入|工资)|(?:在|一个人)?(?:挣钱|上班|打工|挣|赚))"
)
_SEASONAL = re.compile(r"旺季|淡季|好的时候|不好的时候|多的时候|少的时候|有时候|有一?天没一?天")
_ABOVE_A_LINE = re.compile(
    r"(?:超过?|高出?|低于?|多|少|差)(?:了)?(?:低保|标准|线|边缘)[^,。;]{0,4}$"
    r"|(?:比|跟|离)(?:低保|标准|边缘|人家)[^,。;]{0,4}(?:高|低|多|少|差)(?:出|了)?(?:个)?$"
)
# 一季能挣一万二, 退休金少发了两百: no month's pay.
_NO_PAY = re.compile(
    r"(?:一季|一趟|一茬|一票|一单|一场|一次)[^,。;]{0,4}$|(?:少|多|晚)(?:发|打|给|算|拿)(?:了)?$|(?:扣|涨|补|降)(?:了|掉|发)?$"
)
_GIVEN = re.compile(r"(?:回来|过年|逢年过节)[^,。;]{0,6}(?:给|寄|拿)")
_OWN_HOUSEHOLD = re.compile(r"我|俺|咱|[一两二三四五六七八九\d](?:口|个)人")
# Further before the amount nothing tells what it is for.
_FAR = 16
_OF_A_YEAR = 20_000
_NO_INCOME = re.compile(
    r"(?:没有?|没得|冇|莫得|无|木有|零|断了|没了)(?:得|有|啥|什么|任何|一点|固定|稳定"
    r"|经济|其他|别的|个)*(?:生活|经济)?(?:收入(?!证明|要求|限制)|来源|进账|进项|(?<!月没)(?<!年没)工资)"
    r"|一分钱?(?:的)?(?:收入|进项|进账)(?:都|也)?(?:没|莫|冇)(?:有|得)?|零收入|收入(?:为|是)?(?:零|0|没有)|一分钱?收入(?:都|也)?没(?:有|得)?"
    r"|一分钱?(?:都|也)?没(?:有|得)?(?:收入|挣|赚|进账)|^(?:(?:家里|现在|目前|全家|每个?月|一个?月)*一分钱?(?:都|也)?没(?:有|得)?(?:了|的)?)$|(?:没有?|没得|冇|无)(?:一分钱?|一毛钱?|半分钱?|分文)(?:的)?(?:收入|进账|进项)|一分不挣|没有?挣钱|不挣钱"
)
_NO_SAVINGS = re.compile(
    r"(?:没有?|没得|冇|莫得|无|木有)(?:得|有|啥|什么|任何|一分|一点|个|车也?没有?|房"
    r"|车)*(?:存款|积蓄|存折|余钱|存钱|家底)|存款(?:是|为)?(?:零|没有|没得|0|无|冇)"
    r"|(?:存款|积蓄)(?:也|都)?拿不出|(?:存款|积蓄|余钱|存钱|家底)(?:也|都|全|是|一点|一分)*(?:没有|没得|冇|莫得)|(?:存款|积蓄)(?:早就?|都|已经|全)*(?:花光|用完|花完"
    r"|没了|用光|掏空)|(?:兜|口袋|荷包)里?(?:都|也)?比脸(?:还|都|更)?干净|身无分文"
)
_VARIES = re.compile(r",?(?:有时候?|有的时候|时而)?[多好]点(?:,|有时候?)*[少差]点$")


def _income(scene: Scene, q: Quantity, sure: bool) -> str | None:
    clause = scene.clause_at(q.start)
    if _SEASONAL.search(clause.text):
        return None
    kind = kind_at(scene, q.start)
    alone = _FEEDS_ALL.search(clause.text) or _ONLY_EARNER.search(_told_before(scene, clause))
    if alone and q.per in {"month", ""} and (sure or q.per == "month"):
        return "monthly_income_total"
    if q.each and _of_a_grant(scene, clause):
        return None
    if q.each:
        if q.per == "year":
            return "per_capita_year"
        return "monthly_income_per_capita" if q.per in {"month", ""} else None
    if q.per == "year" and _sent_by_another(scene, clause):
        return "member_year"
    if q.per == "year":
        return "annual_income_total" if sure or _is_family(scene, q) else None
    if q.per not in {"month", ""} or (q.per == "" and not sure):
        return None
    if _OF_ANOTHER.match(clause.text) and not _TOGETHER.search(clause.text):
        return "monthly_income_member" if any(k.kind in _FAMILY for k in scene.kin) else None
    if kind in {"", "self"} or _TOGETHER.search(scene.text[clause.start : q.start]):
        # 看病花了十二万,全家收入六万: nobody who asks us earns that in a month
        yearly = q.per == "" and q.size >= _OF_A_YEAR and scene.asking != "monthly_income_total"
        return "annual_income_total" if yearly else "monthly_income_total"
    if kind == "other" and not (scene.need and scene.need.kind == "other"):
        return None
    named = any(clause.start <= k.start < q.start for k in scene.kin)
    return (
        "monthly_income_member" if sure or named or _AT_WORK.search(text_before(scene, q)) else None
    )


def _told_before(scene: Scene, clause: Clause) -> str:
    """The clause and the one before it."""
    at = scene.clauses.index(clause) if clause in scene.clauses else 0
    return scene.text[scene.clauses[max(0, at - 1)].start : clause.end]


def _sent_by_another(scene: Scene, clause: Clause) -> bool:
    """娃儿在外头打工,一年寄八千回来: what one of the family sends, not all there is."""
    if "寄" not in clause.text or _TOGETHER.search(clause.text):
        return False
    return clause.kind not in {"", "self", "other"} or (
        any(k.kind in _FAMILY and k.start < clause.end for k in scene.kin)
        and not OWN_WORD.search(clause.text)
    )


def _of_a_grant(scene: Scene, clause: Clause) -> bool:
    """领低保,每人每月四百二: what each gets is the grant, no income of the family."""
    index = scene.clauses.index(clause) if clause in scene.clauses else 0
    start = scene.clauses[max(0, index - 1)].start
    return any(h.held and start <= h.start < clause.end for h in scene.programmes)


# 他在厂里踩缝纫机一个月两千八: whoever was named before, not the speaker.
_OF_ANOTHER = re.compile(r"(?:他|她)(?!们|家)")
# 一年药费一万二 is spent, not earned.
_YEARLY_CARE = re.compile(
    r"(?:药|医药|看病|治疗|透析|化疗|康复|护理|检查|打针)(?:费|钱|要花?|得花?|花)(?![^,。;]{0,6}(?:收入|挣|工资))"
)
_AT_WORK = re.compile(
    r"工作|上班|打工|厂|饭店|餐馆|超市|工地|刷碗|洗碗|保洁|保姆|家政|环卫|扫(?:地|马路|大街)|送外卖|送快递|跑车|摆摊|零工|服务员|保安"
)
_FAMILY = frozenset({"spouse", "parent", "child", "sibling", "inlaw"})


def text_before(scene: Scene, q: Quantity) -> str:
    """Everything said before the amount."""
    return scene.text[: q.start]


def _is_family(scene: Scene, q: Quantity) -> bool:
    clause = scene.clause_at(q.start)
    return clause.kind in {"", "self"}


# 房贷两千七 is a rate, 房贷二十六万 what is still owed.
_BALANCE = 20_000


def _key(scene: Scene, q: Quantity, topic: str | None) -> str | None:
    text = scene.text
    clause = scene.clause_at(q.start)
    window = text[max(clause.start, q.start - _FAR) : min(clause.end, q.end + 6)]
    if topic in {"medical_expense", "medical_expense_self"} and q.per == "month":
        return "medical_expense_monthly"
    if (
        q.per == "month"
        and topic in {None, "income", "none", "sum"}
        and MONTHLY_CARE.search(window)
        and not re.search(r"工资|收入|挣|语训|补贴|津贴|补助", window)
    ):
        return "medical_expense_monthly"
    if q.per == "year" and topic in {None, "income"} and _YEARLY_CARE.search(window):
        return "medical_expense"
    if _ALL_BORROWED.match(text, q.end) and not (_is_medical(text) or _ill(scene)):
        return "debt"
    if topic in {"medical_expense", "medical_expense_self", "tuition", "debt", "deposit"}:
        if (
            topic == "medical_expense" and not (_is_medical(text) or _ill(scene))
        ) or scene.about_other(q.start):
            return None
        if topic == "debt" and (
            q.per == "month"
            or (
                q.size < _BALANCE
                and re.search(r"(?:房|车)贷$|还(?:车|房)?贷(?!了)", text[: q.start])
            )
        ):
            return None
        if topic == "debt" and re.search(r"欠(?:我|俺|他|薪|工|的工资)|拖欠", window):
            return None
        return topic
    if topic in {"income", "sum"} and _NOT_PAID.match(text, q.end):
        return None  # 工钱八万六一分没给
    if topic in {"income", "sum", None} and _OWED_WAGES.search(_told_before(scene, clause)):
        return None
    lived_on = _LIVE_ON.search(text[clause.start : q.start]) and not q.each
    summed = re.search(r"(?:一共|总共|合计|加起来|加一起)(?:有|是|才)?$", text[: q.start])
    several = lived_on and summed and topic in {"none", "dibao"}  # 靠低保和残补一共九百八
    if q.per in {"month", ""} and (several or (lived_on and topic in {"income", "sum", None})):
        return "monthly_income_total"
    if topic == "pension":
        return "pension_monthly" if q.per in {"month", ""} else None
    if topic == "dibao":
        return "dibao_monthly" if q.per in {"month", ""} else None
    if (
        topic == "none"
        and q.per == ""
        and re.search(r"欠(?!薪|我|俺|的?工)|借了|贷了", text[clause.start : q.start])
    ):
        return "debt"
    if topic in {"none", "reimbursed"} or re.search(
        r"他们|人家|别人", text[clause.start : q.start]
    ):
        return None
    return _income(scene, q, topic in {"income", "sum"})


# 半年工资没给,两万多块: what the boss owes.
_OWED_WAGES = re.compile(
    r"(?:工资|工钱|薪水|工程款|血汗钱)(?:都|还|也|一直|到现在|一分钱?|老板|[一二两三四五六七八九十几半\d]+个?[月年])*(?:没|不|未)(?:有)?(?:给|发|结|付|拿到|兑现)"
    r"|(?:拖欠|克扣|欠)(?:着|了|我|俺|我们|的|[一二两三四五六七八九十几半\d]+个?[月年])*(?:工资|工钱|薪水|工程款|血汗钱)"
)
_NOT_PAID = re.compile(r"(?:块钱?|元)?[,，]?(?:一分钱?)?(?:都|也|还)?(?:没|不)(?:给|发|结|兑现)")


# 母子二人靠低保和残补一共一千零五十元生活: all there is to live on.
_LIVE_ON = re.compile(
    r"(?:仅|就|只|全|都|一直|主要|平时|全家|一家人?|[二两三四]人|[爷娘子女孙夫妻妹弟姐]俩|我们|生活)(?:都|就|全|只)?(?:依?靠|指(?:着|望)?)"
)


def _ill(scene: Scene) -> bool:
    return bool(scene.lexicon.disease_words.find(scene.text))


def _is_medical(text: str) -> bool:
    return bool(
        re.search(
            r"病|医|药|住院|手术|治|化疗|透析|癌|报销|报了|骨|摔|滚下|受伤|车祸|康复|ICU|费用", text
        )
    )


# Several debts are one debt, unless the later figure is the sum or a part of the first.
_ADDED = frozenset({"debt", "deposit"})
# 花了三万,都是找舅舅借的
_ALL_BORROWED = re.compile(r"[,， ]?(?:都|全|还)?(?:是)?(?:找|跟|向|问|和)[^,。;\d]{1,6}借的")
_NO_ADDING = re.compile(r"一共|总共|合计|加起来|其中|拢共|共(?:欠|计|有)|里面|还(?:了|剩)|利息")


def _add(facts: list[Fact], key: str, q: Quantity, scene: Scene) -> None:
    for index, fact in enumerate(facts):
        if fact.key == key and isinstance(fact.value, int) and q.value is not None:
            if fact.end == q.start and fact.value < q.value:  # 万把两万: from ten to twenty
                facts[index] = Fact(
                    key, {"low": fact.value, "high": int(q.value)}, fact.start, q.end
                )
                return
            between = scene.text[fact.end : q.end + 4]
            if not _NO_ADDING.search(scene.text[max(0, fact.start - 6) : fact.start] + between):
                facts[index] = Fact(key, fact.value + int(q.value), fact.start, q.end)


_THRESHOLD = re.compile(r"超过|低于|高于|达到|不到")
_ASKS_RULE = re.compile(r"吗|么|能不能|能|可以|可不可以|才|是否|算不算|怎么|[?]|规定|的家庭|的人")


def _amount_facts(scene: Scene) -> list[Fact]:
    facts: list[Fact] = []
    seen: set[str] = set()
    amounts = amounts_of(scene)
    for q in amounts:
        topic = (
            nearest_topic(scene, q, amounts)
            or topic_from_context(scene, q)
            or topic_to_come(scene, q, amounts)
        )
        key = _key(scene, q, topic)
        if key is None and q.per == "month" and care_before(scene, q):
            key = "medical_expense_monthly"
        if key is None and topic is None and len(amounts) == 1 and q.size >= 50:
            rest = scene.text[: q.start] + scene.text[q.end :]
            if (
                BARE.match(_VARIES.sub("", rest))
                and (q.unit == "yuan" or q.size >= 200)
                and q.per in {"", "month"}
                and (scene.asking in {None, "monthly_income_total"} or q.per == "month")
            ):
                key = "monthly_income_total"
        if key in _ADDED and key in seen:
            _add(facts, key, q, scene)
            continue
        if key is None or key in seen or (q.per == "day" and key.startswith("monthly_income")):
            continue
        asks = scene.clause_at(q.start).text
        if key in {"monthly_income_total", "annual_income_total"} and (
            re.search(r"标准|是不是|对不对|不高于|才能|多少", asks)
            or ("够不够" in asks and not _OWN_HOUSEHOLD.search(asks))
        ):
            continue
        if key.startswith(("monthly_income", "annual_income", "dibao", "pension")) and (
            _ABOVE_A_LINE.search(scene.text[: q.start])
            or _NO_PAY.search(scene.text[: q.start])
            or _GIVEN.search(scene.clause_at(q.start).text)
            or (_THRESHOLD.search(scene.clause_at(q.start).text) and _ASKS_RULE.search(scene.text))
        ):
            continue
        if key == "member_year":
            if q.value is not None and "monthly_income_member" not in seen:
                seen.add("monthly_income_member")
                facts.append(Fact("monthly_income_member", round(q.value / 12), q.start, q.end))
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
    """Money facts of the message."""
    amounts = amounts_of(scene)
    facts = earners.both_earn(scene, _amount_facts(scene), amounts)
    facts = earners.now_and_then(facts, amounts, scene, kind_at)
    keys = {fact.key for fact in facts}
    match = _NO_INCOME.search(scene.text)
    if match and not keys & {
        "monthly_income_total",
        "annual_income_total",
        "monthly_income_member",
        "pension_monthly",
    }:
        clause = scene.clause_at(match.start())
        kind = kind_at(scene, match.start())
        if scene.need is not None and clause.subject == scene.need.relation:
            kind = "self"
        if kind in {"", "self"} and not re.search(
            r"稳定|固定|其他|别的|没(?:有)?收入的", clause.text
        ):
            whole = len(scene.text) <= 14 or _TOGETHER.search(clause.text)
            if whole or kind == "self" or scene.asking == "monthly_income_total":
                facts.append(Fact("monthly_income_total", 0, match.start(), match.end()))
    match = _NO_SAVINGS.search(scene.text)
    if match and "deposit" not in keys:
        facts.append(Fact("deposit", 0, match.start(), match.end()))
    return facts
