"""The public web application: chat, Telegram webhook, health, metrics."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from channels import faults, webchat
from channels.dispatcher import Dispatcher, Sender
from channels.gateway import Gateway
from channels.limits import AddressLimiter
from channels.pages import STATIC
from channels.protection import BodyLimit, SecurityHeaders
from channels.rasa_client import RasaClient
from channels.watch import Watcher
from foundation import health
from foundation.logging import get_logger
from foundation.runtime import Runtime

if TYPE_CHECKING:
    from channels import telegram

log = get_logger("channels.app")
MAX_BODY_BYTES = 64 * 1024


def create_app(runtime: Runtime) -> FastAPI:
    """Wire the gateway, the web chat, Telegram (if on) and the dispatcher together."""
    settings = runtime.settings
    engine = RasaClient(settings.rasa_url, settings.rasa_token, settings.rasa_timeout_seconds)
    watcher = Watcher(runtime)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        senders: dict[str, Sender] = {}

        def wake(conversation_id: str) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(watcher.wake, conversation_id)
                loop.call_soon_threadsafe(dispatcher.nudge)

        gateway = Gateway(runtime, engine, wake)
        dispatcher = Dispatcher(runtime, gateway, senders)
        app.state.gateway = gateway
        async with contextlib.AsyncExitStack() as stack:
            tasks = [asyncio.create_task(watcher.run())]
            if settings.telegram_mode != "off":
                updates, senders["telegram"] = await _telegram(stack, runtime, gateway)
                app.state.telegram = updates
                tasks.append(asyncio.create_task(updates.run()))
            tasks.append(asyncio.create_task(dispatcher.run()))
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        engine.close()

    app = FastAPI(title="问助 · 居民入口", version="1", lifespan=lifespan, redoc_url=None)
    app.state.limiter = AddressLimiter(settings)
    app.state.watcher = watcher
    app.add_middleware(BodyLimit, limit_bytes=MAX_BODY_BYTES)
    app.add_middleware(faults.Faults)
    app.add_middleware(SecurityHeaders, widget_origins=settings.widget_origins)
    faults.install(app, webchat.problem_page)
    app.include_router(webchat.router)
    app.include_router(webchat.page_router)
    if settings.telegram_mode != "off":
        from channels import telegram

        app.include_router(telegram.router)
    app.include_router(health.router(runtime))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


async def _telegram(
    stack: contextlib.AsyncExitStack, runtime: Runtime, gateway: Gateway
) -> tuple[telegram.Updates, Sender]:
    """Receiver and sender, closed with `stack`."""
    # The library is loaded only where it is used: it is a seventh of the CPU a start imports with.
    from channels import telegram, telegram_api

    bot = await stack.enter_async_context(telegram_api.connect(runtime.settings))
    updates = telegram.Updates(runtime, gateway, bot)
    stack.push_async_callback(updates.close)
    return updates, telegram_api.TelegramSender(bot)
