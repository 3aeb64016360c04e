"""Household in hardship by rigid spending (刚性支出困难家庭, formerly 支出型困难).

《刚性支出困难家庭认定办法》（民发〔2024〕57号）第四、五条: not covered and not on the margin,
income a head below last year's local disposable income, property within the rules, and a share of
spending in income above the local ratio. The income line must be the place's own: the nation's
never stands in for it. Without a verified line or ratio a person looks at it.
"""

from datetime import date

import polars as pl

from rules import regions
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
    yes,
)
from rules.law import Law
from rules.parameter_values import Parameter
from rules.programmes.dibao import INCOME_READS, OPEN, PROPERTY_READS
from rules.programmes.relations import excluders, has_status
from rules.programmes.spending import household_income, least, most
from rules.reasons import note
from rules.verdict import Reason

_RULE = "《刚性支出困难家庭认定办法》（民发〔2024〕57号）"
RULES_2025 = date(2025, 1, 1)
SPENDING_READS = ("medical_expense_self", "tuition", "rehab_expense", "accident_expense")
KINDS = ("medical", "study", "rehab", "accident")


def disposable_income(law: Law, hukou: str) -> Parameter | None:
    """The place's own disposable income a head of the year before; never the nation's."""
    last_year = date(law.on.year - 1, 12, 31)
    found = law.find("disposable_income_per_capita", hukou, on=last_year)
    return None if found is None or found.region_code == regions.NATION else found


def _share(law: Law) -> tuple[pl.Expr, str, Parameter | None]:
    """Whether spending is over the local share of income, where it is written, the ratio."""
    income_low, income_high = household_income("low"), household_income("high")

    def over(ratio: Parameter, strictly: bool, *kinds: str) -> pl.Expr:
        low, high = least(*kinds), most(*kinds)
        percent = round(ratio.low)
        if strictly:
            return decide(low * 100 > income_high * percent, high * 100 <= income_low * percent)
        return decide(low * 100 >= income_high * percent, high * 100 < income_low * percent)

    general = law.find("rigid_expense_ratio_general")
    narrow = law.find("rigid_expense_ratio_medical_accident")
    single = law.find("rigid_expense_ratio")
    if general is not None and narrow is not None:
        truth = over(general, True, *KINDS) | over(narrow, True, "medical", "accident")
        words = f"刚性支出超过家庭收入的{general.low:g}%，或医疗加意外超过{narrow.low:g}%"
        return truth, f"{general.document}：{words}", general
    if single is not None:
        words = f"刚性支出达到家庭年收入的{single.low:g}%"
        return over(single, False, *KINDS), f"{single.document}：{words}", single
    return pl.lit(None, dtype=pl.Boolean), f"{_RULE}第四条：刚性支出占收入的比例超过当地规定", None


def _compared_share(law: Law, ratio: Parameter | None) -> tuple[pl.Expr, pl.Expr, str] | None:
    """The least that spending can be of the income told, in hundredths; of no income, nothing.

    Of two shares either of which is enough, the one that is further over its line, or nearer to it.
    """
    if ratio is None:
        return None
    narrow = law.find("rigid_expense_ratio_medical_accident")
    share, line = _share_of(*KINDS), pl.lit(float(ratio.low))
    if narrow is None or law.find("rigid_expense_ratio_general") is None:
        return share, line, "%"
    other, other_line = _share_of("medical", "accident"), pl.lit(float(narrow.low))
    carries = other - other_line > share - line
    return (
        pl.when(carries).then(other).otherwise(share),
        pl.when(carries).then(other_line).otherwise(line),
        "%",
    )


def _share_of(*kinds: str) -> pl.Expr:
    income = household_income("high")
    return pl.when(income > 0).then(least(*kinds) * 100 / income)


def _compared_income(law: Law) -> tuple[pl.Expr, pl.Expr, str] | None:
    lines = [disposable_income(law, hukou) for hukou in ("rural", "urban")]
    rural, urban = (pl.lit(float(line.low) if line else None, dtype=pl.Float64) for line in lines)
    here = pl.when(pl.col("hukou") == "rural").then(rural)
    line = here.when(pl.col("hukou") == "urban").then(urban).otherwise(None)
    return (yearly_income_a_head(), line, "元/人·年") if any(lines) else None


def _income_line(law: Law) -> pl.Expr:
    lines = [disposable_income(law, hukou) for hukou in ("rural", "urban")]
    if None in lines:
        return pl.lit(None, dtype=pl.Boolean)
    low, high = (round(line.low * 100) if line else 0 for line in lines)
    line = pl.when(pl.col("hukou") == "rural").then(low).when(pl.col("hukou") == "urban").then(high)
    return decide(
        pl.col("income_high") < line.otherwise(min(low, high)) * pl.col("heads_low"),
        pl.col("income_low") >= line.otherwise(max(low, high)) * pl.col("heads_high"),
    )


def _criteria(law: Law) -> list[Criterion]:
    share, clause, ratio = _share(law)
    line = disposable_income(law, "rural")
    source = f"{line.citation()}：" if line else f"{_RULE}第四条："
    return [
        Criterion(
            "rigid_covered", "GX-01",
            f"{_RULE}第四条：没有纳入低保、特困，也不是低保边缘家庭",
            (), has_status(excluders("gangxing_zhichu")), wanted=False,
        ),
        Criterion(
            "rigid_spending", "GX-02",
            f"{_RULE}第五条：医疗、教育、残疾康复等必须花的钱",
            SPENDING_READS, decide(least(*KINDS) > 0, most(*KINDS) == 0), measure="spending",
        ),
        Criterion(
            "rigid_income", "GX-01", f"{source}人均收入低于当地上年度人均可支配收入",
            INCOME_READS, _income_line(law), parameter=line, compared=_compared_income(law),
        ),
        Criterion(
            "rigid_share", "GX-07" if ratio and ratio.region_code == "150000" else "GX-01", clause,
            (*SPENDING_READS, "monthly_income_total", "household_size"), share, parameter=ratio,
            compared=_compared_share(law, ratio),
        ),
        Criterion(
            "rigid_property", "GX-01", f"{_RULE}第四条：财产状况符合当地规定",
            PROPERTY_READS, ~pl.col("property_doubt"), measure="property",
        ),
    ]  # fmt: skip


def _outcome(law: Law) -> pl.Expr:
    covered, spent = pl.col("rigid_covered"), pl.col("rigid_spending")
    income, share = pl.col("rigid_income"), pl.col("rigid_share")
    orderly = pl.col("rigid_property")
    status_for_person = (pl.col("dibao") == NEED_PERSON) | (pl.col("dibao_bianyuan") == NEED_PERSON)
    no = covered | ~spent
    if law.on < RULES_2025 and law.find("rigid_expense_ratio_general") is None:
        return outcome(
            (no, UNLIKELY),
            ((~covered | status_for_person) & spent, NEED_PERSON),
            otherwise=NEED_ANSWERS,
        )
    no_line = _unknown(disposable_income(law, "rural"))
    no_ratio = _unknown(_share(law)[2])
    if law.region is None:
        no_line = no_ratio = pl.lit(value=False)
    return outcome(
        (no | ~income | ~share, UNLIKELY),
        (status_for_person & yes(spent), NEED_PERSON),
        (~covered & spent & (no_line | no_ratio), NEED_PERSON),
        (~covered & spent & income & share & ~orderly, NEED_PERSON),
        (~covered & spent & OPEN & (income.is_null() | share.is_null()), NEED_PERSON),
        (~covered & spent & income & share & orderly, LIKELY),
        otherwise=NEED_ANSWERS,
    )


def _unknown(parameter: Parameter | None) -> pl.Expr:
    return pl.lit(value=parameter is None)


def _notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told == UNLIKELY:
        return []
    found = []
    if disposable_income(law, "rural") is None:
        clause = "当地上年度居民人均可支配收入没有核实的数字，由工作人员核对"
        found.append(note("rigid_income_line_unknown", "GX-01", clause))
    for name, rule in (
        ("rigid_expense_process_workdays", "GX-03"),
        ("rigid_expense_validity_months_max", "GX-04"),
    ):
        parameter = law.find(name)
        if parameter is not None:
            found.append(note(name, rule, parameter.citation(), parameter))
    clause = f"{_RULE}第九条：情况复杂的，县里可以一事一议"
    found.append(note("case_by_case", "GX-05", clause))
    if law.inside("350000"):
        clause = "福建：因病、因残、因学花费大的，符合条件可以按户或单人纳入低保"
        found.append(note("spending_hardship_may_enter_dibao", "GX-10", clause))
    return found


PROGRAMME = Programme(
    "gangxing_zhichu", "household", "standard", "gangxing_zhichu", _criteria, _outcome, _notes
)
