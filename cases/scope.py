"""Who asks: a role in an area and a department. Every staff query and step takes one."""

from __future__ import annotations

from dataclasses import dataclass

from . import rights
from .rights import Right
from .states import Role


@dataclass(frozen=True)
class Scope:
    """Who asks: a role in an area (and all inside it) and a department (`cases.rights`).

    `worker_id` is a staff id, or "token:<id>" for a service.
    """

    worker_id: str
    role: Role
    area_code: str
    department: str
    name: str = ""

    @property
    def all_departments(self) -> bool:
        return rights.grant(self.role).all_departments

    @property
    def is_service(self) -> bool:
        return self.worker_id.startswith("token:")

    def may(self, right: str) -> bool:
        """Whether the role has the right; templates ask by name."""
        return rights.may(self.role, Right(right))

    def demand(self, right: Right) -> None:
        """Raises NotAllowed when the role lacks the right."""
        rights.demand(self.role, right)
