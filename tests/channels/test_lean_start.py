"""What a start without Telegram does not load."""

import subprocess
import sys


def test_without_telegram_its_library_is_not_loaded() -> None:
    look = "import sys, channels.app; sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
