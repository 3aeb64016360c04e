"""What can be asked, and what a short reply to it means (`asked.yml`, `asked_further.yml`).

The wording is `utter_ask_<key>` in `domain/`, with an example and the choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from rules.fact_vocabulary import CODED

Kind = Literal["money", "people", "age", "yesno", "choice", "place", "name", "phone", "text", "kin"]
#: A plain yes or no that settles nothing (income: 有 → how much?).
OPEN = object()


@dataclass(frozen=True)
class Question:
    """`yes` and `no` are what a bare yes or no states; OPEN when it does not answer."""

    key: str
    kind: Kind
    yes: Any = OPEN
    no: Any = OPEN
    words: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = False

    @property
    def is_amount(self) -> bool:
        """Is the answer a number?"""
        return self.kind in {"money", "people", "age"}


def _words(told: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(word): value for word, value in told.items()}


def _load() -> dict[str, Question]:
    yaml, folder = YAML(typ="safe", pure=True), Path(__file__).parent
    raw: dict[str, dict[str, Any]] = {}
    for name in ("asked.yml", "asked_further.yml"):
        raw |= yaml.load((folder / name).read_text("utf-8"))
    return {
        key: Question(
            key=key,
            kind=row["kind"],
            yes=row.get("if_yes", OPEN),
            no=row.get("if_no", OPEN),
            words=CODED[key].heard if key in CODED else _words(row.get("words", {})),
            listed=bool(row.get("listed", False)),
        )
        for key, row in raw.items()
    }


QUESTIONS: dict[str, Question] = _load()

#: What the dialogue waits for besides facts: a choice, a confirmation, free words.
STEPS = frozenset(
    (
        "consent", "review", "offer_declare", "offer_person", "receipt", "phone_tail", "which_case",
        "confirm_withdraw", "update_text", "difficulty", "situation", "whereabouts", "safe_now",
    )
)  # fmt: skip
#: Everything that can be the open question; `State.ask` takes nothing else.
ASKINGS = STEPS | frozenset(QUESTIONS)

#: Facts a resident may state although they are never asked.
_ONLY_STATED = (
    "waiting_months", "disaster", "accident", "parents_status", "stopped", "id_number", "case_no",
    "members", "income_kind", "guardian_lacking",
)  # fmt: skip
FACT_KEYS = frozenset(QUESTIONS) | frozenset(_ONLY_STATED)
MONEY = frozenset(key for key, question in QUESTIONS.items() if question.kind == "money")
PEOPLE = frozenset(key for key, question in QUESTIONS.items() if question.kind == "people")
LISTED = frozenset({"receiving", "stopped"})
