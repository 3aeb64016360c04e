"""Which fact to ask next: the one whose answers may flip most verdicts for the least burden."""

from collections.abc import Collection
from datetime import date

from rules import facts as schema
from rules import law as laws
from rules.evaluate import criteria_of, evaluate
from rules.facts import Facts
from rules.household import household_row, person_rows
from rules.missing import ORDER, missing_of
from rules.parameter_store import Store
from rules.programmes import REGISTRY
from rules.worlds import Worlds

# Verdicts weigh alike, except that an emergency is worth knowing first.
_WEIGHT = {"linshi": 1.5}
_INCOME_TESTED = {"dibao", "jiantui", "danrenbao", "dibao_bianyuan", "yiliao"}


def next_question(
    facts: Facts,
    region: str | None,
    on: date,
    declined: frozenset[str] = frozenset(),
    programmes: Collection[str] | None = None,
    store: Store | None = None,
) -> str | None:
    """The fact key to ask next, or None when no answer can change a verdict any more.

    Only verdicts of `programmes` count (all when None). A declined fact is never returned. Of the
    place and the hukou is asked only where a line depends on them.
    """
    law = laws.of(region, on, store)
    household, persons = household_row(facts), person_rows(facts)
    columns = [p.column for p in REGISTRY if programmes is None or p.code in programmes]
    rows = [household | person for person in persons]
    worlds = Worlds(rows[0], law, declined)
    table = evaluate(worlds.frame(rows), law)
    own = table.head(len(rows)).to_dicts()
    criteria = criteria_of(law)
    wanted: set[str] = set()
    for column in columns:
        for row in own if column == "danrenbao" else own[:1]:
            wanted |= set(missing_of(column, row, law, criteria))
    wanted -= declined
    if not wanted:
        return None
    if "region" in wanted and _INCOME_TESTED & set(columns):
        return "region"
    influence = worlds.influence(table.slice(len(rows)), columns)
    scores = {
        key: sum(_WEIGHT.get(column, 1.0) * share for column, share in influence[key].items())
        / (schema.SCHEMA[key].effort * schema.SCHEMA[key].sensitivity)
        for key in wanted
        if key in influence
    }
    best = max(scores.values(), default=0.0)
    if best > 0:
        return min((key for key in scores if scores[key] == best), key=ORDER.index)
    # No world disagrees. With facts declined the rest cannot settle anything; otherwise the worlds
    # are only samples, and an open verdict is worth the question.
    return None if declined else min(wanted, key=ORDER.index)
