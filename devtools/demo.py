"""`make demo`: one invented resident talks to the running system; then the caseworker's view."""

from __future__ import annotations

import httpx2 as httpx
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from devtools.talk import Resident, play, temporary_token
from foundation.runtime import Runtime

console = Console()

# An invented resident; the phone number is from the range operators use for examples.
SCRIPT = {
    "turns": [
        "你好",
        "低保一个月好多钱",
        "我在重庆忠县拔山镇，屋头四口人，就我打零工一个月两千，娃儿读小学",
        "农村户口，没得车也没得存款",
        "我想申请",
        "我叫田桂香",
        "13900000000",
    ],
    "answer_bank": {
        "disability": "没得残疾",
        "disease": "我妈有高血压",
        "receiving": "啥子都没领过",
    },
}


def show(runtime: Runtime) -> None:
    """Play the conversation and print the case. Raises `OSError` when nothing is running."""
    settings = runtime.settings
    with httpx.Client(timeout=30) as client:
        resident = Resident(f"http://127.0.0.1:{settings.channels_port}", client)
        try:
            play(resident, SCRIPT)
        except httpx.ConnectError as problem:
            raise OSError(str(problem)) from None
        for entry in resident.transcript:
            who = "居民" if entry["from"] == "resident" else "问助"
            style = "cyan" if who == "居民" else "white"
            console.print(Panel(entry["text"], title=who, title_align="left", border_style=style))
        token = temporary_token(runtime)
        answer = client.get(
            f"http://127.0.0.1:{settings.api_port}/api/cases",
            params={"conversation_id": resident.conversation_id},
            headers={"Authorization": f"Bearer {token}"},
        )
        answer.raise_for_status()
        for case in answer.json()["cases"]:
            _print_case(case)


def _print_case(case: dict) -> None:  # type: ignore[type-arg]
    table = Table(title=f"工作台上的案件 {case['receipt']}（{case['status_word']}）")
    table.add_column("项目")
    table.add_column("内容")
    for key, value in case["facts"].items():
        table.add_row(key, str(value))
    for lead in case["leads"]:
        table.add_row("线索", f"{lead['department_name']} · {lead['area']} · {lead['due_at']}")
    console.print(table)
