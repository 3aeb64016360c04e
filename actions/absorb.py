"""Taking in everything a message states, before anybody decides what to say.

Several facts from one sentence, corrections from anywhere, ranges, contradictions (kept, and
echoed), impossible values (refused, the state unharmed), personal numbers as vault tokens. A short
reply is read in the light of the open question.
"""

from __future__ import annotations

import re
from typing import Any

from actions import (
    ages,
    amounts,
    reading,
    told_aside,
    told_money,
    told_numbers,
    told_of_others,
    told_where,
)
from actions.absorbed import Absorbed, Noted, Refused
from actions.asked import FACT_KEYS, LISTED, MONEY, OPEN, PEOPLE, QUESTIONS, Question
from actions.state import Fact
from actions.told_numbers import TOKEN
from actions.told_where import LOOSE
from actions.turn import Turn
from rules import facts as rule_facts
from rules.errors import FactError

__all__ = ["TOKEN", "Absorbed", "Noted", "Refused", "absorb", "evidence"]

_SHORT_REPLY = 12
#: What 没有领过 does not refuse.
_OFFERS = frozenset({"offer_declare", "offer_person"})
#: A yes to these agrees to something or sets it going.
_BINDING = _OFFERS | {"consent", "review", "confirm_withdraw"}
#: What a short 没得存款 denies by its own name, whatever was asked.
_DENIED_BY_NAME = frozenset({"car", "deposit", "debt", "receiving", "disability_level"})
#: 删掉一份 is no name.
_DEEDS = frozenset({"withdraw_case", "update_case", "check_status"})
#: 住三年啊 is no sum of three yuan.
_OF_TIME = re.compile(
    r"[\d一二两三四五六七八九十半几](?:来|多)?(?:年|天|个月|岁|周|星期|小时)(?!.*[块元钱万千百])"
)
#: The language model fills these when it must guess; an open money question knows better.
_YEARLY, _BY_MONTH = frozenset({"tuition", "deposit", "debt"}), re.compile("每个?月|一个?月|月入")
_GUESSED_MONEY = frozenset({"monthly_income_total", "monthly_income_member", "annual_income_total"})


def absorb(turn: Turn) -> Absorbed:
    """Update the state's facts from this message and report what changed."""
    heard, state = turn.heard, turn.state
    got = Absorbed(facts_before=dict(state.facts), region_before=state.region)
    got.corrected = bool(heard.value("correction")) or (
        not heard.chosen and reading.corrects(heard.text)
    )
    stated = _stated(turn, got)
    told_where.take(turn, stated, got)
    told_numbers.take(turn, stated, got)
    # 找个人 answers no question, also where a name or a relation was asked for.
    if state.asking and not got.refused and heard.intent != "human_handoff":
        _answer(turn, stated, got)
        if ages.of_children(turn, stated) and state.asking == "age":
            got.answer = None
    for key, value in stated.items():
        _note(turn, key, value, got)
    state.refused = got.refused[-1].key if got.refused else None
    if got.noted:
        state.last_key = got.noted[-1].key
    return got


def _stated(turn: Turn, got: Absorbed) -> dict[str, Any]:
    """The facts the language model found, and what a bare amount means after a correction."""
    heard, state = turn.heard, turn.state
    stated: dict[str, Any] = {}
    for entity in heard.entities:
        key, value = entity.get("entity"), entity.get("value")
        if key not in FACT_KEYS or key in {"region", "phone", "id_number"} or value is None:
            continue
        if _inside_token(heard.text, entity):
            continue
        if heard.chosen and isinstance(value, str):
            value = amounts.band(value)
        known = QUESTIONS.get(key)
        if isinstance(value, bool) and known is not None and known.kind == "choice":
            value = known.yes if value else known.no  # 干不了 heard as a plain no
            if value is OPEN:
                continue
        if key in LISTED:
            value = [*stated.get(key, []), *(value if isinstance(value, list) else [value])]
        stated[key] = value
    if heard.chosen:
        return stated
    if heard.intent == "human_handoff":
        stated.pop("name", None)  # 叫真人来 names nobody
    if reading.pattern("one_more").search(heard.text):
        stated.pop("household_size", None)  # 家里多了一口人 is no household of one
    told_money.sober(turn, stated)
    told_aside.sober(turn, stated)
    told_of_others.sober(turn, stated)
    ages.of_children(turn, stated)
    no_denial = heard.intent == "deny" and not reading.negates(heard.text)
    if not stated and (heard.intent in LOOSE or no_denial):
        stated.update(told_aside.bare_choice(heard.text))
    names_place = bool(heard.values("region")) or state.asking == "region"
    if "name" not in stated and "name" not in state.facts and _filing(turn) and not names_place:
        named = reading.name(heard.text, asked=False)
        if named is not None:
            stated["name"] = named
    target = _corrected_amount(turn) if got.corrected else state.asking
    question = QUESTIONS.get(target or "")
    if question is not None and question.is_amount:
        _retarget(turn, question, stated, got)
        ages.of_children(turn, stated)
    return stated


def _inside_token(text: str, entity: dict[str, Any]) -> bool:
    """Digits of a vault token are not facts."""
    start, end = entity.get("start"), entity.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return False
    return any(found.start() <= start and end <= found.end() for found in TOKEN.finditer(text))


def _corrected_amount(turn: Turn) -> str | None:
    """Which amount 不对，是两千 takes back: the last one told that fits 块, 口 or 岁.

    A figure told is meant before one that only followed from 没有.
    """
    state = turn.state
    if state.refused == state.asking is not None:
        return state.asking
    taken_back, meant = amounts.corrected(turn.heard.text)
    read = amounts.amount(meant)
    if read is None:
        return None
    told = [
        key
        for key, fact in state.facts.items()
        if (known := QUESTIONS.get(key)) is not None
        and known.is_amount
        and read.measure in {known.kind, "plain"}
        and fact.value not in (0, None)
    ]
    before = amounts.amount(taken_back)
    same = [key for key in told if before is not None and state.value(key) == before.value]
    if same:
        return same[-1]  # 不是三千，是三千五 names what it takes back
    return state.last_key if state.last_key in told else told[-1] if told else None


def _filing(turn: Turn) -> bool:
    return bool({"draft", "emergency", "request"} & set(turn.state.flow))


def _retarget(turn: Turn, question: Question, stated: dict[str, Any], got: Absorbed) -> None:
    """A bare amount belongs to the question asked (or the fact corrected), not to a guess."""
    said = amounts.corrected(turn.heard.text)[1] if got.corrected else turn.heard.text
    if question.key in _YEARLY and _BY_MONTH.search(said):
        return  # 一个月一千六 is no school fee
    read = amounts.amount(said, question.kind)  # type: ignore[arg-type]
    if read is None or not read.whole or read.measure not in {question.kind, "plain"}:
        return
    numeric = [key for key in stated if key in MONEY | PEOPLE | {"age"}]
    if len(numeric) > 1 or (numeric and not _may_replace(turn, numeric[0], question, got)):
        return
    for key in numeric:
        if key != question.key:
            del stated[key]
    stated.setdefault(question.key, read.value)


def _may_replace(turn: Turn, key: str, question: Question, got: Absorbed) -> bool:
    if key == question.key:
        return True
    if got.corrected and key == turn.state.asking:
        # 不对，是两千 takes back what was told; only its own words make it the open answer.
        return question.kind == QUESTIONS[key].kind and not told_money.names(turn, key)
    if question.kind == "money":
        return key in _GUESSED_MONEY
    return got.corrected and question.kind == "people" and key in PEOPLE


def _answer(turn: Turn, stated: dict[str, Any], got: Absorbed) -> None:
    """What the message says to the open question: a value, 不清楚, or a plain yes or no."""
    heard, state = turn.heard, turn.state
    asking = state.asking or ""
    question = QUESTIONS.get(asking)
    if reading.pattern("help_came").search(heard.text):
        return  # 120来了 counts no heads
    if asking in stated:
        got.answer = "value"
        return
    if heard.value("unknown") or (not heard.chosen and _evades(heard.text, asking)):
        got.answer = "unknown"
        return
    if not heard.chosen and asking in QUESTIONS and reading.gives_up(heard.text):
        return
    # The words themselves first: 没问题 is a yes, whatever it was taken for.
    says_yes = not heard.chosen and _says_yes(turn)
    says_no = not heard.chosen and not says_yes and reading.says_no(heard.reply)
    if says_no and not _DENIED_BY_NAME.isdisjoint(stated):
        says_no = reading.begins_with_no(heard.text)  # 没得存款 in reply to 家里有汽车吗
    if says_no and question is not None and question.is_amount:
        says_no = reading.denies_amount(heard.text) and not stated
    if not says_yes and not says_no and not got.corrected:
        says_no = heard.intent == "deny" and not stated and _denies(turn, question)
        says_yes = heard.intent == "affirm" and (heard.chosen or asking not in _BINDING)
        says_yes = says_yes and not reading.asks_back(heard.reply)
    if says_no and asking in _OFFERS and not heard.chosen and heard.intent != "deny":
        says_no = reading.declines(heard.reply)
    if question is None:
        got.answer = "yes" if says_yes and not says_no else "no" if says_no else None
        return
    value = OPEN
    taken_back = got.corrected and stated and question.is_amount
    # 石柱 begins like a name and is a county
    placed = question.kind == "name" and heard.values("region") and "叫" not in heard.text
    if not heard.chosen and not taken_back and not placed:
        value = _read(question, heard.text, bool(set(stated) - {"phone"}), heard.intent)
    if asking == "household_size" and (
        "age" in stated or told_of_others.no_head(heard.text, value)
    ):
        value = OPEN
    if value is OPEN and says_no and not got.corrected:
        got.answer, value = "no", question.no
    elif value is OPEN and says_yes:
        got.answer, value = "yes", question.yes
    if value is not OPEN:
        stated[asking] = value
        got.answer = "value"


def _denies(turn: Turn, question: Question | None) -> bool:
    """Is what sounds like no a no to this question? 先不报了 is no sum of money."""
    text = turn.heard.text
    if turn.heard.chosen:
        return True
    if question is not None and question.is_amount:
        return reading.denies_amount(text)
    return reading.negates(text)


def _says_yes(turn: Turn) -> bool:
    """没意见 is a yes too; 你好, 好难 and 能行吗 only sound like one."""
    text = turn.heard.reply
    if turn.state.asking in _BINDING:
        return reading.assents(text) and (reading.says_yes(text) or turn.heard.intent == "affirm")
    return reading.says_yes(text) and not reading.asks_back(text)


def _evades(text: str, asking: str) -> bool:
    if reading.says_unknown(text):
        return True
    return asking in {"name", "phone", "region", "place"} and reading.says_refused(text)


def _read(question: Question, text: str, other_facts: bool, intent: str) -> Any:
    """The reply as a value of this question, or OPEN."""
    asks = reading.pattern("ends_asking").search(text)
    if (question.kind == "choice" or question.words) and not asks:
        for word, value in question.words.items():
            if word in text:
                return [value] if question.listed else value
    if question.is_amount:
        read = amounts.amount(text, question.kind)  # type: ignore[arg-type]
        loose = intent in LOOSE and not other_facts and len(text) <= _SHORT_REPLY
        loose = loose and not (question.kind == "money" and _OF_TIME.search(text))
        if read and read.measure in {question.kind, "plain"} and (read.whole or loose):
            return read.value
    if question.kind == "name":
        deed = intent.startswith("ask_") or intent in _DEEDS
        deed = deed or bool(reading.pattern("goes_on").fullmatch(reading.squeezed(text)))
        found = reading.name(TOKEN.sub("", text), asked=not other_facts and not deed)
        return found or OPEN
    if question.kind == "kin":
        named = reading.pattern("name_led").search(text)  # 他叫包志远 tells who, not whose
        return reading.kin(amounts.corrected(text)[1]) or (
            reading.bare(text) if len(text) <= 6 and not named else OPEN
        )
    if question.kind == "text" and intent == "inform_facts" and not other_facts:
        stripped = reading.bare(text)
        if 1 < len(stripped) <= 20 and not reading.says_no(text) and not reading.says_yes(text):
            return stripped
    return OPEN


def evidence(turn: Turn, key: str, value: Any) -> Fact:
    """The fact with what was said, or with what the pressed button reads; never a number."""
    said = turn.heard.text
    if turn.heard.chosen:
        said = turn.words.part("pressed", fact=turn.words.fact(key, value))
    return Fact(value, TOKEN.sub("", said), turn.message_id, asked=key == turn.state.asking)


def _note(turn: Turn, key: str, value: Any, got: Absorbed) -> None:
    state = turn.state
    before = state.value(key)
    if key in LISTED and before and isinstance(value, list) and value and not got.corrected:
        value = [*before, *(item for item in value if item not in before)]
    added = not got.corrected and told_money.adds_up(turn, key, value)
    if added:
        value = before + value
    if key in state.facts and before == value:
        return
    if key == "age" and ages.is_a_childs(turn, value):
        return
    told = state.facts.get(key)
    if key == "age" and not got.corrected and ages.is_the_speakers(turn, told):
        got.aside = True
        return
    if key == "age" and not got.corrected and ages.is_a_siblings(turn, told):
        return
    if not got.corrected and told_of_others.is_anothers(turn, key):
        return
    try:
        rule_facts.check(rule_facts.heard({**state.stated(), key: value}))
    except FactError as error:
        got.refused.append(Refused(key, error.reason_zh))
        return
    state.facts.pop(key, None)  # the order of the facts is the order of telling
    state.facts[key] = evidence(turn, key, value)
    if key in state.declined:
        state.declined.remove(key)
    if key == "for_relation" and told_of_others.leaves_own_age(turn, value):
        state.facts.pop("age")  # 我13岁, and then 帮我爷爷申请
    if key == "annual_income_total" and got.corrected:
        state.facts.pop("monthly_income_total", None)  # 算一年两万吧 takes the month back
    got.noted.append(Noted(key, value, before, got.corrected, added))
