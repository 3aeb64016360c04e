"""300 frozen questions of residents, from the message to the answer, and what is wrong with each.

    python -m benchmarks.answers [--out benchmarks/results/answers.json] [--show]

Each message goes through the trained model and one turn of the dialogue on a database of its own;
`content` judges the same answers with the right question and programme given. The day stands
still, so that the figures that have to be in an answer are those of one day.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from actions import turns
from actions.state import Fact, State
from actions.turn import Understanding
from actions.wording import words
from conversations import dialogue, identity
from devtools import training
from devtools.paths import BOT_PYTHON, ROOT
from foundation import clock, migrate
from foundation.database import new_id
from foundation.runtime import Runtime
from foundation.settings import Settings, get_settings
from knowledge import answers, figures
from rules.parameters import default_store

HERE = Path(__file__).parent
QUESTIONS = HERE / "answers" / "questions.jsonl"
RESULT = HERE / "results" / "answers.json"
#: The day all figures are asked for.
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LONGEST_SENTENCE, LONGEST_MESSAGE = 60, 300
#: Numbers an answer may carry without a parameter: telephones.
PHONES = frozenset(
    {"12338", "12345", "12348", "12356", "12393", "12333", "12385", "110", "119", "120"}
)
#: What no answer may ever say.
NEVER = ("您符合", "一定能拿到", "肯定能批", "http", "我保证")
_SENTENCE = re.compile(r"(?<=[。！？])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: Dates, times of the clock and the numbers of decrees (国务院令第381号) are no figures.
_DAY = re.compile(
    r"\d{1,2}:\d{2}|第\d+号|\d{4}年(?:(?:\d{1,2}月)?到)?(?:\d{1,2}月)?(?:到\d{4}年\d{1,2}月)?"
)
_EXAMPLE = re.compile(r"线是每月(\d+)元，家里平均每人(\d+)元，每人大约补(\d+)元")

Row = dict[str, Any]


@dataclass
class Reply:
    """What came back for one question."""

    label: str
    program: str | None
    messages: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All messages."""
        return "\n".join(self.messages)


def questions(path: Path = QUESTIONS) -> list[Row]:
    """The frozen questions: {id, text, region, label, program, must, must_not, source_rule}.

    `before` holds earlier messages of the same talk, `hukou` what is known of the household.
    A `must` may hold alternatives (`甲|乙`) and placeholders of figures.
    """
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


# What has to be in an answer -----------------------------------------------------------------


def filled(text: str, row: Row) -> str:
    """The text with its figures for the row's place on the fixed day. Raises figures.Missing."""
    on = date.fromisoformat(row["on"]) if row.get("on") else TODAY
    asked = figures.Asked(row.get("region"), on, row.get("hukou"))
    return figures.PLACEHOLDER.sub(lambda match: figures.figure(match, asked).text, text)


def faults(row: Row, reply: Reply) -> list[str]:
    """Kinds of fault with what shows them, none when the answer is right."""
    text = reply.text.replace("\n", "")
    found = [
        f"缺：{must}"
        for must in row["must"]
        if not any(filled(one, row) in text for one in must.split("|"))
    ]
    found += [f"不该有：{no}" for no in [*row["must_not"], *NEVER] if filled(no, row) in text]
    found += [f"句子太长：{s}" for s in _SENTENCE.split(text) if len(s) > LONGEST_SENTENCE]
    found += [f"消息太长：{len(m)}" for m in reply.messages if len(m) > LONGEST_MESSAGE]
    if str(row["label"]).startswith("ask_") and not reply.sources:
        found.append("没有出处")
    return found + [f"没有来历的数：{number}" for number in unsourced(text)]


def unsourced(text: str) -> list[str]:
    """Numbers in the text that no parameter, date, telephone or worked example gives."""
    known = _parameter_numbers()
    for line, income, gap in _EXAMPLE.findall(text):
        if line in known and int(line) - int(income) == int(gap):
            known = known | {income, gap}
    rest = _DAY.sub("", text)
    return [n for n in _NUMBER.findall(rest) if n not in known and n not in PHONES]


def _parameter_numbers() -> frozenset[str]:
    found: set[str] = set()
    for parameter in default_store().parameters:
        if parameter.verified:
            for value in (parameter.low, parameter.high):
                if value is not None:
                    found |= {f"{value:.10g}", f"{value / 10000:g}"}
    return frozenset(found)


# The two ways to an answer -------------------------------------------------------------------


def from_content(row: Row) -> Reply:
    """The answer with the right question and programme given, without any understanding."""
    program = None if row["program"] == "none" else row["program"]
    found = answers.answer(
        row["label"], program, row.get("region"), TODAY, row.get("hukou"), question=row["text"]
    )
    return Reply(row["label"], program, [found.text], [one.title for one in found.sources])


def model() -> Path:
    """The archive set in WENZHU_MODEL_FILE, else the current one; trains when none is current."""
    return get_settings().model_file or training.train()


def heard(texts: list[str]) -> list[Row]:
    """What the model hears in each text."""
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "benchmarks.heard", str(model())],
        cwd=ROOT,
        input="".join(
            json.dumps({"text": text, "today": TODAY.isoformat()}, ensure_ascii=False) + "\n"
            for text in texts
        ),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def through_the_chat(rows: list[Row]) -> list[Reply]:
    """One new talk for each row: its earlier messages, then the question."""
    texts = [text for row in rows for text in [*row.get("before", []), row["text"]]]
    understood = dict(zip(texts, heard(texts), strict=True))
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(clock, "now", return_value=NOW):
        runtime = Runtime.open(_settings(Path(folder)))
        try:
            return [_talk(runtime, row, understood) for row in rows]
        finally:
            runtime.close()


def _talk(runtime: Runtime, row: Row, understood: dict[str, Row]) -> Reply:
    with runtime.database.write() as session:
        talk = identity.start_web(session, runtime.cipher).conversation.id
        state = State(region=row.get("region"))
        if row.get("hukou"):
            state.facts["hukou"] = Fact(row["hukou"], "", "0")
        dialogue.save(session, runtime.cipher, talk, state.to_json(), "0", [])
    for text in [*row.get("before", []), row["text"]]:
        one = understood[text]
        understanding = Understanding(
            one["intent"], text, one["entities"], one["secondary"], one["confidence"]
        )
        said = turns.take(runtime, turns.Request(understanding, talk, new_id(), "web", "sender"))
    with runtime.database.read() as session:
        known = State.from_json(dialogue.load(session, runtime.cipher, talk).data)
    named = understanding.programmes
    return Reply(
        understanding.intent,
        (known.programmes or named or ["none"])[-1],
        [words().render(one.response, one.values) for one in said],
        [source["title"] for one in said for source in one.sources],
    )


def _settings(folder: Path) -> Settings:
    settings = Settings(_env_file=None, data_dir=folder)
    migrate.upgrade(settings.database_url)
    return settings


# The figures ---------------------------------------------------------------------------------


def judged(row: Row, chat: Reply, content: Reply | None) -> Row:
    """One line of the result."""
    return {
        "id": row["id"],
        "text": row["text"],
        "heard": {"label": chat.label, "program": chat.program},
        "label_right": chat.label in (row["label"], *row.get("alt", [])),
        "program_right": row["program"] in ("none", chat.program),
        "chat": faults(row, chat),
        "content": None if content is None else faults(row, content),
    }


def summary(rows: list[Row], results: list[Row]) -> Row:
    """Counts: right through the chat, right with the question given, kinds of fault."""
    grid = [one for one in results if one["content"] is not None]
    kinds: dict[str, Counter[str]] = {"chat": Counter(), "content": Counter()}
    for one in results:
        for way, count in kinds.items():
            count.update({fault.split("：")[0] for fault in one[way] or ()})
    return {
        "questions": len(rows),
        "day": TODAY.isoformat(),
        "label_right": sum(one["label_right"] for one in results),
        "program_right": sum(one["program_right"] for one in results),
        "understood": sum(one["label_right"] and one["program_right"] for one in results),
        "right_through_the_chat": sum(not one["chat"] for one in results),
        "content_asked": len(grid),
        "content_right": sum(not one["content"] for one in grid),
        "faults": {way: dict(count.most_common()) for way, count in kinds.items()},
    }


def run(rows: list[Row]) -> tuple[Row, list[Reply], list[Reply | None]]:
    """All figures, and what was said for each row both ways."""
    chats = through_the_chat(rows)
    contents = [
        from_content(row) if row["label"].startswith("ask_") and "before" not in row else None
        for row in rows
    ]
    results = [
        judged(row, chat, content) for row, chat, content in zip(rows, chats, contents, strict=True)
    ]
    wrong = [one for one in results if one["chat"] or one["content"]]
    figures_found = {"model": model().name.split(".")[0], **summary(rows, results), "wrong": wrong}
    return figures_found, chats, contents


def main(arguments: list[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--show", action="store_true", help="print every answer, to be read")
    options = parser.parse_args(arguments)
    rows = questions()
    result, chats, contents = run(rows)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.show:
        for row, chat, content in zip(rows, chats, contents, strict=True):
            print(f"## {row['id']} {row['region']} {row['label']}/{row['program']}：{row['text']}")
            print(f"[{chat.label}/{chat.program}] {chat.text}")
            if content is not None and content.text != chat.text:
                print(f"[内容] {content.text}")
    print(json.dumps({k: v for k, v in result.items() if k != "wrong"}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
