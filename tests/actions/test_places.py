"""A township's name that several counties have: the known place settles it, or it is asked."""

from __future__ import annotations

from actions import places
from tests.actions.conftest import Chat

BAISHA = [
    "福建省福州市闽侯县白沙镇", "福建省莆田市涵江区白沙镇", "福建省龙岩市新罗区白沙镇",
    "重庆市江津区白沙镇", "重庆市南川区白沙镇",
]  # fmt: skip
TAIPING = [
    "天津市滨海新区太平镇", "福建省漳州市诏安县太平镇", "福建省南平市延平区太平镇",
    "重庆市铜梁区太平镇", "重庆市垫江县太平镇", "四川省凉山彝族自治州会理市太平镇",
    "内蒙古自治区兴安盟突泉县太平乡",
]  # fmt: skip


def test_every_place_of_the_name_is_offered() -> None:
    found = places.resolve_heard([BAISHA], None)
    assert found is not None
    assert len(found.options) == 5


def test_the_nearest_of_the_name_is_meant() -> None:
    found = places.resolve_heard([BAISHA], "500233")
    assert found is not None
    assert {code[:6] for code in found.options} == {"500116", "500119"}, "those of the same city"
    found = places.resolve_heard([BAISHA], "500116")
    assert found == places.Place("500116108", "重庆市江津区白沙镇")


def test_a_button_tells_which(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    assert "哪一个" in chat.say("白沙镇的", region=[BAISHA])
    chat.press("重庆市江津区白沙镇")
    assert chat.state.region == "500116108"


def test_the_county_said_afterwards_settles_it(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    assert "哪个区县" in chat.say("太平镇", region=[TAIPING])
    chat.say("垫江的", region="重庆市垫江县")
    assert chat.state.region == "500231110"


def test_another_county_said_afterwards_is_taken(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say("太平镇", region=[TAIPING])
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.region == "500233"


def test_the_area_served_settles_a_name(chat: Chat) -> None:
    chat.runtime.settings.region = "500231"
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say("太平镇", region=[TAIPING])
    assert chat.state.region == "500231110"


def test_the_city_around_a_known_county_tells_nothing_new(chat: Chat) -> None:
    chat.say("住在丰泽区", region="福建省泉州市丰泽区")
    said = chat.say("泉州低保多少钱", "ask_amount_standard", program="dibao", region="福建省泉州市")
    assert chat.state.region == "350503"
    assert "900" in said
