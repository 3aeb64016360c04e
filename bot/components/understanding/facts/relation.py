"""For whom the resident speaks when not for himself."""

from __future__ import annotations

import re

from .scene import Fact, Scene

_ON_BEHALF = re.compile(
    r"(?:替|帮|给|为|代|帮忙给|想给|想帮|想替|是给|帮着|关于|反映(?:一下)?)(?:一下|个"
    r"|着)?(?:我们?|俺|咱)?(?:们)?(?:村|楼|院)?(?:家|那个|的|里)?(?:一?个|一?户|一?位"
    r"|这个|那个|有个|远房|隔壁)?$"
)
_ASK_FOR = re.compile(
    r".{0,6}?(?:问|申请|办|报|反映|咨询|打听|填|申报|登记|求|说|登|提|查|弄|写|来问"
    r"|的(?:情况|事)|能不能)"
)
_MATTER = re.compile(r"(?:的)?(?:情况|事情?|困难)(?:想|要)?(?:反映|说|问|帮)")
_NOT_ME = re.compile(
    r"不是(?:我|给我|我自己|我本人)[^,。]*[,。 ]*(?:是|给|帮|替)(?:我|我们|俺)?(?:家|的)?$"
)
_REPORTED = {"parent", "grandparent", "sibling", "inlaw", "relative", "other"}
_SAME = {"同村": "邻居", "老伴": "配偶"}


def extract(scene: Scene, label: str | None) -> list[Fact]:
    """`for_relation`: said outright (替我爸问), or the subject of a report or of a request."""
    for kin in scene.kin:
        before, after = scene.text[: kin.start], scene.text[kin.end :]
        if kin.kind == "child" and not re.search(r"[我俺](?:家)?(?:的)?$", before):
            continue
        said = _ON_BEHALF.search(before) and (_ASK_FOR.match(after) or _MATTER.match(after))
        if (
            said
            or _NOT_ME.search(before)
            or (_MATTER.match(after) and re.search(r"我|俺", before[-2:]))
        ):
            return [Fact("for_relation", _SAME.get(kin.relation, kin.relation), kin.start, kin.end)]
    if label not in {"report_for_other", "start_screening", "self_declare", "ask_other_benefits"}:
        return []
    first = next((clause for clause in scene.clauses if clause.subject), None)
    if first is None or first.kind not in _REPORTED or not scene.clauses:
        return []
    kin_hit = next((k for k in scene.kin if first.start <= k.start < first.end), None)
    if kin_hit is None:
        return []
    leading = scene.text[: kin_hit.start]
    own = re.search(r"(?:我|俺|咱)(?:们)?(?:家|的|那个|屋头|这个)?$", leading)
    if label == "report_for_other":
        return [
            Fact(
                "for_relation", _SAME.get(first.subject, first.subject), kin_hit.start, kin_hit.end
            )
        ]
    speaks_of_self = any(clause.subject == "self" for clause in scene.clauses)
    others = {k.relation for k in scene.kin} - {first.subject}
    if (own and first.start == 0 and not speaks_of_self and not others) or (
        label == "ask_other_benefits" and first.kind == "sibling" and kin_hit.start == 0
    ):
        return [
            Fact(
                "for_relation", _SAME.get(first.subject, first.subject), kin_hit.start, kin_hit.end
            )
        ]
    return []
