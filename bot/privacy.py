"""What a resident writes stays out of the server's output, whatever Rasa would like to print.

Three ways lead from a message into the log, each closed here: Rasa's structured records (their
values and the local variables of their tracebacks), Python warnings that quote the message, and
the text of an exception. Start-up is not touched: outside a turn everything is printed in full.
"""

from __future__ import annotations

import logging
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

log = logging.getLogger("bot.privacy")

_in_turn: ContextVar[bool] = ContextVar("in_turn", default=False)

REDACTED = "[redacted]"
#: Keys of Rasa's structured log records that hold what a resident wrote or what was understood.
PRIVATE_KEYS = {
    "text",
    "response_text",
    "user_text",
    "slot_values",
    "parse_data_text",
    "parse_data_entities",
    "prediction_events",
    "tracker_latest_message",
    "prefilled_slots",
    "message",
    "response",
    "slot_candidates",
    "rasa_event",
    "rasa_events",
    "tracker_states",
    "current_states",
    "old_states",
    "successes",
    "current_entity",
    "next_entity",
    "states",
    "entity",
    "token_text",
    "user_message",
    "json_message",
}


@contextmanager
def turn() -> Iterator[None]:
    """Everything inside is about one resident's message; also in tasks started inside."""
    token = _in_turn.set(True)
    try:
        yield
    finally:
        _in_turn.reset(token)


def in_turn() -> bool:
    """Whether the gateway is having a message answered (not so in `shell` and `test`)."""
    return _in_turn.get()


def where(error: BaseException) -> str:
    """The type of an error and its call stack, innermost first, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = (f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {' < '.join(places)}"


def redact(_logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor in place of Rasa's anonymiser, which needs the paid plug-in."""
    if not _in_turn.get():
        return event
    for key in PRIVATE_KEYS & event.keys():
        event[key] = REDACTED
    if method == "exception" or event.get("exc_info"):
        event["exc_info"] = False  # else structlog adds the local variables of every frame
    return event


class _WithoutValues(logging.Filter):
    """Keeps the place of an exception and drops its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _in_turn.get() and record.exc_info:
            error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
            record.msg = f"{record.msg} [{where(error) if error else 'exception'}]"
            record.exc_info = record.exc_text = None
        return True


def guard() -> None:
    """Put the guards on Python's warnings and on the handlers of the root logger."""
    show = warnings.showwarning

    def showwarning(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: Any
    ) -> None:
        if _in_turn.get():
            log.warning("%s at %s:%s", category.__name__, filename.rsplit("/", 1)[-1], lineno)
        else:
            show(message, category, filename, lineno, *rest)

    warnings.showwarning = showwarning  # type: ignore[assignment]
    for handler in logging.getLogger().handlers:
        handler.addFilter(_WithoutValues())
