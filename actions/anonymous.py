"""What a resident said without who and where: names, small places and numbers become 某.

Small is a place below the county. For sentences that are kept for learning: it would rather take a
word too many than leave a name; what is lost is a little of the wording. It cannot know every
nickname, so staff who read such a sentence can throw it away (`cases.misheard`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, cast

import jieba
import yaml

from conversations import vault
from rules import regions

_HAN = re.compile(r"[一-鿿]+")
_COUNT = r"[\d一二三四五六七八九十]{1,4}"
_PLATES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_UNIT = "号楼|号院|栋|幢|单元|室|弄|组|社|大队|小队"
#: What identifies by its shape, whoever says it; the order matters.
_SHAPES = (
    (re.compile(r"[A-Za-z\d._+-]+@[A-Za-z\d.-]+"), "某邮箱"),
    (re.compile(rf"[{_PLATES}][A-Z][·. ]?[A-Z\d]{{5,6}}"), "某车"),
    (re.compile(r"((?:19|20)\d\d)年\d{1,2}月\d{1,2}[日号]?"), r"\1年"),
    (re.compile(r"(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[A-Za-z\d_-]{5,}"), "某号"),
    (re.compile(r"[\d０-９](?:[\-* ]?[\d０-９xX*]){6,}"), "⟦NUM:0000⟧"),
    (re.compile(_COUNT + rf"({_UNIT})(?:\d{{1,4}}(?!\d|{_UNIT}))?"), r"某\1"),
)  # fmt: skip
_DOOR = re.compile(r"(某(?:路|街|巷|弄|村|胡同|大道))\d+号?")
_AGAIN = re.compile(r"某某(?:某某)+")
#: A word with one of these is grammar put together wrongly, no name.
_NO_NAME = re.compile(r"[不没有了的我你他她它们么吗呢啥怎哪这那是在给吧啊得]")


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("anonymous.yml").read_text("utf-8")
    )
    return loaded


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(_words()[name].split())


@cache
def _cutter() -> Any:
    jieba.default_logger.setLevel("ERROR")
    cutter = cast("Any", jieba).Tokenizer()
    cutter.initialize()
    return cutter


@cache
def _tags() -> dict[str, str]:
    """Part of speech of the words that matter here: nr people, ns nt nz places, r pronouns …"""
    with _cutter().get_dict_file() as file:
        rows = (line.decode("utf-8").split() for line in file)
        return {word: tag for word, _, tag in rows if tag[0] in "rvdpcum" or tag[:2] in _PROPER}


_PROPER = ("nr", "ns", "nt", "nz")


@cache
def _townships() -> re.Pattern[str]:
    names = {
        name
        for place in regions.at_level("township")
        for name in (place.name, *place.aliases)
        if len(name) > 1
    }
    return re.compile("|".join(sorted(names, key=lambda name: (-len(name), name))))


@cache
def _told_name() -> re.Pattern[str]:
    """我叫大刚, 户主是陈德福: what follows is a name, however it is spelt."""
    surnames = "".join(one for one in _list("surnames") if len(one) == 1)
    return re.compile(
        r"(叫做?+|姓名是?+|名字是?+叫?+|户主是?+叫?+)[:： ]?"
        rf"(?:[{surnames}](?!我|你|他|她)[一-鿿]{{1,2}}(?=[,，。、;；!！?？ 的在住是今想要]|$)"
        r"|(?![我你他她它您咱人不什啥做起])[一-鿿]{2,3}(?=[,，。、;；!！?？ ]|$))"
    )


def warm() -> None:
    """Load the dictionary, so that no resident waits for it."""
    masked("你好，我叫王小兰。")


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The sentence with 某 for people, small places and numbers. `names` are those known."""
    text = vault.TOKEN.sub(lambda token: f"⟦{token['kind']}:0000⟧", text)
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, "某某")
        if len(name) > 2:
            text = text.replace(name[-2:], "某某")
    for shape, instead in _SHAPES:
        text = _outside_tokens(shape, instead, text)
    text = _townships().sub("某地", text)
    text = _told_name().sub(r"\1某某", text)
    text = "".join(_without_names(_cutter().lcut(text)))
    return _AGAIN.sub("某某", _DOOR.sub(r"\1某号", text))


def _outside_tokens(shape: re.Pattern[str], instead: str, text: str) -> str:
    pieces = re.split(r"(⟦\w+:0000⟧)", text)
    return "".join(one if one.startswith("⟦") else shape.sub(instead, one) for one in pieces)


def _without_names(words: list[str]) -> list[str]:
    done: list[str] = []
    for position, word in enumerate(words):
        following = words[position + 1] if position + 1 < len(words) else ""
        if done and done[-1] == _TAKEN:
            done[-1] = ""  # the given name, masked with the surname before it
            continue
        done += _masked_word(word, following)
        if _is_place_kind(word):
            _mask_before(done)
    return [word for word in done if word != _TAKEN]


_TAKEN = "\0"


def _masked_word(word: str, following: str) -> list[str]:
    """A word as it may stay. `_TAKEN` at the end says that the next word goes with it."""
    if not _HAN.fullmatch(word):
        return [word]
    surnames, titles = _list("surnames"), _list("titles")
    if len(word) == 2 and word in surnames and len(following) <= 2 and _HAN.fullmatch(following):
        return ["某某", _TAKEN]
    if word in surnames and following:
        if following in titles or following[0] in _list("short_titles"):
            return ["某"]
        given = len(following) <= 2 and _HAN.fullmatch(following) and _tag(word) == "nr"
        ordinary = _tag(following)[0] in "rvdpcum" and following not in _list("given")
        if given and not ordinary and not _NO_NAME.search(following):
            return ["某某", _TAKEN]
        return [word]
    if len(word) == 2 and word[0] in "老小" and word[1] in surnames and _tag(word)[0] not in "vd":
        return [word[0] + "某"]
    if _is_name(word):
        return ["某" + word[-1]] if word[-1] in _list("short_titles") else ["某某"]
    kind = _kind_of_place(word)
    if kind and len(word) > len(kind) and (not _known(word) or _tag(word)[:2] in _PROPER):
        return ["某" + kind]
    return [word]


def _is_name(word: str) -> bool:
    """赵家湾 is a place; 王秀兰 begins with a surname and stands in no dictionary but as a name."""
    surnames = _list("surnames")
    if _kind_of_place(word) or _NO_NAME.search(word):
        return False
    if word[0] in surnames:
        fits = len(word) in (2, 3)
    else:
        fits = word[:2] in surnames and len(word) in (3, 4)
    return fits and (not _known(word) or _tag(word)[:2] == "nr")


def _is_place_kind(word: str) -> bool:
    return word in _list("place_kinds") or word.rstrip("里上") in _list("place_kinds")


def _kind_of_place(word: str) -> str:
    kinds = [kind for kind in _list("place_kinds") if word.endswith(kind) and word != kind]
    return max(kinds, key=len, default="")


def _mask_before(done: list[str]) -> None:
    """青龙 小学, 幸福 里 小区: the name of the place is one or two words before its kind."""
    at = len(done) - 2
    first = at
    while first >= 0 and at - first < 2 and _may_name_a_place(done[first]):
        first -= 1
    named = done[first + 1 : at + 1]
    if named and (len("".join(named)) > 1):
        done[first + 1 : at + 1] = ["某"]


def _may_name_a_place(word: str) -> bool:
    if not _HAN.fullmatch(word) or word in _list("no_place") or "某" in word:
        return False
    return _tag(word)[0] not in "rvdpcum"


def _known(word: str) -> bool:
    return bool(_cutter().FREQ.get(word))


def _tag(word: str) -> str:
    return _tags().get(word, "n" if _known(word) else "-")
