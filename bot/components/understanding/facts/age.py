"""The age of whoever the message is about, in years, also from a birth year."""

from __future__ import annotations

import re

from ..numbers import Quantity
from .scene import Fact, Scene

_AGE_MENTION = re.compile(
    r"(?:今年|刚满|快满|年满|满|虚岁|实岁|年龄:?|年纪|年方|现年|都|已经|我都|有|才"
    r"|属.的[,、]?|岁数)$"
)
_NOT_NOW = re.compile(
    r"(?:以上|以下|以内|之前|以前|前|那年|的时候|时(?!候)|时候|起|开始|以后|之后|就(?!要|快))"
)
_GENERIC = re.compile(r"(?:满|超过|不满|不到|未满|年满|到|过了?|够|大于)$")
_BORN = re.compile(
    r"(?<!\d)(19\d\d|20[012]\d|\d\d)年?(?:的)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:出)?"
    r"生(?!活|病|意|孩|娃|育|的病)|出生(?:于|日期|年月)?(?:是|:)?(19\d\d|20[012]\d)"
)


def _age_candidates(scene: Scene) -> list[tuple[Quantity, str]]:
    found = []
    for q in scene.quantities:
        text = scene.text
        if q.value is None or not 0 < q.value <= 115 or q.per or q.value != int(q.value):
            continue
        after, before = text[q.end : q.end + 4], text[max(0, q.start - 6) : q.start]
        clause = scene.clause_at(q.start)
        if q.unit == "age":
            if _NOT_NOW.match(after) or (
                _GENERIC.search(before) and after.startswith(("能", "可", "的", "老"))
            ):
                continue
            if re.search(r"(?:快|近|将近|奔|[俩两]个?老人|从|在我|在他)(?:我)?$", before) or (
                q.approximate and clause.kind not in ("self", "")
            ):
                continue
            found.append((q, clause.subject))
        elif q.unit == "" and 5 <= q.value <= 110 and not q.approximate:
            own = re.search(
                r"(?:我|俺|本人|他|她)(?:今年|都|已经|也|快|现在|满|过|有|刚|才)*$", before
            )
            said = (
                _AGE_MENTION.search(before)
                and re.match(r"$|[,。;!? 了]", after)
                and not re.search(r"有$", before)
            )
            kin = any(
                k.end == q.start or text[k.end : q.start] in ("今年", "都", "已经", "也")
                for k in scene.kin
            )
            opening = (
                q.start == 0
                and re.match(r"[ ,]", after)
                and scene.asking != "household_size"
                and len(text) > 4
            )
            alone = (
                re.fullmatch(r"(?:今年|都|已经|也)?.{1,4}(?:了|啦|咯)", clause.text.strip())
                and q.value >= 18
            )
            if (
                alone
                and q.start >= clause.start
                and text[q.end : q.end + 1] in "了啦咯"
                and text[q.end : q.end + 1]
            ):
                found.append((q, clause.subject))
                continue
            if q.value < 14 and not (own and re.match(r"$|[,。 妹弟哥姐]", after)):
                continue
            if own or said or (kin and re.match(r"$|[,。;!? 了有]", after)) or opening:
                found.append((q, clause.subject))
    return found


def extract(scene: Scene) -> list[Fact]:
    """The speaker's age, else the only age mentioned; several ages of others give none."""
    fact = _age(scene)
    return [fact] if fact else []


def _age(scene: Scene) -> Fact | None:
    candidates = _age_candidates(scene)
    own = [q for q, subject in candidates if subject == "self"]
    if own:
        chosen = own[0]
    elif candidates and (
        len({q.value for q, _ in candidates}) == 1
        # 七十九了,虚岁八十: one person; 老大8岁老小6岁: two.
        or (
            {s for _, s in candidates} == {""}
            and not re.search(r"[老大小][大二三小幺的]", scene.text)
        )
    ):
        chosen = candidates[0][0]
    else:
        return _born(scene)
    assert chosen.value is not None
    return Fact("age", int(chosen.value), chosen.start, chosen.end)


def _born(scene: Scene) -> Fact | None:
    if scene.today is None:
        return None
    text = re.sub(
        r"[零一二三四五六七八九](?=[零一二三四五六七八九\d]*年)",
        lambda m: str("零一二三四五六七八九".index(m.group())),
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
