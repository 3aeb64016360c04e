"""Where things lie in a checkout."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"
BOT_PYTHON = BOT / ".venv" / "bin" / "python"
MODELS = BOT / "models"
PYTHON = Path(sys.executable)


def uv() -> str:
    """The machine's `uv`, else the one `devtools/bootstrap.sh` brings."""
    return shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
