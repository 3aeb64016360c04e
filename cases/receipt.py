"""Receipt numbers: "WZ", eleven random digits and a Luhn check digit.

10^11 numbers: with a million live receipts one guess in 100,000 hits, which is why a receipt
alone proves nothing (`cases.residents` asks for a second fact and counts wrong tries).
"""

from __future__ import annotations

import re
import secrets
import unicodedata

_PATTERN = re.compile(r"WZ\d{12}")


def luhn_digit(digits: str) -> str:
    """The digit that makes `digits` + digit pass the Luhn check."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char)
        if position % 2 == 0:
            value *= 2
            if value > 9:
                value -= 9
        total += value
    return str(-total % 10)


def new_receipt() -> str:
    """A fresh random receipt number; uniqueness is the table's business."""
    digits = "".join(secrets.choice("0123456789") for _ in range(11))
    return "WZ" + digits + luhn_digit(digits)


def normalise(text: str) -> str | None:
    """`text` as a receipt number (full-width, lower case, blanks, dashes forgiven), else None."""
    compact = re.sub(r"[\s\-－—]", "", unicodedata.normalize("NFKC", text)).upper()
    if not _PATTERN.fullmatch(compact) or not compact.isascii():
        return None
    return compact if luhn_digit(compact[2:13]) == compact[13] else None
