"""What the trained model hears in each message, as Rasa hands it to the dialogue.

Runs in the environment of the model: `bot/.venv/bin/python -m benchmarks.heard MODEL`, JSON lines
`{text, today, asking?}` in, `{intent, entities, secondary, confidence}` out.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from bot.understand import load_archive

#: As in `bot.components.understanding.component`: less sure than this and no fact is no intent.
FALLBACK = 0.22


def main(arguments: list[str] | None = None) -> int:
    """Command line entry."""
    (model,) = sys.argv[1:] if arguments is None else arguments
    understander = load_archive(Path(model))
    for line in sys.stdin:
        row = json.loads(line)
        today = date.fromisoformat(row["today"])
        result = understander.parse(row["text"], row.get("asking"), today)
        lost = result.confidence < FALLBACK and not result.facts
        heard = {
            "intent": "nlu_fallback" if lost else result.label,
            "entities": result.entities,
            "secondary": [one["name"] for one in result.secondary],
            "confidence": round(float(result.confidence), 4),
        }
        print(json.dumps(heard, ensure_ascii=False, default=str))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
