"""Who approves (审核确认): the county, or the township where its power was handed down.

Which areas those are is `township_decides` in `clock.yaml`, which kinds of difficulty may be handed
down are the rows there with a limit of their own for it. Either way it takes a second person.
Source: 2022年10月20日兜底保障通知 四（一）.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import areas, routing
from . import clock as deadlines
from .errors import NotAllowed
from .models import Case
from .rights import Right
from .scope import Scope


def right_to(case: Case, right: Right, needs: Iterable[str] | None = None) -> Right:
    """The right that confirming on this case takes: `right` is the county's.

    `needs` are the case's own unless given. A case that no township has yet is the county's.
    """
    if areas.township_of(case.area_code) is None or case.area_pending:
        return right
    wanted = case.need_types if needs is None else needs
    township = deadlines.township_decides(case.region_code, wanted)
    return Right.CASE_CONFIRM_TOWNSHIP if township else right


def right_to_grant(case: Case, programme: str) -> Right:
    """The same for an amount of a programme."""
    return right_to(case, Right.CASE_GRANT_CONFIRM, routing.needs_of([programme]))


def demand(worker: Scope, right: Right, county: Right) -> None:
    """Raises NotAllowed, for the county's own people with the reason."""
    if right != county and not worker.may(right) and worker.may(county):
        raise NotAllowed("这里的审核确认权限放到了乡镇（街道），要由那里的另一位同事复核")
    worker.demand(right)


def level(right: Right) -> dict[str, str]:
    """What an event keeps of it."""
    return {"level": "township"} if right == Right.CASE_CONFIRM_TOWNSHIP else {}
