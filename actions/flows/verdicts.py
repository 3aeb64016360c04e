"""Verdicts in plain words: 可能符合, your value beside the line, the document, what may change it.

The rules give codes; the words are `utter_part_reason_*` and `utter_part_change_*`.
"""

from __future__ import annotations

from typing import Any

from actions.flows import further, further_cards, medical, screening
from actions.turn import Turn
from actions.wording import about
from rules.programmes import ALL_CODES, CODES
from rules.reasons import UNPRICED
from rules.verdict import Distance, Reason, Screening, Verdict

_ORDER = {"likely": 0, "need_person": 1, "need_answers": 2, "unlikely": 3}
#: The first screening; further programmes have cards of their own.
SCREENED = frozenset(CODES)
_FULL_CARDS = 4
_MOST_REASONS = 3
#: Said however many reasons there are: they change what the figure is worth.
_MUST_SAY = frozenset(
    ("standard_may_have_changed", "hukou_elsewhere", "figures_conflict", "no_verified_parameter")
)
#: Which line a reason compares with, when it is not the 低保 standard itself.
_LINES = {
    "single_income": "edge", "single_on_the_line": "edge", "edge_income": "edge",
    "edge_on_the_line": "edge", "exit_below_cap": "exit", "exit_on_the_cap": "exit",
}  # fmt: skip
#: Reasons that compare income with a line.
INCOME = frozenset(
    (
        "dibao_income", "single_above", "single_income", "edge_income", "exit_above",
        "exit_below_cap", "dibao_on_the_line", "edge_on_the_line", "single_on_the_line",
        "exit_on_the_line", "exit_on_the_cap", "tekun_income",
    )
)  # fmt: skip


def show(turn: Turn) -> None:
    """One card per programme: hopeful ones in full, the unlikely ones in one line at the end.

    Who came for a further programme gets that one alone.
    """
    result = screening.run(turn)
    if not further.narrow(turn.state):
        _show_first(turn, result)
    shown = further_cards.show(turn, result)
    for code in turn.state.programmes:
        if code not in ALL_CODES and code != "none":
            turn.say("utter_verdict_by_person", programme=turn.words.code(code))
    if further.narrow(turn.state) and not shown:
        return
    if further.narrow(turn.state):
        deciding = further_cards.departments(turn)
        turn.say("utter_verdict_decides_further", as_of=result.as_of, departments=deciding)
    else:
        turn.say("utter_verdict_decides", as_of=result.as_of)


def _show_first(turn: Turn, result: Screening) -> None:
    asked = set(turn.state.programmes)
    cards = sorted(
        [card for card in _one_each(result.verdicts) if card.program in SCREENED],
        key=lambda verdict: (_ORDER[verdict.outcome], verdict.program not in asked),
    )
    full = [card for card in cards if card.outcome != "unlikely" or card.program in asked]
    full = (full or cards[:1])[:_FULL_CARDS]
    _say_cards(turn, full)
    listed = medical.show(turn, {card.program for card in full})
    rest = [card for card in cards if card not in full and card.program not in listed]
    if rest:
        turn.say("utter_verdict_rest", programmes=turn.words.programmes([c.program for c in rest]))


def so_far(turn: Turn) -> None:
    """目前看 in one line for the programme talked about, as far as income says anything."""
    talked = [code for code in turn.state.programmes if code in SCREENED]
    wanted = talked[-1] if talked else "dibao"
    card = next((c for c in _one_each(screening.run(turn).verdicts) if c.program == wanted), None)
    if card is None or card.outcome == "need_person":
        return
    compared = [r for r in card.reasons if r.code in INCOME and r.met is not None]
    income = next((_income(turn, r) for r in compared), "")
    if not income:
        return
    if card.outcome == "likely":
        likely = turn.words.part("verdict_likely", programme=further_cards.name(turn, card))
        turn.say("utter_verdict_line", verdict=income + likely)
        return
    missing = turn.words.join([_missing(turn, key) for key in card.missing[:3]])
    name = "utter_verdict_so_far_open" if missing else "utter_verdict_so_far_unlikely"
    turn.say(name, programme=further_cards.name(turn, card), income=income, missing=missing)


def one_line(turn: Turn) -> str:
    """The best verdict in one line for the review card; empty when there is nothing to say yet."""
    wanted = set(turn.state.draft.get("programmes") or SCREENED)
    cards = [card for card in _one_each(screening.run(turn).verdicts) if card.program in wanted]
    likely = [card for card in cards if card.outcome == "likely"]
    if not likely:
        return ""
    income = next((_income(turn, r) for r in likely[0].reasons if r.code in INCOME), "")
    return income + turn.words.part("verdict_likely", programme=further_cards.name(turn, likely[0]))


def hopeful(turn: Turn) -> list[str]:
    """After a screening, the programmes worth declaring for: likely ones, else those to look at."""
    if not turn.state.screened:
        return []
    cards = _one_each(screening.run(turn).verdicts)
    for outcome in ("likely", "need_person"):
        if codes := [card.program for card in cards if card.outcome == outcome]:
            return codes
    return []


def income_per_head(turn: Turn) -> float | None:
    """What the figures told so far make a head and month; None for ranges and gaps."""
    for card in screening.run(turn).verdicts:
        for given in card.reasons:
            if given.code == "dibao_income" and isinstance(given.value, int | float):
                return given.value
    return None


def _say_cards(turn: Turn, cards: list[Verdict]) -> None:
    """One message a card; programmes with the same verdict for the same reasons share one."""
    said: dict[tuple[str, str], list[Verdict]] = {}
    for card in cards:
        lines = [*_reasons(turn, card), _worth(turn, card), _basis(turn, card)]
        lines += _changes(turn, card)
        text = "\n".join(filter(None, lines)) or turn.words.part("reason_none")
        said.setdefault((card.outcome, text), []).append(card)
    for (outcome, text), same in said.items():
        turn.say(
            f"utter_verdict_{outcome}",
            programme=turn.words.join([further_cards.name(turn, card) for card in same]),
            reasons=text,
            sources=_sources(same),
        )


def _reasons(turn: Turn, card: Verdict) -> list[str]:
    """What decided: against it when unlikely, for it when likely, open otherwise."""
    words = turn.words
    if card.outcome == "need_answers":
        missing = words.join([_missing(turn, key) for key in card.missing[:4]])
        income = [_income(turn, r) for r in card.reasons if r.code in INCOME and r.value]
        return [*filter(None, income[:1]), words.part("reason_missing", facts=missing)]
    if card.outcome == "likely":
        chosen = [r for r in card.reasons if r.met is True]
        chosen += [r for r in card.reasons if r.met is None]
    elif card.outcome == "unlikely":
        chosen = [r for r in card.reasons if r.met is False]
    else:
        chosen = [r for r in card.reasons if r.met is None]
        chosen += [r for r in card.reasons if r.met is True]
    chosen.sort(key=lambda given: given.code not in INCOME)
    said = dict.fromkeys(line for line in (reason(turn, r) for r in chosen) if line)
    must = [reason(turn, r) for r in card.reasons if r.code in _MUST_SAY]
    return list(dict.fromkeys([*list(said)[:_MOST_REASONS], *filter(None, must)]))


def reason(turn: Turn, given: Reason) -> str:
    """One reason in words; empty for what is not worth a resident's time."""
    if given.code in INCOME:
        return _income(turn, given)
    state = {True: "yes", False: "no", None: "open"}[given.met]
    for name in (f"reason_{given.code}_{state}", f"reason_{given.code}"):
        if turn.words.has(f"utter_part_{name}"):
            return turn.words.part(name, value=about(given.value), clause=given.clause)
    return ""


def _income(turn: Turn, given: Reason) -> str:
    """人均267元, 比当地低保线630元低363元."""
    words = turn.words
    if given.value is None:
        return ""
    value = about(given.value)
    if given.line is None:
        return words.part("income_no_line", value=value)
    what = words.part(f"line_{_LINES.get(given.code, 'dibao')}")
    line = about(given.line)
    if isinstance(given.value, dict) or isinstance(given.line, dict):
        side = {True: "below", False: "above", None: "near"}[given.met]
        return words.part(f"income_{side}_about", value=value, what=what, line=line)
    if not given.value:
        return words.part("income_none", what=what, line=line)
    gap = given.value - given.line if isinstance(given.line, int | float) else 0
    side = "below" if gap < 0 else "above" if gap > 0 else "on"
    return words.part(f"income_{side}", value=value, what=what, line=line, gap=about(abs(gap)))


def _worth(turn: Turn, card: Verdict) -> str:
    """What a likely verdict may come to; without a verified figure, who decides it instead."""
    if card.outcome != "likely":
        return ""
    if card.amount is not None:
        low, high = card.amount.low, card.amount.high
        told = about(low if low == high else {"low": low, "high": high})
        return turn.words.part(f"amount_{card.program}", amount=told, high=about(high))
    return next((reason(turn, one) for one in card.reasons if one.code in UNPRICED), "")


def _changes(turn: Turn, card: Verdict) -> list[str]:
    """What would change it: circumstances a paper can show, never less income."""
    lines = [_change(turn, distance) for distance in card.distance]
    return [line for line in lines if line][:2]


def _change(turn: Turn, distance: Distance) -> str:
    name = f"change_{distance.code}"
    return turn.words.part(name) if turn.words.has(f"utter_part_{name}") else ""


def _basis(turn: Turn, card: Verdict) -> str:
    """The document of the figure that was compared."""
    for given in card.reasons:
        parameter = given.parameter
        if parameter is not None and given.line is not None and parameter.effective_from:
            return turn.words.part(
                "basis",
                region=parameter.region_name,
                document=parameter.document,
                clause=parameter.clause,
                since=parameter.effective_from,
            )
    return ""


def _sources(cards: list[Verdict]) -> list[dict[str, Any]]:
    found = [
        {
            "title": given.parameter.document,
            "clause": given.parameter.clause,
            "date": str(given.parameter.effective_from or ""),
            "grade": given.parameter.evidence_grade,
        }
        for card in cards
        for given in card.reasons
        if given.parameter is not None
    ]
    return [source for index, source in enumerate(found) if source not in found[:index]]


def _missing(turn: Turn, key: str) -> str:
    return turn.words.part(f"missing_{key}")


def _one_each(verdicts: list[Verdict]) -> list[Verdict]:
    """The best verdict of each programme; margin aid says nothing where 低保 already may apply."""
    best: dict[str, Verdict] = {}
    for verdict in verdicts:
        known = best.get(verdict.program)
        if known is None or _ORDER[verdict.outcome] < _ORDER[known.outcome]:
            best[verdict.program] = verdict
    dibao = best.get("dibao")
    if dibao is not None and dibao.outcome == "likely":
        best.pop("dibao_bianyuan", None)
    return list(best.values())
