"""Cleaning keeps the way back to the resident's own characters."""

from __future__ import annotations

import pytest

from bot.components.understanding.normalise import normalise

from .scenes import understood


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("我 家 三 口 人", "我家三口人"),
        ("月收入１２００元", "月收入1200元"),
        ("醫療救助怎麼申請？？？", "医疗救助怎么申请?"),
        ("低保😊怎么办", "低保 怎么办"),
        ("38 单身 抑郁症", "38 单身 抑郁症"),
        ("谢谢！！！！", "谢谢!"),
        ("嗯……好", "嗯。好"),
        ("  你好  ", "你好"),
        ("Ａ１２３", "A123"),
        ("一個月2 000元", "一个月2000元"),
        ("", ""),
        ("😊", ""),
        ("我仔喺外面打工 計唔計埋佢入去", "我仔在外面打工 算不算上他入去"),
        ("嗰個津貼算唔算收入呀", "那个津贴算不算收入呀"),
        ("係唔係要帶戶口簿", "是不是要带户口簿"),
        ("你哋系統邊個負責", "你们系统哪个负责"),
        ("我哋屋企冇錢", "我们家里没钱"),
        ("也是一起打的迈", "也是一起打的吗"),
        ("有咩补贴可以攞", "有啥补贴可以拿"),
        ("年迈", "年迈"),
        ("唔該", "唔该"),
        ("唔", "唔"),
    ],
)
def test_text_is_cleaned(typed: str, clean: str) -> None:
    assert normalise(typed).text == clean


@pytest.mark.parametrize("token", ["⟦PHONE:7f3a⟧", "⟦ID:90bc⟧", "⟦CARD:00ff⟧", "⟦NUM:12de⟧"])
def test_placeholder_passes_untouched(token: str) -> None:
    assert token in normalise(f"我的 號碼 是{token}，謝謝").text


@pytest.mark.parametrize(
    "text", ["我　家 ３ 口人，月收入１２００元！！", "😊我叫王桂兰，電話⟦PHONE:7f3a⟧", "兩千多塊……"]
)
def test_every_clean_character_maps_to_its_origin(text: str) -> None:
    clean = normalise(text)
    assert len(clean.starts) == len(clean.ends) == len(clean.text)
    assert all(0 <= a < b <= len(text) for a, b in zip(clean.starts, clean.ends, strict=True))
    assert list(clean.starts) == sorted(clean.starts)


@pytest.mark.parametrize(
    ("text", "entity", "surface"),
    [
        ("我 家 三 口 人！！月收入１２００元", "monthly_income_total", "１２００元"),
        ("😊😊我叫王桂兰。", "name", "王桂兰"),
        ("醫療救助怎麼辦", "program", "醫療救助"),
        ("電話是⟦PHONE:7f3a⟧，谢谢", "phone", "⟦PHONE:7f3a⟧"),
        ("我住忠縣石寶鎮", "region", "忠縣石寶鎮"),
    ],
)
def test_entity_offsets_are_those_of_the_original(text: str, entity: str, surface: str) -> None:
    found = [e for e in understood(text, "inform_facts").entities if e["entity"] == entity]
    assert [text[e["start"] : e["end"]] for e in found] == [surface]


def test_placeholder_value_is_the_whole_token() -> None:
    values = {e["entity"]: e["value"] for e in understood("⟦ID:90bc⟧", "inform_facts").entities}
    assert values == {"id_number": "⟦ID:90bc⟧"}
