"""Every difficulty reaches a department, and the table says which."""

import pytest

from cases import routing
from cases.states import PROGRAMMES, Department, NeedType, Urgency

SHIBAO = "500233107000"


def departments(
    programmes: list[str], facts: dict[str, object] | None = None, **more: str
) -> list[str]:
    needs = routing.needs_of(programmes)
    found = routing.route(needs, facts or {}, SHIBAO, more.get("urgency", Urgency.NORMAL))
    return [route.department for route in found]


@pytest.mark.parametrize("need", list(NeedType))
@pytest.mark.parametrize("place", [SHIBAO, "500233", "500000", None])
def test_every_need_reaches_a_leading_department_everywhere(
    need: NeedType, place: str | None
) -> None:
    found = routing.route([need], {}, place, Urgency.NORMAL)
    assert any(not route.assisting for route in found)


@pytest.mark.parametrize("programme", [*PROGRAMMES, "none", "something_new"])
def test_every_programme_reaches_a_department(programme: str) -> None:
    assert departments([programme])


@pytest.mark.parametrize(
    ("programme", "expected"),
    [
        ("dibao", ["xiangzhen", "minzheng"]),
        ("dibao_bianyuan", ["xiangzhen", "minzheng"]),
        ("linshi", ["xiangzhen", "minzheng"]),
        ("canji_butie", ["xiangzhen", "canlian"]),
        ("yiliao", ["yibao", "xiangzhen"]),
        ("jiaoyu", ["jiaoyu"]),
        ("zhufang", ["zhujian", "minzheng"]),
        ("jiuye", ["renshe"]),
        ("shouzai", ["yingji"]),
        ("falv", ["sifa"]),
        ("liulang", ["minzheng", "gongan"]),
        ("fangfanpin", ["nongye", "minzheng"]),
        ("cishan", ["cishan", "minzheng"]),
        ("none", ["xiangzhen", "minzheng"]),
    ],
)
def test_a_programme_goes_where_the_table_says(programme: str, expected: list[str]) -> None:
    assert departments([programme]) == expected


def test_two_needs_share_a_department_and_it_leads_if_one_of_them_says_so() -> None:
    found = routing.route(routing.needs_of(["yiliao", "dibao"]), {}, SHIBAO, Urgency.NORMAL)
    assert [(route.department, route.assisting) for route in found] == [
        ("yibao", False),
        ("xiangzhen", False),
        ("minzheng", True),
    ]


def test_a_disabled_pupil_also_concerns_the_federation() -> None:
    assert departments(["jiaoyu"], {"disability_level": "二级"}) == ["jiaoyu", "canlian"]


def test_an_emergency_adds_first_aid_and_the_officer_on_duty() -> None:
    found = routing.route([NeedType.MEDICAL], {}, SHIBAO, Urgency.EMERGENCY)
    assert {route.department for route in found} == {"yibao", "xiangzhen", "duty"}
    assert [route.department for route in found if route.first_aid] == ["xiangzhen"]
    assert not any(route.assisting for route in found)


def test_the_township_works_in_the_township_and_bureaus_in_the_county() -> None:
    assert routing.area_of(Department.XIANGZHEN, SHIBAO) == (SHIBAO, False)
    assert routing.area_of(Department.MINZHENG, SHIBAO) == ("500233", False)
    assert routing.area_of(Department.XIANGZHEN, "500000") == ("500000", True)
    assert routing.area_of(Department.XIANGZHEN, None) == ("100000", True)


@pytest.mark.parametrize("kind", [*routing.table()["alerts"], "never heard of"])
def test_every_danger_reaches_the_officer_on_duty(kind: str) -> None:
    assert routing.route_alert(kind, SHIBAO)[0].department == "duty"
