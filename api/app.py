"""The staff application: JSON API, console, health. Bind it to the inner network only."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from cases.sweep import sweep
from foundation import health
from foundation.logging import get_logger
from foundation.runtime import Runtime

from . import (
    access_api,
    case_reads_api,
    cases_api,
    desk_api,
    desk_reads_api,
    edge,
    faults,
    grants_api,
    oidc_logout,
    people_api,
    routing_api,
    screenings_api,
    steps_api,
    webhooks_api,
)
from .console import atlas_pages, draft_pages, payment_pages, report_pages, screening_pages
from .console import routes as console
from .oidc import Provider
from .webhook_sender import Sender

log = get_logger(__name__)
SWEEP_SECONDS = 60


def create_app(runtime: Runtime, *, sweeping: bool = True) -> FastAPI:
    """The application over an open runtime; `sweeping` runs reminders, repairs and webhooks too."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks: list[asyncio.Task[None]] = []
        if sweeping:
            tasks.append(asyncio.create_task(_sweep_forever(runtime)))
            tasks.append(asyncio.create_task(Sender(runtime).run()))
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    app = FastAPI(
        title="问助 · 工作台接口",
        version="1",
        description="服务用令牌访问；范围之外的案件一律 404。",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.runtime = runtime
    app.state.oidc = Provider(runtime.settings) if runtime.settings.oidc_issuer else None
    app.include_router(cases_api.router)
    app.include_router(case_reads_api.router)
    app.include_router(desk_api.router)
    app.include_router(desk_reads_api.router)
    app.include_router(steps_api.router)
    app.include_router(grants_api.router)
    app.include_router(people_api.router)
    app.include_router(routing_api.router)
    app.include_router(access_api.router)
    app.include_router(webhooks_api.router)
    app.include_router(screenings_api.router)
    app.include_router(screening_pages.router)
    app.include_router(atlas_pages.router)
    app.include_router(report_pages.router)
    app.include_router(payment_pages.router)
    app.include_router(draft_pages.router)
    app.include_router(oidc_logout.router)
    app.include_router(health.router(runtime))
    console.install(app)
    faults.install(app, console.fault_page)
    app.middleware("http")(edge.guard)
    app.add_middleware(edge.PublishedFigures, runtime.database)
    app.add_middleware(edge.BodyCap)

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse("/console", 303)

    return app


async def _sweep_forever(runtime: Runtime) -> None:
    while True:
        try:
            await asyncio.to_thread(sweep, runtime.database, runtime.cipher)
        except Exception as error:  # noqa: BLE001 - the next round must come whatever this one met
            log.error("sweep failed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
