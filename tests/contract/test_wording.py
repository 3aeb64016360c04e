"""What residents read: short, plain, dignified; nothing promised, nobody blamed."""

from __future__ import annotations

import re

from actions.consents import consent_texts
from actions.wording import words
from cases import canned

#: Emergency and service numbers that may stand in a text; every other figure is a value.
PHONES = {
    "0", "00", "110", "119", "120", "12345", "12338", "12348", "12356", "12385", "12393", "12333",
}  # fmt: skip
PROMISES = re.compile(
    r"一定(?:能|会|可以|批)|保证|批准了|肯定(?:能|会|可以)|包您|包过|马上(?:有人|派人|上门|到账)|必定|准能|没问题"
)
BLAME = re.compile(r"您必须|违规|错误|非法|无效|(?<!说)不准|不许|怎么搞|又错|乱填|骗|撒谎")
JARGON = re.compile(r"家计|财产性|转移净|户籍|核减|不予|兹|贵方|申请主体|受理单位|予以|逾期|资格")
SENTENCE, MESSAGE = 60, 300

TEXTS = {
    **words().texts,
    **{f"canned:{one.code}": one.text for one in canned.table()},
    **{f"consent:{kind}": text.text for kind, text in consent_texts().items()},
}


def bare(text: str) -> str:
    """The text without its values."""
    return re.sub(r"\{\w+\}", "", text)


def offenders(pattern: str | re.Pattern[str]) -> dict[str, str]:
    """Responses in which the pattern is found, values left out."""
    return {name: text for name, text in TEXTS.items() if re.search(pattern, bare(text))}


def test_nobody_is_told_that_they_qualify() -> None:
    assert not offenders(r"(?<!可能)(?<!可能不)符合")


def test_nothing_is_promised() -> None:
    assert not offenders(PROMISES)


def test_nobody_is_blamed() -> None:
    assert not offenders(BLAME)


def test_no_jargon() -> None:
    assert not offenders(JARGON)


def test_figures_come_as_values() -> None:
    typed = {name: set(re.findall(r"\d+", bare(text))) - PHONES for name, text in TEXTS.items()}
    assert not {name: figures for name, figures in typed.items() if figures}


def test_sentences_and_messages_are_short() -> None:
    assert not {name: len(text) for name, text in TEXTS.items() if len(text) > MESSAGE}
    long = {
        name: sentence
        for name, text in TEXTS.items()
        for sentence in re.split(r"[。！？；\n]", bare(text))
        if len(sentence.strip()) > SENTENCE
    }
    assert not long


def test_one_question_a_message() -> None:
    assert not {name: text for name, text in TEXTS.items() if text.count("？") > 1}


def test_no_message_is_cut_in_two_by_rasa() -> None:
    assert not [name for name, text in TEXTS.items() if "\n\n" in text]


def test_buttons_are_short_and_numbered() -> None:
    for name, buttons in words().fixed_buttons.items():
        for title, _ in buttons:
            assert re.fullmatch(r"(?:[1-9]|0|00) \D+", title), (name, title)
            assert len(title) <= 20, (name, title)


def test_closed_questions_always_offer_a_way_out() -> None:
    asks = [
        name for name in words().texts if re.match(r"utter_ask_(?!confirm|which|receipt)", name)
    ]
    closed = [name for name in asks if words().is_numbered(name)]
    assert len(closed) > 8
    for name in closed:
        titles = [title for title, _ in words().fixed_buttons[name]]
        assert any("不清楚" in title or "别的" in title for title in titles), name


def test_every_question_about_the_household_offers_a_person() -> None:
    for name in (
        "utter_ask_hukou",
        "utter_ask_car",
        "utter_ask_region",
        "utter_ask_household_size",
    ):
        assert ("00 找工作人员", "/human_handoff") in words().fixed_buttons[name]
