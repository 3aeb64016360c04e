"""How often one address may do what: enough for a slow typist, not for a flood.

Limits are per process and in memory; behind several processes the reverse proxy limits as well.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Awaitable, Callable

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from channels.messages import Refused
from foundation import metrics
from foundation.settings import Settings


def network_of(address: str) -> str:
    """An IPv4 address itself, an IPv6 address's /64: the unit one household or flooder has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def limited(deed: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency: 429 with `Retry-After` when an address does `deed` too often."""

    async def check(request: Request) -> None:
        limiter: AddressLimiter = request.app.state.limiter
        limiter.check(deed, request.client.host if request.client else "")

    return check


class AddressLimiter:
    """Moving-window limits per deed and network address."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._items = {
            "open": RateLimitItemPerMinute(settings.limit_new_conversations_per_minute),
            "say": RateLimitItemPerMinute(settings.limit_messages_per_minute),
        }

    def check(self, deed: str, address: str) -> None:
        """Raise `Refused` with 429 when the address is over its limit."""
        item, key = self._items[deed], network_of(address)
        if self._limiter.hit(item, deed, key):
            return
        metrics.LIMITED.labels(limit=deed).inc()
        reset = self._limiter.get_window_stats(item, deed, key).reset_time
        seconds = max(1, int(reset - time.time()))
        raise Refused(429, "消息太多了，请稍等一会儿再发。", {"Retry-After": str(seconds)})
