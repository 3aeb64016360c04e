"""The age of whoever the message is about, in years, also from a birth year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..numbers import Quantity, json_amount
from ..persons import PUPIL, SEVERAL
from .scene import Fact, Scene

OLDEST = 115
#: No pupil is as old as this.
_GROWN = 25
#: A bare figure from here on, after words of somebody, is nobody's income and no number of heads.
_ADULT = 30
_OF_A_PERSON = re.compile(r"一个人|独自|单身|光棍|[男女]的?$|离婚|离异|丧偶|守寡")
_SELF_WORD = r"(?:我|俺|本人|自己|咱)"
_PERSON_WORD = (
    r"(?:我|俺|本人|自己|咱|他|她|老太太|老太婆|老人家?|老头儿?|老头子|老汉儿?|老爷子|大爷|大妈|大娘|大叔|阿婆|阿公|婆婆"
    r"|户主|申请人|患者|当事人|男|女|男的|女的|同志|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的?)"
)
# What may stand between the person and the bare figure: 我今年都六十四了, 俺自己也六十的人了.
_FILL = (
    r"(?:[,、 ]?(?:现在|今年|目前|年龄|年纪|岁数|虚岁|实岁|周岁|整整?|小|马上|过了?年|下个?月|上个?月|即将|差不多|都有|得有|大概|大约|约|得|不到|不足|没到|还没到?|将近|接近|快|奔|刚刚?|刚满|已满|年满|满|快满|已经|都|也|就|才|有|是|为|属"
    r"|那个|那|呢|今年刚|过年就|过了年|:|嘞|的|了|自己|本人|一把年纪|这个?|生日))*"
)
_AGE_NOUN = re.compile(r"(?:年龄|年纪|岁数|几岁|多大|虚岁|实岁|周岁|高龄)")
_NOW = re.compile(
    r"(?:今年|现年|(?:^|[,。])现在|虚岁|实岁|年方|年满|刚满|年龄:?|年纪:?|岁数:?|整|下个?月满|[已就快也都]满|^满)(?:都|已经|也|就|才|有|是|为|了|快)*$"
)
_LEAD = re.compile(_PERSON_WORD + _FILL + "$")
_OWN_LEAD = re.compile(_SELF_WORD + _FILL + "$")
_AFTER = re.compile(
    r"$|[,。;!?、 ]|靠边|高龄|刚过|好几|大几|冒头|露头|之年|开外|往上|查|检|确诊|退休|[整了啦咯咧哩勒嘞喽呀啊嘛呢哒嗦啵哟]|的人|然后|来?岁|有余|出头|多|还|没|无|有[^一二三四五六七八九]|瘫|身体|独|丧|离|单|智[力障]|精神|肢体|残|偏瘫|聋|哑|盲|脑瘫|男|女|生病|得|患"
)
_TAIL = re.compile(r"^[了啦咯咧哩勒嘞喽呀啊的人整]*$")
_NOT_NOW = re.compile(
    r"(?:(?:他|她|我)[爸妈爹娘]|以上|以下|以内|之前|以前|前|那年|的?时候|时(?!候)|起|开始|以后|之后|后|就(?!要|快|想|一个|是|剩|靠|没))"
)
_GENERIC = re.compile(r"(?:满|超过|不满|不到|未满|年满|到|过了?|够|大于)$")
_RULE = re.compile(r"(?:能|可|的?老|才|就能|就可|算)")
_PASSING = re.compile(
    r"(?:[俩两]个?老人|从|在我|在他|那年|那会儿|到|等|的?时候)(?:我|他|她)?(?:才|还|刚)?$"
)
# 我爹死的时候我才十二
_THEN = re.compile(r"的?时候(?:我|他|她)?(?:才|还|刚)?$")
_BORN = re.compile(
    r"(?<!\d)(19\d\d|20[012]\d|\d\d)年?(?:的)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:出)?"
    r"生(?!活|病|意|孩|娃|育|的病)|出生(?:于|日期|年月)?(?:是|在|:)?(19\d\d|20[012]\d)"
    r"|(?<!\d)(19\d\d|\d\d)年的(?=$|[,。;!? ])"
)
_OPEN_END = re.compile(r"以上|以下|以内|往上|之内")
_MONEY_NEAR = re.compile(r"[块元钱]|收入|工资|存款|低保|退休金|养老金|花|欠|借|补|租|费")
_OTHER_COUNT = re.compile(r"[个口块元斤亩级月年天次号人万千百张间套位名%]")


_YOUNG = frozenset({"侄子", "侄女", "外甥", "外甥女"})


@dataclass(frozen=True)
class _Candidate:
    quantity: Quantity
    subject: str


def extract(scene: Scene) -> list[Fact]:
    """The age of whoever is asked for, else the speaker's, else the only one mentioned."""
    candidates = [_Candidate(q, _whose(scene, q)) for q in scene.quantities if is_age(scene, q)]
    chosen = _choose(scene, candidates)
    if chosen is None:
        born = _born(scene) if not candidates else None
        return [born] if born else []
    value = json_amount(chosen)
    return [Fact("age", value, chosen.start, chosen.end)]


def is_age(scene: Scene, q: Quantity) -> bool:
    """Whether the figure tells somebody's age now."""
    if (
        not 0 < q.size <= OLDEST
        or q.size != int(q.size)
        or (q.per in {"month", "day"} and not scene.text[: q.start].endswith("满"))
    ):
        return False
    if q.unit == "age":
        return _is_stated(scene, q) and not _OPEN_END.search(scene.text[q.start : q.end])
    if re.search(r"[大高初研]$", scene.text[max(0, q.start - 1) : q.start]) and q.size < 7:
        return False  # 研二
    if q.unit or q.spoken_digits or _OTHER_COUNT.match(scene.text, q.end):
        return False
    return _is_bare_age(scene, q)


def _is_stated(scene: Scene, q: Quantity) -> bool:
    """X岁 of somebody now: not 六十岁以上 of a rule, not 十岁那年."""
    text = scene.text
    after, before = text[q.end : q.end + 4], text[max(0, q.start - 6) : q.start]
    if scene.of_rule(q.end) or re.match(r"还能|才能", after):
        return False
    if _NOT_NOW.match(after) or (_GENERIC.search(before) and _RULE.match(after)):
        return False
    clause = scene.clause_at(q.start)
    others = clause.kind not in ("self", "") and q.approximate
    return not (_PASSING.search(before) or (others and scene.need is None))


def _is_bare_age(scene: Scene, q: Quantity) -> bool:
    """A figure without 岁 that nothing but an age explains."""
    text, clause = scene.text, scene.clause_at(q.start)
    before, after = text[clause.start : q.start], text[q.end :]
    if _THEN.search(before):
        return False
    if _NOT_NOW.match(after) or (after[:1] and after[0] in "多来几" and q.size < 10):
        return False
    if re.search(r"(?:我|俺|他|她|本人)(?:今年|现在|都|已经)*$", before) and q.size >= 8:
        return True
    if re.match(r"(?:多|好几)?(?:岁)?的(?:人|老人|老太|老头|老汉)", after) and q.size >= 30:
        return True
    if re.search(r"旬|花甲|古稀|耄耋|半百", text[q.start : q.end]):
        return True
    if not _AFTER.match(after):
        return False
    if _AGE_NOUN.search(text) and len(_plain(scene)) == 1:
        return True
    if _NOW.search(before) and not (q.size < 20 and re.search(r"有$", before)):
        return True
    person = _OWN_LEAD.search(before) or (_LEAD.search(before) and q.size >= 12)
    if person:
        return q.size >= 12 or (bool(re.match(r"$|[,。 ]", after)) and q.size >= 3)
    kin = [k for k in scene.kin if k.end <= q.start and k.start >= clause.start]
    if kin and re.fullmatch(_FILL, text[kin[-1].end : q.start]):
        # 大的八, 儿子两: a small figure after a child's name is rarely left without 岁.
        return q.size >= 10
    return _stands_alone(scene, q, before, after)


def _plain(scene: Scene) -> list[Quantity]:
    return [q for q in scene.quantities if q.unit in {"", "age"} and 0 < q.size <= OLDEST]


def _stands_alone(scene: Scene, q: Quantity, before: str, after: str) -> bool:
    """七十了; 我一个人住,八十,腿脚不行: a clause that is nothing but the figure."""
    piece = re.split(r"[,。;!? ]", after)[0]
    if not before.strip() and re.match(r"[了啦咯咧](?:还|也|没|连|走|干|做|都)", after):
        return q.size >= 45
    if (
        before.strip()
        or not _TAIL.match(piece)
        or (scene.asking in {"household_size", "num_children"} and q.size < _ADULT)
    ):
        return False
    if piece:
        return q.size >= 14
    clause = scene.clause_at(q.start)
    index = scene.clauses.index(clause) if clause in scene.clauses else 0
    told = scene.clauses[index - 1].text if index else ""
    if index and _OF_A_PERSON.search(told) and not _MONEY_NEAR.search(told):
        return _ADULT <= q.size <= OLDEST  # 我一个人过 46, also where a sum was asked for
    if len(scene.clauses) < 2 or _MONEY_NEAR.search(told) or scene.asking:
        return bool(index == 0 and len(scene.clauses) >= 2 and q.size >= 18 and not scene.asking)
    return q.size >= 18


def _whose(scene: Scene, q: Quantity) -> str:
    """The relation the age is told of; `self` for the speaker, empty when nobody is named."""
    clause = scene.clause_at(q.start)
    before = scene.text[clause.start : q.start]
    if _OWN_LEAD.search(before):
        return "self"
    if re.search(
        r"(?:最[大小]|[、,]?[大小])的(?:那个|娃|孩子|一个)?(?:才|刚|今年|也|已经|满)*$", before
    ):
        return "孩子"
    following = next((k for k in scene.kin if q.end <= k.start < clause.end), None)
    if following and re.fullmatch(r"的?(?:老|小)?", scene.text[q.end : following.start]):
        return following.relation
    near = [k for k in scene.kin if clause.start <= k.start and k.end <= q.start]
    if following and not near and following.relation == clause.subject:
        index = scene.clauses.index(clause)
        return scene.clauses[index - 1].subject if index else ""
    if near and not re.search(
        r"(?:带|养|供|跟|和|靠)(?:着|大)?(?:个|我|俺)?$", scene.text[: near[-1].start]
    ):
        return near[-1].relation
    return clause.subject


def _choose(scene: Scene, found: list[_Candidate]) -> Quantity | None:
    if PUPIL.search(scene.text):
        found = [c for c in found if c.quantity.size < _GROWN]
    if not found:
        return None
    if all(c.subject in SEVERAL for c in found) and not _by_name(scene):
        return None
    if scene.need is not None:
        names = {scene.need.relation}
        if scene.need.kind == "grandchild" or scene.need.relation in _YOUNG:
            names.add("孩子")  # 外甥女放在我家,孩子才六岁
        wanted = [c.quantity for c in found if c.subject in names]
        if wanted:
            return wanted[0]
        named = {k.relation for k in scene.kin if k.kind in {"child", "grandchild", "spouse"}}
        found = [c for c in found if c.subject not in named or scene.need.kind == "other"]
        if not found:
            return None
    own = [c.quantity for c in found if c.subject == "self"]
    if own and (scene.need is None or len(found) == 1):
        return own[0]
    subjects = {c.subject for c in found}
    if len({(c.quantity.value, c.quantity.low) for c in found}) == 1:
        return found[0].quantity
    # 七十九了,虚岁八十: one person; 老大8岁老小6岁: two.
    if subjects == {""} and not re.search(r"[老大小][大二三小幺的]|俩|两个|都|一个", scene.text):
        return found[0].quantity
    return own[0] if own and scene.need is None else None


def _by_name(scene: Scene) -> bool:
    """老人家叫谭志明，78岁: one old person, though 老人家 often means both parents."""
    return bool(re.search(r"老人家?(?:的?名字)?(?:叫|姓|是)", scene.text))


def _born(scene: Scene) -> Fact | None:
    if scene.today is None:
        return None
    text = re.sub(
        r"[零〇一二三四五六七八九](?=[零〇一二三四五六七八九\d]*年)",
        lambda m: str("零一二三四五六七八九".index(m.group().replace("〇", "零"))),
        scene.text,
    )
    match = _BORN.search(text)
    if not match and scene.asking == "age":
        match = re.search(r"(?<!\d)(19\d\d|20[012]\d)年?|(?<!\d)([3-9]\d)年", text)
    if not match:
        return None
    year = int(next(g for g in match.groups() if g))
    if year < 100:
        year += 1900 if year > scene.today.year % 100 else 2000
    age = scene.today.year - year
    return Fact("age", age, match.start(), match.end()) if 0 <= age <= 120 else None
