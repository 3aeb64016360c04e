"""One message, several programmes: each question is answered for its own."""

from __future__ import annotations

import pytest

from actions.flows import several
from tests.actions.conftest import Chat


@pytest.mark.parametrize(("text", "found"), [
    ("我妈能不能办低保，我爸二级残疾能领多少护理补贴，万州的",
     [("dibao", "ask_eligibility_conditions"), ("canji_butie", "ask_amount_standard")]),
    ("低保要什么材料，临时救助几天能批",
     [("dibao", "ask_materials"), ("linshi", "ask_processing_time")]),
    ("特困一个月给多少钱？医疗救助去哪办",
     [("tekun", "ask_amount_standard"), ("yiliao", "ask_where_to_apply")]),
    ("低保边缘户是什么条件，低保多久能批",
     [("dibao_bianyuan", "ask_eligibility_conditions"), ("dibao", "ask_processing_time")]),
])  # fmt: skip
def test_each_clause_has_its_programme(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.programme, one.label) for one in several.asked(text)] == found


@pytest.mark.parametrize("text", [
    "低保要什么材料，去哪里办", "我家吃低保的，孩子学费交不起", "低保和特困有什么区别",
    "低保怎么申请", "我妈能不能办低保，万州的",
])  # fmt: skip
def test_one_programme_is_left_to_the_usual_way(text: str) -> None:
    assert several.asked(text) == []


def test_both_are_answered_with_the_figures_of_the_place(chat: Chat) -> None:
    said = chat.say(
        "我妈能不能办低保，我爸二级残疾能领多少护理补贴，万州的", "start_screening",
        program=["dibao", "canji_butie"], region="重庆市万州区", disability_level="二级",
    )  # fmt: skip
    assert "您问了2件事" in said
    assert "低保线" in said
    assert "护理补贴一级每人每月90元，二级每人每月80元" in said
