import asyncio
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot import patches, privacy


@pytest.mark.parametrize("patch", patches.PATCHES, ids=lambda p: p[1])
def test_the_patch_is_in_place(patch: tuple[Any, str, Any, str]) -> None:
    owner, name, replacement, _ = patch
    assert getattr(owner, name) is getattr(replacement, "__func__", replacement)


@pytest.mark.parametrize("position", range(len(patches.PATCHES)))
def test_changed_source_is_noticed(position: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an update of Rasa would look like: the source no longer has the recorded hash."""

    class Other:
        def function(self) -> str:
            return "other source"

    changed = list(patches.PATCHES)
    changed[position] = (Other, "function", None, changed[position][3])
    monkeypatch.setattr(patches, "PATCHES", changed[position : position + 1])
    monkeypatch.setattr(patches, "_applied", False)
    with pytest.raises(patches.PatchMismatch):
        patches.apply()


def test_the_installed_source_is_the_recorded_one() -> None:
    """In a fresh interpreter, where nothing is patched yet."""
    import subprocess
    import sys

    code = (
        "from bot import shim; shim.install()\n"
        "from bot import patches as p\n"
        "assert all(p.source_hash(getattr(o, n)) == h for o, n, _, h in p.PATCHES)\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=60)


GOOD = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "好"}]}


def action(**options: Any) -> RemoteAction:
    return RemoteAction("action_x", EndpointConfig("http://127.0.0.1:1/webhook", **options))


def test_the_cached_validator_accepts_and_refuses_as_before() -> None:
    assert action()._validate_action_result(GOOD)
    for bad in ({"events": {}}, {"responses": "x"}, [], {"events": [{"event": "slot"}]}):
        with pytest.raises(jsonschema.ValidationError):
            action()._validate_action_result(bad)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, RemoteAction.action_response_format_spec())


def test_event_types_resolve_as_before() -> None:
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("user") is UserUttered
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("none of ours", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="none of ours"):
        Event.resolve_by_type("none of ours")


class Domain:
    def does_custom_action_explicitly_need_domain(self, _: str) -> bool:
        return False


async def test_an_unreachable_action_server_fails_the_turn() -> None:
    from rasa.shared.core.trackers import DialogueStateTracker

    tracker = DialogueStateTracker("s", [])
    with privacy.turn(), pytest.raises(patches.TurnFailed) as failure:
        await action(enable_selective_domain=True).run(None, None, tracker, Domain())
    assert failure.value.code == "action_failed"
    assert failure.value.__cause__ is None


async def test_a_slow_action_server_fails_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any) -> list[Event]:
        await asyncio.sleep(30)
        return []

    monkeypatch.setattr(patches, "_original_run", never)
    with privacy.turn(), pytest.raises(patches.TurnFailed) as failure:
        await action(timeout_seconds=0.05).run(None, None, None, None)
    assert failure.value.code == "action_timeout"


async def test_outside_the_gateway_a_failure_is_an_ordinary_exception() -> None:
    with pytest.raises(RasaException, match="placeholder_missing"):
        interpolate("{a}", other=1)


def test_turn_failed_passes_rasas_own_except_clause() -> None:
    assert not issubclass(patches.TurnFailed, Exception)


def interpolate(text: str, **values: Any) -> str:
    from rasa.core.nlg import interpolator

    return str(interpolator.interpolate(text, values))


def test_placeholders_are_filled_in_one_pass() -> None:
    assert interpolate("{a}和{b}", a="{b}", b=3) == "{b}和3"
    assert interpolate("写着{a}", a="10[0[") == "写着10[0["


def test_json_in_a_button_is_not_a_placeholder() -> None:
    payload = '/inform_facts{"unknown":true,"household_size":{"low":3}}'
    assert interpolate(payload, a="x") == payload


@pytest.mark.parametrize("values", [{}, {"a": None}])
def test_a_missing_value_fails_the_turn_and_is_never_shown(values: dict[str, Any]) -> None:
    with privacy.turn(), pytest.raises(patches.TurnFailed) as failure:
        interpolate("人均{a}元", other=1, **values)
    assert failure.value.code == "placeholder_missing"


async def test_a_response_that_is_not_in_the_domain_fails_the_turn() -> None:
    class Nothing:
        async def generate(self, *_: Any, **__: Any) -> None:
            return None

    with privacy.turn(), pytest.raises(patches.TurnFailed) as failure:
        await patches.FailingLoudly(Nothing()).generate("utter_gone")
    assert failure.value.code == "response_missing"
