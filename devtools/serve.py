"""`python -m devtools.serve actions|channels|api|dispatcher`: one of our own processes."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from foundation.logging import configure
from foundation.runtime import Runtime
from foundation.settings import complaint


def _actions(runtime: Runtime) -> tuple[FastAPI, str, int]:
    from actions.server import create_app

    return create_app(runtime), "127.0.0.1", runtime.settings.actions_port


def _channels(runtime: Runtime) -> tuple[FastAPI, str, int]:
    from channels.app import create_app

    return create_app(runtime), runtime.settings.channels_host, runtime.settings.channels_port


def _api(runtime: Runtime) -> tuple[FastAPI, str, int]:
    from api.app import create_app

    return create_app(runtime), runtime.settings.api_host, runtime.settings.api_port


SERVERS: dict[str, Callable[[Runtime], tuple[FastAPI, str, int]]] = {
    "actions": _actions,
    "channels": _channels,
    "api": _api,
}


def main() -> None:
    """Serve until told to stop; uvicorn's own access log is off, it would repeat paths with ids."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in SERVERS:
        sys.exit(f"不认识的进程“{name}”，可用的有：{'、'.join(SERVERS)}")
    configure(name)
    try:
        runtime = Runtime.open()
    except ValidationError as problem:
        sys.exit(f"设置不对：{complaint(problem)}")
    app, host, port = SERVERS[name](runtime)
    # What starting made stays. Looking through it again and again for what could be freed held up
    # one request in a hundred by 0.12 to 0.2 s.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app, host=host, port=port, access_log=False, log_config=None, timeout_graceful_shutdown=5
    )


if __name__ == "__main__":
    main()
