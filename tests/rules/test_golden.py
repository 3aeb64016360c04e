"""Every golden case: a household, a place, a day, and the verdicts an official would expect."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.screening import screen
from rules.verdict import Screening, Verdict

FOLDER = Path(__file__).parent / "golden"


def _cases() -> list[Any]:
    cases = []
    for path in sorted(FOLDER.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in content["cases"]:
            merged = content["defaults"] | case
            merged["facts"] = content["defaults"]["facts"] | case["facts"]
            cases.append(pytest.param(merged, id=f"{path.stem}:{case['id']}"))
    return cases


CASES = _cases()


def _verdict(screening: Screening, column: str) -> Verdict | None:
    if column in ("jiantui", "danrenbao"):
        return screening.of("dibao", column)
    if column == "dibao":
        return screening.of("dibao", "standard")
    return screening.of(column)


@pytest.mark.parametrize("case", CASES)
def test_golden_case(case: dict[str, Any]) -> None:
    facts = {key: value for key, value in case["facts"].items() if value is not None}
    screening = screen(facts, case["region"], case["day"], frozenset(case.get("declined", ())))
    for column, outcome in case["expect"].items():
        verdict = _verdict(screening, column)
        assert (verdict.outcome if verdict else None) == outcome, column
    first = next(iter(case["expect"]))
    verdict = _verdict(screening, case.get("missing_of", first))
    codes = {reason.code for v in screening.verdicts for reason in v.reasons}
    assert set(case.get("reasons", ())) <= codes
    # An open verdict with nothing to ask would hide a hole in the rules behind "a person".
    assert ("not_known_to_resident" in codes) == bool(case.get("declined"))
    for key in case.get("missing", ()):
        assert verdict is not None
        assert key in verdict.missing
    if "amount" in case:
        assert verdict is not None
        assert verdict.amount is not None
        assert [verdict.amount.low, verdict.amount.high] == case["amount"]
    income = next(r for v in screening.verdicts for r in v.reasons if r.code == "dibao_income")
    for key in ("value", "line"):
        if key in case:
            assert getattr(income, key) == case[key]
    if "document" in case:
        assert income.parameter is not None
        assert case["document"] in income.parameter.document
    if "kind" in case:
        assert verdict is not None
        assert verdict.kind == case["kind"]
    if "person" in case:
        person = screening.of("dibao", "danrenbao")
        assert person is not None
        assert person.person == case["person"]


def test_every_case_names_its_rule_and_mechanism() -> None:
    assert len(CASES) >= 120
    for case in CASES:
        assert case.values[0]["rule"]
        assert case.values[0]["mechanism"]
