"""The documents name what there is: settings, commands, edges, codes, dependencies, files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import pytest
import typer.main
from fastapi import APIRouter

from api import cases_api
from cases.states import PROGRAMMES, Department, DiscoveryChannel, Role, Urgency
from channels import webchat
from devtools import cli
from foundation.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "CHANGELOG.md"]
ENVIRONMENTS = {"pyproject.toml": ".venv", "bot/pyproject.toml": "bot/.venv"}


def words(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


# ---- settings and commands ----------------------------------------------------------------------
@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_explained_and_in_the_example(field: str) -> None:
    name = f"WENZHU_{field.upper()}"
    example = (ROOT / ".env.example").read_text("utf-8")
    assert re.search(rf"^#?{name}=", example, re.MULTILINE), f"{name} is not in .env.example"
    settings = words("operations.md").partition("## Settings")[2]
    assert f"`{name}`" in settings, f"{name} is not in docs/operations.md"


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    known = {f"WENZHU_{field.upper()}" for field in Settings.model_fields}
    known.add("WENZHU_PYTHON")  # read by devtools/bootstrap.sh
    for page in [ROOT / ".env.example", *PAGES]:
        found = set(re.findall(r"\bWENZHU_[A-Z_]+\b", page.read_text("utf-8")))
        assert found <= known, f"{page.name}: {sorted(found - known)}"


def commands() -> dict[str, Any]:
    return dict(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_documented(name: str) -> None:
    line = re.search(rf"^\| `wenzhu {name}\b.*$", words("api.md"), re.MULTILINE)
    assert line, f"`wenzhu {name}` is not in docs/api.md"
    for parameter in commands()[name].params:
        options = [word for word in parameter.opts if word.startswith("--") and word != "--help"]
        spellings = [*options, *(word for word in parameter.secondary_opts)]
        assert not spellings or any(word in line[0] for word in spellings), (name, spellings)


# ---- edges --------------------------------------------------------------------------------------
def calls(router: APIRouter) -> list[str]:
    return [
        f"{method} {route.path}"  # type: ignore[attr-defined]
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize("call", [*calls(webchat.router), *calls(cases_api.router)])
def test_every_call_of_the_stable_edges_is_documented(call: str) -> None:
    assert re.search(rf"`{re.escape(call)}[`?]", words("api.md")), f"{call} is not in docs/api.md"


# ---- words --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "chinese"),
    [
        *PROGRAMMES.items(),
        *(
            (str(member), member.word)
            for kind in (Department, DiscoveryChannel, Urgency, Role)
            for member in kind
        ),
    ],
)
def test_every_code_is_in_the_glossary_with_its_word(code: str, chinese: str) -> None:
    rows = [row for row in words("glossary.md").splitlines() if f"`{code}`" in row]
    assert any(chinese in row for row in rows), f"{code} {chinese}"


# ---- dependencies -------------------------------------------------------------------------------
def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def direct(project: str) -> list[str]:
    """Everything a project asks for itself, development tools included."""
    document = tomllib.loads((ROOT / project).read_text("utf-8"))
    wanted = list(document["project"]["dependencies"])
    for groups in (
        document["project"].get("optional-dependencies", {}),
        document.get("dependency-groups", {}),
    ):
        for group in groups.values():
            wanted += group
    return [plain(re.match(r"[A-Za-z0-9._-]+", one)[0]) for one in wanted]  # type: ignore[index]


def locked(project: str) -> dict[str, set[str]]:
    """Package → versions in the lock; several when they depend on the Python version."""
    lock = (ROOT / project).with_name("requirements.lock").read_text("utf-8")
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE):
        versions.setdefault(plain(name), set()).add(version)
    return versions


def documented(project: str) -> dict[str, tuple[set[str], str]]:
    """Package → (versions, licence) as docs/dependencies.md says."""
    page = words("dependencies.md")
    start = page.index("## Rasa's environment")
    part = page[start:] if project.startswith("bot/") else page[:start]
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", part, re.MULTILINE)
    return {
        name: (set(version.strip().split(" / ")), licence.strip())
        for name, version, licence in rows
        if name != "package"
    }


@cache
def installed(environment: str) -> dict[str, Distribution]:
    folders = list((ROOT / environment / "lib").glob("python3*/site-packages"))
    found = distributions(path=[str(folder) for folder in folders])
    return {plain(one.metadata["Name"]): one for one in found}


def licences(one: Distribution) -> Iterator[str]:
    """What a distribution says about its licence, without licence texts (which name others)."""
    yield (one.metadata.get("License-Expression") or "").strip()
    yield (one.metadata.get("License") or "").strip().split("\n")[0]
    for classifier in one.metadata.get_all("Classifier") or []:
        if classifier.startswith("License ::"):
            yield classifier.split("::")[-1].strip()


@pytest.mark.parametrize("project", ENVIRONMENTS)
def test_every_direct_dependency_is_listed_as_it_is_locked(project: str) -> None:
    versions, listed = locked(project), documented(project)
    assert sorted(listed) == sorted(direct(project))
    for name in direct(project):
        assert listed[name][0] == versions[name], name


@pytest.mark.parametrize(("project", "environment"), ENVIRONMENTS.items())
def test_the_listed_licence_is_the_one_the_package_states(project: str, environment: str) -> None:
    packages = installed(environment)
    if not packages:
        pytest.skip(f"{environment} is not installed")
    short = {"MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0"}
    for name, (_, licence) in documented(project).items():
        stated = [short.get(one, one) for one in licences(packages[name]) if one]
        if stated:  # pysqlite3 has only a licence file
            assert licence in stated, (name, licence, stated)


@pytest.mark.parametrize("environment", ENVIRONMENTS.values())
def test_nothing_installed_is_under_the_agpl(environment: str) -> None:
    packages = installed(environment)
    if not packages:
        pytest.skip(f"{environment} is not installed")
    guilty = [
        name
        for name, one in packages.items()
        if any(re.search(r"\bAGPL|Affero", licence) for licence in licences(one))
    ]
    assert guilty == []


# ---- the pages themselves -----------------------------------------------------------------------
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} → {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_names_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:[a-z_]+/)+[A-Za-z0-9_.-]+\.(?:py|md|yml|toml))`", page.read_text("utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_change_log_begins_with_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert first
    assert first[1] == version
