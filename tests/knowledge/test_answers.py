"""Every question type of every programme has a short, cited answer, in every place."""

import re
from datetime import date

import pytest

from knowledge import library
from knowledge.answers import answer, render
from knowledge.model import GENERAL, LABELS, Answer, Entry

FULL = ("dibao", "dibao_bianyuan", "linshi", "yiliao")
PROGRAMMES = tuple(library.programmes())
# 忠县, 丰泽区, 福鼎市, 南开区, 乌兰浩特市, 西昌市
REGIONS = ("500233", "350503", "350982", "120104", "152201", "513401")
WIDE = ("500000", "350000", "120000", "150000", "513400", "500112", "510000", "350100")
TODAY = date(2026, 3, 2)
SENTENCE = re.compile(r"(?<=[。！？])")


def problems(found: Answer) -> list[str]:
    """What keeps an answer from being read to a resident."""
    text = found.text.replace("\n", "")
    wrong = [f"长句 {len(s)}：{s}" for s in SENTENCE.split(text) if len(s) > 60]
    if len(text) > 300:
        wrong.append(f"太长：{len(text)}")
    if not 1 <= len(found.parts) <= 3:
        wrong.append(f"{len(found.parts)} 段")
    if not found.sources:
        wrong.append("没有出处")
    if left := re.findall(r"[{}]", text):
        wrong.append(f"没填的空：{left}")
    if any(source.grade not in "SABR" or "http" in source.title for source in found.sources):
        wrong.append("出处不能给居民看")
    if "12345" not in text:
        wrong.append("没有说可以找谁")
    return wrong


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("program", FULL)
@pytest.mark.parametrize("label", LABELS)
def test_every_question_has_an_answer(label: str, program: str, region: str) -> None:
    found = answer(label, program, region, TODAY)
    assert found.found
    assert "programme" not in found.gaps
    assert problems(found) == []


@pytest.mark.parametrize("program", PROGRAMMES)
@pytest.mark.parametrize("label", LABELS)
def test_other_programmes_answer_or_say_that_it_is_the_general_rule(
    label: str, program: str
) -> None:
    found = answer(label, program, "500233", TODAY)
    own = library.entry(label, program) is not None
    assert found.found
    assert ("programme" in found.gaps) is not own
    if not own:
        assert library.programmes()[program].name in found.text
    assert problems(found) == []


@pytest.mark.parametrize("program", [p for p in PROGRAMMES if p != GENERAL])
def test_every_programme_has_at_least_these(program: str) -> None:
    needed = {
        "ask_program_overview",
        "ask_eligibility_conditions",
        "ask_amount_standard",
        "ask_how_to_apply",
        "ask_where_to_apply",
        "ask_materials",
    }
    assert needed <= {e.label for e in library.programmes()[program].entries if not e.topic}


@pytest.mark.parametrize("region", [*REGIONS, *WIDE, "500233001", None])
@pytest.mark.parametrize("on", [TODAY, date(2026, 11, 21), date(2028, 1, 1)])
def test_every_entry_keeps_its_limits_everywhere(region: str | None, on: date) -> None:
    wrong = {
        (entry.label, entry.topic, program.code): found
        for program in library.programmes().values()
        for entry in program.entries
        for hukou in ("rural", None)
        if (found := problems(render(entry, region, on, hukou)))
    }
    assert wrong == {}


@pytest.mark.parametrize("on", [date(2011, 6, 1), date(2016, 6, 1), date(2019, 6, 1)])
def test_the_past_is_answered_or_said_to_be_unknown(on: date) -> None:
    for program in library.programmes().values():
        for entry in program.entries:
            found = render(entry, "500233", on)
            if found.found:
                assert problems(found) == []
            else:
                assert "没有找到可靠的说法" in found.text
                assert found.gaps == ["past"]
            assert not any(source.date > on.isoformat() for source in found.sources), entry.title


def test_an_unknown_programme_gets_the_general_answer() -> None:
    assert answer("ask_privacy", None, None, TODAY).title == "我的信息会不会泄露"
    assert answer("ask_privacy", "none", None, TODAY).title == "我的信息会不会泄露"


def test_an_unknown_question_is_admitted() -> None:
    found = answer("ask_the_weather", "dibao", "500233", TODAY)
    assert not found.found
    assert "没找到" in found.text
    assert "12345" in found.text
    assert "工作人员" in found.text


@pytest.mark.parametrize("region", [None, "100000", "999999", "忠县"])
def test_without_a_place_it_asks_for_one(region: str | None) -> None:
    found = answer("ask_amount_standard", "dibao", region, TODAY)
    assert "region" in found.gaps
    assert "请告诉我您在哪个区县" in found.text
    assert not re.search(r"\d+元", found.text)
    assert problems(found) == []


def test_a_province_without_one_standard_asks_for_the_county() -> None:
    found = answer("ask_amount_standard", "dibao", "350900", TODAY)
    assert "region" in found.gaps
    assert "宁德市各区县不一样，请告诉我是哪个区县" in found.text


def test_the_phone_number_is_a_setting() -> None:
    found = answer("ask_how_to_apply", "dibao", "500233", TODAY, help_phone="96000")
    assert "96000" in found.text
    assert "12345" not in found.text


def test_never_the_figures_of_another_place() -> None:
    """晋江 has no verified standard: no figure of 丰泽 stands in for it."""
    found = answer("ask_amount_standard", "dibao", "350582", TODAY)
    assert "figure:dibao_standard" in found.gaps
    assert "900" not in found.text
    assert "当地具体标准以当地规定为准" in found.text


def test_the_closing_words_can_be_left_out_without_losing_a_figures_date() -> None:
    found = answer("ask_processing_time", "dibao", "500233", TODAY)
    assert found.closes
    assert "决定" in found.parts[-1]
    assert "全国，2021年7月起" in "".join(found.body)
    assert "12345" not in "".join(found.body)


def test_a_topic_is_found_by_the_residents_own_sentence() -> None:
    found = answer(
        "ask_income_property_rules", "dibao", "500233", TODAY, question="我家有一辆面包车行不行"
    )
    assert found.title == "有一辆车还能申请低保吗"
    general = answer("ask_income_property_rules", "dibao", "500233", TODAY, question="收入是咋算的")
    assert general.title == "低保算哪些收入和财产"


def entries() -> list[Entry]:
    return [e for p in library.programmes().values() for e in p.entries]


def test_old_and_new_names_are_one_concept() -> None:
    assert "五保" in answer("ask_program_overview", "tekun", None, TODAY).text
    assert "以前叫支出型困难" in answer("ask_program_overview", "gangxing_zhichu", None, TODAY).text
    assert not [
        e.title
        for e in entries()
        for p in e.paragraphs
        for s in p
        if re.search(r"支出型(困难|贫困)", s.say) and "叫支出型" not in s.say
    ]


NOW = date(2026, 11, 23)


def test_an_old_year_without_a_record_sends_nobody_on_for_today_s_figure() -> None:
    text = answer(
        "ask_amount_standard", "dibao", "120000", NOW, question="2019年天津低保标准多少"
    ).text
    assert "2019年" in text
    assert "1045" in text
    assert "现在的标准以当地规定为准" not in text
    assert "1010" not in text


def test_then_and_now_are_both_told() -> None:
    asked = "天津低保边缘家庭每月那个补助，2025年6月是多少，现在多少"
    found = answer("ask_amount_standard", "dibao_bianyuan", "120000", NOW, question=asked)
    assert "2025年6月" in found.text
    assert "那时的数我没查到可靠的" in found.text, "two sources contradict each other"
    assert "314" in found.text
    assert problems(found) == []


@pytest.mark.parametrize("question", [
    "2023年9月四川农村低保最低标准是多少", "四川2023年10月农村低保线最低多少钱",
])  # fmt: skip
def test_the_floor_of_a_province_is_told_with_its_time(question: str) -> None:
    text = answer("ask_amount_standard", "dibao", "510000", NOW, "rural", question=question).text
    assert "533元" in text
    assert "620" not in text
    assert "580" not in text


def test_an_unverified_floor_is_not_told() -> None:
    text = answer("ask_amount_standard", "dibao", "510000", NOW, "rural").text
    assert "620" not in text


def test_a_son_who_pays_nothing_is_told_of_his_duty() -> None:
    asked = "儿子一分钱不给我，不养也算他收入吗"
    assert (
        "责任和义务"
        in answer(
            "ask_income_property_rules", "dibao", "500233", NOW, question=asked + "儿子的收入"
        ).text
    )
