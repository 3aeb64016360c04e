"""建议下一步: one step, its reason and where on the page it is done. It decides nothing.

The first rule that fits speaks: danger, a resident who waits, what is missing to send the case on,
what others wait for from this worker, and at last the end.
"""

from __future__ import annotations

from dataclasses import dataclass

from .facts import LABELS
from .rights import Right
from .scope import Scope
from .shapes import Detail
from .states import CaseKind, CaseState, LeadState
from .waiting_list import Waiting

MOST_MISSING = 4


@dataclass(frozen=True)
class NextStep:
    """`place` is the id on the case's page of the form that does it, else of the section."""

    word: str
    why: str
    place: str


def suggest(case: Detail, wait: Waiting | None, worker: Scope) -> NextStep | None:
    """What this worker might do now; None where there is nothing for them."""
    row = case.summary
    if row.finished or case.merged_into is not None:
        return None
    return (
        _burning(case, wait, worker)
        or _decided_by_two(case, worker)
        or _to_send_on(case, worker)
        or _lead(case, worker)
        or _to_end(case, worker)
    )


def _burning(case: Detail, wait: Waiting | None, worker: Scope) -> NextStep | None:
    if case.summary.alerts and worker.may(Right.ALERT_TAKE):
        return NextStep("接手紧急提醒", "可能有人身危险，还没有人接手", "do-alert")
    if wait is not None and worker.may(Right.CASE_REPLY):
        mine = wait.taken_by == worker.worker_id
        if mine or not wait.taken_by:
            late = "，已过答应的时间" if wait.overdue else f"，答应 {wait.due_words} 前回复"
            return NextStep("答复居民", f"居民在等人工，已等 {wait.waited}{late}", "do-reply")
    return None


def _decided_by_two(case: Detail, worker: Scope) -> NextStep | None:
    """What only a second person can confirm."""
    chosen = case.disposition
    waits = chosen is not None and chosen.pending and chosen.proposed_by != worker.worker_id
    if chosen is not None and waits and worker.may(chosen.confirming):
        why = f"{chosen.proposed_by_name} 提出“不再符合”，要另一位同事复核"
        return NextStep("复核，再办结或者撤销", why, "do-close")
    asked = [
        one
        for one in case.grants
        if one.waits and one.asked_by != worker.worker_id and worker.may(one.confirming)
    ]
    if asked:
        why = f"{asked[0].programme_name}登记了，复核以后才算数"
        return NextStep("复核救助金额", why, f"do-confirm-{asked[0].id}")
    return None


def _to_send_on(case: Detail, worker: Scope) -> NextStep | None:
    row = case.summary
    if not worker.may(Right.CASE_WORK):
        return None
    if row.area_pending:
        return NextStep("确定地区", "地方不清楚，当地的部门收不到", "do-area")
    if case.same_household and worker.may(Right.CASE_MERGE):
        return NextStep("核对是不是同一户", f"和 {case.same_household[0]} 像是一户", "do-compare")
    if case.objected:
        return NextStep("处理公示异议", "处理以后才能办结", "do-review")
    if row.aid_papers_late:
        return NextStep(
            "催补先行救助的材料", "说好的日子已经过了；已经补上的记下来", "do-aid-papers-in"
        )
    if row.claimed_by is None and worker.may(Right.CASE_CLAIM) and not worker.is_service:
        return NextStep("认领", "还没有人经办", "do-claim")
    return None


def _lead(case: Detail, worker: Scope) -> NextStep | None:
    """This worker's own part, the one that is due first."""
    if not worker.may(Right.LEAD_WORK):
        return None
    mine = sorted((one for one in case.summary.leads if one.mine), key=lambda one: one.due_at)
    for state, word, form in (
        (LeadState.PENDING, "接收线索", "accept"),
        (LeadState.ACCEPTED, "答复结果", "answer"),
    ):
        for lead in mine:
            if lead.state != state or (lead.assisting and state == LeadState.ACCEPTED):
                continue
            if state == LeadState.ACCEPTED and (ask := _missing(case, worker)) is not None:
                return ask
            why = f"{lead.department.word}，{lead.due_words}"
            return NextStep(word, why, f"do-{form}-{lead.id}")
    return None


def _missing(case: Detail, worker: Scope) -> NextStep | None:
    """What the screening would still ask."""
    if case.summary.waiting or case.summary.state not in (
        CaseState.REGISTERED, CaseState.PENDING_REVIEW, CaseState.COLLECTING,
    ):  # fmt: skip
        return None
    known = {fact.key for fact in case.facts}
    verdicts = (case.screening or {}).get("verdicts") or []
    wanted = [
        key
        for verdict in verdicts
        if verdict.get("program") in case.summary.programmes
        and verdict.get("outcome") == "need_answers"
        for key in verdict.get("missing") or ()
        if key not in known
    ]
    if not wanted:
        return None
    words = "、".join(dict.fromkeys(LABELS.get(key, "其他情况") for key in wanted[:MOST_MISSING]))
    asks = case.conversation_id is not None and worker.may(Right.CASE_REPLY)
    return NextStep("问清情况", f"初步筛查还缺：{words}", "do-reply" if asks else "t-facts")


def _to_end(case: Detail, worker: Scope) -> NextStep | None:
    row, chosen = case.summary, case.disposition
    if row.waiting or row.publicity or not worker.may(Right.CASE_CLOSE):
        return None
    leading = [one for one in row.leads if not one.assisting]
    if any(one.state in (LeadState.PENDING, LeadState.ACCEPTED) for one in leading):
        return None
    if chosen is not None:
        if chosen.awaits.startswith("等县级协调会"):
            return NextStep("登记协调会意见", "县里开过会以后写在办结里", "do-close")
        return None if chosen.awaits else NextStep("办结", "处置类别已经选定", "do-close")
    if row.kind != CaseKind.DECLARATION:
        return None
    return NextStep("选定处置类别，办结", "牵头的部门都答复了", "do-close")
