"""The corpus through every field of every edge, on both databases: never a 500, never silence."""

from __future__ import annotations

import pytest

from tests.bad_input.corpus import BODIES, CONTENT_TYPES, IDS, SHAPES, TEXTS, mutations
from tests.bad_input.edges import Edges, Unfair

pytestmark = pytest.mark.timeout(600)


def test_every_text_said_in_a_chat(edges: Edges) -> None:
    unfair: list[Unfair] = []
    for text in TEXTS.values():
        where, headers = edges.open()
        unfair += edges.say(where, headers, text)
    assert unfair == []
    assert edges.sent == len(TEXTS)


def test_a_sixth_of_the_texts_in_every_field_and_address(edges: Edges) -> None:
    """All of them go through `make bad-input`."""
    unfair: list[Unfair] = []
    for text in list(TEXTS.values())[::6]:
        unfair += edges.everywhere(text)
    assert unfair == []


def test_bodies_types_and_ids_that_are_none(edges: Edges) -> None:
    unfair: list[Unfair] = []
    for raw in BODIES.values():
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            unfair += edges.chat_raw(raw, kind)
            unfair += edges.staff_raw(raw, kind)
    for kind in CONTENT_TYPES:
        unfair += edges.chat_raw(BODIES["form"], kind)
        unfair += edges.staff_raw(BODIES["form"], kind)
    for shape in SHAPES:
        unfair += edges.chat_fields(shape)
        unfair += edges.staff_fields(shape)
    for name in IDS:
        unfair += edges.chat_addresses(name)
        unfair += edges.staff_addresses(name)
        unfair += edges.console_pages(name)
    assert unfair == []


def test_three_hundred_random_variations(edges: Edges) -> None:
    unfair: list[Unfair] = []
    where, headers = edges.open()
    for number, text in enumerate(mutations(seed=20261122, count=300)):
        if number % 5 == 0:
            where, headers = edges.open()
        unfair += edges.say(where, headers, text)
        if number % 60 == 0:
            unfair += edges.everywhere(text)
    assert unfair == []
    assert edges.sent >= 300
