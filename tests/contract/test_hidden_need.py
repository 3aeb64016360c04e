"""Hidden hardship is found and plain questions are left alone, on both halves of the messages."""

from __future__ import annotations

import pytest

from benchmarks import hidden_need as bench
from benchmarks.nlu import nearness
from devtools import training
from devtools.paths import ROOT
from foundation.settings import get_settings

ROWS = bench.messages()


def test_the_messages_are_many_of_both_sorts_and_halves() -> None:
    assert len(ROWS) >= 300
    for half in bench.HALVES:
        rows = bench.messages(half)
        assert len(rows) >= 150
        assert 0.4 < sum(row["hardship"] for row in rows) / len(rows) < 0.6
        assert len({row["kind"] for row in rows if row["hardship"]}) >= 12
        assert {"sichuan", "henan", "northeast", "minnan", "traditional", "voice_asr", "elderly",
                "student", "migrant", "cadre"} <= {row["style"] for row in rows}  # fmt: skip


def test_they_are_well_formed_and_unique() -> None:
    fields = ["id", "half", "text", "hardship", "kind", "style"]
    assert all(list(row) == fields for row in ROWS)
    assert len({row["id"] for row in ROWS}) == len({row["text"] for row in ROWS}) == len(ROWS)


def test_none_stands_in_the_training_data_nor_in_the_other_half() -> None:
    rows = [(row["id"], row["text"]) for row in ROWS]
    assert nearness.too_near(rows, nearness.training_sentences(ROOT / "data" / "nlu")) == []
    sealed = [(row["id"], row["text"]) for row in bench.messages("sealed")]
    assert nearness.too_near(sealed, [row["text"] for row in bench.messages("open")]) == []


@pytest.mark.parametrize("half", bench.HALVES)
def test_the_words_alone_find_it(half: str) -> None:
    rows = bench.messages(half)
    assert bench.falls(bench.figures(rows, bench.by_words(rows))) == []


def test_the_gate_refuses_too_few_and_too_many() -> None:
    rows = bench.messages("open")
    never = bench.figures(rows, [bench.Outcome(False, False, "")] * len(rows))
    always = bench.figures(rows, [bench.Outcome(True, False, "")] * len(rows))
    assert [line.split()[0] for line in bench.falls(never)] == ["recall"]
    assert [line.split()[0] for line in bench.falls(always)] == ["false"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_whole_turn_offers_it() -> None:
    if not (get_settings().model_file or training.current_model()).exists():
        pytest.skip("no model of today's inputs: `wenzhu train` makes it")
    outcomes = bench.through_the_chat(ROWS)
    for half in bench.HALVES:
        here = [index for index, row in enumerate(ROWS) if row["half"] == half]
        found = bench.figures([ROWS[i] for i in here], [outcomes[i] for i in here])
        assert bench.falls(found) == [], half
