"""The three things every process opens first."""

from dataclasses import dataclass
from typing import Self

from foundation.crypto import Cipher, derive_secret, load_keys
from foundation.database import Database
from foundation.settings import Settings, get_settings


@dataclass(frozen=True)
class Runtime:
    """Settings (with both internal tokens filled in), database and cipher of this process."""

    settings: Settings
    database: Database
    cipher: Cipher

    @classmethod
    def open(cls, settings: Settings | None = None) -> Self:
        """Load keys and connect; makes the data directory. Raises KeyFileError, InsecureSettings.

        The schema is not touched: `foundation.migrate.upgrade` does that, once, before start.
        """
        settings = settings or get_settings()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        keys = load_keys(settings)
        settings = settings.model_copy(
            update={
                "rasa_token": settings.rasa_token or derive_secret(keys, "rasa"),
                "actions_token": settings.actions_token or derive_secret(keys, "actions"),
            }
        )
        return cls(settings, Database(settings.database_url), Cipher(keys))

    def close(self) -> None:
        self.database.close()
