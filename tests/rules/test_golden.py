"""Every golden case: a household, a place, a day, and the verdicts an official would expect."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.evaluate import criteria_of
from rules.law import of as law_of
from rules.parameter_store import Store, default_store
from rules.parameter_values import Parameter
from rules.programmes import FURTHER, REGISTRY
from rules.reasons import PROPERTY_CAR, only_when
from rules.screening import screen
from rules.verdict import Screening, Verdict

FOLDER = Path(__file__).parent / "golden"
KINDS = {p.column: (p.code, p.kind) for p in (*REGISTRY, *FURTHER)}


def _cases() -> list[Any]:
    cases = []
    for path in sorted(FOLDER.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in content["cases"]:
            merged = content["defaults"] | case
            merged["facts"] = content["defaults"]["facts"] | case.get("facts", {})
            cases.append(pytest.param(merged, id=f"{path.stem}:{case['id']}"))
    return cases


CASES = _cases()


def _assumed(values: list[dict[str, Any]]) -> Store:
    """The published parameters and some that no place has published yet."""
    extra = [
        Parameter(
            name=row["name"], value=row["value"], low=row["value"], high=row["value"],
            at_least=False, unit=row["unit"], region_code=row["region"], region_name="某地",
            population=row.get("population", "all"), document="设想的文件", clause="",
            evidence_grade="A",
            effective_from=row["from"], effective_to=row.get("to"), checked_until=None,
            verified=True,
        )
        for row in values
    ]  # fmt: skip
    return Store.of([*default_store().parameters, *extra])


def store_of(case: dict[str, Any]) -> Store | None:
    """The parameters that the case goes by; None: the published ones."""
    return _assumed(case["assume"]) if "assume" in case else None


def _verdict(screening: Screening, column: str) -> Verdict | None:
    code, kind = KINDS[column]
    return screening.of(code, None if column == "linshi" else kind)


@pytest.mark.parametrize("case", CASES)
def test_golden_case(case: dict[str, Any]) -> None:
    facts = {key: value for key, value in case["facts"].items() if value is not None}
    focus = {KINDS[column][0] for column in case["expect"]} if "focus" in case else None
    declined = frozenset(case.get("declined", ()))
    screening = screen(facts, case["region"], case["day"], declined, store_of(case), focus)
    for column, outcome in case["expect"].items():
        verdict = _verdict(screening, column)
        assert (verdict.outcome if verdict else None) == outcome, column
    first = next(iter(case["expect"]))
    verdict = _verdict(screening, case.get("missing_of", first))
    codes = {reason.code for v in screening.verdicts for reason in v.reasons}
    assert set(case.get("reasons", ())) <= codes
    assert not set(case.get("without", ())) & codes
    # An open verdict with nothing to ask would hide a hole in the rules behind "a person".
    assert ("not_known_to_resident" in codes) == bool(case.get("declined"))
    for key in case.get("missing", ()):
        assert verdict is not None
        assert key in verdict.missing
    if "amount" in case:
        assert verdict is not None
        amount = verdict.amount
        assert (amount and [amount.low, amount.high]) == case["amount"]
    if focus is None:
        _check_income(case, screening)
    if "kind" in case:
        assert verdict is not None
        assert verdict.kind == case["kind"]
    if "person" in case:
        person = screening.of("dibao", "danrenbao")
        assert person is not None
        assert person.person == case["person"]
    if "figure" in case:
        shown = {r.code: r.value for v in screening.verdicts for r in v.reasons}
        assert {code: shown.get(code) for code in case["figure"]} == case["figure"]
    if "met" in case:
        met = {r.code: r.met for v in screening.verdicts for r in v.reasons}
        assert {code: met[code] for code in case["met"]} == case["met"]
    for told in screening.verdicts:
        _check_reasons(told)


def _check_reasons(told: Verdict) -> None:
    """What a person may be entitled to has a reason for it, what not a reason against it."""
    said = {reason.met for reason in told.reasons}
    if told.outcome == "likely":
        assert True in said, told.program
    # Nobody has named a risk of falling back into poverty: there is nothing to hold against them.
    if told.outcome == "unlikely" and told.program != "fangfanpin":
        assert False in said, told.program


def _check_income(case: dict[str, Any], screening: Screening) -> None:
    income = next(r for v in screening.verdicts for r in v.reasons if r.code == "dibao_income")
    for key in ("value", "line"):
        if key in case:
            assert getattr(income, key) == case[key]
    if "document" in case:
        assert income.parameter is not None
        assert case["document"] in income.parameter.document


def test_every_case_names_its_rule_and_mechanism() -> None:
    assert len(CASES) >= 600
    for case in CASES:
        assert case.values[0]["rule"]
        assert case.values[0]["mechanism"]


def test_every_case_has_a_chinese_name_of_its_own() -> None:
    names = [str(case.id) for case in CASES]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.search("[\u4e00-\u9fff]", name)] == []


def test_every_programme_has_cases_on_both_sides() -> None:
    seen: dict[str, set[str | None]] = {}
    for case in CASES:
        for column, outcome in case.values[0]["expect"].items():
            seen.setdefault(column, set()).add(outcome)
    assert set(seen) == set(KINDS)
    for column, outcomes in seen.items():
        assert len(outcomes) >= 2, column


def test_what_is_told_only_sometimes_is_seen_told_and_untold() -> None:
    """Such a criterion may change no verdict; then only the reason shows whether it is right."""
    told: set[str] = set().union(*(case.values[0].get("reasons", ()) for case in CASES))
    untold: set[str] = set().union(*(case.values[0].get("without", ()) for case in CASES))
    sometimes = {
        PROPERTY_CAR if criterion.measure == "property" else criterion.column
        for place in ("350902", "120104")
        for criteria in criteria_of(law_of(place, date(2026, 11, 21)), FURTHER).values()
        for criterion in criteria
        if only_when(criterion) is not None
    }
    assert sometimes - told == set()
    assert sometimes - untold == set()
