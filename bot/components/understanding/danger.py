"""A second look for danger, learnt apart from the intents: is somebody unsafe, yes or no.

The patterns of `crisis` know the plain words. This model weighs the whole sentence: characters,
words, sounds (for slips and dictation), facts and coarse concepts (means, brink, wound, cold, over,
fiction …) with all their pairs, so that 绳子 beside 想好了 counts although the pair was never seen,
and 电影 or 已经出院 takes the alarm back. A message is weighed twice, danger against everything else
and danger against the most likely harmless reading; the intent classifier cannot outvote the sum,
it can only add alarms of its own.
"""

from __future__ import annotations

import json
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import crisis
from .classifier import Vector, document_matrix, homophones, noise, read_index, vectorise
from .crisis import CrisisHit
from .lexicon import Lexicon
from .normalise import normalise

LABEL = "crisis_emergency"
_GROUPS = frozenset("cwp")
_FOLDS = 3
# The bar is set where the patterns and this model together find so many of the unseen dangers,
# but never where nearly two alarms in three would be false: the training's quiet dangers pull it down.
_RECALL, _LEAST = 0.95, 0.36
# The intent classifier raises an alarm of its own when it is this sure and the model is not against.
_SURE, _SECONDED = 0.45, 0.25
_CALMING = frozenset({"past", "rule", "told", "over", "figure", "dead"})
# Whoever says these is never calmed by a low probability.
_PRESENT = re.compile(r"现在|今晚|马上|正在|救命|快来|不想活|遗书|刚刚|还在")
# A reply to an open question is short and bare (半夜烧起来的); longer, it says something of its own.
_BARE_REPLY = 16
# Where somebody is found and what they are called: names and houses hold any character.
_NAMES_AND_PLACES = frozenset({"name", "whereabouts", "region", "place", "phone"})
_TAKES_BACK = {"past": crisis.PAST, "rule": crisis.RULE_TALK, "told": crisis.FICTION}
# What each concept says of the kind of danger; those of `child` count beside a word for a child.
_VOTES: dict[str, dict[str, float]] = {
    "self_harm": {"end": 2, "means": 2, "letter": 2, "brink": 1, "leave": 1, "burden": 1},
    "violence": {"hit": 2, "threat": 2, "sex": 2, "weapon": 1.5, "locked": 1.5, "spouse": 0.5},
    "child": {"abandon": 2, "lost": 2, "sell": 2, "sex": 2, "hit": 1, "locked": 1},
    "fire": {"fire": 2, "water": 2, "collapse": 2},
    "medical": {"sick": 2, "stopped": 2, "wound": 0.5},
    "no_food": {"food": 1, "none": 0.25, "days": 0.25},
    "homeless": {"cold": 1.5, "outside": 1},
}
# A burden or a leaving alone is no wish to die: the wrong comfort hurts.
_SAID = {"self_harm": 2.0}
# Without any of these a message can hardly be about danger.
_HAZARDS = frozenset(
    {
        "end", "means", "brink", "letter", "hit", "weapon", "wound", "locked", "sex", "threat",
        "abandon", "lost", "sell", "food", "sick", "stopped", "fire", "water", "collapse", "cold",
    }
)  # fmt: skip


def concepts(text: str, lexicon: Lexicon) -> list[str]:
    """Names of the concepts a clean text touches, sorted."""
    found = [name for name, pattern in lexicon.concepts.items() if pattern.search(text)]
    found += [name for name, pattern in _TAKES_BACK.items() if pattern.search(text)]
    if lexicon.danger["figurative"].search(text):
        found.append("figure")
    return sorted(found)


def danger_features(text: str, base: Counter[str], lexicon: Lexicon) -> Counter[str]:
    """Wording and facts among the features `base` of the clean `text`, and concepts in pairs."""
    features = Counter({name: n for name, n in base.items() if name[0] in _GROUPS})
    # What the patterns found is left out: they have their own say.
    features.update("f" + name[1:] for name in base if name[0] == "x" and name != "xdanger")
    found = concepts(text, lexicon)
    features.update("k" + name for name in found)
    features.update(f"k{one}+{two}" for one, two in combinations(found, 2))
    features[f"khazards{min(sum(name in _HAZARDS for name in found), 4)}"] = 1
    return features


def kind_of(found: Sequence[str]) -> str:
    """The kind of danger that the concepts speak of most, `other` when none does."""
    votes = {
        kind: sum(weight for name, weight in words.items() if name in found)
        for kind, words in _VOTES.items()
        if kind != "child" or "child" in found
    }
    votes = {kind: vote for kind, vote in votes.items() if vote >= _SAID.get(kind, 1)}
    return max(votes, key=votes.__getitem__) if votes else "other"


@dataclass
class DangerModel:
    """Trained weights; `columns` names them.

    `alarm` is the probability from which it rings. Below `calm`, lower than for any danger that the
    patterns knew among unseen sentences, a pattern's word is taken back if the message itself gives
    a reason (女儿轻生走了三年).
    """

    columns: list[str]  # danger alone, then every label
    index: dict[str, int]
    idf: Vector
    weights: Vector  # features x columns
    intercept: Vector
    scale: float
    shift: float
    alarm: float
    calm: float

    def probability(self, features: Counter[str]) -> float:
        """Calibrated probability that somebody is in danger."""
        ids, values = vectorise(features, self.index, self.idf)
        margins = self.intercept + (values @ self.weights[ids] if len(ids) else 0.0)
        return float(_probability(_scores(margins, self.columns), self.scale, self.shift))

    def save(self, folder: Path) -> None:
        """Write `danger.json` and `danger.npz` into `folder`."""
        meta = {
            "columns": self.columns,
            "features": sorted(self.index, key=self.index.__getitem__),
            "scale": self.scale,
            "shift": self.shift,
            "alarm": self.alarm,
            "calm": self.calm,
        }
        (folder / "danger.json").write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
        weights = self.weights.astype(np.float16)
        np.savez_compressed(
            folder / "danger.npz", idf=self.idf, weights=weights, intercept=self.intercept
        )

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Read what `save` wrote; arrays only, pickled objects are refused.

        Weights stay halves, and the two models share the names of features: 20 MB less.
        """
        meta = json.loads((folder / "danger.json").read_text("utf-8"))
        with np.load(folder / "danger.npz", allow_pickle=False) as arrays:
            return cls(
                columns=meta["columns"],
                index={sys.intern(name): i for i, name in enumerate(meta["features"])},
                idf=arrays["idf"],
                weights=arrays["weights"],
                intercept=arrays["intercept"],
                scale=float(meta["scale"]),
                shift=float(meta["shift"]),
                alarm=float(meta["alarm"]),
                calm=float(meta["calm"]),
            )


def look(
    text: str,
    base: Counter[str],
    lexicon: Lexicon,
    model: DangerModel | None,
    sure: float,
    asking: str | None = None,
) -> CrisisHit | None:
    """Danger in a clean text. `sure`: the intent classifier's probability, 0 unless it leads."""
    if _only_stock(text, lexicon):
        return None
    hit = crisis.find_crisis(text, lexicon)
    if model is None:
        rings, calm = sure >= _SURE, False
    else:
        probability = model.probability(danger_features(text, base, lexicon))
        calm = hit is not None and probability < model.calm and _calming(text, lexicon, hit)
        bare = asking is not None and (len(text) <= _BARE_REPLY or asking in _NAMES_AND_PLACES)
        rings = probability >= model.alarm and (sure > 0 or not bare)
        rings = rings or (sure >= _SURE and probability >= _SECONDED)
        harmless = crisis.is_harmless(text) or _only_left(text, concepts(text, lexicon))
        harmless = harmless or _only_away(text, lexicon)
        calm = calm or (hit is not None and probability < model.calm and harmless)
        rings = rings and not harmless
    if hit and calm:
        return None
    if not hit and rings:
        hit = CrisisHit(kind_of(concepts(text, lexicon)), 0, len(text))
    if hit and hit.kind == "fire" and not lexicon.concepts["fire"].search(text):
        return CrisisHit("disaster", hit.start, hit.end)
    return hit


# 我带着孩子, 俺一个人拉扯仨娃: the child is with whoever speaks.
_KEEPS_CHILD = re.compile(
    r"(?:我|俺|阮)(?:们|自己|一个人|独自|还|就|现在)*(?:带|养|拉扯|守|照顾|照看|抚养)(?:着|到|起|大)*"
    r"[^,。;!?]{0,6}(?:孩|娃|儿子|女儿|闺女|崽|囝|孙)"
)


# Cattle and crops that died are a disaster to their owner and nobody's danger. Only a word of how
# many stands between, so that 马大爷快冻死了 is never one of them.
_STOCK_DIED = re.compile(
    r"(?<![老小姓])(?:牛犊?|羊羔?|猪崽?|鸡|鸭|鹅|鱼|虾|马|驴|骡子?|骆驼|蜂|牲口|牲畜|庄稼|苗|秧|麦子|稻子|玉米|苞谷|果树|树)"
    r"(?:[都全也又被给就]|[\d一二两三四五六七八九十百几多][多几]?[头只条匹口棵亩群])*"
    r"[冻病淹旱渴热毒药压砸呛烧饿瘟干枯]?死(?:了|光|完|掉|绝|得|一|咧)[^,。;!?人娃孩我]{0,6}"
)
_FREEZING = re.compile(r"冻|冷|凉")
# Away from home to work, married off, in prison or gone for good: 外头打工, 坐牢没回来, 三年没回来.
_AWAY = re.compile(
    r"(?:在|到|去|搁|佇|喺)?外[面头口][^,。;!?]{0,3}(?:打[工零散短石]|上[着了]?班|干活|做[工活事生]|务工|挣|赚"
    r"|找活|混|漂|晃|跑[车船运]|有(?:人了?(?=[,。 ]|$)|相好|家)|成(?:了)?家|养(?:了|女|人)|合伙|欠)"
    r"|(?:娃儿?|[儿女崽弟妹哥姐们])(?:[都全些](?:在|搁)外[面头](?=[,。 ]|$)|在外[面头](?=[,。 ][屋家][头里]))"
    r"|(?:在|到|去)?外[地省][^,。;!?]{0,3}(?:打工|上班|做工)|打工|务工"
    r"|嫁[到去]?外[面头地省]|坐牢(?:[^,。;!?]{0,2}没(?:回|出)来)?|服刑|不着家|不回家|不敢回来"
    r"|(?:丢下|撇下|撂下)(?:娃儿?|孩子|我们)(?:走|跑)了?[,。 ]?再也?没(?:有)?回来"
    r"|再也?没(?:有)?回来过|冷冷?清清?"
    r"|(?:过年|过节|[几多好两三四五六七八九十\d]年(?!级))[^,。;!?]{0,4}(?:没|不)[^,。;!?]{0,2}回(?:来|家|屋)?"
)
# A child that speaks or is left, somebody who is waited for today: these are never told of the grown.
_NOT_ONLY_AWAY = frozenset(
    {"hear", "resolve", "call", "outside", "leave", "burden", "days", "weak"}
)
_SOMEBODY_WAITS = re.compile(
    r"岁|今天|昨|前天|早上|上午|下午|天黑|夜|晚上|没人|没大人|自己在|守|怕|门|电话|手机|联系|失联|信"
    r"|救|急|疼|病|动不|一个人在|小的|弟弟妹妹|就(?:剩)?(?:我|两个|俩)|我[跟和]"
)
_DESPAIR = re.compile(r"活不|不(?:想|要)?活|想死|去死|我死|绝望|撑不|没命|一起死")


def _only_stock(text: str, lexicon: Lexicon) -> bool:
    """牧区大雪,羊都冻死了,咋办: beside stock or crops that died nothing dangerous is told."""
    rest = _STOCK_DIED.sub("", text)
    if rest == text or _DESPAIR.search(rest) or crisis.find_crisis(rest, lexicon) is not None:
        return False
    # The snow that killed them is no danger by itself; somebody freezing is.
    found = set(concepts(rest, lexicon)) - ({"cold"} if not _FREEZING.search(rest) else set())
    return _HAZARDS.isdisjoint(found)


def _only_away(text: str, lexicon: Lexicon) -> bool:
    """老公外头打工,一分钱不往家里拿: away from home is neither outdoors nor lost."""
    rest = _AWAY.sub("", text)
    if rest == text or any(p.search(text) for p in (_PRESENT, _DESPAIR, _SOMEBODY_WAITS)):
        return False
    found = set(concepts(rest, lexicon))
    return (_HAZARDS | _NOT_ONLY_AWAY).isdisjoint(found)


def _only_left(text: str, found: list[str]) -> bool:
    """老公欠了赌债跑了,我带着孩子: the one who left is grown, and no other danger is told."""
    return _HAZARDS.isdisjoint(set(found) - {"abandon"}) and bool(_KEEPS_CHILD.search(text))


def _calming(text: str, lexicon: Lexicon, hit: CrisisHit) -> bool:
    """Whether the words round the hit say that it is over, told or a way of speaking.

    Asking for help beside a wish to die (想一死了之,慈善能不能帮) takes nothing back.
    """
    if _PRESENT.search(text):
        return False
    reasons = _CALMING - {"rule"} if hit.kind == "self_harm" else _CALMING
    around = concepts(text[: hit.start] + "," + text[hit.end :], lexicon)
    return not reasons.isdisjoint(around) or lexicon.danger["figurative"].search(text) is not None


def _scores(margins: Vector, columns: list[str]) -> Vector:
    """Danger's own margin, and by how much it beats the best harmless label."""
    at = columns.index(LABEL)
    harmless = [i for i in range(1, len(columns)) if i != at]
    beats = margins[..., at] - margins[..., harmless].max(axis=-1)
    total: Vector = margins[..., 0] + beats
    return total


def _probability(scores: Vector, scale: float, shift: float) -> Vector:
    curve: Vector = 1.0 / (1.0 + np.exp(-(scale * scores + shift)))
    return curve


def _fit(matrix: Any, labels: NDArray[np.str_], seed: int) -> tuple[Vector, Vector]:
    from sklearn.svm import LinearSVC

    options = {"C": 0.35, "class_weight": "balanced", "tol": 1e-2, "max_iter": 400}
    alone = LinearSVC(**options, random_state=seed).fit(matrix, labels == LABEL)
    among = LinearSVC(**options, random_state=seed).fit(matrix, labels)
    weights = np.concatenate([alone.coef_, among.coef_]).T.astype(np.float32)
    return weights, np.concatenate([alone.intercept_, among.intercept_]).astype(np.float32)


def _unseen(
    matrix: Any, labels: NDArray[np.str_], clean: int, sources: NDArray[np.int64], seed: int
) -> Vector:
    """Cross-validated scores of the first `clean` rows; a slip stays with its own sentence."""
    columns = ["", *sorted(set(labels))]
    folds = np.random.RandomState(seed % 2**32).randint(0, _FOLDS, clean)[sources]
    scores = np.zeros(clean, np.float32)
    for fold in range(_FOLDS):
        weights, intercept = _fit(matrix[folds != fold], labels[folds != fold], seed)
        held = np.flatnonzero(folds[:clean] == fold)
        scores[held] = _scores(matrix[held] @ weights + intercept, columns)
    return scores


def train(
    examples: Sequence[tuple[str, str]],
    featurise: Callable[[str], Counter[str]],
    lexicon: Lexicon,
    seed: int = 20250601,
) -> DangerModel:
    """Train on (text, label) pairs: danger against everything else, its near misses included.

    Every dangerous sentence and one harmless one in ten is learnt a second time with a slip.
    Needs three labels or more, and examples enough for every fold to hold each of them.
    """
    chooser = random.Random(seed)
    count = len(examples)
    sounds = homophones(text for text, _ in examples)
    doubled = [
        i for i, (_, label) in enumerate(examples) if label == LABEL or chooser.random() < 0.1
    ]
    texts = [text for text, _ in examples]
    texts += [noise(texts[i], sounds, chooser) for i in doubled]
    sources = np.array([*range(count), *doubled])
    labels = np.array([label for _, label in examples])[sources]
    clean = [normalise(text).text for text in texts]
    documents = [
        danger_features(text, featurise(raw), lexicon)
        for text, raw in zip(clean, texts, strict=True)
    ]
    index, idf = read_index(documents[:count])
    matrix = document_matrix(documents, index, idf)
    scores = _unseen(matrix, labels, count, sources, seed)
    dangerous = labels[:count] == LABEL
    plain = np.array([crisis.find_crisis(text, lexicon) is not None for text in clean[:count]])
    scale, shift = _calibrate(scores, dangerous, seed)
    unseen = _probability(scores, scale, shift)
    known = unseen[dangerous & plain]
    calm = float(known.min()) if len(known) else 0.0
    alarm = _bar(unseen, dangerous, plain)
    weights, intercept = _fit(matrix, labels, seed)
    columns = ["", *sorted(set(labels.tolist()))]
    return DangerModel(columns, index, idf, weights, intercept, scale, shift, alarm, calm)


def _calibrate(scores: Vector, dangerous: NDArray[np.bool_], seed: int) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e3, random_state=seed).fit(scores[:, None], dangerous)
    return float(curve.coef_[0][0]), float(curve.intercept_[0])


def _bar(probabilities: Vector, dangerous: NDArray[np.bool_], plain: NDArray[np.bool_]) -> float:
    """The highest probability that, with the `plain` ones, still reaches the recall wanted.

    At least `_LEAST`.
    """
    wanted = math.ceil(_RECALL * dangerous.sum()) - int((dangerous & plain).sum())
    left = np.sort(probabilities[dangerous & ~plain])[::-1]
    if not len(left):
        return 1.0
    return max(float(left[min(max(wanted, 1), len(left)) - 1]), _LEAST)
