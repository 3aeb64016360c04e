"""Reading a short reply in the light of what was just asked: yes and no, names, kin, questions.

The words are `lexicon.yml`, as residents say them. Pure text in, plain values out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from actions.amounts import amount


@cache
def lexicon() -> dict[str, Any]:
    """The word lists and patterns of both files, read once. A name in both is an error."""
    found: dict[str, Any] = {}
    for name in ("lexicon.yml", "lexicon_talk.yml"):
        read = YAML(typ="safe", pure=True).load(Path(__file__).with_name(name).read_text("utf-8"))
        if twice := set(found) & set(read):
            raise ValueError(f"{name}: {sorted(twice)} stand in the other file too")
        found |= read
    return found


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A pattern of the lexicon: one expression, or alternatives in a list."""
    raw = lexicon()[name]
    return re.compile(raw if isinstance(raw, str) else "|".join(raw))


@cache
def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Named patterns of the lexicon, in their order."""
    return {
        key: re.compile(raw if isinstance(raw, str) else "|".join(raw))
        for key, raw in lexicon()[name].items()
    }


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(str(lexicon()[name]).split())


_PUNCTUATION = re.compile(r"[\s，,。.!！?？、：:~；;…]+")
_TONE = re.compile(r"[的吧嘛哈啊呀呢了哦噢咯喽哟嘞哒滴诶]+$")
_SHORT_NO = 10
_NAME_BARE = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}")


def squeezed(text: str) -> str:
    """The reply without blanks and punctuation, closing particles and all."""
    return _PUNCTUATION.sub("", text).lower()


def plainly_written(text: str) -> str:
    """使唔使查我戶口 as 要不要查我户口: traditional characters and Cantonese grammar words."""
    for spoken, written in lexicon()["spoken"].items():
        text = text.replace(spoken, written)
    pairs = str(lexicon()["simplified"]).split()
    return text.translate({ord(pair[0]): pair[1] for pair in pairs})


def bare(text: str) -> str:
    """The reply without blanks, punctuation and closing particles."""
    return _TONE.sub("", squeezed(text))


def _is_one_of(text: str, name: str) -> bool:
    """算了 is a word of its own, 好了 too: looked up with and without the closing particle."""
    return bool({bare(text), squeezed(text)} & _words(name))


def says_yes(text: str) -> bool:
    """A plain yes and nothing else: 对, 好的, 对的 提交."""
    parts = [part for part in re.split(_PUNCTUATION, text) if part]
    return _is_one_of(text, "yes") or (
        0 < len(parts) <= 3 and all(_is_one_of(part, "yes") for part in parts)
    )


def assents(text: str) -> bool:
    """A yes in its own words and in any dialect, as a consent needs it: 好嘞，按你说的填, 没意见.

    A greeting, a sigh (好难), a start (可是), a question (能行吗) is none, however it sounds.
    """
    if asks_back(text) or bare(text) in {"有", "有的"}:  # 有 tells of something
        return False
    said = pattern("hello").sub("", squeezed(text))
    rest, sure = pattern("assent_sure").subn("", said)
    left, words = pattern("assent_word").subn("", rest)
    if says_yes(text) or any(
        pattern(deed).search(bare(text)) for deed in ("submits", "takes_back")
    ):
        return True
    return says_yes(text) or (sure + words > 0 and not pattern("assent_filler").sub("", left))


def asks_back(text: str) -> bool:
    """能行吗, 嗯？, 同意什么: a question in reply to a question."""
    return bool(pattern("asks_back").search(text))


def says_no(text: str) -> bool:
    """A plain no, or a short denial like 没得残疾."""
    if _is_one_of(text, "no"):
        return True
    stripped = bare(text)
    return (
        len(stripped) <= _SHORT_NO
        and bool(pattern("denial").match(stripped))
        and (amount(stripped) is None)
    )


def is_plain_no(text: str) -> bool:
    """没有, 不用了: one of the words for no and nothing beside it."""
    return _is_one_of(text, "no")


def begins_with_no(text: str) -> bool:
    """没得 在镇上交的纸质材料: a plain no, and more after a pause."""
    parts = [part for part in _PUNCTUATION.split(text) if part]
    return bool(parts) and _is_one_of(parts[0], "no")


def denies_amount(text: str) -> bool:
    """没有, 没得钱, 一分没花: nothing of the sum asked for; 没车 speaks of something else."""
    if _is_one_of(text, "no"):
        return True
    stripped = bare(text)
    return len(stripped) <= _SHORT_NO and bool(pattern("no_amount").search(stripped))


def negates(text: str) -> bool:
    """Is there any word of denial at all?"""
    return bool(pattern("negation").search(text))


def declines(text: str) -> bool:
    """不要, 算了, 先不了: no to an offer. 没有领过 denies a fact and refuses nothing."""
    stripped = bare(text)
    if _is_one_of(text, "no"):
        return not pattern("denies_fact").search(stripped)
    return len(stripped) <= _SHORT_NO and bool(pattern("declines").search(stripped))


def gives_up(text: str) -> bool:
    """那算了, 不问了: the whole talk is laid down, no question answered."""
    return bool(pattern("gives_up").search(_PUNCTUATION.sub("", text)))


def says_unknown(text: str) -> bool:
    """The resident cannot say."""
    return bool(pattern("unknown").search(text))


def says_refused(text: str) -> bool:
    """The resident does not want to say, or has no phone."""
    return bool(pattern("refusal").search(text))


def applies_anew(text: str) -> bool:
    """还能再报吗; 医保报完还能再报不 is about the bill."""
    paid = pattern("reimbursed").search(text)
    return paid is None and bool(pattern("may_apply_anew").search(text))


def corrects(text: str) -> bool:
    """Does the resident take back something said before?"""
    return bool(pattern("correction").search(text))


def name(text: str, asked: bool) -> str | None:
    """A person's name in a reply: after 我叫, or bare when it looks like one.

    Unasked, a bare word must begin with a common surname and be at most three characters long.
    """
    surnames, never = str(lexicon()["surnames"]), _words("not_names")
    stripped = _PUNCTUATION.sub(" ", text).strip()
    led = pattern("name_led").search(stripped)
    if led and led[1] not in never and (asked or led[1][0] in surnames):
        return led[1]
    single = _without_tone(stripped)
    if not _NAME_BARE.fullmatch(single) or single in never or says_no(single):
        return None
    if pattern("deed").search(single):  # 我要申请 is no name
        return None
    if says_yes(single) or says_unknown(single) or single[-1] in "镇乡村区县市省吗的":
        return None
    return single if asked or (single[0] in surnames and len(single) <= 3) else None


def _without_tone(said: str) -> str:
    """王桂兰哈 ends in a particle, the name 阿约拉哈 does not."""
    rest = re.sub(r"[吧呀啊哈呢]$", "", said)
    if rest == said or not _NAME_BARE.fullmatch(said):
        return rest
    plain = rest[0] in str(lexicon()["surnames"]) and not pattern("clan_names").match(said)
    return rest if plain else said


def kin(text: str) -> str | None:
    """Whom the resident speaks about, as the label set writes it (母亲, 父亲, 本人 …)."""
    hits = [
        (found.start(), relation)
        for relation, known in patterns("kin").items()
        if (found := known.search(text))
    ]
    return min(hits)[1] if hits else None


def edited(text: str) -> str | None:
    """What on the card is to be told anew: 改一下电话."""
    return next((key for key, words in patterns("edits").items() if words.search(text)), None)


def questions(text: str) -> list[str]:
    """Every question a message asks, in the order of the sentence; [] unless there are several."""
    found = asked_in(text)
    return found if len(found) > 1 else []


def asked_in(text: str) -> list[str]:
    """Every question a message asks, in the order of the sentence."""
    hits = [
        (found.start(), label)
        for label, known in patterns("questions").items()
        if (found := known.search(text))
    ]
    return [label for _, label in sorted(hits)]
