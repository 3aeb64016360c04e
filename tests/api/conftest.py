"""The staff application over a test database, with people of several places and rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from cases import staff
from foundation.runtime import Runtime

PASSWORD = "wenzhu-test-2026"
#: Read-only: a test client writes its own name into the headers it is given.
SAME_ORIGIN: Mapping[str, str] = MappingProxyType({"Sec-Fetch-Site": "same-origin"})
PEOPLE = {
    "county": ("county_reviewer", "500233", "minzheng"),
    "second": ("county_reviewer", "500233", "minzheng"),
    "town": ("township_clerk", "500233107000", "xiangzhen"),
    "viewer": ("auditor", "500233", "minzheng"),
    "stranger": ("county_reviewer", "350982", "minzheng"),
    "yibao": ("department_officer", "500233", "yibao"),
}


@dataclass(frozen=True)
class Desk:
    """The running application and how to come in."""

    runtime: Runtime
    client: TestClient

    def bearer(self, who: str) -> dict[str, str]:
        """Headers with a service token of this person's scope."""
        role, area, department = PEOPLE[who]
        with self.runtime.database.write() as session:
            token = staff.create_token(
                session, self.runtime.cipher, name=who, role=role, area_code=area,
                department=department,
            )  # fmt: skip
        return {"Authorization": f"Bearer {token}"}

    def browser(self, who: str) -> TestClient:
        """A browser of its own that is signed in."""
        found = TestClient(self.client.app, headers=dict(SAME_ORIGIN), follow_redirects=False)
        with self.runtime.database.write() as session:
            account = session.query(staff.Staff).filter_by(login=who).one()
            cookie = staff.open_session(session, self.runtime.cipher, account.id)
        found.cookies.set("wenzhu", cookie)
        return found


@pytest.fixture
def desk(runtime: Runtime) -> Iterator[Desk]:
    """People made, application started without the background sweep."""
    with runtime.database.write() as session:
        hashed = staff.hash_password(PASSWORD)
        for login, (role, area, department) in PEOPLE.items():
            staff.create_staff(
                session, login=login, name=f"测试{login}", password=PASSWORD, role=role,
                area_code=area, department=department, hashed=hashed,
            )  # fmt: skip
    app = create_app(runtime, sweeping=False)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield Desk(runtime, client)
