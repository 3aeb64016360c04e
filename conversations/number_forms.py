"""What one run of digits can be: a mobile number, a citizen number, a card, a day. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a number is. NUM is a long number that is none of the others, often a mistyped one."""

    PHONE = "PHONE"  # a valid mainland mobile number
    ID = "ID"  # a valid 18-digit citizen number, or a plausible 15-digit one
    CARD = "CARD"  # 16 to 19 digits, as on bank cards
    NUM = "NUM"


@dataclass(frozen=True)
class Found:
    """`text[start:end]` is the number as typed; `value` has ASCII digits and no separators."""

    start: int
    end: int
    kind: Kind
    value: str


_MOBILE = re.compile(r"1[3-9]\d{9}")
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_mobile(digits: str) -> bool:
    """A mainland mobile number: eleven ASCII digits from 13 to 19."""
    return digits.isascii() and _MOBILE.fullmatch(digits) is not None


def is_id_number(number: str) -> bool:
    """An 18-character citizen number with a known province, a real birth date and its check digit
    (GB 11643). Upper-case X only.
    """
    if len(number) != 18 or not looks_like_id18(number[:17]):
        return False
    weighted = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return "10X98765432"[weighted % 11] == number[17]


def is_old_id_number(number: str) -> bool:
    """A plausible 15-digit citizen number (issued until 1999; it has no check digit)."""
    return (
        len(number) == 15
        and number.isascii()
        and number.isdigit()
        and _PROVINCE.match(number) is not None
        and is_day(f"19{number[6:12]}")
    )


def has_luhn_check(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def looks_like_id18(digits: str) -> bool:
    """17 or more digits that begin as a citizen number does, whatever the check digit says."""
    return (
        len(digits) in (17, 18)
        and digits[:17].isascii()
        and digits[:17].isdigit()
        and _PROVINCE.match(digits) is not None
        and digits[6:8] in ("18", "19", "20")
        and is_day(digits[6:14])
    )


def is_day(digits: str) -> bool:
    """Eight digits that are a date somebody may have been born on or write a letter on."""
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100
    except ValueError:
        return False


def is_day_or_file_number(digits: str) -> bool:
    """20250511, or an office's own number that begins with the day: 20250511033."""
    if len(digits) == 8:
        return is_day(digits)
    return 10 <= len(digits) <= 14 and digits.startswith("20") and is_day(digits[:8])
