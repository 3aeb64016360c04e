"""The answer to a question: the right words for the place and the day, with figures and sources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from knowledge import figures, glossary, library
from knowledge.asked_day import asked_day
from knowledge.model import GENERAL, Answer, Entry, Sentence, Source
from rules import regions
from rules.errors import UnknownRegion
from rules.parameters import Parameter

__all__ = ["Answer", "Source", "answer", "has_topic", "not_found", "render"]

# Questions after the decision: the closing words "who decides" would not fit.
_NOTHING_TO_DECIDE = frozenset({"ask_appeal_complaint", "ask_payment_problem", "ask_privacy"})


def answer(
    question_label: str,
    program: str | None,
    region: str | None,
    on: date,
    hukou: str | None = None,
    *,
    question: str | None = None,
    help_phone: str = "12345",
) -> Answer:
    """What to tell a resident who asks this about the programme, there and on that day.

    `question` is the resident's own sentence; with it a narrower answer ("有车还能申请吗") is found
    where one is written, a word is explained (渐退期是啥意思) and a past month or year is answered
    with the rules of then. A place the gazetteer does not know counts as not known.
    """
    then = asked_day(question, on) if question else None
    if then is None:
        return _answer(question_label, program, region, on, hukou, question, help_phone)
    found = _answer(question_label, program, region, then.day, hukou, question, help_phone)
    first, *others = found.parts
    if "past" in found.gaps:
        first = first.replace(_day(then.day), then.words, 1)
    else:
        first = _words()["as_of"].format(day=then.words) + first
    found = replace(found, parts=[first, *others])
    today = _answer(question_label, program, region, on, hukou, question, help_phone)
    return _with_today(found, today, both=then.and_now)


def _with_today(then: Answer, today: Answer, *, both: bool) -> Answer:
    """The answer for then, with today's words where they are asked for or it leaves them open."""
    words = _words()
    known = today.found and not any(gap.startswith("figure:") for gap in today.gaps)
    first = today.parts[0].split("。")[0]
    sent_on = re.compile(words["now_open"] + "[^。]*。")
    if both and today.found:
        now = words["now_too"].format(text=today.body[0])
        parts = [sent_on.sub("", then.body[0]), now, *then.parts[len(then.body) :]]
    elif known and any(words["now_open"] in part for part in then.parts):
        parts = [sent_on.sub(words["now_is"].format(text=first), part) for part in then.parts]
    else:
        return then
    sources = [*then.sources, *(one for one in today.sources if one not in then.sources)]
    return replace(then, parts=parts, sources=sources)


def _answer(
    question_label: str,
    program: str | None,
    region: str | None,
    on: date,
    hukou: str | None,
    question: str | None,
    help_phone: str,
) -> Answer:
    code = program if program in library.programmes() else GENERAL
    found = (
        _term(question_label, code, question)
        or _narrower(question_label, code, question)
        or library.entry(question_label, code)
    )
    if found is not None:
        return render(found, region, on, hukou, help_phone=help_phone)
    fallback = library.entry(question_label, GENERAL)
    if fallback is None:
        return not_found(region, on, help_phone=help_phone)
    name = library.programmes()[code].name
    return render(fallback, region, on, hukou, help_phone=help_phone, instead_of=name)


def has_topic(question_label: str, program: str | None, question: str) -> bool:
    """Is there a narrower answer for the words of this question?"""
    code = program if program in library.programmes() else GENERAL
    return _narrower(question_label, code, question) is not None


def ask_place() -> str:
    """The sentence with which an answer asks for the place."""
    return _words()["ask_place"]


def of_your_case(sentence: str) -> str:
    """A sentence of an answer, said again for what the resident has told since."""
    return _words()["of_your_case"].format(text=sentence)


def _narrower(label: str, code: str, question: str | None) -> Entry | None:
    """The topic whose key words cover most of the resident's sentence."""
    if not question:
        return None
    best: tuple[int, Entry] | None = None
    for entry in library.programmes()[code].entries:
        if entry.topic and label in (entry.label, *entry.also):
            covered = sum(len(key) for key in entry.keys if key in question)
            if covered and (best is None or covered > best[0]):
                best = (covered, entry)
    return best[1] if best else None


def _term(label: str, code: str, question: str | None) -> Entry | None:
    """The word whose meaning is asked for; words without a source are left to the overview."""
    if not question or label != "ask_program_overview":
        return None
    term = glossary.asked(question)
    if term is None or not term.cites:
        return None
    title = f"什么是{term.name}"
    return Entry(code, label, "term", title, (), ((Sentence(term.text, cites=term.cites),),))


def not_found(region: str | None, on: date, *, help_phone: str = "12345") -> Answer:
    """Nothing reliable is known; says so and where a person can be reached."""
    words = _words()
    parts = [words["not_found"], words["not_found_next"].replace("{help_phone}", help_phone)]
    place = _place(region)
    name = regions.region(place).full_name if place else "未说明"
    return Answer(parts, [], name, "", on, found=False)


def render(
    entry: Entry,
    region: str | None,
    on: date,
    hukou: str | None = None,
    *,
    help_phone: str = "12345",
    instead_of: str = "",
) -> Answer:
    """The entry in words for a place and a day; `instead_of` names the programme asked about."""
    work = _Work(figures.Asked(_place(region), on, hukou), help_phone)
    paragraphs = [work.paragraph(paragraph) for paragraph in entry.paragraphs]
    body = [text for text in paragraphs if text]
    if not body:
        if "region" not in work.gaps:
            return _unknown_past(entry, work)
        body = [""]  # every figure waits for the place: the remarks ask for it
    if instead_of:
        body[0] = _words()["general"].format(name=instead_of) + body[0]
        work.gap("programme")
    if work.too_early:
        body[0] = _words()["past"].format(day=_day(on)) + body[0]
    closing = library.programmes()[entry.programme].closing if entry.closing else ()
    if entry.label in _NOTHING_TO_DECIDE:
        closing = closing[1:]
    if help_phone in "".join(body):
        closing = tuple(s for s in closing if "{help_phone}" not in s.say)
    last = work.paragraph(closing)
    body[-1] += work.remarks()
    return Answer(
        parts=[*body, last] if last else body,
        sources=work.sources(),
        region_name=work.region_name,
        layer=work.layer,
        as_of=on,
        gaps=work.gaps,
        title=entry.title,
        closes=bool(last),
    )


def _unknown_past(entry: Entry, work: "_Work") -> Answer:
    words = _words()
    parts = [
        words["past_none"].format(day=_day(work.asked.on)),
        words["not_found_next"].replace("{help_phone}", work.help_phone),
    ]
    return Answer(
        parts, [], work.region_name, "", work.asked.on, ["past"], found=False, title=entry.title
    )


@cache
def _words() -> dict[str, str]:
    content = library.read_yaml(library.FOLDER / "words.yml")
    return {name: words for name, words in content.items() if isinstance(words, str)}


def _place(region: str | None) -> str | None:
    """The region if the gazetteer can place it; the nation as a whole is no place."""
    if region is None or region == regions.NATION:
        return None
    try:
        regions.layers(region)
    except UnknownRegion:
        return None
    return region


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月"


@dataclass(slots=True)
class _Work:
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
        words = _words()
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
        words = _words()
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
            texts.append(words["stale"].format(month=_day(stale[0].effective_from)))
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
