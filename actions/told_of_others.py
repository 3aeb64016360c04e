"""What is told of others than whom the talk is about, and what only sounds like a fact.

爷爷七十六 is not the age of the pupil who says it, 弟弟读初二 not the school of whoever goes to
university, 摔了一跤 no household of one. Left out is only what the words show; the sentence itself
goes to the caseworker with the story.
"""

from __future__ import annotations

import re
from typing import Any

from actions import ages, amounts, reading
from actions.turn import Turn

_FIGURE = r"[\d一二两三四五六七八九十]"
_OLDER = r"(?:今年|现在|现年|都|也|已经|快|才|刚|有|了|是|的|年纪|岁数|虚岁)*"
_BROTHER = re.compile(
    r"(?:弟弟?|妹妹?|哥哥?|姐姐?|[老小]的|老[二三四五]|侄[子女儿]?|堂|表)[^，,。;我]{0,6}"
    r"(?:[读上念]|小学|初[中一二三]|高[中一二三]|大[学一二三四]|中职|幼儿园)"
)
#: 还有婆婆七十: one more of the household.
_ONE_MORE = re.compile(r"还有|另外|加上|外加")
_ONE_HEAD = re.compile(
    r"一个人|一口人?|1个?人|一人|(?:就|只|剩|光)[^，,。]{0,2}(?:我|俺|阮|自己)|我自己|独|孤|单身|单过|光棍|^(?:就|只有)?[一1]个?$"
)
_PAID_BACK = re.compile(
    r"(?:还(?:了|清|完|掉)|还债|抵了?债)(?!.{0,12}(?:还欠|还差|还剩|剩下?|欠着))"
)
_STILL_OWED = re.compile(r"欠|借|差|剩|没还|还不")
#: 一个月自己还得掏两千: a rate, no month of waiting.
_BY_THE_MONTH = re.compile(r"一个月(?!了|没|前|多)")
_WAITED = re.compile(r"等|交了|没(?:有)?(?:消息|下文|动静|回音|结果)|停|拖|欠|没发|没给")
#: 我一个月能给八百: sent to them, and not what the household lives on altogether.
_GIVES = re.compile(
    r"(?:我|俺|阮)[^，,。]{0,8}?(?:给|寄|贴补|补贴|支援)(?:他|她|他们|家里|爸妈|老人|我妈|我爸)?"
    + _FIGURE
)
#: 我在外地打工一个月三千, said by a child of whoever is talked about: a household of its own.
_OWN_WAGE = re.compile(
    r"(?:我|俺|阮)(?:自己|一个人|现在)?(?:月?工资|打工|上班|(?:在|去|到)[^，,。;]{1,8}?(?:打工|上班|做事|做工|干活)"
    r"|(?:一个?|每)月(?:挣|赚|拿|工资))[^，,。;家]{0,10}" + _FIGURE
)
_ONLY_CHILD = re.compile(r"(?:就|只有?|独)(?:我|俺)(?:这么)?一个(?:女儿|儿子|闺女|姑娘|娃|孩子|崽)")
#: 娃一个六岁一个九岁: so many ages, so many children.
_EACH_AGED = re.compile(
    r"(?:一个|老[大二三四]|[大小二]的)(?:才|都|刚|今年|是|有|就)?" + _FIGURE + r"{1,2}(?:岁|个月)?"
)
_HAS_CHILD = re.compile(r"(?:带|养|生|有)(?:了|着|个|一个|两个)*(?:娃|孩|崽|小孩|女儿|儿子)")
#: 娃他妈走了: dead or gone away; only the one who says it knows.
_GONE_OR_DEAD = re.compile(
    r"(?:娃|孩子?|他|她)(?:他|她)?(?:妈妈?|娘|爸爸?|爹)走了(?![^。]{0,8}(?:年|坟|葬|病))"
)
_SURELY_DEAD = re.compile(r"死|去世|过世|病逝|病故|离世|不在了|车祸|淹|葬")
#: 有公益岗没有 asks and answers nothing.
_HAVE_OR_NOT = re.compile(
    r"^(?:那|请问|你们|这里|现在)*有[^，,。没]{1,12}没(?:有|得)?(?:嘛|啊|呢|哦)?[?？]?$"
)
_OWN_YEARS = re.compile(
    r"^(?:我|俺|今年|都|已经|快|也)*[\d一二三四五六七八九十]{2,3}(?:岁)?了[。！!]?$"
)
#: 我自己去说还是你们来: a question, no household of one.
_WHICH_OF_TWO = re.compile(r"自己.{0,10}还是(?!一个人)")
#: 姐姐三十九, in reply to how many they are.
_KINS_YEARS = re.compile(
    r"^(?:我|俺)?(?:爷爷|奶奶|外公|外婆|爸爸?|妈妈?|爹|娘|公公|婆婆|哥哥?|姐姐?|老公|老婆|老伴|他|她|老人)"
    r"(?:今年|都|已经|快|也)*[\d一二三四五六七八九十]{2,3}(?:岁)?了?[。！!]?$"
)
_MOST_HEADS = 30


def sober(turn: Turn, stated: dict[str, Any]) -> None:
    """Take away what the words around it show to be no such fact."""
    text = turn.heard.text
    if no_head(text, stated.get("household_size")) and not turn.heard.chosen:
        del stated["household_size"]
    _years_not_heads(turn, stated)
    _one_more_lives_here(turn, stated)
    if "debt" in stated and _PAID_BACK.search(text) and not _STILL_OWED.search(text):
        del stated["debt"]
    waits = stated.get("waiting_months") == 1 and turn.state.asking != "waiting_months"
    if waits and _BY_THE_MONTH.search(text) and not _WAITED.search(text):
        del stated["waiting_months"]
    if "monthly_income_total" in stated and (_GIVES.search(text) or _is_own_wage(turn)):
        del stated["monthly_income_total"]
    if _ONLY_CHILD.search(text) and not _HAS_CHILD.search(text):
        stated.pop("num_children", None)
    if stated.get("num_children") == 1 and len(_EACH_AGED.findall(text)) > 1:
        stated["num_children"] = len(_EACH_AGED.findall(text))
    if _GONE_OR_DEAD.search(text) and not _SURELY_DEAD.search(text):
        for key in ("father_state", "mother_state", "parents_status"):
            if stated.get(key) == "dead" or "亡" in str(stated.get(key, "")):
                del stated[key]
    if _HAVE_OR_NOT.search(text):
        for entity in turn.heard.entities:
            if isinstance(entity.get("value"), bool):
                stated.pop(str(entity.get("entity")), None)


#: 还有他妈七十四了，跟到我们住: one more than were counted by name (就我带两个娃), not by figure.
_LIVES_WITH_US = re.compile(
    r"(?:还有|另外|外加|加上)[^，,。还]{0,3}(?:爷爷|奶奶|外公|外婆|[爸妈爹娘]|婆婆|公公|岳母|岳父|老丈人|丈母娘|老人)"
    r"[^。！？]{0,10}(?:跟|和|随|同)(?:到|着)?(?:我|俺|我们|俺们|咱们?)(?:一起|一块儿?|一锅)?(?:住|过|吃|生活)"
)
_COUNTED = re.compile(r"[\d一二两三四五六七八九十](?:口|个?人)|[两俩仨]口|几口")


def _one_more_lives_here(turn: Turn, stated: dict[str, Any]) -> None:
    told = turn.state.facts.get("household_size")
    if told is None or "household_size" in stated or not isinstance(told.value, int):
        return
    if _LIVES_WITH_US.search(turn.heard.text) and not _COUNTED.search(told.sentence):
        stated["household_size"] = told.value + 1


def _is_own_wage(turn: Turn) -> bool:
    about = turn.heard.value("for_relation") or turn.state.value("for_relation")
    asked = turn.state.asking == "monthly_income_total"
    return about in ages.ELDERS and not asked and bool(_OWN_WAGE.search(turn.heard.text))


def no_head(text: str, heads: Any) -> bool:
    """摔了一跤, 一个事儿吗: a one that counts nobody."""
    if heads == 1 and _WHICH_OF_TWO.search(text):
        return True
    return heads == 1 and "一" in text and not _ONE_HEAD.search(reading.squeezed(text))


def is_anothers(turn: Turn, key: str) -> bool:
    """爷爷七十六, 弟弟读初二: of another than whoever is talked about."""
    state = turn.state
    if turn.heard.chosen or state.asking == key:
        return False
    if key == "student_stage":
        return key in state.facts and bool(_BROTHER.search(turn.heard.text))
    return key == "age" and _is_anothers_age(turn)


def leaves_own_age(turn: Turn, relation: Any) -> bool:
    """Was the age told before that of the speaker, who now turns to somebody else?"""
    told = turn.state.facts.get("age")
    if told is None or told.message_id == turn.message_id or relation in (None, "本人"):
        return False
    return ages.is_the_speakers_own(told)


def _is_anothers_age(turn: Turn) -> bool:
    """A relative's age, told after that of whoever is talked about or as one more at home."""
    state, text = turn.state, turn.heard.text
    about = turn.heard.value("for_relation") or state.value("for_relation")
    for relation, words in reading.patterns("kin").items():
        for found in words.finditer(text):
            told = re.match(_OLDER + _FIGURE, text[found.end() :])
            if told is None or relation in {"本人", about}:
                continue
            before = text[: found.start()]
            if "age" in state.facts or _ONE_MORE.search(before):
                return True
    return False


def _years_not_heads(turn: Turn, stated: dict[str, Any]) -> None:
    """六十一了, said where the heads were asked for: an age."""
    state = turn.state
    heads = stated.get("household_size")
    if state.asking != "household_size" or "age" in state.facts or "age" in stated:
        return
    text = reading.squeezed(turn.heard.text)
    if not _OWN_YEARS.search(text) and not _KINS_YEARS.search(text):
        return
    read = amounts.amount(turn.heard.text)
    if read is not None and isinstance(read.value, int) and read.value > _MOST_HEADS:
        if heads is not None:
            del stated["household_size"]
        stated["age"] = read.value
