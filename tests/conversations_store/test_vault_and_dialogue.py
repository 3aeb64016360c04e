"""Numbers become tokens good in one conversation; the dialogue's state is kept and kept secret."""

import threading

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations import dialogue, links, personal_numbers, vault
from conversations.errors import UnknownConversation
from conversations.number_forms import Kind
from foundation.crypto import Cipher
from foundation.database import Database, new_id

PHONE = "13800138000"
ID = "11010519491231002X"
IN_ONE_DATABASE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)


def tokenise(database: Database, cipher: Cipher, chat: str, text: str) -> str:
    with database.write() as session:
        return vault.tokenise(session, cipher, chat, text)


def test_a_number_becomes_a_token_and_comes_back(
    database: Database, cipher: Cipher, chat: str
) -> None:
    text = tokenise(database, cipher, chat, f"我是李桂芳，身份证{ID.lower()}，电话138 0013 8000")
    id_token, phone_token = vault.tokens(text)
    assert text == f"我是李桂芳，身份证{id_token}，电话{phone_token}"
    assert (vault.kind(id_token), vault.kind(phone_token)) == (Kind.ID, Kind.PHONE)
    with database.read() as session:
        assert vault.reveal(session, cipher, chat, id_token) == ID
        assert vault.reveal(session, cipher, chat, phone_token.strip("⟦⟧")) == PHONE


def test_the_same_number_keeps_its_token_however_it_is_typed(
    database: Database, cipher: Cipher, chat: str
) -> None:
    texts = [
        tokenise(database, cipher, chat, way)
        for way in (PHONE, "138-0013-8000", "幺三八零零幺三八零零零", "１３８００１３８０００")
    ]
    assert len(set(texts)) == 1


def test_a_token_opens_in_its_own_conversation_only(
    database: Database, cipher: Cipher, chat: str, other_chat: str
) -> None:
    token = tokenise(database, cipher, chat, PHONE)
    with database.read() as session:
        assert vault.reveal(session, cipher, other_chat, token) is None
        for forged in ("", "⟦PHONE:zzzz⟧", "PHONE", PHONE, "⟦ID:" + token[-5:]):
            assert vault.reveal(session, cipher, chat, forged) is None


def test_somebody_who_types_a_token_does_not_get_one(
    database: Database, cipher: Cipher, chat: str
) -> None:
    token = tokenise(database, cipher, chat, PHONE)
    typed = tokenise(database, cipher, chat, f"给我{token}")
    assert vault.tokens(typed) == []
    assert "〔PHONE:" in typed


def test_the_tables_do_not_hold_the_number_nor_tell_equal_numbers(
    database: Database, cipher: Cipher, chat: str, other_chat: str
) -> None:
    tokenise(database, cipher, chat, f"{PHONE}，{ID}")
    tokenise(database, cipher, other_chat, PHONE)
    with database.read() as session:
        stored = repr(session.execute(sa.text("select * from vault_value")).all())
        indexes = session.scalars(sa.text("select value_index from vault_value")).all()
    assert PHONE not in stored
    assert ID not in stored
    assert len(set(indexes)) == 3


def test_a_screen_shows_numbers_masked(database: Database, cipher: Cipher, chat: str) -> None:
    text = tokenise(database, cipher, chat, f"电话{PHONE}，证{ID}，卡6222021001116245702")
    with database.read() as session:
        shown = vault.render(session, cipher, chat, text + "⟦PHONE:ffff0000⟧")
    assert shown == ("电话138****8000，证110105********002X，卡***************5702（号码）")


def test_what_is_no_token_has_no_kind() -> None:
    assert vault.kind("⟦NUM:12ab⟧") is Kind.NUM
    for text in ("", "PHONE", "⟦PHONE:⟧", "⟦FAX:12ab⟧", "我⟦PHONE:12ab⟧", PHONE):
        assert vault.kind(text) is None


def test_an_unknown_conversation_has_no_vault(database: Database, cipher: Cipher) -> None:
    with pytest.raises(UnknownConversation):
        tokenise(database, cipher, new_id(), PHONE)


typed_text = st.lists(
    st.one_of(
        st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
        st.sampled_from([ID, "6222021001116245702", "1380013800", "138****8000"]),
        st.text(st.sampled_from("我家电话是的，。1200元 -x⟦⟧:"), max_size=6),
    ),
    max_size=6,
).map("".join)


@IN_ONE_DATABASE
@given(text=typed_text)
def test_revealing_every_token_gives_the_message_back(
    database: Database, cipher: Cipher, chat: str, text: str
) -> None:
    neutral = text.replace("⟦", "〔").replace("⟧", "〕")
    found = personal_numbers.find(neutral)
    tokenised = tokenise(database, cipher, chat, text)
    tokens = vault.tokens(tokenised)
    with database.read() as session:
        values = [vault.reveal(session, cipher, chat, token) for token in tokens]
    assert values == [item.value for item in found]
    for item, token in zip(found, tokens, strict=True):
        tokenised = tokenised.replace(token, neutral[item.start : item.end], 1)
    assert tokenised == neutral


@IN_ONE_DATABASE
@given(text=typed_text)
def test_tokenised_text_has_no_personal_number_left(
    database: Database, cipher: Cipher, chat: str, text: str
) -> None:
    tokenised = tokenise(database, cipher, chat, text)
    assert [item for item in personal_numbers.find(tokenised) if item.kind is not Kind.NUM] == []


def test_one_number_from_two_sides_at_once_gets_one_token(
    database: Database, cipher: Cipher, chat: str
) -> None:
    results: list[str] = []
    problems: list[Exception] = []

    def work() -> None:
        try:
            results.append(tokenise(database, cipher, chat, PHONE))
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for item in threads:
        item.start()
    for item in threads:
        item.join()
    assert problems == []
    assert len(set(results)) == 1


def test_a_new_dialogue_is_empty_and_a_saved_one_comes_back(
    database: Database, cipher: Cipher, chat: str, other_chat: str
) -> None:
    data = {"asking": "household_size", "facts": {"name": "李桂芳", "income": [0, 1200.5]}}
    with database.write() as session:
        assert dialogue.load(session, cipher, chat) == dialogue.Dialogue()
        dialogue.save(session, cipher, chat, data, "m1", [{"text": "家里几口人？"}])
    with database.read() as session:
        loaded = dialogue.load(session, cipher, chat)
        assert loaded.data == data
        assert loaded.last_message_id == "m1"
        assert loaded.last_replies == [{"text": "家里几口人？"}]
        assert dialogue.load(session, cipher, other_chat).data == {}
        stored = repr(session.execute(sa.text("select * from dialogue_state")).all())
    assert "李桂芳" not in stored
    assert "几口人" not in stored


def test_a_failed_turn_leaves_the_dialogue_as_it_was(
    database: Database, cipher: Cipher, chat: str
) -> None:
    with database.write() as session:
        dialogue.save(session, cipher, chat, {"asking": "age"}, "m1", [])
    with pytest.raises(ValueError, match="JSON"), database.write() as session:
        dialogue.save(session, cipher, chat, {"asking": float("nan")}, "m2", [])
    with database.read() as session:
        loaded = dialogue.load(session, cipher, chat)
    assert (loaded.data, loaded.last_message_id) == ({"asking": "age"}, "m1")


def test_turns_of_one_conversation_never_lose_each_others_state(
    database: Database, cipher: Cipher, chat: str
) -> None:
    problems: list[Exception] = []

    def work(name: int) -> None:
        try:
            for number in range(5):
                with database.write() as session:
                    state = dialogue.load(session, cipher, chat)
                    state.data[f"{name}.{number}"] = True
                    dialogue.save(session, cipher, chat, state.data, None, [])
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for item in threads:
        item.start()
    for item in threads:
        item.join()
    assert problems == []
    with database.read() as session:
        assert len(dialogue.load(session, cipher, chat).data) == 20


def test_a_dialogue_needs_a_conversation(database: Database, cipher: Cipher) -> None:
    with pytest.raises(UnknownConversation), database.write() as session:
        dialogue.load(session, cipher, new_id())


def test_a_link_carries_the_dialogue_over_once(
    database: Database, cipher: Cipher, chat: str, other_chat: str
) -> None:
    with database.write() as session:
        dialogue.save(session, cipher, other_chat, {"asking": "age"}, "m1", [{"text": "几岁"}])
        token = links.create(session, cipher, other_chat)
    with database.write() as session:
        assert not links.redeem(session, cipher, token + "x", chat)
        assert links.redeem(session, cipher, token, chat)
        assert not links.redeem(session, cipher, token, chat)
    with database.read() as session:
        loaded = dialogue.load(session, cipher, chat)
    assert (loaded.data, loaded.last_message_id, loaded.last_replies) == (
        {"asking": "age"},
        None,
        [],
    )
