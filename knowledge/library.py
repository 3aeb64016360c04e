"""Reads the content files and refuses what contradicts itself.

One file per programme, `general.yml` for questions without one, `sources.yml` for the documents
that may be cited. A paragraph is a list of sentences; a sentence is a string, or a mapping with
`say` and its conditions (`in`, `not_in`, `level`, `from`, `to`, `else`, `cite`).
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.model import (
    GENERAL,
    LABELS,
    SHOWN_GRADES,
    Citation,
    ContentError,
    Document,
    Entry,
    Programme,
    Sentence,
)

FOLDER = Path(__file__).resolve().parent / "content"
_NOT_PROGRAMMES = frozenset({"sources.yml", "glossary.yml", "words.yml"})
_SENTENCE_KEYS = frozenset({"say", "in", "not_in", "level", "from", "to", "else", "cite"})
_ENTRY_KEYS = frozenset(
    {"label", "topic", "title", "aliases", "keys", "also", "cite", "text", "closing"}
)


class _Loader(yaml.CSafeLoader):
    """The safe loader, but a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise ContentError(f"{node.start_mark}: 同一个键写了两次")
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_Loader)  # noqa: S506 - a safe loader, see above


@cache
def documents(folder: Path = FOLDER) -> dict[str, Document]:
    """The documents content may cite, by key. Raises ContentError for a grade not to be shown."""
    found: dict[str, Document] = {}
    for key, row in read_yaml(folder / "sources.yml").items():
        grade = str(row["grade"])
        if grade not in SHOWN_GRADES:
            raise ContentError(f"sources.yml: {key} 的证据级别 {grade} 不能给居民看")
        found[key] = Document(key, row["title"], row.get("from"), str(row["date"]), grade)
    return found


@cache
def programmes(folder: Path = FOLDER) -> dict[str, Programme]:
    """Every content file by programme code. Raises ContentError."""
    found: dict[str, Programme] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name in _NOT_PROGRAMMES:
            continue
        programme = _programme(path, folder)
        if programme.code != path.stem:
            raise ContentError(f"{path.name}: programme 与文件名不一致")
        found[programme.code] = programme
    return found


def entries(label: str, programme: str) -> list[Entry]:
    """The entries for a label of a programme: the general answer first, then its topics."""
    known = programmes().get(programme)
    return [e for e in known.entries if e.label == label] if known else []


def entry(label: str, programme: str) -> Entry | None:
    """The answer to the label as a whole."""
    return next((e for e in entries(label, programme) if not e.topic), None)


def _programme(path: Path, folder: Path) -> Programme:
    content = read_yaml(path)
    code = str(content["programme"])
    closing = tuple(_sentence(row, (), path.name, folder) for row in content.get("closing", ()))
    read = tuple(_entry(row, code, path.name, folder) for row in content["entries"])
    seen: set[tuple[str, str]] = set()
    for one in read:
        if (one.label, one.topic) in seen:
            raise ContentError(f"{path.name}: {one.label} {one.topic} 写了两次")
        seen.add((one.label, one.topic))
    return Programme(code, content["name"], tuple(content.get("aliases", ())), closing, read)


def _entry(row: dict[str, Any], code: str, file: str, folder: Path) -> Entry:
    where = f"{file}: {row.get('title')}"
    if unknown := set(row) - _ENTRY_KEYS:
        raise ContentError(f"{where}: 不认识的键 {sorted(unknown)}")
    if row["label"] not in LABELS:
        raise ContentError(f"{where}: 不认识的问题 {row['label']}")
    inherited = cites(row.get("cite", ()), where, folder)
    paragraphs = tuple(
        tuple(_sentence(sentence, inherited, where, folder) for sentence in paragraph)
        for paragraph in row["text"]
    )
    if row.get("topic") and not row.get("keys"):
        raise ContentError(f"{where}: 细问题要有 keys")
    if not any(s.cites for p in paragraphs for s in p) and code != GENERAL:
        raise ContentError(f"{where}: 没有出处")
    return Entry(
        programme=code,
        label=row["label"],
        topic=str(row.get("topic", "")),
        title=row["title"],
        aliases=tuple(row.get("aliases", ())),
        paragraphs=paragraphs,
        closing=bool(row.get("closing", True)),
        keys=tuple(row.get("keys", ())),
        also=tuple(row.get("also", ())),
    )


def _sentence(row: Any, inherited: tuple[Citation, ...], where: str, folder: Path) -> Sentence:
    if isinstance(row, str):
        return Sentence(row, cites=inherited)
    if unknown := set(row) - _SENTENCE_KEYS:
        raise ContentError(f"{where}: 不认识的键 {sorted(unknown)}")
    start, end = row.get("from"), row.get("to")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        raise ContentError(f"{where}: 止期早于起期")
    return Sentence(
        say=row["say"],
        within=_codes(row.get("in", ()), where),
        outside=_codes(row.get("not_in", ()), where),
        levels=tuple(row.get("level", ())),
        start=start,
        end=end,
        otherwise=row.get("else"),
        cites=cites(row["cite"], where, folder) if "cite" in row else inherited,
    )


def _codes(values: Iterable[Any], where: str) -> tuple[str, ...]:
    codes = tuple(values)
    if not all(isinstance(code, str) and code.isdigit() for code in codes):
        raise ContentError(f"{where}: 地区要写成带引号的行政区划代码前几位")
    return codes


def cites(values: Iterable[str], where: str, folder: Path = FOLDER) -> tuple[Citation, ...]:
    """ "M57 第八条" → the document and its clause."""
    known = documents(folder)
    found = []
    for value in values:
        key, _, clause = value.partition(" ")
        if key not in known:
            raise ContentError(f"{where}: 没有登记的出处 {key}")
        found.append(Citation(known[key], clause.strip()))
    return tuple(found)
