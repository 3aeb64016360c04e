"""特困 by talking: three questions of 无, then the form of care with its standard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.coming_for import ask_for, declare, settle, settle_until
from tests.actions.conftest import Chat


def test_an_old_man_alone_is_judged_for_special_hardship(chat: Chat) -> None:
    ask_for(
        chat, "tekun", "我七十二了一个人过，没儿没女没收入，能办五保吗",
        age=72, living_alone=True, no_children=True, monthly_income_total=0,
    )  # fmt: skip
    asked = settle(chat, supporter="none")
    assert asked[:2] == ["region", "supporter"]
    assert set(asked) <= {"region", "supporter", "car", "deposit", "hukou", "care_form"}
    assert asked[-1] == "care_form"
    assert "特困供养：目前看，可能符合" in chat.text
    assert "没有能养他的人" in chat.text
    assert "《特困人员认定办法》（民发〔2021〕43号）" in chat.text
    assert "估算：1001元/月" in chat.text
    assert "重庆市，重庆市民政局文件（渝民规〔2025〕6号）" in chat.text
    case = declare(chat)
    assert case["programmes"] == ["tekun"]
    assert case["departments"] == {"xiangzhen", "minzheng"}
    assert case["facts"]["supporter"] == "none"


OLD: dict[str, Any] = {
    "age": 72, "living_alone": True, "no_children": True, "monthly_income_total": 0,
    "hukou": "rural",
}  # fmt: skip


@pytest.mark.parametrize(("region", "said", "standard", "other"), [
    ("天津市南开区", "在家", "1530", "1870"),
    ("天津市南开区", "想住敬老院", "1870", "1530"),
    ("福建省泉州市丰泽区", "住机构", "2084到3401", "1390"),
    ("福建省泉州市丰泽区", "住家里", "1390到2268", "2084"),
])  # fmt: skip
def test_the_form_of_care_is_a_choice_shown_with_its_standard(
    chat: Chat, region: str, said: str, standard: str, other: str
) -> None:
    ask_for(chat, "tekun", "我七十二了一个人过，能办五保吗", **OLD)
    settle_until(chat, "care_form", region=region, supporter="none")
    assert "可以自己选" in chat.text
    text = chat.say(said, receiving=["tekun"])
    where = "住家里" if "家" in said else "住机构"
    assert "特困供养：目前看，可能符合" in text
    assert f"{where}的标准是每人每月{standard}元" in text
    assert f"估算：{standard}元/月" in text
    assert other not in text
    assert "receiving" not in chat.facts
    assert declare(chat)["facts"]["care_form"] == ("home" if "家" in said else "institution")


def test_who_does_not_know_yet_sees_both_standards(chat: Chat) -> None:
    ask_for(chat, "tekun", "我七十二了一个人过，能办五保吗", **OLD)
    settle_until(chat, "care_form", region="天津市南开区", supporter="none")
    text = chat.press("不清楚")
    assert "住家里的标准是每人每月1530元" in text
    assert "住机构的标准是每人每月1870元" in text


def test_nobody_is_asked_to_choose_what_is_not_for_them(chat: Chat) -> None:
    ask_for(chat, "tekun", "我能办五保吗", **OLD)
    assert "care_form" not in settle(chat, supporter="able")
