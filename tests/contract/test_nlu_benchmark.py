"""The frozen messages stay well-formed and unseen in training, and understanding does not fall."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from benchmarks.nlu import nearness, run, score
from devtools import training
from devtools.paths import ROOT
from foundation.settings import get_settings
from rules.facts import SCHEMA
from tests.contract.test_names import domain, intents

MESSAGES = score.read(score.MESSAGES)
PHRASES = score.read(score.PHRASES)
TRAINING = ROOT / "data" / "nlu"
LABELS = set(intents()) - {"nlu_fallback"}
FACTS = {e if isinstance(e, str) else next(iter(e)) for d in domain().values()
         for e in d.get("entities", [])}  # fmt: skip
LEAST_OF_EACH_LABEL = 20


def ids_of(text: str) -> list[str]:
    """18-digit identity numbers of a message."""
    return re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", text)


def checked(number: str) -> bool:
    """Whether the check digit of GB 11643 and the birth date hold."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return "10X98765432"[total % 11] == number[17]


def test_enough_messages_of_every_label() -> None:
    count = Counter(row["label"] for row in MESSAGES)
    assert set(count) == LABELS
    assert min(count.values()) >= LEAST_OF_EACH_LABEL
    assert len(MESSAGES) >= 1000
    assert len(PHRASES) >= 200


@pytest.mark.parametrize("rows", [MESSAGES, PHRASES], ids=["messages", "phrases"])
def test_ids_and_texts_are_unique(rows: list[dict[str, Any]]) -> None:
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["text"] for row in rows}) == len(rows)


def test_rows_are_well_formed() -> None:
    fields = ["id", "text", "label", "alt", "program", "facts", "implied", "style"]
    for row in MESSAGES:
        assert list(row) == fields, row["id"]
        assert set(row["alt"]) <= LABELS - {row["label"]}, row["id"]
        assert row["style"], row["id"]
        assert 0 < len(row["text"]) <= 1000, row["id"]
        assert set(row["facts"]) | set(row["implied"]) <= FACTS, row["id"]
        for key, values in row["implied"].items():
            assert row["facts"].get(key) not in values, (row["id"], key)


def test_phrases_carry_one_number_or_one_range() -> None:
    for row in PHRASES:
        assert ("value" in row) != ("range" in row), row["id"]
        assert row["key"] in {*SCHEMA, "dibao_monthly"}, row["id"]
        if "range" in row:
            assert set(row["range"]) == {"low", "high"}, row["id"]


def test_identity_numbers_are_valid_and_invented() -> None:
    found = [number for row in MESSAGES for number in ids_of(row["text"])]
    assert found
    for number in found:
        assert checked(number), number
        assert number[14:17] == "000", number


def test_no_row_stands_in_the_training_data() -> None:
    rows = [(row["id"], row["text"]) for row in [*MESSAGES, *PHRASES]]
    assert nearness.too_near(rows, nearness.training_sentences(TRAINING)) == []


def test_nearness_sees_reworded_sentences() -> None:
    rows = [("a", "我想问一下低保一个月到底能有多少钱啊"), ("b", "😂"), ("c", "中!")]
    near = nearness.too_near(rows, ["我想问一下低保一个月到底能有多少钱呀", "中", "今天下雨"])
    assert [(identifier, score) for identifier, _, score in near] == [("a", 0.875), ("c", 1.0)]


def test_facts_are_compared_exactly_but_for_what_is_implied() -> None:
    gold = {
        "facts": {"age": 60, "disease": "脑梗", "receiving": ["dibao"], "monthly_income_member": 9},
        "implied": {"single_parent": [True], "monthly_income_total": [9], "disease": ["高血压"]},
    }
    said = {
        "age": 61, "disease": ["中风", "高血压"], "receiving": "dibao", "single_parent": True,
        "monthly_income_total": 9.0, "car": True,
    }  # fmt: skip
    hit, false, missed = score.compare_facts(gold, {"facts": said})
    assert hit == {"disease", "receiving", "monthly_income_member"}
    assert false == {"age", "car"}
    assert missed == {"age"}


def test_measures_of_a_small_set() -> None:
    def row(number: int, label: str, alt: tuple[str, ...] = ()) -> dict[str, Any]:
        return {"id": number, "label": label, "alt": list(alt), "program": "none", "facts": {},
                "implied": {}, "style": ["plain"]}  # fmt: skip

    gold = [row(1, "greet"), row(2, "crisis_emergency", ("self_declare",)),
            row(3, "out_of_scope_gov"), row(4, "thanks")]  # fmt: skip
    answers = ("greet", "self_declare", "out_of_scope_chitchat", "out_of_scope_gov")
    said = [{"id": number, "label": label} for number, label in enumerate(answers, 1)]
    found = score.score_messages(gold, said, resamples=20)
    values = {name: measure["value"] for name, measure in found["overall"].items()}
    assert values["intent_strict"] == 0.25
    assert values["intent"] == 0.5
    assert values["oos_recall"] == 1.0
    assert values["oos_precision"] == 0.5
    assert values["false_refusal"] == pytest.approx(1 / 3, abs=1e-4)
    assert values["crisis_recall"] == 0.0
    assert "crisis_precision" not in values
    assert found["crisis_missed"] == [2]


def test_a_fall_is_named() -> None:
    floor = {
        "overall": {"intent": 0.9, "false_refusal": 0.02},
        "hard_phrases": {"ages": 0.9, "amounts": 0.9},
        "crisis_found": ["bm1", "bm2"],
    }
    result = {
        "overall": {"intent": {"value": 0.895}, "false_refusal": {"value": 0.05}},
        "hard_phrases": {"ages": {"exact": 0.86, "n": 50}, "amounts": {"exact": 0.88, "n": 50}},
        "crisis_missed": [row["id"] for row in MESSAGES if row["label"] == score.CRISIS],
    }
    found = run.falls(result, floor)
    assert [line.split(":")[0] for line in found] == [
        "false_refusal", "ages", "danger no longer recognised", "danger no longer recognised",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_understanding_has_not_fallen() -> None:
    if not (get_settings().model_file or training.current_model()).exists():
        pytest.skip("no model of today's inputs: `wenzhu train` makes it")
    floor = json.loads(run.BASELINE.read_text("utf-8"))
    assert run.falls(run.figures(resamples=1), floor) == []
