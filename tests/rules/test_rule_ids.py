"""The page of rule IDs says what the code says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rule-ids.md"
FAMILIES = "CJ|DB|ED|EDU|ET|FL|FP|GX|JY|LL|LS|PM|QT|QY|SZ|TK|WJ|YL|ZF"
ID = re.compile(rf"\b(?:{FAMILIES})-\d{{2}}\b")
FILE = re.compile(r"`([\w/]+\.\w+)`")
READ = {"rules": (".py", ".yml", ".md"), "cases": (".py", ".yaml"), "knowledge": (".py", ".yml")}


def _sections() -> dict[str, list[list[str]]]:
    """The cells of each table's rows by the heading above it."""
    found: dict[str, list[list[str]]] = {}
    for part in PAGE.read_text("utf-8").split("\n## ")[1:]:
        title, _, text = part.partition("\n")
        rows = [line.strip("| ").split(" | ") for line in text.split("\n") if line[:2] == "| "]
        found[title] = [row for row in rows if ID.search(" ".join(row[:2]))]
    return found


def _in_code() -> dict[str, set[str]]:
    """The IDs that each file of the code names."""
    found = {}
    for folder, suffixes in READ.items():
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in suffixes and (ids := set(ID.findall(path.read_text("utf-8")))):
                found[str(path.relative_to(ROOT))] = ids
    return found


def test_every_id_stands_in_the_file_that_the_page_names() -> None:
    judged, told = _sections()["Judged in a screening"], _sections()["Told, dated or timed"]
    rows = [(row[0], row[1]) for row in judged] + [(row[1], row[0]) for row in told]
    assert len(rows) > 80
    for where, rules in rows:
        (name,) = FILE.findall(where)
        text = (ROOT / name).read_text("utf-8")
        for rule in ID.findall(rules):
            assert re.search(rf"\b{rule}\b", text), (rule, name)


def test_every_id_of_the_code_stands_on_the_page_with_a_file() -> None:
    sections = _sections()
    unbuilt = {rule for row in sections.pop("Not built") for rule in ID.findall(row[0])}
    placed = {rule for rows in sections.values() for row in rows
              for cell in row[:2] for rule in ID.findall(cell)}  # fmt: skip
    in_code = _in_code()
    assert {rule for ids in in_code.values() for rule in ids} - placed == set()
    assert placed & unbuilt == set()
    assert unbuilt


def test_every_file_of_the_rules_names_its_ids_on_the_page() -> None:
    """A rule cited in another programme too is listed there as well."""
    listed: dict[str, set[str]] = {}
    for rows in _sections().values():
        for row in rows:
            cells = " ".join(row[:2])
            for name in FILE.findall(cells):
                listed.setdefault(name, set()).update(ID.findall(cells))
    for name, ids in _in_code().items():
        if name.endswith(".py"):
            assert ids <= listed.get(name, set()), name


@pytest.mark.parametrize("rule", ["DB-05", "JY-06", "WJ-06"])
def test_what_is_not_built_says_why(rule: str) -> None:
    (row,) = [row for row in _sections()["Not built"] if rule in row[0]]
    assert len(row[1]) > 10
