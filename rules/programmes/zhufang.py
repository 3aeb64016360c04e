"""Housing aid (住房救助) on two paths: repair of unsafe rural homes, public rental in towns.

Rural (ZF-04): one of six groups, and the house assessed as grade C or D, or no house; whether who
rents has one in the village a person finds out. Urban
(ZF-01, ZF-02): a status and hard housing; how small is too small is a local figure nobody has
verified, so only "no home of one's own" is taken for hard housing without a person.
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
from rules.law import CHONGQING, FUJIAN, Law
from rules.programmes.relations import asks_for_status, status, status_by_person
from rules.reasons import note
from rules.verdict import Reason

_UNSAFE, _NONE, _RENTED = "危房", "无房", "租房"
_BUILT = "自建房"
_SOUND = (_BUILT, "商品房", "公租房")
_UNASSESSED = ("商品房", "公租房", _RENTED)
_REPAIR = "农村危房改造（中央财政补助资金办法）"


def _criteria(_law: Law) -> list[Criterion]:
    home, grade = pl.col("housing"), pl.col("house_grade")
    # Flats and rented homes are not assessed: a grade told beside one is another house's.
    own, bad = home.is_in([_UNSAFE, _BUILT]), yes(grade.is_in(["C", "D"]))
    unassessed = home.is_in(_UNASSESSED)
    unsafe = decide(
        (own & bad) | (home == _NONE) | (yes(home == _RENTED) & (pl.col("houses") == 0)),
        (own & grade.is_in(["A", "B"])) | (unassessed & ~bad),
    )
    return [
        Criterion(
            "home_rural", "ZF-01", "农村户口看危房改造，城镇户口看公租房和租赁补贴", ("hukou",),
            decide(pl.col("hukou") == "rural", pl.col("hukou").is_not_null()), tell="false",
        ),
        Criterion(
            "home_unsafe", "ZF-04", f"{_REPAIR}：房屋鉴定为C级、D级，或没有住房",
            ("housing", "house_grade"), unsafe,
        ),
        Criterion(
            "home_to_assess", "ZF-06", "说是危房、还没有鉴定的，先请人来鉴定",
            ("housing",), ((home == _UNSAFE) & grade.is_null()) | (unassessed & bad), tell="true",
        ),
        Criterion(
            "home_rented", "ZF-04", "在外租房的，村里有没有自己的房子、是不是危房，由工作人员核实",
            ("housing",),
            (home == _RENTED) & ~yes(pl.col("houses") == 0) & ~yes(grade.is_in(["A", "B"])),
            tell="true",
        ),
        status("weigai", "home_repair_group"),
        Criterion(
            "home_lifted", "ZF-04", f"{_REPAIR}：没有享受过、靠自己解决不了的其他脱贫户",
            ("lifted_out",), pl.col("lifted_out"), tell="true",
        ),
        Criterion(
            "home_sudden", "ZF-04", f"{_REPAIR}：突发严重困难户", ("shock",),
            pl.col("shock").is_in(["fire", "accident", "sudden_illness", "disaster"]), tell="true",
        ),
        Criterion(
            "home_none", "ZF-01", "《社会救助暂行办法》第三十七条：城镇住房困难的家庭",
            ("housing",),
            decide(home.is_in([_NONE, _RENTED]), home.is_in([*_SOUND, _UNSAFE])),
        ),
        status("zhufang", "home_status"),
    ]  # fmt: skip


def _outcome(_law: Law) -> pl.Expr:
    rural, unsafe = pl.col("home_rural"), pl.col("home_unsafe")
    assess, group = pl.col("home_to_assess"), pl.col("home_repair_group")
    maybe = yes(pl.col("home_lifted")) | yes(pl.col("home_sudden"))
    rented = pl.col("home_rented")
    homeless = unsafe | rented
    none, covered = pl.col("home_none"), pl.col("home_status")
    told = none.is_not_null()
    other_group = pl.col("home_lifted") | pl.col("home_sudden")
    return outcome(
        # In the country.
        (rural & assess, NEED_PERSON),
        (rural & ~homeless, UNLIKELY),
        (rural & unsafe & group, LIKELY),
        (rural & rented & group, NEED_PERSON),
        (rural & homeless & asks_for_status("weigai") & ~maybe, NEED_ANSWERS),
        (rural & homeless & (maybe | status_by_person("weigai")), NEED_PERSON),
        (rural & homeless & ~group & ~other_group, UNLIKELY),
        # In town.
        (~rural & (pl.col("housing") == "公租房"), UNLIKELY),
        (~rural & none & covered, LIKELY),
        (~rural & ~none & covered, NEED_PERSON),
        (~rural & told & asks_for_status("zhufang"), NEED_ANSWERS),
        (~rural & told & status_by_person("zhufang"), NEED_PERSON),
        (~rural & told & ~covered, UNLIKELY),
        otherwise=NEED_ANSWERS,
    )


def _notes(row: Row, law: Law, told: str) -> list[Reason]:
    if told in (UNLIKELY, NEED_ANSWERS):
        return []
    found = []
    if row["home_rural"]:
        clause = "向乡镇申请；房屋要先鉴定，改造后还要验收"
        found.append(note("home_repair_path", "ZF-04", clause))
        if law.inside(CHONGQING):
            found.append(note("home_watch", "ZF-06", "重庆：发现一户、改造一户"))
    else:
        clause = "向乡镇（街道）或县级住房保障部门申请；民政核收入财产，住建核住房，公示后优先安排"
        found.append(note("home_rental_path", "ZF-03", clause))
    if not row["home_none"] and not row["home_rural"]:
        clause = "住房面积多小算困难，以当地规定为准"
        found.append(note("home_size_unknown", "ZF-01", clause))
    if law.inside(FUJIAN):
        clause = "福建：农村有危房改造和搬迁，城镇优先公租房并减租金；租赁补贴按当地平均租金定"
        found.append(note("home_fujian", "ZF-07", clause))
    return found


PROGRAMME = Programme("zhufang", "household", "standard", "zhufang", _criteria, _outcome, _notes)
