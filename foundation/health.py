"""`/livez`: the process answers. `/readyz`: it can do its work, down to a write in the database.

Readiness tells what is wrong in words for staff; liveness touches nothing, so that a slow database
does not get healthy processes restarted.
"""

import shutil
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from foundation import (
    metrics,  # noqa: F401 - what /metrics shows
    migrate,
)
from foundation.database import Base, Database, DatabaseBusy, new_id
from foundation.logging import get_logger
from foundation.runtime import Runtime

MIN_FREE_BYTES = 200 * 1024 * 1024

# Returns None when all is well, else what is wrong.
Check = Callable[[], str | None]

log = get_logger(__name__)


class WriteProbe(Base):
    """Rows of this table live for one readiness check."""

    __tablename__ = "write_probe"

    id: Mapped[str] = mapped_column(primary_key=True)


def router(runtime: Runtime, checks: Mapping[str, Check] | None = None) -> APIRouter:
    """Routes `/livez`, `/readyz` and `/metrics`; `checks` adds what a process needs besides."""
    all_checks: dict[str, Check] = {
        "database": lambda: database_problem(runtime.database),
        "schema": lambda: schema_problem(runtime.database),
        "disk": lambda: disk_problem(runtime),
        **(checks or {}),
    }
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    def livez() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        problems = {name: problem for name, check in all_checks.items() if (problem := run(check))}
        content: dict[str, Any] = {"status": "ready" if not problems else "not ready"}
        if problems:
            content["problems"] = problems
        return JSONResponse(
            content,
            status_code=503 if problems else 200,
            headers={"Cache-Control": "no-store"} | ({"Retry-After": "5"} if problems else {}),
        )

    @routes.get("/metrics")
    def show_metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes


def run(check: Check) -> str | None:
    """The check's answer; a check that fails counts as a problem of its own."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - readiness must answer whatever a check does
        log.warning("readiness check failed", error=type(error).__name__)
        return f"check failed: {type(error).__name__}"


def database_problem(database: Database) -> str | None:
    """Writes, reads and removes one row."""
    probe = new_id()
    try:
        with database.write() as session:
            session.execute(insert(WriteProbe).values(id=probe))
            count = session.scalar(
                select(func.count()).select_from(WriteProbe).where(WriteProbe.id == probe)
            )
            session.execute(delete(WriteProbe).where(WriteProbe.id == probe))
    except (SQLAlchemyError, DatabaseBusy) as error:
        return f"cannot write: {type(error).__name__}"
    return None if count == 1 else "a written row cannot be read"


def schema_problem(database: Database) -> str | None:
    """Compares the database's revision with the code's."""
    wanted, present = migrate.head(), migrate.current(database)
    if wanted == present:
        return None
    return f"schema is {present or 'empty'}, this version needs {wanted}: run `wenzhu migrate`"


def disk_problem(runtime: Runtime) -> str | None:
    """Room for the data directory to grow."""
    free = shutil.disk_usage(runtime.settings.data_dir).free
    if free >= MIN_FREE_BYTES:
        return None
    return f"only {free // 2**20} MiB free under {runtime.settings.data_dir}"
