"""Subscriptions of other systems to steps of cases, kept by administrators of an area.

The body names receipt, kind, area and time; whoever needs more asks the API with a token and its
rights. Addresses are checked here for form and by `foundation.outbound` for where they lead, again
at each sending. Every change is an event for the auditors.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import clock, outbound
from foundation.crypto import Cipher
from foundation.database import new_id
from foundation.leases import OPEN_STATES, JobState

from . import areas, events
from .casework import actor
from .errors import BadInput, Conflict, NotFound
from .events import EVENT_WORDS, EventKind
from .inputs import MIN_REASON, place_named, words
from .repository import Scope
from .rights import Right
from .sealing import seal
from .webhook_models import Webhook, WebhookDelivery
from .webhook_outbox import FORMER, SECRET, TRIAL, secrets_of, withdraw
from .webhook_outbox import KINDS as KINDS

MOST = 30  # running subscriptions of one area
SHOWN = 50
#: How long the former secret signs along after a change.
OVERLAP = timedelta(hours=24)
KIND_WORDS = {kind: EVENT_WORDS[EventKind(kind)] for kind in KINDS} | {TRIAL: "测试"}


@dataclass(frozen=True)
class Wish:
    """A subscription as typed."""

    name: str
    url: str
    area: str
    kinds: Sequence[str]


@dataclass(frozen=True)
class Summary:
    """A subscription with what became of its deliveries."""

    hook: Webhook
    open: int
    done: int
    dead: int

    @property
    def area_name(self) -> str:
        return areas.name(self.hook.area_code)

    @property
    def kind_words(self) -> list[str]:
        return [KIND_WORDS[kind] for kind in self.hook.kinds if kind in KIND_WORDS]


def listed(session: Session, worker: Scope) -> list[Summary]:
    """The subscriptions of the administrator's area, running ones first. Raises NotAllowed."""
    worker.demand(Right.WEBHOOK_MANAGE)
    low, high = areas.bounds(worker.area_code)
    hooks = session.scalars(
        select(Webhook)
        .where(Webhook.area_code >= low, Webhook.area_code < high)
        .order_by(Webhook.stopped_at.is_not(None), Webhook.created_at.desc(), Webhook.id)
    ).all()
    return _summaries(session, hooks)


def one(session: Session, worker: Scope, webhook_id: str, *, lock: bool = False) -> Summary:
    """One of them. Raises NotFound, alike for absent and foreign."""
    worker.demand(Right.WEBHOOK_MANAGE)
    found = (
        session.get(Webhook, webhook_id, with_for_update=lock or None)
        if len(webhook_id) == 32
        else None
    )
    if found is None or not areas.contains(worker.area_code, found.area_code):
        raise NotFound("没有找到这个推送，或者不在您管的地区")
    return _summaries(session, [found])[0]


def deliveries(
    session: Session, worker: Scope, webhook_id: str, states: Collection[str] = ()
) -> list[WebhookDelivery]:
    """The newest deliveries of a subscription, of all states or of these."""
    one(session, worker, webhook_id)
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if states:
        query = query.where(WebhookDelivery.state.in_(states))
    order = query.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id)
    return list(session.scalars(order.limit(SHOWN)))


def add(
    session: Session, cipher: Cipher, worker: Scope, wish: Wish, reason: str, *, https_only: bool
) -> tuple[Webhook, str]:
    """A new subscription and its secret, which is shown this once. Raises BadInput by field.

    Where the address leads is for the caller to ask beforehand (`check_target`): looking a name up
    may take seconds, and this is a transaction.
    """
    worker.demand(Right.WEBHOOK_MANAGE)
    explained = words("reason", reason, MIN_REASON, 200)
    area = place_named("area", wish.area.strip(), wide=True, near=worker.area_code)
    if not areas.contains(worker.area_code, area):
        raise BadInput("area", "这个地区不归您管")
    if sum(found.hook.stopped_at is None for found in listed(session, worker)) >= MOST:
        raise Conflict(f"本地区已有 {MOST} 个推送，请先停用不再使用的")
    secret, row_id = new_secret(), new_id()
    hook = Webhook(
        id=row_id, name=words("name", wish.name, 2, 60),
        url=checked_url(wish.url, https_only=https_only), kinds=_kinds(wish.kinds),
        area_code=area, secret_encrypted=seal(cipher, SECRET, row_id, secret),
        created_by=actor(worker).id, created_at=clock.now(),
    )  # fmt: skip
    session.add(hook)
    session.flush()
    _record(session, cipher, worker, hook, EventKind.WEBHOOK_ADDED, explained)
    return hook, secret


def change_secret(
    session: Session, cipher: Cipher, worker: Scope, webhook_id: str, reason: str
) -> tuple[Webhook, str]:
    """A new secret, shown this once; for a day both sign, so that no delivery is refused."""
    hook = _mine(session, worker, webhook_id)
    explained = words("reason", reason, MIN_REASON, 200)
    now = clock.now()
    former, secret = secrets_of(cipher, hook, now)[0], new_secret()
    hook.former_encrypted = seal(cipher, FORMER, hook.id, former)
    hook.former_until = now + OVERLAP
    hook.secret_encrypted = seal(cipher, SECRET, hook.id, secret) or ""
    _record(session, cipher, worker, hook, EventKind.WEBHOOK_SECRET, explained)
    return hook, secret


def stop(session: Session, cipher: Cipher, worker: Scope, webhook_id: str, reason: str) -> Webhook:
    """Nothing is sent any more; what was on its way is withdrawn."""
    hook = _mine(session, worker, webhook_id)
    explained = words("reason", reason, MIN_REASON, 200)
    if hook.stopped_at is not None:
        return hook
    hook.stopped_at = clock.now()
    withdraw(session, hook.id)
    _record(session, cipher, worker, hook, EventKind.WEBHOOK_STOPPED, explained)
    return hook


def restore(
    session: Session, cipher: Cipher, worker: Scope, webhook_id: str, reason: str
) -> Webhook:
    """Steps from now on are sent again."""
    hook = _mine(session, worker, webhook_id)
    explained = words("reason", reason, MIN_REASON, 200)
    if hook.stopped_at is not None:
        hook.stopped_at = None
        _record(session, cipher, worker, hook, EventKind.WEBHOOK_RESTORED, explained)
    return hook


def again(
    session: Session, cipher: Cipher, worker: Scope, webhook_id: str, delivery_id: str | None
) -> int:
    """Send what was given up once more: one delivery, or all. Says how many.

    Raises NotFound for a delivery that is not this subscription's or was not given up, Conflict for
    a stopped subscription.
    """
    hook = _mine(session, worker, webhook_id)
    if hook.stopped_at is not None:
        raise Conflict("这个推送已停用，请先恢复")
    query = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == hook.id, WebhookDelivery.state == JobState.DEAD
    )
    if delivery_id is not None:
        query = query.where(WebhookDelivery.id == delivery_id[:32])
    rows = list(session.scalars(query.with_for_update()))
    if delivery_id is not None and not rows:
        raise NotFound("没有找到这条，也许已经重新发送")
    for row in rows:
        row.state, row.attempts, row.lease_id = JobState.NEW, 0, None
        row.due_at = clock.now()
    if rows:
        _record(session, cipher, worker, hook, EventKind.WEBHOOK_RESENT, None, count=len(rows))
    return len(rows)


def trial(session: Session, worker: Scope, webhook_id: str) -> WebhookDelivery:
    """Send a delivery about no case, to see whether the receiver takes it."""
    hook = _mine(session, worker, webhook_id)
    if hook.stopped_at is not None:
        raise Conflict("这个推送已停用，请先恢复")
    now, row_id = clock.now(), new_id()
    row = WebhookDelivery(
        id=row_id, webhook_id=hook.id, event_id=row_id, kind=TRIAL, receipt_no=None,
        area_code=hook.area_code, happened_at=now, created_at=now, due_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64, as the Standard Webhooks libraries take it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def checked_url(given: str, *, https_only: bool) -> str:
    """The address as it will be called. Raises BadInput for what is no address for this."""
    try:
        return outbound.checked_url(given, https_only=https_only)
    except outbound.BadAddress as bad:
        raise BadInput("url", bad.reason_zh) from None


def check_target(url: str, allowed: Sequence[str]) -> None:
    """Look up where an address leads; takes seconds. Raises BadInput for an internal one."""
    try:
        outbound.addresses(url, outbound.networks(allowed))
    except outbound.BadAddress as bad:
        raise BadInput("url", bad.reason_zh) from None


def _kinds(given: Sequence[str]) -> list[str]:
    wanted = set(given)
    if not wanted:
        raise BadInput("kinds", "请至少选一种事件")
    if not wanted <= set(KINDS):
        raise BadInput("kinds", "没有这种事件")
    return [kind for kind in KINDS if kind in wanted]


def _mine(session: Session, worker: Scope, webhook_id: str) -> Webhook:
    return one(session, worker, webhook_id, lock=True).hook


def _summaries(session: Session, hooks: Sequence[Webhook]) -> list[Summary]:
    query = (
        select(WebhookDelivery.webhook_id, WebhookDelivery.state, func.count())
        .where(WebhookDelivery.webhook_id.in_([hook.id for hook in hooks]))
        .group_by(WebhookDelivery.webhook_id, WebhookDelivery.state)
    )
    counts: dict[tuple[str, str], int] = {
        (row[0], row[1]): row[2] for row in session.execute(query)
    }

    def count(hook: Webhook, *states: JobState) -> int:
        return sum(counts.get((hook.id, state), 0) for state in states)

    return [
        Summary(
            hook, count(hook, *OPEN_STATES), count(hook, JobState.DONE), count(hook, JobState.DEAD)
        )
        for hook in hooks
    ]


def _record(
    session: Session, cipher: Cipher, worker: Scope, hook: Webhook, kind: EventKind,
    reason: str | None, **data: object,
) -> None:  # fmt: skip
    events.append_of_area(
        session, cipher, hook.area_code, kind, actor(worker),
        data={"webhook": hook.id, "name": hook.name, **data}, text=reason,
    )  # fmt: skip
