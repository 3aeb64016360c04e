"""Official words in plain ones."""

import pytest

from knowledge.glossary import asked, explain, terms


@pytest.mark.parametrize(
    "word",
    ["低保", "渐退期", "单人保", "家庭经济状况核对", "公示", "刚性支出", "人户分离", "小额快救",
     "起付线", "事实无人抚养儿童", "行政复议", "告知承诺", "特困人员", "低保边缘家庭"],
)  # fmt: skip
def test_the_words_residents_meet_are_explained(word: str) -> None:
    text = explain(word)
    assert text is not None
    assert 15 <= len(text) <= 60


def test_every_explanation_is_short_and_ends() -> None:
    for name, term in terms().items():
        assert len(term.text) <= 60, name
        assert term.text.endswith("。"), name


def test_old_names_lead_to_the_new_concept() -> None:
    assert explain("五保") == explain("特困人员")
    assert explain("支出型困难家庭") == explain("刚性支出困难家庭")
    assert explain("廉租房") == explain("公租房")


def test_a_word_inside_a_question_is_found() -> None:
    assert explain("渐退期是什么？") == explain("渐退期")
    assert explain("啥叫人户分离嘛") == explain("人户分离")
    assert explain("量子力学") is None


@pytest.mark.parametrize(
    "question",
    [
        "起付线该怎么理解",
        "单人保这个概念不懂",
        "小额快救，咋理解哦",
        "民主评议指的什么",
        "补差怎么说",
    ],
)
def test_a_meaning_is_asked_in_many_ways(question: str) -> None:
    term = asked(question)
    assert term is not None
    assert term.name in question
