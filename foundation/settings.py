"""Settings from the environment (prefix `WENZHU_`) and `.env`, for all four processes alike.

Development needs none of them. Production refuses to start on anything that was only convenient in
development: a key file made on first use, guessable tokens, a public address without TLS.
"""

import re
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# Words that end up in a deployed .env because somebody copied an example.
_PLACEHOLDERS = (
    "changeme",
    "change-me",
    "secret",
    "password",
    "example",
    "test",
    "token",
    "wenzhu",
)
_SHORTEST_SECRET = 24
# Telegram takes up to 256 of these characters, and refuses others only when we register.
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class InsecureSettings(ValueError):
    """Production was asked to start with a setting that only development may have."""


class Settings(BaseSettings):
    """All knobs, with the values a laptop needs.

    `rasa_token` and `actions_token` may stay empty: `Runtime.open()` then derives them from the key
    file, so that the four processes agree without anybody typing them.
    """

    model_config = SettingsConfigDict(
        env_prefix="WENZHU_",
        env_file=".env",
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,  # the input holds secrets
    )

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path("var")
    database_url: str = Field(default="", repr=False)
    key_file: Path | None = None

    model_file: Path | None = Field(
        default=None, description="Serve this trained model; empty: train when the inputs changed"
    )
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055/webhook"
    rasa_token: str = Field(default="", repr=False)
    actions_token: str = Field(default="", repr=False)
    rasa_timeout_seconds: float = Field(default=8.0, gt=0, le=60)

    channels_host: str = "127.0.0.1"
    channels_port: int = Field(default=8080, ge=1, le=65535)
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8000, ge=1, le=65535)
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    actions_port: int = Field(default=5055, ge=1, le=65535)
    public_base_url: str = ""

    widget_origins: list[str] = Field(
        default=[], description="Other web sites that may embed the chat, as origins (https://…)"
    )
    limit_new_conversations_per_minute: int = Field(default=60, ge=1)
    limit_messages_per_minute: int = Field(default=240, ge=1)

    second_factor: Literal["", "off", "roles", "all"] = Field(
        default="",
        description="Who must sign in with a code as well; empty: off, in production roles",
    )

    oidc_issuer: str = Field(
        default="",
        max_length=200,
        description="Identity provider staff sign in at; empty: none",
    )
    oidc_client_id: str = ""
    oidc_client_secret: str = Field(default="", repr=False)
    oidc_name: str = Field(default="单位统一登录", max_length=20)
    oidc_strong: list[str] = Field(
        default=["mfa"],
        description="Values of acr or amr by which the provider says it asked for a second factor",
    )
    staff_base_url: str = Field(default="", description="Where staff reach the console")

    webhook_networks: list[str] = Field(
        default=[],
        description="Internal networks that webhooks may call, as CIDR (10.20.0.0/16)",
    )

    region: str = Field(
        default="",
        pattern=r"^(?:\d{6})?$",
        description="GB/T 2260 code of the area served: 白沙镇 there, not one of the others",
    )
    approve_bot_in: list[Annotated[str, StringConstraints(pattern=r"^\d{6}$")]] = Field(
        default=[],
        description="Areas (GB/T 2260) whose staff read the bot's words to who is with, or waits "
        "for, a person before they are sent",
    )
    help_phone: str = Field(default="12345", pattern=r"^[0-9-]{3,20}$")

    telegram_bot_token: str = Field(default="", repr=False)
    telegram_base_url: str = "https://api.telegram.org"
    telegram_mode: Literal["off", "polling", "webhook"] = "off"
    telegram_webhook_secret: str = Field(default="", repr=False)
    telegram_allow_filing: bool = Field(
        default=False,
        validation_alias=AliasChoices("WENZHU_TELEGRAM_ALLOW_FILING", "TELEGRAM_ALLOW_FILING"),
        description="Telegram is hosted abroad: identity data there is a cross-border transfer.",
    )

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @model_validator(mode="after")
    def _fill_in_and_check(self) -> Self:
        if self.is_production:
            self._refuse_development_habits()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'wenzhu.db'}"
        if self.key_file is None:
            self.key_file = self.data_dir / "keys.json"
        if not self.second_factor:
            self.second_factor = "roles" if self.is_production else "off"
        for network in self.webhook_networks:
            ip_network(network)
        if self.oidc_issuer:
            self._check_oidc()
        if self.telegram_mode != "off" and not self.telegram_bot_token:
            raise InsecureSettings("WENZHU_TELEGRAM_BOT_TOKEN is needed when Telegram is on")
        if self.telegram_mode == "webhook":
            self._check_webhook()
        return self

    def _check_oidc(self) -> None:
        for name in ("oidc_client_id", "oidc_client_secret", "staff_base_url"):
            if not getattr(self, name):
                raise InsecureSettings(f"WENZHU_{name.upper()} is needed with WENZHU_OIDC_ISSUER")
        for name in ("oidc_issuer", "staff_base_url"):
            if self.is_production and not getattr(self, name).startswith("https://"):
                raise InsecureSettings(f"WENZHU_{name.upper()} must be https:// in production")

    def _check_webhook(self) -> None:
        """Telegram posts to us over TLS only, and anybody could post without the secret."""
        if not self.public_base_url.startswith("https://"):
            raise InsecureSettings(
                "WENZHU_PUBLIC_BASE_URL (https://…, where Telegram reaches us) is needed in "
                "webhook mode"
            )
        if not _WEBHOOK_SECRET.fullmatch(self.telegram_webhook_secret):
            raise InsecureSettings(
                "WENZHU_TELEGRAM_WEBHOOK_SECRET (16 to 256 of A-Z, a-z, 0-9, _ and -) is needed "
                "in webhook mode"
            )

    def _refuse_development_habits(self) -> None:
        if self.key_file is None:
            raise InsecureSettings(
                "production needs WENZHU_KEY_FILE: a file made by `python -m foundation new-keys`, "
                "kept outside the data directory and its backups"
            )
        for name in ("rasa_token", "actions_token"):
            value: str = getattr(self, name)
            if value and (len(value) < _SHORTEST_SECRET or value.lower().startswith(_PLACEHOLDERS)):
                raise InsecureSettings(
                    f"WENZHU_{name.upper()} is guessable; leave it empty (it is then derived from "
                    f"the key file) or use {_SHORTEST_SECRET} random characters or more"
                )
        if self.public_base_url and not self.public_base_url.startswith("https://"):
            raise InsecureSettings("WENZHU_PUBLIC_BASE_URL must be https:// in production")


def complaint(problem: ValidationError) -> str:
    """What is wrong with the settings, in one line, for whoever starts the process."""
    found = []
    for error in problem.errors():
        name = "_".join(map(str, error["loc"])).upper()
        said = error["msg"].removeprefix("Value error, ")
        found.append(f"WENZHU_{name}: {said}" if name else said)
    return "; ".join(found)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once. Tests build their own `Settings(...)` instead."""
    return Settings()
