"""Slips about what is held, owned and lived on, which only the words around them show."""

from __future__ import annotations

import re
from typing import Any

from actions import amounts, reading
from actions.asked import QUESTIONS
from actions.turn import Turn

_CLAUSE = re.compile(r"[，,。；;！!？?\s]+")
_RURAL = re.compile(r"(?:我们?是|都是|是)?(?:农村|农业|乡下)(?:的|户口|护口|户|人)?")
_URBAN = re.compile(r"(?:我们?是|都是|是)?(?:城镇|城市|非农)(?:的|户口|护口|户)?")
_NOW_ONLY = re.compile(r"现在(?:家里)?(?:就|只|只有|只剩|就剩|全靠|靠)(?:我|他|她|老公|老婆)?")
#: 村小学后面那家 tells where a house stands, and of no pupil in it.
_OF_A_PLACE = ("student_stage", "household_size", "num_children", "housing")
#: 家里五个人, told there instead, counts people all the same.
_COUNTED = {
    "household_size": re.compile(r"[\d一二两三四五六七八九十](?:口人?|个人)(?=[，,。；; ]|$)"),
    "num_children": re.compile(r"[\d一二两三四五六七八九十](?:个)?(?:小孩|孩子?|娃)"),
}
#: 没上班，因为要照顾他
_STAYS_AT_HOME = re.compile(
    r"(?:没|没有|不|不能|没法)(?:去|出去)?(?:上班|打工|返工|做工|工作)[，, ]?(?:是)?"
    r"(?:因[为為]|为了|就为|要|得|在家|在屋)[^，,。；;]{0,6}(?:照[顾看料]|顾|带|伺候|服侍|陪|守)"
)
_APART = re.compile(r"嫁(?:远|出|人|到|走|了)|分了?家|成了?家|单过|分了?户|分开过")


def sober(turn: Turn, stated: dict[str, Any]) -> None:
    """Take away what was asked or feared and not told; add what a bare clause tells."""
    text = turn.heard.text
    if "stopped" in stated and reading.pattern("may_stop").search(text):
        feared = stated.pop("stopped")
        if reading.pattern("has_aid").search(text):
            stated.setdefault("receiving", feared)
    held = stated.get("receiving") and turn.state.asking != "receiving"
    told = turn.state.asking and reading.pattern("is_on_aid").fullmatch(reading.bare(text))
    if held and _only_named(text) and not told:
        del stated["receiving"]
    if "num_children" in stated and _APART.search(text):
        del stated["num_children"]  # grown up and gone, no children of this household
    if turn.state.asking == "whereabouts":
        for key in _OF_A_PLACE:
            if key not in _COUNTED or not _COUNTED[key].search(text):
                stated.pop(key, None)
    if stated.get("lost_job") is True and _STAYS_AT_HOME.search(reading.plainly_written(text)):
        del stated["lost_job"]  # who does not work to look after somebody has lost no job
    _name_put_right(turn, stated)
    _hukou(turn, stated)
    _no_such_thing(turn, stated)
    _income_of_today(turn, stated)
    _none_disabled(turn, stated)
    if "household_size" not in stated and _JUST_US.search(text):
        stated["household_size"] = 2
    _on_no_aid(turn, stated)


def _name_put_right(turn: Turn, stated: dict[str, Any]) -> None:
    """不对，得是道德的德，张德胜: as long as the name before and of the same surname."""
    known = turn.state.value("name")
    if not isinstance(known, str) or "name" in stated or not reading.corrects(turn.heard.text):
        return
    last = [one for one in _CLAUSE.split(turn.heard.text) if one][-1:]
    named = reading.name(last[0], asked=True) if last else None
    if named and named != known and named[0] == known[0] and len(named) == len(known):
        stated["name"] = named


def _only_named(text: str) -> bool:
    """低保低保低保, 特困一个月给多少, 吃低保好还是吃特困好: named or asked about, not held."""
    if reading.pattern("only_names").fullmatch(reading.bare(text)):
        return True
    asks = reading.pattern("asks_of_aid").search(text)
    return bool(asks) and not reading.pattern("has_aid").search(text)


def _hukou(turn: Turn, stated: dict[str, Any]) -> None:
    """四口人，农村: a clause of one word."""
    if "hukou" in stated or not turn.heard.intent.startswith(("inform", "start", "self", "out_of")):
        return
    clauses = [one for one in _CLAUSE.split(turn.heard.text) if one]
    if len(clauses) < 2:
        return
    if any(_RURAL.fullmatch(one) for one in clauses):
        stated["hukou"] = "rural"
    elif any(_URBAN.fullmatch(one) for one in clauses):
        stated["hukou"] = "urban"


def _no_such_thing(turn: Turn, stated: dict[str, Any]) -> None:
    """车？哪来的车哟: none."""
    for found in reading.pattern("no_such_thing").finditer(turn.heard.text):
        if found[1] == "车":
            stated.setdefault("car", False)
        else:
            stated.setdefault("deposit", 0)


def _none_disabled(turn: Turn, stated: dict[str, Any]) -> None:
    """冇残疾证, 家里没有残疾人 to another question: as good as the answer to its own."""
    clauses = [reading.bare(one) for one in _CLAUSE.split(turn.heard.text) if one]
    if "disability_type" not in stated and any(map(_NONE_DISABLED.fullmatch, clauses)):
        stated.setdefault("disability_level", "无")


def says_none(text: str) -> bool:
    """没办残疾证, 没得低保 and nothing else."""
    said = reading.bare(text)
    lacks = _NONE_DISABLED.fullmatch(said) or reading.pattern("none_held").fullmatch(said)
    return bool(lacks)


def _on_no_aid(turn: Turn, stated: dict[str, Any]) -> None:
    """俺不吃低保: on none, whatever it was taken for."""
    clauses = [reading.bare(one) for one in _CLAUSE.split(turn.heard.text) if one]
    none_held = any(map(reading.pattern("none_held").fullmatch, clauses))
    if reading.pattern("not_on_aid").search(turn.heard.text):
        stated["receiving"] = []
    elif none_held and "receiving" not in turn.state.facts:
        stated.setdefault("receiving", [])  # 伊无低保, 以前没有领过什么钱


#: 公公走了 就我和她: two of us.
_JUST_US = re.compile(
    r"(?:就|只有|只剩|就剩)(?:我|俺)(?:和|跟|同|与)(?:他|她)(?:俩|两个?人?)?(?=$|[，,。；;！! ])"
)
_NONE_DISABLED = re.compile(
    r"(?:家里|屋头|我们?|俺们?|他|她|佢|都|也|全家|现在|是)*"
    r"(?:没有?|没得|冇|莫得|无|不是)(?:人|哪个|啥|什么)?(?:有|得|是|去?办|去?评|领)?过?残疾(?:人|证)?"
)


def _income_of_today(turn: Turn, stated: dict[str, Any]) -> None:
    """六千五是以前，现在就我三千: what is earned now takes the place of what was."""
    found = _NOW_ONLY.search(turn.heard.text)
    known = turn.state.value("monthly_income_total") is not None
    if found is None or not known or "monthly_income_total" in stated:
        return
    read = amounts.amount(turn.heard.text[found.end() :], "money")
    if read is not None and isinstance(read.value, int | float) and read.value >= 100:
        stated["monthly_income_total"] = read.value


_ALONE = re.compile(r"(?:就|只有|家里)?(?:我|俺)?(?:自己)?一个人")


def bare_choice(text: str) -> dict[str, Any]:
    """二级, 肢体, 农村户口: one word that can only mean one fact, asked or not."""
    if reading.says_yes(text) or reading.says_no(text):
        return {}
    if _ALONE.fullmatch(reading.bare(text)):
        return {"household_size": 1}
    # 农村得: a slip for 的; 农村护口 is dictated
    word = re.sub(r"(?:残疾|[户护]口|证)?得?$", "", reading.bare(text))
    hits = [
        (key, question.words[word])
        for key, question in QUESTIONS.items()
        if question.kind == "choice" and not question.listed and word in question.words
        if key != "legal_matter"  # 低保 names a programme, no quarrel about it
    ]
    return dict(hits) if len(hits) == 1 else {}
