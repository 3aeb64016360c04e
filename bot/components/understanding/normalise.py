"""Cleaning of typed and dictated Chinese, with a map back to the resident's own characters.

Every later step works on the cleaned text; entities are reported at offsets of the original one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

#: What the gateway leaves in place of a personal number, e.g. ⟦PHONE:7f3a⟧.
PLACEHOLDER = re.compile(r"⟦(PHONE|ID|CARD|NUM):[0-9A-Za-z_-]+⟧")

_CJK = r"\u3400-\u9fff\u3007"
_SPELT_OUT = re.compile(
    rf"(?<![{_CJK}])[{_CJK}](?: [{_CJK}\d]){{2,}}(?![{_CJK}])"
    rf"|(?<![{_CJK}\d])\d(?: [{_CJK}\d]){{2,}}(?![{_CJK}\d])"
)
_REPEATABLE = set("?!。.,、~;:")
_CANONICAL = {"¥": "¥", "￥": "¥", "：": ":", "．": ".", "〇": "〇", "～": "~", "—": "-", "–": "-"}
# Elderly users answer with these instead of words.
_SPOKEN_EMOJI = {"👌": "好", "👍": "好", "🆗": "好", "✅": "对", "❌": "不"}
_MULTI_DOT = "…"


# Cantonese written as it is spoken: the words every sentence is built of, each as long as its
# standard one, so that all later rules read 计唔计埋佢 as 算不算上他. 唔该 and 唔 alone stay. With
# them the question at the end of a sentence: 迈 of Chongqing, 咩.
_CANTONESE = {
    "计唔计埋": "算不算上", "计唔计": "算不算", "喺度": "在这", "唔系": "不是", "唔使": "不用", "唔好": "不要", "系咪": "是否",
    "有冇": "有没", "乜嘢": "什么", "点解": "为啥", "点样": "怎样", "几多": "多少",
    "边个": "哪个", "边度": "哪里", "而家": "现在", "依家": "现在", "屋企": "家里",
    "有咩": "有啥", "做咩": "做啥", "计埋": "算上", "算埋": "算上", "连埋": "连上", "加埋": "加上", "带埋": "带上",
    "唔": "不", "佢": "他", "喺": "在", "嘅": "的", "哋": "们", "冇": "没", "咗": "了",
    "嚟": "来", "俾": "给", "畀": "给", "睇": "看", "攞": "拿", "嗰": "那", "𠮶": "那", "迈": "吗", "咩": "吗", "啲": "些", "咁": "这", "返工": "上班",
}  # fmt: skip
_SPOKEN = re.compile(
    r"[我你他她佢](?:哋|们)?系(?!统|列|咪)|系唔系|"
    + r"|".join(sorted((w for w in _CANTONESE if len(w) > 1), key=len, reverse=True))
    + r"|唔(?!该|唔|$|[^\u3400-\u9fff])|(?<![爹妈])哋|(?<!年)[迈咩](?=$|[,。;!?~ ])|[佢喺嘅冇咗嚟俾畀睇攞嗰𠮶啲咁]"
)


def _spoken_standard(match: re.Match[str]) -> str:
    word = match.group()
    known = _CANTONESE.get(word)
    return known or "".join(_CANTONESE.get(c, c) for c in word).replace("系", "是")


def to_standard(text: str) -> str:
    """Cantonese grammar words as the standard ones, letter by letter: the length never changes."""
    return _SPOKEN.sub(_spoken_standard, text)


@dataclass(frozen=True)
class Normalised:
    """`text` is clean; `starts[i]`/`ends[i]` give the original span of clean character i."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original half-open span of the clean half-open span [start, end)."""
        if not self.text or start >= len(self.text):
            return len(self.original), len(self.original)
        last = max(min(end, len(self.text)) - 1, start)
        return self.starts[start], self.ends[last]


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Traditional to simplified without ever changing the length (乾 and 著 stay readable)."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    single = [str(_converter().convert(char)) for char in text]
    return "".join(new if len(new) == 1 else old for old, new in zip(text, single, strict=True))


def _readable(text: str) -> str:
    return to_standard(to_simplified(text))


def _is_dropped(char: str) -> bool:
    if char in "\u200d\ufe0f\ufe0e\u200b\ufeff":
        return True
    category = unicodedata.category(char)
    return category in {"So", "Sk", "Cs", "Co", "Cf"} and char not in "^`"


def _clean_chars(text: str) -> list[tuple[str, int, int]]:
    """(character, original start, original end) after NFKC, emoji removal and blank folding."""
    out: list[tuple[str, int, int]] = []
    position = 0
    while position < len(text):
        token = PLACEHOLDER.match(text, position)
        if token:
            out.extend((c, position + k, position + k + 1) for k, c in enumerate(token.group()))
            position = token.end()
            continue
        char = text[position]
        here, position = position, position + 1
        spoken = _SPOKEN_EMOJI.get(char)
        if spoken:
            out.append((spoken, here, position))
            continue
        if char.isspace():
            if out and out[-1][0] == " ":
                continue
            out.append((" ", here, position))
            continue
        if _is_dropped(char):
            # Drop, yet keep words on its two sides apart.
            if out and out[-1][0] != " ":
                out.append((" ", here, position))
            continue
        if char == _MULTI_DOT:
            out.append(("。", here, position))
            continue
        folded = _CANONICAL.get(char) or unicodedata.normalize("NFKC", char)
        for piece in folded:
            if not piece.isspace():
                out.append((_CANONICAL.get(piece, piece), here, position))
    return out


def _fold_punctuation(chars: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    out: list[tuple[str, int, int]] = []
    for char, start, end in chars:
        if out and char in _REPEATABLE and out[-1][0] == char:
            out[-1] = (char, out[-1][1], end)
            continue
        out.append((char, start, end))
    while out and out[0][0] == " ":
        out.pop(0)
    while out and out[-1][0] == " ":
        out.pop()
    return out


def _join_spelt_out(chars: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """我 家 三 口 人 is one phrase; 38 单身 抑郁症 is three, its blanks are punctuation."""
    text = "".join(c for c, _, _ in chars)
    doomed: set[int] = set()
    for match in _SPELT_OUT.finditer(text):
        doomed.update(i for i in range(*match.span()) if text[i] == " ")
    # A blank beside a digit that belongs to a measure (3 口人, 月入 1800 元) separates nothing.
    for match in re.finditer(
        r"(?<=\d) (?=[万千百元块口个岁年月号])|(?<=[入有约共数]) (?=\d)", text
    ):
        doomed.add(match.start())
    # 2 000元: a blank as thousands separator.
    for match in re.finditer(r"(?<!\d)\d{1,3}( )(?=\d{3}(?!\d))", text):
        doomed.add(match.start(1))
    return [item for i, item in enumerate(chars) if i not in doomed]


def normalise(text: str) -> Normalised:
    """Clean `text`: full width, traditional, Cantonese, emoji, repeated marks, spaced letters."""
    chars = _join_spelt_out(_fold_punctuation(_clean_chars(text)))
    joined = "".join(c for c, _, _ in chars)
    pieces: list[str] = []
    position = 0
    for token in PLACEHOLDER.finditer(joined):
        pieces += [_readable(joined[position : token.start()]), token.group()]
        position = token.end()
    pieces.append(_readable(joined[position:]))
    clean = "".join(pieces)
    return Normalised(text, clean, tuple(s for _, s, _ in chars), tuple(e for _, _, e in chars))
