"""The region a message speaks of."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ..places import Gazetteer, PlaceHit
from .scene import Fact, Scene

_DENIED = re.compile(r"不(?:是|在|住)(?:在|说)?$")
_TAKEN_BACK = re.compile(r"不是|不对|错了|写错|说错|更正|改成|应该是")
_KIND_OF_PLACE = re.compile(
    r"^(?:我们?家?|俺|屋头|都)?是?(?:农村|乡下|乡里|城里|城镇|城市|镇上|街上"
    r"|村里)(?:户口|户籍|的|人|户)*[嘛吧呀啊了。,]*$"
)


def extract(scene: Scene, gazetteer: Gazetteer) -> list[Fact]:
    """Deepest place of the message; a list of full names when the name is ambiguous."""
    asked = scene.asking == "region"
    found = _where_now(scene.text, gazetteer.find(scene.text, asked))
    hits = [hit for hit in found if asked or not hit.elsewhere]
    hits = [hit for hit in hits if not _is_part_of_other(scene, hit.start, hit.end)]
    hits = [hit for hit in hits if not _in_name(scene.text, hit.start)]
    hits = [hit for hit in hits if asked or not _of_another(scene, hit.start)]
    hits = _of_needed(scene, hits)
    hits = _after_correction(scene.text, hits)
    hits = _lived_in(scene.text, hits)
    if hits:
        best = max(
            hits, key=lambda hit: (len(hit.places) == 1, _depth(hit.places[0].level), -hit.start)
        )
        return [Fact("region", best.value, best.start, best.end)]
    if _KIND_OF_PLACE.match(scene.text):
        return []  # 农村户口 tells the kind of household register, not where they live
    loose = gazetteer.unlisted(scene.text, asked)
    return [Fact("region", loose.value, loose.start, loose.end)] if loose else []


_HOME = re.compile(r"老家|家在|家住|户口|我家|俺家|一起")


def _of_another(scene: Scene, at: int) -> bool:
    """二儿子在广东, 老公是河南的: where a relative is whom nobody asks about."""
    clause = scene.clause_at(at)
    if clause.kind not in {"child", "spouse", "sibling", "parent", "inlaw", "relative"}:
        return False
    named = any(clause.start <= k.start < at for k in scene.kin)
    needed = scene.need is not None and scene.need.relation == clause.subject
    return named and not needed and not _HOME.search(clause.text[: at - clause.start + 1])


def _of_needed(scene: Scene, hits: list[PlaceHit]) -> list[PlaceHit]:
    """我舅在安徽, 我在南京: the place of the one asked for, when both are told."""
    if scene.need is None:
        return hits
    wanted = [h for h in hits if scene.clause_at(h.start).subject == scene.need.relation]
    own = [h for h in hits if scene.clause_at(h.start).subject == "self"]
    return wanted if wanted and own else hits


def present(scene: Scene, gazetteer: Gazetteer) -> Fact | None:
    """户口在布拖县,人在晋江打工: in danger help is needed where somebody is now."""
    here = [hit for hit in gazetteer.find(scene.text) if hit.here and len(hit.places) == 1]
    return Fact("region", here[-1].value, here[-1].start, here[-1].end) if here else None


def _after_correction(text: str, hits: list[PlaceHit]) -> list[PlaceHit]:
    """云阳县的 不是 是奉节县: what is said after taking it back; 不是忠县: never that one."""
    hits = [hit for hit in hits if not _DENIED.search(text, 0, hit.start)] or hits
    for first, later in pairwise(hits):
        if _TAKEN_BACK.search(text, first.end, later.start):
            return [hit for hit in hits if hit.start >= later.start]
    return hits


# 我是河南过来的, 河南人: where somebody hails from.
_HAILS_FROM = re.compile(
    r"(?:那边|那里)?(?:过来|出来|来|嫁过来|嫁来)的|(?:那边的?)?人(?=$|[,。;!? 在])"
)


def _where_now(text: str, hits: list[PlaceHit]) -> list[PlaceHit]:
    """俺是河南过来的,在天津南开打工: help is asked for where somebody is, and works."""
    here = [hit for hit in hits if hit.here and not _HAILS_FROM.match(text, hit.end)]
    # 俺是河南的在天津宝坻打工: only a province against a county with what is done there
    nearer = any(_depth(hit.places[0].level) >= _COUNTY for hit in here)
    come = [
        hit
        for hit in hits
        if _HAILS_FROM.match(text, hit.end)
        or (nearer and hit not in here and hit.places[0].level == "province")
    ]
    return [replace(hit, elsewhere=False) for hit in here] if come and here else hits


_COUNTY = 2
_REGISTERED = re.compile(r"(?:户口|户籍|老家|家)(?:是|在|还在|都在)+$")
_LIVED_IN = re.compile(r"(?:住在?|租在|人在|现在在)(?:的是)?$")


def _lived_in(text: str, hits: list[PlaceHit]) -> list[PlaceHit]:
    """户口在乌兰浩特,现在住天津南开区: where they live, when both are told."""
    registered = [hit for hit in hits if _REGISTERED.search(text[: hit.start])]
    lived = [hit for hit in hits if _LIVED_IN.search(text[: hit.start])]
    return lived if registered and lived else hits


def _in_name(text: str, at: int) -> bool:
    """我叫阿木里 holds no place."""
    return bool(re.search(r"(?:我叫|名叫|名字叫?|姓名:?|叫)[\u4e00-\u9fff]{0,2}$", text[:at]))


def _depth(level: str) -> int:
    return ("province", "prefecture", "county", "township").index(level)


def _is_part_of_other(scene: Scene, start: int, end: int) -> bool:
    return any(h.start <= start and end <= h.end for h in scene.programmes)
