"""What a report counts: the cases a period touches, and which of them make up each figure.

A figure is a measure over rows; the list behind it is the same measure over the same rows, so a
figure and its drill-down cannot differ. Rows come through the caller's scope; without one, without
the right or outside the area there are none. A case merged into another is counted apart.

A limit counts once, in the period in which it was decided: kept when the answer came, missed when
the limit passed. Reports never say what somebody is entitled to.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.sql import Subquery

from foundation import clock, workdays

from . import aid_papers, areas, contacts
from . import clock as deadlines
from .aid_papers import Owed
from .contacts import Contact
from .errors import BadInput, NotAllowed
from .events import EventKind
from .inputs import area_named
from .models import Case, CaseEvent, CaseFact, Disposition, Lead
from .repository import CaseRepository, Scope
from .rights import Right
from .states import OPEN_LEAD_STATES, DispositionClass, LeadState, NeedType

MOST_DAYS = 3 * 366
PENDING = "pending"  # a place not known yet (待定地区)
NONE = "none"  # no programme named, no disposition, nothing said
SIZE, HUKOU = "household_size", "hukou"
# What a resident notices of a person; taking note inside the office is no answer.
HUMAN_ANSWERS = (
    EventKind.LEAD_ACCEPTED,
    EventKind.LEAD_ANSWERED,
    EventKind.REPLY,
    EventKind.TAKEN_OVER,
    EventKind.PAPERS_REQUESTED,
    EventKind.CLOSED,
)
DIMENSIONS = ("programme", "place", "channel", "urgency", "kind", "hukou")
AGES = {"age_5": (0, 5), "age_10": (6, 10), "age_20": (11, 20), "age_more": (21, None)}


@dataclass(frozen=True)
class Ask:
    """A period (both days included), an area, and what a value of each dimension must be."""

    first: date
    last: date
    area: str
    programme: str = ""
    place: str = ""
    channel: str = ""
    urgency: str = ""
    kind: str = ""
    hukou: str = ""

    @cached_property
    def start(self) -> datetime:
        """The first instant, UTC."""
        return datetime.combine(self.first, time(), clock.SHANGHAI).astimezone(UTC)

    @cached_property
    def as_of(self) -> datetime:
        """The end of the period, or now while it still runs; the same for every figure."""
        return min(deadlines.end_of_day(self.last), clock.now())

    @property
    def chosen(self) -> dict[str, str]:
        """The dimensions that are narrowed."""
        return {name: value for name in DIMENSIONS if (value := getattr(self, name))}

    def query(self, measure: str = "", **chosen: str) -> str:
        """The address of this report, or of the list behind one of its figures."""
        values = {
            "from": self.first.isoformat(), "to": self.last.isoformat(), "area": self.area,
            **self.chosen, **chosen, "measure": measure,
        }  # fmt: skip
        return urlencode({key: value for key, value in values.items() if value})

    def within(self, moment: datetime | None) -> bool:
        """Whether it happened in the period, up to now."""
        return moment is not None and self.start <= moment < self.as_of


@dataclass(frozen=True)
class Row:
    """One case as a report sees it: no name, no words."""

    case_id: str
    receipt_no: str
    kind: str
    urgency: str
    channel: str
    programmes: tuple[str, ...]
    place: str
    place_name: str
    hukou: str
    created_at: datetime
    closed_at: datetime | None
    merged: bool
    persons: int | None
    disposition: str
    contact_due: datetime
    first_answer: datetime | None
    leads_kept: int
    leads_missed: int
    contacts: tuple[Contact, ...] = ()
    papers: tuple[Owed, ...] = ()  # of 先行救助

    def fits(self, ask: Ask) -> bool:
        """Whether the row is among what `ask` narrows to."""
        if ask.programme and ask.programme not in (self.programmes or (NONE,)):
            return False
        return all(
            getattr(self, name) == value
            for name, value in ask.chosen.items()
            if name != "programme"
        )


Measure = Callable[[Row, Ask], int]


def asked(scope: Scope, given: Mapping[str, str]) -> Ask:
    """The question in a form or on the command line; by default this month in one's own area.

    Raises NotAllowed (no right, an area that is not inside one's own) and BadInput.
    """
    scope.demand(Right.REPORT_READ)
    area = area_named(given.get("area", ""), scope.area_code)
    if not areas.contains(scope.area_code, area):
        raise NotAllowed("只能看自己地区的报表")
    first, last = _period(given)
    chosen = {name: given.get(name, "").strip()[:40] for name in DIMENSIONS}
    ask = Ask(first, last, area, **chosen)
    if hides_small(scope):
        # Narrowing, cutting periods or areas differently would give the hidden figures away.
        whole = first.day == 1 and last == month_end(first)
        if ask.chosen or not whole or area != scope.area_code:
            raise NotAllowed("您的账号只能看本地区整月的报表")
    return ask


def hides_small(scope: Scope) -> bool:
    """Whether small figures are hidden: the reader counts cases that they may not open."""
    return not scope.may(Right.CASE_READ)


def rows(repository: CaseRepository, ask: Ask) -> list[Row]:
    """The cases the period touches: filed, open or closed in it."""
    counted = (
        select(Case.id)
        .where(
            repository.counted(ask.area),
            Case.created_at < ask.as_of,
            (Case.closed_at.is_(None)) | (Case.closed_at >= ask.start),
        )
        .subquery()
    )
    found = described(repository, ask, counted)
    return [row for row in found if row.fits(ask)]


def behind(repository: CaseRepository, ask: Ask, measure: str) -> list[tuple[Row, int]]:
    """The cases behind a figure and what each adds to it. Raises BadInput, NotAllowed."""
    if not may_open(repository, measure, MEASURES):
        return []
    return made_of(rows(repository, ask), ask, measure)


def may_open(repository: CaseRepository, measure: str, measures: Container[str]) -> bool:
    """Whether the reader has cases behind a figure at all. Raises BadInput, NotAllowed."""
    if measure not in measures:
        raise BadInput("measure", "没有这个指标")
    if repository.scope is None:
        return False
    repository.scope.demand(Right.CASE_READ)
    return True


def made_of(found: list[Row], ask: Ask, measure: str) -> list[tuple[Row, int]]:
    """The rows that a measure counts, and how often."""
    weighed = ((row, MEASURES[measure](row, ask)) for row in found)
    return [(row, weight) for row, weight in weighed if weight]


def total(found: list[Row], ask: Ask, measure: str) -> int:
    """The figure."""
    return sum(weight for _, weight in made_of(found, ask, measure))


def days_to_close(row: Row) -> int:
    """Calendar days from filing to closing."""
    assert row.closed_at is not None  # noqa: S101 - asked of closed cases only
    return (clock.day_of(row.closed_at) - clock.day_of(row.created_at)).days


def _filed(row: Row, ask: Ask) -> int:
    return int(not row.merged and ask.within(row.created_at))


def _closed(row: Row, ask: Ask) -> int:
    return int(not row.merged and ask.within(row.closed_at))


def _open(row: Row, ask: Ask) -> int:
    return int(not row.merged and (row.closed_at is None or row.closed_at >= ask.as_of))


def _persons(row: Row, ask: Ask) -> int:
    return _filed(row, ask) * (row.persons or 0)


def _disposed(disposition: str) -> Measure:
    return lambda row, ask: _closed(row, ask) * int(row.disposition == disposition)


def _aged(least: int, most: int | None) -> Measure:
    def measure(row: Row, ask: Ask) -> int:
        if not _open(row, ask):
            return 0
        today = clock.day_of(ask.as_of - timedelta(microseconds=1))
        age = workdays.working_days_between(clock.day_of(row.created_at), today)
        return int(least <= age and (most is None or age <= most))

    return measure


def _answered(row: Row, ask: Ask) -> int:
    kept = row.first_answer is not None and row.first_answer <= row.contact_due
    return int(not row.merged and kept and ask.within(row.first_answer))


def _unanswered(row: Row, ask: Ask) -> int:
    missed = row.first_answer is None or row.first_answer > row.contact_due
    ended = row.closed_at is not None and row.closed_at <= row.contact_due
    return int(not row.merged and missed and not ended and ask.within(row.contact_due))


def _contacts(key: str) -> Measure:
    count = contacts.COUNTS[key]
    return lambda row, ask: 0 if row.merged else sum(count(one, ask.within) for one in row.contacts)


def _papers(key: str) -> Measure:
    count = aid_papers.COUNTS[key]
    return lambda row, ask: 0 if row.merged else sum(count(one, ask.within) for one in row.papers)


def _late_papers(row: Row, ask: Ask) -> int:
    return _open(row, ask) * sum(one.late_at(ask.as_of) for one in row.papers)


MEASURES: dict[str, Measure] = {
    "filed": _filed,
    "persons": _persons,
    "persons_known": lambda row, ask: _filed(row, ask) * int(row.persons is not None),
    "persons_unknown": lambda row, ask: _filed(row, ask) * int(row.persons is None),
    "closed": _closed,
    "open": _open,
    "merged": lambda row, ask: int(row.merged and ask.within(row.created_at)),
    **{str(one): _disposed(one) for one in DispositionClass},
    "undisposed": _disposed(NONE),
    **{key: _aged(*span) for key, span in AGES.items()},
    "leads_kept": lambda row, _: row.leads_kept * int(not row.merged),
    "leads_missed": lambda row, _: row.leads_missed * int(not row.merged),
    "first_kept": _answered,
    "first_missed": _unanswered,
    **{key: _contacts(key) for key in contacts.COUNTS},
    **{key: _papers(key) for key in aid_papers.COUNTS},
    "aid_papers_late": _late_papers,
}


def described(repository: CaseRepository, ask: Ask, counted: Subquery) -> Iterator[Row]:
    """The cases whose ids `counted` lists, as a report sees them, oldest first."""
    session = repository.session
    chosen = select(counted.c.id)
    stated = _stated(repository, counted)
    disposed = {
        case_id: disposition
        for case_id, disposition, confirmed in session.execute(
            select(Disposition.case_id, Disposition.disposition, Disposition.confirmed_at).where(
                Disposition.case_id.in_(chosen), Disposition.cancelled_at.is_(None)
            )
        )
        if disposition != DispositionClass.D4 or confirmed is not None
    }
    spoken = session.execute(
        select(CaseEvent.case_id, func.min(CaseEvent.created_at).label("at"))
        .where(
            CaseEvent.case_id.in_(chosen),
            CaseEvent.actor_kind == "staff",
            CaseEvent.kind.in_(HUMAN_ANSWERS),
        )
        .group_by(CaseEvent.case_id)
    )
    answers = {one.case_id: one.at for one in spoken}
    limits = _leads(repository, ask, counted)
    spoke = contacts.of_cases(session, counted)
    owed = aid_papers.of_cases(session, counted)
    columns = (
        Case.id, Case.receipt_no, Case.kind, Case.urgency, Case.discovery_channel, Case.programmes,
        Case.need_types, Case.area_code, Case.area_pending, Case.created_at, Case.closed_at,
        Case.merged_into_id,
    )  # fmt: skip
    listed = select(*columns).where(Case.id.in_(chosen)).order_by(Case.created_at, Case.id)
    for one in session.execute(listed):
        place = _place(ask.area, one.area_code, one.area_pending)
        need = NeedType(one.need_types[0]) if one.need_types else None
        kept, missed = limits.get(one.id, (0, 0))
        yield Row(
            case_id=one.id, receipt_no=one.receipt_no, kind=one.kind, urgency=one.urgency,
            channel=one.discovery_channel, programmes=tuple(one.programmes), place=place,
            place_name="待定地区" if place == PENDING else areas.name(_named(place)),
            created_at=one.created_at, closed_at=one.closed_at,
            merged=one.merged_into_id is not None, persons=_size(stated.get((one.id, SIZE))),
            hukou=str(stated.get((one.id, HUKOU)) or NONE),
            disposition=disposed.get(one.id, NONE),
            contact_due=deadlines.first_contact(one.created_at, one.urgency, need).due_at,
            first_answer=answers.get(one.id), leads_kept=kept, leads_missed=missed,
            contacts=spoke.get(one.id, ()), papers=owed.get(one.id, ()),
        )  # fmt: skip


def _stated(repository: CaseRepository, counted: Subquery) -> dict[tuple[str, str], Any]:
    """Household size and hukou as they were stated."""
    query = select(CaseFact.case_id, CaseFact.key, CaseFact.value).where(
        CaseFact.case_id.in_(select(counted.c.id)),
        CaseFact.key.in_((SIZE, HUKOU)),
        CaseFact.superseded_at.is_(None),
    )
    return {(case_id, key): value for case_id, key, value in repository.session.execute(query)}


def _size(value: Any) -> int | None:
    known = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if known else None


def _leads(repository: CaseRepository, ask: Ask, counted: Subquery) -> dict[str, tuple[int, int]]:
    """Limits of leads kept and missed in the period, by case.

    Assisting departments need not answer, a returned lead goes on at the county office, and one
    closed with its case was never due.
    """
    found: dict[str, tuple[int, int]] = {}
    query = (
        select(Lead.case_id, Lead.state, Lead.due_at, Lead.answered_at, Case.paused_since)
        .join(Case, Case.id == Lead.case_id)
        .where(Lead.case_id.in_(select(counted.c.id)), Lead.assisting.is_(False))
    )
    for case_id, state, due_at, answered_at, paused in repository.session.execute(query):
        kept = missed = False
        if state == LeadState.ANSWERED and answered_at is not None:
            kept = answered_at <= due_at and ask.within(answered_at)
            missed = answered_at > due_at and ask.within(due_at)
        elif state in OPEN_LEAD_STATES:
            missed = paused is None and ask.within(due_at)
        before = found.get(case_id, (0, 0))
        found[case_id] = (before[0] + kept, before[1] + missed)
    return found


def _place(area: str, code: str, pending: bool) -> str:
    """The group of a case: its township, or its county in a report over more than a county."""
    if pending:
        return PENDING
    head = areas.prefix(code)
    return head if areas.county_of(area) is not None else head[:6]


def _named(place: str) -> str:
    """The code that the gazetteer knows: twelve digits for a township, six above it."""
    return place.ljust(12 if len(place) > 6 and place.isdigit() else 6, "0")


def _period(given: Mapping[str, Any]) -> tuple[date, date]:
    month = str(given.get("month", "")).strip()
    try:
        if month:
            first = date.fromisoformat(f"{month}-01")
            return first, month_end(first)
        today = clock.today()
        first = date.fromisoformat(str(given.get("from", "")) or today.replace(day=1).isoformat())
        last = date.fromisoformat(str(given.get("to", "")) or month_end(first).isoformat())
    except ValueError:
        raise BadInput("from", "日期要像 2026-10-01，月份要像 2026-10") from None
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise BadInput("to", "结束日期不能早于开始日期，最长三年")
    return first, last


def month_end(first: date) -> date:
    """The last day of its month."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
