"""Cards of programmes beyond the first screening, built from the rules' reasons.

The commonest reasons have words of their own; any other is said from its clause. No figure is said
but the verdict's own estimate, with the document, the place and the day it comes from.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from actions.flows import further
from actions.turn import Turn
from actions.wording import about
from foundation import clock
from rules import law as laws
from rules.programmes import CODES, FURTHER, relations
from rules.verdict import Reason, Screening, Verdict

_LONGEST = 290
_MOST_REASONS, _MOST_NOTES, _MOST_CARDS = 3, 2, 3
#: Programmes that are paid out: without a verified figure it is said where to ask.
_PAID = frozenset(
    ("tekun", "canji_butie", "jiaoyu", "gu_er_ertong", "shouzai", "qunuan", "zhufang")
)
#: Figures the estimate says better, and what the card says otherwise.
_SILENT = frozenset(
    ("living_figure", "care_figure", "child_home_standard", "child_institution_standard",
     "tekun_standard_unknown", "child_standard_unknown", "disaster_amount_unknown",
     "apply_at_hukou_place", "legal_aid_assign_days", "rigid_expense_validity_months_max",
     "special_hardship_2016", "edu_chongqing", "edu_fujian", "transition_ended", "gap_to_standard",
     "average_is_no_claim", "clinic_amount", "cataract_cut", "mental_amount", "festival_gift",
     "exam_treatment_fee_reduction", "inpatient_fee_reduction", "drug_markup", "judicial_cap")
)  # fmt: skip
#: What the person chooses between, and whose figure it is, goes before other things worth knowing.
_CHOSEN = frozenset(("figure_of_wider_place", "tekun_home_standard", "tekun_institution_standard"))
#: Provinces and places whose rules have criteria of their own.
_PLACES = (None, "120104", "150000", "350000", "500000", "513400")
_LAW_WORD = re.compile(r"[《〔]|办法）|^慈善法")
#: The law of a programme none of whose open conditions quotes it.
_LAW_OF = {"shouzai": "《自然灾害救助条例》", "cishan": "《慈善法》"}
#: In the country the state of the house counts, in town whether there is one.
_BESIDE = {
    True: ("home_none", "home_status"),
    False: ("home_unsafe", "home_repair_group", "home_to_assess"),
}
_CLAUSE = re.compile(
    r"(第[一二三四五六七八九十百、]+(?:条|点).*|[一二三四五六七八九十]+(?:（.*|、.*)?)$"
)


def show(turn: Turn, result: Screening) -> bool:
    """One card a programme or kind; a place without the programme is told so. False: no card."""
    state = turn.state
    further.help_first(turn)
    said: dict[tuple[str, str], list[Verdict]] = {}
    for card in further.cards(result, state)[:_MOST_CARDS]:
        outcome = "need_person" if card.outcome == "need_answers" else card.outcome
        said.setdefault((outcome, _text(turn, card)), []).append(card)
    for (outcome, text), same in said.items():
        turn.say(
            f"utter_verdict_{outcome}",
            programme=turn.words.join([name(turn, card) for card in same]),
            reasons=text,
            sources=_sources(same),
        )
    shown = {card.program for card in result.verdicts}
    for code in further.talked(state):
        if code not in shown:
            turn.say("utter_verdict_elsewhere", programme=turn.words.code(code))
    return bool(said)


def departments(turn: Turn) -> str:
    """Who decides on what was talked about."""
    named = [relations.catalogue()[code].department for code in further.talked(turn.state)]
    return turn.words.join(dict.fromkeys(named))


def name(turn: Turn, card: Verdict) -> str:
    """事实无人抚养儿童保障 for a kind that has a name, else the programme."""
    if turn.words.has(f"utter_part_kind_{card.kind}"):
        return turn.words.part(f"kind_{card.kind}")
    return turn.words.code(card.program)


def _text(turn: Turn, card: Verdict) -> str:
    """Reasons, amount, what to do, source; the last things to do give way to the length."""
    past = [given for given in card.reasons if given.code in ("only_2011", "only_2016")]
    basis = _basis(turn, card)
    if past:
        return "\n".join(filter(None, [_worded(turn, past[0]), *basis]))
    reasons = _reasons(turn, card)
    amount = _amount(turn, card)
    notes = _notes(turn, card)
    while notes and sum(map(len, (*reasons, amount, *notes, *basis))) > _LONGEST - 60:
        notes.pop()
    lines = [*reasons, *notes, amount, *basis]
    return "\n".join(filter(None, dict.fromkeys(lines))) or turn.words.part("reason_none")


def _reasons(turn: Turn, card: Verdict) -> list[str]:
    """What decided: for it when likely, against it when unlikely, open otherwise."""
    order = {"likely": (True,), "unlikely": (False,)}.get(card.outcome, (None, False, True))
    beside: tuple[str, ...] = ()
    if card.program == "zhufang" and (hukou := turn.state.value("hukou")):
        beside = _BESIDE[hukou == "rural"]
    legs = [
        given for given in card.reasons if _is_criterion(given.code) and given.code not in beside
    ]
    chosen = [given for met in order for given in legs if given.met is met]
    lines = dict.fromkeys(line for given in chosen if (line := _worded(turn, given)))
    first = [given for given in card.reasons if given.code.endswith("_first") and not given.met]
    blocked = [line for given in first if (line := _worded(turn, given))]
    return [*blocked, *list(lines)[:_MOST_REASONS]]


def _notes(turn: Turn, card: Verdict) -> list[str]:
    """Where to go and how long it takes."""
    others = [
        given
        for given in card.reasons
        if not _is_criterion(given.code) and not given.code.endswith("_first")
    ]
    if card.outcome == "unlikely":
        others = [given for given in others if given.code == "see_temporary_aid"]
    others.sort(key=lambda given: given.code not in _CHOSEN)
    lines = dict.fromkeys(line for given in others if (line := _worded(turn, given)))
    return list(lines)[:_MOST_NOTES]


def _worded(turn: Turn, given: Reason) -> str:
    """Own words, else the clause without its document."""
    from actions.flows import verdicts

    if given.code in _SILENT:
        return ""
    if own := verdicts.reason(turn, given):
        return own
    if given.code == "tekun_income":
        return ""
    state = {True: "yes", False: "no", None: "open"}[given.met]
    if not _is_criterion(given.code):
        state = "note"
    spoken = _cite(given.clause)[2].rstrip("。")
    return turn.words.part(f"reason_general_{state}", words=spoken) if spoken else ""


def _amount(turn: Turn, card: Verdict) -> str:
    """The verdict's estimate with how it was reckoned; else whom to ask."""
    if card.outcome == "likely" and card.amount is not None:
        found = card.amount
        told = found.low if found.low == found.high else {"low": found.low, "high": found.high}
        return turn.words.part(
            "further_amount", amount=about(told), unit=found.unit, formula=found.formula
        )
    if card.outcome == "unlikely" or card.program not in _PAID:
        return ""
    return turn.words.part("further_amount_local")


def _basis(turn: Turn, card: Verdict) -> list[str]:
    """The document of the estimate with place and day, and the one of the rule."""
    lines = []
    if card.outcome == "likely" and card.amount is not None:
        for given in sorted(card.reasons, key=lambda given: _is_criterion(given.code)):
            found = given.parameter
            if found is not None and found.unit == card.amount.unit.replace("元/月", "元/人·月"):
                since = found.effective_from
                if since is not None:
                    lines.append(
                        turn.words.part(
                            "basis", region=found.region_name, document=found.document,
                            clause=found.clause, since=since,
                        )
                    )  # fmt: skip
                break
    cited = [_cite(given.clause) for given in _deciding_first(card)]
    documents = [(document, clause) for document, clause, _ in cited if document]
    if card.program in _LAW_OF:
        documents.append((_LAW_OF[card.program], ""))
    for document, clause in documents[:1]:
        lines.append(turn.words.part("further_basis", document=document, clause=clause))
    return lines


def _deciding_first(card: Verdict) -> list[Reason]:
    wanted = {"likely": True, "unlikely": False}.get(card.outcome)
    return sorted(card.reasons, key=lambda given: given.met is not wanted)


def _cite(clause: str) -> tuple[str, str, str]:
    """(document, clause, words) of 《…》第九条：…; without a document all of it is words."""
    head, colon, words = clause.partition("：")
    if not colon or not _LAW_WORD.search(head):
        return ("", "", clause)
    found = _CLAUSE.search(head)
    if found is None:
        return (head, "", words)
    return (head[: found.start()], found[0], words)


def _sources(cards: list[Verdict]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for card in cards:
        for given in card.reasons:
            if given.parameter is not None:
                found.append(
                    {
                        "title": given.parameter.document,
                        "clause": given.parameter.clause,
                        "date": str(given.parameter.effective_from or ""),
                        "grade": given.parameter.evidence_grade,
                    }
                )
                continue
            document, clause, _ = _cite(given.clause)
            if document:
                found.append({"title": document, "clause": clause, "date": "", "grade": ""})
    return [source for index, source in enumerate(found) if source not in found[:index]]


def _is_criterion(code: str) -> bool:
    return code in _criteria()


@cache
def _criteria() -> frozenset[str]:
    """Codes of reasons that are conditions, not things worth knowing."""
    today = clock.today()
    return frozenset(
        criterion.column
        for place in _PLACES
        for programme in FURTHER
        if programme.code not in CODES
        for criterion in programme.criteria(laws.of(place, today))
    )
