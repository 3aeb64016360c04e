"""`wenzhu report`: what the page of reports shows, as JSON, for an operator or for publication."""

from __future__ import annotations

import json

from cases import report_files, report_tables, reports
from cases.repository import CaseRepository, Scope
from cases.states import Department, Role
from foundation.database import Database


def text(database: Database, area: str, month: str = "", *, publish: bool = False) -> str:
    """The report as indented JSON. Raises `cases.errors.BadInput` and `NotAllowed`.

    `publish` reads as somebody who sees no case, so that small figures are hidden.
    """
    role = Role.CONTENT_EDITOR if publish else Role.INSPECTOR
    scope = Scope("token:report", role, area, Department.MINZHENG, "命令行")
    ask = reports.asked(scope, {"area": area, "month": month})
    with database.read() as session:
        found = report_tables.build(CaseRepository(session, scope), ask)
    return json.dumps(report_files.as_dict(found), ensure_ascii=False, indent=2)
