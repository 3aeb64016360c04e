"""A guess is not kept against words that leave nothing of it: who wants takes nothing back."""

from __future__ import annotations

import pytest

from .scenes import FixedClassifier, understood

_WITHDRAWS = FixedClassifier("withdraw_case", 0.44, ("self_declare", 0.3), ("affirm", 0.1))


@pytest.mark.parametrize("text", ["申请！赶紧的", "现在就给我登记"])
def test_who_asks_to_be_registered_takes_nothing_back(text: str) -> None:
    assert understood(text, "", classifier=_WITHDRAWS).label == "self_declare"


@pytest.mark.parametrize("text", ["那个申请算了", "登记的那份撤掉", "申请取消", "我这个停一停"])
def test_who_takes_back_is_heard_though_the_guess_is_doubtful(text: str) -> None:
    assert understood(text, "", classifier=_WITHDRAWS).label == "withdraw_case"


class _Drifting(FixedClassifier):
    """The whole message is one thing, every clause by itself a question of secrecy."""

    secondary_threshold = 0.3

    def ranking(self, features: object) -> list[tuple[str, float]]:
        seen, self._ranking = self._ranking, [("ask_privacy", 0.99), ("deny", 0.01)]
        return list(seen)


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("老板欠我工钱，打官司能不能不要钱", []),
        ("老板欠我工钱，想打官司，信息保密吗", ["ask_privacy"]),
    ],
)
def test_a_second_request_for_secrecy_names_it(text: str, further: list[str]) -> None:
    found = understood(text, "", classifier=_Drifting("start_screening", 0.9))
    assert [one["name"] for one in found.secondary] == further
