"""Reading cases as a staff member: area range and department are part of every query.

The scope is an explicit SQL expression built per repository, never a cached lambda. No scope gives
no rows, so a forgotten scope shows as an empty page and not as somebody else's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from foundation import clock
from foundation.crypto import Cipher

from . import areas, receipt
from . import clock as deadlines
from .errors import NotFound, OutOfReach
from .models import Case, CaseIdentity, CaseLabel, DutyAlert, Lead, Notice
from .queue import CAP, COUNTED, NARROW, PAGE_SIZE, WIDE_CAP, order
from .queue import Filter as Filter
from .queue import Page as Page
from .queue import View as View
from .rights import Right
from .scope import Scope as Scope
from .states import OPEN_LEAD_STATES, Department
from .wait_models import Wait

_ROW_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class CaseRepository:
    """Cases, leads and notices within a scope. With `scope=None` everything is empty."""

    def __init__(self, session: Session, scope: Scope | None) -> None:
        self.session = session
        self.scope = scope
        self._narrow: bool | None = None

    def cases(self) -> Select[Case]:
        """The select every staff query starts from."""
        return select(Case).where(self._visible())

    def get(self, receipt_no: str, *, lock: bool = False) -> Case:
        """The case with this receipt. Raises NotFound, alike for absent and foreign."""
        number = receipt.normalise(receipt_no)
        found = None
        if number is not None:
            query = self.cases().where(Case.receipt_no == number)
            if lock:
                query = query.with_for_update(of=Case).execution_options(populate_existing=True)
            found = self.session.scalar(query)
        if found is None:
            raise OutOfReach(self.scope, number or "")
        return found

    def seen(self) -> ColumnElement[bool]:
        """The condition on `Case` that every staff query carries."""
        return self._visible()

    def lead(self, case: Case, lead_id: str) -> Lead:
        """A lead of a visible case that is itself within the scope. Raises NotFound."""
        found = None
        if _ROW_ID.fullmatch(lead_id):
            query = select(Lead).where(
                Lead.id == lead_id, Lead.case_id == case.id, self._lead_in_scope()
            )
            found = self.session.scalar(query)
        if found is None:
            raise NotFound("没有找到这条线索，或者不归您办理")
        return found

    def leads(self, case_ids: Iterable[str]) -> dict[str, list[Lead]]:
        """All leads of visible cases, leading departments first."""
        grouped: dict[str, list[Lead]] = {case_id: [] for case_id in case_ids}
        order = {department: place for place, department in enumerate(Department)}
        rows = self.session.scalars(
            select(Lead)
            .join(Case, Case.id == Lead.case_id)
            .where(Lead.case_id.in_(list(grouped)), self._visible())
        )
        for lead in rows:
            grouped[lead.case_id].append(lead)
        for leads in grouped.values():
            leads.sort(key=lambda lead: (lead.assisting, order[Department(lead.department)]))
        return grouped

    def covers(self, lead: Lead) -> bool:
        """Whether this caller may work on the lead; the same rule as the query's, in Python."""
        scope = self.scope
        return scope is not None and scope.may(Right.LEAD_WORK) and in_reach(scope, lead)

    def page(self, cipher: Cipher, wanted: Filter) -> Page:
        """A page in the order of the queue (`cases.priority`); finished cases come last.

        Up to `cap` hits are counted and sorted; beyond that the queue's index is read in order,
        so that a list costs the same however much lies behind it.
        """
        if wanted.view == View.ALL and not wanted.q and not wanted.conversation_id:
            return self._page_of_all(cipher, wanted)
        first = (wanted.page - 1) * PAGE_SIZE
        ids = list(self.session.scalars(self._matching(cipher, wanted).limit(self.cap + 1)))
        if len(ids) <= self.cap:
            pages = max(1, -(-len(ids) // PAGE_SIZE))
            page = min(max(1, wanted.page), pages)
            query = select(Case).where(Case.id.in_(ids)).order_by(*order(wanted.view))
            rows = self.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
            return Page(list(rows), len(ids), page, pages)
        return self._walk(cipher, wanted, first, wanted.page)

    def _walk(self, cipher: Cipher, wanted: Filter, first: int, page: int) -> Page:
        query = self._matching(cipher, wanted, entity=Case).order_by(*order(wanted.view))
        rows = list(self.session.scalars(query.limit(PAGE_SIZE + 1).offset(max(0, first))))
        pages = max(page + (len(rows) > PAGE_SIZE), -(-self.cap // PAGE_SIZE))
        return Page(rows[:PAGE_SIZE], self.cap, page, pages, exact=False)

    def _page_of_all(self, cipher: Cipher, wanted: Filter) -> Page:
        """Open cases first, then finished ones, each by its own index."""
        opened, done = replace(wanted, view=View.OPEN), replace(wanted, view=View.DONE)
        total = self._count(cipher, opened) + self._count(cipher, done)
        exact = total <= self.cap
        pages = max(1, -(-min(total, self.cap) // PAGE_SIZE))
        page = min(max(1, wanted.page), pages) if exact else wanted.page
        first, rows = (page - 1) * PAGE_SIZE, []
        query = self._matching(cipher, opened, entity=Case).order_by(*order(View.OPEN))
        rows = list(self.session.scalars(query.limit(PAGE_SIZE + 1).offset(first)))
        if len(rows) <= PAGE_SIZE:
            before = self.session.scalar(
                select(func.count()).select_from(self._matching(cipher, opened).subquery())
            )
            query = self._matching(cipher, done, entity=Case).order_by(*order(View.DONE))
            rest = query.limit(PAGE_SIZE + 1 - len(rows)).offset(max(0, first - (before or 0)))
            rows += self.session.scalars(rest)
        if not exact:
            pages = max(pages, page + (len(rows) > PAGE_SIZE))
        return Page(rows[:PAGE_SIZE], min(total, self.cap), page, pages, exact=exact)

    def counts(self) -> dict[View, int]:
        """How many open cases each view holds; in a large scope counted up to `WIDE_CAP` + 1."""
        if self.scope is None:
            return dict.fromkeys(View, 0)
        return {view: self._count(None, Filter(view=view)) for view in COUNTED}

    @property
    def cap(self) -> int:
        """How far lists and the menu count; one more means "more"."""
        return CAP if self._is_narrow() else WIDE_CAP

    def _count(self, cipher: Cipher | None, wanted: Filter) -> int:
        bounded = self._matching(cipher, wanted).limit(self.cap + 1).subquery()
        return self.session.scalar(select(func.count()).select_from(bounded)) or 0

    def _matching(
        self, cipher: Cipher | None, wanted: Filter, entity: Any = Case.id
    ) -> Select[Any]:
        return select(entity).where(self._listed(), *self._conditions(cipher, wanted))

    def counted(self, area: str) -> ColumnElement[bool]:
        """The cases that a report over `area` counts for this caller (`cases.reports`).

        The rule of the lists, asked with the right to reports and narrowed to the case's own place.
        """
        mine = self._within(Lead.area_code, Lead.area_pending, Lead.department, Right.REPORT_READ)
        there = _inside(area, Case.area_code, Case.area_pending)
        return and_(there, exists().where(Lead.case_id == Case.id, mine).correlate(Case))

    def open_alerts(self) -> list[DutyAlert]:
        """Duty alerts nobody has taken yet, oldest first."""
        query = (
            select(DutyAlert)
            .join(Case, Case.id == DutyAlert.case_id)
            .where(DutyAlert.acknowledged_at.is_(None), self._visible())
            .order_by(DutyAlert.created_at)
        )
        return list(self.session.scalars(query))

    def unseen_notices(self) -> list[Notice]:
        """Notices to the caller's department and area that nobody has seen."""
        query = (
            select(Notice)
            .where(Notice.seen_at.is_(None), self._notice_in_scope())
            .order_by(Notice.created_at.desc())
            .limit(50)
        )
        return list(self.session.scalars(query))

    def notices_of(self, case: Case) -> list[Notice]:
        """The unseen notices of one case that are addressed to the caller."""
        query = select(Notice).where(
            Notice.case_id == case.id, Notice.seen_at.is_(None), self._notice_in_scope()
        )
        return list(self.session.scalars(query))

    def waits(self) -> Select[Wait, Case]:
        """Contacts with a person that have not ended, in the lines of the caller's units."""
        mine = self._within(Wait.area_code, Wait.area_pending, Wait.department)
        standing = select(Wait, Case).join(Case, Case.id == Wait.case_id)
        return standing.where(Wait.ended_at.is_(None), mine, self._visible())

    def _visible(self) -> ColumnElement[bool]:
        if self.scope is None:
            return false()
        return exists().where(Lead.case_id == Case.id, self._lead_in_scope()).correlate(Case)

    def _listed(self) -> ColumnElement[bool]:
        """The same rows as `_visible`, for lists: few leads are looked up, many are walked past.

        A township's thousand leads are found by their own index; for a province nearly every case
        is in scope, and asking case by case ends as soon as the page is full.
        """
        if self.scope is None or not areas.is_area_code(self.scope.area_code):
            return false()
        if self._is_narrow():
            return Case.id.in_(select(Lead.case_id).where(self._lead_in_scope()))
        return self._visible()

    def _is_narrow(self) -> bool:
        if self._narrow is None:
            some = select(Lead.id).where(self._lead_in_scope()).limit(NARROW + 1).subquery()
            found = self.session.scalar(select(func.count()).select_from(some)) or 0
            self._narrow = found <= NARROW
        return self._narrow

    def _lead_in_scope(self) -> ColumnElement[bool]:
        return self._within(Lead.area_code, Lead.area_pending, Lead.department)

    def _notice_in_scope(self) -> ColumnElement[bool]:
        """Those of the department and area; who was named with @ in a note has it alone."""
        mine = self._within(Notice.area_code, Notice.area_pending, Notice.department)
        if self.scope is None:
            return mine
        own = or_(Notice.kind != "mention", Notice.staff_id == self.scope.worker_id)
        return and_(mine, own)

    def _within(
        self,
        area_code: InstrumentedAttribute[str],
        pending: InstrumentedAttribute[bool],
        department: InstrumentedAttribute[str],
        right: Right = Right.CASE_READ,
    ) -> ColumnElement[bool]:
        scope = self.scope
        if scope is None or not areas.is_area_code(scope.area_code):
            return false()
        if not scope.may(right):
            return false()
        place = _inside(scope.area_code, area_code, pending)
        return place if scope.all_departments else and_(place, department == scope.department)

    def _conditions(self, cipher: Cipher | None, wanted: Filter) -> list[ColumnElement[bool]]:
        found = self._view_conditions(wanted.view)
        if wanted.status:
            found.append(Case.state == wanted.status)
        if wanted.urgency:
            found.append(Case.urgency == wanted.urgency)
        if wanted.label:
            labelled = select(CaseLabel.case_id).where(CaseLabel.label == wanted.label)
            found.append(Case.id.in_(labelled))
        if wanted.conversation_id:
            found.append(Case.conversation_id == wanted.conversation_id)
        if wanted.department:
            found.append(
                exists().where(Lead.case_id == Case.id, Lead.department == wanted.department)
            )
        if wanted.q and cipher is not None:
            found.append(self._matches(cipher, wanted.q))
        return found

    def _view_conditions(self, view: View) -> list[ColumnElement[bool]]:
        """Conditions that the view's own index serves (`Case.__table_args__`)."""
        now = clock.now()
        is_open = Case.closed_at.is_(None)
        running = Case.paused_since.is_(None)
        scope = self.scope
        if view == View.ALL or scope is None:
            return []
        if view == View.DONE:
            return [Case.closed_at.is_not(None)]
        if view == View.MINE:
            return [is_open, Case.claimed_by == scope.worker_id]
        if view == View.TOWN:
            low, high = areas.bounds(scope.area_code)
            # not by the area's own index: the list is read in the queue's order
            area = Case.area_code.concat("")
            return [is_open, area >= low, area < high]
        if view == View.DEPARTMENT:
            own = Lead.department == scope.department
            return [is_open, self._lead_exists(own, Lead.state.in_(OPEN_LEAD_STATES))]
        if view == View.PENDING:
            return [is_open, self._lead_exists(Lead.state == literal_column("'pending'"))]
        if view == View.EMERGENCY:
            return [is_open, Case.urgency == literal_column("'emergency'")]
        if view == View.WAITING:
            return [is_open, Case.waiting_since.is_not(None)]
        if view == View.PAPERS:
            return [is_open, Case.aid_papers_due < clock.today()]
        if view == View.OVERDUE:
            late = self._lead_exists(Lead.state.in_(OPEN_LEAD_STATES), Lead.due_at <= now)
            return [is_open, running, Case.next_due_at <= now, or_(Case.due_at <= now, late)]
        if view == View.SOON:  # what is late already is in the other list
            horizon = deadlines.soon(now)
            near = self._lead_exists(Lead.state.in_(OPEN_LEAD_STATES), Lead.due_at <= horizon)
            within = and_(Case.next_due_at > now, Case.next_due_at <= horizon)
            return [is_open, running, within, or_(Case.due_at <= horizon, near)]
        return [is_open]

    def _lead_exists(self, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return (
            exists()
            .where(Lead.case_id == Case.id, self._lead_in_scope(), *conditions)
            .correlate(Case)
        )

    def _matches(self, cipher: Cipher, q: str) -> ColumnElement[bool]:
        number = receipt.normalise(q)
        if number is not None:
            return Case.receipt_no == number
        indexes = [
            and_(CaseIdentity.kind == kind, CaseIdentity.blind_index == cipher.blind_index(kind, q))
            for kind in ("name", "masked_name", "phone", "id_number")
        ]
        return Case.id.in_(select(CaseIdentity.case_id).where(or_(*indexes)))


def in_reach(scope: Scope, lead: Lead) -> bool:
    """Whether the lead lies in the area and department: `_within`, in Python."""
    if not areas.is_area_code(scope.area_code):
        return False
    inside = areas.contains(scope.area_code, lead.area_code)
    if not inside and lead.area_pending and areas.township_of(scope.area_code) is None:
        inside = lead.area_code in areas.ancestors(scope.area_code)
    return inside and (scope.all_departments or lead.department == scope.department)


def _inside(
    area: str, area_code: InstrumentedAttribute[str], pending: InstrumentedAttribute[bool]
) -> ColumnElement[bool]:
    """Inside the area; or waiting for its place (待定地区), for counties upward."""
    low, high = areas.bounds(area)
    place = and_(area_code >= low, area_code < high)
    if areas.township_of(area) is None:
        place = or_(place, and_(pending, area_code.in_(areas.ancestors(area))))
    return place
