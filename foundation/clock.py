"""The only place that knows what time it is.

Instants are aware and UTC; a *day* is a day in Asia/Shanghai, because deadlines and amounts are
Chinese law. Rules never call this: they are given `on: date`.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present calendar day in Asia/Shanghai: 2026-01-01 from 16:00 UTC on 2025-12-31."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The Shanghai calendar day of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("a day can only be told of an aware instant")
    return instant.astimezone(SHANGHAI).date()
