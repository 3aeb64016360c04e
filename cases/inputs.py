"""What staff type into a form, checked before a step is taken."""

from __future__ import annotations

from foundation import text
from rules import regions

from . import areas
from .errors import BadInput

#: Characters of a reason somebody can follow.
MIN_REASON = 4


def words(field: str, value: str | None, least: int = 1, most: int = 2000) -> str:
    """A cleaned text argument. Raises BadInput with a reason in Chinese."""
    try:
        cleaned = text.clean(value or "", most)
    except text.BadText as bad:
        raise BadInput(field, bad.reason_zh if value else "请填写内容") from None
    if len(cleaned) < least:
        raise BadInput(field, f"请写清楚一些，至少 {least} 个字")
    return cleaned


def place_named(field: str, given: str, *, wide: bool = False, near: str | None = None) -> str:
    """The code of a county or township given by code or name; `wide` takes larger areas too.

    Of several of one name the one inside `near`, a worker's area, is meant. Raises BadInput (none,
    several).
    """

    def fits(code: str) -> bool:
        return wide or areas.county_of(code) is not None

    if areas.is_area_code(given) and fits(given):
        return given
    found = [place for place in regions.find(given.strip()[:40]) if fits(place.code)]
    if near is not None:
        found = [place for place in found if areas.contains(near, place.code)] or found
    if len(found) == 1:
        return found[0].code
    if found:
        several = "、".join(place.full_name for place in found[:4])
        raise BadInput(field, f"有好几个地方叫这个名字，请写全：{several}")
    raise BadInput(field, "没有找到这个地方，请写到县（区）或乡镇")


def area_named(given: str, own: str) -> str:
    """The area of a report or a list: one's own, or what is named by code or name. May BadInput."""
    wanted = given.strip()[:40]
    if not areas.is_area_code(own):
        raise BadInput("area", "您的账号没有地区")
    if wanted in ("", own, areas.name(own)):
        return own
    return place_named("area", wanted, wide=True, near=own)
