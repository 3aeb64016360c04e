"""What has to hold after every turn of every walk; each breach by its kind, with what shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from actions import ages, amounts
from actions.flows import further
from actions.state import Fact, State
from foundation import clock
from tests.attacks import lint
from tests.walks.resident import plain_yes
from tests.walks.world import RECEIPT, Filed, Step

#: Braces and names of ours, an empty value, a token, a tag of the programme.
_UNFILLED = re.compile(
    r"[{}⟦⟧]|\b(?:None|True|False|nan|null)\b|utter_|[a-z]+_[a-z]+|：。|。。|，。|、、"
)
#: An address, a masked number, a tail, a count of what is shown or waited for.
_NO_FIGURE = re.compile(r"https?://\S+|尾号\d{4}|1\d\d\*{4}\d{4}|\d+(?=个工作日|份|件事|位)")
_QUOTED = re.compile(r"“[^”]*”")
_PERSON = frozenset(("utter_person_requested", "utter_person_waiting", "utter_person_here"))
_AGREES = re.compile(r'"choice":\s*"(?:both|general|submit|submit_general)"')
#: The same words so often in a row go round in circles.
ROUND = 4
#: 7 days of silence keep everything.
_MESSAGE = 600
#: 目录内自己负担的30000元×70%: the working of a figure, shown.
_WORKING = re.compile(r"(\d+(?:\.\d+)?)元×(\d+(?:\.\d+)?)%")
#: What the resident is told when all that was not filed is deleted as they wished.
_FORGOTTEN = "刚才说的家里情况我清掉了"
#: What the resident is told when a sentence is kept as it was said.
_KEPT_IN_WORDS = re.compile("这句也记下了|这些也转过去了")


@dataclass(frozen=True)
class Fault:
    """One breach; walks shrink to the shortest that has a breach of the same kind."""

    kind: str
    detail: str


@dataclass
class Past:
    """What of the walk so far the checks need."""

    numbers: set[str] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)
    typed: list[str] = field(default_factory=list)
    texts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


Check = Callable[[Step, Past], Iterator[str]]


def breaches(step: Step, past: Past) -> list[Fault]:
    """All breaches of one turn; `past` grows by the turn."""
    if step.refused is not None:
        return []
    _remember(step, past)
    return [Fault(kind, detail) for kind, check in CHECKS.items() for detail in check(step, past)]


def _remember(step: Step, past: Past) -> None:
    past.typed.append(step.sent)
    past.texts.append((step.move.text, tuple(step.texts)))
    for text in step.texts:
        past.receipts.update(RECEIPT.findall(text))
    past.numbers |= set(re.findall(r"\d+(?:\.\d+)?", step.sent))
    told = amounts.amount(step.sent)
    filed = [case.facts for case in step.after.cases]
    past.numbers |= _numbers([step.after.state.to_json(), filed, told.value if told else 0])


def _numbers(data: Any) -> set[str]:
    """Every number in the data, also as it is rounded for a reader."""
    found = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", json.dumps(data, default=str))]
    return {f"{one:.10g}" for n in found for one in (n, round(n, 2), round(n))}


def exception(step: Step, _: Past) -> Iterator[str]:
    if step.trouble:
        yield step.trouble


def silence(step: Step, _: Past) -> Iterator[str]:
    if (not step.said or step.pending) and not step.trouble:
        yield f"回了{len(step.said)}条"
    yield from ("空的" for text in step.texts if not text.strip())


def unfilled(step: Step, past: Past) -> Iterator[str]:
    typed = [said for said in past.typed if _UNFILLED.search(said)]
    for text in step.texts:
        own = RECEIPT.sub("", re.sub(r"https?://\S+", "", _unquoted(text, typed)))
        yield from (f"{found[0]}：{text}" for found in _UNFILLED.finditer(own))


def _unquoted(text: str, typed: list[str]) -> str:
    """The reply without what the resident typed: the card repeats it, also cut with ……."""
    for said in sorted({" ".join(one.split()) for one in typed}, key=len, reverse=True):
        text = text.replace(said, "＊")
        cut = next((n for n in range(len(said), 3, -1) if said[:n] + "……" in text), 0)
        text = text.replace(said[:cut] + "……", "＊") if cut else text
    return text


def promise(step: Step, past: Past) -> Iterator[str]:
    typed = [said for said in past.typed if lint.promises(said)]
    for text in step.texts:
        # a declaration that the household signs is no promise of ours
        own = re.sub(r"(?:信息真实的|书面)承诺", "", _unquoted(text, typed))
        yield from (f"{found}：{text}" for found in lint.promises(own))


def two_questions(step: Step, _: Past) -> Iterator[str]:
    asking = [text for text in step.texts if "？" in _QUOTED.sub("", text)]
    if len(asking) > 1:
        yield " ／ ".join(asking)


def said_twice(step: Step, _: Past) -> Iterator[str]:
    yield from (text for text in set(step.texts) if step.texts.count(text) > 1)


def long(step: Step, _: Past) -> Iterator[str]:
    yield from (f"{len(text)}字：{text}" for text in step.texts if len(text) > _MESSAGE)


def figure(step: Step, past: Past) -> Iterator[str]:
    for text in step.texts:
        plain = re.sub(
            r"https?://\S+|尾号\d{4}|1\d\d\*{4}\d{4}|\d+(?=个工作日|份|件事|位)", "", text
        )
        if lint.figures(plain, past.numbers):  # reckoned from what was told?
            past.numbers |= _numbers(further.run(step.after.state, clock.today()).to_json())
        known = past.numbers | {
            f"{float(told) * float(share) / 100:.10g}"
            for told, share in _WORKING.findall(text)
            if told in past.numbers  # the share itself has to be a parameter
        }
        yield from (f"{number}：{text}" for number in lint.figures(plain, known))


def no_person(step: Step, _: Past) -> Iterator[str]:
    if step.person is not None and not step.held and not _PERSON & set(step.person):
        yield "、".join(step.person)


def lost_fact(step: Step, _: Past) -> Iterator[str]:
    """A fact goes only when it was taken back; it changes only by a word of this turn.

    During a report that holds for the speaker's own facts as well, which wait for its end.
    """
    before, after = step.before.state, step.after.state
    if any(_FORGOTTEN in text for text in step.texts):
        return  # 刚才说的帮我删了
    if before.filed and not before.draft and after.draft and "for_relation" in after.facts:
        return  # the next declaration is for somebody else
    declined = {*after.declined, *after.own.get("declined", ())}
    pairs = [(_speakers(before), _speakers(after))]
    if before.own and after.own:
        pairs.append((before.facts, after.facts))
    for old, new in pairs:
        for key, fact in old.items():
            now = new.get(key)
            anew = step.asking == "review" and key == after.asking  # 改一下电话
            gone = now is None and key not in declined and not anew
            if gone and not _of_the_speaker(step, key, fact):
                yield f"{key}={fact.value!r} 没了"
            elif now is not None and now.value != fact.value and now.message_id == fact.message_id:
                yield f"{key}={fact.value!r} 变成了{now.value!r}"


def _speakers(state: State) -> dict[str, Fact]:
    """What the resident told of themselves: during a report it is set aside."""
    return State.from_json({"facts": state.own["facts"]}).facts if state.own else state.facts


def _of_the_speaker(step: Step, key: str, fact: Fact) -> bool:
    """我六十二, and then 替我妈申请: no age of the mother's."""
    about = [state.value("for_relation") for state in (step.before.state, step.after.state)]
    return key == "age" and about[0] != about[1] and ages.is_the_speakers_own(fact)


def unheard(step: Step, _: Past) -> Iterator[str]:
    """A plain sentence's facts are kept, or it is said why not."""
    refused = any("这一项我先没记" in text for text in step.texts)
    for key, value in step.move.facts:
        if not refused and not _is_kept(step, key, value):
            kept = step.after.state.facts.get(key)
            yield f"{key} 应该是{value!r}，记的是{kept.value if kept else None!r}"


def _is_kept(step: Step, key: str, value: Any) -> bool:
    """In the talk, or in the case that the reply names; the speaker's age at least in words."""
    state, reply = step.after.state, "\n".join(step.texts)
    told = [facts[key].value for facts in (state.facts, _speakers(state)) if key in facts]
    told += [case.facts.get(key) for case in step.after.cases if case.receipt in reply]
    in_words = key == "age" and state.knows("for_relation")
    return value in told or (in_words and bool(_KEPT_IN_WORDS.search(reply)))


def consent(step: Step, _: Past) -> Iterator[str]:
    """Only a yes to the very question leaves a consent or sends the card."""
    given = set(step.after.state.consent) - set(step.before.state.consent)
    if step.before.state.own and not step.after.state.own:
        given = set()  # the consents of one's own draft are back
    filed = [one for one in _new(step) if one.kind == "declaration" and one.urgency != "emergency"]
    if not given and not (filed and any(one.consents for one in filed)):
        return
    clear = _AGREES.search(step.payload or "") or step.sent in plain_yes()
    if step.asking not in {"consent", "review"} or not clear:
        yield f"问的是{step.asking}，说的是{step.sent or step.payload}"


def second_case(step: Step, _: Past) -> Iterator[str]:
    """A household's second case of one day is marked as such; a repeated message opens none.

    Under another name it is taken for another person's (`cases/duplicates.py`); staff may merge.
    """
    if step.move.kind == "repeat" and _new(step):
        yield "重发的消息又登记了一次"
    for one in _new(step):
        for other in step.before.cases:
            same = one.kind == other.kind == "declaration" and other.is_open
            near = (one.created_at - other.created_at).total_seconds() < 86_400
            meant = one.relation == other.relation and set(one.programmes) & set(other.programmes)
            names = {case.facts.get("name") for case in (one, other)} - {None}
            alike = same and near and meant and len(names) < 2  # two names are two people
            if alike and not (one.is_duplicate or other.is_duplicate):
                yield f"{other.receipt}、{one.receipt}：{one.programmes}"


def repeated(step: Step, past: Past) -> Iterator[str]:
    """The same message again gets the same words again."""
    if step.repeated is None or len(past.texts) < 2:
        return
    if tuple(past.texts[-2][1]) != tuple(step.texts):
        yield f"先说：{past.texts[-2][1]}；再说：{step.texts}"


def receipt_gone(step: Step, past: Past) -> Iterator[str]:
    """What was given out in this talk is found again."""
    told = past.receipts & {one.receipt for one in step.after.cases}
    yield from sorted(told - step.findable)
    given = {number for text in step.texts for number in RECEIPT.findall(text)}
    invented = (
        given
        - {one.receipt for one in step.after.cases}
        - set(RECEIPT.findall("\n".join(past.typed)))
    )
    yield from (f"没有这个号：{number}" for number in sorted(invented))


def in_circles(step: Step, past: Past) -> Iterator[str]:
    """Different words, and always the same reply."""
    last = [one for one in past.texts if one[0]][-ROUND:]  # a message that came twice is one
    if step.move.kind == "repeat" or len(last) < ROUND or len({said for _, said in last}) > 1:
        return
    if step.after.state.asking is not None and len({text for text, _ in last}) > 1:
        yield " ／ ".join(step.texts)


def _new(step: Step) -> list[Filed]:
    old = {one.receipt for one in step.before.cases}
    return [one for one in step.after.cases if one.receipt not in old]


CHECKS: dict[str, Check] = {
    "exception": exception,
    "silence": silence,
    "unfilled": unfilled,
    "promise": promise,
    "two questions": two_questions,
    "said twice": said_twice,
    "long": long,
    "figure from nowhere": figure,
    "no person": no_person,
    "lost fact": lost_fact,
    "unheard": unheard,
    "consent without a yes": consent,
    "second case": second_case,
    "repeated": repeated,
    "receipt gone": receipt_gone,
    "in circles": in_circles,
}


def described(step: Step) -> dict[str, Any]:
    """One turn for a reader."""
    return {
        "move": step.move.kind,
        "resident": str(step.move) or "（同一条又发一次）",
        "bot": step.texts,
        "asking": step.after.state.asking,
        "heard": step.heard.intent if step.heard else None,
    }
