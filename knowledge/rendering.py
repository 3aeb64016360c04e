"""One answer being put into words: its sentences, figures, sources and what was missing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from knowledge import figures, library
from knowledge.model import Sentence, Source
from rules import regions
from rules.parameters import Parameter


@cache
def wordings() -> dict[str, str]:
    """The fixed phrases of answers."""
    content = library.read_yaml(library.FOLDER / "words.yml")
    return {name: words for name, words in content.items() if isinstance(words, str)}


def day_in_words(day: date) -> str:
    """2026年11月."""
    return f"{day.year}年{day.month}月"


@dataclass(slots=True)
class Rendering:
    """One answer being put together: what was said, with which values, and what was missing."""

    asked: figures.Asked
    help_phone: str
    gaps: list[str] = field(default_factory=list)
    too_early: bool = False
    cited: list[Source] = field(default_factory=list)
    values: list[Parameter] = field(default_factory=list)
    undated: list[Parameter] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)

    def gap(self, name: str) -> None:
        if name not in self.gaps:
            self.gaps.append(name)

    @property
    def chain(self) -> tuple[str, ...]:
        return regions.layers(self.asked.region or regions.NATION)

    @property
    def region_name(self) -> str:
        """The place asked about."""
        region = self.asked.region
        return regions.region(self.chain[0]).full_name if region else "未说明"

    @property
    def layer(self) -> str:
        """The nearest layer whose rule or figure was used."""
        near = [code for code in self.chain if code in self.reached]
        return regions.region(near[0] if near else regions.NATION).name

    # Sentences --------------------------------------------------------------------------------

    def paragraph(self, sentences: tuple[Sentence, ...]) -> str:
        return "".join(text for s in sentences for text in self._say(s))

    def _say(self, sentence: Sentence) -> Iterator[str]:
        if not self._holds(sentence):
            return
        text = self._filled(sentence.say)
        if isinstance(text, figures.Missing):
            yield from self._instead(sentence, text)
            return
        self._remember(sentence)
        yield text

    def _holds(self, sentence: Sentence) -> bool:
        """Whether the sentence may be said for this place and day."""
        region = self.asked.region
        if sentence.within:
            if region is None:
                self.gap("region")
                return False
            if not region.startswith(sentence.within):
                return False
        if region is not None and sentence.outside and region.startswith(sentence.outside):
            return False
        if sentence.levels:
            level = regions.region(self.chain[0]).level if region else "unknown"
            if level not in sentence.levels:
                return False
        if sentence.end is not None and self.asked.on > sentence.end:
            return False
        if sentence.start is not None:
            return self.asked.on >= sentence.start
        starts = [c.document.starts for c in sentence.cites if c.document.starts]
        if starts and self.asked.on < max(starts):
            self.too_early = True
            self.gap("past")
            return False
        return True

    def _instead(self, sentence: Sentence, missing: figures.Missing) -> Iterator[str]:
        """Instead of a missing figure: the question for the place, other words, or whom to ask."""
        words = wordings()
        if missing.ask_place:
            self.gap("region")
            if self.asked.region is not None:
                yield from self._once(
                    words["ask_county"].format(place=regions.region(self.chain[0]).name)
                )
            return
        self.gap(f"figure:{missing.name}")
        if sentence.otherwise is not None:
            text = self._filled(sentence.otherwise)
            if not isinstance(text, figures.Missing):
                self._remember(sentence)
                yield from self._once(text)
                return
        self._remember(sentence)
        yield from self._once(words["missing"].replace("{help_phone}", self.help_phone))

    def _once(self, text: str) -> Iterator[str]:
        if text and text not in self.said:
            self.said.add(text)
            yield text

    def _filled(self, text: str) -> str | figures.Missing:
        """The text with its figures, or the first one missing; nothing is kept when one is."""
        text = text.replace("{help_phone}", self.help_phone)
        found: list[figures.Figure] = []
        pieces: list[str] = []
        end = 0
        pinned = False
        for match in figures.PLACEHOLDER.finditer(text):
            try:
                one = figures.figure(match, self.asked)
            except figures.Missing as missing:
                return missing
            pinned = pinned or bool(match["place"])
            if not match["place"] and len({value.population for value in one.parameters}) > 1:
                self.gap("hukou")
            found.append(one)
            pieces += [text[end : match.start()], one.text]
            end = match.end()
        dated = {value for one in found if one.dated for value in one.parameters}
        for one in found:
            for value in one.parameters:
                if value not in self.values:
                    self.values.append(value)
                if value not in dated and value not in self.undated:
                    self.undated.append(value)
                if not pinned:
                    self.reached.add(value.region_code)
                if value.local_unverified:
                    self.gap(f"local:{value.name}")
        return "".join([*pieces, text[end:]])

    def _remember(self, sentence: Sentence) -> None:
        for cite in sentence.cites:
            document = cite.document
            self._cite(Source(document.title, cite.clause, document.shown_date, document.grade))
        for prefix in sentence.within:
            if self.asked.region is not None and self.asked.region.startswith(prefix):
                self.reached.add(prefix.ljust(6, "0"))

    def _cite(self, source: Source) -> None:
        """One line per document, its clauses together."""
        for index, known in enumerate(self.cited):
            if known.title == source.title:
                if source.clause and source.clause not in known.clause.split("、"):
                    clause = f"{known.clause}、{source.clause}" if known.clause else source.clause
                    self.cited[index] = Source(known.title, clause, known.date, known.grade)
                return
        self.cited.append(source)

    # What comes at the end ----------------------------------------------------------------------

    def remarks(self) -> str:
        """Place and date of the figures, what may be out of date, the question for the place."""
        words = wordings()
        texts = []
        dated = [v for v in self.values if v not in self.undated]
        places: dict[str, list[str]] = {}
        for value in self.undated:
            if not any(when_of(value) == when_of(other) for other in dated):
                places.setdefault(value.region_name, [])
                if (month := figures.period(value)) not in places[value.region_name]:
                    places[value.region_name].append(month)
        if places:
            shown = "；".join(f"{place}，{'、'.join(months)}" for place, months in places.items())
            texts.append(words["figures"].format(figures=shown))
        stale = [v for v in self.values if v.stale and v.effective_from and _open(v)]
        if stale and stale[0].effective_from:
            texts.append(words["stale"].format(month=day_in_words(stale[0].effective_from)))
        if any(gap.startswith("local:") for gap in self.gaps):
            texts.append(words["local"])
        if "region" in self.gaps and self.asked.region is None:
            texts.append(words["ask_place"])
        return "".join(texts)

    def sources(self) -> list[Source]:
        """Documents of the sentences, then of the figures."""
        for value in self.values:
            start = value.effective_from.isoformat() if value.effective_from else ""
            self._cite(Source(value.document, value.clause, start, value.evidence_grade))
        return self.cited


def _open(value: Parameter) -> bool:
    """Whether nothing is known of the value's end, so that it may be out of date."""
    return value.effective_to is None or value.end_inferred


def when_of(value: Parameter) -> tuple[str, str]:
    """Place and time of a value, to compare."""
    return value.region_name, figures.period(value)
