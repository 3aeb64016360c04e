"""Turns the truths of a row into reasons with value, line, gap and document."""

from collections.abc import Mapping, Sequence
from typing import Any

from rules import facts as schema
from rules.criteria import UNLIKELY, Criterion
from rules.law import BASIC_PENSION_EXCLUDED_UNTIL, CHONGQING, GROUPS, Law
from rules.parameter_store import STALE_MONTHS
from rules.parameter_values import Parameter
from rules.verdict import Amount, Reason

Row = Mapping[str, Any]
PER_HEAD = "元/人·月"
# Reasons about exact equality are worth saying only when it happened.
_ONLY_WHEN_TRUE = {
    "dibao_on_the_line",
    "edge_on_the_line",
    "single_on_the_line",
    "exit_on_the_line",
    "exit_on_the_cap",
}
# "Nothing stands against it": worth saying only when something does.
_ONLY_WHEN_AGAINST = {"dibao_not_tekun", "edge_not_tekun", "edge_after_dibao"}
# What property speaks of: each thing that a person looks at, or that nothing of it was told.
PROPERTY_CAR, PROPERTY_DEPOSIT, PROPERTY_HOUSES, PROPERTY_UNSEEN = PROPERTY_CODES = (
    "property_car", "property_deposit", "property_houses", "property_to_be_checked",
)  # fmt: skip
# Of these alone the limit of deposits speaks.
BY_LIMIT = {PROPERTY_DEPOSIT, PROPERTY_UNSEEN}
_ONLY_WHEN_FOR = {"single_local", "single_adult", "aid_other_shock"}


def standard(row: Row, law: Law) -> Parameter | None:
    """The standard that applies, when one does (the same for both hukou, or the hukou is known)."""
    if row["hukou"] in law.standards:
        return law.standards[row["hukou"]]
    if row["hukou"] is None and not law.differs_by_hukou:
        return law.standards.get("rural")
    return None


def income_per_head(row: Row) -> Amount:
    """Yuan a head and month: a number, a range, or None when neither side is told."""
    low = _divide(row["said_low"], row["heads_high"])
    high = None if row["said_high"] is None else _divide(row["said_high"], row["heads_low"])
    if high is None and not row["said_low"]:
        return None
    return low if low == high else {"low": low, "high": high}


def line_per_head(row: Row, law: Law, hundredths: int = 100) -> Amount:
    """So many hundredths of the standard, yuan a head and month."""
    found = standard(row, law)
    if found is None or row["law_state"] != "ok":
        return None
    low, high = (_divide(fen * hundredths, 100) for fen in _yearly(found))
    return low if low == high else {"low": low, "high": high}


def monthly_lines(row: Row, law: Law) -> tuple[int, int] | None:
    """The lowest and the highest standard that may apply to the row, in fen a head and month."""
    hukou = row["hukou"]
    found = [p for group, p in law.standards.items() if hukou in (None, group)]
    if not found or (hukou is None and len(found) < len(GROUPS)):
        return None
    ends = [p.monthly_fen() for p in found]
    return min(low for low, _ in ends), max(high for _, high in ends)


def as_amount(low: float, high: float) -> Amount:
    """A number, or a range where both ends differ."""
    return low if low == high else {"low": low, "high": high}


def spoken(amount: Amount) -> str:
    """A number, or 500至630, for a formula."""
    return f"{amount['low']}至{amount['high']}" if isinstance(amount, dict) else str(amount)


def gap(value: Amount, line: Amount) -> Amount:
    """Value minus line, by sides."""
    if value is None or line is None:
        return None
    (value_low, value_high), (line_low, line_high) = _sides(value), _sides(line)
    low = None if value_low is None or line_high is None else _tidy(value_low - line_high)
    high = None if value_high is None or line_low is None else _tidy(value_high - line_low)
    return low if low == high else {"low": low, "high": high}


def only_when(criterion: Criterion) -> bool | None:
    """The truth without which the criterion is not worth telling; None: always told."""
    if criterion.column in _ONLY_WHEN_TRUE | _ONLY_WHEN_FOR or criterion.tell == "true":
        return True
    if criterion.column in _ONLY_WHEN_AGAINST or criterion.tell == "false":
        return False
    return None


def undecided(criterion: Criterion) -> bool:
    """Whether the reason speaks neither for nor against, whatever its truth."""
    if criterion.measure == "property":
        # No verified limit: without a car, homes and large deposits it is left to the check.
        return criterion.parameter is None
    return criterion.measure == "income" and criterion.column in _ONLY_WHEN_TRUE


def of_criteria(criteria: Sequence[Criterion], row: Row, law: Law) -> list[Reason]:
    """A reason for each criterion worth telling."""
    found = []
    for criterion in criteria:
        truth = row[criterion.column]
        wanted = only_when(criterion)
        if wanted is not None and truth is not wanted:
            continue
        silent = truth is None or undecided(criterion) or _on_open_line(criterion, row)
        met = None if silent else truth is criterion.wanted
        value = line = None
        unit, parameter = "", criterion.parameter
        if criterion.measure == "income":
            value, unit = income_per_head(row), PER_HEAD
            line = line_per_head(row, law, criterion.multiple)
            value = _told_apart(row, value, line)
            parameter = standard(row, law) if criterion.multiple == 100 else criterion.parameter
        if criterion.measure == "property":
            found += _property(criterion, row, met)
            continue
        if criterion.compared is not None:
            unit = criterion.compared[2]
            value, line = (_compared(row[f"{criterion.column}__{end}"]) for end in _ENDS)
        if criterion.measure == "spending" and row["medical_self_low"] is not None:
            value, unit = schema.yuan(row["medical_self_low"]), "元/年"
        found.append(
            Reason(
                criterion.column, criterion.rule_id, criterion.clause, met, value, line,
                gap(value, line), unit, parameter,
            )
        )  # fmt: skip
    return found


def _on_open_line(criterion: Criterion, row: Row) -> bool:
    sides = (row.get(f"income_at_{side}_{criterion.multiple}") for side in ("least", "most"))
    return criterion.open_line and all(side is True for side in sides)


def _told_apart(row: Row, value: Amount, line: Amount) -> Amount:
    """Income a head with four decimals where two make it look like the line."""
    low, top = _sides(value)[0], _sides(line)[1]
    if low is None or low != top:
        return value
    fine = _tidy(row["said_low"] / 1200 / row["heads_high"], _FINE)
    return value | {"low": fine} if isinstance(value, dict) else fine


def _property(criterion: Criterion, row: Row, met: bool | None) -> list[Reason]:
    doubts: list[tuple[str, Amount]] = []
    if row["car"]:
        doubts.append((PROPERTY_CAR, None))
    if row[criterion.deposits]:
        doubts.append((PROPERTY_DEPOSIT, schema.yuan(row["deposit_low"])))
    if (row["houses"] or 0) >= 2:
        doubts.append((PROPERTY_HOUSES, row["houses"]))
    shown = None if doubts else met
    return [
        Reason(
            code, criterion.rule_id, criterion.clause, shown, value,
            parameter=criterion.parameter if code in BY_LIMIT else None,
        )
        for code, value in doubts or [(PROPERTY_UNSEEN, None)]
    ]  # fmt: skip


#: Said of a likely verdict whose worth no verified text gives: who decides it instead.
UNPRICED = (
    "exit_amount_by_office", "single_amount_by_office", "margin_amount_by_office",
    "aid_amount_by_office",
)  # fmt: skip


def note(code: str, rule_id: str, clause: str, parameter: Parameter | None = None) -> Reason:
    """A reason that neither speaks for nor against: to be known, or to be checked by a person."""
    value = parameter.value if parameter else None
    return Reason(
        code, rule_id, clause, None, value, unit=parameter.unit if parameter else "",
        parameter=parameter,
    )  # fmt: skip


def of_a_wider_place(figure: Parameter, department: str) -> Reason:
    """PM-01: the nearer place has a figure nobody verified, so the wider one's is no estimate."""
    clause = f"{figure.citation()}：{figure.since}{figure.title}是{figure.low:g}{figure.unit}"
    clause += f"；当地另有自己的数，没有核实，给多少由{department}定"
    return note("figure_of_wider_place", "PM-01", clause, figure)


def general(row: Row, law: Law, outcome: str) -> list[Reason]:
    """Reasons that hold for every income-tested programme of the row."""
    found: list[Reason] = []
    if row["law_state"] == "none":
        why = law.gaps[0] if law.gaps else "没有查到核实过的当地标准"
        found.append(note("no_verified_parameter", "PM-01", why))
    if row["law_state"] == "elsewhere":
        clause = "低保向户籍所在地的乡镇（街道）申请，按户籍地标准"
        found.append(note("hukou_elsewhere", "DB-03", clause))
    if row["hukou"] is None and outcome != UNLIKELY:
        # Not asked where it changes no figure; those from elsewhere must still hear it.
        clause = "向户籍所在地申请；户口不在本地的，按户籍地的标准"
        found.append(note("apply_at_hukou_place", "DB-03", clause))
    if row["figures_conflict"]:
        found.append(note("figures_conflict", "PM-03", "前后说的数字对不上，由工作人员核对"))
    if row["pension"] and row["pension_kind"] != "employee":
        excluded = law.on <= BASIC_PENSION_EXCLUDED_UNTIL
        code = "basic_pension_excluded" if excluded else "basic_pension_to_be_checked"
        clause = "第十三条：居民养老保险中央基础养老金在“十四五”期间不计入收入"
        found.append(note(code, "DB-55", f"《最低生活保障审核确认办法》{clause}"))
    if law.inside(CHONGQING) and outcome != UNLIKELY:
        clause = "重庆市低保条件认定办法：还要看家庭消费支出"
        found.append(note("consumption_to_be_checked", "DB-10", clause))
    if row["job_cost"] and outcome != UNLIKELY:
        clause = "《最低生活保障审核确认办法》第十三条：上班必须花的钱可以扣，扣多少由民政核定"
        found.append(note("work_cost_told", "DB-54", clause))
    if row["rigid_deduct"] and outcome != UNLIKELY:
        clause = (
            "《最低生活保障审核确认办法》第十三条：因残疾、重病等多花的钱可以适当扣，由民政核定"
        )
        found.append(note("rigid_cost_told", "DB-55", clause))
    if (row["excluded"] or row["money_aid"]) and outcome != UNLIKELY:
        clause = (
            "《最低生活保障审核确认办法》第十三条：低保金等救助款、优待抚恤金、奖学金不计入收入；"
            "残疾人两项补贴按当地规定不计入，由民政核对"
        )
        found.append(note("aid_is_no_income", "DB-55", clause))
    if law.employment_cost is not None:
        cost = law.employment_cost
        found.append(note("employment_cost_deductible", "ED-06", cost.citation(), cost))
    applied = standard(row, law)
    if applied is not None and applied.stale:
        clause = f"这个标准已超过{STALE_MONTHS}个月没有查到更新，可能已调整"
        found.append(note("standard_may_have_changed", "PM-02", clause, applied))
    if applied is not None and applied.value is None:
        found.append(note("line_is_a_range", "PM-05", "当地标准是一个区间", applied))
    return found


def _yearly(parameter: Parameter) -> tuple[int, int]:
    factor = 12 if parameter.unit == PER_HEAD else 1
    return round(parameter.low * 100) * factor, round(parameter.high * 100) * factor


def _divide(yearly_fen: int, heads: int) -> int | float:
    return schema.yuan(yearly_fen / 12 / heads)


def _sides(amount: Amount) -> tuple[int | float | None, int | float | None]:
    if isinstance(amount, dict):
        return amount["low"], amount["high"]
    return amount, amount


_ENDS = ("value", "line")
_FINE = 4  # decimals of a figure that two decimals would put on its line


def _compared(figure: float | None) -> Amount:
    return None if figure is None else _tidy(figure)


def _tidy(value: float, digits: int = 2) -> int | float:
    value = round(value, digits) or round(value, _FINE)
    return int(value) if value == int(value) else value
