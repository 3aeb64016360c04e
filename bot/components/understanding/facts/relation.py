"""For whom the resident speaks when not for himself."""

from __future__ import annotations

import re

from ..need import Need
from .scene import Fact, Scene

#: Outside the speaker's own household these are reported, inside it they are asked for.
_REPORTED = {"parent", "grandparent", "sibling", "inlaw", "relative", "other"}
_INNER = {"child", "spouse", "inlaw", "grandchild", "parent"}
_SAME = {"同村": "邻居", "老伴": "配偶"}
_LIVES_NEAR = re.compile(
    r"(?:(?P<village>[村屯寨组湾队]里?)|(?:社区|小区|楼|院)里?)(?:的|有个?|一个|那个|老)*[\u4e00-\u9fff]?(?:大爷|大娘|大妈|大叔|大婶|阿姨|奶奶|爷爷|婆婆|老汉|老头|老太|师傅|某)"
)
_DOING = {"start_screening", "self_declare", "report_for_other"}
# A rule question is for a relative only when it says 我爸, 俺闺女 outright.
_OURS = re.compile(r"(?:我|俺|咱|阮)(?:们)?(?:家)?(?:的|那个|屋头|这个)?$")

# 不是我的阿嬷,是厝边
_NOT_OURS = re.compile(r"[不毋]是(?:我|俺|咱|阮)(?:们)?(?:家)?(?:的|亲)?$")


def extract(scene: Scene, label: str | None) -> list[Fact]:
    """`for_relation`: said outright (替我爸问), or the one a request or a report is about."""
    need = scene.need
    if label == "report_for_other" and (need is None or (need.kind in _INNER and not need.said)):
        # 隔壁老头,儿子不管他: the neighbour is meant, not the neighbour's son.
        return _reported(scene)
    if need is not None and need.kind == "other" and not need.said and label != "report_for_other":
        return []
    if need is not None and (label in _DOING or _is_plain(scene, need, label)):
        return [_fact(need.relation, need.start, need.end)]
    if label == "ask_other_benefits" and scene.kin and scene.kin[0].start == 0:
        first = scene.kin[0]
        if first.kind == "sibling":
            return [_fact(first.relation, first.start, first.end)]
    return []


def _is_plain(scene: Scene, need: Need, label: str | None) -> bool:
    if label == "crisis_emergency" or not need.said:
        return False
    return need.kind != "child" or bool(_OURS.search(scene.text[: need.start]))


def _reported(scene: Scene) -> list[Fact]:
    """The subject of a report: the first relative or neighbour a clause speaks of."""
    first = next((clause for clause in scene.clauses if clause.subject), None)
    if first is None or first.kind not in _REPORTED:
        named = next((k for k in scene.kin if k.kind == "other"), None)
        where = _LIVES_NEAR.search(scene.text)
        if named is None and where:  # 村里王大爷: known by where he lives
            return [_fact("同村" if where.group("village") else "邻居", *where.span())]
        if named is None and scene.need is not None and scene.need.said:
            return [_fact(scene.need.relation, scene.need.start, scene.need.end)]
        return [_fact(named.relation, named.start, named.end)] if named else []
    hit = next((k for k in scene.kin if first.start <= k.start < first.end), None)
    if hit and _NOT_OURS.search(scene.text[: hit.start]):
        return []
    if hit and re.search(r"(?:他|她|其|娃|孩子|人家)(?:的)?$", scene.text[: hit.start]):
        return []  # 住的是他爹留下的房: the man himself is reported
    return [_fact(first.subject, hit.start, hit.end)] if hit else []


def _fact(relation: str, start: int, end: int) -> Fact:
    return Fact("for_relation", _SAME.get(relation, relation), start, end)
