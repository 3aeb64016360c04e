"""Probe every address with objects of another county and with junk, as every role and as nobody.

    python -m benchmarks.probes [--probes 25000] [--seed 1] [--out FILE]

Stops at the first answer that is a 5xx, shows anything of the other county, or tells a foreign
object from one that never was (`tests.api.probing`).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from api.app import create_app
from foundation.migrate import upgrade
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.api.probing import Probes


def main() -> None:
    """Run and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probes", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wenzhu-probes-") as folder:
        url = f"sqlite:///{Path(folder) / 'wenzhu.db'}"
        upgrade(url)
        runtime = Runtime.open(Settings(_env_file=None, data_dir=Path(folder), database_url=url))
        probes = Probes(runtime, create_app(runtime, sweeping=False))
        started = time.perf_counter()
        probes.run(given.probes, given.seed)
        report = {
            "command": f"python -m benchmarks.probes --probes {given.probes} --seed {given.seed}",
            "on": date.today().isoformat(),  # noqa: DTZ011
            "probes": probes.asked,
            "addresses": len(probes.addresses),
            "address_and_role": len(probes.answers),
            "answers_to_foreign": Counter(
                str(seen["foreign"][0]) for seen in probes.answers.values()
            ),
            "seconds": round(time.perf_counter() - started),
        }
        runtime.close()
    text = json.dumps(report, ensure_ascii=False, indent=1)
    if given.out is not None:
        given.out.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
