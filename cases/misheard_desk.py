"""没听懂的话 for staff: like sentences together, what they meant said in one click.

For a role that sees no cases, over all areas: the sentences carry no place below the county, and
there is one language model for everybody. Labels take effect only when a new model is trained from
them and released.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

from . import likeness
from .errors import BadInput, Conflict, NotAllowed
from .misheard import Misheard, Reason, rules, text_of
from .rights import Right
from .scope import Scope

MOST = 1000  # of the sentences that wait, the latest
OFFERED = 3  # labels as buttons
ONLY_ASKED = frozenset(("affirm", "deny"))
GONE = "这些句子已经处理过了"


@dataclass(frozen=True)
class Sentence:
    """One wording, and every row that has it."""

    text: str
    ids: tuple[str, ...]

    @property
    def id(self) -> str:
        """Stands for all of them in a form."""
        return self.ids[0]


@dataclass(frozen=True)
class Cluster:
    """Sentences that say much the same, the middle one first; `size` counts every time said."""

    sentences: tuple[Sentence, ...]
    asking: str | None
    likely: tuple[str, ...]
    reasons: tuple[tuple[str, int], ...]  # in words, with how often

    @property
    def id(self) -> str:
        return self.sentences[0].id

    @property
    def size(self) -> int:
        return sum(len(sentence.ids) for sentence in self.sentences)


@dataclass(frozen=True)
class Labelled:
    """What one click did."""

    batch: str
    count: int


def labels() -> Mapping[str, str]:
    """Every label with its words, in the order of the table."""
    found: Mapping[str, str] = rules()["labels"]
    return found


def clusters(session: Session, cipher: Cipher, worker: Scope) -> list[Cluster]:
    """What waits for a label, the largest cluster first. Raises NotAllowed."""
    worker.demand(Right.LANGUAGE_TEACH)
    same = _waiting(session, cipher)
    keys = sorted(same, key=lambda key: (key[1], key[0] or ""))
    together = likeness.groups([text for _, text in keys], [asking for asking, _ in keys])
    found = [_cluster([(keys[at][1], same[keys[at]]) for at in group]) for group in together]
    return sorted(found, key=lambda cluster: (-cluster.size, cluster.sentences[0].text))


def _cluster(said: list[tuple[str, list[Misheard]]]) -> Cluster:
    rows = [row for _, held in said for row in held]
    votes: Counter[str] = Counter()
    for row in rows:
        for label, share in row.ranking:
            if label in labels():
                votes[label] += share
    reasons = Counter(Reason(row.reason).word for row in rows)
    likely = sorted(votes, key=lambda label: (-votes[label], label))
    return Cluster(
        tuple(Sentence(text, tuple(sorted(row.id for row in held))) for text, held in said),
        rows[0].asking,
        tuple(likely[:OFFERED]),
        tuple(reasons.most_common()),
    )


def holding(found: Iterable[Cluster], sentence_id: str) -> Cluster | None:
    """The cluster that has this sentence now, whatever has come or gone since."""
    return next(
        (one for one in found if any(sentence_id in said.ids for said in one.sentences)), None
    )


def label(
    session: Session, cipher: Cipher, worker: Scope, chosen: Iterable[str], meant: str
) -> Labelled:
    """Say what the chosen sentences meant. Raises BadInput, Conflict (somebody was faster)."""
    if meant not in labels():
        raise BadInput("label", "没有这个意思可选")
    ids = _ids(session, cipher, worker, chosen)
    batch = new_id()
    done = session.scalars(
        update(Misheard)
        .where(Misheard.id.in_(ids), Misheard.label.is_(None))
        .values(label=meant, labelled_by=worker.worker_id, labelled_at=clock.now(), batch=batch)
        .returning(Misheard.id)
    ).all()
    if not done:
        raise Conflict(GONE)
    return Labelled(batch, len(done))


def discard(session: Session, cipher: Cipher, worker: Scope, chosen: Iterable[str]) -> int:
    """Delete the chosen sentences at once: nothing to learn, or they tell who it is."""
    ids = _ids(session, cipher, worker, chosen)
    query = delete(Misheard).where(Misheard.id.in_(ids), Misheard.label.is_(None))
    gone = session.scalars(query.returning(Misheard.id)).all()
    if not gone:
        raise Conflict(GONE)
    return len(gone)


def undo(session: Session, worker: Scope, batch: str) -> int:
    """Take one's own click back; the sentences wait again."""
    worker.demand(Right.LANGUAGE_TEACH)
    if not batch.isalnum():  # PostgreSQL does not compare with NUL
        raise Conflict("没有可以撤回的")
    query = (
        update(Misheard)
        .where(Misheard.batch == batch, Misheard.labelled_by == worker.worker_id)
        .values(label=None, labelled_by=None, labelled_at=None, batch=None)
    )
    back = session.scalars(query.returning(Misheard.id)).all()
    if not back:
        raise Conflict("没有可以撤回的")
    return len(back)


def labelled(session: Session, worker: Scope) -> dict[str, int]:
    """How many sentences have each label."""
    worker.demand(Right.LANGUAGE_TEACH)
    query = (
        select(Misheard.label, func.count())
        .where(Misheard.label.is_not(None))
        .group_by(Misheard.label)
    )
    counts = {str(name): int(count) for name, count in session.execute(query)}
    return {name: counts[name] for name in labels() if name in counts}


def taught(session: Session, cipher: Cipher) -> list[tuple[str, str]]:
    """Sentence and label of everything to be learnt, for the operator's `wenzhu learn`.

    A yes or no to an open question means nothing without it and is left out.
    """
    rows = session.scalars(
        select(Misheard).where(Misheard.label.is_not(None)).order_by(Misheard.labelled_at)
    )
    return [
        (text_of(cipher, row), str(row.label))
        for row in rows
        if row.asking is None or row.label not in ONLY_ASKED
    ]


def _ids(session: Session, cipher: Cipher, worker: Scope, chosen: Iterable[str]) -> list[str]:
    """The rows of the chosen sentences, with everybody who said the very same."""
    worker.demand(Right.LANGUAGE_TEACH)
    if worker.is_service:
        raise NotAllowed("要由工作人员本人来选")
    wanted = set(chosen)
    if not wanted:
        raise BadInput("sentence", "请先勾选句子")
    said = _waiting(session, cipher)
    return [row.id for rows in said.values() if wanted & {row.id for row in rows} for row in rows]


def _waiting(session: Session, cipher: Cipher) -> dict[tuple[str | None, str], list[Misheard]]:
    """The rows without a label by open question and wording."""
    query = (
        select(Misheard)
        .where(Misheard.label.is_(None))
        .order_by(Misheard.on_day.desc(), Misheard.id)
        .limit(MOST)
    )
    same: dict[tuple[str | None, str], list[Misheard]] = defaultdict(list)
    for row in session.scalars(query):
        same[row.asking, text_of(cipher, row)].append(row)
    return same
