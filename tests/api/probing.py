"""Every address with an object's id × every role × objects of another county, and junk for an id.

A probe must never be a 5xx, never show anything of the other county, and answer alike whether the
object is foreign or never was.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.console.steps import LEAD_STEPS, STEPS
from cases import labels, models, staff
from cases.states import Role
from cases.webhook_models import Webhook
from foundation import clock
from foundation.database import new_id
from foundation.runtime import Runtime
from tests.bad_input.corpus import IDS
from tests.cases.builders import filed

OWN, FOREIGN = "500233107000", "350982100000"
SEATS = {
    Role.GRID_WORKER: (OWN, "xiangzhen"),
    Role.TOWNSHIP_CLERK: (OWN, "xiangzhen"),
    Role.COUNTY_REVIEWER: ("500233", "minzheng"),
    Role.DEPARTMENT_OFFICER: ("500233", "yibao"),
    Role.DUTY_OFFICER: ("500233", "duty"),
    Role.INSPECTOR: ("500000", "minzheng"),
    Role.CONTENT_EDITOR: ("500000", "minzheng"),
    Role.AUDITOR: ("500000", "minzheng"),
    Role.ADMINISTRATOR: ("500000", "minzheng"),
}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
SECRETS = (
    "江月娥", "13799990001", "外县才知道的难处", "外县经办人", "foreign.example", "外县的筛选",
)  # fmt: skip
REFUSALS = (303, 401, 403, 404, 405, 409, 413, 415, 422, 429)
# "." and ".." are another address before they leave the client
JUNK = [one for one in IDS if one.strip(".")]
JUNK += ["NaN", "\x00", "../../etc/passwd", "9" * 4000]
ALIKE = ("foreign", "absent")
FORM = {"text": "电话打不通", "paper": "form", "reason": "电话核实家庭情况", "status": "collecting",
        "result": "helped", "name": "改名", "login": "who", "key": "k" * 16}  # fmt: skip


@dataclass
class Probes:
    """The application with a world of two counties, and what its answers were."""

    runtime: Runtime
    app: FastAPI
    receipts: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)  # foreign, by the parameter's name
    answers: dict[tuple[Any, ...], dict[str, tuple[int, str]]] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        self._furnish()
        self._clients = {role: self._client(role) for role in Role}
        self._nobody = TestClient(self.app, headers=SAME_ORIGIN, follow_redirects=False,
                                  raise_server_exceptions=False)  # fmt: skip
        self.addresses = list(addresses(self.app))
        self.before = self.standing()

    def run(self, count: int, seed: int) -> None:
        """Probe `count` times; raises AssertionError with the address at the first fault."""
        rng = random.Random(seed)
        while self.asked < count:
            method, path = rng.choice(self.addresses)
            role = rng.choice([None, *Role])
            for kind in ALIKE:
                self._probe(rng, method, path, role, kind)
            self._probe(rng, method, path, role, "junk")
        for key, seen in self.answers.items():
            assert seen["foreign"] == seen["absent"], (key, seen)
        assert self.standing() == self.before

    def standing(self) -> list[Any]:
        """The other county's rows, as they must stay."""
        with self.runtime.database.read() as session:
            rows: list[Any] = [session.get_one(models.Case, self.objects["case"])]
            leads = select(models.Lead).where(models.Lead.case_id == self.objects["case"])
            rows += session.scalars(leads.order_by(models.Lead.id))
            rows += [session.get_one(staff.Staff, self.objects["staff_id"]),
                     session.get_one(Webhook, self.objects["webhook_id"]),
                     session.get_one(models.SavedView, self.objects["view_id"])]  # fmt: skip
            return [
                {column.key: getattr(row, column.key) for column in row.__table__.columns}
                for row in rows
            ]

    def _probe(
        self, rng: random.Random, method: str, path: str, role: Role | None, kind: str
    ) -> None:
        filled = re.sub(
            r"\{(\w+)(?::\w+)?\}", lambda found: quote(self._id(rng, found[1], kind), safe=""), path
        )
        client = self._nobody if role is None else self._clients[role]
        headers = {} if role is None or not path.startswith("/api") else self._bearers[role]
        if method == "GET":
            answer = client.get(filled, headers=headers)
        elif path.startswith("/api"):
            answer = client.request(method, filled, json={"text": FORM["text"]}, headers=headers)
        else:
            answer = client.request(method, filled, data=FORM, headers=headers)
        self.asked += 1
        told = (method, path, role, kind, filled[:120], answer.status_code)
        assert answer.status_code in REFUSALS, told
        for secret in SECRETS:
            assert secret not in answer.text, (told, secret)
        if kind in ALIKE:
            body = re.sub(r"WZ\d{12}|[0-9a-f]{32}", "", answer.text)
            seen = self.answers.setdefault((method, path, role), {})
            seen[kind] = (answer.status_code, body)
            if kind == "absent":
                assert self.receipts["foreign"] not in answer.text, told

    def _id(self, rng: random.Random, name: str, kind: str) -> str:
        if kind == "junk":
            return rng.choice(JUNK)
        if name == "receipt":
            return self.receipts[kind]
        if kind == "foreign":
            return self.objects.get(name, self.objects["case"])
        return "0" * 32

    def _client(self, role: Role) -> TestClient:
        area, department = SEATS[role]
        with self.runtime.database.write() as session:
            person = staff.create_staff(
                session, login=f"p.{role}", name="探查", password="probe-password-1", role=role,
                area_code=area, department=department, hashed="-",
            )  # fmt: skip
            cookie = staff.open_session(session, self.runtime.cipher, person.id)
            token = staff.create_token(
                session, self.runtime.cipher, name="探查", role=role, area_code=area,
                department=department,
            )  # fmt: skip
        self._bearers[role] = {"Authorization": f"Bearer {token}"}
        client = TestClient(self.app, headers=SAME_ORIGIN, follow_redirects=False,
                            raise_server_exceptions=False)  # fmt: skip
        client.cookies.set("wenzhu", cookie)
        return client

    def _furnish(self) -> None:
        self._bearers: dict[Role, dict[str, str]] = {}
        database, cipher = self.runtime.database, self.runtime.cipher
        filed(database, cipher, "own", region_code=OWN, programmes=("dibao", "yiliao"))
        given = filed(
            database, cipher, "foreign", region_code=FOREIGN, programmes=("dibao", "yiliao"),
            facts={"name": SECRETS[0], "phone": SECRETS[1]}, story=SECRETS[2],
        )  # fmt: skip
        self.receipts = {"foreign": given.receipt_no, "absent": "WZ000000000000"}
        with database.write() as session:
            case = session.scalars(
                select(models.Case).where(models.Case.receipt_no == given.receipt_no)
            ).one()
            leads = session.scalars(select(models.Lead.id).where(models.Lead.case_id == case.id))
            person = staff.create_staff(
                session, login="far.away", name=SECRETS[3], password="probe-password-1",
                role=Role.COUNTY_REVIEWER, area_code="350982", department="minzheng", hashed="-",
            )  # fmt: skip
            hook = Webhook(
                id=new_id(), name="外县推送", url=f"https://{SECRETS[4]}/", kinds=["filed"],
                area_code="350982", secret_encrypted="-", created_by=person.id,
                created_at=clock.now(),
            )  # fmt: skip
            session.add(hook)
            scope = staff.scope_of(person)
            view = labels.save_view(session, scope, SECRETS[5], {"view": "open"}).id
            self.objects = {
                "case": case.id, "lead_id": next(iter(leads)), "staff_id": person.id,
                "webhook_id": hook.id, "view_id": view, "draft_id": case.id,
                "session_id": person.id,
            }  # fmt: skip


def walk(routes: Any) -> Iterator[Any]:
    """Every route, also of the routers inside."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from walk(inner.routes) if inner is not None else [route]


def addresses(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path) of every route with an id in it; named steps are spelt out."""

    for route in walk(app.routes):
        path = getattr(route, "path", "")
        if "{" not in path:
            continue
        steps = LEAD_STEPS if "{lead_id}" in path else STEPS
        spelt = [path.replace("{step}", name) for name in steps] if "{step}" in path else [path]
        for method in sorted(set(getattr(route, "methods", None) or ()) - {"HEAD"}):
            yield from ((method, one) for one in spelt)
