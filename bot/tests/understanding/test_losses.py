"""What the weather took from a herder, and a son in prison: facts, whatever they sound like."""

from __future__ import annotations

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("牧区下大雪 我家羊都冻死了 咋办", "雪灾"),
        ("我家牛冻死五头", "雪灾"),
        ("今年天旱 苞谷全干死了 咋整", "旱灾"),
    ],
)
def test_a_herder_s_loss_is_a_disaster_and_no_chat(text: str, kind: str) -> None:
    heard = understood(text, "out_of_scope_chitchat", confidence=0.81)
    assert heard.label in {"inform_facts", "start_screening"}
    assert heard.facts["disaster"] == kind


@pytest.mark.parametrize("text", ["隔壁李婆婆一个人过，儿子判刑了", "我儿子进监狱了，没人管我"])
def test_a_son_in_prison_supports_nobody(text: str) -> None:
    assert facts(text)["supporter"] == "absent"


def test_a_son_awarded_to_the_former_husband_is_in_no_prison() -> None:
    assert "supporter" not in facts("我儿子判给前夫了")
