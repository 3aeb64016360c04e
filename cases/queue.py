"""What a list of the queue is asked for and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .models import Case

PAGE_SIZE = 30
CAP = 1000  # lists are counted up to here, those of a large scope up to WIDE_CAP; then "200+"
WIDE_CAP = 200
NARROW = 4000  # leads in scope up to here are looked up, more are walked past


class View(StrEnum):
    """The queue's views, in the order of the console."""

    ALL = "all"
    OPEN = "open"
    MINE = "mine"
    TOWN = "town"
    DEPARTMENT = "department"
    PENDING = "pending"
    SOON = "soon"
    OVERDUE = "overdue"
    EMERGENCY = "emergency"
    WAITING = "waiting"
    PAPERS = "papers"  # of 先行救助, past their day
    DONE = "done"


COUNTED = tuple(view for view in View if view not in (View.ALL, View.DONE))


@dataclass(frozen=True)
class Filter:
    """What to list. `q` is a receipt number, or an exact name, phone or ID number."""

    view: View = View.ALL
    status: str | None = None
    department: str | None = None
    urgency: str | None = None
    conversation_id: str | None = None
    label: str | None = None
    q: str | None = None
    page: int = 1


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    cases: Sequence[Case]
    total: int
    page: int
    pages: int
    exact: bool = True  # False: there are more than `total`, and more than `pages`


def order(view: View) -> tuple[Any, ...]:
    """What a view is sorted by; its index is in the same order."""
    if view == View.DONE:
        return (Case.closed_at.desc(), Case.id.desc())
    if view == View.ALL:
        return (Case.closed_at.is_not(None), Case.queue_at, Case.id)
    if view == View.SOON:  # by the deadline itself: behind the late ones the queue is long
        return (Case.next_due_at, Case.id)
    if view == View.PAPERS:
        return (Case.aid_papers_due, Case.id)
    return (Case.queue_at, Case.id)
