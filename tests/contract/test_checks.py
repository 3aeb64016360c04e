"""The tests run in two halves at once: nothing is left out, and a failure in either is seen."""

import sys

import pytest

from devtools import checks
from devtools.paths import ROOT


def test_the_halves_hold_every_test_once() -> None:
    apart, rest = checks.test_halves()
    for folder in checks.APART:
        assert (ROOT / folder).is_dir(), folder
        assert folder in apart.command
        assert f"--ignore={folder}" in rest.command
    assert "tests" in rest.command


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 3), (4, 0)])
def test_a_failure_in_either_half_is_seen(
    first: int, second: int, capfd: pytest.CaptureFixture[str]
) -> None:
    def ends(code: int) -> list[str]:
        return [sys.executable, "-c", f"print('说了{code}'); raise SystemExit({code})"]

    found = checks.run_beside(checks.Check("一", ends(first)), checks.Check("二", ends(second)))
    assert found == {"一": first == 0, "二": second == 0}
    assert f"说了{second}" in capfd.readouterr().out
