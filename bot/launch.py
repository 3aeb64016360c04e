"""The only door to Rasa: `python -m bot.launch run|train|data|test|shell …` in the root folder.

Rasa itself is never called directly, because it would not start: the launcher first installs the
stand-ins (`bot.shim`) and the patches (`bot.patches`), checks the version and the configuration,
and fills in what must not be forgotten (loopback, our endpoints and credentials, no plots).
All further arguments go to Rasa unchanged.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

from bot import shim

RASA_VERSION = "3.6.21"
COMMANDS = ("run", "train", "data", "test", "shell")
BOT = Path(__file__).resolve().parent
MODEL_NAME = "wenzhu"

#: What may stand in config.yml beside our own `bot.*` components; none of it needs TensorFlow.
WORKS_WITHOUT_TENSORFLOW = {
    "RulePolicy",
    "MemoizationPolicy",
    "AugmentedMemoizationPolicy",
    "FallbackClassifier",
    "KeywordIntentClassifier",
    "RegexEntityExtractor",
    "EntitySynonymMapper",
}

ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    # Rasa's cache fingerprints a component by the source of its class alone: a change in a module
    # which that class imports would go unnoticed and an old model would be served as new.
    "RASA_MAX_CACHE_SIZE": "0",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "WENZHU_RASA_PORT": "5005",
    "WENZHU_ACTIONS_URL": "http://127.0.0.1:5055/webhook",
}
SECRETS = ("WENZHU_RASA_TOKEN", "WENZHU_ACTIONS_TOKEN")
SHORTEST_SECRET = 16


def refuse(reason: str) -> NoReturn:
    """Stop with one line that says what to do; exit status 2."""
    print(f"bot.launch: {reason}", file=sys.stderr)
    raise SystemExit(2)


def _option(arguments: Sequence[str], *names: str) -> str | None:
    """The value of an option, given as `--name value` or `--name=value`; None when absent."""
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in names:
            if equals:
                return value
            return arguments[position + 1] if position + 1 < len(arguments) else ""
    return None


def _with_defaults(arguments: list[str], defaults: dict[tuple[str, ...], str]) -> list[str]:
    missing = [
        (names, value) for names, value in defaults.items() if _option(arguments, *names) is None
    ]
    return arguments + [part for names, value in missing for part in (names[0], value)]


def newest_model(folder: Path) -> Path:
    """The model file last written in `folder`; refuses when there is none."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        refuse(f"no model in {folder}; run `python -m bot.launch train` first")
    return models[-1]


def model_file(arguments: Sequence[str]) -> Path:
    """The exact model file to serve. Rasa would silently fall back to another one."""
    path = Path(_option(arguments, "--model", "-m") or "models")
    if path.is_dir() or (path == Path("models") and not path.exists()):
        return newest_model(path).resolve()
    if not path.is_file():
        refuse(f"model {path} does not exist")
    return path.resolve()


def check_pipeline(config_file: Path) -> None:
    """Refuse a configuration that names a component which would need TensorFlow."""
    from ruamel.yaml import YAML

    config: dict[str, Any] = YAML(typ="safe").load(config_file.read_text(encoding="utf-8"))
    for section in ("pipeline", "policies"):
        for entry in config.get(section) or []:
            name = str(entry["name"])
            if not name.startswith("bot.") and name not in WORKS_WITHOUT_TENSORFLOW:
                refuse(
                    f"{config_file}: {section} names {name}, which is not known to work without "
                    "TensorFlow; see WORKS_WITHOUT_TENSORFLOW in bot/launch.py"
                )


def _serving(arguments: list[str]) -> list[str]:
    for secret in SECRETS:
        if len(os.environ.get(secret, "")) < SHORTEST_SECRET:
            refuse(f"set {secret} (at least {SHORTEST_SECRET} characters)")
    if "--enable-api" in arguments:
        refuse("--enable-api would let any caller read and change conversations; it stays off")
    if {"-v", "-vv", "--verbose", "--debug"} & set(arguments):
        refuse("the server's debug log repeats what residents write; use `shell` to look closely")
    interface = _option(arguments, "-i", "--interface") or "127.0.0.1"
    if interface not in ("127.0.0.1", "::1", "localhost"):
        refuse(f"the server listens on loopback only, not on {interface}")
    if _option(arguments, "--model", "-m") is not None:
        position = next(
            i for i, a in enumerate(arguments) if a.partition("=")[0] in ("--model", "-m")
        )
        del arguments[position : position + (1 if "=" in arguments[position] else 2)]
    defaults = {
        ("--interface", "-i"): "127.0.0.1",
        ("--port", "-p"): os.environ["WENZHU_RASA_PORT"],
        ("--endpoints",): str(BOT / "endpoints.yml"),
        ("--credentials",): str(BOT / "credentials.yml"),
    }
    return _with_defaults(arguments, defaults)


def rasa_arguments(command: str, given: Sequence[str]) -> list[str]:
    """Complete the arguments of one Rasa command; refuses the unsafe ones."""
    arguments = list(given)
    if command == "run":
        model = model_file(arguments)
        return ["run", *_serving(arguments), "--model", str(model)]
    if command == "train":
        check_pipeline(Path(_option(arguments, "--config", "-c") or "config.yml"))
        # `data validate` is a check of its own; here it would read all data once more.
        skip = [] if "--skip-validation" in arguments else ["--skip-validation"]
        defaults = {("--fixed-model-name",): MODEL_NAME, ("--domain", "-d"): "domain"}
        return ["train", *_with_defaults(arguments, defaults), *skip]
    if command == "data" and arguments[:1] == ["validate"]:
        return ["data", *_with_defaults(arguments, {("--domain", "-d"): "domain"})]
    if command == "test" and "--no-plot" not in arguments:
        return ["test", *arguments, "--no-plot"]
    if command == "shell" and arguments[:1] != ["nlu"]:
        return ["shell", *_with_defaults(arguments, {("--endpoints",): str(BOT / "endpoints.yml")})]
    return [command, *arguments]


def prepare() -> None:
    """Everything that must happen before `import rasa`, then the checked import and the patches."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Rasa and our extractors together use more inline patterns than re keeps (512): past that,
    # every message would compile them anew.
    re._MAXCACHE = 4096  # type: ignore[attr-defined]
    shim.install()
    with warnings.catch_warnings():  # imported here once, where its advice to all the world is mute
        warnings.simplefilter("ignore")
        import pkg_resources  # noqa: F401
        import sanic  # noqa: F401  (it turns the display of DeprecationWarning on)
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    import rasa.version

    if rasa.version.__version__ != RASA_VERSION:
        refuse(
            f"Rasa {rasa.version.__version__} is installed; this bot is built for {RASA_VERSION}"
        )
    from rasa.utils.common import EXPECTED_WARNINGS

    from bot import patches

    patches.apply()
    # Words are chosen by actions, not by rules: Rasa misses a rule for nearly every response.
    EXPECTED_WARNINGS.append((UserWarning, r"The utterance '\w+' is not used in any story or rule"))


@contextmanager
def _no_warning_passes() -> Iterator[None]:
    """Make every displayed UserWarning count: Rasa's own --fail-on-warnings forgives most."""
    show, shown = warnings.showwarning, 0

    def showwarning(message: Any, category: type[Warning], *rest: Any, **named: Any) -> None:
        nonlocal shown
        shown += issubclass(category, UserWarning)
        show(message, category, *rest, **named)

    warnings.showwarning = showwarning
    yield
    if shown:
        refuse(f"{shown} warnings about the training data, see above")


def _refuse_broken_domain(folder: str) -> None:
    """Rasa itself trains on without a domain when its files contradict each other."""
    from rasa.shared.core.domain import Domain, InvalidDomain

    try:
        Domain.load(folder)
    except InvalidDomain as problem:
        refuse(f"{folder}: {problem}")


def main(argv: Sequence[str] | None = None) -> None:
    """Run one Rasa command; exit status is Rasa's own, or 2 when the launcher refuses."""
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or given[0] not in COMMANDS:
        parser = argparse.ArgumentParser(prog="python -m bot.launch", description=__doc__)
        parser.add_argument("command", choices=COMMANDS)
        parser.parse_args(given[:1])
    os.environ.setdefault("WENZHU_RASA_PORT", ENVIRONMENT["WENZHU_RASA_PORT"])
    sys.argv = ["rasa", *rasa_arguments(given[0], given[1:])]
    prepare()
    from rasa.__main__ import main as rasa_main

    if given[0] == "train":
        named = sys.argv.index("--domain") + 1 if "--domain" in sys.argv else 0
        _refuse_broken_domain(sys.argv[named] if named else "domain")
    strict = given[0] == "data" and "--fail-on-warnings" in given
    with _no_warning_passes() if strict else nullcontext():
        rasa_main()


if __name__ == "__main__":
    main()
