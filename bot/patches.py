"""The changes this bot makes to Rasa 3.6.21 in memory, each with its reason.

Every patch names the function it replaces and the SHA-256 of that function's source. `apply()`
raises `PatchMismatch` when the source is another one, so an update of Rasa cannot slip through.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import re
from collections.abc import Callable
from typing import Any, NoReturn

import jsonschema
import rasa.core.actions.action as actions
import rasa.core.nlg.interpolator as interpolator
import rasa.utils.log_utils as log_utils
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.common import all_subclasses

from bot import privacy

#: Seconds for one call of the action server, unless endpoints.yml says otherwise. Rasa allows 300.
ACTION_TIMEOUT = 5.0


class PatchMismatch(RuntimeError):
    """Rasa's source differs from the one a patch was written for."""


class TurnFailed(BaseException):
    """A turn cannot be finished; `GatewayInput` answers HTTP 500.

    Rasa catches every `Exception` of an action, goes on as if the action had said nothing, and
    saves the half turn. Deriving from `BaseException` carries the failure past that `except`:
    the tracker is not saved, so that the gateway's retry starts from the turn before.
    `code` is one of action_failed, action_timeout, too_many_actions, response_missing,
    placeholder_missing.
    """

    def __init__(self, code: str, action: str, cause: str) -> None:
        super().__init__(f"{code}: {action}: {cause}")
        self.code = code
        self.action = action


def fail(code: str, action: str, cause: str) -> NoReturn:
    """Raise TurnFailed; in `shell` and `test`, where nobody catches it, an ordinary exception."""
    failure = TurnFailed(code, action, cause)
    if privacy.in_turn():
        raise failure from None
    raise RasaException(str(failure)) from None


def source_hash(function: Callable[..., Any]) -> str:
    """SHA-256 of the source text of a function, as installed."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()


# Rasa checks the response schema itself against its meta-schema on every reply: most of a turn.
_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = jsonschema.validators.validator_for(_SCHEMA)(_SCHEMA)


def validate_action_result(self: RemoteAction, result: Any) -> bool:
    """As Rasa's, with the validator built once. Raises jsonschema.ValidationError."""
    error = jsonschema.exceptions.best_match(_VALIDATOR.iter_errors(result))
    if error is not None:
        raise error
    return True


_EVENT_TYPES: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """As Rasa's, which walks all subclasses for every event of every turn."""
    if type_name not in _EVENT_TYPES:
        for subclass in all_subclasses(Event):
            _EVENT_TYPES.setdefault(subclass.type_name, subclass)
    found = _EVENT_TYPES.get(type_name)
    if found is not None:
        return found
    if type_name == "topic":
        return None
    if default is not None:
        return default
    raise ValueError(f"Unknown event name '{type_name}'.")


_original_run = RemoteAction.run


async def run_remote_action(
    self: RemoteAction, output_channel: Any, nlg: Any, tracker: Any, domain: Any
) -> list[Event]:
    """Rasa's call of the action server, with our time limit, and failing loudly.

    Raises TurnFailed without the original exception: its text repeats the server's reply, which
    may repeat the whole conversation. A rejection (HTTP 400) keeps its meaning.
    """
    options = self.action_endpoint.kwargs if self.action_endpoint else {}
    limit = float(options.get("timeout_seconds", ACTION_TIMEOUT))
    strict = FailingLoudly(nlg)
    try:
        async with asyncio.timeout(limit):
            return await _original_run(self, output_channel, strict, tracker, domain)
    except ActionExecutionRejection:
        raise
    except TimeoutError:
        fail("action_timeout", self.name(), f"no answer in {limit:g} s")
    except Exception as error:
        fail("action_failed", self.name(), type(error).__name__)


class FailingLoudly:
    """A response generator that never lets a missing response pass as silence."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def generate(self, utter_action: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Rasa's. Raises TurnFailed when the domain has no such response."""
        draft: dict[str, Any] | None = await self._inner.generate(utter_action, *args, **kwargs)
        if draft is None:
            fail("response_missing", utter_action, "not in the domain")
        return draft


# A value that itself contains `0[` makes Rasa's version fail, `None` is printed as "None", the
# braces of a button's JSON payload count as placeholders, and a missing value shows `{name}`.
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def interpolate_text(response: str, values: dict[str, Any]) -> str:
    """Fill `{name}` placeholders in one pass; every other brace stays as it is.

    Raises TurnFailed when a value is missing or None: a resident must never read `{name}`.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if values.get(name) is None:
            fail("placeholder_missing", name, "no value given for a response")
        return str(values[name])

    return _PLACEHOLDER.sub(value, response)


#: (owner, attribute, replacement, SHA-256 of the source it was written for)
PATCHES: list[tuple[Any, str, Any, str]] = [
    (
        RemoteAction,
        "_validate_action_result",
        validate_action_result,
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42",
    ),
    (
        Event,
        "resolve_by_type",
        staticmethod(resolve_by_type),
        "b5cf570fa7f286c7059ec73d8880528d03a78b28cf4e80285a46079c0fa65968",
    ),
    (
        RemoteAction,
        "run",
        run_remote_action,
        "ccabf6f1160d527a157fad5bd285ce69e8221b1bcad23f8a61499b4360a1c17e",
    ),
    (
        interpolator,
        "interpolate_text",
        interpolate_text,
        "103660b426d1753bbd27c22731142b9cdc40c09c9166694ff19dfeca9e2802fc",
    ),
    (
        log_utils,
        "_anonymizer",
        privacy.redact,
        "4820873159dbcd5a850fd84f9b0c7d94605d8e74bc8c26c30eef58f0acb7298c",
    ),
]
_applied = False


def apply() -> None:
    """Replace the functions, once. Raises PatchMismatch before changing anything."""
    global _applied
    if _applied:
        return
    for owner, name, _, expected in PATCHES:
        if source_hash(getattr(owner, name)) != expected:
            raise PatchMismatch(
                f"{owner.__name__}.{name} is not the one this patch was written for"
            )
    for owner, name, replacement, _ in PATCHES:
        setattr(owner, name, replacement)
    # aiohttp's own limit, behind ours, for a session that hangs while it closes.
    actions.DEFAULT_REQUEST_TIMEOUT = 30
    _applied = True
