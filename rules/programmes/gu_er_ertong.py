"""Children without parents' care (孤儿, 事实无人抚养儿童) and children in special hardship.

孤儿: both parents dead or not to be found (国办发〔2010〕54号). De facto: each parent in one of
the listed states, or one dead or missing and the other in one (民发〔2019〕62号); confinement and
lost contact count from six months. Which illness is serious is local, so it goes to a person.
Whether a child is infected with HIV is never asked: the guardian can tell a person in private.
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
    yes,
)
from rules.law import Law
from rules.parameter_values import MONTHLY, Parameter
from rules.programmes.dibao import INCOME_READS, PROPERTY_READS
from rules.programmes.relations import held
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Estimate, Reason

_ORPHAN = "《关于加强孤儿保障工作的意见》"
_DE_FACTO = "《关于进一步加强事实无人抚养儿童保障工作的意见》（民发〔2019〕62号）一"
_GONE = ("dead", "not_found")
_LOST = ("dead", "declared_missing", "not_found")
_TIMED = ("confined", "lost_contact")
SIX_MONTHS = 6
LIANGSHAN = "513400"
# A multiple disability holds at least two of the six kinds, so one of these five.
_REHAB_TYPES = ["视力", "听力", "言语", "肢体", "智力", "多重"]
_REHAB_UNTIL = 7


def _state(parent: str) -> pl.Expr:
    """Whether the parent is dead, missing, or in a listed state; null while months are open."""
    state = pl.col(parent)
    low, high = pl.col(f"{parent}_months_low"), pl.col(f"{parent}_months_high")
    timed = state.is_in(_TIMED)
    return (
        pl.when(timed)
        .then(decide(low >= SIX_MONTHS, high < SIX_MONTHS))
        .otherwise(
            decide(
                state.is_in([*_LOST, "severe_disability", "serious_illness"]), state == "present"
            )
        )
    )


def _minor() -> Criterion:
    return Criterion("child_minor", "ET-01", "未满18岁", ("age",), ~age_from(18))


def _orphan_criteria(_law: Law) -> list[Criterion]:
    both = pl.col("father").is_in(_GONE) & pl.col("mother").is_in(_GONE)
    return [
        _minor(),
        Criterion(
            "orphan_parents", "ET-01", f"{_ORPHAN}：失去父母，或查找不到生父母",
            ("father_state", "mother_state"), both,
        ),
        Criterion(
            "orphan_still_at_school", "ET-01", "成年后还在读书的孤儿，可以继续享有相应政策",
            ("age", "student_stage"),
            held("gu_er_ertong") & age_from(18) & (pl.col("stage") != "none"), tell="true",
        ),
    ]  # fmt: skip


def _orphan_outcome(_law: Law) -> pl.Expr:
    minor, both = pl.col("child_minor"), pl.col("orphan_parents")
    return outcome(
        (pl.col("orphan_still_at_school"), NEED_PERSON),
        (~both | (~minor & ~pl.col("orphan_still_at_school")), UNLIKELY),
        (minor & both, LIKELY),
        otherwise=NEED_ANSWERS,
    )


def _de_facto_criteria(_law: Law) -> list[Criterion]:
    return [
        _minor(),
        *(
            Criterion(
                f"de_facto_{parent}", "ET-03",
                f"{_DE_FACTO}：{word}重残、重病、服刑或被限制自由六个月以上、失联六个月以上，"
                "或已去世、失踪",
                (f"{parent}_state", f"{parent}_months"), _state(parent),
            )
            for parent, word in (("father", "父亲"), ("mother", "母亲"))
        ),
        Criterion(
            "de_facto_not_orphan", "ET-02", "父母都去世或都查找不到的，按孤儿办", (),
            pl.col("orphan") != LIKELY, tell="false",
        ),
        Criterion(
            "de_facto_both_lost",
            "ET-02",
            "父母都去世或失踪、又不全是孤儿情形的，由工作人员核定",
            ("father_state", "mother_state"),
            pl.col("father").is_in(_LOST) & pl.col("mother").is_in(_LOST),
            tell="true",
        ),
        Criterion(
            "de_facto_illness", "ET-03", "什么病算重病，由当地规定，由工作人员核定",
            ("father_state", "mother_state"),
            (pl.col("father") == "serious_illness") | (pl.col("mother") == "serious_illness"),
            tell="true",
        ),
    ]  # fmt: skip


def _de_facto_outcome(_law: Law) -> pl.Expr:
    minor = pl.col("child_minor")
    both = pl.col("de_facto_father") & pl.col("de_facto_mother")
    checked = pl.col("de_facto_illness") | pl.col("de_facto_both_lost")
    return outcome(
        (~minor | ~both, UNLIKELY),
        (minor & both & (pl.col("orphan") == LIKELY), UNLIKELY),
        (minor & both & checked, NEED_PERSON),
        (minor & both & ~checked, LIKELY),
        otherwise=NEED_ANSWERS,
    )


def _poor() -> pl.Expr:
    """ET-08, first kind: gets basic aid or is on the margin, or may be; null while that is open."""
    judged = [pl.col(code) for code in ("dibao", "dibao_bianyuan")]
    maybe = [column.is_in([LIKELY, NEED_PERSON]) for column in judged]
    return decide(
        held("dibao", "tekun", "dibao_bianyuan") | maybe[0] | maybe[1],
        (judged[0] == UNLIKELY) & (judged[1] == UNLIKELY),
    )


def _unguarded() -> pl.Expr:
    """ET-08, third kind: said outright, or neither parent is there; null while nobody has said."""
    father, mother = pl.col("father"), pl.col("mother")
    # While their months are open the child may have the better cover of the de facto orphaned.
    lost = (father != "present") & (mother != "present") & (pl.col("shishi") != NEED_ANSWERS)
    return decide(
        yes(pl.col("guardian_lacking")) | lost,
        ~pl.col("guardian_lacking") | (father == "present") | (mother == "present"),
    )


def _hardship_criteria(_law: Law) -> list[Criterion]:
    return [
        _minor(),
        Criterion(
            "hardship_child", "ET-08",
            "《关于加强困境儿童保障工作的意见》（国发〔2016〕36号）：家庭贫困、自身残疾、监护缺失三类",
            (
                "disability_level", "father_state", "mother_state", "father_months",
                "mother_months", *INCOME_READS, *PROPERTY_READS,
            ),
            _unguarded() | _poor() | (pl.col("level") >= 1),
        ),
    ]  # fmt: skip


def _hardship_outcome(_law: Law) -> pl.Expr:
    minor, hard = pl.col("child_minor"), pl.col("hardship_child")
    return outcome(
        (~minor | ~hard, UNLIKELY),
        (minor & hard, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _heart_criteria(law: Law) -> list[Criterion]:
    clause = "先天性心脏病的孩子"
    if law.inside(LIANGSHAN):
        clause = "凉山州：贫困家庭先天性心脏病儿童免费救治（2010年至2016年的报道）"
    return [_minor(), Criterion("heart_child", "YL-14", clause, ("heart_disease",),
                                pl.col("heart_disease"))]  # fmt: skip


def _heart_outcome(_law: Law) -> pl.Expr:
    sick, minor = pl.col("heart_child"), pl.col("child_minor")
    return outcome((~sick | ~minor, UNLIKELY), (sick & minor, NEED_PERSON), otherwise=NEED_ANSWERS)


def _rehab_criteria(_law: Law) -> list[Criterion]:
    certified, told = pl.col("level") >= 1, pl.col("disability_type")
    return [
        Criterion(
            "rehab_age", "ET-09", "《关于建立残疾儿童康复救助制度的意见》：0至6岁", ("age",),
            ~age_from(_REHAB_UNTIL),
        ),
        Criterion("rehab_minor", "ET-09", "7岁以上的，有的地方也给", ("age",), ~age_from(18),
                  tell="true"),
        Criterion(
            "rehab_kind", "ET-09", "视力、听力、言语、肢体、智力残疾或孤独症",
            ("disability_level", "disability_type", "autism"),
            pl.col("autism") | (certified & told.is_in(_REHAB_TYPES)),
        ),
        Criterion(
            # What the certificate calls 精神 is autism in many a child; who looks at it sees it.
            "rehab_mind", "ET-09", "证上是精神残疾的孩子，由残联看能不能按孤独症给", (),
            yes(certified & (told == "精神")), tell="true",
        ),
    ]  # fmt: skip


def _rehab_outcome(_law: Law) -> pl.Expr:
    small, minor, kind = pl.col("rehab_age"), pl.col("rehab_minor"), pl.col("rehab_kind")
    mind = pl.col("rehab_mind")
    return outcome(
        (~minor | (~kind & ~mind), UNLIKELY),
        (small & kind, LIKELY),
        ((~small & minor & kind) | (minor & ~kind & mind), NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _standard(law: Law, form: str) -> Parameter | None:
    for name in (f"orphan_standard_{form}", f"orphan_standard_{form}_min"):
        if found := law.find(name):
            return found
    return None


def _care_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    """What both kinds of basic cover say: standards, top-up, privacy."""
    if told in (UNLIKELY, NEED_ANSWERS):
        return []
    found = []
    for form, words in (("home", "在家"), ("institution", "在机构")):
        standard = _standard(law, form)
        if standard is not None:
            clause = f"{standard.citation()}：{words}养育的基本生活费"
            found.append(note(f"child_{form}_standard", "ET-05", clause, standard))
    if not found:
        found.append(note("child_standard_unknown", "ET-05", "标准以当地公布的为准"))
    clause = "已有低保、特困等补贴的补足差额；这笔补贴不计入家庭收入"
    found.append(note("child_top_up", "ET-05", clause))
    clause = "向户口所在地乡镇（街道）申请；为了保护孩子，不公示"
    found.append(note("child_privacy", "ET-04", clause))
    return found


def _hardship_notes(row: Row, law: Law, told: str) -> list[Reason]:
    if told != NEED_PERSON:
        return []
    found = [
        note("hardship_classes", "ET-08", "按孩子的情况分类保障，由儿童主任或民政看具体能给什么")
    ]
    standard = law.find("special_hardship_child_subsidy", row["hukou"])
    if standard is not None:
        clause = (
            f"{standard.citation()}：特殊困难儿童每月{'' if not standard.at_least else '不低于'}"
        )
        clause += f"{standard.low:g}元；这是2016年的规定，现在多少要问当地民政"
        found.append(note("special_hardship_2016", "ET-07", clause, standard))
    return found


def _heart_notes(_row: Row, _law: Law, told: str) -> list[Reason]:
    if told != NEED_PERSON:
        return []
    clause = "孩子的病不能等：先联系乡镇和医保部门，工作人员会尽快帮您问救治的医院和费用"
    return [note("heart_urgent", "YL-14", clause)]


def _rehab_notes(_row: Row, _law: Law, told: str) -> list[Reason]:
    if told in (UNLIKELY, NEED_ANSWERS):
        return []
    clause = "向户口所在地（或居住证发放地）县级残联申请"
    return [note("rehab_where", "ET-09", clause)]


def _amount(_row: Row, law: Law) -> Estimate | None:
    standard = _standard(law, "home")
    if standard is None or standard.unit != MONTHLY or standard.name.endswith("_min"):
        return None
    low, high = (schema.yuan(side) for side in standard.monthly_fen())
    return Estimate(low, high, "元/月", f"在家养育的标准{low}，已有补贴的补差")


_CODE = "gu_er_ertong"
_AT_HOME = ("orphan_standard_home", "orphan_standard_home_min")
ORPHAN = Programme(
    _CODE, "person", "gu_er", "orphan", _orphan_criteria, _orphan_outcome, _care_notes, _amount,
    _AT_HOME,
)  # fmt: skip
DE_FACTO = Programme(
    _CODE, "person", "shishi", "shishi", _de_facto_criteria, _de_facto_outcome, _care_notes,
    _amount, _AT_HOME,
)  # fmt: skip
HARDSHIP = Programme(
    _CODE, "person", "kunjing", "kunjing", _hardship_criteria, _hardship_outcome, _hardship_notes
)
HEART = Programme(
    _CODE, "person", "xianxinbing", "xianxinbing", _heart_criteria, _heart_outcome, _heart_notes
)
REHAB = Programme(
    _CODE, "person", "kangfu", "kangfu", _rehab_criteria, _rehab_outcome, _rehab_notes
)
