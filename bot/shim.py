"""Stand-ins for packages that Rasa imports at start and this bot never uses.

Rasa 3.6.21 imports TensorFlow and the client library of every channel, broker and store it
offers, whether configured or not. None of them is installed here. `install()` adds a finder at
the end of `sys.meta_path`; it answers exactly the roots in `INERT` with modules that can be
imported, subclassed and named in annotations. Calling or instantiating anything from them
raises `NotInstalled`, so a wrong configuration fails loudly and at once.

An installed package always wins, because the finder comes last.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, ClassVar

#: Root module -> what Rasa would need it for.
INERT: dict[str, str] = {
    "tensorflow": "DIET, TED, ResponseSelector",
    "tensorflow_text": "ConveRTFeaturizer",
    "tensorflow_hub": "ConveRTFeaturizer",
    "keras": "DIET, TED, ResponseSelector",
    "transformers": "LanguageModelFeaturizer",
    "skops": "the scikit-learn classifiers of Rasa",
    "matplotlib": "plots of `rasa test` (the launcher adds --no-plot)",
    "aiogram": "Rasa's Telegram channel",
    "fbmessenger": "the Facebook channel",
    "mattermostwrapper": "the Mattermost channel",
    "rocketchat_API": "the Rocket.Chat channel",
    "slack_sdk": "the Slack channel",
    "twilio": "the Twilio channel",
    "webexteamssdk": "the Webex channel",
    "socketio": "the SocketIO channel",
    "cachecontrol": "the Hangouts channel",
    "google": "the Hangouts channel",
    "aio_pika": "the RabbitMQ event broker",
    "aiormq": "the RabbitMQ event broker",
    "boto3": "the DynamoDB tracker store and model storage on S3",
    "botocore": "the DynamoDB tracker store and model storage on S3",
    "pymongo": "the MongoDB tracker store",
}


class NotInstalled(RuntimeError):
    """Something tried to use a package that this environment leaves out on purpose."""

    def __init__(self, name: str) -> None:
        purpose = INERT.get(name.partition(".")[0], "an unused part of Rasa")
        super().__init__(
            f"{name} is not installed: only {purpose} would need it, and this bot runs without. "
            "Remove that component from config.yml, endpoints.yml or credentials.yml."
        )
        self.name = name


class _InertType(type):
    """Metaclass of everything an inert module hands out: a class, so that it can be a base."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _inert(f"{cls.__module__}.{cls.__name__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if issubclass(cls, Exception):  # Rasa's own subclasses of a library's error
            return super().__call__(*args, **kwargs)
        raise NotInstalled(f"{cls.__module__}.{cls.__name__}")

    def __getitem__(cls, _: Any) -> _InertType:
        return cls


class _InertError(Exception, metaclass=_InertType):
    """Base of inert exceptions: they must be legal in an `except` clause."""


def _inert(owner: str, name: str) -> _InertType:
    is_error = name.endswith(("Error", "Exception", "Failure", "Warning"))
    bases: tuple[type, ...] = (_InertError,) if is_error else ()
    return _InertType(name, bases, {"__module__": owner})


class _InertModule(ModuleType):
    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _inert(self.__name__, name)
        setattr(self, name, value)  # the same class every time: `except X` compares identity
        return value


class _InertFinder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in INERT:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def _structlog_sentry() -> ModuleType:
    """Rasa puts `SentryProcessor` into every log chain; nothing here may report to Sentry."""

    class SentryProcessor:
        def __init__(self, **_: Any) -> None: ...

        def __call__(self, _logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
            return event

    module = ModuleType("structlog_sentry")
    module.SentryProcessor = SentryProcessor  # type: ignore[attr-defined]
    return module


def _numpy_2_names() -> None:
    """Give NumPy 2 the one old name that Rasa reads at import time."""
    import numpy as np

    if not hasattr(np, "VisibleDeprecationWarning"):
        np.VisibleDeprecationWarning = np.exceptions.VisibleDeprecationWarning


def install() -> None:
    """Make `import rasa` possible; safe to call twice. Call it before any import of Rasa."""
    if any(isinstance(finder, _InertFinder) for finder in sys.meta_path):
        return
    if importlib.util.find_spec("structlog_sentry") is None:
        sys.modules["structlog_sentry"] = _structlog_sentry()
    _numpy_2_names()
    sys.meta_path.append(_InertFinder())
