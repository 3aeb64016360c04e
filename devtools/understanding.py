"""`wenzhu understand`: the same reading of a message that the web chat uses, for files.

Personal numbers are replaced by tokens before the language model sees the text, exactly as the
gateway does it, and put back into the facts afterwards.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from conversations import personal_numbers
from devtools import training
from devtools.paths import BOT_PYTHON, ROOT
from foundation.settings import get_settings

FACT_OF_KIND = {"PHONE": "phone", "ID": "id_number", "CARD": "bank_card"}


def tokenise(text: str) -> tuple[str, dict[str, str]]:
    """Return the text with `⟦KIND:n⟧` tokens, and the value behind each token."""
    values: dict[str, str] = {}
    pieces: list[str] = []
    end = 0
    for number, found in enumerate(personal_numbers.find(text)):
        token = f"⟦{found.kind}:{number:04x}⟧"
        values[token] = found.value
        pieces += [text[end : found.start], token]
        end = found.end
    return "".join([*pieces, text[end:]]), values


def _reveal(facts: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    return {
        key: values.get(value, value) if isinstance(value, str) else value
        for key, value in facts.items()
        if not (isinstance(value, str) and value.startswith("⟦NUM"))
    }


def understand(messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """`{id, text[, asking]}` → `{id, label, program, facts}` with the current model.

    Trains first when the model is older than its inputs. Raises `RuntimeError`, `TrainingFailed`.
    """
    model = get_settings().model_file or training.train()
    hidden: list[dict[str, str]] = []
    lines: list[str] = []
    for message in messages:
        text, values = tokenise(str(message["text"]))
        hidden.append(values)
        lines.append(json.dumps({**message, "text": text}, ensure_ascii=False))
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "bot.understand", "--model", str(model)],
        cwd=ROOT,
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"语言模型没有给出结果：{done.stderr.strip()[-300:]}")
    results = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
    for result, values in zip(results, hidden, strict=True):
        result["facts"] = _reveal(result.get("facts") or {}, values)
    return results


def understand_file(source: Path, target: Path) -> int:
    """Read and write JSON lines; return how many messages were read."""
    messages = [json.loads(line) for line in source.read_text("utf-8").splitlines() if line.strip()]
    results = understand(messages)
    target.write_text(
        "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results), "utf-8"
    )
    return len(results)
