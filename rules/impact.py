"""What a change does to a register before it is made: who gains, who loses, who enters 渐退.

The preview screens the register twice, with the parameters as they are and as they would be; after
publishing, the same screening gives the same outcomes, because both are the same computation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from rules import law as laws
from rules.bulk import law_place, once_a_household, screen_register
from rules.criteria import LIKELY, NEED_ANSWERS, NEED_PERSON, Programme
from rules.evaluate import stages
from rules.impact_amounts import amounts_moved
from rules.parameter_checks import collide
from rules.parameter_store import Store
from rules.parameter_values import Parameter
from rules.programmes import EVERYTHING, REGISTRY

GAINS, LOSES, ENTERS_EXIT, OTHER = "gains", "loses", "enters_jiantui", "other"
COVERED, UNSURE = "covered", "unsure"
KINDS = (GAINS, LOSES, ENTERS_EXIT, COVERED, UNSURE, OTHER)
EXIT_COLUMN, DIBAO_COLUMN = "jiantui", "dibao"
_NOBODY = pl.DataFrame(
    schema={
        "township": pl.String, "column": pl.String, "change": pl.String, "households": pl.UInt32,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One programme before and after: households likely, and those not decided either way after."""

    programme: Programme
    before: int
    after: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change does to some households; `parts` are the programmes that go by the figure.

    `changed` counts households by township, column and change (`KINDS`). `covered`: likely no more,
    because the household becomes likely for 低保, which comes first. `unsure`: waits for answers or
    a person afterwards, which is no loss. `amounts`: what changes for those who stay likely, see
    `rules.impact_amounts`.
    """

    households: int
    parts: tuple[Part, ...]
    changed: pl.DataFrame
    amounts: pl.DataFrame

    def total(self, column: str, change: str) -> int:
        """Households of that change in all townships together."""
        same = (pl.col("column") == column) & (pl.col("change") == change)
        return int(self.changed.filter(same)["households"].sum())


def with_overrides(store: Store, overrides: Iterable[Parameter]) -> Store:
    """The store with dated values published on top of the files.

    A verified value ends the one in force the day before it begins, and takes the place of one that
    begins on the same day. An unverified one ends only unverified ones and stays out where a
    verified value holds. Raises ParameterError when the outcome contradicts itself: two values at
    one time, 特困 under 1.3 times 低保.
    """
    kept = list(store.parameters)
    for new in sorted(overrides, key=lambda one: not one.verified):
        if new.verified:
            ended = _ended_by(new, kept)
            kept = [*(old for old in ended if old.verified or not collide(old, new)), new]
        elif not any(old.verified and collide(old, new) for old in kept):
            kept = [*_ended_by(new, kept), new]
    return Store.of(kept, store.gaps)


def _ended_by(new: Parameter, rows: Iterable[Parameter]) -> list[Parameter]:
    """The rows with those of the same figure ended on the eve of the new one.

    Raises ValueError when it has no first day.
    """
    if new.effective_from is None:
        raise ValueError("a published value needs a first day")
    eve = new.effective_from - timedelta(days=1)
    found: list[Parameter] = []
    for old in rows:
        same = (old.name, old.region_code, old.population) == (
            new.name, new.region_code, new.population,
        )  # fmt: skip
        if same and old.effective_from == new.effective_from:
            continue
        ends = same and old.covers(new.effective_from)
        found.append(replace(old, effective_to=eve) if ends else old)
    return found


def changes(
    old: pl.DataFrame, new: pl.DataFrame, ids: Sequence[str], programmes: Sequence[str]
) -> pl.DataFrame:
    """Rows whose outcome differs: ids, column, before, after, change.

    Both tables hold the ids and an outcome column a programme, in the same order of rows.
    """
    parts = []
    for column in programmes:
        both = pl.concat(
            [
                new.lazy().select(*ids, pl.col(column).alias("after")),
                old.lazy().select(pl.col(column).alias("before")),
            ],
            how="horizontal",
        )
        before, after = pl.col("before"), pl.col("after")
        gains = after.eq_missing(pl.lit(LIKELY))
        kind = (
            pl.when(gains & pl.lit(column == EXIT_COLUMN))
            .then(pl.lit(ENTERS_EXIT))
            .when(gains)
            .then(pl.lit(GAINS))
            .when(before.eq_missing(pl.lit(LIKELY)) & pl.lit(column != EXIT_COLUMN))
            .then(pl.lit(LOSES))
            .otherwise(pl.lit(OTHER))
        )
        parts.append(
            both.with_columns(before.cast(pl.String), after.cast(pl.String))
            .filter(before.ne_missing(after))
            .select(*ids, pl.lit(column).alias("column"), "before", "after", kind.alias("change"))
        )
    return pl.concat(pl.collect_all(parts))


def preview(
    table: pl.DataFrame,
    on: date,
    before: Store,
    after: Store,
    region: str | None = None,
    programmes: tuple[Programme, ...] = REGISTRY,
    ids: Sequence[str] = ("household", "township"),
) -> pl.DataFrame:
    """Who changes when the parameters do, as `changes`; both screened for the same day."""
    columns = [programme.column for programme in programmes]
    kept = table.select(name for name in ids if name in table.columns)
    named = kept.columns
    tables = [
        pl.concat([kept, screen_register(table, on, region, store, programmes)], how="horizontal")
        for store in (before, after)
    ]
    return changes(tables[0], tables[1], named, columns)


def impact(
    table: pl.DataFrame, on: date, before: Store, after: Store, region: str | None = None
) -> Impact:
    """What the change does to the households of a facts frame with `household` and `township`.

    Rows without a `region` are judged by that of `region`. The figure moves exactly those whose
    outcome differs when everybody is screened again under `after`.
    """
    told = table["region"].fill_null(region or "").unique() if "region" in table.columns else None
    places = [region or ""] if told is None else told.to_list()
    # The new figure may be a township's own, so the places are those of the law to come.
    programmes = affected({law_place(code, after) for code in places}, on, before, after)
    amounts = amounts_moved(table, on, before, after, region)
    kept = table.select("household", "township")
    if not programmes:
        return Impact(kept["household"].n_unique(), (), _NOBODY, amounts)
    judged = [_screened(table, on, region, store, programmes) for store in (before, after)]
    columns = [programme.column for programme in programmes]
    old, new = (pl.concat([kept, found], how="horizontal") for found in judged)
    moved = _refined(changes(old, new, kept.columns, columns))
    parts = tuple(
        Part(
            programme,
            before=_count(kept, judged[0], programme.column, (LIKELY,)),
            after=_count(kept, judged[1], programme.column, (LIKELY,)),
            undecided=_count(kept, judged[1], programme.column, (NEED_ANSWERS, NEED_PERSON)),
        )
        for programme in programmes
    )
    return Impact(kept["household"].n_unique(), parts, by_township(moved), amounts)


def affected(places: Iterable[str], on: date, before: Store, after: Store) -> tuple[Programme, ...]:
    """The programmes whose expressions differ between the two stores in one of these places."""
    found: set[str] = set()
    for place in places:
        old, new = (
            _expressions(stages(laws.of(place or None, on, store), EVERYTHING))
            for store in (before, after)
        )
        moved = {
            name
            for name in old.keys() | new.keys()
            if not _same(old.get(name, []), new.get(name, []))
        }
        grown = 0
        while grown < len(moved):
            grown = len(moved)
            moved |= {
                name
                for name, made in new.items()
                if any(moved.intersection(one.meta.root_names()) for one in made)
            }
        found |= moved
    return tuple(programme for programme in EVERYTHING if programme.column in found)


def by_township(found: pl.DataFrame) -> pl.DataFrame:
    """How many households a township, programme and kind of change."""
    return (
        found.group_by("township", "column", "change")
        .agg(pl.col("household").n_unique().alias("households"))
        .sort("township", "column", "change")
    )


def _refined(moved: pl.DataFrame) -> pl.DataFrame:
    """The changes with losses apart that are none: see `Impact`."""
    gains_dibao = (pl.col("column") == DIBAO_COLUMN) & (pl.col("change") == GAINS)
    lifted = moved.filter(gains_dibao)["household"].unique()
    lost = (pl.col("before") == LIKELY) & (pl.col("column") != DIBAO_COLUMN)
    return moved.with_columns(
        pl.when(pl.col("after").is_in([NEED_ANSWERS, NEED_PERSON]))
        .then(pl.lit(UNSURE))
        .when(lost & pl.col("household").is_in(lifted.implode()))
        .then(pl.lit(COVERED))
        .otherwise(pl.col("change"))
        .alias("change")
    )


def _screened(
    table: pl.DataFrame,
    on: date,
    region: str | None,
    store: Store,
    programmes: tuple[Programme, ...],
) -> pl.DataFrame:
    """The outcomes of these programmes; all are judged, for they read each other's."""
    nth = table["nth"] if "nth" in table.columns else pl.Series("nth", [0] * len(table))
    found = screen_register(table, on, region, store, EVERYTHING)
    columns = [programme.column for programme in programmes]
    return once_a_household(found.select(columns).with_columns(nth), programmes)


def _count(kept: pl.DataFrame, found: pl.DataFrame, column: str, outcomes: tuple[str, ...]) -> int:
    hit = found[column].cast(pl.String).is_in(outcomes)
    return kept.filter(hit.fill_null(value=False))["household"].n_unique()


def _expressions(staged: Iterable[Iterable[pl.Expr]]) -> dict[str, list[pl.Expr]]:
    found: dict[str, list[pl.Expr]] = {}
    for stage in staged:
        for one in stage:
            found.setdefault(one.meta.output_name(), []).append(one)
    return found


def _same(old: list[pl.Expr], new: list[pl.Expr]) -> bool:
    pairs = zip(old, new, strict=False)
    return len(old) == len(new) and all(one.meta.eq(two) for one, two in pairs)
