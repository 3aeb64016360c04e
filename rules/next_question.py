"""Which fact to ask next: the one whose answers may flip most verdicts for the least burden."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from rules import facts as schema
from rules import law as laws
from rules import small
from rules.bands import BANDED
from rules.circumstances import aged
from rules.criteria import Programme
from rules.evaluate import criteria_of, varied_by
from rules.facts import Facts
from rules.household import ALL_COLUMNS, COLUMNS, flat_row, household_row, person_rows
from rules.missing import ORDER, missing_of
from rules.parameter_store import Store
from rules.programmes import CODES, REGISTRY, needed_for
from rules.tape import at
from rules.worlds import BASES, Worlds

# Verdicts weigh alike, except that an emergency is worth knowing first.
_WEIGHT = {"linshi": 1.5}
# An answer that ends a line of questions at once is worth more than one that only matters.
SETTLING = 2.0
# Whoever has no roof, or was just struck, cannot wait until everything else is asked.
DANGER = ("stranded", "shock")


def next_question(
    facts: Facts,
    region: str | None,
    on: date,
    declined: frozenset[str] = frozenset(),
    programmes: Collection[str] | None = None,
    store: Store | None = None,
) -> str | None:
    """The fact key to ask next, or None when no answer can change a verdict any more.

    Only verdicts of `programmes` count; None: those of the first screening. A declined fact is
    never returned. Of the place and the hukou is asked only where a line depends on them. An income
    told as a band is asked again only while a line runs through the band (`rules.bands`).
    """
    law = laws.of(region, on, store)
    further = not set(programmes or ()) <= set(CODES)
    judged = needed_for(programmes or ()) if further else REGISTRY
    facts = aged(schema.understood(facts), on)
    household, persons = household_row(facts, further), person_rows(facts, further)
    looked_at = [p for p in judged if programmes is None or p.code in programmes]
    rows = [household | person for person in persons]
    criteria = criteria_of(law, judged)
    wanted, waiting = _open(rows, law, judged, looked_at, declined, _settled(facts, further))
    if not wanted:
        return None
    if len({programme.code for programme in looked_at}) > len(CODES):
        # One programme more competes with each fact; among many, danger would come late.
        for fact in DANGER:
            if fact in wanted:
                return fact
    if "region" in wanted and any(
        c.measure in ("income", "own_income")
        for programme in looked_at
        for c in criteria[programme.column]
    ):
        return "region"
    worlds = Worlds(
        rows[0], law, declined, varied=wanted, answers=True,
        fills=varied_by(law, judged), columns=ALL_COLUMNS if further else COLUMNS,
    )  # fmt: skip
    outcomes = small.evaluate(*worlds.columns(rows), law, judged, tuple(waiting))
    outcomes = {column: outcomes[column] for column in waiting}
    flips, settles = worlds.flips(outcomes, len(rows)), worlds.settles(outcomes, len(rows))
    scores = {
        key: sum(
            _WEIGHT.get(column, 1.0)
            * (flips[key][column] / BASES + SETTLING * settles[key][column])
            for column in waiting
        )
        / (schema.SCHEMA[key].effort * schema.SCHEMA[key].sensitivity)
        for key in wanted
        if key in flips
    }
    useful = {key: score for key, score in scores.items() if any(flips[key].values()) or score}
    best = max(useful.values(), default=0.0)
    if best > 0:
        first = min((key for key in useful if useful[key] == best), key=ORDER.index)
        # Bands of income are cut at the lines of the whole household, so its heads come before.
        return "household_size" if first in BANDED and "household_size" in wanted else first
    # No world disagrees. With facts declined the rest cannot settle anything; otherwise the worlds
    # are only samples, and an open verdict is worth the question.
    return None if declined else min(wanted, key=ORDER.index)


def _open(
    rows: list[dict[str, Any]],
    law: laws.Law,
    judged: tuple[Programme, ...],
    looked_at: list[Programme],
    declined: frozenset[str],
    settled: Mapping[int, frozenset[str]],
) -> tuple[set[str], list[str]]:
    """The facts still worth asking, and the verdicts that wait for them."""
    names = {name for row in rows for name in row}
    data: dict[str, Any] = {name: [row.get(name) for row in rows] for name in names}
    found = small.evaluate(data, len(rows), law, judged)
    own = [_Row(found, index) for index in range(len(rows))]
    criteria = criteria_of(law, judged)
    wanted: set[str] = set()
    waiting: list[str] = []
    for programme in looked_at:
        column = programme.column
        for index, row in enumerate(own if programme.subject == "person" else own[:1]):
            closed = declined | settled.get(index, frozenset())
            missing = [key for key in missing_of(column, row, law, criteria) if key not in closed]
            if missing and column not in waiting:
                waiting.append(column)
            wanted.update(missing)
    return wanted, waiting


def _settled(facts: Facts, further: bool) -> dict[int, frozenset[str]]:
    """What is not asked again because it was told of the person: an answer names no member."""
    own = flat_row(facts, further)
    told = frozenset(
        key for key, fact in schema.SCHEMA.items() if fact.of_person and schema.known(facts, key)
    )
    members = range(len(person_rows(facts, further)))
    return {index: told for index in members if own is not None and index != own}


class _Row(Mapping[str, Any]):
    """One row of evaluated values, read on demand."""

    def __init__(self, values: Mapping[str, Any], index: int) -> None:
        self._values, self._index = values, index

    def __getitem__(self, name: str) -> Any:
        return at(self._values[name], self._index)

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
