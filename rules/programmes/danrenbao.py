"""Single-person 低保 (单人保, 参照单人户) for a seriously disabled or ill member.

《最低生活保障审核确认办法》第八条: in a margin household, a person with a certificate of level 1
or 2, or level 3 intellectual or mental, or with a serious illness recognised locally. Illness is
tested as "has had 大病保险 for high costs", not by its name.
The notice of 2022-10-20 opens the single
application to adult severely disabled people without work whatever the household's income; what
family support counts is for a person to say. Regional doors (DB-25, DB-29, DB-30) also end at a
person.
The household's own 低保 goes first: a household below the standard is not split.
"""

from datetime import date

import polars as pl

from rules.criteria import (
    EDGE_DEFAULT,
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    Row,
    decide,
    hundredths,
    income_at_least,
    income_at_most,
    income_exactly,
    margin_deposits,
    on_the_line,
    outcome,
    property_doubt,
    yes,
)
from rules.law import CHONGQING, CHONGQING_NEW_RULES, CHONGQING_REGULATION, FUJIAN, Law
from rules.programmes.dibao import INCOME_READS, NO_LAW, OPEN, PROPERTY_READS
from rules.programmes.dibao_notes import RULES_2021
from rules.programmes.relations import held, openers
from rules.reasons import note
from rules.verdict import Reason

_SEVERE = pl.col("level").is_in([1, 2])
_KIND = pl.col("disability_type")
_MULTIPLE = "多重"
# Which kinds a multiple disability holds stands on the certificate alone.
_MIND = decide(_KIND.is_in(["智力", "精神"]), _KIND != _MULTIPLE)
_ADULT = decide(pl.col("age_low") >= 18, pl.col("age_high") < 18)
_NOTICE_2022 = (
    "《关于进一步做好最低生活保障等社会救助兜底保障工作的通知》一（一）："
    "成年无业重度残疾人可参照单人户申请"
)
_ARTICLE_8 = "《最低生活保障审核确认办法》（民发〔2021〕57号）第八条"


NOTICE_2022 = date(2022, 10, 20)
YUZHONG = "500103"
YUZHONG_SPLIT = date(2021, 1, 1)


def old_split(law: Law) -> bool:
    """Whether Chongqing's rule before 2020-09-07 applies: registered poor, no means test."""
    return law.inside(CHONGQING) and law.on < CHONGQING_NEW_RULES


def split_from_parents(law: Law) -> bool:
    """Whether 渝中区's own split from the parents' household applies (渝中民〔2021〕2号)."""
    return law.inside(YUZHONG) and law.on >= YUZHONG_SPLIT


def _local_doors(law: Law) -> pl.Expr:
    """Regional single applications, from facts that count when told and are not asked for."""
    door = pl.lit(value=False)
    if law.inside(CHONGQING):
        lost = (pl.col("level") >= 1) & pl.col("no_work_ability")
        door = yes(_ADULT & (lost | pl.col("bedridden")))
    if law.inside(FUJIAN):
        frail = (pl.col("age_low") >= 60) & (pl.col("cannot_self_care") | pl.col("bedridden"))
        door = yes(frail & (income_at_most(hundredths(law.edge_multiple) or EDGE_DEFAULT)))
    if split_from_parents(law):
        # Any certificate or serious illness of a grown-up; an age not told may be grown up.
        grown = ~yes(pl.col("age_high") < 18)
        door = door | (grown & ((pl.col("level") >= 1) | pl.col("critical_illness")))
    return door


def _local_rule(law: Law) -> str:
    """The rule of the place's own doors; empty where it has none."""
    if split_from_parents(law):
        return "DB-29"
    return "DB-30" if law.inside(CHONGQING) else "DB-25" if law.inside(FUJIAN) else ""


def _local(law: Law) -> list[Criterion]:
    rule = _local_rule(law)
    reads = ("disability_level", "critical_illness_insured") if split_from_parents(law) else ()
    clause = "当地可以单独申请的其他情形，由民政部门核定"
    return [Criterion("single_local", rule, clause, reads, _local_doors(law))] if rule else []


def _clergy(law: Law) -> Criterion:
    """Three years; in Chongqing clergy no longer count to the family after one (QY-07)."""
    years, rule = 3, "DB-22"
    clause = f"{_ARTICLE_8}（三）：脱离家庭、在宗教场所住满三年的教职人员，由民政部门核定"
    if law.inside(CHONGQING) and law.on >= CHONGQING_REGULATION:
        years, rule = 1, "QY-07"
        clause = "重庆市低保条例：脱离家庭满一年的教职人员不算这家的人，单独申请由民政部门核定"
    truth = yes(pl.col("clergy_years") >= years)
    return Criterion("single_clergy", rule, clause, (), truth, tell="true")


def _criteria(law: Law) -> list[Criterion]:
    multiple = hundredths(law.single_multiple) or EDGE_DEFAULT
    cited = law.single_multiple.citation() if law.single_multiple else _ARTICLE_8
    return [
        Criterion(
            "single_above",
            "DB-28" if law.inside(CHONGQING) else "DB-20",
            "全家人均收入不低于低保标准（低于标准的应整户申请低保）",
            INCOME_READS,
            income_at_least(100),
            measure="income",
            open_line=True,
        ),
        Criterion(
            "single_income",
            "DB-28" if law.inside(CHONGQING) else "DB-20",
            f"{cited}：全家人均收入低于{multiple / 100:g}倍低保标准",
            INCOME_READS,
            income_at_most(multiple),
            measure="income",
            multiple=multiple,
            parameter=law.single_multiple,
            open_line=True,
        ),
        Criterion(
            "single_on_the_line",
            "DB-28",
            f"全家{on_the_line(law, 100, multiple)}，由民政部门核定",
            INCOME_READS,
            income_exactly(100) | income_exactly(multiple),
            wanted=False,
        ),
        Criterion(
            "single_disability",
            "DB-20",
            f"{_ARTICLE_8}（一）：一级、二级残疾，或三级智力、三级精神残疾",
            ("disability_level", "disability_type"),
            _SEVERE | ((pl.col("level") == 3) & _MIND),
        ),
        Criterion(
            "single_multiple",
            "DB-20",
            f"{_ARTICLE_8}（一）：多重残疾里可能有智力或精神残疾，由工作人员看残疾证",
            ("disability_level", "disability_type"),
            (pl.col("level") == 3) & (_KIND == _MULTIPLE),
            tell="true",
        ),
        Criterion(
            "single_illness",
            "DB-26" if law.inside(FUJIAN) else "DB-21",
            f"{_ARTICLE_8}（二）：患当地认定的重特大疾病（看是否享受过大病保险待遇）",
            ("critical_illness_insured",),
            pl.col("critical_illness"),
        ),
        Criterion(
            "single_adult",
            "DB-23",
            _NOTICE_2022,
            ("disability_level", "age", "employed"),
            _SEVERE & _ADULT & ~pl.col("employed"),
        ),
        *_local(law),
        _clergy(law),
        Criterion(
            "single_margin",
            "DB-20",
            f"{_ARTICLE_8}：已认定的低保边缘家庭",
            (),
            held(*openers("danrenbao")),
            tell="true",
        ),
        Criterion(
            "single_property",
            "DB-20",
            "家庭财产状况符合当地规定",
            PROPERTY_READS,
            # 第八条 speaks of a margin household, so its limit counts.
            ~property_doubt(margin_deposits(law)),
            measure="property",
            parameter=law.edge_deposit_cap,
            deposits=margin_deposits(law),
        ),
    ]


def _outcome(law: Law) -> pl.Expr:
    above, below = pl.col("single_above"), pl.col("single_income")
    line, orderly = pl.col("single_on_the_line"), pl.col("single_property")
    sign = pl.col("single_disability") | pl.col("single_illness")
    other = pl.col("single_adult") | pl.col("single_clergy")
    if _local_rule(law):
        other |= pl.col("single_local")
    multiple, ill = pl.col("single_multiple"), pl.col("single_illness")
    if law.single_multiple is None:
        below = pl.lit(None, dtype=pl.Boolean)
    # An income that may lie on either side of a line may lie on it.
    unsure = line.is_null() if law.single_multiple else pl.lit(value=True)
    door = below & sign
    branches: list[tuple[pl.Expr, str]] = [(NO_LAW, NEED_PERSON)]
    if old_split(law):
        # 2020 and before: registered poor with severe disability or illness, no means test.
        branches.append((yes(pl.col("registered_poor")) & sign, LIKELY))
    branches += [
        (~above, UNLIKELY),
        # Recognised as a margin household and told to earn more: the two do not fit together.
        (above & ~below & pl.col("single_margin") & sign, NEED_PERSON),
        (~door & ~other, UNLIKELY),
        (above & door & orderly & ~line, LIKELY),
        (above & door & (~orderly | line), NEED_PERSON),
        (above & ~door & other, NEED_PERSON),
        (above & below & multiple & ~ill, NEED_PERSON),
        (OPEN & unsure & (sign | other | multiple), NEED_PERSON),
    ]
    if law.single_multiple is None:
        branches.append((above & (sign | multiple), NEED_PERSON))
    return outcome(*branches, otherwise=NEED_ANSWERS)


def _notes(row: Row, law: Law, told: str) -> list[Reason]:
    found = []
    if told != UNLIKELY and row["single_adult"] and law.on >= NOTICE_2022:
        clause = "靠兄弟姐妹或者满60岁的人养的，他们给的供养费可以少算或不算，由民政部门核定"
        found.append(note("support_may_be_spared", "DB-24", clause))
    return [*found, _worth(law)] if told == LIKELY else found


def _worth(law: Law) -> Reason:
    clause = "一个人单独保的每月发多少，没有核实的规定，由县级民政部门核定"
    if law.on >= RULES_2021:
        clause = f"《最低生活保障审核确认办法》第二十三条：按差额或者分档发；{clause}"
    return note("single_amount_by_office", "DB-40", clause)


PROGRAMME = Programme("dibao", "person", "danrenbao", "danrenbao", _criteria, _outcome, _notes)
