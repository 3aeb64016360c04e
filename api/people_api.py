"""The JSON API of accounts, for administrators: people come, change and go."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from cases import accounts, identities
from cases.accounts import Account, Place
from cases.rights import Right
from cases.states import Department, Role

from .cases_api import Caller, Process, example

router = APIRouter(prefix="/api/people", tags=["people"])
Person = Annotated[str, Path(max_length=32)]
STEPS = {
    "stop": accounts.stop,
    "restore": accounts.restore,
    "code": accounts.reset_code,
    "sessions": accounts.end_sessions,
}


class Post(BaseModel):
    """What an account may see, and the reason for the record."""

    name: str = Field(min_length=1, max_length=60)
    role: Role
    area: str = Field(min_length=1, max_length=40, description="代码或名称")
    department: Department
    reason: str = Field(min_length=4, max_length=200)


class Changed(Post):
    """An account as it shall be."""

    model_config = example(
        {"name": "王芳", "role": "township_clerk", "area": "忠县石宝镇", "department": "xiangzhen",
         "reason": "岗位调整"}
    )  # fmt: skip


class Added(Post):
    """A new account."""

    model_config = example(
        {"login": "wangfang", "name": "王芳", "role": "township_clerk", "area": "忠县石宝镇",
         "department": "xiangzhen", "reason": "新来的同事"}
    )  # fmt: skip
    login: str = Field(min_length=2, max_length=60)


class Linked(BaseModel):
    """A subject of the identity provider."""

    model_config = example({"subject": "248289761001", "reason": "本人到场核对"})
    subject: str = Field(min_length=1, max_length=255)
    reason: str = Field(min_length=4, max_length=200)


class Why(BaseModel):
    """The reason, for the record."""

    model_config = example({"reason": "调离本县"})
    reason: str = Field(min_length=4, max_length=200)


@router.get("", summary="账号列表")
def listed(
    runtime: Process, scope: Caller,
    q: Annotated[str, Query(max_length=60)] = "",
    role: Annotated[str, Query(max_length=24)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> dict[str, Any]:  # fmt: skip
    """The accounts of the caller's area, fifty a page, active ones first."""
    with runtime.database.read() as session:
        found = accounts.listed(session, scope, q, role, page)
    return {
        "people": [_json(one) for one in found.rows], "total": found.total, "page": found.page,
        "pages": found.pages,
    }  # fmt: skip


@router.post("", summary="新增账号", status_code=201)
def add(runtime: Process, scope: Caller, body: Added) -> dict[str, Any]:
    """A new account; its first password is in this answer and never again."""
    scope.demand(Right.STAFF_MANAGE)
    given = accounts.first_password()
    with runtime.database.write() as session:
        made = accounts.add(
            session, runtime.cipher, scope, body.login, body.name, _place(body), given, body.reason
        )
        return {**_json(accounts.account(session, scope, made.id)), "first_password": given.plain}


@router.get("/{staff_id}", summary="一个账号")
def person(runtime: Process, scope: Caller, staff_id: Person) -> dict[str, Any]:
    """One account of the caller's area."""
    with runtime.database.read() as session:
        return _json(accounts.account(session, scope, staff_id))


@router.post("/{staff_id}/change", summary="变更账号")
def change(runtime: Process, scope: Caller, staff_id: Person, body: Changed) -> dict[str, Any]:
    """Another name, role, area or department; with new rights every session ends."""
    with runtime.database.write() as session:
        accounts.change(
            session, runtime.cipher, scope, staff_id, body.name, _place(body), body.reason
        )
        return _json(accounts.account(session, scope, staff_id))


@router.post("/{staff_id}/password", summary="重置密码")
def password(runtime: Process, scope: Caller, staff_id: Person, body: Why) -> dict[str, Any]:
    """A first password again, in this answer only."""
    scope.demand(Right.STAFF_MANAGE)
    given = accounts.first_password()
    with runtime.database.write() as session:
        accounts.reset_password(session, runtime.cipher, scope, staff_id, given, body.reason)
        found = _json(accounts.account(session, scope, staff_id))
    return {**found, "first_password": given.plain}


def _add_steps() -> None:
    def route(name: str, summary: str) -> None:
        work = STEPS[name]

        @router.post(f"/{{staff_id}}/{name}", summary=summary, name=name)
        def step(runtime: Process, scope: Caller, staff_id: Person, body: Why) -> dict[str, Any]:
            with runtime.database.write() as session:
                work(session, runtime.cipher, scope, staff_id, body.reason)
                return _json(accounts.account(session, scope, staff_id))

    for name, summary in (
        ("stop", "停用账号"), ("restore", "恢复账号"), ("code", "重置两步验证"),
        ("sessions", "结束全部登录"),
    ):  # fmt: skip
        route(name, summary)


_add_steps()


@router.post("/{staff_id}/link", summary="关联统一登录")
def link(runtime: Process, scope: Caller, staff_id: Person, body: Linked) -> dict[str, Any]:
    """This subject of the identity provider is this person."""
    with runtime.database.write() as session:
        identities.link(
            session, runtime.cipher, scope, staff_id, runtime.settings.oidc_issuer, body.subject,
            body.reason,
        )  # fmt: skip
        return _json(accounts.account(session, scope, staff_id))


@router.post("/{staff_id}/unlink", summary="取消关联统一登录")
def unlink(runtime: Process, scope: Caller, staff_id: Person, body: Why) -> dict[str, Any]:
    """The provider opens nothing for this person any more."""
    with runtime.database.write() as session:
        identities.unlink(
            session, runtime.cipher, scope, staff_id, runtime.settings.oidc_issuer, body.reason
        )
        return _json(accounts.account(session, scope, staff_id))


def _place(body: Post) -> Place:
    return Place(body.role, body.area, body.department)


def _json(one: Account) -> dict[str, Any]:
    return {
        "id": one.person.id, "login": one.person.login, "name": one.person.name,
        "role": one.role, "role_name": one.role.word, "area": one.person.area_code,
        "department": one.person.department, "active": one.person.active,
        "second_factor": one.has_code, "sessions": one.sessions,
    }  # fmt: skip
