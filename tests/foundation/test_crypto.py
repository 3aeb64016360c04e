"""Fields open only in their place and under their key; lookups do not open them."""

import json
import multiprocessing
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.__main__ import main as by_hand
from foundation.crypto import (
    Cipher,
    DecryptionFailed,
    KeyFileError,
    Keys,
    derive_secret,
    load_keys,
    new_keys,
    read_key_file,
    rotated,
    write_key_file,
)
from foundation.settings import Settings

KEYS = new_keys()
PLACE = "case_fact.value.7"


@given(st.text(max_size=200))
def test_what_is_encrypted_comes_back(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return  # lone surrogates never get past text.clean
    cipher = Cipher(KEYS)
    assert cipher.decrypt(cipher.encrypt(text, PLACE), PLACE) == text


def test_the_same_text_never_encrypts_to_the_same_token() -> None:
    cipher = Cipher(KEYS)
    assert len({cipher.encrypt("13800138000", PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize("place", ["case_fact.value.8", "case_fact.name.7", ""])
def test_a_value_moved_elsewhere_does_not_open(place: str) -> None:
    token = Cipher(KEYS).encrypt("440301199001011234", PLACE)
    with pytest.raises(DecryptionFailed):
        Cipher(KEYS).decrypt(token, place)


def test_every_altered_character_is_noticed() -> None:
    cipher = Cipher(KEYS)
    token = cipher.encrypt("低保", PLACE)
    opened = 0
    for position in range(len(token)):
        for other in ("A", "B", "*", "."):
            if token[position] == other:
                continue
            altered = token[:position] + other + token[position + 1 :]
            try:
                opened += cipher.decrypt(altered, PLACE) != "低保"
            except DecryptionFailed:
                continue
            # base64 ignores spare bits at the very end; anything else must have failed
            assert position == len(token) - 1
    assert opened == 0


@pytest.mark.parametrize("token", ["", "k1", "k1.", "k9.AAAA", "k1.AAAA", "k1.中文", "k1.A" * 9])
def test_rubbish_is_refused_as_such(token: str) -> None:
    with pytest.raises(DecryptionFailed):
        Cipher(KEYS).decrypt(token, PLACE)


def test_refusals_do_not_carry_the_value() -> None:
    token = Cipher(new_keys()).encrypt("440301199001011234", PLACE)
    with pytest.raises(DecryptionFailed) as refusal:
        Cipher(KEYS).decrypt(token, PLACE)
    assert token not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_old_rows_stay_readable_after_a_rotation() -> None:
    before = Cipher(KEYS)
    newer = rotated(KEYS)
    after = Cipher(newer)
    token = before.encrypt("张三", PLACE)
    assert after.decrypt(token, PLACE) == "张三"
    assert after.key_id(after.encrypt("张三", PLACE)) == "k2"
    assert after.blind_index("phone", "1") == before.blind_index("phone", "1")
    with pytest.raises(DecryptionFailed):
        before.decrypt(after.encrypt("张三", PLACE), PLACE)


def test_blind_index_ignores_how_a_number_was_typed() -> None:
    cipher = Cipher(KEYS)
    typed = ["138 0013 8000", "138-0013-8000", "１３８００１３８０００", " 13800138000\n"]
    assert {cipher.blind_index("phone", way) for way in typed} == {
        cipher.blind_index("phone", "13800138000")
    }
    assert cipher.blind_index("id", "11010519491231002x") == cipher.blind_index(
        "id", "11010519491231002X"
    )


def test_blind_index_differs_by_field_value_and_installation() -> None:
    cipher = Cipher(KEYS)
    index = cipher.blind_index("phone", "13800138000")
    assert len(index) == 32
    assert index != cipher.blind_index("id", "13800138000")
    assert index != cipher.blind_index("phone", "13800138001")
    assert index != Cipher(new_keys()).blind_index("phone", "13800138000")
    assert index not in cipher.pseudonym("phone", "13800138000")


def test_pseudonyms_are_exact_and_kept_apart_by_kind() -> None:
    cipher = Cipher(KEYS)
    assert cipher.pseudonym("sender", "42") == Cipher(KEYS).pseudonym("sender", "42")
    assert cipher.pseudonym("sender", "42") != cipher.pseudonym("token", "42")
    assert cipher.pseudonym("sender", "42") != cipher.pseudonym("sender", "42 ")


def test_derived_secrets_differ_by_purpose() -> None:
    assert derive_secret(KEYS, "rasa") == derive_secret(KEYS, "rasa")
    assert derive_secret(KEYS, "rasa") != derive_secret(KEYS, "actions")


def test_keys_do_not_show_themselves() -> None:
    assert "derivation" not in repr(KEYS)
    assert repr(KEYS) == "Keys(current='k1')"


def test_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    keys = load_keys(settings)
    path = tmp_path / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keys(settings) == keys
    assert [item.name for item in tmp_path.iterdir()] == ["keys.json"]


def test_a_key_file_in_use_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_key_file(path, KEYS)
    write_key_file(path, new_keys())
    assert read_key_file(path) == KEYS


def _load(directory: str) -> Keys:
    return load_keys(Settings(_env_file=None, data_dir=Path(directory)))


def test_processes_that_start_together_share_one_key_file(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(_load, [str(tmp_path)] * 8)
    assert all(item == keys[0] for item in keys)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "",
        lambda _: "[]",
        lambda document: json.dumps(document)[:-20],
        lambda document: json.dumps({**document, "current": "k7"}),
        lambda document: json.dumps({**document, "index": "AAAA"}),
        lambda document: json.dumps({**document, "encryption": {"k1": "!!"}}),
        lambda document: json.dumps({**document, "encryption": None}),
    ],
)
def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "keys.json"
    write_key_file(path, KEYS)
    document = json.loads(path.read_text(encoding="utf-8"))
    damaged = damage(document)  # type: ignore[operator]
    path.write_text(damaged, encoding="utf-8")
    with pytest.raises(KeyFileError) as refusal:
        load_keys(Settings(_env_file=None, data_dir=tmp_path))
    assert path.read_text(encoding="utf-8") == damaged
    assert document["index"] not in str(refusal.value)


def test_key_files_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deep" / "keys.json"
    assert by_hand(["rotate-keys", str(path)]) == 1
    assert by_hand(["new-keys", str(path)]) == 0
    first = read_key_file(path)
    assert by_hand(["new-keys", str(path)]) == 1
    assert read_key_file(path) == first
    assert by_hand(["rotate-keys", str(path)]) == 0
    second = read_key_file(path)
    assert (second.current, second.index) == ("k2", first.index)
    token = Cipher(first).encrypt("张三", PLACE)
    assert Cipher(second).decrypt(token, PLACE) == "张三"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["keys.json"]
    assert json.loads(path.read_text(encoding="utf-8"))["index"] not in capsys.readouterr().out
