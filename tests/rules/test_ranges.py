"""A verdict that a range settles is the verdict of both its ends and of everything between."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import facts as schema
from rules.evaluate import evaluate
from rules.household import ALL_COLUMNS, frame, household_row, person_rows
from rules.law import of as law_of
from rules.programmes import ALL_CODES, needed_for
from rules.programmes.relations import exclusions
from tests.rules.test_further_properties import EVERY, REGIONS
from tests.rules.test_parameters import TODAY

PROGRAMMES = needed_for(ALL_CODES)
# 低保 of one person steps back once 特困 is likely: an order, not a condition of its own.
STEPS_BACK = {exclusion.target for exclusion in exclusions() if exclusion.settled}
COLUMNS = [p.column for p in PROGRAMMES if p.column not in STEPS_BACK]
SETTLED = ("likely", "unlikely")
SIZES = {"money": 6000, "sum": 90_000, "count": 12, "age": 95}
MOST = {"household_size": 8, "adl_unable": schema.ADL_ITEMS}
# Other statements of income, size or costs: told besides, they may contradict what is told already.
INSTEAD = {
    "monthly_income_per_capita": ("monthly_income_total",),
    "annual_income_total": ("monthly_income_total",),
    "monthly_income_member": ("monthly_income_total",),
    "medical_expense": ("medical_expense_self",),
    "medical_expense_monthly": ("medical_expense_self",),
}
UNUSED = {"num_children", "debt"}
RANGED = sorted(
    key for key, fact in schema.SCHEMA.items() if fact.kind in SIZES and key not in UNUSED
)


def outcomes(cases: list[dict[str, Any]], region: str) -> list[dict[str, Any]]:
    rows = [household_row(f, True) | person_rows(f, True)[0] for f in cases]
    table = evaluate(frame(rows, ALL_COLUMNS), law_of(region, TODAY), PROGRAMMES)
    return table.select(COLUMNS).to_dicts()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(
    facts=st.fixed_dictionaries(EVERY), region=st.sampled_from(REGIONS),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)  # fmt: skip
def test_a_range_is_settled_only_where_both_ends_and_the_middle_agree(
    facts: dict[str, Any], region: str, ends: tuple[float, float]
) -> None:
    cases: list[dict[str, Any]] = []
    for key in RANGED:
        most = MOST.get(key, SIZES[schema.SCHEMA[key].kind])
        least = 1 if key == "household_size" else 0
        low, high = sorted(max(least, round(end * most)) for end in ends)
        rest = {k: v for k, v in facts.items() if k not in INSTEAD.get(key, ())}
        if key == "monthly_income_member":
            rest["household_size"] = 1
        told = ({"low": low, "high": high}, low, (low + high) // 2, high)
        cases += [rest | {key: value} for value in told]
    found = outcomes(cases, region)
    for at, key in enumerate(RANGED):
        band, *points = found[4 * at : 4 * at + 4]
        for column in COLUMNS:
            if band[column] in SETTLED:
                assert {point[column] for point in points} == {band[column]}, (key, column)
