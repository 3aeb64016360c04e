"""JSON log lines from structlog and the standard library alike, every one redacted.

A message is a constant; what varies goes into attributes, which are ids, enums and counts. The
resident's own words stay in the conversation store.
"""

import logging
import sys
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from foundation.redaction import redact_value

# These repeat what our own records say, at one line a request.
_QUIET = ("httpx", "httpx2", "httpcore", "httpcore2", "uvicorn.access", "telegram", "jieba")


def configure(process: str, *, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all records of this process to `stream` (stderr) as JSON lines marked `process`.

    May be called again; the last call wins. Third-party loggers pass through the same redaction.
    """

    def add_process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_process,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact_event,  # after the traceback has become text
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The structlog processor that blots out personal numbers, in keys and values."""
    return cast("EventDict", redact_value(event))


def get_logger(name: str, **bound: Any) -> structlog.stdlib.BoundLogger:
    """A logger; `bound` attributes go onto each of its records."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name, **bound))
