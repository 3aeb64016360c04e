"""Employment aid (就业救助): able, willing, out of work, in a covered family.

《社会救助暂行办法》第四十二至四十五条. Only for who wants work: not wanting is never held against
anybody here. A covered family all of whose able members are out of work comes first (零就业家庭).
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
from rules.law import FUJIAN, NEIMENGGU, NEIMENGGU_2021, Law
from rules.programmes.relations import asks_for_status, status
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Reason

_RULE = "《社会救助暂行办法》"


def _criteria(_law: Law) -> list[Criterion]:
    ability = pl.col("work_ability")
    return [
        Criterion(
            "job_grown", "JY-01", "满16岁（未满16岁的先读书）", ("age",), age_from(16), tell="false"
        ),
        Criterion(
            "job_older", "JY-01", "满60岁还想工作的，由就业服务窗口看看", ("age",), age_from(60),
            tell="true",
        ),
        Criterion(
            "job_able", "JY-01", f"{_RULE}第四十二条：有劳动能力", ("work_ability",),
            decide(ability.is_in(["有", "部分"]), ability == "无"),
        ),
        Criterion(
            "job_without", "JY-01", f"{_RULE}第四十二条：现在没有工作", ("employed",),
            ~pl.col("employed"),
        ),
        Criterion("job_wanted", "JY-01", "本人想找工作", ("wants_work",), pl.col("wants_work")),
        status("jiuye", "job_status"),
        Criterion(
            "job_zero_employment", "JY-03",
            f"{_RULE}第四十三条：全家有劳动能力的人都没有工作，要帮助至少一人就业",
            (), ~pl.col("someone_employed") & ability.is_in(["有", "部分"]), tell="true",
        ),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    able, idle = pl.col("job_able"), pl.col("job_without")
    willing, covered = pl.col("job_wanted"), pl.col("job_status")
    grown, older = pl.col("job_grown"), pl.col("job_older")
    seeks = grown & able & idle & willing
    return outcome(
        (~grown | ~able | ~idle | ~willing, UNLIKELY),
        (seeks & older, NEED_PERSON),
        (seeks & ~older & covered, LIKELY),
        (seeks & asks_for_status("jiuye"), NEED_ANSWERS),
        # Local lists of people in employment hardship go further than the covered families.
        (seeks, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _notes(row: Row, law: Law, told: str) -> list[Reason]:
    if told in (UNLIKELY, NEED_ANSWERS):
        return []
    clause = "去户口所在地或住地街道、社区的公共就业服务窗口，免费"
    found = [note("job_where", "JY-05", clause)]
    clause = f"{_RULE}第四十二条：贷款贴息、社保补贴、岗位补贴、培训补贴、费用减免、公益性岗位"
    found.append(note("job_kinds", "JY-02", clause))
    if not row["job_status"]:
        clause = "就业困难人员的范围由省里规定，由窗口核定"
        found.append(note("job_local_list", "JY-04", clause))
    if row["gets_dibao"]:
        clause = "找到工作后收入超过低保标准的，可以有渐退期，不会马上停"
        found.append(note("job_gradual_exit", "DB-50", clause))
    if law.inside(NEIMENGGU) and law.on >= NEIMENGGU_2021:
        clause = "内蒙古：低保、低收入、城镇零就业家庭里有劳动能力又失业的，分类给就业救助"
        found.append(note("job_neimenggu", "JY-08", clause))
    if law.inside(FUJIAN):
        clause = "福建：社保、求职创业、培训、公益性岗位补贴"
        found.append(note("job_fujian", "JY-07", clause))
    return found


PROGRAMME = Programme("jiuye", "person", "standard", "jiuye", _criteria, _outcome, _notes)
