"""What people write for a fact that the rules know by a code: 低保 for dibao, 精神残疾 for 精神.

Only what can mean one thing is here. Everything else stays as it was written, and is named as not
understood where facts are checked.
"""

import re
from collections.abc import Iterator
from typing import Any

from rules import fact_vocabulary as vocabulary
from rules.fact_schema import DISABILITY_TYPES, NOTHING

_IN_WORDS = frozenset({*vocabulary.CODED, *vocabulary.EVENTS})
_SEVERAL = frozenset({"disease", "student_stage"})
# What a conversation is heard to tell of has happened, whatever the word for it.
_HAPPENED = frozenset(vocabulary.EVENTS)
ABLE, UNABLE = "能自理", "不能自理"
AID: dict[str, tuple[str, ...]] = {
    "dibao": ("最低生活保障", "低保", "低保户", "城市低保", "农村低保", "单人保", "danrenbao"),
    "dibao_bianyuan": ("低保边缘家庭", "低保边缘", "低保边缘户", "边缘户"),
    "linshi": ("临时救助",),
    "yiliao": ("医疗救助",),
    "gu_er_ertong": ("孤儿和困境儿童保障", "孤儿", "事实无人抚养儿童", "困境儿童"),
    "tekun": ("特困人员救助供养", "特困", "特困供养", "特困人员", "特困户", "五保", "五保户"),
    "gangxing_zhichu": ("刚性支出困难家庭", "刚性支出"),
    "fangfanpin": ("防返贫监测对象", "防返贫", "监测户"),
    "jiaoyu": ("教育救助",),
    "zhufang": ("住房救助",),
    "jiuye": ("就业救助",),
    "shouzai": ("受灾人员救助",),
    "canji_butie": ("残疾人两项补贴", "两项补贴", "残疾补贴"),
    "liulang": ("流浪乞讨人员救助",),
    "falv": ("法律援助和司法救助", "法律援助", "司法救助"),
    "qunuan": ("取暖救助",),
    "binzang": ("殡葬减免",),
    "fuwu": ("服务类救助",),
    "cishan": ("慈善帮扶",),
    "liangshan_butie": ("凉山州2016年补贴",),
    "nankai_huimin": ("南开区2011年就医优惠",),
}
_AID = {word: code for code, words in AID.items() for word in (code, *words)}
_KINDS = {"智障": "智力", "视障": "视力", "听障": "听力", "语言": "言语"}
_KIND_ENDS = re.compile(r"(?:残疾|障碍|残)$")
# Who has lost a part of it is cared for by others in that part.
_SELF_CARE = {
    **dict.fromkeys(
        (ABLE, "能", "可以", "是", "自理", "完全自理", "完全能自理", "基本自理", "基本能自理",
         "可以自理", "生活能自理", "生活自理", "有自理能力"), ABLE,
    ),
    **dict.fromkeys(
        (UNABLE, "不能", "不可以", "否", "不能完全自理", "完全不能自理", "基本不能自理",
         "部分不能自理", "部分自理", "部分能自理", "半自理", "生活不能自理", "生活部分自理",
         "无自理能力", "没有自理能力", "丧失自理能力", "部分丧失自理能力", "失能", "半失能",
         "部分失能", "完全失能"), UNABLE,
    ),
}  # fmt: skip


def code_of(key: str, value: Any) -> Any:
    """The value as the rules know it; unchanged when nothing is known for what was written."""
    if key in ("receiving", "stopped"):
        if isinstance(value, str | list | tuple):
            return [_AID.get(str(word).strip(), word) for word in words_of(value)]
    elif key == "disability_type" and isinstance(value, str | list | tuple):
        kinds = [_kind(word) for word in words_of(value)]
        return kinds[0] if len(kinds) == 1 else kinds
    elif key == "self_care":
        if isinstance(value, bool):
            return ABLE if value else UNABLE
        return _SELF_CARE.get(value.strip(), value) if isinstance(value, str) else value
    elif key in _IN_WORDS:
        several = list(words_of(value)) if key in _SEVERAL and isinstance(value, str) else []
        return vocabulary.read(key, several if len(several) > 1 else value)
    return value


def wrong_words(key: str, value: Any) -> list[str]:
    """The words of a coded fact that no code is known for; `value` has been through `code_of`."""
    if key in ("receiving", "stopped"):
        return [str(word) for word in words_of(value) if word not in AID and word not in NOTHING]
    if key == "disability_type":
        known = (*DISABILITY_TYPES, *NOTHING)
        return [str(word) for word in words_of(value) if word not in known]
    if key == "self_care":
        return [] if value in (ABLE, UNABLE) else [str(value)]
    return vocabulary.wrong(key, value) if key in _IN_WORDS else []


def hint_of(key: str) -> str:
    """What to write instead of a word that is not understood."""
    if key == "self_care":
        return f"，请写{ABLE}或{UNABLE}"
    if key in vocabulary.CODED:
        return f"，请写{'、'.join(vocabulary.CODED[key].values)}"
    return "，没有就写无" if key in _HAPPENED else ""


def heard_as(key: str, value: Any) -> Any:
    """What a conversation took for the fact, in words the rules know.

    There a word was already understood as an illness or a mishap, so it is one; a school or a home
    that nothing is known of stays unknown.
    """
    value = code_of(key, value)
    if key not in _IN_WORDS or value is None or not wrong_words(key, value):
        return value
    return vocabulary.HAS if key in _HAPPENED else None


def words_of(value: Any) -> Iterator[Any]:
    """The words of a list, or of a text with 、 and ； between them."""
    if isinstance(value, str):
        yield from (part.strip() for part in re.split(r"[;；、,，/]", value) if part.strip())
    elif isinstance(value, list | tuple):
        yield from value
    else:
        yield value


def _kind(word: Any) -> Any:
    if not isinstance(word, str):
        return word
    bare = _KIND_ENDS.sub("", word.strip())
    return _KINDS.get(word.strip()) or _KINDS.get(bare) or (bare or word)
