"""Sends what subscribers are to be told: signed, to a checked address, until it arrives.

Signing follows Standard Webhooks: `webhook-id`, `webhook-timestamp`, and `webhook-signature` with
one `v1,` base64 HMAC-SHA256 of "id.timestamp.body" for each secret that signs.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import ssl
from collections import Counter
from datetime import timedelta

import httpx2 as httpx

from cases import webhook_outbox
from cases.webhook_outbox import Parcel
from foundation import clock, outbound
from foundation.leases import JobState, LeaseLost
from foundation.logging import get_logger
from foundation.runtime import Runtime

log = get_logger("api.webhooks")
AT_ONCE = 4  # to one subscriber, so that a silent one holds up only itself
ALTOGETHER = 32
SECONDS = 10.0
PAUSE_SECONDS = 1.0
MEASURE_SECONDS = 15.0
GONE = 410


class Sender:
    """`run` until cancelled; an outage of the database or of receivers is waited out."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        resolve: outbound.Resolve | None = None,
        trust: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._runtime = runtime
        self._resolve = resolve
        self._trust = trust
        self._seconds = seconds
        self._allowed = outbound.networks(runtime.settings.webhook_networks)
        self._under_way: Counter[str] = Counter()

    async def run(self) -> None:
        """Send what is due, over and over."""
        tasks: set[asyncio.Task[None]] = set()
        measured = 0.0
        loop = asyncio.get_running_loop()
        async with self._client() as client:
            try:
                while True:
                    parcels: list[Parcel] = []
                    try:
                        if len(tasks) < ALTOGETHER:
                            parcels = await self._take()
                        if loop.time() - measured > MEASURE_SECONDS:
                            await asyncio.to_thread(self._measure)
                            measured = loop.time()
                    except Exception as problem:  # noqa: BLE001 - the loop outlives any outage
                        log.warning("webhooks not claimed", problem=type(problem).__name__)
                    tasks |= {asyncio.create_task(self._send(client, one)) for one in parcels}
                    if not parcels:
                        await asyncio.sleep(PAUSE_SECONDS)
                    tasks = {task for task in tasks if not task.done()}
            finally:
                if tasks:  # what is on the wire now would be sent twice by the next process
                    await asyncio.wait(tasks, timeout=self._seconds)

    async def once(self) -> int:
        """One round; says how many were tried."""
        parcels = await self._take()
        async with self._client() as client:
            await asyncio.gather(*(self._send(client, one) for one in parcels))
        return len(parcels)

    def _client(self) -> httpx.AsyncClient:
        # No proxy from the environment: it would look names up again, behind our check. Nothing is
        # kept open: a connection to a checked number must not serve another name.
        return httpx.AsyncClient(
            verify=self._trust or True, trust_env=False, follow_redirects=False,
            timeout=httpx.Timeout(self._seconds),
            limits=httpx.Limits(max_keepalive_connections=0),
        )  # fmt: skip

    async def _take(self) -> list[Parcel]:
        parcels = await asyncio.to_thread(self._claim, Counter(self._under_way))
        self._under_way.update(one.row.webhook_id for one in parcels)
        return parcels

    def _claim(self, under_way: Counter[str]) -> list[Parcel]:
        with self._runtime.database.read() as session:
            due = webhook_outbox.waiting(session)
        parcels: list[Parcel] = []
        for webhook_id in due:
            room = min(AT_ONCE - under_way[webhook_id], ALTOGETHER - under_way.total())
            if room > 0:
                with self._runtime.database.write() as session:
                    found = webhook_outbox.claim(session, self._runtime.cipher, webhook_id, room)
                under_way[webhook_id] += len(found)
                parcels += found
        return parcels

    async def _send(self, client: httpx.AsyncClient, parcel: Parcel) -> None:
        try:
            await self._try(client, parcel)
        except LeaseLost:
            log.info("webhook delivery was taken over", delivery=parcel.row.id)
        except Exception as problem:  # noqa: BLE001 - its lease runs out and it is claimed again
            log.warning("webhook delivery broke off", problem=type(problem).__name__)
        finally:
            self._under_way[parcel.row.webhook_id] -= 1

    async def _try(self, client: httpx.AsyncClient, parcel: Parcel) -> None:
        try:
            answer = await asyncio.wait_for(self._post(client, parcel), self._seconds)
        except outbound.BadAddress:
            await asyncio.to_thread(self._failed, parcel, "address", None)
        except (TimeoutError, httpx.TimeoutException):
            await asyncio.to_thread(self._failed, parcel, "timeout", None)
        except (httpx.HTTPError, OSError, ssl.SSLError):
            await asyncio.to_thread(self._failed, parcel, "connection", None)
        else:
            if 200 <= answer.status_code < 300:
                await asyncio.to_thread(self._arrived, parcel, answer.status_code)
            else:
                wait = _retry_after(answer)
                await asyncio.to_thread(self._failed, parcel, "status", answer.status_code, wait)

    async def _post(self, client: httpx.AsyncClient, parcel: Parcel) -> httpx.Response:
        found = await asyncio.to_thread(
            outbound.addresses, parcel.url, self._allowed, self._resolve
        )
        for address in found[:-1]:
            with contextlib.suppress(httpx.ConnectError):
                return await self._post_to(client, parcel, address)
        return await self._post_to(client, parcel, found[-1])

    async def _post_to(
        self, client: httpx.AsyncClient, parcel: Parcel, address: str
    ) -> httpx.Response:
        url, headers, extensions = outbound.pinned(parcel.url, address)
        headers |= signed(parcel, int(clock.now().timestamp()))
        headers |= {"Content-Type": "application/json", "User-Agent": "wenzhu-webhooks"}
        request = client.build_request(
            "POST", url, content=parcel.body, headers=headers, extensions=extensions
        )
        answer = await client.send(request, stream=True)
        await answer.aclose()  # what it says beyond the status is nobody's business
        return answer

    def _arrived(self, parcel: Parcel, status: int) -> None:
        with self._runtime.database.write() as session:
            webhook_outbox.arrived(session, parcel, status)

    def _failed(
        self, parcel: Parcel, error: str, status: int | None, wait: timedelta = timedelta(0)
    ) -> None:
        with self._runtime.database.write() as session:
            state = webhook_outbox.failed(
                session, parcel, error, status, not_before=wait, final=status == GONE
            )
        if state == JobState.DEAD:
            log.error("webhook delivery given up", delivery=parcel.row.id, error=error)

    def _measure(self) -> None:
        with self._runtime.database.read() as session:
            webhook_outbox.measure(session)


def signed(parcel: Parcel, stamp: int) -> dict[str, str]:
    """The headers that prove where a delivery comes from and when it was sent."""
    content = f"{parcel.row.id}.{stamp}.".encode() + parcel.body
    marks = []
    for secret in parcel.secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mark = hmac.new(key, content, hashlib.sha256).digest()
        marks.append("v1," + base64.b64encode(mark).decode())
    return {
        "webhook-id": parcel.row.id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(marks),
    }


def _retry_after(answer: httpx.Response) -> timedelta:
    given = answer.headers.get("retry-after", "")
    if given.isascii() and given.isdigit() and len(given) <= 6:
        return timedelta(seconds=int(given))
    return timedelta(0)
