"""The digest that says which rules and figures gave an answer."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rules import version
from rules.parameter_store import Store, default_store
from rules.version import rules_version


def test_the_same_rules_and_figures_have_the_same_digits() -> None:
    assert re.fullmatch("[0-9a-f]{12}", rules_version())
    assert rules_version() == rules_version(Store.of([*default_store().parameters]))
    assert rules_version(Store.of([*reversed(default_store().parameters)])) == rules_version()


def test_another_figure_gives_other_digits_but_how_old_it_is_does_not() -> None:
    first, *others = default_store().parameters
    higher = replace(first, value=first.high + 1, low=first.high + 1, high=first.high + 1)
    assert rules_version(Store.of([higher, *others])) != rules_version()
    assert rules_version(Store.of([replace(first, stale=not first.stale), *others])) == (
        rules_version()
    )


def test_another_rule_or_relation_gives_other_digits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "programmes/b.py", "programmes/relations.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1", "utf-8")
    monkeypatch.setattr(version, "HERE", tmp_path)
    seen = {version._code.__wrapped__()}
    for name in ("a.py", "programmes/b.py", "programmes/relations.yml"):
        (tmp_path / name).write_text("2", "utf-8")
        seen.add(version._code.__wrapped__())
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    seen.add(version._code.__wrapped__())
    assert len(seen) == 5
