"""A resident who comes for one programme: asks for it, answers until the verdict, declares it."""

from __future__ import annotations

from typing import Any

from tests.actions.conftest import Chat, records

#: What a household answers when a test does not say otherwise.
PLAIN: dict[str, Any] = {
    "region": "重庆市忠县", "household_size": 3, "monthly_income_total": 900, "hukou": "rural",
    "car": False, "deposit": 0, "receiving": ["dibao"], "age": 40, "disability_level": "无",
    "employed": False, "shock": "none", "medical_expense_self": 0, "care_form": "home",
}  # fmt: skip


def ask_for(chat: Chat, programme: str, text: str = "这个我们能办吗", **facts: Any) -> str:
    """A resident comes for one programme."""
    return chat.say(text, "start_screening", program=programme, **facts)


def settle(chat: Chat, **answers: Any) -> list[str]:
    """Answer until the verdict: what the test says, else 没有. Returns the questions asked."""
    known = {**PLAIN, **answers}
    asked: list[str] = []
    for _ in range(20):
        key = chat.state.asking
        if key in {"offer_declare", "offer_person", None}:
            return asked
        asked.append(key)
        if known.get(key) in (None, []):
            chat.say("没有", "deny")
        else:
            chat.say("是这样", **{key: known[key]})
    raise AssertionError(f"no end: {asked}")


def declare(chat: Chat) -> dict[str, Any]:
    """From the offer to the receipt; the case as staff have it."""
    chat.press("现在申报")
    chat.press("都同意")
    for _ in range(8):
        asking = chat.state.asking
        if asking == "review":
            chat.press("提交")
            break
        reply = {"name": "王桂兰", "phone": "13800138000", "region": "重庆市忠县"}.get(asking or "")
        if reply is None:
            chat.payload('/inform_facts{"unknown":true}')
        else:
            chat.say(reply, **({} if asking == "phone" else {str(asking): reply}))
    assert "回执号WZ" in chat.text
    found: dict[str, Any] = records(chat.runtime)[0]
    return found


def settle_until(chat: Chat, key: str, **answers: Any) -> None:
    """Answer until this is asked."""
    for _ in range(12):
        asking = str(chat.state.asking)
        if asking == key:
            return
        chat.say("是这样", **{asking: {**PLAIN, **answers}[asking]})
    raise AssertionError(chat.state.asking)
