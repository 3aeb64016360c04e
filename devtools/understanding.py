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

from channels.asking import neutralised
from conversations import personal_numbers
from devtools import training
from devtools.json_lines import lines_of, read_objects
from devtools.paths import BOT_PYTHON, ROOT
from foundation.settings import get_settings
from foundation.text import BadText, clean

# Somebody who types a token must not get one.
_NO_TOKENS = str.maketrans("⟦⟧", "〔〕")


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


def _as_the_chat(typed: str) -> str:
    """The text as the gateway hands it on. Raises BadText for what the chat would not take."""
    return neutralised(clean(typed).translate(_NO_TOKENS))


def as_the_model_sees(typed: str) -> tuple[str, dict[str, str]]:
    """What the gateway would hand the language model, and the value behind each token.

    Raises BadText for what the chat would not take.
    """
    return tokenise(_as_the_chat(typed))


def understand(
    messages: Iterable[dict[str, Any]], model: Path | None = None
) -> list[dict[str, Any]]:
    """`{id, text[, asking]}` → `{id, label, program, facts}` with `model` or the current one.

    What the chat would refuse (empty, too long) is not understood, and `refused` says why. Trains
    first when the model is older than its inputs. Raises `RuntimeError`, `TrainingFailed`.
    """
    results: list[dict[str, Any] | None] = []
    hidden: list[dict[str, str]] = []
    lines: list[str] = []
    for message in messages:
        try:
            text, values = as_the_model_sees(message["text"])
        except BadText as problem:
            refusal = {"label": "nlu_fallback", "program": "none", "facts": {}}
            results.append({"id": message["id"], **refusal, "refused": problem.reason_zh})
            continue
        results.append(None)
        hidden.append(values)
        lines.append(json.dumps({**message, "text": text}))
    read = iter(_ask_model(lines, hidden, model) if lines else [])
    return [result if result is not None else next(read) for result in results]


def _ask_model(
    lines: list[str], hidden: list[dict[str, str]], model: Path | None
) -> list[dict[str, Any]]:
    """One result for each line, with the numbers put back."""
    model = model or get_settings().model_file or training.train()
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "bot.understand", "--model", str(model)],
        cwd=ROOT,
        input="\n".join(lines) + "\n",
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise RuntimeError(f"语言模型没有给出结果：{done.stderr.strip()[-300:]}")
    # not splitlines(): a text may hold other line ends than ours
    results = [json.loads(line) for line in done.stdout.split("\n") if line.strip()]
    for result, values in zip(results, hidden, strict=True):
        result["facts"] = _reveal(result.get("facts") or {}, values)
    return results


def read_messages(source: Path) -> list[dict[str, Any]]:
    """The messages of a JSON-lines file. Raises ValueError naming the line that is none."""
    return [_message(line, number) for number, line in read_objects(source, "{id, text}")]


def _message(message: dict[str, Any], number: int) -> dict[str, Any]:
    asking = message.get("asking")
    if not isinstance(message.get("text"), str):
        raise ValueError(f"第 {number} 行的 text 应该是文字")
    if asking is not None and not isinstance(asking, str):
        raise ValueError(f"第 {number} 行的 asking 应该是文字，或者不写")
    return message


def understand_file(source: Path, target: Path) -> int:
    """Read and write JSON lines; return how many messages were read."""
    results = understand(read_messages(source))
    target.write_text(lines_of(results), "utf-8")
    return len(results)
