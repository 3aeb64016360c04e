"""Linear intent classifier: sparse features, one-vs-rest SVM, calibrated by temperature and bias.

Persisted as JSON (feature names, labels) and npz (weights); no pickle.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .features import WEIGHTS
from .lexicon import syllable

Vector: TypeAlias = NDArray[np.float32]
_MIN_DOCUMENTS = 3
_FOLDS = 3
_DRAWS = 2


@dataclass
class Classifier:
    """Trained weights. `probabilities` gives a calibrated distribution over `labels`."""

    labels: list[str]
    index: dict[str, int]
    idf: Vector
    weights: Vector  # features x labels
    intercept: Vector
    temperature: float
    bias: Vector
    secondary_threshold: float

    def margins(self, features: Counter[str]) -> Vector:
        """Raw one-vs-rest margins of a message."""
        ids, values = vectorise(features, self.index, self.idf)
        if not len(ids):
            return self.intercept
        total: Vector = values @ self.weights[ids] + self.intercept
        return total

    def probabilities(self, features: Counter[str]) -> Vector:
        """Calibrated probabilities in the order of `labels`."""
        return softmax(self.margins(features) * self.temperature + self.bias)

    def ranking(self, features: Counter[str]) -> list[tuple[str, float]]:
        """(label, probability), best first."""
        probabilities = self.probabilities(features)
        order = np.argsort(-probabilities)
        return [(self.labels[i], float(probabilities[i])) for i in order]

    def save(self, folder: Path) -> None:
        """Write `classifier.json` and `classifier.npz` into `folder`."""
        names = sorted(self.index, key=self.index.__getitem__)
        meta = {
            "labels": self.labels,
            "features": names,
            "temperature": self.temperature,
            "secondary_threshold": self.secondary_threshold,
        }
        (folder / "classifier.json").write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            folder / "classifier.npz",
            idf=self.idf,
            weights=self.weights.astype(np.float16),
            intercept=self.intercept,
            bias=self.bias,
        )

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Read what `save` wrote; arrays only, pickled objects are refused.

        Weights stay halves, and the two models share the names of features: 20 MB less.
        """
        meta = json.loads((folder / "classifier.json").read_text("utf-8"))
        with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
            return cls(
                labels=meta["labels"],
                index={sys.intern(name): i for i, name in enumerate(meta["features"])},
                idf=arrays["idf"],
                weights=arrays["weights"],
                intercept=arrays["intercept"],
                temperature=float(meta["temperature"]),
                bias=arrays["bias"],
                secondary_threshold=float(meta["secondary_threshold"]),
            )


def softmax(scores: Vector) -> Vector:
    """Row-wise softmax."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Vector = (shifted / shifted.sum(axis=-1, keepdims=True)).astype(np.float32)
    return result


def vectorise(
    features: Counter[str], index: dict[str, int], idf: Vector
) -> tuple[NDArray[np.int64], Vector]:
    """Sublinear tf-idf, each feature group scaled to its own weight and length one."""
    groups: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for name, count in features.items():
        position = index.get(name)
        if position is not None:
            groups[name[0]].append((position, (1.0 + math.log(count)) * float(idf[position])))
    ids: list[int] = []
    values: list[float] = []
    for group, items in groups.items():
        norm = math.sqrt(sum(value * value for _, value in items)) or 1.0
        scale = WEIGHTS[group] / norm
        ids += [position for position, _ in items]
        values += [value * scale for _, value in items]
    return np.asarray(ids, dtype=np.int64), np.asarray(values, dtype=np.float32)


def read_index(documents: Sequence[Counter[str]]) -> tuple[dict[str, int], Vector]:
    """Positions and weights by rarity of the features seen often enough."""
    frequency: Counter[str] = Counter()
    for document in documents:
        frequency.update(document.keys())
    names = sorted(name for name, count in frequency.items() if count >= _MIN_DOCUMENTS)
    total = len(documents)
    idf = np.array([math.log((1 + total) / (1 + frequency[n])) + 1 for n in names], np.float32)
    return {name: i for i, name in enumerate(names)}, idf


def document_matrix(documents: Sequence[Counter[str]], index: dict[str, int], idf: Vector) -> Any:
    """`vectorise` of each document, as a sparse matrix."""
    from scipy.sparse import csr_matrix

    indptr, columns, data = [0], [], []
    for document in documents:
        ids, values = vectorise(document, index, idf)
        columns.append(ids)
        data.append(values)
        indptr.append(indptr[-1] + len(ids))
    shape = (len(documents), len(index))
    return csr_matrix((np.concatenate(data), np.concatenate(columns), indptr), shape=shape)


def _fit_svm(matrix: Any, targets: NDArray[np.int64], seed: int) -> tuple[Vector, Vector]:
    from sklearn.svm import LinearSVC

    # Half-way between the sentences' own shares and equal ones: rare labels count for more, but
    # a label does not win a doubtful message by being rare.
    counts = np.bincount(targets)
    weights = {label: float((counts.mean() / n) ** 0.5) for label, n in enumerate(counts) if n}
    model = LinearSVC(C=0.25, class_weight=weights, random_state=seed, tol=1e-2, max_iter=400)
    model.fit(matrix, targets)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


def _calibrate(margins: Vector, targets: NDArray[np.int64]) -> tuple[float, Vector]:
    """Temperature and small per-class biases that minimise log loss on unseen margins."""
    from scipy.optimize import minimize

    classes = margins.shape[1]

    def loss(parameters: Any) -> tuple[float, Any]:
        temperature, bias = math.exp(parameters[0]), parameters[1:]
        scores = margins * temperature + bias
        scores = scores - scores.max(axis=1, keepdims=True)
        exponent = np.exp(scores)
        probabilities = exponent / exponent.sum(axis=1, keepdims=True)
        rows = np.arange(len(targets))
        value = -np.log(probabilities[rows, targets] + 1e-9).mean() + 0.01 * (bias**2).mean()
        probabilities[rows, targets] -= 1
        probabilities /= len(targets)
        gradient = np.concatenate(
            [[(probabilities * margins).sum() * temperature], probabilities.sum(axis=0)]
        )
        gradient[1:] += 0.02 * bias / classes
        return float(value), gradient

    start = np.concatenate([[math.log(3.0)], np.zeros(classes)])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120})
    return math.exp(best.x[0]), best.x[1:].astype(np.float32)


def train(
    examples: Sequence[tuple[str, str]],
    featurise: Callable[[str], Counter[str]],
    seed: int = 20250601,
    noisy_share: float = 1.0,
) -> Classifier:
    """Train on (text, label) pairs. Same examples and seed give the same weights.

    `noisy_share` of the sentences is learnt a second time with a typing or dictation slip, drawn
    anew for each of `_DRAWS` fits; their mean is the model, so that no single draw of slips decides.
    """
    chooser = random.Random(seed)
    labels = sorted({label for _, label in examples})
    position = {label: i for i, label in enumerate(labels)}
    targets = np.array([position[label] for _, label in examples])
    clean = [featurise(text) for text, _ in examples]
    sounds = homophones(text for text, _ in examples)
    draws = [
        [
            (featurise(noise(text, sounds, chooser)), row)
            for row, (text, _) in enumerate(examples)
            if chooser.random() < noisy_share
        ]
        for _ in range(_DRAWS if noisy_share else 1)
    ]
    folds = np.array([chooser.randrange(_FOLDS) for _ in examples])
    margins = np.zeros((len(examples), len(labels)), np.float32)
    for fold in range(_FOLDS):
        keep = np.flatnonzero(folds != fold)
        held = np.flatnonzero(folds == fold)
        documents = [clean[i] for i in keep]
        index, idf = read_index(documents)
        weights, intercept = _fit_svm(document_matrix(documents, index, idf), targets[keep], seed)
        # With few examples a fold can hold every sentence of a label; it scores as never meant.
        seen = np.unique(targets[keep])
        margins[held] = -1
        margins[np.ix_(held, seen)] = (
            document_matrix([clean[i] for i in held], index, idf) @ weights + intercept
        )
    temperature, bias = _calibrate(margins, targets)
    probabilities = softmax(margins * temperature + bias)
    # Names and frequencies come from the clean sentences; slips only move weights.
    index, idf = read_index(clean)
    fits = []
    for noisy in draws:
        documents = clean + [f for f, _ in noisy]
        wanted = np.concatenate([targets, targets[[r for _, r in noisy]].astype(int)])
        fits.append(_fit_svm(document_matrix(documents, index, idf), wanted, seed))
    weights = np.mean([w for w, _ in fits], axis=0, dtype=np.float32)
    intercept = np.mean([b for _, b in fits], axis=0, dtype=np.float32)
    return Classifier(
        labels,
        index,
        idf,
        weights,
        intercept,
        temperature,
        bias,
        _threshold(probabilities, targets),
    )


def _threshold(probabilities: Vector, targets: NDArray[np.int64], precision: float = 0.9) -> float:
    """Lowest confidence above which unseen sentences are right with `precision`."""
    best = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    for threshold in np.arange(0.2, 0.96, 0.01):
        chosen = best >= threshold
        if chosen.any() and right[chosen].mean() >= precision:
            return float(threshold)
    return 0.95


def homophones(texts: Any) -> dict[str, list[str]]:
    """Characters of the corpus grouped by folded pinyin, for typing and dictation errors."""
    groups: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for char in text:
            if "\u4e00" <= char <= "\u9fff":
                groups[syllable(char)].add(char)
    return {sound: sorted(chars) for sound, chars in groups.items() if len(chars) > 1}


def noise(text: str, sounds: dict[str, list[str]], chooser: random.Random) -> str:
    """A plausible slip: wrong homophones, a lost or doubled character, no punctuation."""
    chars = list(text)
    for _ in range(1 + (len(chars) > 14)):
        at = chooser.randrange(len(chars))
        others = sounds.get(syllable(chars[at]))
        draw = chooser.random()
        if others and draw < 0.7:
            chars[at] = chooser.choice(others)
        elif draw < 0.8 and len(chars) > 4:
            del chars[at]
        elif draw < 0.85 and at + 1 < len(chars):
            chars[at], chars[at + 1] = chars[at + 1], chars[at]
    if chooser.random() < 0.5:
        mark = " " if chooser.random() < 0.4 else ""
        chars = [mark if c in "，。？！,?!、；" else c for c in chars]
    return "".join(chars).strip() or text
