"""Two subsidies of 凉山州 in 2016, kept as dated history: 差额补贴 and 特殊生活补贴.

差额补贴 tops yearly income a head up to 3,100 yuan, only for 低保 families marked to leave
poverty in 2016; the ordinary line (2,880) is a parameter of its own. The one-off living subsidy's
"114 yuan" is an average over all who got it and never an entitlement. Outside 凉山 there is no
verdict.
"""

import polars as pl

from rules import facts as schema
from rules.criteria import (
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    Row,
    decide,
    outcome,
    yearly_income_a_head,
)
from rules.law import Law
from rules.parameter_values import Parameter
from rules.programmes.dibao import INCOME_READS
from rules.programmes.relations import asks_for_status, status, status_by_person
from rules.reasons import note
from rules.verdict import Estimate, Reason

LIANGSHAN = "513400"
_REPORT = "凉山州人民政府门户网站2016年11月3日信息"


def _rural() -> Criterion:
    return Criterion(
        "subsidy_rural", "QT-12", f"{_REPORT}：农村低保对象", ("hukou",),
        decide(pl.col("hukou") == "rural", pl.col("hukou").is_not_null()),
    )  # fmt: skip


def _below(line: Parameter | None) -> pl.Expr:
    """Yearly income a head below the line; at the line there is nothing to top up."""
    if line is None:
        return pl.lit(None, dtype=pl.Boolean)
    fen = round(line.low * 100)
    return decide(
        pl.col("income_high") < fen * pl.col("heads_low"),
        pl.col("income_low") >= fen * pl.col("heads_high"),
    )


def _gap_criteria(law: Law) -> list[Criterion]:
    line = law.find("gap_subsidy_target_line", "rural")
    return [
        _rural(),
        status("liangshan_chae", "gap_status"),
        Criterion(
            "gap_below",
            "QT-12",
            f"{_REPORT}：人均年收入低于差额补贴线",
            INCOME_READS,
            _below(line),
            parameter=line,
            compared=(yearly_income_a_head(), pl.lit(line.low), "元/人·年") if line else None,
        ),
        Criterion(
            "gap_group", "QT-12", f"{_REPORT}：2016年计划脱贫的低保对象，由乡镇认定", (),
            pl.col("planned_exit_2016"), parameter=line,
        ),
    ]  # fmt: skip


def _only_then(law: Law, name: str, branches: list[tuple[pl.Expr, str]]) -> pl.Expr:
    """Inside 凉山 only; after its year the local office is to be asked."""
    if not law.inside(LIANGSHAN):
        return pl.lit(None, dtype=pl.String)
    if law.find(name, "rural") is None:
        return outcome((~pl.col("subsidy_rural"), UNLIKELY), otherwise=NEED_PERSON)
    return outcome(*branches, otherwise=NEED_ANSWERS)


def _gap_outcome(law: Law) -> pl.Expr:
    rural, covered, group = pl.col("subsidy_rural"), pl.col("gap_status"), pl.col("gap_group")
    below = pl.col("gap_below")
    return _only_then(
        law,
        "gap_subsidy_target_line",
        [
            (~rural | ~covered | ~group | ~below, UNLIKELY),
            (rural & covered & group & below, LIKELY),
            (rural & status_by_person("liangshan_chae"), NEED_PERSON),
            # Being on the list is in nobody's pocket: when it was not told, the office knows.
            (rural & covered & below, NEED_PERSON),
            (rural & asks_for_status("liangshan_chae"), NEED_ANSWERS),
        ],
    )


def _special_criteria(_law: Law) -> list[Criterion]:
    return [_rural(), status("liangshan_teshu", "special_status")]


def _special_outcome(law: Law) -> pl.Expr:
    rural, covered = pl.col("subsidy_rural"), pl.col("special_status")
    return _only_then(
        law,
        "special_living_subsidy_per_capita",
        [
            (~rural | ~covered, UNLIKELY),
            (rural & covered, LIKELY),
            (rural & status_by_person("liangshan_teshu"), NEED_PERSON),
        ],
    )


def top_up(yearly_fen: int, heads: int, line_yuan: float) -> int:
    """(line − yearly income a head) × heads in fen, never below nothing."""
    return max(0, round(line_yuan * 100) * heads - yearly_fen)


def _yearly(row: Row) -> tuple[int, int] | None:
    """(yearly income in fen, heads) when both are told exactly."""
    heads = row["size_low"]
    if heads is None or heads != row["size_high"] or row["said_low"] != row["said_high"]:
        return None
    return row["said_low"] * (heads if row["by_head"] else 1), heads


def _gap_notes(row: Row, law: Law, told: str) -> list[Reason]:
    line = law.find("dibao_standard", "rural")
    found = _history(law, told)
    told_income = _yearly(row)
    if told == LIKELY and line is not None and told_income is not None:
        first = schema.yuan(top_up(*told_income, line.low))
        clause = f"{line.citation()}：补到农村低保线每人每年{line.low:g}元，全家一年"
        found.append(Reason("gap_to_standard", "DB-40", clause, None, first, unit="元/年"))
    return found


def _history(law: Law, told: str) -> list[Reason]:
    if told == UNLIKELY:
        return []
    clause = "这是2016年的做法；现在有没有、多少钱，要问当地民政"
    return [note("only_2016", "QT-11", clause)] if law.inside(LIANGSHAN) else []


def _special_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found = _history(law, told)
    if told == LIKELY:
        clause = "一次性发放；报道里的人均数是统计，不是每人应得的数"
        found.append(note("average_is_no_claim", "QT-11", clause))
    return found


def _gap_amount(row: Row, law: Law) -> Estimate | None:
    line = law.find("gap_subsidy_target_line", "rural")
    told_income = _yearly(row)
    if line is None or told_income is None:
        return None
    value = schema.yuan(top_up(*told_income, line.low))
    head = schema.yuan(told_income[0] / told_income[1])
    formula = f"（{line.low:g} − 人均年收入{head}）×{told_income[1]}人"
    return Estimate(value, value, "元/年", formula)


GAP = Programme(
    "liangshan_butie", "household", "chae", "chae_butie", _gap_criteria, _gap_outcome,
    _gap_notes, _gap_amount, ("gap_subsidy_target_line",),
)  # fmt: skip
SPECIAL = Programme(
    "liangshan_butie", "household", "teshu", "teshu_butie", _special_criteria, _special_outcome,
    _special_notes,
)  # fmt: skip
