"""What a script expects of its talk, and where the talk fell short. Pure.

Keys of `expect`, each optional:

`bot_says`, `bot_never_says`: words that are, or are not, somewhere in what the bot said.
`cases`: how many cases there are afterwards; one where the keys below are used without it.
`programme`, `urgency`, `kind`, `region`: of the newest case; the region is the beginning of a code.
`facts`: values the newest case holds; null for a fact it must not hold.
`departments`: those that got a lead, others may have one too.
`messages`: how many messages the resident may need, pressed buttons included.
"""

from __future__ import annotations

import re
from typing import Any

_RECEIPT = re.compile(r"WZ\d{12}")
OF_A_CASE = frozenset({"programme", "facts", "departments", "urgency", "kind", "region"})


def shortfalls(
    expect: dict[str, Any], transcript: list[dict[str, Any]], cases: list[dict[str, Any]]
) -> list[str]:
    """One line for everything that is not as expected. `cases` as the staff API shows them."""
    said = "\n".join(entry["text"] for entry in transcript if entry["from"] == "bot")
    sent = sum(entry["from"] == "resident" for entry in transcript)
    found = [f"没有说：{words}" for words in expect.get("bot_says", ()) if words not in said]
    plain = _RECEIPT.sub("WZ", said)  # of a hundred receipts one holds 119
    found += [f"说了：{words}" for words in expect.get("bot_never_says", ()) if words in plain]
    if sent > expect.get("messages", sent):
        found.append(f"说了{sent}句，最多{expect['messages']}句")
    wanted = expect.get("cases", 1 if OF_A_CASE & set(expect) else None)
    if wanted is not None and len(cases) != wanted:
        found.append(f"登记了{len(cases)}件，应该{wanted}件")
    if cases and OF_A_CASE & set(expect):
        found += _of_the_case(expect, max(cases, key=_filed_at))
    return found


def _filed_at(case: dict[str, Any]) -> str:
    """When its first event happened; the API lists what is urgent and due first."""
    return min((str(event["at"]) for event in case.get("events", ())), default="")


def _of_the_case(expect: dict[str, Any], case: dict[str, Any]) -> list[str]:
    found = [
        f"{key}：{case['facts'].get(key)!r}，应该{value!r}"
        for key, value in expect.get("facts", {}).items()
        if case["facts"].get(key) != value
    ]
    if expect.get("programme", case["programmes"]) not in (case["programmes"], *case["programmes"]):
        found.append(f"项目：{case['programmes']}，应该有{expect['programme']}")
    found += [
        f"{key}：{case[key]}，应该{expect[key]}"
        for key in ("urgency", "kind")
        if case[key] != expect.get(key, case[key])
    ]
    if not str(case["region_code"]).startswith(str(expect.get("region", ""))):
        found.append(f"地区：{case['region_code']}，应该{expect['region']}")
    missing = set(expect.get("departments", ())) - {lead["department"] for lead in case["leads"]}
    return found + [f"没有转给：{department}" for department in sorted(missing)]
