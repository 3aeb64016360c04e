"""Administrative divisions and their layers, from GB/T 2260 codes.

The gazetteer is `places.csv` and `townships.csv` in `data/nlu/lookups`, the same files the
recogniser uses. A township has the county's six digits and three of its own (GB/T 10114, as the
statistical bureau numbers them). 100000 stands for the nation; GB/T 2260 has no code for it.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rules.errors import AmbiguousRegion, UnknownRegion

NATION = "100000"
LOOKUPS = Path(__file__).resolve().parents[1] / "data" / "nlu" / "lookups"
_CODE = re.compile(r"\d{6}(?:T\d{2}|\d{3}|\d{6})?", re.ASCII)
_KIND = re.compile(r"(?:自治县|自治州|街道|地区|新区|苏木|[省市区县旗州盟镇乡])$")
_FILLER = re.compile(r"^(?:我们?|俺|家|是|在|住|户口)+|(?:的|人|这边|那边|这里|那里)+$")
_LEVELS = ("nation", "province", "prefecture", "county", "township")


@dataclass(frozen=True, slots=True)
class Region:
    """One division; `level` is nation, province, prefecture, county or township."""

    code: str
    name: str
    full_name: str
    level: str
    parent: str | None
    aliases: tuple[str, ...] = ()


def _rows(name: str) -> list[dict[str, str]]:
    with (LOOKUPS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _aliases(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, row["aliases"].split(";")))


@cache
def _places() -> dict[str, Region]:
    places = {NATION: Region(NATION, "全国", "全国", "nation", None)}
    for row in _rows("places.csv"):
        places[row["code"]] = Region(
            code=row["code"],
            name=row["name"],
            full_name=row["full_name"],
            level=row["level"],
            parent=row["parent_code"] or (None if row["code"] == NATION else NATION),
            aliases=_aliases(row),
        )
    for row in _rows("townships.csv"):
        county = places[row["code"][:6]]
        full_name = county.full_name + row["name"]
        places[row["code"]] = Region(
            row["code"], row["name"], full_name, "township", county.code, _aliases(row)
        )
    return places


def region(code: str) -> Region:
    """The division with this code; twelve digits as the statistical bureau writes are taken too.

    Raises UnknownRegion.
    """
    try:
        return _places()[_shortened(code)]
    except KeyError:
        raise UnknownRegion(code) from None


def _shortened(code: str) -> str:
    """500233116000, the township as a whole, is 500233116."""
    return code[:9] if len(code) == 12 and code.endswith("000") else code


@lru_cache(maxsize=4096)
def layers(code: str) -> tuple[str, ...]:
    """Codes from the division itself up to the nation, nearest first.

    A six-digit code the gazetteer does not list is placed by its prefix, as GB/T 2260 builds codes
    (two digits province, four prefecture), as long as its province is listed. Raises UnknownRegion.
    """
    places = _places()
    code = _shortened(code)
    chain: list[str] = []
    if code in places:
        here: str | None = code
        while here is not None:
            chain.append(here)
            here = places[here].parent
        return tuple(chain)
    base = code[:6]
    province = base[:2] + "0000"
    if not _CODE.fullmatch(code) or province not in places or base == province:
        raise UnknownRegion(code)
    prefecture = base[:4] + "00"
    for candidate in (base, prefecture, province):
        if candidate in places and candidate not in chain:
            chain.append(candidate)
    return (*chain, *([NATION] if NATION not in chain else []))


def within(code: str | None, *ancestors: str) -> bool:
    """Whether the division lies in one of the ancestors (or is one)."""
    return code is not None and any(layer in ancestors for layer in layers(code))


@cache
def _spoken() -> dict[str, dict[int, dict[str, tuple[str, ...]]]]:
    """Codes by every way a division is named: first character → length → word."""
    codes: dict[str, set[str]] = {}
    for place in _places().values():
        for word in (place.name, place.full_name, *place.aliases):
            codes.setdefault(word, set()).add(place.code)
    spoken: dict[str, dict[int, dict[str, tuple[str, ...]]]] = {}
    for word, named in codes.items():
        by_length = spoken.setdefault(word[0], {})
        by_length.setdefault(len(word), {})[word] = tuple(sorted(named))
    return spoken


@cache
def _short() -> dict[str, tuple[str, ...]]:
    """Names without their kind of division (南开 for 南开区), where the gazetteer lists none."""
    found: dict[str, set[str]] = {}
    for place in _places().values():
        bare = _KIND.sub("", place.name)
        if place.level in ("prefecture", "county", "township") and len(bare) >= 2:
            found.setdefault(bare, set()).add(place.code)
    return {bare: tuple(sorted(codes)) for bare, codes in found.items()}


def at_level(level: str) -> list[Region]:
    """All listed divisions of one level, in the order of the gazetteer."""
    return [place for place in _places().values() if place.level == level]


def named(text: str) -> str:
    """The code of one place given by code or by name. Raises UnknownRegion, AmbiguousRegion."""
    place = text.strip()
    if place[:1].isdigit():
        layers(place)
        return place
    found = find(place)
    if len(found) > 1:
        raise AmbiguousRegion(place, [(one.full_name, one.code) for one in found])
    if not found:
        raise UnknownRegion(place)
    return found[0].code


def taken_for(code: str) -> str:
    """What to say of a code whose county is not listed: by whose rules it goes; "" for others."""
    if code in _places() or code[:6] in _places():
        return ""
    return f"名录里没有{code}这个地方，按{_places()[layers(code)[0]].full_name}的规定算"


def find(name: str) -> list[Region]:
    """Divisions named in the text, the most specific and best supported first; [] when none is.

    "重庆忠县拔山镇" gives the township alone; "忠县" every division of that name. A name shared by
    a division and one inside it means the larger: 丰泽 is the district, not its street. Several
    results mean that the resident has to say which.
    """
    text = re.sub(r"\s+", "", name)
    hits = _hits(text)
    hits |= _bare_hits(text, hits)
    if not hits:
        return []
    places = _places()

    def support(code: str) -> tuple[int, int]:
        """How many letters of the text the division and its ancestors explain, then its depth."""
        chain = layers(code)
        return sum(hits.get(c, 0) for c in chain), _LEVELS.index(places[code].level)

    ancestors = {c for code in hits for c in layers(code)[1:]}
    leaves = [code for code in hits if code not in ancestors]
    best = max(support(code)[0] for code in leaves)
    kept = [code for code in leaves if support(code)[0] == best]
    return [places[c] for c in sorted(kept, key=lambda c: (-support(c)[1], c))]


def _hits(text: str) -> dict[str, int]:
    """Code → letters of its longest name in the text."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for start, first in enumerate(text):
        for length, words in _spoken().get(first, {}).items():
            for code in words.get(text[start : start + length], ()):
                spans.setdefault(code, []).append((start, start + length))
    spans.pop(NATION, None)
    return {code: max(end - start for start, end in own) for code, own in spans.items()}


def _bare_hits(text: str, hits: dict[str, int]) -> dict[str, int]:
    """What is left of the text beside the divisions found, read as a name without its kind."""
    places = _places()
    rest = text
    words = {w for c in hits for w in (places[c].full_name, places[c].name, *places[c].aliases)}
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    codes = _short().get(_FILLER.sub("", rest), ())
    inside = [code for code in codes if not hits or set(layers(code)) & hits.keys()]
    # 重庆江北 is the district, not one of the townships called so.
    top = min((_LEVELS.index(places[code].level) for code in inside), default=0)
    largest = [code for code in inside if _LEVELS.index(places[code].level) == top]
    return {code: len(rest) for code in largest if code not in hits}
