"""Who the message asks for: the speaker, or somebody he names (俺爹能不能吃个五保).

Age, and whether the message is for a relative, depend on it. Read from the wording alone, before
the label is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .asked_of import ProgrammeHit
from .lexicon import Lexicon
from .persons import COUPLES, OBJECT, OPENING, Clause, Kin, gone
from .story import TENDING, ill, story_of, troubled

_ON_BEHALF = re.compile(
    r"(?:替|帮|给|为|代|代表|帮忙给|关于|反映(?:一下)?|帮着|求求|救救|救一?下|看看|管管|帮帮|照顾一下|瞅瞅|关心一?下)"
    r"(?:一下|哈|下|个|着|我|俺)?(?:我们?|俺们?|咱们?|阮)?(?:村|楼|院|班|厂)?(?:上|里|的)?(?:家|那个|的|里)?"
    r"(?:一?个|一?户|一?位|这个|那个|有个|远房|隔壁|读[^,。]{1,4}的|上[^,。]{1,4}的)?$"
)
_DONE_FOR = re.compile(
    r".{0,8}?(?:问|申请|办|报|反映|咨询|打听|填|申报|登记|求|说|登|提|查|弄|写|领|评|整|争取|看看|搞"
    r"|的(?:情况|事)|能不能|够不够|符不符合|行不行)"
)
_MATTER = re.compile(r"(?:的)?(?:情况|事情?|困难)(?:想|要)?(?:反映|说|问|帮)")
# 想咨询一下我妈的情况
_OF_MATTER = re.compile(
    r"(?:咨询|[问纹]|了解|反映|打听|说|讲)(?:一?下|哈|个)?(?:我们?|俺|咱)?(?:家)?(?:的)?$"
)
_NOT_ME = re.compile(
    r"不是(?:我(?!亲|的)|给我|我自己|我本人|帮我)[^,。]*[,。 ]*(?:而?是)?(?:给|帮|替|问|说)?(?:我|我们|俺)?(?:家|的)?$"
)
_FOR_PRONOUN = re.compile(
    r"(?:给|帮|替|为|代|让)(?P<who>(?P<young>孩子|娃儿?|小孩|小家伙)|(?P<old>老人家?|老的|老太太|老爷子)|(?P<any>他|她|佢|伊|这人)(?!们))"
    r"(?:家|老人家)?(?:俩|一?个|再|也|先|去|单独|独立|能|可以|来)*"
    r"(?:问|申请|申請|办|报|反映|咨询|打听|填|申报|登记|领|评|弄|整|争取|申领|看看|想|搞|求|找|要|(?:进|住进?|去)(?:敬|养|福))"
)
_FOR_BOTH = re.compile(
    r"(?:给|帮|替|为)(?:他们|她们|他俩|她俩|两个老的?|二老|俩老|两口子|两位)|(?:他们|他俩|她俩|二老|两个老人|两老|两位老人|两口子)(?:俩)?(?:能|可以|够|可不可以|是不是|符合|有没有|可否)"
)
_FOR_THEM = re.compile(r"(?:给|帮|替|为)(?:他|她)们(?:家)?(?:问|申请|办|报|反映|咨询|打听|看看)")
_PUT_IN = re.compile(r"把(?:我们?|俺)?(?:家|的)?$")
_REQUEST = re.compile(
    r"能不能|能否|可不可以|可以|够不够|够得上|够格|够条件|达到|达不达|算不算|算是?不|能算|算孤儿|符不符合|是否|符合"
    r"|有没有|有没得|有啥|有什么|收不收|享受|申请|申報|申报|报一|报个|报上|登记|登个|吃得|领|吃低保|吃个|吃五保|中不中"
    r"|行不行|要得不|要得吗|得不得行|管不管|该不该|应该|能进|能吃|能办|能评|能够|能(?:申请|领|享受|拿|补|报|求助|得到)|可唔可以|可否|咋办|咋个办|怎么办|帮啥|哪些(?:补|救|帮)|有[咩乜]|减免|能[^,。]{0,12}[吗么不嘛]|可[^,。]{0,8}[吗么]|帮一把|住敬老院"
)
_SELF = re.compile(r"我们?|俺们?|咱们?|本人|自己|阮|一家(?!敬)|全家|家里")
_ANAPHOR = re.compile(
    r"(?P<young>孩子|娃儿?|小孩|小家伙)|(?P<old>老人家?|老的|老太太|老爷子)|(?P<any>他|她|这人|这个人|本人)"
)
_YOUNG = {"child", "grandchild"}
_YOUNG_RELATIVES = {"侄子", "侄女", "外甥", "外甥女", "弟弟", "妹妹"}
_MEN = frozenset(
    [
        "父亲",
        "爷爷",
        "外公",
        "公公",
        "岳父",
        "丈夫",
        "儿子",
        "孙子",
        "外孙",
        "哥哥",
        "弟弟",
        "叔叔",
        "伯伯",
        "舅舅",
        "姑父",
        "姨父",
        "姐夫",
        "妹夫",
        "女婿",
        "侄子",
        "外甥",
        "堂弟",
        "堂哥",
        "表弟",
        "表哥",
        "小叔子",
        "大伯子",
        "小舅子",
        "继父",
        "孩子",
    ]
)
_OLD = {"parent", "grandparent", "inlaw", "spouse"}
#: Granted to one person, whoever of the family does the asking.
_OF_A_PERSON = frozenset({"canji_butie", "tekun", "gu_er_ertong", "cishan", "fuwu"})
_AWAY = re.compile(
    r"[^,。;]{0,6}?(?:改嫁|跑了|跑咯|跟人跑|坐牢|蹲监|服刑|[在蹲]监狱|[在蹲]牢|判了|判刑|失踪|没消息|没音讯)"
)
_PARTED = re.compile(r"[^,。;]{0,3}?离")
# 我是厦门翔安的: where the speaker is from, no story of theirs.
_FROM = re.compile(
    r"(?:我|俺|咱|阮)(?:们)?(?:家)?(?:是|在|住)[^,。;岁病残瘫癌工没有的]{2,14}(?:的|人|这边|那边)?"
)
_HAD = re.compile(r"(?:带|养|生|留|丢|剩|扔|撇|拉扯)(?:了|下|着|给我)?[^,。;]{0,6}?的?$")
# The household as a whole is spoken of.
_ALL_OF_US = re.compile(r"我们|俺们|咱|我家|俺家|阮兜|全家|一家|家里|屋头|家庭|两口子")


@dataclass(frozen=True)
class Need:
    """The relative asked for, at `start`..`end`; `said` when the message says it outright."""

    start: int
    end: int
    relation: str
    kind: str
    said: bool


def find_need(
    text: str,
    clauses: list[Clause],
    kin: list[Kin],
    programmes: list[ProgrammeHit],
    lexicon: Lexicon,
) -> Need | None:
    """Whom the message asks for; None for the speaker and the household as a whole."""
    if not kin:
        return None
    for person in kin:
        if _said_outright(text, person):
            return _need(person, said=True)
    both = _couple(text, kin) if _FOR_BOTH.search(text) else None
    if both is not None:
        return both
    they = _FOR_THEM.search(text)
    if they:
        earlier = [k for k in kin if k.start < they.start() and _may_need(text, k, kin)]
        if earlier and earlier[0].kind in {"relative", "sibling", "other"}:
            return _need(_topics(text, earlier, clauses)[0], said=True)
    pronoun = _FOR_PRONOUN.search(text)
    if pronoun:
        clause = next(c for c in clauses if pronoun.start() < c.end)
        earlier = [k for k in kin if k.start < pronoun.start() and _may_need(text, k, kin)]
        meant = _antecedent(pronoun, clause, _topics(text, earlier, clauses))
        if meant is not None:
            return _need(meant, said=True)
    plain = _without_names(text, programmes)
    living = [k for k in kin if _may_need(text, k, kin)]
    codes = {h.code for h in programmes if h.role == "name" and not h.held}
    codes |= {h.code for h in programmes if h.role == "cue" and h.code in {"fuwu", "gu_er_ertong"}}
    bearer = _bearer(plain, clauses, living, codes, lexicon) if codes & _OF_A_PERSON else None
    if bearer is not None:
        return _need(bearer, said=False)
    asked = [c for c in clauses if _REQUEST.search(c.text)]
    for clause in reversed(asked):
        found = _subject(text, plain, clause, clauses, living, lexicon)
        if found is not None:
            if isinstance(found, Kin):
                return _need(found, said=False)
            break
    told = story_of(plain, clauses, living, lexicon)
    return _need(told, said=False) if told else None


def _couple(text: str, kin: list[Kin]) -> Need | None:
    """公公七十四,婆婆七十二,给他俩办: husband and wife named apart or in one word."""
    first_of = {k.relation: k for k in reversed(kin) if not gone(text, k, kin)}
    for pair, relation in COUPLES.items():
        if relation in first_of:
            return _need(first_of[relation], said=True)
        if set(pair) <= set(first_of):
            first = min((first_of[r] for r in pair), key=lambda k: k.start)
            return Need(first.start, first.end, relation, first.kind, said=True)
    return None


def _topics(text: str, kin: list[Kin], clauses: list[Clause]) -> list[Kin]:
    """The relatives spoken about, without those who are only had or left behind (留个儿子)."""
    told = []
    for person in kin:
        clause = next(c for c in clauses if person.start < c.end)
        before = text[clause.start : person.start]
        if not OBJECT.search(before) and not _HAD.search(before):
            told.append(person)
    return told or kin


def _may_need(text: str, person: Kin, kin: list[Kin]) -> bool:
    if person.kind == "ex" or gone(text, person, kin):
        return False
    following = min((k.start for k in kin if k.start >= person.end), default=len(text))
    away = _AWAY.match(text, person.end)
    if away and away.end() <= following:
        return False
    if person.kind == "spouse" and _PARTED.match(text, person.end):
        return False
    return not re.search(r"(?:没有?|无|没得|冇|莫得|和)$", text[: person.start])


def _need(person: Kin, said: bool) -> Need:
    return Need(person.start, person.end, person.relation, person.kind, said)


def _said_outright(text: str, person: Kin) -> bool:
    before, after = text[: person.start], text[person.end :]
    if person.kind == "child" and re.search(r"(?:带|养|供)(?:着|大)?$", before):
        return False
    on_behalf = _ON_BEHALF.search(before) and (_DONE_FOR.match(after) or _MATTER.match(after))
    pleaded = re.search(r"(?:帮帮|救救|看看|管管|瞅瞅)(?:我|俺)?(?:的|家)?$", before)
    return bool(
        on_behalf
        or (pleaded and _DONE_FOR.match(after))
        or (pleaded and re.search(r"(?:帮帮|救救)", before[-6:]))
        or _NOT_ME.search(before)
        or re.search(r"(?:申请人|名字|登记|报|报名)(?:是|写|填|:)?(?:我|俺)(?:家)?(?:的)?$", before)
        or (_PUT_IN.search(before) and re.match(r"[^,。]{0,4}(?:报上|登记|加|纳入|申报|报)", after))
        or (_MATTER.match(after) and re.search(r"我|俺", before[-2:]))
        or (_OF_MATTER.search(before) and re.match(r"(?:的|这个?)?(?:情况|事|这种)", after))
    )


def _without_names(text: str, programmes: list[ProgrammeHit]) -> str:
    """The 病 of 大病救助 is nobody's illness."""
    for hit in programmes:
        if hit.role == "name":
            text = text[: hit.start] + "□" * (hit.end - hit.start) + text[hit.end :]
    return text


def _subject(
    text: str,
    plain: str,
    clause: Clause,
    clauses: list[Clause],
    kin: list[Kin],
    lexicon: Lexicon,
) -> Kin | str | None:
    """The relative a request clause is about, "self", or None when it does not tell."""
    match = _REQUEST.search(clause.text)
    assert match is not None
    # 帮我登记 says who acts, not for whom.
    lead = re.sub(r"(?:帮|给|替)(?:我们?|俺)", "□□□", clause.text[: match.start()])
    own = _SELF.search(lead)
    named = [k for k in kin if clause.start <= k.start < clause.start + match.start()]
    for person in named:
        before = text[clause.start : person.start]
        opened = OPENING.match(before)
        before = before[opened.end() :] if opened else before
        if re.fullmatch(
            r"(?:.{0,8}(?:说的?是|关于|请问|问下?|那|那么|像|看看|帮我看看))?(?:我|俺|咱|阮)?(?:们)?(?:家|的|那个|这个)?",
            before,
        ):
            return _specific(person, kin)
        if person.kind in _YOUNG and re.search(r"(?:留下|剩下|丢下)", before):
            return person
    if own and not re.match(r"自己", lead[own.start() :]):
        return "self"
    pointing = _ANAPHOR.search(lead)
    if pointing:
        return _antecedent(pointing, clause, kin)
    if named:
        return "self"
    return _carried(clause, clauses, kin, plain, lexicon)


def _specific(person: Kin, kin: list[Kin]) -> Kin:
    """孩子 after 我跟孙子 is the grandson."""
    if person.relation != "孩子":
        return person
    return next((k for k in kin if k.start < person.start and k.kind == "grandchild"), person)


def _antecedent(pointing: re.Match[str], clause: Clause, kin: list[Kin]) -> Kin | None:
    """The relative that 他, 孩子 or 老人 of a later clause stands for."""
    earlier = [k for k in kin if k.start < clause.start + 1 or not pointing.group("any")]
    earlier = earlier or kin
    # 她男人也残疾,替她来问: not her husband
    earlier = [k for k in earlier if k.word[0] not in "他她"] if pointing.group("any") else earlier
    if pointing.group() in {"她"}:
        earlier = [k for k in earlier if k.relation not in _MEN] or earlier
    if pointing.group("young"):
        young = [k for k in earlier if k.kind in _YOUNG or k.relation in _YOUNG_RELATIVES]
        return young[0] if young else None
    if pointing.group("old"):
        old = [k for k in earlier if k.kind in _OLD]
        return old[0] if old else None
    return earlier[0] if earlier else None


def _carried(
    clause: Clause, clauses: list[Clause], kin: list[Kin], text: str, lexicon: Lexicon
) -> Kin | str | None:
    """The request names nobody: it is for the relative who was told about first and alone."""
    told = [
        c
        for c in clauses
        if c.subject
        and c.start <= clause.start
        and not OPENING.fullmatch(c.text)
        and not _FROM.fullmatch(c.text)
    ]
    if not told:
        return _told_next(clause, clauses, kin, text, lexicon)
    if told[0].subject == "self":
        return "self"
    own = [c for c in told if c.subject == "self"]
    relation = told[0].subject
    person = next((k for k in kin if k.relation == relation), None)
    if person is None or any(not TENDING.search(c.text) for c in own):
        return "self" if own else None
    alone = person.kind == "parent" and {c.subject for c in told} == {relation}
    if not own and (alone or person.kind in {"relative", "sibling", "grandparent", "grandchild"}):
        return person
    others = [
        k
        for k in kin
        if k.relation != relation and k.kind != "other" and troubled(text, k, kin, lexicon)
        if relation not in COUPLES.values() or k.kind != person.kind
    ]
    if others or not troubled(text, person, kin, lexicon):
        return "self" if own else None
    if person.kind in {"spouse", "child"} and (own or len(told) > 1) and _ALL_OF_US.search(text):
        return "self"
    return person


def _told_next(
    clause: Clause, clauses: list[Clause], kin: list[Kin], text: str, lexicon: Lexicon
) -> Kin | None:
    """帮我登记,我妈今年七十六,洗肾两年: the request comes first, the parent after it."""
    first = next((c for c in clauses if c.start > clause.start and c.subject), None)
    person = next((k for k in kin if first and k.start >= first.start), None)
    if first is None or person is None or person.kind not in {"parent", "grandparent"}:
        return None
    ours = re.match(r"(?:我|俺|咱)(?:们)?(?:家|的)?$", text[first.start : person.start])
    return person if ours and troubled(text, person, kin, lexicon) else None


def _bearer(
    text: str, clauses: list[Clause], kin: list[Kin], codes: set[str], lexicon: Lexicon
) -> Kin | None:
    """Who of the family the disability, the illness, the childhood without parents is of."""
    if "gu_er_ertong" in codes:
        young = [
            k
            for k in kin
            if k.kind == "grandchild" or k.relation in _YOUNG_RELATIVES - {"弟弟", "妹妹"}
            if not re.match(r".{0,4}(?:说|问)", text[k.end :])
        ]
        return young[0] if young else None
    own = [c for c in clauses if c.subject in {"self", ""} and ill(c.text, lexicon)]
    if own and "fuwu" not in codes:
        return None
    people = [k for k in kin if k.kind != "other" and troubled(text, k, kin, lexicon)]
    relations = {k.relation for k in people}
    if len(relations) != 1 or re.search(r"(?:我|俺)(?:跟|和|与)$", text[: people[0].start]):
        return None
    if re.match(r"(?:俩人?|两个人?|也|们)?(?:都|全|俩)", text[people[0].end :]):
        return None
    return people[0]
