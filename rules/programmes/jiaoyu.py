"""Education aid (教育救助) by school stage: which kinds, for whom, applied for at the school.

Covered by status (国办发〔2023〕39号四（二）2) or as a disabled student; who has neither is
judged by the school ("other students in hardship") and goes to a person. Free tuition in
compulsory school and in the last kindergarten year is for every child and is said to all. EDU-01
… EDU-11 number the stages and kinds as `specs/jiaoyu.md` lists them.
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
)
from rules.law import CHONGQING, FUJIAN, Law
from rules.programmes.relations import asks_for_status, status
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Reason

COVERED = (
    "kindergarten", "primary", "junior", "senior", "vocational", "university", "postgraduate",
)  # fmt: skip
_KINDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "kindergarten": (
        ("edu_free_last_year", "EDU-01", "公办园学前一年免保教费，民办园照此减免；伙食费不免", ""),
        ("edu_kindergarten_aid", "EDU-01", "困难儿童、孤儿、残疾儿童另有资助，标准问幼儿园", ""),
    ),
    "primary": (
        ("edu_free_compulsory", "EDU-02", "义务教育免学杂费、免教科书费，人人都有", ""),
        ("edu_living_subsidy", "EDU-02", "困难学生生活补助", "edu_primary_{where}_subsidy"),
    ),
    "junior": (
        ("edu_free_compulsory", "EDU-02", "义务教育免学杂费、免教科书费，人人都有", ""),
        ("edu_living_subsidy", "EDU-02", "困难学生生活补助", "edu_junior_{where}_subsidy"),
    ),
    "senior": (
        ("edu_senior_grant", "EDU-03", "普通高中国家助学金", "edu_highschool_grant_avg"),
        ("edu_senior_free", "EDU-04", "普通高中免学杂费的对象，以当地规定为准", ""),
    ),
    "vocational": (
        ("edu_vocational_grant", "EDU-05", "中职国家助学金", "edu_vocational_grant_avg"),
        ("edu_vocational_free", "EDU-06", "中职免学费的对象，以当地规定为准", ""),
    ),
    "university": (
        ("edu_university_grant", "EDU-07", "高校国家助学金（平均）", "edu_univ_grant_avg"),
        ("edu_loan", "EDU-09", "国家助学贷款，每年最高", "edu_loan_cap_undergrad"),
    ),
    "postgraduate": (("edu_loan", "EDU-09", "国家助学贷款，每年最高", "edu_loan_cap_postgrad"),),
}  # fmt: skip


def _criteria(_law: Law) -> list[Criterion]:
    stage = pl.col("stage")
    return [
        Criterion(
            "edu_stage", "EDU-10", "在读幼儿园、小学、初中、高中、中职、大学或研究生",
            ("student_stage",), decide(stage.is_in(COVERED), stage == "none"),
        ),
        Criterion(
            "edu_part_time", "EDU-10", "非全日制等其他情况，由学校说明", ("student_stage",),
            ~stage.is_in([*COVERED, "none"]), tell="true",
        ),
        status("jiaoyu", "edu_status"),
        Criterion(
            "edu_disabled", "EDU-10", "残疾学生", ("disability_level",), pl.col("level") >= 1,
            tell="true",
        ),
        Criterion(
            "edu_out_of_school", "EDU-11",
            "《社会救助暂行办法》第三十三条：不能入学接受义务教育的残疾儿童，可以另外安排",
            ("student_stage", "disability_level", "age"),
            (stage == "none") & (pl.col("level") >= 1) & ~age_from(18), tell="true",
        ),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    stage, other = pl.col("edu_stage"), pl.col("edu_part_time")
    covered = pl.col("edu_status") | pl.col("edu_disabled")
    absent = pl.col("edu_out_of_school")
    return outcome(
        (other, NEED_PERSON),
        (absent, NEED_PERSON),
        (~stage & ~absent, UNLIKELY),
        (stage & covered, LIKELY),
        (stage & asks_for_status("jiaoyu"), NEED_ANSWERS),
        (stage & pl.col("level").is_null(), NEED_ANSWERS),
        (stage, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _notes(row: Row, law: Law, told: str) -> list[Reason]:
    if told == UNLIKELY or row["stage"] not in _KINDS:
        return []
    found = []
    for code, rule, words, name in _KINDS[row["stage"]]:
        places = ["boarder", "day"] if row["boarding"] is None else (
            ["boarder"] if row["boarding"] else ["day"]
        )  # fmt: skip
        for where in places if "{where}" in name else ["day"]:
            parameter = law.find(name.format(where=where)) if name else None
            said = words
            if "{where}" in name:
                said += "（住校）" if where == "boarder" else "（不住校）"
            if name and parameter is None:
                said += "，标准以学校公布的为准"
            found.append(note(code, rule, said, parameter))
    if told == NEED_PERSON:
        clause = "没有低保等身份的，可以向学校申请家庭经济困难学生认定"
        found.append(note("edu_by_school", "EDU-10", clause))
    if law.inside(CHONGQING):
        clause = "重庆：学前到研究生都有，有奖学金、助学金、减免学费、免费教科书、贷款、勤工助学、"
        clause += "临时困难补助"
        found.append(note("edu_chongqing", "EDU-10", clause))
    if law.inside(FUJIAN):
        clause = "福建：减免费用、助学金和生活补助、营养膳食、勤工助学"
        found.append(note("edu_fujian", "EDU-10", clause))
    found.append(note("edu_apply_at_school", "EDU-10", "向就读的学校申请"))
    return found


PROGRAMME = Programme("jiaoyu", "person", "standard", "jiaoyu", _criteria, _outcome, _notes)
