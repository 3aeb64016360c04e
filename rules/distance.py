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


def of(
    column: str,
    row: Row,
    law: Law,
    probed: Sequence[tuple[str, Row]],
    criteria: Sequence[Criterion],
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
    return found


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
