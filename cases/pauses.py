"""When the clock stands still: the resident's papers are awaited, or a 公示 runs.

Both at once count once. Each beginning and end is an event; at the end the working days lost are
given back to the case and its open leads, from when their present limit runs. Residents and staff
read the deadline through `due_words` and `due_note` here, so that both read the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import clock as deadlines
from . import events
from .errors import BadInput, Conflict
from .events import SYSTEM, Actor, EventKind
from .models import Case, Lead
from .opening import schedule
from .sealing import seal
from .states import FINAL_STATES, OPEN_LEAD_STATES, Audience

MOST_PUBLICITY_DAYS = 60


def await_papers(cipher: Cipher, case: Case, wanted: str) -> None:
    """From now the resident's papers are awaited; asking again changes only what is wanted."""
    now = clock.now()
    if case.waiting_since is None:
        case.waiting_since = now
    case.waiting_text_encrypted = seal(cipher, "case_record.waiting_text", case.id, wanted)
    _stop(case, now)


def papers_came(session: Session, cipher: Cipher, case: Case, actor: Actor) -> None:
    """The papers are here; the clock goes on unless a 公示 runs. Does nothing when none awaited."""
    if case.waiting_since is None:
        return
    case.waiting_since = None
    case.waiting_text_encrypted = None
    given_back = _go_on(session, case, clock.now())
    events.append(
        session, cipher, case, EventKind.PAPERS_RECEIVED, actor, audience=Audience.RESIDENT,
        data=given_back,
    )  # fmt: skip


def start_publicity(
    session: Session, cipher: Cipher, case: Case, actor: Actor, days: int | None = None
) -> None:
    """公示 from today for `days` calendar days (the parameter's when not given)."""
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    if case.publicity_until is not None:
        raise Conflict("公示正在进行")
    today = clock.today()
    lasting = deadlines.publicity_days(case.region_code, today) if days is None else days
    if not 1 <= lasting <= MOST_PUBLICITY_DAYS:
        raise BadInput("days", f"公示天数请填 1 到 {MOST_PUBLICITY_DAYS}")
    case.publicity_until = today + timedelta(days=lasting)
    _stop(case, clock.now())
    events.append(
        session, cipher, case, EventKind.PUBLICITY_STARTED, actor, audience=Audience.RESIDENT,
        data={"until": case.publicity_until.isoformat()},
    )  # fmt: skip


def end_publicity(session: Session, cipher: Cipher, case: Case, actor: Actor) -> None:
    """The 公示 is over: by itself after its last day, or ended by a person before."""
    if case.publicity_until is None:
        raise Conflict("现在没有公示")
    ended = min(clock.now(), deadlines.end_of_day(case.publicity_until))
    case.publicity_until = None
    began = events.last_seq(session, case, EventKind.PUBLICITY_STARTED)
    objected = events.last_seq(session, case, EventKind.OBJECTED) > began
    given_back = _go_on(session, case, ended)
    events.append(
        session, cipher, case, EventKind.PUBLICITY_ENDED, actor, audience=Audience.RESIDENT,
        data={**given_back, "objected": objected},
    )  # fmt: skip


def end_past_publicity(session: Session, cipher: Cipher, limit: int) -> int:
    """The sweep's part: every 公示 whose last day has passed."""
    over = (
        select(Case)
        .where(Case.publicity_until.is_not(None), Case.publicity_until < clock.today())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(over))
    for case in rows:
        end_publicity(session, cipher, case, SYSTEM)
    return len(rows)


def clear(case: Case) -> None:
    """A finished case has no clock."""
    case.waiting_since = case.paused_since = case.publicity_until = None


def due_words(case: Case, now: datetime) -> str:
    """The deadline in words, or why it stands still; "" for a finished case."""
    if case.state in FINAL_STATES:
        return ""
    if case.waiting_since is not None:
        return "等居民补材料，期限暂停计算"
    if case.publicity_until is not None:
        day = case.publicity_until
        return f"公示到{day.month}月{day.day}日，期限暂停计算"
    return deadlines.due_words(case.due_at, case.due_on, now)


def due_note(case: Case) -> str | None:
    """What else must be said of the date: the holidays of its year may be unknown."""
    return None if case.state in FINAL_STATES else deadlines.caution(case.due_on)


def _stop(case: Case, now: datetime) -> None:
    if case.paused_since is None:
        case.paused_since = now


def _go_on(session: Session, case: Case, now: datetime) -> dict[str, Any]:
    """Let the clock run unless something else still holds it; says what was given back."""
    since = case.paused_since
    if since is None or case.waiting_since is not None or case.publicity_until is not None:
        return {}
    start = max(since, case.due_from)
    moved = deadlines.extended(case.due_on, start, now)
    given_back = {"days": deadlines.lost_days(start, now), "due_on": moved.due_on.isoformat()}
    open_leads = select(Lead).where(Lead.case_id == case.id, Lead.state.in_(OPEN_LEAD_STATES))
    for lead in session.scalars(open_leads):
        due_on = deadlines.due_date(lead.due_at)
        begun = max(since, lead.due_from)
        lead.due_at = deadlines.extended(due_on, begun, now).due_at
        lead.due_from += max(now - begun, timedelta())  # the wait uses up no share of the limit
        schedule(lead)
    case.due_on, case.due_at = moved.due_on, moved.due_at
    case.paused_since = None
    return given_back
