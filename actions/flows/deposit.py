"""押金交不起: what can be done, what is known of the place, and the offer to report it as urgent.

Treating first and paying later is only said where a source of ours says so, and never promised.
"""

from __future__ import annotations

from actions import reading
from actions.turn import Turn
from knowledge import answers

_LABEL, _PROGRAMME = "ask_how_to_apply", "yiliao"
_GENERAL, _HERE = "交不起住院押金", "先看病后付费"


def hears(turn: Turn) -> bool:
    """Does the message say that treatment waits for money?"""
    heard = turn.heard
    return not heard.chosen and bool(reading.pattern("cannot_pay").search(heard.text))


def offer(turn: Turn) -> None:
    """Explain, and offer to declare at once, without screening first."""
    explain(turn)
    turn.state.open("screening")
    turn.state.ask("offer_declare")
    turn.say("utter_offer_declare_urgent")


def explain(turn: Turn) -> None:
    """What the law gives, once; then what is known of the place, once it is told."""
    _say_once(turn, _GENERAL, _GENERAL)
    here(turn)


def here(turn: Turn) -> None:
    """Whether the place lets people pay later; who decides where we do not know."""
    if turn.state.cannot_pay and turn.state.region:
        _say_once(turn, _HERE, f"{_HERE}:{turn.state.region}")


def _say_once(turn: Turn, question: str, key: str) -> None:
    if key in turn.state.explained:
        return
    turn.state.explained = [*turn.state.explained, key]
    found = answers.answer(
        _LABEL,
        _PROGRAMME,
        turn.state.region,
        turn.today,
        question=question,
        help_phone=turn.settings.help_phone,
    )
    turn.say(
        "utter_answer",
        answer="\n".join(found.body),
        sources=[
            {"title": s.title, "clause": s.clause, "date": s.date, "grade": s.grade}
            for s in found.sources
        ],
    )
