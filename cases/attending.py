"""What staff do with the line: take, hand on, give back. The case's row is locked first, then the
conversation, then the place in the line; so two people who take one chat at once come one by one.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations import handover, identity, thread
from conversations.models import Author, Conversation, Holder, ThreadMessage
from foundation import clock
from foundation.crypto import Cipher

from . import areas, colleagues, events, hours, misheard, ratings, routing, staff, waiting
from .casework import REPEAT, actor, conversation_of, tell, writable
from .errors import BadInput, Conflict
from .events import EventKind
from .inputs import MIN_REASON, words
from .models import Case
from .opening import open_leads
from .repository import Scope
from .rights import Right
from .states import Department, NeedType
from .wait_models import Wait
from .waiting import Ending, Origin


def reply(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, body: str) -> Case:
    """Answer the resident: thread, outbox and event in one transaction; a double click counts once.

    Who was answered without being taken has the answer and leaves the line. Raises BadInput for
    words with a gap left open (`cases.canned`).
    """
    case = writable(session, worker, receipt_no, Right.CASE_REPLY)
    here, said = conversation_of(session, case), words("text", body)
    if _just_said(session, cipher, worker, here, said):
        return case
    tell(session, cipher, worker, case, said)
    wait = waiting.standing(session, case.conversation_id, lock=True)
    if wait is not None and wait.taken_at is None:
        waiting.end(wait, Ending.ANSWERED)
        ratings.ask(session, cipher, case, wait)
    return case


def _just_said(
    session: Session, cipher: Cipher, worker: Scope, conversation_id: str, said: str
) -> bool:
    """Whether these are the last words in the chat, by the same person, a moment ago."""
    last = session.scalar(
        select(ThreadMessage)
        .where(ThreadMessage.conversation_id == conversation_id)
        .order_by(ThreadMessage.seq.desc())
        .limit(1)
    )
    return (
        last is not None
        and last.author == Author.PERSON
        and last.worker_id == worker.worker_id
        and clock.now() - last.created_at < REPEAT
        and thread.read(cipher, last).text == said
    )


def take_over(session: Session, cipher: Cipher, worker: Scope, receipt_no: str) -> Case:
    """Hold the chat: the bot is silent until it is given back.

    Repeating it changes nothing. Raises Conflict when a colleague holds it, with their name.
    """
    case = writable(session, worker, receipt_no, Right.CASE_REPLY)
    held = identity.lock(session, conversation_of(session, case))
    wait = waiting.standing(session, held.id, lock=True)
    if held.holder == Holder.PERSON and held.holder_worker_id == worker.worker_id:
        return case
    _refuse_colleagues(session, worker, held, wait, supervisors=False)
    if held.holder == Holder.BOT:
        misheard.keep_taken(session, cipher, held.id)
    wait = wait or waiting.join(session, case, Origin.STAFF)
    _hold(session, held.id, wait, worker.worker_id)
    events.append(session, cipher, case, EventKind.TAKEN_OVER, actor(worker))
    return case


def give_back(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    *,
    phoned: bool = False,
) -> Case:
    """Let the bot answer again. An answered resident (or one called by phone) is done with.

    Without a word to them they are back in the line at their old place. Raises Conflict when a
    colleague holds the chat, unless the worker may assign.
    """
    case = writable(session, worker, receipt_no, Right.CASE_REPLY)
    held = identity.lock(session, conversation_of(session, case))
    wait = waiting.standing(session, held.id, lock=True)
    _refuse_colleagues(session, worker, held, wait)
    back = not phoned and wait is not None and _owes_first_word(session, wait)
    code = "person_let_go" if back else "person_left"
    handover.give_back(session, held.id, worker.worker_id, code)
    events.append(
        session, cipher, case, EventKind.GIVEN_BACK, actor(worker),
        data={"phoned": phoned, "back_in_line": back},
    )  # fmt: skip
    if wait is not None and back:
        waiting.release(wait)
    elif wait is not None:
        _finish(session, cipher, case, wait, phoned=phoned)
    return case


def transfer(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    reason: str,
    *,
    login: str = "",
    department: str = "",
) -> Case:
    """Hand the resident on, to a colleague by name or into another department's line.

    The wait keeps its beginning and its promise. The unit may hand back the same way. Raises
    BadInput (nobody, both, no such), Conflict (nobody waits, a colleague holds it, it is there).
    """
    case = writable(session, worker, receipt_no, Right.CASE_REPLY)
    held = identity.lock(session, conversation_of(session, case))
    wait = waiting.standing(session, held.id, lock=True)
    if wait is None:
        raise Conflict("这位居民现在没有在等人工答复")
    _refuse_colleagues(session, worker, held, wait)
    explained = words("reason", reason, MIN_REASON, 200)
    if bool(login.strip()) == bool(department):
        raise BadInput("login", "请选一位同事，或者一个部门，只选一个")
    if login.strip():
        data = _to_colleague(session, case, held, wait, login)
    else:
        data = _to_department(session, cipher, case, held, wait, department)
    events.append(
        session, cipher, case, EventKind.HANDED_ON, actor(worker), data=data, text=explained
    )
    return case


def finished(session: Session, cipher: Cipher, worker: Scope, case: Case) -> None:
    """The case is closed: so is the contact about it, and the bot answers again."""
    wait = waiting.standing(session, case.conversation_id, lock=True)
    if wait is None or wait.case_id != case.id:
        return
    waiting.end(wait, Ending.CLOSED)
    if session.get(Conversation, wait.conversation_id) is None:
        return
    handover.give_back(session, wait.conversation_id, worker.worker_id)
    ratings.ask(session, cipher, case, wait)


def _hold(session: Session, conversation_id: str, wait: Wait | None, worker_id: str) -> None:
    handover.take(session, conversation_id, worker_id)
    if wait is not None:
        wait.taken_by, wait.taken_at = worker_id, clock.now()


def _refuse_colleagues(
    session: Session,
    worker: Scope,
    held: Conversation,
    wait: Wait | None,
    *,
    supervisors: bool = True,
) -> None:
    """Raises Conflict when somebody else holds the chat; who may assign is let through or not."""
    other = held.holder_worker_id
    if held.holder != Holder.PERSON or other in (None, worker.worker_id):
        return
    if supervisors and worker.may(Right.CASE_ASSIGN):
        return
    name = staff.names_of(session, {other or ""}).get(other or "", "另一位同事")
    since = "" if wait is None or wait.taken_at is None else (
        f"（{hours.moment(wait.taken_at, clock.now())}开始）"
    )  # fmt: skip
    raise Conflict(f"{name}正在接待这位居民{since}。要换人，请{name}或主管转交")


def _owes_first_word(session: Session, wait: Wait) -> bool:
    """Taken, and not a word to somebody who waits for one."""
    owed = waiting.owed_since(session, wait)
    spoke = wait.taken_at and wait.spoken_at and wait.spoken_at >= wait.taken_at
    return owed is not None and not spoke


def _finish(session: Session, cipher: Cipher, case: Case, wait: Wait, *, phoned: bool) -> None:
    if phoned:
        wait.answered_at = wait.answered_at or clock.now()
    if wait.answered_at is None:
        waiting.end(wait, Ending.LET_GO)
        return
    waiting.end(wait, Ending.PHONED if phoned else Ending.ANSWERED)
    ratings.ask(session, cipher, case, wait)


def _to_colleague(
    session: Session, case: Case, held: Conversation, wait: Wait, login: str
) -> dict[str, str]:
    person = colleagues.named(session, case.receipt_no, login, Right.CASE_REPLY)
    if held.holder_worker_id == person.worker_id:
        raise Conflict("已经是这位同事在接待")
    _hold(session, held.id, wait, person.worker_id)
    waiting.notify(
        session, wait, "call_handed", clock.now(), staff_id=person.worker_id,
        department=person.department,
    )  # fmt: skip
    return {"to": person.worker_id}


def _to_department(
    session: Session,
    cipher: Cipher,
    case: Case,
    held: Conversation,
    wait: Wait,
    department: str,
) -> dict[str, str]:
    if department not in list(Department):
        raise BadInput("department", "没有这个部门")
    area, pending = routing.area_of(department, case.region_code)
    if (department, area) == (wait.department, wait.area_code) and wait.taken_at is None:
        raise Conflict(f"已经在{areas.name(area)}{Department(department).word}等候")
    route = routing.Route(Department(department), NeedType.PERSON, False, False, area, pending)
    open_leads(session, cipher, case, [route], clock.now())
    handover.give_back(session, held.id, None, "person_passed_on")
    waiting.release(wait)
    wait.department, wait.area_code, wait.area_pending = department, area, pending
    waiting.notify(session, wait, "call", clock.now())
    return {"department": department}
