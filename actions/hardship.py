"""Does a plain question hide that the asker's own household is in trouble now? Pure.

住院押金交不起怎么办 asks how things are done and says that somebody is ill and without money. The
signs are the words of `hardship.yml` and the facts that were heard; each kind has a weight and
counts once. A question hides hardship when

1. nobody asks in an office, for a paper or for an acquaintance, nothing is before an office yet,
   and the trouble is not over;
2. what is only supposed (如果 …) or known by hearsay (听说 …) has been left out;
3. it is about somebody of the speaker's own, or something cannot be paid and no kind of people
   (没钱上学的学生) is meant;
4. kinds of signs and the speaker's own household together weigh `ENOUGH`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

#: What the signs have to weigh; the speaker's own household weighs one.
ENOUGH = 3
#: Signs that stand for themselves, whoever's they are: nobody asks so about a rule.
_TELLING = frozenset(("cannot_pay", "debt", "hunger", "no_medicine"))
#: What says of the whole message that nobody of the speaker's own waits for help.
_NO_NEED = ("onlooker", "in_hand", "elsewhere", "over")
#: Facts heard in the question and the kind of sign they are, unless there is nothing of it.
_BY_FACT = {
    "disease": "illness", "medical_expense": "spent", "medical_expense_self": "spent",
    "medical_expense_monthly": "spent", "accident": "illness", "bedridden": "helpless_person",
    "self_care": "helpless_person", "disability_level": "disabled", "disability_type": "disabled",
    "lost_job": "jobless", "debt": "debt", "tuition": "school_cost", "disaster": "disaster",
    "orphan": "left_alone", "parents_status": "left_alone", "single_parent": "left_alone",
    "death_in_family": "death", "no_children": "left_alone", "living_alone": "left_alone",
}  # fmt: skip
_NOTHING: tuple[Any, ...] = (None, False, 0, "无", "none", [])
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|$")


@dataclass(frozen=True)
class Kind:
    """One kind of sign: what it weighs and the words that are one."""

    weight: int
    words: re.Pattern[str]


@dataclass(frozen=True)
class Lexicon:
    """`hardship.yml`, compiled."""

    simplified: dict[int, str]
    phrases: Mapping[str, re.Pattern[str]]
    signs: Mapping[str, Kind]


@cache
def lexicon() -> Lexicon:
    """The words, read once."""
    path = Path(__file__).with_name("hardship.yml")
    raw = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    pairs = str(raw.pop("simplified")).split()
    signs = {
        name: Kind(kind["weight"], _any(kind["words"])) for name, kind in raw.pop("signs").items()
    }
    return Lexicon(
        simplified={ord(pair[0]): pair[1] for pair in pairs},
        phrases={name: _any(words) for name, words in raw.items()},
        signs=signs,
    )


def _any(words: str | list[str]) -> re.Pattern[str]:
    return re.compile(words if isinstance(words, str) else "|".join(words))


def hidden(text: str, facts: Iterable[tuple[str, Any]] = ()) -> frozenset[str]:
    """The kinds of hardship a message hides; empty when it is a question like any other.

    `facts` are keys and values heard in this very message.
    """
    known = lexicon()
    plain = known.phrases["lead_in"].sub("", text.translate(known.simplified))
    if any(known.phrases[name].search(plain) for name in _NO_NEED):
        return frozenset()
    told = known.phrases["harmless"].sub("", _without_suppositions(plain))
    found = {name for name, kind in known.signs.items() if kind.words.search(told)}
    own = bool(known.phrases["own"].search(told))
    if not own and not (found & _TELLING and not known.phrases["kind_of_people"].search(told)):
        return frozenset()
    if not known.phrases["supposed"].search(
        plain
    ):  # what is only supposed is heard as a fact all the same
        found |= {
            _BY_FACT[key] for key, value in facts if key in _BY_FACT and value not in _NOTHING
        }
    weight = sum(known.signs[name].weight for name in found) + own
    return frozenset(found) if weight >= ENOUGH else frozenset()


def _without_suppositions(text: str) -> str:
    """The message without its sentences from 如果 or 听说 on."""
    supposed = lexicon().phrases["supposed"]
    while found := supposed.search(text):
        end = _SENTENCE_END.search(text, found.end())
        text = text[: found.start()] + (text[end.end() :] if end else "")
    return text
