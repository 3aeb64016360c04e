"""Ready means: a row can be written, the schema is this version's, there is room."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from foundation import health, migrate
from foundation.runtime import Runtime
from foundation.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, empty_database_url: str) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "var", database_url=empty_database_url)


@pytest.fixture
def migrated(settings: Settings) -> Runtime:
    migrate.upgrade(settings.database_url)
    return Runtime.open(settings)


def client(runtime: Runtime, checks: dict[str, health.Check] | None = None) -> TestClient:
    app = FastAPI()
    app.include_router(health.router(runtime, checks))
    return TestClient(app)


def test_a_migrated_database_is_ready(migrated: Runtime) -> None:
    answer = client(migrated).get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert answer.headers["cache-control"] == "no-store"
    with migrated.database.read() as session:
        assert session.query(health.WriteProbe).count() == 0


def test_an_empty_database_is_not_ready_and_says_what_to_do(settings: Settings) -> None:
    answer = client(Runtime.open(settings)).get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "wenzhu migrate" in answer.json()["problems"]["schema"]
    assert "cannot write" in answer.json()["problems"]["database"]


def test_a_process_adds_its_own_checks(migrated: Runtime) -> None:
    def broken() -> str | None:
        raise RuntimeError("13800138000")

    answer = client(migrated, {"rasa": lambda: "no answer", "model": broken}).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {
        "rasa": "no answer",
        "model": "check failed: RuntimeError",
    }


def test_too_little_room_is_a_problem(migrated: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**60)
    assert "free" in client(migrated).get("/readyz").json()["problems"]["disk"]


def test_alive_does_not_ask_the_database(settings: Settings) -> None:
    answer = client(Runtime.open(settings)).get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_metrics_are_served(settings: Settings) -> None:
    text = client(Runtime.open(settings)).get("/metrics").text
    assert "wenzhu_inbox_oldest_seconds" in text
