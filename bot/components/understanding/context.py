"""Reading a reply in the light of the question that was asked, and of corrections."""

from __future__ import annotations

import re
from dataclasses import replace

from .choices import CHOICES, EMPTY, FLAG_WORDS
from .counted import count_answer
from .facts.scene import Fact, Scene
from .numbers import Quantity, json_amount

MONEY_KEYS = frozenset(
    {
        "monthly_income_total",
        "monthly_income_per_capita",
        "monthly_income_member",
        "annual_income_total",
        "pension_monthly",
        "deposit",
        "debt",
        "tuition",
        "medical_expense",
        "medical_expense_self",
        "medical_expense_monthly",
        "dibao_monthly",
    }
)
_FILING = re.compile(r"申请|申报|登记|报上去|提交|给我报")
_OTHER_UNITS = frozenset("级口个人岁项套辆栋间楼层号次")
# 车费都要好几百 in reply to what all earn: what something costs.
_ADULT, _CENTURY = 30, 100
_COSTS = re.compile(
    r"(?:车|路|学|药|医|疗|水|电|话|伙食|住宿|护理|看病|培训|挂号)费|车票|房租|租金要|租一?个?月"
    r"|(?:要|得|就|都)花|花(?:了|掉|销|去)|开销"
)
_INCOME = ("monthly_income", "annual_income", "pension")
#: 一个月一千六 in reply to what school costs a year is what somebody earns.
_NEVER_MONTHLY = frozenset({"tuition", "deposit", "debt"})
_SAYS_INCOME = re.compile(r"收入|寄|工资|挣|赚|月入|年入|月薪|退休金|养老金")
_NUMBER_KEYS = frozenset({"phone", "id_number", "case_no", "bank_card"})
_NUMBERLIKE = re.compile(r"[A-Za-z]{0,3}\d[\dxX*\- ]{4,}")
COUNT_KEYS = frozenset({"household_size", "num_children", "age", "waiting_months", "houses"})
FLAG_KEYS = frozenset(
    {
        "car",
        "living_alone",
        "no_children",
        "single_parent",
        "bedridden",
        "lost_job",
        "orphan",
        "critical_illness_insured",
        "employed",
        "work_ability",
    }
)
CONTROL_KEYS = frozenset({"consent", "confirm", "offer", "choose", "done", "edit", "reason"})

_SOFT = (
    r"(?:的|了|嘛|吧|呀|啊|哦|噢|嘞|呢|哈|咧|哟|滴|哒|撒|噻|啦|诶|欸|,|\.|。|!|~| "
    r"|谢谢|麻烦了?|你|我)*"
)
_GREETING = re.compile(
    r"^(?:(?:你们?好|您好|大家好|早上?好|上午好|下午好|晚上好|hi|hello|哈[喽啰罗]|喂+|嗨|在不在|在[吗么]"
    r"|有人[吗不没在]*|同志|师傅|领导|老师|小同志|工作人员|打扰(?:一下|下|了)?|麻烦(?:一下|下|了)?"
    r"|请问(?:一下|下|哈)?|(?:我|俺|咱)?(?:想|要)?(?:问|咨询|了解)(?:一下|下|哈|个事)?)[\s,，。.!！?？、~呀啊哈吗嘛]*)+",
    re.I,
)
_UNKNOWN = re.compile(
    r"^" + _SOFT + r"(?:我?(?:也|都|真|还|确实|这个)*)?(?:不(?:太|大|是很|怎么)?(?:清楚|晓得|知道?"
    r"|记得|确定|了解|懂|会算|好说|明白)|记不(?:得|清|到|起)|搞不(?:清|懂)|说不(?:清"
    r"|好|准|上来)|忘(?:记)?了?|没(?:有)?(?:数|算过|注意|印象|留意)|唔(?:知|清楚|记得)"
    r"|冇数|莫得数|晓不得|弄不清|不好说|随便|看情况)"
    r"(?:楚|过|具体|多少|好多|有多少|是多少|这个|那个|怎么算|算)*" + _SOFT + r"$"
)
_YES = re.compile(
    r"^"
    + _SOFT
    + r"(?:对(?:的|头|对|啊|呀)?|是(?:的|滴|啊|呀)?|好(?:的|嘛|吧|呀|啊|哒|勒)?|嗯+|恩+"
    r"|唔+$|要(?:得|的)?|中|行|可以|没错|确认|同意|愿意|需要|得行|成|OK|ok|Ok|yes"
    r"|系(?:嘅|啊)?|没问题|没意见|提交|就这样|就是|正确|没得问题|对头|要要|好好|妥|得"
    r"|巴适|接受|知道了|继续|确定|办吧?|登记吧?|申请|那就申请|交吧?|那?就?报吧?"
    r"|帮我(?:交|提交|办|登记)吧?|有|有有|会|能)"
    r"(?:的|了|提交|申请|交|办|同意|确认|对|好|是|可以|行|登记|吧|嘛|就这样|没错|没问题)*"
    + _SOFT
    + r"$"
)
_NO = re.compile(
    r"^" + _SOFT + r"(?:不(?:是|要|用|行|对|需要|同意|想|了|必|愿意|可以|提交|办|申请|登记|交|能|会"
    r"|中|得行|成|好)?|否|莫|算(?:了|球)|没(?:有|得)?|冇|无|唔(?:系|要|使)|别|先不"
    r"|免了|没必要|取消|再说|以后再说|下次|暂时不|莫得|没啥|没什么|都没有?|不不|no|NO"
    r"|没有没有|木有)"
    r"(?:了|的|得|这个|那个|这些|这回事|什么|啥|要|了解|提交|申请|交|办|补充|问题|有)*"
    + _SOFT
    + r"$"
)
_DONE = re.compile(
    r"^"
    + _SOFT
    + r"(?:没(?:有|得)?(?:了|别的|其他|啥了)?|好了|就这些|完了|没别的|就这样|够了|可以了"
    r"|齐了|没其他)" + _SOFT + r"$"
)
_CORRECTION = re.compile(
    r"^(?:哦|啊|等等|等一下|等下|等哈|慢点|慢着|哎|诶|呃)?[, ]?(?:不对|不是(?=[,。 ])"
    r"|错了|写错|说错|打错|填错|搞错|记错|看错|讲错|更正|纠正|改一下|改成|改为|应该是"
    r"|重新说)|(?:写|说|打|填|搞|记|看|讲|弄|输)错(?:了|咯)|更正|改(?:成|为|一下)"
    r"|(?:刚才|刚刚|前面|上面)(?:说|填|写|打|讲)?(?:的)?(?:那个)?(?:不对|错|是错|不算"
    r"|有误)|不是[^,。;]{1,12}[,，]?(?:是|而是)|等等|□|说岔了|口误|多打了|少打了"
)
_NOTHING = re.compile(
    r"^" + _SOFT + r"(?:(?:都|啥都|什么都|一样都|全都|目前|现在|暂时)?(?:没有?|没得|冇|无|莫得"
    r"|木有)(?:得|有|领过?|享受过?|拿过?|啥|什么|任何|办过?|过|吃过?|这些|这种|哪样"
    r"|残疾|病|大病|毛病|补助|补贴|存款|车|债|外债|收入|孩子|娃|房|读书的|上学的|学生"
    r"|欠|借)*|啥(?:都|也)没(?:得|有)?(?:领过?|享受|拿过?)?|一分(?:钱)?(?:都"
    r"|也)?没(?:有|得)?|零|0|没有的|身体(?:都)?(?:好|健康)|健康|都好)(?:的|人|呢)*" + _SOFT + r"$"
)


def after_greeting(text: str) -> str:
    """The message without 你好, 在吗, 我想问一下 in front."""
    return _GREETING.sub("", text)


def says_unknown(text: str) -> bool:
    """不清楚, 不晓得, 记不得 … and nothing else."""
    return bool(_UNKNOWN.match(text)) and not text.endswith("?")


def corrects(text: str) -> re.Match[str] | None:
    """The words that take something back: 不对, 写错了, 改成."""
    return _CORRECTION.search(text)


def yes_or_no(text: str) -> bool | None:
    """True for 要得/对/嗯, False for 不/莫/算了, None for anything longer."""
    if _NO.match(text):
        return False
    if _YES.match(text):
        return True
    return None


def sounds_like_yes(text: str, asked: str) -> bool:
    """有医保 in reply to 报过大病保险吗: a yes to something else."""
    return any(
        value is None and re.search(pattern, text) for pattern, value in FLAG_WORDS.get(asked, ())
    )


def is_of_fact(asked: str | None) -> bool:
    """Whether the open question is for a figure, a yes or no about the household, or a choice."""
    known = asked in MONEY_KEYS | COUNT_KEYS | FLAG_KEYS
    return known or asked in CHOICES or asked in EMPTY


def wants_filing(scene: Scene) -> bool:
    """好,那就申请 in reply to a question of fact is a wish, not a yes to that question."""
    return is_of_fact(scene.asking) and len(scene.text) <= 16 and bool(_FILING.search(scene.text))


def _only_quantity(scene: Scene) -> Quantity | None:
    usable = [
        q for q in scene.quantities if not q.spoken_digits and q.unit not in {"other", "percent"}
    ]
    money = [
        q
        for q in usable
        if q.unit == "yuan"
        or (q.unit == "" and q.size >= 1 and scene.text[q.end : q.end + 1] not in _OTHER_UNITS)
    ]
    if not money:
        return None
    # 不是三千,是两千: the last one stands.
    return money[-1] if corrects(scene.text) or len(money) == 1 else money[0]


def _without_years(scene: Scene, facts: list[Fact]) -> Scene:
    """我今年五十六了, where the heads were asked for: an age counts none."""
    ages = [f for f in facts if f.key == "age"]
    kept = [q for q in scene.quantities if not any(f.start < q.end <= f.end for f in ages)]
    return replace(scene, quantities=kept) if ages else scene


def _corrected_heads(scene: Scene, facts: list[Fact]) -> list[Fact]:
    """哎说错了,是六个人, with no question open: the household was counted wrong."""
    if len(scene.text) > 14 or not corrects(scene.text) or facts:
        return []
    heads = [q for q in scene.quantities if q.unit == "person" and q.value is not None]
    return [Fact("household_size", int(q.value), q.start, q.end) for q in heads[-1:]]


# 没有,欠十五万: a plain no first, then something else.
_NO_FIRST = re.compile(r"^(?:没有?|没得|无|冇|莫得|都没有?|没有的)[,。; ]+(?=.)")
#: What a short 没有车, 没存款 denies by itself, whatever was asked.
_DENIED_ALONE = frozenset({"car", "deposit", "debt", "receiving"})
_OF_AGE = re.compile(r"[虚实周]岁")
# 低保要查存款不: a question, and no answer to the one that is open.
_ASKS_BACK = re.compile(
    r"(?:要|会|能|得|有没有|是不是|行|可以|算)[^,。;]*(?<![我也都还一就对说])不[嘛哦啊呀]?[?。!]?$"
)
# 赔偿款算不算收入: the 不 of a question denies nothing.
_A_NOT_A = re.compile(r"([算是要能会用给得管收])不\1|[有行]没有")
# 我儿子不管我 neglects, it does not answer.
_NEGATIVE = re.compile(r"没|无|冇|莫|不(?!管|理|养|孝|要我|认我|给我|肯)|哪(?:里)?有")
_POSITIVE = re.compile(r"有|是|对|会|能")


def _short_flag(key: str, text: str) -> bool | None:
    if _A_NOT_A.search(text) or (len(text) >= 4 and _ASKS_BACK.search(text)):
        return None
    for pattern, value in FLAG_WORDS.get(key, ()):
        if re.search(pattern, text):
            return value
    if _NEGATIVE.search(text):
        return False
    return True if _POSITIVE.match(text) else None


def _denies_other(key: str, facts: list[Fact]) -> bool:
    """没有车 in reply to another question says nothing of that."""
    denied = {f.key for f in facts if f.key in _DENIED_ALONE and f.value in (0, False, [])}
    return bool(denied - {key})


#: What a bare 没有残疾 names, and the questions it answers.
_NAMED = (
    (re.compile(r"残疾"), ("disability",)),
    (re.compile(r"病|毛病|健康"), ("disease", "medical", "critical", "bedridden", "self_care")),
    (re.compile(r"存款"), ("deposit",)),
    (re.compile(r"补助|补贴|低保"), ("receiving", "dibao")),
    (re.compile(r"车"), ("car",)),
    (re.compile(r"债|欠|借"), ("debt",)),
    (re.compile(r"收入"), ("monthly_income", "annual_income", "pension", "employed")),
    (re.compile(r"孩子|娃"), ("num_children", "no_children", "student", "tuition")),
    (re.compile(r"房"), ("houses", "housing")),
    (re.compile(r"读书|上学|学生"), ("student", "tuition", "num_children")),
)


def _names_other(key: str, text: str) -> bool:
    """没有残疾 in reply to what all earn says nothing of money."""
    named = [keys for pattern, keys in _NAMED if pattern.search(text)]
    return bool(named) and not any(key.startswith(keys) for keys in named)


def _a_month(key: str, quantity: Quantity) -> int | float | dict[str, float | int | None]:
    """The amount that answers; what comes in a year is told by the month."""
    if key == "monthly_income_total" and quantity.per == "year" and quantity.value is not None:
        return round(quantity.value / 12)
    return json_amount(quantity)


def _yearly_range(key: str, quantity: Quantity) -> bool:
    """一年剩不下一万 is no range of what comes in a month."""
    return key == "monthly_income_total" and quantity.per == "year" and quantity.value is None


def _is_told_age(quantity: Quantity, facts: list[Fact]) -> bool:
    """我一个人过 46, to a question for a sum: nobody earns what is understood as their years."""
    aged = any(f.key == "age" and f.start == quantity.start for f in facts)
    return aged and quantity.unit != "yuan" and _ADULT <= quantity.size < _CENTURY


def _is_cost(scene: Scene, quantity: Quantity) -> bool:
    clause = scene.clause_at(quantity.start).text
    return bool(_COSTS.search(clause)) and not _SAYS_INCOME.search(clause)


# 要不要我去村上报一下: a question, whatever word of an answer it holds.
_ASKS_WHETHER = re.compile(r"要不要|用不用|需不需要|能不能|可不可以|是不是要|[吗么][?]?$")


def answer(scene: Scene, facts: list[Fact]) -> list[Fact]:
    """The facts that answer `scene.asking`; empty when the message does not answer it."""
    found = _answer(scene, facts)
    first = _NO_FIRST.match(scene.text)
    if found or first is None or scene.asking not in MONEY_KEYS | FLAG_KEYS | set(EMPTY):
        return found
    rest = [q for q in scene.quantities if not any(f.start < q.end <= f.end for f in facts)]
    if rest or corrects(scene.text):
        return found
    return _answer(replace(scene, text=first.group().strip(",。; "), quantities=[]), [])


def _answer(scene: Scene, facts: list[Fact]) -> list[Fact]:
    key, text = scene.asking, scene.text
    if not key:
        return _corrected_heads(scene, facts)
    key = {"receipt": "case_no", "id": "id_number"}.get(key, key)
    if wants_filing(scene) or says_unknown(text):
        return []
    given = [fact for fact in facts if fact.key == key]
    if key in MONEY_KEYS:
        # An amount found under a neighbouring money key answers the question that was put.
        if any(q.per == "day" for q in scene.quantities) and key.startswith("monthly"):
            return []  # a day's pay says nothing of the days worked
        if _OF_AGE.search(text):
            return []  # 不是六十八,虚岁,实岁六十七
        if given:
            return given
        yearly = [f for f in facts if f.key == "annual_income_total" and isinstance(f.value, int)]
        if key == "monthly_income_total" and yearly:
            return [Fact(key, round(yearly[0].value / 12), yearly[0].start, yearly[0].end)]
        if not key.startswith(_INCOME) and _SAYS_INCOME.search(text):
            return []  # 月入1800 is income, whatever was asked
        quantity = _only_quantity(scene)
        money = [fact for fact in facts if fact.key in MONEY_KEYS]
        if (
            quantity
            and all(f.key.startswith(("monthly_income", "annual_income")) for f in money)
            and not (key in _NEVER_MONTHLY and quantity.per == "month")
            and not _yearly_range(key, quantity)
            and not (key.startswith(_INCOME) and _is_cost(scene, quantity))
            and not _is_told_age(quantity, facts)
            and len(text) <= 24
        ):
            if key == "monthly_income_total" and quantity.each:
                key = "monthly_income_per_capita"  # 平均一个人一个月三百: not what all have
            return [Fact(key, _a_month(key, quantity), quantity.start, quantity.end)]
        if _denies_other(key, facts) or _names_other(key, text):
            return []
        if _NOTHING.match(text) or (
            key == "monthly_income_total" and any(f.value == 0 for f in money)
        ):
            return [Fact(key, 0, 0, len(text))]
        return []
    if given:
        return given
    if _denies_other(key, facts) or (_NOTHING.match(text) and _names_other(key, text)):
        return []
    if key in _NUMBER_KEYS:
        # A number was asked and something like one came: to be asked again, not misread.
        unclear = [fact for fact in facts if fact.key == "unclear_number"]
        match = _NUMBERLIKE.search(text)
        if unclear or not match:
            return unclear
        return [Fact("unclear_number", match.group(), *match.span())]
    if key in COUNT_KEYS:
        asked = scene if key == "age" else _without_years(scene, facts)
        counted = count_answer(asked, key, corrected=corrects(text) is not None)
        if counted:
            return [counted]
        if key in {"num_children", "houses"} and (
            _NOTHING.match(text) or any(f.key == "no_children" for f in facts)
        ):
            return [Fact(key, 0, 0, len(text))]
        return []
    if key in FLAG_KEYS:
        said = yes_or_no(text)
        if said is None and _NOTHING.match(text):
            said = False
        if said is None and len(text) <= 12:
            said = _short_flag(key, text)
        return [] if said is None else [Fact(key, said, 0, len(text))]
    if key in EMPTY and _NOTHING.match(text):
        return [Fact(key, EMPTY[key], 0, len(text))]
    if key in CHOICES and len(text) <= 14 and not _ASKS_WHETHER.search(text):
        for pattern, value in CHOICES[key]:
            match = re.search(pattern, text)
            if match:
                return [Fact(key, value, match.start(), match.end())]
    return []


def is_done(text: str) -> bool:
    """没了, 就这些: nothing to add."""
    return bool(_DONE.match(text))
