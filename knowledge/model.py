"""What an answer is, and what the content files hold."""

from dataclasses import dataclass, field
from datetime import date

#: The question types, in the order residents usually ask them.
LABELS = (
    "ask_program_overview",
    "ask_eligibility_conditions",
    "ask_amount_standard",
    "ask_how_to_apply",
    "ask_materials",
    "ask_processing_time",
    "ask_where_to_apply",
    "ask_income_property_rules",
    "ask_family_definition",
    "ask_review_or_stop",
    "ask_appeal_complaint",
    "ask_payment_problem",
    "ask_other_benefits",
    "ask_privacy",
)
#: The content that answers when no programme is meant.
GENERAL = "general"
#: Grades a resident may see as a source; see `rules.parameter_store`.
SHOWN_GRADES = frozenset("SABR")


class ContentError(Exception):
    """A content file that must not be published as it stands; names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document behind an answer. `date` is the day or month it took effect (ISO, "" unknown)."""

    title: str
    clause: str
    date: str
    grade: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What to tell a resident.

    `parts` are one to three short paragraphs. `region_name` is the place asked about, `layer` the
    place whose rules answered (全国 when nothing local is known). `gaps` say what is missing:
    "region" (the place has to be asked for), "hukou" (urban and rural differ and both were said),
    "figure:<parameter>" (no verified value there and
    then), "past" (the rule of that day is not known), "local:<parameter>" (an unverified local
    value exists), "programme" (only the general rule is known). `found` False: nothing reliable.
    `closes`: the last paragraph is only who decides and where to go.
    """

    parts: list[str]
    sources: list[Source]
    region_name: str
    layer: str
    as_of: date
    gaps: list[str] = field(default_factory=list)
    found: bool = True
    title: str = ""
    closes: bool = False

    @property
    def body(self) -> list[str]:
        """The paragraphs without the closing words, for all but the last of several answers."""
        return self.parts[:-1] if self.closes else self.parts

    @property
    def text(self) -> str:
        """The paragraphs as one message."""
        return "\n".join(self.parts)


@dataclass(frozen=True, slots=True)
class Document:
    """An entry of sources.yml: a document that content may cite."""

    key: str
    title: str
    starts: date | None
    shown_date: str
    grade: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A document and its clause, as written in the content ("M57 第八条")."""

    document: Document
    clause: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where and when it may be said.

    `within` and `outside` are prefixes of region codes, `levels` the levels of the place asked
    about, `start` and `end` the days the rule held. Without a start, the rule starts with the
    newest document it cites. `otherwise` replaces the sentence when a figure is missing; None
    takes the standing words, "" drops it.
    """

    say: str
    within: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    otherwise: str | None = None
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One question and its answer.

    `topic` "" is the answer to the label as a whole; a topic is narrower and chosen when its key
    words occur in the resident's sentence, for its own label and those in `also`.
    """

    programme: str
    label: str
    topic: str
    title: str
    aliases: tuple[str, ...]
    paragraphs: tuple[tuple[Sentence, ...], ...]
    closing: bool = True
    keys: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Programme:
    """One content file: names, closing words and entries."""

    code: str
    name: str
    aliases: tuple[str, ...]
    closing: tuple[Sentence, ...]
    entries: tuple[Entry, ...]
