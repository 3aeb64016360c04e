import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import launch


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"")
    return path


def test_run_listens_on_loopback_with_our_files_and_the_exact_model(model: Path) -> None:
    arguments = launch.rasa_arguments("run", ["-m", str(model)])
    assert arguments[arguments.index("--interface") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--port") + 1] == "5005"
    assert arguments[arguments.index("--endpoints") + 1].endswith("bot/endpoints.yml")
    assert arguments[arguments.index("--credentials") + 1].endswith("bot/credentials.yml")
    assert arguments[-2:] == ["--model", str(model)]
    assert "-m" not in arguments


@pytest.mark.parametrize(
    "unsafe",
    [["--enable-api"], ["-i", "0.0.0.0"], ["--interface=0.0.0.0"], ["--debug"], ["-vv"]],
)
def test_run_refuses_what_would_open_the_server(unsafe: list[str], model: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        launch.rasa_arguments("run", ["-m", str(model), *unsafe])
    assert stop.value.code == 2


def test_run_refuses_a_missing_model_instead_of_serving_another(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        launch.rasa_arguments("run", ["-m", str(model.with_name("b.tar.gz"))])
    assert "does not exist" in capsys.readouterr().err


def test_run_refuses_without_secrets(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZHU_RASA_TOKEN", "short")
    with pytest.raises(SystemExit):
        launch.rasa_arguments("run", ["-m", str(model)])


def test_the_newest_model_of_a_folder_is_served(model: Path) -> None:
    newer = model.with_name("b.tar.gz")
    newer.write_bytes(b"")
    os.utime(model, (1, 1))
    assert launch.model_file(["--model", str(model.parent)]) == newer


def test_our_own_configuration_needs_no_tensorflow() -> None:
    launch.check_pipeline(launch.BOT.parent / "config.yml")


@pytest.mark.parametrize("component", ["DIETClassifier", "TEDPolicy", "ResponseSelector"])
def test_a_tensorflow_component_is_refused(component: str, tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text(f"pipeline: [{{name: {component}}}]\npolicies: [{{name: RulePolicy}}]\n")
    with pytest.raises(SystemExit):
        launch.rasa_arguments("train", ["--config", str(config)])


def test_allowed_components_really_import_without_tensorflow() -> None:
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    for name in launch.WORKS_WITHOUT_TENSORFLOW:
        component = DefaultV1Recipe._from_registry(name).clazz
        assert not any("tensorflow" in base.__module__ for base in component.__mro__), name


@pytest.mark.parametrize(("strict", "status"), [(["--fail-on-warnings"], 2), ([], 0)])
def test_a_warning_about_the_data_fails_the_strict_validation(
    strict: list[str], status: int
) -> None:
    """The toy has an intent without a rule; its response without a rule is as it should be."""
    toy = launch.BOT / "tests" / "toy"
    files = [f"--{n}={toy}/{n}.yml" for n in ("config", "domain", "data")]
    command = [sys.executable, "-m", "bot.launch", "data", "validate", *files, *strict]
    done = subprocess.run(
        command, cwd=launch.BOT.parent, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == status
    assert "The intent 'unclear' is not used" in done.stderr
    assert "utter_answer" not in done.stderr


@pytest.mark.parametrize("command", [["train"], ["data", "validate"]])
def test_the_domain_is_the_folder(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it Rasa looks for domain.yml, warns, and trains a model that cannot talk."""
    monkeypatch.chdir(launch.BOT.parent)
    arguments = launch.rasa_arguments(command[0], command[1:])
    assert arguments[arguments.index("--domain") + 1] == "domain"
    given = launch.rasa_arguments(command[0], [*command[1:], "-d", "other"])
    assert "--domain" not in given


def test_a_domain_that_contradicts_itself_is_not_trained_on(
    tmp_path: Path,
) -> None:
    twice = 'version: "3.1"\nentities:\n  - age\n  - age\n'
    (tmp_path / "one.yml").write_text(twice, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot.launch", "train", "--domain", str(tmp_path)],
        cwd=launch.BOT.parent, capture_output=True, text=True, timeout=90,
    )  # fmt: skip
    assert done.returncode == 2
    assert "age" in done.stderr


def test_the_shell_gets_our_endpoints_and_the_nlu_shell_none() -> None:
    assert launch.rasa_arguments("shell", [])[1:] == ["--endpoints", f"{launch.BOT}/endpoints.yml"]
    assert launch.rasa_arguments("shell", ["nlu", "-m", "x"]) == ["shell", "nlu", "-m", "x"]


def test_more_than_512_patterns_stay_compiled() -> None:
    first = re.compile("pattern 0 of many")
    for number in range(1, 2000):
        re.compile(f"pattern {number} of many")
    assert re.compile("pattern 0 of many") is first


def test_tests_never_plot() -> None:
    assert launch.rasa_arguments("test", ["nlu"]) == ["test", "nlu", "--no-plot"]
