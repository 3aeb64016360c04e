"""Who asks: a role in an area and a department. Every staff query and step takes one."""

from __future__ import annotations

from dataclasses import dataclass

from . import rights
from .errors import NotAllowed
from .rights import Right
from .states import Role


@dataclass(frozen=True)
class Scope:
    """Who asks: a role in an area (and all inside it) and a department (`cases.rights`).

    `worker_id` is a staff id, or "token:<id>" for a service. `only` narrows a service's rights to
    some of its role's.
    """

    worker_id: str
    role: Role
    area_code: str
    department: str
    name: str = ""
    only: frozenset[Right] | None = None

    @property
    def all_departments(self) -> bool:
        return rights.grant(self.role).all_departments

    @property
    def is_service(self) -> bool:
        return self.worker_id.startswith("token:")

    def may(self, right: str) -> bool:
        """Whether the role, and the token where it is one, has the right; templates ask by name."""
        wanted = Right(right)
        return rights.may(self.role, wanted) and (self.only is None or wanted in self.only)

    def demand(self, right: Right) -> None:
        """Raises NotAllowed when the role or the token lacks the right."""
        rights.demand(self.role, right)
        if not self.may(right):
            raise NotAllowed(f"这个令牌没有“{right.word}”的权限")
