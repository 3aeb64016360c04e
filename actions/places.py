"""Finding the place a resident names, down to the township when it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rules import regions
from rules.errors import UnknownRegion

_TOWNSHIP = re.compile(r"([\u4e00-\u9fff]{1,7}?(?:街道|镇|乡|苏木))")
_LEADING = re.compile(r"^(?:的|这边|那边|那里|这里|县|区|市)+")


@dataclass(frozen=True)
class Place:
    """A place in the gazetteer, or several to choose from (`options`: region codes)."""

    code: str
    name: str
    options: tuple[str, ...] = ()


def resolve(text: str, near: str | None = None) -> Place | None:
    """The most exact place named in `text`; `near` (a region code) settles names used twice.

    A township the gazetteer does not know is kept in the name behind its county.
    """
    found = regions.find(text)
    return _settled(found, near, text) if found else None


def resolve_heard(values: list[Any], near: str | None) -> Place | None:
    """What the recogniser found in a message: names, or a list of the places a name may mean."""
    if len(values) == 1 and isinstance(values[0], list):
        meant = [place for name in values[0] for place in regions.find(str(name))[:1]]
        return _settled(meant, near, "") if meant else None
    named = [str(value) for value in values if not isinstance(value, list)]
    if not named:
        return None
    found = resolve("".join(named) if len(named) < 4 else named[-1], near)
    return resolve(named[-1], near) if found is None else found


def _settled(found: list[regions.Region], near: str | None, text: str) -> Place:
    if len(found) > 1 and near is not None:
        shared = [_shared_layers(region.code, near) for region in found]
        found = [region for region, n in zip(found, shared, strict=True) if n == max(shared)]
    if len(found) > 1:
        return Place("", "", tuple(region.code for region in found))
    region = found[0]
    name = region.full_name
    if region.level == "county":
        name += _township_behind(text, region)
    elif region.level == "township" and text.startswith(name):
        name = text  # 新政村二组 behind it: said once, it is not asked for again
    return Place(region.code, name)


def choose(options: list[str], said: Place) -> Place | None:
    """江津的 after 白沙镇: the option that lies there; None when not just one does."""
    inside = [code for code in options if said.code in regions.layers(code)]
    return Place(inside[0], regions.region(inside[0]).full_name) if len(inside) == 1 else None


def named(code: str) -> Place:
    """The place of a region code."""
    return Place(code, regions.region(code).full_name)


def is_coarse(code: str | None) -> bool:
    """Is only a province or prefecture known? Standards and desks are the county's."""
    if code is None:
        return False
    try:
        return regions.region(code).level in {"nation", "province", "prefecture"}
    except UnknownRegion:
        return True


def _shared_layers(code: str, near: str) -> int:
    """How many divisions hold both places, the nation among them."""
    return len(set(regions.layers(code)) & set(regions.layers(near)))


def _township_behind(text: str, region: regions.Region) -> str:
    """拔山新镇 in 忠县拔山新镇, when the gazetteer has the county but not that township."""
    flat = re.sub(r"\s+", "", text)
    for word in sorted((region.full_name, region.name, *region.aliases), key=len, reverse=True):
        position = flat.find(word)
        if position < 0:
            continue
        found = _TOWNSHIP.match(_LEADING.sub("", flat[position + len(word) :]))
        return found[1] if found else ""
    return ""


def coarser(code: str | None, known: str) -> bool:
    """A province or city, elsewhere or the very one, while a place inside it is known."""
    if code is None or code == known:
        return False
    elsewhere = len(code) == 6 and code.endswith("00") and code[:2] != known[:2]
    return elsewhere or code in regions.layers(known)
