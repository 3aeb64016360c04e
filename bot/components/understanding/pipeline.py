"""One message in, everything understood out; shared by the Rasa component and the command line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from . import context, crisis, danger, membership
from .asked_of import ProgrammeHit
from .classifier import Classifier
from .decision import decide
from .facts import (
    age,
    aid,
    family,
    further,
    health,
    home,
    household,
    identity,
    living,
    money,
    parents,
    place,
    relation,
    vehicle,
)
from .facts.further import FURTHER
from .facts.scene import Fact, Scene
from .features import PRIVACY, message_features
from .lexicon import Lexicon, default_lexicon, load
from .need import find_need
from .normalise import Normalised, normalise
from .numbers import find_quantities
from .persons import find_kin, split_clauses
from .places import Gazetteer
from .programme import choose, find_programmes, further_names
from .reply import reply_then_question
from .retract import without_retracted

EXTRACTOR = "UnderstandResident"
_MARKS = {"yuan": "￥", "age": "岁", "person": "口", "month": "月", "year": "年"}
_SEGMENT = re.compile(r"[,。;!?\n]+")
# Only a clause that asks or wants something can be a further request.
_REQUEST = re.compile(
    r"多少|多久|几天|怎么|咋|如何|哪|什么|啥|谁|吗$|么$|不$|没$|能不能|可不可以|是不是"
    r"|想|要|帮|申请|办|查|改|撤|投诉|材料|条件"
)


@dataclass
class Understanding:
    """The result for one message; offsets of entities are those of the original text."""

    text: str
    label: str
    confidence: float
    program: str
    facts: dict[str, Any]  # the keys of the label set; those of FURTHER are entities only
    entities: list[dict[str, Any]]
    ranking: list[tuple[str, float]]
    secondary: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Understander:
    """Extractors plus a trained classifier."""

    classifier: Classifier | None
    lexicon: Lexicon = field(default_factory=default_lexicon)
    danger_model: danger.DangerModel | None = None
    gazetteer: Gazetteer = field(init=False)

    def __post_init__(self) -> None:
        self.gazetteer = Gazetteer(self.lexicon)

    @classmethod
    def untrained(cls, lexicon: Lexicon) -> Understander:
        """Extractors only, to make the features a classifier is trained on."""
        return cls(None, lexicon)

    def _rank(self, features: Counter[str]) -> list[tuple[str, float]]:
        if self.classifier is None:
            raise RuntimeError("this understander was never trained")
        return self.classifier.ranking(features)

    def parse(
        self, text: str, asking: str | None = None, today: date | None = None
    ) -> Understanding:
        """Understand one message. `asking` is the open question's fact key or control step."""
        whole = self._parse(text, asking, today)
        return reply_then_question(self._parse, whole, asking, today) or whole

    def _parse(self, text: str, asking: str | None, today: date | None) -> Understanding:
        clean = normalise(text)
        scene = build_scene(clean, self.lexicon, asking, today)
        facts = extract_facts(scene, self.gazetteer)
        features = scene_features(scene, facts)
        ranking = self._beyond_greeting(scene.text, self._rank(features))
        sure = ranking[0][1] if ranking[0][0] == danger.LABEL else 0.0
        alarm = danger.look(clean.text, features, self.lexicon, self.danger_model, sure, asking)
        if alarm and (here := place.present(scene, self.gazetteer)) is not None:
            facts = [f for f in facts if f.key != "region"] + [here]
        answers = [f for f in context.answer(scene, facts) if not _of_the_doubtful(scene, f)]
        facts = _without_places_in_names(_merge(facts, answers))
        label, confidence = decide(scene, facts, ranking, alarm, bool(answers))
        facts = facts + [
            f for f in relation.extract(scene, label) if f.key not in {x.key for x in facts}
        ]
        facts = facts + aid.by_label(scene, label, facts)
        if label.startswith(("out_of_scope", "greet", "goodbye", "thanks", "bot_identity")):
            facts = [f for f in facts if f.key in _IDENTIFIERS or label == "out_of_scope_gov"]
        if label not in _ABOUT_OTHERS and not (scene.need and scene.need.kind == "other"):
            facts = [f for f in facts if not _of_others(scene, f)]
        facts = _without_rules(scene, label, facts)
        known = {f.key: f.value for f in facts}
        program, mention = choose(
            clean.text, scene.programmes, label, known, alarm.kind if alarm else ""
        )
        extras = _control_entities(scene, alarm, label)
        also = further_names(clean.text, scene.programmes, label, program)
        entities = _entities(clean, facts, program, mention, extras, also)
        secondary = self._secondary(clean.text, label)
        if label != ranking[0][0]:
            ranking = [(label, confidence)] + [(n, p) for n, p in ranking if n != label]
        return Understanding(
            text,
            label,
            confidence,
            program,
            {f.key: f.value for f in facts if f.key not in FURTHER},
            entities,
            ranking,
            secondary,
        )

    def _beyond_greeting(
        self, text: str, ranking: list[tuple[str, float]]
    ) -> list[tuple[str, float]]:
        """你好 我想问哈地保咋个办 is a question; who only says 你好 is greeting."""
        rest = context.after_greeting(text)
        if ranking[0][0] != "greet" or len(rest) < _SAYS_SOMETHING:
            return ranking
        return self._rank(self.featurise(rest))

    def featurise(self, text: str) -> Counter[str]:
        """Features of a training sentence, made exactly as at run time."""
        scene = build_scene(normalise(text), self.lexicon, None, None)
        return scene_features(scene, extract_facts(scene, self.gazetteer))

    def _secondary(self, text: str, label: str) -> list[dict[str, Any]]:
        """Up to two further requests, each a clause the classifier is sure about."""
        assert self.classifier is not None
        pieces = [p for p in _SEGMENT.split(text) if len(p) >= 3]
        if len(pieces) < 2 or label in {"crisis_emergency", "human_handoff"}:
            return []
        best: dict[str, float] = {}
        for piece in [p for p in pieces if _REQUEST.search(p)][:4]:
            name, probability = self._rank(self.featurise(piece))[0]
            if name == "ask_privacy" and not PRIVACY.search(piece):
                continue  # 打官司能不能不要钱 asks for no secrecy
            if name not in {label, "inform_facts", "affirm", "deny"} and probability >= max(
                self.classifier.secondary_threshold, 0.3
            ):
                best[name] = max(best.get(name, 0.0), probability)
        order = sorted(best.items(), key=lambda item: -item[1])[:2]
        return [{"name": name, "confidence": round(value, 4)} for name, value in order]


# After the greeting, so many characters are a concern of their own.
_SAYS_SOMETHING = 4
# 低保户的小孩能拿助学金吗, asked by nobody in particular, tells of no grant of one's own.
_RULES = frozenset(
    {
        "ask_eligibility_conditions", "ask_program_overview", "ask_materials",
        "ask_amount_standard", "ask_appeal_complaint", "ask_income_property_rules",
    }
)  # fmt: skip
_FIRST_PERSON = re.compile(r"我|俺|作为|本人|咱|阮|爸|妈|爹|娘|老伴|老公|老婆|孩子|娃|儿子|女儿")
_OF_A_HOUSEHOLD = frozenset(
    {
        "receiving", "stopped", "household_size", "num_children", "single_parent",
        "living_alone", "no_children", "lost_job", "monthly_income_total", "age",
    }
)  # fmt: skip
_ABOUT_OTHERS = frozenset({"report_for_other", "crisis_emergency"})
_IDENTIFIERS = frozenset({"name", "phone", "id_number", "case_no", "bank_card", "unclear_number"})


#: How one person lives, which is none of the household's until it is clear that they are of it.
_OF_ONE = frozenset(
    {
        "living_alone", "employed", "lost_job", "housing", "hukou", "car", "marital", "no_children",
        "single_parent", "monthly_income_member", "household_size", "num_children",
    }
)  # fmt: skip
_CIRCUMSTANCES = frozenset(
    {
        "household_size", "num_children", "car", "housing", "receiving", "stopped",
        "monthly_income_total", "age",
    }
)  # fmt: skip


def build_scene(
    clean: Normalised, lexicon: Lexicon, asking: str | None, today: date | None
) -> Scene:
    """Everything the extractors share, found once."""
    text = without_retracted(clean.text)
    kin = find_kin(text, lexicon)
    clauses = split_clauses(text, kin)
    programmes = find_programmes(text, lexicon)
    return Scene(
        text=text,
        clauses=clauses,
        kin=kin,
        quantities=find_quantities(text),
        programmes=programmes,
        lexicon=lexicon,
        asking=asking,
        today=today,
        need=find_need(text, clauses, kin, programmes, lexicon),
        counted=membership.find(text, kin),
    )


def _of_the_doubtful(scene: Scene, fact: Fact) -> bool:
    """公婆单独住算不算: how somebody lives who may not be of the household."""
    return scene.counted is not None and fact.key in _OF_ONE and scene.counted.holds(fact.start)


def extract_facts(scene: Scene, gazetteer: Gazetteer) -> list[Fact]:
    """Facts stated in the message, before the question and the label are considered."""
    facts: list[Fact] = []
    for module in (
        household,
        family,
        parents,
        age,
        money,
        health,
        home,
        living,
        vehicle,
        aid,
        identity,
        further,
    ):
        facts += module.extract(scene)
    facts = [f for f in facts if f.key in _IDENTIFIERS or not scene.supposed(f.start)]
    facts = [f for f in facts if not _of_the_doubtful(scene, f)]
    return facts + place.extract(scene, gazetteer)


def scene_features(scene: Scene, facts: list[Fact]) -> Counter[str]:
    """Classifier features of a scene."""
    spans = [(h.start, h.end, "Ⓟ") for h in scene.programmes if h.role != "cue"]
    spans += [(q.start, q.end, _MARKS.get(q.unit, "0")) for q in scene.quantities]
    spans += [(f.start, f.end, "Ⓛ") for f in facts if f.key == "region"]
    spans += [(f.start, f.end, "Ⓜ") for f in facts if f.key == "name"]
    told = [f for f in facts if f.key not in FURTHER]
    flags = ["fact_" + f.key for f in told]
    flags.append(f"facts{min(len(told), 4)}")
    flags += {"kin_" + k.kind for k in scene.kin}
    flags += {"subject_" + c.kind for c in scene.clauses if c.kind}
    flags += {f"program_{h.role}" for h in scene.programmes}
    flags += {"held" for h in scene.programmes if h.held} | {
        "stop" for h in scene.programmes if h.stopped
    }
    if crisis.find_crisis(scene.text, scene.lexicon):
        flags.append("danger")
    if crisis.wants_person(scene.text):
        flags.append("person")
    return message_features(scene.text, spans, flags, scene.lexicon)


def _of_others(scene: Scene, fact: Fact) -> bool:
    """A neighbour's circumstances, told in a complaint, are no facts of this household."""
    return fact.key in _CIRCUMSTANCES and scene.about_other(fact.start)


def _without_rules(scene: Scene, label: str, facts: list[Fact]) -> list[Fact]:
    """三口之家的低保怎么算, asked by nobody in particular, tells of no household."""
    if scene.asking or label not in _RULES or _FIRST_PERSON.search(scene.text):
        return facts
    if not _REQUEST.search(scene.text):
        return facts
    return [f for f in facts if f.key not in _OF_A_HOUSEHOLD]


def _without_places_in_names(facts: list[Fact]) -> list[Fact]:
    """洪雅婷 is somebody, not the county 洪雅."""
    names = [f for f in facts if f.key == "name"]
    return [
        f
        for f in facts
        if f.key != "region" or not any(n.start <= f.start and f.end <= n.end for n in names)
    ]


def _merge(facts: list[Fact], answers: list[Fact]) -> list[Fact]:
    if not answers:
        return facts
    spans = [(a.start, a.end) for a in answers if a.key in context.MONEY_KEYS | context.COUNT_KEYS]
    kept = [
        f
        for f in facts
        if f.key not in {a.key for a in answers}
        and not (
            f.key in context.MONEY_KEYS | context.COUNT_KEYS
            and any(s < f.end and f.start < e for s, e in spans)
        )
    ]
    return answers + kept


def _control_entities(scene: Scene, alarm: crisis.CrisisHit | None, label: str) -> list[Fact]:
    extras: list[Fact] = []
    end = len(scene.text)
    if context.says_unknown(scene.text):
        extras.append(Fact("unknown", True, 0, end))
    correction = context.corrects(scene.text)
    if correction and (scene.asking or label in {"inform_facts", "update_case", "deny", "affirm"}):
        extras.append(Fact("correction", True, *correction.span()))
    if alarm:
        extras.append(Fact("crisis_kind", alarm.kind, alarm.start, alarm.end))
    return extras


def _entities(
    clean: Normalised,
    facts: list[Fact],
    program: str,
    mention: ProgrammeHit | None,
    extras: list[Fact],
    also: list[ProgrammeHit],
) -> list[dict[str, Any]]:
    found = [*facts, *extras]
    if program != "none":
        span = (mention.start, mention.end) if mention else (0, len(clean.text))
        found.append(Fact("program", program, *span))
    found += [Fact("program", hit.code, hit.start, hit.end) for hit in also]
    entities = []
    for fact in found:
        start, end = clean.span(fact.start, fact.end)
        entity = {
            "entity": fact.key,
            "value": fact.value,
            "start": start,
            "end": end,
            "extractor": EXTRACTOR,
        }
        if fact.key == "program":
            entity["implied"] = not also and (mention is None or mention.role != "name")
        entities.append(entity)
    return entities


def read_model(folder: Path) -> Understander:
    """The understander persisted in `folder`, with the word lists it was trained with."""
    return Understander(Classifier.load(folder), load(folder), danger.DangerModel.load(folder))
