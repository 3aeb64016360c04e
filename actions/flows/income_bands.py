"""Income to choose from: bands cut at the lines in force, and the lowest line there is."""

from __future__ import annotations

from actions.flows import speech
from actions.turn import Button, Turn
from actions.wording import Words
from rules.bands import Band, bands
from rules.parameter_store import default_store
from rules.parameter_values import MONTHLY


def buttons(turn: Turn, key: str) -> list[Button]:
    """Income bands cut at the lines in force, so that a band usually decides."""
    if key != "monthly_income_total":
        return []
    state, words = turn.state, turn.words
    offered = bands(key, state.stated(), state.region, turn.today)
    choices = [(words.part("band_none"), "0-0")] if offered else []
    for band in offered:
        end = "" if band.high is None else band.high
        choices.append((_band_title(words, band), f"{band.low or 1}-{end}"))
    found = [Button(title, f'/inform_facts{{"{key}":"{band}"}}') for title, band in choices]
    return [*found, *speech.ways_out(turn)]


def _band_title(words: Words, band: Band) -> str:
    """The band by the lines that cut it: 不到1890元, 1890到2835元, 比2835元多."""
    if band.high is None:
        return words.part("band_above", low=band.low - 1)
    if not band.low:
        return words.part("band_below", high=band.high + 1)
    return words.part("band_between", low=band.low - 1, high=band.high + 1)


def lowest_line(turn: Turn) -> float | None:
    """The lowest 低保 standard of all published places today, yuan a head and month."""
    hukou = turn.state.value("hukou")
    lines = [
        parameter.low
        for parameter in default_store().parameters
        if parameter.name == "dibao_standard"
        and parameter.verified
        and parameter.unit == MONTHLY
        and parameter.covers(turn.today)
        and (hukou not in {"rural", "urban"} or parameter.population in {hukou, "all"})
    ]
    return min(lines, default=None)
