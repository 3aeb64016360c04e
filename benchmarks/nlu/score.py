"""Score `wenzhu understand` on the frozen messages and phrases of this folder.

    wenzhu understand --in benchmarks/nlu/messages.jsonl --out predictions.jsonl
    python -m benchmarks.nlu.score predictions.jsonl [--phrases FILE] [--out FILE]

How a value is compared, what `implied` facts are and which labels count as out of scope is told in
the README. Intervals are 95 % percentile bootstrap intervals over messages with a fixed seed.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MESSAGES, PHRASES, SYNONYMS = (
    HERE / "messages.jsonl", HERE / "hard_phrases.jsonl", HERE / "synonyms.json"
)  # fmt: skip
CRISIS, OUT_OF_SCOPE = "crisis_emergency", {"out_of_scope_gov", "out_of_scope_chitchat"}
OWN_WAGE, WHOLE_INCOME = "monthly_income_member", "monthly_income_total"
RESAMPLES, SEED, SMALL_SLICE = 1000, 20261122, 10

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@cache
def _same_words(key: str) -> dict[str, str]:
    groups = json.loads(SYNONYMS.read_text("utf-8")).get(key, [])
    return {word: group[0] for group in groups for word in group}


def normal(key: str, value: Any) -> Any:
    """A value as it is compared: whole numbers, sorted lists, one word for one thing."""
    if isinstance(value, list):
        items = sorted({str(normal(key, item)) for item in value})
        return items[0] if len(items) == 1 else tuple(items)
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value == int(value):
        return int(value)
    if isinstance(value, str):
        return _same_words(key).get(value, value)
    return value


def _pairs(facts: Row | None) -> dict[str, Any]:
    return {key: normal(key, value) for key, value in (facts or {}).items() if value is not None}


def compare_facts(gold: Row, predicted: Row) -> tuple[set[str], set[str], set[str]]:
    """Keys found with the exact value, wrongly stated, and missed.

    An implied fact is neither demanded nor held against the reader. Any single value out of a
    predicted list that is implied is taken out before the rest is compared. The speaker's own
    wage counts under either income key where the message does not tell whether others earn.
    """
    wanted, said = _pairs(gold["facts"]), _pairs(predicted.get("facts"))
    allowed = {
        key: {normal(key, value) for value in values}
        for key, values in gold.get("implied", {}).items()
    }
    hit = {key for key in wanted if key in said and said[key] == wanted[key]}
    own, whole = wanted.get(OWN_WAGE), said.get(WHOLE_INCOME)
    if own is not None and own == whole and whole in allowed.get(WHOLE_INCOME, ()):
        hit.add(OWN_WAGE)
    false = set()
    for key, value in said.items():
        if key in hit or value in allowed.get(key, ()):
            continue
        if isinstance(value, tuple) and allowed.get(key):
            rest = tuple(item for item in value if item not in allowed[key])
            if not rest:
                continue
            if key in wanted and normal(key, list(rest)) == wanted[key]:
                hit.add(key)
                continue
        false.add(key)
    return hit, false, set(wanted) - hit


class Marks:
    """What the scorer needs to know about one message, so that a resample only adds up."""

    def __init__(self, gold: Row, predicted: Row) -> None:
        label, said = gold["label"], predicted.get("label")
        alternatives = set(gold["alt"])
        program = predicted.get("program") or "none"
        self.gold, self.said = label, said
        self.strict = said == label
        self.with_alt = self.strict or said in alternatives
        self.program = None if gold["program"] == "none" else program == gold["program"]
        self.hit, self.false, self.missed = compare_facts(gold, predicted)
        self.oos = label in OUT_OF_SCOPE
        self.oos_found = said in OUT_OF_SCOPE or self.with_alt
        self.oos_said = said in OUT_OF_SCOPE
        self.oos_right = self.oos or bool(alternatives & OUT_OF_SCOPE)
        self.crisis, self.crisis_said = label == CRISIS, said == CRISIS
        self.crisis_right = self.crisis or CRISIS in alternatives


def _ratio(values: Iterable[bool]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def macro_f1(marks: Sequence[Marks]) -> float | None:
    """Unweighted mean over the gold labels; a said alternative counts as the gold label."""
    true: Counter[str] = Counter()
    said: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for mark in marks:
        gold[mark.gold] += 1
        answer = mark.gold if mark.with_alt else str(mark.said)
        said[answer] += 1
        true[mark.gold] += mark.with_alt
    scores = [2 * true[label] / (gold[label] + said[label]) for label in gold]
    return sum(scores) / len(scores) if scores else None


def facts_f1(marks: Sequence[Marks]) -> float | None:
    """Micro-averaged over exact (key, value) pairs."""
    hits = sum(len(mark.hit) for mark in marks)
    wrong = sum(len(mark.false) + len(mark.missed) for mark in marks)
    return 2 * hits / (2 * hits + wrong) if hits + wrong else None


MEASURES: dict[str, Callable[[Sequence[Marks]], float | None]] = {
    "intent_strict": lambda ms: _ratio(m.strict for m in ms),
    "intent": lambda ms: _ratio(m.with_alt for m in ms),
    "macro_f1": macro_f1,
    "program": lambda ms: _ratio(m.program for m in ms if m.program is not None),
    "facts_f1": facts_f1,
    "oos_recall": lambda ms: _ratio(m.oos_found for m in ms if m.oos),
    "oos_precision": lambda ms: _ratio(m.oos_right for m in ms if m.oos_said),
    "false_refusal": lambda ms: _ratio(m.oos_said for m in ms if not m.oos_right),
    "crisis_recall": lambda ms: _ratio(m.crisis_said for m in ms if m.crisis),
    "crisis_precision": lambda ms: _ratio(m.crisis_right for m in ms if m.crisis_said),
}


def measure(marks: Sequence[Marks], resamples: int = RESAMPLES) -> Row:
    """Every measure as {value, low, high}; without a base it is absent."""
    drawn: dict[str, list[float]] = defaultdict(list)
    dice = random.Random(SEED)
    for _ in range(resamples):
        sample = dice.choices(marks, k=len(marks))
        for name, function in MEASURES.items():
            if (value := function(sample)) is not None:
                drawn[name].append(value)
    result: Row = {}
    for name, function in MEASURES.items():
        value = function(marks)
        if value is None:
            continue
        spread = sorted(drawn[name]) or [value]
        low, high = spread[int(0.025 * len(spread))], spread[int(0.975 * (len(spread) - 1))]
        result[name] = {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4)}
    return result


def per_key(marks: Sequence[Marks]) -> Row:
    """Right, wrong, missed and F1 of each fact key."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for mark in marks:
        for place, keys in enumerate((mark.hit, mark.false, mark.missed)):
            for key in keys:
                counts[key][place] += 1
    return {
        key: {"right": a, "wrong": b, "missed": c, "f1": round(2 * a / (2 * a + b + c), 4)}
        for key, (a, b, c) in sorted(counts.items())
    }


def score_messages(gold: list[Row], predicted: list[Row], resamples: int = RESAMPLES) -> Row:
    """All figures of the messages: overall, by style, by label, by fact key, and confusions."""
    said = {row["id"]: row for row in predicted}
    marks = [Marks(row, said.get(row["id"], {})) for row in gold]
    styles: dict[str, list[Marks]] = defaultdict(list)
    labels: dict[str, list[Marks]] = defaultdict(list)
    confusions: Counter[tuple[str, str]] = Counter()
    for row, mark in zip(gold, marks, strict=True):
        labels[row["label"]].append(mark)
        for style in row["style"]:
            styles[style].append(mark)
        if not mark.with_alt:
            confusions[row["label"], str(mark.said)] += 1
    return {
        "messages": len(gold),
        "overall": measure(marks, resamples),
        "by_style": {
            style: {"n": len(found), **measure(found, resamples // 5)}
            for style, found in sorted(styles.items())
            if len(found) >= SMALL_SLICE
        },
        "by_label": {
            label: {"n": len(found), "recall": round(_ratio(m.with_alt for m in found) or 0, 4)}
            for label, found in sorted(labels.items())
        },
        "facts_by_key": per_key(marks),
        "confusions": [{"label": a, "said": b, "n": n} for (a, b), n in confusions.most_common(40)],
        "crisis_missed": sorted(
            row["id"] for row, m in zip(gold, marks, strict=True) if m.crisis and not m.crisis_said
        ),
    }


def phrase_is_right(gold: Row, predicted: Row) -> bool:
    """The exact number or the exact range under the right key."""
    keys = [key for key in (gold["key"], gold.get("or_key")) if key]
    if "range" in gold:
        stated = [(predicted.get("ranges") or {}).get(key) or {} for key in keys]
        return any(
            all(found.get(side) == gold["range"][side] for side in ("low", "high"))
            for found in stated
        )
    said = [(predicted.get("facts") or {}).get(key) for key in keys]
    return any(value == gold["value"] and not isinstance(value, bool) for value in said)


def score_phrases(gold: list[Row], predicted: list[Row]) -> Row:
    """Share of exact amounts and of exact ages, and the phrases that were not."""
    said = {row["id"]: row for row in predicted}
    result: Row = {}
    for name, wanted in (("amounts", False), ("ages", True)):
        rows = [row for row in gold if (row["key"] == "age") == wanted]
        right = [phrase_is_right(row, said.get(row["id"], {})) for row in rows]
        wrong = [row["id"] for row, ok in zip(rows, right, strict=True) if not ok]
        result[name] = {"n": len(rows), "exact": round(_ratio(right) or 0, 4), "wrong": wrong}
    return result


def summary(result: Row) -> str:
    """The figures for a terminal, one a line."""
    lines = [
        f"{name:18s} {found['value']:.4f}  [{found['low']:.4f}, {found['high']:.4f}]"
        for name, found in result["overall"].items()
    ]
    for name, found in result.get("hard_phrases", {}).items():
        lines.append(f"{name:18s} {found['exact']:.4f}  n={found['n']}")
    for style, found in result["by_style"].items():
        facts = found.get("facts_f1", {}).get("value", "-")
        intent = found["intent"]["value"]
        lines.append(f"{style:14s} n={found['n']:4d} intent={intent:.4f} facts={facts}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("predictions", type=Path)
    parser.add_argument("--phrases", type=Path, help="predictions for hard_phrases.jsonl")
    parser.add_argument("--gold", type=Path, default=MESSAGES)
    parser.add_argument("--out", type=Path, help="write all figures as JSON here")
    options = parser.parse_args(arguments)
    result = score_messages(read(options.gold), read(options.predictions))
    if options.phrases:
        result["hard_phrases"] = score_phrases(read(PHRASES), read(options.phrases))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(summary(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
