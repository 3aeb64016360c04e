"""Whether an open page of the queue is still true, for the price of one small query.

Each county's chain notes which of its events was the last that may have moved a list
(`EventChain.moved_seq`; reading a case moves nothing). The chains of a scope added up are its mark.
What changes no chain of the scope (a deadline that passes, a case handed over from elsewhere) is
seen when the mark grows old.
"""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from foundation import clock

from . import areas
from .models import EventChain
from .scope import Scope

OLD_SECONDS = 10


def mark(session: Session, scope: Scope) -> str:
    """What a list of this scope stood at. Equal marks: show the list that is there.

    To be read before the list: what happens between the two then shows as a change.
    """
    seen = areas.county_of(scope.area_code) or scope.area_code
    low, high = areas.bounds(seen)
    mine = or_(
        (EventChain.area >= low) & (EventChain.area < high),
        EventChain.area.in_(areas.ancestors(seen)),  # cases that wait for their place
    )
    moved = session.scalar(select(func.sum(EventChain.moved_seq)).where(mine)) or 0
    return f"{moved}-{int(clock.now().timestamp()) // OLD_SECONDS}"
