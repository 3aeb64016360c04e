"""Features of a message for the linear classifier: characters, words, sounds, and what was extracted.

Amounts, places, programme names and personal numbers are masked in one view, so that a sentence
learnt with one programme or figure is recognised with another.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .lexicon import Lexicon, default_lexicon, syllables
from .normalise import PLACEHOLDER

_PUNCTUATION = re.compile(r"[\s,。;!?、~:\"'“”‘’()\[\]【】《》.…\-]+")
_QUESTION = re.compile(
    r"(吗|么(?!子)|不(?=$|[,。?!])|没(?=$|[,。?!])|呢(?=$|[,。?!])|多少|多久|怎么|如何|哪|什么|谁|几|是不是|能不能|可不可以|有没有|会不会|为什么|要不要|算不算|行吗|可以吗)"
)
_WISH = re.compile(r"(想申请|我要申请|帮我|给我们?办|请求|求|登记|申报|救救|帮帮|报名|给我报|填)")
_QUALIFY = re.compile(r"(能不能|能(?:吃|领|申请|享受|办|评|拿)|符合|够(?:不够|格|条件)|算不算|可以(?:申请|享受|领)|有没有资格|得行|够得上|评得上)")
WEIGHTS = {"c": 1.0, "m": 1.0, "w": 0.9, "p": 0.7, "x": 0.6}


def _build_tokenizer(names: list[str]) -> Any:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    # An own instance: jieba's module-level one is shared by everything in the process.
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for name in names:
        tokenizer.add_word(name)
    return tokenizer


def tokenizer(lexicon: Lexicon) -> Any:
    """jieba with the names of programmes, illnesses and counties as words."""
    if lexicon.tokenizer is None:
        names = [a.word for a in lexicon.aliases.values() if a.role != "cue"]
        names += list(lexicon.diseases)
        names += [p.name for p in lexicon.places if p.level in {"county", "prefecture"}]
        lexicon.tokenizer = _build_tokenizer(names)
    return lexicon.tokenizer


def _grams(prefix: str, text: str | tuple[str, ...], sizes: Iterable[int]) -> list[str]:
    out = []
    for size in sizes:
        for at in range(len(text) - size + 1):
            piece = text[at : at + size]
            out.append(prefix + (piece if isinstance(piece, str) else "_".join(piece)))
    return out


def mask(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """`text` with each (start, end, mark) replaced by its one-character mark; first span wins."""
    out: list[str] = []
    position = 0
    for start, end, mark in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start < position:
            continue
        out += [text[position:start], mark]
        position = end
    out.append(text[position:])
    return "".join(out)


def message_features(
    text: str,
    spans: list[tuple[int, int, str]],
    flags: Iterable[str],
    lexicon: Lexicon | None = None,
) -> Counter[str]:
    """Feature counts. `spans` are the masked mentions, `flags` the names of what was found."""
    lexicon = lexicon or default_lexicon()
    lowered = PLACEHOLDER.sub("Ⓝ", text).lower()
    plain = _PUNCTUATION.sub("", lowered)
    standard = _PUNCTUATION.sub("", lexicon.standard(lowered))
    masked = re.sub(r"\d+", "0", lexicon.standard(PLACEHOLDER.sub("Ⓝ", mask(text, spans)).lower()))
    masked = "^" + _PUNCTUATION.sub("", masked) + "$"
    features = _grams("c", "^" + standard + "$", (1, 2, 3))
    features += _grams("m", masked, (2, 3, 4))
    words = [w for w in tokenizer(lexicon).lcut(standard, HMM=False) if w.strip()]
    features += _grams("w", tuple(words), (1, 2))
    features += _grams("p", syllables(plain), (2, 3))
    features += ["x" + flag for flag in flags]
    features.append(f"xlength{min(len(plain) // 4, 12)}")
    if "?" in text:
        features.append("xmark")
    question = _QUESTION.search(standard)
    features.append("xasks" if question else "xstates")
    if question and question.end() >= len(standard) - 1:
        features.append("xasks_last")
    if _WISH.search(standard):
        features.append("xwish")
    if _QUALIFY.search(standard):
        features.append("xqualify")
    if re.search(r"我|俺|本人", standard):
        features.append("xself")
    return Counter(features)
