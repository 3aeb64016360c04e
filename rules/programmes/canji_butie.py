"""Two allowances for disabled people (残疾人两项补贴): living in hardship, and care when severe.

国发〔2015〕52号; 民办发〔2021〕2号. Living: certificate and 低保 family; Fujian's rules go
further. Care: levels 1 and 2; Fujian also asks for a need of long-term care. What places may add
goes to a person, as do 特困 and work-injury care, whose exclusion is only found in unverified
texts.
"""

import polars as pl

from rules import facts as schema
from rules.criteria import (
    LIKELY,
    LIVING_MULTIPLE,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    Row,
    income_at_least,
    income_at_most,
    outcome,
    yes,
)
from rules.law import FUJIAN, Law
from rules.parameter_values import MONTHLY, Parameter
from rules.programmes.dibao import INCOME_READS, OPEN, PROPERTY_READS
from rules.programmes.relations import (
    asks_for_status,
    excluders,
    held,
    status,
    status_by_person,
)
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Estimate, Reason

_RULE = "困难残疾人生活补贴和重度残疾人护理补贴制度（国发〔2015〕52号）"
_FUJIAN = "福建省残疾人两项补贴实施办法"
_SEVERE = pl.col("level").is_in([1, 2])
# A multiple disability may hold one of them; who looks at the case sees the certificate.
_MIND = pl.col("disability_type").is_in(["智力", "精神", "多重"])
SICHUAN_LIANGSHAN = "513400"


def _certificate() -> Criterion:
    return Criterion(
        "allowance_certificate", "CJ-01", f"{_RULE}：持有残疾人证", ("disability_level",),
        pl.col("level") >= 1,
    )  # fmt: skip


def _living_criteria(law: Law) -> list[Criterion]:
    criteria = [
        _certificate(),
        status("canji_shenghuo", "living_status"),
        Criterion(
            "living_edge", "CJ-09", "低保边缘家庭的残疾人，有条件的地方也给", (),
            (pl.col("dibao_bianyuan") == LIKELY) | held("dibao_bianyuan"), tell="true",
        ),
        Criterion(
            "living_not_child_aid", "ET-05",
            "全额领取孤儿或事实无人抚养儿童补贴的，不叠加困难残疾人生活补贴", ("age",),
            ~held(*excluders("canji_shenghuo")) | age_from(18), tell="false",
        ),
        Criterion(
            "living_not_tekun", "CJ-05", "已享受特困供养的，能不能领由残联核定", (),
            ~held("tekun"), tell="false",
        ),
    ]  # fmt: skip
    if law.inside(FUJIAN):
        criteria += [
            *_severe_in_fujian(law),
            Criterion(
                "living_fujian_old", "CJ-06", f"{_FUJIAN}：满60岁的一、二级残疾人，没有固定收入",
                ("disability_level", "age", "fixed_income"),
                _SEVERE & age_from(60) & ~pl.col("fixed_income"), tell="true",
            ),
        ]  # fmt: skip
    return criteria


def _severe_in_fujian(law: Law) -> list[Criterion]:
    """CJ-06: from the standard to a multiple of it; a family below it goes by its 低保."""
    cap = law.find(LIVING_MULTIPLE)
    if cap is None:
        return []
    multiple = round(cap.low * 100)
    between = _SEVERE & income_at_least(100) & income_at_most(multiple)
    return [
        Criterion(
            "living_fujian_severe", "CJ-06",
            f"{cap.citation()}：一、二级，人均收入在低保标准的1倍到{cap.low:g}倍",
            ("disability_level", *INCOME_READS), between, measure="income", multiple=multiple,
            parameter=cap, tell="true",
        ),
        Criterion(
            "living_property", "CJ-06", "收入高于低保标准的，家庭财产由工作人员核对",
            PROPERTY_READS, ~(between & pl.col("property_doubt")), measure="property",
            tell="false",
        ),
    ]  # fmt: skip


def _living_outcome(law: Law) -> pl.Expr:
    certified, covered = pl.col("allowance_certificate"), pl.col("living_status")
    child, tekun = pl.col("living_not_child_aid"), pl.col("living_not_tekun")
    edge = yes(pl.col("living_edge"))
    open_edge = pl.col("dibao_bianyuan") == NEED_ANSWERS
    old, severe, orderly = (pl.lit(value=False),) * 3
    if law.inside(FUJIAN):
        old = pl.col("living_fujian_old")
        if law.find(LIVING_MULTIPLE) is not None:
            severe, orderly = pl.col("living_fujian_severe"), pl.col("living_property")
    more = old | (severe & orderly)
    entitled = covered | more
    by_person = status_by_person("canji_shenghuo") | (pl.col("dibao_bianyuan") == NEED_PERSON)
    return outcome(
        (~certified | ~child, UNLIKELY),
        (child.is_null(), NEED_ANSWERS),
        (certified & ~tekun, NEED_PERSON),
        (certified & entitled, LIKELY),
        (certified & (asks_for_status("canji_shenghuo") | open_edge), NEED_ANSWERS),
        (certified & OPEN & _SEVERE & severe.is_null() & old.is_not_null(), NEED_PERSON),
        (certified & more.is_null(), NEED_ANSWERS),
        (certified & (edge | by_person | (severe & ~orderly)), NEED_PERSON),
        (certified & ~entitled & ~edge, UNLIKELY),
        otherwise=NEED_ANSWERS,
    )


def _care_criteria(law: Law) -> list[Criterion]:
    criteria = [
        Criterion(
            "care_severe", "CJ-02", f"{_RULE}：一级、二级残疾", ("disability_level",), _SEVERE
        ),
        Criterion(
            "care_mind", "CJ-08" if law.inside(SICHUAN_LIANGSHAN) else "CJ-02",
            "三级、四级智力或精神残疾（多重残疾看证上的类别），有条件的地方也给，由残联核定",
            ("disability_level", "disability_type"),
            pl.col("level").is_in([3, 4]) & _MIND, tell="true",
        ),
        Criterion(
            "care_not_tekun", "CJ-05", "已享受特困供养的，能不能领由残联核定", (),
            ~held("tekun"), tell="false",
        ),
    ]  # fmt: skip
    if law.inside(FUJIAN):
        criteria.append(
            Criterion(
                "care_needed", "CJ-06", f"{_FUJIAN}：需要长期照护", ("needs_care",),
                pl.when(yes(pl.col("cannot_self_care")) | yes(pl.col("bedridden")))
                .then(pl.lit(value=True))
                .otherwise(pl.col("needs_care")),
            )
        )  # fmt: skip
    return criteria


def _care_outcome(law: Law) -> pl.Expr:
    severe, mind = pl.col("care_severe"), pl.col("care_mind")
    needed = pl.col("care_needed") if law.inside(FUJIAN) else pl.lit(value=True)
    return outcome(
        ((~severe & ~mind) | ~needed, UNLIKELY),
        ((severe | mind) & ~pl.col("care_not_tekun"), NEED_PERSON),
        (mind & needed, NEED_PERSON),
        (severe & needed, LIKELY),
        otherwise=NEED_ANSWERS,
    )


def _where(told: str) -> list[Reason]:
    if told == UNLIKELY:
        return []
    clause = "任何一个乡镇（街道）都能申请，也可以网上办；由户口所在地审核发放"
    return [note("allowance_anywhere", "CJ-03", clause)]


def _living_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found = _where(told)
    if found and (days := law.find("disability_allowance_total_workdays")):
        found.append(note("allowance_workdays", "CJ-04", days.citation(), days))
    if found:
        found.append(_figure("living_figure", _living_figure(law)))
    return found


def _care_notes(row: Row, law: Law, told: str) -> list[Reason]:
    found = _where(told)
    return [*found, _figure("care_figure", _care_figure(row, law))] if found else []


def _figure(code: str, found: Parameter | None) -> Reason:
    if found is None:
        return note(code, "CJ-07", "金额以当地公布的为准")
    words = found.citation()
    if found.local_unverified:
        words += f"：{found.since}{found.region_name}的数；当地另有自己的数，没有核实，以当地为准"
    return note(code, "CJ-07", words, found)


def _living_figure(law: Law) -> Parameter | None:
    for name in ("disability_living_allowance", "disability_living_allowance_guide"):
        if found := law.find(name):
            return found
    return None


def _care_figure(row: Row, law: Law) -> Parameter | None:
    names = ["disability_care_allowance_guide", "disability_care_allowance"]
    if row["level"] in (1, 2):
        names.insert(0, f"disability_care_allowance_level{row['level']}")
    if law.inside(FUJIAN) and row["level"] in (1, 2) and not row["gets_dibao"]:
        names.append(f"disability_care_level{row['level']}_not_poor")
    return next((found for name in names if (found := law.find(name))), None)


def _estimate(found: Parameter | None) -> Estimate | None:
    """A guide value is no entitlement."""
    if found is None or found.unit != MONTHLY or found.name.endswith("_guide"):
        return None
    low, high = (schema.yuan(side) for side in found.monthly_fen())
    return Estimate(low, high, "元/月", f"{found.since}{found.region_name}标准{low}")


def _living_amount(_row: Row, law: Law) -> Estimate | None:
    return _estimate(_living_figure(law))


def _care_amount(row: Row, law: Law) -> Estimate | None:
    return _estimate(_care_figure(row, law))


LIVING = Programme(
    "canji_butie", "person", "shenghuo", "canji_shenghuo", _living_criteria, _living_outcome,
    _living_notes, _living_amount,
    ("disability_living_allowance", "disability_living_allowance_guide"),
)  # fmt: skip
CARE = Programme(
    "canji_butie", "person", "huli", "canji_huli", _care_criteria, _care_outcome,
    _care_notes, _care_amount,
    (
        "disability_care_allowance_guide", "disability_care_allowance",
        *(f"disability_care_allowance_level{level}" for level in (1, 2)),
        *(f"disability_care_level{level}_not_poor" for level in (1, 2)),
    ),
)  # fmt: skip
