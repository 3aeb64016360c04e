"""天津呢, 那低保呢, 2023年呢, 住养老院的呢: the last question again, about something else."""

from __future__ import annotations

import re
from typing import Any

from actions import places, reading
from actions.absorb import Absorbed
from actions.flows import questions, screening
from actions.turn import Turn
from knowledge import answers, glossary

#: A follow-up has few words; more tell something of their own.
_SHORT, _SHORT_ASIDE = 12, 20
#: 低保边缘的呢: a name, 那, 的 and 呢.
_BARE = 8
_NEVER = frozenset({"crisis_emergency", "human_handoff"})
_DETAILS = frozenset({"region", "hukou"})
#: Facts that a question about the rules may name in passing.
_NO_HOUSEHOLD = _DETAILS | {"receiving", "death_in_family", "supporter", "for_relation"}
#: Who is in one of these asks what the other programmes give them.
_STATUSES = frozenset({"dibao", "dibao_bianyuan", "tekun"})
_FOR_STATUSES = frozenset({"yiliao", "jiaoyu", "zhufang"})
#: Facts whose value is a word of the rules themselves, and where those say it otherwise.
_WORDED = frozenset({"student_stage", "disability_level", "disability_type", "self_care"})
#: Who asked this wonders whether it is for them: after the rule they are looked at.
_WONDERS = frozenset({"ask_eligibility_conditions", "ask_family_definition"})
_SAID_AS = {"高中": "普高", "大专": "大专", "智力": "智力"}
#: 彼特困的咧，佇厝內養: the question first, then of whom.
_THEN_MORE = re.compile(r"[呢咧哩][，,、 ]")
_UNSURE = frozenset(("inform_facts", "nlu_fallback", "out_of_scope_chitchat", "out_of_scope_gov"))
_DEEDS = frozenset(("self_declare", "report_for_other", "withdraw_case", "update_case"))
#: Surer than this, a question of its own kind was heard, unless it is nothing but a name and 呢.
_CLEAR = 0.8


def elsewhere(turn: Turn, before: dict[str, Any]) -> bool:
    """天津呢 from somebody of 忠县: answered for there, and nobody has moved. True when it was."""
    state = turn.state
    if state.region is None or not _follows(turn, before) or not _asks_on(turn):
        return False
    named = turn.heard.values("region")
    others = {e.get("entity") for e in turn.heard.entities} - {"region", "program"}
    if len(named) != 1 or others or turn.heard.names_programme:
        return False
    return _told_for(turn, before, named)


def _told_for(turn: Turn, before: dict[str, Any], named: list[Any]) -> bool:
    state = turn.state
    found = places.resolve_heard(named, near=state.region)
    if found is None or found.options:
        return False
    home, state.region = state.region, found.code
    questions.tell(turn, before["labels"], before["programme"], before["words"], waits=False)
    state.region = home
    return True


def word(turn: Turn, before: dict[str, Any]) -> bool:
    """那封顶线呢, after a word was explained: the next word. True when it was."""
    said = reading.squeezed(turn.heard.text)
    if turn.heard.chosen or len(said) > _SHORT or not _asks_on(turn):
        return False
    if set(turn.state.flow) - {questions.TOPIC} or not before.get("words"):
        return False
    if glossary.asked(str(before["words"])) is None:
        return False
    asked = f"{said.removeprefix('那').rstrip('呢')}是什么意思"
    term = glossary.asked(asked)
    if term is None or not term.cites:
        return False
    questions.tell(turn, ["ask_program_overview"], before["programme"], asked, waits=False)
    return True


def aside(turn: Turn, before: dict[str, Any]) -> bool:
    """读研究生的呢, 住养老院的呢: asked of a kind of people, so nothing is told of one's own.

    The words of both questions together find the narrower answer. True when it was answered.
    """
    if not _is_aside(turn, before):
        return False
    text = reading.squeezed(turn.heard.text)
    if turn.state.region and _told_for(turn, before, [text.rstrip("呢咧哩的").removeprefix("那")]):
        return True
    programme = _programme(turn, before, text)
    words: str | None = f"{turn.heard.text} {before['words'] or ''}"
    if programme != before["programme"]:
        words = turn.heard.text
    elif any(answers.has_topic(one, programme, text) for one in before["labels"]):
        words = turn.heard.text  # 当兵的呢, after 坐牢的算不算: a narrower answer of its own
    elif reading.pattern("now_word").search(text):
        words = None  # and no more of 2019
    turn.state.close(questions.TOPIC)
    turn.state.question = {}
    questions.tell(turn, before["labels"], programme, words, hukou=_hukou(text))
    return True


def again(turn: Turn, got: Absorbed, before: dict[str, Any]) -> bool:
    """我在武清, 农村的呢, 那低保呢, 2023年呢 right after an answer. True when it was one."""
    if not _follows(turn, before):
        return False
    programme, words, keys = before["programme"], before["words"], set(got.keys)
    if keys and keys <= _DETAILS:
        if not questions.differs(turn, before):
            return _same_here(turn, keys)
    elif keys or _WORDED & {one.get("entity") for one in turn.heard.entities}:
        return _borne_out(turn, got, before)
    elif not _asks_on(turn):
        return False
    elif turn.heard.programmes:
        programme = turn.heard.programmes[0]
        turn.state.programmes = [c for c in turn.state.programmes if c != programme] + [programme]
    elif reading.pattern("a_time").search(turn.heard.text):
        words = turn.heard.text + (words or "")
    else:
        return False
    questions.tell(turn, before["labels"], programme, words)
    return True


def _borne_out(turn: Turn, got: Absorbed, before: dict[str, Any]) -> bool:
    """他还在读中职, after 满十八岁还在读普高、中职的，接着享受: the sentence that this is about."""
    fresh = _WORDED & set(got.keys) or _WORDED
    told_now = [one for one in turn.heard.entities if one.get("entity") in fresh]
    words = [_SAID_AS.get(str(one["value"]), str(one["value"])) for one in told_now]
    others = {one.key for one in got.noted} - _WORDED - {"mental_illness"}
    if others or not words or turn.state.draft or turn.state.screened:
        return False
    told = [one for one in before.get("told", ()) if all(word in one for word in words)]
    if not told:
        return False
    turn.said = [said for said in turn.said if said.response != "utter_facts_noted"]
    turn.say("utter_answer", answer=answers.of_your_case(told[0]))
    turn.state.answered = before
    if _WONDERS & set(before["labels"]):
        screening.begin(turn)
    return True


def _same_here(turn: Turn, keys: set[str]) -> bool:
    """忠县永丰镇, after a question that tells of no household: it holds there too, nothing more."""
    state = turn.state
    if keys != {"region"} or set(state.facts) - _NO_HOUSEHOLD:
        return False
    turn.say("utter_answer_same_here", region=state.value("region"))
    return True


def _follows(turn: Turn, before: dict[str, Any]) -> bool:
    heard, state = turn.heard, turn.state
    if not before or not before.get("labels") or heard.chosen or heard.intent in _NEVER:
        return False
    if set(state.flow) - {questions.TOPIC}:
        return False
    only = reading.pattern("only_named").fullmatch(reading.squeezed(heard.text))
    if only and heard.names_programme:
        return True  # 低保呢, whatever it was taken for
    return len(reading.bare(heard.text)) <= _SHORT and not heard.intent.startswith("ask_")


def _asks_on(turn: Turn) -> bool:
    return turn.heard.text.rstrip(" ？?。！!").endswith("呢")


def _is_aside(turn: Turn, before: dict[str, Any]) -> bool:
    heard, state = turn.heard, turn.state
    if not before.get("labels") or heard.chosen or heard.intent in _NEVER | _DEEDS:
        return False
    said = reading.squeezed(heard.text)
    of_money = reading.pattern("names_money").search(said.split("呢")[0])
    if set(state.flow) - {questions.TOPIC} or (heard.values("region") and not of_money):
        return False
    if len(said) > _SHORT_ASIDE or reading.pattern("tells_own").search(said):
        return False
    if said.endswith(("呢", "咧", "哩")) or _THEN_MORE.search(heard.text):
        asks_more = reading.pattern("asks_more").search(said)
        bare = heard.names_programme and len(said) <= _BARE
        clear = heard.intent.startswith("ask_") and heard.confidence > _CLEAR and not bare
        return not clear and not asks_more
    short = len(said) <= _SHORT and heard.intent in _UNSURE
    return short and bool(of_money) and "ask_income_property_rules" in before["labels"]


def _programme(turn: Turn, before: dict[str, Any], text: str) -> str:
    """Another programme when one is named; 低保边缘的呢 asks what medical aid gives those."""
    named = [code for code in turn.heard.programmes if turn.heard.names_programme]
    if "残疾" in text or "护理" in text or "生活补贴" in text:
        named = ["canji_butie"]
    if not named:
        return str(before["programme"])
    status = named[0] in _STATUSES and before["programme"] in _FOR_STATUSES and "的" in text
    if status:
        return str(before["programme"])
    known = turn.state.programmes
    turn.state.programmes = [code for code in known if code != named[0]] + [named[0]]
    return str(named[0])


def _hukou(text: str) -> str | None:
    """Which standard 屯子里的呢 asks for."""
    if reading.pattern("countryside").search(text):
        return "rural"
    return "urban" if reading.pattern("town").search(text) else None
