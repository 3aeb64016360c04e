"""What a start does not load, and what is not looked through while residents wait."""

import os
import subprocess
import sys
from pathlib import Path

FREEZES = """
import gc, sys, uvicorn
from devtools import serve
uvicorn.run = lambda app, **_: sys.exit(0 if gc.get_freeze_count() > 50_000 else 1)
sys.argv = ["serve", "channels"]
serve.main()
"""


def test_without_telegram_its_library_is_not_loaded() -> None:
    look = "import sys, channels.app; sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_what_starting_made_is_left_alone_by_the_collector(tmp_path: Path) -> None:
    environment = os.environ | {"WENZHU_DATA_DIR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", FREEZES], check=False, env=environment)
    assert ran.returncode == 0
