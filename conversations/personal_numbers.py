"""Finds the numbers in a message that could identify somebody. Pure; knows no database.

Kept apart from amounts, years, dates and our own receipts, which the dialogue needs. When in doubt
a number counts as personal: asking again costs a sentence, a leaked number cannot be taken back.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from conversations.number_forms import (
    Found,
    Kind,
    has_luhn_check,
    is_day_or_file_number,
    is_id_number,
    is_mobile,
    is_old_id_number,
    looks_like_id18,
)


@dataclass(frozen=True)
class _Group:
    """Digits of one script without anything between them."""

    start: int
    end: int
    digits: str


_CHINESE = dict(zip("零〇○一二三四五六七八九", "000123456789", strict=True))
_CHINESE |= dict(zip("幺壹贰叁肆伍陆柒捌玖", "1123456789", strict=True))
_CHINESE_DIGITS = "".join(_CHINESE)
_GROUP = re.compile(rf"\d+|[{_CHINESE_DIGITS}]+|[\u2460-\u2468\u24ea]+")
# what people put between the parts of one number
_DASHES = r"\-\u2010-\u2015\u2212\uff0d_~\u30fc"
_BLANKS = r" \t\u00a0\u3000"
_SEPARATOR = re.compile(
    rf"[{_BLANKS}]{{0,2}}(?:[{_DASHES}./()（）·]{{0,2}}|[,，、])[{_BLANKS}]{{0,2}}"
)
_COMMA = re.compile("[,，、]")
_COUNTRY = re.compile(r"(?:\+?\s?|00)86")
_CHECK_X = re.compile(rf"[{_BLANKS}{_DASHES}]?([xXＸｘ×])(?![0-9A-Za-z])")
_RECEIPT_PREFIX = re.compile(r"[wWＷｗ][zZＺｚ][\s:：\-]{0,2}$")
_MONEY_AFTER = re.compile(r"(?:\.\d{1,2})?\s*(?:元|块|圆|万|亿|人民币|[wWkK](?![a-zA-Z])|RMB|rmb)")
_MONEY_BEFORE = re.compile(r"(?:[¥￥$]|RMB|rmb|人民币)\s*$")
_ROUND = re.compile(r"[1-9]\d{0,3}0{5,}")
_MIXED = re.compile(r"[0-9A-Za-z*＊×✱•●?？#\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]{8,}")
_MIXED_RECEIPT = re.compile(r"[wWＷｗ][zZＺｚ]\d{1,14}", re.ASCII)
_FILE_NUMBER = re.compile(r"[A-Za-z]{1,4}(\d{8,14})")
_PHONE_GROUPINGS = {(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5)}
_SHORTEST = 8
_LONGEST_IN_PARTS = 23


def find(text: str) -> list[Found]:
    """All personal numbers in `text`, in order, never overlapping.

    Sees through spaces, dashes, dots, full-width and Chinese digits (幺三八…), a country code, and
    masks or letters in between (138****5678, 138oo138000).
    """
    found: list[Found] = []
    for chain in _chains(text):
        found += _find_in_chain(text, chain)
    found += _find_mixed(text, found)
    return sorted(found, key=lambda item: item.start)


def _chains(text: str) -> list[list[_Group]]:
    """Groups of digits with nothing but separators between them."""
    chains: list[list[_Group]] = []
    for match in _GROUP.finditer(text):
        group = _Group(match.start(), match.end(), _ascii_digits(match[0]))
        between = text[chains[-1][-1].end : group.start] if chains else None
        if between is not None and _SEPARATOR.fullmatch(between):
            chains[-1].append(group)
        else:
            chains.append([group])
    return chains


def _find_in_chain(text: str, chain: Sequence[_Group]) -> list[Found]:
    found: list[Found] = []
    alone = [_valid(text, [group]) for group in chain]
    loose: list[_Group] = []  # neighbours that made no valid number yet

    def flush() -> None:
        found.extend(_find_mistyped(text, loose))
        loose.clear()

    index = 0
    while index < len(chain):
        best: tuple[int, Found] | None = None
        if (single := alone[index]) is not None:
            best = (index + 1, single)
        else:
            total = 0
            for stop in range(index, len(chain)):
                total += len(chain[stop].digits)
                if alone[stop] is not None or total > _LONGEST_IN_PARTS:
                    break
                parts = chain[index : stop + 1]
                if stop > index and (together := _valid(text, parts)) is not None:
                    best = (stop + 1, together)
                    if together.kind in (Kind.PHONE, Kind.ID):
                        break  # these have one length; a card may be one group longer
        if best is None:
            loose.append(chain[index])
            index += 1
            continue
        flush()
        index, item = best
        found.append(item)
    flush()
    return found


def _valid(text: str, parts: Sequence[_Group]) -> Found | None:
    """The phone, ID or card number that exactly these groups make."""
    digits = "".join(part.digits for part in parts)
    start, end = parts[0].start, parts[-1].end
    phone = _phone(text, parts, digits)
    if phone is not None:
        return phone
    if len(digits) == 17 and (check := _CHECK_X.match(text, end)) and is_id_number(f"{digits}X"):
        return Found(start, check.end(), Kind.ID, f"{digits}X")
    if is_id_number(digits) or (len(parts) == 1 and is_old_id_number(digits)):
        return Found(start, end, Kind.ID, digits)
    if looks_like_id18(digits) and not (len(parts) > 1 and _are_round(text, parts)):
        # a slip in one digit
        check = _CHECK_X.match(text, end) if len(digits) == 17 else None
        return _num(text, start, check.end() if check else end)
    if 16 <= len(digits) <= 19:
        sure = has_luhn_check(digits) or (
            _is_card_grouping(parts) and not _are_amounts(text, parts)
        )
        if len(parts) > 1 and (_are_round(text, parts) or not sure):
            return None
        return Found(start, end, Kind.CARD, digits)
    return None


def _phone(text: str, parts: Sequence[_Group], digits: str) -> Found | None:
    start, end = parts[0].start, parts[-1].end
    bare = digits
    if len(digits) in (13, 15) and (country := _COUNTRY.match(digits)):
        bare = digits[country.end() :]
        start -= text[:start].endswith(("+", "＋"))
    elif len(digits) == 12 and digits[0] == "0" and not has_luhn_check(digits):
        bare = digits[1:]  # dialled with the trunk prefix
    if not is_mobile(bare):
        return None
    grouping = tuple(len(part.digits) for part in parts)
    usual = grouping in _PHONE_GROUPINGS and not _COMMA.search(text, parts[0].end, end)
    if not usual and len(parts) > 1 and _are_round(text, parts):
        return None
    return Found(start, end, Kind.PHONE, bare)


def _find_mistyped(text: str, groups: Sequence[_Group]) -> list[Found]:
    """Long numbers among groups that made nothing valid."""
    found: list[Found] = []
    run: list[_Group] = []

    def flush() -> None:
        if len(run) > 1 and _is_broken_number(text, run):
            found.append(_num(text, run[0].start, run[-1].end))
        run.clear()

    def area_code(group: _Group) -> int:
        """Where 010-12345678 begins: a landline keeps its area code."""
        near = groups[: groups.index(group)][-1:]
        if near and re.fullmatch(r"0\d{2,3}", near[0].digits) and near[0].end + 1 >= group.start:
            return near[0].start
        return group.start

    for group in groups:
        if len(group.digits) >= _SHORTEST:
            flush()
            if not _is_harmless(text, group):
                found.append(_num(text, area_code(group), group.end))
        else:
            run.append(group)
    flush()
    return found


def _is_harmless(text: str, group: _Group) -> bool:
    """A long number that is a receipt, a day, or money."""
    digits = group.digits
    if len(digits) == 12 and has_luhn_check(digits):
        return True
    if _RECEIPT_PREFIX.search(text, max(0, group.start - 5), group.start) and len(digits) <= 14:
        return True
    if looks_like_id18(digits):
        return False
    if is_day_or_file_number(digits):
        return True
    if _ROUND.fullmatch(digits):
        return True
    is_money = _MONEY_AFTER.match(text, group.end) or _MONEY_BEFORE.search(
        text[max(0, group.start - 6) : group.start]
    )
    return len(digits) <= 9 and is_money is not None


def _is_broken_number(text: str, parts: Sequence[_Group]) -> bool:
    """Whether short groups together look like a phone, ID or card number with a slip in it."""
    lengths = [len(part.digits) for part in parts]
    digits = "".join(part.digits for part in parts)
    if len(digits) < _SHORTEST:
        return False
    if _RECEIPT_PREFIX.search(text, max(0, parts[0].start - 5), parts[0].start):
        return False
    if len(digits) == 12 and has_luhn_check(digits):
        return False
    between = {text[left.end : right.start].strip() for left, right in pairwise(parts)}
    if max(lengths) == 1:  # 1 3 8 0 0 1 3 8 0 0, but not 1、2、3、4、5、6、7、8
        return not _COMMA.search("".join(between))
    if len(parts) == 2 and between == {"."} and lengths[1] <= 2:  # 1500000.00
        return False
    if _are_days(parts) or _are_amounts(text, parts):
        return False
    first = parts[0].digits
    if len(digits) >= 15:
        return True
    if re.match(r"1[3-9]", first) and len(first) in (3, 7) and 9 <= len(digits) <= 13:
        return True
    # a landline: 0593-2712345
    return first[0] == "0" and len(first) in (3, 4) and 10 <= len(digits) <= 12


def _find_mixed(text: str, found: Sequence[Found]) -> list[Found]:
    """Numbers with letters or masks in them: 138****5678, l380013800o."""
    taken = [(item.start, item.end) for item in found]
    mixed = []
    for match in _MIXED.finditer(text):
        start, end = match.span()
        while text[end - 1] in "?？#":  # the end of a question
            end -= 1
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        token = unicodedata.normalize("NFKC", text[start:end])
        digits = sum(character.isdigit() for character in token)
        letters = re.sub(r"[0-9*×✱•●?#xXoOlI]", "", token)
        if digits == len(token) or digits < 6 or len(token) < _SHORTEST or len(letters) > 3:
            continue
        if _MIXED_RECEIPT.fullmatch(token) or _MONEY_AFTER.match(text, end):
            continue
        if (file := _FILE_NUMBER.fullmatch(token)) and is_day_or_file_number(file[1]):
            continue
        if re.fullmatch(r"[\d.]+(?:[wWkK]|元|RMB|rmb)", token):
            continue
        mixed.append(_num(text, start, end))
    return mixed


def _num(text: str, start: int, end: int) -> Found:
    typed = unicodedata.normalize("NFKC", text[start:end])
    value = "".join(
        _CHINESE.get(character, character)
        for character in typed
        if character.isalnum() or character in "*×✱•●?#"
    )
    return Found(start, end, Kind.NUM, value)


def _are_days(parts: Sequence[_Group]) -> bool:
    """2025-05-11, or several such days or months in a row."""
    rest = [part.digits for part in parts]
    while rest:
        if not re.fullmatch(r"(?:19|20)\d\d", rest[0]):
            return False
        rest = rest[1:]
        for limit in (12, 31):
            if rest and len(rest[0]) <= 2 and 1 <= int(rest[0]) <= limit:
                rest = rest[1:]
    return True


def _are_amounts(text: str, parts: Sequence[_Group]) -> bool:
    """Several amounts or years in a row (1500 2000 3000), a range, or a number with thousands."""
    digits = [part.digits for part in parts]
    if _has_thousands(text, parts):
        return True
    if any(group[0] == "0" or len(group) > 7 for group in digits):
        return False
    return sum(group.endswith("00") or _is_year(group) for group in digits) * 2 >= len(digits)


def _are_round(text: str, parts: Sequence[_Group]) -> bool:
    """As `_are_amounts`, but sure: nothing in it that an amount would not have."""
    digits = [part.digits for part in parts]
    if _has_thousands(text, parts):
        return True
    if any(group[0] == "0" or len(group) > 7 for group in digits):
        return False
    tail = "00" if len(digits) == 2 else "0"
    return any(group.endswith("00") for group in digits) and all(
        group.endswith(tail) or _is_year(group) for group in digits
    )


def _has_thousands(text: str, parts: Sequence[_Group]) -> bool:
    """1,380,000"""
    between = {text[left.end : right.start] for left, right in pairwise(parts)}
    first, *others = [part.digits for part in parts]
    return (
        between <= {",", "，"}
        and all(len(group) == 3 for group in others)
        and len(first) <= 3
        and first[0] != "0"
    )


def _is_year(digits: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", digits) is not None


def _is_card_grouping(parts: Sequence[_Group]) -> bool:
    lengths = [len(part.digits) for part in parts]
    return all(length == 4 for length in lengths[:-1]) or max(lengths) == 1 or len(parts) == 2


def _ascii_digits(typed: str) -> str:
    return "".join(_CHINESE.get(mark) or str(unicodedata.digit(mark)) for mark in typed)
