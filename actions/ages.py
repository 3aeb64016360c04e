"""Whose age was told: the speaker's, a child's, somebody else's."""

from __future__ import annotations

import re
from typing import Any

from actions import amounts, reading
from actions.state import Fact
from actions.turn import Turn

_CHILD = re.compile(r"孩子|小孩|娃|儿子|女儿|闺女|崽|囝|老[大二三]|小的")
_ADULT_YEARS = 16
_FULL_AGE = 18
#: Parents and theirs, of whoever speaks.
ELDERS = frozenset(
    (
        "父亲", "母亲", "父母", "爷爷", "奶奶", "外公", "外婆", "公公", "婆婆", "公婆",
        "岳父", "岳母", "岳父母", "继父", "继母",
    )
)  # fmt: skip
#: Grown up for certain: a child's years told beside them are those of a child of theirs.
_GROWN = ELDERS | {
    "配偶", "丈夫", "妻子", "哥哥", "姐姐", "嫂子", "姐夫", "叔叔", "伯伯", "姑姑", "舅舅", "姨妈",
}  # fmt: skip
#: Programmes that may be about the child itself.
_OF_CHILDREN = frozenset({"gu_er_ertong", "canji_butie", "tekun", "jiaoyu"})


def is_a_childs(turn: Turn, age: Any) -> bool:
    """孩子才三岁, told of the household: not the age of who asks."""
    state, asked = turn.state, turn.state.asking == "age"
    if asked or turn.heard.chosen or not isinstance(age, int) or age >= _ADULT_YEARS:
        return False
    about = turn.heard.value("for_relation") or state.value("for_relation")
    if any(state.value(key) for key in ("heart_disease", "autism")):
        return False  # the sick child itself
    if about in _GROWN:
        return bool(_CHILD.search(turn.heard.text))  # 她娃十岁, told of a sister
    if about or _OF_CHILDREN & set(state.programmes) or state.value("parents_status"):
        return False
    return bool(_CHILD.search(turn.heard.text))


#: Nobody of these years is an orphan, or the child whose parents are gone.
_CARER = 30
_EACH_AGE = re.compile(r"(?:一个|[大小二]的|老[大二三])(?:是|今年|才|都|刚|有|满|快)*"
                       r"([\d一二三四五六七八九十]{1,3})岁")  # fmt: skip


def of_children(turn: Turn, stated: dict[str, Any]) -> bool:
    """In the matter of children whose parents are gone: the eldest's age, never the carer's.

    True when an age was the carer's.
    """
    state = turn.state
    about = state.programmes[-1:] or (["gu_er_ertong"] if state.value("parents_status") else [])
    if turn.heard.chosen or about != ["gu_er_ertong"]:
        return False
    age = stated.get("age")
    if isinstance(age, int) and age >= _CARER:
        del stated["age"]  # 我是他们的阿普，六十九
        return True
    each = [amounts.amount(f"{found}岁", "age") for found in _EACH_AGE.findall(turn.heard.text)]
    years = [read.value for read in each if read is not None and isinstance(read.value, int)]
    if len(years) > 1 and "age" not in stated and max(years) < _FULL_AGE:
        stated["age"] = max(years)
    return False


#: 我今年13岁, 我13，跟爷爷住; not 我三岁的娃 and not 我两个娃.
_TOLD_OWN = re.compile(
    r"(?:我|俺|阮|偶)(?:是|今年|现在|都|也|才|刚|快|满)*[\d一二三四五六七八九十]{1,3}"
    r"(?:岁(?!的|半?的)|了?(?=[，,。！! ]|$))"
)
_SIBLING = re.compile(
    r"^(?:我的?)?(?:弟弟?|妹妹?|哥哥?|姐姐?|同学)[^，,。]{0,4}[\d一二三四五六七八九十]"
)


def is_a_siblings(turn: Turn, told: Fact | None) -> bool:
    """弟弟5岁, said by a girl who is ten: she stays ten."""
    if told is None or turn.heard.chosen or turn.state.asking == "age":
        return False
    return bool(_TOLD_OWN.search(told.sentence) and _SIBLING.search(turn.heard.text))


def is_the_speakers_own(told: Fact | None) -> bool:
    """Was it told as 我13岁?"""
    return told is not None and bool(_TOLD_OWN.search(told.sentence))


_OWN_AGE = re.compile(r"^(?:我|俺|咱)(?:今年|都|也|已经|快|自己)*[\d一二三四五六七八九十]")


def is_the_speakers(turn: Turn, told: Fact | None) -> bool:
    """我六十七了 after 孙子八岁 is the grandmother's age, not the child's."""
    if told is None or turn.heard.chosen or turn.state.asking == "age":
        return False
    about = reading.kin(told.sentence)
    return about not in (None, "本人") and bool(_OWN_AGE.search(turn.heard.text))
