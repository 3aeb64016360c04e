"""The search finds the right entry for a free sentence, and nothing for foreign topics."""

from datetime import date

import pytest

from knowledge.search import find, ranked

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "programme", "label"),
    [
        ("低保没批下来咋办", "dibao", "ask_appeal_complaint"),
        ("娃在读大学算不算家里人口", "dibao", "ask_family_definition"),
        ("低保的卡被冻结了", "dibao", "ask_payment_problem"),
        ("隔壁家开好车还领低保", "dibao", "ask_appeal_complaint"),
        ("咋个进救助站", "liulang", "ask_how_to_apply"),
        ("医保费谁来交", "yiliao", "ask_other_benefits"),
        ("请不起律师，有免费的吗", "falv", "ask_program_overview"),
        ("房子快塌了", "zhufang", "ask_how_to_apply"),
        ("护理补贴一个月多少", "canji_butie", "ask_amount_standard"),
        ("儿子坐牢，老人能当五保吗", "tekun", "ask_eligibility_conditions"),
    ],
)
def test_a_sentence_finds_its_entry(text: str, programme: str, label: str) -> None:
    entry = ranked(text)[0][1]
    assert (entry.programme, entry.label) == (programme, label)
    found = find(text, region="500233", on=TODAY)
    assert found is not None
    assert found.title == entry.title


@pytest.mark.parametrize(
    "text",
    ["今天天气怎么样", "NBA谁赢了", "身份证丢了怎么补", "讲个笑话", "", "！！！", "asdf qwer"],
)
def test_foreign_topics_find_nothing(text: str) -> None:
    assert find(text, region=None, on=TODAY) is None


def test_a_programme_narrows_the_search() -> None:
    found = ranked("要带什么材料", "linshi")
    assert found[0][1].programme == "linshi"
    assert {entry.programme for _, entry in found} <= {"linshi", "general"}
