"""Administrative area codes as prefixes: who lies inside whom.

Codes are GB/T 2260 (six digits) or statistical codes of nine or twelve digits. Trailing zero pairs
mean "the whole of": 350000 covers everything from "35", 100000 the country. An area is compared as
a string range, so one index serves every level.
"""

from __future__ import annotations

import re

from rules import regions
from rules.errors import UnknownRegion

NATION = "100000"
_CODE = re.compile(r"\d{6}(?:\d{3}|\d{6})?", re.ASCII)


def is_area_code(code: object) -> bool:
    """Whether `code` has the shape of an area code."""
    return isinstance(code, str) and _CODE.fullmatch(code) is not None


def prefix(code: str) -> str:
    """The significant digits: 350000 → "35", 350503 → itself, 100000 → "". May raise ValueError."""
    if not is_area_code(code):
        raise ValueError("not an area code")
    if code[:6] == NATION:
        return ""
    for end in (2, 4):
        if set(code[end:]) == {"0"}:
            return code[:end]
    if set(code[6:]) <= {"0"}:
        return code[:6]
    return code[:9] if set(code[9:]) <= {"0"} else code


def whole(code: str) -> str:
    """The six-digit code of an area at county level or above: 5001 → 500100, "" → 100000."""
    head = prefix(code)[:6]
    return head.ljust(6, "0") if head else NATION


def bounds(code: str) -> tuple[str, str]:
    """Half-open string range [low, high) of every code inside `code`."""
    head = prefix(code)
    return head or "0", head + "Z"  # digits sort before "Z" in every collation


def contains(outer: str, inner: str) -> bool:
    """Whether area `inner` lies inside `outer` (an area contains itself)."""
    low, high = bounds(outer)
    return low <= inner < high


def county_of(code: str) -> str | None:
    """The six-digit county of a code, None when the code is only a city, province or the nation."""
    return code[:6] if len(prefix(code)) >= 6 else None


def township_of(code: str) -> str | None:
    """The township code (nine digits or more) when the code is that specific."""
    return code if len(prefix(code)) >= 9 else None


def ancestors(code: str) -> tuple[str, ...]:
    """Strictly larger areas, nearest first: 500233101 → (500233, 500200, 500000, 100000)."""
    head = prefix(code)
    found = [head[:length].ljust(6, "0") for length in (6, 4, 2) if len(head) > length]
    if head:
        found.append(NATION)
    return tuple(found)


def name(code: str) -> str:
    """The official full name; an unknown code answers with the nearest known larger area."""
    if prefix(code) == "":
        return "待定地区"
    for candidate in (code, *ancestors(code)):
        try:
            return regions.region(candidate).full_name
        except UnknownRegion:
            continue
    return code
