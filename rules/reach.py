"""Which columns a fact can change, and by which columns an outcome goes, directly or not.

The first is a table, held to `household_row` and `person_rows` by a test; the second is read off
the expressions.
"""

from collections.abc import Mapping
from functools import lru_cache

from rules import facts as schema
from rules.circumstances import FURTHER_COLUMNS
from rules.criteria import Programme
from rules.evaluate import stages
from rules.household import ALL_COLUMNS, ALL_FILLS, RECEIVED
from rules.law import Law

_SIZE = ("size_low", "size_high")
_ENDS = {
    "annual_income_total": "income_year", "monthly_income_per_capita": "income_head",
    "medical_expense_monthly": "medical_monthly",
}  # fmt: skip
# Facts that fill columns of another name without being among those that possible worlds vary.
_FILLS: dict[str, tuple[str, ...]] = {
    **{key: (f"{name}_low", f"{name}_high") for key, name in _ENDS.items()},
    "monthly_income_member": ("income_floor", "income_total_low", "income_total_high"),
    "pension_monthly": ("pension",), "medical_expense": ("medical_total",),
    "excluded_income": ("excluded",), "wage_monthly": ("wage",),
    "living_alone": (*_SIZE, "figures_conflict"), "no_children": ("figures_conflict",),
    "receiving": (*RECEIVED.values(), "money_aid"), "stopped": ("left_dibao",),
    "accident": ("shock",), "disaster": ("shock",), "lost_job": ("shock", "employed"),
    "birth_date": ("age_low", "age_high"), "disease": ("ill", "cataract", "heart_disease"),
}  # fmt: skip
# Several statements of one income are merged, and a strange count of children is a contradiction.
_INCOMES = ("income_total_low", "income_total_high", "figures_conflict")


def filled_by(key: str) -> frozenset[str]:
    """The columns of the facts frame that say what the fact says."""
    same_name = {key} & {*ALL_COLUMNS, *FURTHER_COLUMNS}
    return frozenset({*same_name, *_FILLS.get(key, ()), *ALL_FILLS.get(key, ())})


def columns_of(key: str) -> frozenset[str]:
    """The columns that the fact can change, also as one of several statements of an income."""
    merged = schema.SCHEMA[key].kind in ("money", "sum", "count")
    return filled_by(key) | frozenset(_INCOMES if merged else ())


@lru_cache(maxsize=64)
def readers(law: Law, programmes: tuple[Programme, ...]) -> Mapping[str, frozenset[str]]:
    """The raw columns that each outcome goes by, directly or not."""
    roots: dict[str, frozenset[str]] = {name: frozenset({name}) for name in ALL_COLUMNS}
    for stage in stages(law, programmes):
        made = {
            expr.meta.output_name(): frozenset().union(
                *(roots[name] for name in expr.meta.root_names())
            )
            for expr in stage
        }
        roots |= made
    return {programme.column: roots[programme.column] for programme in programmes}
