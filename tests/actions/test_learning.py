"""What was not understood is kept without names, and only where it may be."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions import anonymous
from cases import misheard, service
from cases.misheard import Misheard, Reason
from tests.actions.conftest import Chat
from tests.cases.builders import declaration


def kept(chat: Chat) -> list[tuple[str, str, str | None]]:
    """Sentence, reason and open question of everything kept, as it came."""
    with chat.runtime.database.read() as session:
        rows = session.scalars(select(Misheard)).all()
        cipher = chat.runtime.cipher
        found = [(misheard.text_of(cipher, row), row.reason, row.asking) for row in rows]
    return sorted(found)


def test_a_miss_is_kept_without_who_and_where(chat: Chat) -> None:
    said = "石宝镇新民村三组的王秀兰那个啥，电话13800138000"
    chat.say(said, "nlu_fallback")
    assert "utter_not_understood" in chat.responses
    assert kept(chat) == [
        ("某地某村某组的某某那个啥，电话⟦PHONE:0000⟧", Reason.MISSED, None),
    ]  # fmt: skip
    with chat.runtime.database.read() as session:
        row = session.scalars(select(Misheard)).one()
        assert chat.id not in (row.talk, row.turn)
        assert "王秀兰" not in row.text_encrypted
        assert row.guess == "nlu_fallback"


def test_the_same_message_again_is_kept_once(chat: Chat) -> None:
    for _ in range(2):
        chat.say("嗯那个啥子事情", "nlu_fallback", message_id="m1")
    assert len(kept(chat)) == 1


def test_an_answered_question_is_kept_only_when_a_person_is_wanted_right_after(chat: Chat) -> None:
    chat.say("低保要带哪样材料", "ask_materials", program="dibao")
    assert kept(chat) == []
    chat.say("找工作人员", "human_handoff")
    assert kept(chat) == [("低保要带哪样材料", Reason.PERSON, None)]
    chat.say("找工作人员", "human_handoff")
    assert len(kept(chat)) == 1


def test_nothing_is_kept_in_danger(chat: Chat) -> None:
    chat.say("他拿刀追我", "crisis_emergency", crisis_kind="violence")
    chat.say("嗯那个啥子事情", "nlu_fallback")
    chat.say("找工作人员", "human_handoff")
    assert kept(chat) == []


def test_nothing_is_kept_of_buttons_numbers_and_whole_stories(chat: Chat) -> None:
    chat.say("/nlu_fallback", "nlu_fallback")
    chat.say("13800138000", "nlu_fallback")
    chat.say("一" * 100, "nlu_fallback")
    assert kept(chat) == []


def test_withdrawing_forgets_and_keeps_nothing_more(chat: Chat) -> None:
    chat.say("嗯那个啥子事情", "nlu_fallback")
    assert len(kept(chat)) == 1
    database, cipher = chat.runtime.database, chat.runtime.cipher
    with database.write() as session:
        receipt = service.file_declaration(session, cipher, declaration(chat.id))
    with database.write() as session:
        service.withdraw(session, cipher, chat.id, receipt.receipt_no)
    assert kept(chat) == []
    chat.say("还是那个啥子事情", "nlu_fallback")
    assert kept(chat) == []


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ("我叫王秀兰，住白公街道香山社区7号楼2单元501", "我叫某某，住某地某社区某号楼某单元"),
        ("村主任刘建国不给办", "村主任某某不给办"),
        ("我儿子张伟在广东打工", "我儿子某某在广东打工"),
        ("户主陈德福去世了", "户主某某去世了"),
        ("李大爷家的低保咋停了", "某大爷家的低保咋停了"),
        ("我男人叫大刚", "我男人叫某某"),
        ("青龙小学的学费，中山路12号", "某小学的学费，某路某号"),
        ("1957年3月5日生，车牌渝A12345", "1957年生，车牌某车"),
        ("微信wx_abc123 邮箱a@b.cn", "微信某号 邮箱某邮箱"),
        ("电话是 138 0013 8000 转 8", "电话是 ⟦NUM:0000⟧ 转 8"),
    ],
)  # fmt: skip
def test_names_small_places_and_numbers_become_mou(said: str, stays: str) -> None:
    assert anonymous.masked(said) == stays


@pytest.mark.parametrize(
    "said",
    [
        "低保边缘家庭一个月两千块够不够", "高血压吃药报不报", "我的钱不够马上要交学费",
        "忠县人民医院能不能直接报", "我们村的路不好走，农村低保多少", "户主是我爸", "叫我去哪里办",
        "残疾证叫什么", "找村委会还是街道办", "安置房算不算财产", "10000元的债", "常年吃药",
    ],
)  # fmt: skip
def test_ordinary_words_stay(said: str) -> None:
    assert anonymous.masked(said) == said


def test_a_name_told_before_goes_with_its_parts() -> None:
    assert anonymous.masked("秀兰的钱没到", ["王秀兰"]) == "某某的钱没到"
