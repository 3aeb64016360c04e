"""Development needs nothing; production refuses what is only convenient in development."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from foundation.crypto import KeyFileError, load_keys, new_keys, write_key_file
from foundation.runtime import Runtime
from foundation.settings import Settings, complaint


def make(**values: object) -> Settings:
    return Settings(_env_file=None, **values)


def test_development_needs_no_setting(tmp_path: Path) -> None:
    settings = make(data_dir=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/wenzhu.db"
    assert settings.key_file == tmp_path / "keys.json"


def test_environment_names_have_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZHU_HELP_PHONE", "0593-12345")
    monkeypatch.setenv("TELEGRAM_ALLOW_FILING", "true")
    assert make().help_phone == "0593-12345"
    assert make().telegram_allow_filing is True


def test_every_name_in_the_example_is_a_setting() -> None:
    example = Path(__file__).parents[2] / ".env.example"
    names = [
        line.lstrip("#").partition("=")[0]
        for line in example.read_text(encoding="utf-8").splitlines()
        if line.startswith("#WENZHU_")
    ]
    known = {f"WENZHU_{name.upper()}" for name in Settings.model_fields}
    assert len(names) > 15
    assert set(names) == known


def test_production_without_a_key_file_does_not_start() -> None:
    with pytest.raises(ValidationError, match="WENZHU_KEY_FILE"):
        make(environment="production")


@pytest.mark.parametrize("token", ["secret", "changeme-changeme-changeme-changeme", "a" * 23])
def test_production_refuses_a_guessable_token(token: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="guessable"):
        make(environment="production", key_file=tmp_path / "k", rasa_token=token)


def test_production_refuses_a_public_address_without_tls(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="https"):
        make(
            environment="production",
            key_file=tmp_path / "k",
            public_base_url="http://wenzhu.example",
        )


def test_production_never_makes_its_own_key_file(tmp_path: Path) -> None:
    settings = make(environment="production", key_file=tmp_path / "k.json")
    with pytest.raises(KeyFileError, match="does not exist"):
        load_keys(settings)
    assert not (tmp_path / "k.json").exists()


def test_production_refuses_a_key_file_open_to_others(tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    write_key_file(path, new_keys())
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keys(make(environment="production", key_file=path))


WEBHOOK: dict[str, object] = {
    "telegram_mode": "webhook",
    "telegram_bot_token": "1:a",
    "telegram_webhook_secret": "a-secret-of-24-characters",
    "public_base_url": "https://chat.example.cn",
}


def test_the_webhook_works_with_an_address_and_a_secret() -> None:
    assert make(**WEBHOOK).telegram_mode == "webhook"


def test_what_is_missing_is_one_line_without_the_secrets() -> None:
    with pytest.raises(ValidationError) as problem:
        make(**{**WEBHOOK, "public_base_url": "", "telegram_bot_token": "1:canary"})
    said = complaint(problem.value)
    assert said.startswith("WENZHU_PUBLIC_BASE_URL (https://")
    assert "\n" not in said
    assert "canary" not in said + str(problem.value)
    with pytest.raises(ValidationError) as problem:
        make(api_port=0)
    assert complaint(problem.value).startswith("WENZHU_API_PORT: ")


@pytest.mark.parametrize(
    "values",
    [
        {"telegram_mode": "polling"},
        {"telegram_mode": "webhook", "telegram_bot_token": "1:a"},
        {**WEBHOOK, "telegram_webhook_secret": "s"},
        {**WEBHOOK, "telegram_webhook_secret": "with a space, which Telegram refuses"},
        {**WEBHOOK, "public_base_url": ""},
        {**WEBHOOK, "public_base_url": "http://chat.example.cn"},
        {"help_phone": "call me"},
        {"api_port": 0},
        {"rasa_timeout_seconds": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make(**values)


def test_settings_never_show_their_secrets(tmp_path: Path) -> None:
    canary = "canary-7c1f0e6f2a9b4d3c8e5f"
    settings = make(
        data_dir=tmp_path,
        rasa_token=canary,
        actions_token=canary,
        telegram_bot_token=canary,
        telegram_webhook_secret=canary,
        database_url=f"postgresql://u:{canary}@h/d",
    )
    assert canary not in repr(settings)
    assert canary not in str(settings)


def test_all_processes_agree_on_the_derived_tokens(tmp_path: Path) -> None:
    first, second = Runtime.open(make(data_dir=tmp_path)), Runtime.open(make(data_dir=tmp_path))
    assert len(first.settings.rasa_token) == 64
    assert first.settings.rasa_token == second.settings.rasa_token
    assert first.settings.actions_token == second.settings.actions_token
    assert first.settings.rasa_token != first.settings.actions_token
    first.close()
    second.close()


def test_production_asks_the_strong_roles_for_a_code_unless_told_otherwise(tmp_path: Path) -> None:
    key = tmp_path / "k.json"
    assert make().second_factor == "off"
    assert make(environment="production", key_file=key).second_factor == "roles"
    chosen = make(environment="production", key_file=key, second_factor="all")
    assert chosen.second_factor == "all"
    with pytest.raises(ValidationError):
        make(second_factor="sometimes")
