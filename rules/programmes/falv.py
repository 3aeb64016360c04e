"""Legal aid (法律援助) and judicial aid (国家司法救助).

《法律援助法》第三十一、三十二、四十二、四十三条: a listed matter; violence and abandonment
without a look at means; recipients of aid and migrant workers claiming wages or injury are spared
the check. Judicial aid: victim, no effective compensation, living hard, once a case.
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
from rules.law import Law
from rules.programmes.relations import asks_for_status, status
from rules.programmes.tekun import age_from
from rules.reasons import note
from rules.verdict import Reason

_RULE = "《法律援助法》"
LISTED = (
    "state_compensation", "benefits", "pension", "support", "wages", "capacity", "injury",
    "environment",
)  # fmt: skip
_JUDICIAL = "《关于建立完善国家司法救助制度的意见（试行）》"


def _aid_criteria(_law: Law) -> list[Criterion]:
    matter = pl.col("legal_matter")
    frail = ~age_from(18) | age_from(60) | (pl.col("level") >= 1)
    return [
        Criterion(
            "legal_listed", "FL-01",
            f"{_RULE}第三十一条：讨薪、工伤和人身损害、赡养抚养、社会救助和社保待遇等",
            ("legal_matter",), matter.is_in(LISTED),
        ),
        Criterion(
            "legal_violence", "FL-02",
            f"{_RULE}第三十二条：遭受虐待、遗弃、家庭暴力的，不看经济困难",
            ("legal_matter",), matter == "violence", tell="true",
        ),
        Criterion(
            "legal_other", "FL-01", "别的案子，由法律援助机构看能不能受理", ("legal_matter",),
            matter == "other", tell="true",
        ),
        Criterion(
            "legal_migrant", "FL-03", f"{_RULE}第四十二条：务工人员讨薪、要工伤赔偿，免查经济困难",
            ("legal_matter", "migrant_worker"),
            matter.is_in(["wages", "injury"]) & pl.col("migrant_worker"), tell="true",
        ),
        Criterion(
            "legal_frail", "FL-03",
            f"{_RULE}第四十二条：没有固定生活来源的老人、未成年人、残疾人，免查经济困难",
            (), frail & ~pl.col("fixed_income"), tell="true",
        ),
        status("falv", "legal_status"),
    ]  # fmt: skip


def _aid_outcome(_law: Law) -> pl.Expr:
    listed, violence = pl.col("legal_listed"), pl.col("legal_violence")
    other, migrant = pl.col("legal_other"), pl.col("legal_migrant")
    spared = migrant | pl.col("legal_frail").fill_null(value=False) | pl.col("legal_status")
    return outcome(
        (violence, LIKELY),
        (~listed & ~violence & ~other, UNLIKELY),
        (other, NEED_PERSON),
        (listed & spared, LIKELY),
        (listed & (migrant.is_null() | asks_for_status("falv")), NEED_ANSWERS),
        # Whether anybody else is poor enough is a local line nobody has verified.
        (listed, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _aid_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told in (UNLIKELY, NEED_ANSWERS):
        return []
    found = [note("legal_where", "FL-01", "向当地法律援助机构申请，不收费")]
    limits = [law.find(f"legal_aid_{step}_days") for step in ("decision", "assign")]
    found += [note(p.name, "FL-04", p.citation(), p) for p in limits if p is not None]
    return found


def _judicial_criteria(_law: Law) -> list[Criterion]:
    return [
        Criterion(
            "judicial_victim", "FL-05", f"{_JUDICIAL}二：受到犯罪或民事侵权的伤害",
            ("crime_victim",), pl.col("crime_victim"),
        ),
        Criterion(
            "judicial_uncompensated", "FL-05", f"{_JUDICIAL}二：得不到有效赔偿",
            ("compensated",), ~pl.col("compensated"),
        ),
        Criterion(
            "judicial_once", "FL-05", f"{_JUDICIAL}：同一个案子只救助一次",
            ("judicial_aided_before",), ~pl.col("judicial_aided_before"),
        ),
        Criterion(
            "judicial_hard", "FL-05", f"{_JUDICIAL}二：生活困难，由办案机关核定", (),
            decide(pl.col("basic_living_difficult"), ~pl.col("basic_living_difficult")),
        ),
    ]  # fmt: skip


def _judicial_outcome(_law: Law) -> pl.Expr:
    told = pl.col("judicial_victim") & pl.col("judicial_uncompensated") & pl.col("judicial_once")
    hard = pl.col("judicial_hard")
    return outcome(
        (~told | ~hard, UNLIKELY),
        (told & hard, LIKELY),
        (told, NEED_PERSON),
        otherwise=NEED_ANSWERS,
    )


def _judicial_notes(_row: Row, law: Law, told: str) -> list[Reason]:
    if told in (UNLIKELY, NEED_ANSWERS):
        return []
    found = [note("judicial_where", "FL-05", "向办案的公安、检察院、法院提出")]
    if cap := law.find("judicial_aid_cap_months_wage"):
        found.append(note("judicial_cap", "FL-05", f"{cap.citation()}：一般不超过", cap))
    return found


AID = Programme("falv", "household", "yuanzhu", "falv_yuanzhu", _aid_criteria, _aid_outcome,
                _aid_notes)  # fmt: skip
JUDICIAL = Programme("falv", "household", "sifa", "sifa_jiuzhu", _judicial_criteria,
                     _judicial_outcome, _judicial_notes)  # fmt: skip
