"""Names agree between domain/, data/, actions/, the rules and the docs."""

from __future__ import annotations

import itertools
import json
import re
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions import plain_questions
from actions.asked import FACT_KEYS, QUESTIONS
from actions.flows import declaration, edits, further, questions, verdicts
from actions.reading import lexicon
from actions.server import ACTIONS
from actions.wording import words
from rules import law as laws
from rules.circumstances import FURTHER_FILLS
from rules.criteria import OUTCOMES
from rules.facts import ASKABLE, SCHEMA
from rules.facts import FURTHER as FURTHER_FACTS
from rules.programmes import ALL_CODES, CODES, FURTHER
from rules.reasons import UNPRICED

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "actions").rglob("*.py")))
#: Facts of the schema that nobody says as one word.
UNSAID = {"members", "income_kind"}
#: Reasons a resident is not told: the cap of small fast aid is a multiple nobody can picture.
SILENT_REASONS = {"fast_track_cap", "single_property", "edge_property", "dibao_property"}
#: Conditions that come up so rarely that their clause is read out.
SPOKEN_BY_CLAUSE = {
    "tekun_other_ability", "tekun_multiple", "tekun_on_the_line", "rehab_minor", "single_multiple",
    "dibao_beside_tekun",
}  # fmt: skip
#: Keywords of rasa_sdk's dispatcher: a value of that name would replace the message itself.
RESERVED = {
    "text", "image", "json_message", "template", "response", "attachment", "buttons", "elements",
    "custom",
}  # fmt: skip


def load(folder: str) -> dict[str, Any]:
    """All YAML files of a folder, by stem, read as Rasa reads them."""
    yaml = YAML(typ="safe", pure=True)
    return {
        path.stem: yaml.load(path.read_text("utf-8"))
        for path in sorted((ROOT / folder).glob("*.yml"))
    }


@cache
def domain() -> dict[str, Any]:
    """The domain files by stem."""
    return load("domain")


def intents() -> dict[str, str]:
    """Intent → file stem."""
    found: dict[str, str] = {}
    for stem, data in domain().items():
        for intent in data.get("intents", []):
            name = intent if isinstance(intent, str) else next(iter(intent))
            assert name not in found, f"{name} is declared twice"
            found[name] = stem
    return found


def rules() -> dict[str, str]:
    """Intent → action, from data/rules/."""
    found: dict[str, str] = {}
    for data in load("data/rules").values():
        for rule in data["rules"]:
            steps = rule["steps"]
            [intent] = [step["intent"] for step in steps if "intent" in step]
            [action] = [step["action"] for step in steps if "action" in step]
            assert intent not in found, f"two rules for {intent}"
            found[intent] = action
    return found


def families() -> set[str]:
    """Response names that the code puts together, member by member."""
    dangers = set(lexicon()["danger"]) | {"other", "threat"}
    asked = {key for key in ASKABLE if key in QUESTIONS} | {"name", "phone"}
    names = {f"utter_ask_{key}" for key in asked}
    names |= {f"utter_ask_{key}" for keys in declaration.WORTH_ASKING.values() for key in keys}
    names |= {f"utter_verdict_{outcome}" for outcome in OUTCOMES}
    names |= {f"utter_crisis_{kind}" for kind in dangers}
    names |= {f"utter_office_{office}" for office in lexicon()["offices"]}
    names |= {plain.says for plain in plain_questions.known() if plain.says}
    names |= {f"utter_ask_which_{deed}" for deed in ("update", "withdraw")}
    names |= {f"utter_part_missing_{key}" for key in ASKABLE}
    names |= {f"utter_{kind}_{key}" for kind in ("ask", "part_missing") for key in asked_further()}
    names |= {
        f"utter_ask_{key}_how_much" for key in asked_further() if QUESTIONS[key].kind == "money"
    }
    names |= {f"utter_ask_{key}" for key in further.CHOICE.values()}
    names |= {f"utter_part_reason_general_{state}" for state in ("yes", "no", "open", "note")}
    sides = ("below", "above")
    names |= {f"utter_part_income_{side}" for side in (*sides, "on")}
    names |= {f"utter_part_income_{side}_about" for side in (*sides, "near")}
    names |= {f"utter_ask_{key}_how_much" for key in asked if QUESTIONS[key].kind == "money"}
    names |= {f"utter_part_button_edit_{key}" for key in edits.EDITS}
    names |= {
        f"utter_part_item_{key}"
        for key in (
            "name",
            "phone",
            "region",
            "for_relation",
            "wanted",
            "told",
            "story",
            "request",
            "whereabouts",
        )
    }
    names |= {"utter_request_ask_name", "utter_request_ask_phone"}
    names |= {f"utter_part_button_request_{choice}" for choice in ("submit", "drop")}
    names |= {f"utter_part_line_{line}" for line in ("dibao", "edge", "exit")}
    names |= {f"utter_part_question_{label}" for label in questions.OFFERED}
    names |= {"utter_part_yes", "utter_part_no"}
    names |= {
        f"utter_ask_{key}" for key in ("difficulty", "for_relation", "situation", "whereabouts")
    }
    names |= {f"utter_part_button_{name}" for name in ("submit", "submit_agreed", "submit_general")}
    names |= {f"utter_part_medical_{outcome}" for outcome in verdicts._ORDER}
    names |= {f"utter_part_amount_{code}" for code in verdicts.SCREENED - {"yiliao"}}
    granted = ("month", "year", "once", "on", "from", "between")
    names |= {f"utter_part_granted_{unit_or_way}" for unit_or_way in granted}
    names |= {f"utter_part_item_{key}_report" for key in ("name", "phone")}
    return names | {"utter_part_button_later", "utter_ask_safe_now"}


def asked_further() -> set[str]:
    """What may be asked for a further programme."""
    return {fact.key for fact in FURTHER_FACTS if fact.asked} | set(FURTHER_FILLS) | {"receiving"}


def optional_families() -> re.Pattern[str]:
    """Families where the code asks first whether there are words."""
    return re.compile(
        r"utter_part_(fact|reason|change|kind|program|need)_\w+|utter_ask_\w+_report"
        r"|utter_ask_\w+_how_much|utter_crisis_ask_\w+|utter_ask_(receipt|phone_tail|update_text)"
    )


def literals() -> set[str]:
    """Response names written out in the code."""
    named = set(re.findall(r'(?<![f\w])"(utter_\w+)"', SOURCE))
    parts = re.findall(r'part\(\s*"(\w+)"', SOURCE)
    return named | {f"utter_part_{name}" for name in parts}


def test_every_response_the_code_names_is_in_the_domain() -> None:
    missing = (literals() | families()) - set(words().texts)
    assert not missing


def test_every_response_of_the_domain_is_used() -> None:
    used = literals() | families() | {"utter_default"}  # Rasa itself says that one
    unused = {
        name for name in words().texts if name not in used and not optional_families().match(name)
    }
    assert not unused


def test_every_fact_can_be_said_back() -> None:
    silent = {"name", "phone", "id_number", "for_relation", "case_no"} | UNSAID
    for key in FACT_KEYS - silent:
        assert any(name.startswith(f"utter_part_fact_{key}") for name in words().texts), key


#: Kept as history of one place: said from their clauses.
HISTORY = frozenset(("liangshan_butie", "nankai_huimin"))


def worded_files() -> list[Path]:
    """The rules, without the programmes that are only history."""
    past = {
        sys.modules[programme.criteria.__module__].__file__
        for programme in FURTHER
        if programme.code in HISTORY
    }
    return [path for path in (ROOT / "rules").rglob("*.py") if str(path) not in past]


@pytest.mark.parametrize("place", [None, "120104", "150000", "350000", "500000", "513400"])
def test_every_condition_of_a_further_programme_has_words_of_its_own(place: str | None) -> None:
    worded = set(words().texts)
    for programme in FURTHER:
        if programme.code in HISTORY:
            continue
        for criterion in programme.criteria(laws.of(place, date(2026, 3, 2))):
            if criterion.column in SPOKEN_BY_CLAUSE:
                continue
            name = f"utter_part_reason_{criterion.column}"
            told = {"true": ("yes",), "false": ("no",)}.get(criterion.tell, ("yes", "no", "open"))
            mine = criterion.column in verdicts.INCOME or name in worded
            assert mine or any(f"{name}_{state}" in worded for state in told), criterion.column


@pytest.mark.parametrize("code", sorted(set(ALL_CODES) - set(CODES)))
def test_every_further_programme_has_a_name_and_leading_questions(code: str) -> None:
    assert f"utter_part_program_{code}" in words().texts
    assert set(further.LEADING.get(code, ())) <= set(QUESTIONS)
    kinds = {programme.kind for programme in FURTHER if programme.code == code}
    if len(kinds) > 1:
        assert {f"utter_part_kind_{kind}" for kind in kinds} <= set(words().texts)


def test_every_reason_and_change_of_the_rules_has_words() -> None:
    source = "\n".join(path.read_text("utf-8") for path in worded_files())
    reasons = set(re.findall(r'(?:Criterion|Reason)\(\s*"(\w+)"', source)) - SILENT_REASONS
    reasons -= SPOKEN_BY_CLAUSE
    doubts = set(re.findall(r'doubts\.append\(\("(\w+)"', source))
    changes = set(re.findall(r'Distance\(\s*"(with_\w+|\w+_deducted|margin_\w+)"', source))
    assert reasons
    assert changes
    worded = set(words().texts)
    for code in UNPRICED:
        assert f"utter_part_reason_{code}" in worded, code
    for code in (reasons | doubts) - verdicts.INCOME:
        assert any(name.startswith(f"utter_part_reason_{code}") for name in worded), code
    for code in changes:
        assert f"utter_part_change_{code}" in worded, code


def test_intents_rules_and_actions_agree() -> None:
    led = rules()
    assert set(led) == set(intents()) | {"nlu_fallback"} - ({"nlu_fallback"} - set(led))
    registered = {action.action_name: action for action in ACTIONS}
    declared = {name for data in domain().values() for name in data.get("actions", [])}
    assert declared == set(registered)
    for intent, action in led.items():
        assert intent in registered[action].intents
    served = list(itertools.chain.from_iterable(action.intents for action in ACTIONS))
    assert len(served) == len(set(served))
    assert set(served) == set(led)


def test_the_training_sentences_have_exactly_the_intents_of_the_domain() -> None:
    trained = {
        item["intent"]
        for data in load("data/nlu").values()
        for item in data["nlu"]
        if "intent" in item
    }
    assert trained - {"nlu_fallback"} == set(intents()) - {"nlu_fallback"}
    assert len(set(intents()) - {"nlu_fallback"}) == 31


def test_an_intent_and_its_rule_live_in_files_of_one_stem() -> None:
    for stem, data in load("data/rules").items():
        for rule in data["rules"]:
            intent = next(step["intent"] for step in rule["steps"] if "intent" in step)
            if intent != "nlu_fallback":
                assert intents()[intent] == stem


def test_no_name_of_the_domain_is_listed_twice() -> None:
    """Rasa drops the whole domain then, and trains a model that can say nothing."""
    for kind in ("entities", "actions"):
        listed = [name for data in domain().values() for name in data.get(kind) or []]
        assert len(listed) == len(set(listed)), kind


def test_entities_cover_every_fact_and_every_button() -> None:
    entities = {name for data in domain().values() for name in data.get("entities", [])}
    assert entities >= FACT_KEYS - UNSAID
    assert {"program", "unknown", "correction", "crisis_kind", "choice"} <= entities
    for name, buttons in words().fixed_buttons.items():
        for _, payload in buttons:
            found = re.fullmatch(r"/(\w+)(\{.*\})?", payload)
            assert found, (name, payload)
            assert found[1] in intents(), (name, payload)
            assert set(json.loads(found[2] or "{}")) <= entities, (name, payload)


def test_option_numbers_count_up() -> None:
    for name, buttons in words().fixed_buttons.items():
        numbers = [title.split(" ", 1)[0] for title, _ in buttons]
        counted = [number for number in numbers if number not in {"0", "00"}]
        assert counted == [str(n) for n in range(1, len(counted) + 1)], name
        assert numbers[: len(counted)] == counted, name


def test_no_value_would_replace_the_message_itself() -> None:
    for name, text in words().texts.items():
        assert not RESERVED & set(re.findall(r"\{(\w+)\}", text)), name


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_the_docs_name_nothing_that_is_gone(path: Path) -> None:
    text = path.read_text("utf-8")
    known_actions = {action.action_name for action in ACTIONS}
    assert set(re.findall(r"\b(utter_\w+)\b", text)) <= set(words().texts)
    assert set(re.findall(r"\b(action_(?!default_fallback|listen)\w+)\b", text)) <= known_actions


def test_what_is_heard_for_further_programmes_is_a_fact_of_the_rules() -> None:
    path = ROOT / "bot" / "components" / "understanding" / "facts" / "further.py"
    block = re.search(
        r"^FURTHER = frozenset\(\n(.*?)^\)", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    heard = set(re.findall(r'"(\w+)"', block[1] if block else ""))
    assert heard
    assert heard <= set(SCHEMA)
