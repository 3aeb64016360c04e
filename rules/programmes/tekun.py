"""People in special hardship (特困人员): no ability to work, no means, no able supporter.

《特困人员认定办法》（民发〔2021〕43号）第四至九、二十一、二十四条. Judged a person. New
applicants of 16 and 17 always go to a person (TK-06: the texts differ); who already receives it
keeps it to 18, and beyond while at school up to the senior stage. What a supporter lacks in
ability is certain only for the kinds that need no look at income or property.
"""

from datetime import date

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
    income_at_most,
    income_exactly,
    on_the_line,
    outcome,
    yes,
)
from rules.law import NEIMENGGU, Law
from rules.parameter_values import MONTHLY, Parameter
from rules.programmes.dibao import INCOME_READS, NO_LAW, OPEN, PROPERTY_READS
from rules.programmes.relations import excluders, held
from rules.reasons import note
from rules.verdict import Amount, Estimate, Reason

_RULE = "《特困人员认定办法》（民发〔2021〕43号）"
RULES_2021 = date(2021, 7, 1)
CERTAIN = ("none", "tekun", "dibao_60")
CHECKED = ("low_income_70", "severe_disability", "absent", "other_unable")
_SCHOOL = ("primary", "junior", "senior", "vocational")
_PARTIAL_FROM, _FULL_FROM = 1, 4
MULTIPLE = "多重"
_ALONE = decide(pl.col("size_high") == 1, pl.col("size_low") > 1)


def age_from(years: int) -> pl.Expr:
    """Whether the person has turned so many years."""
    return decide(pl.col("age_low") >= years, pl.col("age_high") < years)


def disability(*kinds: str) -> pl.Expr:
    """Whether the certificate names one of these kinds; of 多重 nobody has said which it holds."""
    kind = pl.col("disability_type")
    return decide(kind.is_in(kinds), kind != MULTIPLE)


def no_work_ability() -> pl.Expr:
    """TK-02: counted as unable to work by age or certificate."""
    level = pl.col("level")
    return (
        age_from(60)
        | ~age_from(16)
        | (level.is_in([1, 2, 3]) & disability("智力", "精神"))
        | (level.is_in([1, 2]) & disability("肢体"))
        | ((level == 1) & disability("视力"))
    )


def _unless_no_work(truth: pl.Expr) -> pl.Expr:
    """Who counts by age or certificate need not be asked for more."""
    return pl.when(no_work_ability()).then(yes(truth)).otherwise(truth)


def _of_own(truth: pl.Expr) -> pl.Expr:
    """TK-03 asks for the person's own income: the household's says it only of who lives alone."""
    return pl.when(_ALONE).then(truth)


def _change_day(law: Law) -> date:
    """From this day a minor keeps the aid to 18."""
    limit = law.find("tekun_minor_age_limit", on=RULES_2021)
    return (limit and limit.effective_from) or RULES_2021


def _criteria(law: Law) -> list[Criterion]:
    teens = "TK-07" if law.inside(NEIMENGGU) else "TK-06"
    return [
        Criterion(
            "tekun_no_work", "TK-02",
            f"{_RULE}第五条：满60岁、未满16岁，或残疾证达到规定的类别和等级，视为无劳动能力",
            ("age", "disability_level", "disability_type"), no_work_ability(),
        ),
        Criterion(
            "tekun_teen", teens,
            "16、17岁：已在享受的可以到18岁；新申请的各地规定不同，由工作人员核定",
            ("age",), age_from(16) & ~age_from(18), tell="true",
        ),
        Criterion(
            "tekun_multiple", "TK-02", "多重残疾里可能有肢体、智力或精神残疾，由工作人员看残疾证",
            ("disability_level", "disability_type"),
            _unless_no_work(
                pl.col("level").is_in([1, 2, 3]) & (pl.col("disability_type") == MULTIPLE)
            ),
            tell="true",
        ),
        Criterion(
            "tekun_other_ability", "TK-02", f"{_RULE}第五条：其他无劳动能力的情形，按省里规定核定",
            ("work_ability",),
            _unless_no_work(pl.col("no_work_ability")), tell="true",
        ),
        Criterion(
            "tekun_income", "TK-03", f"{_RULE}第六条：本人收入低于当地低保标准", INCOME_READS,
            _of_own(income_at_most(100)), measure="own_income", open_line=True,
        ),
        Criterion(
            "tekun_on_the_line", "TK-03", f"本人{on_the_line(law, 100)}，由民政部门核定",
            INCOME_READS,
            _of_own(income_exactly(100)), wanted=False, tell="true",
        ),
        Criterion(
            "tekun_property", "TK-03", f"{_RULE}第六条：财产状况符合当地规定", PROPERTY_READS,
            ~pl.col("property_doubt"), measure="property",
        ),
        Criterion(
            "tekun_support", "TK-01",
            f"{_RULE}第四、八条：没有赡养、抚养、扶养义务人，或义务人没有能力", ("supporter",),
            decide(pl.col("supporter").is_in(CERTAIN), pl.col("supporter") == "able"),
        ),
        Criterion(
            "tekun_support_checked", "TK-04",
            f"{_RULE}第八条：义务人可能没有能力，收入和财产由工作人员核对", ("supporter",),
            pl.col("supporter").is_in(CHECKED), tell="true",
        ),
        Criterion(
            "tekun_alone", "TK-01", "和别人一起生活的，本人的收入由工作人员核对",
            ("household_size",),
            _ALONE, tell="false",
        ),
        Criterion(
            "tekun_not_child_aid", "TK-08",
            f"{_RULE}第九条：已选择孤儿或事实无人抚养儿童保障的，不再认定为特困人员", ("age",),
            # The aid of a child in the family is not its grandparents'.
            ~held(*excluders("tekun")) | age_from(18), tell="false",
        ),
    ]  # fmt: skip


def _outcome(law: Law) -> pl.Expr:
    multiple = pl.col("tekun_multiple")
    unable = (
        pl.col("tekun_no_work") | pl.col("tekun_teen") | pl.col("tekun_other_ability") | multiple
    )
    income, line = pl.col("tekun_income"), pl.col("tekun_on_the_line")
    supported, checked = pl.col("tekun_support"), pl.col("tekun_support_checked")
    alone, orderly = pl.col("tekun_alone"), pl.col("tekun_property")
    receives, teen = yes(pl.col("gets_tekun")), pl.col("tekun_teen")
    child = pl.col("tekun_not_child_aid")
    no_work = pl.col("tekun_no_work")
    group = unable & (supported | checked)
    by_certificate = multiple & ~yes(no_work)
    doubt = ~no_work | teen | by_certificate | checked | ~orderly | line
    doubt = doubt | (OPEN & line.is_null())
    return outcome(
        (~child, UNLIKELY),
        (child.is_null(), NEED_ANSWERS),
        *_keeping(law, receives, teen, no_work),
        (~unable | ~income | (~supported & ~checked), UNLIKELY),
        ((NO_LAW | ~alone) & group, NEED_PERSON),
        (OPEN & income.is_null() & group, NEED_PERSON),
        (group & income & doubt, NEED_PERSON),
        (no_work & income & supported & orderly & ~line, LIKELY),
        otherwise=NEED_ANSWERS,
    )


def _keeping(
    law: Law, receives: pl.Expr, teen: pl.Expr, no_work: pl.Expr
) -> list[tuple[pl.Expr, str]]:
    """What becomes of a minor who already receives it, at 16, at 18 and at school."""
    grown = receives & age_from(18) & ~no_work
    at_school = pl.col("stage").is_in(_SCHOOL)
    if law.on >= _change_day(law):
        return [
            (receives & teen, LIKELY),
            (grown & at_school, LIKELY),
            (grown & ~at_school, UNLIKELY),
        ]
    return [(receives & teen, UNLIKELY if law.inside(NEIMENGGU) else NEED_PERSON)]


def grade(adl_unable: int) -> str:
    """TK-09: selfcare, partial or full loss, by how many of six daily doings fail."""
    if adl_unable < _PARTIAL_FROM:
        return "selfcare"
    return "partial" if adl_unable < _FULL_FROM else "full"


_GRADES = {
    "selfcare": "具备生活自理能力",
    "partial": "部分丧失生活自理能力",
    "full": "完全丧失生活自理能力",
}


FORMS = {"home": "住家里", "institution": "住机构"}


def _standards(row: Row, law: Law, form: str) -> tuple[Parameter, Parameter] | None:
    """The verified standard of a form of care; None when there is none.

    Where it goes by grade and the grade is open, the lowest and the highest; a basic living
    standard is the same for both forms (TK-11).
    """

    def first(*names: str) -> Parameter | None:
        return next((found for name in names if (found := law.find(name, row["hukou"]))), None)

    told = row["adl_unable"]
    grades = ("selfcare", "full") if told is None else (grade(told),) * 2
    low, high = (first(f"tekun_{form}_{each}") for each in grades)
    if low is None or high is None:
        low = high = first(
            f"tekun_standard_{form}", f"wubao_standard_{form}", "tekun_basic_living",
            "tekun_standard",
        )  # fmt: skip
    return None if low is None or high is None else (low, high)


def _notes(row: Row, law: Law, told: str) -> list[Reason]:
    found: list[Reason] = []
    if told == UNLIKELY:
        return found
    if row["adl_unable"] is not None:
        clause = f"{_RULE}第二十一、二十二条：六项里有{row['adl_unable']}项做不了，"
        clause += f"初看属于{_GRADES[grade(row['adl_unable'])]}，以评估为准"
        found.append(note("tekun_care_grade", "TK-09", clause))
    chosen = row["care_form"]
    for form in (chosen,) if chosen in FORMS else FORMS:
        standards = _standards(row, law, form)
        if standards is not None:
            found.append(_standard_note(form, *standards))
    if not any(given.code.endswith("_standard") for given in found):
        found.append(note("tekun_standard_unknown", "TK-11", "供养标准以当地公布的为准"))
    return found


def _standard_note(form: str, lowest: Parameter, highest: Parameter) -> Reason:
    clause = f"{lowest.citation()}：{FORMS[form]}的标准；住家里还是住机构，可以自己选"
    low, high = schema.yuan(lowest.monthly_fen()[0]), schema.yuan(highest.monthly_fen()[1])
    value: Amount = low if low == high else {"low": low, "high": high}
    return Reason(
        f"tekun_{form}_standard", "TK-10", clause, None, value, unit="元/月", parameter=lowest
    )


def _amount(row: Row, law: Law) -> Estimate | None:
    """The standard of the form of care that was chosen, at home while none was."""
    form = row["care_form"] if row["care_form"] in FORMS else "home"
    standards = _standards(row, law, form)
    if standards is None or any(s.unit != MONTHLY or s.at_least for s in standards):
        return None
    lowest, highest = standards
    low, high = schema.yuan(lowest.monthly_fen()[0]), schema.yuan(highest.monthly_fen()[1])
    span = low if low == high else f"{low}到{high}"
    graded = lowest.name.startswith(f"tekun_{form}_")
    named = f"{FORMS[form]}的标准" if form in lowest.name else "当地特困人员标准"
    how = "" if low == high else "，看自理能力"
    return Estimate(low, high, "元/月", f"{named}{span}{how if graded else '，照料护理另算'}")


FIGURES = (
    *(f"tekun_{form}_{each}" for form in FORMS for each in _GRADES),
    *(f"{kind}_standard_{form}" for kind in ("tekun", "wubao") for form in FORMS),
    "tekun_basic_living", "tekun_standard",
)  # fmt: skip
PROGRAMME = Programme(
    "tekun", "person", "standard", "tekun", _criteria, _outcome, _notes, _amount, FIGURES
)
