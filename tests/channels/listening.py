"""The real dialogue behind the understanding of a trained model."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from actions.turn import Understanding
from devtools.paths import BOT_PYTHON, ROOT
from foundation import clock
from foundation.runtime import Runtime
from tests.channels.engines import DialogueEngine


class Listening(DialogueEngine):
    """The model hears in a process and an environment of its own; what it heard once it keeps."""

    def __init__(self, runtime: Runtime, model: Path) -> None:
        super().__init__(runtime)
        self._heard: dict[str, Understanding] = {}
        self._model = subprocess.Popen(
            [str(BOT_PYTHON), "-u", "-m", "benchmarks.heard", str(model)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def recognise(self, message: str, asking: str | None) -> Understanding:
        assert self._model.stdin is not None
        assert self._model.stdout is not None
        row = {"text": message, "today": clock.today().isoformat(), "asking": asking}
        line = json.dumps(row)
        if line not in self._heard:
            self._model.stdin.write(line + "\n")
            self._model.stdin.flush()
            heard = json.loads(self._model.stdout.readline())
            self._heard[line] = Understanding(
                heard["intent"], message, heard["entities"], heard["secondary"], heard["confidence"]
            )
        return self._heard[line]

    def close(self) -> None:
        self._model.communicate(timeout=60)
