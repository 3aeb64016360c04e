"""`wenzhu audit`: walk the hash chains of every county and name the first row that does not fit.

Then the events are told over again, and the cases that stand otherwise than they say are named.
"""

from __future__ import annotations

from sqlalchemy import func, select

from cases import areas, events, replay
from cases.models import CaseEvent, EventChain
from foundation.database import Database


def report(database: Database, area: str = "") -> tuple[list[str], bool]:
    """One line a chain, and whether all fit. `area` limits it to chains inside one area."""
    with database.read() as session:
        chains = set(session.scalars(select(EventChain.area)))
        chains |= set(session.scalars(select(CaseEvent.chain_area).distinct()))
        if area:
            chains = {chain for chain in chains if areas.contains(area, chain)}
        lines, good = [], True
        for chain in sorted(chains):
            rows = session.scalar(
                select(func.count()).select_from(CaseEvent).where(CaseEvent.chain_area == chain)
            )
            broken = events.verify(session, chain)
            good = good and broken is None
            lines.append(
                f"{areas.name(chain)}（{chain}）：{rows} 条，"
                + ("完整" if broken is None else f"从第 {broken.seq} 条起对不上（{broken.why}）")
            )
            for number, what in replay.differences(session, chain):
                good = False
                lines.append(f"　{number}：{what}和操作记录对不上")
    return lines, good
