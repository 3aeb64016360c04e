"""docs/mechanisms.md stays true: complete, and every proof it names is a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(
    r"^\| (?P<id>[\dT]+-\d+) \| (?P<statement>.+?) \| (?P<state>.+?) \| (?P<proof>.*?) ?\|$"
)
COUNTS = {"000": 17, "001": 17, "002": 24, "003": 16, "004": 20, "T": 9}


def rows() -> list[dict[str, str]]:
    text = (ROOT / "docs" / "mechanisms.md").read_text("utf-8")
    return [match.groupdict() for line in text.splitlines() if (match := ROW.match(line))]


def test_every_mechanism_has_exactly_one_row() -> None:
    ids = [row["id"] for row in rows()]
    assert len(ids) == len(set(ids))
    for source, count in COUNTS.items():
        assert sum(identifier.startswith(f"{source}-") for identifier in ids) == count


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_a_row_says_what_is_true(row: dict[str, str]) -> None:
    state = row["state"].split(":")[0]
    assert state in {"works", "partly", "not yet"}
    if state == "not yet":
        assert row["proof"] == ""
        return
    if state == "partly":
        assert ":" in row["state"], "a partly row says what is missing"
    proofs = re.findall(r"`([^`]+)`", row["proof"])
    assert proofs, "a row that works names its test"
    for proof in proofs:
        path, _, name = proof.partition("::")
        text = (ROOT / path).read_text("utf-8")
        leaf = name.split("::")[-1]
        assert leaf in text, f"{proof} does not exist"
