"""The answer to a question: the right words for the place and the day, with figures and sources."""

import re
from dataclasses import replace
from datetime import date

from knowledge import figures, glossary, library
from knowledge.asked_day import asked_day
from knowledge.model import GENERAL, Answer, Entry, Sentence, Source
from knowledge.rendering import Rendering, day_in_words, wordings
from rules import regions
from rules.errors import UnknownRegion

__all__ = ["Answer", "Source", "answer", "has_topic", "not_found", "render"]

# Questions after the decision: the closing words "who decides" would not fit.
#: Aid by the household of 低保 (审核确认办法 第七条): who counts there counts here.
_SAME_HOUSEHOLD = frozenset({"dibao_bianyuan", "gangxing_zhichu", GENERAL})
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
        first = first.replace(day_in_words(then.day), then.words, 1)
    else:
        first = wordings()["as_of"].format(day=then.words) + first
    found = replace(found, parts=[first, *others])
    today = _answer(question_label, program, region, on, hukou, question, help_phone)
    return _with_today(found, today, both=then.and_now)


def _with_today(then: Answer, today: Answer, *, both: bool) -> Answer:
    """The answer for then, with today's words where they are asked for or it leaves them open."""
    words = wordings()
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
    return wordings()["ask_place"]


def of_your_case(sentence: str) -> str:
    """A sentence of an answer, said again for what the resident has told since."""
    return wordings()["of_your_case"].format(text=sentence)


def _narrower(label: str, code: str, question: str | None) -> Entry | None:
    """The topic whose key words cover most of the resident's sentence."""
    if not question:
        return None
    best: tuple[int, Entry] | None = None
    counts = label == "ask_family_definition" and code in _SAME_HOUSEHOLD
    for entry in library.programmes()["dibao" if counts else code].entries:
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
    words = wordings()
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
    work = Rendering(figures.Asked(_place(region), on, hukou), help_phone)
    paragraphs = [work.paragraph(paragraph) for paragraph in entry.paragraphs]
    body = [text for text in paragraphs if text]
    if not body:
        if "region" not in work.gaps:
            return _unknown_past(entry, work)
        body = [""]  # every figure waits for the place: the remarks ask for it
    if instead_of:
        body[0] = wordings()["general"].format(name=instead_of) + body[0]
        work.gap("programme")
    if work.too_early:
        body[0] = wordings()["past"].format(day=day_in_words(on)) + body[0]
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


def _unknown_past(entry: Entry, work: Rendering) -> Answer:
    words = wordings()
    parts = [
        words["past_none"].format(day=day_in_words(work.asked.on)),
        words["not_found_next"].replace("{help_phone}", work.help_phone),
    ]
    return Answer(
        parts, [], work.region_name, "", work.asked.on, ["past"], found=False, title=entry.title
    )


def _place(region: str | None) -> str | None:
    """The region if the gazetteer can place it; the nation as a whole is no place."""
    if region is None or region == regions.NATION:
        return None
    try:
        regions.layers(region)
    except UnknownRegion:
        return None
    return region
