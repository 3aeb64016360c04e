"""How far the lines are, and which true circumstance would change a verdict.

A probe is the same household with one more circumstance that a document could show. It never
probes less income or less property: nobody is told what to hide.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rules import reasons
from rules.criteria import LIKELY, NEED_PERSON, UNLIKELY, Criterion
from rules.law import FUJIAN, Law
from rules.verdict import Distance

Row = Mapping[str, Any]
_RANK = {UNLIKELY: 0, NEED_PERSON: 1, LIKELY: 2}
# Ages that open something by themselves; nobody can be told to be younger again.
AGES = (16, 18, 60)
_STATUSES = {"margin_status": "gets_bianyuan", "dibao_status": "gets_dibao"}
_INCOME_TESTED = ("dibao", "jiantui", "danrenbao", "dibao_bianyuan")


def probes(household: Row, person: Row) -> list[tuple[str, dict[str, Any]]]:
    """(code, row) for circumstances that are not yet told to be true."""
    base = {**household, **person}
    found: list[tuple[str, dict[str, Any]]] = []
    if base.get("critical_illness") is not True:
        found.append(("with_critical_illness_record", base | {"critical_illness": True}))
    if (base.get("level") or 0) not in (1, 2):
        found.append(("with_severe_disability_certificate", base | {"level": 2}))
    if base.get("shock") in (None, "none"):
        found.append(("with_sudden_hardship", base | {"shock": "accident"}))
    return found


def steps(row: Row) -> list[tuple[str, dict[str, Any]]]:
    """(code, row) with a status that its income alone may keep from the household, or at an age.

    They tell whether that is all that is unmet, never what to earn or to own.
    """
    base = dict(row)
    found = [
        (code, base | {column: True}) for code, column in _STATUSES.items() if not base.get(column)
    ]
    age = base.get("age_low")
    if age is not None and age == base.get("age_high"):
        found += [
            (f"at_age_{line}", base | {"age_low": line, "age_high": line})
            for line in AGES
            if age < line
        ]
    return found


def of(
    column: str,
    row: Row,
    law: Law,
    probed: Sequence[tuple[str, Row]],
    criteria: Sequence[Criterion],
    stepped: Sequence[tuple[str, Row]] = (),
) -> list[Distance]:
    """The distance card of one verdict."""
    found = [
        Distance(
            f"{criterion.column}_line",
            {"value": reason.value, "line": reason.line, "gap": reason.gap, "unit": reason.unit},
        )
        for criterion in criteria
        if criterion.compared is not None and row[criterion.column] is not criterion.wanted
        for reason in reasons.of_criteria([criterion], row, law)
        if reason.gap is not None
    ]
    value, line = reasons.income_per_head(row), reasons.line_per_head(row, law)
    if column in ("dibao", "jiantui"):
        found += _gap("dibao_line", value, line)
    if column in ("dibao_bianyuan", "danrenbao") and law.edge_multiple is not None:
        multiple = round(law.edge_multiple.low * 100)
        found += _gap("edge_line", value, reasons.line_per_head(row, law, multiple))
    if column == "dibao" and row["dibao"] == UNLIKELY:
        found += _doors(row, law, probed)
    if column == "linshi" and row["linshi"] == UNLIKELY:
        found += [
            Distance("with_sudden_hardship", {"program": "linshi", "outcome": other["linshi"]})
            for code, other in probed
            if code == "with_sudden_hardship" and other["linshi"] == LIKELY
        ]
    if row[column] == UNLIKELY:
        better = [(code, o) for code, o in stepped if _RANK.get(o[column], 0) > _RANK[UNLIKELY]]
        found += _by_status(column, row, law, [code for code, _ in better])
        found += _by_own_income(row, law, criteria)
        found += _by_age(better)
    return found


def _by_status(column: str, row: Row, law: Law, codes: Sequence[str]) -> list[Distance]:
    """How far the family is from a status, where that is all that is unmet."""
    if column in _INCOME_TESTED:
        return []
    if "margin_status" in codes and law.edge_multiple is not None:
        return _over("edge_line", row, law, round(law.edge_multiple.low * 100))
    return _over("dibao_line", row, law) if "dibao_status" in codes else []


def _by_own_income(row: Row, law: Law, criteria: Sequence[Criterion]) -> list[Distance]:
    """How far a person's own income is from its line, where nothing else is unmet."""
    unmet = [
        criterion
        for criterion in criteria
        if criterion.tell == "always" and row[criterion.column] is (not criterion.wanted)
    ]
    alone = len(unmet) == 1 and unmet[0].measure == "own_income"
    return _over("dibao_line", row, law) if alone else []


def _over(code: str, row: Row, law: Law, multiple: int = 100) -> list[Distance]:
    """The gap to a line that the income a head is surely above."""
    value, line = reasons.income_per_head(row), reasons.line_per_head(row, law, multiple)
    between = reasons.gap(value, line)
    least = between["low"] if isinstance(between, dict) else between
    return _gap(code, value, line) if least is not None and least > 0 else []


def _by_age(better: Sequence[tuple[str, Row]]) -> list[Distance]:
    """The next age from which the same household would be looked at otherwise."""
    ages = [other["age_low"] for code, other in better if code.startswith("at_age_")]
    return [Distance("at_age", {"value": age, "unit": "岁"}) for age in ages[:1]]


def _gap(code: str, value: Any, line: Any) -> list[Distance]:
    between = reasons.gap(value, line)
    if between is None:
        return []
    return [
        Distance(code, {"value": value, "line": line, "gap": between, "unit": reasons.PER_HEAD})
    ]


def _doors(row: Row, law: Law, probed: Sequence[tuple[str, Row]]) -> list[Distance]:
    """Other ways for a household over the line."""
    found: list[Distance] = []
    for code, other in probed:
        if code == "with_sudden_hardship":
            continue
        better = _RANK.get(other["danrenbao"], 0) > _RANK.get(row["danrenbao"], 0)
        if better and row["danrenbao"] in (UNLIKELY, "need_answers"):
            found.append(
                Distance(code, {"program": "dibao", "kind": "danrenbao",
                                "outcome": other["danrenbao"]})
            )  # fmt: skip
    if row["someone_employed"] or (row["income_floor"] or 0) > 0:
        values = {"unit": "%", "value": law.employment_cost.value} if law.employment_cost else {}
        found.append(Distance("work_costs_may_be_deducted", values))
    if row["aid_spending"] or row["level"] or row["ill"]:
        found.append(Distance("illness_and_study_costs_may_be_deducted"))
    if row["aid_spending"] and law.inside(FUJIAN):
        # DB-12, DB-25: spending hardship may enter 低保 by household or by person, in Fujian.
        found.append(
            Distance("spending_hardship_may_enter_dibao", {"subjects": ["household", "person"]})
        )
    if row["dibao_bianyuan"] in (LIKELY, NEED_PERSON):
        found.append(
            Distance("margin_household", {"program": "dibao_bianyuan",
                                          "outcome": row["dibao_bianyuan"]})
        )  # fmt: skip
    return found
