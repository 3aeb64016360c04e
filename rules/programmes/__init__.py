"""The programmes, in the order in which they are judged: later ones read earlier outcomes.

A new programme is a file with a `PROGRAMME` (criteria with their clauses, and how they combine), a
spec, golden cases, and a line here.
"""

from rules.criteria import Programme
from rules.programmes import danrenbao, dibao, dibao_bianyuan, jiantui, linshi, yiliao

REGISTRY: tuple[Programme, ...] = (
    dibao.PROGRAMME,
    jiantui.PROGRAMME,
    danrenbao.PROGRAMME,
    dibao_bianyuan.PROGRAMME,
    linshi.PROGRAMME,
    yiliao.PROGRAMME,
)
CODES: tuple[str, ...] = tuple(dict.fromkeys(programme.code for programme in REGISTRY))
