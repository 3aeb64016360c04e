"""Text that may be stored and shown: one gate for everything people type, and masks for display."""

import re
import unicodedata

# Invisible or direction-changing characters: they hide or reorder what an official reads.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = "\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\ufff9-\ufffc"
_TAGS = "\U000e0000-\U000e007f"
_REMOVED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f" + _BIDI + _ZERO_WIDTH + _TAGS + "\ud800-\udfff"
    "\ufdd0-\ufdef]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_MANY_BLANK_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*){2,}")
# Zalgo: a sentence needs at most a few marks on one base character.
_MARK_PILE = re.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})"
    r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


class BadText(ValueError):
    """Text that cannot be accepted; `reason_zh` is the sentence for the person who typed it."""

    def __init__(self, reason_zh: str) -> None:
        super().__init__(reason_zh)
        self.reason_zh = reason_zh


def clean(text: str, max_length: int = 1000) -> str:
    """NFC text without controls, direction marks, invisible characters and lone surrogates.

    Line breaks become `\\n`, tabs stay. Length counts characters after cleaning. Raises BadText
    when nothing readable is left or it is too long. `clean(clean(x)) == clean(x)`.
    """
    # Cheap refusal first: normalising a 10 MB string is itself the attack.
    if len(text) > max_length * 4 + 1000:
        raise BadText(_too_long(max_length))
    text = _LINE_ENDS.sub("\n", text)
    text = _REMOVED.sub("", text)
    text = _MARK_PILE.sub(r"\1", unicodedata.normalize("NFC", text))
    text = unicodedata.normalize("NFC", text)
    text = _MANY_BLANK_LINES.sub("\n\n", text).strip()
    if not text:
        raise BadText("消息是空的，请再发一次。")
    if len(text) > max_length:
        raise BadText(_too_long(max_length))
    return text


def _too_long(max_length: int) -> str:
    return f"这段话太长了，请分开发，每次不超过{max_length}个字。"


def mask_name(name: str) -> str:
    """`张*`: the surname, and one star for each further character (at most two)."""
    name = name.strip()
    if not name:
        return ""
    return name[0] + "*" * min(max(len(name) - 1, 1), 2)


def mask_phone(phone: str) -> str:
    """`138****5678`; anything too short to keep both ends keeps none."""
    digits = phone.strip()
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else "*" * len(digits)


def mask_id(id_number: str) -> str:
    """`440301********1234` (region and tail, as on official lists)."""
    digits = id_number.strip()
    if len(digits) < 15:
        return "*" * len(digits)
    return f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
