"""The JSON API of webhooks: subscriptions of an area and what became of their deliveries."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from cases import webhooks
from cases.rights import Right
from cases.webhook_models import WebhookDelivery
from cases.webhooks import Summary, Wish
from foundation.clock import SHANGHAI
from foundation.leases import JobState
from foundation.runtime import Runtime

from .cases_api import Caller, Process, example

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])
Hook = Annotated[str, Path(max_length=32)]


class Wanted(BaseModel):
    """A subscription."""

    model_config = example(
        {
            "name": "县数据平台", "url": "https://data.example.gov.cn/wenzhu", "area": "500233",
            "kinds": ["filed", "closed"], "reason": "按县里的数据共享安排",
        }
    )  # fmt: skip
    name: str = Field(min_length=2, max_length=60)
    url: str = Field(max_length=500)
    area: str = Field(max_length=40)
    kinds: list[str] = Field(min_length=1, max_length=40)
    reason: str = Field(min_length=4, max_length=200)


class Why(BaseModel):
    """The reason, for the record."""

    model_config = example({"reason": "对方系统停机维护"})
    reason: str = Field(min_length=4, max_length=200)


@router.get("", summary="事件推送列表")
def listed(runtime: Process, scope: Caller) -> dict[str, Any]:
    """The subscriptions of the caller's area, with the kinds that may be subscribed."""
    with runtime.database.read() as session:
        rows = webhooks.listed(session, scope)
    kinds = [{"kind": kind, "word": webhooks.KIND_WORDS[kind]} for kind in webhooks.KINDS]
    return {"webhooks": [_json(row) for row in rows], "kinds": kinds}


@router.post("", summary="新增事件推送", status_code=201)
def add(runtime: Process, scope: Caller, body: Wanted) -> dict[str, Any]:
    """The secret is in this answer and never again."""
    scope.demand(Right.WEBHOOK_MANAGE)
    wish = Wish(body.name, body.url, body.area, body.kinds)
    check_target(runtime, body.url)
    with runtime.database.write() as session:
        hook, secret = webhooks.add(
            session, runtime.cipher, scope, wish, body.reason,
            https_only=runtime.settings.is_production,
        )  # fmt: skip
        return {**_json(webhooks.one(session, scope, hook.id)), "secret": secret}


@router.post("/{webhook_id}/secret", summary="更换密钥")
def change_secret(runtime: Process, scope: Caller, webhook_id: Hook, body: Why) -> dict[str, Any]:
    """A new secret, in this answer only; the former one signs along for 24 hours."""
    with runtime.database.write() as session:
        hook, secret = webhooks.change_secret(
            session, runtime.cipher, scope, webhook_id, body.reason
        )
        return {**_json(webhooks.one(session, scope, hook.id)), "secret": secret}


@router.post("/{webhook_id}/stop", summary="停用")
def stop(runtime: Process, scope: Caller, webhook_id: Hook, body: Why) -> dict[str, Any]:
    """Nothing is sent any more."""
    with runtime.database.write() as session:
        webhooks.stop(session, runtime.cipher, scope, webhook_id, body.reason)
        return _json(webhooks.one(session, scope, webhook_id))


@router.post("/{webhook_id}/restore", summary="恢复")
def restore(runtime: Process, scope: Caller, webhook_id: Hook, body: Why) -> dict[str, Any]:
    """Steps from now on are sent again."""
    with runtime.database.write() as session:
        webhooks.restore(session, runtime.cipher, scope, webhook_id, body.reason)
        return _json(webhooks.one(session, scope, webhook_id))


@router.post("/{webhook_id}/trial", summary="发一条测试")
def trial(runtime: Process, scope: Caller, webhook_id: Hook) -> dict[str, Any]:
    """A delivery about no case."""
    with runtime.database.write() as session:
        return _delivery(webhooks.trial(session, scope, webhook_id))


@router.get("/{webhook_id}/deliveries", summary="发送情况")
def deliveries(
    runtime: Process, scope: Caller, webhook_id: Hook,
    state: Annotated[JobState | None, Query()] = None,
) -> dict[str, Any]:  # fmt: skip
    """The newest fifty, of all states or one; `dead` are those given up."""
    with runtime.database.read() as session:
        rows = webhooks.deliveries(session, scope, webhook_id, [state] if state else [])
    return {"deliveries": [_delivery(row) for row in rows]}


@router.post("/{webhook_id}/again", summary="把没送到的全部再发")
def all_again(runtime: Process, scope: Caller, webhook_id: Hook) -> dict[str, Any]:
    """Everything given up is due now."""
    with runtime.database.write() as session:
        return {"sent": webhooks.again(session, runtime.cipher, scope, webhook_id, None)}


@router.post("/{webhook_id}/deliveries/{delivery_id}/again", summary="再发一次")
def again(runtime: Process, scope: Caller, webhook_id: Hook, delivery_id: Hook) -> dict[str, Any]:
    """One delivery that was given up is due now."""
    with runtime.database.write() as session:
        return {"sent": webhooks.again(session, runtime.cipher, scope, webhook_id, delivery_id)}


def check_target(runtime: Runtime, url: str) -> None:
    """Look the address up before the transaction. Raises BadInput."""
    plain = webhooks.checked_url(url, https_only=runtime.settings.is_production)
    webhooks.check_target(plain, runtime.settings.webhook_networks)


def _json(row: Summary) -> dict[str, Any]:
    hook = row.hook
    return {
        "id": hook.id, "name": hook.name, "url": hook.url, "area": hook.area_code,
        "kinds": hook.kinds, "running": hook.stopped_at is None,
        "created_at": hook.created_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "waiting": row.open, "arrived": row.done, "given_up": row.dead,
    }  # fmt: skip


def _delivery(row: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": row.id, "kind": row.kind, "area": row.area_code, "state": row.state,
        "attempts": row.attempts, "status": row.answered, "error": row.last_error,
        "at": row.happened_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
    }  # fmt: skip
