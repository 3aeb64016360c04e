"""The events of a case in the words staff read (`cases.views` shows them)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from foundation.crypto import Cipher

from . import areas, events, granted, objections, ratings, terms
from .events import EVENT_WORDS, EventKind
from .models import CaseEvent
from .shapes import EventView
from .states import (
    PROGRAMMES,
    Audience,
    CaseState,
    Department,
    Departure,
    DispositionClass,
    LeadResult,
    PopulationCategory,
)

Screen = Callable[[str | None], str | None]


def view(cipher: Cipher, row: CaseEvent, names: Mapping[str, str], screen: Screen) -> EventView:
    """An event as staff read it."""
    who = {"resident": "居民", "system": "系统", "service": "系统接口"}.get(row.actor_kind, "")
    return EventView(
        kind=row.kind,
        word=EVENT_WORDS[EventKind(row.kind)],
        who=who or names.get(row.actor_id or "", "工作人员"),
        at=row.created_at,
        text=screen(events.text_of(cipher, row)),
        detail=_detail(row, names),
        for_resident=row.audience == Audience.RESIDENT,
    )


def _detail(row: CaseEvent, names: Mapping[str, str]) -> str:
    data = row.data
    if row.kind in (EventKind.PAPERS_RECEIVED, EventKind.PUBLICITY_ENDED):
        return _went_on(data)
    if row.kind == EventKind.NOTE:
        told = [names.get(one, "同事") for one in data.get("told", ())]
        return f"已提醒 {'、'.join(told)}" if told else ""
    if row.kind == EventKind.REVIEWED:
        return objections.WAYS[data["way"]]
    if row.kind == EventKind.COORDINATED:
        return terms.told(data)
    if row.kind == EventKind.AID_PAPERS_DUE:
        return f"{data['due']} 前补上"
    if row.kind == EventKind.AID_PAPERS_IN:
        return "过期才补" if data["late"] else ""
    if row.kind == EventKind.LEFT:
        return f"{Departure(data['why']).word}，{data['on']}"
    if row.kind == EventKind.PUBLICITY_STARTED:
        return f"到 {data['until']}，期限暂停计算"
    if row.kind == EventKind.ALERT_PASSED_ON:
        return (
            f"第 {data['step']} 次：{data['area']} {names.get(data.get('to') or '', '没有找到人')}"
        )
    if row.kind == EventKind.STATE:
        return f"{CaseState(data['from']).word} → {CaseState(data['to']).word}"
    if row.kind == EventKind.ROUTED:
        return "、".join(Department(lead["department"]).word for lead in data["leads"])
    if row.kind == EventKind.AREA:
        return f"{areas.name(data['from'])} → {areas.name(data['to'])}"
    if row.kind == EventKind.POPULATION:
        word = PopulationCategory(data["category"]).word
        return f"{word}：{'纳入' if data['starts'] else '退出'}"
    if row.kind == EventKind.FILED:
        return "、".join(PROGRAMMES.get(code, code) for code in data["programmes"])
    if row.kind in (EventKind.DISPOSITION, EventKind.CLOSED) and data.get("disposition"):
        chosen = DispositionClass(data["disposition"])
        agreed = f"（{terms.told(data)}）" if "cause" in data else ""
        return f"{chosen}：{chosen.word}{agreed}"
    if row.kind == EventKind.GRADUAL_EXIT:
        return f"{data['months']} 个月，到 {data['until']}"
    if row.kind.startswith("grant_"):
        return granted.told(data)
    if row.kind == EventKind.ASSIGNED or (row.kind == EventKind.HANDED_ON and "to" in data):
        return f"给 {names.get(data['to'], '工作人员')}"
    if row.kind in (EventKind.LEFT_UNANSWERED, EventKind.CALL_OVERDUE):
        return f"已告知 {names[data['to']]}" if data.get("to") in names else ""
    if row.kind == EventKind.GIVEN_BACK and data.get("phoned"):
        return "已电话联系"
    if row.kind == EventKind.GIVEN_BACK and data.get("back_in_line"):
        return "没有答复，放回等候"
    if row.kind == EventKind.DRAFT_SENT:
        return "改后发送" if data["state"] == "changed" else "原样发送"
    if row.kind == EventKind.RATED:
        return ratings.Score(data["score"]).word
    if row.kind == EventKind.REMINDED and "share" in data:
        return f"{Department(data['department']).word}：期限已用 {data['share']}%"
    if row.kind == EventKind.ESCALATED and data.get("to"):
        return f"{Department(data['department']).word}，已告知 {names.get(data['to'], '工作人员')}"
    if "department" in data:
        result = data.get("result")
        word = Department(data["department"]).word
        return f"{word}：{LeadResult(result).word}" if result else word
    return str(data.get("receipt_no", ""))


def _went_on(data: Mapping[str, Any]) -> str:
    """After papers or a 公示; whether 民主评议 was left out because nobody objected."""
    given_back = f"期限顺延 {data['days']} 个工作日，到 {data['due_on']}" if "days" in data else ""
    if "objected" not in data:
        return given_back
    objected = "有异议，待处理" if data["objected"] else "没有人提出异议，不作民主评议"
    return "；".join(filter(None, (objected, given_back)))
