"""Key files by hand: `python -m foundation new-keys FILE` and `… rotate-keys FILE`."""

import argparse
import sys
from pathlib import Path

from foundation.crypto import KeyFileError, new_keys, rotate_key_file, write_key_file


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status; never overwrites a key file."""
    parser = argparse.ArgumentParser(prog="python -m foundation", description=__doc__)
    parser.add_argument("command", choices=["new-keys", "rotate-keys"])
    parser.add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.command == "rotate-keys":
        try:
            keys = rotate_key_file(chosen.file)
        except KeyFileError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{chosen.file}: {keys.current} 现在用于加密；请重启各进程。")
        return 0
    if chosen.file.exists():
        print(f"{chosen.file} 已存在，没有改动。", file=sys.stderr)
        return 1
    write_key_file(chosen.file, new_keys())
    print(f"{chosen.file} 已生成（仅本用户可读）。请离线备份：丢了它，数据就打不开。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
