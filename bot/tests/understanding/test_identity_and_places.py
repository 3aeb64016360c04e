"""Names, numbers and places."""

from __future__ import annotations

import pytest

from bot.components.understanding.facts.identity import id_is_valid, looks_like_name
from bot.components.understanding.lexicon import default_lexicon

from .scenes import facts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫王桂兰", "王桂兰"),
        ("我叫李桂芳，电话139", "李桂芳"),
        ("叫徐素华的那份", "徐素华"),
        ("姓名：欧阳春花", "欧阳春花"),
        ("我是张建国", "张建国"),
        ("名字是刘长贵", "刘长贵"),
        ("叫我王大姐就行", None),
        ("我叫不出名字", None),
        ("叫什么名字", None),
        ("我是村民", None),
    ],
)
def test_introduced_name(text: str, name: str | None) -> None:
    assert facts(text).get("name") == name


def test_bare_name_counts_only_when_asked() -> None:
    assert "name" not in facts("刘长贵")
    assert facts("刘长贵", "name")["name"] == "刘长贵"


@pytest.mark.parametrize("word", ["要得", "没有", "不清楚", "石宝镇", "高血压病"])
def test_other_answers_are_no_names(word: str) -> None:
    assert not looks_like_name(word)
    assert "name" not in facts(word, "name")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("电话13900002222", "13900002222"),
        ("139 0000 2222", "13900002222"),
        ("一三七零零零零幺幺幺幺", "13700001111"),
        ("幺三八 零零幺三 八零零零", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("1380013800", None),
        ("13x00138000", None),
        ("⟦PHONE:7f3a⟧", "⟦PHONE:7f3a⟧"),
        ("20250511033", None),
    ],
)
def test_phone(text: str, phone: str | None) -> None:
    assert facts(text).get("phone") == phone


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("11010519491331002X", False),
        ("130503670401001", True),
        ("123", False),
    ],
)
def test_identity_number_needs_its_check_digit(number: str, valid: bool) -> None:
    assert id_is_valid(number) is valid
    assert ("id_number" in facts(number)) is valid


@pytest.mark.parametrize(
    ("text", "case_no"),
    [
        ("受理号SB20250511033", "SB20250511033"),
        ("编号是 20250608-0192", "20250608-0192"),
        ("WZ123456789012", "WZ123456789012"),
        ("wz123456789012到哪了", "WZ123456789012"),
        ("123456789012", "123456789012"),
        ("查2025年的低保", None),
    ],
)
def test_receipt_number(text: str, case_no: str | None) -> None:
    assert facts(text).get("case_no") == case_no


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("拔山镇", "重庆市忠县拔山镇"),
        ("重庆忠县拔山镇", "重庆市忠县拔山镇"),
        ("开州区", "重庆市开州区"),
        ("忠县的石宝镇", "重庆市忠县石宝镇"),
        ("我在昭觉县四开镇", "四川省凉山彝族自治州昭觉县四开镇"),
        ("乌兰浩特", "内蒙古自治区兴安盟乌兰浩特市"),
        ("泉州丰泽", "福建省泉州市丰泽区"),
        ("宁德蕉城霍童镇", "福建省宁德市蕉城区霍童镇"),
        ("天津南开", "天津市南开区"),
        ("上海残疾人补助", "上海"),
        ("武汉中职助学金", "武汉"),
        ("住石板村4组", "石板村4组"),
        ("忠县石宝镇石板村4组", "重庆市忠县石宝镇石板村4组"),
        ("彭水县", "重庆市彭水苗族土家族自治县"),
        ("凉山州西昌市", "四川省凉山彝族自治州西昌市"),
        ("去北京看病", None),
        ("听说上海有", None),
        ("另一个镇", None),
        ("我是驻村干部", None),
        ("万州烤鱼的做法", "重庆市万州区"),
        ("农村户口", None),
        ("我在云阳县 不是 是奉节县", "重庆市奉节县"),
        ("不是忠县，是万州", "重庆市万州区"),
        ("忠县拔山镇的，不是石宝镇", "重庆市忠县拔山镇"),
        ("内蒙古科右前旗的", "内蒙古自治区兴安盟科尔沁右翼前旗"),
        ("达茂旗的，我想申请低保", "内蒙古自治区包头市达尔罕茂明安联合旗"),
        ("我是鄂温克旗的牧民", "内蒙古自治区呼伦贝尔市鄂温克族自治旗"),
        ("我是鄂温克族的", None),
        ("莫旗的", "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗"),
        ("我是重庆开县的", "重庆市开州区"),
        ("他离开县城了", None),
        ("材料送达县民政局了", None),
        ("在沙县小吃打工", None),
    ],
)
def test_region(text: str, region: str | None) -> None:
    assert facts(text).get("region") == region


def test_a_short_name_of_two_banners_is_both() -> None:
    assert facts("扎旗的")["region"] == ["内蒙古自治区通辽市扎鲁特旗", "内蒙古自治区兴安盟扎赉特旗"]


def test_ambiguous_township_gives_all_candidates() -> None:
    assert set(facts("和平", "region")["region"]) >= {
        "天津市和平区",
        "内蒙古自治区兴安盟乌兰浩特市和平街道",
    }


def test_a_town_that_two_counties_have_is_both() -> None:
    assert set(facts("我住石宝镇")["region"]) == {
        "重庆市忠县石宝镇",
        "内蒙古自治区包头市达尔罕茂明安联合旗石宝镇",
    }
    assert facts("忠县石宝镇")["region"] == "重庆市忠县石宝镇"


def test_short_name_counts_only_when_asked_where() -> None:
    assert "region" not in facts("拔山")
    assert facts("拔山", "region")["region"] == "重庆市忠县拔山镇"


def test_every_place_has_its_parent_and_begins_with_its_full_name() -> None:
    by_code = {place.code: place for place in default_lexicon().places}
    assert len(by_code) == len(default_lexicon().places)
    for place in by_code.values():
        parent = by_code.get(place.parent_code)
        assert parent is not None or place.level == "province"
        assert place.full_name == (parent.full_name if parent else "") + place.name


@pytest.mark.parametrize(
    ("code", "full_name"),
    [
        ("500233", "重庆市忠县"),
        ("152201", "内蒙古自治区兴安盟乌兰浩特市"),
        ("350902", "福建省宁德市蕉城区"),
        ("120104", "天津市南开区"),
        ("513431", "四川省凉山彝族自治州昭觉县"),
        ("500154", "重庆市开州区"),
    ],
)
def test_codes_of_the_regions_served(code: str, full_name: str) -> None:
    assert {p.code: p.full_name for p in default_lexicon().places}[code] == full_name


def test_counties_of_the_regions_served_are_complete() -> None:
    places = default_lexicon().places
    count = {
        parent: sum(p.parent_code == parent and p.level == "county" for p in places)
        for parent in ("500000", "120000", "513400", "350900", "350500", "152200")
    }
    assert count == {
        "500000": 38,
        "120000": 16,
        "513400": 17,
        "350900": 9,
        "350500": 12,
        "152200": 6,
    }


@pytest.mark.parametrize("text", ["我是南开的", "低保户能免吗，南开", "我在武清，想问低保"])
def test_a_short_county_name_counts_where_only_a_place_can_stand(text: str) -> None:
    assert facts(text)["region"] in {"天津市南开区", "天津市武清区"}


@pytest.mark.parametrize("text", ["南开大学毕业", "我们要和平", "他在河东人民医院"])
def test_elsewhere_it_is_a_word_like_any_other(text: str) -> None:
    assert "region" not in facts(text)


#: 区县, 乡镇 as residents call it, its full name: of every region served.
TOWNS = [
    ("忠县", "乌杨", "重庆市忠县乌杨街道"),
    ("丰泽", "东海", "福建省泉州市丰泽区东海街道"),
    ("蓟州", "下营", "天津市蓟州区下营镇"),
    ("荣昌", "吴家", "重庆市荣昌区吴家镇"),
    ("晋江", "磁灶", "福建省泉州市晋江市磁灶镇"),
    ("寿宁", "斜滩", "福建省宁德市寿宁县斜滩镇"),
    ("布拖", "特木里", "四川省凉山彝族自治州布拖县特木里镇"),
    ("突泉", "六户", "内蒙古自治区兴安盟突泉县六户镇"),
]


@pytest.mark.parametrize(("county", "town", "full_name"), TOWNS)
@pytest.mark.parametrize(
    "form",
    [
        "在{county}{town}那边",
        "在{county} {town}那边",
        "{county}、{town}的",
        "家在{county}的{town}，想问低保",
        "{county}那边的{town}",
        "我住{county}下面的{town}，没收入",
        "{town}那边的，{county}",
        "{town} {county}",
    ],
)
def test_a_town_is_read_with_its_county_whatever_stands_between(
    county: str, town: str, full_name: str, form: str
) -> None:
    assert facts(form.format(county=county, town=town))["region"] == full_name


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("忠县 新生儿有没有补助", "重庆市忠县"),  # 新生镇
        ("我在忠县，和平一点谈", "重庆市忠县"),
        ("忠县 新立马上给我办", "重庆市忠县"),  # 新立镇
        ("万州 太安的低保", "重庆市万州区"),  # 太安镇
        ("忠县的，我们村有个老人", "重庆市忠县"),
        ("在忠县 石宝镇那个 新政村二组", "重庆市忠县石宝镇新政村二组"),
        ("忠县乌杨镇凤凰村三组", "重庆市忠县乌杨街道凤凰村三组"),
    ],
)
def test_after_a_pause_a_short_name_counts_where_nothing_else_can_stand(
    text: str, region: str
) -> None:
    assert facts(text)["region"] == region
