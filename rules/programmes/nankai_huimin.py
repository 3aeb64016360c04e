"""What 南开区 gave recipients in 2011 beside medical aid, kept as dated history.

Outpatient money by sex and age (the men's age is lost in the text: a gap, never guessed), fees
cut at community clinics, cataract operations, and two quota programmes with few places. Outside
the district there is no verdict; outside the year the clinic is to be asked.
"""

import polars as pl

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
    yes,
)
from rules.law import Law
from rules.programmes.relations import asks_for_status, held, status, status_by_person
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Reason

NANKAI = "120104"
_CODE = "nankai_huimin"
_PLAN = "《2011年区委完善扶贫助困整治方案》"
_CUTS = (
    ("exam_treatment_fee_reduction", "检查费、治疗费减"),
    ("inpatient_fee_reduction", "住院费减"),
    ("drug_markup", "药品加价"),
)


def _status() -> Criterion:
    return status(_CODE, "nankai_status")


def _then(law: Law, name: str, branches: list[tuple[pl.Expr, str]]) -> pl.Expr:
    """Inside the district only; outside the year of the plan a person is asked."""
    if not law.inside(NANKAI):
        return pl.lit(None, dtype=pl.String)
    if law.find(name) is None:
        return pl.lit(NEED_PERSON)
    covered = pl.col("nankai_status")
    ended = [
        (asks_for_status(_CODE), NEED_ANSWERS),
        (status_by_person(_CODE) & ~yes(covered), NEED_PERSON),
    ]
    return outcome((~covered, UNLIKELY), *branches, *ended, otherwise=NEED_ANSWERS)


def _clinic_criteria(law: Law) -> list[Criterion]:
    women = law.find("clinic_aid_female_min_age")
    female = decide(pl.col("sex") == "female", pl.col("sex") == "male")
    old_enough = age_from(int(women.low)) if women else pl.lit(None, dtype=pl.Boolean)
    from_age = f"满{women.low:g}岁" if women else "达到规定年龄"
    return [
        _status(),
        Criterion("clinic_woman", "YL-17", f"{_PLAN}：{from_age}的妇女", ("sex", "age"),
                  female & old_enough, parameter=women),
        Criterion("clinic_man", "YL-17", f"{_PLAN}：男性的年龄原文缺失，由工作人员核对", ("sex",),
                  ~female, tell="true"),
    ]  # fmt: skip


def _clinic_outcome(law: Law) -> pl.Expr:
    covered, woman, man = pl.col("nankai_status"), pl.col("clinic_woman"), pl.col("clinic_man")
    return _then(
        law,
        "clinic_aid_amount",
        [
            (covered & woman, LIKELY),
            (covered & man, NEED_PERSON),
            (~woman & ~man, UNLIKELY),
        ],
    )


def _clinic_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found = _history(law, told)
    amount = law.find("clinic_aid_amount")
    if told == LIKELY and amount is not None:
        clause = f"{amount.citation()}：一般门诊补助，年底结算"
        found.append(note("clinic_amount", "YL-17", clause, amount))
    return found


def _cuts_criteria(_law: Law) -> list[Criterion]:
    return [_status()]


def _cuts_outcome(law: Law) -> pl.Expr:
    return _then(law, "exam_treatment_fee_reduction", [(pl.col("nankai_status"), LIKELY)])


def _cuts_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found = _history(law, told)
    if told != LIKELY:
        return found
    clause = f"{_PLAN}：到社区卫生服务站看病免挂号费、诊查费；行动不便的免出诊费"
    found.append(note("clinic_free_fees", "YL-17", clause))
    cuts = [(law.find(name), words) for name, words in _CUTS]
    found += [note(p.name, "YL-17", f"{p.citation()}：{words}", p) for p, words in cuts if p]
    clause = f"{_PLAN}：免费预防接种和健康教育；甲类传染病入户等服务免费"
    found.append(note("clinic_prevention", "YL-17", clause))
    return found


def _cataract_criteria(_law: Law) -> list[Criterion]:
    return [
        _status(),
        Criterion("eye_cataract", "YL-17", "要做白内障手术", ("cataract",), pl.col("cataract")),
    ]


def _cataract_outcome(law: Law) -> pl.Expr:
    covered, sick = pl.col("nankai_status"), pl.col("eye_cataract")
    return _then(law, "cataract_surgery_reduction", [(~sick, UNLIKELY), (covered & sick, LIKELY)])


def _cataract_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found, cut = _history(law, told), law.find("cataract_surgery_reduction")
    if told == LIKELY and cut is not None:
        found.append(note("cataract_cut", "YL-17", f"{cut.citation()}：手术每例减", cut))
    return found


def _inpatient_criteria(_law: Law) -> list[Criterion]:
    return [
        _status(),
        Criterion("ward_statement", "YL-17", f"{_PLAN}：危急重症住院，以医院出的证明为准",
                  ("hospital_statement",), pl.col("hospital_statement")),
    ]  # fmt: skip


def _inpatient_outcome(law: Law) -> pl.Expr:
    covered, told = pl.col("nankai_status"), pl.col("ward_statement")
    # The ratio and the ceiling of the second round are not in the text.
    return _then(law, "inpatient_fee_reduction", [(covered & told, NEED_PERSON), (~told, UNLIKELY)])


def _quota(name: str, words: str, group: pl.Expr, reads: tuple[str, ...]) -> list[Criterion]:
    return [_status(), Criterion(name, "YL-17", words, reads, group)]


def _mental_criteria(_law: Law) -> list[Criterion]:
    ill = pl.when(yes(pl.col("mental_illness"))).then(pl.lit(value=True)).otherwise(
        decide(
            # A multiple disability may hold it; a person looks at who is covered anyway.
            (pl.col("level") >= 1) & pl.col("disability_type").is_in(["精神", "多重"]),
            (pl.col("level") == 0) | ~pl.col("disability_type").is_in(["精神", "多重"]),
        )
    )  # fmt: skip
    reads = ("disability_level", "disability_type")
    return _quota("mental_group", f"{_PLAN}：需要长期服药或照料的精神障碍患者", ill, reads)


def _mental_outcome(law: Law) -> pl.Expr:
    covered, ill = pl.col("nankai_status"), pl.col("mental_group")
    return _then(law, "mental_illness_aid_amount", [(~ill, UNLIKELY), (covered & ill, NEED_PERSON)])


def _mental_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found, amount = _history(law, told), law.find("mental_illness_aid_amount")
    if told == NEED_PERSON and amount is not None:
        found.append(note("quota_places", "YL-17", "名额有限，可以先登记排队"))
        found.append(note("mental_amount", "YL-17", f"{amount.citation()}：药费或生活补助", amount))
    return found


def _festival_criteria(_law: Law) -> list[Criterion]:
    edge = pl.when(held("dibao_bianyuan")).then(pl.lit(value=True)).otherwise(
        decide(pl.col("dibao_bianyuan") == LIKELY, pl.col("dibao_bianyuan") == UNLIKELY)
    )  # fmt: skip
    return [Criterion("festival_group", "YL-17", f"{_PLAN}：低保、特困边缘户", (), edge)]


def _festival_outcome(law: Law) -> pl.Expr:
    if not law.inside(NANKAI):
        return pl.lit(None, dtype=pl.String)
    if law.find("spring_festival_gift_value") is None:
        return pl.lit(NEED_PERSON)
    edge = pl.col("festival_group")
    return outcome(
        (edge, NEED_PERSON),
        (~edge, UNLIKELY),
        (pl.col("dibao_bianyuan") == NEED_PERSON, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _festival_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found, gift = _history(law, told), law.find("spring_festival_gift_value")
    if told == NEED_PERSON and gift is not None:
        found.append(note("quota_places", "YL-17", "名额有限，春节前由街道定"))
        found.append(note("festival_gift", "YL-17", f"{gift.citation()}：春节慰问", gift))
    return found


def _files_criteria(_law: Law) -> list[Criterion]:
    return [_status()]


def _files_outcome(law: Law) -> pl.Expr:
    return _then(law, "clinic_aid_amount", [(pl.col("nankai_status"), NEED_PERSON)])


def _files_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    found = _history(law, told)
    if told == NEED_PERSON and law.find("clinic_aid_amount") is not None:
        clause = f"{_PLAN}：给上了年纪的低保特困人员建健康档案、优先上门；年龄原文缺失"
        found.append(note("health_file_age_missing", "YL-17", clause))
    return found


def _history(law: Law, told: str) -> list[Reason]:
    """Said in every year but the plan's own."""
    if told != NEED_PERSON or law.find("clinic_aid_amount") is not None:
        return []
    clause = "这是2011年的做法；现在有没有，请问街道或社区卫生服务站"
    return [note("only_2011", "YL-17", clause)]


CLINIC = Programme(_CODE, "person", "menzhen", "nankai_menzhen", _clinic_criteria,
                   _clinic_outcome, _clinic_notes)  # fmt: skip
CUTS = Programme(_CODE, "person", "jianmian", "nankai_jianmian", _cuts_criteria, _cuts_outcome,
                 _cuts_notes)  # fmt: skip
CATARACT = Programme(_CODE, "person", "baineizhang", "nankai_baineizhang", _cataract_criteria,
                     _cataract_outcome, _cataract_notes)  # fmt: skip
WARD = Programme(_CODE, "person", "zhuyuan", "nankai_zhuyuan", _inpatient_criteria,
                 _inpatient_outcome, lambda _row, law, told: _history(law, told))  # fmt: skip
MENTAL = Programme(_CODE, "person", "jingshen", "nankai_jingshen", _mental_criteria,
                   _mental_outcome, _mental_notes)  # fmt: skip
FESTIVAL = Programme(_CODE, "household", "chunjie", "nankai_chunjie", _festival_criteria,
                     _festival_outcome, _festival_notes)  # fmt: skip
FILES = Programme(_CODE, "person", "dangan", "nankai_dangan", _files_criteria, _files_outcome,
                  _files_notes)  # fmt: skip
PROGRAMMES = (CLINIC, CUTS, CATARACT, WARD, MENTAL, FESTIVAL, FILES)
