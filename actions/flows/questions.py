"""Questions about programmes: every one in the message gets a short, cited answer."""

from __future__ import annotations

import re
from typing import Any

from actions import hearing, places, reading
from actions.absorb import Absorbed
from actions.flows import granted, hidden_need, medical, pages, speech
from actions.state import QUESTION
from actions.turn import Button, Turn
from knowledge import answers, glossary
from knowledge import search as knowledge_search
from knowledge.asked_day import asked_day
from rules.programmes import CODES

TOPIC = QUESTION
_CLAUSES = re.compile(r"[，,、。；;？?！!]+")
_SHORT = 16
#: A question about a rule is short; whoever tells more, or more facts, is screened at once.
_RULE_ASKED, _TOLD_LITTLE = 40, 4
#: Programmes without answers of their own, and the word their general one is found by.
_BY_WORD = {"qunuan": "取暖", "binzang": "丧葬"}
#: The code of no programme: what holds for aid in general.
GENERAL = "none"
#: Granted to one person, whose household is no matter.
_OF_ONE_PERSON = frozenset({"canji_butie", "gu_er_ertong", "tekun", "liulang", "falv"})
OFFERED = (
    "ask_eligibility_conditions", "ask_amount_standard", "ask_materials", "ask_how_to_apply",
)  # fmt: skip


def answer(turn: Turn, got: Absorbed) -> None:
    """Answer all questions asked, in order, with place, date and source."""
    del got
    state = turn.state
    offering = hidden_need.due(turn)
    if medical.asked(turn):
        medical.explain(turn, looks=not offering)
    elif reading.applies_anew(reading.bare(turn.heard.text)):
        turn.say("utter_answer_may_again")
    else:
        home, there = state.region, _asked_place(turn)
        state.region = there or home
        _all(turn, offering, waits=there is None)
        state.region = home
    if offering:
        hidden_need.offer(turn)


def _all(turn: Turn, offering: bool, *, waits: bool = True) -> None:
    programme, assumed = programme_of(turn)
    labels = _asked(turn)
    if assumed:
        turn.say("utter_answer_assumed", programme=turn.words.code(programme))
    if "ask_amount_standard" in labels:
        granted.tell_own(turn, programme)
    if len(labels) > 1:
        turn.say("utter_answer_several", count=len(labels))
    words = None if turn.heard.chosen else turn.heard.text
    tell(turn, labels, programme, words, offering=offering, waits=waits)


def _asked_place(turn: Turn) -> str | None:
    """2017年重庆低保标准是多少 from somebody of 天津: answered for there, and nobody has moved."""
    named, home = turn.heard.values("region"), turn.state.region
    if home is None or not named:
        return None
    found = places.resolve_heard(named, near=home)
    if found is None or found.options or found.code[:2] == home[:2]:
        return None
    return found.code


def rule_first(turn: Turn, got: Absorbed) -> None:
    """能享护理补贴吗, 岁数到了就有低保吧: what the rule says, before the household is asked.

    Only where it answers more than the screening will: a narrower topic, or another programme than
    低保 of somebody who has told little.
    """
    heard, state = turn.heard, turn.state
    if heard.chosen or state.flow or state.screened:
        return
    if len(heard.text) > _RULE_ASKED or not hearing.asks(heard.text):
        return
    named = heard.programmes if heard.names_programme else []
    programme, label, words = (named or ["dibao"])[0], "ask_eligibility_conditions", heard.text
    if programme in _BY_WORD:
        words = f"{words} {_BY_WORD[programme]}"
        programme, label = GENERAL, "ask_other_benefits"
    narrow = answers.has_topic(label, programme, words)
    if not named and (heard.programmes or not narrow):
        return  # 家里有五万存款还能不能评: of 低保, where its rules speak of that
    if not narrow and (programme in {"dibao", GENERAL} or len(got.noted) > _TOLD_LITTLE):
        return
    found = _look_up(turn, label, programme, words, None)
    texts = pages.without_place_question(found.body)
    if found.found and texts:
        turn.say("utter_answer", answer="\n".join(texts), sources=pages.sources(found))


def of_another(turn: Turn) -> bool:
    """那我的学费能不能也减点, while medical aid is declared: what the rule says. True when told."""
    heard, state = turn.heard, turn.state
    if heard.chosen or not hearing.asks(heard.text) or len(heard.text) > _RULE_ASKED:
        return False
    known = state.draft.get("programmes", []) if "draft" in state.flow else None
    if known is None and "screening" in state.flow and state.programmes:
        known = [*CODES, state.programmes[0], *state.programmes[:-1]]  # looked at already
    asked = [one for one in heard.programmes if one not in (known or ())]
    if known is None or not asked or asked[0] in _BY_WORD:
        return False
    tell(turn, ["ask_eligibility_conditions"], asked[0], heard.text, waits=False)
    return True


def search(turn: Turn) -> bool:
    """A question of no known kind: the nearest answer, told as such. True when found."""
    heard = turn.heard
    if heard.chosen or turn.state.asking is not None or not hearing.asks(heard.text):
        return False
    named = heard.programmes[0] if heard.names_programme else None
    found = knowledge_search.find(
        heard.text, named, region=turn.state.region, on=turn.today,
        hukou=turn.state.value("hukou"), help_phone=turn.settings.help_phone,
    )  # fmt: skip
    if found is None:
        return False
    turn.say("utter_answer_nearest")
    for number, text in enumerate(pages.paged(pages.without_place_question(found.body))):
        turn.say("utter_answer", answer=text, sources=pages.sources(found) if number == 0 else [])
    return True


def offer(turn: Turn, programme: str) -> None:
    """A programme was heard but not what about it: the commonest questions to choose from."""
    turn.state.misses += 1
    buttons = [
        Button(turn.words.part(f"question_{label}"), f'/{label}{{"program":"{programme}"}}')
        for label in OFFERED
    ]
    turn.say(
        "utter_offer_questions",
        programme=turn.words.code(programme),
        buttons=[*buttons, speech.ways_out(turn)[1]],
    )


def with_detail(turn: Turn, got: Absorbed) -> bool:
    """The place or the hukou an answer waited for has come: answer, for it. True when it did."""
    state = turn.state
    if state.topic != TOPIC:
        return False
    asked, wanted = state.question, state.asking or ""
    state.close(TOPIC)
    state.question = {}
    state.asking = None
    if wanted == "hukou" and got.answer == "unknown":
        state.decline("hukou")
        turn.say("utter_both_standards_told")
        return True
    if wanted not in got.keys or not _is_only(turn, got, wanted):
        return False
    tell(turn, asked["labels"], asked["programme"], asked.get("words"), asked.get("told"))
    return True


def ask_place_again(turn: Turn) -> None:
    """The place that the answer waits for, asked once another question is settled."""
    if turn.state.topic == TOPIC and turn.state.asking == "region":
        turn.say("utter_ask_region")


def _is_only(turn: Turn, got: Absorbed, wanted: str) -> bool:
    """我是泉州丰泽的: what was wanted and nothing else, whatever it was taken for."""
    if turn.heard.intent.startswith(("inform", "nlu", "out_of")):
        return True
    short = len(reading.bare(turn.heard.text)) <= _SHORT
    return short and got.keys == [wanted] and not hearing.asks_something(turn.heard.text)


def tell(
    turn: Turn,
    labels: list[str],
    programme: str,
    asked: str | None,
    told: list[str] | None = None,
    *,
    offering: bool = False,
    waits: bool = True,
    hukou: str | None = None,
) -> None:
    """One message or two for each question; what several answers share is said once, at the end.

    `hukou`: the one asked about, when it need not be the resident's own.

    `told`: what was answered before the place was known, not to be said again word for word.
    `waits`: for the place or the hukou, where the answer would be nearer with it.
    """
    found, texts = _found(turn, labels, programme, asked, hukou)
    said = [s for parts in texts for s in pages.sentences(parts)]
    turn.state.answered = {
        "labels": labels, "programme": programme, "words": asked, "told": said,
    }  # fmt: skip
    if told is not None and set(said) <= set(told):
        turn.say(
            "utter_answer_same_here",
            region=turn.state.value("region"),
            sources=[source for one in found for source in pages.sources(one)],
        )
        return
    if offering:
        texts = [pages.without_place_question(parts) for parts in texts]
    for one, parts in zip(found, texts, strict=True):
        if one.found and not parts:
            continue  # another of the answers says all of it
        if not one.found:
            turn.say(
                "utter_answer_none",
                programme=turn.words.code(programme),
                phone=turn.settings.help_phone,
            )
            continue
        for number, text in enumerate(pages.paged(parts)):
            turn.say("utter_answer", answer=text, sources=pages.sources(one) if number == 0 else [])
    if offering:  # what was waited for before has had its chance
        turn.state.close(TOPIC)
    wanting = [label for label, one in zip(labels, found, strict=True) if "region" in one.gaps]
    if turn.state.flow or not waits:
        return
    by_hukou = [
        _by_hukou(turn, label, one) and hukou is None
        for label, one in zip(labels, found, strict=True)
    ]
    two = [label for label, differs in zip(labels, by_hukou, strict=True) if differs]
    if two and not offering:
        _wait(turn, "hukou", {"labels": two, "programme": programme, "words": asked})
        turn.say("utter_ask_hukou_standard")
    elif wanting:
        told = [s for parts in texts for s in pages.sentences(parts)]
        waiting = {"labels": wanting, "programme": programme, "words": asked, "told": told}
        _wait(turn, "region", waiting)
    elif asked and "ask_review_or_stop" in labels and programme == "dibao":
        _offer_report(turn, asked)


def differs(turn: Turn, before: dict[str, Any]) -> bool:
    """Would the answer given `before` read otherwise, now that more is known?"""
    _, texts = _found(turn, before["labels"], before["programme"], before["words"])
    return not {s for parts in texts for s in pages.sentences(parts)} <= set(before["told"])


def _found(
    turn: Turn, labels: list[str], programme: str, asked: str | None, hukou: str | None = None
) -> tuple[list[answers.Answer], list[list[str]]]:
    """The answers, and their parts without what one of them says already."""
    words = {label: _clause_of(label, asked) if len(labels) > 1 else asked for label in labels}
    found = [_look_up(turn, label, programme, words[label], hukou) for label in labels]
    return found, pages.without_repeats([pages.parts(one, last=one is found[-1]) for one in found])


def _clause_of(label: str, asked: str | None) -> str | None:
    """Of several questions in one message, the words of this one find its narrower answer."""
    if not asked:
        return asked
    clauses = _CLAUSES.split(asked)
    return next((one for one in clauses if label in reading.asked_in(one)), asked)


def _offer_report(turn: Turn, asked: str) -> None:
    """找到工作会不会马上停: whoever works now can have it told to the office, without fear."""
    if not reading.pattern("found_work").search(asked) or asked_day(asked, turn.today):
        return  # what held in 2020 is asked of a rule, not of one's own work
    words = turn.words
    turn.say(
        "utter_offer_report_change",
        buttons=[
            Button(words.part("button_report_work"), '/update_case{"choice":"found_work"}'),
            Button(words.part("button_not_now"), "/deny"),
        ],
    )


def _by_hukou(turn: Turn, label: str, one: answers.Answer) -> bool:
    """Two standards were told: which one is theirs is asked once, unless told or not known."""
    if label != "ask_amount_standard" or "hukou" not in one.gaps or "region" in one.gaps:
        return False
    return not turn.state.knows("hukou")


def _wait(turn: Turn, key: str, question: dict[str, Any]) -> None:
    """Remember what to answer once the place or the hukou is told."""
    state = turn.state
    state.open(TOPIC)
    state.question = {**question, "key": key}
    state.ask(key)


def _asked(turn: Turn) -> list[str]:
    heard = turn.heard
    heard_in_order = [] if heard.chosen else reading.questions(heard.text)
    labels = [*heard_in_order, heard.intent, *heard.secondary]
    return [label for label in dict.fromkeys(labels) if label.startswith("ask_")]


def programme_of(turn: Turn) -> tuple[str, bool]:
    """The programme asked about, else the one talked about.

    有哪些救助 means all of them; anything else is taken for 低保, and said so.
    """
    named = turn.heard.programmes
    if named and (turn.heard.names_programme or not turn.state.programmes):
        return named[0], False
    if _counts_the_household(turn):
        return GENERAL, False
    if turn.state.programmes:
        return turn.state.programmes[-1], False
    if turn.heard.intent == "ask_privacy" or reading.pattern("any_aid").search(turn.heard.text):
        return GENERAL, False
    if glossary.asked(turn.heard.text):
        return GENERAL, False  # a word is to be explained, whichever programme it belongs to
    turn.state.programmes = ["dibao"]
    return "dibao", True


def _counts_the_household(turn: Turn) -> bool:
    """儿子在外打工算不算, for school aid as for 低保: the one household that all look at."""
    heard = turn.heard
    if "ask_family_definition" not in (heard.intent, *heard.secondary[:1]):
        return False
    about = turn.state.programmes[-1] if turn.state.programmes else "dibao"
    if about in _OF_ONE_PERSON or answers.has_topic("ask_family_definition", about, heard.text):
        return False
    return answers.has_topic("ask_family_definition", GENERAL, heard.text)


def _look_up(
    turn: Turn, label: str, programme: str, asked: str | None, hukou: str | None
) -> answers.Answer:
    return answers.answer(
        label,
        programme,
        turn.state.region,
        turn.today,
        hukou or turn.state.value("hukou"),
        question=asked,
        help_phone=turn.settings.help_phone,
    )
