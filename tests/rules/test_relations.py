"""The catalogue and its relations: one layer each, nothing that leads back to itself, in order."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from rules.criteria import LIKELY, UNLIKELY
from rules.law import of as law_of
from rules.programmes import ALL_CODES, FURTHER, REGISTRY, needed_for, relations
from tests.rules.test_parameters import TODAY

EVERY = (*REGISTRY, *FURTHER)
# Targets that are a path inside a programme, or a code that several programmes share.
INSIDE = {"weigai": "zhufang", "liangshan_chae": "chae_butie", "liangshan_teshu": "teshu_butie"}
CACHED = (relations.openers, relations.openers_in_places, relations.exclusions, relations.excluders)
LAYERS = {"basic", "special", "emergency"}


def test_every_programme_has_one_layer_and_a_department() -> None:
    catalogue = relations.catalogue()
    assert set(catalogue) == set(ALL_CODES)
    for entry in catalogue.values():
        assert entry.layer in LAYERS
        assert entry.name
        assert entry.department
    assert {entry.layer for entry in catalogue.values()} == LAYERS


def test_a_layer_is_told_in_words_and_an_unknown_code_has_none() -> None:
    assert relations.layer_name("dibao") == "基本生活救助"
    assert relations.layer_name("yiliao") == "专项救助"
    assert relations.layer_name("linshi") == "急难救助"
    assert relations.layer_name("no_such_programme") == ""


def test_no_relation_leads_back_to_where_it_starts() -> None:
    edges: dict[str, set[str]] = {}
    for source, target in relations.edges():
        edges.setdefault(source, set()).add(target)

    def walk(node: str, path: tuple[str, ...]) -> None:
        assert node not in path, " → ".join((*path, node))
        for following in edges.get(node, ()):
            walk(following, (*path, node))

    for start in edges:
        walk(start, ())


def test_relations_name_only_what_exists() -> None:
    columns = {programme.column for programme in EVERY}
    targets = columns | set(ALL_CODES) | {"weigai", "liangshan_chae", "liangshan_teshu"}
    for source, target in relations.edges():
        assert source in columns | set(relations.HELD)
        assert target in targets, target


def test_what_a_criterion_reads_was_judged_before() -> None:
    order = [programme.column for programme in EVERY]
    for exclusion in relations.exclusions():
        if not (exclusion.settled or exclusion.received) and exclusion.source in order:
            assert order.index(exclusion.source) < order.index(exclusion.target)
    law = law_of("500233", TODAY)
    for programme in EVERY:
        for criterion in programme.criteria(law):
            for name in criterion.truth.meta.root_names():
                if name in order:
                    assert order.index(name) < order.index(programme.column)


def test_columns_and_criteria_are_named_once() -> None:
    law = law_of("350902", TODAY)
    columns = [programme.column for programme in EVERY]
    assert len(columns) == len(set(columns))
    kinds = [(programme.code, programme.kind) for programme in EVERY]
    assert len(kinds) == len(set(kinds))
    shared = {"child_minor", "allowance_certificate", "subsidy_rural", "nankai_status"}
    named = [c.column for p in EVERY for c in p.criteria(law) if c.column not in shared]
    assert len(named) == len(set(named))


def test_every_criterion_has_a_rule_and_a_clause_in_every_region() -> None:
    for region in ("500233", "500103", "350902", "120104", "152201", "513431", None):
        law = law_of(region, TODAY)
        for programme in EVERY:
            for criterion in programme.criteria(law):
                assert "-" in criterion.rule_id
                assert criterion.clause
                assert criterion.tell in ("always", "true", "false")


def test_every_opener_list_has_a_status_that_is_judged() -> None:
    for _, target in relations.edges():
        if any(target == exclusion.target for exclusion in relations.exclusions()):
            continue
        assert set(relations.openers(target)) & set(relations.JUDGED), target


def test_the_focus_brings_the_first_screening_and_what_is_named() -> None:
    found = needed_for({"tekun", "canji_butie"})
    assert found[: len(REGISTRY)] == REGISTRY
    assert [p.column for p in found[len(REGISTRY) :]] == ["tekun", "canji_shenghuo", "canji_huli"]
    with pytest.raises(KeyError):
        needed_for({"no_such_programme"})


def test_a_settled_exclusion_needs_both_sides() -> None:
    assert relations.settle(REGISTRY) == {}
    assert set(relations.settle(needed_for({"tekun"}))) == {"dibao"}
    row = {"size_low": 1, "size_high": 1, "tekun": LIKELY, "dibao": UNLIKELY}
    assert [reason.code for reason in relations.reasons_of("dibao", row)] == ["tekun_first"]
    assert relations.reasons_of("dibao", {**row, "size_high": 2}) == []


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The relations, to be edited."""
    edited = deepcopy(relations._data())
    monkeypatch.setattr(relations, "_data", lambda: edited)
    _forget()
    yield edited
    _forget()


def _forget() -> None:
    for cached in CACHED:
        cached.cache_clear()


def _written() -> dict[str, str]:
    """What every programme's criteria and outcome are made of, in a place each of them is for."""
    _forget()
    laws = [law_of(place, TODAY) for place in ("500233", "500112", "350902", "513431")]
    laws.append(law_of("120104", date(2011, 6, 1)))
    return {
        programme.column: "".join(
            expr.meta.serialize(format="json")
            for law in laws
            for expr in (*(c.truth for c in programme.criteria(law)), programme.outcome(law))
        )
        for programme in EVERY
    }


def _opens() -> list[tuple[str, str, str]]:
    return [
        (target, key, code)
        for target, row in relations._data()["opens"].items()
        for key in ("by", "by_place")
        for code in row.get(key, ())
    ]


@pytest.mark.parametrize(("target", "key", "code"), _opens())
def test_each_status_that_opens_a_programme_is_read_from_the_relations(
    data: dict[str, Any], target: str, key: str, code: str
) -> None:
    before = _written()
    codes = data["opens"][target][key]
    other = next(held for held in relations.HELD if held not in codes)
    codes[codes.index(code)] = other
    after = _written()
    changed = {column for column in before if before[column] != after[column]}
    assert changed
    assert changed <= {p.column for p in EVERY if INSIDE.get(target, target) in (p.column, p.code)}


@pytest.mark.parametrize(
    "at", [i for i, row in enumerate(relations._data()["excludes"]) if row["how"] == "criterion"]
)
def test_each_exclusion_of_a_criterion_is_read_from_the_relations(
    data: dict[str, Any], at: int
) -> None:
    before = _written()
    target = data["excludes"].pop(at)["to"]
    after = _written()
    assert [column for column in before if before[column] != after[column]] == [target]
