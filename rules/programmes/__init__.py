"""The programmes, in the order in which they are judged: later ones read earlier outcomes.

`REGISTRY` is the first screening, which every conversation goes through; `FURTHER` are looked at
when somebody asks for them. A new programme is a file with a `PROGRAMME` (criteria with their
clauses, and how they combine), its entry in `relations.yml`, a spec, golden cases, and a line
here.
"""

from collections.abc import Collection

from rules.criteria import Programme
from rules.programmes import (
    binzang,
    canji_butie,
    cishan,
    danrenbao,
    dibao,
    dibao_bianyuan,
    falv,
    fangfanpin,
    fuwu,
    gangxing_zhichu,
    gu_er_ertong,
    jiantui,
    jiaoyu,
    jiuye,
    liangshan_butie,
    linshi,
    liulang,
    nankai_huimin,
    qunuan,
    shouzai,
    tekun,
    yiliao,
    zhufang,
)

REGISTRY: tuple[Programme, ...] = (
    dibao.PROGRAMME,
    jiantui.PROGRAMME,
    danrenbao.PROGRAMME,
    dibao_bianyuan.PROGRAMME,
    linshi.PROGRAMME,
    yiliao.PROGRAMME,
)
FURTHER: tuple[Programme, ...] = (
    gu_er_ertong.ORPHAN,
    gu_er_ertong.DE_FACTO,
    gu_er_ertong.HARDSHIP,
    gu_er_ertong.HEART,
    gu_er_ertong.REHAB,
    tekun.PROGRAMME,
    gangxing_zhichu.PROGRAMME,
    fangfanpin.PROGRAMME,
    jiaoyu.PROGRAMME,
    zhufang.PROGRAMME,
    jiuye.PROGRAMME,
    shouzai.PROGRAMME,
    canji_butie.LIVING,
    canji_butie.CARE,
    liulang.PROGRAMME,
    falv.AID,
    falv.JUDICIAL,
    qunuan.PROGRAMME,
    binzang.PROGRAMME,
    fuwu.PROGRAMME,
    cishan.PROGRAMME,
    liangshan_butie.GAP,
    liangshan_butie.SPECIAL,
    *nankai_huimin.PROGRAMMES,
)
CODES: tuple[str, ...] = tuple(dict.fromkeys(programme.code for programme in REGISTRY))
ALL_CODES: tuple[str, ...] = tuple(dict.fromkeys(p.code for p in (*REGISTRY, *FURTHER)))


def needed_for(focus: Collection[str]) -> tuple[Programme, ...]:
    """The programmes to judge for these codes: the first screening and the further ones named.

    Raises KeyError for a code that is no programme.
    """
    for code in focus:
        if code not in ALL_CODES:
            raise KeyError(code)
    return (*REGISTRY, *(programme for programme in FURTHER if programme.code in focus))


EVERYTHING: tuple[Programme, ...] = needed_for(ALL_CODES)
