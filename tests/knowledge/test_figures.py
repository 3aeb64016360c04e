"""Figures are those of the parameter table, with place, date and document."""

from datetime import date

import pytest

from knowledge.answers import answer
from knowledge.model import Answer
from rules.parameters import in_force

TODAY = date(2026, 3, 2)
ZHONGXIAN, FENGZE, FUDING, GUTIAN, NANKAI = "500233", "350503", "350982", "350922", "120104"
ULANHOT, XICHANG, YUBEI = "152201", "513401", "500112"


def titles(found: Answer) -> str:
    return "；".join(f"{s.title}{s.clause}" for s in found.sources)


def amount(region: str, on: date = TODAY, hukou: str | None = None) -> Answer:
    return answer("ask_amount_standard", "dibao", region, on, hukou)


def test_chongqing_says_both_standards_with_document_and_date() -> None:
    found = amount(ZHONGXIAN)
    assert "重庆市，2025年7月起：低保线是城市每人每月770元、农村每人每月630元。" in found.text
    assert "重庆市民政局文件（渝民规〔2025〕6号）一" in titles(found)
    assert found.region_name == "重庆市忠县"
    assert found.layer == "重庆市"
    assert found.as_of == TODAY
    assert found.gaps == ["hukou"]
    source = next(s for s in found.sources if "渝民规" in s.title)
    assert (source.date, source.grade) == ("2025-07-01", "A")


@pytest.mark.parametrize(("hukou", "mine", "other"), [("rural", 630, 770), ("urban", 770, 630)])
def test_with_the_hukou_only_its_own_standard(hukou: str, mine: int, other: int) -> None:
    text = amount(ZHONGXIAN, hukou=hukou).text
    assert f"{mine}元" in text
    assert f"{other}元" not in text


def test_one_standard_for_all_is_said_once() -> None:
    for region, value in ((FENGZE, 900), (FUDING, 866), (GUTIAN, 799), (NANKAI, 1045)):
        text = amount(region).text
        assert f"低保线是每人每月{value}元" in text
        assert "城市每人" not in text


def test_the_document_of_each_place() -> None:
    assert "泉丰政民〔2025〕63号" in titles(amount(FENGZE))
    assert "津民规〔2025〕6号" in titles(amount(NANKAI))
    assert "天津市，2025年9月起" in amount(NANKAI).text


def test_the_worked_example_follows_the_standard() -> None:
    assert "线是每月770元，家里平均每人500元，每人大约补270元" in amount(ZHONGXIAN).text
    assert (
        "线是每月630元，家里平均每人400元，每人大约补230元" in amount(ZHONGXIAN, hukou="rural").text
    )


def test_every_amount_equals_the_table() -> None:
    for region in (ZHONGXIAN, FENGZE, FUDING, GUTIAN, NANKAI, ULANHOT):
        for hukou in ("urban", "rural"):
            value = in_force("dibao_standard", region, TODAY, hukou=hukou).value
            assert f"每人每月{value}元" in amount(region, hukou=hukou).text


def test_a_figure_older_than_eighteen_months_says_so() -> None:
    found = amount(ULANHOT)
    assert "城市每人每月829元、农村每人每月625元" in found.text
    assert "这个数从2024年1月起" in found.text
    assert "可能已经调整" in found.text
    assert "可能已经调整" not in amount(ZHONGXIAN).text
    assert "可能已经调整" in amount(ZHONGXIAN, date(2027, 3, 1)).text


def test_liangshan_shows_the_old_figure_only_as_old() -> None:
    found = amount(XICHANG)
    assert "能查到的是老数：凉山彝族自治州，2016年，城市每人每月420到450元" in found.text
    assert "现在的标准以当地规定为准" in found.text
    assert "figure:dibao_standard" in found.gaps
    assert "826" not in found.text  # a repost: never shown


def test_a_past_day_gets_the_figure_of_that_day() -> None:
    found = amount(ZHONGXIAN, date(2024, 1, 15))
    assert (
        "重庆市，2023年9月到2024年8月：低保线是城市每人每月735元、农村每人每月600元" in found.text
    )
    assert "770" not in found.text
    assert "渝民发〔2023〕10号" in titles(found)


def test_a_day_before_the_first_figure_gets_none() -> None:
    found = amount(ZHONGXIAN, date(2015, 5, 1))
    assert "每人每月" not in found.text
    assert "figure:dibao_standard" in found.gaps


def test_tianjin_pays_margin_households() -> None:
    found = answer("ask_payment_problem", "dibao_bianyuan", NANKAI, TODAY)
    assert "天津市，2025年9月起，每户每月314元" in found.text
    assert "314" not in answer("ask_payment_problem", "dibao_bianyuan", ZHONGXIAN, TODAY).text


def test_chongqing_gradual_exit_before_and_after_the_new_rule() -> None:
    new = answer("ask_review_or_stop", "dibao", ZHONGXIAN, date(2020, 9, 7))
    old = answer("ask_review_or_stop", "dibao", ZHONGXIAN, date(2020, 9, 6))
    assert "还低于1.5倍的，有6个月渐退期" in new.text
    assert "农村的建档立卡户，收入在低保线2倍以内" in old.text
    assert "1.5倍" not in old.text
    assert "2倍" not in new.text
    assert "《重庆日报》2020年9月7日" in titles(new)


def test_the_national_gradual_exit_is_at_most_six_months() -> None:
    text = answer("ask_review_or_stop", "dibao", NANKAI, TODAY).text
    assert "一般不超过6个月" in text
    before = answer("ask_review_or_stop", "dibao", NANKAI, date(2022, 1, 1)).text
    assert "可以给一段渐退期。" in before
    assert "6个月" not in before


def test_the_first_month_of_payment_differs() -> None:
    chongqing = answer("ask_payment_problem", "dibao", ZHONGXIAN, TODAY)
    elsewhere = answer("ask_payment_problem", "dibao", FENGZE, TODAY)
    assert "批准的当月起发" in chongqing.text
    assert "下个月起发" in elsewhere.text
    assert "当月" not in elsewhere.text
    assert "第二十二条" in titles(chongqing)


def test_small_quick_aid_began_in_2026() -> None:
    after = answer("ask_processing_time", "linshi", ZHONGXIAN, date(2026, 1, 29))
    before = answer("ask_processing_time", "linshi", ZHONGXIAN, date(2026, 1, 28))
    assert "一般不超过3天" in after.text
    assert "小额快救" not in before.text
    assert "先救助后补材料" in before.text


def test_fujian_temporary_aid_norm_has_run_out() -> None:
    then = answer("ask_processing_time", "linshi", FENGZE, date(2023, 1, 1))
    assert "最多5个工作日" in then.text
    assert "一般30个工作日，最长40个工作日" in then.text
    assert "5个工作日" not in answer("ask_processing_time", "linshi", FENGZE, TODAY).text


def test_basic_pension_is_open_after_2025() -> None:
    before = answer("ask_income_property_rules", "dibao", FENGZE, date(2025, 12, 31)).text
    after = answer("ask_income_property_rules", "dibao", FENGZE, date(2026, 1, 1)).text
    assert "基础养老金不算收入" in before
    assert "现在算不算没查到新规定" in after


def test_yubei_medical_aid_for_large_expenses() -> None:
    found = answer("ask_amount_standard", "yiliao", YUBEI, TODAY)
    assert "低保、特困75%，边缘等70%，每年6万元封顶" in found.text
    assert "75%" not in answer("ask_amount_standard", "yiliao", ZHONGXIAN, TODAY).text
    assert "不低于70%" in answer("ask_amount_standard", "yiliao", ZHONGXIAN, TODAY).text


def test_nankai_2011_is_history_only() -> None:
    then = answer("ask_amount_standard", "yiliao", NANKAI, date(2011, 6, 1))
    assert "检查治疗费减15%，住院减10%" in then.text
    assert "15%" not in answer("ask_amount_standard", "yiliao", NANKAI, TODAY).text


def test_inner_mongolia_rigid_expense_shares() -> None:
    text = answer("ask_eligibility_conditions", "gangxing_zhichu", ULANHOT, TODAY).text
    assert "超过70%，或医疗和意外超过60%" in text


def test_an_unverified_local_figure_is_pointed_out() -> None:
    """莆田 has an own allowance of unverified grade: the province's is shown with a warning."""
    found = answer("ask_amount_standard", "canji_butie", "350300", TODAY)
    assert "local:disability_living_allowance" in found.gaps
    assert "您当地可能另有标准" in found.text
    assert "100元" not in found.text


def test_place_and_date_of_every_figure_are_said() -> None:
    text = answer("ask_processing_time", "dibao", ZHONGXIAN, TODAY).text
    assert "全国，2021年7月起、2022年10月起；重庆市，2016年5月起" in text
